"""Pages on a screen: what a person sees, at several widths, and nothing that data could smuggle in."""

from io import StringIO

import pytest
from hypothesis import given, strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segments

from mopscli.formats.html import webpage
from mopscli.formats.markdown import markdown
from mopscli.formats.terminal import Terminal
from mopscli.knowledge import Knowledge
from mopscli.page import (
    Bullets,
    Commands,
    Facts,
    Gauge,
    Grid,
    Heading,
    Heat,
    HeatRow,
    Levels,
    Line,
    Measure,
    NextStep,
    Page,
    Paragraph,
    Scale,
    Scales,
    Title,
)
from mopscli.pages.knowledge import welcome_page
from mopscli.pages.roles import comparison_page
from mopscli.pages.routes import destinations_page, routes_page
from mopscli.roles.compare import compare_roles
from mopscli.roles.routes import find_destinations, find_routes


def shown(page: Page, width: int = 80) -> str:
    """Return a page as it stands on a plain terminal."""
    file = StringIO()
    console = Console(file=file, width=width, color_system=None, highlight=False)
    console.print(Segments(Terminal(page, console, width).segments()), end="", soft_wrap=True)
    return file.getvalue()


def test_comparison(small: Knowledge) -> None:
    """A change to the screen of a comparison would go unseen."""
    page = comparison_page(small, compare_roles(small, list(small.roles.values())), show_all=False)
    assert (
        shown(page, 64)
        == """\
Staff Author or Chief Editor?

Author  Writing every day [1]
Editor  Decides what is printed. [j]

Titles differ everywhere. [j]

What differs
      Author                        Editor
────────────────────────────────────────────────────────────────
Team  Leads nobody. [j]             Leads the authors. [1]

Skills, widest gap first
Skill    Author   Editor   Difference
Editing  ■■□□□ 2  ■■■■■ 5  Editor +3 [1]
From 0 (no contact) to 5 (mastery that others learn from).
Levels are judgments where no source is named.
Equal: Writing 4.

What the work gives you
Drive  Author   Editor   Difference
Calm   ■■■■□ 4  ■□□□□ 1  Author +3
From 0 (hardly any) to 5 (as much as a job can give). Levels are
judgments, not measurements.

Ask yourself
• Whose words do you want to work on? [j]

What a day looks like
Author                           Editor
────────────────────────────────────────────────────────────────
Writes from nine to noon. [1]    Reads what authors send. [1]

Answers letters. [j]

What the market says
Author                           Editor
────────────────────────────────────────────────────────────────
Pay: $50,000 a year, 2026,
sample of 3. [1]

Before you trust this
Author                           Editor
────────────────────────────────────────────────────────────────
Authors edit as well. [j]

Next
mops path author editor           the way from one to the other
mops role editor                  everything about one role
mops compare author editor --all
  every part, and the equal levels too

Sources
[1]  The book. A. Writer, 2020.
[j]  Own judgment.
"""
    )


def test_narrow_comparison(small: Knowledge) -> None:
    """On 40 columns the roles would still stand side by side, cut short."""
    page = comparison_page(small, compare_roles(small, list(small.roles.values())), show_all=True)
    text = shown(page, 40)
    assert "Team\n  Author: Leads nobody. [j]\n  Editor: Leads the authors. [1]\n" in text
    assert "Editing  ■■□□□ 2  ■■■■■ 5  Editor +3 [1]\n" in text
    assert "Writing  ■■■■□ 4  ■■■■□ 4  equal\n" in text


def test_very_narrow_levels(small: Knowledge) -> None:
    """Bars that do not fit side by side would be cut, or torn from their names."""
    page = comparison_page(small, compare_roles(small, list(small.roles.values())), show_all=False)
    assert "Editing  Editor +3 [1]\n  Author  ■■□□□ 2\n  Editor  ■■■■■ 5\n" in shown(page, 30)


def test_routes(small: Knowledge) -> None:
    """A change to the screen of a route would go unseen."""
    routes = find_routes(small, small.roles["author"], small.roles["editor"])
    assert (
        shown(routes_page(small, routes, show_all=False))
        == """\
From Staff Author to Chief Editor

Fastest route: about 2 years (1 to 5)
1. Staff Author > Chief Editor
Kind      promotion
Time      about 2 years (1 to 5) [j]
Why       Knows the work. [1]
To learn  3 levels up: Editing 2 to 5

Time is what you spend in a role until you are ready for the next: typically,
and in brackets from fast to slow. Routes are sorted by the typical time. Levels
run from 0 to 5.

Next
mops skill editing  what each level of a skill looks like

Sources
[1]  The book. A. Writer, 2020.
[j]  Own judgment.
"""
    )


def test_dead_ends(small: Knowledge) -> None:
    """Where nothing is in reach, the screen would be empty."""
    editor, author = small.roles["editor"], small.roles["author"]
    assert "No route leads from Chief Editor to Staff Author." in shown(
        routes_page(small, find_routes(small, editor, author), show_all=False)
    )
    assert "No move leads away from Chief Editor." in shown(
        destinations_page(small, find_destinations(small, editor))
    )


def test_welcome_fits() -> None:
    """The welcome would be long, or name no commands."""
    lines = shown(welcome_page()).splitlines()
    assert len(lines) <= 12
    assert sum(line.startswith("mops ") for line in lines) >= 4


EVIL = "[bold]x[/bold] \x1b[31mred\x07 \u202eabc\u2066 a\nb\tc :smile:"


