"""Which way the cells below a question answer: by words, letters or numbers; knows no kinds of files."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from mopscli.assessment.questionnaire import OPTION_NUMBER, Choice, Choices, is_no_answer, value_of
from mopscli.text import plain_words

# So many rows tell which way a column answers.
SAMPLE: Final = 1000
LETTER: Final = re.compile(r"[a-z][).]?")


def is_short(text: str) -> bool:
    """Tell whether a text is a letter or a number, and so no words."""
    return (
        OPTION_NUMBER.fullmatch(text.strip()) is not None or LETTER.fullmatch(plain_words(text)) is not None
    )


def may_be_cut(text: str, choices: Iterable[Choice]) -> bool:
    """Tell whether a text may be what is left of the words of an option: a letter, or a number that begins them."""
    words = plain_words(text)
    if LETTER.fullmatch(words):
        return all(plain_words(choice.text) != words for choice in choices)
    return OPTION_NUMBER.fullmatch(text.strip()) is not None and any(
        said.startswith(words) and said != words for said in (plain_words(choice.text) for choice in choices)
    )


def sample(rows: Iterable[Sequence[str]], width: int) -> list[Sequence[str]]:
    """Return the first rows that have a cell in each column."""
    return [cells for cells in islice(rows, SAMPLE) if len(cells) == width]


def worded_questions(
    rows: Collection[Sequence[str]], questions: Mapping[str, int], choices: Choices
) -> frozenset[str]:
    """Return the questions that are answered by words, and not rather by letters, in some rows."""
    found = []
    for key, place in questions.items():
        words = letters = 0
        for cell, times in Counter(cells[place] for cells in rows).items():
            if LETTER.fullmatch(plain_words(cell)):
                letters += times
            elif not OPTION_NUMBER.fullmatch(cell.strip()) and value_of(cell, choices[key]) is not None:
                words += times
        if words and words >= letters:
            found.append(key)
    return frozenset(found)


def foreign_columns(
    rows: Collection[Sequence[str]],
    questions: Mapping[str, int],
    choices: Choices,
    missing: Collection[str],
) -> list[str]:
    """Return the questions whose columns hold something else: most of what stands there is no option."""
    found = []
    for key, place in questions.items():
        cells = [text for row in rows if (text := row[place].strip()) and text.casefold() not in missing]
        strange = sum(value_of(text, choices[key]) is None and not is_no_answer(text) for text in cells)
        if 2 * strange > len(cells):
            found.append(key)
    return found
