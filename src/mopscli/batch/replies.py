"""Replies that Python has read, put into tables of the database with their faults; needs numpy."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Final

import numpy as np

from mopscli.assessment.arrays import Array
from mopscli.assessment.questionnaire import Choice
from mopscli.batch.codes import Code
from mopscli.batch.database import Database
from mopscli.batch.lines import Read
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

    def create(self, table: str) -> None:
        """Make a table of replies."""
        fields = {
            "codes": [f"code_{number} {code.sql_type}" for number, code in enumerate(self._codes)],
            "kept": [f"kept_{number} VARCHAR" for number, _ in enumerate(self._kept)],
        }
        # Structures: DuckDB reserves memory by the number of columns.
        structures = {name: f"STRUCT({', '.join(some)})" for name, some in fields.items() if some}
        columns = "".join(f", {name} {type_}" for name, type_ in structures.items())
        self._database.query(f"CREATE TABLE {table} (id VARCHAR{columns}, raw VARCHAR, line BIGINT)")

    def write(self, table: str, replies: Iterable[Reply]) -> int:
        """Write replies, and return how many there are."""
        rows, left = 0, iter(replies)
        while some := list(islice(left, INSERTED)):
            rows += len(some)
            self._note(some)
            self._insert(table, self._columns(some))
        return rows

    def write_block(self, table: str, first: int, read: Read) -> None:
        """Write what the lines of a block say, the first of which has this number."""
        columns = {
            "line": first + np.arange(len(read.ids)),
            "id": read.ids,
            "faulty": np.zeros(len(read.ids), bool),
            **self._packed(read.digits, len(read.ids)),
            **{f"kept_{number}": texts for number, texts in enumerate(read.kept)},
        }
        if read.replies:
            self._note(read.replies)
            for name, values in self._columns(read.replies).items():
                columns[name][read.doubtful] = values
        self._insert(table, columns)

    def _note(self, replies: Iterable[Reply]) -> None:
        for reply in replies:
            for fault in reply.faults:
                self.fault(reply.line, fault)

    def _insert(self, table: str, columns: Mapping[str, Array]) -> None:
        structures = "".join(
            f", struct_pack({', '.join(f'{name} := {name}' for name in columns if name.startswith(start))})"
            for start, some in (("code_", self._codes), ("kept_", self._kept))
            if some
        )
        select = f"id{structures}, CASE WHEN faulty THEN '' END, line FROM given"
        self._database.insert(table, columns, select)

    def _columns(self, replies: Sequence[Reply]) -> dict[str, Array]:
        """Return the columns of a table of replies; nothing but who it is of is told of a faulty one."""
        digits = np.zeros((len(replies), len(self._digits)), np.uint8)
        for row, reply in zip(digits, replies, strict=True):
            if reply.values:
                row[:] = [digit[value] for digit, value in zip(self._digits, reply.values, strict=True)]
        given = dict(zip(self._survey.questions, digits.T, strict=True))
        return {
            "line": np.array([reply.line for reply in replies]),
            "id": _texts(reply.id for reply in replies),
            "faulty": np.array([bool(reply.faults) for reply in replies]),
            **self._packed(given, len(replies)),
            **{
                f"kept_{number}": _texts("" if reply.faults else reply.cells[place] for reply in replies)
                for number, place in enumerate(self._kept)
            },
        }

    def _packed(self, digits: Mapping[str, Array], rows: int) -> dict[str, Array]:
        """Return the codes of digits, by question key."""
        packed = {}
        for number, code in enumerate(self._codes):
            packed[f"code_{number}"] = np.zeros(rows, code.dtype)
            for item, weight in zip(code.items, code.weights, strict=True):
                if item.key in digits:
                    packed[f"code_{number}"] += digits[item.key] * code.dtype(weight)
        return packed

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
