"""The clues of the knowledge fitted to postings whose level is known; the one module here that uses NumPy."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from mopscli.knowledge.entries import Entry
from mopscli.knowledge.postings import LEVEL_NAMES, PayRange, PostingField, PostingsFile, PostingWarning
from mopscli.posting.posting import Advertisement, ReadPosting

# Fewer labeled postings tell nothing of six levels.
LEAST_POSTINGS: Final = 40
LEAST_PAID: Final = 5
HEADER: Final = (
    "# yaml-language-server: $schema=postings.schema.json\n"
    "# How to read a job posting: the clues to its level, the words of its field, and what is usual.\n"
    "# `mops posting --fit DIR` counts the numbers anew.\n\n"
)
# So many postings of all fields weigh on the shares of a field, and no level is rarer than the floor.
BORROWED: Final = 20.0
FLOOR: Final = 0.10
# Clues say the same in other words, so each is expected to count about half; how strongly that is held to.
OVERLAP: Final = -0.7
HELD: Final = 0.1
FIRST_STEP: Final = 0.8
LAST_STEP: Final = 0.05
LEAST_GAIN: Final = 1e-6
# Beyond this a value is pay, and no cents are kept.
DOLLARS: Final = 1000


class Row(NamedTuple):
    """A posting as numbers: its level from 1 to 6, its field, the values of its clues, and its warnings.

    `words` are how often the words of each field are found; `level` is None where the title does not tell.
    """

    company: str
    field: str
    level: int | None
    clues: Mapping[str, float]
    words: Mapping[str, float]
    warnings: tuple[str, ...] = ()


def row_of(given: Advertisement, read: ReadPosting, postings: PostingsFile) -> Row:
    """Return a labeled posting as numbers; its level is the one given, or else that of its title."""
    title = read.title_says
    level = given.level or (title.rank if title and not title.bank else None)
    field = given.field if given.field and given.field in postings.fields else read.field
    values = {one.clue: one.value for one in read.evidence}
    kinds = tuple(warning.kind for warning in read.warnings)
    return Row(given.company or str(given.id), field, level, values, read.words, kinds)


def fit(postings: PostingsFile, rows: Sequence[Row]) -> PostingsFile:
    """Return the knowledge of postings with values, noise and shares counted on some postings.

    The values lie on the straight line of log(1 + value) against the level with the least squares; the noise makes
    the levels of these postings as likely as possible, by a search along one clue after the other.

    Raises:
        ValueError: there are too few postings, or a clue does not differ between levels.

    """
    known = [row for row in rows if row.level is not None]
    if len(known) < LEAST_POSTINGS:
        raise ValueError(f"{len(known)} postings with a known level are too few; {LEAST_POSTINGS} are needed")
    level = np.array([row.level for row in known], float)
    keys = list(postings.clues)
    x = np.log1p(np.array([[row.clues.get(key, np.nan) for key in keys] for row in known], float))
    lines = [_line(x[:, k], level) for k in range(len(keys))]
    fields = {key: _field(postings, field, rows) for key, field in postings.fields.items()}
    shares = np.array([[fields[row.field].levels[name] for name in LEVEL_NAMES] for row in known])
    precisions = _precisions(x, lines, level, shares)
    clues = {
        key: _changed(
            postings.clues[key],
            values={name: _rounded(np.expm1(a + b * number)) for number, name in enumerate(LEVEL_NAMES, 1)},
            noise=round(float(precision**-0.5), 2),
            postings=int((~np.isnan(x[:, k])).sum()),
        )
        for k, (key, (a, b, _), precision) in enumerate(zip(keys, lines, precisions, strict=True))
    }
    warnings = {key: _warning(warning, rows) for key, warning in postings.warnings.items()}
    pay = {name: _pay(usual, known, number) for number, (name, usual) in enumerate(postings.pay.items(), 1)}
    return _changed(postings, clues=clues, fields=fields, warnings=warnings, pay=pay)  # type: ignore[no-any-return]


def _pay(usual: PayRange, rows: Sequence[Row], level: int) -> PayRange:
    """Return the middle half of the lowest pay at a level; as before where too few postings name any."""
    found = [row.clues["pay"] for row in rows if row.level == level and "pay" in row.clues]
    if len(found) < LEAST_PAID:
        return usual
    low, high = np.quantile(found, (0.25, 0.75))
    return _changed(usual, low=_rounded(low), high=_rounded(high), postings=len(found))  # type: ignore[no-any-return]


def as_yaml(postings: PostingsFile) -> str:
    """Return the file postings.yaml with these contents."""
    import yaml

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    text: str = yaml.dump(_plain(postings), Dumper=Dumper, sort_keys=False, width=110, allow_unicode=True)
    return HEADER + text


def _plain(value: Any) -> Any:
    if isinstance(value, Entry):
        return {
            name: _plain(part)
            for name, part in vars(value).items()
            if name not in ("place", "key") and part != ()
        }
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def _changed(entry: Any, **values: Any) -> Any:
    return type(entry)(**{**vars(entry), **values})


def _rounded(value: float) -> float:
    return round(float(value), -2) if value > DOLLARS else round(float(value), 4)


def _line(x: np.ndarray, level: np.ndarray) -> tuple[float, float, float]:
    """Return where the values lie at level 0, by how much they rise a level, and their variance about that."""
    there = ~np.isnan(x)
    if there.sum() < len(LEVEL_NAMES) or np.ptp(x[there]) == 0:
        return 0.0, 1e-3, 1.0
    slope, start = np.polyfit(level[there], x[there], 1)
    lowest = max(0.0, -min(start + slope, start + slope * len(LEVEL_NAMES)))
    start += lowest
    rest = x[there] - start - slope * level[there]
    return float(start), float(slope), float(rest.var())


def _field(postings: PostingsFile, field: PostingField, rows: Sequence[Row]) -> PostingField:
    """Return a field with its shares counted, borrowing from the others where it has few postings."""
    own = [row for row in rows if row.field == field.key]
    every = np.array([sum(row.level == n for row in rows) for n in range(1, 7)], float) + 1
    counted = np.array([sum(row.level == n for row in own) for n in range(1, 7)], float)
    levels = np.maximum(
        (counted + BORROWED * every / every.sum()) / (counted.sum() + BORROWED), FLOOR * (every > 0)
    )
    levels /= levels.sum()
    mixes = [
        [row.words.get(key, 0) / total for key in postings.fields]
        for row in own
        if (total := sum(row.words.values()))
    ]
    mix = np.mean(mixes, axis=0) if mixes else np.array(list(field.mix.values()))
    return _changed(  # type: ignore[no-any-return]
        field,
        share=round(len(own) / len(rows), 3) if own else field.share,
        levels={name: round(float(share), 3) for name, share in zip(LEVEL_NAMES, levels, strict=True)},
        mix={key: round(float(part), 3) for key, part in zip(postings.fields, mix, strict=True)},
        postings=max(len(own), 1),
    )


def _warning(warning: PostingWarning, rows: Sequence[Row]) -> PostingWarning:
    share = sum(warning.key in row.warnings for row in rows) / len(rows)
    return _changed(warning, base_rate=round(share, 3), postings=len(rows))  # type: ignore[no-any-return]


def _precisions(
    x: np.ndarray, lines: Sequence[tuple[float, float, float]], level: np.ndarray, shares: np.ndarray
) -> np.ndarray:
    """Return the precision of each clue, in levels, under which the levels are likeliest."""
    said = np.stack([(x[:, k] - a) / b for k, (a, b, _) in enumerate(lines)], axis=1).clip(-2, 9)
    there = ~np.isnan(said)
    said = np.where(there, said, 0.0)
    alone = np.array([b * b / max(rest, 1e-6) for _, b, rest in lines])
    numbers = np.arange(1, 7)
    logs = np.log(shares)
    at = level.astype(int) - 1

    def loss(factors: np.ndarray) -> float:
        weights = there * (alone * np.exp(factors))
        precision = weights.sum(axis=1, keepdims=True)
        mean = (weights * said).sum(axis=1, keepdims=True) / np.maximum(precision, 1e-9)
        each = logs - precision * (numbers - mean) ** 2 / 2
        each -= each.max(axis=1, keepdims=True)
        chosen = each[np.arange(len(at)), at] - np.log(np.exp(each).sum(axis=1))
        return float(-chosen.mean() + HELD * ((factors - OVERLAP) ** 2).mean())

    factors = np.full(len(lines), OVERLAP)
    best, step = loss(factors), FIRST_STEP
    while step > LAST_STEP:
        before = best
        for k in range(len(factors)):
            for change in (step, -step):
                tried = factors.copy()
                tried[k] = np.clip(tried[k] + change, -6.0, 1.5)
                if (now := loss(tried)) < best:
                    factors, best = tried, now
        if before - best < LEAST_GAIN:
            step /= 2
    found: np.ndarray = alone * np.exp(factors)
    return found
