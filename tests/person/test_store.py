"""Saved assessments: nothing acknowledged is ever lost, nobody else reads them, and forgotten is gone."""

import os
import random
import signal
import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from mopscli.person.store import FILE, NO_ROLES, TEAM_FILE, Diary, Failed, Store, forget_everything
from program import start_code

# Seconds after which an interview hangs.
LATE = 20
# An interview, whose answers are printed once they are saved. The keys come from a script or, many times faster,
# the first option is chosen without asking.
INTERVIEW = """
import sys
from pathlib import Path
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from mopscli.cli import ask
from mopscli.assessment.questionnaire import prepare
from mopscli.knowledge import bundled_folder, load
from mopscli.person.store import Diary

folder, how = sys.argv[1:]
knowledge = load(bundled_folder(), ("questions",))
roles = [knowledge.roles["head"], knowledge.roles["director"]]
diary = Diary(Path(folder), ("head", "director"), "x", sys.exit)

def save(question, value):
    diary.answer(question, value)
    print(question, flush=True)

if how == "fast":
    ask.choose = lambda message, answers, *_: answers[0][1]
with create_pipe_input() as pipe:
    pipe.send_text("\\r" * 100)
    terminal = {"input": pipe, "output": DummyOutput()}
    guide = ask.AssessmentGuide(knowledge, prepare(knowledge), roles, 0.0)
    ask.interview(guide, {}, save, terminal)
"""
SAVE = """
import sys
from pathlib import Path
from mopscli.person.store import Store
sys.stdin.read()
store = Store(Path(sys.argv[1]))
store.answer(store.begin(("a", "b"), sys.argv[2]), "q", int(sys.argv[2]))
"""


def test_answers_in_order(tmp_path: Path) -> None:
    """Answers would come back changed or out of order, or one given again stand twice."""
    store = Store(tmp_path)
    number = store.begin(("head", "director"), "digest")
    for question, value in (("a", 4.0), ("b", None), ("c", 0.0), ("a", 2.0)):
        store.answer(number, question, value)
    (saved,) = Store(tmp_path).all()
    assert list(saved.answers.items()) == [("b", None), ("c", 0.0), ("a", 2.0)]
    assert (saved.id, saved.roles, saved.knowledge, saved.finished) == (
        1,
        ("head", "director"),
        "digest",
        None,
    )
    store.finish(number)
    assert store.all()[0].finished is not None


def test_newest_first(tmp_path: Path) -> None:
    """The list would begin with an old one."""
    store = Store(tmp_path)
    assert [store.begin(("a", "b"), "") for _ in range(3)] == [1, 2, 3]
    assert [saved.id for saved in store.all()] == [3, 2, 1]


def test_answers_about_a_team(tmp_path: Path) -> None:
    """Answers about a team would count as an assessment, outlive a fresh start, or stay when all is forgotten."""
    store = Store(tmp_path)
    number = store.begin(NO_ROLES, "")
    store.answer(number, "people", 2.0)
    store.answer(number, "budget", None)
    assert (store.all(), store.team()) == ((), {"people": 2.0, "budget": None})
    store.answer(store.begin(NO_ROLES, ""), "people", 3.0)
    assert store.team() == {"people": 3.0}
    assert (store.forget(None), store.team()) == (0, {})


def test_team_of_the_first_version(tmp_path: Path) -> None:
    """Answers that the first version kept in a file would be lost, stay there, or replace newer ones."""
    old = tmp_path / "team.yaml"
    old.write_text("# Answers\npeople: 2\nbudget:\nleader: many\nno line\n", "utf-8")
    assert Store(tmp_path).team() == {"people": 2.0, "budget": None}
    assert not old.exists()
    old.write_text("people: 5\n", "utf-8")
    assert Store(tmp_path).team()["people"] == 2.0
    assert not old.exists()
    old.mkdir()
    assert Store(tmp_path).team()["people"] == 2.0


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_only_the_owner_reads(tmp_path: Path) -> None:
    """Under a loose umask others could read the file or its folder, though the answers are personal."""
    before = os.umask(0)
    try:
        Store(tmp_path / "home" / "data").begin(("a", "b"), "")
    finally:
        os.umask(before)
    for folder in (tmp_path / "home", tmp_path / "home" / "data"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "home" / "data" / FILE).stat().st_mode) == 0o600


