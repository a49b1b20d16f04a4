"""What survey tools call their columns, and which column of a table is which question; reads no files."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, NamedTuple

from mopscli.assessment.questionnaire import Questionnaire
from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.survey.cells import NO_TEXT, Row, whole_characters
from mopscli.survey.titles import Named, QuestionFinder
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
# What our own forms call the column of ids.
ID_LABEL: Final = "The id of your answers"
# So many rows a header may have, and among so many of the first ones it is looked for.
HEADER_ROWS: Final = 3
FIRST_ROWS: Final = 30
# What the columns of a summary are called, and the questions of tools that export codes.
SUMMARY: Final = frozenset(
    (
        "answer choices",
        "responses",
        "response count",
        "response percent",
        "percent",
        "percentage",
        "frequency",
        "%",
    )
)
CODE: Final = re.compile(r"(?:G\d+)?Q\d+(?:[_\[]\w+\]?)?|QID\d+\w*|[vV](?:ar)?_?\d+|question_?\d+")
# From so many questions without a column on, one sentence is enough.
MANY: Final = 5
PARTIAL: Final = "score without it by --partial"
SEPARATE: Final = "separate the columns by commas, semicolons or tabs"
MAX_COMPARED: Final = 100


@dataclass(frozen=True, kw_only=True)
class Columns:
    """What the columns of a table are.

    Attributes:
        columns: the header of each column.
        questions: question key to position, for scored and context questions, in the order of the columns.
        absent: scored questions without a column.
        id_column: the position of the column of ids, if there is one.
        nameless: the positions of columns without a name, where nothing may stand; a first one counts the rows.
        notes: what was found out about the file that nobody should have to guess, in sentences.

    """

    columns: tuple[str, ...]
    questions: Mapping[str, int]
    absent: tuple[str, ...]
    id_column: int | None
    nameless: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


# --- Columns --------------------------------------------------------------------------------------


def match_columns(
    questionnaire: Questionnaire,
    header: Sequence[Sequence[str]],
    name: str,
    *,
    id_column: str | None = None,
    partial: bool = False,
    line: int = 1,
    rows: Callable[[], Iterator[Sequence[str]]] | None = None,
) -> Columns:
    """Find the questions and the ids among the columns of a table.

    Args:
        questionnaire: the questions.
        header: the rows of the header, all equally long.
        name: what the user calls the file.
        id_column: the header of the column of ids, or None to look for a usual one.
        partial: whether scored questions may have no column.
        line: where the header begins, 0 if that is no line of text.
        rows: yields the cells of each row below, where a header alone does not tell what its column is.

    Raises:
        ProblemsFound: no question, two columns for one, none for a scored question, or no such column of ids.

    """
    finder = QuestionFinder(questionnaire)
    report = _Report(name, line)
    names = tuple(next(filter(str.strip, cells), "").strip("\ufeff") for cells in zip(*header, strict=True))
    questions, twins = _find_questions(finder, header, report)
    _settle_twins(questions, twins, rows, report)
    taken = {*questions.values(), *chain.from_iterable(twins.values())}
    strange = [shorten(text) for index, text in enumerate(names) if text and index not in taken][
        :MAX_COMPARED
    ]
    if not questions:
        key = next(iter(finder.keys.values()), "")
        hint = why_no_question(finder, names)
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
    if ids and id_column is None and rows and _is_email(header, ids[0]) and not _tells_apart(rows(), ids[0]):
        report.notes.append(
            f"The column '{shorten(names[ids[0]])}' is not filled in by everybody, so people go by their row; "
            "--id COLUMN names another."
        )
        ids = []
    return Columns(
        columns=names,
        questions=questions,
        absent=absent,
        id_column=ids[0] if ids else None,
        nameless=tuple(index for index, text in enumerate(names) if index and not text.strip()),
        notes=tuple(report.notes),
    )


class _Report:
    """Gathers what is wrong with a header, by column; where it is no line of text, the columns have no number."""

    def __init__(self, name: str, line: int) -> None:
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self._name = name
        self._line = line

    def add(self, index: int, message: str, hint: str = "") -> None:
        """Note what is wrong with a column."""
        place = Place(self._name, self._line, index + 1 if self._line else 0)
        self.problems.append(Problem(place, message, hint))


def _find_questions(
    finder: QuestionFinder, header: Sequence[Sequence[str]], report: _Report
) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Return the position of each question that has a column, and those of further columns for it."""
    columns: list[dict[str, Named]] = []
    for index, cells in enumerate(zip(*header, strict=True)):
        found: dict[str, Named] = {}
        for one in filter(None, map(finder.named, cells)):
            if one.by != "twin" and (one.key not in found or one.by == "text"):
                found[one.key] = one
        if len(found) > 1:
            report.add(index, f"the header names two questions, {' and '.join(map(repr, found))}")
        columns.append(found)
    own = set(_own_columns(finder, columns))
    for index in sorted(own):
        name = next(filter(str.strip, (row[index] for row in header)), "")
        report.notes.append(f"The column '{shorten(name)}' is taken for one of your own, and is no question.")
    questions: dict[str, int] = {}
    twins: dict[str, list[int]] = {}
    for index, found in enumerate(columns):
        for key in found if index not in own else ():
            if key in questions:
                twins.setdefault(key, []).append(index)
            questions.setdefault(key, index)
    numbered: dict[str, list[int]] = {}
    for index, cells in enumerate(zip(*header, strict=True)):
        two = next((one for one in map(finder.named, cells) if one and one.by == "twin"), None)
        if two and not columns[index]:
            numbered.setdefault(two.key, []).append(index)
    for key, places in numbered.items():
        if key in questions:
            twins.setdefault(key, []).extend(places)
        elif len(places) > 1:
            questions[key], twins[key] = places[0], places[1:]
    return dict(sorted(questions.items(), key=lambda item: item[1])), twins


