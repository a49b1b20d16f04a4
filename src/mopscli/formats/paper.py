"""A page as what sheets of paper are made of: headlines, text, lists and tables; knows no file format."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, Literal, NamedTuple, TypeVar, assert_never

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

# So many columns fit on a sheet, besides the label: of sentences, and of numbers.
MOST_TEXTS: Final = 5
MOST_NUMBERS: Final = 8
# So many letters and rows are not parted by the end of a sheet: a quarter of one.
MOST_KEPT: Final = 1200
MOST_ROWS: Final = 8
# What a column is wide at least and at most, in letters.
NARROWEST: Final = 8
WIDEST: Final = 46
# What stands free left and right of a word, in letters.
MARGIN: Final = 4.5

Value = TypeVar("Value")


class Said(NamedTuple):
    """Text, and the mark of the source behind it, if there is one."""

    text: str
    mark: str = ""


class Headline(NamedTuple):
    """A headline; the title is on level 1. A `fresh` one begins on a new sheet."""

    level: int
    text: str
    fresh: bool = False


class Text(NamedTuple):
    """A paragraph; a label stands above what it names. A `kept` one is not parted from what comes next."""

    said: Said
    kind: Literal["body", "quiet", "label"] = "body"
    kept: bool = False


class Items(NamedTuple):
    """A list."""

    items: tuple[Said, ...]


class Cell(NamedTuple):
    """A cell of a table: paragraphs, set in if they are a part of the row above, or a share of 1 to draw."""

    paragraphs: tuple[Said, ...]
    kind: Literal["text", "label", "number", "code"] = "text"
    indented: bool = False
    share: float | None = None


class Sheet(NamedTuple):
    """A table; one without a header is a list of labels, drawn without lines.

    Widths are relative. What is `kept` is not parted by the end of a sheet.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    kept: bool = False


Element = Headline | Text | Items | Sheet


class Paper(NamedTuple):
    """What stands on the sheets, its title, and at the end the sources by their marks."""

    title: str
    elements: tuple[Element, ...]
    sources: tuple[tuple[str, str], ...]


def paper(page: Page) -> Paper:
    """Return a page as elements of a paper, all text of it cleaned."""
    setting = _Setting(page)
    title = next((block.text for block in page.blocks if isinstance(block, Title)), "mops")
    elements = [element for block, level in page.outlined() for element in setting.block(block, level)]
    for number, (element, after) in enumerate(pairwise(elements)):
        if isinstance(element, Text) and isinstance(after, Sheet) and after.kept:
            elements[number] = element._replace(kept=True)
    sources = tuple((mark, clean(text)) for mark, text in setting.footnotes.cited())
    return Paper(clean(title), tuple(elements), sources)


class _Setting:
    """Turns blocks into elements of a paper."""

    def __init__(self, page: Page) -> None:
        self.footnotes = Footnotes(page)
        self.apart = page.apart

    def block(self, block: Piece, level: int) -> Iterator[Element]:
        """Yield the elements of a block; headlines are on this level."""
        match block:
            case Title(text):
                yield Headline(level, clean(text), self.apart and level > 1)
            case Heading(text):
                yield Headline(level, clean(text))
            case Paragraph(line, quiet):
                yield Text(self._said(line), "quiet" if quiet else "body")
            case Bullets(lines):
                yield Items(self._all(lines))
            case Facts(rows):
                yield _facts((_label(label), Cell(self._all(lines))) for label, lines in rows)
            case Commands(steps):
                yield _facts((_cell(step.command, "code"), _cell(step.purpose)) for step in steps)
            case Levels():
                yield from self._levels(block)
            case Heat():
                yield from _heat(block)
            case Gauge(measures, note):
                yield _facts(
                    (
                        _label(one.name)._replace(indented=one.nested),
                        Cell((), share=max(0.0, min(one.value, 100.0)) / 100),
                        _cell(one.text),
                    )
                    for one in measures
                )
                yield _note(note)
            case Scales():
                yield from _scales(block)
            case Intervals() | Timeline() | Histogram() | Scatter():
                yield Text(Said(clean(block.title)), "label")
                yield _plotted(block)
                yield _note(block.note)
            case Table():
                filled = (
                    (_label(label), *(Cell(self._all([x] if x else [])) for x in cells))
                    for label, cells in block.rows
                )
                yield _sheet(("", *block.columns), filled)
            case Ladders(columns):
                yield from (self._ladder(title, rungs) for title, rungs in columns)
            case Grid(columns, rows):
                for names, part in _parts(columns, rows, MOST_TEXTS):
                    cells = ((_label(label), *(Cell(self._all(x)) for x in said)) for label, said in part)
                    yield _sheet(("", *names), cells)
            case _:
                assert_never(block)

    def _said(self, line: Line) -> Said:
        return Said(clean(line.text), self.footnotes.mark(line))

    def _all(self, lines: Iterable[Line]) -> tuple[Said, ...]:
        return tuple(map(self._said, lines))

    def _levels(self, block: Levels) -> Iterator[Element]:
        remarks = {label: Cell(self._all(remark)) for label, _, remark in block.rows}
        rows = tuple((label, levels) for label, levels, _ in block.rows)
        for names, part in _parts(block.columns, rows, MOST_NUMBERS):
            cells = ((_label(label), *map(_number, levels), remarks[label]) for label, levels in part)
            yield _sheet((block.name, *names, block.remark), cells)
        yield _note(block.note)

    def _ladder(self, title: str, rungs: Sequence[Rung]) -> Sheet:
        rows = (
            (_label(f"{number}. {rung.name}"), _cell(rung.when), Cell(self._all(rung.lines)))
            for number, rung in enumerate(reversed(rungs), 1)
        )
        return _sheet((title, "When", "What there is to know"), rows)


