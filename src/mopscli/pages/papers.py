"""What each paper of a hiring kit says."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mopscli.page import (
    Block,
    Bullets,
    Facts,
    Grid,
    Heading,
    Line,
    Paragraph,
    bullets,
    claim_facts,
    claim_line,
    claim_lines,
)
from mopscli.pages.phrases import lowered, weight_text
from mopscli.pages.roles import section_lines
from mopscli.roles.compare import DIMENSIONS
from mopscli.team.competency import that_count
from mopscli.team.kit import measure_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Role
    from mopscli.knowledge.staffing import CompanyChoice, Decision
    from mopscli.team.competency import Competency
    from mopscli.team.kit import Kit
    from mopscli.team.panel import Asked

# Stands where only the company knows what to say.
OPEN = "{FILL IN}"
# So many lines tell what a reader of an advertisement brings.
BRINGS = 6


class Draft(NamedTuple):
    """A kit to be put into papers: bare ones to send, and the interview with every question or with ten."""

    knowledge: Knowledge
    kit: Kit
    bare: bool = False
    every_question: bool = False

    @property
    def role(self) -> Role:
        """The role to hire for."""
        return self.knowledge.roles[self.kit.role]

    def rows(self, choices: Iterable[CompanyChoice]) -> tuple[tuple[str, tuple[Line, ...]], ...]:
        """Return what was filled in, and unless the papers are to be sent what is open."""
        filled = self.kit.filled
        return tuple(
            (choice.label or choice.text, (Line(filled[choice.key]),))
            if choice.key in filled
            else (choice.text, (Line(OPEN),))
            for choice in choices
            if choice.key in filled or not self.bare
        )

    def advertised(self, part: str) -> tuple[tuple[str, tuple[Line, ...]], ...]:
        """Return what stands in a part of an advertisement."""
        return self.rows(choice for choice in self.kit.choices if choice.advertised == part)


def role_description(draft: Draft) -> Iterator[Block]:
    """Yield what the role is about; a fact that was filled in stands in place of the usual one."""
    kit, role = draft.kit, draft.role
    replaced = {choice.replaces for choice in kit.choices if choice.key in kit.filled}
    yield Heading("Why this role exists")
    yield from map(Paragraph, claim_lines(filter(None, [kit.mission])))
    yield from bullets("What you answer for", claim_lines(kit.accountabilities))
    yield from bullets("What the work looks like", claim_lines(role.tasks))
    yield from claim_facts(
        "What the role covers",
        [(label, getattr(role, key)) for key, label in DIMENSIONS.items() if key not in replaced],
    )
    yield from bullets("Desired background", (*claim_lines(kit.background), *_must_haves(role)))
    yield Heading("Skills that count most")
    yield Facts(_skills_that_count(draft))
    yield from bullets("What the work gives you", claim_lines(role.opportunities))


def advertisement(draft: Draft) -> Iterator[Block]:
    """Yield what one would publish: the work, what to bring in six lines, the pay, and how to apply."""
    kit, told = draft.kit, draft.kit.advertisement
    for label, lines in draft.advertised("opening"):
        # What is open says what it is; what is filled in speaks for itself.
        yield from [Facts(((label, lines),))] if lines == (Line(OPEN),) else map(Paragraph, lines)
    if told:
        yield Paragraph(claim_line(told.opening))
    if facts := draft.advertised("facts"):
        yield Heading("At a glance")
        yield Facts(facts)
    yield from bullets("What you will do", claim_lines(told.work if told else draft.role.responsibilities))
    musts = tuple(("A must", (claim_line(must),)) for must in (told.musts if told else draft.role.gates))
    yield Heading("What you bring")
    yield Facts((musts + _skills_that_count(draft))[:BRINGS])
    offered = draft.advertised("offer")
    if offered or kit.offers:
        yield Heading("What we offer")
    if offered:
        yield Facts(offered)
    if kit.offers:
        yield Bullets(claim_lines(kit.offers))
    where = draft.advertised("applying")
    if where or kit.applying:
        yield Heading("How to apply")
    if where:
        yield Facts(where)
    yield from map(Paragraph, claim_lines(kit.applying))


def _skills_that_count(draft: Draft) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    return tuple(
        (draft.knowledge.skills[some.skill].name, (Line(some.marker, some.source),))
        for some in that_count(draft.kit.competencies)
    )


def _must_haves(role: Role) -> Iterator[Line]:
    for gate in role.gates:
        yield Line(f"A must: {lowered(gate.text)}", gate.source)


def scorecard(draft: Draft) -> Iterator[Block]:
    """Yield what the person answers for, and how one tells."""
    knowledge, kit = draft.knowledge, draft.kit
    yield Heading("Mission")
    yield from map(Paragraph, claim_lines(filter(None, [kit.mission])))
    if kit.candidate:
        yield Heading("The candidate's self-assessment")
        yield Facts(
            (
                (
                    "Readiness",
                    (Line(f"{kit.candidate.readiness:.0f} of 100, give or take {kit.candidate.se:.0f}"),),
                ),
                ("Must-haves not shown", tuple(map(Line, kit.candidate.gates_ahead)) or (Line("None"),)),
                ("Gaps to ask about", (Line(", ".join(_gap_names(knowledge, kit)) or "None"),)),
            )
        )
    yield Heading("Accountabilities and measures of performance")
    yield Grid(
        ("Accountability", "Measure after a year", "Rating, 1 to 5"),
        tuple(
            (str(number), ((claim_line(some),), (claim_line(measure),) if measure else (), ()))
            for number, some in enumerate(kit.accountabilities, 1)
            for measure in (measure_of(some),)
        ),
    )
    yield Heading("Competencies")
    columns = ["Competency", "What its level looks like", "Level needed", "Weight"]
    columns += ["Own rating"] * bool(kit.candidate) + ["Rating, 0 to 5"]
    yield Grid(
        tuple(columns),
        tuple(
            (str(number), _competency_cells(knowledge, kit, some))
            for number, some in enumerate(kit.competencies, 1)
        ),
    )
    yield from bullets("The first year", claim_lines(kit.first_year))


def _gap_names(knowledge: Knowledge, kit: Kit) -> Iterator[str]:
    return (knowledge.skills[some.skill].name for some in kit.competencies if some.gap)


def _competency_cells(knowledge: Knowledge, kit: Kit, some: Competency) -> tuple[tuple[Line, ...], ...]:
    own = "not answered" if some.rated is None else _rating(some.rated) + ", a gap" * some.gap
    return (
        (Line(knowledge.skills[some.skill].name),),
        (Line(some.marker, some.source),),
        (Line(str(some.needed)),),
        (Line(weight_text(some.weight)),),
        *(((Line(own),),) if kit.candidate else ()),
        (),
    )


def charter(draft: Draft) -> Iterator[Block]:
    """Yield what was decided about the role, with hints unless it is to be sent."""
    choices = {choice.key: choice for choice in draft.kit.choices}
    for part in draft.kit.charter:
        yield Heading(part.heading)
        if not draft.bare:
            yield Paragraph(claim_line(part.about))
        yield Facts(tuple((choices[some.choice].text, _decided(draft, some)) for some in part.decide))


def _decided(draft: Draft, decision: Decision) -> tuple[Line, ...]:
    filled = draft.kit.filled
    if decision.choice in filled:
        return (Line(filled[decision.choice]),)
    usual = Line(decision.usual or OPEN, decision.source if decision.usual else None)
    if draft.bare:
        return (usual,)
    hint = claim_line(decision)
    return (hint, Line(OPEN)) if decision.usual is None else (hint, _usually(usual), Line(OPEN))


def _usually(line: Line) -> Line:
    return line._replace(text=f"Usual: {lowered(line.text)}")


def metrics(draft: Draft) -> Iterator[Block]:
    """Yield the figures that the role reports."""
    knowledge, kit = draft.knowledge, draft.kit
    for function in dict.fromkeys(metric.function for metric in kit.metrics):
        yield Heading(function)
        for metric in kit.metrics:
            if metric.function == function:
                rows = (
                    ("Tells", Line(metric.tells, metric.source)),
                    ("Formula", Line(metric.formula, metric.source)),
                    ("Unit", Line(metric.unit)),
                    ("Reported", Line(metric.cadence)),
                    ("Owner", Line(knowledge.roles[metric.owner].name)),
                )
                yield Paragraph(Line(f"{metric.name}:"))
                yield Facts(tuple((label, (line,)) for label, line in rows))


def interview_guide(draft: Draft) -> Iterator[Block]:
    """Yield ten questions, divided among a panel with minutes, or every question."""
    kit, names = draft.kit, draft.knowledge.skills
    if draft.every_question or not kit.interview:
        for some in kit.competencies:
            yield from _all_questions(some, names[some.skill].name)
        return
    yield Heading("Who asks, and how long")
    yield Facts(
        tuple(
            (one.interviewer.who, (Line(f"{len(one.questions)} questions, {one.minutes} minutes"),))
            for one in kit.interview
        )
    )
    for one in kit.interview:
        yield Heading(one.interviewer.who)
        yield Paragraph(claim_line(one.interviewer.about))
        if one.musts:
            musts = tuple(Line(gate.text, gate.source) for gate in draft.role.gates)
            yield Facts((("Must-haves", musts),))
        for asked in one.questions:
            yield Facts(_asked(asked, names[asked.competency.skill].name))


def _asked(asked: Asked, name: str) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    some = asked.competency
    said = f"level {some.needed} needed{_own(some)}{', a gap' * some.gap}; {asked.minutes} minutes"
    told = (("Ask", asked.question), ("Strong", asked.question.strong), ("Weak", asked.question.weak))
    return (
        (name, (Line(said),)),
        ("In practice", (Line(some.marker, some.source),)),
        *((label, (claim_line(claim),)) for label, claim in told),
    )


def _own(some: Competency) -> str:
    return "" if some.rated is None else f", self-rated {_rating(some.rated)}"


def _all_questions(some: Competency, name: str) -> Iterator[Block]:
    yield Heading(
        f"{'Gap: ' * some.gap}{name} ({weight_text(some.weight)}): level {some.needed} needed{_own(some)}"
    )
    yield Paragraph(Line(f"The level in practice: {lowered(some.marker)}", some.source))
    for number, question in enumerate(some.questions, 1):
        rows = (("Ask", question), ("Strong", question.strong), ("Weak", question.weak))
        yield Paragraph(Line(f"Question {number}"))
        yield Facts(tuple((label, (claim_line(claim),)) for label, claim in rows))


def checklist(draft: Draft) -> Iterator[Block]:
    """Yield what to look at before the hire, and what to say for it."""
    knowledge, kit = draft.knowledge, draft.kit
    for function in dict.fromkeys(check.function for check in kit.checklist):
        checks = (check for check in kit.checklist if check.function == function)
        yield from bullets(function, claim_lines(checks))
    role = knowledge.roles[kit.role]
    yield from bullets("What the market says", section_lines(role, "market"))
    yield from bullets("Arguments for the budget", claim_lines(kit.arguments))
    if kit.doubts:
        yield Heading("Doubts, and what to answer")
        for doubt in kit.doubts:
            rows = (("Doubt", (claim_line(doubt),)), ("Answer", (claim_line(doubt.answer),)))
            yield Facts(rows)


def _rating(rated: float) -> str:
    """Return the mean of a panel's ratings as text."""
    return f"{rated:.1f}".removesuffix(".0")
