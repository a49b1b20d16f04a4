"""A page as rich renderables or Markdown, and a result as a JSON-ready dict; prints nothing."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mopscli.catalog import PARTS, RoleProfile
from mopscli.problem import Problem
from mopscli.view import (
    Block,
    Bullets,
    Commands,
    Facts,
    Grid,
    Heading,
    Levels,
    Line,
    Page,
    Paragraph,
    Title,
    source_text,
)

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

# Control characters, and those that turn the direction of text or break lines: data must not steer a terminal.
UNSAFE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
MARKUP: Final = re.compile(r"([\\`*_\[\]<>|~])")
BLOCK_START: Final = re.compile(r"^(\s*)([#+>=-]|\d+(?=[.)]))")
NARROW: Final = 60
MAX_LEVEL: Final = 5
ENVELOPE: Final = 1


def clean(text: str) -> str:
    """Return text that is only text: one line, with nothing in it that a terminal obeys."""
    return UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\n", " ").replace("\t", " "))


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


# --- Terminal -------------------------------------------------------------------------------------


class Terminal:
    """Turns a page into rich renderables for a terminal `width` columns wide."""

    def __init__(self, page: Page, width: int, ascii_only: bool) -> None:
        self.page = page
        self.width = width
        self.bullet = "-" if ascii_only else "\N{BULLET}"
        self.full, self.empty = ("#", ".") if ascii_only else ("\N{BLACK SQUARE}", "\N{WHITE SQUARE}")
        self.footnotes = Footnotes(page)

    def render(self) -> "Iterator[RenderableType]":
        """Yield the whole page from top to bottom, its sources at the foot."""
        from rich.text import Text

        before: Block | None = None
        for block in self.page.blocks:
            if before is not None and not _belongs(before, block):
                yield Text()
            yield from self._block(block)
            before = block
        if cited := tuple((f"[{mark}]", (Line(text),)) for mark, text in self.footnotes.cited()):
            yield Text()
            yield from self._block(Heading("Sources"))
            yield from self._facts(cited)

    def _block(self, block: Block) -> "Iterator[RenderableType]":
        from rich.text import Text

        match block:
            case Title(text):
                yield Text(clean(text), style="bold underline")
            case Heading(text):
                yield Text(clean(text), style="bold cyan")
            case Paragraph(line, quiet):
                yield self._text(line, "dim" if quiet else "")
            case Bullets(lines):
                yield self._list(lines)
            case Facts(rows):
                yield from self._facts(rows)
            case Commands(rows):
                yield from self._facts([(command, (Line(purpose),)) for command, purpose in rows])
            case Levels():
                yield from self._levels(block)
            case Grid():
                yield from self._grid(block)

    def _text(self, line: Line, style: str = "") -> "Text":
        from rich.text import Text

        text = Text(clean(line.text), style=style)
        if mark := self.footnotes.mark(line):
            text.append(f" [{mark}]", style="dim")
        return text

    def _list(self, lines: Sequence[Line]) -> "Table":
        table = _columns(1, 1)
        for line in lines:
            table.add_row(self.bullet, self._text(line))
        return table

    def _facts(self, rows: "Sequence[tuple[str, Sequence[Line]]]") -> "Iterator[RenderableType]":
        from rich.padding import Padding
        from rich.text import Text

        labels = max(len(clean(label)) for label, _ in rows)
        if labels > self.width // 2 or (self.width < NARROW and labels > self.width // 4):
            for label, lines in rows:
                yield Text(clean(label), style="bold")
                for line in lines:
                    yield Padding(self._text(line), (0, 0, 0, 2))
            return
        table = _columns(labels, 2)
        for label, lines in rows:
            for number, line in enumerate(lines):
                table.add_row(Text("" if number else clean(label), style="bold"), self._text(line))
        yield table

    def _levels(self, block: Levels) -> "Iterator[RenderableType]":
        from rich.text import Text

        names = max(len(clean(name)) for name, _, _ in block.rows)
        if min(names, 30) + 11 * len(block.columns) + 14 <= self.width:
            table = _columns(min(names, self.width // 2), 2)
            for _ in block.columns:
                table.add_column()
            table.add_row(*(Text(clean(text), style="bold") for text in (block.name, *block.columns)))
            for name, levels, note in block.rows:
                table.add_row(Text(clean(name)), *map(self._bar, levels), Text(clean(note), style="dim"))
            yield table
        else:
            labels = max(len(clean(column)) for column in block.columns)
            for name, levels, note in block.rows:
                yield Text.assemble((clean(name), "bold"), (f"  {clean(note)}", "dim"))
                for column, level in zip(block.columns, levels, strict=True):
                    yield Text.assemble(f"  {clean(column):{labels}}  ", self._bar(level))
        yield Text(block.note, style="dim")

    def _bar(self, level: int) -> "Text":
        from rich.text import Text

        return Text.assemble(
            (self.full * level, "cyan"), (self.empty * (MAX_LEVEL - level), "dim"), f" {level}", no_wrap=True
        )

    def _grid(self, block: Grid) -> "Iterator[RenderableType]":
        from rich.padding import Padding
        from rich.text import Text

        if len(block.columns) == 2 and self.width >= NARROW:
            yield self._side_by_side(block)
            return
        first = True
        for label, cells in block.rows:
            if label:
                if not first:
                    yield Text()
                yield Text(clean(label), style="bold")
            for column, lines in zip(block.columns, cells, strict=True):
                if len(lines) == 1 and label:
                    yield from (
                        Padding(Text.assemble((f"{clean(column)}: ", "bold"), self._text(line)), (0, 0, 0, 2))
                        for line in lines
                    )
                elif lines:
                    if not first:
                        yield Text()
                    yield Text(clean(column), style="bold")
                    yield self._list(lines)
                first = False

    def _side_by_side(self, block: Grid) -> "Table":
        from rich import box
        from rich.table import Table
        from rich.text import Text

        labels = max(len(clean(label)) for label, _ in block.rows)
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, expand=True, padding=(0, 2, 0, 0))
        if labels:
            table.add_column("", width=min(labels, self.width // 5))
        for column in block.columns:
            table.add_column(Text(clean(column), style="bold"), ratio=1)
        for number, (label, cells) in enumerate(block.rows):
            depth = max(len(lines) for lines in cells)
            for item in range(depth):
                texts = [self._text(lines[item]) if item < len(lines) else Text() for lines in cells]
                if labels:
                    table.add_row(Text("" if item else clean(label), style="bold"), *texts)
                else:
                    table.add_row(*texts)
                if item < depth - 1 or number < len(block.rows) - 1:
                    table.add_row()
        return table


def _belongs(before: Block, block: Block) -> bool:
    """Tell whether a block follows without a blank line."""
    if isinstance(before, Heading):
        return True
    if isinstance(block, Paragraph):
        return block.quiet and not isinstance(before, Title)
    return isinstance(block, Facts) and isinstance(before, Paragraph)


def _columns(label_width: int, gap: int) -> "Table":
    from rich.table import Table

    table = Table.grid(padding=(0, gap, 0, 0))
    table.add_column(width=label_width)
    table.add_column()
    return table


# --- Markdown -------------------------------------------------------------------------------------


def markdown(page: Page) -> str:
    """Return a page as Markdown, its sources as footnotes."""
    footnotes = Footnotes(page)
    blocks = ["\n".join(_markdown_block(block, footnotes)) for block in page.blocks]
    cited = [f"[^{mark}]: {_escape(text)}" for mark, text in footnotes.cited()]
    return "\n\n".join([*blocks, "\n".join(cited)]).strip() + "\n"


def _markdown_block(block: Block, footnotes: Footnotes) -> Iterator[str]:
    def said(line: Line) -> str:
        mark = footnotes.mark(line)
        return _escape(line.text) + (f"[^{mark}]" if mark else "")

    match block:
        case Title(text):
            yield f"# {_escape(text)}"
        case Heading(text):
            yield f"## {_escape(text)}"
        case Paragraph(line):
            yield said(line)
        case Bullets(lines):
            yield from (f"- {said(line)}" for line in lines)
        case Facts(rows):
            yield from (f"- **{_escape(label)}**: {' '.join(map(said, lines))}" for label, lines in rows)
        case Commands(rows):
            yield from (f"- `{command}`: {_escape(purpose)}" for command, purpose in rows)
        case Levels(name, columns, rows, note):
            yield from _markdown_table([name, *columns, ""])
            for label, levels, remark in rows:
                yield _markdown_row([_escape(label), *map(str, levels), _escape(remark)])
            yield f"\n{_escape(note)}"
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


def _escape(text: str) -> str:
    """Return text that Markdown shows as it stands."""
    return BLOCK_START.sub(r"\1\\\2", MARKUP.sub(r"\\\1", clean(text)).replace("&", "&amp;"))


# --- JSON -----------------------------------------------------------------------------------------


def envelope(
    command: str, result: Any, page: Page | None, problems: Sequence[Problem] = ()
) -> dict[str, Any]:
    """Return what `--json` prints: the result, with the sources that it cites, and the problems found.

    `mops` counts up when a key changes its meaning or goes.
    """
    data = plain(result)
    if page is not None and page.sources:
        cited = _sources_in(data)
        data["sources"] = {key: plain(source) for key, source in page.sources.items() if key in cited}
    return {
        "mops": ENVELOPE,
        "command": command,
        "data": data,
        "problems": [
            {
                "path": problem.place.path,
                "line": problem.place.line or None,
                "column": problem.place.column or None,
                "message": problem.message,
                "hint": problem.hint or None,
            }
            for problem in problems
        ],
    }


def _sources_in(data: Any) -> set[str]:
    if isinstance(data, dict):
        here = {data["source"]} if isinstance(data.get("source"), str) else set()
        return here.union(*map(_sources_in, data.values()))
    return set().union(*map(_sources_in, data)) if isinstance(data, list) else set()


def plain(value: Any) -> Any:
    """Return a result as dicts, lists, texts and numbers, without the places in files."""
    if isinstance(value, RoleProfile):
        return _profile(value)
    if is_dataclass(value):
        return {
            field.name.rstrip("_"): plain(getattr(value, field.name))
            for field in fields(value)
            if field.name != "place"
        }
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value


def _profile(profile: RoleProfile) -> dict[str, Any]:
    """Return a role with those fields alone that its parts show."""
    shown = {field for part in profile.parts for field in PARTS[part]}
    hidden = {field for part in PARTS.values() for field in part} - shown
    role = {key: value for key, value in plain(profile.role).items() if key not in hidden}
    return {"role": role} | {
        name: plain(getattr(profile, name)) for name in ("topics", "ladders", "destinations") if name in shown
    }
