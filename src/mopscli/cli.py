"""The commands: each reads the knowledge, asks the core once, shows the result and chooses the exit code.

Only what a command needs is imported when it runs, so that every start is quick.
"""

import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Final, Literal, NoReturn, TextIO, cast

import typer

if TYPE_CHECKING:
    from mopscli.knowledge import Knowledge, Named, Part, Role
    from mopscli.person import Person
    from mopscli.problem import Problem
    from mopscli.questionnaire import Questionnaire
    from mopscli.store import Saved, Store
    from mopscli.view import Page

app = typer.Typer(
    name="mops",
    # Without markup, help is plain text that fits every terminal and does not load rich.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Format = Literal["table", "markdown", "json"]
FORMS: Final = ("csv", "xlsform", "google-forms", "surveyjs")
QuestionsFormat = Literal["table", "markdown", "json", "csv", "xlsform", "google-forms", "surveyjs"]
ScoresFormat = Literal["csv", "jsonl", "parquet", "xlsx"]
# sql.DIALECTS in types, so that help need not load it; a test compares the two.
Dialect = Literal["duckdb", "postgres", "snowflake", "bigquery", "spark", "sqlite"]
# Every command takes these; _format and _folder read them from the context, before the command or after it.
FormatOption = Annotated[
    Format, typer.Option("--format", "-f", help="How to show the result.", show_default=True)
]
ExplainOption = Annotated[bool, typer.Option("--explain", help="Show the numbers behind the words.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
# catalog.PARTS in words, so that help need not load it; a test compares the two.
PARTS_OF_A_ROLE: Final = (
    "dimensions, responsibilities, tasks, time, skills, drives, profile, suits, challenges, opportunities, "
    "gates, value, market, topics, paths, caveats."
)
PersonOption = Annotated[
    str | None,
    typer.Option(
        "--answers",
        metavar="FILE",
        help="Answers in YAML or JSON, or - for standard input, in place of your latest assessment.",
    ),
]
ReadyOption = Annotated[
    float, typer.Option("--ready", min=0, max=100, help="The readiness that counts as being ready.")
]
MIN_WIDTH: Final = 20
# What a shell says of a program that SIGTERM ended.
TERMINATED: Final = 143
MAX_WIDTH: Final = 100
MAX_INPUT: Final = 4_000_000
DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="A knowledge folder of your own, made with 'mops init'.",
    ),
]


# --- Names for completion -------------------------------------------------------------------------


def _complete_roles(ctx: typer.Context, incomplete: str) -> list[str]:
    return _complete(ctx, incomplete, "roles")


def _complete_skills(ctx: typer.Context, incomplete: str) -> list[str]:
    return _complete(ctx, incomplete, "skills")


def _complete(ctx: typer.Context, incomplete: str, kind: str) -> list[str]:
    from mopscli.knowledge import load
    from mopscli.problem import ProblemsFound

    try:
        keys: Iterable[str] = getattr(load(_folder(ctx)), kind)
    except ProblemsFound:
        return []
    return [key for key in keys if key.startswith(incomplete.lower())]


def _complete_parts(incomplete: str) -> list[str]:
    from mopscli.catalog import PARTS

    return [part for part in PARTS if part.startswith(incomplete)]


RoleArgument = Annotated[
    str,
    typer.Argument(
        metavar="ROLE", help="A role's key, name or the beginning of one.", autocompletion=_complete_roles
    ),
]

BetweenArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ROLE]...",
        help="The roles to choose between, two or more; without them, those that the knowledge names.",
        autocompletion=_complete_roles,
    ),
]
BetweenOption = Annotated[
    tuple[str, str] | None,
    typer.Option("--between", metavar="ROLE ROLE", help="The same as naming them."),
]
MoreRolesOption = Annotated[
    str | None,
    typer.Option(
        "--roles", metavar="ROLES", help="Score more roles: 'all', or some with commas between them."
    ),
]


# --- Commands -------------------------------------------------------------------------------------


@app.callback(invoke_without_command=True)
def welcome(
    ctx: typer.Context,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            metavar="DIR",
            envvar="MOPS_DATA",
            help="A knowledge folder of your own, made with 'mops init'.",
        ),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
    format_: FormatOption = "table",
    json_: JsonOption = False,
) -> None:
    """Compare marketing operations roles, and see the way from one to another.

    Every statement names its source.

    \b
    Examples:
      mops compare head director
      mops role director --section tasks
      mops path specialist director
    """
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"mops {installed('mopscli')}")
    elif ctx.invoked_subcommand is None:
        from mopscli.view import WELCOME, welcome_page

        _show(ctx, {"commands": WELCOME}, welcome_page())


