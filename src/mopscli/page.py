"""What a page is made of: blocks, lines, and where each line comes from; knows no color, width or format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

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


class Levels(NamedTuple):
    """Levels from 0 to 5 of several things, by name; a row ends with a remark and the levels' sources."""

    name: str
    columns: tuple[str, ...]
    remark: str
    rows: tuple[tuple[str, tuple[int, ...], tuple[Line, ...]], ...]
    note: str


class Heat(NamedTuple):
    """Levels from 0 to 5 of several people, a row for each skill with the level needed; a cell may be empty."""

    people: tuple[str, ...]
    rows: tuple[tuple[str, int, tuple[int | None, ...]], ...]
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
    """Scales from 0 to 5 for the same few, each with the letter that marks them, the first one on top."""

    whose: tuple[tuple[str, str], ...]
    rows: tuple[Scale, ...]
    note: str


class Rung(NamedTuple):
    """A rung of a ladder: a place on the way, when one is there, and what there is to know."""

    name: str
    when: str
    lines: tuple[Line, ...]


class Ladders(NamedTuple):
    """Ways side by side, each with a title and its rungs from the top down."""

    columns: tuple[tuple[str, tuple[Rung, ...]], ...]


class Chart(NamedTuple):
    """Quantities to look at: a row for each thing, a column for each series; a cell may be empty.

    A `profile` compares levels from 0 to 5, `sides` set points for one against those for another, and `times` tell
    in months when something begins, when it usually ends, and when at the latest.
    """

    title: str
    kind: Literal["profile", "sides", "times"]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float | None, ...]], ...]
    note: str


class NextStep(NamedTuple):
    """Something to type next, and what it does; `answered` if it goes on with somebody's answers."""

    command: str
    purpose: str
    answered: bool = False


class Commands(NamedTuple):
    """What one can type, and what it does."""

    steps: tuple[NextStep, ...]


Block = (
    Title
    | Heading
    | Paragraph
    | Bullets
    | Facts
    | Grid
    | Levels
    | Heat
    | Gauge
    | Scales
    | Ladders
    | Chart
    | Commands
)


class Page(NamedTuple):
    """Blocks, the sources that their lines may name, and what to type next.

    A `personal` page says something of people, and is for nobody else's eyes unless they share it. `accents` are
    the numbers of roles' colors in PALETTE, by the labels that name the roles on the page. Parts that are `apart`
    begin on sheets of their own, where there are sheets.
    """

    blocks: tuple[Block, ...]
    sources: Mapping[str, Source] = {}
    next: tuple[NextStep, ...] = ()
    personal: bool = False
    accents: Mapping[str, int] = {}
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
        return self._replace(next=tuple(steps))

    def without_sources(self) -> Page:
        """Return the page with lines that name no source."""
        return self._replace(blocks=tuple(map(_bare, self.blocks)), sources={})

    def outlined(self) -> Iterator[tuple[Block, int]]:
        """Yield each block with its level as a headline: 1 for the first title, below it those of parts, if any."""
        parts = sum(isinstance(block, Title) for block in self.blocks) > 1
        first = True
        for block in self.shown:
            if isinstance(block, Title):
                yield block, 1 if first else 2
                first = False
            else:
                yield block, 3 if parts else 2


def amount(value: float | None) -> str:
    """Return a quantity of a chart as text."""
    return "" if value is None else f"{value:.1f}".removesuffix(".0")


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


def claim_facts(heading: str, rows: Iterable[tuple[str, Claim | None]]) -> Iterator[Block]:
    """Yield labels with what is claimed about each, under a heading, if there is any."""
    told = tuple((label, (claim_line(claim),)) for label, claim in rows if claim)
    if told:
        yield Heading(heading)
        yield Facts(told)


def bullets(heading: str, lines: tuple[Line, ...]) -> Iterator[Block]:
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
