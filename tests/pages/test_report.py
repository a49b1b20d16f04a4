"""The report: one file that a browser shows anywhere, with nothing in it that comes from outside or runs."""

import json
import os
import re
import stat
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from browser import Browser, find_chromium, open_browser
from mopscli.assessment.questionnaire import prepare
from mopscli.formats.html import webpage
from mopscli.knowledge import bundled_folder, load
from mopscli.page import Line, Page, Paragraph, Title
from mopscli.pages.group import beside_map, group_page
from mopscli.pages.report import make_report, report_page
from mopscli.pages.team import map_page
from mopscli.person.person import Person
from mopscli.person.store import Store
from mopscli.team.coverage import map_team
from mopscli.team.group import picture_group, see_person
from people import PERSONAS, persona_answers
from program import run_mops
from samples import ANSWERS, ROOT

HOSTILE = "<script>alert(1)</script>\"' & [31m"
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


def report_page_of(*arguments: str) -> str:
    """Return a report as Markdown of somebody whose answers name no present role."""
    answers = yaml.safe_load(ANSWERS.read_text("utf-8"))
    text = json.dumps({key: value for key, value in answers.items() if key != "present-role"})
    result = run_mops("report", "--answers", "-", "-f", "markdown", *arguments, stdin=text)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


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
    """A name with markup would steer the page, or not be shown letter by letter."""
    page = read(report.read_text("utf-8"))
    assert HOSTILE in page.text


def test_every_part_is_there(report: Path) -> None:
    """A part of the report would be missing, or a picture lack its name or what it shows in words."""
    page = read(report.read_text("utf-8"))
    for part in (
        *("What speaks for it", "What speaks against it", "How sure this is", "The next three steps"),
        *("The next conversation", "All skills and wishes", "How this came about", "Sources"),
    ):
        assert part in page.text
    assert "plan for VP of Marketing Operations" in page.text
    pictures = [attributes for tag, attributes in page.elements if tag == "svg"]
    named = {attributes["id"] for tag, attributes in page.elements if tag in ("title", "desc") if attributes}
    assert len(pictures) >= 6
    for picture in pictures:
        assert picture["role"] == "img"
        assert {picture["aria-labelledby"], picture["aria-describedby"]} <= named
    assert "mops plan" not in page.text


def test_small_and_without_pygal(report: Path) -> None:
    """The file would be too large to send, or need a library of charts."""
    assert report.stat().st_size <= 80_000
    assert "pygal" not in (ROOT / "pyproject.toml").read_text("utf-8")


def test_one_page_alone() -> None:
    """The one page would bring the rest along, or lack what somebody needs who has nothing else."""
    page = report_page_of("--one-page")
    for heading in (
        "speaks for it",
        "speaks against it",
        "How sure this is",
        "next three steps",
        "next conversation",
    ):
        assert heading in page
    assert "All skills and wishes" not in page
    steps = page[page.index("The next three steps") : page.index("The next conversation")]
    assert steps.count("\n- ") == 3
    assert page[page.index("speaks for it") : page.index("speaks against it")].count("\n- ") == 3
    assert page[page.index("speaks against it") : page.index("How sure")].count("\n- ") == 2
    assert page[page.index("What matters most") : page.index("The next three")].count("\n- ") == 8


def test_third_person_with_a_name() -> None:
    """A page about somebody would speak to whoever reads it."""
    named = report_page_of("--name", "Sam Lee")
    assert not re.search(r"\b(you|your|yours|yourself)\b", named, re.IGNORECASE)
    assert "Sam Lee wants" in named
    assert "About Sam Lee." in named
    assert "they" not in report_page_of("--one-page").split()


