"""Pages about teams: the stage and the next hire, and who covers what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mopscli.page import (
    Block,
    Bullets,
    Facts,
    Heading,
    Heat,
    HeatRow,
    Line,
    NextStep,
    Page,
    Paragraph,
    Title,
    claim_line,
    claim_lines,
)
from mopscli.pages.phrases import counted, figure_text, lowered, percent, span_text
from mopscli.team.advice import starting_pay

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Role
    from mopscli.problem import Problem
    from mopscli.team.advice import DecidingAnswer, Hire, Neglect, Pay, TeamAdvice
    from mopscli.team.coverage import Need, Successor, TeamMap

SHOWN_REMEDIES = 1
MOST_GAPS = 5
NOBODY = Line("Nobody is near: less than 5 in 100 to be ready.")
MAP_NOTE = (
    "Levels from 0 to 5, as the answers show them. Need is the highest that one of the roles asks for. Colors go "
    "by what the person's own role asks for, or the next one that they are not ready for."
)
REACH_NOTE = "Answers are never exact, so a level also counts as covered if somebody comes close to it."
SUCCESSION_NOTE = (
    "Readiness goes from 0 to 100. The chance counts the doubt in the answers alone; times, beside the work, are "
    "judgments. Must-haves that the answers do not show stand last."
)


# --- The advice on a team -------------------------------------------------------------------------


def team_page(knowledge: Knowledge, advice: TeamAdvice, show_all: bool) -> Page:
    """Tell the next hire first, why, what is neglected and what the pay buys; with `show_all` the stage as well."""
    questions = knowledge.team.questions if knowledge.team else {}
    deciding = tuple(Line(questions[key].text) for key in advice.decides)
    stage = advice.stage
    blocks: list[Block] = []
    if stage is None:
        blocks.append(Title("Nothing is decided yet"))
        blocks.append(Paragraph(Line("The answers do not tell at which stage the team is. What would tell:")))
        blocks.append(Bullets(deciding))
    else:
        hires = [_hire_name(knowledge, hire) for hire in advice.hires] or ["No rule tells whom to hire"]
        blocks.append(Title(" or ".join([hires[0], *map(lowered, hires[1:])])))
        answered = f"You answered {advice.answered} of {advice.questions} questions."
        blocks.append(Paragraph(Line(f"You are at stage {stage.number}: {lowered(stage.name)}. {answered}")))
        blocks.append(Facts((("You said", _reason_lines(advice.reasons)),)))
    if advice.conflicts:
        blocks += [Heading("These answers do not fit together"), Bullets(claim_lines(advice.conflicts))]
    if len(advice.hires) > 1:
        blocks += [Heading("What would decide it"), Bullets(deciding)]
    if advice.others:
        names = "; ".join(lowered(_hire_name(knowledge, hire)) for hire in advice.others)
        blocks.append(Paragraph(Line(f"Depending on the answers, it may also be: {names}.")))
    for hire in advice.hires:
        blocks += _hire_blocks(knowledge, hire, single=len(advice.hires) == 1)
    if advice.notes:
        blocks += [Heading("Before you hire"), Bullets(claim_lines(advice.notes))]
    if advice.neglected:
        blocks.append(Heading("What is neglected"))
        for bucket in advice.neglected:
            blocks += _neglect_blocks(knowledge, bucket, show_all)
    if advice.pay:
        blocks += _pay_blocks(knowledge, advice.pay)
    if stage is not None and show_all:
        blocks += [Heading(f"Stage {stage.number} in general"), Bullets(claim_lines(stage.looks_like))]
        blocks += [Heading("What comes next, in general"), Bullets(claim_lines(stage.comes_next))]
    return Page(tuple(blocks), knowledge.sources, tuple(_next_of_team(advice)), personal=True)


def team_brief(knowledge: Knowledge, advice: TeamAdvice) -> Page:
    """Tell the next hire, why, what the pay buys, and what is neglected, on one screen."""
    whole = team_page(knowledge, advice, show_all=False)
    if advice.stage is None:
        return whole._replace(abridged=True)
    blocks: list[Block] = list(whole.parts[0][:2])
    for hire in advice.hires:
        name = "Why" if len(advice.hires) == 1 else lowered(_hire_name(knowledge, hire)).capitalize()
        blocks += [Heading(name), Paragraph(Line(hire.text, hire.source))]
    if advice.pay and advice.pay.start and advice.pay.start.value is not None:
        role = knowledge.roles[advice.pay.role]
        said = " ".join(_pay_lines(advice.pay, role, advice.pay.start.value))
        if said:
            blocks += [Heading(f"Pay for {role.label}"), Paragraph(Line(said))]
    rows = [
        ("Before you hire", claim_lines(advice.notes[:1])),
        ("These do not fit", claim_lines(advice.conflicts[:2])),
    ]
    if advice.neglected:
        names = ", ".join(lowered(bucket.name) for bucket in advice.neglected)
        rows.append(("Neglected", (Line(f"{names}."),)))
    if shown := tuple(row for row in rows if row[1]):
        blocks.append(Facts(shown))
    return whole._replace(blocks=tuple(blocks), abridged=True)


def _neglect_blocks(knowledge: Knowledge, bucket: Neglect, show_all: bool) -> Iterator[Block]:
    remedies = bucket.remedies if show_all else bucket.remedies[:SHOWN_REMEDIES]
    rows = [
        ("What it is", (claim_line(bucket.about),)),
        ("Sign", claim_lines(bucket.signs)),
        ("Do first", claim_lines(remedies)),
    ]
    if show_all:
        rows.append(("Skills for it", (Line(", ".join(map(knowledge.trait_name, bucket.skills))),)))
    yield Paragraph(Line(f"{bucket.name}:"))
    yield Facts(tuple(row for row in rows if row[1]))


def _hire_name(knowledge: Knowledge, hire: Hire) -> str:
    if hire.role is None:
        return "Hire nobody yet"
    return f"Hire a {knowledge.roles[hire.role].name}" + (f" for {hire.focus}" if hire.focus else "")


def _reason_lines(reasons: Sequence[DecidingAnswer]) -> tuple[Line, ...]:
    return tuple(Line(f"{reason.question} {reason.answer}.") for reason in reasons)


def _hire_blocks(knowledge: Knowledge, hire: Hire, *, single: bool) -> Iterator[Block]:
    questions = knowledge.team.questions if knowledge.team else {}
    yield Heading("Why" if single else _hire_name(knowledge, hire))
    if hire.open:
        yield Paragraph(Line("It depends on an answer that is missing. The rule says:"))
    yield Paragraph(Line(hire.text, hire.source))
    rows = [
        ("You said", _reason_lines(hire.reasons)),
        ("Depends on", tuple(Line(questions[key].text) for key in hire.open)),
        ("For it", claim_lines(hire.arguments_for)),
        ("Against it", claim_lines(hire.arguments_against)),
        ("After that", claim_lines(hire.sign_for_next)),
        ("Rule", (Line(hire.rule),)),
    ]
    yield Facts(tuple(row for row in rows if row[1]))


def _pay_blocks(knowledge: Knowledge, pay: Pay) -> Iterator[Block]:
    role = knowledge.roles[pay.role]
    yield Heading(f"Pay for {role.label}")
    if pay.start is None or pay.start.value is None:
        yield Paragraph(Line("The knowledge has no figures on pay for this role."))
    else:
        yield from map(Paragraph, map(Line, _pay_lines(pay, role, pay.start.value)))
    lines = [Line(figure_text(figure), figure.source) for figure in pay.figures]
    if lines := [*lines, *claim_lines(pay.notes)]:
        yield Bullets(tuple(lines))
    if pay.short is not None and pay.within:
        yield Paragraph(
            Line(
                "For these roles your budget is enough for the starting pay of at least half of the postings:"
            )
        )
        yield Facts(tuple(_reached(knowledge, key) for key in pay.within))


def _pay_lines(pay: Pay, role: Role, start: float) -> Iterator[str]:
    wishes = f" The role asks for {pay.wishes} skills at level 4 or 5." if pay.wishes > 1 else ""
    if pay.short is not None:
        yield (
            f"Your budget of ${pay.budget:,.0f} is low for this role: half of the postings start at ${start:,.0f} "
            f"or more, which is ${pay.short:,.0f} above it.{wishes}"
        )
    elif pay.budget:
        yield f"The budget of ${pay.budget:,.0f} is {_beside_market(pay, role, pay.budget, start)}."
    for amount in pay.asked:
        beside = f"${amount:,.0f}, which a candidate asks for, is {_beside_market(pay, role, amount, start)}"
        if pay.budget:
            more = amount - pay.budget
            beside += (
                f"; that is ${more:,.0f} above your budget" if more > 0 else "; that is within your budget"
            )
        yield f"{beside}."


def _beside_market(pay: Pay, role: Role, amount: float, start: float) -> str:
    """Say where an amount lies in what postings offer: in their range, if known, and beside their low ends."""
    half = f"{'below' if amount < start else 'not below'} ${start:,.0f}, where half of the postings begin"
    for figure in pay.figures:
        if figure.low is not None and figure.high is not None:
            middle = (figure.low + figure.high) / 2
            part = "the lower half of" if amount < middle else "the upper half of"
            where = "below" if amount < figure.low else "above" if amount > figure.high else f"in {part}"
            span = f"${figure.low:,.0f} to ${figure.high:,.0f}"
            return f"{where} the average range for {role.label}, {span}, and {half}"
    return f"{half} for {role.label}; no source gives a range, so good candidates may ask for more"


def _reached(knowledge: Knowledge, key: str) -> tuple[str, tuple[Line, ...]]:
    figure = starting_pay(knowledge.roles[key])
    return knowledge.roles[key].label, (Line(figure_text(figure), figure.source),) if figure else ()


def _next_of_team(advice: TeamAdvice) -> Iterator[NextStep]:
    hire = next((hire.role for hire in advice.hires if hire.role), None)
    if hire:
        yield NextStep(f"mops hire {hire} -o kit", "the papers for this hire")
        yield NextStep(f"mops role {hire}", "what the role is")
    if advice.answered < advice.questions:
        yield NextStep("mops team", "asks the questions that are left")
    if advice.stage:
        yield NextStep(
            f"mops team map responses.csv --stage {advice.stage.number}", "who covers what already"
        )


# --- The map of a team ----------------------------------------------------------------------------


def map_page(knowledge: Knowledge, result: TeamMap, left_out: Sequence[Problem]) -> Page:
    """Draw who covers what, then tell the gaps, the single points of failure and the successions."""
    labels = ", ".join(knowledge.roles[key].label for key in result.roles)
    people = counted(len(result.people), "person", "people")
    roles = counted(len(result.roles), "role", "roles")
    blocks: list[Block] = [Title(f"{people} beside {roles}")]
    blocks.append(Paragraph(Line(f"The roles: {labels}.")))
    if left_out:
        blocks += [
            Heading("Rows that were left out"),
            Bullets(tuple(Line(str(problem)) for problem in left_out)),
        ]
    blocks += [Heading("Who covers what"), _heat(knowledge, result)]
    blocks.append(Heading("What nobody covers"))
    blocks += _needs(
        knowledge, result.gaps, "Nothing: somebody reaches every level that a role asks for.", MOST_GAPS
    )
    blocks.append(Heading("What only one person covers"))
    blocks += _needs(knowledge, result.single_points, "Nothing does.")
    blocks.append(Paragraph(Line(REACH_NOTE), quiet=True))
    for leading, heading in ((True, "Who could step in"), (False, "Nearest to ready")):
        lines = [line for line in result.lines if line.leading is leading]
        if lines:
            facts = (
                (knowledge.roles[line.role].label, tuple(map(_successor_line, line.people)) or (NOBODY,))
                for line in lines
            )
            blocks += [Heading(heading), Facts(tuple(facts))]
    blocks.append(Paragraph(Line(SUCCESSION_NOTE), quiet=True))
    return Page(tuple(blocks), knowledge.sources, personal=True)


def map_brief(knowledge: Knowledge, result: TeamMap, left_out: Sequence[Problem]) -> Page:
    """Tell what nobody covers, what only one person does, and who could step in, on one screen."""
    whole = map_page(knowledge, result, left_out)
    rows = []
    for name, needs in (("Nobody covers", result.gaps), ("Only one person", result.single_points)):
        said = [f"{knowledge.trait_name(need.skill)} (level {need.level})" for need in needs]
        rest = f" and {len(said) - MOST_GAPS} more" if len(said) > MOST_GAPS else ""
        rows.append((name, (Line(", ".join(said[:MOST_GAPS]) + rest if said else "nothing"),)))
    blocks: list[Block] = [*whole.parts[0], Facts(tuple(rows))]
    if lines := [line for line in result.lines if line.people]:
        nearest = tuple(
            (knowledge.roles[line.role].label, (_successor_line(line.people[0]),))
            for line in lines[:MOST_GAPS]
        )
        blocks += [Heading("Who is nearest to which role"), Facts(nearest)]
    if left_out:
        told = tuple(Line(str(problem)) for problem in left_out[:MOST_GAPS])
        blocks[1:1] = [Heading("Rows that were left out"), Bullets(told)]
    return whole._replace(blocks=tuple(blocks), abridged=True)


def _heat(knowledge: Knowledge, result: TeamMap) -> Heat:
    """Set levels beside what the role of each person asks for."""
    roles = [None if key is None else knowledge.roles[key] for key in result.against]
    rows = tuple(
        HeatRow(
            knowledge.skills[some.skill].name,
            some.needed,
            some.levels,
            tuple(
                role.requires[some.skill].level if role and some.skill in role.requires else None
                for role in roles
            ),
        )
        for some in result.skills
    )
    return Heat(result.people, tuple(role.label if role else "" for role in roles), rows, MAP_NOTE)


def _needs(
    knowledge: Knowledge, needs: Sequence[Need], nothing: str, most: int | None = None
) -> Iterator[Block]:
    """Tell a row for each skill: the lowest of its levels, which is enough for those above it.

    Of more skills than `most`, the rest are only named.
    """
    if not needs:
        yield Paragraph(Line(nothing))
        return
    by_skill: dict[str, list[Need]] = {}
    for need in needs:
        by_skill.setdefault(need.skill, []).append(need)
    rows = []
    for skill, some in by_skill.items():
        lowest = min(some, key=lambda need: need.level)
        asking = dict.fromkeys(role for need in reversed(some) for role in need.roles)
        names = ", ".join(knowledge.roles[key].label for key in asking)
        who = f"{lowest.people[0]} alone; " if lowest.people else ""
        above = " and above" if len(some) > 1 else ""
        rows.append(
            (f"{knowledge.skills[skill].name}, level {lowest.level}{above}", (Line(f"{who}for {names}"),))
        )
    yield Facts(tuple(rows[:most]))
    if most is not None and rows[most:]:
        yield Paragraph(Line(f"And {'; '.join(lowered(name) for name, _ in rows[most:])}."))


def _successor_line(one: Successor) -> Line:
    said = [f"{one.person}: readiness {one.readiness:.0f}, {percent(one.chance)} in 100 to be ready"]
    if one.months.typical:
        said.append(span_text(one.months))
    if one.gates:
        said.append(f"not shown yet: {' '.join(one.gates)}")
    return Line("; ".join(said))