@app.command()
def roles(
    ctx: typer.Context,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """List all roles, by family and rank.

    \b
    Examples:
      mops roles
      mops roles --json
    """
    from mopscli.catalog import list_roles
    from mopscli.view import roles_page

    knowledge = _load(ctx)
    result = list_roles(knowledge)
    _show(ctx, result, roles_page(knowledge, result))


@app.command()
def role(
    ctx: typer.Context,
    name: RoleArgument,
    section: Annotated[
        list[str] | None,
        typer.Option(
            "--section",
            "-s",
            metavar="PART",
            help="Show only this part, and others if given again. Parts: " + PARTS_OF_A_ROLE,
            autocompletion=_complete_parts,
        ),
    ] = None,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Tell everything about one role.

    \b
    Examples:
      mops role head
      mops role director --section tasks --section skills
      mops role vp --format markdown
    """
    from mopscli.catalog import PARTS, profile_role, shown_fields
    from mopscli.view import role_page

    knowledge = _load(ctx)
    parts = [_find_part(part, PARTS) for part in section or ()]
    result = profile_role(knowledge, _find_role(knowledge, name), parts)
    _show(ctx, shown_fields(result), role_page(knowledge, result))


@app.command()
def compare(
    ctx: typer.Context,
    names: Annotated[
        list[str],
        typer.Argument(metavar="ROLE...", help="Two roles or more.", autocompletion=_complete_roles),
    ],
    show_all: Annotated[bool, typer.Option("--all", "-a", help="Show equal levels too.")] = False,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Set roles side by side, what differs first.

    \b
    Examples:
      mops compare head director
      mops compare head director vp --all
      mops compare head director --format markdown > comparison.md
    """
    from mopscli.compare import compare_roles
    from mopscli.view import comparison_page

    knowledge = _load(ctx)
    found = _find_roles(knowledge, names)
    result = compare_roles(knowledge, found)
    _show(ctx, result, comparison_page(knowledge, result, show_all))


@app.command()
def path(
    ctx: typer.Context,
    origin: Annotated[
        str | None,
        typer.Argument(
            metavar="[ROLE]",
            help="The role to start from: its key, its name or the beginning of one.",
            autocompletion=_complete_roles,
        ),
    ] = None,
    goal: Annotated[
        str | None,
        typer.Argument(
            metavar="[GOAL]",
            help="The role to reach. Without it: where one can go from ROLE.",
            autocompletion=_complete_roles,
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
            autocompletion=_complete_roles,
        ),
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="ROLE",
            help="Where you are, with --to; without it, the role that your answers name.",
            autocompletion=_complete_roles,
        ),
    ] = None,
    answers: PersonOption = None,
    ready: ReadyOption = 80.0,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Show the way from one role to another, or with --to your own way.

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
    from mopscli.advise import Destinations, Routes, find_destinations, find_routes
    from mopscli.view import destinations_page, routes_page

    knowledge = _load(ctx)
    start = _find_role(knowledge, origin)
    result: Destinations | Routes
    if goal is None:
        result = find_destinations(knowledge, start)
        _show(ctx, result, destinations_page(knowledge, result))
        return
    end = _find_role(knowledge, goal)
    if start is end:
        raise typer.BadParameter(f"Both names mean {start.name}.")
    result = find_routes(knowledge, start, end)
    _show(ctx, result, routes_page(knowledge, result, show_all))


@app.command()
def skill(
    ctx: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[SKILL]",
            help="A skill's key, name or the beginning of one. Without it: all skills.",
            autocompletion=_complete_skills,
        ),
    ] = None,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Tell how the levels of a skill show, and who needs them.

    \b
    Examples:
      mops skill
      mops skill leadership
      mops skill financial-acumen --json
    """
    from mopscli.catalog import SkillList, SkillProfile, list_skills, profile_skill
    from mopscli.view import skill_page, skills_page

    knowledge = _load(ctx)
    result: SkillList | SkillProfile
    if name is None:
        result = list_skills(knowledge)
        _show(ctx, result, skills_page(knowledge, result))
        return
    result = profile_skill(knowledge, _find(name, knowledge.skills, "mops skill"))
    _show(ctx, result, skill_page(knowledge, result))


@app.command()
def sources(
    ctx: typer.Context,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Tell what the knowledge rests on, and how much on judgment.

    \b
    Examples:
      mops sources
      mops sources --json
    """
    from mopscli.catalog import list_sources
    from mopscli.view import sources_page

    knowledge = _load(ctx, "growth")
    result = list_sources(knowledge)
    _show(ctx, result, sources_page(knowledge, result))


@app.command()
def questions(
    ctx: typer.Context,
    as_template: Annotated[
        bool, typer.Option("--template", help="Print a file of answers to fill in instead.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write the form to a file instead of the screen."
        ),
    ] = None,
    format_: Annotated[
        QuestionsFormat,
        typer.Option(
            "--format",
            "-f",
            help="How to show the result, or a form for a survey tool.",
            show_default=True,
        ),
    ] = "table",
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """List the questions of the self-assessment, or write them for a survey.

    The last four formats are for survey tools: csv to copy texts from, xlsform
    for ODK and KoboToolbox, google-forms is a script that makes the form, and
    surveyjs is for SurveyJS. 'mops batch' scores what such a survey exports.

    \b
    Examples:
      mops questions
      mops questions --template > answers.yaml
      mops questions --format xlsform -o form.xlsx
      mops questions --format google-forms -o form.gs
    """
    from mopscli.catalog import list_questions
    from mopscli.questionnaire import prepare
    from mopscli.view import questions_page

    knowledge = _load(ctx, "questions")
    questionnaire = prepare(knowledge)
    form = ctx.params["format_"]
    if form in FORMS:
        _write_form(questionnaire, form, output)
        return
    if output is not None:
        raise typer.BadParameter(f"-o needs one of --format {', '.join(FORMS)}.")
    if as_template:
        from mopscli.answers import template

        _never_fail_on_encoding(sys.stdout)
        print(template(questionnaire), end="")
        return
    result = list_questions(questionnaire)
    _show(ctx, result, questions_page(knowledge, result))


def _own_path(
    ctx: typer.Context, to: str, from_: str | None, answers: str | None, ready: float, show_all: bool
) -> None:
    from mopscli.advise import find_personal_routes
    from mopscli.assess import present_role
    from mopscli.outlook import personal_routes_page

    knowledge, person = _person(ctx, answers)
    end = _find_role(knowledge, to)
    named = from_ if from_ is not None else present_role(person.questionnaire, person.answers)
    if named is None:
        raise typer.BadParameter("Your answers do not tell which role you have. Say it with --from.")
    start = _find_role(knowledge, named)
    if start is end:
        raise typer.BadParameter(
            f"You are there: {start.name}. 'mops plan {start.key}' tells what to work on."
        )
    result = find_personal_routes(knowledge, person, start, end, ready)
    _show(ctx, result, personal_routes_page(knowledge, result, person, ready, show_all))


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
    from mopscli.outlook import plan_page
    from mopscli.plan import make_plan

    knowledge, person = _person(ctx, answers)
    result = make_plan(knowledge, person, _find_role(knowledge, name), ready, months)
    if answers is None:
        with _store() as store:
            store.set_goals(result.role, {step.skill: step.to for step in result.steps})
    _show(ctx, result, plan_page(knowledge, result, show_all or _format(ctx) == "markdown"))


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
            autocompletion=_complete_roles,
        ),
    ] = None,
    answers: PersonOption = None,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Show what the result would be with other levels, beside today's.

    \b
    Examples:
      mops what-if --set leadership=4
      mops what-if --set leadership=4 --set financial-acumen=3 --role vp
      mops what-if --set hands-on-execution=1 --json
    """
    from mopscli.contrast import contrast
    from mopscli.outlook import what_if_page

    knowledge, person = _person(ctx, answers)
    levels = dict(_level(knowledge, person, change) for change in changes)
    named = [_find_role(knowledge, name) for name in role_ or ()]
    usual = [knowledge.roles[key] for key in person.questionnaire.between]
    roles = list({role.key: role for role in (*named, *usual)}.values())
    result = contrast(person.questionnaire, roles, person.answers, person.with_levels(levels).answers)
    _show(ctx, result, what_if_page(knowledge, result))


def _level(knowledge: "Knowledge", person: "Person", change: str) -> tuple[str, int]:
    """Return the trait and the level that a text like `leadership=4` names."""
    from mopscli.render import clean

    name, _, level = change.rpartition("=")
    if not name or level not in {"0", "1", "2", "3", "4", "5"}:
        raise typer.BadParameter(
            clean(f"'{change}' is not a trait and a level from 0 to 5, as in leadership=4."),
            param_hint="--set",
        )
    traits: Any = {**knowledge.skills, **knowledge.drives}
    trait = _find(name, traits, "mops skill")
    if not person.questionnaire.items_of[trait.key]:
        raise typer.BadParameter(f"No question asks about {trait.name}, so it cannot be tried.")
    return trait.key, int(level)


def _person(ctx: typer.Context, answers: str | None) -> "tuple[Knowledge, Person]":
    """Return the knowledge, and somebody with the answers in a file or else of the latest assessment."""
    from mopscli.answers import saved_answers
    from mopscli.person import Person
    from mopscli.questionnaire import prepare

    knowledge = _load(ctx, "questions", "growth")
    questionnaire = prepare(knowledge)
    if answers is not None:
        return knowledge, Person(questionnaire, _read_answers(ctx, questionnaire, answers))
    for saved in _saved():
        if saved.about:
            continue
        given, _ = saved_answers(questionnaire, saved.answers)
        if given:
            return knowledge, Person(questionnaire, given)
    raise typer.BadParameter(
        "Nothing is saved yet. Answer the questions with 'mops assess', or give answers with --answers FILE."
    )


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
    from mopscli.questionnaire import prepare

    knowledge = _load(ctx, "questions")
    questionnaire = prepare(knowledge)
    found = _find_roles(knowledge, [*(between or ()), *(names or ())] or questionnaire.between)
    if answers is not None:
        given = _read_answers(ctx, questionnaire, answers)
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
    from mopscli.answers import still_valid
    from mopscli.ask import Interview, choose
    from mopscli.knowledge import digest
    from mopscli.store import Diary, user_folder

    keys = tuple(role.key for role in roles)
    if other:
        _say([f"You answer about {other}: take every 'you' and 'I' for {other}.", ""], sys.stdout)
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
            _say(["Your answers are saved; mops assess goes on with them."], sys.stderr)
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
    """List your saved assessments, what moved between them, and your goals.

    \b
    Examples:
      mops history
      mops history --json
    """
    from mopscli.knowledge import digest
    from mopscli.outlook import history_page
    from mopscli.progress import list_saved
    from mopscli.questionnaire import prepare

    knowledge = _load(ctx, "questions")
    with _store() as store:
        saved, goals = store.all(), store.goals()
    result = list_saved(knowledge, prepare(knowledge), digest(knowledge.folder), saved, goals)
    _show(ctx, result, history_page(knowledge, result))


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
    from mopscli.answers import saved_answers
    from mopscli.knowledge import digest
    from mopscli.questionnaire import prepare

    knowledge = _load(ctx, "questions")
    saved = next((some for some in _saved() if number in (None, some.id)), None)
    if saved is None:
        raise typer.BadParameter("There is no such assessment. 'mops history' lists them.")
    if saved.knowledge != digest(knowledge.folder):
        _say(["The knowledge has changed since; this is computed with the present one."], sys.stderr)
    roles = [knowledge.roles[key] for key in saved.roles if key in knowledge.roles]
    if len(roles) < len(saved.roles):
        raise typer.BadParameter(f"The knowledge in use has not all of its roles: {', '.join(saved.roles)}.")
    questionnaire = prepare(knowledge)
    answers, skipped = saved_answers(questionnaire, saved.answers)
    _show_assessment(ctx, knowledge, questionnaire, roles, answers, skipped, explain)


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
    from mopscli.contrast import contrast
    from mopscli.outlook import views_page
    from mopscli.questionnaire import prepare

    knowledge = _load(ctx, "questions")
    questionnaire = prepare(knowledge)
    one, other = (_view(ctx, questionnaire, text) for text in (mine, theirs))
    roles = [knowledge.roles[key] for key in questionnaire.between]
    result = contrast(questionnaire, roles, one, other)
    _show(ctx, result, views_page(knowledge, result, ("Mine", "Theirs")))


def _view(ctx: typer.Context, questionnaire: "Questionnaire", text: str) -> "Mapping[str, float]":
    """Return the answers of a saved assessment, by its number, or those in a file."""
    from mopscli.answers import saved_answers

    if not text.isdecimal() or Path(text).exists():
        return _read_answers(ctx, questionnaire, text)
    saved = next((some for some in _saved() if str(some.id) == text), None)
    if saved is None:
        raise typer.BadParameter(f"There is no assessment {text}. 'mops history' lists them.")
    return saved_answers(questionnaire, saved.answers)[0]


@app.command()
def export(ctx: typer.Context) -> None:
    """Print all your saved assessments and goals as JSON.

    \b
    Examples:
      mops export > my-assessments.json
    """
    import json

    from mopscli.render import envelope

    with _store() as store:
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
    with _store() as store:
        deleted = store.forget(number)
    if not deleted and number is not None:
        raise typer.BadParameter(f"There is no assessment {number}. 'mops history' lists them.")
    print(f"Forgotten: {deleted} {'assessment' if deleted == 1 else 'assessments'}.")


@app.command()
def replay(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE.csv", help="A column a question key, a row a person.")
    ],
    names: BetweenArgument = None,
    until: Annotated[
        float,
        typer.Option("--until", min=0, max=1, help="The chance of a change at which the interview ends."),
    ] = 0.05,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Replay the interview with the answers of many people.

    For whoever writes knowledge: how many questions it would have asked, how
    often the verdict differs from that of all questions, and how reliable the
    questions are.

    \b
    Examples:
      mops replay answers.csv
      mops replay answers.csv head vp --until 0.01 --json
    """
    from mopscli.problem import ProblemsFound
    from mopscli.questionnaire import prepare
    from mopscli.replay import read_respondents
    from mopscli.replay import replay as replay_all
    from mopscli.view import replay_page

    knowledge = _load(ctx, "questions")
    questionnaire = prepare(knowledge)
    found = _find_roles(knowledge, names or questionnaire.between)
    try:
        people = read_respondents(questionnaire, file)
    except ProblemsFound as problems:
        _refuse(ctx, problems.problems)
    outcome = replay_all(questionnaire, found, people, until)
    _show(ctx, outcome, replay_page(knowledge, outcome))


