"""How a file is written: kind, encoding, dialect; and what cannot be read at all."""

import codecs
import csv
import gzip
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from mopscli.assessment.questionnaire import Questionnaire, choices_of
from mopscli.problem import ProblemsFound
from mopscli.survey.cells import QUOTE
from mopscli.survey.nobody import why_nobody
from mopscli.survey.replies import read_replies
from mopscli.survey.source import open_survey
from samples import bundled_questionnaire
from surveys import (
    HEADER,
    LIBRARY,
    MICROSOFT,
    QUALTRICS,
    QUIET,
    SURVEY_MONKEY,
    WRITES,
    Read,
    outcome,
    refused,
)


def test_bundled_questions(tmp_path: Path) -> None:
    """In some dialect, a question of our own would not be found by its text, or an option by its words."""
    bundled = bundled_questionnaire()
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
    """A file of a usual encoding, delimiter or line end would be misread."""
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
    """Line ends of several kinds in one file would glue rows together or shift the line numbers."""
    survey, replies = read('id,writes,quiet,library\r\na,1,1,1\n\n\r\nb,2,2,2\rc,3,3,3\r\n"d\r\n",4,4,4')
    assert not survey.plain
    assert outcome(replies) == [(2, "a"), (5, "b"), (6, "c"), (7, "d\r\n")]


def test_encoding_by_name(read: Read) -> None:
    """The user could not tell the encoding, or a name that is none would end in a traceback."""
    content = (HEADER + "Zoë,4,5,1,\n").encode("cp850")
    assert read(content, encoding="CP850")[1][0].id == "Zoë"
    assert read(codecs.BOM_UTF8 + HEADER.encode() + b"a,4,5,1,\n", encoding="utf-8")[0].columns[0] == "id"
    for name in ("klingon", "rot13", "a\0"):
        assert refused(read, content, encoding=name)[0].endswith("(such as utf-8, utf-16 or cp1252)")


def test_damaged_bytes(read: Read) -> None:
    """One damaged byte would turn a whole file into another encoding, or a name into another one."""
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
    """A UTF-16 file that breaks in the middle would be scored up to there."""
    content = (HEADER + "a,4,5,1,0\n" * 9).encode("utf-16")
    expected = ["people.csv: the bytes are not UTF-16-LE text (save the file as UTF-8)"]
    assert refused(read, content[:-7]) == expected


def test_nul(read: Read) -> None:
    """A NUL, which ends a text in other programs, would pass as a part of an id or an answer."""
    survey, replies = read(HEADER + "a\0,4,5,1,0\nb,4\0,5,1,0\nc,4,5,1,0\n")
    assert not survey.plain
    faults = [("id", "a\0", "a NUL character"), ("writes", "4\0", "a NUL character")]
    assert outcome(replies) == [(2, faults[0]), (3, faults[1]), (4, "c")]


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
                " (the columns are 'a', 'b')"
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
            HEADER.replace("books", QUIET) + "a,4,5,1,5\n",
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
    """A file that cannot be what it should be would be scored, or refused without saying where and why."""
    assert refused(read, content, **options) == expected


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
    """A file would be split at its delimiters although a cell holds one, or read slowly although none does."""
    assert read(content)[0].plain is plain


def test_no_such_file(small_questionnaire: Questionnaire, tmp_path: Path) -> None:
    """A file that is not there, now or later, would end in a traceback."""
    path = tmp_path / "export"
    path.write_text(HEADER, "utf-8")
    replies = read_replies(open_survey(small_questionnaire, path, "people.csv"), small_questionnaire)
    path.unlink()
    for act in (lambda: open_survey(small_questionnaire, path, "people.csv"), lambda: list(replies)):
        with pytest.raises(ProblemsFound) as found:
            act()
        assert str(found.value) == "people.csv: cannot be read: No such file or directory"


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
# An id may not look like a row of averages or a footnote.
ID = TEXT.filter(str.strip).map(lambda text: f"p{text}").filter(lambda text: not why_nobody([text], ()))
# One column is answered by words or by letters, numbers go with both.
ROW = st.tuples(
    ID,
    st.sampled_from(["", "0", "5.0", "b"]),
    st.sampled_from(["", "1", "Strongly agree"]),
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
    """A sound file, however it is written, would lose a person, an answer, or a character of an id."""
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
        "b": 1,
        "Strongly agree": 5,
        "both alike": 3,
        "Many": 10,
    }
    means |= {"a. clearly the first": 1, "2.5": 2.5, "2 or 3, about": 2.5, "0": 0, "1": 1, "2": 2}
    assert [reply.cells for reply in replies] == rows
    assert [(reply.id, reply.values) for reply in replies] == [
        (row[0], tuple(means[cell] for cell in row[1:5])) for row in rows
    ]
