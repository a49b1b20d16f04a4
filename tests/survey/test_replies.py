"""Answers row by row, and what is damaged, told as it stands and never taking another row with it."""

from typing import Any

import pytest

from mopscli.assessment.questionnaire import NO_ANSWER, Questionnaire
from mopscli.survey.cells import QUOTE
from mopscli.survey.replies import REST, SWALLOWED, read_replies
from mopscli.survey.rows import CUT_OFF, RowReader
from surveys import GOOGLE, HEADER, NUMBERS, SKILL, STEPS, Read, answers, outcome


def test_not_answered(read: Read) -> None:
    """Somebody who left a question open, or said that it does not apply, would be given an answer or rejected."""
    survey, replies = read(GOOGLE)
    assert answers(survey, replies[1]) == {"writes": None, "quiet": 4, "library": None, "books": None}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("", None),
        (" \t", None),
        (" 5 ", 5),
        ("5.0", 5),
        ("\xa05", 5),
        ("STRONGLY  AGREE", 5),
        ("e", 5),
        ("E)", 5),
        ("e. strongly agree", 5),
        (NO_ANSWER, None),
        (f"F) {NO_ANSWER.lower()}", None),
        ("n/a", None),
        (" N/A ", None),
    ],
)
def test_answers(read: Read, cell: str, value: float | None) -> None:
    """An answer would not be understood, or nothing be taken for an answer."""
    _, (reply,) = read(f"id;writes;quiet;library\n7;4;{cell};1\n", missing=["N/A"])
    assert (reply.values, reply.faults) == ((4, value, 1), ())


@pytest.mark.parametrize(
    "cell",
    [
        "\uff13",
        "nan",
        "1_0",
        "NA",
        "null",
        "-",
        "+4",
        "6",
        "0",
        "4.5",
        "f",
        "4,0",
        "True",
        "inf",
        "5e",
        "\u0665",
    ],
)
def test_no_answers(read: Read, cell: str) -> None:
    """What is no answer would be scored as one."""
    _, replies = read(f"id;writes;quiet;library\n007;4;{cell};1\n08;4;5;1\n")
    assert outcome(replies) == [(2, ("quiet", cell, STEPS)), (3, "08")]
    assert replies[0] == (2, "007", (), ("007", "4", cell, "1"), replies[0].faults)


def test_all_faults(read: Read) -> None:
    """Somebody would mend one fault of a row only to be told the next one."""
    _, (reply,) = read(HEADER + " ,9,x,,3\n")
    assert reply.id == ""
    assert [fault[:3] for fault in reply.faults] == [
        ("id", " ", "no id"),
        ("writes", "9", SKILL),
        ("quiet", "x", STEPS),
        ("books", "3", NUMBERS),
    ]


def test_number_of_fields(read: Read) -> None:
    """A row with a field too few or too many would put answers under the wrong questions."""
    _, replies = read(HEADER + "a,4,5,1\nb,4,5,1,,\n7\n" + "c" * 99 + ',4,5,"1"\n')
    assert outcome(replies) == [
        (2, ("", "a,4,5,1", "4 fields where the header has 5")),
        (3, ("", "b,4,5,1,,", "6 fields where the header has 5")),
        (4, ("", "7", "1 field where the header has 5")),
        (5, ("", "c" * 37 + "...", "4 fields where the header has 5")),
    ]
    assert replies[0].cells == ("a", "4", "5", "1")


def test_many_different_cells(read: Read, small_questionnaire: Questionnaire) -> None:
    """Memory would grow with the rows of a file whose answers are all spelled differently."""
    survey, replies = read(HEADER + "".join(f"{n},{' ' * n}4,5,1,0\n" for n in range(1500)))
    assert {reply.values for reply in replies} == {(4, 5, 1, 0)}
    remembered = read_replies(survey, small_questionnaire)
    assert len(list(remembered)) == 1500
    assert max(map(len, remembered._meanings[1])) <= 1000


