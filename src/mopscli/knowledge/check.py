"""What is missing or left over in knowledge that can be read; each check is a function, listed at the end.

A check names its parameters after the files that it needs, and waits until all of them can be read as a whole.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from inspect import signature
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from mopscli.knowledge.comments import cut_sentences
from mopscli.knowledge.details import DetailsFile
from mopscli.knowledge.entries import RolesFile
from mopscli.knowledge.folder import cited, read_folder, without_markers
from mopscli.knowledge.progression import GrowthFile, PathsFile
from mopscli.knowledge.questions import QuestionsFile
from mopscli.knowledge.reader import MAX_PROBLEMS
from mopscli.knowledge.staffing import COMPANY, Condition, HiringFile, TeamFile
from mopscli.problem import Problem


def find_problems(folder: Path) -> list[Problem]:
    """Return every problem of a knowledge folder, sorted by place; an empty list means that all is well.

    A thousand problems are enough.
    """
    files, problems = read_folder(folder)
    found: list[Iterable[Problem]] = [problems]
    for check in CHECKS:
        needed = [files if name == "files" else files[name] for name in signature(check).parameters]
        if not any(file is None for file in needed):
            found.append(check(*needed))
    found.append(cut_sentences(folder / f"{name}.yaml" for name, file in files.items() if file is not None))
    return sorted(islice(chain.from_iterable(found), MAX_PROBLEMS))


def traits_in_use(roles: RolesFile) -> Iterator[Problem]:
    """A skill that no role requires, or a drive that none offers, can change no advice."""
    required = {key for role in roles.roles.values() for key in role.requires}
    offered = {key for role in roles.roles.values() for key in role.offers}
    for skill in roles.skills.values():
        if skill.key not in required:
            yield Problem(skill.place, f"skills.{skill.key}: no role requires this skill")
    for drive in roles.drives.values():
        if drive.key not in offered:
            yield Problem(drive.place, f"drives.{drive.key}: no role offers this drive")


def roles_that_ask(roles: RolesFile) -> Iterator[Problem]:
    """A role that neither requires a skill nor offers a drive has nothing to compare."""
    for role in roles.roles.values():
        if not role.requires and not role.offers:
            yield Problem(role.place, f"roles.{role.key}: requires no skill and offers no drive")


def details_once(roles: RolesFile, details: DetailsFile) -> Iterator[Problem]:
    """A section that stands in both files is read from one of them alone."""
    for kind, known, told in (
        ("roles", roles.roles, details.roles),
        ("skills", roles.skills, details.skills),
    ):
        for key, more in told.items():
            for section in more.sections if key in known else ():
                if section in vars(known[key]):
                    message = f"{kind}.{key}.{section}: stands in roles.yaml too"
                    yield Problem(more.place, message, "keep one of them")


def questions_fit(roles: RolesFile, questions: QuestionsFile) -> Iterator[Problem]:
    """A question of the kind `skill` needs markers, and a gate an answer that its question has."""
    for question in questions.questions.values():
        if question.kind == "skill" and question.trait not in roles.skills:
            message = f"questions.{question.key}: '{question.trait}' is a drive and has no markers"
            yield Problem(question.place, message, "use agree, reversed or tradeoff")
    yield from without_markers(roles, questions)
    for role in roles.roles.values():
        for number, gate in enumerate(role.gates, 1):
            answers = _possible_answers(questions, gate.asks) if gate.asks is not None else ()
            if answers and gate.at_least not in answers:
                message = f"roles.{role.key}.gates[{number}]: {gate.at_least:g} is no answer to '{gate.asks}'"
                yield Problem(gate.place, message, "")


def _possible_answers(questions: QuestionsFile, key: str) -> Collection[float | None]:
    """Return the answers that a question has; none if there is no such question."""
    if key in questions.context:
        return [option.value for option in questions.context[key].options]
    if key in questions.questions:
        return questions.questions[key].answers
    return ()


def ladder_steps(paths: PathsFile) -> Iterator[Problem]:
    """Two steps of a ladder without a move between them leave a hole in every route along it."""
    moves = {(move.from_, move.to) for move in paths.moves}
    for ladder in paths.ladders.values():
        at = f"ladders.{ladder.key}.steps"
        if len(ladder.steps) < 2:
            yield Problem(ladder.place, f"{at}: a ladder needs two roles or more")
        if len(set(ladder.steps)) < len(ladder.steps):
            yield Problem(ladder.place, f"{at}: a role stands twice")
        for step in zip(ladder.steps, ladder.steps[1:], strict=False):
            if step not in moves:
                message = f"{at}: no move leads from '{step[0]}' to '{step[1]}'"
                yield Problem(ladder.place, message, "add it to moves")


def roles_in_reach(roles: RolesFile, paths: PathsFile) -> Iterator[Problem]:
    """A role that no move leads to from the first step of a ladder cannot be advised to anybody.

    Without ladders, any move to a role will do, and without moves nothing is asked.
    """
    starts = [ladder.steps[0] for ladder in paths.ladders.values() if ladder.steps]
    reached = set(starts or (move.to for move in paths.moves))
    following: dict[str, list[str]] = {}
    for move in paths.moves:
        following.setdefault(move.from_, []).append(move.to)
    while starts:
        new = [key for key in following.get(starts.pop(), ()) if key not in reached]
        reached.update(new)
        starts += new
    for role in roles.roles.values() if reached else ():
        if role.key not in reached:
            message = f"roles.{role.key}: no path reaches this role"
            yield Problem(role.place, message, "add a move to it, or start a ladder with it")


def growth_of_all(roles: RolesFile, growth: GrowthFile) -> Iterator[Problem]:
    """A skill of which nothing tells how to grow in it leaves a plan without actions."""
    for skill in roles.skills.values() if growth.growth else ():
        if skill.key not in growth.growth:
            message = f"growth: nothing tells how to grow in the skill '{skill.key}'"
            yield Problem(growth.place, message, "")


def rules_that_decide(team: TeamFile) -> Iterator[Problem]:
    """A rule needs a stage and, if it names a hire, what to weigh; a stage needs a rule that always holds."""
    numbers = [stage.number for stage in team.stages]
    for stage in team.stages:
        at = f"stages[{numbers.index(stage.number) + 1}]"
        yield from _conditions_fit(team, at, stage.when)
        if not any(rule.stage == stage.number and not rule.when for rule in team.rules.values()):
            message = f"{at}: no rule of stage {stage.number} holds whatever the answers are"
            yield Problem(stage.place, message, "add one with 'when: []' as its last")
        if numbers.count(stage.number) > 1 and stage is not team.stages[numbers.index(stage.number)]:
            yield Problem(stage.place, f"stages: a stage before it has the number {stage.number} too")
    decided: set[int] = set()
    for rule in team.rules.values():
        if rule.stage in decided:
            yield Problem(
                rule.place, f"rules.{rule.key}: a rule before it always holds, so this one never decides"
            )
        if not rule.when:
            decided.add(rule.stage)
    for question in team.questions.values():
        yield from _conditions_fit(team, f"questions.{question.key}", question.when)
    for bucket in team.buckets.values():
        yield from _conditions_fit(team, f"buckets.{bucket.key}", bucket.signs)
    for note in (*team.notes, *team.conflicts):
        yield from _conditions_fit(team, "notes and conflicts", note.when)
    for rule in team.rules.values():
        at = f"rules.{rule.key}"
        yield from _conditions_fit(team, at, rule.when)
        if rule.stage not in numbers:
            yield Problem(rule.place, f"{at}: there is no stage {rule.stage}")
        if rule.hire is not None and rule.hire not in team.seats:
            yield Problem(rule.place, f"{at}: seats tells nothing about '{rule.hire}'")


def _conditions_fit(team: TeamFile, at: str, conditions: Iterable[Condition]) -> Iterator[Problem]:
    """An answer that no question has can never be given."""
    for condition in conditions:
        question = team.questions.get(condition.asks)
        values = [option.value for option in question.options] if question else []
        for bound in (condition.at_least, condition.at_most):
            if bound is not None and question and bound not in values:
                yield Problem(condition.place, f"{at}: {bound:g} is no answer to '{condition.asks}'")


def papers_for_all(roles: RolesFile, hiring: HiringFile) -> Iterator[Problem]:
    """A role without a scorecard or metrics, and a skill without questions, leave holes in a hiring kit."""
    if not hiring.papers:
        return
    for part in ("charter", "checklist"):
        if not getattr(hiring, part):
            yield Problem(hiring.place, f"{part}: there is nothing for this paper")
    decided = {decision.choice for part in hiring.charter for decision in part.decide}
    for choice in hiring.choices.values():
        if not choice.papers and choice.key not in decided and choice.key != COMPANY:
            yield Problem(choice.place, f"choices.{choice.key}: no paper shows it")
    reported = {role for metric in hiring.metrics.values() for role in metric.roles}
    for role in roles.roles.values():
        if role.key not in hiring.scorecards:
            yield Problem(hiring.place, f"scorecards: there is none for the role '{role.key}'")
        if "advertisement" in hiring.papers and role.key not in hiring.advertisements:
            yield Problem(hiring.place, f"advertisements: there is none for the role '{role.key}'")
        if role.key not in reported:
            yield Problem(hiring.place, f"metrics: there is none for the role '{role.key}'")
    asked = {key for role in roles.roles.values() for key in role.requires}
    for key in roles.skills:
        if key in asked and key not in hiring.interviews:
            yield Problem(hiring.place, f"interviews: there are no questions about the skill '{key}'")


def sources_in_use(roles: RolesFile, files: Mapping[str, Any]) -> Iterator[Problem]:
    """A source that nothing cites is a claim forgotten, or a leftover."""
    if None in files.values():
        # It may be cited where nothing can be read yet.
        return
    used = {entry.source for _, entry in cited(files)}
    for source in roles.sources.values():
        if source.key not in used:
            yield Problem(source.place, f"sources.{source.key}: nothing cites this source")


CHECKS: Final[tuple[Callable[..., Iterator[Problem]], ...]] = (
    traits_in_use,
    roles_that_ask,
    ladder_steps,
    details_once,
    questions_fit,
    growth_of_all,
    rules_that_decide,
    papers_for_all,
    roles_in_reach,
    sources_in_use,
)
