"""How answers become numbers: a digit for each answer, a code for the answers about some traits; in SQL."""

import math
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final, NamedTuple

from mopscli.assessment.formulas import Reading
from mopscli.assessment.questionnaire import Choice, Item, number_text, read_answer, value_of
from mopscli.assessment.scoring import Answer, Scoring
from mopscli.batch.sql import expression, quoted
from mopscli.survey.ways import may_be_cut

# Up to so many ways to answer some questions, each way is scored once and then looked up. Longer lists are slower,
# as they do not stay close to the processor.
LOOKED_UP: Final = 1024
# A code is a whole number of 64 bits at most.
MOST_CODES: Final = 1 << 63
# Whole numbers of so many bits are exact as floats.
EXACT: Final = 53
PACKED: Final = "packed"
NO_REPLY: Final = Answer(math.nan, Reading(math.nan, math.nan))


class Code(NamedTuple):
    """How the answers about some traits are packed into a number: a digit for each question, the first lowest."""

    traits: tuple[str, ...]
    items: tuple[Item, ...]
    # Whether it holds all questions about its traits.
    whole: bool = True

    @property
    def patterns(self) -> int:
        """How many ways there are to answer, or not to answer, the questions."""
        return math.prod(len(item.choices) + 1 for item in self.items)

    @property
    def looked_up(self) -> bool:
        """Whether each way to answer is scored once, and not each row."""
        return self.whole and self.patterns <= LOOKED_UP

    @property
    def type(self) -> str:
        """The narrowest type that holds every code."""
        bits = (self.patterns - 1).bit_length()
        widths = {8: "UTINYINT", 16: "USMALLINT", 32: "UINTEGER", 64: "UBIGINT"}
        return next(name for width, name in widths.items() if bits <= width)

    @property
    def _widened(self) -> str:
        return "" if self.patterns < 1 << 31 else f"::{self.type}"

    def pack(self, digits: Mapping[str, str]) -> str:
        """Return the code of some digits, by question key; a question without a digit is not answered."""
        terms = (
            f"{digits.get(item.key, '0')}{self._widened} * {weight}" for item, weight, _ in self.places()
        )
        return f"({' + '.join(terms)})::{self.type}"

    def answers(self, code: str) -> Iterator[tuple[Item, str]]:
        """Yield each question with its answer in a code: the number of the option, or NULL."""
        for item, weight, base in self.places():
            cases = " ".join(
                f"WHEN {digit} THEN {expression(choice.value).text}"
                for digit, choice in enumerate(item.choices, 1)
            )
            yield item, f"CASE {code} // {weight} % {base} {cases} END"

    def spots(self) -> Iterator[tuple[str, int, int]]:
        """Yield each trait with the weight of its lowest digit and the number of ways to answer about it."""
        for trait in self.traits:
            mine = [(weight, base) for item, weight, base in self.places() if item.trait == trait]
            yield trait, mine[0][0], math.prod(base for _, base in mine)

    def places(self) -> Iterator[tuple[Item, int, int]]:
        """Yield each question with the weight of its digit and the number of different digits."""
        weight = 1
        for item in self.items:
            base = len(item.choices) + 1
            yield item, weight, base
            weight *= base


def ways_to_answer(items: Sequence[Item]) -> Iterator[dict[str, Answer]]:
    """Yield each way to answer, or not to answer, some questions, in the order of their codes."""
    answers = [
        (NO_REPLY, *(Answer(choice.value, read_answer(item, choice.value)) for choice in item.choices))
        for item in items
    ]
    for picked in product(*reversed(answers)):
        yield dict(zip((item.key for item in items), reversed(picked), strict=True))


def codes_of(scoring: Scoring) -> list[Code]:
    """Return the codes for all questions, traits with few ways to answer sharing one."""
    codes: list[Code] = []
    for trait, items in scoring.questionnaire.items_of.items():
        if not items:
            continue
        one = Code((trait,), tuple(items))
        if one.patterns > MOST_CODES:
            codes += _parts(trait, items)
            continue
        last = codes[-1] if codes and codes[-1].whole else Code((), ())
        both = Code(last.traits + one.traits, last.items + one.items)
        if last.traits and both.looked_up:
            codes[-1] = both
        else:
            codes.append(one)
    return codes


def _parts(trait: str, items: Sequence[Item]) -> Iterator[Code]:
    """Yield codes for questions about one trait that are too many for one code."""
    some: tuple[Item, ...] = ()
    for item in items:
        if Code((trait,), (*some, item)).patterns > MOST_CODES:
            yield Code((trait,), some, whole=False)
            some = ()
        some = (*some, item)
    yield Code((trait,), some, whole=False)


