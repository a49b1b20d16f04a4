"""One question in a terminal and the key that answers it; knows nothing of what it is about.

The only importer of questionary and prompt_toolkit. What is on the screen is laid out in `cli.screen`.
"""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from select import select
from shutil import get_terminal_size
from time import monotonic
from typing import Any, Final

import questionary
from prompt_toolkit.application import Application
from prompt_toolkit.application.current import get_app_session
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.input.typeahead import get_typeahead
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.renderer import print_formatted_text
from prompt_toolkit.styles import DEFAULT_ATTRS
from prompt_toolkit.utils import get_cwidth, is_dumb_terminal

from mopscli.cli.screen import LETTERS, WHY, Prompt, Screen, Shortcut, Taken, hang, record_lines, wrap_cells
from mopscli.cli.shell import say

# The input and the output of prompt_toolkit, for tests; the real terminal if empty.
Streams = Mapping[str, Any]

# No colors: weight alone is legible on light and dark. Older releases of prompt_toolkit have no dim.
QUIET: Final = "dim" if hasattr(DEFAULT_ATTRS, "dim") else ""
STYLE: Final = questionary.Style([("quiet", QUIET), ("strong", "bold")])
# Seconds without a key, after which somebody who typed ahead is taken to have seen the question.
PAUSE: Final = 0.3
DOWN: Final = ("down", "j", "c-n")
UP: Final = ("up", "k", "c-p")
LEAVING: Final = ("c-c", "c-q", "<sigint>")


def choose(
    message: str,
    answers: Sequence[tuple[str, Any]],
    terminal: Streams | None = None,
    default: Any = None,
    *,
    plain: bool = False,
) -> Any:
    """Let somebody choose one of some answers, beginning with `default`, and return what it stands for.

    Raises:
        KeyboardInterrupt: somebody pressed Ctrl-C.

    """
    return ask(Prompt(message, answers, default=default), terminal, plain=plain)


def confirm(
    message: str,
    yes: str = "Yes",
    no: str = "No",
    terminal: Streams | None = None,
    *,
    default: bool = False,
    plain: bool = False,
) -> bool:
    """Ask whether to do something, and return whether it is to be done.

    Raises:
        KeyboardInterrupt: somebody pressed Ctrl-C.

    """
    shortcuts = (Shortcut("y", "yes", True, yes), Shortcut("n", "no", False, no))
    prompt = Prompt(message, ((yes, True), (no, False)), shortcuts=shortcuts, default=default)
    return bool(ask(prompt, terminal, plain=plain))


def ask(prompt: Prompt, terminal: Streams | None = None, *, plain: bool = False) -> Any:
    """Ask a question, and return what the answer or the shortcut that somebody takes stands for.

    Keys typed before it shows do not answer it. What stays on the screen is the question with its answer.

    Args:
        prompt: the question.
        terminal: where to ask; the real terminal if not given.
        plain: ask with lines of text alone, as is done where the terminal can do no more.

    Raises:
        KeyboardInterrupt: somebody pressed Ctrl-C.

    """
    if plain or (not terminal and is_dumb_terminal()):
        return _ask_in_lines(prompt)
    interviewer = Interviewer(terminal, own=False) if terminal else own_interviewer()
    return interviewer.ask(prompt)


# --- With keys ------------------------------------------------------------------------------------


