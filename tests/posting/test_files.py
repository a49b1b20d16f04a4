"""Files of postings: every kind, and what no posting is in."""

import json
import zipfile
from pathlib import Path

import pytest

from mopscli.posting.files import read_content, read_postings
from mopscli.posting.markup import read_page
from mopscli.posting.posting import Advertisement
from mopscli.problem import Problem
from postings import JUNIOR, POSTING, SENIOR

RESUME = """Jane Doe
Professional Summary
I have led campaigns and I managed a team of three.
Work Experience
Acme, Specialist, 2019 - present. I built emails and lists for the team and the company.
Other, Assistant, 2015 - 2019. I have worked with the data of all of the customers.
Education
A degree in the arts. References available.
"""
GERMAN = (
    "Wir suchen eine Person, die unsere Kampagnen plant und auswertet. Sie haben mehrere Jahre Erfahrung mit "
    "Werkzeugen und arbeiten gern im Team. Wir bieten flexible Zeiten, gute Bezahlung und viele Freiheiten."
)


def only(content: str | bytes, suffix: str = "") -> Advertisement:
    """Return the one posting in some content."""
    (found,) = read_content(content.encode() if isinstance(content, str) else content, "job", suffix)
    assert isinstance(found, Advertisement), found
    return found


def test_job_posting_comes_first() -> None:
    """Links around a posting would count, or what the page says in JSON-LD be lost."""
    found = only(POSTING.read_bytes(), ".html")
    assert (found.title, found.company) == ("Marketing Operations Manager", "Invented Goods")
    assert found.pay is not None
    assert (found.pay.low, found.pay.high) == (98_000, 118_000)
    assert "- Own our HubSpot instance" in found.text
    assert "20 years" not in found.text


def test_visible_text() -> None:
    """A page without JSON-LD would not be read, or its scripts be taken for text."""
    page = read_page(f"<body><script>alert(1)</script><h2>Duties</h2><ul><li>One<li>Two</ul>{SENIOR}</body>")
    assert "alert" not in page.text
    assert page.text.startswith("# Duties\n- One\n- Two")


@pytest.mark.parametrize("key", ["description", "body", "body_title_masked", "text"])
def test_lines(key: str) -> None:
    """A key that tools use would not be understood, or an id change."""
    rows = [
        {"id": "a1", key: JUNIOR, "title": "X", "min_amount": 50_000, "max_amount": "60000"},
        {key: SENIOR},
    ]
    one, other = read_content("\n".join(map(json.dumps, rows)).encode(), "jobs.jsonl", ".jsonl")
    assert isinstance(one, Advertisement)
    assert isinstance(other, Advertisement)
    assert (one.id, other.id) == ("a1", 2)
    assert one.pay is not None
    assert (one.pay.low, one.pay.high) == (50_000, 60_000)


def test_masked_body_is_read_first() -> None:
    """The title would be read in a body where one without it is there."""
    row = {"id": 7, "body": SENIOR, "body_title_masked": JUNIOR}
    assert only(json.dumps(row), ".jsonl").text == JUNIOR


def test_table() -> None:
    """A table would lose its columns, or a row without text pass in silence."""
    cell = JUNIOR.replace('"', "'")
    table = f'title,company,description,min_amount,max_amount\nA,B,"{cell}",60000,70000\nC,D,,,\n'
    one, other = read_content(table.encode(), "jobs.csv", ".csv")
    assert isinstance(one, Advertisement)
    assert (one.title, one.company) == ("A", "B")
    assert isinstance(other, Problem)
    assert other.message == "no text of a posting"


def test_word(tmp_path: Path) -> None:
    """A Word document would not be read."""
    path = tmp_path / "job.docx"
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in SENIOR.splitlines())
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("word/document.xml", f"<w:document>{paragraphs}</w:document>")
    (found,) = read_postings(path)
    assert isinstance(found, Advertisement)
    assert "15+ years" in found.text


def test_folder(tmp_path: Path) -> None:
    """A folder would not be read, or an empty one pass for one with postings."""
    (tmp_path / "a.md").write_text(JUNIOR, "utf-8")
    (tmp_path / "b.txt").write_text(SENIOR, "utf-8")
    assert len(list(read_postings(tmp_path))) == 2
    (tmp_path / "none").mkdir()
    (found,) = read_postings(tmp_path / "none")
    assert isinstance(found, Problem)


@pytest.mark.parametrize(
    ("content", "suffix", "message"),
    [
        (b"", ".txt", "no text of a posting"),
        (b"\x00\x01\x02" * 100, ".txt", "it is no text"),
        (GERMAN.encode(), ".txt", "not English"),
        (RESUME.encode(), ".txt", "this is a resume"),
        (b"%PDF-1.7 broken", ".pdf", "PDF"),
        (b"PK\x03\x04 broken", ".docx", "no Word document"),
        (b"{broken", ".jsonl", "no JSON"),
        (b'{"id": 1}', ".jsonl", "no text of a posting"),
        (b"[" * 100_000, ".json", "no JSON"),
        (b"name,text of it\na,b\n", ".csv", "no column with the text"),
        (b"<div>" * 200_000, ".html", "no text of a posting"),
        (b"<" * 3_000_000, ".html", "no text of a posting"),
        (b"<!--" * 700_000, ".html", "no text of a posting"),
        (b"<p " * 700_000, ".html", "not English"),
        (b"x" * 4_000_001, ".txt", "longer than 4 MB"),
        (b"<script type='application/ld+json'>{" + b"[" * 50_000, ".html", "no text of a posting"),
    ],
)
def test_what_is_no_posting(content: bytes, suffix: str, message: str) -> None:
    """Something that is no posting would be judged, or end in a traceback."""
    (found,) = read_content(content, "job", suffix)
    assert isinstance(found, Problem)
    assert message in found.message
