"""Pages about what the knowledge rests on: all sources, and everything that rests on one."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from mopscli.knowledge.entries import Demand, Skill
from mopscli.knowledge.progression import Months
from mopscli.knowledge.questions import Question
from mopscli.knowledge.staffing import Metric
from mopscli.page import Block, Facts, Heading, Line, NextStep, Page, Paragraph, Title
from mopscli.pages.phrases import counted, span_text, weight_text
from mopscli.pages.roles import entry_line
from mopscli.roles.catalog import SourceUse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mopscli.roles.catalog import ClaimList, SourceList


def sources_page(sources: SourceList) -> Page:
    """Tell what the knowledge rests on, and how much of it on judgment alone."""
    share = 100 * sources.on_judgement / sources.statements if sources.statements else 0
    blocks: list[Block] = [
        Title("What the knowledge rests on"),
        Paragraph(
            Line(
                f"{sources.statements:,} statements and figures. {sources.on_judgement:,} of them "
                f"({share:.0f}%) rest on judgment, not on a published source. "
                f"So do the {sources.levels:,} levels that say how much of a skill or drive each role has."
            )
        ),
    ]
    for use in sources.uses:
        blocks += [Heading(use.source.title), Facts(tuple(_source_rows(use)))]
    step = NextStep("mops sources --claims KEY", "every statement that rests on one of them")
    return Page(tuple(blocks), next=(step,))


def claims_page(found: ClaimList) -> Page:
    """List all that rests on one source, each with its line and the keys that lead to it."""
    blocks: list[Block] = [
        Title(found.source.title),
        Facts(tuple(_source_rows(SourceUse(found.source, len(found.claims))))),
    ]
    for file, claims in groupby(found.claims, lambda cited: cited.file):
        rows = tuple((f"{cited.line}: {cited.keys}", (Line(claim_text(cited.claim)),)) for cited in claims)
        blocks += [Heading(file), Facts(rows)]
    return Page(tuple(blocks))


def claim_text(claim: Any) -> str:
    """Say in a line what rests on a source, whatever it is."""
    match claim:
        case Skill():
            return " ".join(f"{level}: {text}" for level, text in sorted(claim.markers.items()))
        case Demand():
            return f"level {claim.level}, {weight_text(claim.weight)}"
        case Months():
            return span_text(claim)
        case Metric():
            return f"{claim.name}: {claim.tells}"
        case Question(first=str(first), second=str(second)):
            return f"{first} / {second}"
        case _:
            return entry_line(claim).text


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
