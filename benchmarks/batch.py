"""Measure mops batch beside DuckDB's own copy of the same file: python benchmarks/batch.py [--large]."""

import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from time import perf_counter

from respondents import write

from mopscli.knowledge import bundled_folder, load

FLOOR = "import typer, rich.console, rich.table, yaml, json, dataclasses, duckdb, numpy"
COPY = "import duckdb; duckdb.sql(\"COPY (SELECT * FROM '{0}') TO '{1}'\")"
RUNS = 5
FAULTS = 100


def damage(path: Path) -> None:
    """Put an answer that is no option into a hundred rows, so that validation and rejects are measured too."""
    lines = path.read_bytes().split(b"\n")
    step = max(1, len(lines) // FAULTS)
    for number in range(1, len(lines) - 1, step):
        cells = lines[number].split(b",")
        cells[1] = b"9"
        lines[number] = b",".join(cells)
    path.write_bytes(b"\n".join(lines))


def timed(command: list[str], allowed: tuple[int, ...] = (0,)) -> tuple[float, float]:
    """Run a program once; return its seconds, and the largest memory of any program so far, in MB."""
    start = perf_counter()
    code = subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode
    seconds = perf_counter() - start
    if code not in allowed:
        sys.exit(f"{command[0]} ended with exit code {code}")
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def compare(name: str, source: Path, target: Path, runs: int = RUNS) -> None:
    """Print the median time of a copy and of a batch, each in turn, and their ratio."""
    copy = [sys.executable, "-c", COPY.format(source, target)]
    batch = [shutil.which("mops") or "mops", "batch", str(source), "-o", str(target)]
    copies, batches = [], []
    for _ in range(runs):
        copies.append(timed(copy)[0])
        batches.append(timed(batch, (0, 1))[0])
    ratio = median(batches) / median(copies)
    print(f"{name:<28} copy {median(copies):6.2f} s   batch {median(batches):6.2f} s   ratio {ratio:5.2f}")


def alternate(name: str, commands: Mapping[str, list[str]], runs: int = RUNS) -> None:
    """Print the median time of each of some commands, run in turn, and its ratio to that of the first."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for what, command in commands.items():
            seconds[what].append(timed(command, (0, 1))[0])
    first = median(next(iter(seconds.values())))
    for what, some in seconds.items():
        print(f"{name:<28} {what:<14} {median(some):6.2f} s   ratio {median(some) / first:5.2f}")


def variants(small: Path, large: Path, target: Path) -> None:
    """Print what a small file takes beside its imports, what 13 roles beside two, and what one core beside two."""
    mops = shutil.which("mops") or "mops"
    batch = [mops, "batch", str(large), "-o", str(target)]
    floor = [sys.executable, "-c", FLOOR]
    alternate("1,000 rows", {"imports": floor, "batch": [mops, "batch", str(small), "-o", str(target)]})
    thirteen = ",".join(list(load(bundled_folder()).roles)[:13])
    alternate("1,000,000 rows, roles", {"two": batch, "13": [*batch, "--roles", thirteen]}, 3)
    if shutil.which("taskset"):
        alternate("1,000,000 rows, cores", {"two": batch, "one": ["taskset", "-c", "0", *batch]}, 3)


def memory(source: Path, target: Path) -> None:
    """Print the time and the peak memory of one batch, in a process that has run no other."""
    code = (
        "import sys; sys.path.insert(0, {0!r}); from batch import timed; from shutil import which; "
        "print('%.2f s, peak %.0f MB' % timed([which('mops'), 'batch', {1!r}, '-o', {2!r}], (0, 1)))"
    )
    subprocess.run(
        [sys.executable, "-c", code.format(str(Path(__file__).parent), str(source), str(target))], check=True
    )


def main() -> None:
    """Write the files, and measure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(1000, folder / "1000.csv")
        for rows in (100_000, 1_000_000):
            source = folder / f"{rows}.csv"
            write(rows, source)
            damage(source)
            compare(f"{rows:,} rows, CSV", source, folder / "out.csv")
            memory(source, folder / "out.csv")
        variants(folder / "1000.csv", source, folder / "out.csv")
        source = folder / "1000000.parquet"
        write(1_000_000, source)
        compare("1,000,000 rows, Parquet", source, folder / "out.parquet")
        memory(source, folder / "out.parquet")
        if "--large" in sys.argv:
            source = folder / "large.csv"
            write(10_000_000, source)
            damage(source)
            print("10,000,000 rows, CSV")
            memory(source, folder / "out.csv")


if __name__ == "__main__":
    main()
