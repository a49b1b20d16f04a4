"""The commands about one person: plans, assessments, and what is saved."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mopscli.cli.app import program
from mopscli.knowledge import bundled_folder, digest
from mopscli.person.store import NO_ROLES, Store
from program import Terminal, run_mops
from samples import ANSWERS, ROLES, WriteFolder, bundled_questionnaire

# The keys of the advice that docs/json.md promises.
ADVICE_KEYS = (
    *("state", "wants", "wants_probability", "ready_for", "fits_today", "next", "route", "must_haves"),
    *("unknown", "sentences"),
)


def test_assessment() -> None:
    """The advice would not come first, in words, or what it rests on fill the screen unasked."""
    brief = run_mops("assess", "--answers", str(ANSWERS)).stdout
    full = run_mops("assess", "--answers", str(ANSWERS), "--all").stdout
    explained = run_mops("assess", "--answers", str(ANSWERS), "--explain").stdout
    for text in (brief, full, explained):
        assert text.startswith("You want to be a Director of Marketing Operations: a goal for later\n\n")
        assert "have not yet led a team as its manager" in " ".join(text.split())
        assert f"mops plan director --answers {ANSWERS}" in " ".join(text.rpartition("Next")[2].split())
    details = (
        "What you bring to Director",
        "What you cannot say yet, and a Director can",
        "Must-haves of Director",
        "How well each role suits you",
    )
    # Points, and levels with decimals, are for those who ask how it is computed.
    numbers = (
        "Wishes and skills in one figure",
        "What speaks for Director",
        "What would change this",
        "The numbers behind",
    )
    assert [part in brief for part in (*details, *numbers)] == [False] * 8
    assert [part in full for part in (*details, *numbers)] == [True] * 4 + [False] * 4
    assert [part in explained for part in (*details, *numbers)] == [True] * 8
    assert "Not met  Has led a team as its manager." in full.partition("Must-haves of Director")[2]
    for part in ("m = ", " points"):
        assert part not in full
        assert part in explained


def test_assessment_as_json() -> None:
    """A key would be missing that scripts rely on, or the advice, or the contributions not add up."""
    data = json.loads(run_mops("assess", "--answers", str(ANSWERS), "--json").stdout)["data"]
    assert data["between"] == ["head", "director"]
    assert {"word", "role", "probability", "flip_risk"} <= set(data["verdict"])
    fits = {"key", "fit", "se", "low", "high", "readiness", "enjoyment", "gates_unmet"}
    assert all(fits <= set(role) for role in data["roles"])
    first, second = (role["fit"] for role in data["roles"])
    assert sum(part["delta"] for part in data["contributions"]) == pytest.approx(first - second, abs=1e-9)
    assert {"gaps", "would_change", "quality", "answered"} <= set(data)
    advice = data["advice"]
    assert set(ADVICE_KEYS) <= set(advice)
    assert (advice["state"], advice["wants"]) == ("far", "director")
    assert advice["wants_probability"] > 0.95
    assert "specialist" in advice["ready_for"]
    assert "director" not in advice["ready_for"]
    assert advice["fits_today"] in advice["ready_for"]
    assert (advice["route"][0], advice["route"][-1]) == ("specialist", "director")
    assert advice["next"] == advice["route"][1]
    assert [(must["met"], bool(must["way"])) for must in advice["must_haves"]] == [(False, True)] * 2
    assert advice["unknown"] == []
    shown = " ".join(run_mops("assess", "--answers", str(ANSWERS)).stdout.split())
    for sentence in advice["sentences"]:
        assert sentence.removesuffix(".") in shown


@pytest.mark.parametrize("readiness", ["50", "80"])
def test_ready_is_what_one_says(readiness: str) -> None:
    """With --ready another readiness would count as being ready."""
    command = ("assess", "--answers", str(ANSWERS), "--ready", readiness, "--json")
    advice = json.loads(run_mops(*command).stdout)["data"]["advice"]
    # The must-haves stay missing, however little is asked of skills.
    assert "director" not in advice["ready_for"]
    assert ("head" in advice["ready_for"]) is (readiness == "50")


def test_every_step_can_be_taken(tmp_path: Path) -> None:
    """A command that is named as the next step would be refused when it is typed."""
    home = {"XDG_DATA_HOME": str(tmp_path)}
    for more in ((), ("--all",), ("--explain",)):
        text = run_mops("assess", "--answers", str(ANSWERS), *more, **home).stdout
        lines = [line for line in text.splitlines() if line.startswith("mops ")]
        commands = [line.partition("  ")[0] for line in lines]
        assert commands
        for command in commands:
            done = run_mops(*command.split()[1:], **home)
            assert done.returncode == 0, (command, done.stderr)


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
    assert "To learn most" in shown.stdout
    assert "you are here" in run_mops("path", "--to", "director", "--from", "head", "--all", **saved).stdout
    shown = run_mops("plan", "director", "--id", "1", "--json", **saved)
    assert shown.stderr.endswith("1 of 84 answered.\n")
    plan = json.loads(shown.stdout)["data"]
    # Nothing else was asked.
    assert [(step["skill"], step["to"]) for step in plan["steps"]] == [
        ("leadership", level) for level in (2, 3, 4)
    ]
    assert "leadership" not in plan["unknown"]
    assert len(plan["unknown"]) > 10
    newest = json.loads(run_mops("plan", "director", "--json", **saved).stdout)["data"]
    assert newest["steps"] == []
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
        (("path", "head", "--from", "head"), "--from, --answers and --id go with --to."),
        (("path", "head", "--id", "1"), "--from, --answers and --id go with --to."),
        (("plan", "vp", "--id", "1", "--answers", str(ANSWERS)), "Take --answers or --id, not both."),
        (("plan", "vp", "--keep", "--answers", str(ANSWERS)), "--keep goes with your saved answers"),
        (("assess", "--continue"), "There is no terminal to ask in."),
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


# --- Which assessment is used ---------------------------------------------------------------------


def keep(folder: Path, *answered: int, finished: bool = True, about: str = "") -> None:
    """Save assessments with so many answers each, all of them the third option."""
    store, items = Store(folder / "mops"), bundled_questionnaire().items
    for count in answered:
        number = store.begin(("head", "director"), digest(bundled_folder()), about)
        for item in list(items.values())[:count]:
            store.answer(number, item.key, item.choices[2].value)
        if finished:
            store.finish(number)


# Each command that reads saved answers, and how it names an assessment.
READERS = [
    ("result",),
    ("plan", "director"),
    ("path", "--to", "director", "--from", "head"),
    ("what-if", "--set", "leadership=4"),
    ("report", "-f", "markdown"),
]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep data elsewhere")
@pytest.mark.parametrize("command", READERS, ids=lambda command: command[0])
def test_which_assessment_is_used(command: tuple[str, ...], tmp_path: Path) -> None:
    """One that was abandoned, is shorter, or about somebody else would silently replace a complete one."""
    home = {"XDG_DATA_HOME": str(tmp_path)}
    day = datetime.now(UTC).date()
    keep(tmp_path, 77)
    said = run_mops(*command, **home)
    assert said.returncode == 0
    assert said.stderr == f"Assessment 1 of {day}, 77 of 84 answered.\n"
    keep(tmp_path, 3, finished=False)
    keep(tmp_path, 60, about="Sam")
    used = f"Assessment 1 of {day}, 77 of 84 answered. Number 2 is newer and not finished; --id 2 takes it.\n"
    assert run_mops(*command, **home).stderr == used
    keep(tmp_path, 20)
    used = f"Assessment 4 of {day}, 20 of 84 answered. Number 1 has more answers; --id 1 takes it.\n"
    assert run_mops(*command, **home).stderr == used


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep data elsewhere")
@pytest.mark.parametrize("command", READERS, ids=lambda command: command[0])
def test_an_assessment_of_ones_choice(command: tuple[str, ...], tmp_path: Path) -> None:
    """With --id another assessment would be used, or one that is not there."""
    home = {"XDG_DATA_HOME": str(tmp_path)}
    keep(tmp_path, 77, 20)
    said = run_mops(*command, "--id", "1", **home)
    assert (said.returncode, said.stderr[:13], "77 of 84" in said.stderr) == (0, "Assessment 1 ", True)
    refused = run_mops(*command, "--id", "9", **home)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "There is no assessment 9." in refused.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep data elsewhere")
def test_only_an_unfinished_one(tmp_path: Path) -> None:
    """Where no assessment is finished, none would be used, or not the newest."""
    keep(tmp_path, 20, 30, finished=False)
    said = run_mops("result", "--json", XDG_DATA_HOME=str(tmp_path))
    assert "Assessment 2 of" in said.stderr
    assert json.loads(said.stdout)["data"]["answered"] == 30


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep data elsewhere")
def test_going_on_with_a_finished_assessment(tmp_path: Path) -> None:
    """What a finished assessment left out could not be asked later, or its answers be asked or counted anew."""
    keep(tmp_path, 75)
    store = Store(tmp_path / "mops")
    for key in bundled_questionnaire().context:
        store.answer(1, key, None)
    with (tmp_path / "errors").open("w+b") as errors:
        environment = {"XDG_DATA_HOME": str(tmp_path), "PROMPT_TOOLKIT_NO_CPR": "1"}
        terminal = Terminal("assess", "--continue", stderr=errors, **environment)
        for number in (83, 84):
            terminal.read(f"Question {number}")
            terminal.type("\r")
        shown = terminal.read()
        assert terminal.wait() == 0
        errors.seek(0)
        assert errors.read().startswith(b"Assessment 1 of ")
    assert "Question 85" not in shown
    (saved_one,) = store.all()
    assert saved_one.finished is not None
    assert set(saved_one.answers) == {*bundled_questionnaire().items, *bundled_questionnaire().context}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep data elsewhere")
def test_leaving_what_was_gone_on_with(tmp_path: Path) -> None:
    """Whoever leaves a finished assessment again would be told a command that begins another one."""
    keep(tmp_path, 70)
    with (tmp_path / "errors").open("w+b") as errors:
        environment = {"XDG_DATA_HOME": str(tmp_path), "PROMPT_TOOLKIT_NO_CPR": "1"}
        terminal = Terminal("assess", "--continue", stderr=errors, **environment)
        terminal.read("Question 71")
        terminal.type("\x03")
        terminal.read()
        assert terminal.wait() == 130
        errors.seek(0)
        said = errors.read().decode().splitlines()
    assert said[-1] == "Your answers are saved; mops assess --continue goes on with them."
    assert [len(saved.answers) for saved in Store(tmp_path / "mops").all()] == [70]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep data elsewhere")
def test_going_on_about_somebody_else(tmp_path: Path) -> None:
    """Answers about somebody else would be added to one's own."""
    keep(tmp_path, 76)
    keep(tmp_path, 75, about="Sam")
    environment = {"XDG_DATA_HOME": str(tmp_path), "PROMPT_TOOLKIT_NO_CPR": "1"}
    terminal = Terminal("assess", "--continue", "--for-other", "Sam", **environment)
    shown = terminal.read("about")
    terminal.type("\x03")
    shown += terminal.read()
    terminal.wait()
    assert "Assessment 1 of" not in shown


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep data elsewhere")
def test_nothing_to_go_on_with(tmp_path: Path) -> None:
    """Without an assessment, --continue would begin one, or end without saying what to do."""
    terminal = Terminal("assess", "--continue", XDG_DATA_HOME=str(tmp_path), PROMPT_TOOLKIT_NO_CPR="1")
    assert "Nothing is saved yet." in terminal.read()
    assert terminal.wait() == 2


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep data elsewhere")
def test_reading_a_plan_saves_nothing(tmp_path: Path) -> None:
    """Goals would be saved, or replaced, by reading a plan; or --keep not save those of the plan."""
    keep(tmp_path, 77)
    home, store = {"XDG_DATA_HOME": str(tmp_path)}, Store(tmp_path / "mops")
    run_mops("plan", "director", **home)
    assert store.goals() == ()
    plan = json.loads(run_mops("plan", "director", "--keep", "--json", **home).stdout)["data"]
    kept = store.goals()
    assert {(goal.role, goal.skill) for goal in kept} == {
        ("director", step["skill"]) for step in plan["steps"]
    }
    levels = {step["skill"]: step["to"] for step in plan["steps"]}
    assert {goal.skill: goal.level for goal in kept} == levels
    run_mops("plan", "director", "--ready", "30", **home)
    assert store.goals() == kept


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
        for question, keys in (("Where you are. Question 1, about", "\r"), ("Question 2, about", "\x03")):
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
