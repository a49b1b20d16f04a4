"""One row: its answers, its faults all at once, and where it was cut off."""

from typing import Any

import pytest

from mopscli.assessment.questionnaire import NO_ANSWER, Questionnaire
from mopscli.survey.replies import read_replies
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
    _, (reply, *_) = read(HEADER + " ,9,x,,3\nb,4,5,1,0\n")
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


@pytest.mark.parametrize(
    "cell",
    [
        "Strongly\u200b agree",
        "Strong\u00adly agree",
        "\ufeffStrongly agree",
        "Strongly\u2060 agree\u200e",
        "e\u200b",
    ],
)
def test_unseen_characters_in_words(read: Read, cell: str) -> None:
    """An answer copied from a web page would be none, although it looks like one."""
    assert read(f"{HEADER}a,4,{cell},1,0\n")[1][0].values[1] == 5


@pytest.mark.parametrize(
    ("cell", "seen"),
    [("4\u200b", "U+200B"), ("\ufeff4", "U+FEFF"), ("Strongly\u00ad", "U+00AD"), ("4\x1b", "U+001B")],
)
def test_unseen_characters_are_told(read: Read, cell: str, seen: str) -> None:
    """Whoever reads the reason would see the number of an option in it, and wonder."""
    ((_, (_, value, reason)),) = outcome(read(f"{HEADER}a,4,{cell},1,0\n")[1])
    assert (value, reason) == (cell, f"{STEPS}; it holds {seen}, which nobody sees")
