"""The commands about the knowledge: roles, skills and sources; checking a folder and copying one."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from mopscli.cli.guide import role_given, roles_given
from mopscli.cli.options import (
    OneRoleArgument,
    complete_roles,
    complete_skills,
    complete_sources,
    shared_options,
)
from mopscli.cli.shell import (
    app,
    find_entry,
    find_role,
    find_roles,
    folder_in_use,
    format_in_use,
    is_brief,
    load_knowledge,
    say,
    show,
)
from mopscli.text import clean

if TYPE_CHECKING:
    from mopscli.roles.catalog import SkillList, SkillProfile


def _complete_parts(incomplete: str) -> list[str]:
    from mopscli.roles.catalog import ROLE_PARTS

    return [part for part in ROLE_PARTS if part.startswith(incomplete)]


SectionOption = Annotated[
    list[str] | None,
    typer.Option(
        "--section",
        "-s",
        metavar="PART",
        help="Show only this part, and others if given again. Parts: {parts}.",
        autocompletion=_complete_parts,
    ),
]
RolesArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ROLE]...",
        help="Two roles or more; without them you are asked, on a terminal.",
        autocompletion=complete_roles,
    ),
]
SkillArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[SKILL]",
        help="A skill's key, name or the beginning of one. Without it: all skills.",
        autocompletion=complete_skills,
    ),
]
ClaimsOption = Annotated[
    str | None,
    typer.Option(
        "--claims",
        metavar="SOURCE",
        help="List every statement that rests on this source, to check it against the text.",
        autocompletion=complete_sources,
    ),
]
FolderArgument = Annotated[
    Path | None, typer.Argument(metavar="[DIR]", help="The folder to check. Without it: the one in use.")
]
CopyArgument = Annotated[str, typer.Argument(metavar="DIR", help="Where to put the copy.")]


class RoleCommand(TyperCommand):
    """A command whose help lists the parts of a role, which are known only once the knowledge is loaded."""

    def get_help(self, ctx: Any) -> str:
        """Return the help, with the parts in it."""
        from mopscli.roles.catalog import ROLE_PARTS

        for option in self.params:
            if option.name == "section":
                option.help = option.help.format(parts=", ".join(ROLE_PARTS))  # type: ignore[attr-defined]
        return super().get_help(ctx)


@app.command()
@shared_options(page=True)
def roles(ctx: typer.Context) -> None:
    """List all roles, by family and rank.

    \b
    Examples:
      mops roles
      mops roles --json
    """
    from mopscli.pages.brief import roles_brief
    from mopscli.pages.roles import roles_page
    from mopscli.roles.catalog import list_roles

    knowledge = load_knowledge(ctx)
    result = list_roles(knowledge)
    show(ctx, result, (roles_brief if is_brief(ctx) else roles_page)(knowledge, result))


@app.command(cls=RoleCommand)
@shared_options("show_all", "no_pager", "output", "format_", "json_", "data", page=True)
def role(ctx: typer.Context, name: OneRoleArgument = None, section: SectionOption = None) -> None:
    """Tell what a role is, what it asks for and where it leads.

    \b
    Examples:
      mops role head
      mops role head --all
      mops role director --section tasks --section skills
      mops role vp --format markdown
    """
    from mopscli.pages.brief import role_brief
    from mopscli.pages.roles import role_page
    from mopscli.roles.catalog import profile_role, shown_fields

    name = role_given(ctx, name, "Which role?")
    knowledge = load_knowledge(ctx, "details", "paths")
    parts = [_find_part(part) for part in section or ()]
    result = profile_role(knowledge, find_role(knowledge, name), parts)
    show(ctx, shown_fields(result), (role_brief if is_brief(ctx) else role_page)(knowledge, result))


def _find_part(name: str) -> str:
    from mopscli.roles.catalog import ROLE_PARTS

    name = name.lower()
    meant = [part for part in ROLE_PARTS if part == name] or [
        part for part in ROLE_PARTS if part.startswith(name)
    ]
    if len(meant) != 1:
        raise typer.BadParameter(
            clean(f"No part is called '{name}'. The parts are: {', '.join(ROLE_PARTS)}.")
        )
    return meant[0]


@app.command(cls=RoleCommand)
@shared_options("show_all", "no_pager", "output", "format_", "json_", "data", page=True)
def compare(ctx: typer.Context, names: RolesArgument = None, section: SectionOption = None) -> None:
    """Set roles side by side: what differs, and whom each suits.

    \b
    Examples:
      mops compare head director
      mops compare head director vp --all
      mops compare head director --section responsibilities
      mops compare head director --format markdown > comparison.md
      mops compare head director -o comparison.html
    """
    from mopscli.roles.compare import compare_roles

    named = roles_given(ctx, names or ())
    brief, show_all = is_brief(ctx), bool(ctx.params["show_all"])
    everything = show_all or section or format_in_use(ctx) == "json"
    knowledge = load_knowledge(ctx, *(("details",) if everything else ()))
    result = compare_roles(knowledge, find_roles(knowledge, named))
    if brief:
        from mopscli.pages.brief import comparison_brief

        page = comparison_brief(knowledge, result)
    else:
        from mopscli.pages.roles import comparison_page

        page = comparison_page(knowledge, result, show_all, [_find_part(part) for part in section or ()])
    show(ctx, result, page)


@app.command()
@shared_options(page=True)
def skill(ctx: typer.Context, name: SkillArgument = None) -> None:
    """Tell how the levels of a skill show, and who needs them.

    \b
    Examples:
      mops skill
      mops skill leadership
      mops skill financial-acumen --json
    """
    from mopscli.pages.brief import skill_brief, skills_brief
    from mopscli.pages.roles import skill_page, skills_page
    from mopscli.roles.catalog import list_skills, profile_skill

    knowledge = load_knowledge(ctx, "details")
    result: SkillList | SkillProfile
    if name is None:
        result = list_skills(knowledge)
        page = (skills_brief if is_brief(ctx) else skills_page)(knowledge, result)
    else:
        result = profile_skill(knowledge, find_entry(name, knowledge.skills, "mops skill"))
        page = (skill_brief if is_brief(ctx) else skill_page)(knowledge, result)
    show(ctx, result, page)


@app.command()
@shared_options(page=True)
def sources(ctx: typer.Context, claims: ClaimsOption = None) -> None:
    """Tell what the knowledge rests on, and how much on judgment.

    \b
    Examples:
      mops sources
      mops sources --claims savvy-cmos
      mops sources --json
    """
    from mopscli.knowledge import ON_DEMAND
    from mopscli.pages.brief import sources_brief
    from mopscli.pages.sources import claims_page, sources_page
    from mopscli.roles.catalog import list_claims, list_sources

    knowledge = load_knowledge(ctx, *ON_DEMAND)
    if claims is None:
        result = list_sources(knowledge)
        show(ctx, result, sources_brief(knowledge, result) if is_brief(ctx) else sources_page(result))
    else:
        found = list_claims(knowledge, find_entry(claims, knowledge.sources, "mops sources"))
        show(ctx, found, claims_page(found))


@app.command()
@shared_options()
def check(ctx: typer.Context, folder: FolderArgument = None) -> None:
    """List every problem of a knowledge folder, with its line.

    The exit code is 1 if there is any.

    \b
    Examples:
      mops check
      mops check my-knowledge
      mops check my-knowledge --json
    """
    from mopscli.knowledge.check import find_problems
    from mopscli.pages.knowledge import check_page
    from mopscli.pages.phrases import counted

    checked = folder_in_use(ctx)
    problems = find_problems(checked)
    if problems and format_in_use(ctx) == "table" and ctx.params["output"] is None:
        # Lines that editors jump to.
        say(problems, sys.stdout)
        say([f"{counted(len(problems), 'problem', 'problems')} in {checked}"], sys.stderr)
    else:
        show(ctx, {"folder": checked}, check_page(checked, problems), problems)
    if problems:
        raise typer.Exit(1)


@app.command()
@shared_options()
def init(ctx: typer.Context, target: CopyArgument) -> None:
    """Copy the knowledge to a folder, to edit it.

    With it, mops works on roles of your own. Schemas for editors come along.
    Files that exist are never overwritten.

    \b
    Examples:
      mops init my-knowledge
      mops --data my-knowledge compare head director
    """
    from mopscli.knowledge import copy_files
    from mopscli.pages.knowledge import init_page

    if not target:
        raise typer.BadParameter("Name a folder, as in 'mops init my-knowledge'.")
    try:
        files = copy_files(folder_in_use(ctx), Path(target))
    except FileExistsError as error:
        raise typer.BadParameter(clean(f"'{error.filename}' exists already. Name another folder.")) from None
    show(ctx, {"folder": target, "files": files}, init_page(Path(target), files))
