"""The rows of a Parquet file as DuckDB reads them, with the digit of each answer; needs numpy."""

import json
from collections.abc import Sequence
from typing import Final

from mopscli.assessment.questionnaire import NO_ANSWER, Questionnaire, choices_of
from mopscli.batch.codes import Code, digit_of_number, digit_of_text, usual_spellings
from mopscli.batch.database import Database, parquet_rows
from mopscli.batch.expressions import expression
from mopscli.survey.nobody import TOTALS
from mopscli.survey.rows import Reply, RowReader
from mopscli.survey.source import Survey

# How the label of a row of totals begins.
LABEL: Final = f"(?i)^(?:{TOTALS})(?:[^[:alnum:]]|$)"
INTEGERS: Final = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")


class ParquetRows:
    """Selects the columns of the table of replies; a row in doubt comes with its `raw` text, for `read_row`."""

    def __init__(
        self, database: Database, survey: Survey, questionnaire: Questionnaire, kept: Sequence[int]
    ) -> None:
        """Get ready to read; `kept` are the columns to copy."""
        self._survey = survey
        self._kept = kept
        types = [str(row[1]) for row in database.query(f"DESCRIBE FROM {parquet_rows(survey.path)}")]
        # Columns by position: two may have one name.
        names = [f"c{place}" for place in range(len(types))]
        self._rows = f"{parquet_rows(survey.path, numbered=True)} AS replies ({', '.join(names)}, number)"
        self._cells = [f"coalesce({name}::VARCHAR, '')" for name in names]
        # What is seen of a cell: itself without the blanks around it, NULL where nothing else stands in it.
        self._seen = [f"nullif(trim({cell}, ' \t\r\n\u00a0'), '')" for cell in self._cells]
        self._filled = [
            f"{name if type_ in INTEGERS else seen} IS NOT NULL"
            for name, type_, seen in zip(names, types, self._seen, strict=True)
        ]
        choices = choices_of(questionnaire)
        self._digits = {
            key: digit_of_number(choices[key], names[place])
            if types[place] in INTEGERS
            else digit_of_text(
                usual_spellings(choices[key], (*survey.missing, NO_ANSWER), worded=key in survey.worded),
                self._cells[place],
            )
            for key, place in survey.questions.items()
        }
        self._reader = RowReader(survey, questionnaire)

    def read_row(self, line: int, raw: str) -> Reply:
        """Read a row by itself."""
        return self._reader.read_cells(line, json.loads(raw))

    def selected(self, codes: Sequence[Code]) -> str:
        """Return a SELECT of the columns of the table of replies."""
        packed = {f"code_{number}": code.packed(self._digits) for number, code in enumerate(codes)}
        scored = {item.key for code in codes for item in code.items}
        # What no score uses may be no option either.
        unscored = (digit for key, digit in self._digits.items() if key not in scored)
        doubts = [f"{x} IS NULL" for x in (*packed, *unscored)]
        column = self._survey.id_column
        texts = [self._cells[place] for place in (column, *self._kept) if place is not None]
        doubts += [f"contains({cell}, chr(0))" for cell in texts]
        doubts += [self._filled[place] for place in self._survey.nameless]
        # A row of totals, or a footnote, which has no answers.
        doubts.append(f"regexp_matches(label, {expression(LABEL).text})")
        doubts.append(f"({' AND '.join(f'{name} = 0' for name in packed) or 'false'})")
        if column is not None:
            # Without a letter or figure of ASCII, it may be nothing but a kind of blank.
            doubts.append(f"NOT coalesce(regexp_matches({self._cells[column]}, '[!-~]'), false)")
        fields = {
            "codes": [f"{name} := coalesce({name}, 0)" for name in packed],
            "kept": [f"kept_{number} := {self._cells[place]}" for number, place in enumerate(self._kept)],
        }
        structures = "".join(
            f", struct_pack({', '.join(some)}) AS {name}" for name, some in fields.items() if some
        )
        named = "".join(f", {x} AS {name}" for name, x in {**packed, "label": self._label()}.items())
        return (
            f"SELECT {'NULL::VARCHAR' if column is None else self._cells[column]} AS id{structures},"
            f" CASE WHEN {' OR '.join(doubts)} THEN to_json([{', '.join(self._cells)}])::VARCHAR END AS raw,"
            f" number + 1 AS line FROM (SELECT *{named} FROM {self._rows}) WHERE label IS NOT NULL"
        )

    def _label(self) -> str:
        """Return an expression for what stands first in a row, '' for an answer and NULL for a blank row."""
        answers = set(self._survey.questions.values())
        cells = [
            f"CASE WHEN {filled} THEN '' END" if place in answers else seen
            for place, (seen, filled) in enumerate(zip(self._seen, self._filled, strict=True))
        ]
        return f"coalesce({', '.join(cells)})"
