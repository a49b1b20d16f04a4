"""A file of respondents, as survey tools export it, read row by row; knows no scores, SQL or screens.

A row that is damaged is told as it stands, and never takes another one with it.
"""

import csv
import re
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import accumulate, chain, islice
from typing import ClassVar, Final, NamedTuple

from mopscli.assessment.answers import choices_of, is_no_answer, numbers_text, value_of
from mopscli.assessment.questionnaire import Choice, Questionnaire
from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.survey.cells import (
    HALVES,
    NO_TEXT,
    QUOTE,
    cells_of_any_size,
    json_text,
    no_more_than,
    open_text,
    read_object,
    read_workbook,
    sheet_rows,
    swallows_row,
    telling_errors,
    whole_characters,
)
from mopscli.survey.header import MANY, PARTIAL, QuestionFinder
from mopscli.survey.source import SourceKind, Survey
from mopscli.survey.spreadsheet import broken_cells
from mopscli.text import did_you_mean, shorten

MAX_RECORD: Final = 1_000_000
MAX_RECORD_LINES: Final = 500
MAX_CACHED: Final = 10_000
MAX_CACHED_TEXT: Final = 1_000
PROBED: Final = 3
REST: Final = "it may belong to the row before, whose quotes are broken"
SWALLOWED: Final = "a quoted cell holds a line that may be a row of its own"
CUT_OFF: Final = "the file ends here without a line end and without an answer: it may be cut off"


class Fault(NamedTuple):
    """Why a row cannot be scored.

    Attributes:
        column: the header of the column, "" for the whole row.
        value: what stands there.
        reason: why it cannot be used.
        no_option: whether that is because it is none of the options of a question.

    """

    column: str
    value: str
    reason: str
    no_option: bool = False


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


def problems_of(survey: Survey, reply: Reply) -> Iterator[Problem]:
    """Yield the faults of a reply as problems, each at its line and column."""
    for fault in reply.faults:
        column = survey.columns.index(fault.column) + 1 if fault.column in survey.columns else 1
        what = f"{shorten(fault.column)}: '{shorten(fault.value)}': " if fault.column else ""
        yield Problem(Place(survey.name, reply.line, column), what + fault.reason)


# --- The rows -------------------------------------------------------------------------------------


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


class RowReader:
    """What rows of cells mean in a survey, whoever has taken them apart."""

    # How many columns tell first whether a row is a header: more would take long if there is much to reject.
    probed: ClassVar[int] = 0

    def __init__(self, survey: Survey, questionnaire: Questionnaire) -> None:
        choices = choices_of(questionnaire)
        self.survey = survey
        self._finder = QuestionFinder(questionnaire)
        self._width = len(survey.columns)
        self._meanings = {
            index: _Meanings(choices[key], survey.missing) for key, index in survey.questions.items()
        }
        self._probed = list(self._meanings)[: self.probed]

    def read_cells(self, line: int, cells: Sequence[str]) -> Reply:
        """Read a row of cells."""
        return self._settle(line, cells, "\n".join(cells) + "\n")

    def _settle(self, line: int, cells: Sequence[str], raw: str) -> Reply:
        """Return the reply that a row is; `raw` is how it stands, with its line end."""
        if len(cells) != self._width:
            number = f"{len(cells)} field" if len(cells) == 1 else f"{len(cells)} fields"
            return self._reject_line(line, raw, f"{number} where the header has {self._width}", cells)
        readable = "\0" not in raw if raw.isascii() else not NO_TEXT.search(raw)
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
            reason = reasons.get(index) or self._damage(index, cell)
            meanings = self._meanings.get(index)
            column, value = self.survey.columns[index], whole_characters(cell)
            if reason:
                yield Fault(column, value, reason)
            elif meanings is not None and not meanings.knows(cell):
                yield Fault(column, value, meanings.reason, no_option=True)

    def _damage(self, index: int, cell: str) -> str:
        """Return why a cell cannot be used, whatever it is about, "" if it can."""
        if "\0" in cell:
            return "a NUL character"
        if HALVES.search(cell):
            return f"bytes that are not {self.survey.encoding.upper()} text"
        if index == self.survey.id_column and not cell.strip():
            return "no id"
        return ""

    def _reject(self, line: int, cells: Sequence[str], faults: Iterable[Fault]) -> Reply:
        column = self.survey.id_column
        name = f"row {line}" if column is None else whole_characters(cells[column]) if cells else ""
        return Reply(
            line, name if name.strip() else "", (), tuple(map(whole_characters, cells)), tuple(faults)
        )

    def _reject_line(self, line: int, raw: str, reason: str, cells: Sequence[str] = ()) -> Reply:
        name = f"row {line}" if self.survey.id_column is None else ""
        value = shorten(whole_characters(raw.rstrip("\r\n")))
        return Reply(line, name, (), tuple(map(whole_characters, cells)), (Fault("", value, reason),))


