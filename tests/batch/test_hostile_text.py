"""Text that something would obey: formulas in spreadsheets, escapes and markup on terminals."""

import json
from itertools import cycle
from pathlib import Path

import pytest

from batches import GOOD, HEADER, Run
from people import read_csv, unescaped

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
STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def test_formulas_in_ids(batch: Run) -> None:
    """A spreadsheet would run what is in an id, or the id could not be had back from the scores."""
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
    written = [row["id"] for row in read_csv()]
    assert [unescaped(text) for text in written] == ids
    assert not [text for text in written[: len(STARTS)] if text[0] in STARTS]
    assert written[-4:] == ["-5", "+4.5", "-1e3", "007"]


def test_formulas_elsewhere(batch: Run) -> None:
    """A formula would come through in a kept column, its header, or the list of rejects."""
    file = 'id,writes,edits,quiet,=note,ok\n"a",4,5,1,"=1+1",-5\nb,=1+2,5,1,x,\n@c,,"+d",1,,\n=in,4\n'
    result = batch(file, "-o", "out.csv", "--keep")
    assert result.exit_code == 1
    (row,) = read_csv()
    assert (row["'=note"], row["ok"]) == ("'=1+1", "-5")
    for reject in read_csv("out.rejects.csv"):
        for cell in reject.values():
            assert cell[:1] not in STARTS, reject
    assert [reject["value"] for reject in read_csv("out.rejects.csv")] == ["'=1+2", "'+d", "'=in,4"]


def test_formula_as_file_name(batch: Run) -> None:
    """The name of a file would be run by the spreadsheet that opens the rejects."""
    assert batch(HEADER + "a,9,5,1\n", name="=a.csv").exit_code == 1
    assert [row["file"] for row in read_csv("out.rejects.csv")] == ["'=a.csv"]


def test_formulas_in_other_formats(batch: Run) -> None:
    """Text that no spreadsheet reads would be changed, or a workbook compute what is text."""
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
    """A contribution below zero would be escaped, so that no spreadsheet can add it up."""
    assert batch(GOOD, "-o", "out.csv", "--explain").exit_code == 0
    numbers = [value for row in read_csv() for name, value in row.items() if name.startswith("contribution_")]
    assert min(map(float, numbers)) < 0


@pytest.mark.parametrize(
    ("escape", "form"),
    [
        *zip(ESCAPES, cycle(["table", "markdown"])),
        ("".join(ESCAPES), "table"),
        ("".join(ESCAPES), "markdown"),
    ],
)
def test_nothing_steers_the_terminal(batch: Run, escape: str, form: str) -> None:
    """An id, a value, a header or a file name would clear the screen, fake text, or break the page."""
    header = HEADER.replace("id", f'"{escape} id"').replace("\n", f',"{escape} note"\n')
    file = header + f'"{escape}",4,5,1,\nb,"{escape}",5,1,\nc,4\n'
    name = f"{escape.replace('/', '').replace(chr(0), '')}.csv"
    result = batch(file, "-o", f"out{name}", "--id", f"{escape} id", "--format", form, "--keep", name=name)
    assert result.exit_code == 1, result.output
    assert "scored + " in " ".join(result.output.split())
    assert not set(OBEYED) & set(result.output), ascii(result.output)


@pytest.mark.parametrize("escape", ESCAPES)
def test_no_refusal_steers_the_terminal(batch: Run, escape: str) -> None:
    """What is refused with its name in the message would clear the screen, or fake a message."""
    name = f"{escape.replace('/', '').replace(chr(0), '')}.csv"
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
    """Square brackets in an id would vanish from the summary."""
    result = batch(HEADER + "[bold]x[/bold],5,5,5\n[/],0,0,1\n", "--all")
    assert result.exit_code == 0
    assert "[bold]x[/bold]" in result.output
    assert "[/]" in result.output


def test_escapes_in_json(batch: Run) -> None:
    """The summary as JSON would be no JSON, or hide what an id was."""
    result = batch(HEADER + "\x1b[31m,5,5,5\n", "-o", "out.csv", "--json")
    assert result.exit_code == 0
    assert not set(OBEYED) & set(result.output)
    assert json.loads(result.output)["data"]["roles"][0]["nearest"][0]["id"] == "\x1b[31m"


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_formulas_behind_other_signs(batch: Run, sign: str) -> None:
    """Where a spreadsheet splits at another sign than a comma, an id would begin a formula in a new cell."""
    content = f'id,writes,edits,quiet\n"x{sign}=1+1",4,5,1\nb,"9{sign}=1",5,1\n'
    assert batch(content, "-o", "out.csv").exit_code == 1
    assert Path("out.csv").read_text("utf-8").splitlines()[1].startswith(f'"x{sign}=1+1",')
    assert f',"writes","9{sign}=1",' in Path("out.rejects.csv").read_text("utf-8")
    # Nobody needs quotes where nothing is hidden.
    assert batch("id,writes,edits,quiet\nb,1,5,1\n", "-o", "out.csv").exit_code == 0
    assert Path("out.csv").read_text("utf-8").splitlines()[1].startswith("b,")
