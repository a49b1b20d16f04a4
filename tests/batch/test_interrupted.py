"""The end before the end: a kill, a signal, Ctrl-C."""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from batches import GOOD, Process, Run, write_many
from mopscli.batch import scores
from people import read_csv
from program import start_mops


def test_interrupted_at_the_end(batch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while the group is summed up would leave new scores where one believes the old ones."""
    Path("out.csv").write_text("old", "utf-8")

    def stop(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(scores, "sum_up", stop)
    assert batch(GOOD, "-o", "out.csv").exit_code == 130
    assert Path("out.csv").read_text("utf-8") == "old"
    assert sorted(path.name for path in Path().iterdir()) == ["in.csv", "out.csv"]


@pytest.mark.parametrize("old", [b"old", None])
@pytest.mark.parametrize("number", range(4))
def test_killed(process: Process, tmp_path: Path, old: bytes | None, number: int) -> None:
    """A crash in the middle would leave half of the scores where the old ones were."""
    write_many(Path("in.csv"), 20_000)
    target = Path("out.csv")
    if old is not None:
        target.write_bytes(old)
    with Path(os.devnull).open("r+b") as nothing:
        files = (nothing, nothing, nothing)
        running = start_mops(*process("in.csv", "-o", "out.csv"), files=files, TMPDIR=str(tmp_path))
    time.sleep(random.Random(f"{old!r} {number}").uniform(0.02, 0.4))
    running.send_signal(signal.SIGKILL)
    running.wait()
    if target.exists() and target.read_bytes() != old:
        assert len(read_csv(target)) == 20_000
    elif old is not None:
        assert target.read_bytes() == old
    # What a crash leaves behind can be told from scores.
    left = [file.name for file in tmp_path.iterdir() if file.suffix in (".csv", ".jsonl") and file.is_file()]
    assert set(left) <= {"in.csv", "out.csv"}


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_interrupted(process: Process, tmp_path: Path, name: str) -> None:
    """Ctrl-C would end in a traceback, in success, or in files that nobody needs."""
    write_many(Path("in.csv"), 400_000)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with Path(os.devnull).open("r+b") as nothing, Path("errors").open("w+b") as errors:
        files = (nothing, nothing, errors)
        running = start_mops(*process("in.csv", "-o", "out.csv"), files=files, TMPDIR=str(temporary))
        # The table of answers is there when it has begun to read.
        for _ in range(1000):
            if any(temporary.glob("*/replies.duckdb")):
                break
            time.sleep(0.01)
        time.sleep(0.05)
        running.send_signal(getattr(signal, name))
        code, _ = running.wait()
    if name == "SIGINT":
        assert code == 130, Path("errors").read_text()
    else:
        assert code in (130, 143), Path("errors").read_text()
    # What it holds is personal.
    assert list(temporary.iterdir()) == []
    assert "Traceback" not in Path("errors").read_text()
    assert [file.name for file in tmp_path.iterdir() if file.suffix] == ["in.csv"]
