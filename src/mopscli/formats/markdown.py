"""A page as Markdown, its sources as footnotes; prints nothing."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, assert_never

from mopscli.page import (
    Bullets,
    Commands,
    Facts,
    Footnotes,
    Gauge,
    Grid,
    Heading,
    Heat,
    Histogram,
    Intervals,
    Ladders,
    Levels,
    Line,
    Page,
    Paragraph,
    Piece,
    Rung,
    Scales,
    Scatter,
    Table,
    Timeline,
    Title,
    whole,
)
from mopscli.text import clean

MARKUP: Final = re.compile(r"([\\`*_\[\]<>|~])")
BLOCK_START: Final = re.compile(r"^(\s*\d*)([#+>=-]|[.)](?=\s|$))")
# What is made a link though nobody marked it as one, where it is cut.
ADDRESS: Final = re.compile(r"(?<=[a-z]):(?=//)|(?<=www)\.", re.IGNORECASE)
CLOSING: Final = re.compile(r"(?<=\s)#(?=#*\s*$)|^#(?=#*\s*$)")
URL: Final = re.compile(r"(https?://[\w.~%/?#&=+,;:@!$'()*-]*[\w/])")
ENTITY: Final = re.compile(r"&(?=#?\w+;)")


def markdown(page: Page) -> str:
    """Return a page as Markdown, its sources as footnotes."""
    footnotes = Footnotes(page)
    drawing = _Drawing(footnotes)
    blocks = ["\n".join(drawing.block(block, level)) for block, level in page.outlined()]
    cited = [f"[^{mark}]: {_source(text)}" for mark, text in footnotes.cited()]
    return "\n\n".join([*blocks, "\n".join(cited)]).strip() + "\n"


class _Drawing:
    """Draws blocks as lines of Markdown."""

    def __init__(self, footnotes: Footnotes) -> None:
        self.footnotes = footnotes

    def block(self, block: Piece, level: int) -> Iterator[str]:
        """Yield the lines of a block; headlines are on this level."""
        match block:
            case Title(text) | Heading(text):
                # Behind a blank, the last ones would close the heading.
                yield f"{'#' * level} {CLOSING.sub(_escaped, _inline(text))}"
            case Paragraph(line):
                yield self._said(line)
            case Bullets(lines):
                yield from (f"- {self._said(line)}" for line in lines)
            case Facts(rows):
                yield from self._facts(rows)
            case Commands(steps):
                yield from (f"- {_code(step.command)}: {_escape(step.purpose)}" for step in steps)
            case Levels():
                yield from self._levels(block)
            case Heat():
                yield from _heat(block)
            case Gauge(measures, note):
                for one in measures:
                    yield f"{'  ' * one.nested}- **{_escape(one.name)}**: {_escape(one.text)}"
                yield f"\n{_escape(note)}"
            case Scales():
                yield from _scales(block)
            case Intervals():
                yield from _intervals(block)
            case Timeline():
                yield from _timeline(block)
            case Histogram():
                yield from _histogram(block)
            case Scatter():
                yield from _scatter(block)
            case Ladders(columns):
                for title, rungs in columns:
                    yield from self._ladder(title, rungs)
            case Grid():
                yield from self._grid(block)
            case Table(columns, rows):
                yield from _table(["", *columns])
                for label, cells in rows:
                    yield _row([_escape(label), *(self._said(cell) if cell else "" for cell in cells)])
            case _:
                assert_never(block)

    def _said(self, line: Line) -> str:
        mark = self.footnotes.mark(line)
        return _escape(line.text) + (f"[^{mark}]" if mark else "")

    def _facts(self, rows: Iterable[tuple[str, Sequence[Line]]]) -> Iterator[str]:
        for label, lines in rows:
            if len(lines) == 1:
                yield f"- **{_escape(label)}**: {self._said(lines[0])}"
            else:
                yield f"- **{_escape(label)}**:"
                yield from (f"  - {self._said(line)}" for line in lines)

    def _levels(self, block: Levels) -> Iterator[str]:
        yield from _table([block.name, *block.columns, block.remark])
        for label, levels, remark in block.rows:
            yield _row([_escape(label), *map(str, levels), "".join(map(self._said, remark))])
        yield f"\n{_escape(block.note)}"

    def _ladder(self, title: str, rungs: Sequence[Rung]) -> Iterator[str]:
        yield f"**{_escape(title)}**\n"
        for number, rung in enumerate(reversed(rungs), 1):
            facts = "".join(f"; {self._said(line)}" for line in rung.lines)
            yield f"{number}. **{_escape(rung.name)}**, {_escape(rung.when)}{facts}"
        yield ""

    def _grid(self, block: Grid) -> Iterator[str]:
        """Yield a table where every cell is one line at most, else a list for each cell."""
        if all(len(lines) <= 1 for _, cells in block.rows for lines in cells):
            yield from _table(["", *block.columns])
            for label, cells in block.rows:
                yield _row([_escape(label), *(" ".join(map(self._said, lines)) for lines in cells)])
            return
        for label, cells in block.rows:
            for column, lines in zip(block.columns, cells, strict=True):
                yield f"**{_escape(f'{label}, {column}' if label else column)}**\n"
                yield from (f"- {self._said(line)}" for line in lines)
                yield ""


def _heat(block: Heat) -> Iterator[str]:
    yield from _table(["", "Needed", *block.people])
    if any(block.against):
        yield _row(["Held against", "", *map(_inline, block.against)])
    for row in block.rows:
        pairs = zip(row.levels, row.asked, strict=True)
        shown = ["" if level is None else _beside(level, asked) for level, asked in pairs]
        yield _row([_inline(row.name), str(row.needed), *shown])
    yield f"\n{_escape(block.note)}"


def _beside(level: int, asked: int | None) -> str:
    """Return a level with how far it is below what is asked."""
    return f"{level} (-{asked - level})" if asked is not None and level < asked else str(level)


def _histogram(block: Histogram) -> Iterator[str]:
    yield f"**{_escape(block.title)}**\n"
    yield from (f"- {_inline(label)}: {count:,}" for label, count in block.bars)
    yield f"\n{_escape(block.note)}"


def _scatter(block: Scatter) -> Iterator[str]:
    yield f"**{_escape(block.title)}**\n"
    yield from _table(["", block.across, block.up])
    for dot in block.dots:
        yield _row([_inline(dot.name), f"{dot.across:.0f}", f"{dot.up:.0f}"])
    yield f"\n{_escape(block.note)}"


def _intervals(block: Intervals) -> Iterator[str]:
    yield f"**{_escape(block.title)}**\n"
    for group, rows in block.groups:
        yield f"- **{_escape(group)}**"
        yield from (f"  - {_escape(row.name)}: {_escape(row.text)}" for row in rows)
    yield f"\n{_escape(block.note)}"


def _scales(block: Scales) -> Iterator[str]:
    if block.title:
        yield f"**{_escape(block.title)}**\n"
    for scale in block.rows:
        levels = zip(block.whose, scale.levels, strict=True)
        told = ", ".join(f"{name} {whole(level)}" for (_, name), level in levels if level is not None)
        yield f"- **{_escape(scale.name)}**: {_escape(f'{scale.sentence} ({told})' if scale.sentence else told)}"
    yield f"\n{_escape(block.note)}"


def _timeline(block: Timeline) -> Iterator[str]:
    yield f"**{_escape(block.title)}**\n"
    yield from _table(["", f"{block.done} by month", "at the latest"])
    for row in block.rows:
        yield _row([_inline(row.name), f"{row.done:.0f}", f"{row.latest:.0f}"])
    yield f"\n{_escape(block.note)}"


def _table(names: Sequence[str]) -> Iterator[str]:
    yield _row([_escape(name) for name in names])
    yield _row(["---"] * len(names))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _code(text: str) -> str:
    """Return text as code, in a fence that no run of backticks in it closes."""
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    space = " " if "`" in text else ""
    return f"{fence}{space}{clean(text)}{space}{fence}"


def _escape(text: str) -> str:
    """Return text that Markdown shows as it stands; four blanks before it would make it code."""
    return BLOCK_START.sub(r"\1\\\2", _inline(text.strip()))


def _inline(text: str) -> str:
    """Return text that Markdown shows as it stands behind something else in its line."""
    return ADDRESS.sub(_escaped, ENTITY.sub("&amp;", MARKUP.sub(r"\\\1", clean(text))))


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


def _source(text: str) -> str:
    """Return what is told of a source, its address as a link."""
    parts = URL.split(text)
    return "".join(
        f"<{part}>" if place % 2 else _escape_within(part, place) for place, part in enumerate(parts)
    )


def _escape_within(text: str, place: int) -> str:
    return _inline(text) if place else BLOCK_START.sub(r"\1\\\2", _inline(text.lstrip()))
