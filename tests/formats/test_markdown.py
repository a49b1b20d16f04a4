"""Markdown that shows data as text, and the contract of the JSON output."""

import json

import pytest
from hypothesis import given, strategies as st

from mopscli.formats import Output
from mopscli.formats.json import envelope
from mopscli.formats.markdown import markdown
from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import Source
from mopscli.page import Bullets, Commands, Facts, Grid, Heading, Levels, Line, NextStep, Page, Title
from mopscli.pages.roles import comparison_page
from mopscli.problem import Place, Problem
from mopscli.roles.compare import compare_roles
from mopscli.text import clean


def test_comparison(small: Knowledge) -> None:
    """A change to the Markdown of a comparison would go unseen."""
    page = comparison_page(small, compare_roles(small, list(small.roles.values())), show_all=False)
    text = markdown(page)
    assert text.startswith(
        "# Staff Author or Chief Editor?\n\n"
        "- **Author**: Writing every day[^1]\n- **Editor**: Decides what is printed.[^j]\n\n"
    )
    assert (
        "|  | Author | Editor |\n| --- | --- | --- |\n| Team | Leads nobody.[^j] | Leads the authors.[^1] |\n"
        in text
    )
    assert "| Skill | Author | Editor | Difference |\n| --- | --- | --- | --- |\n" in text
    assert "| Editing | 2 | 5 | Editor +3[^1] |\n" in text
    assert "**Author**\n\n- Writes from nine to noon.[^1]\n- Answers letters.[^j]\n\n**Editor**\n" in text
    assert text.endswith("[^1]: The book. A. Writer, 2020.\n[^j]: Own judgment.\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain words, and (more) of them.", "plain words, and (more) of them."),
        ("*a* _b_ `c` [d](e) <f> | ~g~", r"\*a\* \_b\_ \`c\` \[d\](e) \<f\> \| \~g\~"),
        ("# not a heading", r"\# not a heading"),
        ("1. not a list", r"1\. not a list"),
        ("- not a list", r"\- not a list"),
        ("R&D &lt;", "R&D &amp;lt;"),
        ("a\nb", "a b"),
        ("    not code", "not code"),
        ("see https://example.com/a_b.", r"see https\://example.com/a\_b."),
        ("see WWW.example.com", r"see WWW\.example.com"),
        ("\x1b[31m\u202e", "\N{REPLACEMENT CHARACTER}\\[31m\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_escape(text: str, expected: str) -> None:
    """Data would become Markdown, HTML or an escape sequence."""
    assert markdown(Page((Bullets((Line(text),)),), {})) == f"- {expected}\n"


def test_headings_and_addresses() -> None:
    """The end of a heading would be lost, or the address of a source not lead anywhere."""
    source = Source(
        place=Place(""),
        key="s",
        title="A # book",
        kind="article",
        url="https://example.com/a_b?c=1",
        note="# new #",
    )
    page = Page((Title("The sign # #"), Heading("#"), Bullets((Line("Said.", "s"),))), {"s": source})
    text = markdown(page)
    assert text.startswith("# The sign # \\#\n\n## \\#\n\n- Said.[^")
    assert "<https://example.com/a_b?c=1>" in text


@given(st.text())
def test_clean(text: str) -> None:
    """Cleaned text would be more than one line, be obeyed by a terminal, or change when cleaned again."""
    safe = clean(text)
    assert len(safe.splitlines()) <= 1
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in safe)
    assert clean(safe) == safe


def test_every_block() -> None:
    """A kind of block would have no Markdown."""
    line = Line("said")
    page = Page(
        (
            Title("t"),
            Heading("h"),
            Facts((("label", (line, line)),)),
            Commands((NextStep("mops x", "does it"), NextStep("a\x1b`b``c", "*d*"))),
            Levels("Skill", ("A",), "Why", (("s", (3,), (Line("r"),)),), "note"),
            Grid(("A", "B"), (("row", ((line, line), ())),)),
        ),
        {},
    )
    assert markdown(page) == (
        "# t\n\n## h\n\n- **label**:\n  - said\n  - said\n\n- `mops x`: does it\n"
        "- ``` a\N{REPLACEMENT CHARACTER}`b``c ```: \\*d\\*\n\n"
        "| Skill | A | Why |\n| --- | --- | --- |\n| s | 3 | r |\n\nnote\n\n"
        "**row, A**\n\n- said\n- said\n\n**row, B**\n"
    )


def test_envelope(small: Knowledge) -> None:
    """The JSON envelope would lose a key or a cited source, or hold places in files."""
    result = compare_roles(small, list(small.roles.values()))
    page = comparison_page(small, result, show_all=False)
    data = json.loads(json.dumps(envelope(Output("compare", result, page))))
    assert list(data) == ["mops", "command", "data", "problems"]
    assert (data["mops"], data["command"], data["problems"]) == (1, "compare", [])
    assert list(data["data"]) == ["roles", "dimensions", "skills", "drives", "caveats", "topics", "sources"]
    assert data["data"]["skills"][0] == {
        "key": "editing",
        "name": "Editing",
        "demands": {
            "author": {"level": 2, "weight": 1.0, "source": None},
            "editor": {"level": 5, "weight": 3.0, "source": "book"},
        },
        "spread": 3,
    }
    assert data["data"]["sources"]["book"]["author"] == "A. Writer"
    assert '"place"' not in json.dumps(data)


def test_problems_in_the_envelope() -> None:
    """Problems would come without their place, so that scripts cannot act on them."""
    problems = [Problem(Place("a.yaml", 3, 5), "wrong", "mend it"), Problem(Place("b.yaml"), "missing")]
    assert envelope(Output("check", None, None, problems))["problems"] == [
        {"path": "a.yaml", "line": 3, "column": 5, "message": "wrong", "hint": "mend it"},
        {"path": "b.yaml", "line": None, "column": None, "message": "missing", "hint": None},
    ]
