"""The commands about an organization: which team it has, whom to hire next, and the papers for it."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mopscli.cli.shell import (
    DataOption,
    FormatOption,
    IdOption,
    JsonOption,
    ReadyOption,
    RoleArgument,
    answers_named,
    app,
    check_place,
    complete_roles,
    find_role,
    load_knowledge,
    read_choices_in,
    refuse,
    say,
    show,
)

if TYPE_CHECKING:
    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Role
    from mopscli.knowledge.staffing import TeamFile

team_app = typer.Typer(
    name="team",
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
)
app.add_typer(team_app)

TEMPLATE = "mops team --template"
CHOICES = "choices.yaml"
MOST = 10**9


@team_app.callback()
def team(
    ctx: typer.Context,
    answers: Annotated[
        str | None,
        typer.Option(
            "--answers",
            metavar="FILE",
            help=f"Answers in YAML or JSON, or - for standard input. '{TEMPLATE}' makes a file.",
        ),
    ] = None,
    template: Annotated[bool, typer.Option("--template", help="Print a file of answers to fill in.")] = False,
    budget: Annotated[
        str | None,
        typer.Option(
            "--budget",
            metavar="AMOUNT",
            help="What you can pay for the hire in US dollars a year, as 120000 or 120k.",
        ),
    ] = None,
    asked: Annotated[
        list[str] | None,
        typer.Option(
            "--asked", metavar="AMOUNT", help="What a candidate asks for; several times for several."
        ),
    ] = None,
    want: Annotated[
        str | None,
        typer.Option(
            "--want",
            metavar="ROLE",
            help="The role whose pay is in question, if not the one advised.",
            autocompletion=complete_roles,
        ),
    ] = None,
    show_all: Annotated[
        bool, typer.Option("--all", "-a", help="Show the stage in general, and everything that can be done.")
    ] = False,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
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
    if ctx.invoked_subcommand is not None:
        return
    from mopscli.assessment.answers import template_of
    from mopscli.pages.team import team_page
    from mopscli.team.advice import advise_team, choices_about, texts_of

    knowledge = load_knowledge(ctx, "team")
    known = _team_of(knowledge)
    if template:
        print(template_of(texts_of(known), choices_about(known)), end="")
        return
    offered = None if budget is None else _amount(budget, "--budget")
    salaries = [_amount(text, "--asked") for text in asked or ()]
    given = (
        read_choices_in(ctx, choices_about(known), answers, TEMPLATE)
        if answers is not None
        else _asked_or_saved(ctx, known)
    )
    wanted = find_role(knowledge, want) if want is not None else None
    result = advise_team(knowledge, given, wanted, offered, salaries)
    show(ctx, result, team_page(knowledge, result, show_all))
    if result.pay is None and (offered or salaries):
        say(
            ["No hire is advised, so there is no role to set the pay beside. Name one with --want."],
            sys.stderr,
        )


def _amount(text: str, option: str) -> float:
    """Return a yearly amount of money, however people write it: 120000, $120,000 or 120k."""
    from mopscli.text import clean

    plain = text.strip().lower().removeprefix("$").replace(",", "").replace("_", "").strip()
    number, factor = (plain[:-1], 1000) if plain.endswith("k") else (plain, 1)
    if not (number.isascii() and number.isdecimal() and 0 < int(number) * factor <= MOST):
        message = f"'{text}' is no amount of money a year. Write it as 120000 or 120k."
        raise typer.BadParameter(clean(message), param_hint=option)
    return float(int(number) * factor)


def _team_of(knowledge: "Knowledge") -> "TeamFile":
    """Return what the knowledge tells about teams, or refuse where it tells nothing."""
    if knowledge.team is None or not knowledge.team.stages:
        raise typer.BadParameter("The folder in use has no team.yaml, so it knows no stages of a team.")
    return knowledge.team


def _asked_or_saved(ctx: typer.Context, team: "TeamFile") -> dict[str, float]:
    """Return the answers about a team that were saved, or ask for them where there is a terminal."""
    from mopscli.assessment.answers import split_skipped
    from mopscli.team.advice import choices_about, is_asked, texts_of

    saved = _saved_team(team)
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        if saved:
            return split_skipped(saved)[0]
        raise typer.BadParameter("There is no terminal to ask in. Give the answers with --answers FILE.")
    from mopscli.assessment.questionnaire import number_text
    from mopscli.atomic import write_whole
    from mopscli.cli.ask import ask_each, choose
    from mopscli.person.store import TEAM, user_folder

    if saved:
        message = f"You answered questions before; answers so far: {len(saved)}."
        if not choose(message, [("Go on with these answers", True), ("Start anew", False)]):
            saved = {}
        # What was skipped may be known by now.
        saved = dict(split_skipped(saved)[0])
    failed, answered = False, False

    def save(answers: "Mapping[str, float | None]") -> None:
        nonlocal failed, answered
        answered = True
        lines = (
            f"{key}: {'' if value is None else number_text(value)}".rstrip() for key, value in answers.items()
        )
        try:
            user_folder().mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(user_folder() / TEAM, "\n".join(lines) + "\n", private=True)
        except OSError as error:
            if not failed:
                say([f"mops: nothing can be saved: {error}"], sys.stderr)
            failed = True

    try:
        return ask_each(
            texts_of(team),
            choices_about(team),
            saved,
            save,
            lambda key, answers: is_asked(team, key, answers),
        )
    except KeyboardInterrupt:
        if answered and not failed:
            say(["Your answers are saved; mops team goes on with them."], sys.stderr)
        raise


def _saved_team(team: "TeamFile") -> "dict[str, float | None]":
    """Return the answers about a team that were saved, as far as its questions still have them."""
    from mopscli.assessment.answers import read_saved
    from mopscli.person.store import TEAM, user_folder
    from mopscli.team.advice import choices_about

    return read_saved(choices_about(team), user_folder() / TEAM)


@team_app.command("map")
def map_(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A survey export of the team: CSV, JSON Lines or Excel.")
    ],
    stage: Annotated[
        int | None,
        typer.Option(
            "--stage", metavar="N", help="The stage whose roles to fill; without it, that of 'mops team'."
        ),
    ] = None,
    roles: Annotated[
        str | None,
        typer.Option("--roles", metavar="ROLES", help="The roles to fill instead, with commas between them."),
    ] = None,
    ready: ReadyOption = 80.0,
    id_column: IdOption = None,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
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
    from mopscli.problem import ProblemsFound
    from mopscli.survey.people import read_team
    from mopscli.team.coverage import map_team
    from mopscli.text import clean

    if not file.exists():
        raise typer.BadParameter(clean(f"There is no file '{file}'."))
    if not file.is_file():
        raise typer.BadParameter(
            clean(f"'{file}' is no file that can be read twice. Save the answers in one.")
        )
    knowledge = load_knowledge(ctx, "questions", "growth", "team")
    wanted = _roles_to_fill(knowledge, stage, roles)
    try:
        people, left_out = read_team(prepare(knowledge), file, id_column)
    except ProblemsFound as found:
        refuse(ctx, found.problems)
    result = map_team(knowledge, people, wanted, ready)
    show(ctx, result, map_page(knowledge, result, left_out), left_out)
    if left_out:
        raise typer.Exit(1)


def _roles_to_fill(knowledge: "Knowledge", stage: int | None, names: str | None) -> "list[Role]":
    """Return the roles that were named, or else those of a stage, which may be that of the saved answers."""
    from mopscli.assessment.answers import split_skipped
    from mopscli.team.advice import advise_team

    if names is not None:
        found = [find_role(knowledge, name.strip()) for name in names.split(",") if name.strip()]
        if not found:
            raise typer.BadParameter("Name the roles, as in '--roles head,director'.")
        return list({role.key: role for role in found}.values())
    team = _team_of(knowledge)
    if stage is None:
        saved, _ = split_skipped(_saved_team(team))
        advised = advise_team(knowledge, saved).stage
        if advised is None:
            raise typer.BadParameter(
                "Say for which roles: --stage N or --roles ROLES, or answer 'mops team'."
            )
        return [knowledge.roles[key] for key in advised.roles]
    for some in team.stages:
        if some.number == stage:
            return [knowledge.roles[key] for key in some.roles]
    numbers = ", ".join(str(some.number) for some in team.stages)
    raise typer.BadParameter(f"There is no stage {stage}. The stages are: {numbers}.")


@app.command()
def hire(
    ctx: typer.Context,
    name: RoleArgument,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="The folder to write the papers into."),
    ] = None,
    company: Annotated[
        str | None, typer.Option("--company", metavar="NAME", help="Short for --set company=NAME.")
    ] = None,
    choices: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=TEXT",
            help="Something that only you know; without -o, the command lists what there is.",
        ),
    ] = None,
    candidate: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="ID",
            help="Fill in the scorecard for a candidate: a number in 'mops history', or a file of answers.",
        ),
    ] = None,
    bare: Annotated[
        bool, typer.Option("--bare", help="Name no sources and give no hints: papers to send as they are.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over papers that are there.")] = False,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
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
    from shlex import quote

    from mopscli.assessment.questionnaire import prepare
    from mopscli.formats.markdown import markdown
    from mopscli.knowledge.staffing import COMPANY
    from mopscli.pages.team import kit_page, kit_pages
    from mopscli.person.person import Person
    from mopscli.problem import ProblemsFound
    from mopscli.team.kit import company_choices_text, make_kit, read_company_choices
    from mopscli.text import clean

    knowledge = load_knowledge(ctx, "questions", "hiring")
    if knowledge.hiring is None or not knowledge.hiring.papers:
        raise typer.BadParameter("The folder in use has no hiring.yaml, so it knows no papers.")
    role = find_role(knowledge, name)
    given = [_choice(knowledge, text) for text in choices or ()]
    if company is not None:
        given.append(_choice(knowledge, f"{COMPANY}={company}"))
    filled: dict[str, str] = {}
    if output is not None and output.exists() and not output.is_dir():
        raise typer.BadParameter(clean(f"'{output}' is a file. Name a folder."))
    if output is not None and (output / CHOICES).exists():
        try:
            filled = read_company_choices(knowledge.hiring, output / CHOICES)
        except ProblemsFound as found:
            refuse(ctx, found.problems)
    filled |= dict(given)
    questionnaire = prepare(knowledge)
    person = None
    if candidate is not None:
        person = Person(questionnaire, answers_named(ctx, questionnaire, candidate))
        if not person.answers:
            raise typer.BadParameter("The candidate answered nothing yet.", param_hint="--for")
    kit = make_kit(knowledge, role, filled, person)
    files: list[str] = []
    again = f"mops hire {role.key} -o {quote(str(output or 'kit'))}"
    if output is not None:
        texts = {f"{key}.md": markdown(page) for key, page in kit_pages(knowledge, kit, bare=bare).items()}
        files = _write_kit(
            output, texts | {CHOICES: company_choices_text(kit)}, force=force, private=person is not None
        )
        again += f" --for {quote(candidate)}" if candidate is not None else ""
        again += " --bare --force" if bare else " --force"
    show(ctx, {"files": files, "kit": kit}, kit_page(knowledge, kit, files, again))


def _write_kit(folder: Path, texts: "Mapping[str, str]", *, force: bool, private: bool) -> list[str]:
    """Write files into a folder, all of them or none, and return their names."""
    from mopscli.atomic import write_all
    from mopscli.text import clean

    check_place(folder / "paper" if folder.is_dir() else folder)
    paths = {folder / name: text for name, text in texts.items()}
    for path in paths:
        if path.is_dir():
            raise typer.BadParameter(clean(f"'{path}' is a folder, and a paper is to have that name."))
        if path.exists() and path.name != CHOICES and not force:
            raise typer.BadParameter(clean(f"'{path}' is there already. --force writes over it."))
    folder.mkdir(exist_ok=True)
    write_all(paths, private=private)
    return list(map(str, paths))


def _choice(knowledge: "Knowledge", text: str) -> tuple[str, str]:
    """Return the key and the text of something that a company fills in."""
    from mopscli.text import clean, did_you_mean

    key, _, value = text.partition("=")
    known = knowledge.hiring.choices if knowledge.hiring else {}
    if not value.strip():
        raise typer.BadParameter(
            clean(f"'{text}' is no key and text, as in company=Acme."), param_hint="--set"
        )
    if key not in known:
        hint = did_you_mean(key, known)
        raise typer.BadParameter(
            clean(f"There is nothing called '{key}' to fill in{f'; {hint}' if hint else '.'}"),
            param_hint="--set",
        )
    return key, value.strip()
