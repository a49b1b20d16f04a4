"""The commands about the way to a role: the moves, the plan, and what would change with other levels."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mopscli.cli.guide import role_given
from mopscli.cli.options import (
    OneRoleArgument,
    PersonOption,
    ReadyOption,
    SavedOption,
    complete_roles,
    shared_options,
    some_number,
)
from mopscli.cli.shell import (
    app,
    find_entry,
    find_role,
    is_brief,
    is_terminal,
    load_knowledge,
    own_assessment,
    read_answers_in,
    say,
    show,
)
from mopscli.text import clean

if TYPE_CHECKING:
    from mopscli.knowledge import Knowledge
    from mopscli.person.person import Person
    from mopscli.roles.routes import Destinations, Routes

OriginArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[ROLE]",
        help="The role to start from: its key, its name or the beginning of one.",
        autocompletion=complete_roles,
    ),
]
GoalArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[GOAL]",
        help="The role to reach. Without it: where one can go from ROLE.",
        autocompletion=complete_roles,
    ),
]
RoutesOption = Annotated[
    bool, typer.Option("--all", "-a", help="Show the other routes step by step too, at most ten.")
]
ToOption = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="ROLE",
        help="Your own way to this role, by your latest assessment.",
        autocompletion=complete_roles,
    ),
]
FromOption = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="ROLE",
        help="Where you are, with --to; without it, the role that your answers name.",
        autocompletion=complete_roles,
    ),
]
MonthsOption = Annotated[
    float | None,
    typer.Option(
        "--months",
        min=0.25,
        max=600,
        callback=some_number,
        help="How many months you have. The plan then makes the most of them.",
    ),
]
KeepGoalsOption = Annotated[
    bool,
    typer.Option("--keep", help="Remember the goals of this plan, in place of earlier ones for the role."),
]
ChangesOption = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="TRAIT=LEVEL",
        help="A skill or a drive, and the level from 0 to 5 to try. Repeat it for more.",
    ),
]
BesidesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--role",
        metavar="ROLE",
        help="A role to score besides. Repeat it for more.",
        autocompletion=complete_roles,
    ),
]


@app.command()
@shared_options(page=True)
def path(
    ctx: typer.Context,
    origin: OriginArgument = None,
    goal: GoalArgument = None,
    show_all: RoutesOption = False,
    to: ToOption = None,
    from_: FromOption = None,
    answers: PersonOption = None,
    number: SavedOption = None,
    ready: ReadyOption = 80.0,
) -> None:
    """Show the way between roles, or with --to your own way.

    Your own way counts what you have already: a move takes its typical
    months, or those that you need to close your gaps if that is longer.

    \b
    Examples:
      mops path specialist director
      mops path head
      mops path marketing-manager vp --all
      mops path --to director
      mops path --from specialist --to director --answers answers.yaml
    """
    if to is not None:
        if origin is not None:
            raise typer.BadParameter("With --to, say where you are with --from.")
        _own_path(ctx, to, from_, answers, number, ready=ready, show_all=show_all)
    elif from_ is not None or answers is not None or number is not None:
        raise typer.BadParameter("--from, --answers and --id go with --to.")
    elif origin is None and not is_terminal():
        raise typer.BadParameter("Name a role to start from, or with --to the role to reach.")
    elif origin is None:
        _path(ctx, role_given(ctx, None, "Where do you start from?"), goal, show_all)
    else:
        _path(ctx, origin, goal, show_all)


def _path(ctx: typer.Context, origin: str, goal: str | None, show_all: bool) -> None:
    from mopscli.pages.brief import destinations_brief, routes_brief
    from mopscli.pages.routes import destinations_page, routes_page
    from mopscli.roles.routes import find_destinations, find_routes

    knowledge = load_knowledge(ctx, "paths")
    start = find_role(knowledge, origin)
    result: Destinations | Routes
    if goal is None:
        result = find_destinations(knowledge, start)
        brief = is_brief(ctx) and bool(result.next_steps)
        page = (destinations_brief if brief else destinations_page)(knowledge, result)
    else:
        end = find_role(knowledge, goal)
        if start is end:
            raise typer.BadParameter(f"You named {start.name} twice. Name two different roles.")
        result = find_routes(knowledge, start, end)
        brief = is_brief(ctx) and bool(result.routes)
        page = routes_brief(knowledge, result) if brief else routes_page(knowledge, result, show_all)
    show(ctx, result, page)


def _own_path(
    ctx: typer.Context,
    to: str,
    from_: str | None,
    answers: str | None,
    number: int | None,
    *,
    ready: float,
    show_all: bool,
) -> None:
    from mopscli.assessment.verdict import present_role
    from mopscli.person.routes import find_personal_routes

    knowledge, person = _person(ctx, answers, number, "paths")
    end = find_role(knowledge, to)
    named = from_ if from_ is not None else present_role(person.questionnaire, person.answers)
    if named is None:
        raise typer.BadParameter("Your answers do not tell which role you have. Say it with --from.")
    start = find_role(knowledge, named)
    if start is end:
        raise typer.BadParameter(
            f"You are there: {start.name}. 'mops plan {start.key}' tells what to work on."
        )
    result = find_personal_routes(knowledge, person, start, end, ready)
    if is_brief(ctx) and result.routes and result.routes[0].steps[0].personal is not None:
        from mopscli.pages.brief import personal_routes_brief

        page = personal_routes_brief(knowledge, result)
    else:
        from mopscli.pages.plan import personal_routes_page

        page = personal_routes_page(knowledge, result, person, ready, show_all)
    show(ctx, result, page)


@app.command()
@shared_options(page=True)
def plan(
    ctx: typer.Context,
    name: OneRoleArgument = None,
    ready: ReadyOption = 80.0,
    months: MonthsOption = None,
    keep: KeepGoalsOption = False,
    answers: PersonOption = None,
    number: SavedOption = None,
) -> None:
    """Plan what to learn for a role, and in which order.

    Must-haves come first, then the skills that decide, then the least work
    that makes you ready. Each step has a goal, what to do for it, and what
    shows that it is reached. Whoever is ready gets the case for applying.
    With --keep its goals are remembered: 'mops history' tells which you have
    reached.

    \b
    Examples:
      mops plan director
      mops plan head --ready 75
      mops plan director --months 12
      mops plan director --keep
      mops plan director --format markdown > plan.md
    """
    from mopscli.pages.plan import plan_brief, plan_page
    from mopscli.person.plan import make_plan

    name = role_given(ctx, name, "A plan for which role?")
    knowledge, person = _person(ctx, answers, number, "paths")
    if not person.answers:
        raise typer.BadParameter("There is no answer yet to plan from. 'mops assess' asks the questions.")
    result = make_plan(knowledge, person, find_role(knowledge, name), ready, months)
    if keep and answers is not None:
        raise typer.BadParameter("--keep goes with your saved answers, not with --answers.")
    if keep and not result.steps:
        say(["This plan has no goals to remember; earlier ones stay."], sys.stderr)
    elif keep:
        _keep_goals(result.role, {step.skill: step.to for step in result.steps})
    page = plan_brief(knowledge, result) if is_brief(ctx) else plan_page(knowledge, result)
    show(ctx, result, page)


def _keep_goals(role: str, levels: Mapping[str, int]) -> None:
    from mopscli.person.store import Failed, Store, user_folder

    try:
        Store(user_folder()).set_goals(role, levels)
    except Failed as error:
        say([f"mops: the goals of this plan cannot be saved: {error}"], sys.stderr)


@app.command("what-if")
@shared_options(page=True)
def what_if(
    ctx: typer.Context,
    changes: ChangesOption,
    besides: BesidesOption = None,
    answers: PersonOption = None,
    number: SavedOption = None,
) -> None:
    """Show the result with other levels, beside today's.

    \b
    Examples:
      mops what-if --set leadership=4
      mops what-if --set leadership=4 --set financial-acumen=3 --role vp
      mops what-if --set hands-on-execution=1 --json
    """
    from mopscli.pages.verdict import what_if_page
    from mopscli.person.change import changes_between

    knowledge, person = _person(ctx, answers, number)
    levels = dict(_level(knowledge, person, change) for change in changes)
    named = [find_role(knowledge, name) for name in besides or ()]
    usual = [knowledge.roles[key] for key in person.questionnaire.between]
    roles = list({role.key: role for role in (*named, *usual)}.values())
    result = changes_between(person.questionnaire, roles, person.answers, person.with_levels(levels).answers)
    show(ctx, result, what_if_page(knowledge, result))


def _level(knowledge: "Knowledge", person: "Person", change: str) -> tuple[str, int]:
    """Return the trait and the level that a text like `leadership=4` names."""
    name, _, level = change.rpartition("=")
    if not name or level not in {"0", "1", "2", "3", "4", "5"}:
        raise typer.BadParameter(
            clean(f"'{change}' is not a trait and a level from 0 to 5, as in leadership=4."),
            param_hint="--set",
        )
    traits: Any = {**knowledge.skills, **knowledge.drives}
    trait = find_entry(name, traits, "mops skill")
    if not person.questionnaire.items_of[trait.key]:
        raise typer.BadParameter(f"No question asks about {trait.name}, so it cannot be tried.")
    return trait.key, int(level)


def _person(
    ctx: typer.Context, answers: str | None, number: int | None, *files: str
) -> "tuple[Knowledge, Person]":
    """Return the knowledge and somebody, with the answers in a file or else of a saved assessment.

    The knowledge is read with these files besides.
    """
    from mopscli.assessment.answers import saved_answers
    from mopscli.assessment.questionnaire import choices_of, prepare
    from mopscli.person.person import Person

    if answers is not None and number is not None:
        raise typer.BadParameter("Take --answers or --id, not both.")
    knowledge = load_knowledge(ctx, "questions", "norms", "growth", *files)
    questionnaire = prepare(knowledge)
    if answers is not None:
        return knowledge, Person(questionnaire, read_answers_in(ctx, questionnaire, answers))
    saved = own_assessment(number, len(choices_of(questionnaire)))
    return knowledge, Person(questionnaire, saved_answers(questionnaire, saved.answers)[0])
