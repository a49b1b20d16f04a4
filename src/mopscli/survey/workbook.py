"""Workbooks of Excel: their rows, and the cells that are not what they seem; knows no questions.

What cannot be looked into is refused: in it, an error such as #REF! would pass for no answer.
"""

import marshal
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from posixpath import join, normpath
from types import MappingProxyType
from typing import IO, Any, BinaryIO, Final, NoReturn
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, LargeZipFile, ZipFile

from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.survey.cells import Row
from mopscli.text import clean, shorten

READER: Final = Path(__file__).with_name("sheets.py")
# How much may come out of a workbook: no more than this, or no more than so many times its own size.
MOST_UNPACKED: Final = 2_000_000_000
MUCH_UNPACKED: Final = 100_000_000
MOST_TIMES: Final = 100
BLOCK: Final = 1 << 20
# What an error, a formula, or a text that may hide one looks like in the XML of a sheet.
SUSPECT: Final = re.compile(rb"""\st\s*=\s*["']\s*(?:[eE]\s*["']|[^"']*&)|<(?:[\w.-]+:)?f[\s>/]|\0""")
ROW: Final = re.compile(rb"""<(?:[\w.-]+:)?row\s[^<>]*?\br\s*=\s*["']([0-9]{1,9})["']""")
# No tag that matters is longer.
TAG: Final = 400
NOT_CALCULATED: Final = "a formula without a result"
SAVE_AGAIN: Final = "save it as .xlsx or CSV"
# How an encrypted package is called in a file of Microsoft's compound format, and what else a ZIP file may be.
LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
OTHER_ARCHIVES: Final = {
    "word/document.xml": "a document of Word",
    "ppt/presentation.xml": "a presentation of PowerPoint",
    "Index/Document.iwa": "a document of Numbers or Pages",
}
# What other workbooks hold than those of the kind .xlsx.
OTHER_WORKBOOKS: Final = ("workbook.bin", "content.xml", "Index.zip")
# A number format of nothing but zeros.
PADDED: Final = re.compile(r"\\?0{2,}(?:;@)?")
ONLY_XLSX: Final = "cannot be read as a workbook: it is none of the kind .xlsx"


class Workbook:
    """A workbook that is open in the process that reads it."""

    def __init__(self, process: "subprocess.Popen[bytes]", name: str) -> None:
        self._process = process
        self._name = name
        self.sheet_names: list[str] = self._take()

    def rows(self, sheet: int) -> Iterator[list[str] | None]:
        """Yield the rows of a sheet, one sheet at a time; None is a row without anything."""
        rows = self._ask(b"%d\n" % sheet)
        while rows:
            yield from rows
            rows = self._ask(b"more\n")

    def _ask(self, line: bytes) -> list[list[str] | None]:
        with suppress(BrokenPipeError):
            assert self._process.stdin is not None  # noqa: S101 - it has been opened with a pipe
            self._process.stdin.write(line)
            self._process.stdin.flush()
        return self._take()

    def _take(self) -> list[Any]:
        assert self._process.stdout is not None  # noqa: S101 - it has been opened with a pipe
        try:
            found = marshal.load(self._process.stdout)  # noqa: S302 - our own process wrote it
        except (EOFError, ValueError, TypeError):
            found = "it is damaged, or takes too much memory"
        if isinstance(found, str):
            _refuse(self._name, f"cannot be read as a workbook: {shorten(clean(found), 80)}")
        return list(found)


@contextmanager
def read_workbook(file: BinaryIO, name: str) -> Iterator[Workbook]:
    """Open a workbook, a file that has a name.

    Raises:
        ProblemsFound: it is none, or it cannot be read to its end.

    """
    _refuse_large(file, name)
    # Nothing in the folder in which somebody works is imported.
    path = os.pathsep.join(filter(None, sys.path))
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-P", str(READER), os.path.realpath(file.name)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        try:
            yield Workbook(process, name)
        finally:
            process.kill()


