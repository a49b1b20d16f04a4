"""The cells of a file, whatever its kind: lines of text, objects of JSON, sheets; knows no questions."""

import csv
import json
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.text import shorten

WIDE: Final = ("utf-16", "utf-32")
# NUL, and bytes that are no text in the encoding: Python reads them as half characters.
NO_TEXT: Final = re.compile("[\0\ud800-\udfff]")
HALVES: Final = re.compile("[\ud800-\udfff]")
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
LINE_BREAK: Final = re.compile(r"\r\n|\n|\r")
# Up to here, every whole number is a float.
WHOLE_FLOATS: Final = 2**53
MAX_HEADER: Final = 10_000_000
QUOTE: Final = "a quote is not closed, or stands where none may"


class Row(NamedTuple):
    """The cells of a row, and the lines where it begins and ends."""

    line: int
    end: int
    cells: Sequence[str]


@contextmanager
def telling_errors(name: str) -> Iterator[None]:
    """Turn what may go wrong while a file is read into a problem."""
    try:
        yield
    except OSError as error:
        problem = Problem(Place(name), f"cannot be read: {error.strerror}")
    except UnicodeError as error:
        # A file that should begin with a byte order mark, and does not, is told without the encoding.
        encoding = getattr(error, "encoding", "utf-16").upper()
        problem = Problem(Place(name), f"the bytes are not {encoding} text", "save the file as UTF-8")
    else:
        return
    raise ProblemsFound([problem])


class Stamp(NamedTuple):
    """What tells that a file is still the same, and that nobody has written to it."""

    device: int
    number: int
    size: int
    modified: int


def stamp_of(path: Path) -> Stamp | None:
    """Return what tells whether a file changes, or None if it is none that could be read twice."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        return None
    return Stamp(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def refuse_changed(path: Path, name: str, before: Stamp | None) -> None:
    """Raise ProblemsFound if a file is another one than before: what was read may be half of each."""
    with telling_errors(name):
        if before is not None and stamp_of(path) != before:
            problem = Problem(
                Place(name), "the file changed while it was read", "try again when it is complete"
            )
            raise ProblemsFound([problem])


@contextmanager
def open_text(path: Path, encoding: str) -> Iterator[Iterator[str]]:
    """Open a file as lines with their ends; bytes that are no text become halves of characters."""
    errors = "strict" if encoding.startswith(WIDE) else "surrogateescape"
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        # Some programs put a byte order mark before one that is there.
        yield chain((line.lstrip("\ufeff") for line in islice(file, 1)), file)


def whole_characters(text: str) -> str:
    """Return text with a mark in place of what is half a character."""
    return HALVES.sub(REPLACEMENT, text)


# --- CSV ------------------------------------------------------------------------------------------


def no_more_than(size: int, lines: Iterable[str]) -> Iterator[str]:
    """Yield lines; csv.Error, if they are too long together."""
    for line in lines:
        size -= len(line)
        if size < 0:
            raise csv.Error("too long")
        yield line


@contextmanager
def cells_of_any_size() -> Iterator[None]:
    """Lift the limit that csv has for all of a program, and put it back."""
    limit = csv.field_size_limit(MAX_HEADER)
    try:
        yield
    finally:
        csv.field_size_limit(limit)


def swallows_row(cells: Sequence[str], delimiter: str) -> bool:
    """Tell whether a line within a quoted cell holds as many delimiters as a row, and so may be one."""
    least = max(1, len(cells) - 1)
    return any(
        line.count(delimiter) >= least
        for cell in cells
        if "\n" in cell or "\r" in cell
        for line in LINE_BREAK.split(cell)[1:]
    )


# --- JSON -----------------------------------------------------------------------------------------


class _Number(str):
    """A number in JSON, as it is written."""

    __slots__ = ()


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"the key '{shorten(twice)}' stands twice")
    return values


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"not valid JSON: {word} is no value")


DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object_of, parse_int=_Number, parse_float=_Number, parse_constant=_refuse_constant
)


def read_object(line: str) -> dict[str, Any]:
    """Return the object that a line of JSON is; ValueError tells why it is none."""
    try:
        value = DECODER.decode(line.strip())
    except json.JSONDecodeError as error:
        raise ValueError(f"not valid JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("not valid JSON: nested too deep") from None
    if not isinstance(value, dict):
        raise ValueError("expected an object of JSON")  # noqa: TRY004 - a fault of the file, not of the program
    return value


def json_cell(value: Any) -> str:
    """Return a value of JSON as a cell: text and numbers as they are, nothing for null, JSON for the rest."""
    return value if isinstance(value, str) else "" if value is None else _as_written(value)


def _as_written(value: Any) -> str:
    """Return a value as JSON, its numbers as they were written."""
    if isinstance(value, _Number):
        return value
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{_as_written(key)}: {_as_written(inner)}" for key, inner in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(_as_written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
