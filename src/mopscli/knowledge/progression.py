"""What the files about progression may hold: ladders and moves between roles, and growth in skills."""

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, ClassVar, Literal

from mopscli.knowledge.constraints import KEY, NUMBER, Between, Defines, Every, Inconsistencies
from mopscli.knowledge.entries import LEVELS, Claim, Entry, RoleKey, SkillKey, SourceKey, entry


@entry
class Ladder(Entry):
    """A named sequence of roles, from junior to senior."""

    key: str
    name: Annotated[str, "The name on the screen."]
    about: Annotated[Claim, "What the ladder shows."]
    steps: Annotated[tuple[RoleKey, ...], "The roles, first step first."]


@entry
class Months(Entry):
    """How long something takes, in months.

    `6 to 30, usually 14 [key]` is short for a low of 6, a high of 30, 14 as typical and the key of the source.
    """

    low: Annotated[float, Between(0, 600), "When it goes fast."]
    typical: Annotated[float, Between(0, 600), "What to plan with."]
    high: Annotated[float, Between(0, 600), "When it goes slowly."]
    source: Annotated[SourceKey, "Where the figures come from."]

    IN_SHORT: ClassVar = (
        rf"(?P<low>{NUMBER}) to (?P<high>{NUMBER}), usually (?P<typical>{NUMBER}) \[(?P<source>{KEY})\]"
    )

    def inconsistencies(self) -> Inconsistencies:
        """Tell what the numbers lack together."""
        if not self.low <= self.typical <= self.high:
            yield "low" if self.low > self.typical else "high", "low, typical and high are not in order", ""


@entry
class Move(Entry):
    """A step from one role to another."""

    from_: Annotated[RoleKey, "The role one leaves."]
    to: Annotated[RoleKey, "The role one moves to."]
    kind: Annotated[
        Literal["promotion", "lateral", "pivot", "back"],
        "`promotion` goes up, `lateral` stays on the level, `pivot` changes the line of work, "
        "`back` goes down by choice.",
    ]
    months: Annotated[Months, "The time in the first role until one is ready for the second."]
    why: Annotated[Claim, "What carries over, and what has to be learned."]

    def inconsistencies(self) -> Inconsistencies:
        """Tell whether it leads nowhere."""
        if self.from_ == self.to:
            yield "to", f"a move from '{self.to}' to itself", ""


@entry
class Rise(Entry):
    """How one gets further, as from one level of a skill to the next."""

    months: Annotated[Months, "The time it takes beside the work that one has."]
    actions: Annotated[tuple[Claim, ...], "What to do, each in one sentence."]
    evidence: Annotated[tuple[Claim, ...], "What a manager can look at to see that it was done."]

    def inconsistencies(self) -> Inconsistencies:
        """Tell what is empty."""
        for name in ("actions", "evidence"):
            if not getattr(self, name):
                yield name, f"there is nothing under {name}", ""


@entry
class Way(Rise):
    """How one gets a must-have of a role."""

    key: str


@entry
class PathsFile(Entry):
    """The file paths.yaml."""

    ladders: Annotated[
        Mapping[Annotated[str, Defines("ladder")], Ladder], "Named sequences of roles, by key."
    ] = field(default_factory=dict)
    moves: Annotated[tuple[Move, ...], "The steps between roles."] = ()
    ways: Annotated[Mapping[Annotated[str, Defines("way")], Way], "How one gets a must-have, by key."] = (
        field(default_factory=dict)
    )

    def inconsistencies(self) -> Inconsistencies:
        """Tell which moves stand twice."""
        seen: dict[tuple[str, str], Move] = {}
        for number, move in enumerate(self.moves, 1):
            first = seen.setdefault((move.from_, move.to), move)
            if first is not move:
                message = f"moves[{number}]: the move from '{move.from_}' to '{move.to}' stands twice"
                yield move.place, message, f"first at line {first.place.line}"


@entry
class Growth(Entry):
    """How one grows in a skill, level by level."""

    key: str
    steps: Annotated[
        Mapping[Annotated[int, Between(1, 5)], Rise],
        Every(tuple(LEVELS[1:])),
        "For each level from 1 to 5, the way there from the level below.",
    ]


@entry
class GrowthFile(Entry):
    """The file growth.yaml."""

    growth: Annotated[Mapping[SkillKey, Growth], "How one grows in a skill, by skill."] = field(
        default_factory=dict
    )
    at_once: Annotated[int, Between(1, 20), "How many skills one can work on at the same time."] = 3