@app.command()
def batch(
    ctx: typer.Context,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A survey export: CSV, JSON Lines, Parquet or Excel, or - for standard input.",
        ),
    ],
    names: BetweenArgument = None,
    between: BetweenOption = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to write the scores: .csv, .jsonl, .parquet or .xlsx, or - for standard output.",
        ),
    ] = None,
    to: Annotated[
        ScoresFormat | None, typer.Option("--to", help="How to write the scores, if not by the file's name.")
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option(
            "--rejects",
            metavar="FILE",
            help="Where to list the rows that cannot be scored, as CSV; without it, beside the scores.",
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Write nothing if any row cannot be scored.")
    ] = False,
    summary_only: Annotated[
        bool, typer.Option("--summary-only", help="Show the summary and write no scores.")
    ] = False,
    roles: MoreRolesOption = None,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Add what each skill and drive contributes, and the largest gaps."),
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Copy the columns that are no questions to the scores.")
    ] = False,
    digits: Annotated[
        int | None,
        typer.Option("--digits", min=0, max=15, metavar="N", help="Round numbers to N decimal places."),
    ] = None,
    id_column: Annotated[
        str | None,
        typer.Option(
            "--id", metavar="COLUMN", help="The column that tells people apart, if not a usual one."
        ),
    ] = None,
    missing: Annotated[
        list[str] | None,
        typer.Option("--missing", metavar="TEXT", help="A text that means no answer, such as NA."),
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Score even if questions have no column in the file.")
    ] = False,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help="The encoding, if it is not found out.")
    ] = None,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Score everybody in a survey export.

    Columns are found by question key or text; answers count by number, words
    or letter. A row that cannot be scored is left out and listed with its
    line and the reason, and the exit code is then 1.

    \b
    Examples:
      mops batch responses.csv -o scores.csv
      mops batch responses.xlsx head vp -o scores.xlsx --keep
      mops batch responses.csv --summary-only --format markdown
      mops batch - -o - --to jsonl < responses.csv > scores.jsonl
    """
    import signal

    from mopscli.batch import Options, Reading, score_file
    from mopscli.problem import ProblemsFound
    from mopscli.questionnaire import prepare
    from mopscli.stake import Scoring
    from mopscli.view import batch_page

    knowledge = _load(ctx, "questions")
    questionnaire = prepare(knowledge)
    chosen, scored = _find_scored(
        knowledge, [*(between or ()), *(names or ())] or questionnaire.between, roles
    )
    scoring = Scoring(questionnaire, scored, tuple(role.key for role in chosen))
    target, kind = _scores_file(output, to, summary_only=summary_only)
    listed = _rejects_file(rejects, target)
    _keep_apart(("FILE", None if file == "-" else Path(file)), ("-o", target), ("--rejects", listed))
    _never_an_answer(questionnaire, missing or ())
    reading = Reading(id_column, partial, encoding, tuple(missing or ()))
    options = Options(target, kind, listed, explain, keep, strict, digits)
    source, name = _respondents(file)
    if file == "-":
        _keep_input(target)
    # What is left for the time being holds personal answers, and must go.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        with _progress() as report:
            summary = score_file(scoring, source, name, reading, options, report)
    except ProblemsFound as found:
        _refuse(ctx, found.problems)
    _show(ctx, summary, batch_page(knowledge, summary), to_stderr=output == "-")
    if summary.rejected:
        raise typer.Exit(1)


@app.command()
def sql(
    ctx: typer.Context,
    names: BetweenArgument = None,
    dialect: Annotated[Dialect, typer.Option("--dialect", help="The database.")] = "duckdb",
    table: Annotated[
        str,
        typer.Option("--table", metavar="TABLE", help="The table, with a column for each question key."),
    ] = "responses",
    id_column: Annotated[
        str, typer.Option("--id", metavar="COLUMN", help="The column that tells people apart.")
    ] = "id",
    roles: MoreRolesOption = None,
    data: DataOption = None,
) -> None:
    """Print a SELECT that scores a table in the database where it lies.

    It gives the same columns as 'mops batch' and needs no extension.

    \b
    Examples:
      mops sql --dialect snowflake --table hr.responses > scores.sql
      mops sql head vp --dialect bigquery --table project.hr.responses
      mops sql --dialect postgres --id employee
    """
    from mopscli.questionnaire import prepare
    from mopscli.render import clean
    from mopscli.sql import statement
    from mopscli.stake import Scoring

    knowledge = _load(ctx, "questions")
    questionnaire = prepare(knowledge)
    chosen, scored = _find_scored(knowledge, names or questionnaire.between, roles)
    scoring = Scoring(questionnaire, scored, tuple(role.key for role in chosen))
    try:
        text = statement(scoring, id_column, table, dialect)
    except ValueError:
        raise typer.BadParameter(clean(f"'{table}' is no name of a table in {dialect}.")) from None
    print(f"{text};")


@app.command()
def check(
    ctx: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help="The folder to check. Without it: the one in use.",
        ),
    ] = None,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """List every problem of a knowledge folder, with its line.

    The exit code is 1 if there is any.

    \b
    Examples:
      mops check
      mops check my-knowledge
      mops check my-knowledge --json
    """
    from mopscli.check import find_problems
    from mopscli.view import check_page

    checked = _folder(ctx)
    problems = find_problems(checked)
    if problems and _format(ctx) == "table":
        _say(problems, sys.stdout)
        _say(
            [f"{len(problems):,} {'problem' if len(problems) == 1 else 'problems'} in {checked}"], sys.stderr
        )
    else:
        _show(ctx, {"folder": checked}, check_page(checked, problems), problems)
    if problems:
        raise typer.Exit(1)


@app.command()
def init(
    ctx: typer.Context,
    target: Annotated[str, typer.Argument(metavar="DIR", help="Where to put the copy.")],
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Copy the knowledge to a folder, to edit it.

    With it, mops works on roles of your own. Schemas for editors come along.
    Files that exist are never overwritten.

    \b
    Examples:
      mops init my-knowledge
      mops --data my-knowledge compare head director
    """
    from mopscli.knowledge import copy_files
    from mopscli.render import clean
    from mopscli.view import init_page

    if not target:
        raise typer.BadParameter("Name a folder, as in 'mops init my-knowledge'.")
    try:
        files = copy_files(_folder(ctx), Path(target))
    except FileExistsError as error:
        raise typer.BadParameter(clean(f"'{error.filename}' exists already. Name another folder.")) from None
    _show(ctx, {"folder": target, "files": files}, init_page(Path(target), files))


