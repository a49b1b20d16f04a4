"""The options that commands share, before a command or behind it, and what the Tab key completes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mopscli.cli.app import program
from program import run_mops
from samples import RESPONSES, WriteFolder


def test_format_in_front_of_the_command() -> None:
    """`mops --json roles` would ignore --json."""
    result = CliRunner().invoke(program(), ["--json", "roles"])
    assert json.loads(result.stdout)["command"] == "roles"


@pytest.mark.parametrize(
    ("name", "start"),
    [("page.html", "<!DOCTYPE html>"), ("page.md", "# "), ("page.json", "{"), ("page.txt", "Head")],
)
@pytest.mark.parametrize("command", [("compare", "head", "director"), ("role", "head")], ids=" ".join)
def test_name_of_the_file_says_the_format(
    command: tuple[str, ...], name: str, start: str, tmp_path: Path
) -> None:
    """-o would write another format than the file's name says, or colors where a terminal has them."""
    target = tmp_path / name
    result = run_mops(*command, "-o", str(target), FORCE_COLOR="1")
    assert result.returncode == 0
    assert result.stdout + result.stderr == (
        f"Written to {target}.{' Open it in a browser.' if name == 'page.html' else ''}\n"
    )
    text = target.read_text("utf-8")
    assert text.startswith(start)
    assert "\x1b" not in text


def test_any_command_writes_a_file(tmp_path: Path) -> None:
    """The first screen, a summary or a file to fill in could only be had on standard output."""
    for number, command in enumerate(((), ("batch", str(RESPONSES), "--summary-only"), ("sources",))):
        target = tmp_path / f"{number}.html"
        assert run_mops(*command, "-o", str(target)).returncode == 0
        assert target.read_text("utf-8").startswith("<!DOCTYPE html>")
    for command in (("questions", "--template"), ("team", "--template")):
        # It is no page, so it may be called anything.
        target = tmp_path / "answers.yaml"
        assert run_mops(*command, "-o", str(target)).returncode == 0
        assert target.read_text("utf-8") == run_mops(*command).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("compare", "head", "vp", "-o", "x.html", "--json"),
            "'x.html' ends like html, and the format is json.",
        ),
        (("roles", "-o", "x.odt"), "'x.odt' should end in .txt, .md"),
        (("roles", "-o", "no/where/x.md"), "there is no folder"),
        (("roles", "-o", "."), "is a folder. Name a file in it."),
        (("-o", "x.md", "roles"), "Give -o behind the command that it is for."),
        (("team", "-o", "x.md", "map", str(RESPONSES)), "Give -o behind the command that it is for."),
        (("report", "--answers", "me.json", "-o", "me.json"), "-o would write over 'me.json'"),
        (("batch", "me.json", "--summary-only", "-o", "me.json"), "-o would write over 'me.json'"),
        (("batch", str(RESPONSES), "--summary-only", "-o", "x.csv"), "--summary-only writes no scores"),
        (("questions", "--format", "xlsform", "-o", "x.csv"), "'x.csv' should end in .xlsx."),
        (("hire", "head", "-o", "kit.txt"), "'kit.txt' is to be a folder."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_file(
    arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file would be written that nobody meant, or one that is read be lost."""
    monkeypatch.chdir(tmp_path)
    Path("me.json").write_text("{}", "utf-8")
    result = run_mops(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert said in " ".join(result.stderr.split())
    assert [path.read_text("utf-8") for path in tmp_path.iterdir()] == ["{}"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("mops role di", "director"),
        ("mops compare head dir", "director"),
        ("mops path spec", "specialist"),
        ("mops skill lead", "lead-management leadership"),
        ("mops role head --section ti", "time"),
    ],
)
def test_completion(words: str, expected: str) -> None:
    """The Tab key would not know a role, a skill or a part."""
    count = len(words.split())
    result = run_mops(_MOPS_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=str(count - 1))
    assert result.stdout.split() == expected.split()


def test_completion_of_own_knowledge(write_folder: WriteFolder, tmp_path: Path) -> None:
    """Completion would not know one's own roles, or complain of a broken folder in mid-line."""
    words = f"mops --data {write_folder()} role au"
    result = run_mops(_MOPS_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD="4")
    assert result.stdout.split() == ["author"]
    (tmp_path / "roles.yaml").write_text("roles: [")
    result = run_mops(_MOPS_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD="4")
    assert (result.stdout.split(), result.stderr) == ([], "")
