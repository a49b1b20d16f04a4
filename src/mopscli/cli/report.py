"""The commands that make something to share of one person's answers: the report, and the card."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mopscli.cli.options import (
    PersonOption,
    ReadyOption,
    SavedOption,
    complete_roles,
    shared_options,
    some_name,
)
from mopscli.cli.person import NumberArgument, chosen_assessment
from mopscli.cli.shell import (
    app,
    check_place,
    find_role,
    find_roles,
    format_in_use,
    load_knowledge,
    read_answers_in,
    say,
    show,
)
from mopscli.text import clean

if TYPE_CHECKING:
    from mopscli.knowledge import Knowledge
    from mopscli.pages.report import Report
    from mopscli.person.person import Person

PlannedOption = Annotated[
    str | None,
    typer.Option(
        "--goal",
        metavar="ROLE",
        help="The role to plan for; without it, the one that suits best.",
        autocompletion=complete_roles,
    ),
]
NameOption = Annotated[
    str,
    typer.Option(
        "--name",
        metavar="NAME",
        help="Whose report it is; it then speaks about them by name.",
        callback=some_name,
    ),
]
OriginOption = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="ROLE",
        help="Where the way begins; without it, the present role of the answers.",
        autocompletion=complete_roles,
    ),
]
OnePageOption = Annotated[bool, typer.Option("--one-page", help="Write the first page alone.")]
PictureOption = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="The picture; its name ends in .svg.", callback=check_place
    ),
]


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
    origin: OriginOption = None,
    one_page: OnePageOption = False,
) -> None:
    """Write a report to share, with pictures.

    The first page has the advice, why, how sure it is and what happens next;
    behind it are all traits, the plan and the way. The HTML file needs no
    network and reads well on a phone and on paper; for a PDF, open it in a
    browser and print it. Only you can read the file until you share it.

    \b
    Examples:
      mops report -o report.html
      mops report 3 -o report.html --goal vp --name "Sam Lee"
      mops report -o page.html --one-page
      mops report --answers answers.yaml -o report.md
      mops report --format markdown
    """
    from mopscli.pages.report import report_page

    if format_in_use(ctx) == "table" and ctx.params["output"] is None:
        raise typer.BadParameter("Name a file for the report, as in 'mops report -o report.html'.")
    number = number if chosen is None else chosen
    knowledge, result, person = _reported(ctx, number, answers, goal, ready, name.strip(), origin)
    show(ctx, result, report_page(knowledge, result, person, alone=one_page))


@app.command()
@shared_options("data")
def card(
    ctx: typer.Context,
    number: NumberArgument = None,
    picture: PictureOption = None,
    goal: PlannedOption = None,
    name: NameOption = "",
    ready: ReadyOption = 80.0,
    chosen: SavedOption = None,
    answers: PersonOption = None,
) -> None:
    """Draw a card for a chat or a post: the advice and the profile.

    It is a picture of 1200 by 630, as SVG, and has nothing of you but the
    advice, the profile, and the name that you give. For a PNG, open it in a
    browser and save or photograph it from there; mops brings no program for
    that along.

    \b
    Examples:
      mops card -o card.svg
      mops card 3 -o card.svg --name "Sam Lee"
    """
    from mopscli.atomic import write_whole
    from mopscli.formats.card import draw_card
    from mopscli.pages.report import report_card

    if picture is None:
        raise typer.BadParameter("Name a file for the card, as in 'mops card -o card.svg'.")
    if picture.suffix.lower() != ".svg":
        raise typer.BadParameter(
            clean(f"'{picture.name}' should end in .svg. A browser that shows it can save it as a PNG.")
        )
    number = number if chosen is None else chosen
    drawn = report_card(*_reported(ctx, number, answers, goal, ready, name.strip(), None))
    write_whole(picture, draw_card(drawn), private=True)
    say([f"Written to {picture}. Open it in a browser."], sys.stdout)


def _reported(
    ctx: typer.Context,
    number: int | None,
    answers: str | None,
    goal: str | None,
    ready: float,
    name: str,
    origin: str | None,
) -> "tuple[Knowledge, Report, Person]":
    """Return what there is to report on a saved assessment or on answers, with the knowledge and the person."""
    from mopscli.assessment.questionnaire import prepare
    from mopscli.pages.report import make_report
    from mopscli.person.person import Person

    if number is not None and answers is not None:
        raise typer.BadParameter("Give the number of an assessment, or --answers, not both.")
    knowledge = load_knowledge(ctx, "paths", "questions", "growth", "norms")
    questionnaire = prepare(knowledge)
    roles, given, skipped = (
        chosen_assessment(knowledge, questionnaire, number)
        if answers is None
        else (find_roles(knowledge, questionnaire.between), read_answers_in(ctx, questionnaire, answers), ())
    )
    if not given:
        raise typer.BadParameter("There is no answer yet to report on. 'mops assess' asks the questions.")
    target = None if goal is None else find_role(knowledge, goal)
    begin = None if origin is None else find_role(knowledge, origin)
    person = Person(questionnaire, given)
    return knowledge, make_report(knowledge, person, roles, skipped, target, ready, name, begin), person
