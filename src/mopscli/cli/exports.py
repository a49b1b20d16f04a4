"""What the commands share that read a survey export."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from mopscli.text import clean

if TYPE_CHECKING:
    from mopscli.assessment.questionnaire import Questionnaire

ExportArgument = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A survey export: CSV, JSON Lines, Parquet or Excel, or - for standard input.",
    ),
]
MissingOption = Annotated[
    list[str] | None,
    typer.Option("--missing", metavar="TEXT", help="A text that means no answer, such as NA."),
]
PartialOption = Annotated[
    bool, typer.Option("--partial", help="Score even if questions have no column in the file.")
]
EncodingOption = Annotated[
    str | None,
    typer.Option("--encoding", metavar="NAME", help="The file's text encoding, if mops cannot tell."),
]


def respondents(file: str) -> "tuple[Path | BinaryIO, str]":
    """Return where to read respondents from, and how to call it."""
    if file != "-":
        if not Path(file).exists():
            raise typer.BadParameter(clean(f"There is no file '{file}'."))
        if Path(file).is_dir():
            raise typer.BadParameter(clean(f"'{file}' is a folder. Name a file in it."))
        return Path(file), file
    if sys.stdin is None:
        raise typer.BadParameter("Standard input is closed. Name a file instead of -.")
    return sys.stdin.buffer, "standard input"


def never_an_answer(questionnaire: "Questionnaire", texts: Sequence[str]) -> None:
    """Refuse texts for a missing answer that are an answer to some question."""
    from mopscli.assessment.questionnaire import choices_of, value_of

    for text in texts:
        for key, choices in choices_of(questionnaire).items():
            if value_of(text, choices) is not None:
                raise typer.BadParameter(clean(f"--missing '{text}' is an answer to the question '{key}'."))


@contextmanager
def progress() -> "Iterator[Callable[[str, float], None]]":
    """Show how far a long job is, if somebody is looking on."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda what, share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Opening", total=1.0)
        yield lambda what, share: progress.update(task, description=what, completed=share)
