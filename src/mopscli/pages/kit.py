"""The papers of a hiring kit, and what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mopscli.knowledge.staffing import COMPANY, CompanyChoice, Decision, PaperKey
from mopscli.page import (
    Block,
    Bullets,
    Facts,
    Grid,
    Heading,
    Line,
    NextStep,
    Page,
    Paragraph,
    Title,
    bullets,
    claim_facts,
    claim_line,
    claim_lines,
)
from mopscli.pages.phrases import lowered, weight_text
from mopscli.pages.roles import section_lines
from mopscli.roles.compare import DIMENSIONS
from mopscli.team.kit import Competency, Kit, measure_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Role

# The weight from which on a skill matters.
MATTERS = 2
# Stands where only the company knows what to say.
OPEN = "{FILL IN}"


def kit_pages(knowledge: Knowledge, kit: Kit, *, bare: bool = False) -> dict[PaperKey, Page]:
    """Return the papers of a kit, by their keys; what only the company knows is marked.

    Bare papers name no sources and do not tell whoever writes them what to do.
    """
    makers = {
        "role-description": _role_description,
        "scorecard": _scorecard,
        "charter": _charter,
        "metrics": _metrics,
        "interview-guide": _interview_guide,
        "checklist": _checklist,
    }
    company = _filled(knowledge, kit, COMPANY)
    pages: dict[PaperKey, Page] = {}
    for key, paper in kit.papers.items():
        blocks: list[Block] = [
            Title(f"{paper.title}: {knowledge.roles[kit.role].name}, {company}"),
        ]
        if not bare:
            blocks.append(Paragraph(claim_line(paper.about)))
        if kit.candidate and paper.candidate:
            blocks.append(Paragraph(claim_line(paper.candidate)))
        if rows := [
            (choice.text, (Line(kit.filled.get(choice.key, OPEN)),))
            for choice in kit.choices
            if key in choice.papers
        ]:
            blocks += [Heading("At a glance"), Facts(tuple(rows))]
        blocks += makers[key](knowledge, kit)
        page = Page(tuple(blocks), knowledge.sources)
        pages[key] = page.without_sources() if bare else page
    return pages


def kit_page(knowledge: Knowledge, kit: Kit, files: Sequence[str], again: str) -> Page:
    """Tell what was written, or would be, and what the company still has to fill in; `again` is how to go on."""
    role = knowledge.roles[kit.role]
    blocks: list[Block] = [Title(f"Hiring kit for {role.name}")]
    if files:
        blocks += [Heading("Written"), Bullets(tuple(map(Line, files)))]
    else:
        papers = tuple((paper.title, (claim_line(paper.about),)) for paper in kit.papers.values())
        blocks += [Heading("The papers"), Facts(papers)]
        blocks += [Heading("What only you can fill in")]
        blocks.append(Facts(tuple((choice.key, (Line(choice.text),)) for choice in kit.open)))
    if files and kit.open:
        blocks.append(
            Paragraph(
                Line(
                    f"{len(kit.open)} places only you can fill in; the papers mark them {OPEN}. Fill them in "
                    f"there, or in {files[-1]} and write the papers anew. Then what you changed by hand is lost."
                )
            )
        )
    purpose = (
        "writes the papers anew, with what that file says" if files else "writes them into the folder kit"
    )
    return Page(tuple(blocks), knowledge.sources, (NextStep(again, purpose),))


def _choices(knowledge: Knowledge) -> Mapping[str, CompanyChoice]:
    return knowledge.hiring.choices if knowledge.hiring else {}


def _filled(knowledge: Knowledge, kit: Kit, key: str) -> str:
    """Return what the company chose, or a mark that it still has to."""
    if key in kit.filled:
        return kit.filled[key]
    choice = _choices(knowledge).get(key)
    return f"{{FILL IN: {choice.text if choice else key}}}"


def _role_description(knowledge: Knowledge, kit: Kit) -> Iterator[Block]:
    role = knowledge.roles[kit.role]
    yield Heading("Why this role exists")
    yield from map(Paragraph, claim_lines(filter(None, [kit.mission])))
    yield from bullets("What you answer for", claim_lines(kit.accountabilities))
    yield from bullets("What the work looks like", claim_lines(role.tasks))
    yield from claim_facts(
        "What the role covers", [(label, getattr(role, key)) for key, label in DIMENSIONS.items()]
    )
    yield from bullets("Desired background", (*claim_lines(kit.background), *_must_haves(role)))
    yield Heading("Skills that count most")
    deciding = [some for some in kit.competencies if some.weight >= MATTERS] or kit.competencies
    yield Facts(
        tuple((knowledge.skills[some.skill].name, (Line(some.marker, some.source),)) for some in deciding)
    )
    yield from bullets("What the work gives you", claim_lines(role.opportunities))


def _must_haves(role: Role) -> Iterator[Line]:
    for gate in role.gates:
        yield Line(f"A must: {lowered(gate.text)}", gate.source)


def _scorecard(knowledge: Knowledge, kit: Kit) -> Iterator[Block]:
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
    own = (
        "not answered"
        if some.rated is None
        else f"{some.rated:.1f}".removesuffix(".0") + ", a gap" * some.gap
    )
    return (
        (Line(knowledge.skills[some.skill].name),),
        (Line(some.marker, some.source),),
        (Line(str(some.needed)),),
        (Line(weight_text(some.weight)),),
        *(((Line(own),),) if kit.candidate else ()),
        (),
    )


def _charter(knowledge: Knowledge, kit: Kit) -> Iterator[Block]:
    for heading in kit.charter:
        yield Heading(heading.heading)
        yield Paragraph(claim_line(heading.about))
        yield Facts(
            tuple(
                (
                    _choices(knowledge)[some.choice].text,
                    _decided(kit, some),
                )
                for some in heading.decide
            )
        )


def _decided(kit: Kit, decision: Decision) -> tuple[Line, ...]:
    if decision.choice in kit.filled:
        return (Line(kit.filled[decision.choice]),)
    return claim_line(decision), Line(OPEN)


def _metrics(knowledge: Knowledge, kit: Kit) -> Iterator[Block]:
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


def _interview_guide(knowledge: Knowledge, kit: Kit) -> Iterator[Block]:
    for some in kit.competencies:
        name = knowledge.skills[some.skill].name
        rated = "" if some.rated is None else f"{some.rated:.1f}".removesuffix(".0")
        own = f", self-rated {rated}" if rated else ""
        yield Heading(
            f"{'Gap: ' * some.gap}{name} ({weight_text(some.weight)}): level {some.needed} needed{own}"
        )
        yield Paragraph(Line(f"The level in practice: {lowered(some.marker)}", some.source))
        for number, question in enumerate(some.questions, 1):
            rows = (("Ask", question), ("Strong", question.strong), ("Weak", question.weak))
            yield Paragraph(Line(f"Question {number}"))
            yield Facts(tuple((label, (claim_line(claim),)) for label, claim in rows))


def _checklist(knowledge: Knowledge, kit: Kit) -> Iterator[Block]:
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
