"""Hostile arguments, files and folders: each gets one plain message, and nothing that steers a terminal."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from program import run_mops
from samples import ANSWERS

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions and names")
# A byte that is no text, as Python hands it over.
BYTE = "\udcff"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("forget", "9223372036854775808"), "There is no assessment 9223372036854775808."),
        (("team", "--want", "head", "--budget", "1" * 5000), "is no amount of money a year"),
        (("hire", "head", "--company", BYTE), "holds bytes that are no text"),
        (("hire", "head", "--set", f"company=a{BYTE}"), "holds bytes that are no text"),
        (("assess", "--for-other", BYTE), "holds bytes that are no text"),
        (("report", "--name", f"Sam{BYTE}", "--answers", str(ANSWERS)), "holds bytes that are no text"),
        (("report", "--name", "Sam\x1b[31m", "--answers", str(ANSWERS)), "holds a control character"),
        (("card", "--name", "Sam\x1b[31m", "--answers", str(ANSWERS)), "holds a control character"),
        (("role", "head", "--section", "a\x1b[31m"), "No part is called 'a\ufffd[31m'."),
        (("compare", "head", "vp", "--section", "a\x1b[31m"), "No part is called 'a\ufffd[31m'."),
    ],
)
def test_arguments(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    """A strange argument would end in a traceback, or steer the terminal."""
    done = run_mops(*arguments, XDG_DATA_HOME=str(tmp_path))
    assert done.returncode == 2, done.stderr
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr


@posix
@pytest.mark.parametrize(
    "arguments",
    [
        ("compare", "head", "vp", "-o", "loop.md"),
        ("batch", "in.csv", "-o", "loop.csv"),
        ("batch", "in.csv", "-o", "out.csv", "--rejects", "loop.csv"),
        ("questions", "--format", "csv", "-o", "loop.csv"),
        ("hire", "head", "-o", "loop.csv"),
    ],
)
def test_loop_of_links(arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link that leads back to itself would end in a traceback."""
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text("id\n1\n", "utf-8")
    for name in ("loop.md", "loop.csv"):
        Path(name).symlink_to(name)
    done = run_mops(*arguments)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "is a link that leads back to itself" in " ".join(done.stderr.split())


def test_completion_without_the_folder(tmp_path: Path) -> None:
    """Whoever presses Tab would get a traceback where MOPS_DATA names no folder."""
    variables = {"_MOPS_COMPLETE": "complete_bash", "COMP_WORDS": "mops role he", "COMP_CWORD": "2"}
    done = run_mops("role", MOPS_DATA=str(tmp_path / "none"), **variables)
    assert "Traceback" not in done.stderr


def test_folder_in_place_of_a_file(tmp_path: Path) -> None:
    """It would be called by the number of a descriptor: "mops: 3: Is a directory"."""
    (tmp_path / "ours" / "roles.yaml").mkdir(parents=True)
    done = run_mops("init", str(tmp_path / "copy"), "--data", str(tmp_path / "ours"))
    assert done.returncode == 1
    assert done.stderr.endswith("roles.yaml: Is a directory\n")


def test_too_much_on_standard_input() -> None:
    """What is beyond 4 MB would be dropped, and the rest be taken for all answers."""
    content = ANSWERS.read_text("utf-8") + "\n#" + "x" * 4_000_000 + "\nleadership: 9\n"
    done = run_mops("assess", "--answers", "-", stdin=content)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Standard input is larger than 4 MB." in done.stderr


@posix
def test_papers_about_a_candidate(tmp_path: Path) -> None:
    """Others could read a candidate's scorecard, in a new folder or in the place of an older one."""
    for folder in (tmp_path / "new", tmp_path / "old"):
        if folder.name == "old":
            assert run_mops("hire", "head", "-o", str(folder)).returncode == 0
            assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in folder.iterdir()} == {0o044}
        done = run_mops("hire", "head", "-o", str(folder), "--for", str(ANSWERS), "--force")
        assert done.returncode == 0, done.stderr
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


@posix
def test_damaged_store(tmp_path: Path) -> None:
    """A damaged file of assessments could not be forgotten, and team.yaml would stay."""
    folder = tmp_path / "mops"
    folder.mkdir()
    (folder / "assessments.sqlite3").write_bytes(b"SQLite format 3" + b"x" * 9000)
    (folder / "team.yaml").write_text("people: 5\n", "utf-8")
    done = run_mops("history", XDG_DATA_HOME=str(tmp_path))
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    done = run_mops("forget", "--all", XDG_DATA_HOME=str(tmp_path))
    assert (done.returncode, done.stdout[:26]) == (0, "Forgotten: a damaged file "), done.stderr
    assert not list(folder.iterdir())


def test_no_home() -> None:
    """For a user without a home folder, commands would end in a traceback."""
    code = (
        "import os, pwd, sys\n"
        "def none(*_): raise KeyError('uid')\n"
        "os.environ.pop('HOME', None), os.environ.pop('XDG_DATA_HOME', None)\n"
        "pwd.getpwuid = none\n"
        "os.getuid = lambda: 12345\n"
        "sys.argv = ['mops', 'history']\n"
        "from mopscli.__main__ import main\nmain()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    assert "there is no home folder" in done.stderr
