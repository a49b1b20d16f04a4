"""Files of answers, read against the questions or to fill in: every fault with its place, like the knowledge."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from mopscli.assessment.questionnaire import (
    Choices,
    Questionnaire,
    choices_of,
    is_no_answer,
    number_text,
    value_of,
)
from mopscli.knowledge.reader import INVALID, Reading, Scalar, Shape
from mopscli.knowledge.shapes import Table
from mopscli.problem import ProblemsFound
from mopscli.text import did_you_mean, shorten

MISSING: Final = ("", "~", "null")


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


def still_valid(choices: Choices, answers: Mapping[str, float | None]) -> dict[str, float | None]:
    """Return those saved answers that questions still have as options; None is a skipped question."""
    return {
        key: value
        for key, value in answers.items()
        if key in choices and (value is None or any(choice.value == value for choice in choices[key]))
    }


def saved_answers(
    questionnaire: Questionnaire, answers: Mapping[str, float | None]
) -> tuple[dict[str, float], frozenset[str]]:
    """Return those saved answers that the questionnaire still has, and the questions that were skipped."""
    return split_skipped(still_valid(choices_of(questionnaire), answers))


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
