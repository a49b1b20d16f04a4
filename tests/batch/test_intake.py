"""What is in a file of respondents, and how the user says that it is read."""

import json
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from batches import GOOD, HEADER, SCORED, Run
from people import read_csv
from samples import SCORED_QUESTIONS, write_knowledge


def test_long_cells(batch: Run) -> None:
    """A cell of 100,000 characters would be cut in the scores, flood the screen, or take the row with it."""
    long = "x" * 100_000
    result = batch(
        f"{HEADER[:-1]},note\n{long},4,5,1,{long}\nb,{long},5,1,\nc,4,5,1,\n", "-o", "out.csv", "--keep"
    )
    assert result.exit_code == 1, result.output[:500]
    assert "3 rows: 2 scored + 1 rejected." in result.output
    assert [(row["id"], row["note"]) for row in read_csv()] == [(long, long), ("c", "")]
    assert len(result.output) < 10_000


def test_long_quoted_cells(batch: Run) -> None:
    """A long cell with line breaks and quotes would be cut, or shift the lines of the rejects."""
    long = 'a ""b"",\n' * 400 + "c" * 100_000
    result = batch(f'{HEADER[:-1]},note\na,4,5,1,"{long}"\nb,9,5,1,\n', "-o", "out.csv", "--keep")
    assert result.exit_code == 1, result.output[:500]
    assert [row["note"] for row in read_csv()] == [long.replace('""', '"')]
    assert [row["line"] for row in read_csv("out.rejects.csv")] == ["403"]


def test_nul(batch: Run) -> None:
    """A NUL would end the program or a text, so that somebody is scored under half an id."""
    result = batch(HEADER + "a\0b,4,5,1\nc,4,5,1\n")
    assert result.exit_code == 1
    assert [row["id"] for row in read_csv()] == ["c"]
    assert [(row["line"], row["reason"]) for row in read_csv("out.rejects.csv")] == [("2", "a NUL character")]
    assert "\0" not in Path("out.rejects.csv").read_text("utf-8")


def test_many_columns(batch: Run) -> None:
    """A file of 5,000 columns would not be read, or its questions not be found among them."""
    extra = ",".join(f"x{n}" for n in range(5_000))
    cells = "," * 4_999
    result = batch(f"{extra},{HEADER}{cells},a,4,5,1\n{cells},b,9,5,1\n")
    assert result.exit_code == 1, result.output[:500]
    assert "2 rows: 1 scored + 1 rejected." in result.output
    extra = ",".join(f"x{n}" for n in range(500))
    result = batch(f"{extra},{HEADER}{',' * 499},a,4,5,1\n", "-o", "kept.csv", "--keep")
    assert result.exit_code == 0
    assert len(read_csv("kept.csv")[0]) > 500


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
        (b"%PDF-1.7\n", "in.csv: the file is a PDF (export the answers as CSV)"),
    ],
)
def test_nothing_in_it(batch: Run, content: str | bytes, told: str) -> None:
    """A file without anything in it would end in a traceback, or leave an empty file of scores."""
    result = batch(content)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert told in result.output
    assert sorted(path.name for path in Path().iterdir()) == ["in.csv"]


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_header_alone(batch: Run, end: str) -> None:
    """A survey that nobody has answered yet would divide by zero."""
    result = batch(HEADER.rstrip("\n") + end)
    assert result.exit_code == 0, result.output
    assert "0 rows: 0 scored + 0 rejected." in result.output
    assert read_csv() == []
    assert Path("out.csv").read_text("utf-8").startswith("id,verdict,role,")


def test_ids_are_text(batch: Run) -> None:
    """An id would lose its zeros, or be taken for a number that is the same."""
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
    assert [row["id"] for row in read_csv()] == ids


def test_two_sheets(batch: Run, tmp_path: Path) -> None:
    """People on a second sheet would be left out without a word."""
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


def test_folders_say_nothing(batch: Run, tmp_path: Path) -> None:
    """A folder called `writes=0` would give everybody that answer."""
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
    """A file would be unpacked, or refused, because of its name alone."""
    for name in ("in.csv.gz", "in.zst"):
        assert SCORED in batch(GOOD, "--summary-only", name=name).output


def test_levels_from_one_as_decimals(batch: Run) -> None:
    """Levels that count from 1 would pass where they are written like 6.0."""
    many = "".join(f"p{number},{number % 5 + 1}.0,3.0,1\n" for number in range(20))
    for high in ("6", "6.0", "6.00"):
        result = batch(f"{HEADER}{many}x,{high},3,1\n", "--summary-only")
        assert result.exit_code == 1
        assert "seem to count from 1: there is a 6 for 'writes'" in result.output


