"""Good exports of the same people in several forms, and what a damaged version of one knows of itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from string import ascii_lowercase
from typing import Any, Literal

from mopscli.assessment.questionnaire import NO_ANSWER, Choice, Questionnaire, choices_of, number_text

Expected = Literal["same", "reject", "refuse", "any"]
Rows = list[list[str]]
IDS = ("007", "p-02", "Zoë", "=5+5", "p 05", "006", "0x77", "José", "9.10", "a@b.example", "L'Oréal", "Ñandú")
NOTES = (
    "",
    "Thanks, all good",
    'I said "maybe"',
    "two\nlines",
    "4,5\n\nand more; much\tmore",
    '""',
    "'quoted'",
    "none",
    "Ça va",
    "x, y, z",
    'a "b", c',
    "4",
)
TIME = "2026/01/05 9:{:02}:44 am GMT+1"


@dataclass(frozen=True)
class Export:
    """A good file of delimited text: its cells as they stand in it, quotes included, and its dialect."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    ids: tuple[str, ...]
    questions: tuple[int, ...]
    scored: int
    delimiter: str = ","
    newline: str = "\n"
    encoding: str = "utf-8"
    id_place: int = 0
    note: int | None = None

    def copy(self) -> Rows:
        """Return the rows to damage, the header first."""
        return [list(row) for row in self.rows]

    def text(self, rows: Sequence[Sequence[str]]) -> str:
        """Return rows as text."""
        return "".join(self.delimiter.join(row) + self.newline for row in rows)

    def bytes(self, text: str) -> bytes:
        """Return text as it is saved."""
        return text.encode(self.encoding)

    def lines(self, rows: Sequence[Sequence[str]], number: int) -> frozenset[int]:
        """Return the lines of a row."""
        above = breaks(self.text(rows[:number]))
        return frozenset(range(above + 1, above + 1 + breaks(self.text(rows[number : number + 1]))))

    @property
    def whole(self) -> frozenset[int]:
        """All lines that a version may have."""
        return frozenset(range(1, 500))


@dataclass(frozen=True)
class Version:
    """A damaged file.

    Attributes:
        name: the export, the kind of damage, and what is special about it.
        kind: the kind of damage.
        content: the file.
        expected: everybody is scored as before; rows are rejected, in `lines` and nowhere else; the file is
            refused; or any of these.
        lines: where rejects may stand.
        lost: the ids that need not be scored, and are not if rows are to be rejected.
        renamed: ids that are others than before, damaged with the file, and whose they are.
        reading: how the user says that the file is to be read.

    """

    name: str
    kind: str
    content: bytes
    expected: Expected
    lines: frozenset[int] = frozenset()
    lost: frozenset[str] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=dict)
    reading: Mapping[str, Any] = field(default_factory=dict)


def breaks(text: str) -> int:
    """Return how many lines a text ends."""
    return len(re.findall("\r\n|\n|\r", text))


def people(questionnaire: Questionnaire) -> list[dict[str, Choice | None]]:
    """Return the answers of each person; the same each time, all different, some missing."""
    chance = Random(2026)
    choices = choices_of(questionnaire)
    return [
        {key: None if chance.random() < 0.1 else chance.choice(options) for key, options in choices.items()}
        for _ in IDS
    ]


def exports(questionnaire: Questionnaire) -> list[Export]:
    """Return the answers as several tools export them."""
    texts = {key: item.text for key, item in questionnaire.items.items()}
    texts |= {key: text for key, (text, _) in questionnaire.context.items()}
    choices = choices_of(questionnaire)
    group = people(questionnaire)
    keys = list(choices)
    first = tuple(range(1, len(keys) + 1))

    def number(choice: Choice | None) -> str:
        return "" if choice is None else number_text(choice.value)

    def words(choice: Choice | None) -> str:
        return "" if choice is None else choice.text

    def letter(key: str, choice: Choice | None) -> str:
        return "" if choice is None else f"{ascii_lowercase[choices[key].index(choice)]})"

    numeric = [["id", *keys]]
    numeric += [[id_, *map(number, row.values())] for id_, row in zip(IDS, group, strict=True)]
    google = [["Timestamp", "Employee ID", *texts.values(), "Anything else?"]]
    google += [
        [TIME.format(n), id_, *(words(choice) or NO_ANSWER for choice in row.values()), NOTES[n]]
        for n, (id_, row) in enumerate(zip(IDS, group, strict=True))
    ]
    mixed = [["id", *texts.values(), "Comment"]]
    mixed += [
        [id_, *(number(c) if n % 2 else letter(k, c) for k, c in row.items()), NOTES[n].replace("\n", "\r\n")]
        for n, (id_, row) in enumerate(zip(IDS, group, strict=True))
    ]
    worded = [["id", *keys, "team"]]
    worded += [[id_, *map(words, row.values()), "Ops"] for id_, row in zip(IDS, group, strict=True)]
    last = len(keys) + 1
    scored = len(questionnaire.items)
    second = tuple(place + 1 for place in first)
    cells = _quoted(google, ",", always=True), _quoted(google, "\t")
    return [
        Export("numeric", _quoted(numeric, ","), IDS, first, scored),
        Export("google", cells[0], IDS, second, scored, id_place=1, note=last + 1),
        Export("cp1252", _quoted(mixed, ";"), IDS, first, scored, ";", "\r\n", "cp1252", note=last),
        Export("utf-16", cells[1], IDS, second, scored, "\t", "\r\n", "utf-16", 1, last + 1),
        Export("semicolon", _quoted(worded, ";"), IDS, first, scored, ";", "\r\n", "utf-8-sig", note=last),
        Export("tab", _quoted(numeric, "\t"), IDS, first, scored, "\t"),
    ]


def _quoted(
    rows: Sequence[Sequence[str]], delimiter: str, *, always: bool = False
) -> tuple[tuple[str, ...], ...]:
    def quote(cell: str) -> str:
        wanted = always or any(mark in cell for mark in (delimiter, '"', "\r", "\n"))
        return '"' + cell.replace('"', '""') + '"' if wanted else cell

    return tuple(tuple(map(quote, row)) for row in rows)


def unquoted(cell: str) -> str:
    """Return what a cell says."""
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


class _Anybody(dict[str, str]):
    """Ids that are damaged in ways that are not worth telling."""


ANYBODY: Mapping[str, str] = _Anybody()
