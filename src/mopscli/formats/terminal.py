"""A page as the lines of a terminal; knows widths and colors, and prints nothing."""

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import zip_longest
from typing import Final, TextIO, assert_never

from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment, Segments
from rich.text import Text

from mopscli.formats.palette import accent
from mopscli.page import (
    Bullets,
    Commands,
    Facts,
    Footnotes,
    Gauge,
    Grid,
    Heading,
    Heat,
    HeatRow,
    Histogram,
    Intervals,
    Ladders,
    Levels,
    Line,
    Measure,
    NextStep,
    Page,
    Paragraph,
    Piece,
    Rung,
    Scale,
    Scales,
    Scatter,
    Table,
    Timeline,
    Title,
)
from mopscli.text import clean

NARROW: Final = 60
# The least width of a cell of a heat map, and the width of what is needed.
CELL: Final = 3
NEED: Final = 6
# The color of a level by how far it is below what is needed.
HEAT: Final = ("black on green", "black on yellow", "white on red")
COLORS_NOTE: Final = "Green reaches it, yellow is one level below, red further off."
DOT_NOTE: Final = "A dot means that nothing was answered."
MAX_LEVEL: Final = 5
BAR: Final = MAX_LEVEL + 2
NAMES: Final = 20
LADDER: Final = 24
GAUGE: Final = 30
# The cells between the ends of a scale.
SCALE: Final = 13
# Goes before the name of a measure that is a part of the one above it.
NESTED: Final = "  "
# The least width of a cell of a table, and the most that its labels take.
TABLE: Final = 18
ASPECTS: Final = 20
# How the mark of a source is written where a page is brief.
RAISED: Final = str.maketrans("0123456789j", "⁰¹²³⁴⁵⁶⁷⁸⁹ʲ")
MIN_WIDTH: Final = 20
MAX_WIDTH: Final = 100


