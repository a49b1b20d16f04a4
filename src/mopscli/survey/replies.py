"""A file of respondents, as survey tools export it, read row by row; knows no scores, SQL or screens.

A row that is damaged never takes another one with it.
"""

import csv
import re
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, chain, islice
from typing import Final

from mopscli.assessment.questionnaire import Questionnaire
from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.survey.cells import (
    QUOTE,
    cells_of_any_size,
    json_cell,
    no_more_than,
    open_text,
    read_object,
    swallows_row,
    telling_errors,
    whole_characters,
)
from mopscli.survey.header import MANY, PARTIAL, is_id
from mopscli.survey.nobody import is_blank
from mopscli.survey.rows import Fault, Reply, RowReader
from mopscli.survey.source import SourceKind, Survey
from mopscli.survey.workbook import broken_cells, read_workbook, sheet_rows
from mopscli.text import nearest, shorten

MAX_RECORD: Final = 1_000_000
MAX_RECORD_LINES: Final = 500
PROBED: Final = 3
REST: Final = "it may belong to the row before, whose quotes are broken"
# So many different keys are compared with those of the questions.
MANY_KEYS: Final = 10_000
TOO_MANY_KEYS: Final = f"the file has more than {MANY_KEYS:,} different keys that are no questions"
SWALLOWED: Final = "a quoted cell holds a line that may be a row of its own"


class Replies(RowReader, ABC):
    """The rows of a survey, from the first one after the header each time they are iterated.

    Iterating raises ProblemsFound if the file can no longer be read.
    """

    def __iter__(self) -> Iterator[Reply]:
        with telling_errors(self.survey.name):
            yield from self._read()
        self.survey.refuse_changed()

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
                elif not is_blank(cells := line.rstrip("\r\n").split(delimiter)):
                    yield self._settle(lines.number, cells, line)

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
        elif not is_blank(cells):
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
        # What is the user's own stands before the question with the same name.
        self._positions = {text: index for index, text in reversed(list(enumerate(survey.columns)))}
        # Which question each key resembles that is none: among all, and among those that an object lacks.
        self._near: dict[str, bool] = {}
        self._nearests: dict[tuple[str, tuple[str, ...]], str | None] = {}
        # Where the first object that lacks a question has a key that resembles it, by the place of the question.
        self._doubtful: dict[int, tuple[int, str, str]] = {}

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
                text = json_cell(value)
                if index is None or not self._is_read(index):
                    unknown.append((key, text))
                if index is None:
                    self._refuse_late_id(number, key)
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
        self._see(seen)
        strange = list(self._misspelled(number, unknown, seen))
        if strange or reasons:
            return self._reject(number, cells, [*strange, *self._faults(cells, reasons)])
        return self.read_cells(number, cells)

    def _misspelled(
        self, number: int, unknown: Iterable[tuple[str, str]], seen: Collection[int]
    ) -> Iterator[Fault]:
        """Yield those unknown keys that may be questions which the object lacks; all else passes.

        A key of the first object passes as long as no object has the question. If one has it, answers are lost.
        """
        lacking = tuple(question for question, index in self.survey.questions.items() if index not in seen)
        for key, text in unknown if lacking else ():
            if key not in self._near:
                if len(self._near) >= MANY_KEYS:
                    yield Fault("", shorten(whole_characters(key)), TOO_MANY_KEYS)
                    return
                self._near[key] = nearest(key, self.survey.questions) is not None
            # Most are near to no question at all.
            question = self._nearest(key, lacking) if self._near[key] else None
            if question is None:
                continue
            if key in self._positions and self.survey.questions[question] not in self._seen:
                self._doubtful.setdefault(self.survey.questions[question], (number, key, question))
            else:
                reason = f"unknown key (did you mean '{question}'?)"
                yield Fault(whole_characters(key), whole_characters(text), reason)

    def _nearest(self, key: str, lacking: tuple[str, ...]) -> str | None:
        if (key, lacking) not in self._nearests:
            if len(self._nearests) >= MANY_KEYS:
                self._nearests.clear()
            self._nearests[key, lacking] = nearest(key, lacking)
        return self._nearests[key, lacking]

    def _refuse_late_id(self, number: int, key: str) -> None:
        """Refuse a file whose first object lacks the id that others have: everybody would be known by lines."""
        if self.survey.id_column is None and is_id(key):
            what = f"the first object lacks the key '{shorten(key)}', which this one has"
            hint = "give it an id too, or name another key with --id"
            raise ProblemsFound([Problem(Place(self.survey.name, number, 1), what, hint)])

    def _see(self, places: Collection[int]) -> None:
        """Note which questions there are; refuse the file if an object before had a key that was meant for one."""
        self._seen.update(places)
        for place in self._doubtful.keys() & set(places):
            number, key, question = self._doubtful[place]
            what = f"unknown key '{shorten(key)}'"
            hint = f"did you mean '{question}'? Other objects have it"
            raise ProblemsFound([Problem(Place(self.survey.name, number, 1), what, hint)])

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
            broken = broken_cells(file, self.survey.sheet, self.survey.name)
            # An answer is its number, however many zeros are shown before it.
            for cells in broken.values():
                for place in self._meanings:
                    if (text := cells.get(place, "")).isdecimal():
                        cells[place] = str(int(text))
            for record in sheet_rows(workbook, self.survey.sheet, broken):
                if record.line >= self.survey.first_line:
                    yield self.read_cells(record.line, record.cells)


READERS: Final[Mapping[SourceKind, type[Replies]]] = {
    "csv": CsvReplies,
    "jsonl": JsonReplies,
    "xlsx": WorkbookReplies,
}


def read_replies(survey: Survey, questionnaire: Questionnaire) -> Replies:
    """Return the rows of a survey of any kind but Parquet, which only a database reads."""
    return READERS[survey.kind](survey, questionnaire)
