"""A posting beside a person: how ready they are for it, what they can say for themselves, and what to ask them."""

import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from mopscli.assessment.advice import READY, Judge, gate_met, readiness_terms
from mopscli.assessment.scoring import NO_TERM
from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import Demand, Role
from mopscli.person.person import Person
from mopscli.posting.posting import FittedPosting, ReadPosting
from mopscli.roles.growth import rise_of

# Roles with less of a chance than this are left out of what is expected, and no more than these are reckoned with.
LEAST_CHANCE: Final = 0.05
MOST_ROLES: Final = 6
# A skill that the posting names counts so many times as much as one that it does not, and less if only wished for.
NAMED: Final = 2.0
WISHED: Final = 1.5
MOST_QUESTIONS: Final = 3
MOST_GAPS: Final = 3
MOST_STRENGTHS: Final = 3
MOST_DEMANDS: Final = 3


class MustHave(NamedTuple):
    """Something that one must have: whether the answers show it, None where they do not tell."""

    text: str
    met: bool | None
    from_posting: bool


class Strength(NamedTuple):
    """A skill that is asked for and that one has, with what one has done and the sentence that asks for it."""

    skill: str
    level: int
    marker: str
    sentence: str


class Gap(NamedTuple):
    """A skill that is asked for at a higher level, with the first thing to do about it."""

    skill: str
    have: int
    need: int
    points: float
    action: str | None


class OpenQuestion(NamedTuple):
    """A question that is not answered yet, and by how many points its answer is expected to move the readiness."""

    key: str
    text: str
    points: float


class Fit(NamedTuple):
    """How somebody fits a posting: the readiness from 0 to 100, and the chance of being ready for it.

    Both are None where the heaviest skills of the likeliest role were not asked about: nothing rests on a prior.
    """

    readiness: float | None
    probability: float | None
    must_haves: tuple[MustHave, ...]
    questions: tuple[OpenQuestion, ...]
    strengths: tuple[Strength, ...]
    gaps: tuple[Gap, ...]


def fit_posting(knowledge: Knowledge, person: Person, read: ReadPosting, ready: float = READY) -> Fit:
    """Return how somebody fits a posting, over what is believed of its role.

    Readiness and its chance are means over the roles that the posting may be, with the skills that it names
    counting more.

    Args:
        knowledge: read with its growth.
        person: who applies.
        read: the posting.
        ready: the readiness, from 0 to 100, that counts as being ready.

    """
    roles = list(_likely_roles(knowledge, read))
    found = [(chance, person.readiness(role)) for chance, role in roles]
    value = sum(chance * readiness.value for chance, readiness in found)
    known = Judge(person.questionnaire, person.answers).ability(roles[0][1]).is_known
    ready_chance = sum(chance * readiness.chance(ready) for chance, readiness in found)
    return Fit(
        readiness=min(max(value, 0.0), 100.0) if known else None,
        probability=min(ready_chance, 1.0) if known else None,
        must_haves=tuple(_must_haves(person, roles[0][1], read)),
        questions=_questions(person, roles),
        strengths=_strengths(knowledge, person, roles[0][1], read),
        gaps=_gaps(knowledge, person, roles[0][1], read),
    )


def _likely_roles(knowledge: Knowledge, read: ReadPosting) -> Iterator[tuple[float, Role]]:
    """Yield the roles that the posting may be, the likeliest first, with chances that sum up to 1."""
    known = [chance for chance in read.roles if knowledge.roles[chance.key].requires]
    likely = [chance for chance in known if chance.probability >= LEAST_CHANCE][:MOST_ROLES] or known[:1]
    total = sum(chance.probability for chance in likely) or 1.0
    for chance in likely:
        yield chance.probability / total, as_asked(knowledge.roles[chance.key], read)


def as_asked(role: Role, read: ReadPosting) -> Role:
    """Return a role in which the skills that a posting names count more."""
    factors = {skill.skill: WISHED if skill.preferred else NAMED for skill in read.skills}
    requires = {
        key: Demand(**{**vars(demand), "weight": demand.weight * factors.get(key, 1.0)})
        for key, demand in role.requires.items()
    }
    return Role(**{**vars(role), "requires": requires})


def _must_haves(person: Person, role: Role, read: ReadPosting) -> Iterator[MustHave]:
    for gate in role.gates:
        yield MustHave(gate.text, gate_met(gate, person.answers), from_posting=False)
    for text in read.must_haves[:MOST_DEMANDS]:
        yield MustHave(text, None, from_posting=True)


def _questions(person: Person, roles: Sequence[tuple[float, Role]]) -> tuple[OpenQuestion, ...]:
    """Return the questions whose answers would move the readiness most, over the roles that it may be."""
    judge = Judge(person.questionnaire, person.answers)
    moved: dict[str, float] = {}
    texts = {}
    for chance, role in roles:
        pairs = {skill: (term, NO_TERM) for skill, term in readiness_terms(role).items()}
        for item, gain in judge.gains(pairs):
            moved[item.key] = moved.get(item.key, 0.0) + chance * math.sqrt(max(gain, 0.0))
            texts[item.key] = item.text
    ranked = sorted(moved.items(), key=lambda pair: -pair[1])[:MOST_QUESTIONS]
    return tuple(OpenQuestion(key, texts[key], points) for key, points in ranked if points > 0)


def _strengths(knowledge: Knowledge, person: Person, role: Role, read: ReadPosting) -> tuple[Strength, ...]:
    """Return what to lead with: the skills asked for that one has, those that count most first."""
    found = []
    for asked in read.skills:
        level = person.level(asked.skill)
        demand = role.requires.get(asked.skill)
        if person.is_known(asked.skill) and level >= (demand.level if demand else 3):
            marker = knowledge.skills[asked.skill].markers.get(level, "")
            weight = (demand.weight if demand else 1.0) * level
            found.append((weight, Strength(asked.skill, level, marker, asked.sentences[0])))
    found.sort(key=lambda pair: -pair[0])
    return tuple(strength for _, strength in found[:MOST_STRENGTHS])


def _gaps(knowledge: Knowledge, person: Person, role: Role, read: ReadPosting) -> tuple[Gap, ...]:
    """Return the skills below what is asked, those that take most readiness first, each with a first action."""
    found = []
    for asked in read.skills:
        demand = role.requires.get(asked.skill)
        level = person.level(asked.skill)
        if demand and person.is_known(asked.skill) and level < demand.level:
            rise = rise_of(knowledge, asked.skill, level + 1)
            action = rise.actions[0].text if rise else None
            found.append(Gap(asked.skill, level, demand.level, person.lost_by(role, asked.skill), action))
    return tuple(sorted(found, key=lambda gap: -gap.points)[:MOST_GAPS])


class Lacked(NamedTuple):
    """A skill that several postings ask for and somebody lacks, and the share of the postings, by their fit."""

    skill: str
    share: float


def lacked_together(fitted: Sequence[FittedPosting]) -> tuple[Lacked, ...]:
    """Return what postings ask together that somebody lacks, weighted by how ready they are for each."""
    found: dict[str, float] = {}
    total = 0.0
    for one in fitted:
        if one.fit is not None and one.fit.readiness is not None:
            total += one.fit.readiness
            for gap in one.fit.gaps:
                found[gap.skill] = found.get(gap.skill, 0.0) + one.fit.readiness
    ranked = sorted(found.items(), key=lambda pair: -pair[1])
    return tuple(Lacked(skill, weight / total) for skill, weight in ranked) if total else ()