@pytest.mark.parametrize(
    "block",
    [
        Title(EVIL),
        Heading(EVIL),
        Paragraph(Line(EVIL)),
        Bullets((Line(EVIL),)),
        Facts(((EVIL, (Line(EVIL),)),)),
        Commands((NextStep(EVIL, EVIL),)),
        Levels(EVIL, (EVIL,), EVIL, ((EVIL, (3,), (Line(EVIL),)),), EVIL),
        Grid((EVIL, EVIL), ((EVIL, ((Line(EVIL),), (Line(EVIL),))),)),
        Grid((EVIL, EVIL, EVIL), (("", ((Line(EVIL),), (Line(EVIL), Line(EVIL)), ())),)),
    ],
)
def test_data_is_only_text(block: object) -> None:
    """The terminal would obey what data holds, or not show it."""
    text = shown(Page((block,), {}), 200)  # type: ignore[arg-type]
    assert "[bold]x[/bold]" in text
    assert not set("\x1b\x07\u202e\u2066\t") & set(text)
    assert ":smile:" in text


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@given(words, st.integers(20, 100))
def test_no_line_is_too_wide(text: str, width: int) -> None:
    """A block would write past the edge of the terminal, wide characters included."""
    line = Line(text)
    page = Page(
        (
            Title(text),
            Bullets((line, line)),
            Facts(((text, (line, line)),)),
            Levels(text, (text, text), text, ((text, (1, 2), (line,)),), text),
            Gauge((Measure(text, 71.4, text), Measure("x", 0, "0")), text),
            Grid((text, text), ((text, ((line,), (line, line))),)),
            Grid((text, text, text), ((text, ((line,), (), (line,))),)),
        ),
        {},
    )
    # One column is too narrow for a wide character, and nothing can be done about it.
    assert all(cell_len(row) <= width + 1 for row in shown(page, width).splitlines())


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100])
def test_bundled_pages_fit(knowledge: Knowledge, width: int) -> None:
    """The real screens would not fit a width that people have."""
    roles = [knowledge.roles[key] for key in ("head", "director", "vp")]
    for some in (roles[:2], roles):
        page = comparison_page(knowledge, compare_roles(knowledge, some), show_all=True)
        assert all(cell_len(row) <= width for row in shown(page, width).splitlines())


@pytest.mark.parametrize("width", [20, 40, 60, 80])
def test_gauge(width: int) -> None:
    """A quantity would have no words, or a bar where there is no room for one."""
    page = Page((Gauge((Measure("Readiness", 50, "50, between 40 and 60"),), "note"),), {})
    text = shown(page, width)
    assert "50, between" in text
    assert ("■" in text) == (width >= 40)
    assert all(cell_len(row) <= width for row in text.splitlines())


def test_scales() -> None:
    """Where somebody stands would be drawn elsewhere, or who is who be told nowhere."""
    rows = (
        Scale("Calm", (2.4, 0, None), "You like it quiet.", "none in Author"),
        Scale("Fame", (5.0, 5.0, 1.0), ""),
    )
    page = Page((Scales((("*", "you"), ("A", "Author"), ("E", "Editor")), rows, "0 none, 5 much"),))
    assert (
        shown(page, 60)
        == """\
* you  A Author  E Editor  0 none, 5 much
Calm  0 A─────*─────── 5  none in Author
  You like it quiet.
Fame  0 ───E─────────* 5
"""
    )
    narrow = shown(page, 24)
    assert "none in Author" not in narrow
    assert all(cell_len(line) <= 24 for line in narrow.splitlines())
    assert "- **Calm**: You like it quiet. (you 2, Author 0)\n" in markdown(page)
    assert "- **Fame**: you 5, Author 5, Editor 1\n" in markdown(page)
    assert "Calm: you 2, Author 0" in webpage(page)


def test_commands() -> None:
    """What a command does would stand far from it, or a line be too wide."""
    steps = (NextStep("mops a", "does this"), NextStep("mops bb --all", "does much of that and more"))
    page = Page((Commands(steps),))
    assert shown(page, 42) == "mops a         does this\nmops bb --all  does much of that and more\n"
    assert shown(page, 34) == "mops a         does this\nmops bb --all\n  does much of that and more\n"


def test_ascii_terminal(small: Knowledge) -> None:
    """A terminal without Unicode would get bars that it cannot show."""
    page = comparison_page(small, compare_roles(small, list(small.roles.values())), show_all=False)

    class AsciiFile(StringIO):
        encoding = "ascii"  # type: ignore[assignment]

    file = AsciiFile()
    console = Console(file=file, width=80, color_system=None)
    console.print(Segments(Terminal(page, console, 80).segments()), end="", soft_wrap=True)
    assert file.getvalue().isascii()
    assert "##... 2" in file.getvalue()


@pytest.mark.parametrize("people", [3, 12, 40])
def test_heat_map(people: int) -> None:
    """A heat map would be wider than the screen, or number people who have room for their names."""
    names = tuple(f"Person {number}" for number in range(1, people + 1))
    asked = (None,) * people
    rows = tuple(HeatRow(f"Skill {n}", n, tuple((n + p) % 6 for p in range(people)), asked) for n in (2, 3))
    text = shown(Page((Heat(names, ("",) * people, rows, "Levels."),)))
    lines = text.split("\n")
    assert max(map(cell_len, lines)) <= 80
    heads = [line for line in lines if "need" in line]
    if people == 3:
        assert all(name in heads[0] for name in names)
        assert len(heads) == 1
        return
    # Each number stands in a head, and each name in the list below.
    numbers = [word for line in heads for word in line.split()[1:]]
    assert numbers == [str(number) for number in range(1, people + 1)]
    for number, name in enumerate(names, 1):
        assert any(line.split() == [str(number), *name.split()] for line in lines), name
    for before, head in ((lines[lines.index(head) - 1], head) for head in heads[1:]):
        assert not before.strip(), head
    cells = [line.split()[3:] for line in lines if line.startswith("Skill 2")]
    assert [cell for line in cells for cell in line] == [str(level) for level in rows[0][2]]
