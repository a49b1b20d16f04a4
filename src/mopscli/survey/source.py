"""How a file of respondents is written: its kind, encoding, dialect, sheet and columns; knows no answers.

Dialect and header rows are those under which the expected questions are found; nothing is guessed from the answers.
"""

import codecs
import csv
import re
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, Literal, NamedTuple

from mopscli.assessment.questionnaire import Questionnaire
from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.survey.cells import (
    HALVES,
    MAX_HEADER,
    QUOTE,
    WIDE,
    Row,
    Stamp,
    cells_of_any_size,
    no_more_than,
    open_text,
    read_object,
    refuse_changed,
    stamp_of,
    swallows_row,
    telling_errors,
)
from mopscli.survey.header import (
    HEADER_ROWS,
    Columns,
    QuestionFinder,
    header_cells,
    header_rows,
    match_columns,
    refuse_unreadable,
)
from mopscli.survey.workbook import read_workbook, sheet_rows
from mopscli.text import shorten

SourceKind = Literal["csv", "jsonl", "xlsx", "parquet"]

DELIMITERS: Final = (",", ";", "\t")


# That of UTF-32 begins with that of UTF-16, and so comes first.
MARKS: Final = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}

WORKBOOKS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
ARCHIVES: Final = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\x00", b"7z\xbc\xaf", b"BZh91AY&SY")
PARQUET: Final = b"PAR1"
JSON_LIST: Final = re.compile(r"\s*\[\s*(?:\{|$)")
BLANK_LINE: Final = re.compile(rb"\n\r?\n")
SCAN_BLOCK: Final = 1 << 17
MAX_LINE: Final = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a file is written.

    Attributes:
        kind: what it is, by its content; "xlsx" is any workbook, "parquet" is only read by others.
        header: the rows of its header.
        delimiter: what is between the cells of a CSV file.
        encoding: a name that Python knows; a byte order mark is not part of it.
        newline: how its first line ends.
        sheet: the position of the sheet in a workbook.

    """

    kind: SourceKind
    header: Sequence[Row] = ()
    delimiter: str = ""
    encoding: str = ""
    newline: str = ""
    sheet: int = 0

    @property
    def first_line(self) -> int:
        """The line of the first record after the header."""
        return self.header[-1].end + 1 if self.header else 1


@dataclass(frozen=True, kw_only=True)
class Survey(Columns, Layout):
    """A file of respondents whose layout and columns are known.

    Attributes:
        path: where it lies.
        name: as the user calls it.
        missing: what means no answer, besides nothing at all, in lower case.
        plain: each line of it is one record of valid UTF-8, which may be split at the delimiter if it holds no
            quote; what holds one can be read by itself.
        rows: how many records a plain file has.
        stamp: what tells whether it changes while it is read.

    """

    path: Path
    name: str
    missing: frozenset[str] = frozenset()
    plain: bool = False
    rows: int = 0
    stamp: Stamp | None = None

    def refuse_changed(self) -> None:
        """Raise ProblemsFound if the file is not the one any more that was opened."""
        refuse_changed(self.path, self.name, self.stamp)


def folded(missing: Collection[str]) -> frozenset[str]:
    """Return texts that mean no answer as they are compared."""
    return frozenset(text.strip().casefold() for text in missing)


# --- Opening --------------------------------------------------------------------------------------


def open_survey(
    questionnaire: Questionnaire,
    path: Path,
    name: str,
    *,
    id_column: str | None = None,
    partial: bool = False,
    encoding: str | None = None,
    missing: Collection[str] = (),
) -> Survey:
    """Find out how a file of respondents is written, and which column is which question.

    Args:
        questionnaire: the questions.
        path: a regular file, whatever its name ends with.
        name: what the user calls it.
        id_column: the header of the column of ids, or None to look for a usual one.
        partial: whether scored questions may have no column.
        encoding: the encoding of its text, or None to find it out.
        missing: what means no answer, besides nothing at all.

    Raises:
        ProblemsFound: the file cannot be read, or its columns are not those of the questionnaire.

    """
    with telling_errors(name):
        stamp = stamp_of(path)
    finder = QuestionFinder(questionnaire)
    layout, scan = _layout_of(finder, path, name, encoding)
    columns = _columns_of(questionnaire, finder, layout, name, id_column, partial=partial)
    plain = scan is not None and _is_split(layout, columns, scan)
    return Survey(
        **vars(layout),
        **vars(columns),
        path=path,
        name=name,
        missing=folded(missing),
        plain=plain,
        rows=scan.lines - layout.first_line + 1 if plain and scan else 0,
        stamp=stamp,
    )


def _layout_of(
    finder: QuestionFinder, path: Path, name: str, encoding: str | None
) -> "tuple[Layout, _Scan | None]":
    """Return how a file is written, and what its bytes tell if they may be UTF-8."""
    scan = None
    with telling_errors(name), path.open("rb") as file:
        head = file.read(4096)
        if head.startswith(WORKBOOKS):
            return _workbook_layout(finder, file, name), None
        _refuse_archive(head, name)
        known = _checked(encoding, name) if encoding else _encoding_of(head)
        if known in ("", "utf-8"):
            scan = _scan(file)
        return _text_layout(finder, path, name, known or _guess_encoding(path, scan)), scan


def _columns_of(
    questionnaire: Questionnaire,
    finder: QuestionFinder,
    layout: Layout,
    name: str,
    id_column: str | None,
    *,
    partial: bool,
) -> Columns:
    """Return what the columns of a file are; JSON has one for each question, whether it was seen or not."""
    header = header_cells(finder, layout.header)
    line = layout.header[0].line
    refuse_unreadable(header, Place(name, line, 1))
    if layout.kind != "jsonl":
        return match_columns(questionnaire, header, name, id_column=id_column, partial=partial, line=line)
    # Nobody can tell from one object of JSON which keys the others have.
    columns = match_columns(questionnaire, header, name, id_column=id_column, partial=True, line=line)
    return _with_every_question(columns, questionnaire)


def _with_every_question(columns: Columns, questionnaire: Questionnaire) -> Columns:
    """Add a column for each question that the first object of JSON has no key for, as others may have one."""
    rest = [key for key in (*questionnaire.items, *questionnaire.context) if key not in columns.questions]
    questions = {**columns.questions, **{key: len(columns.columns) + n for n, key in enumerate(rest)}}
    return replace(columns, columns=(*columns.columns, *rest), questions=questions, absent=())


def _is_split(layout: Layout, columns: Columns, scan: "_Scan") -> bool:
    """Tell whether each line is a record: in the bytes, in the header, and at the end, where nothing is cut off."""
    if layout.kind != "csv" or not scan.plain or layout.header[-1].end != len(layout.header):
        return False
    last = scan.tail.decode().split(layout.delimiter)[-1]
    return not scan.tail or bool(last.strip()) or len(columns.columns) - 1 not in columns.questions.values()


# --- Bytes ----------------------------------------------------------------------------------------


def _refuse_archive(head: bytes, name: str) -> None:
    if head.startswith(ARCHIVES):
        raise ProblemsFound([Problem(Place(name), "the file is compressed", "unpack it first")])
    if head.startswith(PARQUET):
        raise ProblemsFound([Problem(Place(name), "a Parquet file is not read here", "save it as CSV")])


def _checked(encoding: str, name: str) -> str:
    """Return the name that Python has for an encoding of text."""
    try:
        "a".encode(encoding)
        return codecs.lookup(encoding).name.removesuffix("-sig")
    except (LookupError, ValueError):
        message = f"unknown encoding '{shorten(encoding)}'"
        raise ProblemsFound([Problem(Place(name), message, "such as utf-8, utf-16 or cp1252")]) from None


def _encoding_of(head: bytes) -> str:
    """Return the encoding that the first bytes give away by their mark or by where NUL bytes stand, or ""."""
    for mark, encoding in MARKS.items():
        if head.startswith(mark):
            return encoding
    even, odd = head[:64:2].count(0), head[1:64:2].count(0)
    most = len(head[:64]) / 4
    if odd > most and not even:
        return "utf-16-le"
    return "utf-16-be" if even > most and not odd else ""


def _guess_encoding(path: Path, scan: "_Scan | None") -> str:
    """Return UTF-8 if the file, or at least a line that is not ASCII, is valid, else the usual one of Windows."""
    if scan is not None and scan.valid:
        return "utf-8"
    with open_text(path, "utf-8") as lines:
        valid = any(not line.isascii() and not HALVES.search(line) for line in lines)
    return "utf-8" if valid else "cp1252"


class _Scan(NamedTuple):
    """What the bytes tell: whether they are UTF-8, whether each line can be a record, a last line without end."""

    valid: bool
    plain: bool
    lines: int
    tail: bytes


def _scan(file: BinaryIO) -> _Scan:
    """Read the bytes of a file once."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    plain, lines, tail, newline = True, 0, b"", b""
    for block in iter(lambda: file.read(SCAN_BLOCK) + file.readline(MAX_LINE), b""):
        newline = newline or (b"\r\n" if block.partition(b"\n")[0].endswith(b"\r") else b"\n")
        plain = plain and _is_plain(block, newline)
        lines += block.count(b"\n")
        tail = block[block.rfind(b"\n") + 1 :]
        if not block.isascii() or decoder.getstate()[0]:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                return _Scan(valid=False, plain=False, lines=0, tail=b"")
    valid = not decoder.getstate()[0]
    return _Scan(valid, plain and valid, lines + bool(tail), tail)


