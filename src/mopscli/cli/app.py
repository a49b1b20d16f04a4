"""The command line as a whole: every command, and how a run ends."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from mopscli.cli.options import shared_options
from mopscli.cli.shell import app, format_in_use, is_terminal, say, show

# The modules of the commands, in the order of the help; each adds its commands to the program.
MODULES: Final = ("knowledge", "path", "person", "report", "posting", "survey", "measure", "team", "hire")
STREAMS: Final = {0: "standard input", 1: "standard output", 2: "standard error"}
# What takes a value and may stand before a command.
BEFORE: Final = ("--data", "--format", "-f", "--output", "-o")

RootDataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        envvar="MOPS_DATA",
        help="A knowledge folder of your own, made with 'mops init'.",
    ),
]
VersionOption = Annotated[bool, typer.Option("--version", help="Show the version and exit.")]


@app.callback(invoke_without_command=True)
@shared_options()
def welcome(ctx: typer.Context, data: RootDataOption = None, version: VersionOption = False) -> None:
    """Compare marketing operations roles, and see the way from one to another.

    Every statement names its source.

    \b
    Examples:
      mops compare head director
      mops role director --section tasks
      mops path specialist director
    """
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"mops {installed('mopscli')}")
    elif ctx.invoked_subcommand is None and is_terminal() and format_in_use(ctx) == "table":
        from mopscli.cli.guide import guide

        guide(ctx, lambda words: app(words, prog_name="mops"))
    elif ctx.invoked_subcommand is None:
        from mopscli.pages.knowledge import WELCOME, welcome_page

        show(ctx, {"commands": WELCOME}, welcome_page())


def program(arguments: Sequence[str] = ()) -> typer.Typer:
    """Return the program with every command, or with those up to the one that the arguments name.

    Making all of them takes a tenth of the time of a short run.
    """
    named = _named(arguments)
    for module in MODULES:
        import_module(f"mopscli.cli.{module}")
        commands = app.registered_commands
        if named in {command.name or getattr(command.callback, "__name__", "") for command in commands}:
            break
    return app


def _named(arguments: Sequence[str]) -> str:
    """Return the first word that is no option and no value of one."""
    words = iter(arguments)
    for word in words:
        if not word.startswith("-"):
            return word
        if word in BEFORE:
            next(words, None)
    return ""


def _failure(error: OSError | MemoryError) -> str:
    """Return what the machine could not do, in one line."""
    if isinstance(error, MemoryError):
        return "mops: there is not enough memory"
    # A stream that has no name has the number of its descriptor instead.
    named = STREAMS.get(error.filename, "") if isinstance(error.filename, int) else error.filename
    return ": ".join(str(part) for part in ("mops", named, error.strerror or str(error)) if part)


def run() -> NoReturn:
    """Run the command line of this process, and leave it."""
    stdout = sys.stdout
    if stdout is None:
        sys.exit("mops: standard output is closed, so there is nowhere to show the result")
    try:
        program(sys.argv[1:])(prog_name="mops")
    except SystemExit:
        if sys.stdout is not stdout:
            # A reader closed the pipe early, which is no error; Typer has put a quiet stream in its place.
            sys.exit(0)
        raise
    except (OSError, MemoryError) as error:
        say([_failure(error)], sys.stderr)
        # What the stream still holds cannot be written either; do not try again on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
        sys.exit(1)
    sys.exit(0)
