"""Where answers come from and scores go to: names, links, pipes, devices and disks."""

import csv
import json
import os
import shlex
import stat
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from batches import GOOD, HEADER, SCORED, Process, Run, write_many
from mopscli.batch.intake import Intake
from mopscli.cli.app import program
from mopscli.survey.spreadsheet import open_workbook, write_rows
from people import read_csv
from program import pipe_mops, run_mops


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_scores_stay_private(batch: Run) -> None:
    """Scores that only their owner could read would be open to all after the next run."""
    Path("out.csv").write_text("old", "utf-8")
    Path("out.csv").chmod(0o600)
    assert batch(GOOD, "-o", "out.csv").exit_code == 0
    assert Path("out.csv").stat().st_mode & 0o777 == 0o600


def test_standard_input_is_not_written_over(process: Process) -> None:
    """`mops batch - -o f.csv < f.csv` would replace the answers by the scores."""
    source = Path("f.csv")
    source.write_text(GOOD, "utf-8")
    with source.open("rb") as stream:
        result = run_mops(*process("-", "-o", "f.csv"), stdin=stream)
    assert (result.returncode, source.read_text("utf-8")) == (2, GOOD)
    assert "FILE and -o are the same file" in result.stderr


NAMES = ("a[1]*'.csv", "a b.csv", '"q".csv', "ä?.csv", "-x.csv", "a;b--.csv", "%s{}.csv", "$HOME.csv")
KINDS = ("csv", "jsonl", "parquet", "xlsx")


@pytest.mark.parametrize(
    ("name", "kinds"),
    [("".join(NAMES), KINDS), *((name, (KINDS[place % 4],)) for place, name in enumerate(NAMES))],
)
def test_file_names(batch: Run, name: str, kinds: Sequence[str], tmp_path: Path) -> None:
    """A name would be taken for a pattern, an option or a piece of SQL, and another file be read or written."""
    for other in ("a1.csv", "aa.csv", "a1x'.csv", "äx.csv"):
        Path(other).write_text(HEADER + "other,0,0,1\n", "utf-8")
    path = tmp_path / name
    for kind in kinds:
        written = path.with_suffix(f".out.{kind}")
        result = batch(GOOD, "-o", str(written), name=str(path))
        assert result.exit_code == 0, result.output
        assert SCORED in " ".join(result.output.split())
        assert written.stat().st_size > 0
    with duckdb.connect() as connection:
        rows = "SELECT 'a' AS id, 4 AS writes, 5 AS edits, 1 AS quiet"
        connection.execute(f"COPY ({rows}) TO '{tmp_path / 'made.parquet'}'")
    parquet = Path("made.parquet").rename(tmp_path / f"{name}.parquet")
    scores = path.with_suffix(".out.csv")
    result = batch(None, "-o", str(scores), name=str(parquet))
    assert result.exit_code == 0, result.output
    assert [row["id"] for row in read_csv(scores)] == ["a"]


def test_same_file_in_and_out(batch: Run) -> None:
    """Scores in the place of their own answers would destroy these, or themselves while they are read."""
    result = batch(GOOD, "-o", "in.csv")
    after = Path("in.csv").read_text("utf-8")
    if result.exit_code:
        assert after == GOOD
    else:
        assert [row["id"] for row in read_csv("in.csv")] == ["a", "b", "c"]
    Path("link.csv").symlink_to("in.csv")
    result = batch(GOOD, "-o", "link.csv")
    assert Path("link.csv").is_symlink()


def test_rejects_over_something_else(batch: Run) -> None:
    """The list of rejects would overwrite the answers or the scores."""
    bad = GOOD + "d,9,1,1\n"
    result = batch(bad, "-o", "out.csv", "--rejects", "out.csv")
    assert result.exit_code == 2
    result = batch(bad, "-o", "out.csv", "--rejects", "in.csv")
    assert Path("in.csv").read_text("utf-8") == bad


def test_link_as_output(batch: Run) -> None:
    """A link in the place of the scores would be replaced by a file."""
    Path("real.csv").write_text("old", "utf-8")
    Path("out.csv").symlink_to("real.csv")
    assert batch(GOOD).exit_code == 0
    assert Path("out.csv").is_symlink()
    assert [row["id"] for row in read_csv("real.csv")] == ["a", "b", "c"]


def test_no_such_place(batch: Run, tmp_path: Path) -> None:
    """A folder that is not there, or is the file, would end in a traceback after a long wait."""
    (tmp_path / "folder.csv").mkdir()
    for output in ("none/out.csv", "folder.csv", "in.csv/out.csv", "out.txt", "out"):
        result = batch(GOOD, "-o", output)
        assert (result.exit_code, isinstance(result.exception, SystemExit)) == (2, True), output
    for source in ("none.csv", "folder.csv", ""):
        command = ["--data", "none", "batch", source, "-o", "out.csv"]
        assert CliRunner().invoke(program(), command).exit_code == 2
    result = batch(GOOD, "-o", "out.csv", "--rejects", "none/rejects.csv")
    assert result.exit_code == 2
    assert not Path("out.csv").exists()
    # Without a place, the summary is shown.
    assert batch(GOOD, "--strict").exit_code == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_unreadable_input(process: Process) -> None:
    """A file that may not be read would end in a traceback."""
    Path("in.csv").write_text(GOOD, "utf-8")
    Path("in.csv").chmod(0)
    done = run_mops(*process("in.csv", "-o", "out.csv"))
    assert (done.returncode, done.stderr) == (1, "in.csv: cannot be read: Permission denied\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into every folder")
