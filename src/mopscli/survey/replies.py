"""A file of respondents, as survey tools export it, read row by row; knows no scores, SQL or screens.

The only importer of python_calamine. Dialect and header rows are those under which the expected questions are
found; nothing is guessed from the answers. A row that is damaged is told as it stands, and never takes another
one with it.
"""

import codecs
import csv
import html
import json
import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, time
from functools import lru_cache
from itertools import accumulate, chain, islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Literal, NamedTuple

from mopscli.assessment.questionnaire import (
    Choice,
    Questionnaire,
    choices_of,
    is_no_answer,
    numbers_text,
    value_of,
)
from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.survey.spreadsheet import broken_cells
from mopscli.text import did_you_mean, plain_words, shorten

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Kind = Literal["csv", "jsonl", "xlsx", "parquet"]

DELIMITERS: Final = (",", ";", "\t")
HEADER_ROWS: Final = 3
# Id columns: Microsoft Forms and SurveyJS (id), Typeform (#, token), SurveyMonkey (respondent), Qualtrics and
# LimeSurvey (response), Jotform (submission), ODK and Kobo (_id, _uuid, instanceID), lists of staff.
IDS: Final = frozenset(
    (
        *("id", "#", "token", "responsetoken", "respondentid", "responseid", "submissionid", "participantid"),
        *("uuid", "instanceid", "metainstanceid", "meta/instanceid"),
        *("employeeid", "staffid", "personid", "userid"),
    )
)
EMAILS: Final = frozenset(("emailaddress", "email", "username"))
# From so many questions without a column on, one sentence is enough.
MANY: Final = 5
PARTIAL: Final = "score without it by --partial"
# What SurveyMonkey writes in its second header row.
BELOW_HEADER: Final = frozenset(("response", "open-ended response"))
IMPORT_ID: Final = re.compile(r'\s*\{\s*"ImportId"\s*:')
TAG: Final = re.compile(r"<(/?(?:br|p|div|li)\b)?[^<>]*>", re.IGNORECASE)
NUMBERING: Final = re.compile(r"(?:q(?:uestion)? ?)?[0-9]+ ?[.:)] ")
AROUND: Final = " *:\"'"

# That of UTF-32 begins with that of UTF-16, and so comes first.
MARKS: Final = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
WIDE: Final = ("utf-16", "utf-32")
WORKBOOKS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
ARCHIVES: Final = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\x00", b"7z\xbc\xaf", b"BZh91AY&SY")
PARQUET: Final = b"PAR1"
JSON_LIST: Final = re.compile(r"\s*\[\s*(?:\{|$)")
LINE_BREAK: Final = re.compile(r"\r\n|\n|\r")
BLANK_LINE: Final = re.compile(rb"\n\r?\n")
# NUL, and bytes that are no text in the encoding: Python reads them as half characters.
UNREADABLE: Final = re.compile("[\0\ud800-\udfff]")
HALVES: Final = re.compile("[\ud800-\udfff]")
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
# Up to here, every whole number is a float.
WHOLE_FLOATS: Final = 2**53

BLOCK: Final = 1 << 17
MAX_LINE: Final = 1_000_000
MAX_HEADER: Final = 10_000_000
MAX_RECORD: Final = 1_000_000
MAX_RECORD_LINES: Final = 500
MAX_CACHED: Final = 10_000
MAX_CACHED_TEXT: Final = 1_000
MAX_GUESSES: Final = 100
PROBED: Final = 3

QUOTE: Final = "a quote is not closed, or stands where none may"
REST: Final = "it may belong to the row before, whose quotes are broken"
SWALLOWED: Final = "a quoted cell holds a line that may be a row of its own"
SEPARATE: Final = "separate the columns by commas, semicolons or tabs"
CUT_OFF: Final = "the file ends here without a line end and without an answer: it may be cut off"


class Fault(NamedTuple):
    """Why a row cannot be scored: the header of the column ("" is the whole row), what stands there, the reason."""

    column: str
    value: str
    reason: str


class Reply(NamedTuple):
    """One row of the file.

    Attributes:
        line: its first line in the file, or its row in the sheet, from 1.
        id: as it stands; "" if unknown, "row 7" if the file has no column for it.
        values: one for each of the survey's questions, None if not answered; nothing at all in a faulty row.
        cells: its cells as text, as far as they could be read.
        faults: why it cannot be scored.

    """

    line: int
    id: str
    values: tuple[float | None, ...]
    cells: tuple[str, ...]
    faults: tuple[Fault, ...]


