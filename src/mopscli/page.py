"""What a page is made of: blocks, lines, and where each line comes from; knows no color, width or format."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from typing import Protocol

    from mopscli.knowledge.entries import Claim, Source

    class Sourced(Protocol):
        """Anything that states something and names the source behind it."""

        @property
        def text(self) -> str: ...

        @property
        def source(self) -> str: ...


# --- Blocks ---------------------------------------------------------------------------------------


class Line(NamedTuple):
    """A piece of text, with the key of the source behind it if it states something."""

    text: str
    source: str | None = None


class Title(NamedTuple):
    """The headline of the page."""

    text: str


class Heading(NamedTuple):
    """The headline of a part."""

    text: str


class Paragraph(NamedTuple):
    """Running text; `quiet` text explains what stands above it."""

    line: Line
    quiet: bool = False


class Bullets(NamedTuple):
    """A list."""

    lines: tuple[Line, ...]


class Facts(NamedTuple):
    """Labels, each with one line or more."""

    rows: tuple[tuple[str, tuple[Line, ...]], ...]


class Grid(NamedTuple):
    """The same aspects of several things, side by side; each cell is a list of lines."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[Line, ...], ...]], ...]


class Table(NamedTuple):
    """A few words for each aspect of several things, tight; a cell may be empty."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Line | None, ...]], ...]


class Levels(NamedTuple):
    """Levels from 0 to 5 of several things, by name; a row ends with a remark and the levels' sources."""

    name: str
    columns: tuple[str, ...]
    remark: str
    rows: tuple[tuple[str, tuple[int, ...], tuple[Line, ...]], ...]
    note: str


class HeatRow(NamedTuple):
    """A skill with the level needed, each person's level, and the level that the role of each asks for, if any."""

    name: str
    needed: int
    levels: tuple[int | None, ...]
    asked: tuple[int | None, ...]


class Heat(NamedTuple):
    """Levels from 0 to 5 of several people, each held against a role of their own; a cell may be empty."""

    people: tuple[str, ...]
    against: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    note: str


class Measure(NamedTuple):
    """A quantity from 0 to 100, and how to say it; a `nested` one is a part of the one above it."""

    name: str
    value: float
    text: str
    nested: bool = False


class Gauge(NamedTuple):
    """Quantities from 0 to 100, to look at."""

    rows: tuple[Measure, ...]
    note: str


class Scale(NamedTuple):
    """Where several stand on a scale from 0 to 5, with a sentence about it and a remark that may be left out.

    A level is None for whoever has none.
    """

    name: str
    levels: tuple[float | None, ...]
    sentence: str
    remark: str = ""


class Scales(NamedTuple):
    """Scales from 0 to 5 for the same few, each with the letter that marks them, the first one on top.

    They are drawn as a dumbbell chart where there are pictures.
    """

    whose: tuple[tuple[str, str], ...]
    rows: tuple[Scale, ...]
    note: str
    title: str = ""


class Rung(NamedTuple):
    """A rung of a ladder: a place on the way, when one is there, and what there is to know."""

    name: str
    when: str
    lines: tuple[Line, ...]


class Ladders(NamedTuple):
    """Ways side by side, each with a title and its rungs from the top down."""

    columns: tuple[tuple[str, tuple[Rung, ...]], ...]


class Interval(NamedTuple):
    """A quantity from 0 to 100, the range that it lies in, what to hold it against, and how to say it."""

    name: str
    low: float
    value: float
    high: float
    against: float | None
    text: str


class Intervals(NamedTuple):
    """Quantities from 0 to 100 with the doubt about them, in groups that each have a name."""

    title: str
    groups: tuple[tuple[str, tuple[Interval, ...]], ...]
    note: str


class Stretch(NamedTuple):
    """Something that takes time: the months in which it begins, usually ends, and ends at the latest."""

    name: str
    begins: float
    done: float
    latest: float


class Timeline(NamedTuple):
    """What takes which time, in months from now, each named by what it is when it is done."""

    title: str
    done: str
    rows: tuple[Stretch, ...]
    note: str


