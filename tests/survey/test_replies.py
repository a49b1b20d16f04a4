"""Exports of survey tools: dialects, headers, answers, and what is damaged, row by row."""

import codecs
import csv
import gzip
import io
import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, strategies as st

from mopscli.assessment.questionnaire import NO_ANSWER, Questionnaire, choices_of, prepare
from mopscli.knowledge import bundled_folder, load
from mopscli.problem import ProblemsFound
from mopscli.survey.cells import QUOTE
from mopscli.survey.header import match_columns
from mopscli.survey.replies import REST, SWALLOWED, CsvReplies, read_replies
from mopscli.survey.rows import CUT_OFF, Reply, RowReader
from mopscli.survey.source import Survey, open_survey
from samples import PATHS, QUESTIONS, ROLES, WriteFolder

WRITES = "Writing: which comes closest to what you have done?"
QUIET = "I like quiet hours."
LIBRARY = "First: A library. Second: A market."
BOOKS = "How many books?"
HEADER = "id,writes,quiet,library,books\n"
SKILL = "no option of this question: give 0 to 5, the words of an option, or its letter"
STEPS = "no option of this question: give 1 to 5, the words of an option, or its letter"
NUMBERS = "no option of this question: give 0, 2.5 or 10, the words of an option, or its letter"
ANSWERS = {"writes": 4.0, "quiet": 5.0, "library": 1.0, "books": 2.5}

Read = Callable[..., tuple[Survey, list[Reply]]]


@pytest.fixture
def questionnaire(write_folder: WriteFolder) -> Questionnaire:
    """Return a small questionnaire."""
    folder = write_folder()
    (folder / "questions.yaml").write_text(QUESTIONS, encoding="utf-8")
    return prepare(load(folder, ("questions",)))


@pytest.fixture
def read(questionnaire: Questionnaire, tmp_path: Path) -> Read:
    """Return a function that reads an export of the small questionnaire."""

    def read(content: str | bytes, **options: Any) -> tuple[Survey, list[Reply]]:
        path = tmp_path / "export"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        survey = open_survey(questionnaire, path, "people.csv", **options)
        replies = list(read_replies(survey, questionnaire))
        if survey.plain:
            # A plain file can be read line by line, each by itself.
            assert survey.rows == len(replies)
            by_line = CsvReplies(survey, questionnaire)
            lines = path.read_bytes().decode("utf-8-sig").split(survey.newline)[survey.first_line - 1 :]
            lines = lines if lines and lines[-1] else lines[:-1]
            assert replies == [by_line.read_line(*at) for at in enumerate(lines, survey.first_line)]
        return survey, replies

    return read


def answers(survey: Survey, reply: Reply) -> dict[str, float | None]:
    """Return the answers of a reply by question."""
    return dict(zip(survey.questions, reply.values, strict=True))


def outcome(replies: Sequence[Reply]) -> list[Any]:
    """Return the line of each reply with its id, or with its faults."""
    return [
        (reply.line, *(fault[:3] for fault in reply.faults)) if reply.faults else (reply.line, reply.id)
        for reply in replies
    ]


def refused(read: Read, content: str | bytes, **options: Any) -> list[str]:
    """Return the problems for which a whole file is refused."""
    with pytest.raises(ProblemsFound) as found:
        read(content, **options)
    return [str(problem) for problem in found.value.problems]


