"""What tests of `mops batch` share: a small knowledge folder, and the command on a file."""

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from batches import Process, Run
from mopscli.cli.app import program
from samples import SCORED_QUESTIONS, write_knowledge


@pytest.fixture(scope="session")
def knowledge_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small knowledge folder with three questions."""
    return write_knowledge(tmp_path_factory.mktemp("knowledge"), questions=SCORED_QUESTIONS)


@pytest.fixture(autouse=True)
def _opened_once(shared_duckdb: None) -> None:
    """Do not open a DuckDB for each small file."""


@pytest.fixture
def batch(knowledge_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs `mops batch` in an empty folder, on a file of this content."""
    monkeypatch.chdir(tmp_path)

    def run(content: str | bytes | None, *arguments: str, name: str = "in.csv", stdin: bytes = b"") -> Result:
        if content is not None:
            Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
        command = ["--data", str(knowledge_folder), "batch", name, *(arguments or ("-o", "out.csv"))]
        return CliRunner().invoke(program(), command, input=stdin, env={"COLUMNS": "100"})

    return run


@pytest.fixture
def process(knowledge_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Process:
    """Return a function that returns the arguments of a process, which is to run in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: ("--data", str(knowledge_folder), "batch", *arguments)