class WholeNumbers(NamedTuple):
    """Several whole numbers as one, which adds up as they do: the lowest bit of each, and how many it has."""

    bits: Mapping[str, tuple[int, int]]

    def pack(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row with its whole numbers packed into one; a missing one counts as 0."""
        packed = sum(int(row[name]) << low for name, (low, _) in self.bits.items() if name in row)
        rest = {name: x for name, x in row.items() if name not in self.bits}
        return rest | {PACKED: float(packed)} if self.bits else rest

    def unpack(self, packed: str) -> dict[str, str]:
        """Return an expression for each of the numbers in a packed one."""
        return {name: f"{packed} >> {low} & {(1 << width) - 1}" for name, (low, width) in self.bits.items()}


def pack_whole_numbers(rows: Sequence[Mapping[str, Any]], names: Iterable[str]) -> WholeNumbers:
    """Return how to pack those of some columns of rows that hold nothing but whole numbers.

    Each has the bits that the sum over all traits needs, if every trait has the row with the largest number.
    """
    traits = {row["trait"] for row in rows}
    bits: dict[str, tuple[int, int]] = {}
    low = 0
    for name in names:
        values = [row[name] for row in rows if name in row]
        if any(x is None or x < 0 or x != int(x) for x in values):
            continue
        most = sum(
            max((int(row[name]) for row in rows if row["trait"] == trait and name in row), default=0)
            for trait in traits
        )
        width = most.bit_length()
        if low + width <= EXACT:
            bits[name] = (low, width)
            low += width
    return WholeNumbers(bits)


class AnswerType(NamedTuple):
    """A type of DuckDB whose values are the usual spellings of the answers to a question.

    There are so many for each option that the digit of an answer is in the upper bits of the value's number.
    """

    name: str
    spellings: tuple[str, ...]
    shift: int

    @property
    def created(self) -> str:
        """The statement that makes the type."""
        spellings = ", ".join(expression(spelling).text for spelling in self.spellings)
        return f"CREATE TYPE {quoted(self.name)} AS ENUM ({spellings})"

    def digit(self, cell: str) -> str:
        """Return an expression for the digit of a cell, NULL for what is not spelled as usual."""
        return f"(enum_code(TRY_CAST({cell} AS {quoted(self.name)})) >> {self.shift})::INTEGER"


def answer_type(
    name: str, choices: tuple[Choice, ...], missing: Collection[str], *, worded: bool = False
) -> AnswerType:
    """Return the type for a question; `missing` are texts that mean no answer, besides nothing at all.

    Where it is `worded`, what may be left of the words of an option is not among the spellings.
    """
    # An option may be worded like no answer.
    blocks = [[text for text in dict.fromkeys(("", *missing)) if value_of(text, choices) is None]]
    for number, choice in enumerate(choices):
        letter = chr(ord("a") + number)
        usual = (number_text(choice.value), f"{choice.value:.1f}", choice.text, letter, letter.upper())
        blocks.append(
            [
                text
                for text in dict.fromkeys(usual)
                if value_of(text, choices) == choice.value and not (worded and may_be_cut(text, choices))
            ]
        )
    shift = (max(map(len, blocks)) - 1).bit_length()
    for block in blocks:
        # No cell holds these by chance.
        block += [secrets.token_hex() for _ in range(len(block), 1 << shift)]
    return AnswerType(name, tuple(spelling for block in blocks for spelling in block), shift)


def digit_of_number(choices: Sequence[Choice], cell: str) -> str:
    """Return an expression for the digit of a cell that holds a number."""
    cases = " ".join(
        f"WHEN {cell} = {number_text(choice.value)} THEN {digit}" for digit, choice in enumerate(choices, 1)
    )
    return f"CASE WHEN {cell} IS NULL THEN 0 {cases} END"


def simple_digit(choices: Sequence[Choice], cell: str) -> str | None:
    """Return a quick expression for the digit of a cell that is one of the numbers of the options, or empty.

    None if the numbers are not single figures in a row.
    """
    low, count = choices[0].value, len(choices)
    if not (low >= 0 and low + count <= 10 and [c.value for c in choices] == [low + n for n in range(count)]):
        return None
    if low == 1:
        # The lower half of a figure in ASCII is its value, and quicker than a remainder.
        return f"(ascii({cell}) & 15)"
    # The remainder is 1 for the lowest figure, 2 for the next, and 0 for an empty cell.
    return f"ascii({cell}) % {ord('0') + int(low) - 1}"
