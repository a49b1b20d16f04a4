"""The cells of lines, objects of JSON and sheets."""

import codecs
import csv
import io
import json
import re
import time
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from mopscli.problem import ProblemsFound
from surveys import (
    GIVEN,
    HEADER,
    LIBRARY,
    QUIET,
    SKILL,
    STEPS,
    WRITES,
    Read,
    answers,
    outcome,
    refused,
    workbook,
)


def test_huge_cells(read: Read) -> None:
    """A long comment would end in a traceback, or change a limit for the rest of the program."""
    limit = csv.field_size_limit()
    for text in ("x" * 100_000, '"' + 'x""\n' * 200 + "x" * 300_000 + '"'):
        _, replies = read(HEADER.replace("id", "note,id") + f"{text},a,4,5,1,0\n{text},b,4,5,{text},0\n")
        assert [replies[0].id, replies[1].id] == ["a", "b"]
        assert [len(reply.faults) for reply in replies] == [0, 1]
    assert csv.field_size_limit() == limit


def test_json_lines(read: Read) -> None:
    """Objects in JSON would be refused, or other answers be read from them than they hold."""
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
    """A damaged object would be scored, or take others with it."""
    sound = '{"id": 7, "writes": 4, "quiet": 5}'
    _, replies = read(f"{sound}\n{line}\n{sound}")
    assert outcome(replies) == [(1, "7"), (2, *faults), (3, "7")]
    # The first line that is an object names the columns, so damage at the beginning costs no more than one row.
    if not line.endswith("}"):
        assert outcome(read(f"{line}\n{sound}")[1]) == [(1, *faults), (2, "7")] if line[0] == "{" else True


def test_no_json(read: Read) -> None:
    """A file of JSON without an object, or without a question, would end in no message or in a long one."""
    assert refused(read, '{"id": 1\n{\n') == [
        "people.csv:1:1: not valid JSON: Expecting ',' delimiter at column 9"
    ]
    assert ":2:1: no column is a question" in refused(read, '\n{"id": 7}\n')[0]


def test_workbook(read: Read, tmp_path: Path) -> None:
    """An Excel file would not be read, or the numbers in its cells be other ones than people see."""
    rows = [
        ["Response ID", "writes", QUIET, "library", "books", "on", "sure", "x"],
        [7, 4, "Strongly agree", "a", 2.5, date(2026, 1, 5), True, 0.1],
        [],
        ["007", "", 9, "", "Many", "", False, 1e20],
    ]
    survey, replies = read(workbook(tmp_path, [[["Notes"], ["writes"]], rows]), id_column="response id")
    assert (survey.kind, survey.sheet, survey.first_line) == ("xlsx", 1, 2)
    assert replies[0].cells == ("7", "4", "Strongly agree", "a", "2.5", "2026-01-05", "true", "0.1")
    assert answers(survey, replies[0]) == GIVEN
    assert outcome(replies) == [(2, "7"), (4, (QUIET, "9", STEPS))]
    assert replies[1].cells[6:] == ("false", "1e+20")


def test_workbook_of_a_service(read: Read, tmp_path: Path) -> None:
    """Two header rows in Excel, or blank rows above them, would be taken for people."""
    above = [["", ""], ["", ""]]
    rows = [["id", "Skills", QUIET, LIBRARY], ["", WRITES, "Response", "Response"], [1, 4, 5, 1]]
    survey, replies = read(workbook(tmp_path, [[], above + rows]))
    assert (survey.first_line, outcome(replies)) == (5, [(5, "1")])


def test_no_workbook(read: Read, tmp_path: Path) -> None:
    """A damaged or empty workbook would end in a traceback."""
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


def test_keys_that_stand_twice(read: Read) -> None:
    """One line of 400 KB would keep the program busy for half a minute: each key was counted by itself."""
    first = json.dumps({"id": "a", "writes": 4})
    keys = ",".join(f'"key{number}":1' for number in range(40_000))
    before = time.process_time()
    _, replies = read(f'{first}\n{{{keys},"key39999":2}}\n{{"id":"b","writes":3,{keys}}}\n', partial=True)
    assert time.process_time() - before < 10
    assert [fault.reason for fault in replies[1].faults] == ["the key 'key39999' stands twice"]
    assert [fault.reason for fault in replies[2].faults] == [
        "the file has more than 10,000 different keys that are no questions"
    ]


