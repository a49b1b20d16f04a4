"""Small files of respondents, and `mops batch` run on them; shared by its tests."""

from collections.abc import Callable, Sequence
from pathlib import Path

from click.testing import Result

HEADER = "id,writes,edits,quiet\n"
GOOD = HEADER + "a,4,5,1\nb,0,1,5\nc,3,,2\n"
SCORED = "3 rows: 3 scored + 0 rejected."

# Runs `mops batch` in an empty folder, on a file of some content.
Run = Callable[..., Result]
# Takes the arguments of `mops batch` and returns the whole command, for a process in an empty folder.
Process = Callable[..., Sequence[str]]


def write_many(path: Path, people: int = 60_000) -> Path:
    """Write a file that takes a while."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        file.writelines(f"p{n},{n % 6},{n // 6 % 6},{n // 36 % 5 + 1}\n" for n in range(people))
    return path