class Replies(RowReader, ABC):
    """The rows of a survey, from the first one after the header each time they are iterated.

    Iterating raises ProblemsFound if the file can no longer be read.
    """

    def __iter__(self) -> Iterator[Reply]:
        with telling_errors(self.survey.name):
            yield from self._read()

    @abstractmethod
    def _read(self) -> Iterator[Reply]:
        """Yield the rows; errors of files and encodings are told by whoever iterates."""

    def with_absent(self, *, partial: bool) -> Survey:
        """Return the survey with the questions that are absent, once all rows have been read.

        Raises:
            ProblemsFound: not `partial`, and there is a scored question that has turned out to be absent.

        """
        return self.survey


# --- One class for each kind of file --------------------------------------------------------------


class CsvReplies(Replies):
    """The rows of a CSV file."""

    probed = PROBED

    def __init__(self, survey: Survey, questionnaire: Questionnaire) -> None:
        super().__init__(survey, questionnaire)
        delimiter = re.escape(survey.delimiter)
        cell = rf'(?:"(?:[^"]++|"")*+"|[^"{delimiter}\r\n]*+)'
        self._record = re.compile(rf"{cell}(?:{delimiter}{cell})*+(?:\r\n|\n|\r)?")

    def read_line(self, line: int, text: str) -> Reply:
        """Read a line of a plain file, whose line end does not matter."""
        text = text.rstrip("\r\n") + "\n"
        return next(self._read_record(line, text, _Lines(iter(()))))

    def _read(self) -> Iterator[Reply]:
        delimiter = self.survey.delimiter
        with open_text(self.survey.path, self.survey.encoding) as file:
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
            with cells_of_any_size():
                feed = no_more_than(MAX_RECORD, chain([first], more))
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
        elif len(taken) > 1 and swallows_row(cells, self.survey.delimiter):
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


class JsonReplies(Replies):
    """The rows of a file with an object of JSON in each line."""

    def __init__(self, survey: Survey, questionnaire: Questionnaire) -> None:
        super().__init__(survey, questionnaire)
        self._seen: set[int] = set()
        self._positions = {text: index for index, text in enumerate(survey.columns)}

    def with_absent(self, *, partial: bool) -> Survey:
        """Return the survey with what no object has named as absent."""
        scored = self._finder.scored
        absent = tuple(
            key for key, i in self.survey.questions.items() if key in scored and i not in self._seen
        )
        if absent and not partial:
            place = Place(self.survey.name)
            problems = [Problem(place, f"no object has the key '{key}'", PARTIAL) for key in absent[:MANY]]
            raise ProblemsFound(problems)
        return replace(self.survey, absent=absent)

    def _read(self) -> Iterator[Reply]:
        with open_text(self.survey.path, self.survey.encoding) as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield self._read_json(number, line)

    def _read_json(self, number: int, line: str) -> Reply:
        cells = [""] * self._width
        reasons: dict[int, str] = {}
        unknown = []
        seen = set()
        try:
            for key, value in read_object(line).items():
                index = self._position(key)
                text = json_text(value)
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
                yield Fault(whole_characters(key), whole_characters(text), f"unknown key ({hint})")

    def _position(self, key: str) -> int | None:
        """Return the column of a key of JSON."""
        if (index := self._positions.get(key)) is not None:
            return index
        question = self._finder.find(key)
        return None if question is None else self.survey.questions[question]

    def _is_read(self, index: int) -> bool:
        return index in self._meanings or index == self.survey.id_column


class WorkbookReplies(Replies):
    """The rows of a sheet."""

    probed = PROBED

    def _read(self) -> Iterator[Reply]:
        with self.survey.path.open("rb") as file, read_workbook(file, self.survey.name) as workbook:
            broken = broken_cells(file, self.survey.sheet)
            # A sheet is as wide as its widest row, and the header as wide as its last name.
            width = 1 + max((n for n, name in enumerate(self.survey.columns) if name), default=0)
            for record in sheet_rows(workbook, self.survey.sheet, broken):
                if record.line >= self.survey.first_line:
                    reply = self.read_cells(record.line, record.cells)
                    for place, cell in enumerate(record.cells[width:], width + 1):
                        if cell.strip():
                            fault = Fault("", shorten(whole_characters(cell)), f"column {place} has no name")
                            reply = reply._replace(values=(), faults=(*reply.faults, fault))
                    yield reply


READERS: Final[Mapping[SourceKind, type[Replies]]] = {
    "csv": CsvReplies,
    "jsonl": JsonReplies,
    "xlsx": WorkbookReplies,
}


def read_replies(survey: Survey, questionnaire: Questionnaire) -> Replies:
    """Return the rows of a survey of any kind but Parquet, which only a database reads."""
    return READERS[survey.kind](survey, questionnaire)
