"""How a file of respondents is written: its kind, encoding, dialect, sheet and columns; knows no answers.

Dialect and header rows are those under which the expected questions are found; nothing is guessed from the answers.
"""

import csv
import re
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial as bound
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, Literal

from mopscli.assessment.questionnaire import Choices, Questionnaire, choices_of, value_of
from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.survey.cells import (
    MAX_HEADER,
    QUOTE,
    WIDE,
    Row,
    Stamp,
    cells_of_any_size,
    no_more_than,
    open_text,
    read_object,
    refuse_changed,
    stamp_of,
    swallows_row,
    telling_errors,
)
from mopscli.survey.encodings import (
    WORKBOOKS,
    Scan,
    best_encoding,
    checked_encoding,
    is_utf_8,
    marked_encoding,
    refuse_other_kinds,
    scan_bytes,
)
from mopscli.survey.header import (
    FIRST_ROWS,
    Columns,
    above_the_header,
    find_header,
    header_cells,
    match_columns,
    refuse_unreadable,
)
from mopscli.survey.nobody import is_blank
from mopscli.survey.titles import QuestionFinder
from mopscli.survey.ways import foreign_columns, is_short, sample, worded_questions
from mopscli.survey.workbook import read_workbook, sheet_rows
from mopscli.text import plain_words, shorten

SourceKind = Literal["csv", "jsonl", "xlsx", "parquet"]

FIRST: Final = "put the header first, and delete what else stands above it"
# A cell with no more characters tells nothing of the encoding.
LETTERS: Final = 4
DELIMITERS: Final = (",", ";", "\t")


