"""What one lacks for a role, and how long it takes to gain it; knows no answers."""

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Final, NamedTuple

from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import Role
from mopscli.knowledge.progression import Rise

READY: Final = 80.0
# How long a level takes where the knowledge does not say, in months, by the level: a judgment.
USUAL_MONTHS: Final = {1: (1, 2, 4), 2: (2, 4, 8), 3: (4, 7, 14), 4: (6, 11, 22), 5: (9, 18, 36)}
USUAL_AT_ONCE: Final = 3


class Span(NamedTuple):
    """A time in months: when it goes fast, typically, and when it goes slowly."""

    low: float
    typical: float
    high: float

    def or_longer(self, other: "Span") -> "Span":
        """Return the longer of two times, each way to look at them by itself."""
        return Span(max(self.low, other.low), max(self.typical, other.typical), max(self.high, other.high))


NO_TIME: Final = Span(0, 0, 0)


def total(spans: Iterable[Span]) -> Span:
    """Return times one after the other as one."""
    low = typical = high = 0.0
    for span in spans:
        low, typical, high = low + span.low, typical + span.typical, high + span.high
    return Span(low, typical, high)


class Gain(NamedTuple):
    """A skill to raise, from one level to a higher one (0 to 5)."""

    skill: str
    from_: int
    to: int


def find_gains(levels: Mapping[str, int], target: Role) -> tuple[Gain, ...]:
    """Return the skills in which a role asks for more than one has, largest gain first.

    Args:
        levels: the level that one has, by skill; a skill that is not there counts as 0.
        target: the role to be ready for.

    """
    gains = [
        Gain(skill, levels.get(skill, 0), demand.level)
        for skill, demand in target.requires.items()
        if levels.get(skill, 0) < demand.level
    ]
    return tuple(sorted(gains, key=lambda gain: (gain.from_ - gain.to, gain.skill)))


def rise_of(knowledge: Knowledge, skill: str, level: int) -> Rise | None:
    """Return what the knowledge tells about the way to a level of a skill, if anything."""
    growth = knowledge.growth.growth.get(skill) if knowledge.growth else None
    return growth.steps[level] if growth else None


def months_to(knowledge: Knowledge, skill: str, level: int) -> Span:
    """Return how long it takes to get to a level of a skill from the level below."""
    rise = rise_of(knowledge, skill, level)
    if rise is None:
        return Span(*USUAL_MONTHS[level])
    return Span(rise.months.low, rise.months.typical, rise.months.high)


def at_once(knowledge: Knowledge) -> int:
    """Return how many skills one works on at the same time."""
    return knowledge.growth.at_once if knowledge.growth else USUAL_AT_ONCE


def time_of(knowledge: Knowledge, gain: Gain) -> Span:
    """Return how long one gain takes, a level after the other."""
    return total(months_to(knowledge, gain.skill, level) for level in range(gain.from_ + 1, gain.to + 1))


def side_by_side(knowledge: Knowledge, times: Iterable[Span]) -> Span:
    """Return how long gains take together, from the time that each takes.

    That is the longest of them, or all together shared among as many skills as one works on at once, whichever is
    longer (the shortest schedule of jobs that may be interrupted, McNaughton 1959).
    """
    each = list(times)
    all_, share = total(each), at_once(knowledge)
    return reduce(Span.or_longer, each, Span(all_.low / share, all_.typical / share, all_.high / share))
