"""What survey tools call their columns, and which column of a table is which question; reads no files."""

import html
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

from mopscli.assessment.questionnaire import Questionnaire
from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.survey.cells import NO_TEXT, Row, whole_characters
from mopscli.text import did_you_mean, plain_words, shorten


class Tool(NamedTuple):
    """What a survey tool writes into its header besides the questions.

    Attributes:
        ids: its columns of ids; case does not matter, nor do blanks, underscores, dots and dashes.
        emails: its columns of email addresses, which tell people apart where no column of ids does.
        below: what only a second row of its header holds, in lower case.
        last: a pattern for each cell of the last row, if its header has several rows.

    """

    ids: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    last: str = ""


# To read the exports of another tool, add a line.
TOOLS: Final[Mapping[str, Tool]] = {
    "Google Forms": Tool(emails=("Email Address", "Username")),
    "Jotform": Tool(ids=("Submission ID",)),
    "Kobo": Tool(ids=("_id", "_uuid")),
    "LimeSurvey": Tool(ids=("id", "Response ID")),
    "Microsoft Forms": Tool(ids=("ID",), emails=("Email",)),
    "ODK": Tool(ids=("instanceID", "meta-instanceID", "meta/instanceID")),
    "Qualtrics": Tool(ids=("ResponseId",), last=r'\s*\{\s*"ImportId"\s*:'),
    "SurveyJS": Tool(ids=("id",)),
    "SurveyMonkey": Tool(ids=("Respondent ID",), below=("response", "open-ended response")),
    "Typeform": Tool(ids=("#", "Token", "Response Token")),
    "a list of staff": Tool(ids=("Employee ID", "Staff ID", "Person ID", "User ID", "Participant ID")),
}
# So many rows a header may have.
HEADER_ROWS: Final = 3
# How tools number questions: "1.", "2)", "Q3.", "Question 4:".
NUMBERING: Final = re.compile(r"(?:q(?:uestion)? ?)?[0-9]+ ?[.:)] ")
# What may stand around the text of a question, such as an asterisk where an answer is required.
AROUND: Final = " *:\"'"
TAG: Final = re.compile(r"<(/?(?:br|p|div|li)\b)?[^<>]*>", re.IGNORECASE)

# From so many questions without a column on, one sentence is enough.
MANY: Final = 5
PARTIAL: Final = "score without it by --partial"
SEPARATE: Final = "separate the columns by commas, semicolons or tabs"
MAX_COMPARED: Final = 100
MAX_REMEMBERED: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class Columns:
    """What the columns of a table are.

    Attributes:
        columns: the header of each column.
        questions: question key to position, for scored and context questions, in the order of the columns.
        absent: scored questions without a column.
        id_column: the position of the column of ids, if there is one.

    """

    columns: tuple[str, ...]
    questions: Mapping[str, int]
    absent: tuple[str, ...]
    id_column: int | None


# --- Questions ------------------------------------------------------------------------------------


