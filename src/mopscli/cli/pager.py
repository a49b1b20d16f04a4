"""What is longer than the screen, in the pager of the user."""

import os
import shlex
import shutil
import subprocess
from contextlib import suppress
from typing import Final, TextIO

# Leaves at once if all fits on the screen, shows colors, and leaves the text standing at its end.
LESS: Final = "-FRX"


def page_through(text: str, stream: TextIO) -> None:
    """Print a text on a terminal, through PAGER or else less if it is longer than the screen and there is one."""
    command = _pager() if text.count("\n") >= shutil.get_terminal_size().lines else []
    if not (command and _ran(command, text)):
        stream.write(text)


def _pager() -> list[str]:
    named = os.environ.get("PAGER", "").strip()
    try:
        command = shlex.split(named) if named else ["less", LESS]
    except ValueError:
        return []
    return command if shutil.which(command[0]) else []


def _ran(command: list[str], text: str) -> bool:
    """Run a pager, and tell whether it could be started; who leaves it early has seen enough."""
    environment = {"LESS": LESS, "LESSCHARSET": "utf-8", **os.environ}
    try:
        pager = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)  # noqa: S603
    except OSError:
        return False
    with pager:
        while pager.poll() is None:
            with suppress(BrokenPipeError, KeyboardInterrupt):
                # Ctrl-C is the pager's to take.
                pager.communicate(text.encode(errors="replace"))
    return True
