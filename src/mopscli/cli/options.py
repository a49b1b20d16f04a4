"""Options and arguments that several commands have, and how the Tab key completes them."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from mopscli.cli.shell import check_output, check_place, folder_in_use
from mopscli.formats import Format
from mopscli.problem import ProblemsFound
from mopscli.text import clean, is_plain, is_text


def complete_roles(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the keys of roles that begin so."""
    return _complete(ctx, incomplete, "roles")


def complete_skills(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the keys of skills that begin so."""
    return _complete(ctx, incomplete, "skills")


def complete_sources(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the keys of sources that begin so."""
    return _complete(ctx, incomplete, "sources")


def _complete(ctx: typer.Context, incomplete: str, kind: str) -> list[str]:
    from mopscli.knowledge import load

    try:
        keys: Mapping[str, Any] = getattr(load(folder_in_use(ctx), ()), kind)
    except (ProblemsFound, OSError, typer.BadParameter):
        # Whoever presses Tab wants words; the command itself will say what is wrong.
        return []
    return [key for key in keys if key.startswith(incomplete.lower())]


# How headings of pages begin, for the Tab key.
PARTS: Final[Mapping[str, Sequence[str]]] = {
    **dict.fromkeys(
        ("assess", "result"),
        ("why", "what-you-bring", "what-you-may-not-like", "must-haves", "how-well-each-role-suits-you"),
    ),
    "plan": ("must-have", "not-told-yet", "you-bring", "the-next-conversation", "the-role-after-it"),
    "path": ("fastest-route", "route", "other-routes", "further-on"),
    "team": ("why", "before-you-hire", "what-is-neglected", "pay-for", "what-comes-next"),
    "map": ("who-covers-what", "what-nobody-covers", "what-hangs-on-one-person"),
    "skill": ("what-each-level-looks-like", "roles-that-ask-for-it", "in-the-role-descriptions"),
    "history": ("what-moved", "goals-of-your-plan"),
}


def complete_parts(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return how headings of a command's page begin."""
    return [name for name in PARTS.get(ctx.info_name or "", ()) if name.startswith(incomplete.lower())]


def some_number(value: float | None) -> float | None:
    """Refuse what is no number, though it passes for one."""
    if value is not None and value != value:
        raise typer.BadParameter("That is no number.")
    return value


def some_name(value: str | None) -> str | None:
    """Refuse a name with what is no text or a terminal obeys: the door for every name that a user gives."""
    if value is not None and not is_plain(value):
        what = "a control character" if is_text(value) else "bytes that are no text"
        raise typer.BadParameter(clean(f"'{value}' holds {what}. Type the name anew, without it."))
    return value


FormatOption = Annotated[
    Format, typer.Option("--format", "-f", help="How to show the result.", show_default=True)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write it to a file; its name says the format: .html, .docx, .pdf, .md, .json or .txt.",
        callback=check_place,
    ),
]
DataOption = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="A knowledge folder of your own, made with 'mops init'."),
]
ExplainOption = Annotated[bool, typer.Option("--explain", help="Show the numbers behind the words.")]
PersonOption = Annotated[
    str | None,
    typer.Option(
        "--answers",
        metavar="FILE",
        help="Answers in YAML or JSON, or - for standard input, in place of your latest assessment.",
    ),
]
SavedOption = Annotated[
    int | None,
    typer.Option("--id", metavar="NUMBER", help="A saved assessment by its number in 'mops history'."),
]
ReadyOption = Annotated[
    float,
    typer.Option(
        "--ready", min=0, max=100, help="The readiness that counts as being ready.", callback=some_number
    ),
]
PlainOption = Annotated[
    bool,
    typer.Option("--plain", help="Ask in lines of text, for screen readers and simple terminals."),
]
IdOption = Annotated[
    str | None,
    typer.Option("--id", metavar="COLUMN", help="The column that tells people apart, if not a usual one."),
]
OneRoleArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[ROLE]",
        help="A role by its short name, full name, or how either begins; without it you are asked.",
        autocompletion=complete_roles,
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


AllOption = Annotated[bool, typer.Option("--all", "-a", help="Show everything, with its sources.")]
PartOption = Annotated[
    list[str] | None,
    typer.Option(
        "--section",
        "-s",
        metavar="NAME",
        help="Show only the part whose heading begins with this. Repeat it for more parts.",
        autocompletion=complete_parts,
    ),
]
NoPagerOption = Annotated[
    bool, typer.Option("--no-pager", help="Print all at once what is longer than the screen.")
]


def _shared(
    show_all: AllOption = False,
    part: PartOption = None,
    no_pager: NoPagerOption = False,
    output: OutputOption = None,
    format_: FormatOption = "table",
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """The options that commands share."""


SHARED: Final[Sequence[inspect.Parameter]] = tuple(inspect.signature(_shared).parameters.values())
# Those of pages, which are brief unless asked to be whole.
OF_PAGES: Final = ("show_all", "part", "no_pager")


def shared_options(*names: str, page: bool = False) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options that commands share, all or those named, behind its own.

    Its function does not take them: `show`, `load_knowledge` and `refuse` read them from the context. What the
    function takes by the same name is its own. Those of pages come with a `page` alone.
    """

    def extend(function: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(function)
        shared = [
            option
            for option in SHARED
            if option.name not in own.parameters
            and (not names or option.name in names)
            and (page or option.name not in OF_PAGES)
        ]

        @wraps(function)
        def command(**given: Any) -> None:
            for option in shared:
                del given[option.name]
            # Whoever names a wrong format or file is told before the work and not behind it.
            check_output(given["ctx"])
            function(**given)

        command.__signature__ = own.replace(parameters=[*own.parameters.values(), *shared])  # type: ignore[attr-defined]
        # Typer takes all from the signature, and would evaluate these four times over.
        command.__annotations__ = {}
        return command

    return extend
