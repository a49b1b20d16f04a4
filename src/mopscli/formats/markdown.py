"""A page as Markdown, its sources as footnotes; prints nothing."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, assert_never

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
    Rung,
    Scales,
    Table,
    Title,
    amount,
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

    def block(self, block: Block, level: int) -> Iterator[str]:
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
                yield from (f"- **{_escape(one.name)}**: {_escape(one.text)}" for one in measures)
                yield f"\n{_escape(note)}"
            case Scales(whose, scales, note):
                for scale in scales:
                    levels = zip(whose, scale.levels, strict=True)
                    said = ", ".join(
                        f"{name} {amount(level)}" for (_, name), level in levels if level is not None
                    )
                    yield f"- **{_escape(scale.name)}**: {_escape(f'{scale.sentence} ({said})'.strip())}"
                yield f"\n{_escape(note)}"
            case Chart():
                yield from _chart(block)
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
    for label, needed, found in block.rows:
        shown = ["" if level is None else str(level) for level in found]
        yield _row([_escape(label), str(needed), *shown])
    yield f"\n{_escape(block.note)}"


def _chart(block: Chart) -> Iterator[str]:
    yield f"**{_escape(block.title)}**\n"
    yield from _table(["", *block.columns])
    for label, values in block.rows:
        yield _row([_escape(label), *map(amount, values)])
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