def workbook(path: Path, sheets: Sequence[Sequence[Sequence[Any]]]) -> bytes:
    """Return an Excel workbook of these sheets."""
    with xlsxwriter.Workbook(path / "made.xlsx", {"default_date_format": "yyyy-mm-dd"}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return (path / "made.xlsx").read_bytes()


# --- Exports as they come -------------------------------------------------------------------------

GOOGLE = f'''"Timestamp","{WRITES}","How far do you agree? [{QUIET}]","{LIBRARY}","{BOOKS}"
"2026/01/05 9:12:44 am GMT+1","Has set.","Strongly agree","Clearly the first","2 or 3, about"
"2026/01/05 9:40:02 am GMT+1","","Rather agree","","{NO_ANSWER}"
'''
MICROSOFT = f"""ID,Start time,Completion time,Email,Name,"1. {WRITES}
",2.\xa0{QUIET}*,"{LIBRARY}",{BOOKS}
1,1/5/26 9:12:44,1/5/26 9:20:01,anonymous,,Has set.,Strongly agree,Clearly the first,"2 or 3, about"
"""
TYPEFORM = f'''#,{WRITES},*{QUIET}*,"{LIBRARY}",{BOOKS},Start Date (UTC),Network ID
x7h2kq,Has set.,Strongly agree,Clearly the first,"2 or 3, about",2026-01-05 08:12:44,8f1
'''
SURVEY_MONKEY = f'''Respondent ID,Collector ID,"1. {WRITES}",How far do you agree?,,{BOOKS},Anything else?
,,Response,{QUIET},"{LIBRARY}",Response,Open-Ended Response
114820007,431,Has set.,Strongly agree,Clearly the first,"2 or 3, about","Thanks,
bye"
'''
QUALTRICS = f'''StartDate,ResponseId,Q1,Q2_1,library,Q4
Start Date,Response ID,"<p>{WRITES}</p>","How far do you agree? - {QUIET}","{LIBRARY}",&nbsp;How <b>many</b> books?
"{{""ImportId"":""startDate""}}","{{""ImportId"":""_recordId""}}","{{""ImportId"":""QID1""}}","{{""ImportId"":""QID2_1""}}","{{""ImportId"":""QID3""}}","{{""ImportId"":""QID4""}}"
2026-01-05 09:12:44,R_3nB,4,5,1,2.5
'''


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
    """An export that somebody downloads from a survey service is refused, or its answers are misread."""
    survey, replies = read(content)
    assert survey.first_line == replies[0].line == first_line
    assert (answers(survey, replies[0]), replies[0].id, replies[0].faults) == (ANSWERS, id_, ())


def test_not_answered(read: Read) -> None:
    """Somebody who left a question open, or said that it does not apply, is given an answer or rejected."""
    survey, replies = read(GOOGLE)
    assert answers(survey, replies[1]) == {"writes": None, "quiet": 4, "library": None, "books": None}


def test_bundled_questions(tmp_path: Path) -> None:
    """A question of our own cannot be found by its text, or an option by its words, in all dialects."""
    bundled = prepare(load(bundled_folder(), ("questions",)))
    texts = {key: item.text for key, item in bundled.items.items()}
    texts |= {key: text for key, (text, _) in bundled.context.items()}
    for delimiter in (",", ";", "\t"):
        with (tmp_path / "export").open("w", encoding="utf-16", newline="") as file:
            rows = csv.writer(file, delimiter=delimiter)
            rows.writerow([f"{number}. {text}" for number, text in enumerate(texts.values(), start=1)])
            for place in range(8):
                rows.writerow(
                    [
                        (*choices, None)[min(place, len(choices))] and choices[place].text
                        if place < len(choices)
                        else ""
                        for choices in choices_of(bundled).values()
                    ]
                )
        survey = open_survey(bundled, tmp_path / "export", "export")
        assert list(survey.questions) == list(texts)
        for place, reply in enumerate(read_replies(survey, bundled)):
            assert reply.values == tuple(
                choices[place].value if place < len(choices) else None
                for choices in choices_of(bundled).values()
            )


# --- Dialects -------------------------------------------------------------------------------------

ENCODINGS = [
    ("utf-8", b"", "utf-8"),
    ("utf-8", codecs.BOM_UTF8, "utf-8"),
    ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16-le"),
    ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16-be"),
    ("utf-32-le", codecs.BOM_UTF32_LE, "utf-32-le"),
    ("utf-16-le", b"", "utf-16-le"),
    ("utf-16-be", b"", "utf-16-be"),
    ("cp1252", b"", "cp1252"),
]


@pytest.mark.parametrize(("encoding", "mark", "found"), ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_dialects(read: Read, encoding: str, mark: bytes, found: str, delimiter: str, newline: str) -> None:
    """A file of a usual encoding, delimiter or line end is misread."""
    note = f'"a{delimiter} b{newline}c"'
    rows = ["id,writes,quiet,library,books,note", "007,4,5,1,2.5,Zoë", "008,0,1,5,,NOTE", "é,5,,,10,"]
    text = newline.join(rows).replace(",", delimiter).replace("NOTE", note) + newline
    survey, replies = read(mark + text.encode(encoding))
    assert (survey.encoding, survey.delimiter, survey.newline) == (found, delimiter, newline)
    assert [reply.values for reply in replies] == [(4, 5, 1, 2.5), (0, 1, 5, None), (5, None, None, 10)]
    assert [reply.line for reply in replies] == [2, 3, 5]
    assert [reply.id for reply in replies] == ["007", "008", "é"]
    assert [reply.cells[5] for reply in replies] == ["Zoë", f"a{delimiter} b{newline}c", ""]


def test_mixed_line_ends(read: Read) -> None:
    """Line ends of several kinds in one file glue rows together or shift the line numbers."""
    survey, replies = read('id,writes,quiet,library\r\na,1,1,1\n\n\r\nb,2,2,2\rc,3,3,3\r\n"d\r\n",4,4,4')
    assert not survey.plain
    assert outcome(replies) == [(2, "a"), (5, "b"), (6, "c"), (7, "d\r\n")]


def test_encoding_by_name(read: Read) -> None:
    """The user cannot tell the encoding, or a name that is none ends in a traceback."""
    content = (HEADER + "Zoë,4,5,1,\n").encode("cp850")
    assert read(content, encoding="CP850")[1][0].id == "Zoë"
    assert read(codecs.BOM_UTF8 + HEADER.encode() + b"a,4,5,1,\n", encoding="utf-8")[0].columns[0] == "id"
    for name in ("klingon", "rot13", "a\0"):
        assert refused(read, content, encoding=name)[0].endswith("(such as utf-8, utf-16 or cp1252)")


def test_damaged_bytes(read: Read) -> None:
    """One damaged byte turns a whole file into another encoding, or a name into another one."""
    content = (HEADER + "Zoë,4,5,1,0\nZoé,4,5,1,0\nä,4,5,1,0\n").encode()
    damaged = content.replace("é".encode(), b"\xc3")
    survey, replies = read(damaged)
    assert (survey.encoding, survey.plain) == ("utf-8", False)
    fault = ("id", "Zo\ufffd", "bytes that are not UTF-8 text")
    assert outcome(replies) == [(2, "Zoë"), (3, fault), (4, "ä")]
    survey, replies = read((HEADER + "Zoë,4,5,1,0\n").encode("cp1252") + b"\x81,4,5,1,0\n")
    assert survey.encoding == "cp1252"
    assert outcome(replies) == [(2, "Zoë"), (3, ("id", "\ufffd", "bytes that are not CP1252 text"))]


def test_damaged_utf_16(read: Read) -> None:
    """A UTF-16 file that breaks in the middle is scored up to there."""
    content = (HEADER + "a,4,5,1,0\n" * 9).encode("utf-16")
    expected = ["people.csv: the bytes are not UTF-16-LE text (save the file as UTF-8)"]
    assert refused(read, content[:-7]) == expected


def test_nul(read: Read) -> None:
    """A NUL character ends a text in other programs, so nobody knows what the cell says."""
    survey, replies = read(HEADER + "a\0,4,5,1,0\nb,4\0,5,1,0\nc,4,5,1,0\n")
    assert not survey.plain
    faults = [("id", "a\0", "a NUL character"), ("writes", "4\0", "a NUL character")]
    assert outcome(replies) == [(2, faults[0]), (3, faults[1]), (4, "c")]


# --- Headers --------------------------------------------------------------------------------------


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
def test_headers(questionnaire: Questionnaire, header: str, key: str | None) -> None:
    """A header as tools write it is not recognized, or another column is taken for a question."""
    rest = [name for name in ("writes", "quiet", "library", "books") if name != key]
    found = match_columns(questionnaire, [[header, *rest]], "x").questions
    assert found == {**({key: 0} if key else {}), **{name: place for place, name in enumerate(rest, start=1)}}


@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        ("", {}, ["people.csv: the file is empty"]),
        ("\ufeff\n \n", {}, ["people.csv: the file is empty"]),
        (b"PAR1\x15", {}, ["people.csv: a Parquet file is not read here (save it as CSV)"]),
        (
            gzip.compress(HEADER.encode(), mtime=0),
            {},
            ["people.csv: the file is compressed (unpack it first)"],
        ),
        ("[\n", {}, ["people.csv: a list in JSON is not read (write one object a line)"]),
        (
            "a,b\n1,2\n",
            {},
            [
                "people.csv:1:1: no column is a question: expected keys such as 'writes', or texts of questions"
            ],
        ),
        (
            "id|write|quiets",
            {},
            [
                "people.csv:1:1: no column is a question: expected keys such as 'writes', or texts of questions"
                " (separate the columns by commas, semicolons or tabs)"
            ],
        ),
        (
            "id,wrtes\n",
            {},
            [
                "people.csv:1:1: no column is a question: expected keys such as 'writes', or texts of questions"
                " (did you mean 'writes'?)"
            ],
        ),
        (
            "id,writes,quite\n",
            {},
            [
                "people.csv:1:1: no column is the question 'library' (score without it by --partial)",
                "people.csv:1:1: no column is the question 'quiet' (did you mean 'quite'?)",
            ],
        ),
        (
            HEADER.replace("books", QUIET),
            {},
            ["people.csv:1:5: a second column for the question 'quiet', after column 3"],
        ),
        (
            "\n" + HEADER.replace("books", "id"),
            {},
            ["people.csv:2:5: a second column of ids, 'id', after column 1"],
        ),
        (
            HEADER,
            {"id_column": "person"},
            ["people.csv:1:1: no column is called 'person'"],
        ),
        (
            HEADER.replace("books", "Mail,mail"),
            {"id_column": "MAIL"},
            ["people.csv:1:6: a second column of ids, 'mail', after column 5"],
        ),
        (
            "id\n" + HEADER.removeprefix("id"),
            {},
            [
                "people.csv:1:1: no column is a question: expected keys such as 'writes', or texts of questions"
                " (separate the columns by commas, semicolons or tabs)"
            ],
        ),
        (
            HEADER.replace("id", "\0id"),
            {},
            ["people.csv:1:1: the header '\0id' holds what is no text"],
        ),
        (
            HEADER.encode().replace(b"id", b"\xff\xc3\xa4"),
            {"encoding": "utf-8"},
            ["people.csv:1:1: the header '\ufffd\xe4' holds what is no text"],
        ),
        (
            'id,"writes,quiet,library\na,4,5,1\n',
            {},
            [f"people.csv:1:1: the header is not valid CSV: {QUOTE}"],
        ),
        (
            'writes,quiet,library,"note\na,4,5,1"\n',
            {},
            [f"people.csv:1:1: the header is not valid CSV: {QUOTE}"],
        ),
        (
            f"id,Q1,quiet,library\nid,{QUIET},{WRITES},{LIBRARY}\n"
            + ",".join(['"{""ImportId"":""a""}"'] * 4),
            {},
            ["people.csv:1:3: the header names two questions, 'quiet' and 'writes'"],
        ),
    ],
)
def test_refused(read: Read, content: str | bytes, options: dict[str, Any], expected: list[str]) -> None:
    """A file that cannot be what it should be is scored all the same, or refused without saying where and why."""
    assert refused(read, content, **options) == expected


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
    """People are told apart by a column that does not, or all rows are called after their line."""
    survey, (reply,) = read(f"{header},writes,quiet,library\n01,02,03,04,5,5,5\n", id_column=id_column)
    assert survey.id_column == position
    assert reply.id == ("row 2" if position is None else f"0{position + 1}")


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
    """The first person is taken for a part of the header, or a part of the header for a person."""
    if "ImportId" in second:
        second = second.replace('"', '""').replace("{", '"{').replace("}", '}"')
    assert read(f"{HEADER}{second}\nb,4,5,1,0\n")[0].first_line == first_line