def _own_columns(finder: QuestionFinder, columns: Sequence[Mapping[str, Named]]) -> Iterator[int]:
    """Yield the columns that are the user's own, although they are called like the key of a question.

    Keys are headers where most questions stand by them. A path to a key is one where another column has it too.
    """
    single = [next(iter(found.values())) if len(found) == 1 else None for found in columns]
    texts = sum(one is not None and one.by == "text" for one in single)
    keys = [one for one in single if one and one.by in ("key", "path")]
    paths = Counter(one.path for one in keys if one.by == "path")
    exact = any(one.exact and one.key in finder.scored for one in keys)
    for index, one in enumerate(single):
        if one is None or one.by == "text":
            continue
        alone = one.by == "path" and not one.path.endswith("/") and paths[one.path] < 2
        tie = texts == len(keys) and not one.exact
        # What no score uses must not cost anybody a score.
        unsure = one.key not in finder.scored and exact and not one.exact
        if texts > len(keys) or alone or tie or unsure:
            yield index


def _settle_twins(
    questions: dict[str, int],
    twins: Mapping[str, list[int]],
    rows: Callable[[], Iterator[Sequence[str]]] | None,
    report: _Report,
) -> None:
    """Report further columns for a question, unless only one of its columns holds anything."""
    if not twins:
        return
    filled: set[int] | None = None
    if rows is not None:
        filled = set()
        for cells in rows():
            filled.update(index for index, cell in enumerate(cells) if cell.strip())
    for key, others in twins.items():
        places = sorted([questions[key], *others])
        used = places if filled is None else [place for place in places if place in filled]
        if len(used) > 1 or filled is None:
            what = f"a second column for the question '{key}', after column {places[0] + 1}"
            report.add(used[1], what)
        else:
            questions[key] = used[0] if used else places[0]


def _told_absent(
    questionnaire: Questionnaire, absent: Sequence[str], strange: Sequence[str], share: str
) -> Iterator[tuple[str, str]]:
    """Yield a message and a hint for each question without a column, or one for all if they are many."""
    if len(absent) > MANY:
        some = ", ".join(f"'{key}'" for key in absent[:3])
        yield f"only {share} questions have a column; without one are {some}, ...", _renamed(strange, absent)
        return
    for key in absent:
        hint = did_you_mean(key, strange) or did_you_mean(questionnaire.items[key].text, strange)
        yield f"no column is the question '{key}'", hint or PARTIAL


def _renamed(strange: Sequence[str], absent: Sequence[str]) -> str:
    """Return what to do about many questions without a column: columns may have been renamed."""
    if 2 * len(strange) < len(absent):
        return PARTIAL
    some = " and ".join(f"'{text}'" for text in strange[:2])
    return f"columns such as {some} are no questions: call them by the keys or the texts of the questions"