class Interviewer:
    """Asks one question after the other on a terminal, the real one if it is our own.

    It is made once: to make what listens to keys takes longer than to draw a question.
    """

    def __init__(self, terminal: Streams, *, own: bool) -> None:
        self._own = own
        self._input, self._output = terminal["input"], terminal["output"]
        # Whether the question is still to show, and until when keys are taken for typed ahead.
        self._begins, self._deaf_until = False, 0.0
        self._screen = Screen(Prompt("", ()), get_cwidth, *self._size())
        self._app: Application[Taken] = Application(
            Layout(Window(FormattedTextControl(lambda: [*self._screen.draw()], focusable=True))),
            key_bindings=self._keys(),
            style=STYLE,
            before_render=self._fit,
            erase_when_done=True,
            include_default_pygments_style=False,
            input=self._input,
            output=self._output,
        )

    def ask(self, prompt: Prompt) -> Any:
        """Ask a question, leave its text and the answer on the screen, and return what was taken."""
        self._screen = Screen(prompt, get_cwidth, *self._size())
        self._begins, self._deaf_until = self._own, 0.0
        if self._own and get_typeahead(self._input):
            self._deaf_until = monotonic() + PAUSE
        taken: Taken = questionary.Question(self._app).unsafe_ask()
        if taken.said:
            text, answer = record_lines(prompt, taken.said, self._size()[0], get_cwidth)
            record: StyleAndTextTuples = [("", f"{text}\n"), ("class:strong", f"{answer}\n"), ("", "\n")]
            print_formatted_text(self._output, record, STYLE)
        return taken.value

    def _size(self) -> tuple[int, int]:
        rows, columns = self._output.get_size()
        return columns, rows

    def _fit(self, app: Application[Any]) -> None:
        if self._begins and discard_typed():
            # Before the question shows and not after: whoever sees it may answer at once.
            self._deaf_until = monotonic() + PAUSE
        self._begins = False
        if self._screen.fit(*self._size()):
            # Terminals wrap what is there when they become narrower, so nobody knows where it begins.
            app.renderer.clear()

    def _is_deaf(self) -> bool:
        """Tell whether a key is one of those that somebody types ahead, who has not paused yet."""
        now = monotonic()
        if now >= self._deaf_until:
            return False
        self._deaf_until = now + PAUSE
        return True

    def _keys(self) -> KeyBindings:
        """Return what each key does."""
        bindings = KeyBindings()

        def add(names: Iterable[str], act: Callable[[KeyPressEvent], object]) -> None:
            for name in names:
                bindings.add(name, eager=True)(act)

        def take(event: KeyPressEvent) -> None:
            # What is pasted is no key, however short.
            if not self._is_deaf() and (taken := self._screen.press(event.key_sequence[0].key)) is not None:
                event.app.exit(result=taken)

        def enter(event: KeyPressEvent) -> None:
            if not self._is_deaf() and (taken := self._screen.enter()) is not None:
                event.app.exit(result=taken)

        add(DOWN, lambda _: self._screen.move(1))
        add(UP, lambda _: self._screen.move(-1))
        add(("pagedown", " "), lambda _: self._screen.turn(1))
        add(("pageup",), lambda _: self._screen.turn(-1))
        add(("enter", "c-j"), enter)
        add(LEAVING, lambda event: event.app.exit(exception=KeyboardInterrupt))
        bindings.add("<any>")(take)
        return bindings


@cache
def own_interviewer() -> Interviewer:
    """Return what asks on the real terminal."""
    session = get_app_session()
    if isinstance(session.output, Vt100_Output):
        # It is not asked where its cursor is: a late reply would pass for keys.
        session.output.enable_cpr = False
    return Interviewer({"input": session.input, "output": session.output}, own=True)


def discard_typed() -> bool:
    """Forget what was typed at the real terminal and not read, and tell whether there was something."""
    typed = False
    if sys.platform == "win32":
        import msvcrt

        while msvcrt.kbhit():
            msvcrt.getwch()
            typed = True
    elif sys.stdin.isatty():
        import termios

        typed = bool(select([sys.stdin], [], [], 0)[0])
        termios.tcflush(sys.stdin, termios.TCIFLUSH)
    return typed


# --- In lines -------------------------------------------------------------------------------------


def _ask_in_lines(prompt: Prompt) -> Any:
    """Ask with a numbered list and a line to type into, as screen readers read it and any terminal can show it."""
    width = get_terminal_size().columns - 1

    def tell(text: str, start: str = "") -> None:
        say(hang(start, text, width, get_cwidth), sys.stdout)

    for text in filter(str.strip, (prompt.heading, *prompt.text.split("\n"))):
        tell(text)
    for letter, statement in zip(LETTERS, prompt.ends, strict=False):
        tell(statement, f"{letter}: ")
    for number, (text, value) in enumerate(prompt.answers, 1):
        tell(text + prompt.mark(value), f"{number}. ")
    answers = {str(number): value for number, (_, value) in enumerate(prompt.answers, 1)}
    shortcuts = {name: some for some in prompt.shortcuts for name in (some.key, some.word)}
    told = [f"1 to {len(answers)}", *(f"{shortcut.key} {shortcut.word}" for shortcut in prompt.shortcuts)]
    told += ["Enter alone keeps your answer"] if prompt.marked else []
    discard_typed()
    while True:
        typed = _line(f"Your answer ({', '.join(told)}): ", width).strip().lower()
        shortcut = shortcuts.get(typed)
        if shortcut is WHY:
            tell(prompt.reason)
        elif shortcut is not None or typed in answers or (not typed and prompt.marked):
            say([""], sys.stdout)
            return shortcut.value if shortcut else answers.get(typed, prompt.default)
        else:
            tell(f"That is none of the answers. Type a number from 1 to {len(answers)}, and Enter.")


def _line(asked: str, width: int) -> str:
    """Return a line that somebody types."""
    *lines, last = wrap_cells(asked.strip(), width, get_cwidth)
    say(lines, sys.stdout)
    print(last, end=" ", flush=True)
    try:
        typed = sys.stdin.readline()
    except UnicodeDecodeError:
        return "\N{REPLACEMENT CHARACTER}"
    if not typed:
        # Whoever closes the input leaves.
        raise KeyboardInterrupt
    return typed
