"""A file of answers, read against the questionnaire: every fault with its place, like the knowledge itself."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from mopscli.assess import Choice, Questionnaire, number_text
from mopscli.problem import ProblemsFound, did_you_mean, shorten
from mopscli.reader import FAULT, Reading, Scalar, Shape, Table

MISSING: Final = ("", "~", "null")
NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")


class _QuestionKey(Shape):
    """The key of a question."""

    def __init__(self, choices: dict[str, tuple[Choice, ...]]) -> None:
        self.choices = choices

    def read(self, event: Any, at: str, reading: Reading, key: Any) -> Any:
        if event.value in self.choices:
            return event.value
        hint = did_you_mean(event.value, self.choices)
        return reading.report(event, f"unknown question '{shorten(event.value)}'", hint)


class _Answer(Shape):
    """One of the options of a question, by its number or its words; nothing at all is a missing answer."""

    def __init__(self, choices: dict[str, tuple[Choice, ...]]) -> None:
        self.choices = choices

    def read(self, event: Any, at: str, reading: Reading, key: Any) -> Any:
        choices = self.choices.get(key.value)
        if choices is None:
            reading.skip(event)
            return FAULT
        if type(event) is Scalar and not event.tag:
            if event.value in MISSING and not event.style:
                return None
            if (value := value_of(event.value, choices)) is not None:
                return value
        numbers = ", ".join(number_text(choice.value) for choice in choices)
        return reading.refuse(event, f"one of {numbers}, or the words of an option", key.value)


def value_of(text: str, choices: Sequence[Choice]) -> float | None:
    """Return the value of the choice that a number or an option's words mean, or None if it is none of them."""
    number = float(text) if NUMBER.fullmatch(text) else None
    return next((choice.value for choice in choices if text == choice.text or number == choice.value), None)


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


def split_skipped(answers: Mapping[str, float | None]) -> tuple[dict[str, float], frozenset[str]]:
    """Return the answers among saved ones, and the questions that were skipped."""
    given = {key: value for key, value in answers.items() if value is not None}
    return given, frozenset(answers.keys() - given.keys())


def read_answers(questionnaire: Questionnaire, path: Path | None, content: bytes = b"") -> dict[str, float]:
    """Read a file of answers, YAML or JSON: question key to option value or text; nothing is a missing answer.

    Args:
        questionnaire: the questions.
        path: the file, or None to read `content`, which came from standard input.
        content: the bytes to read in that case.

    Raises:
        ProblemsFound: unknown questions, answers that are no option, duplicate keys, no YAML; holds every problem.

    """
    choices = choices_of(questionnaire)
    reading = Reading()
    table = Table(_QuestionKey(choices), _Answer(choices), ())
    values = (
        reading.read_shape(path, table) if path else reading.read_content("standard input", content, table)
    )
    if values is None:
        raise ProblemsFound(reading.problems)
    return split_skipped(values)[0]


def template(questionnaire: Questionnaire) -> str:
    """Return a file of answers to fill in: every question with its options, no answer given."""
    lines = ["# Put the number of your answer behind each colon; leave out what does not apply.", ""]
    for key, choices in choices_of(questionnaire).items():
        item = questionnaire.items.get(key)
        lines.append(f"# {_one_line(item.text if item else questionnaire.context[key][0])}")
        lines += [f"#   {number_text(choice.value)}  {_one_line(choice.text)}" for choice in choices]
        lines += [f"{key}:", ""]
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())
