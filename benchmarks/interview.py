"""Measure how long the next question takes, without the terminal and in one.

Without it: from an answer to the next question, the answer committed to the disk. In one: from a key to the next
question on the screen, in a pseudo-terminal of 80 columns and 24 rows.
"""

import os
import pty
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from fcntl import ioctl
from pathlib import Path
from struct import pack
from termios import TIOCSWINSZ

from mopscli.assessment.questionnaire import prepare
from mopscli.cli.ask import AssessmentGuide
from mopscli.knowledge import bundled_folder, load
from mopscli.person.store import Store

# Seconds between a question and the key that answers it: nobody is quicker.
READING = 0.1
MOPS = str(Path(sys.executable).with_name("mops"))


def main() -> None:
    """Answer every question once, by chance, and then in a terminal."""
    tell("without a terminal", answered_by_chance())
    tell("from key to next question in a pseudo-terminal", answered_by_keys())


def tell(what: str, times: Sequence[float]) -> None:
    """Print the median of some times in seconds, and the longest."""
    median, most = 1000 * statistics.median(times), 1000 * max(times)
    print(f"{what}: {len(times)} questions, median {median:.1f} ms, most {most:.1f} ms")


def answered_by_chance() -> list[float]:
    """Return the times from an answer to the next question."""
    knowledge = load(bundled_folder(), ("questions",))
    questionnaire = prepare(knowledge)
    roles = [knowledge.roles["head"], knowledge.roles["director"]]
    chance = random.Random(0)
    guide = AssessmentGuide(knowledge, questionnaire, roles, 0.05)
    given: dict[str, float | None] = {}
    times = []
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        number = store.begin(("head", "director"), "")
        asked = guide.next(given)
        while asked is not None:
            value = chance.choice(asked.choices).value
            start = time.perf_counter()
            store.answer(number, asked.key, value)
            given[asked.key] = value
            asked = guide.next(given)
            times.append(time.perf_counter() - start)
    return times


def answered_by_keys() -> list[float]:
    """Return the times from a key to the next question, in `mops assess --full` with one key for each answer."""
    chance = random.Random(0)
    with tempfile.TemporaryDirectory() as folder:
        variables = {"XDG_DATA_HOME": folder, "TERM": "xterm-256color"}
        process, terminal = pty.fork()
        if not process:
            os.execve(MOPS, [MOPS, "assess", "--full"], os.environ | variables)  # noqa: S606
        ioctl(terminal, TIOCSWINSZ, pack("HHHH", 24, 80, 0, 0))
        times, left = [], asked_in(terminal)
        while left:
            time.sleep(READING)
            start = time.perf_counter()
            os.write(terminal, chance.choice(b"123").to_bytes())
            left = asked_in(terminal)
            if left:
                times.append(time.perf_counter() - start)
            else:
                break
        os.waitpid(process, 0)
        os.close(terminal)
    return times


def asked_in(terminal: int) -> bool:
    """Wait for the next question, the line of keys below it included, and tell whether there was one."""
    shown = b""
    while not re.search(rb"Question \d+.* stop", shown, re.DOTALL):
        try:
            chunk = os.read(terminal, 1 << 16)
        except OSError:
            # The program has left the terminal.
            chunk = b""
        if not chunk:
            return False
        shown += chunk
    return True


if __name__ == "__main__":
    main()
