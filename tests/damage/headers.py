"""Damage to the header, and what stands above or below it."""

from random import Random

from damage.files import Expected, Export, Version
from damage.kinds import made_by, to_a_file


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
    return made_by(header_misspelled, export, place, export.text(rows), "refuse")


@to_a_file
def header_emptied(export: Export, chance: Random) -> Version:
    """Leave a question without a header."""
    rows, place = export.copy(), chance.choice(_scored_places(export))
    rows[0][place] = chance.choice(["", '""', "?"])
    return made_by(header_emptied, export, place, export.text(rows), "refuse")


@to_a_file
def header_of_context_misspelled(export: Export, chance: Random) -> Version:
    """Misspell the header of a question that no score uses."""
    rows = export.copy()
    rows[0][export.questions[-1]] = "Something else"
    return made_by(header_of_context_misspelled, export, "", export.text(rows), "same")


@to_a_file
def header_of_ids_misspelled(export: Export, chance: Random) -> Version:
    """Misspell the header of the ids, so that people go by their rows."""
    rows = export.copy()
    rows[0][export.id_place] = "Idd"
    renamed = {f"row {min(export.lines(rows, n))}": id_ for n, id_ in enumerate(export.ids, start=1)}
    return made_by(header_of_ids_misspelled, export, "", export.text(rows), "same", renamed=renamed)


@to_a_file
def header_doubled(export: Export, chance: Random) -> Version:
    """Give two columns the header of one question."""
    rows, (one, other) = export.copy(), chance.sample(_scored_places(export), 2)
    rows[0][one] = rows[0][other]
    return made_by(header_doubled, export, (one, other), export.text(rows), "refuse")


@to_a_file
def header_swapped_with_ids(export: Export, chance: Random) -> Version:
    """Swap the headers of a question and of the ids."""
    rows, place, ids = export.copy(), chance.choice(_scored_places(export)), export.id_place
    rows[0][place], rows[0][ids] = rows[0][ids], rows[0][place]
    return made_by(header_swapped_with_ids, export, place, export.text(rows), "any")


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
    return made_by(header_swapped_with_a_note, export, place, export.text(rows), "any")


@to_a_file
def header_field_dropped(export: Export, chance: Random) -> Version:
    """Drop a cell of the header, so that each further one stands above its neighbour's answers."""
    rows = export.copy()
    del rows[0][chance.randrange(len(rows[0]))]
    return made_by(header_field_dropped, export, "", export.text(rows), "any")


@to_a_file
def header_field_added(export: Export, chance: Random) -> Version:
    """Add a cell to the header, so that each further one stands above its neighbour's answers."""
    rows = export.copy()
    rows[0].insert(chance.randrange(len(rows[0]) + 1), "new")
    return made_by(header_field_added, export, "", export.text(rows), "any")


@to_a_file
def header_missing(export: Export, chance: Random) -> Version:
    """Leave the header out."""
    return made_by(header_missing, export, "", export.text(export.rows[1:]), "refuse")


@to_a_file
def header_twice(export: Export, chance: Random) -> Version:
    """Write the header twice at the beginning."""
    return made_by(header_twice, export, "", export.text([export.rows[0], *export.rows]), "same")


@to_a_file
def header_in_the_middle(export: Export, chance: Random) -> Version:
    """Join two files with other people, header and byte order mark included."""
    number = chance.randrange(2, len(export.rows))
    one, other = export.rows[:number], [export.rows[0], *export.rows[number:]]
    mark = "\ufeff" if export.encoding != "cp1252" and chance.random() < 0.5 else ""
    rows = [*one, *other]
    text = export.text(one) + mark + export.text(other)
    return made_by(
        header_in_the_middle, export, (number, mark), text, "reject", lines=export.lines(rows, number)
    )


@to_a_file
def file_twice(export: Export, chance: Random) -> Version:
    """Join a file to itself."""
    text = export.text(export.rows)
    lost = frozenset(export.ids)
    return made_by(file_twice, export, "", text + text, "any", lines=export.whole, lost=lost)


@to_a_file
def other_file_behind(export: Export, chance: Random) -> Version:
    """Join a file with the same people in other columns, whose answers would be read into the wrong ones."""
    places = list(reversed(range(len(export.rows[0]))))
    other = [[row[place] for place in places] for row in export.rows]
    return made_by(other_file_behind, export, "", export.text(export.rows) + export.text(other), "any")


@to_a_file
def header_with_a_quote(export: Export, chance: Random) -> Version:
    """Open a quote in the header."""
    rows, place = export.copy(), chance.randrange(len(export.rows[0]))
    rows[0][place] = '"' + rows[0][place]
    return made_by(header_with_a_quote, export, place, export.text(rows), "any")


@to_a_file
def header_with_a_nul(export: Export, chance: Random) -> Version:
    """Put a NUL into the header."""
    rows, place = export.copy(), chance.randrange(len(export.rows[0]))
    rows[0][place] = rows[0][place][:2] + "\0" + rows[0][place][2:]
    return made_by(header_with_a_nul, export, place, export.text(rows), "refuse")


@to_a_file
def header_broken(export: Export, chance: Random) -> Version:
    """Break the header over two lines."""
    rows, place = export.copy(), chance.randrange(1, len(export.rows[0]))
    rows[:1] = [rows[0][:place], rows[0][place:]]
    return made_by(header_broken, export, place, export.text(rows), "any")


@to_a_file
def title_above(export: Export, chance: Random) -> Version:
    """Put a title, or what tells Excel the delimiter, above the header."""
    detail = chance.choice(["My survey", f"sep={export.delimiter}", "# exported"])
    expected: Expected = "same" if detail.startswith("sep") else "any"
    return made_by(title_above, export, detail, detail + export.newline + export.text(export.rows), expected)
