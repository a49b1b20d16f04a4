"""Saved assessments: nothing acknowledged is ever lost, nobody else reads them, and forgotten is gone."""

import os
import random
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

import pytest

from mopscli.person.store import FILE, Diary, Failed, Store

# For each folder that it reads, a process with an interview in it whose keys come from a script; each answer is
# printed once it is saved.
INTERVIEW = """
import os
import sys
from pathlib import Path
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from mopscli.cli.ask import AssessmentGuide, interview
from mopscli.assessment.questionnaire import prepare
from mopscli.knowledge import bundled_folder, load
from mopscli.person.store import Diary

knowledge = load(bundled_folder(), ("questions",))
roles = [knowledge.roles["head"], knowledge.roles["director"]]
questionnaire = prepare(knowledge)

def run(folder):
    diary = Diary(folder, ("head", "director"), "x", sys.exit)

    def save(question, value):
        diary.answer(question, value)
        print(question, flush=True)

    with create_pipe_input() as pipe:
        pipe.send_text("\\r" * 100)
        guide = AssessmentGuide(knowledge, questionnaire, roles, 0.0)
        interview(guide, {}, save, {"input": pipe, "output": DummyOutput()})

for line in sys.stdin:
    child = os.fork()
    if not child:
        print(os.getpid(), flush=True)
        run(Path(line.removesuffix("\\n")))
        os._exit(0)
    os.waitpid(child, 0)
    print("over", flush=True)
"""
Interviews = tuple[IO[str], IO[str]]
SAVE = """
import sys
from pathlib import Path
from mopscli.person.store import Store
store = Store(Path(sys.argv[1]))
store.answer(store.begin(("a", "b"), sys.argv[2]), "q", int(sys.argv[2]))
"""


def test_answers_in_order(tmp_path: Path) -> None:
    """Answers come back as given, in order; an answer given again replaces the first, at its new place."""
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
    """The list begins with the newest."""
    store = Store(tmp_path)
    assert [store.begin(("a", "b"), "") for _ in range(3)] == [1, 2, 3]
    assert [saved.id for saved in store.all()] == [3, 2, 1]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_only_the_owner_reads(tmp_path: Path) -> None:
    """Even under umask 000 the file is 0600 and its folder 0700: the answers are personal."""
    before = os.umask(0)
    try:
        Store(tmp_path / "home" / "data").begin(("a", "b"), "")
    finally:
        os.umask(before)
    for folder in (tmp_path / "home", tmp_path / "home" / "data"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "home" / "data" / FILE).stat().st_mode) == 0o600


def test_forgotten_is_gone(tmp_path: Path) -> None:
    """What is forgotten is not in the file any more, and the rest is."""
    store = Store(tmp_path)
    for question in ("secret-question", "kept-question"):
        store.answer(store.begin(("a", "b"), ""), question, 3)
    assert store.forget(1) == 1
    content = (tmp_path / FILE).read_bytes()
    assert (b"secret-question" in content, b"kept-question" in content) == (False, True)
    assert (store.forget(1), store.forget(None), store.all()) == (0, 1, ())
    assert b"kept-question" not in (tmp_path / FILE).read_bytes()


def test_many_at_once(tmp_path: Path) -> None:
    """Fifty programs that save at the same time lose nothing."""

    def save(number: int) -> int:
        return subprocess.run(
            [sys.executable, "-c", SAVE, str(tmp_path), str(number)], check=False
        ).returncode

    with ThreadPoolExecutor(50) as pool:
        assert set(pool.map(save, range(50))) == {0}
    saved = Store(tmp_path).all()
    assert sorted(int(some.knowledge) for some in saved) == list(range(50))
    assert all(some.answers == {"q": float(some.knowledge)} for some in saved)


@pytest.fixture(scope="module")
def interviews() -> Iterator[Interviews]:
    """Return where to write folders to answer in, and where to read what was answered."""
    with subprocess.Popen(
        [sys.executable, "-c", INTERVIEW], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdin, process.stdout
        process.stdin.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9")
@pytest.mark.parametrize("number", range(50))
def test_killed_at_any_moment(number: int, interviews: Interviews, tmp_path: Path) -> None:
    """An answer of an interview that was acknowledged is there after kill -9, whenever that comes."""
    orders, told = interviews
    orders.write(f"{tmp_path}\n")
    orders.flush()
    process = int(told.readline())
    questions = [told.readline().strip() for _ in range(random.Random(number).randint(1, 15))]
    os.kill(process, signal.SIGKILL)
    while (line := told.readline().strip()) != "over":
        questions.append(line)
    (saved,) = Store(tmp_path).all()
    assert saved.finished is None
    assert list(saved.answers)[: len(questions)] == questions


def test_a_file_that_is_no_store(tmp_path: Path) -> None:
    """Something else in place of the file is an error that the caller can tell, never a loss of it."""
    (tmp_path / FILE).write_bytes(b"these are my holiday notes, not a database" * 100)
    with pytest.raises(Failed, match="file is not a database"):
        Store(tmp_path)
    assert (tmp_path / FILE).read_bytes().startswith(b"these are my holiday notes")


def test_diary(tmp_path: Path) -> None:
    """An interview that was left is found again, by its roles; a finished one is not."""
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
    """An interview that was only looked at does not fill the history."""
    Diary(tmp_path, ("head", "director"), "x", pytest.fail)
    assert Store(tmp_path).all() == ()


def test_a_disk_that_fills_up(tmp_path: Path) -> None:
    """When saving fails in the middle, it is said once and the interview goes on."""
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
    """Where nothing can be written, it is said once."""
    (tmp_path / "file").write_text("")
    said: list[Exception] = []
    diary = Diary(tmp_path / "file", ("head", "director"), "x", said.append)
    diary.answer("leadership", 3)
    assert (len(said), diary.unfinished()) == (1, None)
