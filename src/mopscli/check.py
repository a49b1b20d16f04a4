"""What is missing or left over in knowledge that can be read; each check is a function, listed in CHECKS."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from mopscli.knowledge import Knowledge, load
from mopscli.problem import Problem, ProblemsFound


def find_problems(folder: Path) -> list[Problem]:
    """Return every problem of a knowledge folder, sorted by place; an empty list means that all is well."""
    try:
        knowledge = load(folder)
    except ProblemsFound as found:
        return list(found.problems)
    return sorted(problem for check in CHECKS for problem in check(knowledge))


def roles_in_reach(knowledge: Knowledge) -> Iterator[Problem]:
    """A role that no move leads to and no ladder starts with cannot be advised to anybody."""
    if not knowledge.moves and not knowledge.ladders:
        return
    reached = {move.to for move in knowledge.moves}
    reached.update(ladder.steps[0] for ladder in knowledge.ladders.values() if ladder.steps)
    for role in knowledge.roles.values():
        if role.key not in reached:
            message = f"roles.{role.key}: no path reaches this role"
            yield Problem(role.place, message, "add a move to it, or start a ladder with it")


def ladder_steps(knowledge: Knowledge) -> Iterator[Problem]:
    """Two steps of a ladder without a move between them leave a hole in every route along it."""
    moves = {(move.from_, move.to) for move in knowledge.moves}
    for ladder in knowledge.ladders.values():
        at = f"ladders.{ladder.key}"
        if len(ladder.steps) < 2:
            yield Problem(ladder.place, f"{at}.steps: a ladder needs two roles or more")
        if len(set(ladder.steps)) < len(ladder.steps):
            yield Problem(ladder.place, f"{at}.steps: a role stands twice")
        for step in zip(ladder.steps, ladder.steps[1:], strict=False):
            if step not in moves:
                message = f"{at}.steps: no move leads from '{step[0]}' to '{step[1]}'"
                yield Problem(ladder.place, message, "add it to moves")


def traits_in_use(knowledge: Knowledge) -> Iterator[Problem]:
    """A skill that no role requires, or a drive that none offers, can change no advice."""
    required = {key for role in knowledge.roles.values() for key in role.requires}
    offered = {key for role in knowledge.roles.values() for key in role.offers}
    for skill in knowledge.skills.values():
        if skill.key not in required:
            yield Problem(skill.place, f"skills.{skill.key}: no role requires this skill")
    for drive in knowledge.drives.values():
        if drive.key not in offered:
            yield Problem(drive.place, f"drives.{drive.key}: no role offers this drive")


def roles_that_ask(knowledge: Knowledge) -> Iterator[Problem]:
    """A role that neither requires a skill nor offers a drive has nothing to compare."""
    for role in knowledge.roles.values():
        if not role.requires and not role.offers:
            yield Problem(role.place, f"roles.{role.key}: requires no skill and offers no drive")


def sources_in_use(knowledge: Knowledge) -> Iterator[Problem]:
    """A source that nothing cites is a claim forgotten, or a leftover."""
    cited = set(knowledge.citations())
    for source in knowledge.sources.values():
        if source.key not in cited:
            yield Problem(source.place, f"sources.{source.key}: nothing cites this source")


CHECKS: tuple[Callable[[Knowledge], Iterable[Problem]], ...] = (
    roles_in_reach,
    ladder_steps,
    traits_in_use,
    roles_that_ask,
    sources_in_use,
)
