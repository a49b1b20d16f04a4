"""Everybody in a file of respondents scored: the scores written, and the rejects listed."""

import errno
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from mopscli.assessment.scoring import Scoring
from mopscli.atomic import replacing
from mopscli.batch.database import Progress, target_path, text
from mopscli.batch.expressions import quoted
from mopscli.batch.intake import Intake
from mopscli.batch.kinds import SCORES_ENDINGS, ScoresKind
from mopscli.batch.opening import FIND_OUT, ReadOptions, opened, tell_nobody
from mopscli.batch.summary import BatchSummary, sum_up
from mopscli.batch.table import ScoreTable
from mopscli.batch.ways import Scorer
from mopscli.survey.source import Survey
from mopscli.survey.spreadsheet import (
    MAX_ROWS,
    escape_formula,
    escaped_sql,
    hides_formula_sql,
    open_workbook,
    write_rows,
)

# Not into a file beside it first, which others could read.
IN_PLACE: Final = "USE_TMP_FILE false"


class Options(NamedTuple):
    """What to write, and how: nothing but the summary, unless there is a file for the scores.

    `kind` follows the end of the file's name if it is None, and is CSV where that tells nothing. `digits` are
    those behind the decimal point, all of them if it is None. `rejects_named` tells that a user chose the name of
    that file, so that a link of this name is followed.
    """

    output: Path | BinaryIO | None = None
    kind: ScoresKind | None = None
    rejects: Path | None = None
    explain: bool = False
    keep: bool = False
    strict: bool = False
    digits: int | None = None
    rejects_named: bool = True

    @property
    def output_kind(self) -> ScoresKind:
        if self.kind is not None:
            return self.kind
        ending = self.output.suffix.lower() if isinstance(self.output, Path) else ""
        return SCORES_ENDINGS.get(ending, "csv")


SUMMARY_ONLY: Final = Options()


def score_file(
    scoring: Scoring,
    source: Path | str | BinaryIO,
    options: Options = SUMMARY_ONLY,
    reading: ReadOptions = FIND_OUT,
    *,
    name: str | None = None,
    report: Progress = tell_nobody,
) -> BatchSummary:
    """Score everybody in a file of respondents, and write the scores and the rejects.

    Args:
        scoring: what is to be scored.
        source: the file, or a stream to read it from.
        options: what to write.
        reading: how to read it.
        name: what the user calls it, if not by its path.
        report: is told what is going on and how much of all is done, from 0 to 1.

    Raises:
        ProblemsFound: the file cannot be used at all; nothing is written.
        OSError: the scores or the rejects cannot be written.

    """
    with opened(scoring.questionnaire, source, reading, name, report) as (database, survey, folder):
        database.make_room(_columns_written(scoring, survey, options))
        intake = Intake(database, scoring.questionnaire, survey)
        with ThreadPoolExecutor(1) as meanwhile:
            scorer = meanwhile.submit(Scorer, scoring, intake.codes, explain=options.explain)
            intake.load(strict=options.strict, keep=options.keep, partial=reading.partial)
        table = ScoreTable(scoring, intake)
        table.fill(scorer.result())
        # Nothing takes the place of an older file before all is done.
        with written(table, options, folder):
            summary = sum_up(table, options.output, options.rejects)
            if summary.rejects is not None:
                write_rejects(table, Path(summary.rejects), folder, follow=options.rejects_named)
        report("Done", 1.0)
        return summary


def _columns_written(scoring: Scoring, survey: Survey, options: Options) -> int:
    """Return about how many columns the scores will have."""
    details = len(scoring.questionnaire.priors) if options.explain else 0
    return 6 + 4 * len(scoring.roles) + details + (len(survey.columns) if options.keep else 0)


# --- What is written ------------------------------------------------------------------------------