def test_another_role_that_is_wanted(tmp_path: Path) -> None:
    """Where another role suits better than both, the page would draw the two that do not."""
    knowledge = load(bundled_folder(), ("questions", "paths", "growth", "norms"))
    questionnaire = prepare(knowledge)
    persona = next(one for one in PERSONAS.values() if one["key"] == "launch-lover")
    answers = persona_answers(knowledge, questionnaire, persona)
    person = Person(questionnaire, answers)
    roles = [knowledge.roles[key] for key in questionnaire.between]
    made = make_report(knowledge, person, roles, (), None, 80.0, "")
    wanted = made.assessment.advice.wants if made.assessment.advice else None
    assert wanted not in questionnaire.between
    assert made.pair[0] == made.ranges[0].role == wanted
    assert knowledge.roles[str(wanted)].label in report_page(knowledge, made, person).accents


def test_the_way_says_why_it_is_missing() -> None:
    """A section would be left out without a word, or `--from` not bring it."""
    assert "Name one with --from" in report_page_of()
    assert "Name one with --from" not in report_page_of("--from", "specialist")
    assert "way from Marketing Operations Specialist" in report_page_of("--from", "specialist")
    assert "No way is needed" in report_page_of("--from", "director", "--goal", "director")


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
    assert re.search(r"^- \*\*Marketing automation\*\*: You \d, Head \d, Director \d$", text, re.MULTILINE)
    data = json.loads(run_mops("report", "--answers", str(ANSWERS), "--json").stdout)["data"]
    assert data.keys() == {
        "name",
        "made",
        "assessment",
        "plan",
        "routes",
        "ranges",
        "pair",
        "matters",
        "is_there",
        "sources",
    }


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
    assert ", Director " in text[text.index("What matters most") : text.index("The next three steps")]


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
  return box.width && (box.left < svg.left - 1 || box.right > svg.right + 1
    || box.top < svg.top - 2 || box.bottom > svg.bottom + 2);
}).map(text => text.textContent)
"""


# The contrast of text on one of the colors of a page.
ON_COLOR = """
name => {
  const probe = document.body.appendChild(document.createElement('i'));
  const light = value => {
    probe.style.color = value;
    return getComputedStyle(probe).color.match(/[\\d.]+/g).map(Number).slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
      .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  };
  const [a, b] = [light(`var(${name})`), light('var(--ink)')].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}
"""
# Texts of one picture that lie on each other.
ON_EACH_OTHER = """
[...document.querySelectorAll('svg')].flatMap(svg => {
  const texts = [...svg.querySelectorAll('text')].map(text => [text.textContent, text.getBoundingClientRect()]);
  return texts.flatMap(([one, a], i) => texts.slice(i + 1).filter(([two, b]) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 5).map(([two]) => one + ' / ' + two));
})
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
    [(375, False, False), (768, False, False), (1280, True, False), (1280, False, False), (703, True, True)],
    ids=["phone", "tablet", "desktop-dark", "desktop", "paper"],
)
def test_in_chromium(chromium: Browser, report: Path, width: int, dark: bool, paper: bool) -> None:
    """Something would scroll sideways, or a text be too small, cut off or too pale to read."""
    chromium.show(report, width, 900, dark=dark, paper=paper)
    assert chromium.ask("document.documentElement.scrollWidth") <= width
    ratio, text = chromium.ask(CONTRAST)
    assert ratio >= 4.5, text
    assert chromium.ask(TINY) >= 8.5
    assert chromium.ask(OUTSIDE) == []
    assert chromium.ask(ON_EACH_OTHER) == []
    assert chromium.screenshot().startswith(b"\x89PNG")


