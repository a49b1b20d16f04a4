"""Damage to several rows, to line ends, and to the order of rows and columns."""

from random import Random

from damage.files import Export, Version, unquoted
from damage.kinds import filled, made_by, to_a_file


@to_a_file
def row_doubled(export: Export, chance: Random) -> Version:
    """Repeat a row somewhere below."""
    rows, number = export.copy(), chance.randrange(1, len(export.rows))
    other = chance.randrange(number + 1, len(rows) + 1)
    rows.insert(other, rows[number])
    lines = frozenset([min(export.lines(rows, number)), min(export.lines(rows, other))])
    lost = frozenset([export.ids[number - 1]])
    return made_by(row_doubled, export, number, export.text(rows), "reject", lines=lines, lost=lost)


@to_a_file
def id_of_somebody_else(export: Export, chance: Random) -> Version:
    """Give a row the id of another one."""
    rows, (one, other) = export.copy(), chance.sample(range(1, len(export.rows)), 2)
    rows[one][export.id_place] = rows[other][export.id_place]
    lines = frozenset(min(export.lines(rows, number)) for number in (one, other))
    lost = frozenset(export.ids[number - 1] for number in (one, other))
    return made_by(
        id_of_somebody_else, export, (one, other), export.text(rows), "reject", lines=lines, lost=lost
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
    return made_by(lines_glued, export, number, export.text(rows), "reject", lines=lines, lost=lost)


@to_a_file
def lines_glued_to_the_header(export: Export, chance: Random) -> Version:
    """Take the line end from behind the header."""
    rows = export.copy()
    rows[:2] = [rows[0] + rows[1]]
    return made_by(lines_glued_to_the_header, export, "", export.text(rows), "any")


@to_a_file
def quotes_opened_and_closed_rows_apart(export: Export, chance: Random) -> Version:
    """Open a quote in one row and close it in a later one, which makes one cell of all between."""
    rows, (one, other) = export.copy(), sorted(chance.sample(range(1, len(export.rows)), 2))
    place = filled(export, rows[one], chance)
    rows[one][place] = '"' + unquoted(rows[one][place])
    rows[other][place] = unquoted(rows[other][place]) + '"'
    lines = frozenset().union(*(export.lines(rows, number) for number in range(one, other + 1)))
    lost = frozenset(export.ids[one - 1 : other])
    name = quotes_opened_and_closed_rows_apart
    return made_by(name, export, (one, other), export.text(rows), "any", lines=lines, lost=lost)


@to_a_file
def quotes_opened_everywhere(export: Export, chance: Random) -> Version:
    """Open a quote in each row."""
    rows = export.copy()
    for row in rows[1:]:
        place = chance.randrange(len(row))
        row[place] = '"' + row[place]
    return made_by(quotes_opened_everywhere, export, "", export.text(rows), "any")


@to_a_file
def all_quotes_lost(export: Export, chance: Random) -> Version | None:
    """Take all quotes from a file."""
    text = export.text(export.rows)
    return made_by(all_quotes_lost, export, "", text.replace('"', ""), "any") if '"' in text else None


@to_a_file
def quotes_of_another_kind_everywhere(export: Export, chance: Random) -> Version | None:
    """Write all quotes as single ones, or as those of word processors."""
    text, mark = export.text(export.rows), chance.choice("'\u201d")
    if '"' not in text:
        return None
    return made_by(quotes_of_another_kind_everywhere, export, ascii(mark), text.replace('"', mark), "any")


@to_a_file
def blank_lines(export: Export, chance: Random) -> Version:
    """Put blank lines between rows."""
    rows = export.copy()
    for _ in range(3):
        rows.insert(chance.randrange(len(rows) + 1), [""])
    return made_by(blank_lines, export, "", export.text(rows), "same")


@to_a_file
def line_ends_mixed(export: Export, chance: Random) -> Version:
    """End each line in a way of its own."""
    text = "".join(
        export.delimiter.join(row) + chance.choice(["\n", "\r\n", "\r", "\r\r\n"]) for row in export.rows
    )
    return made_by(line_ends_mixed, export, "", text, "same")


@to_a_file
def line_ends_of_another_kind(export: Export, chance: Random) -> Version:
    """End all lines in another way."""
    end = chance.choice([mark for mark in ("\n", "\r\n", "\r") if mark != export.newline])
    text = "".join(export.delimiter.join(row) + end for row in export.rows)
    return made_by(line_ends_of_another_kind, export, ascii(end), text, "same")


@to_a_file
def line_ends_that_are_none(export: Export, chance: Random) -> Version:
    """End all lines with a character that ends no line of CSV."""
    end = chance.choice(["\x0b", "\x1e", "|"])
    text = "".join(export.delimiter.join(row) + end for row in export.rows)
    return made_by(line_ends_that_are_none, export, ascii(end), text, "any")


@to_a_file
def no_last_line_end(export: Export, chance: Random) -> Version:
    """Leave the last line end out; whoever leaves the last question open may be cut off."""
    text = export.text(export.rows).removesuffix(export.newline)
    last = min(export.lines(export.rows, len(export.rows) - 1))
    lost = frozenset(export.ids[-1:])
    return made_by(no_last_line_end, export, "", text, "any", lines=frozenset([last]), lost=lost)


@to_a_file
def rows_shuffled(export: Export, chance: Random) -> Version:
    """Put the rows in another order."""
    rows = export.copy()
    body = chance.sample(rows[1:], len(rows) - 1)
    return made_by(rows_shuffled, export, "", export.text([rows[0], *body]), "same")


@to_a_file
def columns_shuffled(export: Export, chance: Random) -> Version:
    """Put the columns in another order."""
    places = chance.sample(range(len(export.rows[0])), len(export.rows[0]))
    rows = [[row[place] for place in places] for row in export.rows]
    return made_by(columns_shuffled, export, "", export.text(rows), "same")


@to_a_file
def columns_added(export: Export, chance: Random) -> Version:
    """Add a column with or without a header to all rows."""
    title = chance.choice(["", "Score", "x y"])
    below = "x" if title else ""
    rows = [[*row, title if number == 0 else below] for number, row in enumerate(export.rows)]
    return made_by(columns_added, export, repr(title), export.text(rows), "same")


@to_a_file
def header_merged(export: Export, chance: Random) -> Version:
    """Put a column without a name between others, and something into it in one row."""
    place, number = chance.randrange(1, len(export.rows[0])), chance.randrange(1, len(export.rows))
    rows = [[*row[:place], "", *row[place:]] for row in export.rows]
    rows[number][place] = chance.choice(["x", "4", "Strongly agree"])
    lost, lines = frozenset([export.ids[number - 1]]), export.lines(rows, number)
    return made_by(header_merged, export, place, export.text(rows), "reject", lines=lines, lost=lost)


@to_a_file
def column_numbered(export: Export, chance: Random) -> Version:
    """Add a second column for a question, its title numbered as programs do, with answers of its own."""
    place = chance.choice(export.questions[: export.scored])
    mark = chance.choice([".1", "2", " (2)", "_1", " 2"])
    title = export.rows[0][place]
    twin = f'{title[:-1]}{mark}"' if title.endswith('"') else title + mark
    rows = [[*row, twin if number == 0 else row[place]] for number, row in enumerate(export.rows)]
    return made_by(column_numbered, export, mark, export.text(rows), "refuse")


@to_a_file
def column_numbered_and_blank(export: Export, chance: Random) -> Version:
    """Add a second column for a question with a numbered title and nothing below it."""
    place = chance.choice(export.questions[: export.scored])
    title = export.rows[0][place]
    twin = f'{title[:-1]}.1"' if title.endswith('"') else f"{title}.1"
    rows = [[*row, twin if number == 0 else ""] for number, row in enumerate(export.rows)]
    return made_by(column_numbered_and_blank, export, place, export.text(rows), "same")
