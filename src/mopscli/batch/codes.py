"""The answers about a trait as a small whole number: packed in SQL, taken apart in NumPy; needs numpy."""

import math
from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate
from operator import mul
from typing import Any, Final, NamedTuple

import numpy as np

from mopscli.assessment.arrays import Array
from mopscli.assessment.questionnaire import Choice, Item, Questionnaire, number_text, value_of
from mopscli.batch.expressions import expression
from mopscli.survey.ways import may_be_cut

# A code is a whole number of 16 bits at most.
MOST_WAYS: Final = 1 << 16


class Code(NamedTuple):
    """Questions about a trait whose answers make a number from 0 on: a digit for each, the first lowest.

    A digit is the place of the chosen option from 1 on, 0 where there is no answer.
    """

    trait: str
    items: tuple[Item, ...]

    @property
    def bases(self) -> tuple[int, ...]:
        """How many different digits each question has."""
        return tuple(len(item.choices) + 1 for item in self.items)

    @property
    def weights(self) -> tuple[int, ...]:
        """What one more in each digit adds to the code."""
        return tuple(accumulate((1, *self.bases[:-1]), mul))

    @property
    def ways(self) -> int:
        """How many ways there are to answer, or not to answer, the questions."""
        return math.prod(self.bases)

    @property
    def sql_type(self) -> str:
        """The type of DuckDB that holds every code."""
        return "UTINYINT" if self.ways <= 1 << 8 else "USMALLINT"

    @property
    def dtype(self) -> type[np.unsignedinteger[Any]]:
        """The type of NumPy that holds every code."""
        return np.uint8 if self.ways <= 1 << 8 else np.uint16

    def packed(self, digits: Mapping[str, str]) -> str:
        """Return an expression for the code of digits, by question key; NULL if one of them is."""
        terms = (
            f"{digits[item.key]} * {weight}"
            for item, weight in zip(self.items, self.weights, strict=True)
            if item.key in digits
        )
        return f"({' + '.join(terms) or '0'})::{self.sql_type}"

    def digit(self, key: str, code: str) -> str:
        """Return an expression for a question's digit in a code."""
        place = next(place for place, item in enumerate(self.items) if item.key == key)
        return f"{code} // {self.weights[place]} % {self.bases[place]}"

    def digits(self, codes: Array) -> Array:
        """Return a row of digits for each code."""
        return codes[:, None].astype(np.int32) // self.weights % self.bases


def codes_of(questionnaire: Questionnaire) -> list[Code]:
    """Return a code for each trait, or several where its questions are too many for one."""
    codes = []
    for trait, items in questionnaire.items_of.items():
        some: tuple[Item, ...] = ()
        for item in items:
            if some and Code(trait, (*some, item)).ways > MOST_WAYS:
                codes.append(Code(trait, some))
                some = ()
            some = (*some, item)
        if some:
            codes.append(Code(trait, some))
    return codes


def usual_spellings(
    choices: tuple[Choice, ...], missing: Collection[str], *, worded: bool = False
) -> dict[str, int]:
    """Return the digit of each usual way to write an answer, which are not all that `value_of` knows.

    Args:
        choices: the options of the question.
        missing: texts that mean no answer, besides nothing at all.
        worded: whether the question is answered by words: what may be left of those of an option is no answer then.

    """
    # An option may be worded like no answer, and words that two options share mean neither.
    found = {text: 0 for text in ("", *missing) if value_of(text, choices) is None}
    for digit, choice in enumerate(choices, 1):
        letter = chr(ord("a") + digit - 1)
        for text in (number_text(choice.value), f"{choice.value:.1f}", choice.text, letter, letter.upper()):
            if value_of(text, choices) == choice.value and not (worded and may_be_cut(text, choices)):
                found.setdefault(text, digit)
    return found


def digit_of_text(spellings: Mapping[str, int], cell: str) -> str:
    """Return an expression for the digit of a cell that holds text, NULL for what is not spelled as usual."""
    texts = ", ".join(expression(text).text for text in spellings)
    return f"({list(spellings.values())})[list_position([{texts}], {cell})]"


def digit_of_number(choices: Sequence[Choice], cell: str) -> str:
    """Return an expression for the digit of a cell that holds a whole number, NULL for what is no option."""
    listed = ", ".join(expression(choice.value).text for choice in choices)
    return f"CASE WHEN {cell} IS NULL THEN 0 ELSE list_position([{listed}], {cell}::DOUBLE) END"