# --- What the assessment commands share -----------------------------------------------------------


def _read_answers(ctx: typer.Context, questionnaire: "Questionnaire", source: str) -> dict[str, float]:
    from mopscli.answers import read_answers
    from mopscli.problem import ProblemsFound
    from mopscli.render import clean

    if source == "-" and sys.stdin is None:
        raise typer.BadParameter("Standard input is closed. Give the answers with --answers FILE.")
    if source != "-" and not Path(source).exists():
        raise typer.BadParameter(
            clean(f"There is no file '{source}'. 'mops questions --template' makes one.")
        )
    path = None if source == "-" else Path(source)
    content = b"" if path else sys.stdin.buffer.read(MAX_INPUT + 1)
    try:
        return read_answers(questionnaire, path, content)
    except ProblemsFound as found:
        _refuse(ctx, found.problems)


def _show_assessment(
    ctx: typer.Context,
    knowledge: "Knowledge",
    questionnaire: "Questionnaire",
    roles: "list[Role]",
    answers: "Mapping[str, float]",
    skipped: Collection[str],
    explain: bool,
) -> None:
    from mopscli.assess import assess as assess_answers
    from mopscli.view import assessment_page

    outcome = assess_answers(questionnaire, roles, answers, skipped)
    _show(ctx, outcome, assessment_page(knowledge, outcome, explain))


