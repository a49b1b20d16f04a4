"""The commands about an organization: which team it has, and whom to hire next."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from mopscli.cli.options import IdOption, PlainOption, ReadyOption, complete_roles, shared_options
from mopscli.cli.person import cannot_save
from mopscli.cli.shell import (
    PLAIN_HELP,
    Refusing,
    app,
    find_role,
    format_in_use,
    is_brief,
    is_terminal,
    load_knowledge,
    read_choices_in,
    say,
    show,
    write_text,
)
from mopscli.text import clean, shorten

if TYPE_CHECKING:
    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Role
    from mopscli.knowledge.staffing import TeamFile

team_app = typer.Typer(name="team", invoke_without_command=True, **PLAIN_HELP)
app.add_typer(team_app)

TEMPLATE: Final = "mops team --template"
CHOICES: Final = "choices.yaml"
MOST_MONEY: Final = 10**9

TeamAnswersOption = Annotated[
    str | None,
    typer.Option(
        "--answers",
        metavar="FILE",
        help=f"Answers in YAML or JSON, or - for standard input. '{TEMPLATE}' makes a file.",
    ),
]
TemplateOption = Annotated[bool, typer.Option("--template", help="Print a file of answers to fill in.")]
BudgetOption = Annotated[
    str | None,
    typer.Option(
        "--budget",
        metavar="AMOUNT",
        help="What you can pay for the hire in US dollars a year, as 120000 or 120k.",
    ),
]
SalariesOption = Annotated[
    list[str] | None,
    typer.Option("--asked", metavar="AMOUNT", help="What a candidate asks for. Repeat it for more."),
]
WantOption = Annotated[
    str | None,
    typer.Option(
        "--want",
        metavar="ROLE",
        help="The role whose pay is in question, if not the one advised.",
        autocompletion=complete_roles,
    ),
]
GeneralOption = Annotated[
    bool, typer.Option("--all", "-a", help="Show the stage in general, and everything that can be done.")
]
TeamArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="A survey export of the team: CSV, JSON Lines or Excel.")
]
StageOption = Annotated[
    int | None,
    typer.Option(
        "--stage", metavar="N", help="The stage whose roles to fill; without it, that of 'mops team'."
    ),
]
RolesOption = Annotated[
    str | None,
    typer.Option("--roles", metavar="ROLES", help="The roles to fill instead, with commas between them."),
]


# --- The next hire --------------------------------------------------------------------------------


@team_app.callback()
@shared_options(page=True)
def team(
    ctx: typer.Context,
    answers: TeamAnswersOption = None,
    template: TemplateOption = False,
    budget: BudgetOption = None,
    asked: SalariesOption = None,
    want: WantOption = None,
    show_all: GeneralOption = False,
    plain: PlainOption = False,
) -> None:
    """Tell the stage of your team, and whom to hire next.

    It asks about people, platform, campaigns, figures and money, and tells
    the rule behind its advice. Answers are saved on this machine only.

    \b
    Examples:
      mops team
      mops team --template > team.yaml
      mops team --answers team.yaml --budget 120000
      mops team --want director --budget 100000 --asked 150000
      mops team map responses.csv --stage 3
    """
    from mopscli.assessment.answers import template_of
    from mopscli.pages.team import team_brief, team_page
    from mopscli.team.advice import advise_team, choices_about, texts_of

    if ctx.invoked_subcommand is not None:
        return
    knowledge = load_knowledge(ctx, "team")
    known = _team_of(knowledge)
    if template:
        write_text(ctx, template_of(texts_of(known), choices_about(known)))
        return
    offered = None if budget is None else _money(budget, "--budget")
    salaries = [_money(text, "--asked") for text in asked or ()]
    given = (
        _asked_or_saved(known, plain)
        if answers is None
        else read_choices_in(ctx, choices_about(known), answers, TEMPLATE)
    )
    wanted = None if want is None else find_role(knowledge, want)
    result = advise_team(knowledge, given, wanted, offered, salaries)
    show(
        ctx,
        result,
        team_brief(knowledge, result) if is_brief(ctx) else team_page(knowledge, result, show_all),
    )
    if result.pay is None and (offered or salaries):
        no_role = "No hire is advised, so there is no role to set the pay beside. Name one with --want."
        say([no_role], sys.stderr)


def _money(text: str, option: str) -> float:
    """Return a yearly amount of money, however people write it: 120000, $120,000 or 120k."""
    plain = text.strip().lower().removeprefix("$").replace(",", "").replace("_", "").strip()
    number, factor = (plain[:-1], 1000) if plain.endswith("k") else (plain, 1)
    short = len(number.lstrip("0")) <= len(str(MOST_MONEY))
    if not (short and number.isascii() and number.isdecimal() and 0 < int(number) * factor <= MOST_MONEY):
        message = f"'{shorten(text)}' is no amount of money a year. Write it as 120000 or 120k."
        raise typer.BadParameter(clean(message), param_hint=option)
    return float(int(number) * factor)


def _team_of(knowledge: "Knowledge") -> "TeamFile":
    """Return what the knowledge tells about teams, or refuse where it tells nothing."""
    if knowledge.team is None or not knowledge.team.stages:
        raise typer.BadParameter("The folder in use has no team.yaml, so it knows no stages of a team.")
    return knowledge.team


def _asked_or_saved(known: "TeamFile", plain: bool) -> Mapping[str, float]:
    """Return the answers about a team that were saved, or ask for them where there is a terminal."""
    if not is_terminal():
        if saved := _saved(known):
            return saved
        raise typer.BadParameter("There is no terminal to ask in. Give the answers with --answers FILE.")
    from mopscli.cli.ask import TeamGuide, converse
    from mopscli.person.store import NO_ROLES, Diary, user_folder

    diary = Diary(user_folder(), NO_ROLES, "", cannot_save)
    # What was skipped may be known by now.
    return converse(
        TeamGuide(known), diary, "You answered questions before", "mops team", skipped_again=True, plain=plain
    ).answers


def _saved(known: "TeamFile") -> dict[str, float]:
    """Return the answers about a team that were saved, as far as its questions still have them."""
    from mopscli.assessment.answers import split_skipped, still_valid
    from mopscli.person.store import Failed, Store, user_folder
    from mopscli.team.advice import choices_about

    try:
        saved = Store(user_folder()).team()
    except Failed:
        # Whoever has nowhere to save has saved nothing.
        return {}
    return split_skipped(still_valid(choices_about(known), saved))[0]


# --- The map --------------------------------------------------------------------------------------


@team_app.command("map")
@shared_options(page=True)
def map_(
    ctx: typer.Context,
    file: TeamArgument,
    stage: StageOption = None,
    roles: RolesOption = None,
    ready: ReadyOption = 80.0,
    id_column: IdOption = None,
) -> None:
    """Set a team's assessments beside the roles that it should fill.

    It tells who covers which skill, what nobody covers, what hangs on one
    person, and who is nearest to ready for which role; a file of HTML also
    draws what each wants and can do. Rows that cannot be read are left out
    and listed.

    \b
    Examples:
      mops team map responses.csv --stage 3
      mops team map responses.csv --roles head,director,specialist
      mops team map responses.csv --stage 2 -o map.html
    """
    from mopscli.assessment.questionnaire import prepare
    from mopscli.pages.group import beside_map
    from mopscli.pages.team import map_brief, map_page
    from mopscli.survey.people import read_team
    from mopscli.team.coverage import map_team
    from mopscli.team.group import picture_group, see_person

    if not file.exists():
        raise typer.BadParameter(clean(f"There is no file '{file}'."))
    if not file.is_file():
        raise typer.BadParameter(
            clean(f"'{file}' is no file that can be read twice. Save the answers in one.")
        )
    knowledge = load_knowledge(ctx, "paths", "questions", "growth", "team")
    wanted = _roles_to_fill(knowledge, stage, roles)
    with Refusing(ctx):
        people, left_out = read_team(prepare(knowledge), file, id_column)
    result = map_team(knowledge, people, wanted, ready)
    page = (map_brief if is_brief(ctx) else map_page)(knowledge, result, left_out)
    if format_in_use(ctx) in ("html", "markdown"):
        seen = [see_person(knowledge, person, wanted, ready, id_) for id_, person in people.items()]
        page = beside_map(knowledge, picture_group(seen, wanted, ready), page)
    show(ctx, result, page, left_out)
    if left_out:
        raise typer.Exit(1)


def _roles_to_fill(knowledge: "Knowledge", stage: int | None, names: str | None) -> "list[Role]":
    """Return the roles that were named, or else those of a stage, which may be that of the saved answers."""
    from mopscli.team.advice import advise_team

    if names is not None:
        found = [find_role(knowledge, name.strip()) for name in names.split(",") if name.strip()]
        if not found:
            raise typer.BadParameter("Name the roles, as in '--roles head,director'.")
        return list({role.key: role for role in found}.values())
    known = _team_of(knowledge)
    if stage is None:
        advised = advise_team(knowledge, _saved(known)).stage
        if advised is None:
            raise typer.BadParameter(
                "Say for which roles: --stage N or --roles ROLES, or answer 'mops team'."
            )
        return [knowledge.roles[key] for key in advised.roles]
    for some in known.stages:
        if some.number == stage:
            return [knowledge.roles[key] for key in some.roles]
    numbers = ", ".join(str(some.number) for some in known.stages)
    raise typer.BadParameter(f"There is no stage {stage}. The stages are: {numbers}.")