def test_json_keys(batch: Run) -> None:
    """A misspelled key in every object would count as no answer, or a key that only some have reject people."""
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


def test_option_like_no_answer(batch: Run, tmp_path: Path) -> None:
    """An option that is worded like no answer would make the file unusable."""
    option = '{value: 2, text: "Does not apply, or I do not know"}'
    context = f"context:\n  why: {{text: Why?, options: [{{value: 1, text: 'yes'}}, {option}]}}\n"
    folder = write_knowledge(tmp_path / "own", questions=SCORED_QUESTIONS + context)
    file = "id,writes,edits,quiet,why\na,4,5,1,1\nb,0,1,5,yes\n"
    result = batch(file, "--summary-only", "--data", str(folder))
    assert (result.exit_code, "2 rows: 2 scored" in result.output) == (0, True)


def test_value_beside_a_sheet(batch: Run, tmp_path: Path) -> None:
    """A value to the right of the header, which shows that a row was shifted, would be overlooked."""
    with xlsxwriter.Workbook(tmp_path / "made.xlsx") as book:
        sheet = book.add_worksheet()
        for place, row in enumerate((HEADER.strip().split(","), ["a", 0, 5, 1], ["b", "", 0, 5, 1])):
            sheet.write_row(place, 0, row)
    result = batch((tmp_path / "made.xlsx").read_bytes(), "-o", "out.csv", name="in.xlsx")
    assert "2 rows: 1 scored + 1 rejected" in result.output
    assert [(row["line"], row["reason"]) for row in read_csv("out.rejects.csv")] == [
        ("3", "column 5 has no name")
    ]


def test_nul_in_parquet(batch: Run, tmp_path: Path) -> None:
    """A NUL would reach the scores, where programs take it for the end of the text."""
    select = "SELECT 'a' || chr(0) AS id, 4 AS writes, 0 AS edits, 1 AS quiet UNION ALL SELECT 'b', 3, 2, 1"
    duckdb.connect().execute(f"COPY ({select}) TO '{tmp_path}/in.parquet'")
    assert batch(None, "-o", "out.csv", name="in.parquet").exit_code == 1
    assert [row["id"] for row in read_csv()] == ["b"]
    assert [row["reason"] for row in read_csv("out.rejects.csv")] == ["a NUL character"]


def test_missing(batch: Run) -> None:
    """A text that means no answer would be an error, or one be taken for it that was not named."""
    file = HEADER + "a,NA,5,1\nb,na,5, NA \nc,n/a,5,1\n"
    result = batch(file, "-o", "out.csv", "--missing", "NA")
    assert (result.exit_code, [row["answered"] for row in read_csv()]) == (1, ["2", "1"])
    result = batch(file, "-o", "out.csv", "--missing", "NA", "--missing", "n/a")
    assert (result.exit_code, [row["answered"] for row in read_csv()]) == (0, ["2", "1", "2"])
    assert batch(file).exit_code == 1
    assert read_csv() == []


@pytest.mark.parametrize("missing", ["0", "5", "a", "Has not.", "99", "", " ", "'", "[", "\\"])
@pytest.mark.parametrize("blank", ["", "\n"])
def test_missing_that_is_an_option(batch: Run, missing: str, blank: str) -> None:
    """A text for no answer that is an option as well would crash, or count by how the file is read."""
    result = batch(HEADER + blank + f"a,{missing},2,2\nb,4,2,2\n", "-o", "out.csv", "--missing", missing)
    assert isinstance(result.exception, SystemExit | None), result.exception
    if result.exit_code == 0:
        assert [row["answered"] for row in read_csv()] == ["2", "3"]
    else:
        assert result.exit_code == 2


def test_id_column(batch: Run) -> None:
    """The column that tells people apart would be another one than the user has named."""
    file = "id,Mail,writes,edits,quiet\n1,x@b,4,5,1\n1,y@b,4,5,1\n"
    assert batch(file).exit_code == 1
    assert read_csv() == []
    assert batch(file, "-o", "out.csv", "--id", "mail").exit_code == 0
    assert [row["id"] for row in read_csv()] == ["x@b", "y@b"]
    result = batch(file, "-o", "out.csv", "--id", "maill")
    assert (result.exit_code, "did you mean" in result.output) == (1, True)


