"""What the cells of a row mean in a survey, and why they cannot be scored; knows no kinds of files.

A row that is damaged is told as it stands.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import ClassVar, Final, NamedTuple

from mopscli.assessment.questionnaire import (
    Choice,
    Questionnaire,
    choices_of,
    is_no_answer,
    numbers_text,
    value_of,
)
from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.survey.cells import HALVES, NO_TEXT, whole_characters
from mopscli.survey.nobody import why_nobody
from mopscli.survey.source import Survey
from mopscli.survey.titles import QuestionFinder
from mopscli.survey.ways import may_be_cut
from mopscli.text import shorten, unseen_in

MAX_CACHED: Final = 10_000
MAX_CACHED_TEXT: Final = 1_000
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


class _Meanings(dict[str, float | None]):
    """What the cells of a question mean, None for no answer, remembered; KeyError is none of its options."""

    def __init__(self, choices: tuple[Choice, ...], missing: frozenset[str], *, worded: bool) -> None:
        super().__init__()
        self.choices = choices
        self.missing = missing
        self.worded = worded
        numbers = numbers_text(choices)
        self.reason = f"no option of this question: give {numbers}, the words of an option, or its letter"

    def __missing__(self, cell: str) -> float | None:
        text = cell.strip()
        value = None
        if text and text.casefold() not in self.missing:
            value = value_of(text, self.choices)
            if value is None and not is_no_answer(text):
                raise KeyError(cell)
            if self.worded and value is not None and may_be_cut(text, self.choices):
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

    def why_not(self, cell: str) -> str:
        """Return why a cell is no answer."""
        if self.worded and value_of(cell, self.choices) is not None:
            return "may be the beginning of an answer: the others in this column are words"
        unseen = unseen_in(cell)
        return f"{self.reason}; it holds {', '.join(unseen)}, which nobody sees" if unseen else self.reason


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
            index: _Meanings(choices[key], survey.missing, worded=key in survey.worded)
            for key, index in survey.questions.items()
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
            if name and not name.isspace() and not self._is_strange(cells):
                with suppress(KeyError):
                    values = tuple([meanings[cells[index]] for index, meanings in self._meanings.items()])
                    return Reply(line, name, values, tuple(cells), ())
        if reason := why_nobody(cells, self._meanings):
            return self._reject_line(line, raw, reason, cells)
        self._refuse_another_header(line, cells)
        cut_off = {self._width - 1: CUT_OFF} if self._is_cut_off(cells, raw) else {}
        return self._reject(line, cells, self._faults(cells, cut_off))

    def _is_strange(self, cells: Sequence[str]) -> bool:
        """Tell whether a row may be of nobody, or holds something where no column has a name."""
        unnamed = any(cells[index].strip() for index in self.survey.nameless)
        return unnamed or bool(why_nobody(cells, self._meanings))

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
                yield Fault(column, value, meanings.why_not(cell), no_option=True)
            elif index in self.survey.nameless and cell.strip():
                yield Fault("", shorten(value), f"column {index + 1} has no name")

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
