"""The report: one file that a browser shows anywhere, with nothing in it that comes from outside or runs."""

import json
import os
import re
import stat
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from browser import Browser, find_chromium, open_browser
from mopscli.formats.charts import INVISIBLE, SVG, draw
from mopscli.formats.html import webpage
from mopscli.page import Chart, Line, Page, Paragraph, Title
from mopscli.person.store import Store
from program import run_mops
from samples import ANSWERS

HOSTILE = "<script>alert(1)</script>\"' & \x1b[31m\N{RIGHT-TO-LEFT OVERRIDE}"
VOID = {"meta", "br", "img", "hr"}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a report of somebody whose name is an attack."""
    folder = tmp_path_factory.mktemp("report")
    answers = yaml.safe_load(ANSWERS.read_text("utf-8")) | {"present-role": 2}
    (folder / "answers.yaml").write_text(yaml.safe_dump(answers), "utf-8")
    path = folder / "report.html"
    result = run_mops(
        "report",
        "--answers",
        str(folder / "answers.yaml"),
        "-o",
        str(path),
        "--name",
        HOSTILE,
        "--goal",
        "vp",
    )
    assert (result.returncode, result.stderr) == (0, "")
    return path


class Reader(HTMLParser):
    """Notes the elements of a page, and complains of one that is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(text: str) -> Reader:
    """Return what is in a page."""
    reader = Reader()
    reader.feed(text)
    assert reader.open == []
    return reader


# --- What is in the file --------------------------------------------------------------------------


def test_whole_and_nothing_from_outside(report: Path) -> None:
    """An element would not be closed, run a script or fetch something, or an id be there twice."""
    text = report.read_text("utf-8")
    page = read(text)
    assert {"script", "iframe", "object", "link", "img", "use", "foreignobject"}.isdisjoint(
        tag for tag, _ in page.elements
    )
    for _, attributes in page.elements:
        assert not any(name.startswith("on") for name in attributes)
        assert attributes.get("src") is None
        assert (attributes.get("href") or "#").startswith("#")
    assert "url(" not in text
    assert "@import" not in text
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {f"#{name}" for name in ids} >= {
        attributes["href"] for tag, attributes in page.elements if tag == "a"
    }
    policy = next(attributes for tag, attributes in page.elements if "http-equiv" in attributes)
    assert str(policy["content"]).startswith("default-src 'none'")


def test_hostile_name_is_text(report: Path) -> None:
    """A name with markup and escapes would steer the page, or not be shown letter by letter."""
    page = read(report.read_text("utf-8"))
    replaced = "\N{REPLACEMENT CHARACTER}"
    shown = HOSTILE.replace("\x1b", replaced).replace("\N{RIGHT-TO-LEFT OVERRIDE}", replaced)
    assert shown in page.text


def test_every_part_is_there(report: Path) -> None:
    """A part of the report would be missing, or a picture lack its name or its numbers."""
    page = read(report.read_text("utf-8"))
    for part in (
        "How well each role suits you",
        "The profile beside the roles",
        "What speaks for which role",
        "Sources",
    ):
        assert part in page.text
    for part in ("Your plan for VP of Marketing Operations", "Your way from"):
        assert part in page.text
    pictures = [attributes for tag, attributes in page.elements if tag == "svg"]
    names = [attributes["aria-label"] for attributes in pictures]
    assert names == [
        *["Skills"] * 2,
        *["What you want from work, and what the roles give"] * 2,
        "What speaks for which role",
        "The plan in time",
        "The way in time",
    ]
    assert all(attributes["role"] == "img" for attributes in pictures)
    assert sum(tag == "table" for tag, _ in page.elements) == len(set(names))
    assert "mops plan" not in page.text


def test_only_its_owner_reads_it(report: Path) -> None:
    """The answers of a person would be open to others."""
    if os.name != "nt":
        assert stat.S_IMODE(report.stat().st_mode) == 0o600


