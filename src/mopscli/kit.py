"""A hiring kit: what the papers for a role say, filled in as far as is known, and perhaps for one candidate."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mopscli.entries import LEADING, Claim, Role
from mopscli.knowledge import Knowledge
from mopscli.person import Person
from mopscli.problem import Place
from mopscli.staffing import (
    Accountability,
    Argument,
    CharterHeading,
    Check,
    Choice,
    Doubt,
    HiringFile,
    InterviewQuestion,
    Metric,
    Paper,
    PaperKey,
)

COMPANY: Final = "company"


@dataclass(frozen=True)
class Competency:
    """A skill that a role asks for, what its level looks like, and what the candidate's answers say of it.

    `level` is the mean of what is believed, from 0 to 5, None without a candidate or an answer; `gap` tells whether
    it is below the needed level by more than one standard deviation.
    """

    skill: str
    needed: int
    weight: float
    marker: str
    source: str
    level: float | None
    gap: bool
    questions: tuple[InterviewQuestion, ...]


@dataclass(frozen=True)
class Candidate:
    """What a self-assessment says of a candidate: readiness from 0 to 100, and must-haves that it does not show."""

    readiness: float
    se: float
    gates_ahead: tuple[str, ...]


@dataclass(frozen=True)
class Kit:
    """What the papers for a role say; `open` are the choices that the company still has to make."""

    role: str
    filled: Mapping[str, str]
    open: tuple[Choice, ...]
    papers: Mapping[PaperKey, Paper]
    mission: Claim
    accountabilities: tuple[Claim, ...]
    first_year: tuple[Claim, ...]
    background: tuple[Claim, ...]
    competencies: tuple[Competency, ...]
    charter: tuple[CharterHeading, ...]
    metrics: tuple[Metric, ...]
    arguments: tuple[Argument, ...]
    doubts: tuple[Doubt, ...]
    checklist: tuple[Check, ...]
    candidate: Candidate | None


def make_kit(
    knowledge: Knowledge, role: Role, filled: Mapping[str, str], candidate: Person | None = None
) -> Kit:
    """Gather what the papers for a role say.

    Args:
        knowledge: read with its hiring.
        role: the role to hire for.
        filled: what the company has chosen, by the key of the choice.
        candidate: somebody whose self-assessment fills in the scorecard; gaps come first then.

    """
    hiring = knowledge.hiring or HiringFile(place=Place(str(knowledge.folder)))
    scorecard = hiring.scorecards.get(role.key)
    return Kit(
        role=role.key,
        filled=dict(filled),
        open=tuple(choice for key, choice in hiring.choices.items() if key not in filled),
        papers=hiring.papers,
        mission=scorecard.mission if scorecard else role.summary,
        accountabilities=scorecard.accountabilities if scorecard else role.responsibilities,
        first_year=scorecard.first_year if scorecard else (),
        background=scorecard.background if scorecard else role.profile,
        competencies=tuple(
            sorted(_competencies(knowledge, hiring, role, candidate), key=lambda some: not some.gap)
        ),
        charter=hiring.charter,
        metrics=tuple(metric for metric in hiring.metrics.values() if role.key in metric.roles),
        arguments=tuple(argument for argument in hiring.arguments if role.key in argument.roles),
        doubts=tuple(doubt for doubt in hiring.doubts if role.key in doubt.roles),
        checklist=hiring.checklist,
        candidate=_candidate(role, candidate) if candidate else None,
    )


def measure_of(accountability: Claim) -> Claim | None:
    """Return how one tells that somebody lives up to an accountability, if the knowledge says it."""
    return accountability.measure if isinstance(accountability, Accountability) else None


def _competencies(
    knowledge: Knowledge, hiring: HiringFile, role: Role, candidate: Person | None
) -> Iterator[Competency]:
    """Yield the skills of a role, what counts most first."""
    order = sorted(role.requires.items(), key=lambda item: (-item[1].weight, -item[1].level))
    for key, demand in order:
        skill = knowledge.skills[key]
        interview = hiring.interviews.get(key)
        questions = (
            () if interview is None else interview.leading if demand.level >= LEADING else interview.doing
        )
        known = candidate is not None and candidate.is_known(key)
        yield Competency(
            skill=key,
            needed=demand.level,
            weight=demand.weight,
            marker=skill.markers[demand.level],
            source=skill.source,
            level=candidate.beliefs[key].m if candidate and known else None,
            gap=bool(candidate and known and not candidate.reaches(key, demand.level)),
            questions=questions,
        )


def _candidate(role: Role, person: Person) -> Candidate:
    readiness = person.readiness(role)
    return Candidate(readiness.value, readiness.se, tuple(gate.text for gate in person.gates_ahead(role)))
