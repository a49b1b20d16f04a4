"""The options that commands share, before a command or behind it, and what the Tab key completes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mopscli.cli.app import program
from program import run_mops
from samples import WriteFolder


def test_format_in_front_of_the_command() -> None:
    """`mops --json roles` would ignore --json."""
    result = CliRunner().invoke(program(), ["--json", "roles"])
    assert json.loads(result.stdout)["command"] == "roles"


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