class QuestionFinder:
    """Finds the question that a header names, by its key or by its text."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        texts = {key: item.text for key, item in questionnaire.items.items()}
        texts |= {key: text for key, (text, _) in questionnaire.context.items()}
        self.keys = {key.casefold(): key for key in texts}
        # XForms put an underscore before names that begin with a digit.
        self.keys |= {f"_{key}".casefold(): key for key in texts if key[0].isdigit()}
        self.texts: dict[str, str | None] = {}
        for key, text in texts.items():
            words = _header_words(text)
            self.texts[words] = None if words in self.texts else key
        for key, wording in questionnaire.formerly.items():
            for text in wording.texts:
                self.texts.setdefault(_header_words(text), key)
        self.scored = frozenset(questionnaire.items)
        self.find = lru_cache(maxsize=MAX_REMEMBERED)(self._find)

    def _find(self, header: str) -> str | None:
        """Return the key of the question that a header names; grids put a title before it."""
        if (key := self.keys.get(header.strip().casefold())) is not None:
            return key
        words = _header_words(header)
        if key := self.texts.get(words):
            return key
        if header.rstrip().endswith("]"):
            for tail in _tails(words.rstrip("]"), "["):
                if key := self.texts.get(_header_words(tail)) or self.keys.get(tail.strip()):
                    return key
        return next((key for tail in _tails(words, " - ") if (key := self.texts.get(tail))), None)

    def count(self, header: Sequence[Sequence[str]]) -> int:
        """Return how many columns name a question."""
        return sum(any(map(self.find, cells)) for cells in zip(*header, strict=True))


def _header_words(text: str) -> str:
    """Return the text of a question as it is compared: without markup, numbering and marks of must and end."""
    words = plain_words(html.unescape(TAG.sub(lambda tag: " " if tag[1] else "", text))).strip(AROUND)
    return NUMBERING.sub("", words, count=1).strip(AROUND) if NUMBERING.match(words) else words


def _tails(text: str, mark: str) -> Iterator[str]:
    """Yield what is behind each of the first few marks."""
    parts = text.split(mark, 5)
    yield from (mark.join(parts[start:]) for start in range(1, len(parts)))


# --- Columns --------------------------------------------------------------------------------------


def match_columns(
    questionnaire: Questionnaire,
    header: Sequence[Sequence[str]],
    name: str,
    *,
    id_column: str | None = None,
    partial: bool = False,
    line: int = 1,
) -> Columns:
    """Find the questions and the ids among the columns of a table.

    Args:
        questionnaire: the questions.
        header: the rows of the header, all equally long.
        name: what the user calls the file.
        id_column: the header of the column of ids, or None to look for a usual one.
        partial: whether scored questions may have no column.
        line: where the header begins, 0 if that is no line of text.

    Raises:
        ProblemsFound: no question, two columns for one, none for a scored question, or no such column of ids.

    """
    finder = QuestionFinder(questionnaire)
    report = _Report(name, line)
    names = tuple(next(filter(str.strip, cells), "") for cells in zip(*header, strict=True))
    questions = _find_questions(finder, header, report)
    taken = set(questions.values())
    strange = [shorten(text) for index, text in enumerate(names) if text and index not in taken][
        :MAX_COMPARED
    ]
    if not questions:
        key = next(iter(finder.keys.values()), "")
        near = (did_you_mean(text, finder.keys) for text in strange)
        hint = next(filter(None, near), "") if len(names) > 1 else SEPARATE
        report.add(0, f"no column is a question: expected keys such as '{key}', or texts of questions", hint)
        raise ProblemsFound(report.problems)
    absent = tuple(key for key in questionnaire.items if key not in questions)
    if absent and not partial:
        share = f"{len(questions)} of {len(finder.keys)}"
        for message, hint in _told_absent(questionnaire, absent, strange, share):
            report.add(0, message, hint)
    ids = _id_columns(header, taken, id_column)
    _report_ids(ids, names, id_column, report)
    if report.problems:
        raise ProblemsFound(report.problems)
    return Columns(columns=names, questions=questions, absent=absent, id_column=ids[0] if ids else None)


class _Report:
    """Gathers what is wrong with a header, by column; where it is no line of text, the columns have no number."""

    def __init__(self, name: str, line: int) -> None:
        self.problems: list[Problem] = []
        self._name = name
        self._line = line

    def add(self, index: int, message: str, hint: str = "") -> None:
        """Note what is wrong with a column."""
        place = Place(self._name, self._line, index + 1 if self._line else 0)
        self.problems.append(Problem(place, message, hint))


def _find_questions(
    finder: QuestionFinder, header: Sequence[Sequence[str]], report: _Report
) -> dict[str, int]:
    """Return the position of each question that has a column."""
    questions: dict[str, int] = {}
    for index, cells in enumerate(zip(*header, strict=True)):
        found = dict.fromkeys(filter(None, map(finder.find, cells)))
        if len(found) > 1:
            report.add(index, f"the header names two questions, {' and '.join(map(repr, found))}")
        for key in found:
            if key in questions and len(found) == 1:
                what = f"a second column for the question '{key}', after column {questions[key] + 1}"
                report.add(index, what)
            questions.setdefault(key, index)
    return questions


def _told_absent(
    questionnaire: Questionnaire, absent: Sequence[str], strange: Sequence[str], share: str
) -> Iterator[tuple[str, str]]:
    """Yield a message and a hint for each question without a column, or one for all if they are many."""
    if len(absent) > MANY:
        some = ", ".join(f"'{key}'" for key in absent[:3])
        yield f"only {share} questions have a column; without one are {some}, ...", PARTIAL
        return
    for key in absent:
        hint = did_you_mean(key, strange) or did_you_mean(questionnaire.items[key].text, strange)
        yield f"no column is the question '{key}'", hint or PARTIAL


def _id_columns(header: Sequence[Sequence[str]], taken: Collection[int], name: str | None) -> list[int]:
    """Return the columns of ids, which should be one: those of that name, or like the first with a usual name."""
    columns = list(enumerate(zip(*header, strict=True)))
    if name is not None:
        exact = [index for index, cells in columns if name in cells]
        folded = name.strip().casefold()
        return exact or [i for i, cells in columns if folded in (cell.strip().casefold() for cell in cells)]
    free = [cells for index, cells in columns if index not in taken]
    # An email address tells people apart where nothing else does.
    usual = (
        cells for names in (IDS, EMAILS) for cells in free if any(_plain(cell) in names for cell in cells)
    )
    first = next(usual, None)
    return [index for index, cells in columns if cells == first]


def _report_ids(ids: Sequence[int], names: Sequence[str], wanted: str | None, report: _Report) -> None:
    """Report a column of ids that is not there, or not alone."""
    if wanted is not None and not ids:
        hint = did_you_mean(wanted, names[:MAX_COMPARED])
        report.add(0, f"no column is called '{shorten(wanted)}'", hint)
    if len(ids) > 1:
        report.add(ids[1], f"a second column of ids, '{shorten(names[ids[1]])}', after column {ids[0] + 1}")


def _plain(header: str) -> str:
    return re.sub(r"[\s_.-]", "", header.casefold())


def is_id(header: str) -> bool:
    """Tell whether a column has a usual name of ids."""
    return _plain(header) in IDS


IDS: Final = frozenset(_plain(name) for tool in TOOLS.values() for name in tool.ids)
EMAILS: Final = frozenset(_plain(name) for tool in TOOLS.values() for name in tool.emails)
BELOW: Final = frozenset(words for tool in TOOLS.values() for words in tool.below)
LAST_ROWS: Final = tuple(re.compile(tool.last) for tool in TOOLS.values() if tool.last)


# --- Rows of a header -----------------------------------------------------------------------------


def header_rows(finder: QuestionFinder, first: Sequence[Row]) -> Sequence[Row]:
    """Return those of the first rows that are the header: three in Qualtrics, two in SurveyMonkey, else one."""
    for last in range(len(first) - 1, 0, -1):
        filled = list(filter(str.strip, first[last].cells))
        if filled and any(all(map(pattern.match, filled)) for pattern in LAST_ROWS):
            return first[: last + 1]
    second = len(first) > 1 and _goes_on(finder, first[0].cells, first[1].cells)
    return first[: 2 if second else 1]


def _goes_on(finder: QuestionFinder, first: Sequence[str], second: Sequence[str]) -> bool:
    """Tell whether the second row belongs to the header, because it holds what nobody would answer."""
    if len(first) != len(second):
        # So a file tells Excel its delimiter.
        return first[0].startswith("sep=")
    above, below = list(map(finder.find, first)), list(map(finder.find, second))
    if not any(above):
        return any(below)
    marks = [plain_words(cell) in BELOW for cell in second]
    same = [key is not None and key == other for key, other in zip(above, below, strict=True)]
    answers = (
        cell
        for key, cell, mark, again in zip(above, second, marks, same, strict=True)
        if key and not (mark or again)
    )
    return any(marks + same) and not any(map(str.strip, answers))


def header_cells(finder: QuestionFinder, rows: Sequence[Row]) -> list[Sequence[str]]:
    """Return the rows of the header that are as wide as the one that names the questions."""
    cells = [row.cells for row in rows]
    width = len(max(cells, key=lambda row: (finder.count([row]), len(row)), default=[]))
    return [row for row in cells if len(row) == width]


def refuse_unreadable(header: Sequence[Sequence[str]], place: Place) -> None:
    """Refuse a damaged header: a column that it hides would be missed in every row."""
    for cell in chain.from_iterable(header):
        if NO_TEXT.search(cell):
            message = f"the header '{shorten(whole_characters(cell))}' holds what is no text"
            raise ProblemsFound([Problem(place, message)])