def test_partial(batch: Run) -> None:
    """A file without a question would be scored unasked, or not even when asked."""
    file = "id,writes\na,4\nb,\n"
    result = batch(file)
    assert (result.exit_code, "no column is the question 'edits'" in result.output) == (1, True)
    result = batch(file, "-o", "out.csv", "--partial")
    assert (result.exit_code, [row["answered"] for row in read_csv()]) == (0, ["1", "0"])
    assert "edits, quiet" in " ".join(result.output.split())


def test_encoding(batch: Run) -> None:
    """An encoding that the user names would not be used, or a wrong one end in a traceback."""
    file = (HEADER + "Zoë,4,5,1\n").encode("cp850")
    assert batch(file, "-o", "out.csv", "--encoding", "cp850").exit_code == 0
    assert [row["id"] for row in read_csv()] == ["Zoë"]
    for name in ("utf-16", "utf-32", "klingon", "base64", "", "utf-8\0"):
        result = batch(file, "-o", "out.csv", "--encoding", name)
        assert isinstance(result.exception, SystemExit | None), (name, result.exception)
        assert result.exit_code in ((0,) if name == "" else (1,)), (name, result.output)


def test_levels_counted_from_one(batch: Run) -> None:
    """An export that counts levels from 1 would make everybody a level better than they said."""
    counted = HEADER + "a,6,5,1\nb,1,2,5\nc,3,4,2\n"
    result = batch(counted)
    assert result.exit_code == 1
    assert "count from 1" in result.output
    assert sorted(path.name for path in Path().iterdir()) == ["in.csv"]
    # One 0 says that somebody has counted from there.
    result = batch(counted + "d,0,1,1\n")
    assert (result.exit_code, len(read_csv())) == (1, 3)


def test_parquet_with_a_question_twice(batch: Run) -> None:
    """Of two columns for one question the second would be lost: DuckDB gives it another name."""
    select = "SELECT 'a' AS id, 4 AS writes, 5 AS edits, {'x': {'y': [1]}} AS nested, 1 AS quiet, 0 AS other1"
    duckdb.sql(select).write_parquet("in.parquet")
    assert batch(None, "--summary-only", name="in.parquet").exit_code == 0
    # DuckDB does not write a name twice, but others do.
    Path("in.parquet").write_bytes(Path("in.parquet").read_bytes().replace(b"other1", b"Writes"))
    result = batch(None, "--summary-only", name="in.parquet")
    assert (result.exit_code, "a second column for the question 'writes'" in result.output) == (1, True)


def test_parquet_damaged_within(batch: Run) -> None:
    """A page that is damaged would be told as a fault of the disk, under the name of a temporary file."""
    duckdb.sql(
        "SELECT 'p' || i AS id, i % 6 AS writes, 5 AS edits, 1 AS quiet FROM range(3000) t (i)"
    ).write_parquet("in.parquet")
    content = bytearray(Path("in.parquet").read_bytes())
    content[60:400] = bytes(340)
    Path("in.parquet").write_bytes(content)
    result = batch(None, "--summary-only", name="in.parquet")
    assert result.exit_code == 1
    assert "in.parquet: cannot be read: the Parquet file is damaged (write it again)" in result.output


STRICT = """id,writes,edits,quiet,,note
a,Has set.,5,1,,x
b,Has set.,5,1,,x
Average,,3.5,1,,
total,4,5,1,,x
c,F,5,1,,x
d,Has set.,5,1,y,x
,,,,,
Exported from the survey tool on Monday,,,,,
e,Has set.,5,1,,x
"""


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_nothing_silently_wrong(batch: Run, kind: str) -> None:
    """Totals, blank rows, letters left of words and cells below no name would count in one kind of file only."""
    Path("in.csv").write_text(STRICT, "utf-8")
    if kind == "parquet":
        names = "'id', 'writes', 'edits', 'quiet', 'nameless', 'note'"
        read = f"read_csv('in.csv', header = false, skip = 1, all_varchar = true, names = [{names}])"
        duckdb.sql(f"FROM {read}").write_parquet("in.parquet")
        content = Path("in.parquet").read_bytes().replace(b"nameless", b" " * 8)
        Path("in.parquet").write_bytes(content)
    result = batch(None, "-o", "out.csv", name=f"in.{kind}")
    assert result.exit_code == 1, result.output
    assert [row["id"] for row in read_csv()] == ["a", "b", "e"]
    reasons = [row["reason"].partition("(")[0] for row in read_csv("out.rejects.csv")]
    assert reasons == [
        "'Average' may be no person: it looks like a row of averages or totals",
        "'total' may be no person: it looks like a row of averages or totals",
        "may be the beginning of an answer: the others in this column are words",
        "column 5 has no name",
        "'Exported from the survey tool on Monday' may be no person: it looks like a footnote",
    ]
