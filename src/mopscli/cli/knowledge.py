"""The commands about the knowledge: roles, skills and sources; checking a folder and copying one."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final

import typer

from mopscli.cli.shell import (
    DataOption,
    FormatOption,
    JsonOption,
    RoleArgument,
    app,
    complete_roles,
    complete_skills,
    find_entry,
    find_role,
    find_roles,
    folder_in_use,
    format_in_use,
    load_knowledge,
    say,
    show,
)

# catalog.ROLE_PARTS in words, so that help need not load it; a test compares the two.
PARTS_OF_A_ROLE: Final = (
    "dimensions, responsibilities, tasks, time, skills, drives, profile, suits, challenges, opportunities, "
    "gates, value, market, topics, paths, caveats."
)


def _complete_parts(incomplete: str) -> list[str]:
    from mopscli.roles.catalog import ROLE_PARTS

    return [part for part in ROLE_PARTS if part.startswith(incomplete)]


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
    from mopscli.pages.roles import roles_page
    from mopscli.roles.catalog import list_roles

    knowledge = load_knowledge(ctx)
    result = list_roles(knowledge)
    show(ctx, result, roles_page(knowledge, result))


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
    from mopscli.pages.roles import role_page
    from mopscli.roles.catalog import ROLE_PARTS, profile_role, shown_fields

    knowledge = load_knowledge(ctx)
    parts = [_find_part(part, ROLE_PARTS) for part in section or ()]
    result = profile_role(knowledge, find_role(knowledge, name), parts)
    show(ctx, shown_fields(result), role_page(knowledge, result))


@app.command()
def compare(
    ctx: typer.Context,
    names: Annotated[
        list[str],
        typer.Argument(metavar="ROLE...", help="Two roles or more.", autocompletion=complete_roles),
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
    from mopscli.pages.roles import comparison_page
    from mopscli.roles.compare import compare_roles

    knowledge = load_knowledge(ctx)
    found = find_roles(knowledge, names)
    result = compare_roles(knowledge, found)
    show(ctx, result, comparison_page(knowledge, result, show_all))


@app.command()
def skill(
    ctx: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[SKILL]",
            help="A skill's key, name or the beginning of one. Without it: all skills.",
            autocompletion=complete_skills,
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
    from mopscli.pages.roles import skill_page, skills_page
    from mopscli.roles.catalog import SkillList, SkillProfile, list_skills, profile_skill

    knowledge = load_knowledge(ctx)
    result: SkillList | SkillProfile
    if name is None:
        result = list_skills(knowledge)
        show(ctx, result, skills_page(knowledge, result))
        return
    result = profile_skill(knowledge, find_entry(name, knowledge.skills, "mops skill"))
    show(ctx, result, skill_page(knowledge, result))


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
    from mopscli.knowledge import STATING
    from mopscli.pages.roles import sources_page
    from mopscli.roles.catalog import list_sources

    knowledge = load_knowledge(ctx, *STATING)
    result = list_sources(knowledge)
    show(ctx, result, sources_page(knowledge, result))


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
    from mopscli.knowledge.check import find_problems
    from mopscli.pages.roles import check_page

    checked = folder_in_use(ctx)
    problems = find_problems(checked)
    if problems and format_in_use(ctx) == "table":
        say(problems, sys.stdout)
        say([f"{len(problems):,} {'problem' if len(problems) == 1 else 'problems'} in {checked}"], sys.stderr)
    else:
        show(ctx, {"folder": checked}, check_page(checked, problems), problems)
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
    from mopscli.pages.roles import init_page
    from mopscli.text import clean

    if not target:
        raise typer.BadParameter("Name a folder, as in 'mops init my-knowledge'.")
    try:
        files = copy_files(folder_in_use(ctx), Path(target))
    except FileExistsError as error:
        raise typer.BadParameter(clean(f"'{error.filename}' exists already. Name another folder.")) from None
    show(ctx, {"folder": target, "files": files}, init_page(Path(target), files))


def _find_part(name: str, parts: Iterable[str]) -> str:
    name = name.lower()
    meant = [part for part in parts if part == name] or [part for part in parts if part.startswith(name)]
    if len(meant) != 1:
        raise typer.BadParameter(f"No part is called '{name}'. The parts are: {', '.join(parts)}.")
    return meant[0]
