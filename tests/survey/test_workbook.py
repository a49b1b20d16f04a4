"""Workbooks that nobody means well with: no error passes for no answer, and none takes the program along."""

import io
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from mopscli.problem import ProblemsFound
from surveys import HEADER, LIBRARY, QUIET, Read, refused, workbook

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def altered(tmp_path: Path) -> Callable[..., bytes]:
    """Return a function that returns a workbook, the XML of its sheet changed."""

    def alter(old: str, new: str, part: str = SHEET, name: str | None = None) -> bytes:
        rows = [HEADER.strip().split(","), ["a", 4, 5, 1, 2.5], ["b", 3, 4, 2, 10]]
        made, file = workbook(tmp_path, [rows]), io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(made)) as source, zipfile.ZipFile(file, "w") as target:
            for info in source.infolist():
                content = source.read(info)
                if info.filename == part:
                    content = content.decode().replace(old, new, 1).encode()
                    assert (new.encode() in content) or not new, content
                target.writestr(name if name and info.filename == part else info.filename, content)
        return file.getvalue()

    return alter


FIRST = '<c r="B2"><v>4</v></c>'
ERROR = "<v>#REF!</v></c>"


@pytest.mark.parametrize(
    "cell",
    [
        f'<c r="B2" t="e">{ERROR}',
        f'<c r="B2" t = "e" >{ERROR}',
        f"<c r='B2' t='e'>{ERROR}",
        f'<c t="e" r="B2">{ERROR}',
        '<c r="B2"><f>1/0</f></c>',
    ],
)
def test_errors_in_cells(read: Read, altered: Callable[..., bytes], cell: str) -> None:
    """An error such as #REF! would count as a question left open, and nobody notice."""
    _, replies = read(altered(FIRST, cell))
    assert [len(reply.faults) for reply in replies] == [1, 0]


@pytest.mark.parametrize(
    "change",
    [
        (FIRST, f'<c r="B2" t="E">{ERROR}'),
        (FIRST, f'<c r="B2" t="&#101;">{ERROR}'),
        (FIRST, '<c r="B2" t="e"><v>\x01#REF!</v></c>'),
        ('<row r="3"', '<row r="2"'),
        ('<row r="3"', '<row r="1"'),
        (FIRST, f'<c r="B2" t="e">{ERROR}', SHEET, "xl\\worksheets\\sheet1.xml"),
        ('encoding="UTF-8"', 'encoding="x-none"'),
    ],
)
def test_what_cannot_be_looked_into(
    read: Read, altered: Callable[..., bytes], change: tuple[str, ...]
) -> None:
    """Where nobody can tell errors from open questions, or two rows have one number, answers would be lost."""
    content = altered(*change)
    try:
        _, replies = read(content)
    except ProblemsFound:
        return
    assert replies[0].faults or [reply.values[0] for reply in replies] == [4, 3]


@pytest.mark.parametrize(
    "change",
    [
        ('<c r="B3"', '<c r="XFD1048576"'),
        ('<c r="B3"', '<c r="ZZZZZZ3"'),
        ('<row r="3"', '<row r="99999999"'),
        ("<v>4</v>", '<v>4</v></c><c r="B2" t="s"><v>99999999</v>'),
    ],
)
def test_beyond_the_sheet(read: Read, altered: Callable[..., bytes], change: tuple[str, str]) -> None:
    """Two kilobytes would end the program with an abort, a panic or without memory."""
    before = time.perf_counter()
    for problem in refused(read, altered(*change)) if "1048576" in change[1] else ():
        assert problem.startswith("people.csv: ")
    assert time.perf_counter() - before < 20


def test_bombs(read: Read, altered: Callable[..., bytes]) -> None:
    """A megabyte that holds a gigabyte would fill the memory, or take a minute."""
    file = io.BytesIO(altered("", ""))
    with (
        zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/more.xml", "w") as part,
    ):
        for _ in range(150):
            part.write(b" " * 1_000_000)
    before = time.perf_counter()
    (problem,) = refused(read, file.getvalue())
    assert re.fullmatch(
        r"people\.csv: the workbook holds 15\d MB when it is unpacked \(save it as CSV\)", problem
    )
    assert time.perf_counter() - before < 2


def test_other_workbooks(read: Read, altered: Callable[..., bytes]) -> None:
    """In a workbook of another kind, errors could not be told from questions left open."""
    message = "cannot be read as a workbook: it is none of the kind .xlsx (save it as .xlsx or CSV)"
    binary = altered("", "", part="xl/workbook.xml", name="xl/workbook.bin")
    for content in (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), binary):
        assert refused(read, content) == [f"people.csv: {message}"]


def test_no_module_of_the_folder(read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that lies in the folder in which somebody works would be run."""
    monkeypatch.chdir(tmp_path)
    for name in ("python_calamine", "marshal", "datetime", "mopscli"):
        Path(f"{name}.py").write_text("import pathlib; pathlib.Path('ran').touch(); 1/0", "utf-8")
    rows = [["id", "writes", "edits", QUIET, LIBRARY], ["a", 4, 5, 1, 1]]
    read(workbook(tmp_path, [rows]), partial=True)
    assert not Path("ran").exists()
