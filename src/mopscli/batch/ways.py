"""Everybody's scores from what each way to answer about a trait comes to, which is computed once; needs numpy."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from mopscli.assessment.arrays import ARRAYS, Array
from mopscli.assessment.formulas import Reading
from mopscli.assessment.questionnaire import Item, read_answer
from mopscli.assessment.scoring import (
    CONTRADICTION,
    STRAIGHT_LINING,
    UNANSWERED,
    Answer,
    Detail,
    Scoring,
    Tally,
    tally,
)
from mopscli.batch.codes import Code
from mopscli.batch.columns import score_columns, straight_lining

# So many people are scored at a time: what they come to stays close to the processor.
PIECE: Final = 8_192
TOP_GAPS: Final = 3
STRAIGHT: Final = "straight-lined"
CONTRADICTING: Final = "contradicting"


class Ways(NamedTuple):
    """What ways to answer about a trait come to: a row of sums for each, and each detail by way."""

    sums: Array
    details: Mapping[Detail, Array]


class Chosen(NamedTuple):
    """The ways to answer about a trait, and which of them each of some people has chosen."""

    ways: Ways
    way: Array

    def detail(self, detail: Detail) -> Array:
        """Return a detail of each person; NaN where there is none."""
        if detail not in self.ways.details:
            return np.zeros(len(self.way))
        return self.ways.details[detail][self.way]


class Shortage(NamedTuple):
    """How many people are below the level of a skill that a role asks for, and the points that all lose by it."""

    people: int
    cost: float


# By skill and role.
Lacks = dict[tuple[str, str], Shortage]


class Scored(NamedTuple):
    """The scores of some people by the names of their columns, and what those who answered anything lack."""

    columns: dict[str, Array]
    lacks: Lacks


class Scorer:
    """Scores people by the codes of their answers.

    A trait whose questions need several codes has too many ways to answer: it is calculated for each person.
    """

    def __init__(self, scoring: Scoring, codes: Sequence[Code], *, explain: bool) -> None:
        """Compute what each way to answer comes to; `explain` adds columns that explain the scores."""
        self._scoring = scoring
        self._explain = explain
        self._codes = {
            trait: [(number, code) for number, code in enumerate(codes) if code.trait == trait]
            for trait in scoring.questionnaire.items_of
        }
        few = {trait: self._every_way(parts) for trait, parts in self._codes.items()}
        tallies = {trait: self._tally(trait, digits) for trait, digits in few.items()}
        self._names = list(dict.fromkeys(name for found in tallies.values() for name in found.sums))
        self._ways = {
            trait: self._ways_of(len(few[trait]), found)
            for trait, found in tallies.items()
            if len(self._codes[trait]) <= 1
        }

    def scores(self, codes: Sequence[Array], people: int) -> Scored:
        """Return the scores of so many people, whose answers have these codes."""
        parts: list[dict[str, Array]] = []
        lacks: Lacks = {}
        counts = {trait: np.zeros(len(ways.sums), np.int64) for trait, ways in self._ways.items()}
        for start in range(0, people or 1, PIECE):
            piece = [some[start : start + PIECE] for some in codes]
            size = min(PIECE, people - start)
            chosen = {trait: self._chosen(trait, piece, size) for trait in self._codes}
            parts.append(self._columns(chosen, size))
            somebody = parts[-1]["answered"] > 0
            for trait, (ways, way) in chosen.items():
                count = np.bincount(way[somebody], minlength=len(ways.sums))
                if trait in counts:
                    counts[trait] += count
                else:
                    add_lacks(lacks, _lacks_of(trait, ways, count))
        for trait, count in counts.items():
            add_lacks(lacks, _lacks_of(trait, self._ways[trait], count))
        return Scored({name: np.concatenate([part[name] for part in parts]) for name in parts[0]}, lacks)

    def _every_way(self, parts: Sequence[tuple[int, Code]]) -> Array:
        """Return the digits of each way to answer; but one, where there are too many."""
        if len(parts) == 1:
            ((_, code),) = parts
            return code.digits(np.arange(code.ways))
        return np.zeros((1, sum(len(code.items) for _, code in parts)), np.int32)

    def _chosen(self, trait: str, codes: Sequence[Array], people: int) -> Chosen:
        parts = self._codes[trait]
        if len(parts) > 1:
            digits = np.concatenate([code.digits(codes[number]) for number, code in parts], axis=1)
            return Chosen(self._ways_of(people, self._tally(trait, digits)), np.arange(people))
        return Chosen(self._ways[trait], codes[parts[0][0]] if parts else np.zeros(people, np.uint8))

    def _tally(self, trait: str, digits: Array) -> Tally:
        items = self._scoring.questionnaire.items_of[trait]
        answers = {item.key: _answer(item, digits[:, place]) for place, item in enumerate(items)}
        return tally(ARRAYS, self._scoring, trait, answers)

    def _ways_of(self, ways: int, found: Tally) -> Ways:
        sums = np.zeros((ways, len(self._names)))
        for name, x in found.sums.items():
            sums[:, self._names.index(name)] = x
        return Ways(sums, {detail: np.broadcast_to(x, (ways,)) for (detail, _), x in found.details.items()})

    def _columns(self, chosen: Mapping[str, Chosen], people: int) -> dict[str, Array]:
        total = np.zeros((people, len(self._names)))
        for ways, way in chosen.values():
            total += ways.sums.take(way, axis=0)
        sums = dict(zip(self._names, np.ascontiguousarray(total.T), strict=True))
        zero = np.zeros(people)
        found = score_columns(ARRAYS, self._scoring, sums, zero)
        columns = {name: np.broadcast_to(np.nan if x is None else x, (people,)) for name, x in found.items()}
        columns["answered"] = columns["answered"].astype(np.int32)
        straight = straight_lining(sums, zero)
        contradicting = sums.get("contradictions", zero) > 0
        columns["quality"] = _quality(chosen, straight, contradicting, columns["answered"])
        if self._explain:
            columns |= self._explained(chosen, columns["role"])
        return columns | {STRAIGHT: straight, CONTRADICTING: contradicting}

    def _explained(self, chosen: Mapping[str, Chosen], role: Array) -> dict[str, Array]:
        """Return each trait's contribution to the lead of the first role over the second, and the largest gaps."""
        terms, (one, other) = self._scoring.terms, self._scoring.between[:2]
        columns = {
            f"contribution_{trait}": chosen[trait].detail(Detail("loss", other))
            - chosen[trait].detail(Detail("loss", one))
            for trait in dict.fromkeys((*terms[one], *terms[other]))
        }
        for key in self._scoring.between:
            detail = Detail("gap", key)
            traits = [trait for trait in terms[key] if detail in chosen[trait].ways.details]
            if traits:
                mine = np.flatnonzero(role == key)
                gaps = np.stack(
                    [np.nan_to_num(chosen[trait].detail(detail)[mine]) for trait in traits], axis=1
                )
                for name, values in _largest(gaps, traits).items():
                    empty = (
                        np.full(len(role), "", object)
                        if values.dtype == object
                        else np.full(len(role), np.nan)
                    )
                    columns.setdefault(name, empty)[mine] = values
        return columns


