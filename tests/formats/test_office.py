"""Word and PDF: every block drawn, every text as text, sources at the end, and what to do without the extra."""

import os
import re
import stat
import subprocess
import sys
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import get_args

import docx
import pypdf
import pytest

from mopscli import page as blocks_of
from mopscli.cli.shell import NO_SCREEN, NOT_INSTALLED
from mopscli.formats import MAKERS, Output, content
from mopscli.formats.docx import document
from mopscli.formats.pdf import pdf
from mopscli.knowledge.entries import Source
from mopscli.page import (
    Bullets,
    Commands,
    Dot,
    Facts,
    Gauge,
    Grid,
    Heading,
    Heat,
    HeatRow,
    Histogram,
    Interval,
    Intervals,
    Ladders,
    Levels,
    Line,
    Measure,
    NextStep,
    Page,
    Paragraph,
    Rung,
    Scale,
    Scales,
    Scatter,
    Stretch,
    Table,
    Timeline,
    Title,
)
from mopscli.problem import Place
from program import run_mops
from samples import ANSWERS

# What would be markup, a field or a command in one of the formats, and letters of several scripts.
HOSTILE = '#eval("1+1") *b* $x$ <w:p/> &amp; \\n [l](u) {PAGE} @ref // \u00e9\u03a9\u0416'
PAGE = Page(
    (
        Title("A title"),
        Heading("A heading"),
        Paragraph(Line("A paragraph.", "book")),
        Paragraph(Line("A quiet one."), quiet=True),
        Bullets((Line("First bullet", "own"), Line(HOSTILE))),
        Facts((("A label", (Line("One fact", "book"), Line("Another fact"))), ("None", ()))),
        Grid(("Left", "Right"), (("Row", ((Line("Cell one"),), (Line("Cell two"), Line("Cell three")))),)),
        Levels(
            "Skill", ("Anna", "Ben"), "Why", (("Editing", (2, 5), (Line("Ben +3", "book"),)),), "Level note"
        ),
        Heat(("Cleo", "Dan"), ("Head", "Head"), (HeatRow("Writing", 4, (3, None), (4, None)),), "Heat note"),
        Gauge(
            (Measure("Whole", 55.0, "55 of 100"), Measure("Part", 120.0, "nested", nested=True)), "Gauge note"
        ),
        Scales((("a", "You"), ("b", "Head")), (Scale("Depth", (1.5, None), "You want it."),), "Scale note"),
        Ladders((("The way", (Rung("Top", "in a year", (Line("Fact on top"),)), Rung("Foot", "now", ()))),)),
        Intervals("The picture", (("Speed", (Interval("Can", 1, 2, 3, 2, "about two"),)),), "Picture note"),
        Timeline("The time", "Done", (Stretch("First step", 0, 3, 7),), "Time note"),
        Histogram("The counts", "Head", (("0 to 10", 3),), "Count note"),
        Scatter("The dots", "Head", "Want", "Can", 80, (Dot("Cid", 20, 40),), "Dot note"),
        Table(("This", "That"), (("Aspect", (Line("Few words"), None)),)),
        Commands((NextStep("mops x --flag", "does it"),)),
    ),
    {
        "book": Source(place=Place("x"), key="book", title="The book", kind="article", author="A. Writer"),
        "own": Source(place=Place("x"), key="own", title="Own judgment", kind="judgement"),
    },
)
SAID = (
    *("A title", "A heading", "A paragraph.", "A quiet one.", "First bullet", HOSTILE, "A label", "One fact"),
    *(
        "Another fact",
        "Left",
        "Row",
        "Cell three",
        "Skill",
        "Ben +3",
        "Level note",
        "Needed",
        "Dan",
        "Heat note",
    ),
    *("55 of 100", "Part", "Gauge note", "Depth", "2", "You want it.", "Scale note", "The way", "1. Foot"),
    *(
        "2. Top",
        "in a year",
        "Fact on top",
        "The picture",
        "Speed",
        "Picture note",
        "mops x --flag",
        "does it",
    ),
    *(
        "about two",
        "First step",
        "Time note",
        "0 to 10",
        "Count note",
        "Cid",
        "Dot note",
        "Aspect",
        "Few words",
    ),
    *("Sources", "[1] The book. A. Writer.", "[j] Own judgment."),
)


def text_of_docx(content: bytes) -> str:
    """Return the text of a Word document, its tables included, in its order."""
    body = docx.Document(BytesIO(content)).element.body
    return " ".join("".join(p.itertext()) for p in body.iter(f"{{{body.nsmap['w']}}}p"))


def text_of_pdf(content: bytes) -> str:
    """Return the text of a PDF in one line."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages).split())


def test_sample_has_every_block() -> None:
    """A new kind of block would be drawn by neither format's test."""
    assert {type(block) for block in PAGE.blocks} == {*get_args(blocks_of.Piece)}


@pytest.mark.parametrize("said", SAID)
def test_word_says_it_all(said: str) -> None:
    """Something on a page would be left out of the Word document, or its text be taken for markup."""
    assert said in text_of_docx(WORD)


@pytest.mark.parametrize("said", SAID)
def test_pdf_says_it_all(said: str) -> None:
    """Something on a page would be left out of the PDF, or its text be taken for markup and run."""
    assert "".join(said.split()) in "".join(text_of_pdf(PDF).split())


WORD, PDF = document(PAGE), pdf(PAGE)


