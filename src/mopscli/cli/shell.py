"""What commands share: the program they belong to, and how they read, find, show and refuse."""

import errno
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, TextIO, cast, get_args

import typer

from mopscli.cli.commands import Commands
from mopscli.formats import ENDINGS, MAKERS, Format, Output, content, is_installed, write
from mopscli.problem import ProblemsFound, UnknownName
from mopscli.text import clean

if TYPE_CHECKING:
    from mopscli.assessment.questionnaire import Choices, Questionnaire
    from mopscli.knowledge import Knowledge, Named
    from mopscli.knowledge.entries import Role
    from mopscli.page import Page
    from mopscli.person.store import Saved, Store
    from mopscli.problem import Problem

NOTHING_SAVED: Final = (
    "Nothing is saved yet. Answer the questions with 'mops assess', or give answers with --answers FILE."
)
NO_SCREEN: Final = (
    "Word and PDF go into a file, never on a screen. Name it with -o, as in -o plan.docx or -o plan.pdf."
)
NOT_INSTALLED: Final = (
    "Word and PDF need packages that are not installed. Run: pip install '.[office]' in the folder of the "
    "repository."
)
PLAIN_HELP: Final[Mapping[str, Any]] = {
    # Without markup, help is plain text that fits every terminal and does not load rich.
    "rich_markup_mode": None,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}

app = typer.Typer(name="mops", cls=Commands, pretty_exceptions_enable=False, **PLAIN_HELP)


def check_place(target: Path | None) -> Path | None:
    """Refuse a file that cannot be written where it is to be."""
    if target is not None and target.is_dir():
        raise typer.BadParameter(clean(f"'{target}' is a folder. Name a file in it."))
    if target is not None and target.is_symlink() and _leads_nowhere(target):
        raise typer.BadParameter(clean(f"'{target}' is a link that leads back to itself. Name a file."))
    if target is not None and not target.absolute().parent.is_dir():
        raise typer.BadParameter(
            clean(f"'{target}' cannot be written: there is no folder '{target.parent}'.")
        )
    return target


def _leads_nowhere(link: Path) -> bool:
    try:
        link.stat()
    except FileNotFoundError:
        # A file can be made where it leads.
        return False
    except OSError as error:
        return error.errno == errno.ELOOP
    return False


def check_output(ctx: typer.Context) -> None:
    """Refuse a format or a file for the page that this command cannot use."""
    form = format_in_use(ctx)
    target: Path | None = ctx.params.get("output")
    if target is None and form in MAKERS and ctx.invoked_subcommand is None and "papers" not in ctx.params:
        raise typer.BadParameter(NO_SCREEN)
    check_maker(form)
    if target is None:
        return
    if ctx.invoked_subcommand is not None:
        raise typer.BadParameter("Give -o behind the command that it is for.")
    for name, read in ctx.params.items():
        if name != "output" and isinstance(read, (str, Path)) and _same_file(target, read):
            raise typer.BadParameter(
                clean(f"-o would write over '{read}', which is read. Name another file.")
            )


def check_maker(form: Format) -> None:
    """Refuse a format whose package is not installed, and say how it is."""
    if not is_installed(form):
        raise typer.BadParameter(NOT_INSTALLED)


def _same_file(one: Path, other: str | Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False


def read_answers_in(ctx: typer.Context, questionnaire: "Questionnaire", source: str) -> dict[str, float]:
    """Return the answers of one person in a file, or in standard input for `-`."""
    from mopscli.assessment.questionnaire import choices_of

    return read_choices_in(ctx, choices_of(questionnaire), source, "mops questions --template")


def read_choices_in(ctx: typer.Context, choices: "Choices", source: str, template: str) -> dict[str, float]:
    """Return the answers in a file, or in standard input for `-`; `template` is the command that makes a file."""
    from mopscli.assessment.answers import read_answers
    from mopscli.knowledge.reader import MAX_BYTES

    if source == "-" and sys.stdin is None:
        raise typer.BadParameter("Standard input is closed. Give the answers with --answers FILE.")
    if source != "-" and not Path(source).exists():
        raise typer.BadParameter(clean(f"There is no file '{source}'. '{template}' makes one."))
    path = None if source == "-" else Path(source)
    content = b"" if path else sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise typer.BadParameter(f"Standard input is larger than {MAX_BYTES // 1_000_000} MB.")
    with Refusing(ctx):
        return read_answers(choices, path, content)


def _contexts(ctx: typer.Context) -> Iterator[Any]:
    """Yield the context of a command, and then of those before it on the command line."""
    context: Any = ctx
    while context is not None:
        yield context
        context = context.parent


def folder_in_use(ctx: typer.Context) -> Path:
    """Return the folder in use: named after the command, before it, in MOPS_DATA, or the bundled one."""
    from mopscli.knowledge import bundled_folder

    given = ctx.params.get("folder") or next(
        (some.params["data"] for some in _contexts(ctx) if some.params.get("data")), None
    )
    if given and not Path(given).is_dir():
        raise typer.BadParameter(clean(f"There is no folder '{given}'. 'mops init DIR' makes one."))
    return Path(given) if given else bundled_folder()


def load_knowledge(ctx: typer.Context, *files: str) -> "Knowledge":
    """Return the knowledge in use, or say what is wrong with it and leave."""
    from mopscli.knowledge import load

    with Refusing(ctx):
        return load(folder_in_use(ctx), files)


class Refusing:
    """A block after which the program leaves with exit code 1, having said what is wrong, if problems are found."""

    def __init__(self, ctx: typer.Context) -> None:
        self.ctx = ctx

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, ProblemsFound):
            refuse(self.ctx, error.problems)