def sheet_rows(
    workbook: Workbook, sheet: int, broken: Mapping[int, Mapping[int, str]] = MappingProxyType({})
) -> Iterator[Row]:
    """Yield the rows of a sheet that are not blank; `broken` are cells that are not what the reader says."""
    width = 0
    for number, row in enumerate(workbook.rows(sheet), start=1):
        if row is None and number not in broken:
            continue
        cells = [""] * width if row is None else row
        width = len(cells)
        for place, text in broken.get(number, {}).items():
            cells.extend([""] * (place + 1 - len(cells)))
            cells[place] = text
        if any(map(str.strip, cells)):
            yield Row(number, number, cells)


def _refuse(name: str, message: str, hint: str = SAVE_AGAIN) -> NoReturn:
    raise ProblemsFound([Problem(Place(name), message, hint)]) from None


def _refuse_large(file: BinaryIO, name: str) -> None:
    """Refuse what is no .xlsx, and what would fill memory when it is unpacked."""
    size = os.fstat(file.fileno()).st_size
    try:
        with ZipFile(file) as archive:
            parts = archive.infolist()
    except (BadZipFile, LargeZipFile, ValueError, NotImplementedError, OSError):
        file.seek(0)
        if file.read(2) == b"PK":
            _refuse(name, "cannot be read as a workbook: it is damaged")
        _refuse_locked(file, name)
        _refuse(name, ONLY_XLSX)
    names = Counter(part.filename.lower() for part in parts)
    if "xl/workbook.xml" not in names:
        _refuse_other_archives([part.filename for part in parts], name)
        _refuse(name, ONLY_XLSX)
    if max(names.values()) > 1:
        _refuse(name, "two parts of the workbook have one name")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED or unpacked > max(MUCH_UNPACKED, MOST_TIMES * size):
        _refuse(
            name, f"the workbook holds {unpacked // 1_000_000:,} MB when it is unpacked", "save it as CSV"
        )


def _refuse_locked(file: BinaryIO, name: str) -> None:
    """Refuse a workbook that a password locks."""
    file.seek(0)
    before = b""
    while block := file.read(BLOCK):
        if LOCKED in before + block:
            _refuse(name, "the workbook is locked by a password", "save it without one")
        before = block[-len(LOCKED) :]


def _refuse_other_archives(parts: Sequence[str], name: str) -> None:
    """Refuse what begins like a workbook and is none, and say what it is."""
    for part, what in OTHER_ARCHIVES.items():
        if part in parts:
            _refuse(name, f"the file is {what}", "save the answers as CSV")
    if not any(part.endswith(OTHER_WORKBOOKS) for part in parts):
        inside = next((part for part in parts if part.endswith((".csv", ".xlsx", ".tsv"))), "")
        hint = f"unpack it, and take '{shorten(inside)}' out of it" if inside else "unpack it first"
        _refuse(name, "the file is a ZIP archive", hint)


# --- Cells that are not what they seem ------------------------------------------------------------


def broken_cells(file: BinaryIO, sheet: int, name: str) -> dict[int, dict[int, str]]:
    """Return the text of cells that are not what programs say of them.

    These are errors, such as #REF!, and formulas not calculated, which pass for empty; and numbers that are shown
    with zeros in front, as 007 is.

    Args:
        file: a workbook.
        sheet: the position of the sheet.
        name: what the user calls the file.

    Returns:
        By row, counted from 1, and column, counted from 0.

    Raises:
        ProblemsFound: it cannot be looked into, or a row stands twice.

    """
    try:
        with ZipFile(file) as archive:
            part, padded = _part_of(archive, sheet), _padded_styles(archive)
            with archive.open(part) as stream:
                suspect = _is_suspect(stream, name)
            if not suspect and not padded:
                return {}
            cells = _Cells(padded)
            with archive.open(part) as stream:
                _parse(stream, cells.start, cells.end, cells.characters)
            return cells.broken
    except (BadZipFile, ExpatError, LookupError, ValueError, NotImplementedError, EOFError, OSError):
        _refuse(name, "the workbook cannot be searched for errors such as #REF!")


