"""A good survey export in several forms, and hundreds of damaged versions of it, each knowing what was done where.

Only damage that can be noticed: nobody can tell a valid answer that was changed into another valid one.
"""

import gzip
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Literal

import duckdb
import xlsxwriter

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
STRANGE = (
    "6|-1|9|99|nan|NaN|inf|1_0|0x3|4 4|+4|04|4.5|4%|$4|4;|'4|=1+1|#REF!|#N/A|N/A|true|null|None|-|?|1e1|<b>4</b>"
    # Figures of other kinds: wide, Arabic, Roman, raised; and some with characters that nobody sees.
    "|\uff13|\u0663|\u2163|\u00b2|4\u200b|\ufeff4|4\x1b[0m|\U0001f600|zz|z)|Strongly|Agree strongly|Has set|4444"
)
NO_OPTIONS = STRANGE.split("|")


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
        above = _breaks(self.text(rows[:number]))
        return frozenset(range(above + 1, above + 1 + _breaks(self.text(rows[number : number + 1]))))

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


def _breaks(text: str) -> int:
    return len(re.findall("\r\n|\n|\r", text))


# --- Good exports ---------------------------------------------------------------------------------


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
        return "" if choice is None else f"{'abcdefgh'[choices[key].index(choice)]})"

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


# --- One row --------------------------------------------------------------------------------------
# A kind of damage takes a good export and chance, and returns a version, or None if it cannot be done to this one.

Damage = Callable[[Export, Random], Version | None]
ROW: list[Damage] = []
FILE: list[Damage] = []


def in_a_row(damage: Callable[[Export, Rows, int, Random], Expected | None]) -> Damage:
    """Turn what damages a row in place into a kind of damage, which costs that row and no other."""

    def damaged(export: Export, chance: Random) -> Version | None:
        rows, number = export.copy(), chance.randrange(1, len(export.rows))
        expected = damage(export, rows, number, chance)
        if expected is None:
            return None
        name = f"{export.name}: {_name(damage)} in row {number}"
        content = export.bytes(export.text(rows))
        if expected == "same":
            return Version(name, _name(damage), content, "same")
        lost = frozenset([export.ids[number - 1]])
        return Version(name, _name(damage), content, expected, export.lines(rows, number), lost)

    damaged.__name__ = damage.__name__
    ROW.append(damaged)
    return damaged


def to_a_file(damage: Damage) -> Damage:
    """Note a kind of damage to the whole of a file."""
    FILE.append(damage)
    return damage


def _name(damage: Callable[..., Any]) -> str:
    return damage.__name__.replace("_", " ")


def _filled(export: Export, row: Sequence[str], chance: Random) -> int:
    """Return the place of a question that is answered in a row."""
    return chance.choice([place for place in export.questions if unquoted(row[place]) not in ("", NO_ANSWER)])