@contextmanager
def written(table: ScoreTable, options: Options, folder: Path) -> Iterator[None]:
    """Write the scores; they take their place when the block ends without an error, all of them or none.

    Raises:
        OSError: they cannot be written.

    """
    if options.output is None:
        yield
        return
    kind = options.output_kind
    shown = _shown(table, kind, options.digits)
    columns = (f"{x} AS {quoted(name)}" for name, x in shown.items())
    statement = f"SELECT {', '.join(columns)} FROM scores"
    with replacing(options.output, folder) as path:
        if kind == "xlsx":
            _write_workbook(table, statement, path, folder)
        else:
            form = {"csv": "FORMAT csv, HEADER", "jsonl": "FORMAT json", "parquet": "FORMAT parquet"}
            if kind == "csv":
                kept = len(table.intake.kept)
                texts = [
                    x for place, x in enumerate(shown.items()) if place == 0 or place >= len(shown) - kept
                ]
                rows = f"SELECT {', '.join(f'{x} AS {quoted(name)}' for name, x in texts)} FROM scores"
                form[kind] += _quotes(table, rows, [name for name, _ in texts])
            target = f"TO {target_path(path)} ({form[kind]}, {IN_PLACE})"
            table.database.run("Writing", 0.7, 0.95, f"COPY ({statement}) {target}")
        yield


def _shown(table: ScoreTable, kind: ScoresKind, digits: int | None) -> dict[str, str]:
    """Return an expression for each column that is written, by its name."""
    sheet = kind in ("csv", "xlsx")
    shown = {"id": escaped_sql("id") if sheet else "id"}
    for name in table.names:
        x = quoted(name)
        if name == "answered":
            shown[name] = x
        elif name not in table.texts:
            x = x if digits is None else f"ROUND({x}, {digits})"
            # DuckDB writes a number as JSON in a third of the time that it takes as CSV.
            shown[name] = f"to_json({x})::VARCHAR" if kind == "csv" else x
        else:
            # No gap is NULL; no remark is an empty text, which CSV would write as two quotes.
            shown[name] = x if name == "quality" and kind != "csv" else f"NULLIF({x}, '')"
    for number, place in enumerate(table.intake.kept):
        name = _new_name(table.survey.columns[place] or f"column {place + 1}", shown)
        shown[name] = escaped_sql(f"kept.kept_{number}") if sheet else f"kept.kept_{number}"
    return {escape_formula(name): x for name, x in shown.items()} if sheet else shown


def _quotes(table: ScoreTable, rows: str, names: Collection[str]) -> str:
    """Return the option to set texts in quotes, if one would be a formula in a cell of its own without them."""
    hidden = " OR ".join(map(hides_formula_sql, map(quoted, names)))
    found = table.database.query(f"SELECT 1 FROM ({rows}) WHERE {hidden} LIMIT 1")
    return f", FORCE_QUOTE ({', '.join(map(quoted, names))})" if found else ""


def _write_workbook(table: ScoreTable, statement: str, path: Path, folder: Path) -> None:
    def rows() -> Iterator[Sequence[Any]]:
        for number, row in enumerate(table.database.stream(statement)):
            if number > MAX_ROWS:
                raise OSError(errno.EFBIG, f"a sheet holds {MAX_ROWS:,} people; write CSV", str(path))
            yield row

    with open_workbook(str(path), folder) as workbook:
        write_rows(workbook, "scores", rows())


def write_rejects(table: ScoreTable, path: Path, folder: Path, *, follow: bool = True) -> None:
    """Write every fault with its file, line, column, value and reason; `follow` a link if the user named it.

    Raises:
        OSError: they cannot be written.

    """
    file = escape_formula(table.survey.name)
    quotes = _quotes(table, "SELECT * FROM faults", ("column", "value"))
    with replacing(path, folder, follow=follow) as part:
        table.database.run(
            "Writing the rejects",
            0.95,
            0.97,
            f'COPY (SELECT {text(file)} AS file, line, {escaped_sql(quoted("column"))} AS "column",'
            f" {escaped_sql('value')} AS value, reason FROM faults ORDER BY line, place)"
            f" TO {target_path(part)} (FORMAT csv, HEADER, {IN_PLACE}{quotes})",
        )


def _new_name(name: str, taken: Collection[str]) -> str:
    """Return a name that no other column has, whatever its case."""
    known = {other.casefold() for other in taken}
    number, found = 1, name
    while found.casefold() in known:
        number += 1
        found = f"{name} {number}"
    return found
