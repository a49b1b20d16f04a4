"""Which column is which question, and which rows are the header."""

import pytest

from mopscli.assessment.questionnaire import Questionnaire
from mopscli.survey.header import match_columns
from surveys import (
    BOOKS,
    GIVEN,
    GOOGLE,
    HEADER,
    LIBRARY,
    MICROSOFT,
    QUALTRICS,
    QUIET,
    SURVEY_MONKEY,
    TYPEFORM,
    WRITES,
    Read,
    answers,
    outcome,
    refused,
)


@pytest.mark.parametrize(
    ("content", "first_line", "id_"),
    [
        (GOOGLE, 2, "row 2"),
        (MICROSOFT, 3, "1"),
        (TYPEFORM, 2, "x7h2kq"),
        (SURVEY_MONKEY, 3, "114820007"),
        (QUALTRICS, 4, "R_3nB"),
        (QUALTRICS.replace(",", "\t"), 4, "R_3nB"),
        ("sep=;\nid;writes;quiet;library;books\n007;4;5;1;2.5\n", 3, "007"),
        ("_id,meta/instanceID,_version,writes,quiet,library,books\n7,uuid:1,v,4,5,1,2.5\n", 2, "7"),
    ],
)
def test_services(read: Read, content: str, first_line: int, id_: str) -> None:
    """An export downloaded from a survey service would be refused, or its answers be misread."""
    survey, replies = read(content)
    assert survey.first_line == replies[0].line == first_line
    assert (answers(survey, replies[0]), replies[0].id, replies[0].faults) == (GIVEN, id_, ())


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("WRITES", "writes"),
        (" writes ", "writes"),
        (QUIET.upper(), "quiet"),
        ("I like\xa0 quiet\nhours.", "quiet"),
        ("3) I like quiet hours. *", "quiet"),
        ("Q12. I like quiet hours.", "quiet"),
        ("Q12: I like quiet hours.:", "quiet"),
        ("\u201cI like quiet hours.\u201d", "quiet"),
        ("<span class='x'>I like <b>quiet</b> hours.</span>", "quiet"),
        ("What [do] you like? [I like quiet hours.]", "quiet"),
        ("What do you like? [quiet]", "quiet"),
        ("What do you like? - I like quiet hours.", "quiet"),
        ("Quiet hours", None),
        ("quiet?", None),
        ("More - quiet", None),
        ("", None),
    ],
)
def test_headers(small_questionnaire: Questionnaire, header: str, key: str | None) -> None:
    """A header as tools write it would not be recognized, or another column be taken for a question."""
    rest = [name for name in ("writes", "quiet", "library", "books") if name != key]
    found = match_columns(small_questionnaire, [[header, *rest]], "x").questions
    assert found == {**({key: 0} if key else {}), **{name: place for place, name in enumerate(rest, start=1)}}


@pytest.mark.parametrize(
    ("header", "id_column", "position"),
    [
        ("E-mail,Name,Respondent ID,id", None, 2),
        ("Timestamp,Username,Email Address,Name", None, 1),
        ("Email,ID,Name,b", None, 1),
        ("Timestamp,Name,E-mail,b", None, 2),
        ("a,RESPONSE_ID,b,c", None, 1),
        ("#,Network ID,b,c", None, 0),
        ("id,ID,Id,iD", "ID", 1),
        ("id,Mail,b,c", "mail", 1),
        ("meta-instanceID,KEY,b,c", None, 0),
    ],
)
def test_id_columns(read: Read, header: str, id_column: str | None, position: int | None) -> None:
    """People would be told apart by a column that does not, or all rows be called after their line."""
    survey, (reply,) = read(f"{header},writes,quiet,library\n0@1,0@2,0@3,0@4,5,5,5\n", id_column=id_column)
    assert survey.id_column == position
    assert reply.id == ("row 2" if position is None else f"0@{position + 1}")


@pytest.mark.parametrize(
    ("second", "first_line"),
    [
        ("x,Response,Response,,", 3),
        (",,,,Response", 3),
        ("id,writes,quiet,library,books", 3),
        (f"x,{WRITES},{QUIET},{LIBRARY},{BOOKS}", 3),
        ("x,,,,writes", 2),
        ("writes,,,,", 2),
        ("x,Response,4,,", 2),
        ('{"ImportId": "a"},4,5,1,0', 2),
        (f"x,{WRITES},5,,", 2),
    ],
)
def test_second_row(read: Read, second: str, first_line: int) -> None:
    """The first person would be taken for a part of the header, or a part of it for a person."""
    if "ImportId" in second:
        second = second.replace('"', '""').replace("{", '"{').replace("}", '}"')
    assert read(f"{HEADER}{second}\nb,4,5,1,0\n")[0].first_line == first_line


def test_partial(read: Read) -> None:
    """Whoever asked only a part of the questions could not score the answers."""
    survey, (reply,) = read("library\tid\n5\ta\n", partial=True)
    assert (survey.questions, survey.absent, reply.values) == ({"library": 0}, ("writes", "quiet"), (5.0,))


