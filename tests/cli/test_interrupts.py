"""What signals do: a run cleans up, leaves the terminal as it was, and says nothing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from program import Terminal

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")

CODES = {"SIGINT": 130, "SIGQUIT": 130, "SIGTERM": 143, "SIGHUP": 143}


@pytest.mark.parametrize("delay", [0.008, 0.02, 0.035, 0.05, 0.08])
@pytest.mark.parametrize("name", CODES)
def test_at_the_start(name: str, delay: float) -> None:
    """Ctrl-C while modules are imported would print a traceback."""
    command = [sys.executable, "-c", "from mopscli.__main__ import main; print(flush=True); main()", "roles"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        time.sleep(delay)
        process.send_signal(getattr(signal, name))
        _, errors = process.communicate(timeout=30)
    assert b"Traceback" not in errors, errors
    # Before our first line, the system ends it.
    assert process.returncode in (0, CODES[name], -getattr(signal, name))


@pytest.mark.parametrize("name", [name for name in CODES if name != "SIGINT"])
def test_at_a_prompt(name: str, tmp_path: Path) -> None:
    """The terminal would show nothing of what is typed after the end, or an answer be lost."""
    import termios

    terminal = Terminal("assess", XDG_DATA_HOME=str(tmp_path), PROMPT_TOOLKIT_NO_CPR="1")
    terminal.read("Question 1")
    time.sleep(0.3)
    assert not termios.tcgetattr(terminal.ours)[3] & termios.ICANON
    terminal.send_signal(getattr(signal, name))
    deadline = time.monotonic() + 10
    while not termios.tcgetattr(terminal.ours)[3] & termios.ICANON and time.monotonic() < deadline:
        time.sleep(0.02)
    assert termios.tcgetattr(terminal.ours)[3] & termios.ICANON
    terminal.read()
    assert terminal.wait() == CODES[name]


def test_ignored_signals_stay_ignored() -> None:
    """Under nohup, a run would end with the terminal all the same."""
    code = "import signal, subprocess, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN);"
    code += "from mopscli.cli.interrupts import Interrupts; Interrupts();"
    code += "print(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_memory() -> None:
    """Where there is not enough memory, a traceback would tell so."""
    code = "from mopscli.cli import app\ndef full(*_): raise MemoryError\napp.program = full\napp.run()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "mops: there is not enough memory\n")