def test_partial(read: Read) -> None:
    """Whoever asked only a part of the questions cannot score the answers."""
    survey, (reply,) = read("library\tid\n5\ta\n", partial=True)
    assert (survey.questions, survey.absent, reply.values) == ({"library": 0}, ("writes", "quiet"), (5.0,))


def test_surplus_columns(read: Read) -> None:
    """Columns that are nobody's concern keep a file from being read."""
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
    """Nobody has answered yet, and that is taken for a fault."""
    for content in (HEADER, HEADER.strip(), HEADER.encode("utf-16")):
        survey, replies = read(content)
        assert (survey.columns, replies) == (("id", "writes", "quiet", "library", "books"), [])


# --- Answers --------------------------------------------------------------------------------------


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
    """An answer is not understood, or nothing is taken for an answer."""
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
    """What is no answer is scored as one."""
    _, replies = read(f"id;writes;quiet;library\n007;4;{cell};1\n08;4;5;1\n")
    assert outcome(replies) == [(2, ("quiet", cell, STEPS)), (3, "08")]
    assert replies[0] == (2, "007", (), ("007", "4", cell, "1"), replies[0].faults)


def test_all_faults(read: Read) -> None:
    """Somebody mends one fault of a row only to be told the next one."""
    _, (reply,) = read(HEADER + " ,9,x,,3\n")
    assert reply.id == ""
    assert [fault[:3] for fault in reply.faults] == [
        ("id", " ", "no id"),
        ("writes", "9", SKILL),
        ("quiet", "x", STEPS),
        ("books", "3", NUMBERS),
    ]