def test_markdown_and_json(tmp_path: Path) -> None:
    """The report would say something else in Markdown than on the screen, or lack numbers or a key."""
    path = tmp_path / "report.md"
    assert run_mops("report", "--answers", str(ANSWERS), "-o", str(path)).returncode == 0
    shown = run_mops("report", "--answers", str(ANSWERS), "--format", "markdown").stdout
    text = path.read_text("utf-8")
    assert text == shown
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1
    assert "## Your plan for" in text
    assert re.search(r"^\| Marketing automation \| [\d.]+ \| \d \| \d \|$", text, re.MULTILINE)
    data = json.loads(run_mops("report", "--answers", str(ANSWERS), "--json").stdout)["data"]
    assert data.keys() == {"name", "made", "assessment", "plan", "routes", "sources"}


def test_saved_assessment(tmp_path: Path) -> None:
    """Without --answers and anything saved, the report would be empty, or not say what to do."""
    home = {"XDG_DATA_HOME": str(tmp_path), "HOME": str(tmp_path)}
    result = run_mops("report", "-o", str(tmp_path / "r.html"), **home)
    assert result.returncode == 2
    assert "Nothing is saved yet" in result.stderr


def test_the_verdict_is_drawn(tmp_path: Path) -> None:
    """Of three roles, the pictures would compare two that the verdict is not about."""
    home = {"XDG_DATA_HOME": str(tmp_path)}
    answers = yaml.safe_load(ANSWERS.read_text("utf-8"))
    with_home = Store(tmp_path / "mops")
    number = with_home.begin(("head", "specialist", "director"), "other")
    for key, value in answers.items():
        with_home.answer(number, key, float(value))
    with_home.finish(number)
    other = with_home.begin(("head", "director"), "other", "Sam")
    with_home.answer(other, "leadership", 1.0)
    data = json.loads(run_mops("report", "--json", **home).stdout)["data"]
    assert set(data["assessment"]["between"][:2]) == set(data["assessment"]["advice"]["leading"])
    text = run_mops("report", "--format", "markdown", **home).stdout
    assert "speaks for Director" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--answers", str(ANSWERS)), "mops report -o report.html"),
        (
            ("--answers", str(ANSWERS), "-o", "report.odt"),
            "should end in .txt, .md, .markdown, .html, .htm, .json, .docx, .pdf",
        ),
        (("3", "--answers", str(ANSWERS), "-o", "report.html"), "not both"),
        (("--answers", str(ANSWERS), "-o", "nowhere/report.html"), "there is no folder"),
        (("--answers", str(ANSWERS), "-o", "report.html", "--goal", "king"), "No role is called"),
    ],
)
def test_bad_input(arguments: tuple[str, ...], said: str) -> None:
    """A mistake would be answered without what to do instead, or something be written."""
    result = run_mops("report", *arguments)
    assert result.returncode == 2
    assert said in " ".join(result.stderr.split())
    assert not Path("report.html").exists()


# --- The pictures ---------------------------------------------------------------------------------


def bars(picture: str) -> list[float]:
    """Return the lengths of the bars of a picture, in the order in which they were drawn."""
    root = ElementTree.fromstring(picture)  # noqa: S314 - we made it
    found = [rect for rect in root.iter(f"{{{SVG}}}rect") if "rect" in rect.get("class", "").split()]
    return [float(rect.get("width", 0)) for rect in found]


def test_bars_are_as_long_as_their_numbers() -> None:
    """The bars of a profile would not stand in the ratio of the levels."""
    chart = Chart("Skills", "profile", ("You", "Head"), (("One", (1.0, 4.0)), ("Two", (2.0, 5.0))), "")
    _, picture = draw(chart, "chart")
    # From the bottom up, and series by series.
    head_two, head_one, two, one = bars(picture)
    assert (two / one, head_two / one, head_one / one) == pytest.approx((2, 5, 4))


def test_times_begin_where_they_should() -> None:
    """A bar of time would not be as long as what it takes, or begin elsewhere."""
    chart = Chart("Plan", "times", ("begins", "done", "late"), (("One", (2.0, 6.0, 9.0)),), "")
    (picture,) = draw(chart, "chart")
    begins, takes, late = bars(picture)
    assert picture.count(INVISIBLE) == 1
    assert (takes / begins, late / begins) == pytest.approx((2, 1.5))


