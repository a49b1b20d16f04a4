"""What commands share: the program they belong to, their options, and how they read, find, show and refuse."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, NoReturn, TextIO, cast

import typer

if TYPE_CHECKING:
    from mopscli.assessment.questionnaire import Choices, Questionnaire
    from mopscli.knowledge import Knowledge, Named
    from mopscli.knowledge.entries import Role
    from mopscli.page import Page
    from mopscli.person.store import Saved, Store
    from mopscli.problem import Problem


app = typer.Typer(
    name="mops",
    # Without markup, help is plain text that fits every terminal and does not load rich.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


Format = Literal["table", "markdown", "json"]


# Every command takes these; format_in_use and folder_in_use read them from the context, wherever they stand.
FormatOption = Annotated[
    Format, typer.Option("--format", "-f", help="How to show the result.", show_default=True)
]


ExplainOption = Annotated[bool, typer.Option("--explain", help="Show the numbers behind the words.")]


JsonOption = Annotated[bool, typer.Option("--json", help="Short for --format json.")]


PersonOption = Annotated[
    str | None,
    typer.Option(
        "--answers",
        metavar="FILE",
        help="Answers in YAML or JSON, or - for standard input, in place of your latest assessment.",
    ),
]


def some_number(value: float | None) -> float | None:
    """Refuse what is no number, though it passes for one."""
    if value is not None and value != value:
        raise typer.BadParameter("That is no number.")
    return value


ReadyOption = Annotated[
    float,
    typer.Option(
        "--ready", min=0, max=100, help="The readiness that counts as being ready.", callback=some_number
    ),
]


IdOption = Annotated[
    str | None,
    typer.Option("--id", metavar="COLUMN", help="The column that tells people apart, if not a usual one."),
]
MIN_WIDTH: Final = 20


MAX_WIDTH: Final = 100


MAX_INPUT: Final = 4_000_000


DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="A knowledge folder of your own, made with 'mops init'.",
    ),
]


def complete_roles(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the keys of roles that begin so."""
    return _complete(ctx, incomplete, "roles")


