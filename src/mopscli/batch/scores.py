"""Everybody in a file of respondents scored: the scores written, and the rejects listed."""

import errno
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from mopscli.assessment.scoring import CONTRADICTION, Detail, Scoring, Tally
from mopscli.atomic import replacing
from mopscli.batch.database import Progress, target_path, text
from mopscli.batch.intake import Intake
from mopscli.batch.kinds import SCORES_ENDINGS, ScoresKind
from mopscli.batch.lookup import score_ways
from mopscli.batch.opening import FIND_OUT, ReadOptions, opened, tell_nobody
from mopscli.batch.sql import Select, Sql, expression, quoted
from mopscli.batch.summary import BatchSummary, sum_up
from mopscli.batch.table import Batch
from mopscli.survey.source import Survey
from mopscli.survey.spreadsheet import (
    MAX_ROWS,
    escape_formula,
    escaped_sql,
    hides_formula_sql,
    open_workbook,
    write_rows,
)

TOP_GAPS: Final = 3
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
        intake = Intake(database, scoring, survey, folder)
        with ThreadPoolExecutor(1) as meanwhile:
            ways = meanwhile.submit(score_ways, scoring, intake.codes)
            intake.load(strict=options.strict, keep=options.keep, partial=reading.partial)
        batch = Batch(scoring, intake, ways.result(), folder)
        # Nothing takes the place of an older file before all is done.
        with written(batch, options):
            summary = sum_up(batch, options.output, options.rejects)
            if summary.rejects is not None:
                write_rejects(batch, Path(summary.rejects), follow=options.rejects_named)
        report("Done", 1.0)
        return summary


def _columns_written(scoring: Scoring, survey: Survey, options: Options) -> int:
    """Return about how many columns the scores will have."""
    details = len(scoring.questionnaire.priors) if options.explain else 0
    return 6 + 4 * len(scoring.roles) + details + (len(survey.columns) if options.keep else 0)


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
    columns, labels = {}, []
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
        if name in texts:
            labels.append(label)
    with replacing(options.output, batch.folder) as path:
        if kind == "xlsx":
            _write_workbook(batch, select.text(columns), path)
        else:
            form = {"csv": "FORMAT csv, HEADER", "jsonl": "FORMAT json", "parquet": "FORMAT parquet"}
            form["csv"] += _quotes(batch, select.text({name: columns[name] for name in labels}), labels)
            target = f"TO {target_path(path)} ({form[kind]}, {IN_PLACE})"
            batch.database.run("Scoring", 0.55, 0.95, f"COPY ({select.text(columns)}) {target}")
        yield


def _quotes(batch: Batch, rows: str, names: Collection[str]) -> str:
    """Return the option to set texts in quotes, if one would be a formula in a cell of its own without them."""
    hidden = " OR ".join(map(hides_formula_sql, map(quoted, names)))
    found = batch.database.query(f"SELECT 1 FROM ({rows}) WHERE {hidden} LIMIT 1")
    return f", FORCE_QUOTE ({', '.join(map(quoted, names))})" if found else ""


def _write_workbook(batch: Batch, statement: str, path: Path) -> None:
    def rows() -> Iterator[Sequence[Any]]:
        for number, row in enumerate(batch.database.stream(statement)):
            if number > MAX_ROWS:
                raise OSError(errno.EFBIG, f"a sheet holds {MAX_ROWS:,} people; write CSV", str(path))
            yield row

    with open_workbook(str(path), batch.folder) as workbook:
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


def write_rejects(batch: Batch, path: Path, *, follow: bool = True) -> None:
    """Write every fault with its file, line, column, value and reason; `follow` a link if the user named it.

    Raises:
        OSError: they cannot be written.

    """
    file = escape_formula(batch.survey.name)
    quotes = _quotes(batch, batch.intake.faults_read, ("column", "value"))
    with replacing(path, batch.folder, follow=follow) as part:
        batch.database.run(
            "Writing the rejects",
            0.95,
            0.97,
            f'COPY (SELECT {text(file)} AS file, line, {escaped_sql(quoted("column"))} AS "column",'
            f" {escaped_sql('value')} AS value, reason FROM ({batch.intake.faults_read}) ORDER BY line, place)"
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
