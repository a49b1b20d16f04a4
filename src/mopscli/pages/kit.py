"""The papers of a hiring kit put together, one by one or as a document, and what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mopscli.knowledge.staffing import COMPANY, PaperKey
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
    claim_line,
)
from mopscli.pages import papers
from mopscli.pages.papers import OPEN, Draft
from mopscli.pages.phrases import lowered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.staffing import Paper
    from mopscli.team.kit import Kit

MAKERS: Mapping[PaperKey, Callable[[Draft], Iterator[Block]]] = {
    "role-description": papers.role_description,
    "advertisement": papers.advertisement,
    "scorecard": papers.scorecard,
    "charter": papers.charter,
    "metrics": papers.metrics,
    "interview-guide": papers.interview_guide,
    "checklist": papers.checklist,
}


def kit_pages(
    knowledge: Knowledge, kit: Kit, *, bare: bool = False, every_question: bool = False
) -> dict[PaperKey, Page]:
    """Return the papers of a kit, by their keys; what only the company knows is marked.

    Bare papers name no sources, do not tell whoever writes them what to do, and leave out what nobody filled in,
    but for what a charter has to say.
    """
    draft = Draft(knowledge, kit, bare, every_question)
    pages: dict[PaperKey, Page] = {}
    for key, paper in kit.papers.items():
        page = Page(tuple(_blocks(draft, key, paper)), knowledge.sources, personal=kit.candidate is not None)
        pages[key] = page.without_sources() if bare else page
    return pages


def _blocks(draft: Draft, key: PaperKey, paper: Paper) -> Iterator[Block]:
    kit = draft.kit
    published = draft.bare and key == "advertisement"
    name = draft.role.name if published else f"{paper.title}: {draft.role.name}"
    yield Title(", ".join([name, *_company(draft)]))
    if not draft.bare:
        yield Paragraph(claim_line(paper.about))
        if kit.candidate and paper.candidate:
            yield Paragraph(claim_line(paper.candidate))
    if rows := draft.rows(choice for choice in kit.choices if key in choice.papers):
        yield Heading("At a glance")
        yield Facts(rows)
    yield from MAKERS[key](draft)


def _company(draft: Draft) -> Iterator[str]:
    """Yield the name of the company, or a mark where it is missing, but not on papers to send."""
    if COMPANY in draft.kit.filled:
        yield draft.kit.filled[COMPANY]
    elif not draft.bare:
        choices = draft.knowledge.hiring.choices if draft.knowledge.hiring else {}
        yield f"{{FILL IN: {choices[COMPANY].text if COMPANY in choices else COMPANY}}}"


def kit_document(knowledge: Knowledge, kit: Kit, pages: Mapping[PaperKey, Page]) -> Page:
    """Return the papers of a kit as one document, each on sheets of its own."""
    title = ", ".join(
        [f"Hiring kit: {knowledge.roles[kit.role].name}", *_company(Draft(knowledge, kit, bare=True))]
    )
    blocks = (block for page in pages.values() for block in page.blocks)
    sources = next((page.sources for page in pages.values()), {})
    listed = Bullets(tuple(Line(paper.title) for paper in kit.papers.values()))
    return Page((Title(title), listed, *blocks), sources, personal=kit.candidate is not None, apart=True)


def blanks(page: Page) -> int:
    """Return how many places of a paper are left to fill in."""
    lines: list[Line] = []
    for block in page.blocks:
        if isinstance(block, Facts):
            lines += (line for _, said in block.rows for line in said)
        elif isinstance(block, Grid):
            lines += (line for _, cells in block.rows for said in cells for line in said)
        elif isinstance(block, Paragraph):
            lines.append(block.line)
    return sum(line.text == OPEN for line in lines) + sum(
        isinstance(block, Title) and "{FILL IN" in block.text for block in page.blocks
    )


def kit_page(
    knowledge: Knowledge, kit: Kit, files: Sequence[str], again: str, left: int = 0, *, bare: bool = False
) -> Page:
    """Tell what was written, or would be, and what the company still has to fill in.

    Args:
        knowledge: what the kit was made from.
        kit: the kit.
        files: what was written, the choices last if they were.
        again: how to go on.
        left: how many places the papers leave to fill in.
        bare: whether the papers are to be sent.

    """
    role = knowledge.roles[kit.role]
    blocks: list[Block] = [Title(f"Hiring kit for {role.name}")]
    if files:
        blocks += [Heading("Written"), Bullets(tuple(map(Line, files)))]
        blocks += [Paragraph(Line(text)) for text in _left_open(kit, files[-1], left, bare)]
    else:
        written = tuple((paper.title, (claim_line(paper.about),)) for paper in kit.papers.values())
        blocks += [Heading("The papers"), Facts(written)]
        blocks += [Heading("What only you can fill in")]
        blocks.append(Facts(tuple((choice.key, (Line(choice.text),)) for choice in kit.open)))
    purpose = (
        "writes the papers anew, with what you filled in" if files else "writes them into the folder kit"
    )
    return Page(tuple(blocks), knowledge.sources, (NextStep(again, purpose),))


def kit_brief(
    knowledge: Knowledge, kit: Kit, files: Sequence[str], whole: Page, left: int, *, bare: bool
) -> Page:
    """Tell on one screen what was written, or would be, and what the company still has to fill in."""
    blocks: list[Block] = [*whole.parts[0][:1]]
    if files:
        blocks.append(Facts((("Written", (Line(", ".join(files)),)),)))
        blocks += [Paragraph(Line(text)) for text in _left_open(kit, files[-1], left, bare)]
    else:
        titles = ", ".join(paper.title for paper in kit.papers.values())
        keys = ", ".join(choice.key for choice in kit.open)
        rows = (
            ("Papers", (Line(f"{titles}."),)),
            ("You fill in", (Line(f"{keys}; --set KEY=TEXT does it."),)),
        )
        blocks.append(Facts(rows))
    return whole._replace(blocks=tuple(blocks), more=f"mops hire {kit.role} --format markdown", abridged=True)


def _left_open(kit: Kit, last: str, left: int, bare: bool) -> Iterator[str]:
    """Yield what is still to be filled in, and where; `last` is the last file that was written."""
    where = f"in {last}" if last.endswith(".yaml") else "with --set KEY=TEXT"
    if left:
        places = "1 place" if left == 1 else f"{left} places"
        yield f"{places} left to fill in; the papers mark them {OPEN}."
    if kit.open:
        yield f"Fill in there, or {where} and write the papers anew. Then what you changed by hand is lost."
    if bare and any(
        some.usual and some.choice not in kit.filled for part in kit.charter for some in part.decide
    ):
        yield "Where you decided nothing, the charter says what is usual. Read it before you send it."
    unsaid = [(choice.label or choice.text) for choice in kit.open if choice.advertised and bare]
    if unsaid:
        yield f"The advertisement does not say, because you did not: {', '.join(map(lowered, unsaid))}."