def complete_skills(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the keys of skills that begin so."""
    return _complete(ctx, incomplete, "skills")


def _complete(ctx: typer.Context, incomplete: str, kind: str) -> list[str]:
    from mopscli.knowledge import load
    from mopscli.problem import ProblemsFound

    try:
        keys: Iterable[str] = getattr(load(folder_in_use(ctx)), kind)
    except ProblemsFound:
        return []
    return [key for key in keys if key.startswith(incomplete.lower())]


RoleArgument = Annotated[
    str,
    typer.Argument(
        metavar="ROLE", help="A role's key, name or the beginning of one.", autocompletion=complete_roles
    ),
]


BetweenArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ROLE]...",
        help="The roles to choose between, two or more; without them, those that the knowledge names.",
        autocompletion=complete_roles,
    ),
]


BetweenOption = Annotated[
    tuple[str, str] | None,
    typer.Option("--between", metavar="ROLE ROLE", help="The same as naming them."),
]


MoreRolesOption = Annotated[
    str | None,
    typer.Option(
        "--roles", metavar="ROLES", help="Score more roles: 'all', or some with commas between them."
    ),
]


def read_answers_in(ctx: typer.Context, questionnaire: "Questionnaire", source: str) -> dict[str, float]:
    """Return the answers of one person in a file, or in standard input for `-`."""
    from mopscli.assessment.questionnaire import choices_of

    return read_choices_in(ctx, choices_of(questionnaire), source, "mops questions --template")


def read_choices_in(ctx: typer.Context, choices: "Choices", source: str, template: str) -> dict[str, float]:
    """Return the answers in a file, or in standard input for `-`; `template` is the command that makes a file."""
    from mopscli.assessment.answers import read_answers
    from mopscli.problem import ProblemsFound
    from mopscli.text import clean

    if source == "-" and sys.stdin is None:
        raise typer.BadParameter("Standard input is closed. Give the answers with --answers FILE.")
    if source != "-" and not Path(source).exists():
        raise typer.BadParameter(clean(f"There is no file '{source}'. '{template}' makes one."))
    path = None if source == "-" else Path(source)
    content = b"" if path else sys.stdin.buffer.read(MAX_INPUT + 1)
    try:
        return read_answers(choices, path, content)
    except ProblemsFound as found:
        refuse(ctx, found.problems)


def check_place(target: Path) -> None:
    """Refuse a file that cannot be written where it is to be."""
    from mopscli.text import clean

    if target.is_dir():
        raise typer.BadParameter(clean(f"'{target}' is a folder. Name a file in it."))
    if not target.absolute().parent.is_dir():
        raise typer.BadParameter(
            clean(f"'{target}' cannot be written: there is no folder '{target.parent}'.")
        )


def _given(ctx: typer.Context) -> Iterator[Mapping[str, Any]]:
    """Yield the options of a command, and then of those before it on the command line."""
    context: Any = ctx
    while context is not None:
        yield context.params
        context = context.parent


def folder_in_use(ctx: typer.Context) -> Path:
    """Return the folder in use: named after the command, before it, in MOPS_DATA, or the bundled one."""
    from mopscli.knowledge import bundled_folder
    from mopscli.text import clean

    given = ctx.params.get("folder") or next(
        (params["data"] for params in _given(ctx) if params.get("data")), None
    )
    if given and not Path(given).is_dir():
        raise typer.BadParameter(clean(f"There is no folder '{given}'. 'mops init DIR' makes one."))
    return Path(given) if given else bundled_folder()


def load_knowledge(ctx: typer.Context, *on_demand: str) -> "Knowledge":
    """Return the knowledge in use, or say what is wrong with it and leave."""
    from mopscli.knowledge import load
    from mopscli.problem import ProblemsFound

    try:
        return load(folder_in_use(ctx), *on_demand)
    except ProblemsFound as found:
        refuse(ctx, found.problems)


def refuse(ctx: typer.Context, problems: "Sequence[Problem]") -> NoReturn:
    """Say what is wrong, and leave with exit code 1."""
    say(problems, sys.stderr)
    if format_in_use(ctx) == "json":
        show(ctx, None, None, problems)
    raise typer.Exit(1)


def format_in_use(ctx: typer.Context) -> Format:
    """Return the format that was asked for, behind the command or in front of it."""
    for params in _given(ctx):
        if params.get("json_"):
            return "json"
        if params.get("format_", "table") != "table":
            return cast("Format", params["format_"])
    return "table"


def find_role(knowledge: "Knowledge", name: str) -> "Role":
    """Return the role that a name means."""
    return find_entry(name, knowledge.roles, "mops roles")


def find_roles(knowledge: "Knowledge", names: Sequence[str]) -> "list[Role]":
    """Return two different roles or more."""
    found = [find_role(knowledge, name) for name in names]
    if len(found) < 2:
        others = " ".join([found[0].key, *(key for key in knowledge.roles if key != found[0].key)][:2])
        raise typer.BadParameter(f"Name two roles or more, as in '{others}'.")
    for number, role in enumerate(found):
        if role in found[:number]:
            raise typer.BadParameter(f"'{names[number]}' means {role.name}, which you have named already.")
    return found


def find_entry(name: str, known: "Mapping[str, Named]", listing: str) -> "Named":
    """Return what a name means, or refuse it and name the command that lists what there is."""
    from mopscli.knowledge import find_named
    from mopscli.problem import UnknownName
    from mopscli.text import clean

    try:
        return find_named(name, known)
    except UnknownName as error:
        raise typer.BadParameter(clean(f"{error} '{listing}' lists them all.")) from None


def show(
    ctx: typer.Context,
    result: Any,
    page: "Page | None",
    problems: "Sequence[Problem]" = (),
    *,
    to_stderr: bool = False,
) -> None:
    """Print a result in the format that was asked for; without a page, there is only JSON to print."""
    stream = sys.stderr if to_stderr else sys.stdout
    if stream is None:
        return
    answers = ctx.params.get("answers")
    if page is not None and answers is not None and answers != "-":
        page = page.with_answers(answers)
    never_fail_on_encoding(stream)
    form = format_in_use(ctx)
    if form == "json" or page is None:
        import json

        from mopscli.formats.json import envelope

        command = ctx.command_path.partition(" ")[2] or "welcome"
        print(json.dumps(envelope(command, result, page, problems), indent=2), file=stream)
    elif form == "markdown":
        from mopscli.formats.markdown import markdown

        print(markdown(page), end="", file=stream)
    else:
        from rich.console import Console
        from rich.segment import Segments

        from mopscli.formats.terminal import Terminal

        console = Console(highlight=False, markup=False, emoji=False, stderr=to_stderr)
        console.width = max(MIN_WIDTH, min(console.width, MAX_WIDTH))
        segments = Terminal(page, console, console.width).segments()
        console.print(Segments(segments), end="", soft_wrap=True)
    stream.flush()


def say(lines: Iterable[object], stream: TextIO | None) -> None:
    """Print lines as they are, none of them able to steer a terminal; without a stream, say nothing."""
    from mopscli.text import clean

    if stream is None:
        return
    never_fail_on_encoding(stream)
    for line in lines:
        print(clean(str(line)), file=stream)
    stream.flush()


def never_fail_on_encoding(stream: TextIO) -> None:
    """Let a stream print a question mark for what it cannot."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")


@contextmanager
def open_store() -> "Iterator[Store]":
    """Open the saved assessments; if that fails, say so and leave with exit code 1."""
    from mopscli.person.store import Failed, Store, user_folder

    try:
        yield Store(user_folder())
    except Failed as error:
        say([f"mops: your saved assessments cannot be used: {error}"], sys.stderr)
        raise typer.Exit(1) from None


def saved_assessments() -> "tuple[Saved, ...]":
    """Return every saved assessment, newest first."""
    with open_store() as store:
        return store.all()


def answers_named(ctx: typer.Context, questionnaire: "Questionnaire", text: str) -> "Mapping[str, float]":
    """Return the answers of a saved assessment, by its number, or those in a file."""
    from mopscli.assessment.answers import saved_answers

    if not text.isdecimal() or Path(text).exists():
        return read_answers_in(ctx, questionnaire, text)
    saved = next((some for some in saved_assessments() if str(some.id) == text), None)
    if saved is None:
        raise typer.BadParameter(f"There is no assessment {text}. 'mops history' lists them.")
    return saved_answers(questionnaire, saved.answers)[0]
