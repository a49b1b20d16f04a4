"""The commands about one person: plans, assessments, and what is saved."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mopscli.cli.app import program
from mopscli.person.store import NO_ROLES, Store
from program import Terminal, run_mops
from samples import ANSWERS, ROLES, WriteFolder


def test_assessment() -> None:
    """The verdict would not come first, in words, or a key be missing that scripts rely on."""
    text = run_mops("assess", "--answers", str(ANSWERS)).stdout
    assert text.startswith(
        "Director of Marketing Operations suits you better than Head of Marketing\nOperations\n"
    )
    for part in (
        "How well each role suits you",
        "What speaks for Director",
        "What would change this",
        "Next",
    ):
        assert part in text
    assert "Has led a team as its manager." in text.partition("Must-haves of Director")[2]
    assert "mops path specialist director" in text.rpartition("Next")[2]
    data = json.loads(run_mops("assess", "--answers", str(ANSWERS), "--json").stdout)["data"]
    assert data["between"] == ["head", "director"]
    assert {"word", "role", "probability", "flip_risk"} <= set(data["verdict"])
    fits = {"key", "fit", "se", "low", "high", "readiness", "enjoyment", "gates_unmet"}
    assert all(fits <= set(role) for role in data["roles"])
    first, second = (role["fit"] for role in data["roles"])
    assert sum(part["delta"] for part in data["contributions"]) == pytest.approx(first - second, abs=1e-9)
    assert {"gaps", "would_change", "quality", "answered"} <= set(data)


def test_faulty_answers(tmp_path: Path) -> None:
    """Answers that are none would pass, or be refused one at a time or without their place."""
    path = tmp_path / "answers.yaml"
    path.write_text("leadership: 9\nleadershp: 3\n", "utf-8")
    result = run_mops("assess", "--answers", str(path))
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        f"{path}:1:13: leadership: expected one of 0, 1, 2, 3, 4, 5, or the words of an option, found '9'",
        f"{path}:2:1: unknown question 'leadershp' (did you mean 'leadership'?)",
    ]


def test_template_is_read_back(tmp_path: Path) -> None:
    """The file to fill in could not be read as it is, or would hold answers already."""
    path = tmp_path / "answers.yaml"
    path.write_text(run_mops("questions", "--template").stdout, "utf-8")
    data = json.loads(run_mops("assess", "--answers", str(path), "--json").stdout)["data"]
    assert (data["answered"], data["questions"]) == (0, 77)


def test_no_terminal() -> None:
    """Without a terminal and without answers, the program would wait for somebody to ask."""
    result = run_mops("assess")
    assert (result.returncode, result.stdout) == (2, "")
    assert "Give the answers with --answers FILE." in result.stderr


@pytest.fixture
def saved(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which two assessments are saved."""
    store = Store(tmp_path / "mops")
    for leadership in (1, 4):
        number = store.begin(("head", "director"), "another digest")
        store.answer(number, "leadership", leadership)
        store.answer(number, "strategy-1", None)
        store.finish(number)
    return {"XDG_DATA_HOME": str(tmp_path)}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep data elsewhere")
def test_saved_assessments(saved: dict[str, str]) -> None:
    """What is saved could not be listed, shown, exported or forgotten, or a change of knowledge go untold."""
    text = run_mops("history", **saved).stdout
    assert text.index("2: 20") < text.index("1: 20")
    assert "Changed since" in text
    data = json.loads(run_mops("history", "--json", **saved).stdout)["data"]["assessments"]
    assert [some["id"] for some in data] == [2, 1]
    moved = round(data[0]["fits"]["director"]) - round(data[1]["fits"]["director"])
    assert moved > 0
    assert f"{moved} up since number 1" in text
    shown = run_mops("result", "1", "--json", **saved)
    assert "The knowledge has changed since" in shown.stderr
    assert json.loads(shown.stdout)["data"]["answered"] == 1
    exported = json.loads(run_mops("export", **saved).stdout)["data"]["assessments"]
    assert exported[0]["answers"] == {"leadership": 4.0, "strategy-1": None}
    store = Store(Path(saved["XDG_DATA_HOME"]) / "mops")
    store.answer(store.begin(NO_ROLES, ""), "people", 2.0)
    assert json.loads(run_mops("export", **saved).stdout)["data"]["team"] == {"people": 2.0}
    assert run_mops("forget", "7", **saved).returncode == 2
    assert run_mops("forget", **saved).returncode == 2
    assert run_mops("forget", "1", **saved).stdout == "Forgotten: 1 assessment.\n"
    assert run_mops("forget", "--all", **saved).stdout == "Forgotten: 1 assessment.\n"
    assert "Nothing is saved yet." in run_mops("history", **saved).stdout
    assert run_mops("result", **saved).returncode == 2