class Columns(NamedTuple):
    """What the columns of a table are.

    Attributes:
        names: the header of each column.
        questions: question key to position, for scored and context questions, in the order of the columns.
        absent: scored questions without a column.
        id_column: the position of the column of ids, if there is one.

    """

    names: tuple[str, ...]
    questions: Mapping[str, int]
    absent: tuple[str, ...]
    id_column: int | None


@dataclass(frozen=True)
class Survey:
    """A file of respondents whose dialect and header are known.

    Attributes:
        path: where it lies.
        name: as the user calls it.
        kind: what it is, by its content; "xlsx" is any workbook, "parquet" is only read by others.
        encoding: a name that Python knows; a byte order mark is not part of it.
        delimiter: what is between the cells of a CSV file.
        newline: how its first line ends.
        first_line: the line of the first record after the header.
        columns: the header of each column.
        questions: question key to position, for scored and context questions, in the order of the columns.
        absent: scored questions without a column.
        id_column: the position of the column of ids, if there is one.
        missing: what means no answer, besides nothing at all, in lower case.
        plain: each line of it is one record of valid UTF-8, which may be split at the delimiter if it holds no
            quote; what holds one can be read by itself.
        rows: how many records a plain file has.
        sheet: the position of the sheet in a workbook.

    """

    path: Path
    name: str
    kind: Kind
    encoding: str
    delimiter: str
    newline: str
    first_line: int
    columns: tuple[str, ...]
    questions: Mapping[str, int]
    absent: tuple[str, ...]
    id_column: int | None
    missing: frozenset[str] = frozenset()
    plain: bool = False
    rows: int = 0
    sheet: int = 0


# --- The header -----------------------------------------------------------------------------------


def problems_of(survey: Survey, reply: Reply) -> Iterator[Problem]:
    """Yield the faults of a reply as problems, each at its line and column."""
    for fault in reply.faults:
        column = survey.columns.index(fault.column) + 1 if fault.column in survey.columns else 1
        what = f"{shorten(fault.column)}: '{shorten(fault.value)}': " if fault.column else ""
        yield Problem(Place(survey.name, reply.line, column), what + fault.reason)


