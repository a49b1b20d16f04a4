"""Measure how long papers for an office take, each command as a process, and how large the files are."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 7
MOPS = str(Path(sys.executable).with_name("mops"))
ANSWERS = str(Path(__file__).parents[1] / "tests" / "answers.yaml")
KIT = ("hire", "director", "--company", "Acme", "--bare", "--force", "-o")
COMMANDS = {
    "kit.docx": KIT,
    "kit.pdf": KIT,
    "kit.md": KIT,
    "plan.docx": ("plan", "director", "--answers", ANSWERS, "-o"),
    "plan.pdf": ("plan", "director", "--answers", ANSWERS, "-o"),
    "report.docx": ("report", "--answers", ANSWERS, "-o"),
    "report.pdf": ("report", "--answers", ANSWERS, "-o"),
}


def computed() -> float:
    """Return how many seconds of a core the programs have had so far that were started from here."""
    used = os.times()
    return used.children_user + used.children_system


def main() -> None:
    """Print the median time and the size of each file."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    work: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            for name, command in COMMANDS.items():
                start, before = time.perf_counter(), computed()
                subprocess.run(
                    [MOPS, *command, str(Path(folder, name))], stdout=subprocess.DEVNULL, check=True
                )
                times[name].append(time.perf_counter() - start)
                work[name].append(computed() - before)
        for name, values in times.items():
            size = Path(folder, name).stat().st_size / 1000
            median, computing = statistics.median(values), statistics.median(work[name])
            print(f"{name:12} {median:.2f} s, {computing:.2f} s of them on a core; {size:.0f} kB")


if __name__ == "__main__":
    main()
