"""The encoding of a file, found out or guessed, and what a file is that is no text."""

import pytest

from surveys import HEADER, Read, refused

GUESSED = "Nothing tells the encoding, so cp1252 was guessed; --encoding NAME settles it."


@pytest.mark.parametrize(
    ("id_", "encoding", "note"),
    [
        ("Micha\u0142", "cp1250", True),
        ("\u0416\u0430\u043d", "cp1251", True),
        ("Zo\xeb", "cp1252", True),
        ("Zo\xeb", "utf-8", False),
        ("Zo\xeb", "utf-16", False),
        ("Zoe", "cp1252", False),
    ],
)
def test_a_guess_is_told(read: Read, id_: str, encoding: str, note: bool) -> None:
    """Names would be garbled without a word about why."""
    survey, _ = read((HEADER + f"{id_},4,5,1,0\n").encode(encoding))
    assert survey.notes == ((GUESSED,) if note else ())
    survey, _ = read((HEADER + f"{id_},4,5,1,0\n").encode(encoding), encoding=encoding)
    assert survey.notes == ()


def test_a_guess_that_answers_confirm(read: Read) -> None:
    """Whoever has no names in the file would be told of a guess that changes nothing."""
    content = "id,writes,quiet,library\na,Has set.,Strongly agree,Both\xa0alike\n".encode("cp1252")
    survey, (reply,) = read(content)
    assert (survey.encoding, survey.notes, reply.values) == ("cp1252", (), (4, 5, 3))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            b"<html><body><table><tr><td>id</td></tr></table>",
            "the file is a web page, whatever its name says",
        ),
        (b"\xef\xbb\xbf<!DOCTYPE html>\n<html>", "the file is a web page, whatever its name says"),
        (b"\n<table border=1>", "the file is a web page, whatever its name says"),
        (b'<?xml version="1.0"?>\n<Workbook/>', "the file is XML, whatever its name says"),
        (b"%PDF-1.7\n", "the file is a PDF"),
        (b"SQLite format 3\0", "the file is a database of SQLite"),
        (b"\x89PNG\r\n\x1a\n", "the file is a picture"),
        (b"Rar!\x1a\x07", "the file is compressed"),
        (b"$FL2@(#) SPSS DATA FILE", "the file is of SPSS"),
    ],
)
def test_what_a_file_is(read: Read, content: bytes, told: str) -> None:
    """Whoever named a file by what it is not would be told of columns that it does not have."""
    (problem,) = refused(read, content)
    assert problem.startswith(f"people.csv: {told} (")
