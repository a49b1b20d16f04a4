"""Rows of text: quotes that are broken, and what must not be taken for a row because of one."""

from typing import Any

import pytest

from mopscli.survey.cells import QUOTE
from mopscli.survey.replies import REST, SWALLOWED
from surveys import HEADER, Read, outcome

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
