"""What the knowledge says of one thing."""

from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import Role
from mopscli.roles.catalog import (
    ROLE_PARTS,
    list_roles,
    list_skills,
    list_sources,
    profile_role,
    profile_skill,
    shown_fields,
)


def test_roles_by_rank(knowledge: Knowledge) -> None:
    """A role would be missing from its family, or stand above a junior one."""
    families = list_roles(knowledge).families
    assert list(families) == ["Marketing operations", "Revenue operations", "Marketing"]
    assert sum(map(len, families.values())) == 23
    for roles in families.values():
        ranks = [role.rank for role in roles]
        assert ranks == sorted(ranks)


def test_parts_cover_every_field(knowledge: Knowledge) -> None:
    """A field of a role would be left without a part that shows it."""
    parts = {field for fields in ROLE_PARTS.values() for field in fields}
    always = {"place", "key", "name", "aliases", "label", "family", "rank", "summary", "focus"}
    assert parts - {"topics", "ladders", "destinations"} == set(Role.__dataclass_fields__) - always
    assert profile_role(knowledge, knowledge.roles["head"]).parts == tuple(ROLE_PARTS)


def test_shown_fields(knowledge: Knowledge) -> None:
    """A part would show fields of another, or not all of its own."""
    shown = shown_fields(profile_role(knowledge, knowledge.roles["head"], ("tasks", "paths")))
    assert set(shown) == {"role", "ladders", "destinations"}
    assert "tasks" in shown["role"]
    assert "challenges" not in shown["role"]


def test_skills(knowledge: Knowledge) -> None:
    """A skill would be missing from its group, or its roles not begin with the highest level."""
    assert sum(map(len, list_skills(knowledge).groups.values())) == 25
    roles = profile_skill(knowledge, knowledge.skills["leadership"]).roles
    levels = [demand.level for demand in roles.values()]
    assert levels == sorted(levels, reverse=True)
    assert set(roles) == {role.key for role in knowledge.roles.values() if "leadership" in role.requires}


def test_sources(small: Knowledge) -> None:
    """A statement would be counted twice, or under another source."""
    result = list_sources(small)
    counts = {use.source.key: use.count for use in result.uses}
    # Counted by hand in the small folder: claims, figures, markers, months and the one sourced level.
    assert counts == {"book": 11, "own": 11}
    assert (result.statements, result.on_judgement, result.levels) == (22, 11, 5)