def _find_scored(
    knowledge: "Knowledge", names: Sequence[str], others: str | None
) -> "tuple[list[Role], tuple[Role, ...]]":
    """Return the roles to choose between, and all roles to score: these and those asked for besides."""
    chosen = _find_roles(knowledge, names)
    also = list(knowledge.roles) if others == "all" else (others or "").split(",")
    scored = {role.key: role for role in chosen}
    for name in filter(str.strip, also):
        role = _find_role(knowledge, name.strip())
        scored[role.key] = role
    return chosen, tuple(scored.values())


def _write_form(questionnaire: "Questionnaire", form: str, output: Path | None) -> None:
    """Write a form for a survey tool to a file or to standard output."""
    from mopscli import forms

    makers: dict[str, Callable[[Questionnaire], str | bytes]] = {
        "csv": forms.csv_form,
        "xlsform": forms.xlsform,
        "google-forms": forms.google_forms,
        "surveyjs": forms.surveyjs,
    }
    made = makers[form](questionnaire)
    content = made if isinstance(made, bytes) else made.encode()
    if output is not None:
        output.write_bytes(content)
    elif isinstance(made, bytes) and sys.stdout.isatty():
        raise typer.BadParameter(f"Name a file, as in 'mops questions --format {form} -o form.xlsx'.")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def _respondents(file: str) -> "tuple[Path | BinaryIO, str]":
    """Return where to read respondents from, and how to call it."""
    from mopscli.render import clean

    if file != "-":
        if not Path(file).exists():
            raise typer.BadParameter(clean(f"There is no file '{file}'."))
        if Path(file).is_dir():
            raise typer.BadParameter(clean(f"'{file}' is a folder. Name a file in it."))
        return Path(file), file
    if sys.stdin is None:
        raise typer.BadParameter("Standard input is closed. Name a file instead of -.")
    return sys.stdin.buffer, "standard input"


