"""The commands about one person: the assessment, the way to a role, the plan, and what is saved."""

import sys
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mopscli.cli.shell import (
    BetweenArgument,
    BetweenOption,
    DataOption,
    ExplainOption,
    FormatOption,
    JsonOption,
    PersonOption,
    ReadyOption,
    RoleArgument,
    answers_named,
    app,
    check_place,
    complete_roles,
    find_entry,
    find_role,
    find_roles,
    format_in_use,
    load_knowledge,
    open_store,
    read_answers_in,
    saved_assessments,
    say,
    show,
    some_number,
)

if TYPE_CHECKING:
    from mopscli.assessment.questionnaire import Questionnaire
    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Role
    from mopscli.person.person import Person

NOTHING_SAVED = (
    "Nothing is saved yet. Answer the questions with 'mops assess', or give answers with --answers FILE."
)


@app.command()
def path(
    ctx: typer.Context,
    origin: Annotated[
        str | None,
        typer.Argument(
            metavar="[ROLE]",
            help="The role to start from: its key, its name or the beginning of one.",
            autocompletion=complete_roles,
        ),
    ] = None,
    goal: Annotated[
        str | None,
        typer.Argument(
            metavar="[GOAL]",
            help="The role to reach. Without it: where one can go from ROLE.",
            autocompletion=complete_roles,
        ),
    ] = None,
    show_all: Annotated[
        bool, typer.Option("--all", "-a", help="Show the other routes step by step too, at most ten.")
    ] = False,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="ROLE",
            help="Your own way to this role, by your latest assessment.",
            autocompletion=complete_roles,
        ),
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="ROLE",
            help="Where you are, with --to; without it, the role that your answers name.",
            autocompletion=complete_roles,
        ),
    ] = None,
    answers: PersonOption = None,
    ready: ReadyOption = 80.0,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
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
        _own_path(ctx, to, from_, answers, ready, show_all)
        return
    if origin is None:
        raise typer.BadParameter("Name a role to start from, or with --to the role to reach.")
    if from_ is not None or answers is not None:
        raise typer.BadParameter("--from and --answers go with --to.")
    from mopscli.pages.roles import destinations_page, routes_page
    from mopscli.roles.routes import Destinations, Routes, find_destinations, find_routes

    knowledge = load_knowledge(ctx)
    start = find_role(knowledge, origin)
    result: Destinations | Routes
    if goal is None:
        result = find_destinations(knowledge, start)
        show(ctx, result, destinations_page(knowledge, result))
        return
    end = find_role(knowledge, goal)
    if start is end:
        raise typer.BadParameter(f"Both names mean {start.name}.")
    result = find_routes(knowledge, start, end)
    show(ctx, result, routes_page(knowledge, result, show_all))


def _own_path(
    ctx: typer.Context, to: str, from_: str | None, answers: str | None, ready: float, show_all: bool
) -> None:
    from mopscli.assessment.verdict import present_role
    from mopscli.pages.plan import personal_routes_page
    from mopscli.person.routes import find_personal_routes

    knowledge, person = _person(ctx, answers)
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
    show(ctx, result, personal_routes_page(knowledge, result, person, ready, show_all))


