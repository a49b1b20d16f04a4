"""What signals do to a run: it cleans up, leaves the terminal as it was, and ends; nothing else handles them.

Before the commands are loaded there is nothing to clean up, and a run ends at once. It imports nothing that takes
time, so that this holds from the first moment on.
"""

from __future__ import annotations

import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final, NoReturn

# What a shell says of a program that Ctrl-C or SIGTERM ended. SIGQUIT comes from the keyboard too.
INTERRUPTED: Final = 130
TERMINATED: Final = 143
ENDS: Final = {"SIGINT": INTERRUPTED, "SIGQUIT": INTERRUPTED, "SIGTERM": TERMINATED, "SIGHUP": TERMINATED}
# Puts the cursor back, and ends the mode in which a terminal marks what is pasted.
SHOWN_AGAIN: Final = b"\x1b[?25h\x1b[?2004l"


class Interrupts:
    """The signals that end a run; `code` is the exit code of the one that came, or 0."""

    def __init__(self) -> None:
        """Take the signals, but for those that whoever started the run wants to be ignored."""
        self.code = 0
        self._loaded = False
        self._terminal: list[Any] | None = None
        self._numbers = {getattr(signal, name): code for name, code in ENDS.items() if hasattr(signal, name)}
        for number in self._numbers:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._end)
        # Whoever kept them waiting when it started the run would keep them waiting for good.
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, self._numbers)

    def clean_up_from_now_on(self) -> None:
        """Note how the terminal is; from now on a signal unwinds what is open."""
        from contextlib import suppress

        if sys.stdin is not None and sys.stdin.isatty():
            # Windows has no such thing.
            with suppress(ImportError):
                import termios

                with suppress(termios.error):
                    self._terminal = termios.tcgetattr(0)
        self._loaded = True

    def leave(self) -> NoReturn:
        """End the run that a signal has unwound."""
        from contextlib import suppress

        for stream in filter(None, (sys.stdout, sys.stderr)):
            # Nobody reads on a terminal that was closed.
            with suppress(OSError, ValueError):
                stream.flush()
        self._restore_terminal()
        os._exit(self.code or INTERRUPTED)

    def _restore_terminal(self) -> None:
        if self._terminal is None:
            return
        import termios
        from contextlib import suppress

        with suppress(OSError, termios.error):
            termios.tcsetattr(0, termios.TCSANOW, self._terminal)
            if sys.stdout is not None and sys.stdout.isatty():
                os.write(1, SHOWN_AGAIN)

    def _end(self, number: int, frame: object) -> None:
        self.code = self._numbers[number]
        if not self._loaded:
            os._exit(self.code)
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        # What cleans up must not be cut off by a second one.
        for other in self._numbers:
            if other != signal.SIGINT:
                signal.signal(other, signal.SIG_IGN)
        sys.exit(self.code)