def refuse(ctx: typer.Context, problems: "Sequence[Problem]") -> NoReturn:
    """Say what is wrong, and leave with exit code 1."""
    say(problems, sys.stderr)
    if format_in_use(ctx) == "json" and ctx.params.get("output") is None:
        show(ctx, None, None, problems)
    raise typer.Exit(1)


def format_in_use(ctx: typer.Context) -> Format:
    """Return the format that was asked for, behind the command or in front of it, or by the name of the file."""
    output: Path | None = ctx.params.get("output")
    ending = output.suffix.lower() if output else ""
    for context in _contexts(ctx):
        source = context.get_parameter_source("format_")
        asked = "json" if context.params.get("json_") else context.params.get("format_")
        if asked == "json" or (source is not None and source.name == "COMMANDLINE"):
            if asked in get_args(Format) and ENDINGS.get(ending, asked) != asked:
                raise typer.BadParameter(
                    clean(f"'{output}' ends like {ENDINGS[ending]}, and the format is {asked}. Change one.")
                )
            return cast("Format", asked)
    # A template is no page, and has the name that one likes.
    if output and ending not in ENDINGS and not ctx.params.get("template"):
        raise typer.BadParameter(
            clean(f"'{output.name}' should end in {', '.join(ENDINGS)}. Or name a --format.")
        )
    return ENDINGS.get(ending, "table")


def find_role(knowledge: "Knowledge", name: str) -> "Role":
    """Return the role that a name means."""
    return find_entry(name, knowledge.roles, "mops roles")


def find_roles(knowledge: "Knowledge", names: Sequence[str]) -> "list[Role]":
    """Return two different roles or more."""
    if not names:
        raise typer.BadParameter(
            "Name two roles or more, as in 'head director'. 'mops roles' lists them all."
        )
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

    try:
        return find_named(name, known)
    except UnknownName as error:
        if error.matches and is_terminal():
            from mopscli.cli.prompt import choose

            chosen: Named = choose(f"Which {name}?", [(known[key].name, known[key]) for key in error.matches])
            return chosen
        raise typer.BadParameter(clean(f"{error} '{listing}' lists them all.")) from None


def is_brief(ctx: typer.Context) -> bool:
    """Tell whether a page is to be shown in brief: on the screen, and nothing more was asked for."""
    asked = (ctx.params.get(name) for name in ("show_all", "part", "section", "explain", "output", "by"))
    return "no_pager" in ctx.params and not any(asked) and format_in_use(ctx) == "table"


def _as_asked(ctx: typer.Context, page: "Page") -> "Page":
    """Return a page in brief, in whole, or those parts of it that were asked for."""
    answers = ctx.params.get("answers")
    if answers is not None and answers != "-":
        page = page.with_answers(answers)
    if is_brief(ctx):
        from shlex import join

        typed = [word for word in sys.argv[1:] if word != "--no-pager"]
        return page if page.more else page._replace(more=join(["mops", *typed, "--all"]))
    page = page._replace(more="")
    if not (parts := ctx.params.get("part")):
        return page
    try:
        return page.only(parts)
    except LookupError as error:
        known = "; ".join(dict.fromkeys(page.headings)) or "none"
        raise typer.BadParameter(
            clean(f"No part begins with '{error.args[0]}'. The parts are: {known}."), param_hint="--section"
        ) from None