def _answer(item: Item, digits: Array) -> Answer:
    readings = [read_answer(item, choice.value) for choice in item.choices]
    values = (np.nan, *(choice.value for choice in item.choices))
    y = (np.nan, *(reading.y for reading in readings))
    s2 = (np.nan, *(reading.s2 for reading in readings))
    return Answer(np.array(values)[digits], Reading(np.array(y)[digits], np.array(s2)[digits]))


def _quality(chosen: Mapping[str, Chosen], straight: Array, contradicting: Array, answered: Array) -> Array:
    """Return what is odd about the answers, as words with semicolons between them, or empty texts."""
    remarks = np.full(len(answered), "", object)
    remarks[straight] = STRAIGHT_LINING
    remarked = straight.copy()
    few = np.flatnonzero(contradicting)
    for trait, (ways, way) in chosen.items():
        if (found := ways.details.get(Detail(CONTRADICTION))) is not None:
            rows = few[found[way[few]] > 0]
            more = rows[remarked[rows]]
            remarks[rows[~remarked[rows]]] = f"{CONTRADICTION}: {trait}"
            remarks[more] += f"; {CONTRADICTION}: {trait}"
            remarked[rows] = True
    remarks[answered == 0] = UNANSWERED
    return remarks


def _largest(gaps: Array, traits: Sequence[str]) -> dict[str, Array]:
    """Return the traits with the largest gaps of each person, and their points; of equal ones the first."""
    names, people = np.array(traits, object), np.arange(len(gaps))
    found: dict[str, Array] = {}
    for number in range(1, TOP_GAPS + 1):
        place = gaps.argmax(axis=1)
        points = gaps[people, place]
        found[f"gap_{number}"] = ARRAYS.where(points > 0, names[place], "")
        found[f"gap_{number}_points"] = ARRAYS.where(points > 0, points, None)
        gaps[people, place] = 0.0
    return found


def _lacks_of(trait: str, ways: Ways, people: Array) -> Lacks:
    """Return what people lack of a trait, of whom so many have chosen each way."""
    return {
        (trait, detail.role): Shortage(
            int(people[~np.isnan(gap)].sum()), float(people @ ways.details[Detail("loss", detail.role)])
        )
        for detail, gap in ways.details.items()
        if detail.kind == "gap"
    }


def add_lacks(lacks: Lacks, more: Lacks) -> None:
    """Add what more people lack."""
    for key, (people, cost) in more.items():
        before = lacks.get(key, Shortage(0, 0.0))
        lacks[key] = Shortage(before.people + people, before.cost + cost)