class _Finder:
    """Finds the question that a header names, by its key or by its text."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        texts = {key: item.text for key, item in questionnaire.items.items()}
        texts |= {key: text for key, (text, _) in questionnaire.context.items()}
        self.keys = {key.casefold(): key for key in texts}
        # XForms put an underscore before names that begin with a digit.
        self.keys |= {f"_{key}".casefold(): key for key in texts if key[0].isdigit()}
        self.texts: dict[str, str | None] = {}
        for key, text in texts.items():
            words = _header_words(text)
            self.texts[words] = None if words in self.texts else key
        self.size = len(texts)
        self.scored = frozenset(questionnaire.items)
        self.find = lru_cache(maxsize=MAX_CACHED)(self._find)

    def _find(self, header: str) -> str | None:
        """Return the key of the question that a header names; grids put a title before it."""
        if (key := self.keys.get(header.strip().casefold())) is not None:
            return key
        words = _header_words(header)
        if key := self.texts.get(words):
            return key
        if header.rstrip().endswith("]"):
            for tail in _tails(words.rstrip("]"), "["):
                if key := self.texts.get(_header_words(tail)) or self.keys.get(tail.strip()):
                    return key
        return next((key for tail in _tails(words, " - ") if (key := self.texts.get(tail))), None)

    def count(self, header: Sequence[Sequence[str]]) -> int:
        """Return how many columns name a question."""
        return sum(any(map(self.find, cells)) for cells in zip(*header, strict=True))


def _header_words(text: str) -> str:
    """Return the text of a question as it is compared: without markup, numbering and marks of must and end."""
    words = plain_words(html.unescape(TAG.sub(lambda tag: " " if tag[1] else "", text))).strip(AROUND)
    return NUMBERING.sub("", words, count=1).strip(AROUND) if NUMBERING.match(words) else words


def _tails(text: str, mark: str) -> Iterator[str]:
    """Yield what is behind each of the first few marks."""
    parts = text.split(mark, 5)
    yield from (mark.join(parts[start:]) for start in range(1, len(parts)))


def match_columns(
    questionnaire: Questionnaire,
    header: Sequence[Sequence[str]],
    name: str,
    *,
    id_column: str | None = None,
    partial: bool = False,
    line: int = 1,
) -> Columns:
    """Find the questions and the ids among the columns of a table.

    Args:
        questionnaire: the questions.
        header: the rows of the header, all equally long.
        name: what the user calls the file.
        id_column: the header of the column of ids, or None to look for a usual one.
        partial: whether scored questions may have no column.
        line: where the header begins, 0 if that is no line of text.

    Raises:
        ProblemsFound: no question, two columns for one, none for a scored question, or no such column of ids.

    """
    finder = _Finder(questionnaire)
    names = tuple(next(filter(str.strip, cells), "") for cells in zip(*header, strict=True))
    questions: dict[str, int] = {}
    problems = []

    def report(index: int, message: str, hint: str = "") -> None:
        problems.append(Problem(Place(name, line, index + 1 if line else 0), message, hint))

    for index, cells in enumerate(zip(*header, strict=True)):
        found = dict.fromkeys(filter(None, map(finder.find, cells)))
        if len(found) > 1:
            report(index, f"the header names two questions, {' and '.join(map(repr, found))}")
        for key in found:
            if key in questions and len(found) == 1:
                report(index, f"a second column for the question '{key}', after column {questions[key] + 1}")
            questions.setdefault(key, index)
    taken = set(questions.values())
    strange = [shorten(text) for index, text in enumerate(names) if text and index not in taken]
    if not questions:
        key = next(iter(finder.keys.values()), "")
        near = (did_you_mean(text, finder.keys) for text in strange[:MAX_GUESSES])
        hint = next(filter(None, near), "") if len(names) > 1 else SEPARATE
        report(0, f"no column is a question: expected keys such as '{key}', or texts of questions", hint)
        raise ProblemsFound(problems)
    absent = tuple(key for key in questionnaire.items if key not in questions)
    if len(absent) > MANY and not partial:
        some = ", ".join(f"'{key}'" for key in absent[:3])
        lack = f"only {len(questions)} of {len(finder.keys)} questions have a column; without one are {some}, ..."
        report(0, lack, PARTIAL)
    for key in () if partial or len(absent) > MANY else absent:
        hint = did_you_mean(key, strange[:MAX_GUESSES])
        hint = hint or did_you_mean(questionnaire.items[key].text, strange[:MAX_GUESSES])
        report(0, f"no column is the question '{key}'", hint or PARTIAL)
    ids = _id_columns(header, taken, id_column)
    if id_column is not None and not ids:
        report(0, f"no column is called '{shorten(id_column)}'", did_you_mean(id_column, names[:MAX_GUESSES]))
    if len(ids) > 1:
        report(ids[1], f"a second column of ids, '{shorten(names[ids[1]])}', after column {ids[0] + 1}")
    if problems:
        raise ProblemsFound(problems)
    return Columns(names, questions, absent, ids[0] if ids else None)


def _id_columns(header: Sequence[Sequence[str]], taken: Collection[int], name: str | None) -> list[int]:
    """Return the columns of ids, which should be one: those of that name, or like the first with a usual name."""
    columns = list(enumerate(zip(*header, strict=True)))
    if name is not None:
        exact = [index for index, cells in columns if name in cells]
        folded = name.strip().casefold()
        return exact or [i for i, cells in columns if folded in (cell.strip().casefold() for cell in cells)]
    free = [cells for index, cells in columns if index not in taken]
    # An email address tells people apart where nothing else does.
    usual = (
        cells for names in (IDS, EMAILS) for cells in free if any(_plain(cell) in names for cell in cells)
    )
    first = next(usual, None)
    return [index for index, cells in columns if cells == first]


def _plain(header: str) -> str:
    return re.sub(r"[\s_.-]", "", header.casefold())


class _Record(NamedTuple):
    """The cells of a row, and the lines where it begins and ends."""

    line: int
    end: int
    cells: Sequence[str]


def _header_rows(finder: _Finder, records: Sequence[_Record]) -> Sequence[_Record]:
    """Return those of the first records that are the header: three in Qualtrics, two in SurveyMonkey, else one."""
    for last in range(len(records) - 1, 0, -1):
        filled = list(filter(str.strip, records[last].cells))
        if filled and all(map(IMPORT_ID.match, filled)):
            return records[: last + 1]
    second = len(records) > 1 and _goes_on(finder, records[0].cells, records[1].cells)
    return records[: 2 if second else 1]


def _goes_on(finder: _Finder, first: Sequence[str], second: Sequence[str]) -> bool:
    """Tell whether the second row belongs to the header, because it holds what nobody would answer."""
    if len(first) != len(second):
        # So a file tells Excel its delimiter.
        return first[0].startswith("sep=")
    above, below = list(map(finder.find, first)), list(map(finder.find, second))
    if not any(above):
        return any(below)
    marks = [plain_words(cell) in BELOW_HEADER for cell in second]
    same = [key is not None and key == other for key, other in zip(above, below, strict=True)]
    answers = (
        cell
        for key, cell, mark, again in zip(above, second, marks, same, strict=True)
        if key and not (mark or again)
    )
    return any(marks + same) and not any(map(str.strip, answers))


def _header(finder: _Finder, rows: Sequence[_Record]) -> list[Sequence[str]]:
    """Return the rows of the header that are as wide as the one that names the questions."""
    cells = [row.cells for row in rows]
    width = len(max(cells, key=lambda row: (finder.count([row]), len(row)), default=[]))
    return [row for row in cells if len(row) == width]


def _refuse_unreadable(header: Sequence[Sequence[str]], place: Place) -> None:
    """Refuse a damaged header: a column that it hides would be missed in every row."""
    for cell in chain.from_iterable(header):
        if UNREADABLE.search(cell):
            message = f"the header '{shorten(_readable(cell))}' holds what is no text"
            raise ProblemsFound([Problem(place, message)])


# --- Opening --------------------------------------------------------------------------------------


class _Layout(NamedTuple):
    """How a file is written: its kind and dialect, and the rows of its header."""

    kind: Kind
    rows: Sequence[_Record]
    delimiter: str = ""
    encoding: str = ""
    newline: str = ""
    sheet: int = 0

    @property
    def first_line(self) -> int:
        return self.rows[-1].end + 1


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
    finder = _Finder(questionnaire)
    scan = None
    with _telling(name), path.open("rb") as file:
        head = file.read(4096)
        if head.startswith(WORKBOOKS):
            layout = _workbook_layout(finder, file, name)
        else:
            _refuse_archive(head, name)
            known = _checked(encoding, name) if encoding else _encoding_of(head)
            if known in ("", "utf-8"):
                scan = _scan(file)
            layout = _text_layout(finder, path, name, known or _guess_encoding(path, scan))
    header = _header(finder, layout.rows)
    _refuse_unreadable(header, Place(name, layout.rows[0].line, 1))
    json_lines = layout.kind == "jsonl"
    columns = match_columns(
        questionnaire,
        header,
        name,
        id_column=id_column,
        # Nobody can tell from one object of JSON which keys the others have.
        partial=partial or json_lines,
        line=layout.rows[0].line,
    )
    if json_lines:
        columns = _with_every_question(columns, questionnaire)
    plain = scan is not None and _is_split(layout, columns, scan)
    return Survey(
        path=path,
        name=name,
        kind=layout.kind,
        encoding=layout.encoding,
        delimiter=layout.delimiter,
        newline=layout.newline,
        first_line=layout.first_line,
        columns=columns.names,
        questions=columns.questions,
        absent=columns.absent,
        id_column=columns.id_column,
        missing=frozenset(text.strip().casefold() for text in missing),
        plain=plain,
        rows=scan.lines - layout.first_line + 1 if plain and scan else 0,
        sheet=layout.sheet,
    )


@contextmanager
def _telling(name: str) -> Iterator[None]:
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


def _with_every_question(columns: Columns, questionnaire: Questionnaire) -> Columns:
    """Add a column for each question that the first object of JSON has no key for, as others may have one."""
    rest = [key for key in (*questionnaire.items, *questionnaire.context) if key not in columns.questions]
    questions = {**columns.questions, **{key: len(columns.names) + n for n, key in enumerate(rest)}}
    return columns._replace(names=(*columns.names, *rest), questions=questions, absent=())


def _is_split(layout: _Layout, columns: Columns, scan: "_Scan") -> bool:
    """Tell whether each line is a record: in the bytes, in the header, and at the end, where nothing is cut off."""
    if layout.kind != "csv" or not scan.plain or layout.rows[-1].end != len(layout.rows):
        return False
    last = scan.tail.decode().split(layout.delimiter)[-1]
    return not scan.tail or bool(last.strip()) or len(columns.names) - 1 not in columns.questions.values()


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
    with _open_text(path, "utf-8") as lines:
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
    for block in iter(lambda: file.read(BLOCK) + file.readline(MAX_LINE), b""):
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


@contextmanager
def _open_text(path: Path, encoding: str) -> Iterator[Iterator[str]]:
    """Open a file as lines with their ends; bytes that are no text become halves of characters."""
    errors = "strict" if encoding.startswith(WIDE) else "surrogateescape"
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        # Some programs put a byte order mark before one that is there.
        yield chain((line.lstrip("\ufeff") for line in islice(file, 1)), file)


# --- Layouts --------------------------------------------------------------------------------------


def _text_layout(finder: _Finder, path: Path, name: str, encoding: str) -> _Layout:
    with _open_text(path, encoding) as lines:
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
    return layout._replace(encoding=encoding, newline=first[len(first.rstrip("\r\n")) :] or "\n")


def _csv_layout(finder: _Finder, path: Path, name: str, encoding: str) -> _Layout:
    """Take the delimiter under which the header names the most questions."""
    layouts = []
    for delimiter in DELIMITERS:
        with _open_text(path, encoding) as lines:
            rows = _header_rows(finder, _first_records(lines, delimiter))
        header = _header(finder, rows)
        layouts.append((finder.count(header), len(header[0]) if header else 0, delimiter, rows))
    count, _, delimiter, rows = max(layouts, key=lambda layout: layout[:2])
    broken = [row for row in rows if _swallows(row.cells, delimiter)]
    if broken or (not count and not all(rows for *_, rows in layouts)):
        line = broken[0].line if broken else 1
        raise ProblemsFound([Problem(Place(name, line, 1), f"the header is not valid CSV: {QUOTE}")])
    return _Layout("csv", rows, delimiter)


def _first_records(lines: Iterator[str], delimiter: str) -> list[_Record]:
    """Return the first few records that are not blank, as far as they can be read."""
    records: list[_Record] = []
    rows = csv.reader(_no_more_than(MAX_HEADER, lines), delimiter=delimiter, strict=True)
    line = 1
    with _cells_of_any_size(), suppress(csv.Error):
        for cells in rows:
            if cells:
                records.append(_Record(line, rows.line_num, cells))
            if len(records) == HEADER_ROWS:
                break
            line = rows.line_num + 1
    return records


def _no_more_than(size: int, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        size -= len(line)
        if size < 0:
            raise csv.Error("too long")
        yield line


@contextmanager
def _cells_of_any_size() -> Iterator[None]:
    """Lift the limit that csv has for all of a program, and put it back."""
    limit = csv.field_size_limit(MAX_HEADER)
    try:
        yield
    finally:
        csv.field_size_limit(limit)


def _swallows(cells: Sequence[str], delimiter: str) -> bool:
    """Tell whether a line within a quoted cell holds as many delimiters as a row, and so may be one."""
    least = max(1, len(cells) - 1)
    return any(
        line.count(delimiter) >= least
        for cell in cells
        if "\n" in cell or "\r" in cell
        for line in LINE_BREAK.split(cell)[1:]
    )


def _json_layout(path: Path, name: str, encoding: str) -> _Layout:
    """Take the keys of the first object for the header."""
    with _open_text(path, encoding) as lines:
        problem = None
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    return _Layout("jsonl", [_Record(number, 0, list(_read_object(line)))])
                except ValueError as error:
                    problem = problem or Problem(Place(name, number, 1), str(error))
    raise ProblemsFound(filter(None, [problem]))


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


def _read_object(line: str) -> dict[str, Any]:
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


def _json_text(value: Any) -> str:
    """Return a value of JSON as a cell: text and numbers as they are, nothing for null, JSON for the rest."""
    return value if isinstance(value, str) else "" if value is None else _json(value)


def _json(value: Any) -> str:
    """Return a value as JSON, its numbers as they were written."""
    if isinstance(value, _Number):
        return value
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_json(key)}: {_json(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _workbook_layout(finder: _Finder, file: BinaryIO, name: str) -> _Layout:
    """Take the sheet whose header names the most questions; a second one with as many would be lost."""
    found: list[tuple[int, _Layout]] = []
    with _workbook(file, name) as workbook:
        titles = workbook.sheet_names
        for sheet in range(len(titles)):
            rows = _header_rows(finder, list(islice(_sheet_records(workbook, sheet), HEADER_ROWS)))
            if rows:
                found.append((finder.count(_header(finder, rows)), _Layout("xlsx", rows, sheet=sheet)))
    if not found:
        raise ProblemsFound([Problem(Place(name), "the file is empty")])
    most, best = max(found, key=lambda one: one[0])
    rival = next((layout for count, layout in found if 0 < most <= 2 * count and layout is not best), None)
    if rival:
        both = f"'{shorten(titles[best.sheet])}' and '{shorten(titles[rival.sheet])}'"
        message = f"the sheets {both} both hold answers, and one would be left out"
        raise ProblemsFound([Problem(Place(name), message, "save each sheet as a file of its own")])
    return best


@contextmanager
def _workbook(file: BinaryIO, name: str) -> Iterator["CalamineWorkbook"]:
    """Open a workbook of Excel or OpenDocument."""
    from python_calamine import CalamineError, CalamineWorkbook

    file.seek(0)
    try:
        with CalamineWorkbook.from_filelike(file) as workbook:
            yield workbook
    except CalamineError as error:
        reason = shorten(str(error).partition("\n")[0], 80)
        problem = Problem(Place(name), f"cannot be read as a workbook: {reason}", "save it as .xlsx or CSV")
        raise ProblemsFound([problem]) from None


def _sheet_records(
    workbook: "CalamineWorkbook", sheet: int, broken: Mapping[int, Mapping[int, str]] = MappingProxyType({})
) -> Iterator[_Record]:
    """Yield the rows of a sheet that are not blank; `broken` are cells that are not what calamine says."""
    for number, row in enumerate(workbook.get_sheet_by_index(sheet).iter_rows(), start=1):
        cells = [cell if isinstance(cell, str) else _cell_text(cell) for cell in row]
        for place, text in broken.get(number, {}).items():
            if place < len(cells):
                cells[place] = text
        if any(map(str.strip, cells)):
            yield _Record(number, number, cells)


def _cell_text(value: Any) -> str:
    """Return the value of a cell as text: 4 for 4.0, true for TRUE, dates as ISO 8601 has them."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < WHOLE_FLOATS:
        return str(int(value))
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


