"""Role against role."""

from mopscli.knowledge import Knowledge
from mopscli.roles.compare import compare_roles, compare_traits


def test_small(small: Knowledge) -> None:
    """A role's level would stand beside another trait's, or one that it does not name not count as 0."""
    result = compare_roles(small, [small.roles["author"], small.roles["editor"]])
    assert [(row.key, row.spread) for row in result.skills] == [("editing", 3), ("writing", 0)]
    assert [(row.key, row.spread) for row in result.drives] == [("calm", 3)]
    levels = {role: demand.level for role, demand in result.skills[0].demands.items() if demand}
    assert levels == {"author": 2, "editor": 5}
    assert [(part.name, set(part.claims)) for part in result.dimensions] == [("Team", {"author", "editor"})]
    assert [topic.key for topic in result.topics] == ["choice"]


def test_order(knowledge: Knowledge) -> None:
    """The widest difference, which is what people want to see, would not come first."""
    roles = [knowledge.roles[key] for key in ("head", "director", "vp")]
    result = compare_roles(knowledge, roles)
    spreads = [row.spread for row in result.skills]
    assert spreads == sorted(spreads, reverse=True)
    for row in result.skills:
        levels = [demand.level if demand else 0 for demand in row.demands.values()]
        assert row.spread == max(levels) - min(levels)


def test_every_trait_once(knowledge: Knowledge) -> None:
    """A skill that only one of the roles names would be lost."""
    head, director = knowledge.roles["head"], knowledge.roles["director"]
    rows = compare_roles(knowledge, [head, director]).skills
    assert sorted(row.key for row in rows) == sorted({*head.requires, *director.requires})


def test_swap(knowledge: Knowledge) -> None:
    """The order in which roles are named would change the findings, not only the columns."""
    head, cmo = knowledge.roles["head"], knowledge.roles["cmo"]
    one, other = compare_roles(knowledge, [head, cmo]), compare_roles(knowledge, [cmo, head])
    assert [(row.key, row.spread) for row in one.skills] == [(row.key, row.spread) for row in other.skills]


def test_topics_concern_all(knowledge: Knowledge) -> None:
    """A topic would be shown that is not about every role compared."""
    both = compare_roles(knowledge, [knowledge.roles["head"], knowledge.roles["director"]])
    assert {"long-term-goals", "organization-questions"} <= {topic.key for topic in both.topics}
    other = compare_roles(knowledge, [knowledge.roles["head"], knowledge.roles["cmo"]])
    assert other.topics == ()


def test_single_role_by_weight(small: Knowledge) -> None:
    """For one role alone, what decides would not come first."""
    rows = compare_traits(small.skills, {"author": small.roles["author"].requires})
    assert [row.key for row in rows] == ["writing", "editing"]


def test_a_trait_that_one_role_names(knowledge: Knowledge) -> None:
    """A trait that one role does not name would count as some level of it."""
    specialist, head = knowledge.roles["specialist"], knowledge.roles["head"]
    rows = (*(found := compare_roles(knowledge, (specialist, head))).skills, *found.drives)
    alone = [row for row in rows if None in row.demands.values()]
    assert alone
    for row in alone:
        (demand,) = filter(None, row.demands.values())
        assert row.spread == demand.level


def test_a_dimension_that_one_role_has(knowledge: Knowledge) -> None:
    """What one role says nothing of would not be shown of the others either."""
    head = knowledge.roles["head"]
    values = {name: getattr(head, name) for name in vars(head)}
    silent = type(head)(**values | {"budget": None, "key": "silent"})
    found = compare_roles(knowledge, (head, silent))
    (budget,) = (dimension for dimension in found.dimensions if dimension.key == "budget")
    assert budget.claims["silent"] is None
    assert budget.claims["head"]
