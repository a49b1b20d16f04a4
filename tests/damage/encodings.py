"""Damage to the delimiters, the end or the bytes of a whole file."""

import gzip
import re
from random import Random

from damage.files import ANYBODY, Expected, Export, Version
from damage.headers import _scored_places
from damage.kinds import Damage, filled, made_by, to_a_file


@to_a_file
def delimiters_all_changed(export: Export, chance: Random) -> Version:
    """Write another delimiter in all of a file, quoted cells included, as search and replace would."""
    other = chance.choice([mark for mark in (",", ";", "\t", "|", " ") if mark != export.delimiter])
    text = export.text(export.rows).replace(export.delimiter, other)
    return made_by(delimiters_all_changed, export, ascii(other), text, "any")


@to_a_file
def delimiters_of_the_header_changed(export: Export, chance: Random) -> Version:
    """Write another delimiter in the header alone."""
    other = chance.choice([mark for mark in (",", ";", "\t", "|") if mark != export.delimiter])
    text = other.join(export.rows[0]) + export.newline + export.text(export.rows[1:])
    return made_by(delimiters_of_the_header_changed, export, ascii(other), text, "any")


@to_a_file
def delimiters_doubled(export: Export, chance: Random) -> Version:
    """Write each delimiter twice."""
    rows = [[cell for pair in zip(row, [""] * len(row), strict=True) for cell in pair] for row in export.rows]
    return made_by(delimiters_doubled, export, "", export.text(rows), "same")


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


def _cut(export: Export, damage: Damage, cut: int, end: str) -> Version:
    text = export.text(export.rows)[:cut]
    number = next(n for n in range(1, len(export.rows) + 1) if len(export.text(export.rows[: n + 1])) >= cut)
    lines = export.lines(export.rows, number)
    lost = frozenset(export.ids[number - 1 :])
    return made_by(damage, export, cut, text + end, "any", lines=lines, lost=lost)


@to_a_file
def truncated_in_the_header(export: Export, chance: Random) -> Version:
    """Cut a file off within its header."""
    text = export.text(export.rows[:1])
    end = len(export.delimiter.join(export.rows[0][: _scored_places(export)[-1]]))
    cut = chance.randrange(end)
    return made_by(truncated_in_the_header, export, cut, text[:cut], "refuse")


@to_a_file
def bytes_truncated(export: Export, chance: Random) -> Version:
    """Cut a file off at any byte, which may be within a character."""
    content = export.bytes(export.text(export.rows))
    return made_by(
        bytes_truncated, export, "", content[: chance.randrange(len(content) // 2, len(content))], "any"
    )


@to_a_file
def byte_order_mark(export: Export, chance: Random) -> Version:
    """Add or take away a byte order mark."""
    text = export.text(export.rows)
    without = {"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}.get(export.encoding)
    if export.encoding == "cp1252":
        content = b"\xef\xbb\xbf" + export.bytes(text)
        return made_by(byte_order_mark, export, "added", content, "any")
    content = text.encode(without) if without else b"\xef\xbb\xbf" + export.bytes(text)
    return made_by(byte_order_mark, export, "", content, "same")


@to_a_file
def byte_order_mark_of_another(export: Export, chance: Random) -> Version:
    """Put the byte order mark of another encoding before a file, or a second one."""
    mark = chance.choice([b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xff\xfe\0\0"])
    content = mark + export.bytes(export.text(export.rows))
    return made_by(byte_order_mark_of_another, export, mark, content, "any")


@to_a_file
def byte_order_mark_in_the_middle(export: Export, chance: Random) -> Version | None:
    """Put a byte order mark before a cell."""
    if export.encoding == "cp1252":
        return None
    rows, number = export.copy(), chance.randrange(1, len(export.rows))
    place = chance.choice([0, filled(export, rows[number], chance)])
    rows[number][place] = "\ufeff" + rows[number][place]
    id_ = export.ids[number - 1]
    return made_by(
        byte_order_mark_in_the_middle,
        export,
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
    place = filled(export, rows[number], chance)
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
    return made_by(
        bytes_that_are_no_text, export, number, content, expected, lines=export.lines(rows, number), lost=lost
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
    return made_by(
        bit_flipped,
        export,
        at,
        bytes(content),
        "any",
        lines=lines | {max(lines) + 1},
        lost=lost,
        renamed=ANYBODY,
    )


@to_a_file
def encoding_mislabelled(export: Export, chance: Random) -> Version:
    """Tell a wrong encoding."""
    text = export.text(export.rows)
    names = ["utf-8", "utf-16", "utf-16-be", "utf-32", "cp1252", "cp850", "ascii", "shift_jis", "utf-7"]
    name = chance.choice([name for name in names if name != export.encoding])
    content = export.bytes(text)
    return made_by(
        encoding_mislabelled, export, name, content, "any", renamed=ANYBODY, reading={"encoding": name}
    )


@to_a_file
def encoded_twice(export: Export, chance: Random) -> Version:
    """Take UTF-8 for the encoding of Windows, and save it as UTF-8 again."""
    content = export.text(export.rows).encode().decode("latin-1").encode()
    return made_by(encoded_twice, export, "", content, "any", renamed=ANYBODY)


@to_a_file
def encodings_mixed(export: Export, chance: Random) -> Version:
    """Join halves of two encodings."""
    number = chance.randrange(2, len(export.rows))
    one, other = export.text(export.rows[:number]), export.text(export.rows[number:])
    wrong = chance.choice([name for name in ("utf-8", "utf-16-le", "cp1252") if name != export.encoding])
    content = export.bytes(one) + other.encode(wrong, "replace")
    return made_by(encodings_mixed, export, (number, wrong), content, "any", renamed=ANYBODY)


@to_a_file
def nuls_behind(export: Export, chance: Random) -> Version:
    """Put a block of NULs behind the last line, as a crash leaves it."""
    content = export.bytes(export.text(export.rows)) + bytes(64)
    return made_by(nuls_behind, export, "", content, "any", lines=export.whole, lost=frozenset())


@to_a_file
def packed(export: Export, chance: Random) -> Version:
    """Compress a file, or put something else in its place."""
    content = export.bytes(export.text(export.rows))
    made = chance.choice(
        [gzip.compress(content), b"<!DOCTYPE html>\n<html>" + content, b"PK\3\4" + content, b"PAR1" + content]
    )
    return made_by(packed, export, made[:4], made, "any" if made[:1] == b"<" else "refuse")
