"""The card: one picture of a fixed size that stands alone and tells nothing but the advice and the profile."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from browser import Browser, find_chromium, open_browser
from people import PERSONAS, persona_answers
from program import run_mops
from samples import ANSWERS, bundled, bundled_questionnaire

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script>\"' & [31m"
LONG = "Maximiliane Featherstonehaugh-Cholmondeley of Marketing Operations and Automation"
# Texts that are not wholly in the picture, or lie on each other.
CUT = """
(() => {
  const texts = [...document.querySelectorAll('text')].map(e => [e.textContent, e.getBoundingClientRect()]);
  const out = texts.filter(([_, a]) => a.left < 0 || a.top < 0 || a.right > 1200 || a.bottom > 630);
  const on = texts.flatMap(([one, a], i) => texts.slice(i + 1).filter(([_, b]) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 8).map(([two]) => [one + ' / ' + two]));
  return [...out, ...on].map(([text]) => text);
})()
"""


def write_card(path: Path, *arguments: str) -> str:
    """Draw a card and return it."""
    result = run_mops("card", "-o", str(path), *arguments)
    assert (result.returncode, result.stderr) == (0, "")
    return path.read_text("utf-8")


def test_card(tmp_path: Path) -> None:
    """The card would have another size, need something from elsewhere, or tell more than the name."""
    text = write_card(tmp_path / "card.svg", "--answers", str(ANSWERS), "--name", "Sam Lee")
    root = ElementTree.fromstring(text)  # noqa: S314 - we made it
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("1200", "630", "0 0 1200 630")
    assert root.get("role") == "img"
    assert {element.tag for element in root.iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "title", "desc", "text", "path", "rect", "circle", "g")
    }
    assert "var(" not in text
    assert "href" not in text
    said = "".join(root.itertext())
    assert "Sam Lee" in said
    for personal in ("from Specialist", "Martech Manager", "must-have", "led a team", "budget and"):
        assert personal not in said


def test_hostile_name(tmp_path: Path) -> None:
    """A name would become a part of the picture other than text."""
    text = write_card(tmp_path / "card.svg", "--answers", str(ANSWERS), "--name", HOSTILE)
    root = ElementTree.fromstring(text)  # noqa: S314 - we made it
    assert not list(root.iter(f"{SVG}script"))


def test_control_characters() -> None:
    """What no name may hold would make the picture one that nothing can read."""
    from mopscli.formats.card import draw_card
    from mopscli.pages.report import make_report, report_card
    from mopscli.person.person import Person

    knowledge, questionnaire = bundled(), bundled_questionnaire()
    roles = [knowledge.roles[key] for key in questionnaire.between]
    person = Person(questionnaire, persona_answers(knowledge, questionnaire, next(iter(PERSONAS.values()))))
    made = make_report(knowledge, person, roles, (), None, 80.0, "Sam\x1b[31m\N{RIGHT-TO-LEFT OVERRIDE}")
    text = draw_card(report_card(knowledge, made, person))
    assert "Sam\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "-o card.svg"),
        (("-o", "card.png"), "should end in .svg"),
        (("-o", "no/card.svg"), "there is no folder"),
    ],
)
def test_refused(arguments: tuple[str, ...], said: str) -> None:
    """A card that cannot be drawn would be refused without a word on what to do."""
    result = run_mops("card", "--answers", str(ANSWERS), *arguments)
    assert result.returncode == 2
    assert said in " ".join(result.stderr.split())


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Return a browser, or skip what needs one."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium here, so no browser looked at the card")
    with open_browser(program, tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.mark.xdist_group("chromium")
def test_nothing_is_cut(chromium: Browser, tmp_path: Path) -> None:
    """For some advice, or a long name, a text would leave the picture or lie on another."""
    from mopscli.formats.card import draw_card
    from mopscli.pages.report import make_report, report_card
    from mopscli.person.person import Person

    knowledge, questionnaire = bundled(), bundled_questionnaire()
    roles = [knowledge.roles[key] for key in questionnaire.between]
    path = tmp_path / "card.svg"
    for name in ("", LONG):
        for persona in list(PERSONAS.values())[::3]:
            person = Person(questionnaire, persona_answers(knowledge, questionnaire, persona))
            made = make_report(knowledge, person, roles, (), None, 80.0, name)
            path.write_text(draw_card(report_card(knowledge, made, person)), "utf-8")
            chromium.show(path, 1200, 630)
            assert chromium.ask(CUT) == []
