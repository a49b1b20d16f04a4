"""The commands about an organization: which team it has, whom to hire next, and the papers for it."""

from typing import TYPE_CHECKING

import typer

from mopscli.shell import (
    app,
)

if TYPE_CHECKING:
    pass

team_app = typer.Typer(
    name="team",
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
)
app.add_typer(team_app)