SHEET = "document.querySelector('.sheet').getBoundingClientRect().bottom"


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return one page of each of some very different people, with a name and without one."""
    folder = tmp_path_factory.mktemp("sheets")
    knowledge = load(bundled_folder(), ("questions", "paths", "growth", "norms"))
    questionnaire = prepare(knowledge)
    roles = [knowledge.roles[key] for key in questionnaire.between]
    found = []
    for number, (key, persona) in enumerate(PERSONAS.items()):
        person = Person(questionnaire, persona_answers(knowledge, questionnaire, persona))
        name = "Maximiliane Featherstonehaugh" if number % 2 else ""
        made = make_report(knowledge, person, roles, (), None, 80.0, name)
        found.append(folder / f"{key}.html")
        found[-1].write_text(webpage(report_page(knowledge, made, person, alone=True)), "utf-8")
    return found


@pytest.mark.long
@pytest.mark.xdist_group("chromium")
def test_one_page_is_one_page(chromium: Browser, sheets: list[Path]) -> None:
    """For somebody, what should fit on a sheet, a screen of a desk or two of a phone would not, or be cut."""
    for sheet in sheets:
        chromium.show(sheet, 1280, 900)
        assert chromium.ask(SHEET) <= 900, sheet.stem
        assert chromium.ask(OUTSIDE) == []
        assert chromium.ask(ON_EACH_OTHER) == []
        chromium.show(sheet, 375, 812)
        assert chromium.ask(SHEET) <= 2 * 844, sheet.stem
        chromium.show(sheet, 703, 900, paper=True)
        for width, height in ((8.27, 11.69), (8.5, 11)):
            assert chromium.pages(width, height) == 1, sheet.stem


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return the pictures of a group and of a team, of people with long names."""
    folder = tmp_path_factory.mktemp("pictures")
    knowledge = load(bundled_folder(), ("questions", "paths", "growth", "norms"))
    questionnaire = prepare(knowledge)
    roles = [knowledge.roles[key] for key in ("head", "director")]
    people = {
        f"{key}@example.com": Person(questionnaire, persona_answers(knowledge, questionnaire, persona))
        for key, persona in list(PERSONAS.items())[:20]
    }
    seen = [
        see_person(knowledge, one, roles, 80, key, ("A", "B")[number % 2])
        for number, (key, one) in enumerate(people.items())
    ]
    group = picture_group(seen, roles, 80, "team")
    team = map_page(knowledge, map_team(knowledge, people, roles, 80), ())
    found = {"group": group_page(knowledge, group), "team": beside_map(knowledge, group, team)}
    for name, page in found.items():
        (folder / f"{name}.html").write_text(webpage(page), "utf-8")
    return [folder / f"{name}.html" for name in found]


@pytest.mark.xdist_group("chromium")
@pytest.mark.parametrize("width", [375, 768, 1280])
def test_groups_in_chromium(chromium: Browser, pictures: list[Path], width: int) -> None:
    """The picture of a group would scroll sideways, or have a text that is cut, hidden or too pale."""
    for picture in pictures:
        chromium.show(picture, width, 900, dark=width == 768)
        assert chromium.ask("document.documentElement.scrollWidth") <= width
        ratio, text = chromium.ask(CONTRAST)
        assert ratio >= 4.5, text
        assert chromium.ask(OUTSIDE) == []
        assert chromium.ask(ON_EACH_OTHER) == []
        assert chromium.ask(TINY) >= 8.5


@pytest.mark.xdist_group("chromium")
@pytest.mark.parametrize(("dark", "paper"), [(False, False), (True, False), (False, True)])
def test_colors_of_a_heat_map(chromium: Browser, pictures: list[Path], dark: bool, paper: bool) -> None:
    """A number would be too pale on the color of its cell."""
    chromium.show(pictures[1], 1280, 900, dark=dark, paper=paper)
    for name in ("enough", "near", "short", "soft"):
        assert chromium.ask(f"({ON_COLOR})('--{name}')") >= 4.5


@pytest.mark.xdist_group("chromium")
def test_headings_stay_with_their_charts(chromium: Browser, report: Path) -> None:
    """On paper a page would end behind the heading of a chart."""
    chromium.show(report, 703, 900, paper=True)
    kept = "[...document.querySelectorAll('figure, svg')].every(e => getComputedStyle(e).breakInside === 'avoid')"
    assert chromium.ask(kept)
    heads = (
        "[...document.querySelectorAll('h1, h2, h3')].every(e => getComputedStyle(e).breakAfter === 'avoid')"
    )
    assert chromium.ask(heads)


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
    assert roles.count("image") == report.read_text("utf-8").count("<svg")
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
