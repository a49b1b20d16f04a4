"""A folder that measures and tells nothing else: drives with a name, roles with what they offer, and questions."""

import csv
import json
from pathlib import Path

import pytest

from crowds import answer, write_replies
from mopscli.assessment.questionnaire import prepare
from mopscli.cli.survey import FORM_ENDINGS
from mopscli.knowledge import load
from program import Done, run_mops

# Nothing in it could be left out.
ROLES = """\
sources: {}
drives:
  calm: {name: Calm}
  hurry: {name: Hurry}
roles:
  librarian: {name: Librarian, offers: {calm: 5 decides, hurry: 1 helps}}
  reporter: {name: Reporter, offers: {calm: 1 matters, hurry: 4 matters}}
"""
QUESTIONS = """\
questions:
  quiet: {kind: agree, trait: calm, text: I like quiet hours.}
  party: {kind: reversed, trait: calm, text: I like a party., points: 7}
  deadline: {kind: agree, trait: hurry, text: I like deadlines., points: 11}
  train: {kind: tradeoff, trait: hurry, first: The last train., second: The first., high: first, points: 2}
"""
ANSWERS = {"quiet": 5, "party": 2, "deadline": 3, "train": 2}


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """Return the folder."""
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "roles.yaml").write_text(ROLES, "utf-8")
    (folder / "questions.yaml").write_text(QUESTIONS, "utf-8")
    return folder


def sound(result: Done) -> str:
    """Return what a command wrote that went well."""
    assert (result.returncode, result.stderr) == (0, "")
    assert "None" not in result.stdout
    return result.stdout


def test_nothing_else_is_needed(ours: Path) -> None:
    """What no measurement needs would be asked for: a rank, a label, a summary, `low`, descriptions, markers."""
    assert sound(run_mops("check", str(ours))).startswith("No problems in")
    knowledge = load(ours)
    role = knowledge.roles["librarian"]
    assert (role.label, role.family, role.rank) == ("Librarian", "Roles", 0)
    assert (role.summary, knowledge.drives["calm"].description, knowledge.drives["calm"].low) == (
        None,
        None,
        None,
    )
    assert prepare(knowledge).between == ("librarian", "reporter")


@pytest.mark.parametrize("form", ["table", "html"])
@pytest.mark.parametrize(
    "command",
    [
        ("roles",),
        ("role", "librarian"),
        ("compare", "librarian", "reporter"),
        ("compare", "librarian", "reporter", "--all"),
        ("questions",),
        ("sources",),
        (),
    ],
    ids=" ".join,
)
def test_pages(ours: Path, command: tuple[str, ...], form: str) -> None:
    """A page would fail, or show an empty place, where something is not there to be told."""
    shown = sound(run_mops(*command, "-f", form, MOPS_DATA=str(ours)))
    if command[:1] == ("compare",):
        assert "Calm" in shown or "calm" in shown


def test_comparison_without_summaries(ours: Path) -> None:
    """A comparison would name each role with nothing to say of it."""
    shown = run_mops("compare", "librarian", "reporter", "-f", "markdown", "--data", str(ours)).stdout
    assert "**Librarian**:\n" not in shown


@pytest.mark.parametrize("part", ["tasks", "summary", "market", "offers"])
def test_parts_of_a_role(ours: Path, part: str) -> None:
    """A part of a role that is not there would make a traceback."""
    result = run_mops("role", "librarian", "--section", part, "--data", str(ours))
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("form", sorted(FORM_ENDINGS))
def test_forms(ours: Path, tmp_path: Path, form: str) -> None:
    """A form could not be made of questions about drives alone, or would lack an answer."""
    target = tmp_path / f"form{FORM_ENDINGS[form]}"
    sound(run_mops("questions", "--format", form, "-o", str(target), "--data", str(ours)))
    content = target.read_bytes()
    if form == "xlsform":
        assert content.startswith(b"PK")
    else:
        for text in (b"I like quiet hours.", b"I like a party.", b"11: Strongly agree", b"Mostly the second"):
            assert text in content


def test_assessment(ours: Path, tmp_path: Path) -> None:
    """Somebody could not be assessed by drives alone, from numbers or from words."""
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(ANSWERS), "utf-8")
    for form in ("table", "markdown", "html"):
        assert "Librarian" in sound(
            run_mops("assess", "--answers", str(path), "--explain", "-f", form, "--data", str(ours))
        )
    data = json.loads(sound(run_mops("assess", "--answers", str(path), "--json", "--data", str(ours))))[
        "data"
    ]
    assert (data["verdict"]["role"], data["answered"], data["questions"]) == ("librarian", 4, 4)
    assert {role["readiness"] for role in data["roles"]} == {None}
    path.write_text(
        "quiet: Strongly agree\nparty: Disagree\ndeadline: 3\ntrain: Mostly the second\n", "utf-8"
    )
    worded = run_mops("assess", "--answers", str(path), "--json", "--data", str(ours))
    assert json.loads(worded.stdout)["data"]["roles"] == data["roles"]


