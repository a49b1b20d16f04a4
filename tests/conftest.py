"""What several tests share: the bundled knowledge, a small folder, and the program as a process."""

import atexit
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from mopscli.assessment.questionnaire import Questionnaire, prepare
from mopscli.knowledge import Knowledge, bundled_folder, load
from program import Program

ROLES = """\
sources:
  book: {title: The book, kind: article, author: A. Writer, year: 2020}
  own: {title: Own judgment, kind: judgement}
skills:
  writing:
    name: Writing
    group: Craft
    description: {text: Putting thoughts into words., source: book}
    source: own
    markers: {0: Has not., 1: Has helped., 2: Has written., 3: Has owned., 4: Has set., 5: Has led.}
  editing:
    name: Editing
    group: Craft
    description: {text: Making texts better., source: own}
    source: own
    markers: {0: Has not., 1: Has helped., 2: Has edited., 3: Has owned., 4: Has set., 5: Has led.}
drives:
  calm:
    name: Calm
    description: {text: Wants quiet hours., source: book}
    low: {text: Prefers bustle., source: own}
roles:
  author:
    name: Staff Author
    label: Author
    aliases: [writer, scribe]
    family: Words
    rank: 1
    summary: {text: Writes the texts., source: book}
    focus: {text: Writing every day, source: book}
    team: {text: Leads nobody., source: own}
    tasks:
      - {text: Writes from nine to noon., source: book}
      - {text: Answers letters., source: own}
    caveats:
      - {text: Authors edit as well., source: own}
    market:
      - {measure: Pay, value: 50000, unit: USD per year, year: 2026, sample: 3, source: book}
    requires:
      writing: {level: 4, weight: 3}
      editing: {level: 2, weight: 1}
    offers:
      calm: {level: 4, weight: 2}
  editor:
    name: Chief Editor
    label: Editor
    family: Words
    rank: 2
    summary: {text: Decides what is printed., source: own}
    team: {text: Leads the authors., source: book}
    tasks:
      - {text: Reads what authors send., source: book}
    requires:
      writing: {level: 4, weight: 1}
      editing: {level: 5, weight: 3, source: book}
    offers:
      calm: {level: 1, weight: 2}
topics:
  titles:
    title: Titles
    kind: caveat
    roles: [author, editor]
    points:
      - {text: Titles differ everywhere., source: own}
  choice:
    title: Ask yourself
    kind: choosing
    roles: [author, editor]
    points:
      - {text: Whose words do you want to work on?, source: own, about: [calm]}
"""
PATHS = """\
ladders:
  words:
    name: Up
    about: {text: From author to editor., source: book}
    steps: [author, editor]
moves:
  - from: author
    to: editor
    kind: promotion
    months: {low: 12, typical: 24, high: 60, source: own}
    why: {text: Knows the work., source: book}
"""
# Three questions that score and one that does not, about the skills and the drive of ROLES.
QUESTIONS = """\
questions:
  writes: {kind: skill, trait: writing}
  quiet: {kind: agree, trait: calm, text: I like quiet hours.}
  library: {kind: tradeoff, trait: calm, first: A library., second: A market., high: first}
context:
  books:
    text: How many books?
    options: [{value: 0, text: None so far}, {value: 2.5, text: "2 or 3, about"}, {value: 10, text: Many}]
"""

# Seconds that the program may take.
TIMEOUT = 30

WriteFolder = Callable[..., Path]

# Half of the time of some tests went to the disk. Where the system has a folder in memory, they write there.
MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it
ROOM = 2_000_000_000
if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ["TMPDIR"] = os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)

# The same examples in every run; only the order of the tests changes, by a seed that pytest prints.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """Return the bundled knowledge with its questions."""
    return load(bundled_folder(), "questions")


@pytest.fixture(scope="session")
def questionnaire(knowledge: Knowledge) -> Questionnaire:
    """Return the bundled questionnaire."""
    return prepare(knowledge)


@pytest.fixture
def write_folder(tmp_path: Path) -> WriteFolder:
    """Return a function that writes a knowledge folder; without arguments, a small sound one."""

    def write(roles: str | bytes = ROLES, paths: str | bytes | None = PATHS) -> Path:
        for name, content in (("roles.yaml", roles), ("paths.yaml", paths)):
            if content is not None:
                (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path

    return write


@pytest.fixture
def small(write_folder: WriteFolder) -> Knowledge:
    """Return the knowledge of a small folder."""
    return load(write_folder())


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
