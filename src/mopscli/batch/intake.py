"""Every row of a file of respondents as codes in DuckDB, and every fault in a list; knows no scores."""

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from mopscli.assessment.questionnaire import Questionnaire, choices_of, number_text
from mopscli.batch.codes import codes_of
from mopscli.batch.cores import in_order
from mopscli.batch.database import Database, parquet_rows
from mopscli.batch.lines import LineReader
from mopscli.batch.opening import telling_damage
from mopscli.batch.parquet import ParquetRows
from mopscli.batch.replies import INSERTED, ReplyWriter
from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.survey.replies import read_replies
from mopscli.survey.rows import Fault
from mopscli.survey.source import Survey

# How many people, and answers, tell whether levels are given as numbers.
GLANCE: Final = 20


class Intake:
    """The table of replies that a file becomes: ids, codes, what is kept, and as `raw` NULL where all is well.

    Attributes:
        codes: what makes up each code.
        places: where each code stands in the table.
        kept: the columns of the file that are kept.
        from_one: whether levels of skills are given as numbers, and none is 0.

    """

    def __init__(self, database: Database, questionnaire: Questionnaire, survey: Survey) -> None:
        """Get ready to read; nothing is read yet."""
        self.database = database
        self.survey = survey
        self.codes = codes_of(questionnaire)
        self.places = [f"codes.code_{number}" for number in range(len(self.codes))]
        self.kept: Sequence[int] = ()
        self.from_one = False
        self._questionnaire = questionnaire
        self._choices = choices_of(questionnaire)

    def load(self, *, strict: bool, keep: bool, partial: bool) -> None:
        """Read every reply into a table, and every fault into another; with `strict`, stop at the first fault.

        Raises:
            ProblemsFound: `strict`, and there is a fault; or not `partial`, and a question stands in no object of
                JSON.

        """
        survey = self.survey
        taken = {*survey.questions.values(), survey.id_column}
        self.kept = [place for place in range(len(survey.columns)) if keep and place not in taken]
        writer = ReplyWriter(self.database, survey, self.codes, self.kept, self._choices, strict=strict)
        if survey.kind == "parquet":
            with telling_damage(survey.name):
                rows = ParquetRows(self.database, survey, self._questionnaire, self.kept)
                self.database.run("Reading", 0.0, 0.5, f"CREATE TABLE replies AS {rows.selected(self.codes)}")
                self._settle(rows, writer)
        elif survey.plain:
            self._read_lines(LineReader(survey, self._questionnaire, self.kept), writer)
        else:
            self.database.report("Reading", 0.0)
            writer.create("replies")
            replies = read_replies(survey, self._questionnaire)
            writer.write("replies", replies)
            self.survey = replies.with_absent(partial=partial)
        self._reject_broken_off(writer)
        self._reject_twins(writer)
        writer.flush()
        if not self._lowest_chosen():
            if writer.too_high:
                self._refuse_counting_from_one(writer.too_high)
            self.from_one = self._skills_in_numbers()
        # DuckDB may have read another file than the one whose header was read.
        survey.refuse_changed()

    def digits(self) -> Iterator[tuple[str, str]]:
        """Yield each scored question that has a column, and an expression for its digit."""
        for code, place in zip(self.codes, self.places, strict=True):
            for item in code.items:
                if item.key in self.survey.questions:
                    yield item.key, code.digit(item.key, place)

    def _read_lines(self, reader: LineReader, writer: ReplyWriter) -> None:
        """Take apart a plain file, a block of lines on each core."""
        writer.create("replies")
        for block, read in in_order(self.database.cores, reader.blocks(), reader.read):
            writer.write_block("replies", block.first, read)
            share = (block.first - self.survey.first_line) / max(1, self.survey.rows)
            self.database.report("Reading", 0.5 * min(share, 1.0))

    def _settle(self, rows: ParquetRows, writer: ReplyWriter) -> None:
        """Read by themselves those rows that DuckDB could not make sense of."""
        writer.create("settled")
        doubtful = self._in_pages("line, raw", "raw IS NOT NULL")
        if writer.write("settled", (rows.read_row(line, raw) for line, raw in doubtful)):
            names = [row[0] for row in self.database.query("DESCRIBE replies")]
            changes = ", ".join(f"{name} = settled.{name}" for name in names)
            statement = f"UPDATE replies SET {changes} FROM settled WHERE replies.line = settled.line"
            self.database.run("Reading", 0.5, 0.5, statement)
        self.database.query("DROP TABLE settled")

    def _refuse_counting_from_one(self, keys: Collection[str]) -> None:
        """Raise ProblemsFound, as some levels of skills are too high, and none is 0."""
        key = min(keys)
        high = number_text(max(choice.value for choice in self._choices[key]) + 1)
        message = f"the levels of skills seem to count from 1: there is a {high} for '{key}', and nowhere a 0"
        hint = "export the words of the answers instead of their numbers, or take 1 from each"
        raise ProblemsFound([Problem(Place(self.survey.name), message, hint)])

    def _skills(self) -> list[str]:
        return [key for key, item in self._questionnaire.items.items() if item.kind == "skill"]

    def _lowest_chosen(self) -> bool:
        """Tell whether anybody chose the lowest level of a skill, or there is none to choose."""
        skills = self._skills()
        lowest = " OR ".join(f"{digit} = 1" for key, digit in self.digits() if key in skills)
        if not lowest:
            return True
        return bool(self.database.query(f"SELECT 1 FROM replies WHERE raw IS NULL AND ({lowest}) LIMIT 1"))

    def _skills_in_numbers(self) -> bool:
        """Tell whether the first people give levels of skills as numbers, most of them."""
        places = [self.survey.questions[key] for key in self._skills() if key in self.survey.questions]
        if self.survey.kind == "parquet":
            first = self.database.query(f"FROM {parquet_rows(self.survey.path)} LIMIT {GLANCE}")
            cells = [str(row[place]) for row in first for place in places if row[place] is not None]
        else:
            replies = islice(read_replies(self.survey, self._questionnaire), GLANCE)
            cells = [reply.cells[place] for reply in replies for place in places if place < len(reply.cells)]
        given = [cell.strip() for cell in cells if cell.strip()]
        return len(given) >= GLANCE and 2 * sum(cell[0].isdigit() for cell in given) > len(given)

    def _reject_broken_off(self, writer: ReplyWriter) -> None:
        """Reject rows that end without an answer before a line that is no row: it may be the rest of them."""
        last = len(self.survey.columns) - 1
        digit = next((digit for key, digit in self.digits() if self.survey.questions[key] == last), None)
        if not writer.strays or digit is None or self.survey.kind != "csv":
            return
        self.database.query("CREATE TABLE strays (line BIGINT)")
        for start in range(0, len(writer.strays), INSERTED):
            values = ", ".join(f"({line})" for line in writer.strays[start : start + INSERTED])
            self.database.query(f"INSERT INTO strays VALUES {values}")
        broken = f"raw IS NULL AND {digit} = 0 AND line + 1 IN (FROM strays)"
        reason = "no answer, and the next line is no row: it may belong here"
        for (line,) in self.database.query(f"SELECT line FROM replies WHERE {broken} ORDER BY line"):
            writer.fault(line, Fault(self.survey.columns[last], "", reason))
        self.database.query(f"UPDATE replies SET raw = '' WHERE {broken}")

    def _reject_twins(self, writer: ReplyWriter) -> None:
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
        twins = "raw IS NULL AND id IN (FROM twins)"
        for line, twin in self._in_pages("line, id", twins):
            writer.fault(line, Fault(column, twin, "another row has the same id"))
        self.database.query(f"UPDATE replies SET raw = '' WHERE {twins}")

    def _in_pages(self, columns: str, condition: str) -> Iterator[tuple[Any, ...]]:
        """Yield columns of some replies, the line first, so that others can be inserted meanwhile."""
        last = -1
        while rows := self.database.query(
            f"SELECT {columns} FROM replies WHERE {condition} AND line > {last} ORDER BY line LIMIT {INSERTED}"
        ):
            yield from rows
            last = rows[-1][0]
