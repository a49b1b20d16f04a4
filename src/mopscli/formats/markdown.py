"""A page as Markdown, a result as a JSON-ready dict, and text made safe to show; prints nothing."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final

from mopscli.knowledge.reader import CONTROL
from mopscli.pages.roles import (
    Block,
    Bullets,
    Chart,
    Commands,
    Facts,
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
    source_text,
)
from mopscli.problem import Problem

MARKUP: Final = re.compile(r"([\\`*_\[\]<>|~])")
BLOCK_START: Final = re.compile(r"^(\s*\d*)([#+>=-]|[.)](?=\s|$))")
ENTITY: Final = re.compile(r"&(?=#?\w+;)")
# What no text may hold: half a character, and what is none.
NOTHING: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")
ENVELOPE: Final = 1


def clean(text: str) -> str:
    """Return text that is only text: one line, with nothing in it that a terminal obeys."""
    safe = CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\n", " ").replace("\t", " "))
    return NOTHING.sub("\N{REPLACEMENT CHARACTER}", safe)


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
