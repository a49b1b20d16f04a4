"""The commands about an organization: which team it has, whom to hire next, and the papers for it."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Final

import typer

from mopscli.cli.options import IdOption, ReadyOption, RoleArgument, complete_roles, shared_options
from mopscli.cli.person import cannot_save
from mopscli.cli.shell import (
    PLAIN_HELP,
    Refusing,
    answers_named,
    app,
    check_place,
    find_role,
    is_terminal,
    load_knowledge,
    plain_name,
    read_choices_in,
    say,
    show,
    write_text,
)
from mopscli.formats import ENDINGS
from mopscli.text import clean, did_you_mean

if TYPE_CHECKING:
    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Role
    from mopscli.knowledge.staffing import HiringFile, TeamFile
    from mopscli.person.person import Person
    from mopscli.team.kit import Kit

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
    typer.Option("--asked", metavar="AMOUNT", help="What a candidate asks for; several times for several."),
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
PapersOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="DIR", help="The folder to write the papers into."),
]
CompanyOption = Annotated[
    str | None,
    typer.Option("--company", metavar="NAME", help="Short for --set company=NAME.", callback=plain_name),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=TEXT",
        help="Something that only you know; without -o, the command lists what there is.",
    ),
]
CandidateOption = Annotated[
    str | None,
    typer.Option(
        "--for",
        metavar="ID",
        help="Fill in the scorecard for a candidate: a number in 'mops history', or a file of answers.",
    ),
]
BareOption = Annotated[
    bool, typer.Option("--bare", help="Name no sources and give no hints: papers to send as they are.")
]
ForceOption = Annotated[bool, typer.Option("--force", help="Write over papers that are there.")]


# --- The next hire --------------------------------------------------------------------------------


@team_app.callback()
@shared_options()
def team(
    ctx: typer.Context,
    answers: TeamAnswersOption = None,
    template: TemplateOption = False,
    budget: BudgetOption = None,
    asked: SalariesOption = None,
    want: WantOption = None,
    show_all: GeneralOption = False,
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
    from mopscli.pages.team import team_page
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
        _asked_or_saved(known)
        if answers is None
        else read_choices_in(ctx, choices_about(known), answers, TEMPLATE)
    )
    wanted = None if want is None else find_role(knowledge, want)
    result = advise_team(knowledge, given, wanted, offered, salaries)
    show(ctx, result, team_page(knowledge, result, show_all))
    if result.pay is None and (offered or salaries):
        no_role = "No hire is advised, so there is no role to set the pay beside. Name one with --want."
        say([no_role], sys.stderr)


def _money(text: str, option: str) -> float:
    """Return a yearly amount of money, however people write it: 120000, $120,000 or 120k."""
    plain = text.strip().lower().removeprefix("$").replace(",", "").replace("_", "").strip()
    number, factor = (plain[:-1], 1000) if plain.endswith("k") else (plain, 1)
    if not (number.isascii() and number.isdecimal() and 0 < int(number) * factor <= MOST_MONEY):
        message = f"'{text}' is no amount of money a year. Write it as 120000 or 120k."
        raise typer.BadParameter(clean(message), param_hint=option)
    return float(int(number) * factor)


def _team_of(knowledge: "Knowledge") -> "TeamFile":
    """Return what the knowledge tells about teams, or refuse where it tells nothing."""
    if knowledge.team is None or not knowledge.team.stages:
        raise typer.BadParameter("The folder in use has no team.yaml, so it knows no stages of a team.")
    return knowledge.team


def _asked_or_saved(known: "TeamFile") -> Mapping[str, float]:
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
        TeamGuide(known), diary, "You answered questions before", "mops team", skipped_again=True
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
@shared_options()
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
    person, and who is nearest to ready for which role. Rows that cannot be
    read are left out and listed.

    \b
    Examples:
      mops team map responses.csv --stage 3
      mops team map responses.csv --roles head,director,specialist
      mops team map responses.csv --stage 2 --format markdown > map.md
    """
    from mopscli.assessment.questionnaire import prepare
    from mopscli.pages.team import map_page
    from mopscli.survey.people import read_team
    from mopscli.team.coverage import map_team

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
    show(ctx, result, map_page(knowledge, result, left_out), left_out)
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


# --- The papers -----------------------------------------------------------------------------------


