"""A file of answers: what is read, what is refused and where, and the file to fill in."""

import json
from pathlib import Path

import pytest
import yaml

from mopscli.assessment.answers import read_answers, template
from mopscli.assessment.questionnaire import (
    NO_ANSWER,
    Choice,
    Questionnaire,
    choices_among,
    choices_of,
    is_no_answer,
    numbers_text,
    value_of,
)
from mopscli.knowledge.questions import Option
from mopscli.problem import Place, ProblemsFound
from samples import bundled_questionnaire

SKILL = "expected one of 0, 1, 2, 3, 4, 5, or the words of an option, found"
STEPS = "expected one of 1, 2, 3, 4, 5, or the words of an option, found"
BOOKS = "expected one of 0, 2.5, 10, or the words of an option, found"


@pytest.fixture
def questionnaire(small_questionnaire: Questionnaire) -> Questionnaire:
    """Return a small questionnaire."""
    return small_questionnaire


def problems(questionnaire: Questionnaire, content: str | bytes) -> list[str]:
    """Return the problems of answers that came from standard input, without its name."""
    with pytest.raises(ProblemsFound) as found:
        read_answers(
            choices_of(questionnaire), None, content.encode() if isinstance(content, str) else content
        )
    return [str(problem).removeprefix("standard input") for problem in found.value.problems]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("writes: 4", {"writes": 4}),
        ("writes: 4.0", {"writes": 4}),
        ('writes: "4"', {"writes": 4}),
        ("writes: 0", {"writes": 0}),
        ("writes: Has set.", {"writes": 4}),
        ("writes: 'Has set.'", {"writes": 4}),
        ("quiet: Strongly disagree", {"quiet": 1}),
        ("library: Clearly the second", {"library": 5}),
        ("quiet: strongly  DISAGREE", {"quiet": 1}),
        ("quiet: ' 5 '", {"quiet": 5}),
        ("quiet: b", {"quiet": 2}),
        ("quiet: Does not apply, or I do not know\nwrites: 4", {"writes": 4}),
        ("books: None so far", {"books": 0}),
        ("books: 2 or 3, about", {"books": 2.5}),
        ("books: 2.50", {"books": 2.5}),
        ("quiet: 5\nwrites: 0\nbooks: 10\n", {"quiet": 5, "writes": 0, "books": 10}),
        ("writes:", {}),
        ("writes: ~", {}),
        ("writes: null", {}),
        ("writes:\nquiet: 3", {"quiet": 3}),
        ("{}", {}),
        ('{"writes": 4, "quiet": null}', {"writes": 4}),
        ('{"writes":4,"quiet":5.0}', {"writes": 4, "quiet": 5}),
        ('{\n\t"writes": "Has set."\n}\n', {"writes": 4}),
        ("\ufeffwrites: 4\r\n", {"writes": 4}),
    ],
)
def test_answers(questionnaire: Questionnaire, content: str, expected: dict[str, float]) -> None:
    """An answer in YAML or JSON, by number or in words, would not be understood, or a missing one taken for one."""
    assert read_answers(choices_of(questionnaire), None, content.encode()) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("writse: 4", [":1:1: unknown question 'writse' (did you mean 'writes'?)"]),
        (
            "quiet: 3\n\nxyz: [1, 2]\nbook: 0\n",
            [
                ":3:1: unknown question 'xyz'",
                ":4:1: unknown question 'book' (did you mean 'books'?)",
            ],
        ),
        ("k" * 99 + ": 1", [f":1:1: unknown question '{'k' * 37}...'"]),
        ("writes: 6", [f":1:9: writes: {SKILL} '6'"]),
        ("writes: -1", [f":1:9: writes: {SKILL} '-1'"]),
        ("writes: 3.5", [f":1:9: writes: {SKILL} '3.5'"]),
        ("writes: has set", [f":1:9: writes: {SKILL} 'has set'"]),
        ("writes: nan", [f":1:9: writes: {SKILL} 'nan'"]),
        ('writes: ""', [f":1:9: writes: {SKILL} nothing"]),
        ('writes: "null"', [f":1:9: writes: {SKILL} 'null'"]),
        ("writes: [4]", [f":1:9: writes: {SKILL} a list"]),
        ("writes: {level: 4}", [f":1:9: writes: {SKILL} a mapping"]),
        ("writes: !!int 4", [":1:9: the tag 'tag:yaml.org,2002:int' is not read (remove it)"]),
        ("quiet: 0", [f":1:8: quiet: {STEPS} '0'"]),
        ("quiet: Clearly the first", [f":1:8: quiet: {STEPS} 'Clearly the first'"]),
        ("books: 1", [f":1:8: books: {BOOKS} '1'"]),
        ("writes: 4\nquiet: 2\nwrites: 3", [":3:1: duplicate key 'writes' (first at line 1)"]),
        ('{"writes": 4,\n "writes": 4}', [":2:2: duplicate key 'writes' (first at line 1)"]),
        ("writes: &four 4\nquiet: *four", [":2:8: the alias '*four' is not read (write the value out)"]),
        ("writes: 4\n<<: {quiet: 1}", [":2:1: the merge key '<<' is not read (write the values out)"]),
        ("[4, 5]", [":1:1: the file: expected a mapping, found a list"]),
        ("4", [":1:1: the file: expected a mapping, found '4'"]),
        ("writes: 4\n---\nwrites: 4", [":2:1: a second document starts here (keep one in a file)"]),
        (b"writes: 4\nquiet: \xff", [":2:8: the bytes are not UTF-8 text (save the file as UTF-8)"]),
        ("", [": the file is empty"]),
        (
            "writse: 4\nwrites: 9\nquiet: 1\nquiet: 2\nbooks: x\n",
            [
                ":1:1: unknown question 'writse' (did you mean 'writes'?)",
                f":2:9: writes: {SKILL} '9'",
                ":4:1: duplicate key 'quiet' (first at line 3)",
                f":5:8: books: {BOOKS} 'x'",
            ],
        ),
    ],
)
def test_refused(questionnaire: Questionnaire, content: str | bytes, expected: list[str]) -> None:
    """What is no answer would pass for one, or be told without its place or one fault at a time."""
    assert problems(questionnaire, content) == expected


