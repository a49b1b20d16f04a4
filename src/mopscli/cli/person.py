"""The commands about one person: the assessment, what is saved of it, and what is made of that."""

import sys
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from mopscli.cli.options import (
    BetweenArgument,
    BetweenOption,
    ExplainOption,
    PersonOption,
    ReadyOption,
    SavedOption,
    complete_roles,
    shared_options,
)
from mopscli.cli.shell import (
    answers_named,
    app,
    find_role,
    find_roles,
    format_in_use,
    is_terminal,
    load_knowledge,
    open_store,
    own_assessment,
    plain_name,
    read_answers_in,
    say,
    show,
)

if TYPE_CHECKING:
    from mopscli.assessment.questionnaire import Questionnaire
    from mopscli.cli.ask import Outcome
    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Role
    from mopscli.person.store import Saved


AnswersOption = Annotated[
    str | None,
    typer.Option(
        "--answers",
        metavar="FILE",
        help="Answers in YAML or JSON, or - for standard input. 'mops questions --template' makes a file.",
    ),
]
OtherOption = Annotated[
    str,
    typer.Option(
        "--for-other",
        metavar="NAME",
        help="Answer about somebody else; 'mops compare-views' sets both views side by side.",
        callback=plain_name,
    ),
]
FullOption = Annotated[bool, typer.Option("--full", help="Ask everything, however clear the verdict.")]
ContinueOption = Annotated[bool, typer.Option("--continue", help="Ask what your latest assessment left out.")]
UntilOption = Annotated[
    float,
    typer.Option(
        "--until",
        min=0,
        max=1,
        help="Offer the end when the rest would change the verdict with less chance.",
    ),
]
RestOption = Annotated[bool, typer.Option("--all", "-a", help="Show what the advice rests on, too.")]
NumberArgument = Annotated[
    int | None,
    typer.Argument(metavar="[NUMBER]", help="Its number in 'mops history'; the newest without it."),
]
PlannedOption = Annotated[
    str | None,
    typer.Option(
        "--goal",
        metavar="ROLE",
        help="The role to plan for; without it, the one that suits best.",
        autocompletion=complete_roles,
    ),
]
NameOption = Annotated[str, typer.Option("--name", metavar="NAME", help="Whose report it is, for the title.")]
MineArgument = Annotated[
    str, typer.Argument(metavar="MINE", help="A number in 'mops history', or a file of answers.")
]
TheirsArgument = Annotated[str, typer.Argument(metavar="THEIRS", help="The other view, likewise.")]
ForgottenArgument = Annotated[
    int | None, typer.Argument(metavar="[NUMBER]", help="Its number in 'mops history'.")
]
EverythingOption = Annotated[bool, typer.Option("--all", help="Forget every assessment.")]