@in_a_row
def delimiter_removed(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Take the delimiter from between two cells."""
    place = chance.randrange(len(rows[number]) - 1)
    rows[number][place : place + 2] = ["".join(rows[number][place : place + 2])]
    return "reject"


@in_a_row
def delimiter_added(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Put one delimiter too many between two cells, or at the end, as spreadsheets do."""
    rows[number].insert(chance.randrange(len(rows[number]) + 1), "")
    return "reject"


@in_a_row
def delimiter_moved(export: Export, rows: Rows, number: int, chance: Random) -> Expected | None:
    """Move a delimiter behind the next cell, so that the number of fields stays."""
    row = rows[number]
    pairs = [
        place
        for place in export.questions[:-1]
        if all(unquoted(row[at]) not in ("", NO_ANSWER) for at in (place, place + 1))
    ]
    if not pairs:
        return None
    place = chance.choice(pairs)
    row[place : place + 2] = [row[place] + row[place + 1], ""]
    return "reject"


@in_a_row
def delimiter_changed(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Write one delimiter as another character."""
    place = chance.randrange(len(rows[number]) - 1)
    other = chance.choice([mark for mark in (",", ";", "\t", "|", " ", ":") if mark != export.delimiter])
    rows[number][place : place + 2] = [other.join(rows[number][place : place + 2])]
    return "reject"


@in_a_row
def row_of_another_dialect(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Write all delimiters of a row as another one."""
    other = chance.choice([mark for mark in (",", ";", "\t", "|") if mark != export.delimiter])
    rows[number] = [other.join(rows[number])]
    return "reject"


@in_a_row
def fields_missing(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Cut the last cells off."""
    del rows[number][chance.randrange(1, len(rows[number])) :]
    return "reject"


@in_a_row
def row_padded(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Put empty cells behind the last one."""
    rows[number] += [""] * chance.randrange(1, 9)
    return "reject"


@in_a_row
def quote_opened(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Put a quote before a cell, or one too many."""
    place = chance.randrange(len(rows[number]))
    rows[number][place] = '"' + rows[number][place]
    return "reject"


@in_a_row
def quote_closed(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Put a quote behind a cell, or one too many."""
    place = _filled(export, rows[number], chance)
    rows[number][place] += '"'
    return "reject"


@in_a_row
def quote_within(export: Export, rows: Rows, number: int, chance: Random) -> Expected | None:
    """Put a quote into the middle of a cell."""
    place = chance.choice([export.id_place, _filled(export, rows[number], chance)])
    cell = rows[number][place]
    if len(cell) < 3:
        return None
    rows[number][place] = f'{cell[:2]}"{cell[2:]}'
    return "reject"


@in_a_row
def quote_lost(export: Export, rows: Rows, number: int, chance: Random) -> Expected | None:
    """Take one of the quotes of a cell away, at its beginning or its end."""
    quoted = [place for place, cell in enumerate(rows[number]) if len(cell) > 2 and cell.startswith('"')]
    if not quoted:
        return None
    place = chance.choice(quoted)
    cell = rows[number][place]
    rows[number][place] = chance.choice([cell[1:], cell[:-1]])
    return "reject"


@in_a_row
def quotes_lost(export: Export, rows: Rows, number: int, chance: Random) -> Expected | None:
    """Take both quotes from a cell that needs them."""
    needy = [p for p, cell in enumerate(rows[number]) if cell.startswith('"') and export.delimiter in cell]
    if not needy:
        return None
    place = chance.choice(needy)
    rows[number][place] = rows[number][place][1:-1]
    # What stands before a line break in the last cell is a row, whose comment is cut.
    return "any" if _breaks(rows[number][place]) else "reject"


@in_a_row
def quotes_needless(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Quote cells that need no quotes."""
    rows[number] = [cell if cell.startswith('"') else f'"{cell}"' for cell in rows[number]]
    return "same"


@in_a_row
def quotes_of_another_kind(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Quote an answer as no CSV does."""
    one, other = chance.choice(["''", "\u201c\u201d", "``", "\u00ab\u00bb"])
    place = _filled(export, rows[number], chance)
    rows[number][place] = f"{one}{rows[number][place]}{other}"
    return None if export.encoding == "cp1252" and one == "`" else "reject"


@in_a_row
def quotes_doubled(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Quote an answer twice."""
    place = _filled(export, rows[number], chance)
    rows[number][place] = f'""{unquoted(rows[number][place])}""'
    return "reject"


@in_a_row
def quote_escaped_by_a_backslash(export: Export, rows: Rows, number: int, chance: Random) -> Expected | None:
    """Escape a quote in a comment as programs do that are no spreadsheets."""
    if export.note is None:
        return None
    rows[number][export.note] = '"a \\" b"'
    return "reject"


@in_a_row
def space_before_a_quote(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Put a space between a delimiter and a quote."""
    place = _filled(export, rows[number], chance)
    rows[number][place] = f' "{unquoted(rows[number][place])}"'
    return "reject"


@in_a_row
def no_option(export: Export, rows: Rows, number: int, chance: Random) -> Expected | None:
    """Turn an answer into what is no option of its question."""
    place = chance.choice(export.questions)
    value = chance.choice([*NO_OPTIONS, "4,5", "4,0"])
    try:
        export.bytes(value)
    except UnicodeEncodeError:
        return None
    needy = export.delimiter in value and chance.random() < 0.5
    rows[number][place] = f'"{value}"' if needy or rows[number][place].startswith('"') else value
    return "reject"


@in_a_row
def option_of_another_question(export: Export, rows: Rows, number: int, chance: Random) -> Expected | None:
    """Put the header, or the id, where an answer belongs."""
    rows[number][chance.choice(export.questions)] = rows[0][chance.choice(export.questions)]
    return "reject"


@in_a_row
def space_around(export: Export, rows: Rows, number: int, chance: Random) -> Expected | None:
    """Put spaces around an answer; they say nothing."""
    space = chance.choice([" ", "   ", "\u00a0", " \u00a0 "] + ["\t"] * (export.delimiter != "\t"))
    place = _filled(export, rows[number], chance)
    cell = rows[number][place]
    within = f'"{space}{cell[1:-1]}{space}"' if cell.startswith('"') else f"{space}{cell}{space}"
    rows[number][place] = within
    return "same"


@in_a_row
def line_broken(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Break a line at a delimiter, before it or behind it."""
    place = chance.randrange(1, len(rows[number]) - 1)
    one, other = rows[number][:place], rows[number][place:]
    mark = export.delimiter
    glue = chance.choice([mark + export.newline, export.newline + mark, export.newline])
    rows[number] = [mark.join(one) + glue + mark.join(other)]
    return "reject"


@in_a_row
def line_broken_in_an_answer(export: Export, rows: Rows, number: int, chance: Random) -> Expected | None:
    """Put a line break before an answer without quotes."""
    place = _filled(export, rows[number], chance)
    if place == len(rows[number]) - 1:
        # What is left of the row is one whose last question was left open.
        return None
    rows[number][place] = export.newline + unquoted(rows[number][place])
    return "reject"


@in_a_row
def nul(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Put a NUL into an answer or an id."""
    place = chance.choice([export.id_place, *export.questions])
    cell = rows[number][place]
    rows[number][place] = f"{cell[:1]}\0{cell[1:]}"
    return "reject"


@in_a_row
def control_character(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Put a control character into an answer."""
    mark = chance.choice("\1\2\x07\x1a\x1b\x7f")
    place = _filled(export, rows[number], chance)
    cell = rows[number][place]
    rows[number][place] = f"{cell[:1]}{mark}{cell[1:]}"
    return "reject"


@in_a_row
def id_lost(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Leave nothing of an id, or only spaces."""
    rows[number][export.id_place] = chance.choice(["", " ", "\u00a0", '"  "', '""'])
    return "reject"


@in_a_row
def everything_lost(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Leave nothing of a row but its delimiters, spaces, or strange characters."""
    nothing = [""] * len(rows[number])
    rows[number] = chance.choice([nothing, ["  "], ["\x1a"], ["\1"], ["-" * 20], ['"'], ['""']])
    return "reject"


@in_a_row
def row_of_a_mark(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Leave nothing of a row but a character that a reader may use for itself."""
    rows[number] = ["\2"]
    return "reject"


# --- Several rows ---------------------------------------------------------------------------------


def _version(
    export: Export,
    damage: Callable[..., Any],
    detail: object,
    content: str | bytes,
    expected: Expected,
    **more: Any,
) -> Version:
    name = f"{export.name}: {_name(damage)}, {detail}"
    made = content if isinstance(content, bytes) else export.bytes(content)
    if expected in ("any", "refuse") and not more.keys() & {"lines", "lost"}:
        more |= {"lines": export.whole, "lost": frozenset(export.ids)}
    return Version(name, _name(damage), made, expected, **more)


@to_a_file
def row_doubled(export: Export, chance: Random) -> Version:
    """Repeat a row somewhere below."""
    rows, number = export.copy(), chance.randrange(1, len(export.rows))
    other = chance.randrange(number + 1, len(rows) + 1)
    rows.insert(other, rows[number])
    lines = frozenset([min(export.lines(rows, number)), min(export.lines(rows, other))])
    lost = frozenset([export.ids[number - 1]])
    return _version(export, row_doubled, number, export.text(rows), "reject", lines=lines, lost=lost)


@to_a_file
def id_of_somebody_else(export: Export, chance: Random) -> Version:
    """Give a row the id of another one."""
    rows, (one, other) = export.copy(), chance.sample(range(1, len(export.rows)), 2)
    rows[one][export.id_place] = rows[other][export.id_place]
    lines = frozenset(min(export.lines(rows, number)) for number in (one, other))
    lost = frozenset(export.ids[number - 1] for number in (one, other))
    return _version(
        export, id_of_somebody_else, (one, other), export.text(rows), "reject", lines=lines, lost=lost
    )


@to_a_file
def lines_glued(export: Export, chance: Random) -> Version:
    """Take the line end from between two rows, or write a delimiter or a space for it."""
    rows, number = export.copy(), chance.randrange(1, len(export.rows) - 1)
    glue = chance.choice(["", export.delimiter, " "])
    both = [export.delimiter.join(row) for row in rows[number : number + 2]]
    rows[number : number + 2] = [[glue.join(both)]]
    lost = frozenset(export.ids[number - 1 : number + 1])
    lines = export.lines(rows, number)
    return _version(export, lines_glued, number, export.text(rows), "reject", lines=lines, lost=lost)


@to_a_file
def lines_glued_to_the_header(export: Export, chance: Random) -> Version:
    """Take the line end from behind the header."""
    rows = export.copy()
    rows[:2] = [rows[0] + rows[1]]
    return _version(export, lines_glued_to_the_header, "", export.text(rows), "any")


@to_a_file
def quotes_opened_and_closed_rows_apart(export: Export, chance: Random) -> Version:
    """Open a quote in one row and close it in a later one, which makes one cell of all between."""
    rows, (one, other) = export.copy(), sorted(chance.sample(range(1, len(export.rows)), 2))
    place = _filled(export, rows[one], chance)
    rows[one][place] = '"' + unquoted(rows[one][place])
    rows[other][place] = unquoted(rows[other][place]) + '"'
    lines = frozenset().union(*(export.lines(rows, number) for number in range(one, other + 1)))
    lost = frozenset(export.ids[one - 1 : other])
    name = quotes_opened_and_closed_rows_apart
    return _version(export, name, (one, other), export.text(rows), "any", lines=lines, lost=lost)


@to_a_file
def quotes_opened_everywhere(export: Export, chance: Random) -> Version:
    """Open a quote in each row."""
    rows = export.copy()
    for row in rows[1:]:
        place = chance.randrange(len(row))
        row[place] = '"' + row[place]
    return _version(export, quotes_opened_everywhere, "", export.text(rows), "any")


@to_a_file
def all_quotes_lost(export: Export, chance: Random) -> Version | None:
    """Take all quotes from a file."""
    text = export.text(export.rows)
    return _version(export, all_quotes_lost, "", text.replace('"', ""), "any") if '"' in text else None


@to_a_file
def quotes_of_another_kind_everywhere(export: Export, chance: Random) -> Version | None:
    """Write all quotes as single ones, or as those of word processors."""
    text, mark = export.text(export.rows), chance.choice("'\u201d")
    if '"' not in text:
        return None
    return _version(export, quotes_of_another_kind_everywhere, ascii(mark), text.replace('"', mark), "any")


@to_a_file
def blank_lines(export: Export, chance: Random) -> Version:
    """Put blank lines between rows."""
    rows = export.copy()
    for _ in range(3):
        rows.insert(chance.randrange(len(rows) + 1), [""])
    return _version(export, blank_lines, "", export.text(rows), "same")


@to_a_file
def line_ends_mixed(export: Export, chance: Random) -> Version:
    """End each line in a way of its own."""
    text = "".join(
        export.delimiter.join(row) + chance.choice(["\n", "\r\n", "\r", "\r\r\n"]) for row in export.rows
    )
    return _version(export, line_ends_mixed, "", text, "same")


@to_a_file
def line_ends_of_another_kind(export: Export, chance: Random) -> Version:
    """End all lines in another way."""
    end = chance.choice([mark for mark in ("\n", "\r\n", "\r") if mark != export.newline])
    text = "".join(export.delimiter.join(row) + end for row in export.rows)
    return _version(export, line_ends_of_another_kind, ascii(end), text, "same")


@to_a_file
def line_ends_that_are_none(export: Export, chance: Random) -> Version:
    """End all lines with a character that ends no line of CSV."""
    end = chance.choice(["\x0b", "\x1e", "|"])
    text = "".join(export.delimiter.join(row) + end for row in export.rows)
    return _version(export, line_ends_that_are_none, ascii(end), text, "any")


@to_a_file
def no_last_line_end(export: Export, chance: Random) -> Version:
    """Leave the last line end out; whoever leaves the last question open may be cut off."""
    text = export.text(export.rows).removesuffix(export.newline)
    last = min(export.lines(export.rows, len(export.rows) - 1))
    lost = frozenset(export.ids[-1:])
    return _version(export, no_last_line_end, "", text, "any", lines=frozenset([last]), lost=lost)


@to_a_file
def rows_shuffled(export: Export, chance: Random) -> Version:
    """Put the rows in another order."""
    rows = export.copy()
    body = chance.sample(rows[1:], len(rows) - 1)
    return _version(export, rows_shuffled, "", export.text([rows[0], *body]), "same")


@to_a_file
def columns_shuffled(export: Export, chance: Random) -> Version:
    """Put the columns in another order."""
    places = chance.sample(range(len(export.rows[0])), len(export.rows[0]))
    rows = [[row[place] for place in places] for row in export.rows]
    return _version(export, columns_shuffled, "", export.text(rows), "same")


@to_a_file
def columns_added(export: Export, chance: Random) -> Version:
    """Add a column with or without a header to all rows."""
    title = chance.choice(["", "Score", "x y"])
    rows = [[*row, cell] for row, cell in zip(export.rows, [title, *NOTES], strict=True) if "\n" not in cell]
    rows = [[*row, title if number == 0 else "x"] for number, row in enumerate(export.rows)]
    return _version(export, columns_added, repr(title), export.text(rows), "same")


# --- The header -----------------------------------------------------------------------------------


def _scored_places(export: Export) -> tuple[int, ...]:
    """Return the places of questions that scores use, which come first."""
    return export.questions[: export.scored]


@to_a_file
def header_misspelled(export: Export, chance: Random) -> Version:
    """Misspell the header of a question."""
    rows, place = export.copy(), chance.choice(_scored_places(export))
    cell = rows[0][place]
    at = chance.randrange(2, len(cell) - 2)
    rows[0][place] = chance.choice([cell[:at] + cell[at + 1 :], f"{cell[:at]}x{cell[at:]}"])
    return _version(export, header_misspelled, place, export.text(rows), "refuse")


@to_a_file
def header_emptied(export: Export, chance: Random) -> Version:
    """Leave a question without a header."""
    rows, place = export.copy(), chance.choice(_scored_places(export))
    rows[0][place] = chance.choice(["", '""', "?"])
    return _version(export, header_emptied, place, export.text(rows), "refuse")


@to_a_file
def header_of_context_misspelled(export: Export, chance: Random) -> Version:
    """Misspell the header of a question that no score uses."""
    rows = export.copy()
    rows[0][export.questions[-1]] = "Something else"
    return _version(export, header_of_context_misspelled, "", export.text(rows), "same")


@to_a_file
def header_of_ids_misspelled(export: Export, chance: Random) -> Version:
    """Misspell the header of the ids, so that people go by their rows."""
    rows = export.copy()
    rows[0][export.id_place] = "Idd"
    renamed = {f"row {min(export.lines(rows, n))}": id_ for n, id_ in enumerate(export.ids, start=1)}
    return _version(export, header_of_ids_misspelled, "", export.text(rows), "same", renamed=renamed)


@to_a_file
def header_doubled(export: Export, chance: Random) -> Version:
    """Give two columns the header of one question."""
    rows, (one, other) = export.copy(), chance.sample(_scored_places(export), 2)
    rows[0][one] = rows[0][other]
    return _version(export, header_doubled, (one, other), export.text(rows), "refuse")


@to_a_file
def header_swapped_with_ids(export: Export, chance: Random) -> Version:
    """Swap the headers of a question and of the ids."""
    rows, place, ids = export.copy(), chance.choice(_scored_places(export)), export.id_place
    rows[0][place], rows[0][ids] = rows[0][ids], rows[0][place]
    return _version(export, header_swapped_with_ids, place, export.text(rows), "any")


@to_a_file
def header_swapped_with_a_note(export: Export, chance: Random) -> Version | None:
    """Swap the headers of a question and of a column of text."""
    if export.note is None:
        return None
    rows, place = export.copy(), chance.choice(_scored_places(export))
    for row in rows[1:]:
        # An empty note is no answer, which nobody can tell from a question left open.
        row[export.note] = '"Some, words; here"'
    rows[0][place], rows[0][export.note] = rows[0][export.note], rows[0][place]
    return _version(export, header_swapped_with_a_note, place, export.text(rows), "any")


@to_a_file
def header_field_dropped(export: Export, chance: Random) -> Version:
    """Drop a cell of the header, so that each further one stands above its neighbour's answers."""
    rows = export.copy()
    del rows[0][chance.randrange(len(rows[0]))]
    return _version(export, header_field_dropped, "", export.text(rows), "any")


@to_a_file
def header_field_added(export: Export, chance: Random) -> Version:
    """Add a cell to the header, so that each further one stands above its neighbour's answers."""
    rows = export.copy()
    rows[0].insert(chance.randrange(len(rows[0]) + 1), "new")
    return _version(export, header_field_added, "", export.text(rows), "any")


@to_a_file
def header_missing(export: Export, chance: Random) -> Version:
    """Leave the header out."""
    return _version(export, header_missing, "", export.text(export.rows[1:]), "refuse")


@to_a_file
def header_twice(export: Export, chance: Random) -> Version:
    """Write the header twice at the beginning."""
    return _version(export, header_twice, "", export.text([export.rows[0], *export.rows]), "same")


@to_a_file
def header_in_the_middle(export: Export, chance: Random) -> Version:
    """Join two files with other people, header and byte order mark included."""
    number = chance.randrange(2, len(export.rows))
    one, other = export.rows[:number], [export.rows[0], *export.rows[number:]]
    mark = "\ufeff" if export.encoding != "cp1252" and chance.random() < 0.5 else ""
    rows = [*one, *other]
    text = export.text(one) + mark + export.text(other)
    return _version(
        export, header_in_the_middle, (number, mark), text, "reject", lines=export.lines(rows, number)
    )


@to_a_file
def file_twice(export: Export, chance: Random) -> Version:
    """Join a file to itself."""
    text = export.text(export.rows)
    lost = frozenset(export.ids)
    return _version(export, file_twice, "", text + text, "any", lines=export.whole, lost=lost)


@to_a_file
def other_file_behind(export: Export, chance: Random) -> Version:
    """Join a file with the same people in other columns, whose answers would be read into the wrong ones."""
    places = list(reversed(range(len(export.rows[0]))))
    other = [[row[place] for place in places] for row in export.rows]
    return _version(export, other_file_behind, "", export.text(export.rows) + export.text(other), "any")


@to_a_file
def header_with_a_quote(export: Export, chance: Random) -> Version:
    """Open a quote in the header."""
    rows, place = export.copy(), chance.randrange(len(export.rows[0]))
    rows[0][place] = '"' + rows[0][place]
    return _version(export, header_with_a_quote, place, export.text(rows), "any")


@to_a_file
def header_with_a_nul(export: Export, chance: Random) -> Version:
    """Put a NUL into the header."""
    rows, place = export.copy(), chance.randrange(len(export.rows[0]))
    rows[0][place] = rows[0][place][:2] + "\0" + rows[0][place][2:]
    return _version(export, header_with_a_nul, place, export.text(rows), "refuse")


@to_a_file
def header_broken(export: Export, chance: Random) -> Version:
    """Break the header over two lines."""
    rows, place = export.copy(), chance.randrange(1, len(export.rows[0]))
    rows[:1] = [rows[0][:place], rows[0][place:]]
    return _version(export, header_broken, place, export.text(rows), "any")


@to_a_file
def title_above(export: Export, chance: Random) -> Version:
    """Put a title, or what tells Excel the delimiter, above the header."""
    detail = chance.choice(["My survey", f"sep={export.delimiter}", "# exported"])
    expected: Expected = "same" if detail.startswith("sep") else "any"
    return _version(export, title_above, detail, detail + export.newline + export.text(export.rows), expected)


# --- Delimiters and encodings ---------------------------------------------------------------------


@to_a_file
def delimiters_all_changed(export: Export, chance: Random) -> Version:
    """Write another delimiter in all of a file, quoted cells included, as search and replace would."""
    other = chance.choice([mark for mark in (",", ";", "\t", "|", " ") if mark != export.delimiter])
    text = export.text(export.rows).replace(export.delimiter, other)
    return _version(export, delimiters_all_changed, ascii(other), text, "any")


@to_a_file
def delimiters_of_the_header_changed(export: Export, chance: Random) -> Version:
    """Write another delimiter in the header alone."""
    other = chance.choice([mark for mark in (",", ";", "\t", "|") if mark != export.delimiter])
    text = other.join(export.rows[0]) + export.newline + export.text(export.rows[1:])
    return _version(export, delimiters_of_the_header_changed, ascii(other), text, "any")


@to_a_file
def delimiters_doubled(export: Export, chance: Random) -> Version:
    """Write each delimiter twice."""
    rows = [[cell for pair in zip(row, [""] * len(row), strict=True) for cell in pair] for row in export.rows]
    return _version(export, delimiters_doubled, "", export.text(rows), "same")


@to_a_file
def truncated(export: Export, chance: Random) -> Version:
    """Cut a file off anywhere behind its header."""
    text = export.text(export.rows)
    least = len(export.text(export.rows[:1]))
    cut = chance.randrange(least + 1, len(text))
    return _cut(export, truncated, cut, "")


@to_a_file
def truncated_at_a_mark(export: Export, chance: Random) -> Version:
    """Cut a file off where a cell, a quote or a line begins or ends."""
    text = export.text(export.rows)
    least = len(export.text(export.rows[:1]))
    cuts = [m.end() for m in re.finditer(f'[{export.delimiter}"\r\n]', text) if m.end() > least]
    return _cut(export, truncated_at_a_mark, chance.choice(cuts) - chance.randrange(2), "")


@to_a_file
def truncated_and_ended(export: Export, chance: Random) -> Version:
    """Cut a file off and put a line end there."""
    text = export.text(export.rows)
    least = len(export.text(export.rows[:1]))
    return _cut(export, truncated_and_ended, chance.randrange(least + 1, len(text)), export.newline)


def _cut(export: Export, damage: Callable[..., Any], cut: int, end: str) -> Version:
    text = export.text(export.rows)[:cut]
    number = next(n for n in range(1, len(export.rows) + 1) if len(export.text(export.rows[: n + 1])) >= cut)
    lines = export.lines(export.rows, number)
    lost = frozenset(export.ids[number - 1 :])
    return _version(export, damage, cut, text + end, "any", lines=lines, lost=lost)


@to_a_file
def truncated_in_the_header(export: Export, chance: Random) -> Version:
    """Cut a file off within its header."""
    text = export.text(export.rows[:1])
    end = len(export.delimiter.join(export.rows[0][: _scored_places(export)[-1]]))
    cut = chance.randrange(end)
    return _version(export, truncated_in_the_header, cut, text[:cut], "refuse")


@to_a_file
def bytes_truncated(export: Export, chance: Random) -> Version:
    """Cut a file off at any byte, which may be within a character."""
    content = export.bytes(export.text(export.rows))
    return _version(
        export, bytes_truncated, "", content[: chance.randrange(len(content) // 2, len(content))], "any"
    )


@to_a_file
def byte_order_mark(export: Export, chance: Random) -> Version:
    """Add or take away a byte order mark."""
    text = export.text(export.rows)
    without = {"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}.get(export.encoding)
    if export.encoding == "cp1252":
        content = b"\xef\xbb\xbf" + export.bytes(text)
        return _version(export, byte_order_mark, "added", content, "any")
    content = text.encode(without) if without else b"\xef\xbb\xbf" + export.bytes(text)
    return _version(export, byte_order_mark, "", content, "same")


@to_a_file
def byte_order_mark_of_another(export: Export, chance: Random) -> Version:
    """Put the byte order mark of another encoding before a file, or a second one."""
    mark = chance.choice([b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xff\xfe\0\0"])
    content = mark + export.bytes(export.text(export.rows))
    return _version(export, byte_order_mark_of_another, mark, content, "any")


@to_a_file
def byte_order_mark_in_the_middle(export: Export, chance: Random) -> Version | None:
    """Put a byte order mark before a cell."""
    if export.encoding == "cp1252":
        return None
    rows, number = export.copy(), chance.randrange(1, len(export.rows))
    place = chance.choice([0, _filled(export, rows[number], chance)])
    rows[number][place] = "\ufeff" + rows[number][place]
    id_ = export.ids[number - 1]
    return _version(
        export,
        byte_order_mark_in_the_middle,
        (number, place),
        export.text(rows),
        "any",
        lines=export.lines(rows, number),
        lost=frozenset([id_]),
        renamed={f"\ufeff{id_}": id_},
    )


@to_a_file
def bytes_that_are_no_text(export: Export, chance: Random) -> Version:
    """Put bytes that are not UTF-8 into an answer."""
    rows, number = export.copy(), chance.randrange(1, len(export.rows))
    place = _filled(export, rows[number], chance)
    cell = rows[number][place]
    rows[number][place] = f"{cell[:1]}\ue000{cell[1:]}"
    private = "\ue000".encode("utf-16-le" if export.encoding == "utf-16" else "utf-8")
    encoding = "utf-8" if export.encoding == "cp1252" else export.encoding
    strange = chance.choice(
        [b"\xff\xd8", b"\xd8\xd8"] if encoding == "utf-16" else [b"\xff", b"\xc3", b"\xe2\x82"]
    )
    text = export.text(rows)
    if export.encoding == "cp1252":
        one, other = text.split("\ue000")
        content = export.bytes(one) + strange + export.bytes(other)
    else:
        content = text.encode(encoding).replace(private, strange)
    lost = frozenset([export.ids[number - 1]])
    expected: Expected = "any" if encoding == "utf-16" else "reject"
    return _version(
        export, bytes_that_are_no_text, number, content, expected, lines=export.lines(rows, number), lost=lost
    )


@to_a_file
def bit_flipped(export: Export, chance: Random) -> Version:
    """Set the highest bit of a byte of the body, as worn disks do; no character of ours becomes another of ours."""
    content = bytearray(export.bytes(export.text(export.rows)))
    start = len(export.bytes(export.text(export.rows[:1])))
    at = chance.choice([n for n in range(start, len(content)) if content[n] < 0x80])
    content[at] |= 0x80
    number = next(
        n
        for n in range(1, len(export.rows) + 1)
        if n == len(export.rows) - 1 or len(export.bytes(export.text(export.rows[: n + 1]))) > at
    )
    lines = export.lines(export.rows, number)
    lost = frozenset(export.ids[number - 1 : number + 1])
    return _version(
        export,
        bit_flipped,
        at,
        bytes(content),
        "any",
        lines=lines | {max(lines) + 1},
        lost=lost,
        renamed=ANYBODY,
    )


class _Anybody(dict[str, str]):
    """Ids that are damaged in ways that are not worth telling."""


ANYBODY: Mapping[str, str] = _Anybody()


@to_a_file
def encoding_mislabelled(export: Export, chance: Random) -> Version:
    """Tell a wrong encoding."""
    text = export.text(export.rows)
    names = ["utf-8", "utf-16", "utf-16-be", "utf-32", "cp1252", "cp850", "ascii", "shift_jis", "utf-7"]
    name = chance.choice([name for name in names if name != export.encoding])
    content = export.bytes(text)
    return _version(
        export, encoding_mislabelled, name, content, "any", renamed=ANYBODY, reading={"encoding": name}
    )


@to_a_file
def encoded_twice(export: Export, chance: Random) -> Version:
    """Take UTF-8 for the encoding of Windows, and save it as UTF-8 again."""
    content = export.text(export.rows).encode().decode("latin-1").encode()
    return _version(export, encoded_twice, "", content, "any", renamed=ANYBODY)


@to_a_file
def encodings_mixed(export: Export, chance: Random) -> Version:
    """Join halves of two encodings."""
    number = chance.randrange(2, len(export.rows))
    one, other = export.text(export.rows[:number]), export.text(export.rows[number:])
    wrong = chance.choice([name for name in ("utf-8", "utf-16-le", "cp1252") if name != export.encoding])
    content = export.bytes(one) + other.encode(wrong, "replace")
    return _version(export, encodings_mixed, (number, wrong), content, "any", renamed=ANYBODY)


@to_a_file
def nuls_behind(export: Export, chance: Random) -> Version:
    """Put a block of NULs behind the last line, as a crash leaves it."""
    content = export.bytes(export.text(export.rows)) + bytes(64)
    return _version(export, nuls_behind, "", content, "any", lines=export.whole, lost=frozenset())


@to_a_file
def packed(export: Export, chance: Random) -> Version:
    """Compress a file, or put something else in its place."""
    content = export.bytes(export.text(export.rows))
    made = chance.choice(
        [gzip.compress(content), b"<!DOCTYPE html>\n<html>" + content, b"PK\3\4" + content, b"PAR1" + content]
    )
    return _version(export, packed, made[:4], made, "any" if made[:1] == b"<" else "refuse")


# --- JSON Lines, workbooks, Parquet ---------------------------------------------------------------

Objects = list[dict[str, Any]]


def objects(questionnaire: Questionnaire) -> Objects:
    """Return the answers as objects; all keys stand in each."""
    return [
        {"id": id_, **{key: choice and choice.value for key, choice in row.items()}, "note": note}
        for id_, row, note in zip(IDS, people(questionnaire), NOTES, strict=True)
    ]


def json_text(values: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return objects as lines of JSON."""
    return [json.dumps(value, ensure_ascii=False) for value in values]


JSON_VALUES = (
    9,
    -1,
    4.5,
    True,
    [4],
    {"a": 4},
    "\uff14",
    "nan",
    "1_0",
    "#REF!",
    "4,5",
    float("nan"),
    float("inf"),
    1e300,
)


def damaged_json(questionnaire: Questionnaire) -> Iterator[Version]:
    """Yield damaged versions of JSON Lines."""
    chance = Random("json")
    good = objects(questionnaire)
    keys = list(questionnaire.items)
    changes: dict[str, Callable[[str], str]] = {
        "brace lost": lambda line: line[:-1],
        "brace opened": lambda line: "{" + line,
        "quote lost": lambda line: line.replace('": ', ": ", 1),
        "comma lost": lambda line: line.replace(', "', ' "', 1),
        "comma added": lambda line: f"{line[:-1]},}}",
        "quotes of another kind": lambda line: line.replace('"', "'"),
        "cut off": lambda line: line[: chance.randrange(1, len(line))],
        "key misspelled": lambda line: line.replace(keys[1], keys[1][:-1]),
        "key twice": lambda line: f'{line[:-1]}, "{keys[0]}": 1}}',
        "two questions for one key": lambda line: f'{line[:-1]}, "{keys[0].upper()}": 1}}',
        "no id": lambda line: line.replace('{"id":', '{"idd":', 1),
        "a list": lambda line: f"[{line}]",
        "a text": lambda line: json.dumps(line),
        "a comment": lambda line: f"# {line}",
        "a NUL": lambda line: line.replace('{"id": "', '{"id": "\\u0000', 1),
        "half a character": lambda line: line.replace('{"id": "', '{"id": "\\ud83d', 1),
        "a control character": lambda line: line.replace(": ", ":\1", 1),
        "two on a line": lambda line: line + line,
        "not a number": lambda line: re.sub(rf'("{keys[2]}": )[^,]*', r"\1NaN", line),
    }
    for kind, change in changes.items():
        lines = json_text(good)
        number = chance.randrange(1, len(lines))
        lines[number] = change(lines[number])
        lost = frozenset([IDS[number]])
        content = "\n".join([*lines, ""]).encode()
        yield Version(f"json: {kind}", kind, content, "reject", frozenset([number + 1]), lost)
    for value in JSON_VALUES:
        values, number = objects(questionnaire), chance.randrange(len(good))
        values[number][chance.choice(keys)] = value
        content = "\n".join([*json_text(values), ""]).encode()
        lost = frozenset([IDS[number]])
        yield Version(f"json: {value!r}", "no option", content, "reject", frozenset([number + 1]), lost)
    text = "\n".join([*json_text(good), ""])
    for _ in range(8):
        cut = chance.randrange(1, len(text))
        line = text[:cut].count("\n") + 1
        lost = frozenset(IDS[line - 1 :])
        yield Version(f"json: cut at {cut}", "truncated", text[:cut].encode(), "any", frozenset([line]), lost)
    broken = text.replace(", ", ",\n", 1)
    first = frozenset(IDS[:1])
    yield Version("json: line broken", "line broken", broken.encode(), "any", frozenset([1, 2]), first)
    yield Version("json: a list of all", "list", json.dumps(good).encode(), "refuse")
    yield Version("json: indented", "indented", json.dumps(good, indent=1).encode(), "refuse")
    yield Version("json: byte order mark", "byte order mark", b"\xef\xbb\xbf" + text.encode(), "same")
    yield Version("json: utf-16", "encoding", text.encode("utf-16"), "same")
    yield Version("json: line ends", "line ends", text.replace("\n", "\r\n\n").encode(), "same")
    everybody = frozenset(IDS)
    mixed = Version(
        "json: csv behind", "files joined", (text + "id,a\n1,2\n").encode(), "reject", frozenset([13, 14])
    )
    yield mixed
    yield Version(
        "json: twice", "file twice", (text + text).encode(), "any", frozenset(range(1, 30)), everybody
    )
    damaged = text.encode().replace("Zoë".encode(), b"Zo\xff")
    yield Version("json: bytes", "bytes", damaged, "reject", frozenset([3]), frozenset([IDS[2]]))


def workbook(rows: Sequence[Sequence[Any]], above: int = 0) -> bytes:
    """Return rows as an Excel workbook."""
    file = io.BytesIO()
    options = {"strings_to_formulas": False, "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows, start=above):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def table(questionnaire: Questionnaire) -> list[list[Any]]:
    """Return the answers as cells of a sheet, numbers and words by turns."""
    values = objects(questionnaire)
    rows: list[list[Any]] = [list(values[0])]
    return rows + [list(value.values()) for value in values]


SHEET_VALUES = (
    9,
    -1,
    4.5,
    True,
    "\uff14",
    "nan",
    "1_0",
    "=1/0",
    float("nan"),
    "#REF!",
    "4,5",
    "'4",
    1e15,
    "4\n5",
)


def damaged_workbooks(questionnaire: Questionnaire) -> Iterator[Version]:
    """Yield damaged versions of a workbook."""
    chance = Random("xlsx")
    good = table(questionnaire)
    scored = range(1, len(questionnaire.items) + 1)
    for value in SHEET_VALUES:
        rows, number = table(questionnaire), chance.randrange(1, len(good))
        rows[number][chance.choice(scored)] = value
        lost = frozenset([IDS[number - 1]])
        yield Version(
            f"xlsx: {value!r}", "no option", workbook(rows), "reject", frozenset([number + 1]), lost
        )
    rows = table(questionnaire)
    rows[3][0] = rows[7][0]
    lost = frozenset([IDS[2], IDS[6]])
    yield Version("xlsx: id of another", "id of another", workbook(rows), "reject", frozenset([4, 8]), lost)
    rows = table(questionnaire)
    rows[5][0] = ""
    yield Version("xlsx: no id", "id lost", workbook(rows), "reject", frozenset([6]), frozenset([IDS[4]]))
    rows = table(questionnaire)
    rows[4].append("more")
    lines = frozenset(range(1, 20))
    yield Version("xlsx: a field more", "field added", workbook(rows), "any", lines, frozenset(IDS))
    rows = table(questionnaire)
    rows[4].insert(1, "")
    yield Version("xlsx: cells moved", "cells moved", workbook(rows), "any", lines, frozenset(IDS))
    rows = table(questionnaire)
    rows[0][1] = "other"
    yield Version("xlsx: header misspelled", "header", workbook(rows), "refuse")
    yield Version("xlsx: no header", "header", workbook(good[1:]), "refuse")
    yield Version("xlsx: rows above", "rows above", workbook(good, above=3), "same")
    rows = [*good[:4], good[0], *good[4:]]
    yield Version("xlsx: header again", "header in the middle", workbook(rows), "reject", frozenset([5]))
    content = workbook(good)
    for cut in (3, 100, len(content) // 2, len(content) - 30, len(content) - 1):
        yield Version(f"xlsx: cut at {cut}", "truncated", content[:cut], "refuse")
    for _ in range(8):
        damaged = bytearray(content)
        at = chance.randrange(len(damaged))
        damaged[at] ^= 0xFF
        yield Version(f"xlsx: byte {at}", "bytes", bytes(damaged), "any", lines, frozenset(IDS))


def damaged_parquet(questionnaire: Questionnaire, folder: Path) -> Iterator[Version]:
    """Yield damaged versions of a Parquet file; line n is its nth row."""
    keys = list(questionnaire.items)
    path = folder / "made.parquet"
    source = folder / "made.jsonl"
    source.write_text("\n".join(json_text(objects(questionnaire))), "utf-8")

    def made(select: str) -> bytes:
        with duckdb.connect() as connection:
            rows = f"read_json('{source}', format = 'newline_delimited')"
            numbered = f"(SELECT row_number() OVER () AS n, * FROM {rows})"
            connection.execute(f"COPY ({select} FROM {numbered}) TO '{path}'")
        return path.read_bytes()

    def with_value(number: int, value: str) -> str:
        key = keys[number % len(keys)]
        cell = f'"{key}"::VARCHAR' if value.endswith("VARCHAR") else f'"{key}"'
        return f'SELECT * EXCLUDE n REPLACE (CASE WHEN n = {number} THEN {value} ELSE {cell} END AS "{key}")'

    def of(number: int) -> tuple[frozenset[int], frozenset[str]]:
        return frozenset([number]), frozenset([IDS[number - 1]])

    every = frozenset(range(1, 20)), frozenset(IDS)
    good = made("SELECT * EXCLUDE n")
    yield Version("parquet: as it is", "none", good, "same")
    values = (
        "9",
        "-1",
        "4.5",
        "'nan'::DOUBLE",
        "'infinity'::DOUBLE",
        "1e300",
        "'#REF!'",
        "'1_0'",
        "'\uff13'",
        "'4,5'",
    )
    for number, value in enumerate(values, start=1):
        text = f"{value}::VARCHAR" if value.startswith("'") and "::" not in value else value
        content = made(with_value(number, text))
        yield Version(f"parquet: {value}", "no option", content, "reject", *of(number))
    for kind in ("TINYINT", "BIGINT", "DOUBLE", "DECIMAL(9, 3)", "VARCHAR", "HUGEINT"):
        yield Version(
            f"parquet: as {kind}",
            "type",
            made(f'SELECT * EXCLUDE n REPLACE ("{keys[0]}"::{kind} AS "{keys[0]}")'),
            "same",
        )
    for kind in (
        f'["{keys[0]}"]',
        f"{{'a': \"{keys[0]}\"}}",
        f'"{keys[0]}"::BIGINT::BOOLEAN',
        f'"{keys[0]}"::VARCHAR::BLOB',
    ):
        content = made(f'SELECT * EXCLUDE n REPLACE ({kind} AS "{keys[0]}")')
        yield Version(f"parquet: {kind}", "type", content, "any", *every)
    doubled = made(f"SELECT * EXCLUDE n REPLACE (CASE n WHEN 4 THEN '{IDS[8]}' ELSE id END AS id)")
    lost = frozenset([IDS[3], IDS[8]])
    yield Version("parquet: id of another", "id of another", doubled, "reject", frozenset([4, 9]), lost)
    for value in ("NULL", "''", "' '"):
        content = made(f"SELECT * EXCLUDE n REPLACE (CASE n WHEN 5 THEN {value} ELSE id END AS id)")
        yield Version(f"parquet: id {value}", "id lost", content, "reject", *of(5))
    yield Version("parquet: a column less", "header", made(f'SELECT * EXCLUDE (n, "{keys[0]}")'), "refuse")
    renamed = made(f'SELECT * EXCLUDE n RENAME ("{keys[0]}" AS other)')
    yield Version("parquet: header misspelled", "header", renamed, "refuse")
    for cut in (4, 100, len(good) // 2, len(good) - 8, len(good) - 1):
        yield Version(f"parquet: cut at {cut}", "truncated", good[:cut], "refuse")
    for at in range(len(good) - 60, len(good), 7):
        damaged = bytearray(good)
        damaged[at] ^= 0xFF
        yield Version(f"parquet: byte {at - len(good)}", "bytes", bytes(damaged), "any", *every)


# --- All of them ----------------------------------------------------------------------------------


def versions_of(export: Export, rounds: int = 1) -> Iterator[Version]:
    """Yield damaged versions of an export: so many of each kind that can be done to it, the same ones each time."""
    for damage in (*ROW, *FILE):
        chance = Random(f"{export.name} {damage.__name__}")
        for _ in range(rounds):
            version = damage(export, chance)
            if version is not None:
                yield version


def good_version(export: Export) -> Version:
    """Return an export as it is."""
    return Version(export.name, "none", export.bytes(export.text(export.rows)), "same")


def suite(questionnaire: Questionnaire, group: str, folder: Path) -> list[Version]:
    """Return a good file and damaged versions of it; each kind is done to two exports and to one more."""
    if group == "parquet":
        return list(damaged_parquet(questionnaire, folder))
    if group == "json":
        lines = "\n".join([*json_text(objects(questionnaire)), ""]).encode()
        return [Version("json", "none", lines, "same"), *damaged_json(questionnaire)]
    if group == "xlsx":
        sheet = workbook(table(questionnaire))
        return [Version("xlsx", "none", sheet, "same"), *damaged_workbooks(questionnaire)]
    everything = exports(questionnaire)
    number = next(number for number, export in enumerate(everything) if export.name == group)
    kinds = [_name(damage) for damage in (*ROW, *FILE)]
    mine = kinds if number < 2 else kinds[number - 2 :: len(everything) - 2]
    versions = versions_of(everything[number])
    return [good_version(everything[number]), *(version for version in versions if version.kind in mine)]
