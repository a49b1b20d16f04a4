"""The lines of a plain file of text taken apart: the digit of each answer, ids and what is kept; needs numpy."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from mopscli.assessment.arrays import Array
from mopscli.assessment.questionnaire import NO_ANSWER, Questionnaire, choices_of
from mopscli.batch.codes import usual_spellings
from mopscli.survey.replies import CsvReplies
from mopscli.survey.rows import Reply
from mopscli.survey.source import Survey

# So many bytes are taken apart at a time: few blocks, as each costs the database some milliseconds.
BLOCK: Final = 1 << 22
# What stands for the first byte of a cell without any, and of one with more; neither is in a plain file.
EMPTY, LONGER = 0, 1
UNKNOWN: Final = 255


class Block(NamedTuple):
    """Whole lines of a file, and the number of the first."""

    first: int
    content: bytes


class Read(NamedTuple):
    """What the lines of a block say: digits by question, ids and kept cells, each with an element a line.

    `doubtful` are the places of the lines that only the reader of single rows can tell; `replies` is what it told.
    """

    digits: Mapping[str, Array]
    ids: Array
    kept: Sequence[Array]
    doubtful: Array
    replies: Sequence[Reply]


class LineReader:
    """Takes apart blocks of lines; what is not spelled as usual is left to the reader of single rows."""

    def __init__(self, survey: Survey, questionnaire: Questionnaire, kept: Sequence[int]) -> None:
        """Get ready to read; `kept` are the columns to copy."""
        self._survey = survey
        self._kept = kept
        self._rows = CsvReplies(survey, questionnaire)
        choices = choices_of(questionnaire)
        self._spellings: dict[str, Mapping[bytes, int]] = {}
        self._digits: dict[str, Array] = {}
        for key in survey.questions:
            missing, worded = (*survey.missing, NO_ANSWER), key in survey.worded
            usual = usual_spellings(choices[key], missing, worded=worded)
            self._spellings[key] = {text.encode(): digit for text, digit in usual.items()}
            self._digits[key] = np.full(256, UNKNOWN, np.uint8)
            self._digits[key][EMPTY] = 0
            for text, digit in self._spellings[key].items():
                if len(text) == 1:
                    self._digits[key][text[0]] = digit

    def blocks(self) -> Iterator[Block]:
        """Yield the lines after the header."""
        line = self._survey.first_line
        with self._survey.path.open("rb") as file:
            for _ in range(line - 1):
                file.readline()
            while content := file.read(BLOCK) + file.readline():
                if not content.endswith(b"\n"):
                    content += self._survey.newline.encode()
                yield Block(line, content)
                line += content.count(b"\n")

    def read(self, block: Block) -> Read:
        """Return what a block says."""
        content, newline = block.content, self._survey.newline.encode()
        delimiter, width = self._survey.delimiter.encode(), len(self._survey.columns)
        cells = _Cells(content, delimiter, newline, width)
        doubtful = np.zeros(content.count(b"\n"), bool)
        if not cells.regular or b'"' in content:
            lines = content.split(newline)[:-1]
            whole = np.array([line.count(delimiter) == width - 1 for line in lines], bool)
            doubtful = ~whole | np.array([b'"' in line for line in lines], bool)
            # A line with more cells or less counts as empty here.
            fitting = zip(lines, whole.tolist(), strict=True)
            same = [line if fits else delimiter * (width - 1) for line, fits in fitting]
            cells = _Cells(newline.join([*same, b""]), delimiter, newline, width)
        digits = {}
        for key, place in self._survey.questions.items():
            digits[key] = cells.digits(place, self._digits[key], self._spellings[key])
            doubtful |= digits[key] == UNKNOWN
        column = self._survey.id_column
        ids = np.full(len(doubtful), "", object) if column is None else cells.texts(column)
        if column is not None:
            doubtful |= np.array([not text or text.isspace() for text in ids], bool)
        places = np.flatnonzero(doubtful)
        lines = content.split(newline) if len(places) else []
        replies = [
            self._rows.read_line(block.first + place, lines[place].decode()) for place in places.tolist()
        ]
        return Read(digits, ids, [cells.texts(place) for place in self._kept], places, replies)


class _Cells:
    """The cells of lines; if `regular`, all lines have as many as they should."""

    def __init__(self, content: bytes, delimiter: bytes, newline: bytes, width: int) -> None:
        self._content = content
        self._text = content.decode() if content.isascii() else None
        self._width = width
        self._gap = len(newline) - 1
        given = np.frombuffer(content, np.uint8)
        ends = (given == ord(delimiter)) | (given == newline[-1])
        behind = ends | (given == newline[0]) if self._gap else ends
        # For each byte that begins a cell: itself, if the cell has no other.
        first = np.full(len(given), EMPTY, np.uint8)
        np.copyto(first[:-1], np.where(behind[1:], given[:-1], np.uint8(LONGER)), where=~behind[:-1])
        self._ends = np.flatnonzero(ends)
        last = given[self._ends[width - 1 :: width]]
        self.regular = len(self._ends) == len(last) * width and bool((last == newline[-1]).all())
        self.regular &= len(last) == content.count(b"\n")
        self._first = np.empty(len(self._ends), np.uint8)
        self._first[0] = first[0]
        self._first[1:] = first[1:][self._ends[:-1]]
        if self.regular:
            self._first = np.ascontiguousarray(self._first.reshape(-1, width).T)

    def digits(self, column: int, by_byte: Array, spellings: Mapping[bytes, int]) -> Array:
        """Return the digits of a column, UNKNOWN for what is not spelled as usual."""
        digits: Array = by_byte[self._first[column]]
        longer = np.flatnonzero(digits == UNKNOWN)
        if len(longer):
            places = self._places(column, longer)
            digits[longer] = [spellings.get(self._content[start:end], UNKNOWN) for start, end in places]
        return digits

    def texts(self, column: int) -> Array:
        """Return the texts of a column."""
        places = self._places(column, np.arange(len(self._ends) // self._width))
        if self._text is not None:
            texts = [self._text[start:end] for start, end in places]
        else:
            texts = [self._content[start:end].decode() for start, end in places]
        return np.array(texts, object)

    def _places(self, column: int, lines: Array) -> Iterator[tuple[int, int]]:
        """Return where the cells of a column begin and end in some lines."""
        cells = lines * self._width + column
        starts = np.where(cells > 0, self._ends[cells - 1] + 1, 0)
        ends = self._ends[cells] - (self._gap if column == self._width - 1 else 0)
        return zip(starts.tolist(), ends.tolist(), strict=True)
