"""The commands as a whole: their groups in the help, and what somebody meant who typed something else."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from mopscli.problem import ProblemsFound, UnknownName
from mopscli.text import clean, did_you_mean

if TYPE_CHECKING:
    from mopscli.knowledge.entries import Role

# The commands by what they are for, in the order of the help.
GROUPS: Final[Mapping[str, Sequence[str]]] = {
    "Compare and learn": ("compare", "role", "roles", "path", "skill", "sources"),
    "You": (
        *("assess", "result", "plan", "posting", "what-if", "report", "card", "history"),
        *("compare-views", "export", "forget"),
    ),
    "Your team": ("team", "hire"),
    "Surveys and data": ("questions", "batch", "sql", "replay", "calibrate"),
    "Your own knowledge": ("init", "check"),
}
# What people type who do not know the commands, and the words that stand for it.
MEANT: Final[Mapping[str, Sequence[str]]] = {
    **dict.fromkeys(("jobs", "job", "titles", "list"), ("roles",)),
    **dict.fromkeys(("quiz", "test", "assessment", "start", "interview"), ("assess",)),
    **dict.fromkeys(("salary", "salaries", "pay", "market"), ("role", "--section", "market")),
    **dict.fromkeys(("vs", "versus", "diff", "comparison"), ("compare",)),
    **dict.fromkeys(("career", "route", "route-to", "ladder", "ladders"), ("path",)),
    **dict.fromkeys(("learn", "grow", "goals"), ("plan",)),
    **dict.fromkeys(("results", "score", "verdict"), ("result",)),
    "skills": ("skill",),
    **dict.fromkeys(("kit", "hiring"), ("hire",)),
    **dict.fromkeys(("delete", "remove"), ("forget",)),
    **dict.fromkeys(("validate", "lint"), ("check",)),
}
# What stands between roles and is none.
CONNECTORS: Final = frozenset({"vs", "vs.", "versus", "and", "or", "with", "to", "&"})
# Commands between whose roles such words may stand.
OF_ROLES: Final = ("compare", "path", "assess", "role", "plan")


class Commands(TyperGroup):
    """Groups commands in the help, and understands what is no command."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands by their groups, each on a line."""
        told = [name for names in GROUPS.values() for name in names]
        others = [name for name in self.list_commands(ctx) if name not in told]
        for heading, names in {**GROUPS, "Others": others}.items():
            known = [(name, self.get_command(ctx, name)) for name in names]
            rows = [
                (f"{name:13}", _short(command)) for name, command in known if command and not command.hidden
            ]
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the commands, and below them the options."""
        self.format_commands(ctx, formatter)
        TyperCommand.format_options(self, ctx, formatter)  # type: ignore[arg-type]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; say of a command that is typed like an option how it is typed."""
        for place, word in enumerate(args):
            name = word.removeprefix("--")
            if name != word and (name in self.commands or name in MEANT):
                words = [*MEANT.get(name, [name]), *args[place + 1 :]]
                raise typer.BadParameter(
                    f"There is no option '--{name}'. Did you mean 'mops {' '.join(words)}'?"
                )
            if not word.startswith("-"):
                break
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the command that the arguments begin with, or that was meant by them."""
        words = list(args)
        if words[0] not in self.commands and not ctx.resilient_parsing:
            words = self._meant(ctx, words)
            # What is shown in brief names the command that was run.
            sys.argv[1:] = [*sys.argv[1 : len(sys.argv) - len(args)], *words]
            print(f"mops {' '.join(map(clean, words))}", file=sys.stderr)
        if words[0] in OF_ROLES:
            words = [words[0], *(word for word in words[1:] if word.casefold() not in CONNECTORS)]
        return super().resolve_command(ctx, words)

    def _meant(self, ctx: Any, words: list[str]) -> list[str]:
        """Return the words of a command that were meant by others."""
        first, rest = words[0].casefold(), words[1:]
        if first == "help":
            return [*rest[:1], "--help"] if not rest or rest[0] in self.commands else self._meant(ctx, rest)
        if first in MEANT:
            command, *options = MEANT[first]
            return [command, *rest, *options] if rest or command != "role" else ["roles"]
        options = [word for word in words if word.startswith("-")]
        roles = list(_roles_named([word for word in words if not word.startswith("-")], ctx))
        if roles:
            return ["role" if len(roles) == 1 else "compare", *(role.key for role in roles), *options]
        near = did_you_mean(first, [*self.commands, *MEANT])
        hint = f" {near[:1].upper()}{near[1:]}" if near else ""
        raise typer.BadParameter(
            clean(f"There is no command '{words[0]}'.{hint} 'mops --help' lists every command.")
        )


def _short(command: Any) -> str:
    return str(command.get_short_help_str(200))


def _roles_named(words: Sequence[str], ctx: Any) -> "Iterator[Role]":
    """Yield the roles that words name, whichever way they are put together; nothing if one names none."""
    from mopscli.cli.shell import folder_in_use
    from mopscli.knowledge import find_named, load

    parts: list[list[str]] = [[]]
    for word in words:
        if word.casefold() in CONNECTORS:
            parts.append([])
        else:
            parts[-1].append(word)
    joined = [" ".join(part) for part in parts if part]
    try:
        known = load(folder_in_use(ctx), ()).roles
    except ProblemsFound:
        return
    for names in (joined, [word for part in parts for word in part]):
        try:
            found = {role.key: role for role in (find_named(name, known) for name in names)}
        except UnknownName:
            continue
        yield from found.values()
        return