def show(
    ctx: typer.Context,
    result: Any,
    page: "Page | None",
    problems: "Sequence[Problem]" = (),
    *,
    to_stderr: bool = False,
    form: Format | None = None,
) -> None:
    """Show a result in the format that was asked for, on a stream or in a file; without a page, as JSON."""
    page = page if page is None else _as_asked(ctx, page)
    command = ctx.command_path.partition(" ")[2] or "welcome"
    shown, form = Output(command, result, page, problems), form or format_in_use(ctx)
    if (target := ctx.params.get("output")) is not None:
        from mopscli.atomic import write_whole

        write_whole(target, content(shown, form), private=page is None or page.personal)
        how = " Open it in a browser." if form == "html" else ""
        # Standard output is for JSON alone where somebody asks for JSON.
        say([f"Written to {target}.{how}"], sys.stderr if form == "json" else sys.stdout)
    elif form == "docx" or form == "pdf":
        raise typer.BadParameter(NO_SCREEN)
    elif (stream := sys.stderr if to_stderr else sys.stdout) is not None:
        never_fail_on_encoding(stream)
        if form == "table" and stream.isatty() and page is not None and not ctx.params.get("no_pager"):
            from mopscli.cli.pager import page_through
            from mopscli.formats.terminal import page_text

            page_through(page_text(page, stream), stream)
        else:
            write(shown, form, stream)
        stream.flush()


def write_text(ctx: typer.Context, text: str) -> None:
    """Print a text as it is, or write it to the file that -o names."""
    if (target := ctx.params.get("output")) is not None:
        from mopscli.atomic import write_whole

        write_whole(target, text, private=False)
        say([f"Written to {target}."], sys.stdout)
    else:
        never_fail_on_encoding(sys.stdout)
        print(text, end="")


def say(lines: Iterable[object], stream: TextIO | None) -> None:
    """Print lines as they are, none of them able to steer a terminal; without a stream, say nothing."""
    if stream is None:
        return
    never_fail_on_encoding(stream)
    for line in lines:
        print(clean(str(line)), file=stream)
    stream.flush()


def is_terminal() -> bool:
    """Tell whether somebody can be asked: both standard input and standard output are a terminal."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stdout.isatty())


def never_fail_on_encoding(stream: TextIO) -> None:
    """Let a stream print a question mark for what it cannot."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")


@contextmanager
def open_store() -> "Iterator[Store]":
    """Open the saved assessments; if that fails, say so and leave with exit code 1."""
    from mopscli.person.store import Store, user_folder

    with failing_plainly():
        yield Store(user_folder())


@contextmanager
def failing_plainly() -> "Iterator[None]":
    """Leave with exit code 1 if the saved assessments cannot be used, and say why."""
    from mopscli.person.store import Failed

    try:
        yield
    except Failed as error:
        say([f"mops: your saved assessments cannot be used: {error}"], sys.stderr)
        raise typer.Exit(1) from None


def saved_assessments() -> "tuple[Saved, ...]":
    """Return every saved assessment, newest first."""
    with open_store() as store:
        return store.all()


def own_assessment(number: int | None, questions: int, about: str = "") -> "Saved":
    """Return the assessment that has a number, or the newest finished one, and say on standard error which.

    One that is under way is taken only where none is finished. `questions` is how many there are, `about` whom they
    are about, oneself without a name.
    """
    if number is not None:
        chosen = saved_assessment(number)
        say([_which(chosen, questions)], sys.stderr)
        return chosen
    own = [saved for saved in saved_assessments() if saved.about == about and saved.answers]
    if not own:
        raise typer.BadParameter(NOTHING_SAVED)
    chosen = next((saved for saved in own if saved.finished), own[0])
    told = _which(chosen, questions)
    if chosen is not own[0]:
        told += f" Number {own[0].id} is newer and not finished; --id {own[0].id} takes it."
    elif longer := next((one for one in own if one.finished and _answered(one) > _answered(chosen)), None):
        told += f" Number {longer.id} has more answers; --id {longer.id} takes it."
    say([told], sys.stderr)
    return chosen


def _which(saved: "Saved", questions: int) -> str:
    return f"Assessment {saved.id} of {saved.started[:10]}, {_answered(saved)} of {questions} answered."


def _answered(saved: "Saved") -> int:
    return sum(value is not None for value in saved.answers.values())


def saved_assessment(number: object) -> "Saved":
    """Return the saved assessment that has a number, or refuse it."""
    saved = next((some for some in saved_assessments() if str(some.id) == str(number)), None)
    if saved is None:
        raise typer.BadParameter(f"There is no assessment {number}. 'mops history' lists them.")
    return saved


def answers_named(ctx: typer.Context, questionnaire: "Questionnaire", text: str) -> "Mapping[str, float]":
    """Return the answers of a saved assessment, by its number, or those in a file."""
    from mopscli.assessment.answers import saved_answers

    if not text.isdecimal() or Path(text).exists():
        return read_answers_in(ctx, questionnaire, text)
    return saved_answers(questionnaire, saved_assessment(text).answers)[0]