OPTIONS = (
    Choice(0, 'Don\'t know \N{EN DASH} "none"', 0),
    Choice(2.5, "Same", 1),
    Choice(3, "Same", 2),
    Choice(4, "2.5", 3),
    Choice(10, "a", 4),
    Choice(20, "c. Many", 5),
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("0.0", 0),
        ("0e5", 0),
        ("1e1", 10),
        ("\t10\xa0", 10),
        ("don\u2019t  KNOW - \u201cnone\u201d", 0),
        ('Don\'t know \u2014 "none"', 0),
        ('\uff24on\'t know - "none"', 0),
        # A number comes before words, and words before a letter.
        ("2.5", 2.5),
        ("a", 10),
        ("c. many", 20),
        ("B", 2.5),
        ("b)", 2.5),
        ("C.", 3),
        ("b. same", 2.5),
        ("C) Same", 3),
        ("same [3]", 3),
        ('A) don\'t know - "none"', 0),
        # Words that two options share mean neither; letter and words must agree.
        ("Same", None),
        ("d. same", None),
        ("b same", None),
        ("(b)", None),
        ("g", None),
        ("1", None),
        ("+10", None),
        ("1_0", None),
        ("\uff11\uff10", None),
        ("010", None),
        ("-0", 0),
        ("1" * 500, None),
        ("nan", None),
        ("", None),
    ],
)
def test_what_a_text_means(text: str, value: float | None) -> None:
    """A number, the words of an option or its letter would mean another option, or two of them."""
    assert value_of(text, OPTIONS) == value


def test_no_answer() -> None:
    """What our forms offer to whoever does not answer would count as an answer, as some tool writes it."""
    assert all(map(is_no_answer, (NO_ANSWER, NO_ANSWER.upper(), f" g) {NO_ANSWER}", f"F. {NO_ANSWER}\xa0")))
    assert not any(map(is_no_answer, ("", "does not apply", f"gg) {NO_ANSWER}")))


def test_numbers_in_words() -> None:
    """The numbers that one may give would be told at length, or one of them left out."""
    assert numbers_text(OPTIONS) == "0, 2.5, 3, 4, 10 or 20"
    assert numbers_text(OPTIONS[:1]) == "0"
    assert numbers_text([Choice(value, "", 0) for value in (3, 1, 2)]) == "1 to 3"
    assert numbers_text([Choice(value, "", 0) for value in (0, 1)]) == "0 or 1"