def _scores_file(
    output: str | None, to: ScoresFormat | None, *, summary_only: bool
) -> "tuple[Path | BinaryIO | None, ScoresFormat]":
    """Return where to write scores, and how: by the end of the name, or as asked."""
    from mopscli.render import clean

    if summary_only:
        if output is not None:
            raise typer.BadParameter(
                "--summary-only writes no scores. Leave out -o, or leave out --summary-only."
            )
        return None, "csv"
    if output is None:
        raise typer.BadParameter("Name a file for the scores, as in '-o scores.csv', or use --summary-only.")
    if output == "-":
        return sys.stdout.buffer, to or "csv"
    target = Path(output)
    _check_place(target)
    endings: dict[str, ScoresFormat] = {
        ".csv": "csv",
        ".jsonl": "jsonl",
        ".ndjson": "jsonl",
        ".parquet": "parquet",
        ".xlsx": "xlsx",
    }
    found = to or endings.get(target.suffix.lower())
    if found is None:
        raise typer.BadParameter(
            clean(f"'{target.name}' should end in {', '.join(endings)}. Or say how to write it with --to.")
        )
    return target, found


def _check_place(target: Path) -> None:
    from mopscli.render import clean

    if target.is_dir():
        raise typer.BadParameter(clean(f"'{target}' is a folder. Name a file in it."))
    if not target.absolute().parent.is_dir():
        raise typer.BadParameter(
            clean(f"'{target}' cannot be written: there is no folder '{target.parent}'.")
        )


