"""Rows that are of nobody."""

import pytest

from mopscli.survey.nobody import SUSPECT, why_nobody
from surveys import HEADER, Read, outcome

TOTALS = (
    "Average",
    "TOTAL",
    "Grand total",
    "Mean (n=12)",
    "Std dev",
    "Mittelwert:",
    "Итого",
    "平均",
    "Médiane",
)
FOOTNOTES = (
    "* without the people on leave",
    "Exported on 5 January 2026",
    "Source: the survey.",
    "These answers are of people in marketing operations",
    "Note that two people left",
)
PEOPLE = (
    "Anna Berg",
    "Maria de la Cruz",
    "Max",
    "Total Quality GmbH",
    "Averagee",
    "Summer",
    "p 05",
    "#7",
    "-",
    "4",
)


@pytest.mark.parametrize(
    "row", [",,,,", " , ,,,", '"","","","",""', ";;;;", "\t\t\t\t", '""', "  ", "\xa0,,,,"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_blank_rows(read: Read, row: str, end: str) -> None:
    """A row that once held something would be a person without answers, or one without an id."""
    mark = next((mark for mark in ";\t" if mark in row), ",")
    for header in ("id,writes,quiet,library,books", "when,writes,quiet,library,books"):
        content = f"{header}\na,4,5,1,0\nROW\nROW\nb,4,5,1,0\nROW\n".replace(",", mark).replace("ROW", row)
        _, replies = read(content.replace("\n", end))
        assert [(reply.line, reply.faults) for reply in replies] == [(2, ()), (5, ())]


@pytest.mark.parametrize("name", TOTALS)
def test_totals(read: Read, name: str) -> None:
    """Averages would be a person, and count in the figures of the group."""
    for header, row in (
        (HEADER, f"{name},3,4,2,"),
        (HEADER.replace("id", "when"), f"{name},3,4,2,"),
        (f"team,{HEADER}", f",{name},3,4,2,"),
        (HEADER, f'"{name}",,,,'),
    ):
        good = ",a" if header.startswith("team") else "a"
        _, replies = read(f"{header}{good},4,5,1,0\n{row}\n")
        assert outcome(replies)[0][0] == 2
        (line, (column, _, reason)) = outcome(replies)[1]
        assert (line, column) == (3, "")
        assert reason == f"'{name}' may be no person: it looks like a row of averages or totals"


@pytest.mark.parametrize("text", FOOTNOTES)
def test_footnotes(read: Read, text: str) -> None:
    """A footnote would be a person who answered nothing."""
    _, replies = read(f"{HEADER}a,4,5,1,0\n{text},,,,\n")
    assert (
        outcome(replies)[1][1][2]
        == f"'{text[:37] + '...' if len(text) > 40 else text}' may be no person: it looks like a footnote"
    )


@pytest.mark.parametrize("name", PEOPLE)
def test_people(read: Read, name: str) -> None:
    """Somebody would be left out for how they are called."""
    for answers in (",,,", "4,5,1,0"):
        _, replies = read(f"{HEADER}{name},{answers}\nb,4,5,1,0\n")
        assert outcome(replies) == [(2, name), (3, "b")]


def test_suspect_lines() -> None:
    """A row of nobody would pass, because the database reads a line that nobody has looked at."""
    for text in (*TOTALS, *FOOTNOTES):
        assert why_nobody([text, "", ""], ())
        for row in (f"\n{text},,\n", f"\n,{text},\r\n", f'\n"{text}",,\n'):
            if row.startswith("\n,") and text in FOOTNOTES:
                continue
            # What is quoted is looked at in any case.
            assert SUSPECT.search(row.encode()) or '"' in row, row