def test_number_of_fields(read: Read) -> None:
    """A row with a field too few or too many puts answers under the wrong questions."""
    _, replies = read(HEADER + "a,4,5,1\nb,4,5,1,,\n7\n" + "c" * 99 + ',4,5,"1"\n')
    assert outcome(replies) == [
        (2, ("", "a,4,5,1", "4 fields where the header has 5")),
        (3, ("", "b,4,5,1,,", "6 fields where the header has 5")),
        (4, ("", "7", "1 field where the header has 5")),
        (5, ("", "c" * 37 + "...", "4 fields where the header has 5")),
    ]
    assert replies[0].cells == ("a", "4", "5", "1")


def test_huge_cells(read: Read) -> None:
    """A long comment ends in a traceback, or changes a limit for the rest of the program."""
    limit = csv.field_size_limit()
    for text in ("x" * 100_000, '"' + 'x""\n' * 200 + "x" * 300_000 + '"'):
        _, replies = read(HEADER.replace("id", "note,id") + f"{text},a,4,5,1,0\n{text},b,4,5,{text},0\n")
        assert [replies[0].id, replies[1].id] == ["a", "b"]
        assert [len(reply.faults) for reply in replies] == [0, 1]
    assert csv.field_size_limit() == limit


def test_many_different_cells(read: Read, questionnaire: Questionnaire) -> None:
    """Memory grows with the rows of a file whose answers are all spelled differently."""
    survey, replies = read(HEADER + "".join(f"{n},{' ' * n}4,5,1,0\n" for n in range(1500)))
    assert {reply.values for reply in replies} == {(4, 5, 1, 0)}
    remembered = read_replies(survey, questionnaire)
    assert len(list(remembered)) == 1500
    assert max(map(len, remembered._meanings[1])) <= 1000


