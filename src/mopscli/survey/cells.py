"""The cells of a file, whatever its kind: lines of text, objects of JSON, sheets; knows no questions.

The only importer of python_calamine.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, time
from itertools import chain, islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple
from zipfile import BadZipFile, ZipFile

from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.text import shorten

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

WIDE: Final = ("utf-16", "utf-32")
# NUL, and bytes that are no text in the encoding: Python reads them as half characters.
NO_TEXT: Final = re.compile("[\0\ud800-\udfff]")
HALVES: Final = re.compile("[\ud800-\udfff]")
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
LINE_BREAK: Final = re.compile(r"\r\n|\n|\r")
# Up to here, every whole number is a float.
WHOLE_FLOATS: Final = 2**53
MAX_HEADER: Final = 10_000_000
# How an encrypted package is called in a file of Microsoft's compound format, and what else a ZIP file may be.
LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
PARTS_OF_WORKBOOKS: Final = ("workbook.xml", "workbook.bin", "content.xml", "Index.zip")
OTHER_ARCHIVES: Final = {
    "word/document.xml": "a document of Word",
    "ppt/presentation.xml": "a presentation of PowerPoint",
    "Index/Document.iwa": "a document of Numbers or Pages",
}
PANIC: Final = "PanicException"
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
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
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


# --- Workbooks ------------------------------------------------------------------------------------


@contextmanager
def read_workbook(file: BinaryIO, name: str) -> Iterator["CalamineWorkbook"]:
    """Open a workbook of Excel or OpenDocument."""
    from python_calamine import CalamineError, CalamineWorkbook

    _refuse_other_archives(file, name)
    file.seek(0)
    try:
        with CalamineWorkbook.from_filelike(file) as workbook:
            yield workbook
    except CalamineError as error:
        reason = shorten(str(error).partition("\n")[0], 80)
        problem = Problem(Place(name), f"cannot be read as a workbook: {reason}", "save it as .xlsx or CSV")
        raise ProblemsFound([problem]) from None
    except BaseException as error:
        # A panic of calamine, which is written in Rust, is no Exception.
        if type(error).__name__ != PANIC:
            raise
        problem = Problem(
            Place(name), "cannot be read as a workbook: it is damaged", "save it as .xlsx or CSV"
        )
        raise ProblemsFound([problem]) from None


def _refuse_other_archives(file: BinaryIO, name: str) -> None:
    """Refuse what begins like a workbook and is none, and say what it is; what is damaged is told later."""
    file.seek(0)
    if file.read(2) != b"PK":
        file.seek(0)
        if LOCKED in file.read():
            raise ProblemsFound(
                [Problem(Place(name), "the workbook is locked by a password", "save it without one")]
            )
        return
    try:
        with ZipFile(file) as archive:
            members = archive.namelist()
    except (BadZipFile, ValueError, NotImplementedError, OSError):
        return
    for part, what in OTHER_ARCHIVES.items():
        if part in members:
            raise ProblemsFound([Problem(Place(name), f"the file is {what}", "save the answers as CSV")])
    if not any(member.endswith(PARTS_OF_WORKBOOKS) for member in members):
        inside = next((member for member in members if member.endswith((".csv", ".xlsx", ".tsv"))), "")
        hint = f"unpack it, and take '{shorten(inside)}' out of it" if inside else "unpack it first"
        raise ProblemsFound([Problem(Place(name), "the file is a ZIP archive", hint)])


def sheet_rows(
    workbook: "CalamineWorkbook", sheet: int, broken: Mapping[int, Mapping[int, str]] = MappingProxyType({})
) -> Iterator[Row]:
    """Yield the rows of a sheet that are not blank; `broken` are cells that are not what calamine says."""
    for number, row in enumerate(workbook.get_sheet_by_index(sheet).iter_rows(), start=1):
        cells = [cell if isinstance(cell, str) else _cell_text(cell) for cell in row]
        for place, text in broken.get(number, {}).items():
            if place < len(cells):
                cells[place] = text
        if any(map(str.strip, cells)):
            yield Row(number, number, cells)


def _cell_text(value: Any) -> str:
    """Return the value of a cell as text: 4 for 4.0, true for TRUE, dates as ISO 8601 has them."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < WHOLE_FLOATS:
        return str(int(value))
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
