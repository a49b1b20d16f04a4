"""What the file of norms may hold: how a group of people answered, without any of them."""

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Final

from mopscli.knowledge.constraints import Between, Inconsistencies
from mopscli.knowledge.entries import Entry, RoleKey, TraitKey, entry

# Fewer people are no group to be compared with.
LEAST_PEOPLE: Final = 30
# So many people, at least, are between two values that are told, below the lowest and above the highest.
LEAST_BETWEEN: Final = 10


@entry
class Norm(Entry):
    """Values that parts of a group are below: with three, a quarter, a half and three quarters of it."""

    key: str
    people: Annotated[int, Between(LEAST_PEOPLE, 10**9), "How many people the values are of."]
    values: Annotated[tuple[float, ...], "The values, from low to high; they part the group evenly."]

    def inconsistencies(self) -> Inconsistencies:
        """Tell whether the values are none, out of order, or so close that they tell of single people."""
        if not self.values or list(self.values) != sorted(self.values):
            yield "values", "they must go from low to high", ""
        if (len(self.values) + 1) * LEAST_BETWEEN > self.people:
            yield "values", f"fewer than {LEAST_BETWEEN} people would be between two of them", "give fewer"


@entry
class NormsFile(Entry):
    """The file norms.yaml: a group that one can be compared with."""

    group: Annotated[str | None, "Who they are, as in 'people at Acme'."] = None
    date: Annotated[str | None, "When they were counted."] = None
    traits: Annotated[Mapping[TraitKey, Norm], "By skill and drive, in levels."] = field(default_factory=dict)
    roles: Annotated[Mapping[RoleKey, Norm], "By role, the fit from 0 to 100."] = field(default_factory=dict)
