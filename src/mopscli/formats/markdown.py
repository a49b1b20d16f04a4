"""A page as Markdown, a result as a JSON-ready dict, and text made safe to show; prints nothing."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from mopscli.page import (
    Block,
    Bullets,
    Chart,
    Commands,
    Facts,
    Footnotes,
    Gauge,
    Grid,
    Heading,
    Heat,
    Ladders,
    Levels,
    Line,
    Page,
    Paragraph,
    Title,
    amount,
)
from mopscli.text import clean

MARKUP: Final = re.compile(r"([\\`*_\[\]<>|~])")
BLOCK_START: Final = re.compile(r"^(\s*\d*)([#+>=-]|[.)](?=\s|$))")
ENTITY: Final = re.compile(r"&(?=#?\w+;)")


# --- Markdown -------------------------------------------------------------------------------------


def markdown(page: Page) -> str:
    """Return a page as Markdown, its sources as footnotes."""
    footnotes = Footnotes(page)
    blocks = ["\n".join(_markdown_block(block, level, footnotes)) for block, level in page.outlined()]
    cited = [f"[^{mark}]: {_escape(text)}" for mark, text in footnotes.cited()]
    return "\n\n".join([*blocks, "\n".join(cited)]).strip() + "\n"


def _markdown_block(block: Block, level: int, footnotes: Footnotes) -> Iterator[str]:
    def said(line: Line) -> str:
        mark = footnotes.mark(line)
        return _escape(line.text) + (f"[^{mark}]" if mark else "")

    match block:
        case Title(text) | Heading(text):
            yield f"{'#' * level} {_inline(text)}"
        case Paragraph(line):
            yield said(line)
        case Bullets(lines):
            yield from (f"- {said(line)}" for line in lines)
        case Facts(rows):
            for label, lines in rows:
                if len(lines) == 1:
                    yield f"- **{_escape(label)}**: {said(lines[0])}"
                else:
                    yield f"- **{_escape(label)}**:"
                    yield from (f"  - {said(line)}" for line in lines)
        case Commands(rows):
            yield from (f"- {_code(command)}: {_escape(purpose)}" for command, purpose in rows)
        case Levels(name, columns, remark, rows, note):
            yield from _markdown_table([name, *columns, remark])
            for label, levels, said_of_it in rows:
                yield _markdown_row([_escape(label), *map(str, levels), "".join(map(said, said_of_it))])
            yield f"\n{_escape(note)}"
        case Heat(people, rows, note):
            yield from _markdown_table(["", "Needed", *people])
            for label, needed, found in rows:
                shown = ["" if level is None else str(level) for level in found]
                yield _markdown_row([_escape(label), str(needed), *shown])
            yield f"\n{_escape(note)}"
        case Gauge(rows, note):
            yield from (f"- **{_escape(row.name.strip())}**: {_escape(row.text)}" for row in rows)
            yield f"\n{_escape(note)}"
        case Chart(title, _, columns, rows, note):
            yield f"**{_escape(title)}**\n"
            yield from _markdown_table(["", *columns])
            for label, values in rows:
                yield _markdown_row([_escape(label), *map(amount, values)])
            yield f"\n{_escape(note)}"
        case Ladders(ladders):
            for name, rungs in ladders:
                yield f"**{_escape(name)}**\n"
                for number, rung in enumerate(reversed(rungs), 1):
                    facts = "".join(f"; {said(line)}" for line in rung.lines)
                    yield f"{number}. **{_escape(rung.name)}**, {_escape(rung.when)}{facts}"
                yield ""
        case Grid(columns, rows) if all(len(lines) <= 1 for _, cells in rows for lines in cells):
            yield from _markdown_table(["", *columns])
            for label, cells in rows:
                yield _markdown_row([_escape(label), *(" ".join(map(said, lines)) for lines in cells)])
        case Grid(columns, rows):
            for label, cells in rows:
                for column, lines in zip(columns, cells, strict=True):
                    yield f"**{_escape(f'{label}, {column}' if label else column)}**\n"
                    yield from (f"- {said(line)}" for line in lines)
                    yield ""


def _markdown_table(names: Sequence[str]) -> Iterator[str]:
    yield _markdown_row([_escape(name) for name in names])
    yield _markdown_row(["---"] * len(names))


def _markdown_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _code(text: str) -> str:
    """Return text as code, in a fence that no run of backticks in it closes."""
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    space = " " if "`" in text else ""
    return f"{fence}{space}{clean(text)}{space}{fence}"


def _escape(text: str) -> str:
    """Return text that Markdown shows as it stands."""
    return BLOCK_START.sub(r"\1\\\2", _inline(text))


def _inline(text: str) -> str:
    """Return text that Markdown shows as it stands behind something else in its line."""
    return ENTITY.sub("&amp;", MARKUP.sub(r"\\\1", clean(text)))
