"""Replies that Python has read, put into tables of the database with their faults; needs numpy."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Final

import numpy as np

from mopscli.assessment.arrays import Array
from mopscli.assessment.questionnaire import Choice
from mopscli.batch.codes import Code
from mopscli.batch.database import Database
from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.survey.rows import Fault, Reply
from mopscli.survey.source import Survey
from mopscli.text import shorten

# So many rows are inserted at a time.
INSERTED: Final = 10_000
FAULTS: Final = (
    'place UBIGINT, line UBIGINT, "column" VARCHAR, "value" VARCHAR, reason VARCHAR, no_option BOOLEAN'
)


class ReplyWriter:
    """Writes replies into a table, and every fault into the table `faults`; with `strict`, the first fault ends it.

    Attributes:
        strays: the lines that are no rows.
        too_high: the questions to which somebody gave a level one above the highest.

    """

    def __init__(
        self,
        database: Database,
        survey: Survey,
        codes: Sequence[Code],
        kept: Sequence[int],
        choices: Mapping[str, Sequence[Choice]],
        *,
        strict: bool,
    ) -> None:
        self._database = database
        self._survey = survey
        self._codes = codes
        self._kept = kept
        self._strict = strict
        self._places = 0
        self._faults: list[tuple[int, int, str, str, str, bool]] = []
        self.strays: list[int] = []
        self.too_high: set[str] = set()
        skills = {item.key for code in codes for item in code.items if item.kind == "skill"}
        self._too_high = {
            (survey.columns[place], max(choice.value for choice in choices[key]) + 1): key
            for key, place in survey.questions.items()
            if key in skills
        }
        self._digits: list[dict[float | None, int]] = [
            {None: 0} | {choice.value: digit for digit, choice in enumerate(choices[key], 1)}
            for key in survey.questions
        ]
        database.query(f"CREATE TABLE faults ({FAULTS})")

    def write(self, table: str, replies: Iterable[Reply]) -> int:
        """Make a table of replies and fill it; return how many there are."""
        fields = {
            "codes": [f"code_{number} {code.type}" for number, code in enumerate(self._codes)],
            "kept": [f"kept_{number} VARCHAR" for number, _ in enumerate(self._kept)],
        }
        structures = "".join(f", {name} STRUCT({', '.join(some)})" for name, some in fields.items() if some)
        self._database.query(f"CREATE TABLE {table} (id VARCHAR{structures}, raw VARCHAR, line BIGINT)")
        packed = "".join(
            f", struct_pack({', '.join(f'{name} := {name}' for name in (part.split()[0] for part in some))})"
            for some in fields.values()
            if some
        )
        select = f"id{packed}, CASE WHEN faulty THEN '' END, line FROM given"
        rows, left = 0, iter(replies)
        while some := list(islice(left, INSERTED)):
            rows += len(some)
            for reply in some:
                for fault in reply.faults:
                    self.fault(reply.line, fault)
            self._database.insert(table, dict(self._columns(some)), select)
        self.flush()
        return rows

    def _columns(self, replies: Sequence[Reply]) -> Iterator[tuple[str, Array]]:
        yield "line", np.array([reply.line for reply in replies])
        yield "id", _texts(reply.id for reply in replies)
        yield "faulty", np.array([bool(reply.faults) for reply in replies])
        digits = np.zeros((len(replies), len(self._digits)), np.int32)
        for row, reply in zip(digits, replies, strict=True):
            if reply.values:
                row[:] = [digit[value] for digit, value in zip(self._digits, reply.values, strict=True)]
        given = dict(zip(self._survey.questions, digits.T, strict=True))
        for number, code in enumerate(self._codes):
            packed = np.zeros(len(replies), np.int32)
            for item, weight in zip(code.items, code.weights, strict=True):
                if item.key in given:
                    packed += given[item.key] * weight
            yield f"code_{number}", packed
        for number, place in enumerate(self._kept):
            yield f"kept_{number}", _texts("" if reply.faults else reply.cells[place] for reply in replies)

    def fault(self, line: int, fault: Fault) -> None:
        """Note a fault; if one is too many, raise ProblemsFound."""
        if self._strict:
            value = f"'{shorten(fault.value)}': " if fault.value.strip() else ""
            what = f"{fault.column}: {value}{fault.reason}" if fault.column else fault.reason
            hint = "nothing was scored: without --strict, such rows are left out"
            raise ProblemsFound([Problem(Place(self._survey.name, line, 1), what, hint)])
        if not fault.column:
            self.strays.append(line)
        with suppress(ValueError):
            if key := self._too_high.get((fault.column, float(fault.value))):
                self.too_high.add(key)
        self._places += 1
        self._faults.append((self._places, line, *fault))
        if len(self._faults) >= INSERTED:
            self.flush()

    def flush(self) -> None:
        """Put the faults that were noted into their table."""
        if self._faults:
            place, line, column, value, reason, no_option = zip(*self._faults, strict=True)
            texts = {"c": _texts(column), "v": _texts(value), "r": _texts(reason)}
            numbers = {"p": np.array(place), "l": np.array(line), "n": np.array(no_option)}
            self._database.insert("faults", numbers | texts, "p, l, c, v, r, n FROM given")
            self._faults = []


def _texts(texts: Iterable[str]) -> Array:
    """Return texts as an array, without what no database takes: NUL, and bytes that are no text."""
    known = [
        text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}") for text in texts
    ]
    return np.array(known, object)