@pytest.mark.parametrize("content", ["writes: 'Has", "{writes: 4", "writes: 4\n  quiet: 3", "a\tb: \t- @"])
def test_no_yaml(questionnaire: Questionnaire, content: str) -> None:
    """What is neither YAML nor JSON would end in a traceback, or be told without a place."""
    (problem,) = problems(questionnaire, content)
    assert ": not valid YAML: " in problem
    assert problem.startswith((":1:", ":2:"))


def test_a_file(questionnaire: Questionnaire, tmp_path: Path) -> None:
    """A file would be read otherwise than standard input, or its problems not carry its name."""
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({"writes": 4, "quiet": "Rather agree", "books": None}), encoding="utf-8")
    assert read_answers(choices_of(questionnaire), path) == {"writes": 4, "quiet": 4}
    path.write_text(json.dumps({"writes": 7}), encoding="utf-8")
    with pytest.raises(ProblemsFound) as found:
        read_answers(choices_of(questionnaire), path, b"writes: 4")
    assert str(found.value) == f"{path}:1:12: writes: {SKILL} '7'"


def test_no_such_file(questionnaire: Questionnaire, tmp_path: Path) -> None:
    """A file that is not there would end in a traceback."""
    with pytest.raises(ProblemsFound) as found:
        read_answers(choices_of(questionnaire), tmp_path / "none.yaml")
    assert str(found.value).startswith(f"{tmp_path / 'none.yaml'}: cannot be read: No such file")


def test_every_option_by_number_and_by_words() -> None:
    """An option of the bundled questionnaire would not be understood by its number or its words."""
    bundled = bundled_questionnaire()
    choices = choices_of(bundled)
    for position in range(max(map(len, choices.values()))):
        chosen = {key: options[position] for key, options in choices.items() if position < len(options)}
        expected = {key: choice.value for key, choice in chosen.items()}
        by_number = json.dumps(expected)
        by_words = json.dumps({key: choice.text for key, choice in chosen.items()})
        assert read_answers(choices_of(bundled), None, by_number.encode()) == expected
        assert read_answers(choices_of(bundled), None, by_words.encode()) == expected


def test_the_file_to_fill_in(questionnaire: Questionnaire) -> None:
    """The file to fill in would lack a question or an option, or be faulty before anything is filled in."""
    text = template(questionnaire)
    assert read_answers(choices_of(questionnaire), None, text.encode()) == {}
    assert yaml.safe_load(text) == dict.fromkeys(("writes", "quiet", "library", "books"))
    assert "# How many books?\n#   0  None so far\n#   2.5  2 or 3, about\n#   10  Many\nbooks:\n" in text
    assert "# First: A library. Second: A market.\n#   1  Clearly the first\n" in text
    filled = text.replace("writes:", "writes: 4").replace("books:", "books: Many")
    assert read_answers(choices_of(questionnaire), None, filled.encode()) == {"writes": 4, "books": 10}


def test_the_bundled_file_to_fill_in() -> None:
    """The bundled questionnaire's file would lack a question, or be read back with answers."""
    bundled = bundled_questionnaire()
    text = template(bundled)
    assert read_answers(choices_of(bundled), None, text.encode()) == {}
    assert list(yaml.safe_load(text)) == [*bundled.items, *bundled.context]
    for item in bundled.items.values():
        assert f"# {item.text}\n" in text


def test_former_words_are_understood() -> None:
    """Answers to a survey that went out with the old words would be lost once a question is reworded."""
    bundled = bundled_questionnaire()
    choices = choices_of(bundled)
    former = 0
    for options in choices.values():
        for choice in options:
            for words in choice.formerly:
                former += 1
                for text in (
                    words,
                    words.upper(),
                    f"{'abcdefghijklmnopqrstuvwxyz'[options.index(choice)]}) {words}",
                ):
                    assert value_of(text, options) == choice.value
    assert former > 150


def test_former_words_of_half_an_option() -> None:
    """The former words of 2 would pass for those of 2.5."""
    options = tuple(
        Option(place=Place("test"), value=value, text=text) for value, text in ((2, "Two"), (2.5, "Some"))
    )
    choices = choices_among(options, {2: ("A pair",)})
    assert value_of("a pair", choices) == 2
    assert [choice.formerly for choice in choices] == [("A pair",), ()]
