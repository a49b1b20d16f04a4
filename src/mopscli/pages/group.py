"""A group's picture: what people want and can do, which advice they get, what they lack, and how parts differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mopscli.assessment.advice import AdviceState
from mopscli.page import (
    Block,
    Bullets,
    Dot,
    Facts,
    Gauge,
    Grid,
    Heading,
    Histogram,
    Line,
    Measure,
    Page,
    Paragraph,
    Piece,
    Scatter,
    Sheet,
    Title,
)
from mopscli.pages.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mopscli.knowledge import Knowledge
    from mopscli.person.ranges import Range
    from mopscli.problem import Problem
    from mopscli.team.group import Group, GroupLack, Part, Seen

STATES: Mapping[AdviceState, str] = {
    AdviceState.APPLY: "Want a role, and can do it",
    AdviceState.GROW: "Want a role, not quite ready",
    AdviceState.FAR: "Want a role, as a goal for later",
    AdviceState.EITHER: "Like the roles alike",
    AdviceState.ELSEWHERE: "Another role suits better",
    AdviceState.UNKNOWN: "Too little is known",
}
BAND = 10
NEAREST = 5
# So many dots can be told apart; of a larger group every second person is drawn, or every third, and so on.
MOST_DOTS = 400
MOST_NAMES = 200
BANDS_NOTE = "People by their figure from 0 to 100."


def group_page(knowledge: Knowledge, group: Group, left_out: Sequence[Problem] = ()) -> Page:
    """Draw a group on a sheet, then tell what it lacks, how its parts differ, and who is who."""
    labels = [knowledge.roles[key].label for key in group.roles]
    across: list[Piece] = [
        Title(f"{counted(group.whole.people, 'person', 'people')} beside {' and '.join(labels)}"),
        Paragraph(
            Line("Readiness tells what people could do today, enjoyment what they would like, from 0 to 100.")
        ),
    ]
    left: list[Piece] = [Heading("Which advice they get"), _states(group.whole)]
    left += _bars(knowledge, group)
    right = [*_scatters(knowledge, group)]
    blocks: list[Block] = [Sheet(tuple(across), (tuple(left), tuple(right)))]
    if left_out:
        lines = tuple(Line(str(problem)) for problem in left_out)
        blocks += [Title("Rows that were left out"), Bullets(lines)]
    blocks.append(Title("What the group lacks"))
    for key in group.roles:
        blocks += _lacks(knowledge, group.whole, key)
    blocks += _nearest(knowledge, group)
    blocks += parts_blocks(knowledge, group)
    blocks += _who(knowledge, group)
    accents = knowledge.accents(*(knowledge.roles[key] for key in group.roles))
    return Page(tuple(blocks), personal=True, accents=accents)


def beside_map(knowledge: Knowledge, group: Group, page: Page) -> Page:
    """Return the map of a team with what each of its people wants and can do, and which advice they get."""
    scatters = list(_scatters(knowledge, group))
    half = -(-len(scatters) // 2)
    sheet = Sheet(
        (Title("What they want, and what they can do"), _states(group.whole)),
        (tuple(scatters[:half]), tuple(scatters[half:])),
    )
    accents = knowledge.accents(*(knowledge.roles[key] for key in group.roles))
    blocks = (*page.blocks, sheet, *_who(knowledge, group))
    return page._replace(blocks=blocks, accents={**page.accents, **accents})


# --- Everybody ------------------------------------------------------------------------------------


def _states(part: Part) -> Gauge:
    rows = tuple(
        Measure(words, 100 * part.states[state] / part.people, _share(part.states[state], part.people))
        for state, words in STATES.items()
        if part.states.get(state)
    )
    return Gauge(rows or (Measure("No advice", 0, "0"),), "What each would be told by 'mops assess'.")


def _share(count: int, people: int) -> str:
    share = 100 * count / people if people else 0
    return f"{count:,} ({'less than 1' if 0 < share < 1 else f'{share:.0f}'} %)"


def _figures(group: Group, key: str) -> list[tuple[Seen, Range | None, Range | None]]:
    """Return what everybody can do and would like of a role."""
    return [(seen, some.can, some.want) for seen in group.people for some in seen.ranges if some.role == key]


def _bars(knowledge: Knowledge, group: Group) -> Iterator[Piece]:
    for key in group.roles:
        label = knowledge.roles[key].label
        figures = _figures(group, key)
        for title, found in (
            (f"Would like to be {label}", [want for _, _, want in figures]),
            (f"Could do {label}", [can for _, can, _ in figures]),
        ):
            values = [some.value for some in found if some is not None]
            missing = len(found) - len(values)
            note = BANDS_NOTE + (f" Not asked: {missing:,}." if missing else "")
            if values:
                yield Histogram(title, label, tuple(_bands(values)), note)


def _bands(values: Sequence[float]) -> Iterator[tuple[str, int]]:
    """Yield how many values there are in each tenth of the scale, from the lowest that has any to the highest."""
    numbers = [min(int(max(value, 0.0) // BAND), 100 // BAND - 1) for value in values]
    for number in range(min(numbers), max(numbers) + 1):
        yield f"{number * BAND} to {(number + 1) * BAND}", numbers.count(number)


def _scatters(knowledge: Knowledge, group: Group) -> Iterator[Piece]:
    for key in group.roles:
        label = knowledge.roles[key].label
        dots = [
            Dot(seen.id, max(want.value, 0.0), max(can.value, 0.0))
            for seen, can, want in _figures(group, key)
            if can is not None and want is not None
        ]
        if not dots:
            yield Paragraph(
                Line(f"{label}: nobody was asked both what they can do and what they would like.")
            )
            continue
        every = -(-len(dots) // MOST_DOTS)
        drawn = f" Of {len(dots):,} people, one in {every} is drawn." if every > 1 else ""
        note = f"Each dot is a person. Above the dashed line one counts as ready.{drawn}"
        title = f"{label}: who wants it, and who is ready"
        yield Scatter(title, label, "enjoyment", "readiness", group.ready, tuple(dots[::every]), note)


def _lacks(knowledge: Knowledge, part: Part, key: str) -> Iterator[Block]:
    role = knowledge.roles[key]
    yield Heading(f"What is lacking for {role.label}")
    rows = tuple((knowledge.skills[lack.skill].name, (Line(_lack_text(lack)),)) for lack in part.lacks[key])
    yield Facts(rows) if rows else Paragraph(Line("Nothing that the answers show."))


def _lack_text(lack: GroupLack) -> str:
    return f"{lack.below:,} of {lack.asked:,} are surely below its level"


def _nearest(knowledge: Knowledge, group: Group) -> Iterator[Block]:
    """Tell who is nearest to ready for a role among those who want it."""
    for key in group.roles:
        wanting = [
            (can.value, seen.id)
            for seen, can, _ in _figures(group, key)
            if can is not None and seen.wants == key
        ]
        yield Heading(f"Nearest to ready for {knowledge.roles[key].label}, of those who want it")
        best = sorted(wanting, key=lambda pair: (-pair[0], pair[1]))[:NEAREST]
        if best:
            yield Facts(tuple((id_, (Line(f"readiness {value:.0f}"),)) for value, id_ in best))
        else:
            yield Paragraph(Line("Nobody wants it, or nothing was asked about it."))


# --- Parts ----------------------------------------------------------------------------------------


def parts_blocks(knowledge: Knowledge, group: Group) -> Iterator[Block]:
    """Set each part of a group beside the whole, if a column parts it."""
    if group.by is None:
        return
    yield Title(f"By {group.by}")
    if not group.parts:
        yield Paragraph(Line("No part has enough people to tell of it; --small-groups shows them all."))
        return
    shown = (group.whole, *group.parts)
    names = tuple(f"{part.name} ({part.people:,})" for part in shown)
    rows = tuple(
        (label, tuple((Line(text),) for text in texts))
        for label, texts in _part_rows(knowledge, group, shown)
    )
    yield Grid(names, rows)
    if group.merged:
        told = "with few people, or beside one, are told of together: nobody can be read out of them"
        yield Paragraph(
            Line(f"{counted(group.merged, 'part', 'parts')} {told}. --small-groups shows each."), quiet=True
        )


def _part_rows(
    knowledge: Knowledge, group: Group, parts: Sequence[Part]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for state, words in STATES.items():
        if group.whole.states.get(state):
            yield words, tuple(_percent(part.states.get(state, 0), part.people) for part in parts)
    for key in group.roles:
        label = knowledge.roles[key].label
        yield f"Want {label}", tuple(_percent(part.wants.get(key, 0), part.people) for part in parts)
        yield f"Readiness for {label}", tuple(_mean_text(part.readiness[key]) for part in parts)
        yield f"Enjoyment of {label}", tuple(_mean_text(part.enjoyment[key]) for part in parts)
        lacks = (part.lacks[key][:1] for part in parts)
        yield (
            f"Lack most for {label}",
            tuple(knowledge.skills[some[0].skill].name if some else "nothing" for some in lacks),
        )


def _percent(count: int, people: int) -> str:
    return f"{100 * count / people:.0f} %"


def _mean_text(mean: float | None) -> str:
    return "not asked" if mean is None else f"{mean:.0f}"


# --- Who is who -----------------------------------------------------------------------------------


def _who(knowledge: Knowledge, group: Group) -> Iterator[Block]:
    """Name the people of each state, unless they are too many for a list."""
    yield Title("Who is where")
    if len(group.people) > MOST_NAMES:
        yield Paragraph(
            Line(
                f"A list of {len(group.people):,} names would help nobody; 'mops batch -o scores.csv' has them all."
            )
        )
        return
    rows = []
    for state, words in STATES.items():
        names = [_who_text(knowledge, seen) for seen in group.people if seen.state is state]
        if names:
            rows.append((words, (Line(", ".join(names)),)))
    yield Facts(tuple(rows)) if rows else Paragraph(Line("These roles allow no advice."))


def _who_text(knowledge: Knowledge, seen: Seen) -> str:
    return f"{seen.id} ({knowledge.roles[seen.wants].label})" if seen.wants else seen.id
