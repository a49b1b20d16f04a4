"""Damage to one row, which costs that row and no other."""

from random import Random

from damage.files import Expected, Export, Rows, breaks, unquoted
from damage.kinds import filled, in_a_row
from mopscli.assessment.questionnaire import NO_ANSWER

STRANGE = (
    "6|-1|9|99|nan|NaN|inf|1_0|0x3|4 4|+4|04|4.5|4%|$4|4;|'4|=1+1|#REF!|#N/A|N/A|true|null|None|-|?|1e1|<b>4</b>"
    # Figures of other kinds: wide, Arabic, Roman, raised; and some with characters that nobody sees.
    "|\uff13|\u0663|\u2163|\u00b2|4\u200b|\ufeff4|4\x1b[0m|\U0001f600|zz|z)|Strongly|Agree strongly|Has set|4444"
)
NO_OPTIONS = STRANGE.split("|")


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
    place = filled(export, rows[number], chance)
    rows[number][place] += '"'
    return "reject"


@in_a_row
def quote_within(export: Export, rows: Rows, number: int, chance: Random) -> Expected | None:
    """Put a quote into the middle of a cell."""
    place = chance.choice([export.id_place, filled(export, rows[number], chance)])
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
    return "any" if breaks(rows[number][place]) else "reject"


@in_a_row
def quotes_needless(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Quote cells that need no quotes."""
    rows[number] = [cell if cell.startswith('"') else f'"{cell}"' for cell in rows[number]]
    return "same"


@in_a_row
def quotes_of_another_kind(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Quote an answer as no CSV does."""
    one, other = chance.choice(["''", "\u201c\u201d", "``", "\u00ab\u00bb"])
    place = filled(export, rows[number], chance)
    rows[number][place] = f"{one}{rows[number][place]}{other}"
    return None if export.encoding == "cp1252" and one == "`" else "reject"


@in_a_row
def quotes_doubled(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Quote an answer twice."""
    place = filled(export, rows[number], chance)
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
    place = filled(export, rows[number], chance)
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
    place = filled(export, rows[number], chance)
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
    place = filled(export, rows[number], chance)
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
    place = filled(export, rows[number], chance)
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
    """Leave nothing of a row but strange characters."""
    rows[number] = chance.choice([["\x1a"], ["\1"], ["-" * 20], ['"']])
    return "reject"


@in_a_row
def everything_but_delimiters_lost(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Leave nothing of a row but its delimiters, quotes or spaces, which are nobody."""
    nothing = [""] * len(rows[number])
    rows[number] = chance.choice([nothing, [" "] * len(nothing), ["  "], ['""'], ['""'] * len(nothing)])
    return "any"


@in_a_row
def row_of_totals(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Turn a row into one of averages or totals, as programs put below the answers."""
    place = 0 if export.id_place else export.id_place
    rows[number][place] = chance.choice(
        ["Average", "TOTAL", "Grand total", "Mean (n=12)", "Mittelwert", "Std. dev."]
    )
    return "reject" if place == 0 else None


@in_a_row
def row_of_a_footnote(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Leave nothing of a row but a footnote."""
    rows[number] = [""] * len(rows[number])
    rows[number][0] = chance.choice(
        ["* without the people on leave", "Exported on 5 January 2026", "Source: the survey."]
    )
    return "reject"


@in_a_row
def row_of_letters(export: Export, rows: Rows, number: int, chance: Random) -> Expected | None:
    """Leave the first letter of an answer in words."""
    place = filled(export, rows[number], chance)
    words = unquoted(rows[number][place])
    if len(words) < 6 or words[1] == ")" or place not in export.questions[: export.scored]:
        return None
    if all(unquoted(row[place]) in ("", NO_ANSWER, words) for row in rows[1:]):
        return None
    rows[number][place] = words[0]
    return "reject"


@in_a_row
def row_of_a_mark(export: Export, rows: Rows, number: int, chance: Random) -> Expected:
    """Leave nothing of a row but a character that a reader may use for itself."""
    rows[number] = ["\2"]
    return "reject"
