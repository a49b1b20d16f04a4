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
            usual = usual_spellings(choices[key], (*survey.missing, NO_ANSWER))
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
        lines = content.split(newline)[:-1]
        width = len(self._survey.columns)
        delimiter = self._survey.delimiter.encode()
        whole = np.array([line.count(delimiter) == width - 1 for line in lines], bool)
        doubtful = ~whole
        if b'"' in content:
            doubtful |= np.array([b'"' in line for line in lines], bool)
        if not whole.all():
            # A line with more cells or less counts as empty here.
            empty = delimiter * (width - 1)
            content = newline.join(
                [line if fits else empty for line, fits in zip(lines, whole, strict=True)] + [b""]
            )
        cells = _Cells(content, delimiter, newline, width)
        digits = {}
        for key, place in self._survey.questions.items():
            digits[key] = cells.digits(place, self._digits[key], self._spellings[key])
            doubtful |= digits[key] == UNKNOWN
        column = self._survey.id_column
        ids = np.full(len(lines), "", object) if column is None else cells.texts(column)
        if column is not None:
            doubtful |= np.array([not text or text.isspace() for text in ids], bool)
        places = np.flatnonzero(doubtful)
        replies = [
            self._rows.read_line(block.first + place, lines[place].decode()) for place in places.tolist()
        ]
        return Read(digits, ids, [cells.texts(place) for place in self._kept], places, replies)


class _Cells:
    """The cells of lines that all have the same number of them."""

    def __init__(self, content: bytes, delimiter: bytes, newline: bytes, width: int) -> None:
        self._content = content
        self._text = content.decode() if content.isascii() else None
        self._width = width
        given = np.frombuffer(content, np.uint8)
        # Each cell is followed by one of these; a line that ends with two bytes ends with an empty cell more.
        ends = np.flatnonzero((given == ord(delimiter)) | (given == newline[0]))
        self._ends = ends
        self._starts = np.empty_like(ends)
        self._starts[0] = 0
        np.add(ends[:-1], 1, out=self._starts[1:])
        self._starts[width::width] += len(newline) - 1
        first = given[self._starts]
        first[ends == self._starts] = EMPTY
        first[ends - self._starts > 1] = LONGER
        self._first = np.ascontiguousarray(first.reshape(-1, width).T)

    def digits(self, column: int, by_byte: Array, spellings: Mapping[bytes, int]) -> Array:
        """Return the digits of a column, UNKNOWN for what is not spelled as usual."""
        digits: Array = by_byte[self._first[column]]
        longer = np.flatnonzero(digits == UNKNOWN)
        if len(longer):
            cells = longer * self._width + column
            places = zip(self._starts[cells].tolist(), self._ends[cells].tolist(), strict=True)
            digits[longer] = [spellings.get(self._content[start:end], UNKNOWN) for start, end in places]
        return digits

    def texts(self, column: int) -> Array:
        """Return the texts of a column."""
        starts, ends = self._starts[column :: self._width], self._ends[column :: self._width]
        places = zip(starts.tolist(), ends.tolist(), strict=True)
        if self._text is not None:
            texts = [self._text[start:end] for start, end in places]
        else:
            texts = [self._content[start:end].decode() for start, end in places]
        return np.array(texts, object)
