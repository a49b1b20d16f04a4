"""The one page about somebody: the advice, why, how sure it is, and what happens next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mopscli.assessment.advice import AdviceState
from mopscli.page import (
    Bullets,
    Facts,
    Heading,
    Interval,
    Intervals,
    Line,
    Paragraph,
    Piece,
    Scale,
    Scales,
    Sheet,
    Title,
    bullets,
)
from mopscli.pages.advice import (
    REDO,
    advice_certainty,
    advice_now,
    advice_standing,
    advice_title,
    deciding_lines,
    same_answers,
)
from mopscli.pages.phrases import listed, lowered, percent, with_article
from mopscli.pages.reasons import YOU, letters_of, there
from mopscli.pages.verdict import verdict_lines, verdict_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mopscli.assessment.advice import Advice
    from mopscli.assessment.verdict import Assessment
    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Role
    from mopscli.pages.report import Report
    from mopscli.person.person import Person
    from mopscli.person.plan import Plan
    from mopscli.person.ranges import Range, RoleRanges

MOST_TRAITS = 8
MOST_ROLES = 4
REASONS = 3
TENSIONS = 2
STEPS = 3
# About so many letters stand in a line of a column, and beside a label in it.
WIDE, NARROW = 60, 40
UNTOLD = "Too little is known of what is wanted."
NOTHING = "Nothing that the answers show."
LEVELS_NOTE = "0 is none of it, 5 a great deal."
RANGES_NOTE = (
    "From 0 to 100. The bar holds the true value in 90 of 100 cases; the tick is what counts as ready, or what "
    "is usual."
)


def one_page(knowledge: Knowledge, report: Report, person: Person) -> Sheet:
    """Put what matters on one sheet: on the left why, on the right what next."""
    result = report.assessment
    advice = result.advice
    across: list[Piece] = [Title(sheet_title(knowledge, result))]
    across += [Paragraph(Line(said)) for said in [" ".join(_standing(knowledge, result))] if said]
    left: list[Piece] = [range_chart(knowledge, report)]
    if advice is not None and advice.state is AdviceState.EITHER:
        left += bullets("What would decide", tuple(map(Line, deciding_lines(knowledge, result, advice))))
    else:
        left += bullets("What speaks for it", _lines(_reasons(knowledge, result), UNTOLD))
        left += bullets("What speaks against it", _lines(_tensions(knowledge, result), NOTHING))
    sure: list[Piece] = [Heading("How sure this is"), Paragraph(Line(" ".join(_sure(knowledge, result))))]
    right: list[Piece] = [profile(knowledge, report, person)]
    if steps := next_steps(knowledge, report)[:STEPS]:
        heading = "The next three steps" if len(steps) == STEPS else "The next steps"
        right += [Heading(heading), Facts(tuple((when, (Line(do),)) for when, do in steps))]
    right += [Heading("The next conversation"), Paragraph(Line(_conversation(knowledge, report)))]
    (left if _room(left) <= _room(right) else right).extend(sure)
    return Sheet(tuple(across), (tuple(left), tuple(right)))


def _room(column: Sequence[Piece]) -> int:
    """Return about how many lines the blocks of a column take."""
    lines = 0
    for piece in column:
        match piece:
            case Intervals(_, groups):
                lines += 4 + sum(1 + 2 * len(rows) for _, rows in groups)
            case Scales(_, rows):
                lines += 5 + 5 * len(rows) // 4
            case Bullets(said):
                lines += sum(map(_lines_of, said))
            case Facts(rows):
                lines += sum(_lines_of(line, NARROW) for _, some in rows for line in some)
            case Paragraph(line):
                lines += _lines_of(line)
            case _:
                lines += 2
    return lines


def _lines_of(line: Line, width: int = WIDE) -> int:
    return 1 + len(line.text) // width


def _lines(said: Sequence[str], otherwise: str) -> tuple[Line, ...]:
    return tuple(map(Line, said or [otherwise]))


def sheet_title(knowledge: Knowledge, result: Assessment) -> str:
    """Say the advice in a sentence."""
    if result.advice is None:
        return verdict_title(knowledge, result)
    return advice_title(knowledge, result.advice, same_answers(knowledge, result))


def _standing(knowledge: Knowledge, result: Assessment) -> Iterator[str]:
    if result.advice is None:
        yield from (line.text for line in verdict_lines(knowledge, result))
    else:
        yield from advice_standing(knowledge, result.advice)


# --- What is drawn --------------------------------------------------------------------------------


def range_chart(knowledge: Knowledge, report: Report) -> Intervals:
    """Set what one can do and would like beside each other, for each role."""
    groups = tuple(
        (knowledge.roles[some.role].label, tuple(_intervals(some, report.plan.wanted)))
        for some in report.ranges[:MOST_ROLES]
    )
    note = RANGES_NOTE
    if all(some.can is None for some in report.ranges):
        note += " What you can do is missing, as nothing was asked about it."
    if all(some.want is None for some in report.ranges):
        note += " What you want is missing, as nothing was asked about it."
    return Intervals("What you can do, and what you want", tuple(group for group in groups if group[1]), note)


def _intervals(some: RoleRanges, ready: float) -> Iterator[Interval]:
    if some.can is not None:
        yield _interval("can do it", some.can, ready, _range_text(some.can))
    if some.want is not None:
        yield _interval(
            "would like it",
            some.want,
            some.want.usual,
            f"{_range_text(some.want)}; usual: {some.want.usual:.0f}",
        )


def _interval(name: str, found: Range, against: float, text: str) -> Interval:
    return Interval(name, found.low, found.value, found.high, against, text)


def _range_text(found: Range) -> str:
    return f"{found.value:.0f}, from {found.low:.0f} to {found.high:.0f}"


def profile(knowledge: Knowledge, report: Report, person: Person) -> Scales:
    """Set somebody beside the two roles in the traits that matter most, what matters most on top."""
    roles = [knowledge.roles[key] for key in report.pair]
    return trait_scales(knowledge, roles, person, report.matters[:MOST_TRAITS], "What matters most")


def trait_scales(
    knowledge: Knowledge, roles: Sequence[Role], person: Person, traits: Sequence[str], title: str
) -> Scales:
    """Set somebody beside two roles in some traits."""
    one, other = roles
    whose = ((YOU, "You"), *zip(letters_of((one, other)), (one.label, other.label), strict=True))
    rows = tuple(
        Scale(
            knowledge.trait_name(trait),
            (
                person.rated(trait) if person.is_known(trait) else None,
                *(_asked(role, trait) for role in roles),
            ),
            "",
        )
        for trait in traits
    )
    return Scales(whose, rows, LEVELS_NOTE, title)


def _asked(role: Role, trait: str) -> float | None:
    demand = role.requires.get(trait) or role.offers.get(trait)
    return None if demand is None else float(demand.level)


# --- Why ------------------------------------------------------------------------------------------


def _reasons(knowledge: Knowledge, result: Assessment) -> list[str]:
    """Return what speaks for what is wanted: what one likes, and what one brings."""
    advice = result.advice
    if advice is None or advice.wants is None or advice.rival is None:
        return []
    pair = knowledge.roles[advice.wants], knowledge.roles[advice.rival]
    likes = [_liking(knowledge, reason.trait, reason.much, pair) for reason in advice.reasons.likes]
    brings = [
        knowledge.skills[reason.trait].much or f"You bring {knowledge.trait_name(reason.trait)}."
        for reason in advice.reasons.brings
    ]
    found = [*likes[:2], *brings[:1], *likes[2:], *brings[1:]]
    return found[:REASONS]


def _tensions(knowledge: Knowledge, result: Assessment) -> list[str]:
    """Return what speaks against it: what one would not like, must-haves that are missing, and what one lacks."""
    advice = result.advice
    if advice is None or advice.wants is None or advice.rival is None:
        return []
    wanted, rival = knowledge.roles[advice.wants], knowledge.roles[advice.rival]
    dislikes = [
        _liking(knowledge, reason.trait, reason.much, (wanted, rival)) for reason in advice.reasons.dislikes
    ]
    missing = [
        f"A must-have of {wanted.label} is missing: {lowered(must.text)}"
        for must in advice.must_haves
        if must.met is False
    ]
    lacks = [
        f"{_capital(with_article(wanted.label))} needs more in "
        f"{lowered(knowledge.trait_name(reason.trait))} than you show."
        for reason in advice.reasons.lacks
    ]
    found = [*dislikes[:1], *missing[:1], *lacks[:1], *dislikes[1:], *missing[1:], *lacks[1:]]
    return found[:TENSIONS]


def _liking(knowledge: Knowledge, trait: str, much: bool, pair: tuple[Role, Role]) -> str:
    """Say what one likes or not, and how much two roles have of it."""
    drive = knowledge.drives[trait]
    phrase = (drive.much if much else drive.little) or f"{drive.name}: {'much' if much else 'little'} of it."
    return f"{phrase.removesuffix('.')} ({lowered(drive.name)}: {there(trait, pair)})."


def _sure(knowledge: Knowledge, result: Assessment) -> Iterator[str]:
    """Say how sure the advice is, and what it rests on."""
    advice = result.advice
    if advice is not None:
        yield from advice_certainty(knowledge, advice)
        if advice.state is AdviceState.EITHER:
            yield "What you want is open: the answers speak for both."
        if advice.chance is not None and advice.wants is not None:
            label = with_article(knowledge.roles[advice.wants].label)
            yield f"The chance that you have the skills of {label} today is {percent(advice.chance)} in 100."
    if result.quality:
        yield "Some of the answers do not fit together, so trust it less."
    yield (
        f"It rests on what you say of yourself in {result.answered} of {result.questions} answers, and on "
        "judgments of the roles."
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- What next ------------------------------------------------------------------------------------


def next_steps(knowledge: Knowledge, report: Report) -> list[tuple[str, str]]:
    """Return what to do next, the first thing first, each with when."""
    advice = report.assessment.advice
    found: dict[str, str] = {}
    for when, do in [
        *_now(knowledge, report.assessment),
        *_tries(knowledge, advice),
        *_planned(knowledge, report.plan),
    ]:
        found.setdefault(do, when)
    return [(when, do) for do, when in found.items()]


def _now(knowledge: Knowledge, result: Assessment) -> Iterator[tuple[str, str]]:
    advice = result.advice
    if advice is not None and advice.wants is None and same_answers(knowledge, result):
        yield "This week", REDO
    elif advice is not None and (said := advice_now(knowledge, advice)):
        yield "This week", said[0]
        yield from (("Then", more) for more in said[1:])


def _tries(knowledge: Knowledge, advice: Advice | None) -> Iterator[tuple[str, str]]:
    """Yield how to find out which of two roles it is."""
    if advice is None or advice.state is not AdviceState.EITHER:
        return
    for key in advice.leading:
        role = knowledge.roles[key]
        if role.tasks:
            yield "This quarter", f"Try what {with_article(role.label)} does: {lowered(role.tasks[0].text)}"


def _planned(knowledge: Knowledge, plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield the steps of the plan, must-haves first; for whoever is ready, what to bring."""
    for must in plan.must_haves:
        if must.met is False and must.actions:
            when = f"Within {must.months.typical:.0f} months" if must.months else "Then"
            yield when, must.actions[0].text
    for strength in plan.case.strengths if plan.case else ():
        if strength.evidence:
            yield "Bring along", strength.evidence[0].text
    for step in plan.steps:
        name = f"{knowledge.skills[step.skill].name}, to level {step.to}"
        said = f"{name}: {lowered(step.actions[0].text)}" if step.actions else f"{name}."
        yield f"Within {step.done_by.typical:.0f} months", said
    if plan.unknown:
        names = listed([knowledge.skills[skill].name for skill in plan.unknown[:REASONS]])
        yield "At any time", f"Answer the questions about {names}."


def _conversation(knowledge: Knowledge, report: Report) -> str:
    """Say with whom to talk next, and about what."""
    role = knowledge.roles[report.plan.role]
    advice = report.assessment.advice
    if advice is not None and advice.state is AdviceState.UNKNOWN:
        return "None yet: the questions that are still open come first."
    if advice is not None and advice.state is AdviceState.EITHER:
        return "With your manager: how you could try both kinds of work for a quarter, where you are."
    if report.assessment.present_role == role.key:
        return (
            "With your manager: what would let you do more of what is above on the left, and what should somebody "
            "else take over?"
        )
    if report.plan.case is not None:
        return (
            f"With your manager, or whoever hires for it: that you want to be {with_article(role.label)}, what you "
            "bring, and when the seat could be yours."
        )
    return (
        "With your manager: which of these steps fit into your present work, and what would have to be seen before "
        f"you are backed for {role.label}."
    )
