"""The program as a process, forked from one that has imported it: a new Python takes longer than most tests."""

import atexit
import gc
import json
import os
import runpy
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache, wraps
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import IO, Any, Final, NamedTuple

# Seconds that the program may take.
TIMEOUT: Final = 30
LONGEST: Final = 1 << 16
START: Final = "mopscli.__main__"
# They import DuckDB, and how the program ends depends on whether that is there.
SCORING: Final = tuple(
    f"mopscli.batch.{name}" for name in ("database", "intake", "lines", "scores", "summary", "table")
)
SCORED: Final = {"batch", "calibrate", "replay"}
# Files of the bundled knowledge that many commands read.
READ_OFTEN: Final = ((), ("paths",), ("questions",), ("paths", "questions", "growth"))
# Python itself looks at them when it starts.
AT_THE_START: Final = ("PYTHONUTF8", "PYTHONCOERCECLOCALE", "LANG", "LC_")

File = IO[Any] | int


class Done(NamedTuple):
    """What the program wrote, how it ended (below 0: by a signal), and the most memory that it had."""

    returncode: int
    stdout: str
    stderr: str
    megabytes: float


class Running:
    """A process that runs the program."""

    def __init__(self, told: socket.socket) -> None:
        self._told = told
        self._lines = told.makefile("r")
        self.pid = int(self._lines.readline())

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self, timeout: float = TIMEOUT) -> tuple[int, float]:
        """Wait for the end, and return the exit code and the memory in MB; kill what takes too long."""
        self._told.settimeout(timeout)
        try:
            code, kilobytes = map(int, self._lines.readline().split())
        except TimeoutError:
            self.send_signal(signal.SIGKILL)
            raise
        self._lines.close()
        self._told.close()
        return code, kilobytes / 1024


class Program:
    """A process that becomes the program whenever it is told to."""

    def __init__(self, *left: str) -> None:
        """Import all of the program, but for its start and the modules that it is left to import by itself."""
        self._lock = threading.Lock()
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno()), *left],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def start(
        self, code: str, arguments: Sequence[str], files: Sequence[File], variables: Mapping[str, str]
    ) -> Running:
        """Run the program, or some code in its place, with its three files and its environment."""
        request = json.dumps([code, arguments, dict(variables), str(Path.cwd())]).encode()
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            numbers = [file if isinstance(file, int) else file.fileno() for file in files]
            socket.send_fds(self._socket, [request], [theirs.fileno(), *numbers])
            theirs.close()
            return Running(ours)

    def close(self) -> None:
        """Let the process end."""
        self._socket.close()
        self._process.wait()


@cache
def program(*left: str) -> Program:
    """Return the process to fork, which stays until the tests are over."""
    made = Program(*left)
    atexit.register(made.close)
    return made


def program_for(arguments: Sequence[str]) -> Program:
    """Return the process to fork for a command."""
    return program() if SCORED & set(arguments) else program(*SCORING)


