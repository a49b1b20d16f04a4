"""What survey exports and their surroundings can do to us: formulas, terminals, disks, pipes, sudden ends."""

import csv
import json
import os
import random
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from click.testing import Result
from typer.testing import CliRunner

from mopscli.batch import scores
from mopscli.cli.app import program
from mopscli.survey.spreadsheet import FORMULA
from program import run_mops
from samples import PATHS, ROLES

app = program()

QUESTIONS = """\
between: [author, editor]
questions:
  writes: {kind: skill, trait: writing}
  edits: {kind: skill, trait: editing}
  quiet: {kind: agree, trait: calm, text: I like quiet hours.}
"""
HEADER = "id,writes,edits,quiet\n"
GOOD = HEADER + "a,4,5,1\nb,0,1,5\nc,3,,2\n"
SCORED = "3 rows: 3 scored + 0 rejected."
# What no terminal may get from a file: escapes, and what turns the direction of text.
OBEYED = "\x1b\x07\x9b\u202e\u202d\u2066\u2069\u200f\0\x7f"
ESCAPES = (
    "\x1b[31mred",
    "\x1b]0;title\x07",
    "\x9b2J",
    "a\u202etxt.exe",
    "\u2066b\u2069",
    "c\x07",
    "[red]d[/red]",
    "[/]",
    "\x7f",
)

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def knowledge_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small knowledge folder with three questions."""
    folder = tmp_path_factory.mktemp("knowledge")
    for name, text in (("roles", ROLES), ("paths", PATHS), ("questions", QUESTIONS)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def batch(knowledge_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs `mops batch` in an empty folder, on a file of this content."""
    monkeypatch.chdir(tmp_path)

    def run(content: str | bytes | None, *arguments: str, name: str = "in.csv", stdin: bytes = b"") -> Result:
        if content is not None:
            Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
        command = ["--data", str(knowledge_folder), "batch", name, *(arguments or ("-o", "out.csv"))]
        return CliRunner().invoke(app, command, input=stdin, env={"COLUMNS": "100"})

    return run


def process(knowledge_folder: Path, *arguments: str) -> list[str]:
    """Return the command of a real process."""
    return [sys.executable, "-m", "mopscli", "--data", str(knowledge_folder), "batch", *arguments]


def rows(path: str | Path = "out.csv") -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def unescaped(text: str) -> str:
    """Undo what protects a spreadsheet, as the documentation says it."""
    return text[1:] if re.match(f"'{FORMULA}", text) else text


