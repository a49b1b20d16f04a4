"""Everybody in a file of respondents scored: the scores written, and the rejects listed."""

import errno
import shutil
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Final, NamedTuple

from mopscli.assessment.questionnaire import Questionnaire
from mopscli.assessment.scoring import CONTRADICTION, Detail, Scoring, Tally
from mopscli.atomic import replacing
from mopscli.batch.database import Database, Progress, parquet_rows, text
from mopscli.batch.intake import Intake
from mopscli.batch.kinds import SCORES_ENDINGS, ScoresKind
from mopscli.batch.lookup import score_ways
from mopscli.batch.sql import Select, Sql, expression, quoted
from mopscli.batch.summary import BatchSummary, sum_up
from mopscli.batch.table import Batch
from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.survey.header import match_columns
from mopscli.survey.source import Layout, Survey, folded, open_survey
from mopscli.survey.spreadsheet import MAX_ROWS, escape_formula, escaped_sql, open_workbook, write_rows

TOP_GAPS: Final = 3


class Options(NamedTuple):
    """What to write, and how: nothing but the summary, unless there is a file for the scores.

    `kind` follows the end of the file's name if it is None, and is CSV where that tells nothing. `digits` are
    those behind the decimal point, all of them if it is None.
    """

    output: Path | BinaryIO | None = None
    kind: ScoresKind | None = None
    rejects: Path | None = None
    explain: bool = False
    keep: bool = False
    strict: bool = False
    digits: int | None = None

    @property
    def output_kind(self) -> ScoresKind:
        if self.kind is not None:
            return self.kind
        ending = self.output.suffix.lower() if isinstance(self.output, Path) else ""
        return SCORES_ENDINGS.get(ending, "csv")


class ReadOptions(NamedTuple):
    """How to read a file, where that is not to be found out: see `open_survey`."""

    id_column: str | None = None
    partial: bool = False
    encoding: str | None = None
    missing: tuple[str, ...] = ()


FIND_OUT: Final = ReadOptions()
SUMMARY_ONLY: Final = Options()


def _tell_nobody(what: str, share: float) -> None:
    pass


