"""A team beside the roles it should fill: who covers what, where it hangs on one person, who could follow whom."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from mopscli.assessment.advice import NEARLY
from mopscli.assessment.verdict import present_role
from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import Role
from mopscli.person.person import Person
from mopscli.person.plan import make_plan
from mopscli.roles.growth import Span

MAX_SUCCESSORS: Final = 3


class Covered(NamedTuple):
    """A skill: the highest level that a role asks for, and each person's level (0 to 5), None if not answered."""

    skill: str
    needed: int
    levels: tuple[int | None, ...]


class Need(NamedTuple):
    """A level of a skill that roles ask for, and the people who reach it: one, or nobody."""

    skill: str
    level: int
    roles: tuple[str, ...]
    people: tuple[str, ...]


class Successor(NamedTuple):
    """How near somebody is to a role.

    `readiness` goes from 0 to 100, `chance` is the probability that it is as high as wanted, `months` are those of
    the plan that makes it so, and `gates` the must-haves that the answers do not show.
    """

    person: str
    readiness: float
    chance: float
    months: Span
    gates: tuple[str, ...]


class Succession(NamedTuple):
    """Who is nearest to a role; it is a leading one if a promotion from another role of the team leads to it."""

    role: str
    leading: bool
    people: tuple[Successor, ...]


class TeamMap(NamedTuple):
    """A team beside some roles; `gaps` nobody covers, the weightiest first, and each of `single_points` one alone.

    `against` is for each person the role that their levels are held against: the one they have, or else the next of
    these that they are not ready for; None where nothing tells.
    """

    people: tuple[str, ...]
    against: tuple[str | None, ...]
    roles: tuple[str, ...]
    wanted: float
    skills: tuple[Covered, ...]
    gaps: tuple[Need, ...]
    single_points: tuple[Need, ...]
    lines: tuple[Succession, ...]


def map_team(
    knowledge: Knowledge, people: Mapping[str, Person], roles: Sequence[Role], wanted: float
) -> TeamMap:
    """Set a team beside the roles that it should fill.

    Args:
        knowledge: read with its growth.
        people: the members, by what tells them apart.
        roles: the roles.
        wanted: the readiness that counts as being ready, from 0 to 100.

    """
    needs = tuple(_needs_of(people, roles))
    skills = dict.fromkeys(need.skill for need in needs)
    return TeamMap(
        people=tuple(people),
        against=tuple(_own_or_next(knowledge, person, roles, wanted) for person in people.values()),
        roles=tuple(role.key for role in roles),
        wanted=wanted,
        skills=tuple(
            Covered(
                skill,
                max(need.level for need in needs if need.skill == skill),
                tuple(person.level(skill) if person.is_known(skill) else None for person in people.values()),
            )
            for skill in skills
        ),
        gaps=tuple(
            sorted((need for need in needs if not need.people), key=lambda need: -_weight(knowledge, need))
        ),
        single_points=tuple(need for need in needs if len(need.people) == 1),
        lines=tuple(_lines(knowledge, people, roles, wanted)),
    )


def _weight(knowledge: Knowledge, need: Need) -> float:
    """Return how much a need counts in the roles that have it."""
    return sum(knowledge.roles[key].requires[need.skill].weight for key in need.roles)


def _own_or_next(knowledge: Knowledge, person: Person, roles: Sequence[Role], wanted: float) -> str | None:
    """Return the role that somebody has, or else the most junior of some that they are not ready for yet."""
    own = present_role(person.questionnaire, person.answers)
    if own in knowledge.roles:
        return own
    known = sorted(
        (role for role in roles if any(map(person.is_known, role.requires))), key=lambda role: role.rank
    )
    ahead = (role.key for role in known if not person.is_ready(role, wanted))
    return next(ahead, known[-1].key if known else None)


def _needs_of(people: Mapping[str, Person], roles: Sequence[Role]) -> Iterator[Need]:
    """Yield each level of a skill that a role asks for, with those who reach it, the highest first."""
    for skill in dict.fromkeys(skill for role in roles for skill in role.requires):
        asking: dict[int, list[str]] = {}
        for role in roles:
            if skill in role.requires and role.requires[skill].level:
                asking.setdefault(role.requires[skill].level, []).append(role.key)
        for level in sorted(asking, reverse=True):
            reached = (id_ for id_, person in people.items() if person.reaches(skill, level))
            yield Need(skill, level, tuple(asking[level]), tuple(reached))


def _lines(
    knowledge: Knowledge, people: Mapping[str, Person], roles: Sequence[Role], wanted: float
) -> Iterator[Succession]:
    keys = {role.key for role in roles}
    promoted = {move.to for move in knowledge.moves if move.kind == "promotion" and move.from_ in keys}
    for role in sorted(roles, key=lambda role: -role.rank):
        known = {
            id_: person
            for id_, person in people.items()
            if any(person.is_known(skill) for skill in role.requires)
        }
        ready = {id_: person.readiness(role).value for id_, person in known.items()}
        chances = {id_: person.readiness(role).chance(wanted) for id_, person in known.items()}
        # Whoever is far off is no successor.
        near = sorted((id_ for id_ in ready if chances[id_] >= NEARLY), key=lambda id_: (-ready[id_], id_))[
            :MAX_SUCCESSORS
        ]
        line = (_successor(knowledge, id_, people[id_], role, wanted) for id_ in near)
        yield Succession(role.key, role.key in promoted, tuple(line))


def _successor(knowledge: Knowledge, id_: str, person: Person, role: Role, wanted: float) -> Successor:
    readiness = person.readiness(role)
    return Successor(
        person=id_,
        readiness=readiness.value,
        chance=readiness.chance(wanted),
        months=make_plan(knowledge, person, role, wanted).months,
        gates=tuple(gate.text for gate in person.gates_ahead(role)),
    )
