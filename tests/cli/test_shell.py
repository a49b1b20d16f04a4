"""What all commands share: formats, refusals, and terminals of every kind."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mopscli.cli.app import program
from postings import POSTING
from program import Terminal, run_mops
from samples import ANSWERS, ROLES, WriteFolder

COMMANDS = [
    (),
    ("roles",),
    ("role", "head"),
    ("compare", "head", "director"),
    ("compare", "head", "director", "vp"),
    ("path", "specialist", "director"),
    ("path", "specialist", "director", "--all"),
    ("path", "head"),
    ("path", "cmo"),
    ("path", "director", "specialist"),
    ("skill",),
    ("skill", "leadership"),
    ("sources",),
    ("questions",),
    ("assess", "--answers", str(ANSWERS)),
    ("assess", "--answers", str(ANSWERS), "--explain", "--between", "head", "vp", "cmo"),
    ("path", "--from", "specialist", "--to", "director", "--answers", str(ANSWERS)),
    ("path", "--from", "director", "--to", "specialist", "--answers", str(ANSWERS)),
    ("plan", "director", "--answers", str(ANSWERS)),
    ("plan", "head", "--ready", "0", "--answers", str(ANSWERS)),
    ("plan", "vp", "--months", "12", "--all", "--answers", str(ANSWERS)),
    ("what-if", "--set", "leadership=5", "--role", "vp", "--answers", str(ANSWERS)),
    ("posting", str(POSTING), "--answers", str(ANSWERS), "--all", "--explain"),
    ("posting", str(POSTING), "--as", "manager"),
    ("posting", str(POSTING), "--audit"),
    ("check",),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_formats(command: tuple[str, ...]) -> None:
    """A command would not show its result in each of three formats, or write elsewhere too."""
    runner = CliRunner()
    table = runner.invoke(program(), command)
    text = runner.invoke(program(), [*command, "--format", "markdown"])
    data = runner.invoke(program(), [*command, "--json"])
    assert [result.exit_code for result in (table, text, data)] == [0, 0, 0]
    assert table.stdout.strip()
    assert text.stdout.startswith("# ") or command == ("check",)
    envelope = json.loads(data.stdout)
    assert list(envelope) == ["mops", "command", "data", "problems"]
    assert envelope["command"] == (command[0] if command else "welcome")
    assert data.stdout.isascii()
    assert not table.stderr + text.stderr + data.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("role", "hed"), 2, "No role is called 'hed'; did you mean 'head'?"),
        (("role", "nonsense"), 2, "'mops roles' lists them all."),
        (("role", "marketing"), 2, "could be any of: marketing-manager"),
        (("role", "focused"), 2, "could be any of: platform-manager, campaign-manager."),
        (("role", "\x1b[31m"), 2, "No role is called"),
        (("role", "head", "--section", "x"), 2, "No part is called 'x'. The parts are:"),
        (("compare", "head"), 2, "Name two roles or more, as in 'head associate'."),
        (
            ("compare", "head", "head"),
            2,
            "'head' means Head of Marketing Operations, which you have named already.",
        ),
        (("compare",), 2, "Name two roles or more, as in"),
        (("path", "head", "head"), 2, "You named Head of Marketing Operations twice."),
        (("skill", "leadrship"), 2, "did you mean 'leadership'?"),
        (("assess", "--answers", str(ANSWERS), "head"), 2, "Name two roles or more"),
        (("nonsense",), 2, "There is no command 'nonsense'"),
        (("roles", "--format", "odt"), 2, "'odt' is not one of"),
        (("--data", "/does/not/exist", "roles"), 2, "There is no folder '/does/not/exist'."),
        (("roles", "--data", "/does/not/exist"), 2, "There is no folder '/does/not/exist'."),
        (("check", "/does/not/exist"), 2, "There is no folder '/does/not/exist'."),
        (("init", ""), 2, "Name a folder, as in 'mops init my-knowledge'."),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], code: int, message: str) -> None:
    """A mistyped command would be answered with a traceback, or without saying what to do."""
    result = run_mops(*arguments)
    assert result.returncode == code
    assert message in result.stderr
    assert result.stdout == ""
    assert "\x1b" not in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "roles.yaml: the file is empty"),
        (None, "roles.yaml: cannot be read: No such file or directory"),
        ("directory", "roles.yaml: cannot be read: Is a directory"),
        (b"roles: {}", "roles.yaml:1:1: the file: 'sources' is missing"),
    ],
)
def test_unusable_folder(content: bytes | str | None, message: str, tmp_path: Path) -> None:
    """A folder that cannot be used would be half used, or refused without the reason."""
    if isinstance(content, bytes):
        (tmp_path / "roles.yaml").write_bytes(content)
    elif content:
        (tmp_path / "roles.yaml").mkdir()
    for command in (("roles",), ("compare", "a", "b")):
        result = run_mops("--data", str(tmp_path), *command)
        assert (result.returncode, result.stdout) == (1, "")
        assert message in result.stderr
    checked = run_mops("check", str(tmp_path))
    assert (checked.returncode, checked.stderr) == (1, f"1 problem in {tmp_path}\n")
    assert message in checked.stdout
    data = run_mops("roles", "--json", MOPS_DATA=str(tmp_path))
    assert json.loads(data.stdout)["data"] is None
    assert message.rpartition(": ")[2] in json.loads(data.stdout)["problems"][0]["message"]


def test_evil_knowledge(write_folder: WriteFolder) -> None:
    """Text from knowledge would be obeyed as markup or as an escape, in some format or message."""
    evil = "'[bold]x[/] <b> `x` *y* :smile:'"
    roles = ROLES.replace("Writes the texts.", evil)
    folder = write_folder(roles)
    for arguments in (("role", "author"), ("role", "author", "-f", "markdown"), ("role", "author", "--json")):
        result = run_mops("--data", str(folder), *arguments)
        assert result.returncode == 0
        assert "\x1b" not in result.stdout
        assert ":smile:" in result.stdout
        assert "[bold]x" in result.stdout.replace("\\\\", "").replace("\\[", "[").replace("\\]", "]")
    (folder / "roles.yaml").write_text(roles.replace("book:", r'"\e[31m":', 1), "utf-8")
    assert "\x1b" not in run_mops("check", str(folder)).stdout


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
        {"LANG": "C"},
        {"TERM": "dumb"},
        {"NO_COLOR": "1"},
        {"COLUMNS": "40"},
        {"COLUMNS": "1"},
        {"COLUMNS": "x"},
        {"COLUMNS": "0"},
        {"COLUMNS": "500"},
    ],
    ids=str,
)
def test_poor_terminals(environment: dict[str, str]) -> None:
    """On a poor terminal the screen would be unreadable, or the program fail."""
    result = run_mops("compare", "head", "director", **environment)
    assert (result.returncode, result.stderr) == (0, "")
    assert "everything, with its sources" in " ".join(result.stdout.split())
    assert "\x1b" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 100


@pytest.mark.parametrize(
    ("environment", "told", "not_told"),
    [({}, "\x1b[", "\0"), ({"NO_COLOR": "1"}, "", "\x1b[3"), ({"TERM": "dumb"}, "", "\x1b")],
    ids=str,
)
def test_colors(environment: dict[str, str], told: str, not_told: str) -> None:
    """A terminal with colors would get none, or one would get them that has none or wants none."""
    terminal = Terminal("compare", "head", "director", **environment)
    shown = terminal.read()
    assert terminal.wait() == 0
    assert told in shown
    assert not_told not in shown


def test_any_script_on_any_terminal(write_folder: WriteFolder) -> None:
    """Letters that a terminal cannot show would end the program."""
    folder = write_folder(ROLES.replace("Staff Author", "Zoë 編集"))
    for encoding, start in (("ascii", "Zo? ??"), ("utf-8", "Zoë 編集")):
        result = run_mops("role", "author", "--data", str(folder), PYTHONIOENCODING=encoding)
        assert (result.returncode, result.stderr) == (0, "")
        assert result.stdout.startswith(start)


@pytest.mark.parametrize("character", ["\x7f", "\ufeff", "\x9b", "\x1b[31m", "\u202e", "\u2028", "\x07"])
@pytest.mark.parametrize(
    "command",
    [
        ("sql", "--id"),
        ("sql", "--table"),
        ("hire", "director", "--company"),
        ("hire", "director", "--set", "company="),
        ("calibrate", "none.csv", "--group"),
        ("assess", "--for-other"),
    ],
    ids=" ".join,
)
def test_names_with_control_characters(command: tuple[str, ...], character: str) -> None:
    """A name would reach the terminal as an escape sequence, or be written where the next run refuses it."""
    *before, last = command
    name = f"A{character}b"
    arguments = [*before, f"{last}{name}"] if last.endswith("=") else [*command, name]
    result = CliRunner().invoke(program(arguments), arguments)
    assert result.exit_code == 2
    assert character not in result.output
    assert "holds a control character" in " ".join(result.output.split())
