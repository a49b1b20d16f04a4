"""A guided start: what brings you here, the one or two things that are needed, and the command for it."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NoReturn

import typer

from mopscli.cli.shell import is_terminal, load_knowledge, saved_assessments, say

if TYPE_CHECKING:
    from mopscli.knowledge.entries import Role

# What one can begin with, and the command for it; a word in braces is asked for.
STARTS: Final[Mapping[str, Sequence[str]]] = {
    "Compare two roles": ("compare", "{role}", "{other role}"),
    "Find out which role suits me": ("assess",),
    "Plan my next step": ("plan", "{role}"),
    "See where a role leads": ("path", "{role}"),
    "Build a team, or find out whom to hire": ("team",),
    "Write the papers for a hire": ("hire", "{role}"),
    "Score a survey": ("batch", "{file}"),
    "Read a job posting": ("posting", "{file}"),
    "Just look around": ("--help",),
}
QUESTION: Final = "What brings you here?"


def guide(ctx: typer.Context, run: Callable[[Sequence[str]], NoReturn]) -> NoReturn:
    """Ask what somebody wants to do and what it needs, say the command for it, and run it."""
    from mopscli.cli.prompt import choose

    words = choose(QUESTION, list(STARTS.items()))
    if words[0] == "plan" and not any(saved.finished for saved in saved_assessments()):
        say(["A plan rests on your answers, so the questions come first.", ""], sys.stdout)
        words = ("assess",)
    given: list[str] = []
    for word in words:
        given.append(_asked(ctx, word.strip("{}"), given) if word.startswith("{") else word)
    say([f"mops {' '.join(given)}", ""], sys.stdout)
    sys.argv[1:] = given
    run(given)


def _asked(ctx: typer.Context, what: str, given: Sequence[str]) -> str:
    if what == "file":
        return ask_for_file("Which file?")
    return ask_for_role(ctx, "Which role?" if what == "role" else "And which other role?", given).key


def role_given(ctx: typer.Context, name: str | None, question: str) -> str:
    """Return the role that was named, or ask for one on a terminal; without one, refuse."""
    if name is not None:
        return name
    if not is_terminal():
        raise typer.BadParameter("Which role? Name one, as in 'head'. 'mops roles' lists them all.")
    return _told(ask_for_role(ctx, question).key)


def roles_given(ctx: typer.Context, names: Sequence[str]) -> Sequence[str]:
    """Return the roles that were named, or ask for two on a terminal."""
    if len(names) >= 2 or not is_terminal():
        return names
    found = list(names)
    while len(found) < 2:
        question = "Compare which role?" if not found else f"Compare {found[0]} with which role?"
        found.append(ask_for_role(ctx, question, found).key)
    _told(" ".join(found[len(names) :]))
    return found


def _told(more: str) -> str:
    """Say which command has been put together."""
    sys.argv.append(more)
    say([f"mops {' '.join(sys.argv[1:])}", ""], sys.stdout)
    return more


def ask_for_role(ctx: typer.Context, question: str, but: Sequence[str] = ()) -> "Role":
    """Let somebody choose a role, those of operations first, each family from junior to senior."""
    from mopscli.cli.prompt import choose
    from mopscli.roles.catalog import list_roles

    families = list_roles(load_knowledge(ctx)).families
    roles = [role for members in families.values() for role in members if role.key not in but]
    chosen: Role = choose(question, [(role.name, role) for role in roles])
    return chosen


def ask_for_file(question: str) -> str:
    """Ask for the name of a file, which the Tab key completes."""
    import questionary

    name: str = questionary.path(question, qmark="").unsafe_ask()
    return name.strip()