# --- The rows -------------------------------------------------------------------------------------


class Replies:
    """The rows of a survey, from the first one after the header each time they are iterated.

    Iterating raises ProblemsFound if the file can no longer be read.
    """

    def __init__(self, survey: Survey, questionnaire: Questionnaire) -> None:
        choices = choices_of(questionnaire)
        self.survey = survey
        self._finder = _Finder(questionnaire)
        self._width = len(survey.columns)
        self._seen: set[int] = set()
        self._meanings = {
            index: _Meanings(choices[key], survey.missing) for key, index in survey.questions.items()
        }
        # Where to look first whether a row is a header: more would take long if there is much to reject.
        self._probed = list(self._meanings)[:PROBED] if survey.kind in ("csv", "xlsx") else []
        self._positions = {text: index for index, text in enumerate(survey.columns)}
        cell = rf'(?:"(?:[^"]++|"")*+"|[^"{re.escape(survey.delimiter)}\r\n]*+)'
        self._record = re.compile(rf"{cell}(?:{re.escape(survey.delimiter)}{cell})*+(?:\r\n|\n|\r)?")

    def __iter__(self) -> Iterator[Reply]:
        read = {"csv": self._read_csv, "jsonl": self._read_json_lines, "xlsx": self._read_workbook}
        with _telling(self.survey.name):
            yield from read[self.survey.kind]()

    def with_absent(self, *, partial: bool) -> Survey:
        """Return the survey with what no object of JSON has named as absent, once all have been read.

        Raises:
            ProblemsFound: not `partial`, and there is such a question.

        """
        if self.survey.kind != "jsonl":
            return self.survey
        scored = self._finder.scored
        absent = tuple(
            key for key, i in self.survey.questions.items() if key in scored and i not in self._seen
        )
        if absent and not partial:
            place = Place(self.survey.name)
            problems = [Problem(place, f"no object has the key '{key}'", PARTIAL) for key in absent[:MANY]]
            raise ProblemsFound(problems)
        return replace(self.survey, absent=absent)

    def read_line(self, line: int, text: str) -> Reply:
        """Read a line of a plain file, whose line end does not matter."""
        text = text.rstrip("\r\n") + "\n"
        return next(self._read_record(line, text, _Lines(iter(()))))

    def read_cells(self, line: int, cells: Sequence[str]) -> Reply:
        """Read a row that somebody else has taken apart."""
        return self._settle(line, cells, "\n".join(cells) + "\n")

    def _read_csv(self) -> Iterator[Reply]:
        delimiter = self.survey.delimiter
        with _open_text(self.survey.path, self.survey.encoding) as file:
            lines = _Lines(file)
            deque(islice(lines, self.survey.first_line - 1), maxlen=0)
            for line in lines:
                # Without quotes, splitting is all that there is to CSV.
                if '"' in line:
                    yield from self._read_record(lines.number, line, lines)
                elif text := line.rstrip("\r\n"):
                    yield self._settle(lines.number, text.split(delimiter), line)

    def _read_record(self, number: int, first: str, lines: "_Lines") -> Iterator[Reply]:
        """Read the record that a line begins, taking the next lines as far as its quotes reach over them.

        Where that goes wrong, its lines are rejected as far as they make up one row, and the next ones are read
        anew. Where a line in a quote could be a row, nobody can tell whose answers it holds, and all are rejected.
        """
        taken = [first]
        more = _noted(lines, taken) if first.count('"') % 2 else ()
        try:
            with _cells_of_any_size():
                feed = _no_more_than(MAX_RECORD, chain([first], more))
                cells = next(csv.reader(feed, delimiter=self.survey.delimiter, strict=True))
        except csv.Error:
            cells = []
        raw = "".join(taken)
        if not cells or (len(taken) > 1 and len(cells) != self._width) or self._has_stray_quote(cells, raw):
            length = self._lines_of_a_row(taken)
            lines.give_back(taken[length:])
            yield self._reject_line(number, first, QUOTE)
            for place, line in enumerate(taken[1:length], start=number + 1):
                yield self._reject_line(place, line, REST)
        elif len(taken) > 1 and _swallows(cells, self.survey.delimiter):
            for place, line in enumerate(taken, start=number):
                yield self._reject_line(place, line, SWALLOWED)
        else:
            yield self._settle(number, cells, raw)

    def _lines_of_a_row(self, lines: Sequence[str]) -> int:
        """Return how many lines have the delimiters of a row; one that has none begins no row."""
        counts = accumulate(line.count(self.survey.delimiter) for line in lines)
        enough = (n for n, count in enumerate(counts, start=1) if not 0 < count < self._width - 1)
        return next(enough, len(lines))

    def _has_stray_quote(self, cells: Sequence[str], raw: str) -> bool:
        return any('"' in cell for cell in cells) and not self._record.fullmatch(raw)

    def _read_json_lines(self) -> Iterator[Reply]:
        with _open_text(self.survey.path, self.survey.encoding) as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield self._read_json(number, line)

    def _read_json(self, number: int, line: str) -> Reply:
        cells = [""] * self._width
        reasons: dict[int, str] = {}
        unknown = []
        seen = set()
        try:
            for key, value in _read_object(line).items():
                index = self._position(key)
                text = _json_text(value)
                if index is None:
                    unknown.append((key, text))
                    continue
                cells[index] = text
                if index in seen:
                    reasons[index] = "a second key for the same question"
                elif not isinstance(value, str | None) and self._is_read(index):
                    reasons[index] = "expected a text or a number"
                seen.add(index)
        except (ValueError, RecursionError) as error:
            reason = str(error) if isinstance(error, ValueError) else "not valid JSON: nested too deep"
            return self._reject_line(number, line, reason)
        self._seen |= seen
        strange = list(self._misspelled(unknown, seen))
        if strange or reasons:
            return self._reject(number, cells, [*strange, *self._faults(cells, reasons)])
        return self.read_cells(number, cells)

    def _misspelled(self, unknown: Iterable[tuple[str, str]], seen: Collection[int]) -> Iterator[Fault]:
        """Yield those unknown keys that may be questions which the object lacks; all else passes."""
        for key, text in unknown:
            lacking = [question for question, index in self.survey.questions.items() if index not in seen]
            if hint := did_you_mean(key, lacking):
                yield Fault(_readable(key), _readable(text), f"unknown key ({hint})")

    def _position(self, key: str) -> int | None:
        """Return the column of a key of JSON."""
        if (index := self._positions.get(key)) is not None:
            return index
        question = self._finder.find(key)
        return None if question is None else self.survey.questions[question]

    def _is_read(self, index: int) -> bool:
        return index in self._meanings or index == self.survey.id_column

    def _read_workbook(self) -> Iterator[Reply]:
        with self.survey.path.open("rb") as file, _workbook(file, self.survey.name) as workbook:
            broken = broken_cells(file, self.survey.sheet)
            # A sheet is as wide as its widest row, and the header as wide as its last name.
            width = 1 + max((n for n, name in enumerate(self.survey.columns) if name), default=0)
            for record in _sheet_records(workbook, self.survey.sheet, broken):
                if record.line >= self.survey.first_line:
                    reply = self.read_cells(record.line, record.cells)
                    for place, cell in enumerate(record.cells[width:], width + 1):
                        if cell.strip():
                            fault = Fault("", shorten(_readable(cell)), f"column {place} has no name")
                            reply = reply._replace(values=(), faults=(*reply.faults, fault))
                    yield reply

    def _settle(self, line: int, cells: Sequence[str], raw: str) -> Reply:
        """Return the reply that a row is; `raw` is how it stands, with its line end."""
        if len(cells) != self._width:
            number = f"{len(cells)} field" if len(cells) == 1 else f"{len(cells)} fields"
            return self._reject_line(line, raw, f"{number} where the header has {self._width}", cells)
        readable = "\0" not in raw if raw.isascii() else not UNREADABLE.search(raw)
        if readable and not self._is_cut_off(cells, raw):
            column = self.survey.id_column
            name = f"row {line}" if column is None else cells[column]
            if name and not name.isspace():
                with suppress(KeyError):
                    values = tuple([meanings[cells[index]] for index, meanings in self._meanings.items()])
                    return Reply(line, name, values, tuple(cells), ())
        self._refuse_another_header(line, cells)
        cut_off = {self._width - 1: CUT_OFF} if self._is_cut_off(cells, raw) else {}
        return self._reject(line, cells, self._faults(cells, cut_off))

    def _refuse_another_header(self, line: int, cells: Sequence[str]) -> None:
        """Refuse a file to which another one with its columns in another order was joined.

        The rows below would be read by the first header. A header that is the same is one rejected row.
        """
        if not any(self._finder.find(cells[index]) for index in self._probed):
            return
        places = {key: index for index, cell in enumerate(cells) if (key := self._finder.find(cell))}
        others = [key for key, index in places.items() if self.survey.questions.get(key, index) != index]
        if 2 * len(places) > len(self._meanings) and others:
            message = "a second header, with the columns in another order"
            problem = Problem(Place(self.survey.name, line, 1), message, "score each file by itself")
            raise ProblemsFound([problem])

    def _is_cut_off(self, cells: Sequence[str], raw: str) -> bool:
        """Tell whether a last line stops where an answer should stand."""
        if raw.endswith(("\n", "\r", '"')):
            return False
        return self._width - 1 in self._meanings and not cells[-1].strip()

    def _faults(self, cells: Sequence[str], reasons: Mapping[int, str]) -> Iterator[Fault]:
        for index, cell in enumerate(cells):
            if reason := reasons.get(index) or self._reason(index, cell):
                yield Fault(self.survey.columns[index], _readable(cell), reason)

    def _reason(self, index: int, cell: str) -> str:
        """Return why a cell cannot be used, "" if it can."""
        if "\0" in cell:
            return "a NUL character"
        if HALVES.search(cell):
            return f"bytes that are not {self.survey.encoding.upper()} text"
        if index == self.survey.id_column and not cell.strip():
            return "no id"
        meanings = self._meanings.get(index)
        return meanings.reason if meanings is not None and not meanings.knows(cell) else ""

    def _reject(self, line: int, cells: Sequence[str], faults: Iterable[Fault]) -> Reply:
        column = self.survey.id_column
        name = f"row {line}" if column is None else _readable(cells[column]) if cells else ""
        return Reply(line, name if name.strip() else "", (), tuple(map(_readable, cells)), tuple(faults))

    def _reject_line(self, line: int, raw: str, reason: str, cells: Sequence[str] = ()) -> Reply:
        name = f"row {line}" if self.survey.id_column is None else ""
        value = shorten(_readable(raw.rstrip("\r\n")))
        return Reply(line, name, (), tuple(map(_readable, cells)), (Fault("", value, reason),))


