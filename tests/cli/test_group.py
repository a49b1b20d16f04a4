"""A group's picture on the command line: drawn from a file, by a column, and a page for each person."""

import csv
import json
import os
import re
import stat
from pathlib import Path

import pytest

from mopscli.assessment.questionnaire import number_text
from mopscli.cli.group import file_name
from people import PERSONAS, persona_answers
from program import run_mops
from samples import RESPONSES, bundled, bundled_questionnaire

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a survey of everybody whom a mentor described, four of them of a small department."""
    path = tmp_path_factory.mktemp("crowd") / "people.csv"
    knowledge, questionnaire = bundled(), bundled_questionnaire()
    keys = [*questionnaire.items, *questionnaire.context]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "Department", *keys])
        for number, (name, persona) in enumerate(PERSONAS.items()):
            answers = persona_answers(knowledge, questionnaire, persona)
            cells = [number_text(answers[key]) if key in answers else "" for key in keys]
            part = "Legal" if number < 4 else ("Sales", "Marketing", HOSTILE)[number % 3]
            writer.writerow([name if number else HOSTILE, part, *cells])
    return path


@pytest.fixture(scope="module")
def picture(crowd: Path) -> Path:
    """Return the picture of that group."""
    path = crowd.with_name("group.html")
    result = run_mops("batch", str(crowd), "--report", str(path), "--by", "department")
    assert (result.returncode, result.stderr) == (0, "")
    return path


def test_picture(picture: Path) -> None:
    """The picture would lack a part, run what stands in the file, or be open to others."""
    text = picture.read_text("utf-8")
    for part in (
        *(
            "Which advice they get",
            "Would like to be Head",
            "Could do Director",
            "who wants it, and who is ready",
        ),
        *("What is lacking for Director", "of those who want it", "By Department", "Who is where"),
    ):
        assert part in text
    assert text.count("<circle") > 2 * len(PERSONAS) - 20
    assert "<script" not in text
    assert "alert(1)" in text
    if os.name != "nt":
        assert stat.S_IMODE(picture.stat().st_mode) == 0o600


def test_small_departments(crowd: Path, picture: Path) -> None:
    """A department of four would be told of, or not even when somebody asks for that."""
    table = picture.read_text("utf-8").partition("By Department")[2].partition("Who is where")[0]
    assert "Legal" not in table
    assert "Others (" in table
    sizes = [int(number) for number in re.findall(r"\((\d+)\)</th>", table)]
    assert min(sizes) >= 5
    assert sum(sizes[1:]) == sizes[0]
    shown = run_mops("batch", str(crowd), "--by", "Department", "--small-groups").stdout
    assert "Legal (4)" in shown


def test_on_the_screen(crowd: Path) -> None:
    """Without a file for the scores there would be no summary, or none by a column."""
    shown = run_mops("batch", str(crowd), "--by", "DEPARTMENT")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "Which role suits them" in shown.stdout
    assert "By Department" in shown.stdout
    assert "whether they want it or not" in shown.stdout
    plain = run_mops("batch", str(crowd), "--all").stdout
    assert "Which role suits them" in plain
    assert "By Department" not in plain


def test_as_json(crowd: Path, tmp_path: Path) -> None:
    """The picture as JSON would lack a key."""
    path = tmp_path / "group.json"
    assert run_mops("batch", str(crowd), "--report", str(path), "--by", "Department").returncode == 0
    data = json.loads(path.read_text("utf-8"))["data"]
    assert data.keys() == {"roles", "ready", "whole", "by", "parts", "merged", "people"}
    assert sum(data["whole"]["states"].values()) == data["whole"]["people"] == len(data["people"])


def test_each(crowd: Path, tmp_path: Path) -> None:
    """Somebody would have no page of their own, or one that speaks to whoever reads it."""
    few = tmp_path / "few.csv"
    few.write_text("".join(crowd.read_text("utf-8").splitlines(keepends=True)[:4]), "utf-8")
    folder = tmp_path / "pages"
    assert run_mops("batch", str(few), "--each", str(folder)).returncode == 0
    pages = sorted(folder.iterdir())
    assert len(pages) == 3
    names = list(PERSONAS)[1:3]
    assert {page.stem for page in pages} == {*names, "script-alert-1-script"}
    for page in pages:
        body = re.sub("<(style|desc).*?</.*?>", "", page.read_text("utf-8"), flags=re.DOTALL)
        assert not re.search(r"\b(you|your)\b", body, re.IGNORECASE)


def test_map_of_a_team(crowd: Path, tmp_path: Path) -> None:
    """The map of a team would not draw what each wants and can do, or not name whose dot is whose."""
    path = tmp_path / "map.html"
    result = run_mops("team", "map", str(crowd), "--roles", "head,director", "-o", str(path))
    # Who answered nothing is left out.
    assert result.returncode == 1
    text = path.read_text("utf-8")
    assert "who wants it, and who is ready" in text
    assert "Which advice they get" not in text
    assert f"<title>{list(PERSONAS)[1]}: " in text


def test_file_names() -> None:
    """Two people would share a file, or an id lead out of the folder."""
    taken: set[str] = set()
    assert [file_name(id_, taken) for id_ in ("Ann", "ann", "../../x", "...", "a b")] == [
        "Ann",
        "ann-2",
        "x",
        "person",
        "a-b",
    ]


def test_never_over_what_is_read(tmp_path: Path) -> None:
    """The picture would be written over the answers that it is drawn of."""
    file = tmp_path / "answers.json"
    file.write_bytes(RESPONSES.read_bytes())
    result = run_mops("batch", str(file), "--report", str(file))
    assert result.returncode == 2
    assert "FILE and --report are the same file" in " ".join(result.stderr.split())
    assert file.read_bytes() == RESPONSES.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--report", "group.odt"), "should end in"),
        (("--report", "no/group.html"), "there is no folder"),
        (("--by", "departmnt"), "No column is called 'departmnt'"),
    ],
)
def test_refused(arguments: tuple[str, ...], said: str) -> None:
    """What cannot be drawn would be refused without a word on what to do."""
    result = run_mops("batch", str(RESPONSES), *arguments)
    assert result.returncode == 2
    assert said in " ".join(result.stderr.split())
