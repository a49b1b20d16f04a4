"""The command line as a whole: its help, its version, and how a run ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from mopscli.cli.app import program
from program import pipe_mops, run_code, run_mops

WRITERS = [
    ("compare", "head", "director"),
    ("--help",),
    ("roles", "--json"),
    ("role", "head", "-f", "markdown"),
]


@pytest.mark.parametrize(
    "command",
    WRITERS,
    ids=" ".join,
)
def test_closed_pipe(command: tuple[str, ...]) -> None:
    """A reader that closes the pipe early would be told as an error, or make a traceback."""
    result = pipe_mops(*command, lines=0)
    assert (result.returncode, result.stderr) == (0, "")


def test_closed_pipe_of_a_shell() -> None:
    """`mops ... | head -1` would end in an error, or head get nothing."""
    result = in_a_shell("compare head director", "| head -1")
    assert result.stderr == "code 0\n"
    assert len(result.stdout.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", WRITERS, ids=" ".join)
def test_full_disk(command: tuple[str, ...]) -> None:
    """Output that cannot be written would be passed over in silence, and half of it taken for the whole."""
    with Path("/dev/full").open("wb") as full:
        result = run_mops(*command, stdout=full)
    assert (result.returncode, result.stderr) == (1, "mops: No space left on device\n")


def in_a_shell(command: str, script: str) -> subprocess.CompletedProcess[str]:
    """Run a shell line that begins with `mops`, and tell its exit code; for what Python meets at its start."""
    line = f"{sys.executable} -m mopscli {command} {script}; echo code ${{PIPESTATUS[0]}} >&2"
    return subprocess.run(["/bin/bash", "-c", line], capture_output=True, text=True, check=False, timeout=30)


def test_closed_output() -> None:
    """Without an output there would be a traceback in place of a message."""
    assert in_a_shell("roles", ">&-").stderr.endswith("nowhere to show the result\ncode 1\n")


def test_closed_input() -> None:
    """Without an input there would be a traceback in place of what to do."""
    closed = in_a_shell("assess --answers -", "<&-")
    assert closed.stderr.endswith("Standard input is closed. Give the answers with --answers FILE.\ncode 2\n")


def test_version() -> None:
    """The version would not be that of the installed package."""
    from importlib.metadata import version

    assert run_mops("--version").stdout == f"mops {version('mopscli')}\n"


def test_help_has_examples() -> None:
    """A command's help would not show how it is typed, or be wider than 80 columns."""
    for command in program().registered_commands:
        assert command.callback is not None
        result = run_mops(command.name or command.callback.__name__, "--help")
        assert "Examples:" in result.stdout
        assert all(len(line) <= 80 for line in result.stdout.splitlines())


def test_stale_folder_does_not_block() -> None:
    """A MOPS_DATA that is gone would keep people from the help, the version or other folders."""
    assert run_mops("--version", MOPS_DATA="/does/not/exist").returncode == 0
    assert run_mops(MOPS_DATA="/does/not/exist").returncode == 0
    assert run_mops("roles", MOPS_DATA="/does/not/exist").returncode == 2
    assert run_mops("roles", MOPS_DATA="").returncode == 0


def test_interrupt() -> None:
    """Ctrl-C would end in a traceback, or in another exit code than 130."""
    code = (
        "import mopscli.knowledge as k, mopscli.__main__ as m\n"
        "def stop(*_, **__): raise KeyboardInterrupt\n"
        "k.load = stop\n"
        "m.main()"
    )
    result = run_code(code, "roles")
    assert (result.returncode, result.stdout, result.stderr) == (130, "", "")


# For each command, a process that has imported no command before.
ALONE = """
import os
import sys
from typer.main import get_command
from mopscli.cli.app import program

for name in sys.argv[1:]:
    for before in ((), ("--data", "x"), ("-f", "json", "--json")):
        if not os.fork():
            os._exit(name not in get_command(program([*before, name, "role"])).commands)
        if os.wait()[1]:
            print(*before, name)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_each_command_alone() -> None:
    """A command would be unknown where no module is imported but those up to the one that holds it."""
    names = get_command(program()).commands
    result = subprocess.run(
        [sys.executable, "-c", ALONE, *names], capture_output=True, text=True, check=True, timeout=30
    )
    assert len(names) > 20
    assert result.stdout == ""


def test_start_imports_little() -> None:
    """Help would load rich, yaml or the knowledge, and every start pay for them."""
    code = (
        "import sys\nsys.argv = ['mops', '--help']\nfrom mopscli.cli.app import run\n"
        "try:\n    run()\nfinally:\n"
        "    print(sorted({'rich', 'yaml', 'mopscli.knowledge'} & set(sys.modules)), file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=30
    )
    assert result.stderr == "[]\n"