def test_misspelled_key_in_the_first_object(read: Read) -> None:
    """The answer under a misspelled key would be lost if it is the first object that has it."""
    content = '{"id":"a","writess":4,"quiet":1}\n{"id":"b","writes":3,"quiet":2}\n{"id":"c","writess":5}\n'
    with pytest.raises(ProblemsFound) as error:
        read(content, partial=True)
    assert str(error.value).endswith(
        ":1:1: unknown key 'writess' (did you mean 'writes'? Other objects have it)"
    )
    # Where nobody has it, a folder has other questions, and the key is a column.
    _, replies = read(content.replace('"writes"', '"writess"'), partial=True)
    assert [len(reply.faults) for reply in replies] == [0, 0, 0]


def archive(members: dict[str, str]) -> bytes:
    """Return a ZIP file with these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            archive({"Survey.csv": HEADER}),
            "the file is a ZIP archive (unpack it, and take 'Survey.csv' out of it)",
        ),
        (archive({"readme.txt": ""}), "the file is a ZIP archive (unpack it first)"),
        (archive({"word/document.xml": ""}), "the file is a document of Word (save the answers as CSV)"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le"),
            "the workbook is locked by a password (save it without one)",
        ),
    ],
)
def test_what_begins_like_a_workbook(read: Read, content: bytes, told: str) -> None:
    """Whoever gives the ZIP file of a form, or a locked workbook, would read of damage."""
    assert refused(read, content) == [f"people.csv: {told}"]


def test_a_panic(read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged workbook would end the program with a traceback."""
    content = workbook(tmp_path, [[["id", "writes", "quiet", "library"], ["a", 4, 5, 1]]])
    # What a library written in Rust throws when it gives up.
    made = """
class Panic(BaseException): pass
class CalamineWorkbook:
    def from_filelike(*_): raise Panic("at 1")
"""
    (tmp_path / "python_calamine.py").write_text(made, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    told = "people.csv: cannot be read as a workbook: it is damaged (save it as .xlsx or CSV)"
    assert refused(read, content) == [told]


@pytest.mark.parametrize(
    ("format_", "value", "id_"),
    [
        ("000", 7, "007"),
        ("00000", 1234, "01234"),
        ("00", 123, "123"),
        ("0", 7, "7"),
        ("General", 7, "7"),
        ("0.00", 7, "7"),
        ("000", "A-7", "A-7"),
    ],
)
def test_ids_shown_with_zeros(read: Read, tmp_path: Path, format_: str, value: object, id_: str) -> None:
    """An id would be another one than people see in the sheet, and not be found again."""
    with xlsxwriter.Workbook(tmp_path / "made.xlsx") as book:
        sheet, style = book.add_worksheet(), book.add_format({"num_format": format_})
        sheet.write_row(0, 0, ["id", "writes", "quiet", "library"])
        sheet.write(1, 0, value, style)
        # An answer is its number, however it is shown.
        sheet.write_row(1, 1, [4, 5, 1], style)
    _, replies = read((tmp_path / "made.xlsx").read_bytes())
    assert outcome(replies) == [(2, id_)]


@pytest.mark.parametrize(("result", "faulty"), [("", False), ("Strongly agree", False), (None, True)])
def test_results_of_formulas(read: Read, tmp_path: Path, result: str | None, faulty: bool) -> None:
    """A formula whose result is the empty text would cost a row, or one without any pass for no answer."""
    book = openpyxl.Workbook()
    book.active.append(["id", "writes", "quiet", "library"])
    book.active.append(["a", 4, "=C9", 1])
    book.save(tmp_path / "made.xlsx")
    book.close()
    kept = "" if result is None else f"<v>{result}</v>"
    with zipfile.ZipFile(tmp_path / "made.xlsx") as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    cell = re.search(r'<c r="C2"[^>]*>.*?</c>', sheet)
    assert cell
    type_ = "" if result is None else ' t="str"'
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(
        cell[0], f'<c r="C2"{type_}><f>C9</f>{kept}</c>'
    ).encode()
    with zipfile.ZipFile(tmp_path / "made.xlsx", "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)
    _, (reply,) = read((tmp_path / "made.xlsx").read_bytes())
    assert bool(reply.faults) is faulty


def test_id_that_the_first_object_lacks(read: Read) -> None:
    """All ids would be lost, and people be known by their lines, where the first one has none or misspells it."""
    with pytest.raises(ProblemsFound, match="the first object lacks the key 'id', which this one has"):
        read('{"i<d":"a","writes":4}\n{"id":"b","writes":3}\n', partial=True)