def test_way_and_plan_of_the_latest_assessment(saved: dict[str, str]) -> None:
    """Without --answers, other answers than the newest would count, or --from be ignored."""
    shown = run_mops("path", "--to", "director", **saved)
    assert "Your answers do not tell which role you have. Say it with --from." in shown.stderr
    shown = run_mops("path", "--to", "director", "--from", "head", **saved)
    assert shown.stdout.startswith("Your way from Head of Marketing Operations to Director")
    assert "you are here" in shown.stdout
    plan = json.loads(run_mops("plan", "director", "--json", **saved).stdout)["data"]
    leadership = [step for step in plan["steps"] if step["skill"] == "leadership"]
    assert leadership == []
    step = plan["steps"][0]
    assert list(step)[:5] == ["skill", "from", "to", "marker", "actions"]
    assert list(step["months"]) == ["low", "typical", "high"]
    assert step["actions"][0]["source"] in plan["sources"]
    moved = json.loads(run_mops("what-if", "--set", "leadership=1", "--json", **saved).stdout)["data"]
    assert [shift["trait"] for shift in moved["traits"]] == ["leadership"]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("path",), "Name a role to start from"),
        (("path", "head", "--to", "director"), "With --to, say where you are with --from."),
        (("path", "head", "--from", "head"), "--from and --answers go with --to."),
        (("path", "--from", "vp", "--to", "vp", "--answers", str(ANSWERS)), "You are there"),
        (("plan", "nobody", "--answers", str(ANSWERS)), "No role is called 'nobody'"),
        (("plan", "vp", "--months", "0", "--answers", str(ANSWERS)), "0.25<=x<=600"),
        (("what-if", "--set", "leadership", "--answers", str(ANSWERS)), "as in leadership=4"),
        (("what-if", "--set", "leadership=6", "--answers", str(ANSWERS)), "as in leadership=4"),
        (("what-if", "--set", "leedership=3", "--answers", str(ANSWERS)), "did you mean"),
        (("what-if", "--answers", str(ANSWERS)), "Missing option '--set'"),
        (("plan", "vp", "--answers", "no-such-file"), "There is no file 'no-such-file'"),
    ],
)
def test_wrong_use_of_a_persons_commands(command: tuple[str, ...], message: str) -> None:
    """A mistake would be answered without what to do, or with another exit code than 2."""
    result = CliRunner().invoke(program(), command)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("\u2502", " ").split())


def test_nothing_saved_yet(tmp_path: Path) -> None:
    """Without an assessment there would be a plan of nothing, or no word of what to do."""
    result = run_mops("plan", "director", XDG_DATA_HOME=str(tmp_path))
    assert result.returncode == 2
    assert "Nothing is saved yet." in result.stderr


def test_knowledge_without_growth(write_folder: WriteFolder, tmp_path: Path) -> None:
    """A folder without growth.yaml would have no plans."""
    answers = tmp_path / "answers.yaml"
    answers.write_text("writing: 1\n")
    folder = write_folder(ROLES)
    result = run_mops("plan", "author", "--answers", str(answers), "--data", str(folder), "--json")
    plan = json.loads(result.stdout)["data"]
    assert plan["steps"]
    assert all(step["actions"] == [] for step in plan["steps"])


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep data elsewhere")
def test_no_place_to_save(tmp_path: Path) -> None:
    """Assessments that cannot be read would be said to be none."""
    (tmp_path / "mops").write_text("a file in place of the folder")
    for command in (("history",), ("export",), ("result",), ("forget", "--all")):
        result = run_mops(*command, XDG_DATA_HOME=str(tmp_path))
        assert "mops: your saved assessments cannot be used:" in result.stderr
        assert (result.returncode, result.stdout) == (1, "")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep data elsewhere")
def test_interview_in_a_terminal(tmp_path: Path) -> None:
    """In a real terminal no question would come, an answer be saved too late, or Ctrl-C lose it."""
    with (tmp_path / "errors").open("w+b") as errors:
        # Nobody here answers where the cursor is, which would be waited for.
        environment = {"XDG_DATA_HOME": str(tmp_path), "PROMPT_TOOLKIT_NO_CPR": "1"}
        terminal = Terminal("assess", stderr=errors, **environment)
        for question, keys in (("Question 1, at most 84", "\r"), ("Question 2, at most 84", "\x03")):
            terminal.read(question)
            terminal.type(keys)
        terminal.read()
        assert terminal.wait() == 130
        errors.seek(0)
        assert errors.read() == b"Your answers are saved; mops assess goes on with them.\n"
    (saved_one,) = Store(tmp_path / "mops").all()
    assert (saved_one.finished, saved_one.answers) == (None, {"present-role": 7.0})


def test_nothing_answered() -> None:
    """Without an answer there would be a verdict, of priors alone."""
    shown = run_mops("assess", "--answers", "-", stdin="{}\n").stdout
    assert shown.startswith("Nothing is decided yet\n\nYou have answered none of the 77 questions.\n")