def _id_columns(header: Sequence[Sequence[str]], taken: Collection[int], name: str | None) -> list[int]:
    """Return the columns of ids, which should be one: those of that name, or like the first with a usual name."""
    columns = list(enumerate(zip(*header, strict=True)))
    if name is not None:
        exact = [index for index, cells in columns if name in cells]
        folded = name.strip().casefold()
        return exact or [i for i, cells in columns if folded in (cell.strip().casefold() for cell in cells)]
    free = [cells for index, cells in columns if index not in taken]
    # What our own form asks for comes first, and an email address tells people apart where nothing else does.
    usual = (
        cells
        for names in (OWN_IDS, IDS, EMAILS)
        for cells in free
        if any(_plain(cell) in names for cell in cells)
    )
    first = next(usual, None)
    return [index for index, cells in columns if cells == first]


def _is_email(header: Sequence[Sequence[str]], index: int) -> bool:
    return not any(is_id(row[index]) for row in header)


def _tells_apart(rows: Iterable[Sequence[str]], index: int) -> bool:
    """Tell whether everybody has an address in a column."""
    return all("@" in cells[index] for cells in rows if len(cells) > index and any(map(str.strip, cells)))


def _report_ids(ids: Sequence[int], names: Sequence[str], wanted: str | None, report: _Report) -> None:
    """Report a column of ids that is not there, or not alone."""
    if wanted is not None and not ids:
        hint = did_you_mean(wanted, names[:MAX_COMPARED])
        report.add(0, f"no column is called '{shorten(wanted)}'", hint)
    if len(ids) > 1:
        report.add(ids[1], f"a second column of ids, '{shorten(names[ids[1]])}', after column {ids[0] + 1}")


def _plain(header: str) -> str:
    return re.sub(r"[\s_.-]", "", plain_words(header))


def is_id(header: str) -> bool:
    """Tell whether a column has a usual name of ids."""
    return _plain(header) in OWN_IDS | IDS


OWN_IDS: Final = frozenset([_plain(ID_LABEL)])
IDS: Final = frozenset(_plain(name) for tool in TOOLS.values() for name in tool.ids)
EMAILS: Final = frozenset(_plain(name) for tool in TOOLS.values() for name in tool.emails)
BELOW: Final = frozenset(words for tool in TOOLS.values() for words in tool.below)
LAST_ROWS: Final = tuple(re.compile(tool.last) for tool in TOOLS.values() if tool.last)


# --- Why a header names no question ---------------------------------------------------------------


def why_no_question(finder: QuestionFinder, names: Sequence[str]) -> str:
    """Return the likeliest cause why no column is a question, and what to do."""
    filled = [text for text in names if text.strip()]
    if len(filled) < 2:
        return SEPARATE
    if any(plain_words(text) in SUMMARY for text in filled):
        return "this looks like a summary: export the responses, one row for each person"
    if codes := [text for text in filled if CODE.fullmatch(text.strip())]:
        return f"'{codes[0]}' is a code of the tool: export with the texts of the questions"
    near = (did_you_mean(shorten(text), finder.keys) for text in filled[:MAX_COMPARED])
    if hint := next(filter(None, near), ""):
        return hint
    seen = ", ".join(f"'{shorten(text, 25)}'" for text in filled[:3])
    return f"the columns are {seen}{', ...' if len(filled) > 3 else ''}"


# --- Rows of a header -----------------------------------------------------------------------------


def find_header(finder: QuestionFinder, first: Sequence[Row]) -> Sequence[Row]:
    """Return those of the first rows that are the header, which may stand below a title."""
    counts = [finder.count([row.cells]) for row in first]
    for start, row in enumerate(first):
        cells = list(filter(str.strip, row.cells))
        alone = len(cells) < 2 and any(counts[start + 1 :]) and not row.cells[0].startswith("sep=")
        if not cells or alone:
            continue
        rows = _header_rows(finder, first[start : start + HEADER_ROWS])
        if finder.count(header_cells(finder, rows)):
            return rows
    return _header_rows(finder, first[:HEADER_ROWS])


def above_the_header(first: Sequence[Row], header: Sequence[Row]) -> Row | None:
    """Return a row above the header that may be of a person, as it has so many cells."""
    least = max(2, len([cell for cell in header[0].cells if cell.strip()]) // 2) if header else 0
    above = (row for row in first if row.line < header[0].line)
    return next((row for row in above if len(list(filter(str.strip, row.cells))) > least), None)


def _header_rows(finder: QuestionFinder, first: Sequence[Row]) -> Sequence[Row]:
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
