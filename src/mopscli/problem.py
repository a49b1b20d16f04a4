"""What is wrong and where it stands; knows nothing of YAML, roles or screens."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Place(NamedTuple):
    """A position in a file; line and column count from 1, and 0 means the file as a whole."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


class Problem(NamedTuple):
    """One fault in the input. Problems sort by their place."""

    place: Place
    message: str
    hint: str = ""

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.place}: {self.message}{hint}"


class ProblemsFound(Exception):
    """The input cannot be used; carries every problem found, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class UnknownName(LookupError):
    """A name that nothing has, or that more than one thing has; its text is for the user.

    `matches` are the keys of what may be meant.
    """

    def __init__(self, text: str, matches: Sequence[str] = ()) -> None:
        super().__init__(text)
        self.matches = matches
