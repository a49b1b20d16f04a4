"""Pages about job postings: what one really is, how somebody fits, several side by side, a draft, an audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mopscli.page import (
    Block,
    Facts,
    Grid,
    Heading,
    Line,
    NextStep,
    Page,
    Paragraph,
    Title,
    bullets,
)
from mopscli.pages.phrases import percent
from mopscli.posting.contract import by_fit
from mopscli.posting.posting import SURE, title_off
from mopscli.text import clean, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.postings import PostingClue, PostingsFile
    from mopscli.posting.draft import Audited, Draft
    from mopscli.posting.level import Evidence
    from mopscli.posting.match import Fit, Lacked
    from mopscli.posting.posting import FittedPosting, ReadPosting

NAMES = {
    "specialist": "Specialist",
    "senior-specialist": "Senior Specialist",
    "manager": "Manager",
    "senior-manager": "Senior Manager",
    "director": "Director or Head",
    "vp": "VP or Senior Director",
}
FAMILIES = {"operations": "marketing operations", "marketing": "other marketing"}
QUOTED = 60
TWO_LINES = 150
QUOTED_IN_FULL = 240
CLUES = 3
# A clue is worth telling from so much of all evidence on.
TELLING = 0.04
# One role is named where the likeliest has so much of a chance.
ONE_ROLE = 0.6
NOTE = (
    "A level is that of the titles of 241 postings; docs/postings.md says how often this is right. "
    "A Head cannot be told from a Director by a text."
)


def posting_page(
    knowledge: Knowledge,
    postings: PostingsFile,
    one: FittedPosting,
    *,
    in_full: bool = False,
    explain: bool = False,
) -> Page:
    """Say what a posting really is, with the sentences behind it, what to be wary of, and how somebody fits."""
    read, fit = one.posting, one.fit
    blocks: list[Block] = [
        Title(shorten(clean(read.title or str(read.id)), 70)),
        *(Paragraph(Line(text)) for text in _opening(knowledge, read)),
    ]
    clues = len(read.evidence) if in_full else CLUES - _is_apart(read) - (fit is not None)
    blocks += bullets("Why", tuple(_why(postings, read, clues, in_full=in_full)))
    if in_full:
        blocks += bullets("Be wary", tuple(_warnings(read)))
    elif warned := _most_unusual(read):
        blocks.append(Paragraph(Line(warned)))
    if fit is not None:
        blocks += (
            _fit_in_full(knowledge, fit)
            if in_full
            else _fit_in_brief(knowledge, fit, 1 if _is_apart(read) else 2)
        )
    if in_full:
        blocks += _asked(knowledge, read)
        blocks += _roles(knowledge, read)
        blocks.append(Paragraph(Line(NOTE), quiet=True))
    if explain:
        blocks += _evidence(postings, read)
    return Page(tuple(blocks), {}, tuple(_next(fit, in_full=in_full)), personal=fit is not None)


def _opening(knowledge: Knowledge, read: ReadPosting) -> tuple[str, ...]:
    """Return what the job is and what its title says, apart where they differ."""
    level, title = level_sentence(knowledge, read), title_sentence(read)
    if title is None:
        return (level,)
    return (level, title) if _is_apart(read) else (f"{level} {title}",)


def _is_apart(read: ReadPosting) -> bool:
    """Tell whether there is more to say of the title than its level."""
    return abs(title_off(read)) >= SURE or (read.title_says is not None and read.title_says.bank)


def level_sentence(knowledge: Knowledge, read: ReadPosting) -> str:
    """Say which level and role a posting asks for, as a range that holds, one role only where that is sure."""
    within, role = read.level.range, read.roles[0]
    about = f" in {FAMILIES[read.family]}"
    if within.from_ == within.to:
        found = f"The text asks for a {NAMES[within.from_]}{about} ({percent(within.probability)} in 100)."
    else:
        span = f"between {NAMES[within.from_]} and {NAMES[within.to]}"
        found = f"The text asks for somebody {span}{about} ({percent(within.probability)} in 100)."
    if role.probability >= ONE_ROLE:
        return f"{found} That is the {knowledge.roles[role.key].name}."
    names = " or ".join(knowledge.roles[role.key].label for role in read.roles[:2])
    return f"{found} Likeliest: {names}."


def title_sentence(read: ReadPosting) -> str | None:
    """Say what the title claims, and whether the text asks for less or more."""
    title = read.title_says
    if title is None:
        return None
    if title.bank:
        return "The title is a rank that banks give to many; the text alone counts here."
    off = title_off(read)
    if abs(off) >= SURE:
        less = "less" if off > 0 else "more"
        by = f"by two steps or more ({percent(abs(off))} in 100)"
        return f"The title says {NAMES[title.level]}; the text asks for {less}, {by}."
    return f"The title says {NAMES[title.level]}."


def _why(postings: PostingsFile, read: ReadPosting, clues: int, *, in_full: bool) -> Iterator[Line]:
    """Yield the clues that tell most, each with the sentence that it was found in."""
    total = sum(1 / one.s2 for one in read.evidence)
    ranked = sorted(read.evidence, key=lambda one: -abs(one.y - MIDDLE) / one.s2)
    most = QUOTED_IN_FULL if in_full else QUOTED
    told = 0
    for one in ranked:
        told_apart = one.sentences or postings.clues[one.clue].reads == "pay"
        if not told_apart or (not in_full and 1 / one.s2 / total < TELLING):
            continue
        clue = postings.clues[one.clue]
        quote = f': "{shorten(clean(one.sentences[0]), most)}"' if one.sentences else ""
        yield Line(f"{clue.name}: {value_text(clue, one.value)}, as in {_a_level(one)}{quote}")
        told += 1
        if told >= clues:
            return


MIDDLE = 3.5


def value_text(clue: PostingClue, value: float) -> str:
    """Say the value of a clue in its unit."""
    if clue.reads in ("years", "managing"):
        return f"{value:g} years"
    if clue.reads == "pay":
        return f"${value:,.0f}"
    return f"{value:.0f} sentences" if value != 1 else "1 sentence"


def _a_level(one: Evidence) -> str:
    """Name the level for which a value is usual."""
    names = list(NAMES.values())
    return f"postings for a {names[min(max(round(one.y), 1), len(names)) - 1]}"


def _warnings(read: ReadPosting) -> Iterator[Line]:
    for warning in sorted(read.warnings, key=lambda some: some.base_rate):
        quote = f' "{shorten(clean(warning.sentences[0]), QUOTED)}"' if warning.sentences else ""
        yield Line(f"{warning.text} This holds for {percent(warning.base_rate)} in 100 postings.{quote}")


def _most_unusual(read: ReadPosting) -> str | None:
    """Return the most unusual warning in a sentence; what the title says is told already."""
    others = [some for some in read.warnings if "title" not in some.kind]
    if not others:
        return None
    warning = min(others, key=lambda some: some.base_rate)
    return f"Be wary: {warning.text} This holds for {percent(warning.base_rate)} in 100 postings."


def _fit_in_brief(knowledge: Knowledge, fit: Fit, most: int) -> Iterator[Block]:
    """Yield how somebody fits, with as many lines beside as there is room for."""
    lines = []
    if fit.readiness is None and fit.questions:
        lines.append(f"Worth answering for it: {fit.questions[0].text}")
    if lacking := [must.text for must in fit.must_haves if must.met is False]:
        lines.append(f"You lack: {lacking[0]}")
    if fit.gaps:
        gap = fit.gaps[0]
        lines.append(
            f"Work on {knowledge.skills[gap.skill].name.lower()}: {gap.action or 'raise it by a level'}"
        )
    if fit.strengths:
        first = fit.strengths[0]
        lines.append(f"Lead with {knowledge.skills[first.skill].name.lower()}: {first.marker}")
    told = (_ready_sentence(fit), *(shorten(line, TWO_LINES) for line in lines[:most]))
    yield from bullets("You and this job", tuple(map(Line, told)))


def _ready_sentence(fit: Fit) -> str:
    if fit.readiness is None or fit.probability is None:
        return "You have not answered yet about the skills that count most here, so how ready you are is not known."
    return (
        f"You have {fit.readiness:.0f} of 100 of what it asks; "
        f"your chance of being ready is {percent(fit.probability)} in 100."
    )


def _fit_in_full(knowledge: Knowledge, fit: Fit) -> Iterator[Block]:
    yield Heading("You and this job")
    yield Paragraph(Line(_ready_sentence(fit)))
    words = {True: "you have it", False: "you lack it", None: "your answers do not tell"}
    yield from bullets(
        "Must-haves", tuple(Line(f"{clean(must.text)} ({words[must.met]})") for must in fit.must_haves)
    )
    yield from bullets(
        "Lead with",
        tuple(
            Line(f'{one.marker} It asks: "{shorten(clean(one.sentence), QUOTED_IN_FULL)}"')
            for one in fit.strengths
        ),
    )
    yield from bullets(
        "What is missing",
        tuple(
            Line(
                f"{knowledge.skills[gap.skill].name}: you are at {gap.have}, it asks for {gap.need}. "
                f"{gap.action or ''}".rstrip()
            )
            for gap in fit.gaps
        ),
    )
    yield from bullets("Questions worth answering for it", tuple(Line(one.text) for one in fit.questions))


def _asked(knowledge: Knowledge, read: ReadPosting) -> Iterator[Block]:
    """Yield what a posting asks: years, pay, tools, and skills with a sentence each."""
    rows = []
    years = [
        f"{value:g} {kind}"
        for value, kind in ((read.years.required, "required"), (read.years.preferred, "preferred"))
        if value is not None
    ]
    rows.append(("Years", ", ".join(years) or "none named"))
    rows.append(("Pay", _pay_text(read)))
    rows.append(("Leads people", "yes" if read.reports else "not that it says"))
    rows.append(("Tools", ", ".join(read.tools) or "none named"))
    yield Heading("What it asks")
    yield Facts(tuple((label, (Line(text),)) for label, text in rows))
    yield from bullets("Must-haves", tuple(Line(clean(text)) for text in read.must_haves))
    yield from bullets(
        "Skills",
        tuple(
            Line(
                f"{knowledge.skills[skill.skill].name}{' (a wish)' if skill.preferred else ''}: "
                f'"{shorten(clean(skill.sentences[0]), QUOTED_IN_FULL)}"'
            )
            for skill in read.skills
        ),
    )


def _pay_text(read: ReadPosting) -> str:
    if read.pay is None:
        return "none named"
    text = f"${read.pay.low:,.0f} to ${read.pay.high:,.0f} a year"
    if read.pay.usual_low is None or read.pay.usual_high is None:
        return text
    level = NAMES[read.level.likeliest]
    usual = f"${read.pay.usual_low:,.0f} to ${read.pay.usual_high:,.0f}"
    return f"{text}; half of the postings for a {level} begin from {usual}"


def _roles(knowledge: Knowledge, read: ReadPosting) -> Iterator[Block]:
    likely = [role for role in read.roles if role.probability >= 0.01]
    yield from bullets(
        "Which role it may be",
        tuple(
            Line(f"{knowledge.roles[role.key].name}: {percent(role.probability)} in 100") for role in likely
        ),
    )


def _evidence(postings: PostingsFile, read: ReadPosting) -> Iterator[Block]:
    """Yield the numbers: what each clue says of the level from 1 to 6, how sure it is, and the chance of each."""
    yield Heading("The numbers")
    yield Grid(
        ("Value", "Level it speaks for", "Standard deviation"),
        tuple(
            (
                postings.clues[one.clue].name,
                (
                    (Line(value_text(postings.clues[one.clue], one.value)),),
                    (Line(f"{one.y:.1f}"),),
                    (Line(f"{one.s2**0.5:.1f}"),),
                ),
            )
            for one in sorted(read.evidence, key=lambda one: one.s2)
        ),
    )
    yield Facts(
        tuple(
            (NAMES[name], (Line(f"{percent(chance)} in 100"),))
            for name, chance in read.level.probabilities.items()
        )
    )


def _next(fit: Fit | None, *, in_full: bool) -> Iterator[NextStep]:
    if not in_full:
        yield NextStep("mops posting FILE --all", "all of it", answered=True)
    if fit is None:
        yield NextStep("mops assess", "see how you fit")


def postings_page(
    knowledge: Knowledge, fitted: Sequence[FittedPosting], lacked: Sequence[Lacked], *, in_full: bool = False
) -> Page:
    """Set several postings side by side, those that somebody fits best first."""
    whose = any(one.fit for one in fitted)
    ranked = by_fit(fitted)
    shown = ranked if in_full else ranked[:MOST_ROWS]
    columns = ("The text asks for, chance in 100", *(("Ready",) if whose else ()), "Be wary")
    rows = tuple((shorten(_name(one), LONGEST_NAME), tuple(_cells(one, whose=whose))) for one in shown)
    blocks: list[Block] = [Title(f"{len(fitted)} postings"), Grid(columns, rows)]
    if len(shown) < len(fitted):
        blocks.append(Paragraph(Line(f"{len(fitted) - len(shown)} more are shown with --all."), quiet=True))
    blocks += bullets(
        "What they ask together that you lack",
        tuple(
            Line(f"{knowledge.skills[one.skill].name}: {percent(one.share)} in 100, weighted by how you fit")
            for one in lacked[:MOST_LACKED]
        ),
    )
    return Page(tuple(blocks), {}, (), personal=whose)


MOST_ROWS = 12
LONGEST_NAME = 26
MOST_LACKED = 5


def _name(one: FittedPosting) -> str:
    return clean(one.posting.title or str(one.posting.id))


def _cells(one: FittedPosting, *, whose: bool) -> Iterator[tuple[Line, ...]]:
    within = one.posting.level.range
    low, high = (NAMES[name].partition(" or ")[0] for name in (within.from_, within.to))
    names = low if low == high else f"{low} to {high}"
    yield (Line(f"{names}, {percent(within.probability)}"),)
    if whose:
        yield (Line(f"{one.fit.readiness:.0f}" if one.fit and one.fit.readiness is not None else ""),)
    rare = min(one.posting.warnings, key=lambda some: some.base_rate, default=None)
    yield (Line(rare.kind if rare else ""),)


def draft_page(knowledge: Knowledge, postings: PostingsFile, read: ReadPosting, draft: Draft) -> Page:
    """Say how a draft reads beside the role that it is for."""
    role = knowledge.roles[draft.role]
    blocks: list[Block] = [
        Title(f"Your draft for a {role.name}"),
        Paragraph(Line(level_sentence(knowledge, read))),
        Paragraph(
            Line(
                f"That it asks for a {NAMES[draft.wanted]}, as you mean it to: {percent(draft.chance)} in 100."
            )
        ),
    ]
    lines = []
    for pull in draft.pulls:
        clue = postings.clues[pull.clue]
        quote = f': "{shorten(clean(pull.sentences[0]), QUOTED)}"' if pull.sentences else ""
        way = "up" if pull.levels > 0 else "down"
        lines.append(Line(f"Pulls it {way}: {clue.name.lower()}, {value_text(clue, pull.value)}{quote}"))
    blocks += bullets("What pulls it away from that", tuple(lines))
    pay = {
        None: "It names no pay; two in three postings do.",
        True: "The pay fits the level.",
        False: "The pay is not what postings for this level offer.",
    }
    blocks += [Heading("Pay"), Paragraph(Line(pay[draft.pay_fits]))]
    blocks += bullets(
        "What a reader of this level would miss",
        tuple(Line(f"{knowledge.skills[key].name}: it is not named.") for key in draft.missed),
    )
    return Page(tuple(blocks))


def audit_page(knowledge: Knowledge, audited: Sequence[Audited], postings: int) -> Page:
    """Say where postings ask other skills than the roles of the knowledge require."""
    title = Title(f"What {postings} postings ask beside what the knowledge says")
    if not audited:
        return Page((title, Paragraph(Line("No role has ten postings or more, so nothing can be said."))))

    def names(keys: Sequence[str]) -> tuple[Line, ...]:
        return (Line(", ".join(knowledge.skills[key].name for key in keys)),)

    rows = tuple(
        (
            knowledge.roles[one.role].label,
            (
                (Line(f"{one.postings:.0f}"),),
                (Line(f"{one.correlation:.2f} ({one.low:.2f} to {one.high:.2f})"),),
                names(one.more),
                names(one.less),
            ),
        )
        for one in audited
    )
    columns = ("Postings", "Rank correlation", "Asked more than it says", "Asked less")
    note = "In brackets is where the correlation lies with 90 in 100. Communication and the like is asked of all."
    return Page((title, Grid(columns, rows), Paragraph(Line(note), quiet=True)))