def test_folder_that_may_not_be_written(process: Process) -> None:
    """A folder without the right to write would end in a traceback."""
    Path("in.csv").write_text(GOOD, "utf-8")
    Path("closed").mkdir(mode=0o500)
    done = run_mops(*process("in.csv", "-o", "closed/out.csv"))
    assert (done.returncode, "Permission denied" in done.stderr) == (1, True)
    assert "Traceback" not in done.stderr


def test_standard_input_and_output(batch: Run) -> None:
    """A pipe from one program to the next would break, or the summary stand among the scores."""
    result = batch(None, "-o", "-", name="-", stdin=GOOD.encode())
    assert result.exit_code == 0, result.output
    assert [row["id"] for row in csv.DictReader(result.stdout.splitlines())] == ["a", "b", "c"]
    assert f"standard input has {SCORED}" in result.stderr
    result = batch(None, "-o", "-", "--to", "jsonl", name="-", stdin=(GOOD + "d,9,1,1\n").encode())
    assert result.exit_code == 1
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["a", "b", "c"]
    assert "4 rows: 3 scored + 1 rejected." in result.stderr
    for content in (b"", b"\0"):
        assert batch(None, "-o", "-", name="-", stdin=content).exit_code == 1


def test_pipe_with_a_name(batch: Run, tmp_path: Path) -> None:
    """What a shell makes of <(...) would be read a second time, when it is empty."""
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_text, args=(GOOD,))
    writer.start()
    result = batch(None, name=str(tmp_path / "pipe"))
    writer.join(10)
    assert result.exit_code == 0, result.output
    assert [row["id"] for row in read_csv()] == ["a", "b", "c"]


def test_substituted_process(process: Process) -> None:
    """Scoring what a program writes, as in `mops batch <(...)`, would find nothing in it."""
    Path("in.csv").write_text(GOOD, "utf-8")
    # A shell gives these pipes to a process of its own.
    command = shlex.join([sys.executable, "-m", "mopscli", *process()])
    line = f"{command} <(cat in.csv) -o >(cat > got.csv) --to csv; sleep 0.2"
    done = subprocess.run(["/bin/bash", "-c", line], capture_output=True, text=True, check=False, timeout=30)
    if "cannot be written" not in done.stderr:
        assert [row["id"] for row in read_csv("got.csv")] == ["a", "b", "c"], done.stderr


def test_closed_pipe(process: Process) -> None:
    """`mops batch ... -o - | head -1` would end in a traceback, or head get nothing."""
    write_many(Path("in.csv"))
    done = pipe_mops(*process("in.csv", "-o", "-"), lines=1)
    assert done.stdout.startswith("id,verdict,role,")
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert done.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_device(process: Process) -> None:
    """A full disk would end in a traceback or, worse, in success."""
    Path("in.csv").write_text(GOOD, "utf-8")
    for to in ("csv", "jsonl", "parquet", "xlsx"):
        done = run_mops(*process("in.csv", "-o", "/dev/full", "--to", to))
        assert (done.returncode, "No space left on device" in done.stderr) == (1, True), (to, done.stderr)
        assert "Traceback" not in done.stderr
    with Path("/dev/full").open("wb") as full:
        done = run_mops(*process("in.csv", "-o", "-"), stdout=full)
    assert (done.returncode, "No space left" in done.stderr) == (1, True), done.stderr
    assert "Traceback" not in done.stderr
    assert Path("/dev/full").is_char_device()


def test_full_disk(process: Process) -> None:
    """On a disk that runs full the old scores would be gone, or half of the new ones stay."""
    disk = Path("disk")
    disk.mkdir()
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no small disk can be mounted here")
    try:
        (disk / "out.csv").write_text("old", "utf-8")
        write_many(Path("in.csv"))
        commands = [
            process("in.csv", "-o", str(disk / "out.csv"), "--to", to) for to in ("csv", "parquet", "xlsx")
        ]
        commands += [
            ("questions", "--format", "csv", "-o", str(disk / "out.csv")),
            ("init", str(disk / "ours")),
        ]
        for command in commands:
            if "batch" not in command:
                (disk / "rest").write_bytes(bytes(256_000))
            done = run_mops(*command)
            (disk / "rest").unlink(missing_ok=True)
            (disk / "ours").exists() and (disk / "ours").rmdir()
            assert done.returncode == 1, done.stderr
            assert "Traceback" not in done.stderr
            assert len(done.stderr.splitlines()) == 1
            assert (disk / "out.csv").read_text("utf-8") == "old"
            assert [file.name for file in disk.iterdir()] == ["out.csv"]
    finally:
        subprocess.run(["/bin/umount", str(disk)], check=True)