def _is_plain(block: bytes, newline: bytes) -> bool:
    """Tell whether each of some whole lines can be a record by itself."""
    # The database reads 1 as the end of a cell that is not there, and 2 as a line that is none.
    if b"\0" in block or b"\1" in block or b"\2" in block:
        return False
    if block.startswith(newline) or BLANK_LINE.search(block):
        return False
    if b"\r" in block or newline == b"\r\n":
        count = block.count(b"\n") if newline == b"\r\n" else 0
        if not block.count(b"\r\n") == block.count(b"\r") == count:
            return False
    if len(block) - block.rfind(b"\n", 0, -1) > MAX_LINE:
        return False
    return b'"' not in block or not any(line.count(b'"') % 2 for line in block.split(b"\n"))


# --- Layouts --------------------------------------------------------------------------------------


def _text_layout(finder: QuestionFinder, path: Path, name: str, encoding: str) -> Layout:
    with open_text(path, encoding) as lines:
        first = next(filter(str.strip, lines), "")
        if encoding.startswith(WIDE):
            # Such a file breaks as a whole, which is better told now than after half of its rows.
            deque(lines, maxlen=0)
    if not first:
        raise ProblemsFound([Problem(Place(name), "the file is empty")])
    if JSON_LIST.match(first):
        raise ProblemsFound([Problem(Place(name), "a list in JSON is not read", "write one object a line")])
    if first.lstrip().startswith("{"):
        layout = _json_layout(path, name, encoding)
    else:
        layout = _csv_layout(finder, path, name, encoding)
    return replace(layout, encoding=encoding, newline=first[len(first.rstrip("\r\n")) :] or "\n")


