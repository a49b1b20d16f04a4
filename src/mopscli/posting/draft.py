"""A draft beside the role that it is meant for, and postings beside what the knowledge says of roles."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import WEIGHTS, Role
from mopscli.knowledge.postings import LEVEL_NAMES, PostingsFile
from mopscli.posting.level import Evidence
from mopscli.posting.posting import ReadPosting

# A clue pulls a draft up or down from so much of a level on, counted with how sure it is.
LEAST_PULL: Final = 0.15
MOST_PULLS: Final = 4
MOST_MISSED: Final = 4
# Fewer postings of a role say nothing of it.
LEAST_POSTINGS: Final = 10
# The spread of Fisher's z for a rank correlation (Fieller, Hartley and Pearson 1957).
RANKED: Final = 1.06
Z_90: Final = 1.6449
MOST_DIFFERENT: Final = 3


class Pull(NamedTuple):
    """A clue that makes a draft read as more senior (above 0) or less, in levels, and the sentences behind it."""

    clue: str
    value: float
    levels: float
    sentences: tuple[str, ...]


class Draft(NamedTuple):
    """How a draft reads beside the role that it is for; `chance` is that of the level of the role."""

    role: str
    wanted: str
    chance: float
    pulls: tuple[Pull, ...]
    pay_fits: bool | None
    missed: tuple[str, ...]


def review_draft(knowledge: Knowledge, postings: PostingsFile, read: ReadPosting, role: Role) -> Draft:
    """Return what pulls a draft away from the role it is for, and what a reader of that level would miss.

    Raises:
        ValueError: the knowledge of postings does not place the role at a level.

    """
    wanted = level_of_role(postings, role.key)
    if wanted is None:
        raise ValueError(f"{role.name} has no level in postings.yaml")
    rank = LEVEL_NAMES.index(wanted) + 1
    precision = sum(1 / one.s2 for one in read.evidence) or 1.0
    pulls = [_pull(one, rank, precision) for one in read.evidence]
    strongest = sorted(pulls, key=lambda pull: -abs(pull.levels))
    usual = postings.pay.get(wanted)  # type: ignore[call-overload]
    named = {skill.skill for skill in read.skills}
    heavy = sorted(role.requires.items(), key=lambda pair: -pair[1].weight * pair[1].level)
    missed = [key for key, demand in heavy if demand.weight >= WEIGHTS["decides"] and key not in named]
    return Draft(
        role.key,
        wanted,
        read.level.probabilities[wanted],
        tuple(pull for pull in strongest if abs(pull.levels) >= LEAST_PULL)[:MOST_PULLS],
        read.pay.high >= usual.low and read.pay.low <= usual.high * WIDE_PAY if read.pay and usual else None,
        tuple(missed[:MOST_MISSED]),
    )


WIDE_PAY: Final = 1.25


def _pull(one: Evidence, rank: int, precision: float) -> Pull:
    return Pull(one.clue, one.value, (one.y - rank) / one.s2 / precision, one.sentences)


def level_of_role(postings: PostingsFile, role: str) -> str | None:
    """Return the level that a role stands at, or None."""
    for field in postings.fields.values():
        for level, roles in field.roles.items():
            if role in roles:
                return level
    return None


class Audited(NamedTuple):
    """A role beside the postings that are likely for it.

    `correlation` ranks its skills by weight and level against the share of postings that name each, with an
    interval of 90 in 100. `more` are skills that postings name more than the role says, `less` the other way round.
    """

    role: str
    postings: float
    skills: int
    correlation: float
    low: float
    high: float
    more: tuple[str, ...]
    less: tuple[str, ...]


def audit(knowledge: Knowledge, read: Sequence[ReadPosting]) -> tuple[Audited, ...]:
    """Return where postings ask other skills than the roles of the knowledge require, the worst role first."""
    found = []
    for key, role in knowledge.roles.items():
        weights = [(next((r.probability for r in one.roles if r.key == key), 0.0), one) for one in read]
        total = sum(weight for weight, _ in weights)
        if total < LEAST_POSTINGS or not role.requires:
            continue
        asked = {
            skill: sum(w for w, one in weights if any(s.skill == skill for s in one.skills)) / total
            for skill in knowledge.skills
            if knowledge.skills[skill].phrases
        }
        says = {
            skill: role.requires[skill].weight * role.requires[skill].level if skill in role.requires else 0.0
            for skill in asked
        }
        found.append(_audited(key, total, asked, says))
    return tuple(sorted(found, key=lambda one: one.correlation))


def _audited(role: str, total: float, asked: dict[str, float], says: dict[str, float]) -> Audited:
    skills = list(asked)
    market, own = ranks([asked[skill] for skill in skills]), ranks([says[skill] for skill in skills])
    r = correlation(market, own)
    spread = Z_90 * RANKED / math.sqrt(max(len(skills) - 3, 1))
    z = math.atanh(max(min(r, 0.999), -0.999))
    apart = sorted(zip(skills, market, own, strict=True), key=lambda one: one[1] - one[2])
    more = tuple(skill for skill, _, _ in reversed(apart[-MOST_DIFFERENT:]))
    less = tuple(skill for skill, _, _ in apart[:MOST_DIFFERENT])
    return Audited(role, total, len(skills), r, math.tanh(z - spread), math.tanh(z + spread), more, less)


def ranks(values: Sequence[float]) -> list[float]:
    """Return the rank of each value from 1 on, equal ones sharing the middle of their ranks."""
    ordered = sorted(values)
    return [(ordered.index(value) + len(ordered) - ordered[::-1].index(value) + 1) / 2 for value in values]


def correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the correlation of two series of equal length, 0 where one does not vary."""
    a, b = sum(one) / len(one), sum(other) / len(other)
    top = sum((x - a) * (y - b) for x, y in zip(one, other, strict=True))
    bottom = math.sqrt(sum((x - a) ** 2 for x in one) * sum((y - b) ** 2 for y in other))
    return top / bottom if bottom else 0.0
