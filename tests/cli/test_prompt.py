"""One question in a terminal: keys, what is typed ahead, windows that change, signals, and lines of text."""

import io
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.input.typeahead import store_typeahead
from prompt_toolkit.key_binding.key_processor import KeyPress
from prompt_toolkit.output import DummyOutput

from mopscli.cli.prompt import PAUSE, Interviewer, ask, choose, confirm
from mopscli.cli.screen import WHY, Prompt, Shortcut
from mopscli.knowledge import bundled_folder, digest
from mopscli.person.store import Store
from program import Terminal, run_mops

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems keep data elsewhere")

MENU = [("Compare roles", "compare"), ("Plan", "plan"), ("Leave", "leave")]
DOWN, UP = "\x1b[B", "\x1b[A"
PASTED = "\x1b[200~1\x1b[201~"
SECOND = 0.0


@pytest.mark.parametrize(
    ("keys", "default", "chosen"),
    [
        ("2", None, "plan"),
        ("3", "plan", "leave"),
        ("\r", None, "compare"),
        ("\n", "plan", "plan"),
        (f"{DOWN}\r", None, "plan"),
        (f"{UP}\r", None, "leave"),
        ("jj\r", None, "leave"),
        # No answer has these keys, and what is pasted is no key.
        (f"90xbsq?{PASTED}2", None, "plan"),
    ],
)
def test_menu(keys: str, default: str | None, chosen: str) -> None:
    """A number would not choose at once, the arrow keys or Enter no longer do, or another key would."""
    with create_pipe_input() as pipe:
        pipe.send_text(keys)
        assert choose("What now?", MENU, {"input": pipe, "output": DummyOutput()}, default) == chosen


@pytest.mark.parametrize(
    ("keys", "sure"), [("1", True), ("2", False), ("y", True), ("N", False), ("\r", False)]
)
def test_confirming(keys: str, sure: bool) -> None:
    """What cannot be undone would be done by Enter alone, or a yes be taken for a no."""
    with create_pipe_input() as pipe:
        pipe.send_text(keys)
        assert confirm("Delete it?", terminal={"input": pipe, "output": DummyOutput()}) is sure


# --- In a real terminal ---------------------------------------------------------------------------


def home(folder: Path, **more: str) -> dict[str, str]:
    """Return an environment with nothing saved."""
    return {"XDG_DATA_HOME": str(folder), **more}


def answers_in(folder: Path) -> list[Any]:
    """Return the answers that are saved, of each assessment."""
    return [dict(saved.answers) for saved in Store(folder / "mops").all()]


@on_linux
def test_typed_ahead(tmp_path: Path) -> None:
    """Keys that were typed before a question shows would answer it unseen."""
    terminal = Terminal("assess", **home(tmp_path))
    terminal.type("\r\r\r\r")
    terminal.read("Question 1,")
    # Now somebody has seen it.
    time.sleep(2 * PAUSE)
    terminal.type("2222")
    terminal.read("Question 2,")
    terminal.type("\x03")
    terminal.read()
    assert terminal.wait() == 130
    assert answers_in(tmp_path) == [{"present-role": SECOND}]