def test_word_has_named_styles() -> None:
    """A company could not restyle a document, since its look would stand in the text and not in styles."""
    file = docx.Document(BytesIO(WORD))
    styles = {p.style.name: p.text for p in file.paragraphs if p.style is not None}
    assert styles["Title"] == "A title"
    assert styles["Heading 1"] == "Sources"
    assert styles.keys() >= {"Normal", "Note", "List Bullet", "Picture title", "Source"}
    cells = chain.from_iterable(row.cells for table in file.tables for row in table.rows)
    names = {p.style.name for cell in cells for p in cell.paragraphs if p.style is not None}
    assert names == {
        "Fact label",
        "Fact",
        "Bar",
        "Command",
        "Table head",
        "Table label",
        "Table text",
        "Table number",
    }
    assert {table.style.name for table in file.tables if table.style} == {"Comparison", "Normal Table"}
    runs = [run for p in file.paragraphs for run in p.runs]
    assert not any(run.font.name or run.font.size or run.bold for run in runs)
    # A table that goes on overleaf says its columns again.
    assert file.element.xpath("count(//w:tblHeader)") == sum(
        t.style.name == "Comparison" for t in file.tables
    )
    assert (file.core_properties.title, file.core_properties.author) == ("A title", "")


def test_pdf_has_bookmarks_and_links() -> None:
    """A reader of a long PDF would find no way through it, nor from a mark to its source."""
    reader = pypdf.PdfReader(BytesIO(PDF))
    assert reader.metadata is not None
    assert reader.metadata.title == "A title"
    bookmarks = reader.outline
    assert isinstance(bookmarks, list)
    assert bookmarks[0]["/Title"] == "A title"
    links = [note for sheet in reader.pages for note in sheet.get("/Annots", ())]
    # Four lines name a source.
    assert len(links) == 4
    assert not any("/URI" in str(link.get_object()) for link in links)


def test_parts_begin_on_new_sheets() -> None:
    """Papers put together in one file could not be handed out one by one."""
    page = Page((Title("Kit"), Title("One"), Heading("a"), Title("Two"), Heading("b")), apart=True)
    assert len(pypdf.PdfReader(BytesIO(pdf(page))).pages) == 3
    breaks = [
        p.text
        for p in docx.Document(BytesIO(document(page))).paragraphs
        if p.paragraph_format.page_break_before
    ]
    assert breaks == ["One", "Two"]
    assert len(pypdf.PdfReader(BytesIO(pdf(page._replace(apart=False)))).pages) == 1


def test_a_label_stays_with_what_it_names() -> None:
    """The name of a figure would stand at the foot of a sheet, and the figure itself overleaf."""
    facts = Facts(tuple((f"Label {number}", (Line("word " * 20),)) for number in range(4)))
    blocks = [block for number in range(30) for block in (Paragraph(Line(f"Name {number}:")), facts)]
    sheets = pypdf.PdfReader(BytesIO(pdf(Page((Title("t"), *blocks))))).pages
    ends = [sheet.extract_text().split("\nt\n")[0] for sheet in sheets]
    assert len(sheets) > 3
    assert not any(re.search(r"Name \d+:\s*$", text) for text in ends)
    paragraphs = docx.Document(BytesIO(document(Page((Title("t"), *blocks))))).paragraphs
    assert all(one.paragraph_format.keep_with_next for one in paragraphs if one.text.startswith("Name"))


def test_many_columns_fit_on_a_sheet() -> None:
    """The names above a wide table would be squeezed until none can be read."""
    people = tuple(f"Person{number}" for number in range(20))
    levels = tuple(number % 6 for number in range(20))
    row = HeatRow("Writing", 4, levels, (None,) * 20)
    page = Page((Title("t"), Heat(people, ("Head",) * 20, (row,), "n")))
    tables = docx.Document(BytesIO(document(page))).tables
    assert [len(table.columns) for table in tables] == [9, 9, 8]
    assert all(name in text_of_pdf(pdf(page)) for name in people)


@pytest.mark.parametrize("ending", [".docx", ".pdf"])
def test_file_by_its_name(ending: str, tmp_path: Path) -> None:
    """The name of a file would not say its format, or a page about somebody be open to others."""
    target = tmp_path / f"report{ending}"
    result = run_mops("plan", "director", "--answers", str(ANSWERS), "-o", str(target))
    assert (result.returncode, result.stderr) == (0, "")
    assert target.read_bytes().startswith(b"PK" if ending == ".docx" else b"%PDF-")
    assert os.name == "nt" or stat.S_IMODE(target.stat().st_mode) & 0o077 == 0


@pytest.mark.parametrize("form", MAKERS)
def test_never_on_a_screen(form: str) -> None:
    """A terminal would get the bytes of a document, or the refusal not say how it goes."""
    result = run_mops("compare", "head", "director", "--format", form)
    assert (result.returncode, result.stdout) == (2, "")
    assert NO_SCREEN in " ".join(result.stderr.split())


@pytest.mark.parametrize(("form", "package"), MAKERS.items())
def test_missing_extra(form: str, package: str, tmp_path: Path) -> None:
    """Without the extra there would be a traceback, or nobody be told which command installs it."""
    code = f"import sys; sys.modules[{package!r}] = None; from mopscli.__main__ import main; main()"
    target = tmp_path / f"x.{form}"
    command = [sys.executable, "-c", code, "compare", "head", "director"]
    result = subprocess.run(
        [*command, "-o", str(target)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert NOT_INSTALLED in " ".join(result.stderr.split())
    assert not target.exists()


def test_without_a_page() -> None:
    """A result without a page would be lost in a format for an office."""
    assert '"mops": 1' in str(content(Output("x", {}, None), "pdf"))