class Histogram(NamedTuple):
    """How many people there are in each of some bands, from the lowest up; `whose` names the role it is about."""

    title: str
    whose: str
    bars: tuple[tuple[str, int], ...]
    note: str


class Dot(NamedTuple):
    """Somebody in a scatter chart: two quantities from 0 to 100."""

    name: str
    across: float
    up: float


class Scatter(NamedTuple):
    """Each person as a dot by two quantities from 0 to 100; from `least` up counts as enough of the second."""

    title: str
    whose: str
    across: str
    up: str
    least: float
    dots: tuple[Dot, ...]
    note: str


class NextStep(NamedTuple):
    """Something to type next, and what it does; `answered` if it goes on with somebody's answers."""

    command: str
    purpose: str
    answered: bool = False


class Commands(NamedTuple):
    """What one can type, and what it does."""

    steps: tuple[NextStep, ...]


Piece = (
    Title
    | Heading
    | Paragraph
    | Bullets
    | Facts
    | Grid
    | Table
    | Levels
    | Heat
    | Gauge
    | Scales
    | Ladders
    | Intervals
    | Timeline
    | Histogram
    | Scatter
    | Commands
)


class Sheet(NamedTuple):
    """What fits on a sheet of paper, or a screen: what stands across it, and columns below that, left to right."""

    across: tuple[Piece, ...]
    columns: tuple[tuple[Piece, ...], ...]


Block = Piece | Sheet


class Page(NamedTuple):
    """Blocks, the sources that their lines may name, and what to type next.

    A `personal` page says something of people, and is for nobody else's eyes unless they share it. `accents` are
    the numbers of roles' colors in the palette, by the labels that name the roles. `more` is the command that shows
    all, where the page is to be shown in brief: as much as one screen holds. An `abridged` page leaves something
    out by itself. Parts that are `apart` begin on sheets of their own, where there are sheets.
    """

    blocks: tuple[Block, ...]
    sources: Mapping[str, Source] = {}
    next: tuple[NextStep, ...] = ()
    personal: bool = False
    accents: Mapping[str, int] = {}
    more: str = ""
    abridged: bool = False
    apart: bool = False

    @property
    def shown(self) -> tuple[Block, ...]:
        """All blocks, what to type next as the last of them."""
        return (*self.blocks, Heading("Next"), Commands(self.next)) if self.next else self.blocks

    def with_answers(self, file: str) -> Page:
        """Return the page with next steps that go on with the answers in a file, where they are about answers."""
        from shlex import quote

        steps = (
            step._replace(command=f"{step.command} --answers {quote(file)}") if step.answered else step
            for step in self.next
        )
        more = f"{self.more} --answers {quote(file)}" if self.more else ""
        return self._replace(next=tuple(steps), more=more)

    @property
    def parts(self) -> tuple[tuple[Piece, ...], ...]:
        """The blocks in parts: what stands before the first heading, and each heading with what belongs to it."""
        parts: list[list[Piece]] = [[]]
        for block in chain.from_iterable(map(pieces_of, self.blocks)):
            if isinstance(block, Heading) and parts[-1]:
                parts.append([])
            parts[-1].append(block)
        return tuple(map(tuple, parts))

    def only(self, names: Collection[str]) -> Page:
        """Return the page with its beginning and the parts whose headings begin with one of some names.

        Raises:
            LookupError: no heading begins with one of them; it holds the name.

        """
        begun = [name.casefold() for name in names]
        headed = [part for part in self.parts if isinstance(part[0], Heading)]
        chosen: list[Block] = [block for block in self.parts[0][:1] if isinstance(block, Title)]
        told: set[str] = set()
        for part in headed:
            found = {
                name for name in begun if _slug(part[0]).startswith(name) or _text(part[0]).startswith(name)
            }
            chosen += part if found else ()
            told |= found
        for name in begun:
            if name not in told:
                raise LookupError(name)
        return self._replace(blocks=tuple(chosen))

    @property
    def headings(self) -> tuple[str, ...]:
        """What the headings of the page are, in short."""
        return tuple(block.text.partition(":")[0] for block in self.blocks if isinstance(block, Heading))

    def without_sources(self) -> Page:
        """Return the page with lines that name no source."""
        return self._replace(blocks=tuple(map(_bare, self.blocks)), sources={})

    def outlined(self) -> Iterator[tuple[Piece, int]]:
        """Yield each block, those of a sheet one by one, with its level as a headline."""
        outline = Outline()
        for block in self.shown:
            for piece in pieces_of(block):
                yield piece, outline.level(piece)


