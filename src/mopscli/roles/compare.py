"""Role against role: what each asks for and gives, widest difference first."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import Claim, Demand, Drive, Role, Skill, Topic

DIMENSIONS: Mapping[str, str] = {
    "scope": "Scope of work",
    "decisions": "Decisions",
    "team": "Team",
    "budget": "Budget",
    "reports_to": "Reports to",
}


class Dimension(NamedTuple):
    """One aspect of the roles, told for each of them by role key; None where the knowledge says nothing."""

    key: str
    name: str
    claims: Mapping[str, Claim | None]


class TraitRow(NamedTuple):
    """One skill or drive, with what each role asks for or gives; None where a role does not name it.

    `demands` is by role key. `spread` is the widest difference between two roles, from 0 to 5 levels; a role
    that does not name the trait counts as level 0.
    """

    key: str
    name: str
    demands: Mapping[str, Demand | None]
    spread: int


class Comparison(NamedTuple):
    """Two roles or more, side by side. The rows of `skills` and `drives` come widest difference first.

    `caveats` and `topics` are what the knowledge says of all the roles together.
    """

    roles: tuple[Role, ...]
    dimensions: tuple[Dimension, ...]
    skills: tuple[TraitRow, ...]
    drives: tuple[TraitRow, ...]
    caveats: tuple[Topic, ...]
    topics: tuple[Topic, ...]


def compare_roles(knowledge: Knowledge, roles: Sequence[Role]) -> Comparison:
    """Lay two roles or more side by side, with the topics that concern them all."""
    keys = {role.key for role in roles}
    topics = [topic for topic in knowledge.topics.values() if keys.issubset(topic.roles)]
    return Comparison(
        roles=tuple(roles),
        dimensions=tuple(
            Dimension(attribute, name, claims)
            for attribute, name in DIMENSIONS.items()
            if any((claims := {role.key: getattr(role, attribute) for role in roles}).values())
        ),
        skills=compare_traits(knowledge.skills, {role.key: role.requires for role in roles}),
        drives=compare_traits(knowledge.drives, {role.key: role.offers for role in roles}),
        caveats=tuple(topic for topic in topics if topic.kind == "caveat"),
        topics=tuple(topic for topic in topics if topic.kind == "choosing"),
    )


def compare_traits(
    traits: Mapping[str, Skill] | Mapping[str, Drive], demands: Mapping[str, Mapping[str, Demand]]
) -> tuple[TraitRow, ...]:
    """Return a row for each trait that any role names: widest difference first, then weight, then level.

    Args:
        traits: skills or drives, by key.
        demands: what each role asks for or gives, by role key and then by trait key.

    """
    rows = []
    for trait in traits.values():
        named = {role: demand.get(trait.key) for role, demand in demands.items()}
        if any(named.values()):
            levels = [demand.level if demand else 0 for demand in named.values()]
            rows.append(TraitRow(trait.key, trait.name, named, max(levels) - min(levels)))
    return tuple(sorted(rows, key=_prominence))


def _prominence(row: TraitRow) -> tuple[float, float, float, str]:
    demands = [demand for demand in row.demands.values() if demand]
    weight, level = max(demand.weight for demand in demands), max(demand.level for demand in demands)
    return -row.spread, -weight, -level, row.name
