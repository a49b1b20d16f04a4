"""The ways from one role to another that are fastest for one person."""

from collections.abc import Iterator, Sequence
from functools import cache, partial
from itertools import islice

from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import Role
from mopscli.knowledge.progression import Move
from mopscli.person.person import Person
from mopscli.roles.growth import READY, Gain, Span, find_gains, side_by_side, time_of, total
from mopscli.roles.routes import (
    MAX_PERSONAL,
    Personal,
    Route,
    Routes,
    Step,
    fastest_first,
    find_routes,
    moves_by_origin,
    span_of,
)


def find_personal_routes(
    knowledge: Knowledge, person: Person, origin: Role, goal: Role, wanted: float = READY
) -> Routes:
    """Find the routes that are fastest for one person, MAX_PERSONAL at most.

    A move takes its typical months, or those that the person needs to close the gaps for the next role, whichever
    is longer; for a role that one is ready for, the gaps alone. What one has by then is what one has today and, on
    a role on the way, what that role asks for.

    Args:
        knowledge: read with its growth.
        person: who is on the way.
        origin: where the person is.
        goal: where the person wants to be.
        wanted: the readiness, from 0 to 100, that counts as being ready.

    """
    today = person.levels()

    def gains_for(move: Move) -> tuple[Gain, ...]:
        asked = {} if move.from_ == origin.key else knowledge.roles[move.from_].requires
        by_then = {**today, **{skill: max(today[skill], demand.level) for skill, demand in asked.items()}}
        return find_gains(by_then, knowledge.roles[move.to])

    time_of_gain = cache(partial(time_of, knowledge))

    @cache
    def ready_for(key: str) -> bool:
        return person.is_ready(knowledge.roles[key], wanted)

    @cache
    def months_of(move: Move) -> Span:
        gains = side_by_side(knowledge, map(time_of_gain, gains_for(move)))
        # Whoever is ready for a role need not wait as long as others do.
        return gains if ready_for(move.to) else span_of(move).or_longer(gains)

    def typical(move: Move) -> float:
        return months_of(move).typical

    def steps_of(route: Sequence[Move]) -> Iterator[Step]:
        grown = person
        for move in route:
            role, gains = knowledge.roles[move.to], gains_for(move)
            grown = grown.with_levels({gain.skill: max(gain.to, grown.level(gain.skill)) for gain in gains})
            yield Step(move, gains, months_of(move), _personal(person, grown, role, gains, wanted))

    moves = moves_by_origin(knowledge)
    routes = []
    for route in islice(fastest_first(moves, origin.key, goal.key, typical), MAX_PERSONAL):
        steps = tuple(steps_of(route))
        routes.append(Route(steps, total(step.months for step in steps)))
    return Routes(origin.key, goal.key, tuple(routes)) if routes else find_routes(knowledge, origin, goal)


def _personal(person: Person, grown: Person, role: Role, gains: Sequence[Gain], wanted: float) -> Personal:
    """Return what a move to a role means for a person who has grown by then."""
    raised = {gain.skill for gain in gains}
    return Personal(
        had=tuple(skill for skill in role.requires if skill not in raised),
        gates=person.gates_ahead(role),
        chance_now=person.readiness(role).chance(wanted),
        chance_then=grown.readiness(role).chance(wanted),
    )
