"""Pages about the ways between roles: step by step, and where one can go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mopscli.page import Block, Facts, Heading, Line, NextStep, Page, Paragraph, Title, claim_line
from mopscli.pages.phrases import gain_lines, months_line, route_name, span_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Role
    from mopscli.roles.routes import Destinations, Route, Routes, Step

OTHERS = 4
MONTHS_NOTE = (
    "Time is what you spend in a role until you are ready for the next: typically, and in brackets from fast "
    "to slow. Routes are sorted by the typical time. Levels run from 0 to 5."
)


def routes_page(knowledge: Knowledge, routes: Routes, show_all: bool) -> Page:
    """Tell the fastest route step by step, and the alternatives in short or, with `show_all`, in full."""
    origin, goal = knowledge.roles[routes.from_], knowledge.roles[routes.to]
    title = Title(f"From {origin.name} to {goal.name}")
    if not routes.routes:
        return no_route_page(knowledge, routes, title)
    blocks: list[Block] = [title]
    for number, route in enumerate(routes.routes, 1):
        if number == 1 or show_all:
            blocks += _route_blocks(knowledge, route_name(number), route)
    others = () if show_all else routes.routes[1:]
    if others:
        rows = tuple(_route_row(knowledge, route) for route in others[:OTHERS])
        blocks += [Heading("Other routes"), Facts(rows)]
    blocks.append(Paragraph(Line(MONTHS_NOTE), quiet=True))
    every = NextStep(f"mops path {origin.key} {goal.key} --all", "every route step by step")
    learn = NextStep(f"mops skill {_largest_gain(routes.routes[0])}", "what each level of a skill looks like")
    return Page(tuple(blocks), knowledge.sources, (every, learn) if others else (learn,))


def _largest_gain(route: Route) -> str:
    """Return the key of the skill that the last step raises most, or any skill of it."""
    return next((gain.skill for step in reversed(route.steps) for gain in step.gains), "")


def no_route_page(knowledge: Knowledge, routes: Routes, title: Title) -> Page:
    """Say that there is no way, and what there is instead."""
    origin, goal = knowledge.roles[routes.from_], knowledge.roles[routes.to]
    blocks: list[Block] = [title, Paragraph(Line(f"No route leads from {origin.name} to {goal.name}."))]
    steps = [NextStep(f"mops compare {origin.key} {goal.key}", "the two side by side")]
    if routes.way_back:
        blocks.append(Paragraph(Line(f"The moves lead the other way, from {goal.name} to {origin.name}.")))
        steps.insert(0, NextStep(f"mops path {goal.key} {origin.key}", "the way that there is"))
    if routes.nearest is not None:
        nearest = knowledge.roles[routes.nearest.steps[-1].move.to]
        blocks.append(
            Paragraph(Line(f"The nearest role in reach, by the skills it asks for: {nearest.name}."))
        )
        blocks += _route_blocks(knowledge, "The way there", routes.nearest)
    else:
        blocks.append(Paragraph(Line(_no_move(knowledge, origin))))
    return Page(tuple(blocks), knowledge.sources, tuple(steps))


def _no_move(knowledge: Knowledge, origin: Role) -> str:
    return f"No move leads away from {origin.name}." if knowledge.moves else "The folder in use has no moves."


def _route_blocks(knowledge: Knowledge, name: str, route: Route) -> Iterator[Block]:
    yield Heading(f"{name}: {span_text(route.months)}")
    for number, step in enumerate(route.steps, 1):
        origin, target = knowledge.roles[step.move.from_], knowledge.roles[step.move.to]
        yield Paragraph(Line(f"{number}. {origin.name} > {target.name}"))
        yield _step_facts(knowledge, step)


def _step_facts(knowledge: Knowledge, step: Step) -> Facts:
    return Facts(
        (
            ("Kind", (Line(step.move.kind),)),
            ("Time", (months_line(step.move.months),)),
            ("Why", (claim_line(step.move.why),)),
            ("To learn", gain_lines(knowledge, step)),
        )
    )


def _route_row(knowledge: Knowledge, route: Route) -> tuple[str, tuple[Line, ...]]:
    keys = [route.steps[0].move.from_, *(step.move.to for step in route.steps)]
    return span_text(route.months), (Line(" > ".join(knowledge.roles[key].label for key in keys)),)


def destinations_page(knowledge: Knowledge, destinations: Destinations) -> Page:
    """Tell where one can go from a role: the next moves, then everything beyond them."""
    origin = knowledge.roles[destinations.from_]
    blocks: list[Block] = [Title(f"From {origin.name}")]
    if not destinations.next_steps:
        blocks.append(Paragraph(Line(_no_move(knowledge, origin))))
        return Page(tuple(blocks), knowledge.sources)
    for step in destinations.next_steps:
        blocks += [Heading(knowledge.roles[step.move.to].name), _step_facts(knowledge, step)]
    if destinations.beyond:
        rows = tuple(_route_row(knowledge, route) for route in destinations.beyond)
        blocks += [Heading("Further on"), Facts(rows)]
    farthest = (destinations.beyond[-1].steps if destinations.beyond else destinations.next_steps)[-1].move.to
    blocks.append(Paragraph(Line(MONTHS_NOTE), quiet=True))
    command = f"mops path {origin.key} {farthest}"
    return Page(tuple(blocks), knowledge.sources, (NextStep(command, "one way step by step"),))