@app.command()
@shared_options("format_", "json_", "data")
def hire(
    ctx: typer.Context,
    name: RoleArgument,
    papers: PapersOption = None,
    company: CompanyOption = None,
    choices: SetOption = None,
    candidate: CandidateOption = None,
    bare: BareOption = False,
    force: ForceOption = False,
) -> None:
    """Write the papers for a hire as Markdown files.

    Role description, scorecard, charter, metrics, interview guide and an
    evaluation checklist. What only you can know stands in braces; the file
    choices.yaml beside them takes it, and --force writes the papers anew.

    \b
    Examples:
      mops hire director
      mops hire director -o kit --company Acme
      mops hire director -o kit --force
      mops hire head -o kit --set salary="$120,000 to $140,000" --bare
      mops hire director -o kit-sam --for sam.yaml
    """
    from mopscli.pages.kit import kit_page
    from mopscli.team.kit import make_kit

    knowledge = load_knowledge(ctx, "details", "questions", "hiring")
    role = find_role(knowledge, name)
    filled = _choices_made(ctx, _hiring_of(knowledge), papers, company, choices or ())
    person = None if candidate is None else _candidate_named(ctx, knowledge, candidate)
    kit = make_kit(knowledge, role, filled, person)
    files = [] if papers is None else _write_kit(papers, _kit_texts(knowledge, kit, bare), force, person)
    again = f"mops hire {role.key} -o {quote(str(papers or 'kit'))}"
    if papers is not None:
        again += f" --for {quote(candidate)}" if candidate is not None else ""
        again += " --bare --force" if bare else " --force"
    show(ctx, {"files": files, "kit": kit}, kit_page(knowledge, kit, files, again))


def _hiring_of(knowledge: "Knowledge") -> "HiringFile":
    """Return what the knowledge tells about hiring, or refuse where it tells nothing."""
    if knowledge.hiring is None or not knowledge.hiring.papers:
        raise typer.BadParameter("The folder in use has no hiring.yaml, so it knows no papers.")
    return knowledge.hiring


def _choices_made(
    ctx: typer.Context,
    hiring: "HiringFile",
    papers: Path | None,
    company: str | None,
    choices: Sequence[str],
) -> dict[str, str]:
    """Return what the company has filled in: in the file beside the papers, and over it on the command line."""
    from mopscli.knowledge.staffing import COMPANY
    from mopscli.team.kit import read_company_choices

    given = [_choice(hiring, text) for text in choices]
    if company is not None:
        given.append(_choice(hiring, f"{COMPANY}={company}"))
    if papers is not None and papers.suffix.lower() in ENDINGS and not papers.is_dir():
        raise typer.BadParameter(clean(f"'{papers}' is to be a folder. Name it without {papers.suffix}."))
    if papers is not None and papers.exists() and not papers.is_dir():
        raise typer.BadParameter(clean(f"'{papers}' is a file. Name a folder."))
    filled: dict[str, str] = {}
    if papers is not None and (papers / CHOICES).exists():
        with Refusing(ctx):
            filled = read_company_choices(hiring, papers / CHOICES)
    return filled | dict(given)


def _choice(hiring: "HiringFile", text: str) -> tuple[str, str]:
    """Return the key and the text of something that a company fills in."""
    plain_name(text)
    key, _, value = text.partition("=")
    if not value.strip():
        raise typer.BadParameter(
            clean(f"'{text}' is no key and text, as in company=Acme."), param_hint="--set"
        )
    if key not in hiring.choices:
        hint = did_you_mean(key, hiring.choices)
        raise typer.BadParameter(
            clean(f"There is nothing called '{key}' to fill in{f'; {hint}' if hint else '.'}"),
            param_hint="--set",
        )
    return key, value.strip()


def _candidate_named(ctx: typer.Context, knowledge: "Knowledge", named: str) -> "Person":
    """Return a candidate, by the number of an assessment or by a file of answers."""
    from mopscli.assessment.questionnaire import prepare
    from mopscli.person.person import Person

    questionnaire = prepare(knowledge)
    person = Person(questionnaire, answers_named(ctx, questionnaire, named))
    if not person.answers:
        raise typer.BadParameter("The candidate answered nothing yet.", param_hint="--for")
    return person


def _kit_texts(knowledge: "Knowledge", kit: "Kit", bare: bool) -> dict[str, str]:
    """Return the papers of a kit and the choices beside them, by the names of their files."""
    from mopscli.formats.markdown import markdown
    from mopscli.pages.kit import kit_pages
    from mopscli.team.kit import company_choices_text

    pages = kit_pages(knowledge, kit, bare=bare)
    return {f"{key}.md": markdown(page) for key, page in pages.items()} | {CHOICES: company_choices_text(kit)}


def _write_kit(folder: Path, texts: Mapping[str, str], force: bool, candidate: "Person | None") -> list[str]:
    """Write files into a folder, all of them or none, and return their names; a candidate's are private."""
    from mopscli.atomic import write_all

    check_place(folder / "paper" if folder.is_dir() else folder)
    paths = {folder / name: text for name, text in texts.items()}
    for path in paths:
        if path.is_dir():
            raise typer.BadParameter(clean(f"'{path}' is a folder, and a paper is to have that name."))
        if path.exists() and path.name != CHOICES and not force:
            raise typer.BadParameter(clean(f"'{path}' is there already. --force writes over it."))
    folder.mkdir(exist_ok=True)
    write_all(paths, private=candidate is not None)
    return list(map(str, paths))