# --- Quotes ---------------------------------------------------------------------------------------

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
    """A broken quote swallows the rows behind it, or whatever stands in a quote is taken for a row."""
    for newline in ("\n", "\r\n"):
        content = HEADER.strip() + ",note" + newline + newline.join(rows) + newline
        ids = [(line, id_.replace("\n", newline) if isinstance(id_, str) else id_) for line, id_ in expected]
        assert outcome(read(content)[1]) == ids


def test_a_quote_of_many_lines(read: Read) -> None:
    """A quote that is never closed costs every row behind it, or as many readings of the file as it has rows."""
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
    """Whoever wrote two lines into a comment is scored under the second of them if a quote is lost."""
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
    """A file of broken quotes takes forever."""
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
    """Somebody whose last answers were lost with the end of the file is scored without them."""
    survey, replies = read(HEADER + "a,4,5,1,0\n" + end)
    assert outcome(replies) == [(2, "a"), expected]
    assert survey.plain is (CUT_OFF not in str(expected) and "\r" not in end)
    assert not read("writes,quiet,library,note\n4,5,1,")[1][0].faults


@pytest.mark.parametrize(
    ("content", "plain"),
    [
        (HEADER + "a,4,5,1,0\n", True),
        (HEADER + "a,4,5,1,0", True),
        ("\ufeff" + HEADER + "Zoë,4,5,1,0\n", True),
        (HEADER.replace("\n", "\r\n") + "a,4,5,1,0\r\nb,4,5,1,0", True),
        (HEADER + '"a, ""b""",4,5,1,0\n"b"c,4\n', True),
        (SURVEY_MONKEY.replace("\nbye", ""), True),
        (QUALTRICS, True),
        (HEADER + "b\xa0" * 300_000 + ",4,5,1,0\nb,4,5,1,0\n", True),
        (SURVEY_MONKEY, False),
        (MICROSOFT, False),
        ("\n" + HEADER, False),
        ("\ufeff\n" + HEADER, False),
        (HEADER + "\na,4,5,1,0\n", False),
        (HEADER + "a,4,5,1,0\n\n", False),
        (HEADER.replace("\n", "\r\n") + "a,4,5,1,0\r\n\r\n", False),
        (HEADER + "a,4,5,1,0\r\n", False),
        (HEADER.replace("\n", "\r\n") + "a,4,5,1,0\n", False),
        (HEADER.replace("\n", "\r\n") + "a\r,4,5,1,0\r\n", False),
        (HEADER.replace("\n", "\r") + "a,4,5,1,0", False),
        (HEADER + 'a,4,5,1,"0\n', False),
        (HEADER + "a\1,4,5,1,0\n", False),
        (HEADER + "a\0,4,5,1,0\n", False),
        (HEADER.encode() + b"a\xff,4,5,1,0\n", False),
        (HEADER.encode() + b"a,4,5,1,0\xc3", False),
        (HEADER.encode("utf-16"), False),
        (HEADER + "b\xa0" * 300_000 + ",4,5,1,0\n" + "b" * 1_000_000 + ",4,5,1,0\n", False),
        ('{"writes": 4}\n', False),
    ],
)
def test_plain(read: Read, content: str | bytes, plain: bool) -> None:
    """A file is split at its delimiters although a cell holds one, or read slowly although none does."""
    assert read(content)[0].plain is plain