def variables_of(environment: Mapping[str, str]) -> dict[str, str]:
    """Return all variables of an environment: ours, with a plain terminal of 80 columns unless told otherwise."""
    ours = {key: value for key, value in os.environ.items() if key not in ("MOPS_DATA", "NO_COLOR", "CI")}
    return ours | {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8", **environment}


def start_mops(*arguments: str, files: Sequence[File], **environment: str) -> Running:
    """Start the program with files for its standard input, output and errors."""
    return program_for(arguments).start("", arguments, files, variables_of(environment))


def run_mops(*arguments: str, stdin: str | File = "", stdout: File | None = None, **environment: str) -> Done:
    """Run the program, with a text or a file to read; what it writes into a file of its own is not returned."""
    if hasattr(os, "fork") and not any(key.startswith(AT_THE_START) for key in environment):
        return _run("", arguments, stdin, stdout, environment)
    done = subprocess.run(
        [sys.executable, "-m", "mopscli", *arguments],
        env=variables_of(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=TIMEOUT,
    )
    return Done(done.returncode, done.stdout, done.stderr, 0)


def start_code(code: str, *arguments: str, files: Sequence[File], **environment: str) -> Running:
    """Start some code in place of the program, which has been imported."""
    return program_for(arguments).start(code, arguments, files, variables_of(environment))


def run_code(code: str, *arguments: str, **environment: str) -> Done:
    """Run some code in place of the program, which has been imported."""
    return _run(code, arguments, "", None, environment)


def pipe_mops(*arguments: str, lines: int) -> Done:
    """Run the program into a pipe whose reader leaves after so many lines, which are returned."""
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as pipe, tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as err:
        if not lines:
            pipe.close()
        running = start_mops(*arguments, files=(given, writer, err))
        os.close(writer)
        read = b"".join(pipe.readline() for _ in range(lines))
        pipe.close()
        code, megabytes = running.wait()
        err.seek(0)
        return Done(code, read.decode(), err.read().decode(), megabytes)


def _run(
    code: str,
    arguments: Sequence[str],
    stdin: str | File,
    stdout: File | None,
    environment: Mapping[str, str],
) -> Done:
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        if isinstance(stdin, str):
            given.write(stdin.encode())
            given.seek(0)
            stdin = given
        files = (stdin, out if stdout is None else stdout, err)
        running = program_for(arguments).start(code, arguments, files, variables_of(environment))
        ended, megabytes = running.wait()
        for file in (out, err):
            file.seek(0)
        return Done(ended, out.read().decode(), err.read().decode(), megabytes)


class Terminal:
    """The program on a terminal of its own."""

    def __init__(self, *arguments: str, stderr: File | None = None, **environment: str) -> None:
        """Start it; what it writes is shown on the terminal, errors too if they have no file of their own."""
        # Windows has no such thing.
        import pty

        self._ours, theirs = pty.openpty()
        files = (theirs, theirs, theirs if stderr is None else stderr)
        self._running = start_mops(
            *arguments, files=files, **{"TERM": "xterm-256color", "PAGER": "cat", **environment}
        )
        os.close(theirs)

    def read(self, expected: str | None = None) -> str:
        """Return what is shown until a text shows, or until the end."""
        shown = b""
        while expected is None or expected.encode() not in shown:
            try:
                chunk = os.read(self._ours, LONGEST)
            except OSError:
                # Linux says so when the program has left the terminal.
                chunk = b""
            if not chunk:
                assert expected is None, (expected, shown.decode())
                break
            shown += chunk
        return shown.decode()

    @property
    def ours(self) -> int:
        """The end of the terminal at which somebody sits."""
        return self._ours

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._ours, keys.encode())

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size."""
        import fcntl
        import termios

        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def waits_for_lines(self) -> bool:
        """Tell whether the terminal is as shells want it: it shows what is typed, and hands on whole lines."""
        import termios

        modes: int = termios.tcgetattr(self._ours)[3]
        return modes & (termios.ICANON | termios.ECHO) == termios.ICANON | termios.ECHO

    def send_signal(self, number: int) -> None:
        """Send the program a signal."""
        self._running.send_signal(number)

    def wait(self) -> int:
        """Wait for the end, and return the exit code."""
        code, _ = self._running.wait()
        os.close(self._ours)
        return code


# --- The process that is forked -------------------------------------------------------------------


def remember() -> None:
    """Keep what each run would make anew and find the same: Typer's commands, and the bundled knowledge."""
    typer = import_module("typer.main")
    typer.get_command = cache(typer.get_command)
    typer.get_command(import_module("mopscli.cli.app").program())
    knowledge = import_module("mopscli.knowledge")
    load, bundled = knowledge.load, knowledge.bundled_folder()
    remembered = cache(load)

    @wraps(load)
    def load_once(folder: Path = bundled, *files: Any) -> Any:
        return (remembered if folder == bundled else load)(folder, *files)

    knowledge.load = load_once


def serve(number: int, left: Sequence[str]) -> str:
    """Import the program, and fork a process for each request; return there, with the code to run if any."""
    package = import_module("mopscli")
    # The commands first: they are listed in the order in which they are imported.
    import_module("mopscli.cli.app").program()
    for module in walk_packages(package.__path__, "mopscli."):
        if module.name not in (START, *left):
            import_module(module.name)
    remember()
    knowledge = import_module("mopscli.knowledge")
    for files in READ_OFTEN:
        knowledge.load(knowledge.bundled_folder(), files)
    gc.freeze()
    running: dict[int, socket.socket] = {}

    def tell(*_: object) -> None:
        for pid in tuple(running):
            # While one is told of, another may end, and this function is called anew.
            with suppress(ChildProcessError):
                ended, status, usage = os.wait4(pid, os.WNOHANG)
                if ended:
                    with running.pop(pid) as told:
                        told.sendall(b"%d %d\n" % (os.waitstatus_to_exitcode(status), usage.ru_maxrss))

    signal.signal(signal.SIGCHLD, tell)
    with socket.socket(fileno=number) as requests:
        while True:
            request, files, _, _ = socket.recv_fds(requests, LONGEST, 4)
            if not request:
                sys.exit()
            told = socket.socket(fileno=files.pop(0))
            pid = os.fork()
            if not pid:
                break
            for file in files:
                os.close(file)
            told.sendall(b"%d\n" % pid)
            running[pid] = told
            tell()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for other in (told, *running.values()):
        other.close()
    code, arguments, variables, folder = json.loads(request)
    become(files, arguments, variables, folder)
    return code


def become(files: Sequence[int], arguments: Sequence[str], variables: Mapping[str, str], folder: str) -> None:
    """Take what a process begins with."""
    os.setsid()
    if os.isatty(files[0]):
        import fcntl
        import termios

        fcntl.ioctl(files[0], termios.TIOCSCTTY, 0)
    for target, file in enumerate(files):
        os.dup2(file, target)
        os.close(file)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv[1:] = arguments
    encoding, _, errors = variables["PYTHONIOENCODING"].partition(":")
    for target, name in enumerate(("stdin", "stdout", "stderr")):
        how = "backslashreplace" if name == "stderr" else errors or "strict"
        stream = open(  # noqa: SIM115 - it stays open
            target, "w" if target else "r", encoding=encoding, errors=how, closefd=False
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.stderr.reconfigure(line_buffering=True)


def leave(code: int | None) -> None:
    """End at once if all is written: to take apart what was imported takes longer than most commands."""
    if sys.stdout is sys.__stdout__:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code or 0)


if __name__ == "__main__":
    source = serve(int(sys.argv[1]), sys.argv[2:])
    try:
        if source:
            exec(source, {"__name__": "__main__"})  # noqa: S102 - a test wrote it
        else:
            runpy.run_module("mopscli", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        # Where there is something to say, Python says it.
        if not isinstance(end.code, str):
            leave(end.code)
        raise
    leave(0)
