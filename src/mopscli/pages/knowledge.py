"""Pages about the knowledge itself: the welcome, its problems, a copy of it."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from mopscli.page import Bullets, Commands, Heading, Line, NextStep, Page, Paragraph, Title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mopscli.problem import Problem

WELCOME: Mapping[str, str] = {
    "mops compare head director": "two roles side by side, what differs first",
    "mops assess": "which of them suits you, in five to ten minutes",
    "mops path specialist director": "how to get there, and how long it takes",
    "mops roles": "all roles, from junior to senior",
}


def welcome_page() -> Page:
    """Say what the program is and what to type first."""
    return Page(
        (
            Title("mops"),
            Paragraph(
                Line(
                    "Compares marketing operations roles and shows the way from one to another. "
                    "Every statement names its source or is marked as a judgment."
                )
            ),
            Heading("Try"),
            Commands(tuple(NextStep(*step) for step in WELCOME.items())),
            Paragraph(Line("mops --help lists every command."), quiet=True),
        )
    )


def check_page(folder: Path, problems: Sequence[Problem]) -> Page:
    """Tell the problems of a knowledge folder, or that there are none."""
    if not problems:
        return Page((Paragraph(Line(f"No problems in {folder}.")),))
    return Page((Title(f"Problems in {folder}"), Bullets(tuple(Line(str(problem)) for problem in problems))))


def init_page(folder: Path, files: Sequence[str]) -> Page:
    """Tell what was copied where, and what to do with it."""
    typed = Path(quote(f"./{folder}" if str(folder).startswith("-") else str(folder)))
    steps = (
        NextStep(f"edit {typed / 'roles.yaml'}", "roles, skills and sources, in any text editor"),
        NextStep(f"mops check {typed}", "lists every mistake, with its line"),
        NextStep(f"mops --data {typed} roles", "works on your roles"),
    )
    return Page((Paragraph(Line(f"Copied to {folder}: {', '.join(files)}.")),), next=steps)