def _rejects_file(rejects: Path | None, target: "Path | BinaryIO | None") -> Path | None:
    """Return where to list the rejects: as asked, or beside the scores."""
    if rejects is not None:
        if rejects.suffix.lower() in {".xlsx", ".xls", ".parquet", ".json", ".jsonl"}:
            raise typer.BadParameter(
                "The list of rejects is CSV; let its name end in .csv.", param_hint="--rejects"
            )
        _check_place(rejects)
        return rejects
    return target.with_name(f"{target.stem}.rejects.csv") if isinstance(target, Path) else None


def _keep_input(target: "Path | BinaryIO | None") -> None:
    """Refuse to write over the file that standard input reads."""
    with suppress(OSError):
        if isinstance(target, Path) and os.path.samestat(os.fstat(0), target.stat()):
            raise typer.BadParameter("FILE and -o are the same file. Name another for -o.")


def _keep_apart(*files: "tuple[str, Path | BinaryIO | None]") -> None:
    """Refuse to write one file over another of the same command."""
    seen: dict[Path, str] = {}
    for name, file in files:
        if isinstance(file, Path) and (file.is_file() or not file.exists()):
            first = seen.setdefault(file.resolve(), name)
            if first != name:
                raise typer.BadParameter(f"{first} and {name} are the same file. Name another for {name}.")


def _never_an_answer(questionnaire: "Questionnaire", texts: Sequence[str]) -> None:
    """Refuse texts for a missing answer that are an answer to some question."""
    from mopscli.answers import choices_of, value_of
    from mopscli.render import clean

    for text in texts:
        for key, choices in choices_of(questionnaire).items():
            if value_of(text, choices) is not None:
                raise typer.BadParameter(clean(f"--missing '{text}' is an answer to the question '{key}'."))


