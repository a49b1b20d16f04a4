"""Damaged Excel workbooks."""

import io
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import xlsxwriter

from damage.files import IDS, Version
from damage.objects import objects
from mopscli.assessment.questionnaire import Questionnaire


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