@app.command()
def plan(
    ctx: typer.Context,
    name: RoleArgument,
    ready: ReadyOption = 80.0,
    months: Annotated[
        float | None,
        typer.Option(
            "--months",
            min=0.25,
            max=600,
            callback=some_number,
            help="The time there is: the plan that brings the most readiness in it.",
        ),
    ] = None,
    show_all: Annotated[bool, typer.Option("--all", "-a", help="Show every step in full.")] = False,
    answers: PersonOption = None,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Plan what to learn for a role, and in which order.

    The plan is the least work that makes you ready, the skills that bring
    most for a month of work first. Each step has a goal, what to do for it,
    and what shows that it is reached. The goals of a plan from your saved
    answers are remembered: 'mops history' tells which you have reached.

    \b
    Examples:
      mops plan director
      mops plan head --ready 75
      mops plan director --months 12
      mops plan director --format markdown > plan.md
    """
    from mopscli.pages.plan import plan_page
    from mopscli.person.plan import make_plan

    knowledge, person = _person(ctx, answers)
    if not person.answers:
        raise typer.BadParameter("There is no answer yet to plan from. 'mops assess' asks the questions.")
    result = make_plan(knowledge, person, find_role(knowledge, name), ready, months)
    # Whoever is ready keeps the goals that led there.
    if answers is None and result.steps:
        from mopscli.person.store import Failed, Store, user_folder

        try:
            Store(user_folder()).set_goals(result.role, {step.skill: step.to for step in result.steps})
        except Failed as error:
            say([f"mops: the goals of this plan cannot be saved: {error}"], sys.stderr)
    show(ctx, result, plan_page(knowledge, result, show_all or format_in_use(ctx) == "markdown"))


@app.command("what-if")
def what_if(
    ctx: typer.Context,
    changes: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="TRAIT=LEVEL",
            help="A skill or a drive, and the level from 0 to 5 to try; several times for several.",
        ),
    ],
    role_: Annotated[
        list[str] | None,
        typer.Option(
            "--role",
            metavar="ROLE",
            help="A role to score besides; several times for several.",
            autocompletion=complete_roles,
        ),
    ] = None,
    answers: PersonOption = None,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Show the result with other levels, beside today's.

    \b
    Examples:
      mops what-if --set leadership=4
      mops what-if --set leadership=4 --set financial-acumen=3 --role vp
      mops what-if --set hands-on-execution=1 --json
    """
    from mopscli.pages.plan import what_if_page
    from mopscli.person.change import changes_between

    knowledge, person = _person(ctx, answers)
    levels = dict(_level(knowledge, person, change) for change in changes)
    named = [find_role(knowledge, name) for name in role_ or ()]
    usual = [knowledge.roles[key] for key in person.questionnaire.between]
    roles = list({role.key: role for role in (*named, *usual)}.values())
    result = changes_between(person.questionnaire, roles, person.answers, person.with_levels(levels).answers)
    show(ctx, result, what_if_page(knowledge, result))


def _level(knowledge: "Knowledge", person: "Person", change: str) -> tuple[str, int]:
    """Return the trait and the level that a text like `leadership=4` names."""
    from mopscli.text import clean

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


def _person(ctx: typer.Context, answers: str | None) -> "tuple[Knowledge, Person]":
    """Return the knowledge, and somebody with the answers in a file or else of the latest assessment."""
    from mopscli.assessment.answers import saved_answers
    from mopscli.assessment.questionnaire import prepare
    from mopscli.person.person import Person

    knowledge = load_knowledge(ctx, "questions", "growth")
    questionnaire = prepare(knowledge)
    if answers is not None:
        return knowledge, Person(questionnaire, read_answers_in(ctx, questionnaire, answers))
    for saved in saved_assessments():
        if saved.about:
            continue
        given, _ = saved_answers(questionnaire, saved.answers)
        if given:
            return knowledge, Person(questionnaire, given)
    raise typer.BadParameter(NOTHING_SAVED)


@app.command()
def assess(
    ctx: typer.Context,
    names: BetweenArgument = None,
    between: BetweenOption = None,
    answers: Annotated[
        str | None,
        typer.Option(
            "--answers",
            metavar="FILE",
            help="Answers in YAML or JSON, or - for standard input. 'mops questions --template' makes a file.",
        ),
    ] = None,
    other: Annotated[
        str,
        typer.Option(
            "--for-other",
            metavar="NAME",
            help="Answer about somebody else; 'mops compare-views' sets both views side by side.",
        ),
    ] = "",
    full: Annotated[bool, typer.Option("--full", help="Ask everything, however clear the verdict.")] = False,
    until: Annotated[
        float,
        typer.Option(
            "--until",
            min=0,
            max=1,
            help="Offer the end when the rest would change the verdict with less chance.",
        ),
    ] = 0.05,
    explain: ExplainOption = False,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Find out which role suits you.

    It asks one question after the other and saves every answer at once, on
    this machine only. With --answers it asks nothing.

    \b
    Examples:
      mops assess
      mops assess head director vp --full
      mops assess --answers answers.yaml --explain
      mops assess --for-other Sam
      mops assess --answers - --json < answers.json
    """
    from mopscli.assessment.questionnaire import prepare

    knowledge = load_knowledge(ctx, "questions")
    questionnaire = prepare(knowledge)
    found = find_roles(knowledge, [*(between or ()), *(names or ())] or questionnaire.between)
    if answers is not None:
        given = read_answers_in(ctx, questionnaire, answers)
        _show_assessment(ctx, knowledge, questionnaire, found, given, (), explain)
        return
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        raise typer.BadParameter("There is no terminal to ask in. Give the answers with --answers FILE.")
    _interview(ctx, knowledge, questionnaire, found, 0.0 if full else until, explain, other.strip())


def _interview(
    ctx: typer.Context,
    knowledge: "Knowledge",
    questionnaire: "Questionnaire",
    roles: "list[Role]",
    until: float,
    explain: bool,
    other: str,
) -> None:
    from mopscli.assessment.answers import still_valid
    from mopscli.cli.ask import Interview, choose
    from mopscli.knowledge import digest
    from mopscli.person.store import Diary, user_folder

    keys = tuple(role.key for role in roles)
    if other:
        say([f"You answer about {other}: take every 'you' and 'I' for {other}.", ""], sys.stdout)
    diary = Diary(user_folder(), keys, digest(knowledge.folder), _cannot_save, other)
    given: Mapping[str, float | None] = {}
    if (last := diary.unfinished()) is not None:
        message = (
            f"An assessment of {last.started[:10]} is not finished; answers so far: {len(last.answers)}."
        )
        if choose(message, [("Go on with them", True), ("Start anew", False)]):
            given = diary.go_on(last)
    known = still_valid(questionnaire, given)
    try:
        outcome = Interview(knowledge, questionnaire, roles, diary.answer, until).run(known)
    except KeyboardInterrupt:
        if diary.has_answers:
            say(["Your answers are saved; mops assess goes on with them."], sys.stderr)
        raise
    if not outcome.stopped:
        diary.finish()
    _show_assessment(ctx, knowledge, questionnaire, roles, outcome.answers, outcome.skipped, explain)


@app.command()
def history(
    ctx: typer.Context,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """List your assessments, what moved, and your goals.

    \b
    Examples:
      mops history
      mops history --json
    """
    from mopscli.assessment.questionnaire import prepare
    from mopscli.knowledge import digest
    from mopscli.pages.plan import history_page
    from mopscli.person.change import list_saved

    knowledge = load_knowledge(ctx, "questions")
    with open_store() as store:
        saved, goals = store.all(), store.goals()
    result = list_saved(knowledge, prepare(knowledge), digest(knowledge.folder), saved, goals)
    show(ctx, result, history_page(knowledge, result))


@app.command()
def result(
    ctx: typer.Context,
    number: Annotated[
        int | None,
        typer.Argument(metavar="[NUMBER]", help="Its number in 'mops history'; the newest without it."),
    ] = None,
    explain: ExplainOption = False,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Show a saved assessment again.

    \b
    Examples:
      mops result
      mops result 3 --explain
    """
    from mopscli.assessment.questionnaire import prepare

    knowledge = load_knowledge(ctx, "questions")
    questionnaire = prepare(knowledge)
    roles, answers, skipped = _saved_assessment(knowledge, questionnaire, number)
    _show_assessment(ctx, knowledge, questionnaire, roles, answers, skipped, explain)


def _saved_assessment(
    knowledge: "Knowledge", questionnaire: "Questionnaire", number: int | None
) -> "tuple[list[Role], Mapping[str, float], Collection[str]]":
    """Return the roles, the answers and what was skipped of a saved assessment, the newest without a number."""
    from mopscli.assessment.answers import saved_answers
    from mopscli.knowledge import digest

    if number is None:
        saved = next((some for some in saved_assessments() if not some.about), None)
        if saved is None:
            raise typer.BadParameter(NOTHING_SAVED)
    else:
        saved = next((some for some in saved_assessments() if some.id == number), None)
        if saved is None:
            raise typer.BadParameter(f"There is no assessment {number}. 'mops history' lists them.")
    if saved.knowledge != digest(knowledge.folder):
        say(["The knowledge has changed since; this is computed with the present one."], sys.stderr)
    roles = [knowledge.roles[key] for key in saved.roles if key in knowledge.roles]
    if len(roles) < len(saved.roles):
        raise typer.BadParameter(f"The knowledge in use has not all of its roles: {', '.join(saved.roles)}.")
    return roles, *saved_answers(questionnaire, saved.answers)


@app.command()
def report(
    ctx: typer.Context,
    number: Annotated[
        int | None,
        typer.Argument(metavar="[NUMBER]", help="Its number in 'mops history'; the newest without it."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Where to write it: .html for a browser, .md for Markdown."
        ),
    ] = None,
    goal: Annotated[
        str | None,
        typer.Option(
            "--goal",
            metavar="ROLE",
            help="The role to plan for; without it, the one that suits best.",
            autocompletion=complete_roles,
        ),
    ] = None,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="Whose report it is, for the title.")
    ] = "",
    ready: ReadyOption = 80.0,
    answers: PersonOption = None,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Write a report to share, with pictures.

    It has the verdict, the profile, the plan and the way. The HTML file needs
    no network and reads well on a phone and on paper; for a PDF, open it in a
    browser and print it. Only you can read the file until you share it.

    \b
    Examples:
      mops report -o report.html
      mops report 3 -o report.html --goal vp --name "Sam Lee"
      mops report --answers answers.yaml -o report.md
      mops report --format markdown
    """
    from mopscli.assessment.questionnaire import prepare
    from mopscli.assessment.verdict import assess as assess_answers
    from mopscli.assessment.verdict import present_role
    from mopscli.atomic import write_whole
    from mopscli.formats.markdown import markdown
    from mopscli.pages.report import Report, report_page
    from mopscli.person.person import Person
    from mopscli.person.plan import make_plan
    from mopscli.person.routes import find_personal_routes

    endings = {".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown"}
    if output is not None:
        check_place(output)
        if output.suffix.lower() not in endings:
            raise typer.BadParameter("The report is HTML or Markdown; let its name end in .html or .md.")
    elif format_in_use(ctx) == "table":
        raise typer.BadParameter("Name a file for the report, as in 'mops report -o report.html'.")
    if number is not None and answers is not None:
        raise typer.BadParameter("Give the number of an assessment, or --answers, not both.")
    knowledge = load_knowledge(ctx, "questions", "growth")
    questionnaire = prepare(knowledge)
    roles, given, skipped = (
        (
            [knowledge.roles[key] for key in questionnaire.between],
            read_answers_in(ctx, questionnaire, answers),
            (),
        )
        if answers is not None
        else _saved_assessment(knowledge, questionnaire, number)
    )
    if not given:
        raise typer.BadParameter("There is no answer yet to report on. 'mops assess' asks the questions.")
    person = Person(questionnaire, given)
    assessment = assess_answers(questionnaire, roles, given, skipped)
    # What is drawn and explained is the choice that the verdict is about.
    leading = [assessment.verdict.role, assessment.verdict.rival]
    if {role.key for role in roles[:2]} != {*leading}:
        others = [role for role in roles if role.key not in leading]
        roles = [*(knowledge.roles[key] for key in leading), *others]
        assessment = assess_answers(questionnaire, roles, given, skipped)
    target = find_role(knowledge, goal) if goal is not None else knowledge.roles[assessment.verdict.role]
    origin = knowledge.roles.get(present_role(questionnaire, given) or "")
    outcome = Report(
        name=name.strip(),
        made=date.today().isoformat(),
        assessment=assessment,
        plan=make_plan(knowledge, person, target, ready),
        routes=None
        if origin is None or origin is target
        else find_personal_routes(knowledge, person, origin, target, ready),
    )
    page = report_page(knowledge, outcome, person)
    if output is not None and endings[output.suffix.lower()] == "html":
        from mopscli.formats.html import webpage

        write_whole(output, webpage(page), private=True)
    elif output is not None:
        write_whole(output, markdown(page), private=True)
    if output is not None and format_in_use(ctx) != "json":
        how = " Open it in a browser." if endings[output.suffix.lower()] == "html" else ""
        say([f"Written to {output}.{how}"], sys.stdout)
    else:
        show(ctx, outcome, page)


@app.command("compare-views")
def compare_views(
    ctx: typer.Context,
    mine: Annotated[
        str,
        typer.Argument(metavar="MINE", help="A number in 'mops history', or a file of answers."),
    ],
    theirs: Annotated[str, typer.Argument(metavar="THEIRS", help="The other view, likewise.")],
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Set two views of one person side by side.

    It tells where your answers and somebody else's about you differ by more
    than the noise of answers allows. Somebody else answers with
    'mops assess --for-other', or fills in 'mops questions --template'.

    \b
    Examples:
      mops compare-views 3 4
      mops compare-views mine.yaml manager.yaml --json
    """
    from mopscli.assessment.questionnaire import prepare
    from mopscli.pages.plan import views_page
    from mopscli.person.change import changes_between

    knowledge = load_knowledge(ctx, "questions")
    questionnaire = prepare(knowledge)
    one, other = (answers_named(ctx, questionnaire, text) for text in (mine, theirs))
    roles = [knowledge.roles[key] for key in questionnaire.between]
    result = changes_between(questionnaire, roles, one, other)
    show(ctx, result, views_page(knowledge, result, ("Mine", "Theirs")))


@app.command()
def export(ctx: typer.Context) -> None:
    """Print all your saved assessments and goals as JSON.

    \b
    Examples:
      mops export > my-assessments.json
    """
    import json

    from mopscli.formats.json import envelope

    with open_store() as store:
        everything = {"assessments": store.all(), "goals": store.goals()}
    print(json.dumps(envelope("export", everything, None), indent=2))


@app.command()
def forget(
    ctx: typer.Context,
    number: Annotated[
        int | None, typer.Argument(metavar="[NUMBER]", help="Its number in 'mops history'.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Forget every assessment.")] = False,
) -> None:
    """Delete a saved assessment for good.

    \b
    Examples:
      mops forget 3
      mops forget --all
    """
    if (number is None) != everything:
        raise typer.BadParameter("Name one assessment, as 'mops history' numbers it, or give --all.")
    with open_store() as store:
        deleted = store.forget(number)
    if everything:
        from mopscli.person.store import TEAM, user_folder

        (user_folder() / TEAM).unlink(missing_ok=True)
    if not deleted and number is not None:
        raise typer.BadParameter(f"There is no assessment {number}. 'mops history' lists them.")
    print(f"Forgotten: {deleted} {'assessment' if deleted == 1 else 'assessments'}.")


def _show_assessment(
    ctx: typer.Context,
    knowledge: "Knowledge",
    questionnaire: "Questionnaire",
    roles: "list[Role]",
    answers: "Mapping[str, float]",
    skipped: Collection[str],
    explain: bool,
) -> None:
    from mopscli.assessment.verdict import assess as assess_answers
    from mopscli.pages.roles import assessment_page

    outcome = assess_answers(questionnaire, roles, answers, skipped)
    show(ctx, outcome, assessment_page(knowledge, outcome, explain))


def _cannot_save(error: Exception) -> None:
    say([f"mops: nothing can be saved: {error}"], sys.stderr)