def test_forgotten_is_gone(tmp_path: Path) -> None:
    """What is forgotten would still be in the file, or take others along."""
    store = Store(tmp_path)
    for question in ("secret-question", "kept-question"):
        store.answer(store.begin(("a", "b"), ""), question, 3)
    assert store.forget(1) == 1
    content = (tmp_path / FILE).read_bytes()
    assert (b"secret-question" in content, b"kept-question" in content) == (False, True)
    assert (store.forget(1), store.forget(None), store.all()) == (0, 1, ())
    assert b"kept-question" not in (tmp_path / FILE).read_bytes()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_many_at_once(tmp_path: Path) -> None:
    """Fifty programs that save at the same time would lose something, or fail."""
    # They begin when the pipe ends that all of them read.
    reader, writer = os.pipe()
    with Path(os.devnull).open("r+b") as nothing, Path(tmp_path / "errors").open("w+b") as errors:
        running = [
            start_code(SAVE, str(tmp_path), str(number), files=(reader, nothing, errors))
            for number in range(50)
        ]
        os.close(writer)
        codes = {some.wait()[0] for some in running}
        os.close(reader)
        errors.seek(0)
        assert codes == {0}, errors.read().decode()
    saved = Store(tmp_path).all()
    assert sorted(int(some.knowledge) for some in saved) == list(range(50))
    assert all(some.answers == {"q": float(some.knowledge)} for some in saved)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9")
@pytest.mark.parametrize("number", range(25))
def test_killed_at_any_moment(number: int, tmp_path: Path) -> None:
    """An answer of an interview that was acknowledged would be gone after kill -9, whenever that comes."""
    reader, writer = os.pipe()
    with Path(os.devnull).open("r+b") as nothing, os.fdopen(reader) as told:
        how = "fast" if number % 10 else "by keys"
        running = start_code(INTERVIEW, str(tmp_path), how, files=(nothing, writer, nothing))
        os.close(writer)
        # If it hangs before it has answered so many, it is killed, too, and the pipe ends.
        late = threading.Timer(LATE, running.send_signal, [signal.SIGKILL])
        late.start()
        questions = [told.readline().strip() for _ in range(random.Random(number).randint(1, 15))]
        late.cancel()
        assert all(questions), "the interview ended by itself"
        running.send_signal(signal.SIGKILL)
        questions += told.read().split()
        assert running.wait()[0] == -signal.SIGKILL
    (saved,) = Store(tmp_path).all()
    assert saved.finished is None
    assert list(saved.answers)[: len(questions)] == questions


def test_a_file_that_is_no_store(tmp_path: Path) -> None:
    """Something else in place of the file would be lost, or end in an error that nobody can tell."""
    (tmp_path / FILE).write_bytes(b"these are my holiday notes, not a database" * 100)
    with pytest.raises(Failed, match="file is not a database"):
        Store(tmp_path)
    assert (tmp_path / FILE).read_bytes().startswith(b"these are my holiday notes")


def test_diary(tmp_path: Path) -> None:
    """An interview that was left would not be found again, or another one's be."""
    diary = Diary(tmp_path, ("head", "director"), "x", pytest.fail)
    assert diary.unfinished() is None
    diary.answer("leadership", 3)
    other = Diary(tmp_path, ("head", "vp"), "x", pytest.fail)
    again = Diary(tmp_path, ("head", "director"), "x", pytest.fail)
    assert other.unfinished() is None
    saved = again.unfinished()
    assert saved is not None
    assert again.go_on(saved) == {"leadership": 3}
    again.answer("strategy-1", None)
    assert Diary(tmp_path, ("head", "director"), "other", pytest.fail).unfinished() is None
    again.finish()
    (saved,) = Store(tmp_path).all()
    assert (saved.answers, saved.finished is None) == ({"leadership": 3, "strategy-1": None}, False)
    assert Diary(tmp_path, ("head", "director"), "x", pytest.fail).unfinished() is None


