"""The command line as a whole: every command, and how a run ends."""

import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

# They add themselves to the program.
from mopscli.cli import knowledge, path, person, survey, team  # noqa: F401
from mopscli.cli.options import shared_options
from mopscli.cli.shell import app, say, show

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
@shared_options("format_", "json_")
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
    elif ctx.invoked_subcommand is None:
        from mopscli.pages.knowledge import WELCOME, welcome_page

        show(ctx, {"commands": WELCOME}, welcome_page())


def run() -> NoReturn:
    """Run the command line of this process, and leave it."""
    stdout = sys.stdout
    if stdout is None:
        sys.exit("mops: standard output is closed, so there is nowhere to show the result")
    try:
        app(prog_name="mops")
    except SystemExit:
        if sys.stdout is not stdout:
            # A reader closed the pipe early, which is no error; Typer has put a quiet stream in its place.
            sys.exit(0)
        raise
    except OSError as error:
        say([": ".join(str(part) for part in ("mops", error.filename, error.strerror) if part)], sys.stderr)
        # What the stream still holds cannot be written either; do not try again on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
        sys.exit(1)
    sys.exit(0)
