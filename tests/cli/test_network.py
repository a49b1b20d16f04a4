"""No command opens a connection."""

from pathlib import Path

import pytest

from program import run_code
from samples import ANSWERS

WATCHED = """
import sys
from mopscli.__main__ import main

def watch(event, _):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "urllib.Request"):
        print("NETWORK", event, file=sys.stderr, flush=True)

sys.addaudithook(watch)
main()
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ("compare", "head", "vp"),
        ("assess", "--answers", str(ANSWERS)),
        ("report", "--answers", str(ANSWERS), "-o", "report.html"),
        ("hire", "head", "-o", "kit"),
        ("questions", "--format", "xlsform", "-o", "form.xlsx"),
        ("batch", str(Path(__file__).parents[1] / "responses.csv"), "-o", "scores.xlsx"),
        ("sql",),
        ("history",),
        ("check",),
    ],
    ids=lambda arguments: arguments[0],
)
def test_no_connection(arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What people say about themselves could leave the machine."""
    monkeypatch.chdir(tmp_path)
    done = run_code(WATCHED, *arguments, XDG_DATA_HOME=str(tmp_path))
    assert "NETWORK" not in done.stderr
    assert done.returncode in (0, 1), done.stderr