def _csv_layout(finder: QuestionFinder, path: Path, name: str, encoding: str) -> Layout:
    """Take the delimiter under which the header names the most questions."""
    layouts = []
    for delimiter in DELIMITERS:
        with open_text(path, encoding) as lines:
            rows = header_rows(finder, _first_rows(lines, delimiter))
        header = header_cells(finder, rows)
        layouts.append((finder.count(header), len(header[0]) if header else 0, delimiter, rows))
    count, _, delimiter, rows = max(layouts, key=lambda layout: layout[:2])
    broken = [row for row in rows if swallows_row(row.cells, delimiter)]
    if broken or (not count and not all(rows for *_, rows in layouts)):
        line = broken[0].line if broken else 1
        raise ProblemsFound([Problem(Place(name, line, 1), f"the header is not valid CSV: {QUOTE}")])
    return Layout(kind="csv", header=rows, delimiter=delimiter)


def _first_rows(lines: Iterator[str], delimiter: str) -> list[Row]:
    """Return the first few records that are not blank, as far as they can be read."""
    records: list[Row] = []
    rows = csv.reader(no_more_than(MAX_HEADER, lines), delimiter=delimiter, strict=True)
    line = 1
    with cells_of_any_size(), suppress(csv.Error):
        for cells in rows:
            if cells:
                records.append(Row(line, rows.line_num, cells))
            if len(records) == HEADER_ROWS:
                break
            line = rows.line_num + 1
    return records


def _json_layout(path: Path, name: str, encoding: str) -> Layout:
    """Take the keys of the first object for the header."""
    with open_text(path, encoding) as lines:
        problem = None
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    return Layout(kind="jsonl", header=[Row(number, 0, list(read_object(line)))])
                except ValueError as error:
                    problem = problem or Problem(Place(name, number, 1), str(error))
    raise ProblemsFound(filter(None, [problem]))


def _workbook_layout(finder: QuestionFinder, file: BinaryIO, name: str) -> Layout:
    """Take the sheet whose header names the most questions; a second one with as many would be lost."""
    found: list[tuple[int, Layout]] = []
    with read_workbook(file, name) as workbook:
        titles = workbook.sheet_names
        for sheet in range(len(titles)):
            rows = header_rows(finder, list(islice(sheet_rows(workbook, sheet), HEADER_ROWS)))
            if rows:
                found.append(
                    (finder.count(header_cells(finder, rows)), Layout(kind="xlsx", header=rows, sheet=sheet))
                )
    if not found:
        raise ProblemsFound([Problem(Place(name), "the file is empty")])
    most, best = max(found, key=lambda one: one[0])
    rival = next((layout for count, layout in found if 0 < most <= 2 * count and layout is not best), None)
    if rival:
        both = f"'{shorten(titles[best.sheet])}' and '{shorten(titles[rival.sheet])}'"
        message = f"the sheets {both} both hold answers, and one would be left out"
        raise ProblemsFound([Problem(Place(name), message, "save each sheet as a file of its own")])
    return best
