"""What an annotation demands of a value beyond its type; knows nothing of files."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from mopscli.problem import Place

# What a key looks like, and a number that is not below 0.
KEY: Final = "[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"
NUMBER: Final = r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?"


class Between(NamedTuple):
    """A number from `low` to `high`, both allowed."""

    low: float
    high: float


class Defines(NamedTuple):
    """A name that nothing else of its kind has, upper or lower case alike.

    A key is what others refer to; `repeats_key` allows a name to be the key of the same thing.
    """

    kind: str
    is_key: bool = True
    repeats_key: bool = False


class Refers(NamedTuple):
    """The key of something that is defined elsewhere, of one of these kinds."""

    kinds: tuple[str, ...]


class Every(NamedTuple):
    """A mapping that has each of these keys."""

    keys: tuple[int | str, ...]


# What an entry may say of itself once it is read: the key or the place to look at, what is wrong, what to do.
Inconsistencies = Iterator[tuple[str | Place, str, str]]
