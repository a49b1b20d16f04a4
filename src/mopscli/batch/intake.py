"""Every row of a file of respondents as codes in DuckDB, and every fault in a list; knows no scores."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple, TextIO

from mopscli.assessment.questionnaire import NO_ANSWER, Choice, choices_of, number_text
from mopscli.assessment.scoring import Scoring
from mopscli.batch.codes import AnswerType, Code, answer_type, codes_of, digit_of_number, simple_digit
from mopscli.batch.database import Database, json_rows, literal_path, parquet_rows, text
from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.survey.replies import CsvReplies, read_replies
from mopscli.survey.rows import Fault, Reply, RowReader
from mopscli.survey.source import Survey
from mopscli.survey.ways import may_be_cut
from mopscli.text import shorten

# How many bytes of a file DuckDB reads at a time, for the cores to share: at least more than the two million that
# it allows in a line, at most what it chooses by itself.
BUFFER: Final = (3_000_000, 32_000_000)
# How many people, and answers, tell whether levels are given as numbers.
GLANCE: Final = 20
# So many values are inserted by one statement.
INSERTED: Final = 1000
INTEGERS: Final = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")


class Lane(NamedTuple):
    """How DuckDB reads a file: its rows, and an expression over them for all that is needed of one.

    A digit is the place of the chosen option from 1 on, 0 where there is no answer, and NULL where only
    `settle` can tell, which gets the row as `raw` text. `first` is the line of the first row. Where `simple` holds,
    nothing about the row is in doubt, and `simple_digits` say the same and are quicker.
    """

    rows: str
    first: int
    id: str
    digits: Mapping[str, str]
    kept: Sequence[str]
    doubtful: str
    raw: str
    settle: Callable[[int, str], Reply]
    simple: str = "false"
    simple_digits: Mapping[str, str] = MappingProxyType({})


def _packed(code: Code, lane: Lane) -> str:
    packed = code.pack(lane.digits)
    if not lane.simple_digits:
        return packed
    return (
        f"CASE WHEN {lane.simple} THEN {code.pack({**lane.digits, **lane.simple_digits})} ELSE {packed} END"
    )


def code_at(number: int) -> str:
    """Return where a code stands in the table of replies."""
    return f"codes.code_{number}"


class Intake:
    """The table of replies that a file becomes: ids, codes, what is kept, and as `raw` NULL where all is well."""

    def __init__(self, database: Database, scoring: Scoring, survey: Survey, folder: Path) -> None:
        """Get ready to read; nothing is read yet."""
        self.database = database
        self.survey = survey
        self.codes = codes_of(scoring)
        self.faults = folder / "faults.jsonl"
        self.kept: Sequence[int] = ()
        self._questionnaire = scoring.questionnaire
        self._items = scoring.questionnaire.items
        self._folder = folder
        self._choices = choices_of(scoring.questionnaire)
        self._types: dict[tuple[tuple[Choice, ...], bool], AnswerType] = {}
        self._first = 0
        self.from_one = False

    def load(self, *, strict: bool, keep: bool, partial: bool) -> None:
        """Read every reply into a table, and every fault into a file; with `strict`, stop at the first fault.

        Raises:
            ProblemsFound: `strict`, and there is a fault; or not `partial`, and a question stands in no object of
                JSON.

        """
        survey = self.survey
        taken = {*survey.questions.values(), survey.id_column}
        self.kept = [place for place in range(len(survey.columns)) if keep and place not in taken]
        lane = self._lane()
        with self.faults.open("w", encoding="utf-8") as faults:
            items = self._items
            skills = [key for key in survey.questions if key in items and items[key].kind == "skill"]
            writer = _Writer(survey, self.kept, self._choices, skills, faults, strict=strict)
            if lane is None:
                path = self._folder / "rows.jsonl"
                replies = read_replies(survey, self._questionnaire)
                writer.write(path, replies)
                self.survey = replies.with_absent(partial=partial)
                self._create(self._rows_of(path))
            else:
                self._first = lane.first
                self._create(lane)
                self._settle(lane, writer)
            self._reject_broken_off(writer)
            self._reject_twins(writer)
        if not self._lowest_chosen():
            if writer.too_high:
                self._refuse_counting_from_one(writer.too_high)
            self.from_one = self._skills_in_numbers(skills)

    def _lane(self) -> Lane | None:
        """Return how DuckDB can read the file by itself, or None if it cannot."""
        survey = self.survey
        if survey.kind == "parquet":
            return self._lane_of_parquet()
        if not survey.plain:
            return None
        path, delimiter = literal_path(survey.path), text(survey.delimiter)
        skip, line_end = survey.first_line - 1, "\\r\\n" if survey.newline == "\r\n" else "\\n"
        least, most = BUFFER
        buffer = min(max(survey.path.stat().st_size // 4, least), most)
        # The whole line is one column: the byte that separates columns is one that a plain file does not hold.
        lines = (
            f"read_csv({path}, header = false, skip = {skip}, delim = '\1', quote = '', escape = '', comment = '',"
            f" compression = 'none', hive_partitioning = false, buffer_size = {buffer},"
            f" new_line = '{line_end}', auto_detect = false, columns = {{'line': 'VARCHAR'}}, nullstr = '\2')"
        )
        cell = "cells[{}]".format

        return Lane(
            rows=f"(SELECT line, string_split(line, {delimiter}) AS cells,"
            f" regexp_full_match(line, {text(self._simple_line())}) AS simple FROM {lines})",
            first=survey.first_line,
            id="" if survey.id_column is None else cell(survey.id_column + 1),
            digits={
                key: self._digit_of_text(key, cell(place + 1)) for key, place in survey.questions.items()
            },
            kept=[cell(place + 1) for place in self.kept],
            doubtful=f"len(cells) <> {len(survey.columns)} OR contains(line, '\"')",
            raw="line",
            settle=CsvReplies(survey, self._questionnaire).read_line,
            simple="simple",
            simple_digits={
                key: digit
                for key, place in survey.questions.items()
                if (digit := simple_digit(self._choices[key], cell(place + 1)))
            },
        )

    def _simple_line(self) -> str:
        """Return a regular expression for lines in which every answer is the number of an option, or missing."""
        survey = self.survey
        delimiter = re.escape(survey.delimiter)
        cells = [f'[^{delimiter}"]*'] * len(survey.columns)
        if survey.id_column is not None:
            visible = "".join(
                re.escape(chr(n)) for n in range(33, 127) if chr(n) not in {survey.delimiter, '"'}
            )
            cells[survey.id_column] = f"[{visible}]{cells[survey.id_column]}"
        for key, place in survey.questions.items():
            numbers = [number_text(choice.value) for choice in self._choices[key]]
            if key in survey.worded:
                numbers = [number for number in numbers if not may_be_cut(number, self._choices[key])]
            cells[place] = f"({'|'.join(map(re.escape, numbers))})?"
        return delimiter.join(cells)

    def _digit_of_text(self, key: str, cell: str) -> str:
        choices, worded = self._choices[key], key in self.survey.worded
        if (choices, worded) not in self._types:
            missing = (*self.survey.missing, NO_ANSWER)
            type_ = answer_type(f"answer {key}", choices, missing, worded=worded)
            self.database.query(type_.created)
            self._types[choices, worded] = type_
        return self._types[choices, worded].digit(cell)

    def _lane_of_parquet(self) -> Lane:
        survey = self.survey
        source = parquet_rows(survey.path)
        types = [str(row[1]) for row in self.database.query(f"DESCRIBE SELECT * FROM {source}")]
        # Columns by position: two may have one name.
        names = [f"c{place}" for place in range(len(types))]
        cells = [f"coalesce({name}::VARCHAR, '')" for name in names]

        def digit(key: str, place: int) -> str:
            if types[place] in INTEGERS:
                return digit_of_number(self._choices[key], names[place])
            return self._digit_of_text(key, cells[place])

        parsed = RowReader(survey, self._questionnaire)

        def settle(line: int, text: str) -> Reply:
            return parsed.read_cells(line, json.loads(text))

        texts = [place for place in (survey.id_column, *self.kept) if place is not None]

        return Lane(
            rows=f"{source} AS replies ({', '.join(names)})",
            first=1,
            id="" if survey.id_column is None else cells[survey.id_column],
            digits={key: digit(key, place) for key, place in survey.questions.items()},
            kept=[cells[place] for place in self.kept],
            doubtful=" OR ".join(f"contains({cells[place]}, chr(0))" for place in texts) or "false",
            raw=f"to_json([{', '.join(cells)}])::VARCHAR",
            settle=settle,
        )

    def _rows_of(self, path: Path) -> Lane:
        """Return how DuckDB reads rows that a writer has written."""
        columns = {"line": "BIGINT", "id": "VARCHAR", "faulty": "BOOLEAN"}
        rows = json_rows(path, columns | {"digits": "INTEGER[]", "kept": "VARCHAR[]"})
        return Lane(
            rows=rows,
            first=0,
            id="id",
            digits={key: f"digits[{place}]" for place, key in enumerate(self.survey.questions, 1)},
            kept=[f"kept[{place}]" for place in range(1, len(self.kept) + 1)],
            doubtful="faulty",
            raw="''",
            settle=lambda line, text: Reply(line, "", (), (), ()),
        )

    def _selected(self, lane: Lane) -> str:
        """Return a SELECT of the columns of the table of replies over the rows of a lane."""
        codes = {f"code_{number}": code for number, code in enumerate(self.codes)}
        packed = "".join(f", {_packed(code, lane)} AS {name}" for name, code in codes.items())
        # Structures: DuckDB reserves memory by the number of columns.
        kept = ", ".join(f"kept_{number} := {cell}" for number, cell in enumerate(lane.kept))
        # What no score uses may be no option either.
        unscored = (digit for key, digit in lane.digits.items() if key not in self._items)
        doubts = [lane.doubtful, *(f"{x} IS NULL" for x in (*codes, *unscored))]
        if lane.id and lane.first:
            # Without a letter or figure of ASCII, it may be nothing but a kind of blank.
            doubts.append(f"NOT coalesce(regexp_matches({lane.id}, '[!-~]'), false)")
        named = ", ".join(f"{name} := {name}" for name in codes)
        structures = "".join(
            f", struct_pack({fields}) AS {name}"
            for name, fields in (("codes", named), ("kept", kept))
            if fields
        )
        line = "" if lane.first else ", line"
        return (
            f"SELECT {lane.id or 'NULL::VARCHAR'} AS id{line}"
            f"{structures}, CASE WHEN {lane.simple} THEN NULL WHEN {' OR '.join(doubts)} THEN {lane.raw} END AS raw"
            f" FROM (SELECT *{packed} FROM {lane.rows})"
        )

    @property
    def faults_read(self) -> str:
        """The faults, as rows to select from."""
        columns = {"place": "UBIGINT", "line": "UBIGINT"}
        texts = dict.fromkeys(("column", "value", "reason"), "VARCHAR")
        return f"FROM {json_rows(self.faults, columns | texts | {'no_option': 'BOOLEAN'})}"

    @property
    def somebody(self) -> str:
        """The condition that a reply has an answer that counts."""
        return " OR ".join(f"{code_at(number)} <> 0" for number in range(len(self.codes))) or "false"

    def _create(self, lane: Lane) -> None:
        self.database.run("Reading", 0.0, 0.5, f"CREATE TABLE replies AS {self._selected(lane)}")

    @property
    def line(self) -> str:
        """The line of a reply, as an expression."""
        return f"replies.rowid + {self._first}" if self._first else "replies.line"

    def _settle(self, lane: Lane, writer: "_Writer") -> None:
        """Read by themselves those rows that DuckDB could not make sense of."""
        path = self._folder / "settled.jsonl"
        rows = self.database.stream("SELECT rowid, raw FROM replies WHERE raw IS NOT NULL ORDER BY rowid")
        next(rows)
        if writer.write(path, (lane.settle(row + lane.first, raw) for row, raw in rows)):
            again = self._rows_of(path)
            self.database.query(f"CREATE TABLE settled AS {self._selected(again)}")
            names = [row[0] for row in self.database.query("DESCRIBE settled") if row[0] != "line"]
            changes = ", ".join(f"{name} = settled.{name}" for name in names)
            self.database.run(
                "Reading",
                0.5,
                0.5,
                f"UPDATE replies SET {changes} FROM settled WHERE replies.rowid + {lane.first} = settled.line",
            )
            self.database.query("DROP TABLE settled")

    def _refuse_counting_from_one(self, keys: Collection[str]) -> None:
        """Raise ProblemsFound, as some levels of skills are too high, and none is 0."""
        key = min(keys)
        high = number_text(max(choice.value for choice in self._choices[key]) + 1)
        message = f"the levels of skills seem to count from 1: there is a {high} for '{key}', and nowhere a 0"
        hint = "export the words of the answers instead of their numbers, or take 1 from each"
        raise ProblemsFound([Problem(Place(self.survey.name), message, hint)])

    def _lowest_chosen(self) -> bool:
        """Tell whether anybody chose the lowest level of a skill, or there is none to choose."""
        lowest = " OR ".join(
            f"{code_at(number)} // {weight} % {base} = 1"
            for number, code in enumerate(self.codes)
            for item, weight, base in code.places()
            if item.kind == "skill" and item.key in self.survey.questions
        )
        if not lowest:
            return True
        return bool(self.database.query(f"SELECT 1 FROM replies WHERE raw IS NULL AND ({lowest}) LIMIT 1"))

    def _skills_in_numbers(self, skills: Sequence[str]) -> bool:
        """Tell whether the first people give levels of skills as numbers, most of them."""
        places = [self.survey.questions[key] for key in skills]
        if self.survey.kind == "parquet":
            first = self.database.query(f"FROM {parquet_rows(self.survey.path)} LIMIT {GLANCE}")
            cells = [str(row[place]) for row in first for place in places if row[place] is not None]
        else:
            replies = islice(read_replies(self.survey, self._questionnaire), GLANCE)
            cells = [reply.cells[place] for reply in replies for place in places if place < len(reply.cells)]
        given = [cell.strip() for cell in cells if cell.strip()]
        return len(given) >= GLANCE and 2 * sum(cell[0].isdigit() for cell in given) > len(given)

    def _reject_broken_off(self, writer: "_Writer") -> None:
        """Reject rows that end without an answer before a line that is no row: it may be the rest of them."""
        last = len(self.survey.columns) - 1
        places = [
            (code_at(number), weight, base)
            for number, code in enumerate(self.codes)
            for item, weight, base in code.places()
            if self.survey.questions.get(item.key) == last
        ]
        if not writer.strays or not places or self.survey.kind != "csv":
            return
        code, weight, base = places[0]
        self.database.query("CREATE TABLE strays (line BIGINT)")
        for start in range(0, len(writer.strays), INSERTED):
            values = ", ".join(f"({line})" for line in writer.strays[start : start + INSERTED])
            self.database.query(f"INSERT INTO strays VALUES {values}")
        broken = f"raw IS NULL AND {code} // {weight} % {base} = 0 AND {self.line} + 1 IN (FROM strays)"
        column = self.survey.columns[last]
        for (line,) in self.database.query(
            f"SELECT {self.line} AS line FROM replies WHERE {broken} ORDER BY line"
        ):
            writer.fault(
                line, Fault(column, "", "no answer, and the next line is no row: it may belong here")
            )
        self.database.query(f"UPDATE replies SET raw = '' WHERE {broken}")

    def _reject_twins(self, writer: "_Writer") -> None:
        """Reject every row whose id stands in another row too: nobody can tell whose answers they are."""
        if self.survey.id_column is None:
            return
        self.database.run(
            "Checking the ids",
            0.5,
            0.55,
            "CREATE TABLE twins AS SELECT id FROM replies WHERE id <> '' GROUP BY id HAVING count(*) > 1",
        )
        if not self.database.query("FROM twins LIMIT 1"):
            return
        column = self.survey.columns[self.survey.id_column]
        twins = self.database.stream(
            f"SELECT {self.line} AS line, id FROM replies WHERE raw IS NULL AND id IN (FROM twins) ORDER BY line"
        )
        next(twins)
        for line, twin in twins:
            writer.fault(line, Fault(column, twin, "another row has the same id"))
        self.database.query("UPDATE replies SET raw = '' WHERE raw IS NULL AND id IN (FROM twins)")


class _Writer:
    """Writes replies that Python has read as rows for DuckDB, and their faults."""

    def __init__(
        self,
        survey: Survey,
        kept: Sequence[int],
        choices: Mapping[str, Sequence[Choice]],
        skills: Iterable[str],
        faults: TextIO,
        *,
        strict: bool,
    ) -> None:
        self._survey = survey
        self._kept = kept
        self._faults = faults
        self._strict = strict
        self._places = 0
        self.strays: list[int] = []
        self.too_high: set[str] = set()
        levels = {key: max(choice.value for choice in choices[key]) + 1 for key in skills}
        self._too_high = {
            (survey.columns[survey.questions[key]], value): key for key, value in levels.items()
        }
        self._digits: list[dict[float | None, str]] = [
            {None: "0"} | {choice.value: str(digit) for digit, choice in enumerate(choices[key], 1)}
            for key in survey.questions
        ]

    def write(self, path: Path, replies: Iterable[Reply]) -> int:
        """Write rows, and the faults of those that have any; return their number."""
        rows = 0
        with path.open("w", encoding="utf-8") as file:
            for reply in replies:
                rows += 1
                for fault in reply.faults:
                    self.fault(reply.line, fault)
                digits = ",".join(
                    digit[value] for digit, value in zip(self._digits, reply.values, strict=False)
                )
                kept = [] if reply.faults else [reply.cells[place] for place in self._kept]
                faulty = "true" if reply.faults else "false"
                file.write(
                    f'{{"line":{reply.line},"id":{json.dumps(_storable(reply.id))},"faulty":{faulty},'
                    f'"digits":[{digits}],"kept":{json.dumps(kept)}}}\n'
                )
        return rows

    def fault(self, line: int, fault: Fault) -> None:
        """Write a fault; if one is too many, raise ProblemsFound."""
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
        texts = {"column": fault.column, "value": fault.value, "reason": fault.reason}
        row = {
            "place": self._places,
            "line": line,
            **{name: _storable(text) for name, text in texts.items()},
            "no_option": fault.no_option,
        }
        self._faults.write(json.dumps(row) + "\n")


def _storable(text: str) -> str:
    """Return text without what no database takes: NUL, and bytes that are no text."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