B, C = "b,3,5,1,0,x", "c,2,5,1,0,x"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # In order.
        (['"a",4,5,1,0,"x"', B], [(2, "a"), (3, "b")]),
        (['a,4,5,1,0,"one', "two, three", '"', B], [(2, "a"), (5, "b")]),
        (['a,4,5,1,0,"say ""x"""', B], [(2, "a"), (3, "b")]),
        (['"a', 'b",4,5,1,0,', B], [(2, "a\nb"), (4, "b")]),
        # Not closed: until the end, until another quote, until too much is taken.
        (['a,4,5,1,0,"x', B, C], [(2, ("", 'a,4,5,1,0,"x', QUOTE)), (3, "b"), (4, "c")]),
        (['a,4,5,1,0,"x', B, 'c,2,5,1,0,"x"'], [(2, ("", 'a,4,5,1,0,"x', QUOTE)), (3, "b"), (4, "c")]),
        (['"a,4,5,1,0,x', B, 'c,2,5,1,0,"x"'], [(2, ("", '"a,4,5,1,0,x', QUOTE)), (3, "b"), (4, "c")]),
        (['"a","4,5,1,0,x', B], [(2, ("", '"a","4,5,1,0,x', QUOTE)), (3, "b")]),
        # Where none may stand.
        (['a"b,4,5,1,0,x', B], [(2, ("", 'a"b,4,5,1,0,x', QUOTE)), (3, "b")]),
        (['a,4,5,1,0,x"', B], [(2, ("", 'a,4,5,1,0,x"', QUOTE)), (3, "b")]),
        (['"a"b,4,5,1,0,x', B], [(2, ("", '"a"b,4,5,1,0,x', QUOTE)), (3, "b")]),
        (['a,"4" ,5,1,0,x', B], [(2, ("", 'a,"4" ,5,1,0,x', QUOTE)), (3, "b")]),
        (['a, "4",5,1,0,x', B], [(2, ("", 'a, "4",5,1,0,x', QUOTE)), (3, "b")]),
        # Closed by chance rows later, in an earlier column and in the same one; or by somebody who forges a row.
        (
            ['a,4,5,1,"0,x', 'b,3,5,1,"",x', 'c,2,5,1,0,"', "d,1,5,1,0,x"],
            [(2, ("", 'a,4,5,1,"0,x', QUOTE)), (3, "b"), (4, ("", 'c,2,5,1,0,"', QUOTE)), (5, "d")],
        ),
        (
            ['a,4,5,1,0,"x', 'b,3,5,1,"",x', 'c,2,5,1,0,"', "d,1,5,1,0,x"],
            [
                (2, ("", 'a,4,5,1,0,"x', SWALLOWED)),
                (3, ("", 'b,3,5,1,"",x', SWALLOWED)),
                (4, ("", 'c,2,5,1,0,"', SWALLOWED)),
                (5, "d"),
            ],
        ),
        (
            ['"a,4,5,1,0', 'b",4,5,1,0', C],
            [(2, ("", '"a,4,5,1,0', QUOTE)), (3, ("", 'b",4,5,1,0', REST)), (4, "c")],
        ),
    ],
)
def test_quotes(read: Read, rows: list[str], expected: list[Any]) -> None:
    """A broken quote would swallow the rows behind it, or what stands in a quote be taken for a row."""
    for newline in ("\n", "\r\n"):
        content = HEADER.strip() + ",note" + newline + newline.join(rows) + newline
        ids = [(line, id_.replace("\n", newline) if isinstance(id_, str) else id_) for line, id_ in expected]
        assert outcome(read(content)[1]) == ids


def test_a_quote_of_many_lines(read: Read) -> None:
    """A quote that is never closed would cost every row behind it, or a reading of the file for each."""
    rows = [f"{number},4,5,1,0,x" for number in range(1000)]
    rows[10] = rows[10][:-1] + '"x'
    _, replies = read(HEADER.strip() + ",note\n" + "\n".join(rows))
    assert [reply.line for reply in replies if reply.faults] == [12]
    assert len(replies) == 1000
    for lines, faults in ((499, 0), (500, 501)):
        cell = '"' + "x\n" * lines + '"'
        _, replies = read(HEADER.strip() + f",note\na,4,5,1,0,{cell}\nb,4,5,1,0,x\n")
        assert (sum(len(reply.faults) for reply in replies), replies[-1].id) == (faults, "b")


def test_the_rest_of_a_row(read: Read) -> None:
    """Whoever wrote two lines into a comment would be scored under the second if a quote is lost."""
    header = "id,note,writes,quiet,library,books\n"
    _, replies = read(header + 'a,"Hello\nthere, you,4,5,1,0\nb,,4,5,1,0\n')
    assert outcome(replies) == [
        (2, ("", 'a,"Hello', QUOTE)),
        (3, ("", "there, you,4,5,1,0", REST)),
        (4, "b"),
    ]
    _, replies = read(header + 'a,Hello\nthere, you",4,5,1,0\nb,,4,5,1,0\n')
    assert outcome(replies) == [
        (2, ("", "a,Hello", "2 fields where the header has 6")),
        (3, ("", 'there, you",4,5,1,0', QUOTE)),
        (4, "b"),
    ]


def test_many_broken_quotes(read: Read) -> None:
    """A file of broken quotes would take forever."""
    _, replies = read(HEADER + 'a,4,5,1,"0\n' * 2000)
    assert {reply.faults[0].reason for reply in replies} == {QUOTE}
    assert [reply.line for reply in replies] == list(range(2, 2002))


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("b,4,5,1,", (3, ("books", "", CUT_OFF))),
        ('"b",4,5,1,', (3, ("books", "", CUT_OFF))),
        ("b,4,5,9,", (3, ("library", "9", STEPS), ("books", "", CUT_OFF))),
        ("b,4,5,1", (3, ("", "b,4,5,1", "4 fields where the header has 5"))),
        ("b,4,5,1,\n", (3, "b")),
        ("b,4,5,1,\r\n", (3, "b")),
        ("b,4,5,1,0", (3, "b")),
        ('b,4,5,1,""', (3, "b")),
    ],
)
def test_cut_off(read: Read, end: str, expected: tuple[Any, ...]) -> None:
    """Somebody whose last answers were lost with the end of the file would be scored without them."""
    survey, replies = read(HEADER + "a,4,5,1,0\n" + end)
    assert outcome(replies) == [(2, "a"), expected]
    assert survey.plain is (CUT_OFF not in str(expected) and "\r" not in end)
    assert not read("writes,quiet,library,note\n4,5,1,")[1][0].faults


def test_read_cells(read: Read, small_questionnaire: Questionnaire) -> None:
    """A row that another program has taken apart would be read otherwise than the same row of a file."""
    survey, (reply,) = read(HEADER + "a,4,Strongly agree,,0\n")
    assert (
        RowReader(survey, small_questionnaire).read_cells(2, ["a", "4", "Strongly agree", "", "0"]) == reply
    )
