"""What the knowledge says of one thing: a role, a skill, or the sources that everything rests on."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, NamedTuple

from mopscli.knowledge import ON_DEMAND, Knowledge, cited
from mopscli.knowledge.entries import Demand, Role, Skill, Source, Topic
from mopscli.knowledge.progression import Ladder
from mopscli.roles.routes import Destinations, find_destinations

# What every page about a role shows; every other field of Role belongs to a part.
IN_EVERY_PART: Final = ("place", "key", "name", "label", "family", "rank", "summary", "aliases", "focus")
# Parts that show other fields of Role or RoleProfile than that of their name, by the field they stand before.
GROUPED: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "responsibilities": {"dimensions": ("scope", "decisions", "team", "budget", "reports_to", "short")},
    "profile": {"time": ("time_split",), "skills": ("skills_text", "requires"), "drives": ("offers",)},
    "market": {"value": ("value", "hesitations", "hire_when")},
    "caveats": {"topics": ("topics",), "paths": ("ladders", "destinations")},
}


def _parts_of_role() -> Mapping[str, Sequence[str]]:
    """Return every part and its fields: the groups, and each other field of Role as a part by itself."""
    apart = {name for groups in GROUPED.values() for names in groups.values() for name in names}
    apart.update(IN_EVERY_PART)
    parts: dict[str, Sequence[str]] = {}
    for field in fields(Role):
        parts |= GROUPED.get(field.name, {})
        if field.name not in apart:
            parts[field.name] = (field.name,)
    return parts


# The parts of a role in the order of the screen, and the fields that each shows.
ROLE_PARTS: Final = _parts_of_role()


class RoleList(NamedTuple):
    """Every role, by family, each family from junior to senior."""

    families: Mapping[str, tuple[Role, ...]]


class RoleProfile(NamedTuple):
    """One role, and where it stands among the others; `parts` are the keys of ROLE_PARTS to show."""

    role: Role
    topics: tuple[Topic, ...]
    ladders: tuple[Ladder, ...]
    destinations: Destinations
    parts: tuple[str, ...]


class SkillList(NamedTuple):
    """Every skill, by group, in the order of the file."""

    groups: Mapping[str, tuple[Skill, ...]]


class SkillProfile(NamedTuple):
    """One skill, and the roles that ask for it, highest level first, by role key."""

    skill: Skill
    roles: Mapping[str, Demand]


@dataclass(frozen=True)
class SourceUse:
    """One source, and how many claims, figures and levels rest on it."""

    source: Source
    count: int


class SourceList(NamedTuple):
    """The sources, most used first, and how many of all statements rest on judgment alone."""

    uses: tuple[SourceUse, ...]
    statements: int
    on_judgement: int
    levels: int


class CitedClaim(NamedTuple):
    """Something that rests on a source: the keys that lead to it, where it stands, and the claim itself."""

    keys: str
    file: str
    line: int
    claim: Any


class ClaimList(NamedTuple):
    """All that rests on one source, in the order of the files."""

    source: Source
    claims: tuple[CitedClaim, ...]


def list_roles(knowledge: Knowledge) -> RoleList:
    """Sort the roles into families; families keep the order of the file."""
    families: dict[str, list[Role]] = {role.family: [] for role in knowledge.roles.values()}
    for role in sorted(knowledge.roles.values(), key=lambda role: (role.rank, role.name)):
        families[role.family].append(role)
    return RoleList({family: tuple(roles) for family, roles in families.items()})


def profile_role(knowledge: Knowledge, role: Role, parts: Sequence[str] = ()) -> RoleProfile:
    """Gather everything about a role, or only some parts of it (keys of ROLE_PARTS)."""
    return RoleProfile(
        role=role,
        topics=tuple(topic for topic in knowledge.topics.values() if role.key in topic.roles),
        ladders=tuple(ladder for ladder in knowledge.ladders.values() if role.key in ladder.steps),
        destinations=find_destinations(knowledge, role),
        parts=tuple(parts or ROLE_PARTS),
    )


def list_skills(knowledge: Knowledge) -> SkillList:
    """Sort the skills into groups."""
    groups: dict[str, list[Skill]] = {}
    for skill in knowledge.skills.values():
        groups.setdefault(skill.group, []).append(skill)
    return SkillList({group: tuple(skills) for group, skills in groups.items()})


def shown_fields(profile: RoleProfile) -> dict[str, Any]:
    """Return the role and its surroundings with those fields alone that the parts show, by field name."""
    shown = {name for part in profile.parts for name in ROLE_PARTS[part]}
    hidden = {name for part in ROLE_PARTS.values() for name in part} - shown
    role = profile.role
    around = {"topics": profile.topics, "ladders": profile.ladders, "destinations": profile.destinations}
    return {
        "role": {
            field.name: getattr(role, field.name)
            for field in fields(role)
            if field.name not in {"place", *hidden}
        },
        **{name: value for name, value in around.items() if name in shown},
    }


def profile_skill(knowledge: Knowledge, skill: Skill) -> SkillProfile:
    """Gather the roles that ask for a skill, by level, then weight, then rank."""
    asking = [role for role in knowledge.roles.values() if skill.key in role.requires]
    asking.sort(
        key=lambda role: (-role.requires[skill.key].level, -role.requires[skill.key].weight, role.rank)
    )
    return SkillProfile(skill, {role.key: role.requires[skill.key] for role in asking})


def list_sources(knowledge: Knowledge) -> SourceList:
    """Count what rests on each source; levels and weights that name no source are counted as `levels`.

    Args:
        knowledge: read with the files in ON_DEMAND.

    """
    entries = [entry for _, entry in cited(_all_parts(knowledge))]
    counts = Counter(entry.source for entry in entries if entry.source is not None)
    levels = sum(isinstance(entry, Demand) and entry.source is None for entry in entries)
    uses = [SourceUse(source, counts[source.key]) for source in knowledge.sources.values()]
    return SourceList(
        uses=tuple(sorted(uses, key=lambda use: -use.count)),
        statements=counts.total(),
        on_judgement=sum(use.count for use in uses if use.source.kind == "judgement"),
        levels=levels,
    )


def list_claims(knowledge: Knowledge, source: Source) -> ClaimList:
    """List all that rests on one source, in the order of the files.

    Args:
        knowledge: read with the files in ON_DEMAND.
        source: one of its sources.

    """
    found = (
        CitedClaim(keys, Path(entry.place.path).name, entry.place.line, entry)
        for keys, entry in cited(_all_parts(knowledge))
        if entry.source == source.key
    )
    return ClaimList(source, tuple(found))


def _all_parts(knowledge: Knowledge) -> dict[str, Any]:
    # The details of roles are in the roles already.
    names = ("skills", "drives", "roles", "topics", *(name for name in ON_DEMAND if name != "details"))
    return {name: getattr(knowledge, name) for name in names}
