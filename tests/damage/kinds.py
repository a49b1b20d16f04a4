"""What a kind of damage is: it takes a good export and chance, and returns a version, or none if it cannot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from damage.files import Expected, Export, Rows, Version, unquoted
from mopscli.assessment.questionnaire import NO_ANSWER


@dataclass(frozen=True)
class Damage:
    """A kind of damage: a function that does it, and its name in words."""

    make: Callable[[Export, Random], Version | None]
    name: str

    def versions_of(self, export: Export, rounds: int) -> list[Version]:
        """Return so many versions of an export, the same ones each time; fewer if some cannot be done to it."""
        chance = Random(f"{export.name} {self.name.replace(' ', '_')}")
        made = [self.make(export, chance) for _ in range(rounds)]
        return [version for version in made if version is not None]


def in_a_row(damage: Callable[[Export, Rows, int, Random], Expected | None]) -> Damage:
    """Turn what damages a row in place into a kind of damage, which costs that row and no other."""
    kind = name_of(damage)

    def damaged(export: Export, chance: Random) -> Version | None:
        rows, number = export.copy(), chance.randrange(1, len(export.rows))
        expected = damage(export, rows, number, chance)
        if expected is None:
            return None
        name = f"{export.name}: {kind} in row {number}"
        content = export.bytes(export.text(rows))
        if expected == "same":
            return Version(name, kind, content, "same")
        lost = frozenset([export.ids[number - 1]])
        return Version(name, kind, content, expected, export.lines(rows, number), lost)

    return Damage(damaged, kind)


def to_a_file(damage: Callable[[Export, Random], Version | None]) -> Damage:
    """Turn what damages the whole of a file into a kind of damage."""
    return Damage(damage, name_of(damage))


def name_of(damage: Callable[..., Any]) -> str:
    """Return the name of a function in words."""
    return damage.__name__.replace("_", " ")


def filled(export: Export, row: Sequence[str], chance: Random) -> int:
    """Return the place of a question that is answered in a row."""
    return chance.choice([place for place in export.questions if unquoted(row[place]) not in ("", NO_ANSWER)])


def made_by(
    damage: Damage, export: Export, detail: object, content: str | bytes, expected: Expected, **more: Any
) -> Version:
    """Return a version of a whole file; where anything may come of it, in all its lines and for everybody."""
    made = content if isinstance(content, bytes) else export.bytes(content)
    if expected in ("any", "refuse") and not more.keys() & {"lines", "lost"}:
        more |= {"lines": export.whole, "lost": frozenset(export.ids)}
    return Version(f"{export.name}: {damage.name}, {detail}", damage.name, made, expected, **more)
