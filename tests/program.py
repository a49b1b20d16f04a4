"""The program as a process, forked from one that has imported it: a new Python takes longer than most tests."""

import atexit
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Final

# Seconds that the program may take.
TIMEOUT: Final = 30
LONGEST: Final = 1 << 16
# They import DuckDB, and how the program ends depends on whether that is there.
LEFT: Final = (
    "mopscli.__main__",
    *(f"mopscli.batch.{module}" for module in ("database", "intake", "lookup", "scores", "summary", "table")),
)


class Program:
    """A process that becomes the program whenever it is told to."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self._socket = ours
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                env=os.environ | {"PYTHONIOENCODING": "utf-8"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def run(
        self, arguments: tuple[str, ...], variables: dict[str, str], timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """Run the program with these environment variables, and return what it wrote and its exit code."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            request = json.dumps([arguments, variables, str(Path.cwd())]).encode()
            socket.send_fds(self._socket, [request], [out.fileno(), err.fileno()])
            self._socket.settimeout(timeout)
            try:
                code = int(self._socket.recv(LONGEST))
            except TimeoutError:
                os.killpg(self._process.pid, signal.SIGKILL)
                raise
            for file in (out, err):
                file.seek(0)
            return subprocess.CompletedProcess(arguments, code, out.read().decode(), err.read().decode())

    def close(self) -> None:
        """Let the process end."""
        self._socket.close()
        self._process.wait()


def serve(number: int) -> None:
    """Import the program, and then fork a process for each request; returns in each of these, and at the end."""
    package = import_module("mopscli")
    for module in walk_packages(package.__path__, "mopscli."):
        if module.name not in LEFT:
            import_module(module.name)
    with socket.socket(fileno=number) as requests:
        while True:
            request, files, _, _ = socket.recv_fds(requests, LONGEST, 2)
            if not request:
                sys.exit()
            pid = os.fork()
            if not pid:
                break
            for file in files:
                os.close(file)
            _, status = os.waitpid(pid, 0)
            requests.send(b"%d" % os.waitstatus_to_exitcode(status))
    arguments, variables, folder = json.loads(request)
    for target, file in enumerate(files, 1):
        os.dup2(file, target)
        os.close(file)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv[1:] = arguments


@cache
def _program() -> Program:
    program = Program()
    atexit.register(program.close)
    return program


def run_mops(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a process, with a plain terminal of 80 columns unless told otherwise."""
    variables = {key: value for key, value in os.environ.items() if key not in ("MOPS_DATA", "NO_COLOR")}
    variables |= {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8", **environment}
    # Python itself looks at some variables when it starts.
    if hasattr(os, "fork") and not any(key.startswith(("PYTHON", "LANG", "LC_")) for key in environment):
        return _program().run(arguments, variables, TIMEOUT)
    return subprocess.run(
        [sys.executable, "-m", "mopscli", *arguments],
        env=variables,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=TIMEOUT,
    )


if __name__ == "__main__":
    serve(int(sys.argv[1]))
    runpy.run_module("mopscli", run_name="__main__", alter_sys=True)
