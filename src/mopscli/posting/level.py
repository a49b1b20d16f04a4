"""How senior a job is: the clues as one normal belief, and from it the chance of each level, field and role."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from mopscli.assessment.formulas import FLOATS, Belief, believe
from mopscli.knowledge.postings import LEVEL_NAMES, PostingClue, PostingsFile
from mopscli.posting.clues import Found, Traces

# Before any clue nothing is known of the level; how usual each is comes in afterward.
MIDDLE: Final = 3.5
WIDE: Final = 1e4
# A single clue says no more than this, in levels from 1 to 6.
LOWEST: Final = -2.0
HIGHEST: Final = 9.0
# The range that is told has a chance as near as possible to this one.
WANTED: Final = 0.8
WORTH: Final = 0.04
# How much the words of a field count, as they repeat each other.
REPEATED: Final = 0.3
NAMED: Final = 3
# A role of the focus in hand is so many times as likely as another of its level.
FOCUSED: Final = 3.0
LEAST_WORDS: Final = 3


class Evidence(NamedTuple):
    """What one clue says: the level y from 1 to 6, and how sure: s2 is its variance in squared levels."""

    clue: str
    value: float
    y: float
    s2: float
    sentences: tuple[str, ...]


class Range(NamedTuple):
    """Levels side by side, and the chance that the job is one of them."""

    from_: str
    to: str
    probability: float


class Level(NamedTuple):
    """How senior a job is: the chance of each level, and the range that is told."""

    probabilities: Mapping[str, float]
    range: Range

    @property
    def likeliest(self) -> str:
        """The level with the highest chance."""
        return max(self.probabilities, key=self.probabilities.__getitem__)

    @property
    def mean(self) -> float:
        """The level that is expected, from 1 to 6."""
        return sum(number * p for number, p in enumerate(self.probabilities.values(), 1))


class RoleChance(NamedTuple):
    """A role of the knowledge, and the chance that the job is this one."""

    key: str
    probability: float


def weigh(postings: PostingsFile, found: Sequence[Found]) -> tuple[Evidence, ...]:
    """Return what each clue says of the level."""
    clues = postings.clues
    return tuple(
        Evidence(
            one.clue,
            one.value,
            level_of(clues[one.clue], one.value),
            clues[one.clue].noise ** 2,
            one.sentences,
        )
        for one in found
    )


def level_of(clue: PostingClue, value: float) -> float:
    """Return the level, from 1 to 6 and somewhat beyond, at which a value is usual.

    Between two levels, and beyond the last, it is read off a straight line of log(1 + value).
    """
    x = math.log1p(value)
    points = [math.log1p(clue.values[name]) for name in LEVEL_NAMES]
    rising = points[-1] > points[0]
    at = next(
        (n for n, (_, end) in enumerate(pairwise(points)) if (x <= end if rising else x >= end)),
        len(points) - 2,
    )
    start, end = points[at], points[at + 1]
    return min(max(at + 1 + (x - start) / (end - start), LOWEST), HIGHEST)


def judge_level(evidence: Sequence[Evidence], shares: Sequence[float]) -> Level:
    """Return the chance of each level: P(k) is its share times the density at k of the belief m, v.

    Args:
        evidence: what the clues say.
        shares: how usual each level is in the field, from the lowest to the highest.

    """
    belief = believe(FLOATS, MIDDLE, WIDE, ((one.y, one.s2) for one in evidence))
    probabilities = chances(belief, shares)
    return Level(probabilities, find_range(probabilities))


def chances(belief: Belief, shares: Sequence[float]) -> dict[str, float]:
    """Return the chance of each level from a belief about seniority and the share of each level."""
    logs = [
        math.log(max(share, 1e-12)) - (number - belief.m) ** 2 / (2 * belief.v)
        for number, share in enumerate(shares, 1)
    ]
    most = max(logs)
    weights = [math.exp(x - most) for x in logs]
    total = sum(weights)
    return {name: weight / total for name, weight in zip(LEVEL_NAMES, weights, strict=True)}


def find_range(probabilities: Mapping[str, float]) -> Range:
    """Return the levels side by side whose chance is nearest to WANTED; a further level must bring WORTH."""
    values = list(probabilities.values())
    spans = [(start, end) for start in range(len(values)) for end in range(start, len(values))]

    def cost(span: tuple[int, int]) -> float:
        start, end = span
        return abs(sum(values[start : end + 1]) - WANTED) + WORTH * (end - start)

    start, end = min(spans, key=cost)
    return Range(LEVEL_NAMES[start], LEVEL_NAMES[end], min(sum(values[start : end + 1]), 1.0))


def judge_field(postings: PostingsFile, named: Mapping[str, int]) -> dict[str, float]:
    """Return the chance of each field, by how its words share a posting (a multinomial model, tempered)."""
    counts = {
        key: named.get(f"field:{key}", 0) + NAMED * named.get(f"name:{key}", 0) for key in postings.fields
    }
    logs = {
        key: math.log(field.share)
        + REPEATED
        * sum(count * math.log(max(field.mix.get(other, 0.0), 1e-3)) for other, count in counts.items())
        for key, field in postings.fields.items()
    }
    most = max(logs.values())
    total = sum(math.exp(x - most) for x in logs.values())
    return {key: math.exp(x - most) / total for key, x in logs.items()}


def shares_in(postings: PostingsFile, fields: Mapping[str, float]) -> list[float]:
    """Return how usual each level is among postings of fields with these chances."""
    return [
        sum(chance * postings.fields[key].levels[level] for key, chance in fields.items())
        for level in LEVEL_NAMES
    ]


def judge_focus(postings: PostingsFile, traces: Traces) -> str | None:
    """Return what the job centers on, if its words speak twice as often of that as of anything else."""
    counts = sorted(((traces.counts.get(f"focus:{key}", 0), key) for key in postings.focuses), reverse=True)
    if not counts or counts[0][0] < LEAST_WORDS or (len(counts) > 1 and counts[0][0] < 2 * counts[1][0]):
        return None
    return counts[0][1]


def judge_roles(
    postings: PostingsFile, fields: Mapping[str, float], level: Level, focus: str | None
) -> tuple[RoleChance, ...]:
    """Return the roles that the job may be, the likeliest first; the usual one of a level weighs most."""
    found: dict[str, float] = {}
    favored = postings.focuses[focus].roles if focus else ()
    for key, chance in fields.items():
        for name, probability in level.probabilities.items():
            roles = postings.fields[key].roles[name]  # type: ignore[index]
            weights = [
                (FOCUSED if role in favored else 1.0) * (len(roles) - at) for at, role in enumerate(roles)
            ]
            for role, weight in zip(roles, weights, strict=True):
                found[role] = found.get(role, 0.0) + chance * probability * weight / sum(weights)
    ranked = sorted(found.items(), key=lambda pair: -pair[1])
    return tuple(RoleChance(role, chance) for role, chance in ranked)
