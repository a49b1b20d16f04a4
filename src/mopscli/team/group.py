"""A group of people beside some roles: what each wants and can do, what all lack, and how parts differ."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from mopscli.assessment.advice import AdviceState
from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import Role
from mopscli.person.advice import make_advice
from mopscli.person.person import Person
from mopscli.person.ranges import RoleRanges, find_ranges

# Of a part with fewer people nothing is told, so that nobody can be read out of it.
LEAST: Final = 5
MOST_LACKS: Final = 5
OTHERS: Final = "Others"
NONE: Final = "Not told"


class Seen(NamedTuple):
    """What is told of somebody: the advice, the role that is wanted, and readiness and enjoyment of each role.

    `part` is the part of the group that they belong to, `lacks` the skills of each role that are surely below it,
    and `knows` those that were asked about.
    """

    id: str
    part: str
    state: AdviceState | None
    wants: str | None
    chance: float | None
    ranges: tuple[RoleRanges, ...]
    knows: tuple[str, ...]
    lacks: Mapping[str, tuple[str, ...]]


class GroupLack(NamedTuple):
    """A skill of a role: how many are below its level, out of how many who were asked."""

    skill: str
    below: int
    asked: int


class Part(NamedTuple):
    """A group, or a part of one: how many there are in each state of advice, and want each role, and lack what.

    `readiness` and `enjoyment` are means from 0 to 100 by role, None where nobody was asked.
    """

    name: str
    people: int
    states: Mapping[AdviceState, int]
    wants: Mapping[str, int]
    readiness: Mapping[str, float | None]
    enjoyment: Mapping[str, float | None]
    lacks: Mapping[str, tuple[GroupLack, ...]]


class Group(NamedTuple):
    """A group beside some roles, its parts by a column, and how many people are in parts that are not told of."""

    roles: tuple[str, ...]
    ready: float
    whole: Part
    by: str | None
    parts: tuple[Part, ...]
    merged: int
    people: tuple[Seen, ...]


def see_person(
    knowledge: Knowledge, person: Person, roles: Sequence[Role], ready: float, id_: str, part: str = ""
) -> Seen:
    """Return what is told of somebody in a group."""
    between = len(roles) > 1
    advice = (
        make_advice(knowledge, person.questionnaire, roles, person.answers, (), ready) if between else None
    )
    return Seen(
        id_,
        part,
        advice.state if advice else None,
        advice.wants if advice else None,
        advice.chance if advice else None,
        find_ranges(person, roles),
        tuple({skill: None for role in roles for skill in role.requires if person.is_known(skill)}),
        {
            role.key: tuple(
                skill
                for skill, demand in role.requires.items()
                if person.is_known(skill) and not person.reaches(skill, demand.level)
            )
            for role in roles
        },
    )


def picture_group(
    people: Iterable[Seen], roles: Sequence[Role], ready: float, by: str | None = None, least: int = LEAST
) -> Group:
    """Return what a group amounts to, and its parts if a column parts it.

    Args:
        people: everybody who answered something.
        roles: the roles to hold them against.
        ready: the readiness that counts as being ready, from 0 to 100.
        by: the column that parts the group, if one does.
        least: how many people a part must have to be told of; those of smaller parts are told of together.

    """
    everybody = tuple(people)
    by_part: dict[str, list[Seen]] = {}
    for seen in everybody if by is not None else ():
        by_part.setdefault(seen.part or NONE, []).append(seen)
    told, merged = _large_enough(by_part, least)
    return Group(
        roles=tuple(role.key for role in roles),
        ready=ready,
        whole=_part("Everybody", everybody, roles),
        by=by,
        parts=tuple(_part(name, some, roles) for name, some in told),
        merged=merged,
        people=everybody,
    )


def _large_enough(
    parts: Mapping[str, Sequence[Seen]], least: int
) -> tuple[list[tuple[str, Sequence[Seen]]], int]:
    """Return the parts that may be told of, and how many parts are told of together.

    What is left out could be found by taking the rest from the whole, so the others must be enough people, too.
    """
    large = sorted((item for item in parts.items() if len(item[1]) >= least), key=lambda item: -len(item[1]))
    small = [item for item in parts.items() if len(item[1]) < least]
    if not small:
        return large, 0
    while sum(len(some) for _, some in small) < least and large:
        small.append(large.pop())
    together = [seen for _, some in small for seen in some]
    told = [*large, (OTHERS, together)] if len(together) >= least else large
    return told, len(small)


def _part(name: str, people: Sequence[Seen], roles: Sequence[Role]) -> Part:
    can = {role.key: [r.can.value for r in _of(people, role) if r.can] for role in roles}
    want = {role.key: [r.want.value for r in _of(people, role) if r.want] for role in roles}
    return Part(
        name=name,
        people=len(people),
        states=Counter(seen.state for seen in people if seen.state is not None),
        wants=Counter(seen.wants for seen in people if seen.wants is not None),
        readiness={key: _mean(values) for key, values in can.items()},
        enjoyment={key: _mean(values) for key, values in want.items()},
        lacks={role.key: tuple(_lacks(people, role))[:MOST_LACKS] for role in roles},
    )


def _of(people: Sequence[Seen], role: Role) -> Iterator[RoleRanges]:
    for seen in people:
        yield from (some for some in seen.ranges if some.role == role.key)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _lacks(people: Sequence[Seen], role: Role) -> Iterator[GroupLack]:
    """Yield what is lacking, by how many lack it and how much it counts."""
    found = [
        GroupLack(
            skill,
            sum(skill in seen.lacks[role.key] for seen in people),
            sum(skill in seen.knows for seen in people),
        )
        for skill in role.requires
    ]
    found.sort(key=lambda lack: -lack.below * role.requires[lack.skill].weight)
    yield from (lack for lack in found if lack.below)
