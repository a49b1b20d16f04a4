"""What a group of respondents amounts to: which role suits how many, what it lacks, and why rows were rejected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from mopscli.assessment.scoring import AT_LEAST, CONTRADICTION, Certainty, Detail
from mopscli.batch.database import text
from mopscli.batch.intake import code_at
from mopscli.batch.lookup import way_at
from mopscli.batch.sql import Sql, expression, quoted, straight_lining
from mopscli.batch.table import Batch
from mopscli.knowledge.entries import Role

BANDS: Final = 10
NEAREST_PEOPLE: Final = 5
LACKS: Final = 5


# --- The summary ----------------------------------------------------------------------------------


class Lack(NamedTuple):
    """A skill that a role asks for: how many are below its level, and the points of fit it costs on average."""

    trait: str
    people: int
    cost: float


class Near(NamedTuple):
    """Somebody close to what a role asks for, from 0 to 100."""

    id: str
    readiness: float


class RoleSummary(NamedTuple):
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
class Rejection:
    """Why rows were rejected, and how many for this reason; a row may have several."""

    reason: str
    rows: int


@dataclass(frozen=True)
class NoOption(Rejection):
    """Rows rejected for answers that are no option; one of these may be a text that means no answer."""


class BatchSummary(NamedTuple):
    """What a group of respondents amounts to; every row is either scored or rejected.

    Of those scored, the `unanswered` answered nothing, and no other figure counts them. `from_one` tells that
    levels of skills are given as numbers and none is 0, as in a file whose numbers count from 1. `notes` tell
    what was found out about the file that nobody should have to guess.
    """

    file: str
    rows: int
    scored: int
    rejected: int
    too_close: int
    between: tuple[str, ...]
    roles: tuple[RoleSummary, ...]
    reasons: tuple[Rejection, ...]
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
    notes: tuple[str, ...] = ()

    @property
    def no_options(self) -> bool:
        """Whether rows were rejected for answers that are no option."""
        return any(isinstance(rejection, NoOption) for rejection in self.reasons)


# --- Summing up -----------------------------------------------------------------------------------


def sum_up(batch: Batch, output: Path | BinaryIO | None, rejects: Path | None) -> BatchSummary:
    """Return what the group amounts to, whose scores and rejects go to these files."""
    scoring, survey, database = batch.scoring, batch.survey, batch.database
    rows, rejected = database.query("SELECT count(*), count(raw) FROM replies")[0]
    reasons = database.query(
        "SELECT reason, count(DISTINCT line) AS rows, bool_or(no_option)"
        f" FROM ({batch.intake.faults_read}) GROUP BY reason ORDER BY rows DESC, reason"
    )
    values = _figures(batch)
    values |= _lacking(batch, everybody=values["people"] == rows - rejected)
    nearest = {key: _nearest(batch, values[f"nearest {key}"]) for key in scoring.between}
    return BatchSummary(
        file=survey.name,
        rows=rows,
        scored=rows - rejected,
        rejected=rejected,
        too_close=values[Certainty.UNDECIDED],
        between=scoring.between,
        roles=tuple(_summary_of(role, values, nearest.get(role.key, ())) for role in scoring.roles),
        reasons=tuple(
            (NoOption if no_option else Rejection)(reason, count) for reason, count, no_option in reasons
        ),
        straight_lined=values["straight"],
        contradicting=values["contradicting"],
        answered_mean=values["answered"] or 0.0,
        questions=len(scoring.questionnaire.items),
        absent=survey.absent,
        unanswered=rows - rejected - values["people"],
        from_one=batch.intake.from_one,
        id_column=None if survey.id_column is None else survey.columns[survey.id_column],
        output=str(output) if isinstance(output, Path) else None,
        # A list of an earlier run must not stay as if it were of this one.
        rejects=str(rejects) if rejects and (rejected or rejects.exists()) else None,
        notes=survey.notes,
    )


def _figures(batch: Batch) -> dict[str, Any]:
    """Return figures of all who answered something, by their names, but for what was looked up."""
    select, total, found = batch.scored()
    inner = found | {
        "line": select.column("line", "replies.line"),
        "contradictions": total.sums.get("contradictions", expression(0.0)),
        "straight": Sql(f"({straight_lining(total).text})", columns=straight_lining(total).columns),
    }
    wanted = _wanted(batch)
    looked_up = {detail for parts in batch.lookup.parts.values() for detail in parts.details}
    for (detail, trait), x in total.details.items():
        if detail.kind != CONTRADICTION and (detail, trait) not in looked_up:
            name = _column_of(detail, trait)
            inner[name] = x
            wanted[name] = _average(detail, name, "1")
    aggregates = ", ".join(f"{aggregate} AS {quoted(name)}" for name, aggregate in wanted.items())
    statement = f"SELECT {aggregates} FROM ({select.text(inner)}) WHERE answered > 0"
    return dict(zip(wanted, batch.database.run("Summing up", 0.97, 1.0, statement)[0], strict=True))


def _wanted(batch: Batch) -> dict[str, str]:
    """Return what to find out of the scores of a group, as aggregates by their names."""
    scoring = batch.scoring
    wanted = {
        "people": "count(*)",
        Certainty.UNDECIDED: f"count(*) FILTER (verdict = {text(Certainty.UNDECIDED)})",
        "straight": "count(*) FILTER (straight)",
        "contradicting": "count(*) FILTER (contradictions > 0)",
        "answered": "avg(answered)",
    }
    # Of those who left most questions open, the priors say more than they do.
    most = len(batch.survey.questions.keys() & scoring.questionnaire.items.keys()) / 2
    for key in scoring.between:
        for word in AT_LEAST:
            chosen = f"verdict = {text(word)} AND role = {text(key)}"
            wanted[f"{word} {key}"] = f"count(*) FILTER ({chosen})"
        near = f"struct_pack(readiness := {quoted(f'readiness_{key}')}, line := -line)"
        wanted[f"nearest {key}"] = f"max({near}, {NEAREST_PEOPLE}) FILTER (answered >= {most})"
    for role in scoring.roles:
        fit = quoted(f"fit_{role.key}")
        wanted[f"fit {role.key}"] = f"avg({fit})"
        bands = f"least(floor({fit} * {BANDS} / 100), {BANDS - 1})::INTEGER"
        wanted[f"bands {role.key}"] = f"histogram({bands})"
    return wanted


def _lacking(batch: Batch, *, everybody: bool) -> dict[str, Any]:
    """Return how many people have each gap, and the mean of each loss, from how often each code occurs.

    `everybody` tells that nobody left everything open, so that nobody needs to be looked for.
    """
    looked_up = batch.lookup.parts
    details = [detail for detail in batch.lookup.details if detail.kind != CONTRADICTION]
    if not details:
        return {}
    people = " UNION ALL ".join(
        f"SELECT {number} AS code, {code_at(number)}::BIGINT AS pattern, count(*) AS people"
        f" FROM replies WHERE raw IS NULL AND ({'true' if everybody else batch.intake.somebody}) GROUP BY ALL"
        for number in looked_up
    )
    rows = batch.database.query(
        f"SELECT trait, {', '.join(_average(detail, detail.name, 'people') for detail in details)} FROM"
        f" (SELECT *, {way_at('pattern', 'weight', 'ways')} AS way FROM spots JOIN ({people}) USING (code))"
        " JOIN ways USING (trait, way) GROUP BY trait"
    )
    values = {(detail, trait): x for trait, *found in rows for detail, x in zip(details, found, strict=True)}
    return {
        _column_of(*key): values.get(key)
        for parts in looked_up.values()
        for key in parts.details
        if key[0] in details
    }


def _nearest(batch: Batch, found: Sequence[Mapping[str, Any]] | None) -> tuple[Near, ...]:
    """Return who the people are who are nearest to ready, by the lines that they are on."""
    people = [(-one["line"], one["readiness"]) for one in found or () if one["readiness"] is not None]
    if not people:
        return ()
    lines = ", ".join(str(line) for line, _ in people)
    source = f"(SELECT *, {batch.intake.line} AS line FROM replies) AS replies"
    ids = dict(batch.database.query(f"SELECT line, {batch.person} FROM {source} WHERE line IN ({lines})"))
    return tuple(Near(ids[line], readiness) for line, readiness in people)


def _summary_of(role: Role, values: Mapping[str, Any], nearest: tuple[Near, ...]) -> RoleSummary:
    bands = values[f"bands {role.key}"] or {}
    gap, loss = Detail("gap", role.key), Detail("loss", role.key)
    lacks = (
        Lack(trait, int(values[_column_of(gap, trait)] or 0), values[_column_of(loss, trait)] or 0.0)
        for trait in role.requires
        if _column_of(gap, trait) in values
    )
    return RoleSummary(
        key=role.key,
        clear=values.get(f"{Certainty.CLEAR} {role.key}", 0),
        leaning=values.get(f"{Certainty.LEANING} {role.key}", 0),
        fit_mean=values[f"fit {role.key}"] or 0.0,
        fit_bands=tuple(bands.get(band, 0) for band in range(BANDS)),
        lacks=tuple(
            sorted((lack for lack in lacks if lack.people), key=lambda lack: (-lack.cost, lack.trait))[:LACKS]
        ),
        nearest=nearest,
    )


def _column_of(detail: Detail, trait: str) -> str:
    return f"{detail.name} {trait}"


def _average(detail: Detail, column: str, people: str) -> str:
    """Return the number of people with a gap, or the mean of a loss, where each row stands for some people."""
    x = quoted(column)
    if detail.kind == "gap":
        return f"sum({people}) FILTER ({x} IS NOT NULL)"
    return f"sum({x} * {people}) / sum({people})"