# --- JSON Lines -----------------------------------------------------------------------------------


def test_json_lines(read: Read) -> None:
    """Objects in JSON are refused, or other answers are read from them than they hold."""
    lines = [
        {"id": 7, QUIET: 5, "writes": "Has set.", "when": {"at": [1, None, True]}, "books": None},
        {"writes": 0, "library": "e", "id": "007", "quiet": ""},
    ]
    content = (
        "\ufeff\n" + "\r\n".join(map(json.dumps, lines)) + ' \n\n{"id": 1e3, "when": 1.50, "books": 2.50}'
    )
    survey, replies = read(content)
    assert (survey.kind, survey.first_line, survey.absent) == ("jsonl", 1, ())
    assert survey.columns == ("id", QUIET, "writes", "when", "books", "library")
    assert [(reply.line, reply.id) for reply in replies] == [(2, "7"), (3, "007"), (5, "1e3")]
    assert answers(survey, replies[0]) == {"quiet": 5, "writes": 4, "books": None, "library": None}
    assert answers(survey, replies[1]) == {"quiet": None, "writes": 0, "books": None, "library": 5}
    assert answers(survey, replies[2]) == {"quiet": None, "writes": None, "books": 2.5, "library": None}
    assert [reply.cells[3] for reply in replies] == ['{"at": [1, null, true]}', "", "1.50"]


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        ('{"id": 1, "writes": 9}', [("writes", "9", SKILL)]),
        ('{"id": 1, "wrtes": 4}', [("wrtes", "4", "unknown key (did you mean 'writes'?)")]),
        (
            '{"id": 1, "more": {"a": 1.0}, "quiet": 7}',
            [("quiet", "7", STEPS)],
        ),
        ('{"id": 1, "writes": true}', [("writes", "true", "expected a text or a number")]),
        ('{"id": [1], "writes": 4}', [("id", "[1]", "expected a text or a number")]),
        ('{"writes": 4}', [("id", "", "no id")]),
        (
            '{"id": 1, "quiet": 4, "I like quiet hours.": 5}',
            [("quiet", "5", "a second key for the same question")],
        ),
        ('{"id": 1, "id": 2}', [("", '{"id": 1, "id": 2}', "the key 'id' stands twice")]),
        ('{"id": "\\ud800"}', [("id", "\ufffd", "bytes that are not UTF-8 text")]),
        ('{"id": "\\u0000"}', [("id", "\0", "a NUL character")]),
        (
            '{"id": 1, "writes": 4',
            [("", '{"id": 1, "writes": 4', "not valid JSON: Expecting ',' delimiter at column 22")],
        ),
        ('{"id": NaN}', [("", '{"id": NaN}', "not valid JSON: NaN is no value")]),
        ("[1, 2]", [("", "[1, 2]", "expected an object of JSON")]),
        ("[" * 9999, [("", "[" * 37 + "...", "not valid JSON: nested too deep")]),
    ],
)
def test_faulty_json(read: Read, line: str, faults: list[tuple[str, str, str]]) -> None:
    """A damaged object is scored, or takes others with it."""
    sound = '{"id": 7, "writes": 4, "quiet": 5}'
    _, replies = read(f"{sound}\n{line}\n{sound}")
    assert outcome(replies) == [(1, "7"), (2, *faults), (3, "7")]
    # The first line that is an object names the columns, so damage at the beginning costs no more than one row.
    if not line.endswith("}"):
        assert outcome(read(f"{line}\n{sound}")[1]) == [(1, *faults), (2, "7")] if line[0] == "{" else True


