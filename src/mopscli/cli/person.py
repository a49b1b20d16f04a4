"""The commands about one person: the assessment, what is saved of it, and what is made of that."""

import sys
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from mopscli.cli.options import (
    BetweenArgument,
    BetweenOption,
    ExplainOption,
    PlainOption,
    ReadyOption,
    SavedOption,
    shared_options,
    some_name,
)
from mopscli.cli.shell import (
    answers_named,
    app,
    failing_plainly,
    find_roles,
    format_in_use,
    is_terminal,
    load_knowledge,
    open_store,
    own_assessment,
    read_answers_in,
    saved_assessments,
    say,
    show,
)
from mopscli.text import clean

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
        callback=some_name,
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
        help="Offer to stop once the chance that more questions change the result is below this.",
    ),
]
RestOption = Annotated[bool, typer.Option("--all", "-a", help="Show what the advice rests on, too.")]
NumberArgument = Annotated[
    int | None,
    typer.Argument(metavar="[NUMBER]", help="Its number in 'mops history'; the newest without it."),
]
MineArgument = Annotated[
    str, typer.Argument(metavar="MINE", help="A number in 'mops history', or a file of answers.")
]
TheirsArgument = Annotated[str, typer.Argument(metavar="THEIRS", help="The other view, likewise.")]
ForgottenArgument = Annotated[
    int | None, typer.Argument(metavar="[NUMBER]", help="Its number in 'mops history'.")
]
EverythingOption = Annotated[bool, typer.Option("--all", help="Forget every assessment.")]
SureOption = Annotated[bool, typer.Option("--yes", "-y", help="Delete without asking first.")]


@app.command()
@shared_options(page=True)
def assess(
    ctx: typer.Context,
    names: BetweenArgument = None,
    between: BetweenOption = None,
    answers: AnswersOption = None,
    other: OtherOption = "",
    full: FullOption = False,
    plain: PlainOption = False,
    go_on: ContinueOption = False,
    until: UntilOption = 0.05,
    ready: ReadyOption = 80.0,
    show_all: RestOption = False,
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
            known = [knowledge.roles[key] for key in saved.roles if key in knowledge.roles]
            roles = known if len(known) > 1 else roles
        risk = 0.0 if full or go_on else until
        given, skipped, _ = _interview(
            knowledge, questionnaire, roles, risk, other.strip(), ready, saved, plain
        )
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
        everything=show_all,
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
    plain: bool,
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
    outcome = converse(guide, diary, begun, command, skipped_again=False, last=saved, plain=plain)
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
@shared_options(page=True)
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
@shared_options(page=True)
def result(
    ctx: typer.Context,
    number: NumberArgument = None,
    chosen: SavedOption = None,
    ready: ReadyOption = 80.0,
    show_all: RestOption = False,
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
    roles, answers, skipped = chosen_assessment(knowledge, questionnaire, number)
    _show_assessment(
        ctx,
        knowledge,
        questionnaire,
        roles,
        answers,
        skipped,
        explain=explain,
        everything=show_all,
        ready=ready,
    )


def chosen_assessment(
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
        raise typer.BadParameter(
            clean(f"The knowledge in use has not all of its roles: {', '.join(saved.roles)}.")
        )
    if len(roles) < 2:
        raise typer.BadParameter(f"Assessment {saved.id} is damaged: it is not between two roles or more.")
    return roles, *saved_answers(questionnaire, saved.answers)


@app.command("compare-views")
@shared_options(page=True)
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
def forget(
    number: ForgottenArgument = None, everything: EverythingOption = False, sure: SureOption = False
) -> None:
    """Delete a saved assessment for good.

    On a terminal it asks first.

    \b
    Examples:
      mops forget 3
      mops forget --all --yes
    """
    from mopscli.pages.phrases import counted
    from mopscli.person.store import forget_everything, user_folder

    if (number is None) != everything:
        raise typer.BadParameter("Name one assessment, as 'mops history' numbers it, or give --all.")
    if not sure and is_terminal() and not _is_agreed(number):
        say(["Nothing is deleted."], sys.stdout)
        return
    deleted: int | None
    if number is None:
        with failing_plainly():
            deleted = forget_everything(user_folder())
    else:
        with open_store() as store:
            deleted = store.forget(number)
    if deleted is None:
        say(["Forgotten: a damaged file of assessments, which nobody could read any more."], sys.stdout)
        return
    if not deleted and number is not None:
        raise typer.BadParameter(f"There is no assessment {number}. 'mops history' lists them.")
    say([f"Forgotten: {counted(deleted, 'assessment', 'assessments')}."], sys.stdout)


def _is_agreed(number: int | None) -> bool:
    """Ask whether to delete an assessment, or everything; what is not there needs no question."""
    from mopscli.cli.prompt import confirm
    from mopscli.pages.phrases import counted

    if number is None:
        # Everything can be deleted where nothing can be read any more, so it is not counted here.
        return confirm("Delete all assessments, your goals and your answers about a team for good?")
    found = next((some for some in saved_assessments() if some.id == number), None)
    if found is None:
        return True
    about = f" about {found.about}" if found.about else ""
    many = counted(len(found.answers), "answer", "answers")
    return confirm(f"Delete assessment {number} of {found.started[:10]}{about} with {many} for good?")
