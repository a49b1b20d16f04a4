"""What a group of respondents amounts to: which role suits how many, what it lacks, and why rows were rejected."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from mopscli.assessment.scoring import AT_LEAST, Certainty
from mopscli.batch.database import text
from mopscli.batch.expressions import quoted
from mopscli.batch.table import ScoreTable
from mopscli.batch.ways import CONTRADICTING, STRAIGHT, Lacks
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


def sum_up(table: ScoreTable, output: Path | BinaryIO | None, rejects: Path | None) -> BatchSummary:
    """Return what the group amounts to, whose scores and rejects go to these files."""
    scoring, survey, database = table.scoring, table.survey, table.database
    rows, rejected = table.rows, table.rejected
    reasons = database.query(
        "SELECT reason, count(DISTINCT line) AS rows, bool_or(no_option) FROM faults"
        " GROUP BY reason ORDER BY rows DESC, reason"
    )
    wanted = _wanted(table)
    aggregates = ", ".join(f"{aggregate} AS {quoted(name)}" for name, aggregate in wanted.items())
    statement = f"SELECT {aggregates} FROM scores WHERE answered > 0"
    values = dict(zip(wanted, database.run("Summing up", 0.97, 1.0, statement)[0], strict=True))
    return BatchSummary(
        file=survey.name,
        rows=rows,
        scored=rows - rejected,
        rejected=rejected,
        too_close=values[Certainty.UNDECIDED],
        between=scoring.between,
        roles=tuple(_summary_of(role, values, table.lacks) for role in scoring.roles),
        reasons=tuple(
            (NoOption if no_option else Rejection)(reason, count) for reason, count, no_option in reasons
        ),
        straight_lined=values["straight"],
        contradicting=values["contradicting"],
        answered_mean=values["answered"] or 0.0,
        questions=len(scoring.questionnaire.items),
        absent=survey.absent,
        unanswered=rows - rejected - values["people"],
        from_one=table.intake.from_one,
        id_column=None if survey.id_column is None else survey.columns[survey.id_column],
        output=str(output) if isinstance(output, Path) else None,
        # A list of an earlier run must not stay as if it were of this one.
        rejects=str(rejects) if rejects and (rejected or rejects.exists()) else None,
        notes=survey.notes,
    )


def _wanted(table: ScoreTable) -> dict[str, str]:
    """Return what to find out of the scores of a group, as aggregates by their names."""
    scoring = table.scoring
    wanted = {
        "people": "count(*)",
        Certainty.UNDECIDED: f"count(*) FILTER (verdict = {text(Certainty.UNDECIDED)})",
        "straight": f"count(*) FILTER ({quoted(STRAIGHT)})",
        "contradicting": f"count(*) FILTER ({quoted(CONTRADICTING)})",
        "answered": "avg(answered)",
    }
    # Of those who left most questions open, the priors say more than they do.
    most = len(table.survey.questions.keys() & scoring.questionnaire.items.keys()) / 2
    for key in scoring.between:
        for word in AT_LEAST:
            chosen = f"verdict = {text(word)} AND role = {text(key)}"
            wanted[f"{word} {key}"] = f"count(*) FILTER ({chosen})"
        ready = quoted(f"readiness_{key}")
        near = f"struct_pack(readiness := {ready}, line := -line, id := id)"
        wanted[f"nearest {key}"] = (
            f"max({near}, {NEAREST_PEOPLE}) FILTER (answered >= {most} AND {ready} IS NOT NULL)"
        )
    for role in scoring.roles:
        fit = quoted(f"fit_{role.key}")
        wanted[f"fit {role.key}"] = f"avg({fit})"
        bands = f"least(floor({fit} * {BANDS} / 100), {BANDS - 1})::INTEGER"
        wanted[f"bands {role.key}"] = f"histogram({bands})"
    return wanted


def _summary_of(role: Role, values: Mapping[str, Any], lacks: Lacks) -> RoleSummary:
    bands = values[f"bands {role.key}"] or {}
    found = [
        Lack(trait, lack.people, lack.cost / values["people"])
        for trait in role.requires
        if (lack := lacks.get((trait, role.key))) is not None and lack.people
    ]
    return RoleSummary(
        key=role.key,
        clear=values.get(f"{Certainty.CLEAR} {role.key}", 0),
        leaning=values.get(f"{Certainty.LEANING} {role.key}", 0),
        fit_mean=values[f"fit {role.key}"] or 0.0,
        fit_bands=tuple(bands.get(band, 0) for band in range(BANDS)),
        lacks=tuple(sorted(found, key=lambda lack: (-lack.cost, lack.trait))[:LACKS]),
        nearest=tuple(Near(one["id"], one["readiness"]) for one in values.get(f"nearest {role.key}") or ()),
    )
