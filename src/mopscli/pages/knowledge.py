"""Pages about the knowledge itself: the welcome, its sources, its problems, a copy of it."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from mopscli.page import Block, Bullets, Commands, Facts, Heading, Line, NextStep, Page, Paragraph, Title
from mopscli.pages.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mopscli.knowledge import Knowledge
    from mopscli.problem import Problem
    from mopscli.roles.catalog import SourceList, SourceUse

WELCOME: Mapping[str, str] = {
    "mops compare head director": "two roles side by side, what differs first",
    "mops assess": "which of them suits you, in five to ten minutes",
    "mops path specialist director": "how to get there, and how long it takes",
    "mops roles": "all roles, from junior to senior",
}


def welcome_page() -> Page:
    """Say what the program is and what to type first."""
    return Page(
        (
            Title("mops"),
            Paragraph(
                Line(
                    "Compares marketing operations roles and shows the way from one to another. "
                    "Every statement names its source or is marked as a judgment."
                )
            ),
            Heading("Try"),
            Commands(tuple(NextStep(*step) for step in WELCOME.items())),
            Paragraph(Line("mops --help lists every command."), quiet=True),
        )
    )


def sources_page(knowledge: Knowledge, sources: SourceList) -> Page:
    """Tell what the knowledge rests on, and how much of it on judgment alone."""
    share = 100 * sources.on_judgement / sources.statements if sources.statements else 0
    blocks: list[Block] = [
        Title("What the knowledge rests on"),
        Paragraph(
            Line(
                f"{sources.statements:,} statements and figures. {sources.on_judgement:,} of them "
                f"({share:.0f}%) rest on judgment, not on a published source. "
                f"So do {sources.levels:,} pairs of level and weight."
            )
        ),
    ]
    for use in sources.uses:
        blocks += [Heading(use.source.title), Facts(tuple(_source_rows(use)))]
    return Page(tuple(blocks))


def _source_rows(use: SourceUse) -> Iterator[tuple[str, tuple[Line, ...]]]:
    source = use.source
    yield "Key", (Line(source.key),)
    yield "Kind", (Line({"dataset": "data set", "judgement": "judgment"}.get(source.kind, source.kind)),)
    by = ", ".join(str(part) for part in (source.author, source.publisher, source.year) if part is not None)
    for label, text in (("By", by), ("Note", source.note)):
        if text:
            yield label, (Line(text),)
    if source.kind != "judgement":
        yield "Address", (Line(source.url or "not known"),)
    yield "Used for", (Line(counted(use.count, "statement", "statements")),)


def check_page(folder: Path, problems: Sequence[Problem]) -> Page:
    """Tell the problems of a knowledge folder, or that there are none."""
    if not problems:
        return Page((Paragraph(Line(f"No problems in {folder}.")),))
    return Page((Title(f"Problems in {folder}"), Bullets(tuple(Line(str(problem)) for problem in problems))))


def init_page(folder: Path, files: Sequence[str]) -> Page:
    """Tell what was copied where, and what to do with it."""
    typed = Path(quote(f"./{folder}" if str(folder).startswith("-") else str(folder)))
    steps = (
        NextStep(f"edit {typed / 'roles.yaml'}", "roles, skills and sources, in any text editor"),
        NextStep(f"mops check {typed}", "lists every mistake, with its line"),
        NextStep(f"mops --data {typed} roles", "works on your roles"),
    )
    return Page((Paragraph(Line(f"Copied to {folder}: {', '.join(files)}.")),), next=steps)