def _is_suspect(stream: IO[bytes], name: str) -> bool:
    """Tell whether there may be errors or formulas in a sheet; refuse one in which a row may be lost."""
    before, suspect, last = b"", False, 0
    while block := stream.read(BLOCK):
        text = before + block
        suspect = suspect or SUSPECT.search(text) is not None
        for found in ROW.finditer(text):
            number = int(found[1])
            # What reaches into the next block is found there again.
            if found.end() > len(before) or not before:
                if number <= last:
                    _refuse(name, f"row {number} of the sheet stands behind row {last}")
                last = number
        before = text[-TAG:]
    return suspect


def _part_of(archive: Any, sheet: int) -> str:
    """Return the name of the part of an .xlsx file that holds a sheet."""
    ids: list[str] = []
    targets: dict[str, str] = {}

    def start(name: str, attributes: Mapping[str, str]) -> None:
        local = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if name.endswith(" sheet"):
            ids.append(local["id"])
        elif name.endswith(" Relationship"):
            targets[local["Id"]] = local["Target"]

    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        with archive.open(part) as stream:
            _parse(stream, start)
    return normpath(join("/xl", targets[ids[sheet]])).lstrip("/")


def _padded_styles(archive: Any) -> dict[str, int]:
    """Return the styles of cells that show a number with zeros in front, and how many figures they show."""
    formats: dict[str, int] = {}
    styles: list[str] = []
    within = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal within
        name = name.rpartition(" ")[2]
        if name == "numFmt" and PADDED.fullmatch(code := attributes.get("formatCode", "")):
            formats[attributes.get("numFmtId", "")] = code.count("0")
        elif name == "cellXfs":
            within = True
        elif name == "xf" and within:
            styles.append(attributes.get("numFmtId", "0"))

    def end(name: str) -> None:
        nonlocal within
        within = within and not name.endswith("cellXfs")

    try:
        stream = archive.open("xl/styles.xml")
    except KeyError:
        return {}
    with stream:
        _parse(stream, start, end)
    return {str(style): formats[number] for style, number in enumerate(styles) if number in formats}


def _parse(stream: IO[bytes], start: Any, end: Any = None, characters: Any = None) -> None:
    """Read XML; names come behind their namespace and a space."""
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.ParseFile(stream)


class _Cells:
    """Walks over the cells of a sheet, and notes those that are broken."""

    def __init__(self, padded: Mapping[str, int]) -> None:
        self._padded = padded
        self.broken: dict[int, dict[int, str]] = defaultdict(dict)
        self._row = 0
        self._column = -1
        self._error = self._formula = self._value = self._is_text = False
        self._text = self._style = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take note of where an element begins; rows and cells need not say their number."""
        name = name.rpartition(" ")[2]
        if name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = -1
        elif name == "c":
            letters = attributes.get("r", "").rstrip("0123456789")
            number = 0
            for letter in letters:
                number = 26 * number + ord(letter) - ord("A") + 1
            self._column = number - 1 if letters else self._column + 1
            kind = attributes.get("t", "n").strip().lower()
            self._error, self._formula, self._text = kind == "e", False, ""
            # The result of a formula may be an empty text, and is known to be one.
            self._is_text = kind == "str"
            # Of other texts, the value is a number too: their place in a list.
            self._style = attributes.get("s", "") if kind == "n" else ""
        elif name == "f":
            self._formula = True
        self._value = name == "v"

    def characters(self, text: str) -> None:
        """Take the value of a cell."""
        if self._value:
            self._text += text

    def end(self, name: str) -> None:
        """Note a cell that is an error, or should have a value."""
        name = name.rpartition(" ")[2]
        if name == "v":
            self._value = False
        elif name == "c" and (self._error or (self._formula and not self._text and not self._is_text)):
            self.broken[self._row][self._column] = self._text or NOT_CALCULATED
        elif name == "c" and self._style in self._padded and self._text.isdecimal():
            self.broken[self._row][self._column] = self._text.zfill(self._padded[self._style])