def _text(block: Piece) -> str:
    return block.text.casefold() if isinstance(block, Heading) else ""


def _slug(block: Piece) -> str:
    """Return a heading as one types it: must-have-has-led-a-team."""
    return "-".join("".join(c if c.isalnum() else " " for c in _text(block)).split())


class Outline:
    """Tells the level of each headline of a page, in their order: 1 for its title, below it those of its parts."""

    def __init__(self) -> None:
        self._titles = 0

    def level(self, block: Piece) -> int:
        """Return the level of a block as a headline."""
        if isinstance(block, Title):
            self._titles += 1
            return min(self._titles, 2)
        return 3 if self._titles > 1 else 2


def pieces_of(block: Block) -> Iterator[Piece]:
    """Yield a block, or those of a sheet in the order in which one reads them."""
    if isinstance(block, Sheet):
        yield from block.across
        for column in block.columns:
            yield from column
    else:
        yield block


def whole(level: float | None) -> str:
    """Return a level as text, to the whole number that is nearest."""
    return "" if level is None else str(int(level + 0.5))


class Footnotes:
    """Numbers for the sources of a page, in the order in which it cites them; judgment is marked j."""

    def __init__(self, page: Page) -> None:
        self._sources = page.sources
        self._marks: dict[str, str] = {}

    def mark(self, line: Line) -> str:
        """Return the mark of a line's source, or an empty text if the line has none."""
        if line.source is None:
            return ""
        if line.source not in self._marks:
            letter = "j" if self._sources[line.source].kind == "judgement" else ""
            same = sum(mark.startswith("j") == bool(letter) for mark in self._marks.values())
            self._marks[line.source] = letter + (str(same + 1) if same or not letter else "")
        return self._marks[line.source]

    def cited(self) -> Iterator[tuple[str, str]]:
        """Yield each mark and what it stands for, numbers first."""
        order = sorted(self._marks.items(), key=lambda item: (len(item[1]), item[1]))
        order.sort(key=lambda item: item[1].startswith("j"))
        for source, mark in order:
            yield mark, source_text(self._sources[source])


def source_text(source: Source) -> str:
    """Name a source in a line: title, author or publisher, year, address, and what to know of it."""
    by = ", ".join(str(part) for part in (source.author, source.publisher, source.year) if part is not None)
    parts = [source.title.rstrip("."), by, source.url or "", (source.note or "").rstrip(".")]
    return ". ".join(part for part in parts if part).replace("?.", "?") + "."


def claim_facts(heading: str, rows: Iterable[tuple[str, Claim | None]]) -> Iterator[Piece]:
    """Yield labels with what is claimed about each, under a heading, if there is any."""
    told = tuple((label, (claim_line(claim),)) for label, claim in rows if claim)
    if told:
        yield Heading(heading)
        yield Facts(told)


def bullets(heading: str, lines: tuple[Line, ...]) -> Iterator[Piece]:
    """Yield a list under a heading, if there is anything in it."""
    if lines:
        yield Heading(heading)
        yield Bullets(lines)


def claim_line(claim: Sourced) -> Line:
    """Return a claim as a line that names its source."""
    return Line(claim.text, claim.source)


def claim_lines(claims: Iterable[Sourced]) -> tuple[Line, ...]:
    """Return claims as lines that name their sources."""
    return tuple(map(claim_line, claims))


def _bare(part: Any) -> Any:
    """Return a block, or a part of one, with lines that name no source."""
    if isinstance(part, Line):
        return Line(part.text)
    if isinstance(part, tuple):
        parts = map(_bare, part)
        return type(part)(*parts) if hasattr(part, "_fields") else tuple(parts)
    return part