STRANGE = ["~", "file:x", "a*b", "a?[b]", "a\\b", "a\\*b", "[\\]", "{uuid}", "a'b", "\udcff", "%s"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("kind", ["csv", "parquet", "jsonl"])
@pytest.mark.parametrize("name", STRANGE)
def test_literal_names(process: Process, name: str, kind: str) -> None:
    """A file of another name would be read or written over: DuckDB has patterns, schemes and home folders."""
    folder = Path(name)
    folder.mkdir()
    content = {"csv": GOOD, "jsonl": '{"id":"a","writes":4,"edits":5,"quiet":1}\n', "parquet": GOOD}[kind]
    for number, place in enumerate((folder, Path(), Path("home") / "~")):
        place.mkdir(parents=True, exist_ok=True)
        file = place / f"in.{kind}"
        file.write_text(
            content if not number else content.replace('"a"', '"b"').replace("a,", "other,"), "utf-8"
        )
    if kind == "parquet":
        for place in (folder, Path()):
            source = (place / "in.parquet").rename("in.csv")
            duckdb.sql(
                f"COPY (FROM 'in.csv' WHERE id <> '{'b' if place == folder else ''}') TO 'made.parquet'"
            )
            source.unlink()
            Path("made.parquet").rename(place / "in.parquet")
    home = str(Path("home").absolute())
    done = run_mops(*process(f"{name}/in.{kind}", "-o", f"{name}/out.jsonl"), HOME=home)
    if name.isascii():
        assert done.returncode == 0, done.stderr
        assert json.loads((folder / "out.jsonl").read_text("utf-8").splitlines()[0])["id"] == "a"
    else:
        assert (done.returncode, "the name is not UTF-8 text" in done.stderr) == (1, True), done.stderr
        done = run_mops(*process(f"{name}/in.{kind}", "-o", "out.jsonl"), HOME=home)
        assert json.loads(Path("out.jsonl").read_text("utf-8").splitlines()[0])["id"] == "a", done.stderr
    assert not list(Path("home").glob("out*"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet", "xlsx"])
def test_scores_are_private(batch: Run, kind: str) -> None:
    """Others could read the scores of people, or those who were rejected and why."""
    before = os.umask(0o022)
    try:
        assert batch(GOOD + "d,9,9,9\n", "-o", f"out.{kind}").exit_code == 1
    finally:
        os.umask(before)
    names = (f"out.{kind}", "out.rejects.csv")
    assert [stat.S_IMODE(Path(name).stat().st_mode) for name in names] == [0o600, 0o600]


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_planted_link(batch: Run) -> None:
    """A link beside the scores that somebody else put there would let a file be written over that nobody named."""
    for named in ((), ("--rejects", "out.rejects.csv")):
        Path("mine").write_text("mine", "utf-8")
        Path("out.rejects.csv").unlink(missing_ok=True)
        Path("out.rejects.csv").symlink_to("mine")
        assert batch(GOOD + "d,9,9,9\n", "-o", "out.csv", *named).exit_code == 1
        assert (Path("mine").read_text("utf-8") == "mine") == (not named)
        assert "no option" in Path("out.rejects.csv").read_text("utf-8")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs /dev/zero")
def test_no_end(process: Process) -> None:
    """A device that never ends would fill the disk."""
    with Path("/dev/zero").open("rb") as zero:
        for name in ("/dev/zero", "-"):
            done = run_mops(*process(name, "--summary-only"), stdin=zero)
            assert (done.returncode, "does not end after 16 MB" in done.stderr) == (1, True), done.stderr


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx", "parquet"])
def test_changed_meanwhile(batch: Run, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is replaced while it is read would be scored by halves, and nobody be told."""
    duckdb.sql("SELECT 'a' AS id, 4 AS writes, 5 AS edits, 1 AS quiet").write_parquet("made.parquet")
    with open_workbook("made.xlsx") as book:
        write_rows(book, "one", [["id", "writes", "edits", "quiet"], ["a", 4, 5, 1]])
    Path("made.csv").write_text(GOOD, "utf-8")
    Path("made.jsonl").write_text('{"id":"a","writes":4,"edits":5,"quiet":1}\n', "utf-8")
    reject_twins = Intake._reject_twins

    def replaced(intake: Intake, *arguments: Any) -> None:
        reject_twins(intake, *arguments)
        Path("other").write_bytes(Path(f"made.{kind}").read_bytes())
        Path("other").replace(f"made.{kind}")

    monkeypatch.setattr(Intake, "_reject_twins", replaced)
    result = batch(None, "-o", "out.csv", name=f"made.{kind}")
    assert result.exit_code == 1
    assert f"made.{kind}: the file changed while it was read" in result.output
    assert not Path("out.csv").exists()