def score_file(
    scoring: Scoring,
    source: Path | str | BinaryIO,
    options: Options = SUMMARY_ONLY,
    reading: ReadOptions = FIND_OUT,
    *,
    name: str | None = None,
    report: Progress = _tell_nobody,
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
    source = Path(source) if isinstance(source, str) else source
    if name is None:
        name = str(source) if isinstance(source, Path) else "the stream"
    with TemporaryDirectory(prefix="mops-") as name_of_folder:
        folder = Path(name_of_folder)
        report("Opening", 0.0)
        path = _regular(source, folder)
        database = Database(folder, path.stat().st_size if path.is_file() else 0, report)
        try:
            survey = _open(database, scoring.questionnaire, path, name, reading)
            database.make_room(_columns_written(scoring, survey, options))
            intake = Intake(database, scoring, survey, folder)
            with ThreadPoolExecutor(1) as meanwhile:
                ways = meanwhile.submit(score_ways, scoring, intake.codes)
                intake.load(strict=options.strict, keep=options.keep, partial=reading.partial)
            batch = Batch(scoring, intake, ways.result(), folder)
            # Nothing takes the place of an older file before all is done.
            with written(batch, options):
                summary = sum_up(batch, options.output, options.rejects)
                if summary.rejects is not None:
                    write_rejects(batch, Path(summary.rejects))
            report("Done", 1.0)
            return summary
        finally:
            database.close()


def _columns_written(scoring: Scoring, survey: Survey, options: Options) -> int:
    """Return about how many columns the scores will have."""
    details = len(scoring.questionnaire.priors) if options.explain else 0
    return 6 + 4 * len(scoring.roles) + details + (len(survey.columns) if options.keep else 0)


def _regular(source: Path | BinaryIO, folder: Path) -> Path:
    """Return a file that can be read more than once; what comes through a pipe is kept for the time being."""
    if isinstance(source, Path) and (source.is_file() or not source.exists()):
        return source
    path = folder / "responses"
    with path.open("wb") as target:
        if isinstance(source, Path):
            with source.open("rb") as stream:
                shutil.copyfileobj(stream, target)
        else:
            shutil.copyfileobj(source, target)
    return path


def _open(
    database: Database, questionnaire: Questionnaire, path: Path, name: str, reading: ReadOptions
) -> Survey:
    try:
        with path.open("rb") as file:
            parquet = file.read(4) == b"PAR1"
    except OSError as error:
        raise ProblemsFound([Problem(Place(name), f"cannot be read: {error.strerror}")]) from None
    if not parquet:
        return open_survey(questionnaire, path, name, **reading._asdict())
    try:
        rows = database.query(f"DESCRIBE FROM {parquet_rows(path)}")
    except OSError:
        raise ProblemsFound([Problem(Place(name), "not a whole Parquet file")]) from None
    columns = match_columns(
        questionnaire,
        [[row[0] for row in rows]],
        name,
        id_column=reading.id_column,
        partial=reading.partial,
        line=0,
    )
    layout = Layout(kind="parquet")
    return Survey(**vars(layout), **vars(columns), path=path, name=name, missing=folded(reading.missing))


# --- What is written ------------------------------------------------------------------------------


@contextmanager
def written(batch: Batch, options: Options) -> Iterator[None]:
    """Write the scores; they take their place when the block ends without an error, all of them or none.

    Raises:
        OSError: they cannot be written.

    """
    if options.output is None:
        yield
        return
    kind = options.output_kind
    select, total, found = batch.scored()
    if options.explain:
        found |= _explained(batch, select, total, found["role"])
    words = {"id", "verdict", "role", "answered", "quality", *(f"gap_{n}" for n in range(1, TOP_GAPS + 1))}
    numbers = found.keys() - words
    texts = ["id"]
    for number, place in enumerate(batch.intake.kept):
        name = _new_name(batch.survey.columns[place] or f"column {place + 1}", found)
        found[name] = select.column(f"kept {number}", f"kept.kept_{number}")
        texts.append(name)
    columns = {}
    for name, x in found.items():
        shown = x.text
        if kind in ("csv", "xlsx") and name in texts:
            shown = escaped_sql(shown)
        elif name in numbers:
            shown = shown if options.digits is None else f"ROUND({shown}, {options.digits})"
            if kind == "csv":
                # DuckDB writes a number as JSON in a third of the time that it takes as CSV.
                shown = f"to_json({shown})::VARCHAR"
        elif kind == "csv" and name == "quality":
            # An empty text would be written as two quotes.
            shown = f"NULLIF({shown}, '')"
        label = escape_formula(name) if kind in ("csv", "xlsx") else name
        columns[label] = Sql(shown, columns=x.columns)
    with replacing(options.output, batch.folder) as path:
        if kind == "xlsx":
            _write_workbook(batch, select.text(columns), path)
        else:
            form = {"csv": "FORMAT csv, HEADER", "jsonl": "FORMAT json", "parquet": "FORMAT parquet"}
            target = f"TO {text(str(path))} ({form[kind]})"
            batch.database.run("Scoring", 0.55, 0.95, f"COPY ({select.text(columns)}) {target}")
        yield


def _write_workbook(batch: Batch, statement: str, path: Path) -> None:
    def rows() -> Iterator[Sequence[Any]]:
        for number, row in enumerate(batch.database.stream(statement)):
            if number > MAX_ROWS:
                raise OSError(errno.EFBIG, f"a sheet holds {MAX_ROWS:,} people; write CSV", str(path))
            yield row

    with open_workbook(str(path)) as workbook:
        write_rows(workbook, "scores", rows())


def _explained(batch: Batch, select: Select, total: Tally, role: Sql) -> dict[str, Sql]:
    """Return each trait's contribution to the lead of the first role over the second, and the largest gaps."""
    scoring, none = batch.scoring, expression(0.0)
    one, other = scoring.between[:2]
    for detail in batch.lookup.details:
        if detail.kind != CONTRADICTION:
            batch.lookup.list_detail(detail)
    found = {
        f"contribution_{trait}": total.details.get((Detail("loss", other), trait), none)
        - total.details.get((Detail("loss", one), trait), none)
        for trait in dict.fromkeys((*scoring.terms[one], *scoring.terms[other]))
    }
    gaps = {
        key: [
            f"{{'points': {gap.text}, 'place': -{place}, 'trait': {text(trait)}}}"
            for place, trait in enumerate(scoring.terms[key])
            if (gap := total.details.get((Detail("gap", key), trait))) is not None
        ]
        for key in scoring.between
    }
    cases = " ".join(f"WHEN {text(key)} THEN [{', '.join(rows)}]" for key, rows in gaps.items() if rows)
    columns = role.columns.union(
        *(gap.columns for (detail, _), gap in total.details.items() if detail.kind == "gap")
    )
    costliest = f"list_sort(list_filter(CASE {role.text} {cases} END, lambda gap: gap.points > 0), 'DESC')"
    ordered = select.let("gaps", Sql(costliest, columns=columns)) if cases else none
    for number in range(1, TOP_GAPS + 1) if cases else ():
        found[f"gap_{number}"] = Sql(f"{ordered.text}[{number}].trait", columns=ordered.columns)
        found[f"gap_{number}_points"] = Sql(f"{ordered.text}[{number}].points", columns=ordered.columns)
    return found


def write_rejects(batch: Batch, path: Path) -> None:
    """Write every fault with its file, line, column, value and reason.

    Raises:
        OSError: they cannot be written.

    """
    file = escape_formula(batch.survey.name)
    with replacing(path, batch.folder) as part:
        batch.database.run(
            "Writing the rejects",
            0.95,
            0.97,
            f'COPY (SELECT {text(file)} AS file, line, {escaped_sql(quoted("column"))} AS "column",'
            f" {escaped_sql('value')} AS value, reason FROM ({batch.intake.faults_read}) ORDER BY line, place)"
            f" TO {text(str(part))} (FORMAT csv, HEADER)",
        )


def _new_name(name: str, taken: Collection[str]) -> str:
    """Return a name that no other column has, whatever its case."""
    known = {other.casefold() for other in taken}
    number, found = 1, name
    while found.casefold() in known:
        number += 1
        found = f"{name} {number}"
    return found
