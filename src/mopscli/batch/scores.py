"""Everybody in a file of respondents scored: the scores written, the rejects listed, the group summed up."""

import errno
import json
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Final, NamedTuple

from mopscli.assessment.formulas import FLOATS
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.assessment.scoring import CONTRADICTION, Certainty, Scoring, Tally, tally, together
from mopscli.atomic import replacing
from mopscli.batch.codes import PACKED, Code, WholeNumbers, pack_whole_numbers, ways_to_answer
from mopscli.batch.database import Database, Report, json_rows, parquet_rows, text
from mopscli.batch.intake import Intake, code_at
from mopscli.batch.kinds import ScoresKind
from mopscli.batch.sql import (
    Expressions,
    Select,
    Sql,
    expression,
    quoted,
    scores,
    straight_lining,
    table_tally,
)
from mopscli.knowledge.entries import Role
from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.survey.header import match_columns
from mopscli.survey.source import Survey, open_survey
from mopscli.survey.spreadsheet import MAX_ROWS, escape_formula, escaped_sql, open_workbook, write_rows

BANDS: Final = 10
NEAREST: Final = 5
LACKS: Final = 5
GAPS: Final = 3


# --- What to write, and what it amounts to --------------------------------------------------------


@dataclass(frozen=True)
class Options:
    """What to write, and how; `digits` are those behind the decimal point, all of them if it is None."""

    output: Path | BinaryIO | None
    kind: ScoresKind
    rejects: Path | None
    explain: bool = False
    keep: bool = False
    strict: bool = False
    digits: int | None = None


@dataclass(frozen=True)
class Lack:
    """A skill that a role asks for: how many are below its level, and the points of fit it costs on average."""

    trait: str
    people: int
    cost: float


@dataclass(frozen=True)
class Near:
    """Somebody close to what a role asks for, from 0 to 100."""

    id: str
    readiness: float


@dataclass(frozen=True)
class RoleSummary:
    """How a group fits a role.

    `clear` and `leaning` count those whose verdict it is, `fit_bands` those in each tenth of the scale of fit.
    """

    key: str
    clear: int
    leaning: int
    fit_mean: float
    fit_bands: tuple[int, ...]
    lacks: tuple[Lack, ...]
    nearest: tuple[Near, ...]


@dataclass(frozen=True)
class Reason:
    """Why rows were rejected, and how many for this reason; a row may have several."""

    reason: str
    rows: int


@dataclass(frozen=True)
class BatchSummary:
    """What a group of respondents amounts to; every row is either scored or rejected.

    Of those scored, the `unanswered` answered nothing, and no other figure counts them. `from_one` tells that
    levels of skills are given as numbers and none is 0, as in a file whose numbers count from 1.
    """

    file: str
    rows: int
    scored: int
    rejected: int
    too_close: int
    between: tuple[str, ...]
    roles: tuple[RoleSummary, ...]
    reasons: tuple[Reason, ...]
    straight_lined: int
    contradicting: int
    answered_mean: float
    questions: int
    absent: tuple[str, ...]
    unanswered: int
    from_one: bool
    id_column: str | None
    output: str | None
    rejects: str | None


# --- Scoring --------------------------------------------------------------------------------------


class Reading(NamedTuple):
    """How to read a file, where that is not to be found out: see `open_survey`."""

    id_column: str | None = None
    partial: bool = False
    encoding: str | None = None
    missing: tuple[str, ...] = ()