def test_no_json(read: Read) -> None:
    """A file of JSON without an object, or without a question, ends in no message or in a long one."""
    assert refused(read, '{"id": 1\n{\n') == [
        "people.csv:1:1: not valid JSON: Expecting ',' delimiter at column 9"
    ]
    assert ":2:1: no column is a question" in refused(read, '\n{"id": 7}\n')[0]


# --- Workbooks ------------------------------------------------------------------------------------


def test_workbook(read: Read, tmp_path: Path) -> None:
    """An Excel file is not read, or the numbers in its cells are other ones than people see."""
    rows = [
        ["Response ID", "writes", QUIET, "library", "books", "on", "sure", "x"],
        [7, 4, "Strongly agree", "a", 2.5, date(2026, 1, 5), True, 0.1],
        [],
        ["007", "", 9, "", "Many", "", False, 1e20],
    ]
    survey, replies = read(workbook(tmp_path, [[["Notes"], ["writes"]], rows]), id_column="response id")
    assert (survey.kind, survey.sheet, survey.first_line) == ("xlsx", 1, 2)
    assert replies[0].cells == ("7", "4", "Strongly agree", "a", "2.5", "2026-01-05", "true", "0.1")
    assert answers(survey, replies[0]) == ANSWERS
    assert outcome(replies) == [(2, "7"), (4, (QUIET, "9", STEPS))]
    assert replies[1].cells[6:] == ("false", "1e+20")


def test_workbook_of_a_service(read: Read, tmp_path: Path) -> None:
    """Two header rows in Excel, or blank rows above them, are taken for people."""
    above = [["", ""], ["", ""]]
    rows = [["id", "Skills", QUIET, LIBRARY], ["", WRITES, "Response", "Response"], [1, 4, 5, 1]]
    survey, replies = read(workbook(tmp_path, [[], above + rows]))
    assert (survey.first_line, outcome(replies)) == (5, [(5, "1")])