@app.command()
@shared_options()
def assess(
    ctx: typer.Context,
    names: BetweenArgument = None,
    between: BetweenOption = None,
    answers: AnswersOption = None,
    other: OtherOption = "",
    full: FullOption = False,
    go_on: ContinueOption = False,
    until: UntilOption = 0.05,
    ready: ReadyOption = 80.0,
    everything: RestOption = False,
    explain: ExplainOption = False,
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
    from mopscli.assessment.questionnaire import choices_of, prepare

    knowledge = load_knowledge(ctx, "questions", "norms", "paths", "growth")
    questionnaire = prepare(knowledge)
    roles = find_roles(knowledge, [*(between or ()), *(names or ())] or questionnaire.between)
    given: Mapping[str, float]
    skipped: Collection[str] = ()
    if go_on and answers is not None:
        raise typer.BadParameter("Take --continue or --answers, not both.")
    if answers is not None:
        given = read_answers_in(ctx, questionnaire, answers)
    elif is_terminal():
        many = len(choices_of(questionnaire))
        saved = own_assessment(None, many, other.strip()) if go_on else None
        if saved is not None:
            roles = [knowledge.roles[key] for key in saved.roles if key in knowledge.roles] or roles
        risk = 0.0 if full or go_on else until
        given, skipped, _ = _interview(knowledge, questionnaire, roles, risk, other.strip(), ready, saved)
    else:
        raise typer.BadParameter("There is no terminal to ask in. Give the answers with --answers FILE.")
    _show_assessment(
        ctx,
        knowledge,
        questionnaire,
        roles,
        given,
        skipped,
        explain=explain,
        everything=everything,
        ready=ready,
    )


def _interview(
    knowledge: "Knowledge",
    questionnaire: "Questionnaire",
    roles: "Sequence[Role]",
    until: float,
    other: str,
    ready: float,
    saved: "Saved | None",
) -> "Outcome":
    from mopscli.cli.ask import AssessmentGuide, converse
    from mopscli.knowledge import digest
    from mopscli.person.store import Diary, user_folder

    if other:
        say([f"You answer about {other}: take every 'you' and 'I' for {other}.", ""], sys.stdout)
    keys = tuple(role.key for role in roles)
    diary = Diary(user_folder(), keys, digest(knowledge.folder), cannot_save, other)
    guide = AssessmentGuide(knowledge, questionnaire, roles, until, ready)
    begun = "An assessment of {day} is not finished"
    command = "mops assess" if saved is None else "mops assess --continue"
    outcome = converse(guide, diary, begun, command, skipped_again=False, last=saved)
    if not outcome.stopped:
        diary.finish()
    return outcome


def cannot_save(error: Exception) -> None:
    """Say that answers cannot be saved."""
    say([f"mops: nothing can be saved: {error}"], sys.stderr)


def _show_assessment(
    ctx: typer.Context,
    knowledge: "Knowledge",
    questionnaire: "Questionnaire",
    roles: "Sequence[Role]",
    answers: Mapping[str, float],
    skipped: Collection[str],
    *,
    explain: bool,
    everything: bool,
    ready: float,
) -> None:
    from mopscli.assessment.verdict import assess as assess_answers
    from mopscli.pages.advice import leading_first, with_advice
    from mopscli.pages.verdict import assessment_page
    from mopscli.person.person import Person

    outcome = assess_answers(questionnaire, roles, answers, skipped)
    person = Person(questionnaire, answers)
    outcome = with_advice(knowledge, person, roles, skipped, ready, outcome)
    form = format_in_use(ctx)
    again = "mops result"
    if ctx.params.get("answers") is not None:
        again = " ".join(["mops assess", *(role.key for role in roles)])
    if form != "json" and len(roles) > 2:
        # What is explained on a page is the choice between the two that lead.
        told = assess_answers(questionnaire, leading_first(roles, outcome), answers, skipped)
        outcome = told._replace(advice=outcome.advice)
    in_full = everything or form not in ("table", "json")
    show(ctx, outcome, assessment_page(knowledge, outcome, explain, in_full, again))


@app.command()
@shared_options()
def history(ctx: typer.Context) -> None:
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
@shared_options()
def result(
    ctx: typer.Context,
    number: NumberArgument = None,
    chosen: SavedOption = None,
    ready: ReadyOption = 80.0,
    everything: RestOption = False,
    explain: ExplainOption = False,
) -> None:
    """Show a saved assessment again.

    \b
    Examples:
      mops result
      mops result 3 --explain
    """
    from mopscli.assessment.questionnaire import prepare

    knowledge = load_knowledge(ctx, "questions", "norms", "paths", "growth")
    questionnaire = prepare(knowledge)
    number = number if chosen is None else chosen
    roles, answers, skipped = _saved_assessment(knowledge, questionnaire, number)
    _show_assessment(
        ctx,
        knowledge,
        questionnaire,
        roles,
        answers,
        skipped,
        explain=explain,
        everything=everything,
        ready=ready,
    )


def _saved_assessment(
    knowledge: "Knowledge", questionnaire: "Questionnaire", number: int | None
) -> "tuple[list[Role], Mapping[str, float], Collection[str]]":
    """Return the roles, the answers and what was skipped of a saved assessment, the newest without a number."""
    from mopscli.assessment.answers import saved_answers
    from mopscli.assessment.questionnaire import choices_of
    from mopscli.knowledge import digest

    saved = own_assessment(number, len(choices_of(questionnaire)))
    if saved.knowledge != digest(knowledge.folder):
        say(["The knowledge has changed since; this is computed with the present one."], sys.stderr)
    roles = [knowledge.roles[key] for key in saved.roles if key in knowledge.roles]
    if len(roles) < len(saved.roles):
        raise typer.BadParameter(f"The knowledge in use has not all of its roles: {', '.join(saved.roles)}.")
    return roles, *saved_answers(questionnaire, saved.answers)


@app.command()
@shared_options()
def report(
    ctx: typer.Context,
    number: NumberArgument = None,
    goal: PlannedOption = None,
    name: NameOption = "",
    ready: ReadyOption = 80.0,
    chosen: SavedOption = None,
    answers: PersonOption = None,
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
    from mopscli.pages.report import make_report, report_page
    from mopscli.person.person import Person

    if format_in_use(ctx) == "table" and ctx.params["output"] is None:
        raise typer.BadParameter("Name a file for the report, as in 'mops report -o report.html'.")
    number = number if chosen is None else chosen
    if number is not None and answers is not None:
        raise typer.BadParameter("Give the number of an assessment, or --answers, not both.")
    knowledge = load_knowledge(ctx, "paths", "questions", "growth", "norms")
    questionnaire = prepare(knowledge)
    roles, given, skipped = (
        _saved_assessment(knowledge, questionnaire, number)
        if answers is None
        else (find_roles(knowledge, questionnaire.between), read_answers_in(ctx, questionnaire, answers), ())
    )
    if not given:
        raise typer.BadParameter("There is no answer yet to report on. 'mops assess' asks the questions.")
    target = None if goal is None else find_role(knowledge, goal)
    person = Person(questionnaire, given)
    result = make_report(knowledge, person, roles, skipped, target, ready, name.strip())
    show(ctx, result, report_page(knowledge, result, person))


@app.command("compare-views")
@shared_options()
def compare_views(ctx: typer.Context, mine: MineArgument, theirs: TheirsArgument) -> None:
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
    from mopscli.pages.verdict import views_page
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
    with open_store() as store:
        everything = {"assessments": store.all(), "goals": store.goals(), "team": store.team()}
    show(ctx, everything, None)


@app.command()
def forget(number: ForgottenArgument = None, everything: EverythingOption = False) -> None:
    """Delete a saved assessment for good.

    \b
    Examples:
      mops forget 3
      mops forget --all
    """
    from mopscli.pages.phrases import counted

    if (number is None) != everything:
        raise typer.BadParameter("Name one assessment, as 'mops history' numbers it, or give --all.")
    with open_store() as store:
        deleted = store.forget(number)
    if not deleted and number is not None:
        raise typer.BadParameter(f"There is no assessment {number}. 'mops history' lists them.")
    say([f"Forgotten: {counted(deleted, 'assessment', 'assessments')}."], sys.stdout)
