"""A hiring kit: what the papers for a role say, filled in as far as is known, and perhaps for one candidate."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import LEADING, Claim, Role
from mopscli.knowledge.reader import INVALID, Reading, Scalar, Shape
from mopscli.knowledge.shapes import OneOf, Table
from mopscli.knowledge.staffing import (
    COMPANY,
    Accountability,
    Advertisement,
    Argument,
    CharterHeading,
    Check,
    CompanyChoice,
    Decision,
    Doubt,
    HiringFile,
    Metric,
    Paper,
    PaperKey,
)
from mopscli.person.person import Person
from mopscli.problem import Place, ProblemsFound
from mopscli.team.competency import Competency
from mopscli.team.panel import Sitting, plan_interview


class Filled(Shape):
    """What a company chose; nothing at all if it has not chosen yet."""

    def read(self, event: Any, at: str, reading: Reading, key: Any) -> Any:
        if type(event) is Scalar and event.tag in (None, "!"):
            return event.value.strip()
        reading.refuse(event, "text", at)
        return INVALID


class Candidate(NamedTuple):
    """What a self-assessment says of a candidate: readiness from 0 to 100, and must-haves that it does not show."""

    readiness: float
    se: float
    gates_ahead: tuple[str, ...]


class Kit(NamedTuple):
    """What the papers for a role say; `choices` are the company's to make, and `open` those that are not made."""

    role: str
    filled: Mapping[str, str]
    choices: tuple[CompanyChoice, ...]
    open: tuple[CompanyChoice, ...]
    papers: Mapping[PaperKey, Paper]
    mission: Claim | None
    accountabilities: tuple[Claim, ...]
    first_year: tuple[Claim, ...]
    background: tuple[Claim, ...]
    competencies: tuple[Competency, ...]
    interview: tuple[Sitting, ...]
    advertisement: Advertisement | None
    offers: tuple[Claim, ...]
    applying: tuple[Claim, ...]
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
    charter = tuple(_charter_for(hiring, role))
    decided = {decision.choice for part in charter for decision in part.decide}
    choices = tuple(
        choice
        for key, choice in hiring.choices.items()
        if key == COMPANY or key in decided or (choice.papers and _is_for(choice, role))
    )
    competencies = sorted(_competencies(knowledge, hiring, role, candidate), key=lambda some: not some.gap)
    return Kit(
        role=role.key,
        filled=dict(filled),
        choices=choices,
        open=tuple(choice for choice in choices if choice.key not in filled),
        papers=hiring.papers,
        mission=scorecard.mission if scorecard else role.summary,
        accountabilities=scorecard.accountabilities if scorecard else role.responsibilities,
        first_year=scorecard.first_year if scorecard else (),
        background=scorecard.background if scorecard else role.profile,
        competencies=tuple(competencies),
        interview=plan_interview(
            hiring.panel, competencies, lambda skill: knowledge.skills[skill].group, bool(role.gates)
        ),
        advertisement=hiring.advertisements.get(role.key),
        offers=hiring.offers,
        applying=hiring.applying,
        charter=charter,
        metrics=tuple(metric for metric in hiring.metrics.values() if role.key in metric.roles),
        arguments=tuple(argument for argument in hiring.arguments if role.key in argument.roles),
        doubts=tuple(doubt for doubt in hiring.doubts if role.key in doubt.roles),
        checklist=hiring.checklist,
        candidate=_candidate(role, candidate) if candidate else None,
    )


def _charter_for(hiring: HiringFile, role: Role) -> Iterator[CharterHeading]:
    """Yield the headings of a charter under which a role has something to decide."""
    for part in hiring.charter:
        if decide := tuple(decision for decision in part.decide if _is_for(decision, role)):
            yield CharterHeading(place=part.place, heading=part.heading, about=part.about, decide=decide)


def _is_for(part: CompanyChoice | Decision, role: Role) -> bool:
    return not part.roles or role.key in part.roles


def read_company_choices(hiring: HiringFile, path: Path) -> dict[str, str]:
    """Read a file of choices, YAML or JSON: the key of a choice to what the company chose; nothing is left open.

    Raises:
        ProblemsFound: it cannot be read, or holds what is no choice.

    """
    reading = Reading()
    values = reading.read(path, Table(OneOf(tuple(hiring.choices)), Filled(), ()))
    if values is None:
        raise ProblemsFound(reading.problems)
    return {key: text for key, text in values.items() if text}


def company_choices_text(kit: Kit) -> str:
    """Return a file of choices to fill in, with those that are made."""
    lines = [
        "# Put your own words behind each colon, in double quotes; what is empty stays marked in the papers.",
        "",
    ]
    usual = {some.choice: some.usual for part in kit.charter for some in part.decide if some.usual}
    for choice in kit.choices:
        made = json.dumps(kit.filled[choice.key], ensure_ascii=False) if choice.key in kit.filled else ""
        lines.append(f"# {' '.join(choice.text.split())}")
        if not made and choice.key in usual:
            lines.append(f"# While it is empty, papers to send say: {' '.join(usual[choice.key].split())}")
        lines += [f"{choice.key}: {made}".rstrip(), ""]
    return "\n".join(lines)


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
            marker=skill.markers.get(demand.level, ""),
            source=skill.source,
            rated=candidate.rated(key) if candidate and known else None,
            gap=bool(candidate and known and not candidate.reaches(key, demand.level)),
            questions=questions,
        )


def _candidate(role: Role, person: Person) -> Candidate:
    readiness = person.readiness(role)
    return Candidate(readiness.value, readiness.se, tuple(gate.text for gate in person.gates_ahead(role)))