def test_surplus_columns(read: Read) -> None:
    """Columns that are nobody's concern would keep a file from being read."""
    names = [
        "id",
        "note",
        "note",
        "",
        *(f"column {number}" for number in range(5000)),
        "writes,quiet,library,",
    ]
    survey, (reply,) = read(",".join(names) + "\n" + "7" + "," * 5004 + "4,5,1,\n")
    assert (len(survey.columns), reply.values, reply.id) == (5008, (4, 5, 1), "7")


def test_header_alone(read: Read) -> None:
    """That nobody has answered yet would be taken for a fault."""
    for content in (HEADER, HEADER.strip(), HEADER.encode("utf-16")):
        survey, replies = read(content)
        assert (survey.columns, replies) == (("id", "writes", "quiet", "library", "books"), [])


@pytest.mark.parametrize(
    "above",
    [
        "Survey of the team\n",
        "Survey of the team,,,,\n,,,,\n,,,,\n",
        "Survey\nExported on 5 January 2026\n\n",
        '"Survey, of the team"\n',
        "Survey,of the team\n\n",
    ],
)
def test_title_above_the_header(read: Read, above: str) -> None:
    """A title would be taken for the header, and the file for one without questions."""
    survey, replies = read(f"{above}{HEADER}a,4,5,1,0\n")
    assert outcome(replies) == [(above.count("\n") + 2, "a")]
    assert survey.columns == ("id", "writes", "quiet", "library", "books")


def test_people_above_the_header(read: Read) -> None:
    """Whoever sorted the header into the rows would lose those above it."""
    for above in ("a,4,5,1,0\n", "Survey\na,4,5,1,0\nb,4,5,1,0\n"):
        (problem,) = refused(read, f"{above}{HEADER}c,4,5,1,0\n")
        assert "looks like the header, but line" in problem
        assert "may be a person" in problem


@pytest.mark.parametrize(
    ("header", "rows", "expected"),
    [
        ("id,writes,,quiet,library", "a,,4,5,1\nb,4,,5,1\n", "column 3 has no name"),
        ("id,writes,quiet,library,", "a,4,5,1,x\nb,4,5,1,\n", "column 5 has no name"),
        ("id,writes,quiet, ,library", "a,4,5,2,1\nb,4,5,,1\n", "column 4 has no name"),
        ("id,writes,quiet,library,,", "a,4,5,1,,0\nb,4,5,1,,\n", "column 6 has no name"),
    ],
)
def test_columns_without_a_name(read: Read, header: str, rows: str, expected: str) -> None:
    """The answers in a column whose name was merged with another would be ignored."""
    _, replies = read(f"{header}\n{rows}")
    assert [fault[2] for _, fault in outcome(replies)[:1]] == [expected]
    assert outcome(replies)[1] == (3, "b")


def test_columns_that_need_no_name(read: Read) -> None:
    """The numbers of rows that a program writes first, or a column without anything, would cost every row."""
    _, replies = read(",id,writes,quiet,,library,\n0,a,4,5,,1,\n1,b,4,5,,1,\n")
    assert outcome(replies) == [(2, "a"), (3, "b")]


@pytest.mark.parametrize("filled", ["Strongly agree,,", ",Strongly agree,", ",,"])
def test_a_question_spread_over_columns(read: Read, filled: str) -> None:
    """A question with a column for each option would be read by its first column alone."""
    content = (
        f"id,writes,library,{QUIET},,\n,,,Strongly agree,Somewhat agree,Strongly disagree\na,4,1,{filled}\n"
    )
    assert refused(read, content) == [
        "people.csv:2:4: the question 'quiet' is spread over columns 4 to 6, one for each option"
        " (let people choose one answer, or export one column for each question)"
    ]


@pytest.mark.parametrize(
    ("header", "row", "id_"),
    [
        ("The id of your answers,_id,_uuid", "S-1,5001,u1", "S-1"),
        ("_id,THE ID OF YOUR ANSWERS", "5001,S-1", "S-1"),
        ("Response ID,1. The id of your answers", "9,S-1", "9"),
        ("Email", "anonymous", "row 2"),
        ("Email Address", "", "row 2"),
        ("Username", "a@example.org", "a@example.org"),
        ("Email,ID", "anonymous,7", "7"),
    ],
)
def test_whose_answers(read: Read, header: str, row: str, id_: str) -> None:
    """People would go by a number of the tool, or be refused for an address that they did not have to give."""
    survey, (reply,) = read(f"{header},writes,quiet,library\n{row},4,5,1\n")
    assert (reply.id, reply.faults) == (id_, ())
    assert bool(survey.notes) is (id_ == "row 2")


def test_names_with_an_address(read: Read) -> None:
    """Whoever asks for the addresses as ids would not get them, because somebody gave none."""
    _, replies = read("Email,writes,quiet,library\na@b,4,5,1\n,4,5,1\n", id_column="Email")
    assert outcome(replies) == [(2, "a@b"), (3, ("Email", "", "no id"))]