def score_file(
    scoring: Scoring, source: Path | BinaryIO, name: str, reading: Reading, options: Options, report: Report
) -> BatchSummary:
    """Score everybody in a file of respondents, and write the scores and the rejects.

    Args:
        scoring: what is to be scored.
        source: the file, or a stream to read it from.
        name: what the user calls it.
        reading: how to read it.
        options: what to write.
        report: is told what is going on and how much of all is done, from 0 to 1.

    Raises:
        ProblemsFound: the file cannot be used at all; nothing is written.
        OSError: the scores or the rejects cannot be written.

    """
    with TemporaryDirectory(prefix="mops-") as name_of_folder:
        folder = Path(name_of_folder)
        report("Opening", 0.0)
        path = _regular(source, folder)
        database = Database(folder, path.stat().st_size if path.is_file() else 0, report)
        try:
            survey = _open(database, scoring.questionnaire, path, name, reading)
            details = len(scoring.questionnaire.priors) if options.explain else 0
            kept = len(survey.columns) if options.keep else 0
            database.make_room(6 + 4 * len(scoring.roles) + details + kept)
            intake = Intake(database, scoring, survey, folder)
            with ThreadPoolExecutor(1) as meanwhile:
                ways = meanwhile.submit(_score_ways, scoring, intake.codes)
                intake.load(strict=options.strict, keep=options.keep, partial=reading.partial)
            batch = Batch(scoring, intake, ways.result(), folder)
            # Nothing takes the place of an older file before all is done.
            with batch.written(options):
                summary = batch.sum_up(options)
                if summary.rejects is not None:
                    batch.write_rejects(Path(summary.rejects))
            report("Done", 1.0)
            return summary
        finally:
            database.close()


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
    database: Database, questionnaire: Questionnaire, path: Path, name: str, reading: Reading
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
    return Survey(
        path=path,
        name=name,
        kind="parquet",
        encoding="",
        delimiter="",
        newline="",
        first_line=1,
        columns=columns.names,
        questions=columns.questions,
        absent=columns.absent,
        id_column=columns.id_column,
        missing=frozenset(text.strip().casefold() for text in reading.missing),
    )


class _Ways(NamedTuple):
    """What it comes to if no question of a code is answered, and a row for each way to answer about each trait."""

    unanswered: Tally
    rows: list[dict[str, Any]]


def _score_ways(scoring: Scoring, codes: Sequence[Code]) -> dict[int, _Ways]:
    """Score each way to answer the questions of those codes that are looked up, by their numbers."""
    return {number: _ways_of(scoring, code) for number, code in enumerate(codes) if code.looked_up}


def _ways_of(scoring: Scoring, code: Code) -> _Ways:
    tallies, rows = [], []
    for trait in code.traits:
        for way, answers in enumerate(ways_to_answer(scoring.questionnaire.items_of[trait])):
            found = tally(FLOATS, scoring, trait, answers)
            details = {name: x for (name, _), x in found.details.items()}
            rows.append({"trait": trait, "way": way, **found.sums, **details})
            if not way:
                tallies.append(found)
    return _Ways(together(FLOATS, tallies), rows)


class _LookedUp(NamedTuple):
    """What is scored once for each way to answer: what it is, by the number of the code, and where it stands.

    `variables` are the numbers of the codes that each variable holds, in its order; `whole` tells how the sums of
    whole numbers are packed.
    """

    parts: Mapping[int, Tally]
    variables: Mapping[str, list[int]]
    whole: WholeNumbers