def _readable(text: str) -> str:
    return HALVES.sub(REPLACEMENT, text)


class _Lines(Iterator[str]):
    """Lines that can be given back; `number` is that of the last one taken."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.number = 0
        self._lines = lines
        self._back: list[str] = []

    def __next__(self) -> str:
        line = self._back.pop() if self._back else next(self._lines)
        self.number += 1
        return line

    def give_back(self, lines: Sequence[str]) -> None:
        """Take back the last lines."""
        self._back += reversed(lines)
        self.number -= len(lines)


def _noted(lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    """Yield lines, noting them; a record of too many is none."""
    for line in lines:
        taken.append(line)
        if len(taken) > MAX_RECORD_LINES:
            raise csv.Error("too many lines")
        yield line


class _Meanings(dict[str, float | None]):
    """What the cells of a question mean, None for no answer, remembered; KeyError is none of its options."""

    def __init__(self, choices: tuple[Choice, ...], missing: frozenset[str]) -> None:
        super().__init__()
        self.choices = choices
        self.missing = missing
        numbers = numbers_text(choices)
        self.reason = f"no option of this question: give {numbers}, the words of an option, or its letter"

    def __missing__(self, cell: str) -> float | None:
        text = cell.strip()
        value = None
        if text and text.casefold() not in self.missing:
            value = value_of(text, self.choices)
            if value is None and not is_no_answer(text):
                raise KeyError(cell)
        if len(self) < MAX_CACHED and len(cell) <= MAX_CACHED_TEXT:
            self[cell] = value
        return value

    def knows(self, cell: str) -> bool:
        """Tell whether a cell is an answer or none at all."""
        try:
            self[cell]
        except KeyError:
            return False
        return True