JSON_LIST: Final = re.compile(r"\s*\[\s*(?:\{|$)")


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a file is written.

    Attributes:
        kind: what it is, by its content; "xlsx" is any workbook, "parquet" is only read by others.
        header: the rows of its header.
        delimiter: what is between the cells of a CSV file.
        encoding: a name that Python knows; a byte order mark is not part of it.
        newline: how its first line ends.
        sheet: the position of the sheet in a workbook.
        below: the first rows below the header.
        guessed: whether nothing tells the encoding.

    """

    kind: SourceKind
    header: Sequence[Row] = ()
    delimiter: str = ""
    encoding: str = ""
    newline: str = ""
    sheet: int = 0
    below: Sequence[Row] = ()
    guessed: bool = False

    @property
    def first_line(self) -> int:
        """The line of the first record after the header."""
        return self.header[-1].end + 1 if self.header else 1


@dataclass(frozen=True, kw_only=True)
class Survey(Columns, Layout):
    """A file of respondents whose layout and columns are known.

    Attributes:
        path: where it lies.
        name: as the user calls it.
        missing: what means no answer, besides nothing at all, in lower case.
        plain: each line of it is one record of valid UTF-8, which may be split at the delimiter if it holds no
            quote; what holds one can be read by itself.
        rows: how many records a plain file has.
        stamp: what tells whether it changes while it is read.
        worded: the questions that are answered by words, where a letter is what was left of them.

    """

    path: Path
    name: str
    missing: frozenset[str] = frozenset()
    plain: bool = False
    rows: int = 0
    stamp: Stamp | None = None

    def refuse_changed(self) -> None:
        """Raise ProblemsFound if the file is not the one any more that was opened."""
        refuse_changed(self.path, self.name, self.stamp)

    worded: frozenset[str] = frozenset()


def folded(missing: Collection[str]) -> frozenset[str]:
    """Return texts that mean no answer as they are compared."""
    return frozenset(text.strip().casefold() for text in missing)


# --- Opening --------------------------------------------------------------------------------------


def open_survey(
    questionnaire: Questionnaire,
    path: Path,
    name: str,
    *,
    id_column: str | None = None,
    partial: bool = False,
    encoding: str | None = None,
    missing: Collection[str] = (),
) -> Survey:
    """Find out how a file of respondents is written, and which column is which question.

    Args:
        questionnaire: the questions.
        path: a regular file, whatever its name ends with.
        name: what the user calls it.
        id_column: the header of the column of ids, or None to look for a usual one.
        partial: whether scored questions may have no column.
        encoding: the encoding of its text, or None to find it out.
        missing: what means no answer, besides nothing at all.

    Raises:
        ProblemsFound: the file cannot be read, or its columns are not those of the questionnaire.

    """
    with telling_errors(name):
        stamp = stamp_of(path)
    finder = QuestionFinder(questionnaire)
    layout, scan = _layout_of(finder, choices_of(questionnaire), path, name, encoding)
    columns = _columns_of(questionnaire, finder, layout, path, name, id_column, partial=partial)
    absent = folded(missing)
    rows = sample(cells_below(layout, path), len(columns.columns)) if layout.kind != "jsonl" else []
    columns, worded = told_by_rows(questionnaire, columns, rows, absent)
    if layout.guessed and _is_told_by_nothing(layout, columns, path):
        note = f"Nothing tells the encoding, so {layout.encoding} was guessed; --encoding NAME settles it."
        columns = replace(columns, notes=(*columns.notes, note))
    plain = scan is not None and _is_split(layout, columns, scan)
    return Survey(
        **vars(layout),
        **vars(columns),
        path=path,
        name=name,
        missing=absent,
        plain=plain,
        rows=scan.lines - layout.first_line + 1 if plain and scan else 0,
        stamp=stamp,
        worded=worded,
    )


def told_by_rows(
    questionnaire: Questionnaire, columns: Columns, rows: Sequence[Sequence[str]], missing: frozenset[str]
) -> tuple[Columns, frozenset[str]]:
    """Return what the columns are, as the first rows tell, and the questions that are answered by words.

    Those called like a question that no score uses, which hold something else, are the user's own.
    """
    columns = _without_foreign(questionnaire, columns, rows, missing)
    return columns, worded_questions(rows, columns.questions, choices_of(questionnaire))


def _without_foreign(
    questionnaire: Questionnaire, columns: Columns, rows: Sequence[Sequence[str]], missing: frozenset[str]
) -> Columns:
    """Return columns without those called like a question that no score uses, which hold something else."""
    context = {key: place for key, place in columns.questions.items() if key in questionnaire.context}
    foreign = foreign_columns(rows, context, choices_of(questionnaire), missing)
    if not foreign:
        return columns
    notes = tuple(
        f"The column '{shorten(columns.columns[context[key]])}' is taken for one of your own, and is no question."
        for key in foreign
    )
    rest = {key: place for key, place in columns.questions.items() if key not in foreign}
    return replace(columns, questions=rest, notes=(*columns.notes, *notes))


def _is_told_by_nothing(layout: Layout, columns: Columns, path: Path) -> bool:
    """Tell whether ids or other texts than answers depend on an encoding that was guessed."""
    answers = set(columns.questions.values())
    return any(
        not cell.isascii() and place not in answers
        for cells in cells_below(layout, path)
        for place, cell in enumerate(cells)
    )


def _layout_of(
    finder: QuestionFinder, choices: Choices, path: Path, name: str, encoding: str | None
) -> tuple[Layout, Scan | None]:
    """Return how a file is written, and what its bytes tell if they may be UTF-8."""
    scan = None
    with telling_errors(name), path.open("rb") as file:
        head = file.read(4096)
        if head.startswith(WORKBOOKS):
            return _workbook_layout(finder, file, name), None
        refuse_other_kinds(head, name)
        known = checked_encoding(encoding, name) if encoding else marked_encoding(head)
        if known in ("", "utf-8"):
            scan = scan_bytes(file)
        if known or is_utf_8(path, scan):
            return _text_layout(finder, path, name, known or "utf-8"), scan
        found = best_encoding(bound(_known_cells, finder, choices, path))
        return replace(_text_layout(finder, path, name, found), guessed=True), scan


def _known_cells(finder: QuestionFinder, choices: Choices, path: Path, encoding: str) -> tuple[int, ...]:
    """Return how many questions and answers stand at the beginning of a file in an encoding."""
    best = (0, 0)
    for delimiter in DELIMITERS:
        with open_text(path, encoding) as lines:
            rows = _first_rows(lines, delimiter)
        header = header_cells(finder, find_header(finder, rows))
        keys = [next(filter(None, map(finder.find, cells)), None) for cells in zip(*header, strict=True)]
        answers = [
            value_of(cell, choices[key])
            for row in rows
            for key, cell in zip(keys, row.cells, strict=False)
            if key and not cell.isascii() and len(plain_words(cell)) > LETTERS
        ]
        best = max(best, (len(list(filter(None, keys))), len([x for x in answers if x is not None])))
    return best


def _columns_of(
    questionnaire: Questionnaire,
    finder: QuestionFinder,
    layout: Layout,
    path: Path,
    name: str,
    id_column: str | None,
    *,
    partial: bool,
) -> Columns:
    """Return what the columns of a file are; JSON has one for each question, whether it was seen or not."""
    header = header_cells(finder, layout.header)
    line = layout.header[0].line
    refuse_unreadable(header, Place(name, line, 1))
    if layout.kind != "jsonl":
        columns = match_columns(
            questionnaire,
            header,
            name,
            id_column=id_column,
            partial=partial,
            line=line,
            rows=bound(cells_below, layout, path),
        )
        _refuse_person_in_header(questionnaire, finder, columns, layout, name)
        _refuse_spread(questionnaire, columns, layout, name)
        return columns
    # Nobody can tell from one object of JSON which keys the others have.
    columns = match_columns(questionnaire, header, name, id_column=id_column, partial=True, line=line)
    return _with_every_question(columns, questionnaire)


def _refuse_person_in_header(
    questionnaire: Questionnaire, finder: QuestionFinder, columns: Columns, layout: Layout, name: str
) -> None:
    """Refuse a header whose first row holds answers: it is somebody who stands above it."""
    first, choices = layout.header[0], choices_of(questionnaire)
    if (
        len(layout.header) < 2
        or len(first.cells) < len(columns.columns)
        or any(map(finder.find, first.cells))
    ):
        return
    cells = {key: text for key, place in columns.questions.items() if (text := first.cells[place].strip())}
    answered = cells and all(value_of(text, choices[key]) is not None for key, text in cells.items())
    # Some tools number the questions in a row of their own.
    if answered and list(cells.values()) != [str(number) for number in range(1, len(cells) + 1)]:
        last = layout.header[-1].line
        message = f"line {last} looks like the header, but line {first.line} above it may be a person"
        raise ProblemsFound([Problem(Place(name, first.line, 1), message, FIRST)])


def _refuse_spread(questionnaire: Questionnaire, columns: Columns, layout: Layout, name: str) -> None:
    """Refuse a question with a column for each of its options, named in the row below the header."""
    choices = choices_of(questionnaire)
    row = layout.below[0] if layout.below else None
    for key, place in columns.questions.items():
        last = place
        while last + 1 in columns.nameless:
            last += 1
        cells = row.cells[place : last + 1] if row else ()
        filled = list(filter(str.strip, cells))
        named = len(set(filled)) == len(filled) > 1 and not any(map(is_short, filled))
        if row and named and all(value_of(cell, choices[key]) is not None for cell in filled):
            message = (
                f"the question '{key}' is spread over columns {place + 1} to {last + 1}, one for each option"
            )
            hint = "let people choose one answer, or export one column for each question"
            raise ProblemsFound([Problem(Place(name, row.line, place + 1), message, hint)])


def cells_below(layout: Layout, path: Path) -> Iterator[Sequence[str]]:
    """Yield the cells of each row below the header, as far as they can be told apart line by line."""
    if layout.kind == "xlsx":
        with path.open("rb") as file, read_workbook(file, path.name) as workbook:
            yield from (
                row.cells for row in sheet_rows(workbook, layout.sheet) if row.line >= layout.first_line
            )
        return
    with open_text(path, layout.encoding) as lines, cells_of_any_size():
        for line in islice(lines, layout.first_line - 1, None):
            if '"' not in line:
                yield line.rstrip("\r\n").split(layout.delimiter)
            else:
                with suppress(csv.Error):
                    yield next(csv.reader([line], delimiter=layout.delimiter))


def _with_every_question(columns: Columns, questionnaire: Questionnaire) -> Columns:
    """Add a column for each question that the first object of JSON has no key for, as others may have one."""
    rest = [key for key in (*questionnaire.items, *questionnaire.context) if key not in columns.questions]
    questions = {**columns.questions, **{key: len(columns.columns) + n for n, key in enumerate(rest)}}
    return replace(columns, columns=(*columns.columns, *rest), questions=questions, absent=())


def _is_split(layout: Layout, columns: Columns, scan: Scan) -> bool:
    """Tell whether each line is a record: in the bytes, in the header, and at the end, where nothing is cut off."""
    if layout.kind != "csv" or not scan.plain or layout.header[-1].end != len(layout.header):
        return False
    if columns.nameless:
        return False
    last = scan.tail.decode().split(layout.delimiter)[-1]
    return not scan.tail or bool(last.strip()) or len(columns.columns) - 1 not in columns.questions.values()


# --- Layouts --------------------------------------------------------------------------------------


def _text_layout(finder: QuestionFinder, path: Path, name: str, encoding: str) -> Layout:
    with open_text(path, encoding) as lines:
        first = next(filter(str.strip, lines), "")
        if encoding.startswith(WIDE):
            # Such a file breaks as a whole, which is better told now than after half of its rows.
            deque(lines, maxlen=0)
    if not first:
        raise ProblemsFound([Problem(Place(name), "the file is empty")])
    if JSON_LIST.match(first):
        raise ProblemsFound([Problem(Place(name), "a list in JSON is not read", "write one object a line")])
    if first.lstrip().startswith("{"):
        layout = _json_layout(path, name, encoding)
    else:
        layout = _csv_layout(finder, path, name, encoding)
    return replace(layout, encoding=encoding, newline=first[len(first.rstrip("\r\n")) :] or "\n")


def _csv_layout(finder: QuestionFinder, path: Path, name: str, encoding: str) -> Layout:
    """Take the delimiter under which the header names the most questions."""
    layouts = []
    for delimiter in DELIMITERS:
        with open_text(path, encoding) as lines:
            first = _first_rows(lines, delimiter)
        rows = find_header(finder, first)
        header = header_cells(finder, rows)
        layouts.append((finder.count(header), len(header[0]) if header else 0, delimiter, rows, first))
    count, _, delimiter, rows, first = max(layouts, key=lambda layout: layout[:2])
    broken = [row for row in rows if swallows_row(row.cells, delimiter)]
    if broken or (not count and _is_broken(path, encoding, delimiter)):
        line = broken[0].line if broken else 1
        raise ProblemsFound([Problem(Place(name, line, 1), f"the header is not valid CSV: {QUOTE}")])
    if count and (row := above_the_header(first, rows)):
        message = f"line {rows[0].line} looks like the header, but line {row.line} above it may be a person"
        raise ProblemsFound([Problem(Place(name, row.line, 1), message, FIRST)])
    last = rows[-1].line if rows else 0
    below = [row for row in first if row.line > last]
    return Layout(kind="csv", header=rows, delimiter=delimiter, below=below)


def _is_broken(path: Path, encoding: str, delimiter: str) -> bool:
    """Tell whether a quote in the first line is never closed, or stands where none may."""
    with open_text(path, encoding) as lines:
        line = next(filter(str.strip, lines), "")
        text = "".join([line, *islice(lines, 10)]) if line.count('"') % 2 else line
    most = max(DELIMITERS, key=line.count) if '"' in line else delimiter
    return not _first_rows(iter(text.splitlines(keepends=True)), most)


def _first_rows(lines: Iterator[str], delimiter: str) -> list[Row]:
    """Return the first few records that are not blank, as far as they can be read."""
    records: list[Row] = []
    rows = csv.reader(no_more_than(MAX_HEADER, lines), delimiter=delimiter, strict=True)
    line = 1
    with cells_of_any_size(), suppress(csv.Error):
        for cells in rows:
            if not is_blank(cells):
                records.append(Row(line, rows.line_num, cells))
            if len(records) == FIRST_ROWS:
                break
            line = rows.line_num + 1
    return records


def _json_layout(path: Path, name: str, encoding: str) -> Layout:
    """Take the keys of the first object for the header."""
    with open_text(path, encoding) as lines:
        problem = None
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    return Layout(kind="jsonl", header=[Row(number, 0, list(read_object(line)))])
                except ValueError as error:
                    problem = problem or Problem(Place(name, number, 1), str(error))
    raise ProblemsFound(filter(None, [problem]))


def _workbook_layout(finder: QuestionFinder, file: BinaryIO, name: str) -> Layout:
    """Take the sheet whose header names the most questions; a second one with as many would be lost."""
    found: list[tuple[int, Layout]] = []
    with read_workbook(file, name) as workbook:
        titles = workbook.sheet_names
        for sheet in range(len(titles)):
            first = list(islice(sheet_rows(workbook, sheet), FIRST_ROWS))
            if rows := find_header(finder, first):
                below = [row for row in first if row.line > rows[-1].line]
                layout = Layout(kind="xlsx", header=rows, sheet=sheet, below=below)
                found.append((finder.count(header_cells(finder, rows)), layout))
    if not found:
        raise ProblemsFound([Problem(Place(name), "the file is empty")])
    most, best = max(found, key=lambda one: one[0])
    rival = next((layout for count, layout in found if 0 < most <= 2 * count and layout is not best), None)
    if rival:
        both = f"'{shorten(titles[best.sheet])}' and '{shorten(titles[rival.sheet])}'"
        message = f"the sheets {both} both hold answers, and one would be left out"
        raise ProblemsFound([Problem(Place(name), message, "save each sheet as a file of its own")])
    return best
