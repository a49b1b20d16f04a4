"""The advice put into words: what suits somebody, whether they are ready, why, and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mopscli.assessment.advice import AdviceState
from mopscli.assessment.scoring import Certainty
from mopscli.page import Block, Facts, Heading, Line, Paragraph, Title, bullets
from mopscli.pages.phrases import lowered, percent
from mopscli.person.advice import make_advice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from mopscli.assessment.advice import Advice, Reason
    from mopscli.assessment.verdict import Assessment
    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Drive, Figure, Role, Skill
    from mopscli.person.person import Person

# How a role's level of a drive is said, from the highest level on that a word holds for.
MUCH, SOME = 4, 3
# The widths of a scale from 0 to 5.
STEPS = 20
YOU = "\N{BLACK CIRCLE}"
FEW = 4
PAY = "pay"


def with_advice(
    knowledge: Knowledge,
    person: Person,
    roles: Sequence[Role],
    skipped: Collection[str],
    ready: float,
    result: Assessment,
) -> Assessment:
    """Return an assessment between some roles with the advice that follows from it, in words, too."""
    advice = make_advice(knowledge, person.questionnaire, roles, person.answers, skipped, ready)
    if advice is None:
        return result
    return result._replace(advice=advice._replace(sentences=advice_sentences(knowledge, advice)))


def advice_title(knowledge: Knowledge, advice: Advice) -> str:
    """Say in one sentence what the advice is."""
    roles = [knowledge.roles[key] for key in advice.compared]
    wanted = knowledge.roles[advice.wants] if advice.wants else None
    match advice.state:
        case AdviceState.APPLY if wanted and advice.present == wanted.key:
            return f"You are in the right place: {wanted.name} suits you, and you are ready for it"
        case AdviceState.APPLY if wanted:
            return f"{wanted.name} suits you, and you are ready for it"
        case AdviceState.GROW if wanted:
            return f"You want {wanted.name}, and you are not ready for it yet"
        case AdviceState.FAR if wanted:
            return f"{wanted.name} is what you want, as a goal for later"
        case AdviceState.ELSEWHERE if wanted:
            neither = "Neither " + " nor ".join(role.label for role in roles)
            return f"{neither}: what you like points to {wanted.name}"
        case AdviceState.EITHER:
            return f"{_listed([role.name for role in roles], 'or')}: what you like does not decide it"
        case _ if wanted:
            return f"You want {wanted.name}; whether you are ready is not known yet"
        case _:
            return "Too little is known yet to advise you"


def advice_sentences(knowledge: Knowledge, advice: Advice) -> tuple[str, ...]:
    """Say the advice: what it is, how sure, ready or not, and the next step."""
    return (f"{advice_title(knowledge, advice)}.", *_how_sure(knowledge, advice), *_on(knowledge, advice))


def advice_blocks(knowledge: Knowledge, result: Assessment, advice: Advice) -> list[Block]:
    """Tell the advice on one screen: what suits, how sure, ready or not, the strongest reasons, the next step."""
    sentences = [*_how_sure(knowledge, advice), *_on(knowledge, advice)]
    blocks: list[Block] = [Title(advice_title(knowledge, advice)), Paragraph(Line(" ".join(sentences)))]
    if advice.state is AdviceState.EITHER:
        blocks += bullets("What would decide", tuple(map(Line, _deciding(knowledge, result, advice))))
    if advice.reasons.likes and advice.wants and advice.rival:
        pair = knowledge.roles[advice.wants], knowledge.roles[advice.rival]
        rows = tuple(
            (knowledge.trait_name(reason.trait), _reason_lines(knowledge, result, reason, pair))
            for reason in advice.reasons.likes
        )
        labels = ", ".join(f"{role.label[:1]} {role.label}" for role in pair)
        blocks += [
            Heading("Why"),
            Facts(rows),
            Paragraph(Line(f"{YOU} you, {labels}; from 0 to 5."), quiet=True),
        ]
    return blocks


def advice_details(knowledge: Knowledge, result: Assessment, advice: Advice) -> Iterator[Block]:
    """Tell what speaks against what is wanted, what one brings, what one lacks, and the must-haves."""
    if not advice.wants or not advice.rival:
        return
    wanted, rival = knowledge.roles[advice.wants], knowledge.roles[advice.rival]
    if advice.reasons.dislikes:
        rows = tuple(
            (knowledge.trait_name(reason.trait), _reason_lines(knowledge, result, reason, (wanted, rival)))
            for reason in advice.reasons.dislikes
        )
        yield from (Heading(f"What you may not like as {_a(wanted.label)}"), Facts(rows))
    yield from bullets(
        f"What you bring to {wanted.label}",
        tuple(Line(_skill_text(knowledge, reason)) for reason in advice.reasons.brings),
    )
    yield from bullets(
        f"What {wanted.label} asks for beyond it",
        tuple(Line(_lack_text(knowledge, wanted, reason)) for reason in advice.reasons.lacks),
    )
    said = {True: "met", False: "not met", None: "your answers do not tell"}
    musts = tuple(
        (said[must.met].capitalize(), (Line(must.text, must.source),)) for must in advice.must_haves
    )
    if musts:
        yield from (Heading(f"Must-haves of {wanted.label}"), Facts(musts))


# --- Sentences ------------------------------------------------------------------------------------


def _how_sure(knowledge: Knowledge, advice: Advice) -> Iterator[str]:
    """Say how sure it is what somebody wants."""
    if advice.wants is None or advice.rival is None or advice.wants_probability is None:
        return
    wanted, rival = (knowledge.roles[key].label for key in (advice.wants, advice.rival))
    chance = f"{percent(advice.wants_probability)} in 100"
    if advice.certainty is Certainty.CLEAR:
        yield f"That you would like {wanted} better than {rival} is clear: the chances are {chance}."
    else:
        yield f"You lean to {wanted} rather than {rival}: the chances that you would like it better are {chance}."


def _on(knowledge: Knowledge, advice: Advice) -> Iterator[str]:
    """Say what one is ready for, and the next step."""
    wanted = knowledge.roles[advice.wants] if advice.wants else None
    match advice.state:
        case AdviceState.APPLY if wanted:
            yield from _ready(knowledge, advice, wanted)
        case AdviceState.GROW | AdviceState.FAR if wanted:
            if advice.readiness is not None:
                yield f"You show {advice.readiness:.0f} of 100 of what it asks for."
            if missing := [must.text for must in advice.must_haves if must.met is False]:
                yield _missing(missing)
            if advice.fits_today == advice.present and advice.present:
                yield "The job that you have fits you today."
            elif advice.fits_today:
                yield f"Today you are ready for {knowledge.roles[advice.fits_today].name}."
            yield from _step_between(knowledge, advice, wanted)
        case AdviceState.ELSEWHERE if wanted:
            if wanted.key in advice.ready_for:
                yield "You are ready for it."
            elif advice.readiness is not None:
                yield f"You show {advice.readiness:.0f} of 100 of what it asks for."
            yield from _step_between(knowledge, advice, wanted)
        case AdviceState.EITHER:
            able = [knowledge.roles[key].label for key in advice.compared if key in advice.ready_for]
            if able:
                yield f"You are ready for {_listed(able)}."
            yield "Try both where you are: take a task of each for a quarter, and see which you look forward to."
        case _:
            yield from _unknown(knowledge, advice)


def _missing(texts: Sequence[str]) -> str:
    """Say which must-haves are missing."""
    yet = [
        f"you have not yet {text.removeprefix('Has ').removesuffix('.')}"
        if text.startswith("Has ")
        else lowered(text.removesuffix("."))
        for text in texts
    ]
    return f"{'A must-have is' if len(yet) == 1 else 'Must-haves are'} missing: {_listed(yet)}."


def _ready(knowledge: Knowledge, advice: Advice, wanted: Role) -> Iterator[str]:
    if advice.present == wanted.key:
        if advice.next:
            yield f"The role after it is {knowledge.roles[advice.next].name}."
        return
    if advice.step in ("back", "sideways") and advice.present:
        present = knowledge.roles[advice.present]
        yield f"From {present.label} this is a step {advice.step}, and a choice to respect."
        yield from _pay(present, wanted)
    yield f"Make your case: 'mops plan {wanted.key}' gathers what you bring to it."


def _step_between(knowledge: Knowledge, advice: Advice, wanted: Role) -> Iterator[str]:
    """Say the next step toward a role."""
    if advice.present == wanted.key:
        yield "It is what you do now."
    elif advice.next and advice.next != wanted.key:
        beyond = advice.route[advice.route.index(advice.next) + 1 :] if advice.next in advice.route else ()
        then = "".join(f", then {knowledge.roles[key].label}" for key in beyond)
        yield f"The next step is {knowledge.roles[advice.next].name}{then}."
    elif advice.step in ("back", "sideways") and advice.present:
        yield f"From {knowledge.roles[advice.present].label} it is a step {advice.step}."
    if advice.state in (AdviceState.GROW, AdviceState.FAR) and advice.reasons.lacks:
        skill = knowledge.trait_name(advice.reasons.lacks[0].trait)
        yield f"Work on {skill} first: 'mops plan {wanted.key}' says how."


def _unknown(knowledge: Knowledge, advice: Advice) -> Iterator[str]:
    names = [knowledge.trait_name(trait) for trait in advice.unknown[:FEW]]
    if names:
        yield f"A few answers would tell: about {_listed(names)}."
    yield "'mops assess --continue' asks them."


def _pay(present: Role, wanted: Role) -> Iterator[str]:
    """Say what two roles pay, where both are known by the same measure."""
    for one in present.market:
        for other in wanted.market:
            if PAY in one.measure.lower() and (one.measure, one.year, one.unit) == (
                other.measure,
                other.year,
                other.unit,
            ):
                yield f"{one.measure}: {_amount(one)} for {present.label}, {_amount(other)} for {wanted.label}."
                return


def _amount(figure: Figure) -> str:
    if figure.value is not None:
        return f"${figure.value:,.0f}"
    return f"${figure.low:,.0f} to ${figure.high:,.0f}"


def _deciding(knowledge: Knowledge, result: Assessment, advice: Advice) -> Iterator[str]:
    """Say which wishes would decide between the two roles: where these differ and one is in the middle."""
    one, other = (knowledge.roles[key] for key in advice.compared[:2])
    means = {belief.trait: belief.mean for belief in result.beliefs}
    gaps = {
        trait: abs(one.offers[trait].level - other.offers[trait].level)
        * min(one.offers[trait].weight, other.offers[trait].weight)
        / (1 + abs(means[trait] - (one.offers[trait].level + other.offers[trait].level) / 2))
        for trait in one.offers
        if trait in other.offers
    }
    for trait in sorted(gaps, key=lambda trait: -gaps[trait])[:3]:
        drive = knowledge.drives[trait]
        high = one if one.offers[trait].level > other.offers[trait].level else other
        yield f"{drive.name}: the more you want of it, the more {high.label} suits you."


# --- Reasons --------------------------------------------------------------------------------------


def _reason_lines(
    knowledge: Knowledge, result: Assessment, reason: Reason, pair: tuple[Role, Role]
) -> tuple[Line, ...]:
    """Say what one likes or not, draw it beside what two roles have of it, and say that too."""
    drive = knowledge.drives[reason.trait]
    mean = next(belief.mean for belief in result.beliefs if belief.trait == reason.trait)
    levels = {role.label: role.offers[reason.trait].level for role in pair if reason.trait in role.offers}
    marks = [(mean, YOU), *((level, label[:1]) for label, level in levels.items())]
    there = ", ".join(f"{label} {_amount_word(level)}" for label, level in levels.items())
    phrase = drive.much if reason.much else drive.little
    return (*((Line(phrase),) if phrase else ()), Line(f"{scale(marks)}  {there}"))


def _amount_word(level: int) -> str:
    return "much" if level >= MUCH else "some" if level >= SOME else "little"


def scale(marks: Sequence[tuple[float, str]]) -> str:
    """Draw marks on a line from 0 to 5, the first one on top where two meet."""
    cells = ["\N{BOX DRAWINGS LIGHT HORIZONTAL}"] * (STEPS + 1)
    for level, mark in reversed(marks):
        cells[round(min(max(level, 0.0), 5.0) / 5 * STEPS)] = mark
    return f"0 {''.join(cells)} 5"


def _skill_text(knowledge: Knowledge, reason: Reason) -> str:
    skill: Skill | Drive = knowledge.skills[reason.trait]
    return f"{skill.name}: {skill.much}" if skill.much else skill.name


def _lack_text(knowledge: Knowledge, wanted: Role, reason: Reason) -> str:
    skill = knowledge.skills[reason.trait]
    marker = skill.markers.get(wanted.requires[reason.trait].level, "")
    return f"{skill.name}: {marker}" if marker else skill.name


def _a(label: str) -> str:
    return f"{'an' if label[:1].upper() in 'AEIO' else 'a'} {label}"


def _listed(names: Sequence[str], word: str = "and") -> str:
    """Return names as one says them: a, b and c."""
    *first, last = names
    return f"{', '.join(first)} {word} {last}" if first else last
