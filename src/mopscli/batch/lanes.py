"""How DuckDB reads each kind of file by itself: its rows, and the digit of each answer; needs numpy."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from mopscli.assessment.questionnaire import NO_ANSWER, Questionnaire, choices_of
from mopscli.batch.codes import Code, digit_of_number, digit_of_text
from mopscli.batch.database import Database, literal_path, parquet_rows, text
from mopscli.survey.replies import CsvReplies
from mopscli.survey.rows import Reply, RowReader
from mopscli.survey.source import Survey

# How many bytes of a file DuckDB reads at a time, for the cores to share: at least more than the two million that
# it allows in a line, at most what it chooses by itself.
BUFFER: Final = (3_000_000, 32_000_000)
INTEGERS: Final = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")


class Lane(NamedTuple):
    """How DuckDB reads a file: its rows, and expressions over them for all that is needed of one.

    A digit is the place of the chosen option from 1 on, 0 where there is no answer, and NULL where only
    `settle` can tell, which gets the row as `raw` text. `first` is the line of the first row.
    """

    rows: str
    first: int
    id: str
    digits: Mapping[str, str]
    kept: Sequence[str]
    doubtful: str
    raw: str
    settle: Callable[[int, str], Reply]

    def selected(self, codes: Sequence[Code]) -> str:
        """Return a SELECT of the columns of the table of replies."""
        packed = {f"code_{number}": code.packed(self.digits) for number, code in enumerate(codes)}
        scored = {item.key for code in codes for item in code.items}
        # What no score uses may be no option either.
        unscored = (digit for key, digit in self.digits.items() if key not in scored)
        doubts = [self.doubtful, *(f"{x} IS NULL" for x in (*packed, *unscored))]
        if self.id:
            # Without a letter or figure of ASCII, it may be nothing but a kind of blank.
            doubts.append(f"NOT coalesce(regexp_matches({self.id}, '[!-~]'), false)")
        # Structures: DuckDB reserves memory by the number of columns.
        fields = {
            "codes": [f"{name} := coalesce({name}, 0)" for name in packed],
            "kept": [f"kept_{number} := {cell}" for number, cell in enumerate(self.kept)],
        }
        structures = "".join(
            f", struct_pack({', '.join(some)}) AS {name}" for name, some in fields.items() if some
        )
        named = "".join(f", {x} AS {name}" for name, x in packed.items())
        return (
            f"SELECT {self.id or 'NULL::VARCHAR'} AS id{structures},"
            f" CASE WHEN {' OR '.join(doubts)} THEN {self.raw} END AS raw FROM (SELECT *{named} FROM {self.rows})"
        )


def lane_of(
    database: Database, survey: Survey, questionnaire: Questionnaire, kept: Sequence[int]
) -> Lane | None:
    """Return how DuckDB can read a file by itself, or None if it cannot; `kept` are columns to copy."""
    if survey.kind == "parquet":
        return _lane_of_parquet(database, survey, questionnaire, kept)
    return _lane_of_lines(survey, questionnaire, kept) if survey.plain else None


def _lane_of_lines(survey: Survey, questionnaire: Questionnaire, kept: Sequence[int]) -> Lane:
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
    cells = [f"cells[{place + 1}]" for place in range(len(survey.columns))]
    choices = choices_of(questionnaire)
    return Lane(
        rows=f"(SELECT line, string_split(line, {delimiter}) AS cells FROM {lines})",
        first=survey.first_line,
        id="" if survey.id_column is None else cells[survey.id_column],
        digits={
            key: digit_of_text(choices[key], (*survey.missing, NO_ANSWER), cells[place])
            for key, place in survey.questions.items()
        },
        kept=[cells[place] for place in kept],
        doubtful=f"len(cells) <> {len(survey.columns)} OR contains(line, '\"')",
        raw="line",
        settle=CsvReplies(survey, questionnaire).read_line,
    )


def _lane_of_parquet(
    database: Database, survey: Survey, questionnaire: Questionnaire, kept: Sequence[int]
) -> Lane:
    source = parquet_rows(survey.path)
    types = [str(row[1]) for row in database.query(f"DESCRIBE SELECT * FROM {source}")]
    # Columns by position: two may have one name.
    names = [f"c{place}" for place in range(len(types))]
    cells = [f"coalesce({name}::VARCHAR, '')" for name in names]
    choices = choices_of(questionnaire)
    missing = (*survey.missing, NO_ANSWER)
    parsed = RowReader(survey, questionnaire)
    texts = [place for place in (survey.id_column, *kept) if place is not None]
    return Lane(
        rows=f"{source} AS replies ({', '.join(names)})",
        first=1,
        id="" if survey.id_column is None else cells[survey.id_column],
        digits={
            key: digit_of_number(choices[key], names[place])
            if types[place] in INTEGERS
            else digit_of_text(choices[key], missing, cells[place])
            for key, place in survey.questions.items()
        },
        kept=[cells[place] for place in kept],
        doubtful=" OR ".join(f"contains({cells[place]}, chr(0))" for place in texts) or "false",
        raw=f"to_json([{', '.join(cells)}])::VARCHAR",
        settle=lambda line, row: parsed.read_cells(line, json.loads(row)),
    )