def test_nothing_answered_leaves_nothing(tmp_path: Path) -> None:
    """An interview that was only looked at would fill the history."""
    Diary(tmp_path, ("head", "director"), "x", pytest.fail)
    assert Store(tmp_path).all() == ()


def test_a_disk_that_fills_up(tmp_path: Path) -> None:
    """When saving fails in the middle, the interview would end, or say so at every question."""
    said: list[Exception] = []
    diary = Diary(tmp_path, ("head", "director"), "x", said.append)
    diary.answer("leadership", 3)
    (tmp_path / FILE).write_bytes(b"damaged" * 1_000)
    for question in ("strategy-1", "strategy-2"):
        diary.answer(question, 4)
    diary.finish()
    assert len(said) == 1
    assert not diary.saves


def test_no_folder(tmp_path: Path) -> None:
    """Where nothing can be written, the interview would end, or say so at every question."""
    (tmp_path / "file").write_text("")
    said: list[Exception] = []
    diary = Diary(tmp_path / "file", ("head", "director"), "x", said.append)
    diary.answer("leadership", 3)
    assert (len(said), diary.unfinished()) == (1, None)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_left_open(tmp_path: Path) -> None:
    """A file that anybody may read, in a folder that anybody may change, would be used as if it were private."""
    folder = tmp_path / "data"
    Store(folder).begin(("a", "b"), "")
    folder.chmod(0o777)
    (folder / FILE).chmod(0o666)
    Store(folder)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / FILE)] == [0o700, 0o600]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can give a file away")
def test_of_somebody_else(tmp_path: Path) -> None:
    """Answers would be saved in a folder that somebody else lets everybody change."""
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o777)
    os.chown(folder, 12345, 12345)
    with pytest.raises(Failed, match="It is not yours, and others may change it"):
        Store(folder)


def test_no_home() -> None:
    """For a user without a home, each command would end in a traceback."""
    with pytest.raises(Failed, match="set HOME or XDG_DATA_HOME"):
        Store(Path("~"))
    assert not Path("~").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("UPDATE assessment SET roles = x'ff00'", "assessment 1 is damaged. 'mops forget 1' deletes it"),
        ("UPDATE assessment SET knowledge = x'00'", "assessment 1 is damaged"),
        ("UPDATE answer SET value = x'ff00'", "assessment 1 is damaged"),
        ("UPDATE answer SET question = x'ff'", "assessment 1 is damaged"),
    ],
)
def test_damaged_assessment(tmp_path: Path, change: str, message: str) -> None:
    """What is no text or number would end in a traceback, and could not be forgotten either."""
    store = Store(tmp_path)
    store.answer(store.begin(("a", "b"), ""), "q", 3.0)
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute(change)
    connection.close()
    with pytest.raises(Failed, match=message):
        store.all()
    assert store.forget(1) == 1
    assert store.all() == ()


def test_damaged_goal(tmp_path: Path) -> None:
    """A goal that is none would end in a traceback."""
    store = Store(tmp_path)
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("INSERT INTO goal VALUES (x'00', 'b', x'01', 'x')")
    connection.close()
    with pytest.raises(Failed, match="a goal is damaged"):
        store.goals()
    store.forget(None)
    assert store.goals() == ()


def test_forget_everything(tmp_path: Path) -> None:
    """Who wants to leave nothing behind would leave a damaged file, or what an earlier version kept of a team."""
    path = tmp_path / FILE
    Store(tmp_path).begin(("a", "b"), "")
    assert forget_everything(tmp_path) == 1
    path.write_bytes(b"SQLite format 3" + b"secret" * 1000)
    (tmp_path / TEAM_FILE).write_text("people: 5", "utf-8")
    assert forget_everything(tmp_path) is None
    assert not list(tmp_path.iterdir())


def test_numbers_that_nothing_has(tmp_path: Path) -> None:
    """A number that SQLite cannot count to would end in a traceback."""
    assert [Store(tmp_path).forget(number) for number in (0, -1, 1 << 63, 10**30)] == [0, 0, 0, 0]