@pytest.mark.parametrize(("pause", "answered"), [(3600.0, False), (0.0, True)])
def test_typing_that_goes_on(pause: float, answered: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is still typing ahead while a question shows would answer it unseen, or never be heard again."""
    monkeypatch.setattr("mopscli.cli.prompt.PAUSE", pause)
    with create_pipe_input() as pipe:
        store_typeahead(pipe, [KeyPress("1")])
        pipe.send_text("\r2\x03")
        interviewer = Interviewer({"input": pipe, "output": DummyOutput()}, own=True)
        if answered:
            assert interviewer.ask(Prompt("What now?", MENU)) == "compare"
        else:
            with pytest.raises(KeyboardInterrupt):
                interviewer.ask(Prompt("What now?", MENU))


@on_linux
def test_window_made_smaller(tmp_path: Path) -> None:
    """In a window that was made smaller, the question would stay cut until the next one."""
    terminal = Terminal("assess", **home(tmp_path))
    assert "associate, coordinator" in terminal.read("stop")
    terminal.resize(40, 15)
    shown = terminal.read("stop").rpartition("\x1b[2J")[2]
    assert "associate," in shown
    assert "associate, coordinator" not in shown
    assert "coordinator or assistant" in shown
    terminal.type("\x03")
    terminal.read()
    terminal.wait()


@on_linux
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_signals(number: int, code: int, tmp_path: Path) -> None:
    """A terminal whose program was ended would not show what is typed, or an answer be lost."""
    terminal = Terminal("assess", **home(tmp_path))
    terminal.read("Question 1,")
    assert not terminal.waits_for_lines()
    terminal.type("2")
    terminal.read("Question 2,")
    terminal.send_signal(number)
    terminal.read()
    assert terminal.waits_for_lines()
    assert terminal.wait() == code
    assert answers_in(tmp_path) == [{"present-role": SECOND}]


@on_linux
def test_forgetting_asks_first(tmp_path: Path) -> None:
    """On a terminal, saved answers would be deleted by a slip, or not at all; or --yes would ask."""
    store = Store(tmp_path / "mops")
    for _ in range(3):
        store.answer(store.begin(("head", "director"), digest(bundled_folder())), "leadership", 4)
    for command, asked, keys, said, left in (
        (("1",), "Delete assessment 1 of", "\r", "Nothing is deleted.", 3),
        (("1",), "with 1 answer", "y", "Forgotten: 1 assessment.", 2),
        (("--all",), "Delete all assessments", "n", "Nothing is deleted.", 2),
        (("--all", "--yes"), "", "", "Forgotten: 2 assessments.", 0),
        (("7",), "", "", "There is no assessment 7.", 0),
    ):
        terminal = Terminal("forget", *command, **home(tmp_path))
        if keys:
            assert asked in terminal.read("n no")
            terminal.type(keys)
        assert said in terminal.read(), command
        terminal.wait()
        assert len(store.all()) == left


# --- In lines -------------------------------------------------------------------------------------


@on_linux
@pytest.mark.parametrize(("arguments", "term"), [((), "dumb"), (("--plain",), "xterm-256color")])
def test_lines(arguments: tuple[str, ...], term: str, tmp_path: Path) -> None:
    """A dumb terminal or a screen reader would get what it cannot show, or a word not be understood."""
    terminal = Terminal("assess", *arguments, **home(tmp_path, TERM=term))
    terminal.type("1\n")
    shown = terminal.read("? why, q stop): ")
    for typed in ("99\n", "?\n", "2\n", "b\n", "\n", "skip\n", "q\n", "no\n"):
        terminal.type(typed)
        shown += terminal.read("): ")
    terminal.type("stop\n")
    terminal.read("): ")
    terminal.type("1\n")
    ended = terminal.read()
    assert terminal.wait() == 0
    assert "\x1b" not in shown
    for text in ("2. Marketing operations specialist\r", "specialist (your answer)", "Question 3,"):
        assert text in shown
    assert "none of the answers" in shown
    assert "It is about your situation." in shown
    assert "You have answered none of the 77 questions." in ended
    assert answers_in(tmp_path) == [{"present-role": SECOND, "years": None}]


@on_linux
def test_team_in_lines(tmp_path: Path) -> None:
    """With --plain, questions about a team would be asked with keys all the same."""
    terminal = Terminal("team", "--plain", **home(tmp_path))
    terminal.read("1 to 6, s skip, q stop): ")
    terminal.type("3\n")
    assert "\x1b" not in terminal.read("b back")
    terminal.type("\x03")
    terminal.read()
    assert terminal.wait() == 130
    assert Store(tmp_path / "mops").team() == {"people": 2.0}


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("2\n", "plan"),
        (" 3 \n", "leave"),
        ("0\n4\ntwo\n\n1\n", "compare"),
        ("back\n", "go back"),
        ("B\n", "go back"),
        ("why\n?\n1\n", "compare"),
    ],
)
def test_typed_lines(typed: str, taken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number or a word would not be understood, or something else pass for an answer."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    shortcuts = (Shortcut("b", "back", "go back"), WHY)
    assert ask(Prompt("What now?", MENU, shortcuts=shortcuts, reason="So."), plain=True) == taken


def test_statements_in_lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """In lines, the statements would be missing that the answers name, or a terminal obey a text."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    prompt = Prompt(
        "Closer?",
        [("Clearly A\x1b", 1)],
        ends=("Doing.", "Deciding."),
        default=1,
        marked=True,
        heading="Want",
    )
    assert ask(prompt, plain=True) == 1
    assert capsys.readouterr().out.splitlines()[:6] == [
        "Want",
        "Closer?",
        "A: Doing.",
        "B: Deciding.",
        "1. Clearly A\N{REPLACEMENT CHARACTER} (your answer)",
        "Your answer (1 to 1, Enter alone keeps your answer): ",
    ]


def test_closed_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing more can be typed, it would be asked for ever."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    with pytest.raises(KeyboardInterrupt):
        choose("What now?", MENU, plain=True)


@on_linux
def test_without_a_terminal(tmp_path: Path) -> None:
    """Without a terminal, --plain would wait for answers that nobody types."""
    for command in ("assess", "team"):
        result = run_mops(command, "--plain", **home(tmp_path))
        assert result.returncode == 2
        assert "no terminal to ask in" in " ".join(result.stderr.split())