def _heat(block: Heat) -> Iterator[Element]:
    needed = {row.name: row.needed for row in block.rows}
    rows = tuple((row.name, row.levels) for row in block.rows)
    for people, part in _parts(block.people, rows, MOST_NUMBERS):
        cells = ((_label(label), _number(needed[label]), *map(_number, found)) for label, found in part)
        yield _sheet(("", "Needed", *people), cells)
    yield _note(block.note)


def _plotted(block: Intervals | Timeline | Histogram | Scatter) -> Sheet:
    """Return what a chart draws as a table of it."""
    match block:
        case Intervals():
            rows = (
                (_label(group), _cell(one.name), _cell(one.text))
                for group, some in block.groups
                for one in some
            )
            return _sheet(("", "", ""), rows)
        case Timeline():
            times = (
                (_label(row.name), _cell(f"{row.done:.0f}"), _cell(f"{row.latest:.0f}")) for row in block.rows
            )
            return _sheet(("", f"{block.done} by month", "At the latest"), times)
        case Histogram():
            return _sheet(
                ("", block.whose), ((_label(name), _cell(f"{count:,}")) for name, count in block.bars)
            )
        case Scatter():
            dots = (
                (_label(dot.name), _cell(f"{dot.across:.0f}"), _cell(f"{dot.up:.0f}")) for dot in block.dots
            )
            return _sheet((block.whose, block.across, block.up), dots)
        case _:
            assert_never(block)


def _scales(block: Scales) -> Iterator[Element]:
    names = tuple(name for _, name in block.whose)
    yield _sheet(
        ("", *names, "What it says"),
        ((_label(row.name), *map(_number, row.levels), _cell(row.sentence)) for row in block.rows),
    )
    yield _note(block.note)


def _parts(
    columns: tuple[str, ...], rows: Iterable[tuple[str, tuple[Value, ...]]], most: int
) -> Iterator[tuple[tuple[str, ...], Iterator[tuple[str, tuple[Value, ...]]]]]:
    """Yield the columns of a table in parts that fit on a sheet, each with its rows."""
    rows = tuple(rows)
    number = -(-len(columns) // most)
    size = -(-len(columns) // number) if number else 1
    for start in range(0, len(columns), size):
        part = slice(start, start + size)
        yield columns[part], ((label, cells[part]) for label, cells in rows)


def _facts(rows: Iterable[tuple[Cell, ...]]) -> Sheet:
    """Return labels and what there is to say of each."""
    rows = tuple(rows)
    kept = sum(len(_text_of(cell)) for row in rows for cell in row) <= MOST_KEPT and len(rows) <= MOST_ROWS
    return Sheet((), rows, (3.0, 7.0) if all(len(row) == 2 for row in rows) else (3.5, 3.5, 3.0), kept)


def _sheet(names: Sequence[str], rows: Iterable[tuple[Cell, ...]]) -> Sheet:
    """Return a table with a header, each column as wide as it needs; labels that are all empty are dropped."""
    header, rows = tuple(map(clean, names)), tuple(rows)
    if not any((header[0], *(_text_of(row[0]) for row in rows))):
        header, rows = header[1:], tuple(row[1:] for row in rows)
    columns = zip(header, *([_text_of(cell) for cell in row] for row in rows), strict=True)
    widths = [*map(_width, columns)]
    if all(cell.kind == "number" for row in rows for cell in row[1:]):
        widths[0] = float(WIDEST)
    return Sheet(header, rows, tuple(widths))


def _text_of(cell: Cell) -> str:
    return " ".join(said.text for said in cell.paragraphs)


def _width(texts: Iterable[str]) -> float:
    texts = tuple(texts)
    word = max((len(word) for text in texts for word in text.split()), default=0)
    return float(min(WIDEST, max(NARROWEST, word + MARGIN, max(map(len, texts)) * 0.6)))


def _cell(text: str, kind: Literal["text", "code"] = "text") -> Cell:
    return Cell((Said(clean(text)),), kind)


def _label(text: str) -> Cell:
    return Cell((Said(clean(text)),), "label")


def _number(value: float | None) -> Cell:
    return Cell((Said(whole(value)),), "number")


def _note(text: str) -> Text:
    return Text(Said(clean(text)), "quiet")
