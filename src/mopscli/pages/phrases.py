"""What several pages say in the same words: chances, times, amounts, counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mopscli.knowledge.entries import WEIGHTS
from mopscli.page import Line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Figure, Role
    from mopscli.knowledge.progression import Months
    from mopscli.roles.growth import Span
    from mopscli.roles.routes import Step

LOWEST_PAY = "Lowest pay offered, median"
WEIGHT_WORDS: Mapping[float, str] = {weight: word for word, weight in WEIGHTS.items()}


def percent(probability: float) -> str:
    """Say a probability as a number out of 100; none is certain."""
    if probability > 0.99:
        return "more than 99"
    return "less than 1" if probability < 0.01 else f"{int(100 * probability)}"


def span_text(span: Span | Months) -> str:
    """Say a time in months, or in years from two years on."""
    months = (span.low, span.typical, span.high)
    if span.typical < 24:
        low, typical, high = (f"{amount:.0f}" for amount in months)
        unit = "months"
    else:
        # Half years are as exact as such times can be.
        low, typical, high = (f"{round(amount / 6) / 2:g}" for amount in months)
        unit = "years"
    return f"about {typical} {unit} ({low} to {high})"


def months_line(months: Months) -> Line:
    """Say a time, with where it comes from."""
    return Line(span_text(months), months.source)


def figure_text(figure: Figure) -> str:
    """Say a market figure in a line: what, how much, in which range, when, and out of how many."""
    amount = _amount(figure.value, figure.unit) if figure.value is not None else ""
    if figure.low is not None and figure.high is not None:
        span = f"{_amount(figure.low, figure.unit, short=True)} to {_amount(figure.high, figure.unit)}"
        amount = f"{amount} ({span})" if amount else span
    years = f"{figure.year}" if figure.since is None else f"{figure.since} to {figure.year}"
    text = f"{figure.measure}: {amount}, {years}"
    if figure.sample is not None:
        text += f", sample of {figure.sample:,}"
    return f"{text}. {figure.note}" if figure.note else f"{text}."


def _amount(value: float, unit: str, *, short: bool = False) -> str:
    """Say an amount with its unit; a short one leaves to what follows what it counts."""
    number, rest = (f"${value:,.0f}", "a year") if unit == "USD per year" else (f"{value:,g}", unit)
    return number if short else f"{number} {rest}"


def lowest_pay(role: Role) -> Figure | None:
    """Return the figure on where pay for a role begins in postings, if the knowledge has one."""
    return next((figure for figure in role.market if figure.measure == LOWEST_PAY), None)


def pay_text(figure: Figure) -> str:
    """Say pay in a few words: about an amount, or a range."""
    if figure.value is not None:
        return f"about {_amount(figure.value, figure.unit, short=True)}"
    low, high = (_amount(end or 0.0, figure.unit, short=True) for end in (figure.low, figure.high))
    return f"{low} to {high}"


def in_a_row(names: Sequence[str]) -> str:
    """Return names as a list within a sentence or a cell, the first as it is and the others with a small letter."""
    return ", ".join([*names[:1], *map(lowered, names[1:])])


def weight_text(weight: float) -> str:
    """Say how much a requirement counts."""
    return WEIGHT_WORDS.get(weight, f"weight {weight:g}")


def gain_lines(knowledge: Knowledge, step: Step) -> tuple[Line, ...]:
    """Tell the skills to raise, a line for those that rise by the same number of levels."""
    lines: dict[int, list[str]] = {}
    for gain in step.gains:
        rise = f"{knowledge.skills[gain.skill].name} {gain.from_} to {gain.to}"
        lines.setdefault(gain.to - gain.from_, []).append(rise)
    if not lines:
        return (Line("Nothing: it asks for no higher level of any skill."),)
    return tuple(
        Line(f"{counted(levels, 'level', 'levels')} up: {', '.join(sorted(rises))}")
        for levels, rises in lines.items()
    )


def shares(counts: Sequence[int]) -> list[int]:
    """Return what each of some counts is of all, in whole percent that add up to 100.

    By the largest remainders (Hamilton's method); all are 0 where nothing is counted.
    """
    whole = sum(counts)
    exact = [100 * count / whole if whole else 0.0 for count in counts]
    found = [int(share) for share in exact]
    ranked = sorted(range(len(counts)), key=lambda place: found[place] - exact[place])
    for place in ranked[: 100 - sum(found) if whole else 0]:
        found[place] += 1
    return found


def from_to(before: float, now: float) -> str:
    """Say how a level moved, in whole levels."""
    if round(before) == round(now):
        return f"a little {'up' if now > before else 'down'}, still about {round(now)}"
    return f"{'up' if now > before else 'down'} from {round(before)} to {round(now)}"


def lowered(text: str) -> str:
    """Return text that can go on a sentence: its first letter small."""
    return text[:1].lower() + text[1:]


def route_name(number: int) -> str:
    """Name a route by its place among the fastest, from 1."""
    return "Fastest route" if number == 1 else f"Route {number}"


def counted(count: int, one: str, many: str) -> str:
    """Say how many there are of something."""
    return f"{count:,} {one if count == 1 else many}"


def with_article(label: str) -> str:
    """Return what somebody is: a Head, an Analyst."""
    return f"{'an' if label[:1].upper() in 'AEIO' else 'a'} {label}"


def listed(names: Sequence[str], word: str = "and") -> str:
    """Return names as one says them: a, b and c."""
    *first, last = names
    return f"{', '.join(first)} {word} {last}" if first else last