class _Screen(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the program how a reader that closes the pipe early is taken."""
        raise


def page_text(page: Page, stream: TextIO) -> str:
    """Return a page as the text that a stream shows, in colors if it is a terminal that has them."""
    console = _Screen(file=stream, highlight=False, markup=False, emoji=False)
    if isinstance(stream, StringIO):
        # What goes into a file has no colors, whatever the environment asks for.
        console.no_color, console._color_system = True, None
    console.width = max(MIN_WIDTH, min(console.width, MAX_WIDTH))
    with console.capture() as captured:
        console.print(Segments(Terminal(page, console, console.width).segments()), end="", soft_wrap=True)
    return captured.get()


class Terminal:
    """Turns a page into the lines of a terminal, `width` columns wide."""

    def __init__(self, page: Page, console: Console, width: int) -> None:
        ascii_only = console.options.ascii_only
        self.page = page
        self.console = console
        self.width = width
        self.bullet = "-" if ascii_only else "\N{BULLET}"
        self.rule = "-" if ascii_only else "\N{BOX DRAWINGS LIGHT HORIZONTAL}"
        self.rail = "|" if ascii_only else "\N{BOX DRAWINGS LIGHT VERTICAL}"
        self.full, self.empty = ("#", ".") if ascii_only else ("\N{BLACK SQUARE}", "\N{WHITE SQUARE}")
        self.footnotes = Footnotes(page)

    def segments(self) -> Iterator[Segment]:
        """Yield the lines as rich's smallest pieces, ready to print."""
        for line in self.lines():
            yield from line.render(self.console, end="\n")

    def lines(self) -> Iterator[Text]:
        """Yield the page from top to bottom, its sources at the foot; no line is wider than the terminal."""
        if self.page.more:
            from mopscli.formats.brief import brief_lines

            yield from brief_lines(self)
            return
        yield from self.blocks(block for block, _ in self.page.outlined())
        if cited := tuple((f"[{mark}]", (Line(text),)) for mark, text in self.footnotes.cited()):
            yield Text()
            yield from self._block(Heading("Sources"))
            yield from self._facts(cited)

    def blocks(self, blocks: Iterable[Piece], before: Piece | None = None) -> Iterator[Text]:
        """Yield blocks, with a blank line between those that do not belong together."""
        for block in blocks:
            if before is not None and not _belongs(before, block):
                yield Text()
            yield from self._block(block)
            before = block

    def _block(self, block: Piece) -> Iterator[Text]:
        match block:
            case Title(text):
                yield from self.row((_text(text, "bold underline"), self.width))
            case Heading(text):
                yield from self.row((_text(text, "bold cyan"), self.width))
            case Paragraph(line, quiet):
                yield from self.row((self._said(line, "dim" if quiet else ""), self.width))
            case Bullets(lines):
                yield from self._bullets(lines)
            case Facts(rows):
                yield from self._facts(rows)
            case Commands(steps):
                yield from self.commands(steps)
            case Levels():
                yield from self._levels(block)
            case Ladders(columns):
                yield from self._ladders(columns)
            case Grid():
                yield from self._grid(block)
            case Table(columns, rows):
                yield from self._table(columns, rows)
            case Heat():
                yield from self._heat(block)
            case Gauge(rows, note):
                yield from self._gauge(rows, note)
            case Scales(whose, rows, note, title):
                if title:
                    yield from self.row((_text(title, "bold"), self.width))
                yield from self._scales(whose, rows, note)
            case Intervals():
                yield from self._intervals(block)
            case Timeline():
                yield from self._timeline(block)
            case Histogram(title, _, bars, note):
                yield from self.row((_text(title, "bold"), self.width))
                most = max((count for _, count in bars), default=0) or 1
                measures = [Measure(label, 100 * count / most, f"{count:,}") for label, count in bars]
                yield from self._gauge(measures, note)
            case Scatter():
                yield from self._scatter(block)
            case _:
                assert_never(block)

    def _intervals(self, block: Intervals) -> Iterator[Text]:
        yield from self.row((_text(block.title, "bold"), self.width))
        for group, rows in block.groups:
            yield from self.row((_text(group, "bold"), self.width))
            yield from self._facts([(f"{NESTED}{row.name}", [Line(row.text)]) for row in rows])
        yield from self.row((_text(block.note, "dim"), self.width))

    def _scatter(self, block: Scatter) -> Iterator[Text]:
        yield from self.row((_text(block.title, "bold"), self.width))
        for dot in block.dots:
            said = f"{block.across} {dot.across:.0f}, {block.up} {dot.up:.0f}"
            yield from self._facts([(dot.name, [Line(said)])])
        yield from self.row((_text(block.note, "dim"), self.width))

    def _timeline(self, block: Timeline) -> Iterator[Text]:
        yield from self.row((_text(block.title, "bold"), self.width))
        said = (f"{block.done} by month {row.done:.0f}, at the latest {row.latest:.0f}" for row in block.rows)
        yield from self._facts([(row.name, [Line(text)]) for row, text in zip(block.rows, said, strict=True)])
        yield from self.row((_text(block.note, "dim"), self.width))

    def row(self, *cells: tuple[Text, int]) -> Iterator[Text]:
        """Yield texts side by side, each wrapped to its width in columns."""
        wrapped = [
            [text] if text.cell_len <= width else text.wrap(self.console, max(width, 1))
            for text, width in cells
        ]
        for number in range(max(map(len, wrapped))):
            line = Text()
            start = 0
            for (_, width), part in zip(cells, wrapped, strict=True):
                if number < len(part):
                    part[number].rstrip()
                    if part[number]:
                        line.pad_right(start - line.cell_len)
                        line.append_text(part[number])
                start += width
            yield line

    def _said(self, line: Line, style: str = "") -> Text:
        text = _text(line.text, style)
        if mark := self.footnotes.mark(line):
            raised = mark.translate(RAISED) if self.page.more and not self.console.options.ascii_only else ""
            text.append(raised or f" [{mark}]", style="dim")
        return text

    def _joined(self, lines: Sequence[Line]) -> Text:
        return Text.assemble(*(self._said(line, "dim") for line in lines))

    def _bullets(self, lines: Sequence[Line]) -> Iterator[Text]:
        for line in lines:
            yield from self.row((Text(self.bullet), 2), (self._said(line), self.width - 2))

    def _facts(self, rows: Sequence[tuple[str, Sequence[Line]]]) -> Iterator[Text]:
        labels = 2 + max(cell_len(clean(label)) for label, _ in rows)
        stacked = labels > self.width // (2 if self.width >= NARROW else 4)
        for label, lines in rows:
            if stacked:
                yield from self.row((_text(label, "bold"), self.width))
            indent = 2 if stacked else labels
            for number, line in enumerate(lines):
                name = Text() if stacked or number else self._named(label)
                yield from self.row((name, indent), (self._said(line), self.width - indent))

    def commands(self, steps: Sequence[NextStep]) -> Iterator[Text]:
        """Yield each command with its purpose in a line, one below the other where all fit, else on two lines."""
        most = max(cell_len(clean(step.command)) for step in steps)
        for step in steps:
            command, purpose = _text(step.command, "bold"), _text(step.purpose)
            room = self.width - most - 2
            width = most if room >= purpose.cell_len else command.cell_len
            if width + 2 + purpose.cell_len <= self.width:
                yield from self.row((command, width), (Text(), 2), (purpose, self.width - width - 2))
            else:
                yield from self.row((command, self.width))
                yield from self.row((Text(), 2), (purpose, self.width - 2))

    def _table(
        self, columns: Sequence[str], rows: Sequence[tuple[str, Sequence[Line | None]]]
    ) -> Iterator[Text]:
        labels = 2 + min(max(cell_len(clean(label)) for label, _ in rows), ASPECTS)
        width = (self.width - labels + 2) // len(columns) - 2
        if width < TABLE:
            for label, cells in rows:
                yield from self.row((_text(label, "bold"), self.width))
                said = [(column, (cell,)) for column, cell in zip(columns, cells, strict=True) if cell]
                yield from self._facts(said)
            return
        heads = [(self._named(column), width + 2) for column in columns]
        if any(columns):
            yield from self.row((Text(), labels), *heads)
        for label, cells in rows:
            texts = [(self._said(cell) if cell else Text(), width) for cell in cells]
            apart = [part for text in texts for part in (text, (Text(), 2))]
            yield from self.row((_text(label, "bold"), labels - 2), (Text(), 2), *apart)

    def _named(self, name: str) -> Text:
        """Return a name in bold, in the color of the role that it stands for if it does for one."""
        return _text(name, f"bold {self._accent(name)}".strip())

    def _accent(self, name: str) -> str:
        # Fewer colors than these would be taken for others, which not every background bears.
        number = self.page.accents.get(name) if self.console.color_system in ("256", "truecolor") else None
        return "" if number is None else accent(number).terminal

    def _levels(self, block: Levels) -> Iterator[Text]:
        names = 2 + max(cell_len(clean(name)) for name in (block.name, *(name for name, _, _ in block.rows)))
        widths = [2 + max(BAR, cell_len(clean(column))) for column in block.columns]
        said = [self._joined(remark) for _, _, remark in block.rows]
        remarks = max(text.cell_len for text in said)
        names = min(names, max(self.width - sum(widths) - remarks, NAMES))
        if names + sum(widths) + remarks <= self.width:
            head = [self._named(column) for column in block.columns]
            last = (_text(block.remark, "bold"), max(remarks, self.width - names - sum(widths)))
            yield from self.row((_text(block.name, "bold"), names), *zip(head, widths, strict=True), last)
            for (name, levels, _), remark in zip(block.rows, said, strict=True):
                drawn = [
                    self._bar(level, column) for level, column in zip(levels, block.columns, strict=True)
                ]
                bars = zip(drawn, widths, strict=True)
                yield from self.row((_text(name), names - 2), (Text(), 2), *bars, (remark, remarks))
        else:
            labels = 4 + max(cell_len(clean(column)) for column in block.columns)
            for (name, levels, _), remark in zip(block.rows, said, strict=True):
                title = Text.assemble((clean(name), "bold"), "  ", remark)
                yield from self.row((title, self.width))
                for column, level in zip(block.columns, levels, strict=True):
                    indent = min(labels, self.width - BAR)
                    yield from self.row((_text(f"  {column}"), indent), (self._bar(level, column), BAR))
        yield from self.row((_text(block.note, "dim"), self.width))

    def _heat(self, block: Heat) -> Iterator[Text]:
        names = 2 + max((cell_len(clean(name)) for name, *_ in block.rows), default=0)
        names = max(min(names, self.width // 2), 1)
        room = self.width - names - NEED
        width = max(CELL, 1 + max(cell_len(clean(name)) for name in block.people))
        numbered = len(block.people) * width > room
        if numbered:
            width = CELL
        most = max(room // width, 1)
        for start in range(0, len(block.people), most):
            if start:
                yield Text()
            heads = [
                f"{number if numbered else clean(name):>{width}}"
                for number, name in enumerate(block.people, 1)
            ][start : start + most]
            yield Text(f"{'':{names}}{'need':>{NEED - 1}} {''.join(heads)}", style="bold")
            for row in block.rows:
                said = Text.assemble(
                    (f"{row.needed:>{NEED - 1}} ", "bold"), *self._cells(row, start, most, width)
                )
                yield from self.row((_text(row.name), names - 1), (Text(), 1), (said, self.width - names))
        if numbered or any(block.against):
            told = zip(block.people, block.against, strict=True)
            named = [f"{name}, {role}" if role and numbered else role or name for name, role in told]
            labels = [str(number) if numbered else name for number, name in enumerate(block.people, 1)]
            yield from self._facts([(label, [Line(text)]) for label, text in zip(labels, named, strict=True)])
        colors = f" {COLORS_NOTE}" if self.console.color_system else ""
        dots = f" {DOT_NOTE}" if any(level is None for row in block.rows for level in row.levels) else ""
        yield from self.row((_text(block.note + colors + dots, "dim"), self.width))

    def _cells(self, row: HeatRow, start: int, most: int, width: int) -> Iterator[tuple[str, str]]:
        """Yield levels with their colors: by how far they are below what the role of each person asks for."""
        for level, asked in list(zip(row.levels, row.asked, strict=True))[start : start + most]:
            if level is None:
                yield f"{self.bullet:>{width}}", "dim"
            elif asked is None:
                yield f"{level:>{width}}", ""
            else:
                yield f"{level:>{width}}", HEAT[min(max(asked - level, 0), len(HEAT) - 1)]

    def _gauge(self, rows: Sequence[Measure], note: str) -> Iterator[Text]:
        labels = [f"{NESTED}{row.name}" if row.nested else row.name for row in rows]
        names = 2 + max(cell_len(clean(label)) for label in labels)
        texts = max(cell_len(clean(row.text)) for row in rows)
        length = min(GAUGE, self.width - names - texts - 2)
        for label, row in zip(labels, rows, strict=True):
            if length < MAX_LEVEL:
                # Too narrow for a bar: the words alone, below the name.
                yield from self.row((_text(label, "bold"), self.width))
                yield from self.row((Text(), 2), (_text(row.text), self.width - 2))
                continue
            filled = max(0, min(round(row.value * length / 100), length))
            color = self._accent(row.name) or "cyan"
            bar = Text.assemble((self.full * filled, color), (self.empty * (length - filled), "dim"))
            yield from self.row((_text(label), names), (bar, length + 2), (_text(row.text), texts))
        yield from self.row((_text(note, "dim"), self.width))

    def _scales(self, whose: Sequence[tuple[str, str]], rows: Sequence[Scale], note: str) -> Iterator[Text]:
        key = Text("  ").join(
            Text.assemble((f"{clean(letter)} ", f"bold {self._accent(name)}".strip()), (clean(name), "dim"))
            for letter, name in whose
        )
        yield from self.row((key.append(f"  {clean(note)}", style="dim"), self.width))
        names = 2 + max(cell_len(clean(row.name)) for row in rows)
        stacked = names + SCALE + 5 > self.width
        for row in rows:
            if stacked:
                yield from self.row((_text(row.name, "bold"), self.width))
            drawn = self._scale(row.levels, whose)
            indent = 2 if stacked else names
            room = self.width - indent
            if row.remark and drawn.cell_len + 2 + cell_len(clean(row.remark)) <= room:
                drawn.append(f"  {clean(row.remark)}", style="dim")
            name = Text() if stacked else _text(row.name, "bold")
            yield from self.row((name, indent), (drawn, room))
            if row.sentence:
                yield from self.row((Text(), 2), (_text(row.sentence), self.width - 2))

    def _scale(self, levels: Sequence[float | None], whose: Sequence[tuple[str, str]]) -> Text:
        """Draw marks on a line from 0 to 5, the first one on top where two meet."""
        cells = [(self.rule, "dim")] * (SCALE + 1)
        for level, (letter, name) in reversed(list(zip(levels, whose, strict=True))):
            if level is not None:
                mark = clean(letter), f"bold {self._accent(name)}".strip()
                cells[round(min(max(level, 0.0), MAX_LEVEL) / MAX_LEVEL * SCALE)] = mark
        return Text.assemble(("0 ", "dim"), *cells, (f" {MAX_LEVEL}", "dim"))

    def _bar(self, level: int, whose: str) -> Text:
        empty = self.empty * (MAX_LEVEL - level)
        return Text.assemble((self.full * level, self._accent(whose) or "cyan"), (empty, "dim"), f" {level}")

    def _grid(self, block: Grid) -> Iterator[Text]:
        if len(block.columns) == 2 and self.width >= NARROW:
            yield from self._side_by_side(block)
            return
        for number, (label, cells) in enumerate(block.rows):
            if number:
                yield Text()
            if label:
                yield from self.row((_text(label, "bold"), self.width))
            for place, (column, lines) in enumerate(zip(block.columns, cells, strict=True)):
                if label and len(lines) == 1:
                    text = Text.assemble((f"{clean(column)}: ", "bold"), self._said(lines[0]))
                    yield from self.row((Text(), 2), (text, self.width - 2))
                elif lines:
                    if place:
                        yield Text()
                    yield from self.row((_text(column, "bold"), self.width))
                    yield from self._bullets(lines)

    def _ladders(self, columns: Sequence[tuple[str, Sequence[Rung]]]) -> Iterator[Text]:
        width = (self.width + 2) // len(columns) - 2
        if width < LADDER:
            for number, (title, rungs) in enumerate(columns):
                if number:
                    yield Text()
                yield from self.row((_text(title, "bold cyan"), self.width))
                yield from self._ladder(rungs, self.width)
            return
        titles = [(_text(title, "bold cyan"), width) for title, _ in columns]
        yield from self.row(*(cell for title in titles for cell in (title, (Text(), 2))))
        ladders = [list(self._ladder(rungs, width)) for _, rungs in columns]
        height = max(map(len, ladders))
        # They stand on the same ground.
        raised = [[*[Text()] * (height - len(lines)), *lines] for lines in ladders]
        for parts in zip(*raised, strict=True):
            yield from self.row(*(cell for part in parts for cell in ((part, width), (Text(), 2))))

    def _ladder(self, rungs: Sequence[Rung], width: int) -> Iterator[Text]:
        for number, rung in enumerate(rungs):
            last = number == len(rungs) - 1
            yield from self.row((Text(self.bullet, "cyan"), 2), (_text(rung.name, "bold"), width - 2))
            for line in (Line(rung.when), *rung.lines):
                for text in self.row((self._said(line, "dim"), width - 2)):
                    yield Text.assemble(("  " if last else f"{self.rail} ", "cyan"), text)
            if not last:
                yield Text(self.rail, "cyan")

    def _side_by_side(self, block: Grid) -> Iterator[Text]:
        labels = max(cell_len(clean(label)) for label, _ in block.rows)
        labels = min(labels, self.width // 4) + 2 if labels else 0
        column = (self.width - labels - 2) // 2
        head = [self._named(name) for name in block.columns]
        yield from self.row((Text(), labels), (head[0], column + 2), (head[1], column))
        yield Text(self.rule * self.width, style="dim")
        blank = False
        for label, (left, right) in block.rows:
            for number, (first, second) in enumerate(zip_longest(left, right)):
                if blank:
                    yield Text()
                blank = True
                name = "" if number else label
                yield from self.row(
                    *(((_text(name, "bold"), labels - 2), (Text(), 2)) if labels else ()),
                    (self._said(first) if first else Text(), column),
                    (Text(), 2),
                    (self._said(second) if second else Text(), column),
                )


def _belongs(before: Piece, block: Piece) -> bool:
    """Tell whether a block follows without a blank line."""
    if isinstance(before, Heading):
        return True
    if isinstance(block, Paragraph):
        return block.quiet and isinstance(before, Gauge | Levels | Paragraph)
    return isinstance(block, Facts) and isinstance(before, Paragraph)


def _text(text: str, style: str = "") -> Text:
    return Text(clean(text), style=style)
