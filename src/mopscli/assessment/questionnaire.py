"""The questionnaire: what is asked, what an answer means, and where it lies on the scale; knows no respondent."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from string import ascii_lowercase
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from mopscli.assessment.formulas import SCALE, Reading, read_options
from mopscli.knowledge import Knowledge
from mopscli.knowledge.questions import Noise, Option, Question, Wording
from mopscli.text import plain_words

if TYPE_CHECKING:
    from mopscli.knowledge.norms import NormsFile

PRIOR: Final = (2.5, 1.4)
# The words of the answers on one side of a statement, from the end inward, and those for one of two statements.
AGREEING: Final = ("Strongly agree", "Agree", "Somewhat agree")
DISAGREEING: Final = ("Strongly disagree", "Disagree", "Somewhat disagree")
PREFERRING: Final = ("Clearly {}", "Mostly {}", "Somewhat {}")
# What "Somewhat" was before, in surveys that are still out.
FORMERLY: Final = "Rather"
# Which of these words there are, by how many answers one side has. With more of them, all but the ends are numbers.
USED: Final[Mapping[int, tuple[int, ...]]] = {1: (1,), 2: (0, 2), 3: (0, 1, 2)}
NO_ANSWER: Final = "Does not apply, or I do not know"
# No zero before other figures: 04 may be two answers, 0 and 4, whose delimiter was lost.
OPTION_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?")
LETTER: Final = re.compile(r"[a-z][).] ")


def number_text(value: float) -> str:
    """Return the number of an option as people write it: 4 and not 4.0."""
    return str(int(value)) if value == int(value) else repr(value)


class Choice(NamedTuple):
    """An answer to choose: its number, its words, and where it lies on the trait's scale from 0 to 5.

    `formerly` are the words that it had before, `reading` is what it says of a trait, if its question measures one.
    """

    value: float
    text: str
    y: float
    formerly: tuple[str, ...] = ()
    reading: Reading | None = None


# What can be chosen, by question key.
Choices = Mapping[str, Sequence[Choice]]


class Item(NamedTuple):
    """A question that measures one trait, ready to be asked.

    `s2` is the variance of its noise, `expected_s2` that of the error that an answer is expected to have, with what
    its options leave open. `ends` are the two statements of a tradeoff.
    """

    key: str
    kind: str
    trait: str
    text: str
    choices: tuple[Choice, ...]
    s2: float
    expected_s2: float
    ends: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Questionnaire:
    """All questions, and what is believed of each trait beforehand (mean and variance, in levels).

    `together` is the mean correlation between two traits, from 0 to 1, `norms` a group that one is compared with.
    """

    items: Mapping[str, Item]
    context: Mapping[str, tuple[str, tuple[Option, ...]]]
    priors: Mapping[str, tuple[float, float]]
    readiness_share: float
    between: tuple[str, ...]
    formerly: Mapping[str, Wording] = field(default_factory=dict)
    together: float = 0.0
    norms: "NormsFile | None" = None

    @cached_property
    def prior_sds(self) -> Mapping[str, float]:
        """The standard deviation of each trait before any answer, in levels."""
        return {trait: math.sqrt(tau2) for trait, (_, tau2) in self.priors.items()}

    @cached_property
    def items_of(self) -> Mapping[str, list[Item]]:
        """The questions of each trait; some may have none."""
        found: dict[str, list[Item]] = {trait: [] for trait in self.priors}
        for item in self.items.values():
            found[item.trait].append(item)
        return found


class ListedOption(NamedTuple):
    """An answer to choose: its number and its words."""

    value: float
    text: str


class ListedQuestion(NamedTuple):
    """A question as it is asked; `trait` is None for one that no score uses, whose kind is `context`."""

    key: str
    text: str
    kind: str
    trait: str | None
    options: tuple[ListedOption, ...]


class QuestionList(NamedTuple):
    """Every question, those about a trait first."""

    questions: tuple[ListedQuestion, ...]


def prepare(knowledge: Knowledge) -> Questionnaire:
    """Turn knowledge that was loaded with its questions into a questionnaire."""
    questions, norms = knowledge.questions, knowledge.norms
    if questions is None:
        raise ValueError("the knowledge was loaded without its questions")
    noise = questions.noise or Noise(place=questions.place)
    shared = questions.prior
    priors = {}
    for traits, default in (
        (knowledge.skills, shared and shared.skill),
        (knowledge.drives, shared and shared.drive),
    ):
        for trait in traits.values():
            prior = (shared and shared.traits.get(trait.key)) or trait.prior or default
            mean, sd = (prior.mean, prior.sd) if prior else PRIOR
            priors[trait.key] = (mean, sd * sd)
    return Questionnaire(
        items={
            key: _item(
                knowledge, question, noise, priors[question.trait], _former_answers(questions.formerly, key)
            )
            for key, question in questions.questions.items()
        },
        context={key: (question.text, question.options) for key, question in questions.context.items()},
        priors=priors,
        readiness_share=questions.readiness_share,
        between=questions.between or tuple(knowledge.roles)[:2],
        formerly=questions.formerly,
        together=shared.together if shared else 0.0,
        norms=norms if norms and (norms.roles or norms.traits) else None,
    )


def _item(
    knowledge: Knowledge,
    question: Question,
    noise: Noise,
    prior: tuple[float, float],
    former: Mapping[float, tuple[str, ...]],
) -> Item:
    sd = question.noise if question.noise is not None else getattr(noise, question.kind)
    if question.kind == "skill":
        skill = knowledge.skills[question.trait]
        text = question.text or f"{skill.name}: which comes closest to what you have done?"
        choices = tuple(
            Choice(level, skill.markers[level], level, former.get(level, ())) for level in question.answers
        )
    else:
        words = _numbered(scale_words(question.kind, question.points))
        text = question.text or f"First: {question.first} Second: {question.second}"
        falling = question.kind == "reversed" or question.high == "first"
        last = question.points - 1
        choices = tuple(
            Choice(
                number,
                word,
                SCALE * ((last - step) if falling else step) / last,
                (word.replace("Somewhat", FORMERLY),) if word.startswith("Somewhat") else (),
            )
            for step, (number, word) in enumerate(zip(question.answers, words, strict=True))
        )
    ends = () if question.first is None or question.second is None else (question.first, question.second)
    item = Item(question.key, question.kind, question.trait, text, choices, sd * sd, sd * sd, ends)
    return read_by(item, prior, sd * sd)


def scale_words(
    kind: str, points: int, first: str = "the first", second: str = "the second"
) -> tuple[str | None, ...]:
    """Return the words of the answers to a statement, or to two, from one end to the other.

    Between the ends of a long scale there are none. `first` and `second` are how two statements are called.
    """
    low: Sequence[str] = DISAGREEING
    high: Sequence[str] = AGREEING
    middle = "Neither agree nor disagree"
    if kind == "tradeoff":
        low, high = ([words.format(end) for words in PREFERRING] for end in (first, second))
        middle = "Both alike"
    side, odd = divmod(points, 2)
    if side not in USED:
        return (low[0], *[None] * (points - 2), high[0])
    below, above = ([words[place] for place in USED[side]] for words in (low, high))
    return (*below, *([middle] if odd else []), *reversed(above))


def _numbered(words: Sequence[str | None]) -> tuple[str, ...]:
    """Return words with the numbers of answers, where some are without words."""
    if None not in words:
        return tuple(filter(None, words))
    return tuple(f"{number}: {text}" if text else str(number) for number, text in enumerate(words, 1))


def asked_words(item: Item) -> tuple[str, ...]:
    """Return the words of the answers where each has a key: statements are A and B, and numbers say of how many."""
    if item.kind == "skill":
        return tuple(choice.text for choice in item.choices)
    points = len(item.choices)
    words = scale_words(item.kind, points, "A", "B")
    return tuple(text or f"{number} of {points}" for number, text in enumerate(words, 1))


def read_by(item: Item, prior: tuple[float, float], s2: float) -> Item:
    """Return a question read with this prior of its trait (mean and variance) and this variance of its noise."""
    places = sorted(choice.y for choice in item.choices)
    readings = read_options(*prior, s2, places)
    read = dict(zip(places, readings.options, strict=True))
    choices = tuple(choice._replace(reading=read[choice.y]) for choice in item.choices)
    return item._replace(choices=choices, s2=s2, expected_s2=readings.expected)


def _former_answers(formerly: Mapping[str, Wording], key: str) -> Mapping[float, tuple[str, ...]]:
    return formerly[key].answers if key in formerly else {}


def answer_place(item: Item, value: float) -> float:
    """Return where an answer lies on the scale; without choices, an answer is its own place."""
    return next((choice.y for choice in item.choices if choice.value == value), value)


def read_answer(item: Item, value: float) -> Reading:
    """Return what an answer says of the trait; without choices, it is read as it is."""
    readings = (choice.reading for choice in item.choices if choice.value == value)
    return next(filter(None, readings), None) or Reading(value, item.s2)


def value_of(text: str, choices: Sequence[Choice]) -> float | None:
    """Return the value of the option that a text means, or None if it means none.

    It is the option's number in ASCII digits, or its words, or its letter (a, b, c in either case, `)` or `.`
    behind it), or letter and words. Case, the spaces around, and the kind of spaces, quotes and dashes do not
    matter. Words that two options share mean neither.
    """
    text = text.strip()
    if OPTION_NUMBER.fullmatch(text):
        number = float(text)
        for choice in choices:
            if choice.value == number:
                return choice.value
    return _option_names(tuple(choices)).get(plain_words(text))


@lru_cache(maxsize=1000)
def _option_names(choices: tuple[Choice, ...]) -> dict[str, float | None]:
    """Return what each letter and the words of each option mean; words come before letters, former words last."""
    texts = [plain_words(choice.text) for choice in choices]
    former = [(choice, [plain_words(words) for words in choice.formerly]) for choice in choices]
    names: dict[str, float | None] = {words: choice.value for choice, said in former for words in said}
    for letter, text, (choice, said) in zip(ascii_lowercase, texts, former, strict=False):
        for name in (letter, f"{letter})", f"{letter}."):
            names[name] = choice.value
        for words in (*said, text):
            names[f"{letter}) {words}"] = names[f"{letter}. {words}"] = choice.value
    counts = Counter(texts)
    for text, choice in zip(texts, choices, strict=True):
        # The forms that we write put the number behind words that two options share.
        names[f"{text} [{number_text(choice.value)}]"] = choice.value
        names[text] = choice.value if counts[text] == 1 else None
    return names


def is_no_answer(text: str) -> bool:
    """Tell whether a text is what our forms offer to whoever does not answer, a letter before it or not."""
    return LETTER.sub("", plain_words(text), count=1) == plain_words(NO_ANSWER)


def numbers_text(choices: Sequence[Choice]) -> str:
    """Return the numbers of the options as one says them: "0 to 5", or "0, 2.5 or 10"."""
    values = sorted(choice.value for choice in choices)
    if len(values) > 2 and values == [values[0] + step for step in range(len(values))]:
        return f"{number_text(values[0])} to {number_text(values[-1])}"
    *first, last = map(number_text, values)
    return f"{', '.join(first)} or {last}" if first else last


def choices_of(questionnaire: Questionnaire) -> dict[str, tuple[Choice, ...]]:
    """Return the choices of every question, context questions included, by key."""
    choices = {key: item.choices for key, item in questionnaire.items.items()}
    for key, (_, options) in questionnaire.context.items():
        choices[key] = choices_among(options, _former_answers(questionnaire.formerly, key))
    return choices


def choices_among(
    options: Sequence[Option], former: Mapping[float, tuple[str, ...]] = MappingProxyType({})
) -> tuple[Choice, ...]:
    """Return what can be chosen among the options of a question that measures no trait."""
    return tuple(
        Choice(option.value, option.text, option.value, former.get(option.value, ())) for option in options
    )


def list_questions(questionnaire: Questionnaire) -> QuestionList:
    """List the questions with their options."""
    listed = [
        ListedQuestion(
            item.key,
            item.text,
            item.kind,
            item.trait,
            tuple(ListedOption(choice.value, choice.text) for choice in item.choices),
        )
        for item in questionnaire.items.values()
    ]
    for key, (text, options) in questionnaire.context.items():
        choices = tuple(ListedOption(option.value, option.text) for option in options)
        listed.append(ListedQuestion(key, text, "context", None, choices))
    return QuestionList(tuple(listed))