@contextmanager
def _progress() -> "Iterator[Callable[[str, float], None]]":
    """Show how far a long job is, if somebody is looking on."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda what, share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Opening", total=1.0)
        yield lambda what, share: progress.update(task, description=what, completed=share)


def _cannot_save(error: Exception) -> None:
    _say([f"mops: nothing can be saved: {error}"], sys.stderr)


@contextmanager
def _store() -> "Iterator[Store]":
    """Open the saved assessments; if that fails, say so and leave with exit code 1."""
    from mopscli.store import Failed, Store, user_folder

    try:
        yield Store(user_folder())
    except Failed as error:
        _say([f"mops: your saved assessments cannot be used: {error}"], sys.stderr)
        raise typer.Exit(1) from None


def _saved() -> "tuple[Saved, ...]":
    with _store() as store:
        return store.all()


# --- What commands share --------------------------------------------------------------------------


def _folder(ctx: typer.Context) -> Path:
    """Return the folder in use: named after the command, before it, in MOPS_DATA, or the bundled one."""
    from mopscli.knowledge import bundled_folder
    from mopscli.render import clean

    given = ctx.params.get("folder") or ctx.params.get("data") or ctx.find_root().params.get("data")
    if given and not Path(given).is_dir():
        raise typer.BadParameter(clean(f"There is no folder '{given}'. 'mops init DIR' makes one."))
    return Path(given) if given else bundled_folder()


def _load(ctx: typer.Context, *parts: "Part") -> "Knowledge":
    from mopscli.knowledge import load
    from mopscli.problem import ProblemsFound

    try:
        return load(_folder(ctx), *parts)
    except ProblemsFound as found:
        _refuse(ctx, found.problems)


def _refuse(ctx: typer.Context, problems: "Sequence[Problem]") -> NoReturn:
    _say(problems, sys.stderr)
    if _format(ctx) == "json":
        _show(ctx, None, None, problems)
    raise typer.Exit(1)


def _format(ctx: typer.Context) -> Format:
    """Return the format that was asked for, behind the command or in front of it."""
    for params in (ctx.params, ctx.find_root().params):
        if params.get("json_"):
            return "json"
        if params.get("format_", "table") != "table":
            return cast("Format", params["format_"])
    return "table"


def _find_part(name: str, parts: Iterable[str]) -> str:
    name = name.lower()
    meant = [part for part in parts if part == name] or [part for part in parts if part.startswith(name)]
    if len(meant) != 1:
        raise typer.BadParameter(f"No part is called '{name}'. The parts are: {', '.join(parts)}.")
    return meant[0]


def _find_role(knowledge: "Knowledge", name: str) -> "Role":
    return _find(name, knowledge.roles, "mops roles")


def _find_roles(knowledge: "Knowledge", names: Sequence[str]) -> "list[Role]":
    """Return two different roles or more."""
    found = [_find_role(knowledge, name) for name in names]
    if len(found) < 2:
        others = " ".join([found[0].key, *(key for key in knowledge.roles if key != found[0].key)][:2])
        raise typer.BadParameter(f"Name two roles or more, as in '{others}'.")
    for number, role in enumerate(found):
        if role in found[:number]:
            raise typer.BadParameter(f"'{names[number]}' means {role.name}, which you have named already.")
    return found


def _find(name: str, known: "Mapping[str, Named]", listing: str) -> "Named":
    from mopscli.knowledge import find_named
    from mopscli.problem import UnknownName
    from mopscli.render import clean

    try:
        return find_named(name, known)
    except UnknownName as error:
        raise typer.BadParameter(clean(f"{error} '{listing}' lists them all.")) from None


def _show(
    ctx: typer.Context,
    result: Any,
    page: "Page | None",
    problems: "Sequence[Problem]" = (),
    *,
    to_stderr: bool = False,
) -> None:
    """Print a result in the format that was asked for; without a page, there is only JSON to print."""
    stream = sys.stderr if to_stderr else sys.stdout
    if stream is None:
        return
    _never_fail_on_encoding(stream)
    form = _format(ctx)
    if form == "json" or page is None:
        import json

        from mopscli.render import envelope

        command = ctx.command.name if ctx.parent else "welcome"
        print(json.dumps(envelope(str(command), result, page, problems), indent=2), file=stream)
    elif form == "markdown":
        from mopscli.render import markdown

        print(markdown(page), end="", file=stream)
    else:
        from rich.console import Console
        from rich.segment import Segments

        from mopscli.terminal import Terminal

        console = Console(highlight=False, markup=False, emoji=False, stderr=to_stderr)
        console.width = max(MIN_WIDTH, min(console.width, MAX_WIDTH))
        segments = Terminal(page, console, console.width).segments()
        console.print(Segments(segments), end="", soft_wrap=True)
    stream.flush()


def _say(lines: Iterable[object], stream: TextIO | None) -> None:
    """Print lines as they are, none of them able to steer a terminal; without a stream, say nothing."""
    from mopscli.render import clean

    if stream is None:
        return
    _never_fail_on_encoding(stream)
    for line in lines:
        print(clean(str(line)), file=stream)
    stream.flush()


def _never_fail_on_encoding(stream: TextIO) -> None:
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")


def run() -> NoReturn:
    """Run the command line of this process, and leave it."""
    stdout = sys.stdout
    if stdout is None:
        sys.exit("mops: standard output is closed, so there is nowhere to show the result")
    try:
        app(prog_name="mops")
    except SystemExit:
        if sys.stdout is not stdout:
            # A reader closed the pipe early, which is no error; Typer has put a quiet stream in its place.
            sys.exit(0)
        raise
    except OSError as error:
        _say([": ".join(str(part) for part in ("mops", error.filename, error.strerror) if part)], sys.stderr)
        # What the stream still holds cannot be written either; do not try again on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
        sys.exit(1)
    sys.exit(0)