def test_no_workbook(read: Read, tmp_path: Path) -> None:
    """A damaged or empty workbook ends in a traceback."""
    content = workbook(tmp_path, [[["id", "writes"]], [["x"]]])
    for damaged in (
        content[:2000],
        b"PK\3\4",
        codecs.BOM_UTF8.join([b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"] * 9),
    ):
        (problem,) = refused(read, damaged)
        assert problem.startswith("people.csv: cannot be read as a workbook: ")
        assert problem.endswith("(save it as .xlsx or CSV)")
    assert refused(read, workbook(tmp_path, [[], []])) == ["people.csv: the file is empty"]
    assert "no column is the question 'library'" in refused(read, content)[0]


# --- As a whole -----------------------------------------------------------------------------------


def test_no_such_file(questionnaire: Questionnaire, tmp_path: Path) -> None:
    """A file that is not there, now or later, ends in a traceback."""
    path = tmp_path / "export"
    path.write_text(HEADER, "utf-8")
    replies = read_replies(open_survey(questionnaire, path, "people.csv"), questionnaire)
    path.unlink()
    for act in (lambda: open_survey(questionnaire, path, "people.csv"), lambda: list(replies)):
        with pytest.raises(ProblemsFound) as found:
            act()
        assert str(found.value) == "people.csv: cannot be read: No such file or directory"


def test_read_cells(read: Read, questionnaire: Questionnaire) -> None:
    """A row that another program has taken apart is read otherwise than the same row of a file."""
    survey, (reply,) = read(HEADER + "a,4,Strongly agree,,0\n")
    assert RowReader(survey, questionnaire).read_cells(2, ["a", "4", "Strongly agree", "", "0"]) == reply


@pytest.fixture(scope="module")
def small_questionnaire(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    """Return the small questionnaire, made once."""
    folder = tmp_path_factory.mktemp("knowledge")
    for name, text in (("roles", ROLES), ("paths", PATHS), ("questions", QUESTIONS)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return prepare(load(folder, ("questions",)))


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
ROW = st.tuples(
    TEXT.filter(str.strip),
    st.sampled_from(["", "0", "5.0", "Has set.", "b"]),
    st.sampled_from(["", "1", "Strongly agree", "E)"]),
    st.sampled_from(["", "2", "both alike", "a. clearly the first"]),
    st.sampled_from(["", "2.5", "Many", "2 or 3, about"]),
    TEXT,
)


@given(
    rows=st.lists(ROW, max_size=8),
    delimiter=st.sampled_from([",", ";", "\t"]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_is_written_is_read(
    small_questionnaire: Questionnaire,
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, ...]],
    delimiter: str,
    newline: str,
    encoding: str,
    quoting: Any,
) -> None:
    """A sound file, in whichever way it is written, loses a person, an answer, or a character of an id."""
    if quoting == csv.QUOTE_MINIMAL:
        # Python's writer leaves line breaks without quotes if they are of another kind than its own.
        rows = [tuple(cell.replace("\n", " ").replace("\r", " ") for cell in row) for row in rows]
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator=newline, quoting=quoting)
    writer.writerows([["id", "writes", "quiet", "library", "books", "note"], *rows])
    path = tmp_path_factory.getbasetemp() / "written"
    path.write_bytes(file.getvalue().encode(encoding))
    survey = open_survey(small_questionnaire, path, "written")
    replies = list(read_replies(survey, small_questionnaire))
    means = {
        "": None,
        "5.0": 5,
        "Has set.": 4,
        "b": 1,
        "Strongly agree": 5,
        "E)": 5,
        "both alike": 3,
        "Many": 10,
    }
    means |= {"a. clearly the first": 1, "2.5": 2.5, "2 or 3, about": 2.5, "0": 0, "1": 1, "2": 2}
    assert [reply.cells for reply in replies] == rows
    assert [(reply.id, reply.values) for reply in replies] == [
        (row[0], tuple(means[cell] for cell in row[1:5])) for row in rows
    ]