def test_template(ours: Path, tmp_path: Path) -> None:
    """The file to fill in could not be read back."""
    path = tmp_path / "answers.yaml"
    path.write_text(sound(run_mops("questions", "--template", "--data", str(ours))), "utf-8")
    result = run_mops("assess", "--answers", str(path), "--json", "--data", str(ours))
    assert json.loads(sound(result))["data"]["answered"] == 0


def test_batch(ours: Path, tmp_path: Path) -> None:
    """A group could not be scored by drives alone, or a database be asked to."""
    questionnaire = prepare(load(ours))
    path = write_replies(tmp_path / "people.csv", questionnaire, answer(questionnaire, 12, 1, gaps=0.1))
    target = tmp_path / "scores.csv"
    shown = sound(run_mops("batch", str(path), "-o", str(target), "--explain", "--data", str(ours)))
    assert "12 people scored" in shown
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12
    assert {row["readiness_librarian"] for row in rows} == {""}
    assert "norm_librarian" not in rows[0]
    assert "fit_reporter" in sound(run_mops("sql", "--data", str(ours)))


def test_other_commands(ours: Path, tmp_path: Path) -> None:
    """A command that needs more than there is would end in a traceback in place of a sentence."""
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(ANSWERS), "utf-8")
    for command in (
        ("path", "librarian", "reporter"),
        ("plan", "reporter", "--answers", str(path)),
        ("report", "--answers", str(path), "-f", "markdown"),
        ("hire", "reporter"),
        ("team",),
        ("skill", "calm"),
    ):
        result = run_mops(*command, MOPS_DATA=str(ours))
        assert result.returncode in (0, 1, 2)
        assert "Traceback" not in result.stderr, command


def test_skill_without_markers(ours: Path) -> None:
    """A question of markers that are not there would fail when it is asked, and not when the folder is checked."""
    path = ours / "roles.yaml"
    text = path.read_text("utf-8").replace("roles:\n", "skills:\n  writing: {name: Writing}\nroles:\n", 1)
    text += "  author: {name: Author, requires: {writing: 4 decides}, offers: {calm: 3 helps}}\n"
    path.write_text(text, "utf-8")
    # Whoever rates a skill by agreement needs no markers.
    questions = ours / "questions.yaml"
    questions.write_text(
        QUESTIONS + "  writes: {kind: agree, trait: writing, text: I write well.}\n", "utf-8"
    )
    assert sound(run_mops("check", str(ours))).startswith("No problems in")
    assert "Writing" in sound(run_mops("compare", "librarian", "author", "--data", str(ours)))
    assert "Writing" in sound(run_mops("skill", "writing", "--data", str(ours)))
    questions.write_text(QUESTIONS + "  writes: {kind: skill, trait: writing}\n", "utf-8")
    result = run_mops("check", str(ours))
    assert result.returncode == 1
    assert "questions.writes: the skill 'writing' has no markers to choose from" in " ".join(
        (result.stdout + result.stderr).split()
    )
    # Without questions of one's own, nothing is asked about a skill that has no markers.
    questions.unlink()
    assert sound(run_mops("check", str(ours))).startswith("No problems in")


@pytest.mark.parametrize(
    "command", [("questions",), ("assess", "--answers", "{}"), ("batch", "{}", "-o", "x.csv")]
)
def test_skill_question_without_markers_is_told(ours: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    """A command that was given such a folder unchecked would end in a traceback."""
    path = ours / "roles.yaml"
    text = path.read_text("utf-8").replace("roles:\n", "skills:\n  writing: {name: Writing}\nroles:\n", 1)
    path.write_text(text + "  author: {name: Author, requires: {writing: 4 decides}}\n", "utf-8")
    (ours / "questions.yaml").write_text(QUESTIONS + "  writes: {kind: skill, trait: writing}\n", "utf-8")
    given = tmp_path / "given"
    given.write_text("{}" if command[0] == "assess" else "id,writes\na,1\n", "utf-8")
    result = run_mops(*(part.replace("{}", str(given)) for part in command), "--data", str(ours))
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "writing" in result.stderr


def test_markers_need_a_source(ours: Path) -> None:
    """Markers would be told of which nothing says what they rest on."""
    markers = "{0: A., 1: B., 2: C., 3: D., 4: E., 5: F.}"
    path = ours / "roles.yaml"
    text = path.read_text("utf-8")
    skill = f"skills:\n  writing: {{name: Writing, markers: {markers}}}\nroles:\n"
    path.write_text(
        text.replace("roles:\n", skill, 1) + "  author: {name: Author, requires: {writing: 4 decides}}\n",
        "utf-8",
    )
    result = run_mops("check", str(ours))
    assert result.returncode == 1
    assert "skills.writing: nothing says what they rest on (add 'source')" in " ".join(
        (result.stdout + result.stderr).split()
    )