class Batch:
    """The scores of a table of replies."""

    def __init__(self, scoring: Scoring, intake: Intake, ways: Mapping[int, _Ways], folder: Path) -> None:
        """Get ready to score; nothing is scored yet but the ways to answer, by the numbers of their codes."""
        self._scoring = scoring
        self._intake = intake
        self._ways = ways
        self._survey = intake.survey
        self._database = intake.database
        self._folder = folder

    def _unpacked(self, select: Select, sums: Mapping[str, Sql]) -> dict[str, Sql]:
        """Return sums with those of whole numbers unpacked."""
        found = {name: x for name, x in sums.items() if name != PACKED}
        if PACKED in sums:
            packed = select.let(PACKED, Sql(f"({sums[PACKED].text})::BIGINT", columns=sums[PACKED].columns))
            for name, text in self._looked_up.whole.unpack(packed.text).items():
                found[name] = select.let(name, Sql(f"({text})::DOUBLE", columns=packed.columns))
        return found

    def _scored(self) -> tuple[Select, Tally, dict[str, Sql]]:
        """Return a SELECT over the replies that can be scored, what each comes to, and its scores."""
        looked_up = self._looked_up.parts
        lookups = "".join(
            f", {_at(variable, place, code_at(number))} AS tally_{number}"
            for variable, numbers in self._looked_up.variables.items()
            for place, number in enumerate(numbers)
        )
        places = {trait: place for place, trait in enumerate(self._scoring.questionnaire.items_of)}
        # Not a join, which would not keep the rows in order.
        select = Select(
            f"(SELECT *, {self._intake.line} AS line{lookups} FROM replies WHERE raw IS NULL) AS replies"
        )
        tallies, looked = [], []
        answers: dict[str, dict[str, Sql]] = {}
        for number, code in enumerate(self._intake.codes):
            packed = select.column(f"code {number}", code_at(number))
            if number in looked_up:
                sums, details = looked_up[number]
                spots = {trait: (weight, ways) for trait, weight, ways in code.spots()}
                looked.append(
                    Tally(
                        {
                            name: select.column(f"{number} {name}", f"tally_{number}.{quoted(name)}")
                            for name in sums
                        },
                        # Looked up where they are used, which may be in few rows.
                        {
                            (name, trait): Sql(
                                _at(name, places[trait], _way(packed.text, *spots[trait])),
                                columns=packed.columns,
                            )
                            for name, trait in details
                        },
                    )
                )
            else:
                for item, text in code.answers(code_at(number)):
                    answers.setdefault(item.trait, {})[item.key] = select.column(item.key, text)
        tallies += [table_tally(select, self._scoring, trait, given) for trait, given in answers.items()]
        unasked = (trait for trait, items in self._scoring.questionnaire.items_of.items() if not items)
        tallies += [table_tally(select, self._scoring, trait, {}) for trait in unasked]
        summed = together(Expressions(select, "packed sum of"), looked)
        total = together(
            Expressions(select, "sum of"),
            [summed._replace(sums=self._unpacked(select, summed.sums)), *tallies],
        )
        found = {"id": select.column("id", self._person)} | scores(select, self._scoring, total)
        return select, total, found

    @cached_property
    def _looked_up(self) -> _LookedUp:
        """What each way to answer comes to; the values are in variables.

        The table `ways` has a row for each way to answer about each trait, the table `spots` tells where the
        answers about a trait stand in a code.
        """
        if not self._ways:
            return _LookedUp({}, {}, WholeNumbers({}))
        rows = [row for ways in self._ways.values() for row in ways.rows]
        whole = pack_whole_numbers(
            rows, dict.fromkeys(name for ways in self._ways.values() for name in ways.unanswered.sums)
        )
        parts = {
            number: ways.unanswered._replace(sums=whole.pack(ways.unanswered.sums))
            for number, ways in self._ways.items()
        }
        rows = [whole.pack(row) for row in rows]
        names = dict.fromkeys(name for row in rows for name in row)
        types = {"trait": "VARCHAR", "way": "BIGINT"}
        path = self._folder / "ways.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        columns = {name: types.get(name, "DOUBLE") for name in names}
        self._database.query(f"CREATE TABLE ways AS FROM {json_rows(path, columns)}")
        spots = ", ".join(
            f"({number}, {code.patterns}, {text(trait)}, {weight}, {ways})"
            for number, code in enumerate(self._intake.codes)
            if number in parts
            for trait, weight, ways in code.spots()
        )
        self._database.query(
            f"CREATE TABLE spots AS FROM (VALUES {spots}) AS spots (code, patterns, trait, weight, ways)"
        )
        variables: dict[str, list[int]] = {}
        # What is looked up is copied, so a code gets the sums that its traits have, and no others.
        shapes: dict[tuple[str, ...], list[int]] = {}
        for number, part in parts.items():
            shapes.setdefault(tuple(part.sums), []).append(number)
        for place, (sums, numbers) in enumerate(shapes.items()):
            row = ", ".join(f"{quoted(name)} := sum({quoted(name)})" for name in sums)
            some = ", ".join(map(str, numbers))
            patterns = (
                f"SELECT *, {_way('pattern', 'weight', 'ways')} AS way"
                f" FROM (SELECT *, unnest(range(patterns)) AS pattern FROM spots WHERE code IN ({some}))"
            )
            self._list(
                f"tallies {place}",
                numbers,
                f"SELECT code, pattern, struct_pack({row}) FROM ({patterns}) JOIN ways USING (trait, way)"
                " GROUP BY ALL",
            )
            variables[f"tallies {place}"] = numbers
        if any(name == CONTRADICTION for part in parts.values() for name, _ in part.details):
            self._list_details(CONTRADICTION)
        return _LookedUp(parts, variables, whole)

    def _list(self, variable: str, keys: Iterable[str | int], statement: str) -> None:
        """Keep rows of a key, a place from 0 on and a value in a variable: for each key, a list of the values."""
        known = ", ".join(text(key) if isinstance(key, str) else str(key) for key in keys)
        lists = f"SELECT key, list(x ORDER BY place) AS xs FROM ({statement}) AS rows (key, place, x) GROUP BY key"
        self._database.query(
            f"SET VARIABLE {quoted(variable)} = (SELECT list(xs ORDER BY number) FROM"
            f" (SELECT unnest([{known}]) AS key, generate_subscripts([{known}], 1) AS number)"
            f" LEFT JOIN ({lists}) USING (key))"
        )

    def _list_details(self, name: str) -> None:
        """Keep a detail of each way to answer about each trait in a variable."""
        self._list(name, self._scoring.questionnaire.items_of, f"SELECT trait, way, {quoted(name)} FROM ways")

    @contextmanager
    def written(self, options: Options) -> Iterator[None]:
        """Write the scores; they take their place when the block ends without an error, all of them or none.

        Raises:
            OSError: they cannot be written.

        """
        if options.output is None:
            yield
            return
        select, total, found = self._scored()
        if options.explain:
            found |= self._explained(select, total, found["role"])
        words = {"id", "verdict", "role", "answered", "quality", *(f"gap_{n}" for n in range(1, GAPS + 1))}
        numbers = found.keys() - words
        texts = ["id"]
        for number, place in enumerate(self._intake.kept):
            name = _new_name(self._survey.columns[place] or f"column {place + 1}", found)
            found[name] = select.column(f"kept {number}", f"kept.kept_{number}")
            texts.append(name)
        columns = {}
        for name, x in found.items():
            shown = x.text
            if options.kind in ("csv", "xlsx") and name in texts:
                shown = escaped_sql(shown)
            elif name in numbers:
                shown = shown if options.digits is None else f"ROUND({shown}, {options.digits})"
                if options.kind == "csv":
                    # DuckDB writes a number as JSON in a third of the time that it takes as CSV.
                    shown = f"to_json({shown})::VARCHAR"
            elif options.kind == "csv" and name == "quality":
                # An empty text would be written as two quotes.
                shown = f"NULLIF({shown}, '')"
            label = escape_formula(name) if options.kind in ("csv", "xlsx") else name
            columns[label] = Sql(shown, columns=x.columns)
        with replacing(options.output, self._folder) as path:
            if options.kind == "xlsx":
                self._write_workbook(select.text(columns), path)
            else:
                form = {"csv": "FORMAT csv, HEADER", "jsonl": "FORMAT json", "parquet": "FORMAT parquet"}
                target = f"TO {text(str(path))} ({form[options.kind]})"
                self._database.run("Scoring", 0.55, 0.95, f"COPY ({select.text(columns)}) {target}")
            yield

    def _write_workbook(self, statement: str, path: Path) -> None:
        def rows() -> Iterator[Sequence[Any]]:
            for number, row in enumerate(self._database.stream(statement)):
                if number > MAX_ROWS:
                    raise OSError(errno.EFBIG, f"a sheet holds {MAX_ROWS:,} people; write CSV", str(path))
                yield row

        with open_workbook(str(path)) as workbook:
            write_rows(workbook, "scores", rows())

    def _explained(self, select: Select, total: Tally, role: Sql) -> dict[str, Sql]:
        """Return each trait's contribution to the lead of the first role over the second, and the largest gaps."""
        scoring, none = self._scoring, expression(0.0)
        one, other = scoring.between[:2]
        details = {name for parts in self._looked_up.parts.values() for name, _ in parts.details}
        for name in sorted(details - {CONTRADICTION}):
            self._list_details(name)
        found = {
            f"contribution_{trait}": total.details.get((f"loss {other}", trait), none)
            - total.details.get((f"loss {one}", trait), none)
            for trait in dict.fromkeys((*scoring.terms[one], *scoring.terms[other]))
        }
        gaps = {
            key: [
                f"{{'points': {gap.text}, 'place': -{place}, 'trait': {text(trait)}}}"
                for place, trait in enumerate(scoring.terms[key])
                if (gap := total.details.get((f"gap {key}", trait))) is not None
            ]
            for key in scoring.between
        }
        cases = " ".join(f"WHEN {text(key)} THEN [{', '.join(rows)}]" for key, rows in gaps.items() if rows)
        columns = role.columns.union(
            *(gap.columns for (name, _), gap in total.details.items() if name.startswith("gap "))
        )
        costliest = (
            f"list_sort(list_filter(CASE {role.text} {cases} END, lambda gap: gap.points > 0), 'DESC')"
        )
        ordered = select.let("gaps", Sql(costliest, columns=columns)) if cases else none
        for number in range(1, GAPS + 1) if cases else ():
            found[f"gap_{number}"] = Sql(f"{ordered.text}[{number}].trait", columns=ordered.columns)
            found[f"gap_{number}_points"] = Sql(f"{ordered.text}[{number}].points", columns=ordered.columns)
        return found

    def write_rejects(self, path: Path) -> None:
        """Write every fault with its file, line, column, value and reason.

        Raises:
            OSError: they cannot be written.

        """
        file = escape_formula(self._survey.name)
        with replacing(path, self._folder) as part:
            self._database.run(
                "Writing the rejects",
                0.95,
                0.97,
                f'COPY (SELECT {text(file)} AS file, line, {escaped_sql(quoted("column"))} AS "column",'
                f" {escaped_sql('value')} AS value, reason FROM ({self._intake.faults_read}) ORDER BY line, place)"
                f" TO {text(str(part))} (FORMAT csv, HEADER)",
            )

    # Summing up

    def sum_up(self, options: Options) -> BatchSummary:
        """Return what the group amounts to."""
        scoring, survey = self._scoring, self._survey
        rows, rejected = self._database.query("SELECT count(*), count(raw) FROM replies")[0]
        reasons = self._database.query(
            f"SELECT reason, count(DISTINCT line) AS rows FROM ({self._intake.faults_read})"
            " GROUP BY ALL ORDER BY rows DESC, reason"
        )
        select, total, found = self._scored()
        inner = found | {
            "line": select.column("line", "replies.line"),
            "contradictions": total.sums.get("contradictions", expression(0.0)),
            "straight": Sql(f"({straight_lining(total).text})", columns=straight_lining(total).columns),
        }
        wanted = {
            "people": "count(*)",
            "verdicts": "histogram(verdict || ' ' || role)",
            "straight": "count(*) FILTER (straight)",
            "contradicting": "count(*) FILTER (contradictions > 0)",
            "answered": "avg(answered)",
        }
        for key in scoring.between:
            near = f"struct_pack(readiness := {quoted(f'readiness_{key}')}, line := -line)"
            # Of those who left most questions open, the priors say more than they do.
            most = len(self._survey.questions.keys() & scoring.questionnaire.items.keys()) / 2
            wanted[f"nearest {key}"] = f"max({near}, {NEAREST}) FILTER (answered >= {most})"
        for role in scoring.roles:
            fit = quoted(f"fit_{role.key}")
            wanted[f"fit {role.key}"] = f"avg({fit})"
            bands = f"least(floor({fit} * {BANDS} / 100), {BANDS - 1})::INTEGER"
            wanted[f"bands {role.key}"] = f"histogram({bands})"
        looked_up = {detail for parts in self._looked_up.parts.values() for detail in parts.details}
        for detail, x in total.details.items():
            if detail[0] != CONTRADICTION and detail not in looked_up:
                name = " ".join(detail)
                inner[name] = x
                wanted[name] = _average(name, "1")
        aggregates = ", ".join(f"{text} AS {quoted(name)}" for name, text in wanted.items())
        statement = f"SELECT {aggregates} FROM ({select.text(inner)}) WHERE answered > 0"
        values = dict(zip(wanted, self._database.run("Summing up", 0.97, 1.0, statement)[0], strict=True))
        values |= self._lacking(everybody=values["people"] == rows - rejected)
        nearest = {key: self._people(values[f"nearest {key}"]) for key in scoring.between}
        return BatchSummary(
            file=survey.name,
            rows=rows,
            scored=rows - rejected,
            rejected=rejected,
            too_close=sum(
                people
                for verdict, people in (values["verdicts"] or {}).items()
                if verdict.startswith(Certainty.UNDECIDED)
            ),
            between=scoring.between,
            roles=tuple(self._summary_of(role, values, nearest.get(role.key, ())) for role in scoring.roles),
            reasons=tuple(Reason(*reason) for reason in reasons),
            straight_lined=values["straight"],
            contradicting=values["contradicting"],
            answered_mean=values["answered"] or 0.0,
            questions=len(scoring.questionnaire.items),
            absent=survey.absent,
            unanswered=rows - rejected - values["people"],
            from_one=self._intake.from_one,
            id_column=None if survey.id_column is None else survey.columns[survey.id_column],
            output=str(options.output) if isinstance(options.output, Path) else None,
            # A list of an earlier run must not stay as if it were of this one.
            rejects=str(options.rejects)
            if options.rejects and (rejected or options.rejects.exists())
            else None,
        )

    def _lacking(self, *, everybody: bool) -> dict[str, Any]:
        """Return how many people have each gap, and the mean of each loss, from how often each code occurs.

        `everybody` tells that nobody left everything open, so that nobody needs to be looked for.
        """
        looked_up = self._looked_up.parts
        keys = [key for parts in looked_up.values() for key in parts.details if key[0] != CONTRADICTION]
        if not keys:
            return {}
        names = list(dict.fromkeys(name for name, _ in keys))
        people = " UNION ALL ".join(
            f"SELECT {number} AS code, {code_at(number)}::BIGINT AS pattern, count(*) AS people"
            f" FROM replies WHERE raw IS NULL AND ({'true' if everybody else self._intake.somebody}) GROUP BY ALL"
            for number in looked_up
        )
        rows = self._database.query(
            f"SELECT trait, {', '.join(_average(name, 'people') for name in names)} FROM"
            f" (SELECT *, {_way('pattern', 'weight', 'ways')} AS way FROM spots JOIN ({people}) USING (code))"
            " JOIN ways USING (trait, way) GROUP BY trait"
        )
        values = {(name, row[0]): x for row in rows for name, x in zip(names, row[1:], strict=True)}
        return {" ".join(key): values.get(key) for key in keys}

    def _people(self, found: Sequence[Mapping[str, Any]] | None) -> tuple[Near, ...]:
        """Return who the people are who are nearest to ready, by the lines that they are on."""
        people = [(-one["line"], one["readiness"]) for one in found or () if one["readiness"] is not None]
        if not people:
            return ()
        lines = ", ".join(str(line) for line, _ in people)
        source = f"(SELECT *, {self._intake.line} AS line FROM replies) AS replies"
        ids = dict(self._database.query(f"SELECT line, {self._person} FROM {source} WHERE line IN ({lines})"))
        return tuple(Near(ids[line], readiness) for line, readiness in people)

    @property
    def _person(self) -> str:
        """Who a reply is of, as an expression."""
        return "replies.id" if self._survey.id_column is not None else "'row ' || replies.line"

    def _summary_of(self, role: Role, values: Mapping[str, Any], nearest: tuple[Near, ...]) -> RoleSummary:
        verdicts, bands = values["verdicts"] or {}, values[f"bands {role.key}"] or {}
        lacks = (
            Lack(
                trait, int(values[f"gap {role.key} {trait}"] or 0), values[f"loss {role.key} {trait}"] or 0.0
            )
            for trait in role.requires
            if f"gap {role.key} {trait}" in values
        )
        return RoleSummary(
            key=role.key,
            clear=verdicts.get(f"clear {role.key}", 0),
            leaning=verdicts.get(f"leaning {role.key}", 0),
            fit_mean=values[f"fit {role.key}"] or 0.0,
            fit_bands=tuple(bands.get(band, 0) for band in range(BANDS)),
            lacks=tuple(
                sorted((lack for lack in lacks if lack.people), key=lambda lack: (-lack.cost, lack.trait))[
                    :LACKS
                ]
            ),
            nearest=nearest,
        )


def _average(name: str, people: str) -> str:
    """Return the number of people with a gap, or the mean of a loss, where each row stands for some people."""
    x = quoted(name)
    if name.startswith("gap "):
        return f"sum({people}) FILTER ({x} IS NOT NULL)"
    return f"sum({x} * {people}) / sum({people})"


def _at(variable: str, number: int, place: str) -> str:
    """Return what stands at a place, from 0 on, in one of the lists that a variable holds."""
    return f"getvariable({text(variable)})[{number + 1}][{place}::BIGINT + 1]"


def _way(code: str, weight: object, ways: object) -> str:
    """Return which way to answer about a trait a code holds, by the trait's spot in it."""
    return f"({code} // {weight} % {ways})"


def _new_name(name: str, taken: Collection[str]) -> str:
    """Return a name that no other column has, whatever its case."""
    known = {other.casefold() for other in taken}
    number, found = 1, name
    while found.casefold() in known:
        number += 1
        found = f"{name} {number}"
    return found