def test_empty_cells_and_hostile_names_in_pictures() -> None:
    """What was not answered would have a bar, or a name run as a script."""
    chart = Chart(HOSTILE, "profile", (HOSTILE, "Head"), ((HOSTILE, (None, 4.0)),), HOSTILE)
    for picture in draw(chart, "chart"):
        root = ElementTree.fromstring(picture)  # noqa: S314 - we made it
        assert not list(root.iter(f"{{{SVG}}}script"))
        assert "\x1b" not in picture


def test_page_of_one_title() -> None:
    """A page with one title would skip a level of its headings."""
    page = Page((Title("One"), Paragraph(Line("Text & more"))), {})
    assert "<h1>One</h1>\n<p>Text &amp; more</p>" in webpage(page)


# --- In a browser ---------------------------------------------------------------------------------

CONTRAST = """
(() => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = node => {
    for (; node; node = node.parentElement) {
      const found = rgb(getComputedStyle(node).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  let worst = [21, ''];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.textContent.trim() || !parent.getClientRects().length) continue;
    if (parent.closest('style, title, desc')) continue;
    const style = getComputedStyle(parent);
    const ink = rgb(parent.closest('svg') ? style.fill : style.color);
    const [a, b] = [light(ink), light(behind(parent))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < worst[0]) worst = [ratio, node.textContent.trim()];
  }
  return worst;
})()
"""
TINY = """
Math.min(...[...document.querySelectorAll('svg text')].filter(text => text.textContent.trim()).map(text => {
  const svg = text.ownerSVGElement, scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  return parseFloat(getComputedStyle(text).fontSize) * scale;
}))
"""


OUTSIDE = """
[...document.querySelectorAll('svg text')].filter(text => {
  const svg = text.ownerSVGElement.getBoundingClientRect(), box = text.getBoundingClientRect();
  return box.width && (box.left < svg.left - 1 || box.right > svg.right + 1);
}).map(text => text.textContent)
"""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Return a browser, or skip what needs one."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium here (MOPS_CHROMIUM may name one), so no browser looked at the report")
    with open_browser(program, tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.mark.xdist_group("chromium")
@pytest.mark.parametrize(
    ("width", "dark", "paper"),
    [(375, False, False), (1280, True, False), (794, False, True)],
    ids=["phone", "desktop-dark", "paper"],
)
def test_in_chromium(chromium: Browser, report: Path, width: int, dark: bool, paper: bool) -> None:
    """Something would scroll sideways, or a text be too small, cut off or too pale to read."""
    chromium.show(report, width, 900, dark=dark, paper=paper)
    assert chromium.ask("document.documentElement.scrollWidth") <= width
    ratio, text = chromium.ask(CONTRAST)
    assert ratio >= 4.5, text
    assert chromium.ask(TINY) >= 8.5
    assert chromium.ask(OUTSIDE) == []
    assert chromium.screenshot().startswith(b"\x89PNG")


@pytest.mark.xdist_group("chromium")
def test_accessible_names_in_chromium(chromium: Browser, report: Path) -> None:
    """Whoever hears the page would not learn the name of a picture, a link or a heading."""
    chromium.show(report, 1280, 900)
    nodes = chromium.tell("Accessibility.getFullAXTree")["nodes"]
    named = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node["ignored"] and node["role"]["value"] in {"image", "link", "heading", "table"}
    ]
    roles = [role for role, _ in named]
    assert roles.count("image") == 10
    assert {"link", "heading"} <= set(roles)
    assert all(name for role, name in named if role != "table")


@pytest.mark.xdist_group("chromium")
def test_nothing_runs_in_chromium(chromium: Browser, report: Path) -> None:
    """A script that got in would run, since the page's policy does not stop it."""
    injected = report.with_name("injected.html")
    script = "<script>document.title = 'taken over'</script></body>"
    injected.write_text(report.read_text("utf-8").replace("</body>", script), "utf-8")
    chromium.show(injected, 1280, 900)
    assert "taken over" not in chromium.ask("document.title")