def large(path: Path, people: int = 60_000) -> Path:
    """Write a file that takes a while."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        file.writelines(f"p{n},{n % 6},{n // 6 % 6},{n // 36 % 5 + 1}\n" for n in range(people))
    return path


# --- Formulas -------------------------------------------------------------------------------------

STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def test_formulas_in_ids(batch: Run) -> None:
    """A spreadsheet runs what somebody has put into an id, or the id cannot be had back from the scores."""
    ids = [f"{start}cmd|' /C calc'!A0" for start in STARTS] + [
        "'=1",
        "''+2",
        "'x",
        "-5",
        "+4.5",
        "-1e3",
        "007",
    ]
    file = HEADER + "".join(f'"{id_}",4,5,1\n' for id_ in ids)
    result = batch(file)
    assert result.exit_code == 0, result.output
    written = [row["id"] for row in rows()]
    assert [unescaped(text) for text in written] == ids
    assert not [text for text in written[: len(STARTS)] if text[0] in STARTS]
    assert written[-4:] == ["-5", "+4.5", "-1e3", "007"]


def test_formulas_elsewhere(batch: Run) -> None:
    """A formula comes through in a kept column, its header, or the list of rejects."""
    file = 'id,writes,edits,quiet,=note,ok\n"a",4,5,1,"=1+1",-5\nb,=1+2,5,1,x,\n@c,,"+d",1,,\n=in,4\n'
    result = batch(file, "-o", "out.csv", "--keep")
    assert result.exit_code == 1
    (row,) = rows()
    assert (row["'=note"], row["ok"]) == ("'=1+1", "-5")
    for reject in rows("out.rejects.csv"):
        for cell in reject.values():
            assert cell[:1] not in STARTS, reject
    assert [reject["value"] for reject in rows("out.rejects.csv")] == ["'=1+2", "'+d", "'=in,4"]


def test_formula_as_file_name(batch: Run) -> None:
    """The name of a file is run by the spreadsheet that opens the rejects."""
    assert batch(HEADER + "a,9,5,1\n", name="=a.csv").exit_code == 1
    assert [row["file"] for row in rows("out.rejects.csv")] == ["'=a.csv"]


def test_formulas_in_other_formats(batch: Run) -> None:
    """Text that no spreadsheet reads is changed, or a workbook could compute what is text."""
    file = HEADER + "=1+1,4,5,1\n"
    assert batch(file, "-o", "out.jsonl").exit_code == 0
    assert json.loads(Path("out.jsonl").read_text("utf-8"))["id"] == "=1+1"
    assert batch(file, "-o", "out.xlsx").exit_code == 0
    import openpyxl

    book = openpyxl.load_workbook("out.xlsx")
    cell = book.active["A2"]
    assert (cell.value, cell.data_type) == ("'=1+1", "s")
    book.close()


def test_negative_numbers_are_numbers(batch: Run) -> None:
    """A contribution below zero is escaped, so that no spreadsheet can add it up."""
    assert batch(GOOD, "-o", "out.csv", "--explain").exit_code == 0
    numbers = [value for row in rows() for name, value in row.items() if name.startswith("contribution_")]
    assert min(map(float, numbers)) < 0


# --- Terminals ------------------------------------------------------------------------------------


@pytest.mark.parametrize("escape", ESCAPES)
@pytest.mark.parametrize("form", ["table", "markdown"])
def test_nothing_steers_the_terminal(batch: Run, escape: str, form: str) -> None:
    """An id, a value, a header or a file name can clear the screen, fake text, or break the page."""
    header = HEADER.replace("id", f'"{escape} id"').replace("\n", f',"{escape} note"\n')
    file = header + f'"{escape}",4,5,1,\nb,"{escape}",5,1,\nc,4\n'
    name = f"{escape.replace('/', '').replace(chr(0), '')}.csv"
    result = batch(file, "-o", f"out{name}", "--id", f"{escape} id", "--format", form, "--keep", name=name)
    assert result.exit_code == 1, result.output
    assert "scored + " in " ".join(result.output.split())
    assert not set(OBEYED) & set(result.output), ascii(result.output)
    result = batch(HEADER.replace("quiet", f'"{escape}quit"'), name=name)
    assert result.exit_code == 1
    assert not set(OBEYED) & set(result.output), ascii(result.output)
    for arguments in (
        ["-o", f"{escape}/out.csv"],
        ["-o", f"out.{escape}".replace("/", "")],
        ["--id", escape, "-o", "out.csv"],
    ):
        result = batch(GOOD, *arguments)
        assert result.exit_code in (1, 2)
        assert not set(OBEYED) & set(result.output), ascii(result.output)


def test_markup_is_text(batch: Run) -> None:
    """Square brackets in an id vanish from the summary."""
    result = batch(HEADER + "[bold]x[/bold],5,5,5\n[/],0,0,1\n")
    assert result.exit_code == 0
    assert "[bold]x[/bold]" in result.output
    assert "[/]" in result.output


def test_escapes_in_json(batch: Run) -> None:
    """The summary as JSON is no JSON, or hides what an id was."""
    result = batch(HEADER + "\x1b[31m,5,5,5\n", "-o", "out.csv", "--json")
    assert result.exit_code == 0
    assert not set(OBEYED) & set(result.output)
    assert json.loads(result.output)["data"]["roles"][0]["nearest"][0]["id"] == "\x1b[31m"


# --- Shapes ---------------------------------------------------------------------------------------


def test_long_cells(batch: Run) -> None:
    """A cell of 100,000 characters is cut in the scores, floods the screen, or takes the row with it."""
    long = "x" * 100_000
    result = batch(
        f"{HEADER[:-1]},note\n{long},4,5,1,{long}\nb,{long},5,1,\nc,4,5,1,\n", "-o", "out.csv", "--keep"
    )
    assert result.exit_code == 1, result.output[:500]
    assert "3 rows: 2 scored + 1 rejected." in result.output
    assert [(row["id"], row["note"]) for row in rows()] == [(long, long), ("c", "")]
    assert len(result.output) < 10_000


def test_long_quoted_cells(batch: Run) -> None:
    """A long cell with line breaks and quotes is cut, or shifts the lines of the rejects."""
    long = 'a ""b"",\n' * 400 + "c" * 100_000
    result = batch(f'{HEADER[:-1]},note\na,4,5,1,"{long}"\nb,9,5,1,\n', "-o", "out.csv", "--keep")
    assert result.exit_code == 1, result.output[:500]
    assert [row["note"] for row in rows()] == [long.replace('""', '"')]
    assert [row["line"] for row in rows("out.rejects.csv")] == ["403"]


def test_nul(batch: Run) -> None:
    """A NUL ends the program or a text, and somebody is scored under half an id."""
    result = batch(HEADER + "a\0b,4,5,1\nc,4,5,1\n")
    assert result.exit_code == 1
    assert [row["id"] for row in rows()] == ["c"]
    assert [(row["line"], row["reason"]) for row in rows("out.rejects.csv")] == [("2", "a NUL character")]
    assert "\0" not in Path("out.rejects.csv").read_text("utf-8")


def test_many_columns(batch: Run) -> None:
    """A file of 5,000 columns is not read, or its questions are not found among them."""
    extra = ",".join(f"x{n}" for n in range(5_000))
    cells = "," * 4_999
    result = batch(f"{extra},{HEADER}{cells},a,4,5,1\n{cells},b,9,5,1\n")
    assert result.exit_code == 1, result.output[:500]
    assert "2 rows: 1 scored + 1 rejected." in result.output
    extra = ",".join(f"x{n}" for n in range(500))
    result = batch(f"{extra},{HEADER}{',' * 499},a,4,5,1\n", "-o", "kept.csv", "--keep")
    assert result.exit_code == 0
    assert len(rows("kept.csv")[0]) > 500


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "in.csv: the file is empty"),
        ("\n\n", "in.csv: the file is empty"),
        ("\ufeff", "in.csv: the file is empty"),
        ("\0\0\0\0", "in.csv"),
        (b"\xff\xfe", "in.csv: the file is empty"),
        ("hello", "no column is a question"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "in.csv"),
        (b"%PDF-1.7\n", "no column is a question"),
    ],
)
def test_nothing_in_it(batch: Run, content: str | bytes, told: str) -> None:
    """A file without anything in it ends in a traceback, or leaves an empty file of scores."""
    result = batch(content)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert told in result.output
    assert sorted(path.name for path in Path().iterdir()) == ["in.csv"]


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_header_alone(batch: Run, end: str) -> None:
    """A survey that nobody has answered yet divides by zero."""
    result = batch(HEADER.rstrip("\n") + end)
    assert result.exit_code == 0, result.output
    assert "0 rows: 0 scored + 0 rejected." in result.output
    assert rows() == []
    assert Path("out.csv").read_text("utf-8").startswith("id,verdict,role,")


# --- Options --------------------------------------------------------------------------------------


def test_ids_are_text(batch: Run) -> None:
    """An id loses its zeros, or is taken for a number that is the same."""
    ids = [
        "007",
        "7",
        "7.0",
        "1e3",
        "1000",
        "TRUE",
        "NaN",
        "null",
        " 7",
        "0x7",
        "12345678901234567890",
        "Zoë",
        "日本",
    ]
    result = batch(HEADER + "".join(f"{id_},4,5,1\n" for id_ in ids))
    assert result.exit_code == 0, result.output
    assert [row["id"] for row in rows()] == ids


def test_counts_are_printed(batch: Run) -> None:
    """Rows get lost without a word, or the exit code says that all is well."""
    result = batch(GOOD + "d,9,1,1\na,1,1,1\n")
    assert result.exit_code == 1
    assert "5 rows: 2 scored + 3 rejected." in result.output
    assert "Why rows were rejected" in result.output
    assert [row["line"] for row in rows("out.rejects.csv")] == ["5", "2", "6"] or [
        row["line"] for row in rows("out.rejects.csv")
    ] == ["2", "5", "6"]
    result = batch(GOOD)
    assert (result.exit_code, SCORED in result.output) == (0, True)
    # The rejects of an earlier run are gone.
    assert rows("out.rejects.csv") == []


def test_strict(batch: Run) -> None:
    """With --strict, a file with one bad row is scored all the same, or the old scores are gone."""
    Path("out.csv").write_text("old", "utf-8")
    result = batch(HEADER + "a,4,5,1\nb,9,5,1\n", "-o", "out.csv", "--strict")
    assert result.exit_code == 1
    assert result.output.startswith("in.csv:3:1: writes: '9': no option of this question")
    assert Path("out.csv").read_text("utf-8") == "old"
    assert not Path("out.rejects.csv").exists()
    assert batch(GOOD, "-o", "out.csv", "--strict").exit_code == 0
    assert batch(GOOD + "a,4,5,1\n", "-o", "out.csv", "--strict").exit_code == 1


def test_two_sheets(batch: Run, tmp_path: Path) -> None:
    """People on a second sheet are left out without a word."""
    for names, refused in ((("EMEA", "APAC"), True), (("Answers", "Codebook"), False)):
        with xlsxwriter.Workbook(tmp_path / "made.xlsx") as book:
            for number, name in enumerate(names):
                sheet = book.add_worksheet(name)
                codebook = name == "Codebook"
                rows = [["key", "text"], ["writes", "Writing"]] if codebook else [HEADER.strip().split(",")]
                rows += [] if codebook else [[f"p{number}", 1, 2, 3]]
                for place, row in enumerate(rows):
                    sheet.write_row(place, 0, row)
        result = batch((tmp_path / "made.xlsx").read_bytes(), "--summary-only", name="in.xlsx")
        assert result.exit_code == (1 if refused else 0)
        assert ("the sheets 'EMEA' and 'APAC' both hold answers" in result.output) == refused


def test_numbers_that_may_count_from_one(batch: Run) -> None:
    """A file without a single 0 is scored one level too high, and nobody is told."""
    rows = [f"p{number},{number % 4 + 1},{number % 3 + 1},1\n" for number in range(12)]
    assert "every level is one too high" in " ".join(
        batch(HEADER + "".join(rows), "--summary-only").output.split()
    )
    rows[7] = "p7,0,3,1\n"
    assert "one too high" not in batch(HEADER + "".join(rows), "--summary-only").output
    words = [f"p{number},Has written.,Has edited.,1\n" for number in range(12)]
    assert "one too high" not in batch(HEADER + "".join(words), "--summary-only").output
    few = HEADER + "".join(rows[:4])
    assert "one too high" not in batch(few, "--summary-only").output


def test_nobody_has_an_id(batch: Run) -> None:
    """People without ids cannot be told apart, in the scores or in the summary."""
    lines = [line.partition(",")[2] for line in GOOD.splitlines(keepends=True)]
    data = json.loads(batch("".join(lines), "-o", "out.csv", "--json").stdout)["data"]
    assert [row["id"] for row in rows()] == ["row 2", "row 3", "row 4"]
    assert {near["id"] for near in data["roles"][0]["nearest"]} == {"row 2", "row 3", "row 4"}


def test_nobody_answered(batch: Run) -> None:
    """Somebody without an answer is counted among those near to ready, or shifts the average."""
    with_blank = json.loads(batch(GOOD + "d,,,\n", "--summary-only", "--json").stdout)["data"]
    without = json.loads(batch(GOOD, "--summary-only", "--json").stdout)["data"]
    assert (with_blank["scored"], with_blank["unanswered"]) == (4, 1)
    assert with_blank["roles"] == without["roles"]
    alone = batch(HEADER + "d,,,\n", "--summary-only")
    assert (alone.exit_code, "1 person answered nothing" in alone.output) == (0, True)


def test_interrupted_at_the_end(batch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while the group is summed up leaves new scores where one believes the old ones to be."""
    Path("out.csv").write_text("old", "utf-8")

    def stop(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(scores, "sum_up", stop)
    assert batch(GOOD, "-o", "out.csv").exit_code == 130
    assert Path("out.csv").read_text("utf-8") == "old"
    assert sorted(path.name for path in Path().iterdir()) == ["in.csv", "out.csv"]


def test_rejects_are_csv(batch: Run) -> None:
    """CSV is written into a file whose name says that it is a workbook."""
    result = batch(GOOD, "-o", "out.csv", "--rejects", "rejects.xlsx")
    assert result.exit_code == 2
    assert "let its name end in .csv" in result.output


def test_kept_columns(batch: Run) -> None:
    """A column of the file takes the place of one of ours, or of another one with its name."""
    header = "id,writes,edits,quiet,verdict,Role,fit_author,team,team,,ID_\n"
    result = batch(header + "a,4,5,1,v,r,f,t1,t2,e,i\n", "-o", "out.csv", "--keep")
    assert result.exit_code == 0, result.output
    first, second = Path("out.csv").read_text("utf-8").splitlines()
    names = next(csv.reader([first]))
    assert len({name.casefold() for name in names}) == len(names)
    row = dict(zip(names, next(csv.reader([second])), strict=True))
    assert row["verdict"] in ("clear", "leaning", "too close to call")
    assert [row[name] for name in names[-7:]] == ["v", "r", "f", "t1", "t2", "e", "i"]
    assert "writes" not in names


# --- Found by a review ----------------------------------------------------------------------------


def test_many_questions_about_one_trait(tmp_path: Path) -> None:
    """The answers about a trait with very many questions lose their digits in a number that holds no more."""
    keys = [f"w{number}" for number in range(52)]
    folder = tmp_path / "many"
    folder.mkdir()
    questions = "".join(f"  {key}: {{kind: agree, trait: calm, text: Calm {key}.}}\n" for key in keys)
    for name, text in (("roles", ROLES), ("paths", PATHS), ("questions", QUESTIONS + questions)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    chance = random.Random(1)
    people = [[chance.choice(("", *"12345")) for _ in keys] for _ in range(4)]
    source = tmp_path / "in.csv"
    source.write_text(
        f"id,writes,edits,quiet,{','.join(keys)}\n"
        + "".join(f"p{number},4,5,1,{','.join(some)}\n" for number, some in enumerate(people)),
        encoding="utf-8",
    )
    command = ["--data", str(folder), "batch", str(source), "-o", str(tmp_path / "out.csv")]
    assert CliRunner().invoke(app, command).exit_code == 0
    for some, row in zip(people, rows(tmp_path / "out.csv"), strict=True):
        given = {key: int(value) for key, value in zip(keys, some, strict=True) if value}
        answers = tmp_path / "answers.json"
        answers.write_text(json.dumps({"writes": 4, "edits": 5, "quiet": 1, **given}), encoding="utf-8")
        command = ["--data", str(folder), "assess", "--answers", str(answers), "--json"]
        alone = json.loads(CliRunner().invoke(app, command).stdout)["data"]
        assert int(row["answered"]) == alone["answered"]
        assert [float(row[f"fit_{fit['key']}"]) for fit in alone["roles"]] == pytest.approx(
            [fit["fit"] for fit in alone["roles"]], abs=1e-9
        )


def test_folders_say_nothing(batch: Run, tmp_path: Path) -> None:
    """A folder called `writes=0` gives everybody that answer."""
    assert batch(GOOD, "-o", "plain.csv").exit_code == 0
    source = f"COPY (FROM read_csv('{tmp_path}/in.csv')) TO '{tmp_path}/in.parquet'"
    duckdb.connect().execute(source)
    for folder, kind in (
        ("writes=0", "csv"),
        ("id=7", "parquet"),
        ("writes=0", "parquet"),
        ("line=x", "csv"),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "in").write_bytes((tmp_path / f"in.{kind}").read_bytes())
        assert batch(None, "-o", "out.csv", name=f"{folder}/in").exit_code == 0
        assert Path("out.csv").read_text("utf-8") == Path("plain.csv").read_text("utf-8")


def test_compressed_by_name_only(batch: Run) -> None:
    """What a file is follows from its name."""
    for name in ("in.csv.gz", "in.zst"):
        assert SCORED in batch(GOOD, "--summary-only", name=name).output


def test_levels_from_one_as_decimals(batch: Run) -> None:
    """Levels that count from 1 pass where they are written like 6.0."""
    many = "".join(f"p{number},{number % 5 + 1}.0,3.0,1\n" for number in range(20))
    for high in ("6", "6.0", "6.00"):
        result = batch(f"{HEADER}{many}x,{high},3,1\n", "--summary-only")
        assert result.exit_code == 1
        assert "seem to count from 1: there is a 6 for 'writes'" in result.output


def test_json_keys(batch: Run) -> None:
    """A misspelled key in every object counts as no answer, or a key that only some have rejects people."""
    people = [{"id": n, "writes": 4, "edits": 0, "quiet": 1} for n in range(3)]
    lines = "".join(json.dumps({**person, "quiiet": 1, "quiet": None}) + "\n" for person in people)
    assert SCORED in batch(lines, "--summary-only").output
    wrong = [{"quieten" if key == "quiet" else key: value for key, value in one.items()} for one in people]
    result = batch("".join(json.dumps(one) + "\n" for one in wrong), "--summary-only")
    assert result.exit_code == 1
    assert "no object has the key 'quiet'" in result.output
    assert (
        batch("".join(json.dumps(one) + "\n" for one in wrong), "--summary-only", "--partial").exit_code == 0
    )
    late = [people[0], {**people[1], "remark": "hello"}, people[2]]
    assert SCORED in batch("".join(json.dumps(one) + "\n" for one in late), "--summary-only").output


def test_option_like_no_answer(tmp_path: Path) -> None:
    """An option that is worded like no answer makes the file unusable."""
    folder = tmp_path / "knowledge"
    folder.mkdir()
    option = '{value: 2, text: "Does not apply, or I do not know"}'
    context = f"context:\n  why: {{text: Why?, options: [{{value: 1, text: 'yes'}}, {option}]}}\n"
    for name, text in (("roles", ROLES), ("paths", PATHS), ("questions", QUESTIONS + context)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "in.csv").write_text("id,writes,edits,quiet,why\na,4,5,1,1\nb,0,1,5,yes\n", "utf-8")
    command = ["--data", str(folder), "batch", str(tmp_path / "in.csv"), "--summary-only"]
    result = CliRunner().invoke(app, command)
    assert (result.exit_code, "2 rows: 2 scored" in result.output) == (0, True)


def test_long_text_in_a_workbook(batch: Run) -> None:
    """A text that no cell holds is cut off, and two ids may become one."""
    Path("out.xlsx").write_text("old", "utf-8")
    result = batch(HEADER + "a" * 40_000 + ",4,5,1\n", "-o", "out.xlsx")
    assert "32,767 characters in a cell" in str(result.exception)
    assert Path("out.xlsx").read_text("utf-8") == "old"


def test_value_beside_a_sheet(batch: Run, tmp_path: Path) -> None:
    """A value to the right of the header, which shows that a row was shifted, is overlooked."""
    with xlsxwriter.Workbook(tmp_path / "made.xlsx") as book:
        sheet = book.add_worksheet()
        for place, row in enumerate((HEADER.strip().split(","), ["a", 0, 5, 1], ["b", "", 0, 5, 1])):
            sheet.write_row(place, 0, row)
    result = batch((tmp_path / "made.xlsx").read_bytes(), "-o", "out.csv", name="in.xlsx")
    assert "2 rows: 1 scored + 1 rejected" in result.output
    assert [(row["line"], row["reason"]) for row in rows("out.rejects.csv")] == [
        ("3", "column 5 has no name")
    ]


def test_nul_in_parquet(batch: Run, tmp_path: Path) -> None:
    """A NUL reaches the scores, where programs take it for the end of the text."""
    select = "SELECT 'a' || chr(0) AS id, 4 AS writes, 0 AS edits, 1 AS quiet UNION ALL SELECT 'b', 3, 2, 1"
    duckdb.connect().execute(f"COPY ({select}) TO '{tmp_path}/in.parquet'")
    assert batch(None, "-o", "out.csv", name="in.parquet").exit_code == 1
    assert [row["id"] for row in rows()] == ["b"]
    assert [row["reason"] for row in rows("out.rejects.csv")] == ["a NUL character"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_scores_stay_private(batch: Run) -> None:
    """Scores that only their owner could read are open to all after the next run."""
    Path("out.csv").write_text("old", "utf-8")
    Path("out.csv").chmod(0o600)
    assert batch(GOOD, "-o", "out.csv").exit_code == 0
    assert Path("out.csv").stat().st_mode & 0o777 == 0o600


def test_standard_input_is_not_written_over(knowledge_folder: Path, tmp_path: Path) -> None:
    """`mops batch - -o f.csv < f.csv` replaces the answers by the scores."""
    source = tmp_path / "f.csv"
    source.write_text(GOOD, "utf-8")
    with source.open("rb") as stream:
        command = process(knowledge_folder, "-", "-o", "f.csv")
        result = subprocess.run(
            command, stdin=stream, cwd=tmp_path, capture_output=True, text=True, check=False
        )
    assert (result.returncode, source.read_text("utf-8")) == (2, GOOD)
    assert "FILE and -o are the same file" in result.stderr


def test_kept_columns_in_every_format(batch: Run) -> None:
    """A kept column makes a format fail that does not allow what CSV does."""
    header = 'id,writes,edits,quiet,"a""b",verdict,"x\ny",é\n'
    for name in ("out.jsonl", "out.parquet", "out.xlsx", "out.csv"):
        result = batch(header + 'a,4,5,1,"q""",v,"l\nl",ü\n', "-o", name, "--keep")
        assert result.exit_code == 0, (name, result.output)
        assert Path(name).stat().st_size > 0


def test_digits(batch: Run) -> None:
    """Rounding changes more than the places behind the point, or is not done."""
    assert batch(GOOD, "-o", "full.csv").exit_code == 0
    assert batch(GOOD, "-o", "two.csv", "--digits", "2").exit_code == 0
    for full, two in zip(rows("full.csv"), rows("two.csv"), strict=True):
        assert full.keys() == two.keys()
        for name, value in full.items():
            if name.startswith(("p_", "fit_", "se_", "readiness_", "enjoyment_")):
                assert float(two[name]) == pytest.approx(round(float(value), 2), abs=0.0051)
                assert len(two[name].partition(".")[2]) <= 2
            else:
                assert two[name] == value
    assert batch(GOOD, "-o", "none.csv", "--digits", "0").exit_code == 0
    assert batch(GOOD, "-o", "out.csv", "--digits", "-1").exit_code == 2
    assert batch(GOOD, "-o", "out.csv", "--digits", "x").exit_code == 2


def test_missing(batch: Run) -> None:
    """A text that means no answer is an error, or one is taken for it that was not named."""
    file = HEADER + "a,NA,5,1\nb,na,5, NA \nc,n/a,5,1\n"
    result = batch(file, "-o", "out.csv", "--missing", "NA")
    assert (result.exit_code, [row["answered"] for row in rows()]) == (1, ["2", "1"])
    result = batch(file, "-o", "out.csv", "--missing", "NA", "--missing", "n/a")
    assert (result.exit_code, [row["answered"] for row in rows()]) == (0, ["2", "1", "2"])
    assert batch(file).exit_code == 1
    assert rows() == []


@pytest.mark.parametrize("missing", ["0", "5", "a", "Has not.", "99", "", " ", "'", "[", "\\"])
@pytest.mark.parametrize("blank", ["", "\n"])
def test_missing_that_is_an_option(batch: Run, missing: str, blank: str) -> None:
    """A text that means no answer, and is an option as well, ends in a crash or depends on how the file is read."""
    result = batch(HEADER + blank + f"a,{missing},2,2\nb,4,2,2\n", "-o", "out.csv", "--missing", missing)
    assert isinstance(result.exception, SystemExit | None), result.exception
    if result.exit_code == 0:
        assert [row["answered"] for row in rows()] == ["2", "3"]
    else:
        assert result.exit_code == 2


def test_id_column(batch: Run) -> None:
    """The column that tells people apart is another one than the user has named."""
    file = "id,Mail,writes,edits,quiet\n1,x@b,4,5,1\n1,y@b,4,5,1\n"
    assert batch(file).exit_code == 1
    assert rows() == []
    assert batch(file, "-o", "out.csv", "--id", "mail").exit_code == 0
    assert [row["id"] for row in rows()] == ["x@b", "y@b"]
    result = batch(file, "-o", "out.csv", "--id", "maill")
    assert (result.exit_code, "did you mean" in result.output) == (1, True)


def test_partial(batch: Run) -> None:
    """A file without a question is scored unasked, or not even when asked."""
    file = "id,writes\na,4\nb,\n"
    result = batch(file)
    assert (result.exit_code, "no column is the question 'edits'" in result.output) == (1, True)
    result = batch(file, "-o", "out.csv", "--partial")
    assert (result.exit_code, [row["answered"] for row in rows()]) == (0, ["1", "0"])
    assert "edits, quiet" in " ".join(result.output.split())


def test_encoding(batch: Run) -> None:
    """An encoding that the user names is not used, or a wrong one ends in a traceback."""
    file = (HEADER + "Zoë,4,5,1\n").encode("cp850")
    assert batch(file, "-o", "out.csv", "--encoding", "cp850").exit_code == 0
    assert [row["id"] for row in rows()] == ["Zoë"]
    for name in ("utf-16", "utf-32", "klingon", "base64", "", "utf-8\0"):
        result = batch(file, "-o", "out.csv", "--encoding", name)
        assert isinstance(result.exception, SystemExit | None), (name, result.exception)
        assert result.exit_code in ((0,) if name == "" else (1,)), (name, result.output)


def test_levels_counted_from_one(batch: Run) -> None:
    """An export that counts levels from 1 makes everybody a level better than they said."""
    counted = HEADER + "a,6,5,1\nb,1,2,5\nc,3,4,2\n"
    result = batch(counted)
    assert result.exit_code == 1
    assert "count from 1" in result.output
    assert sorted(path.name for path in Path().iterdir()) == ["in.csv"]
    # One 0 says that somebody has counted from there.
    result = batch(counted + "d,0,1,1\n")
    assert (result.exit_code, len(rows())) == (1, 3)


# --- Files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["a[1]*'.csv", "a b.csv", '"q".csv', "ä?.csv", "-x.csv", "a;b--.csv", "%s{}.csv", "$HOME.csv"]
)
def test_file_names(batch: Run, name: str, tmp_path: Path) -> None:
    """A name is taken for a pattern, an option or a piece of SQL, and another file is read or written."""
    for other in ("a1.csv", "aa.csv", "a1x'.csv", "äx.csv"):
        Path(other).write_text(HEADER + "other,0,0,1\n", "utf-8")
    path = tmp_path / name
    path.write_text(GOOD, "utf-8")
    for kind in ("csv", "jsonl", "parquet", "xlsx"):
        result = batch(GOOD, "-o", str(path.with_suffix(f".out.{kind}")), name=str(path))
        assert result.exit_code == 0, result.output
        assert SCORED in " ".join(result.output.split())
        assert path.with_suffix(f".out.{kind}").stat().st_size > 0
    assert [row["id"] for row in rows(path.with_suffix(".out.csv"))] == ["a", "b", "c"]
    parquet = path.with_suffix(".out.parquet").rename(tmp_path / f"{name}.parquet")
    import duckdb

    duckdb.connect().execute(
        f"COPY (SELECT 'a' AS id, 4 AS writes, 5 AS edits, 1 AS quiet) TO '{tmp_path / 'made.parquet'}'"
    )
    (tmp_path / "made.parquet").rename(parquet)
    result = batch(parquet.read_bytes(), "-o", str(path.with_suffix(".out.csv")), name=str(parquet))
    assert result.exit_code == 0, result.output


def test_same_file_in_and_out(batch: Run) -> None:
    """Scores that take the place of their own answers destroy these, or themselves while they are read."""
    result = batch(GOOD, "-o", "in.csv")
    after = Path("in.csv").read_text("utf-8")
    if result.exit_code:
        assert after == GOOD
    else:
        assert [row["id"] for row in rows("in.csv")] == ["a", "b", "c"]
    Path("link.csv").symlink_to("in.csv")
    result = batch(GOOD, "-o", "link.csv")
    assert Path("link.csv").is_symlink()


def test_rejects_over_something_else(batch: Run) -> None:
    """The list of rejects overwrites the answers or the scores."""
    bad = GOOD + "d,9,1,1\n"
    result = batch(bad, "-o", "out.csv", "--rejects", "out.csv")
    assert result.exit_code == 2
    result = batch(bad, "-o", "out.csv", "--rejects", "in.csv")
    assert Path("in.csv").read_text("utf-8") == bad


def test_link_as_output(batch: Run) -> None:
    """A link in the place of the scores is replaced by a file."""
    Path("real.csv").write_text("old", "utf-8")
    Path("out.csv").symlink_to("real.csv")
    assert batch(GOOD).exit_code == 0
    assert Path("out.csv").is_symlink()
    assert [row["id"] for row in rows("real.csv")] == ["a", "b", "c"]


def test_no_such_place(batch: Run, tmp_path: Path) -> None:
    """A folder that is not there, or is the file, ends in a traceback after a long wait."""
    (tmp_path / "folder.csv").mkdir()
    for output in ("none/out.csv", "folder.csv", "in.csv/out.csv", "out.txt", "out"):
        result = batch(GOOD, "-o", output)
        assert (result.exit_code, isinstance(result.exception, SystemExit)) == (2, True), output
    for source in ("none.csv", "folder.csv", ""):
        command = ["--data", "none", "batch", source, "-o", "out.csv"]
        assert CliRunner().invoke(app, command).exit_code == 2
    result = batch(GOOD, "-o", "out.csv", "--rejects", "none/rejects.csv")
    assert result.exit_code == 2
    assert not Path("out.csv").exists()
    assert batch(GOOD, "--strict").exit_code == 2


def test_unreadable_input(batch: Run, knowledge_folder: Path) -> None:
    """A file that may not be read ends in a traceback."""
    if os.geteuid() == 0:
        pytest.skip("root may read every file")
    Path("in.csv").write_text(GOOD, "utf-8")
    Path("in.csv").chmod(0)
    done = run_mops("--data", str(knowledge_folder), "batch", "in.csv", "-o", "out.csv")
    assert (done.returncode, done.stderr) == (1, "in.csv: cannot be read: Permission denied\n")


def test_folder_that_may_not_be_written(batch: Run, tmp_path: Path, knowledge_folder: Path) -> None:
    """A folder without the right to write ends in a traceback."""
    if os.geteuid() == 0:
        pytest.skip("root may write into every folder")
    Path("in.csv").write_text(GOOD, "utf-8")
    (tmp_path / "closed").mkdir(mode=0o500)
    done = run_mops("--data", str(knowledge_folder), "batch", "in.csv", "-o", "closed/out.csv")
    assert (done.returncode, "Permission denied" in done.stderr) == (1, True)
    assert "Traceback" not in done.stderr


def test_standard_input_and_output(batch: Run) -> None:
    """A pipe from one program to the next breaks, or the summary stands among the scores."""
    result = batch(None, "-o", "-", name="-", stdin=GOOD.encode())
    assert result.exit_code == 0, result.output
    assert [row["id"] for row in csv.DictReader(result.stdout.splitlines())] == ["a", "b", "c"]
    assert f"standard input has {SCORED}" in result.stderr
    result = batch(None, "-o", "-", "--to", "jsonl", name="-", stdin=(GOOD + "d,9,1,1\n").encode())
    assert result.exit_code == 1
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["a", "b", "c"]
    assert "4 rows: 3 scored + 1 rejected." in result.stderr
    for content in (b"", b"\0"):
        assert batch(None, "-o", "-", name="-", stdin=content).exit_code == 1


def test_pipe_with_a_name(batch: Run, tmp_path: Path) -> None:
    """What a shell makes of <(...) is read a second time, when it is empty."""
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_text, args=(GOOD,))
    writer.start()
    result = batch(None, name=str(tmp_path / "pipe"))
    writer.join(10)
    assert result.exit_code == 0, result.output
    assert [row["id"] for row in rows()] == ["a", "b", "c"]


def test_substituted_process(knowledge_folder: Path, tmp_path: Path) -> None:
    """Scoring what a program writes, as in `mops batch <(...)`, finds nothing in it."""
    (tmp_path / "in.csv").write_text(GOOD, "utf-8")
    command = shlex.join(process(knowledge_folder))
    line = f"{command} <(cat in.csv) -o >(cat > got.csv) --to csv; sleep 0.2"
    done = subprocess.run(
        ["/bin/bash", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=30
    )
    if "cannot be written" not in done.stderr:
        assert [row["id"] for row in rows(tmp_path / "got.csv")] == ["a", "b", "c"], done.stderr


def test_closed_pipe(knowledge_folder: Path, tmp_path: Path) -> None:
    """`mops batch ... -o - | head -1` ends in a traceback, or head gets nothing."""
    large(tmp_path / "in.csv")
    line = f"{shlex.join(process(knowledge_folder, 'in.csv', '-o', '-'))} | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["/bin/bash", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout.startswith("id,verdict,role,")
    assert done.stdout.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert done.returncode == 0


def test_full_device(knowledge_folder: Path, tmp_path: Path) -> None:
    """A full disk ends in a traceback or, worse, in success."""
    (tmp_path / "in.csv").write_text(GOOD, "utf-8")
    for to in ("csv", "jsonl", "parquet", "xlsx"):
        command = process(knowledge_folder, "in.csv", "-o", "/dev/full", "--to", to)
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=30)
        assert (done.returncode, "No space left on device" in done.stderr) == (1, True), (to, done.stderr)
        assert "Traceback" not in done.stderr
    with Path("/dev/full").open("wb") as full:
        command = process(knowledge_folder, "in.csv", "-o", "-")
        done = subprocess.run(
            command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False, timeout=30
        )
    assert (done.returncode, b"No space left" in done.stderr) == (1, True), done.stderr
    assert b"Traceback" not in done.stderr
    assert Path("/dev/full").is_char_device()


def test_full_disk(knowledge_folder: Path, tmp_path: Path) -> None:
    """On a disk that runs full the old scores are gone, or half of the new ones stay."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no small disk can be mounted here")
    try:
        (disk / "out.csv").write_text("old", "utf-8")
        large(tmp_path / "in.csv")
        for to in ("csv", "parquet"):
            command = process(
                knowledge_folder, str(tmp_path / "in.csv"), "-o", str(disk / "out.csv"), "--to", to
            )
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
            assert done.returncode == 1
            assert "Traceback" not in done.stderr
            assert len(done.stderr.splitlines()) == 1
            assert (disk / "out.csv").read_text("utf-8") == "old"
            assert [file.name for file in disk.iterdir()] == ["out.csv"]
    finally:
        subprocess.run(["/bin/umount", str(disk)], check=True)


# --- The end before the end -----------------------------------------------------------------------


@pytest.mark.parametrize("old", [b"old", None])
@pytest.mark.parametrize("number", range(4))
def test_killed(knowledge_folder: Path, tmp_path: Path, old: bytes | None, number: int) -> None:
    """A crash in the middle leaves half of the scores where the old ones were."""
    large(tmp_path / "in.csv", 20_000)
    target = tmp_path / "out.csv"
    if old is not None:
        target.write_bytes(old)
    wait = random.Random(f"{old!r} {number}").uniform(0.3, 1.6)
    with subprocess.Popen(
        process(knowledge_folder, "in.csv", "-o", "out.csv"),
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as running:
        time.sleep(wait)
        running.kill()
    if target.exists() and target.read_bytes() != old:
        assert len(rows(target)) == 20_000
    elif old is not None:
        assert target.read_bytes() == old
    # What a crash leaves behind can be told from scores.
    left = [file.name for file in tmp_path.iterdir() if file.suffix in (".csv", ".jsonl") and file.is_file()]
    assert set(left) <= {"in.csv", "out.csv"}


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_interrupted(knowledge_folder: Path, tmp_path: Path, name: str) -> None:
    """Ctrl-C ends in a traceback, in success, or in files that nobody needs."""
    large(tmp_path / "in.csv", 400_000)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with subprocess.Popen(
        process(knowledge_folder, "in.csv", "-o", "out.csv"),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(temporary)},
    ) as running:
        # The folder for its files is there when it has begun to work.
        for _ in range(500):
            if any(temporary.iterdir()):
                break
            time.sleep(0.02)
        time.sleep(0.1)
        running.send_signal(getattr(signal, name))
        _, errors = running.communicate(timeout=30)
    if name == "SIGINT":
        assert running.returncode == 130, errors
    else:
        assert running.returncode in (130, 143)
    # What it holds is personal.
    assert list(temporary.iterdir()) == []
    assert b"Traceback" not in errors
    assert [file.name for file in tmp_path.iterdir() if file.suffix] == ["in.csv"]
