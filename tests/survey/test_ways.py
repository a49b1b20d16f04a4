"""Which way a column answers, and what the rest of an answer would be taken for."""

import pytest

from mopscli.assessment.questionnaire import Questionnaire, choices_of
from mopscli.survey.ways import foreign_columns, may_be_cut, sample, worded_questions
from surveys import Read, outcome

CUT = "may be the beginning of an answer: the others in this column are words"


@pytest.mark.parametrize(
    ("column", "cut", "others"),
    [
        ("library", "C", ["Both alike", "Both alike"]),
        ("library", "c)", ["Both alike", "1", "Clearly the first"]),
        ("quiet", "S", ["Strongly agree"]),
        ("quiet", "A", ["Strongly agree", "Strongly agree", "B"]),
        ("writes", "H", ["Has set."]),
        ("books", "2", ["Many", "Many"]),
    ],
)
def test_the_beginning_of_an_answer(read: Read, column: str, cut: str, others: list[str]) -> None:
    """What a line break has left of an answer would be scored as the option with that letter."""
    rows = "".join(f"p{number},{cell}\n" for number, cell in enumerate(others))
    _, replies = read(f"id,{column}\nx,{cut}\n{rows}", partial=True)
    reasons = [fault[2] for _, *faults in outcome(replies)[:1] for fault in faults]
    # A letter that is no option at all is told as such.
    assert reasons in ([CUT], [reasons[0]])
    assert reasons[0] == CUT or reasons[0].startswith("no option")
    # And at the end of the file.
    _, replies = read(f"id,{column}\n{rows}x,{cut}", partial=True)
    assert replies[-1].faults


@pytest.mark.parametrize(
    ("cells", "rejected"),
    [(["a", "b", "c"], 0), (["a", "b", "Both alike"], 0), (["1", "b", "2"], 0), (["a", "Both alike"], 1)],
)
def test_letters(read: Read, cells: list[str], rejected: int) -> None:
    """A survey that is answered by letters could not be scored."""
    _, replies = read("id,library\n" + "".join(f"{n},{cell}\n" for n, cell in enumerate(cells)), partial=True)
    assert sum(bool(reply.faults) for reply in replies) == rejected


def test_may_be_cut(small_questionnaire: Questionnaire) -> None:
    """A whole answer would be taken for the beginning of one, or a beginning for the whole."""
    choices = choices_of(small_questionnaire)
    assert [may_be_cut(text, choices["books"]) for text in ("2", "2.5", "Many", "m", "0")] == [
        True,
        False,
        False,
        True,
        False,
    ]


def test_ways(small_questionnaire: Questionnaire) -> None:
    """One odd cell would decide which way a column answers, or rows of another width would."""
    choices = choices_of(small_questionnaire)
    rows = sample([["Both alike", "12"], ["c"], ["b", "7"], ["", ""], ["Both alike", "10"]], 2)
    assert len(rows) == 4
    assert worded_questions(rows, {"library": 0}, choices) == {"library"}
    assert worded_questions(rows[1:3], {"library": 0}, choices) == frozenset()
    assert foreign_columns(rows, {"books": 1}, choices, ()) == ["books"]
    assert foreign_columns(rows, {"books": 1}, choices, ("12", "7")) == []
