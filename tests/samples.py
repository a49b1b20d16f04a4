"""What several tests share: the bundled knowledge, a small folder of knowledge, and where files lie."""

from collections.abc import Callable
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.segment import Segments

from mopscli.assessment.questionnaire import Questionnaire, prepare
from mopscli.formats.terminal import Terminal
from mopscli.knowledge import Knowledge, load
from mopscli.page import Page

TESTS = Path(__file__).parent
ROOT = TESTS.parent
ANSWERS = TESTS / "answers.yaml"
RESPONSES = TESTS / "responses.csv"
COLUMNS: Final = 80

WriteFolder = Callable[..., Path]

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
      - {text: "Whose words do you want to work on?", source: own, about: [calm]}
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
# One question for each skill and the drive of ROLES.
SCORED_QUESTIONS = """\
between: [author, editor]
questions:
  writes: {kind: skill, trait: writing}
  edits: {kind: skill, trait: editing}
  quiet: {kind: agree, trait: calm, text: I like quiet hours.}
"""


def write_knowledge(
    folder: Path,
    roles: str | bytes = ROLES,
    paths: str | bytes | None = PATHS,
    questions: str | bytes | None = None,
) -> Path:
    """Write the files of a knowledge folder, and return it."""
    folder.mkdir(exist_ok=True)
    for name, content in (("roles", roles), ("paths", paths), ("questions", questions)):
        if content is not None:
            (folder / f"{name}.yaml").write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@cache
def bundled() -> Knowledge:
    """Return the bundled knowledge, with every file."""
    return load()


@cache
def bundled_questionnaire() -> Questionnaire:
    """Return the bundled questionnaire."""
    return prepare(bundled())


def on_screen(page: Page) -> str:
    """Return a page as it shows on a plain terminal of 80 columns."""
    stream = StringIO()
    console = Console(file=stream, width=COLUMNS, color_system=None, highlight=False, markup=False)
    console.print(Segments(Terminal(page, console, COLUMNS).segments()), end="", soft_wrap=True)
    return stream.getvalue()
