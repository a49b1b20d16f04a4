"""One page in every format: each says all that the blocks say, in the same order of headlines."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any, get_args

import pytest

from mopscli.formats.html import webpage
from mopscli.formats.markdown import markdown
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
    Piece,
    Rung,
    Scale,
    Scales,
    Scatter,
    Sheet,
    Stretch,
    Table,
    Timeline,
    Title,
)
from samples import on_screen

ONE = Line("one")
PIECES: tuple[Any, ...] = (
    Title("title"),
    Heading("heading"),
    Paragraph(Line("paragraph")),
    Bullets((Line("bullet"), Line("another"))),
    Facts((("label", (Line("fact"), Line("second"))),)),
    Grid(("left", "right"), (("row", ((ONE,), (Line("two"), Line("three")))),)),
    Table(("this", "that"), (("aspect", (Line("few words"), None)),)),
    Levels("skill", ("mine", "theirs"), "remark", (("writing", (2, 3), (Line("more"),)),), "levels note"),
    Heat(("Ann", "Bob"), ("Author", "Editor"), (HeatRow("editing", 4, (2, None), (3, None)),), "heat note"),
    Histogram("how many", "Head", (("0 to 10", 3), ("10 to 20", 4)), "histogram note"),
    Scatter("who", "Head", "enjoyment", "readiness", 80, (Dot("Cid", 20, 40),), "scatter note"),
    Gauge((Measure("fit", 50, "fifty"), Measure("ready", 40, "forty", nested=True)), "gauge note"),
    Scales(
        (("a", "you"), ("b", "Head")), (Scale("tools", (1.0, 4.0), "sentence"),), "scales note", "profile"
    ),
    Intervals("ranges", (("Head", (Interval("can", 1, 2, 3, 2, "about two"),)),), "ranges note"),
    Timeline("plan", "done", (Stretch("first", 0, 3, 7),), "plan note"),
    Ladders((("route", (Rung("top", "in a year", (Line("gain"),)), Rung("here", "now", ()))),)),
    Commands((NextStep("mops roles", "lists them"),)),
)
# What is a number in a block, or tells how to draw it.
FORMATS: dict[str, Callable[[Page], str]] = {
    "table": on_screen,
    "markdown": lambda page: markdown(page).replace("\\", ""),
    "html": lambda page: unescape(re.sub("<style>.*?</style>", "", webpage(page), flags=re.DOTALL)),
}


def texts_of(part: Any) -> Iterator[str]:
    """Yield every text in a block but the letters that mark a series."""
    if isinstance(part, Scales):
        part = (part.title, [name for _, name in part.whose], part.rows, part.note)
    if isinstance(part, Histogram | Scatter):
        # Whose color it has is in the title, too.
        part = part._replace(whose="")
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple | list):
        for some in part:
            yield from texts_of(some)


def test_every_block_is_in_the_sample() -> None:
    """A new kind of block would not be compared."""
    assert {type(piece) for piece in PIECES} == set(get_args(Piece))


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_all(form: str) -> None:
    """A format would leave out a text of a block."""
    sheet = Sheet(
        (Title("sheet title"), Paragraph(Line("across"))), ((Heading("in left"),), (Heading("in right"),))
    )
    page = Page((sheet, *PIECES))
    said = " ".join(FORMATS[form](page).split())
    for text in texts_of(page.blocks):
        assert text in said, text
    for number in ("2", "3", "4"):
        assert number in said


@pytest.mark.parametrize("form", FORMATS)
def test_order(form: str) -> None:
    """A format would tell the blocks in another order, or the columns of a sheet crosswise."""
    sheet = Sheet(
        (Title("t1"),), ((Heading("h1"), Paragraph(Line("p1"))), (Heading("h2"), Paragraph(Line("p2"))))
    )
    said = FORMATS[form](Page((sheet, Title("t2"), Heading("h3"), Paragraph(Line("p3")))))
    said = said[said.rindex("<body>") :] if form == "html" else said
    found = [re.search(rf"\b{text}\b(?!>)", said) for text in ("t1", "p1", "p2", "t2", "p3")]
    places = [match.start() for match in found if match]
    assert len(places) == 5
    assert places == sorted(places)


def test_nesting() -> None:
    """What is a part of something would stand beside it; or headings below a part be as high as the part."""
    page = Page(
        (
            Title("Page"),
            Heading("First"),
            Title("Part"),
            Heading("Below"),
            next(piece for piece in PIECES if isinstance(piece, Gauge)),
        )
    )
    text = markdown(page)
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# Page",
        "## First",
        "## Part",
        "### Below",
    ]
    assert "- **fit**: fifty\n  - **ready**: forty" in text
    html = webpage(page)
    assert [html.index(tag) for tag in ("<h1>Page", "<h2>First", "<h2>Part", "<h3>Below")]
    assert 'class="part">ready' in html
    assert "  ready" in on_screen(page)
