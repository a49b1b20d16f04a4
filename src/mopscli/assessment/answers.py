"""A file of answers, read against the questions: every fault with its place, like the knowledge itself."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from string import ascii_lowercase
from typing import Any, Final

from mopscli.assessment.questionnaire import Choice, Questionnaire, number_text
from mopscli.knowledge.reader import INVALID, Reading, Scalar, Shape, read_bytes
from mopscli.knowledge.shapes import Table
from mopscli.problem import ProblemsFound
from mopscli.text import did_you_mean, plain_words, shorten

MISSING: Final = ("", "~", "null")
NO_ANSWER: Final = "Does not apply, or I do not know"
# No zero before other figures: 04 may be two answers, 0 and 4, whose delimiter was lost.
OPTION_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?")
LETTER: Final = re.compile(r"[a-z][).] ")


# What can be chosen, by question key.
Choices = Mapping[str, Sequence[Choice]]


class _ListedKey(Shape):
    """The key of a question."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices

    def read(self, event: Any, at: str, reading: Reading, key: Any) -> Any:
        if event.value in self.choices:
            return event.value
        hint = did_you_mean(event.value, self.choices)
        return reading.report(event, f"unknown question '{shorten(event.value)}'", hint)


class _ListedAnswer(Shape):
    """One of the options of a question, by its number or its words; nothing at all is a missing answer."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices

    def read(self, event: Any, at: str, reading: Reading, key: Any) -> Any:
        choices = self.choices.get(key.value)
        if choices is None:
            reading.skip(event)
            return INVALID
        if type(event) is Scalar and not event.tag:
            if event.value in MISSING and not event.style:
                return None
            if (value := value_of(event.value, choices)) is not None:
                return value
            if is_no_answer(event.value):
                return None
        numbers = ", ".join(number_text(choice.value) for choice in choices)
        return reading.refuse(event, f"one of {numbers}, or the words of an option", key.value)


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
    """Return what each letter and the words of each option mean; words come before letters."""
    texts = [plain_words(choice.text) for choice in choices]
    names: dict[str, float | None] = {}
    for letter, text, choice in zip(ascii_lowercase, texts, choices, strict=False):
        for name in (letter, f"{letter})", f"{letter}.", f"{letter}) {text}", f"{letter}. {text}"):
            names[name] = choice.value
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
        choices[key] = tuple(Choice(option.value, option.text, option.value) for option in options)
    return choices


def still_valid(questionnaire: Questionnaire, answers: Mapping[str, float | None]) -> dict[str, float | None]:
    """Return those saved answers that the questionnaire still has as options; None is a skipped question."""
    choices = choices_of(questionnaire)
    return {
        key: value
        for key, value in answers.items()
        if key in choices and (value is None or any(choice.value == value for choice in choices[key]))
    }


def saved_answers(
    questionnaire: Questionnaire, answers: Mapping[str, float | None]
) -> tuple[dict[str, float], frozenset[str]]:
    """Return those saved answers that the questionnaire still has, and the questions that were skipped."""
    return split_skipped(still_valid(questionnaire, answers))


def split_skipped(answers: Mapping[str, float | None]) -> tuple[dict[str, float], frozenset[str]]:
    """Return the answers among saved ones, and the questions that were skipped."""
    given = {key: value for key, value in answers.items() if value is not None}
    return given, frozenset(answers.keys() - given.keys())


def read_answers(choices: Choices, path: Path | None, content: bytes = b"") -> dict[str, float]:
    """Read a file of answers, YAML or JSON: question key to option value or text; nothing is a missing answer.

    Args:
        choices: what can be chosen, by question key.
        path: the file, or None to read `content`, which came from standard input.
        content: the bytes to read in that case.

    Raises:
        ProblemsFound: unknown questions, answers that are no option, duplicate keys, no YAML; holds every problem.

    """
    reading = Reading()
    table = _answers_shape(choices)
    values = reading.read(path, table) if path else reading.read_content("standard input", content, table)
    if values is None:
        raise ProblemsFound(reading.problems)
    return split_skipped(values)[0]


def read_saved(choices: Choices, path: Path) -> dict[str, float | None]:
    """Return the answers in a file that we saved, None for a skipped question, as far as they are still options."""
    found: dict[str, float | None] = {}
    for line in read_bytes(path).decode("utf-8", "replace").splitlines() if path.exists() else ():
        key, _, value = line.partition(":")
        if key in choices:
            known = value_of(value, choices[key])
            if known is not None or not value.strip():
                found[key] = known
    return found


def _answers_shape(choices: Choices) -> Table:
    return Table(_ListedKey(choices), _ListedAnswer(choices), ())


def template(questionnaire: Questionnaire) -> str:
    """Return a file of answers to fill in: every question with its options, no answer given."""
    texts = {key: item.text for key, item in questionnaire.items.items()}
    texts |= {key: text for key, (text, _) in questionnaire.context.items()}
    return template_of(texts, choices_of(questionnaire))


def template_of(texts: Mapping[str, str], answers: Choices) -> str:
    """Return a file of answers to any questions, like `template`; the texts of the questions by key."""
    lines = ["# Put the number of your answer behind each colon; leave out what does not apply.", ""]
    for key, choices in answers.items():
        lines.append(f"# {_one_line(texts[key])}")
        lines += [f"#   {number_text(choice.value)}  {_one_line(choice.text)}" for choice in choices]
        lines += [f"{key}:", ""]
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())
