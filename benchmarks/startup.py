"""Measure how long commands take beside importing the libraries they stand on, in one run on one machine.

Each round times every command once, one after the other, so that a busy moment hits all of them alike.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 41
PYTHON = sys.executable
MOPS = str(Path(PYTHON).with_name("mops"))
REPORT = str(Path(tempfile.gettempdir()) / "mops-benchmark.html")
ANSWERS = str(Path(__file__).parents[1] / "tests" / "answers.yaml")
FLOOR = "import typer, rich.console, rich.table, yaml, json, dataclasses"
COMMANDS = {
    "import typer": [PYTHON, "-c", "import typer"],
    "import floor": [PYTHON, "-c", FLOOR],
    "mops --help": [MOPS, "--help"],
    "mops compare head director": [MOPS, "compare", "head", "director"],
    "mops compare head director --json": [MOPS, "compare", "head", "director", "--json"],
    "mops path specialist director": [MOPS, "path", "specialist", "director"],
    "mops assess --answers": [MOPS, "assess", "--answers", ANSWERS],
    "mops plan director": [MOPS, "plan", "director", "--answers", ANSWERS],
    "mops report": [MOPS, "report", "--answers", ANSWERS, "-o", REPORT],
    "mops path --to director": [
        MOPS,
        "path",
        "--from",
        "specialist",
        "--to",
        "director",
        "--answers",
        ANSWERS,
    ],
}
RATIOS = {
    "mops --help": ("import typer", 1.5),
    "mops compare head director": ("import floor", 1.3),
    "mops assess --answers": ("import floor", 1.8),
    "mops plan director": ("import floor", 1.8),
    "mops path --to director": ("import floor", 1.8),
    "mops report": ("import floor", 2.0),
}


def seconds(command: list[str]) -> float:
    """Return how long a command runs, its output thrown away."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the median of each command, and the ratios that the project promises."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, command in COMMANDS.items():
            times[name].append(seconds(command))
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, median in medians.items():
        print(f"{name:36} {1000 * median:6.1f} ms")
    for name, (base, limit) in RATIOS.items():
        print(f"{name} / {base}: {medians[name] / medians[base]:.2f} (at most {limit})")


if __name__ == "__main__":
    main()
