"""The questionnaire, written as survey tools take it; knows no answers and no files."""

import csv
import errno
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from io import BytesIO, StringIO
from itertools import groupby
from typing import Any, Final, NamedTuple

from mopscli.assessment.questionnaire import (
    NO_ANSWER,
    Choice,
    Questionnaire,
    choices_of,
    number_text,
    value_of,
)
from mopscli.survey.header import ID_LABEL
from mopscli.survey.spreadsheet import escape_formula, open_workbook
from mopscli.text import CONTROL, plain_words

TITLE: Final = "Self-assessment"
INTRO: Final = "In each question, choose the answer that comes closest. There are no right or wrong answers."
LEAVE_OPEN: Final = "Leave it open if it does not apply, or if you do not know."
SKILLS: Final = "What you have done"
DRIVES: Final = "What you like"
CONTEXT: Final = "Your situation"
FORM_PARTS: Final = (SKILLS, DRIVES, CONTEXT)

# What ODK Collect and Enketo take for Markdown, HTML, or a reference to another question.
ODK_MARKUP: Final = re.compile(r"[*_\\<]|^#|^[+-](?= )|\$(?=\{)|\](?=\()|&(?=#?\w+;)")
# What SurveyJS puts the answer to another question in place of.
SURVEYJS_MARKUP: Final = re.compile(r"\{(?=[^{}]*\})")
# How far the fullwidth form of an ASCII character lies from it; NFKC leads back.
FULLWIDTH: Final = 0xFEE0


class FormQuestion(NamedTuple):
    """A question as forms show it.

    `name` stands for its key where a tool wants names of XML. `text` is on one line and unlike that of every other
    question. `options` are the number and the words of each answer; `answers.value_of` reads both as that answer.
    """

    key: str
    name: str
    part: str
    text: str
    options: tuple[tuple[float, str], ...]


def form_questions(questionnaire: Questionnaire) -> tuple[FormQuestion, ...]:
    """Return all questions in the order of the forms: skills, then drives, then the situation."""
    choices = choices_of(questionnaire)
    texts = {key: item.text for key, item in questionnaire.items.items()}
    texts |= {key: text for key, (text, _) in questionnaire.context.items()}
    texts, names = _unlike({key: _line(text) for key, text in texts.items()}), _xml_names(texts)
    questions = []
    for key in texts:
        options = tuple((choice.value, _words(choice, choices[key])) for choice in choices[key])
        questions.append(FormQuestion(key, names[key], _part(questionnaire, key), texts[key], options))
    return tuple(sorted(questions, key=lambda question: FORM_PARTS.index(question.part)))


def _part(questionnaire: Questionnaire, key: str) -> str:
    if key not in questionnaire.items:
        return CONTEXT
    return SKILLS if questionnaire.items[key].kind == "skill" else DRIVES


def _pages(questions: Iterable[FormQuestion]) -> Iterable[tuple[str, list[FormQuestion]]]:
    for part, group in groupby(questions, lambda question: question.part):
        yield part, list(group)


# --- Text that every tool keeps as it is ----------------------------------------------------------


def _line(text: str) -> str:
    """Return text on one line and trimmed, as most tools keep titles and options."""
    return re.sub(CONTROL, "\N{REPLACEMENT CHARACTER}", " ".join(text.split()))


def _unlike(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts, with their key behind those that nobody could tell apart."""
    counts = Counter(map(plain_words, texts.values()))
    return {key: text if counts[plain_words(text)] == 1 else f"{text} [{key}]" for key, text in texts.items()}


def _words(choice: Choice, choices: tuple[Choice, ...]) -> str:
    """Return the words of an option, with its number behind those that would be read as another or as none."""
    words = _line(choice.text)
    alone = value_of(words, choices) == choice.value
    return words if alone else f"{words} [{number_text(choice.value)}]"


def _literal(markup: re.Pattern[str], text: str) -> str:
    """Return text with fullwidth characters in place of markup: they look alike, and NFKC turns them back."""
    return markup.sub(lambda found: chr(ord(found[0]) + FULLWIDTH), text)


def _with_no_answer(question: FormQuestion) -> list[str]:
    """Return the words of all options, and of not answering behind them unless they are among them already."""
    words = [words for _, words in question.options]
    return words if plain_words(NO_ANSWER) in map(plain_words, words) else [*words, NO_ANSWER]


# --- CSV ------------------------------------------------------------------------------------------


def csv_form(questionnaire: Questionnaire) -> str:
    """Return a list to build a survey from by hand, as CSV: one row for each option of each question.

    Hardly any tool imports questions from CSV, but many make an option of every line that is pasted. So the options
    stand below each other, to be copied from the spreadsheet in one piece, and their numbers stand in a column of
    their own, so as not to become part of the words. Not answering is an option too: in many tools nobody can take
    an answer back.
    """
    file = StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["key", "part", "question", "number", "option"])
    for question in form_questions(questionnaire):
        start = [question.key, question.part, escape_formula(question.text)]
        numbers = [*(number_text(value) for value, _ in question.options), ""]
        for number, words in zip(numbers, _with_no_answer(question), strict=False):
            rows.writerow([*start, number, escape_formula(words)])
    return file.getvalue()


# --- XLSForm --------------------------------------------------------------------------------------


ID_ROW: Final = (
    "text",
    "id",
    ID_LABEL,
    "Leave it as it is, unless you were given an id to enter.",
    "uuid()",
)
# Questions of the same kind share one list of choices, which has the name of the kind.
LISTS: Final = {"agree": "agree", "reversed": "agree", "tradeoff": "tradeoff"}


class _Sheet(NamedTuple):
    name: str
    widths: tuple[int, ...]
    rows: Sequence[tuple[str, ...]]


def xlsform(questionnaire: Questionnaire) -> bytes:
    """Return the questionnaire as an XLSForm workbook, for ODK, KoboToolbox and their kin.

    Answers are stored as numbers under the names of questions. There are no groups, because exports put their
    names before those of questions. No question is required. The one for the id fills itself in; it can be seen so
    that people who were given an id can enter theirs.
    """
    questions = form_questions(questionnaire)
    survey = [("type", "name", "label", "hint", "default"), ID_ROW]
    choices: list[tuple[str, ...]] = [("list_name", "name", "label")]
    lists: dict[tuple[tuple[float, str], ...], str] = {}
    for question in questions:
        if question.options not in lists:
            name = lists[question.options] = _list_name(questionnaire, question, lists.values())
            choices += (
                (name, number_text(value), _literal(ODK_MARKUP, words)) for value, words in question.options
            )
        text = _literal(ODK_MARKUP, question.text)
        survey.append((f"select_one {lists[question.options]}", question.name, text, LEAVE_OPEN, ""))
    # Servers take a changed form only under a new version.
    version = sha256(json.dumps([survey, choices]).encode()).hexdigest()[:12]
    settings: list[tuple[str, ...]] = [
        ("form_title", "form_id", "version"),
        (TITLE, "self_assessment", version),
    ]
    return _workbook(
        [
            _Sheet("survey", (34, 34, 80, 54, 10), survey),
            _Sheet("choices", (34, 10, 100), choices),
            _Sheet("settings", (24, 24, 24), settings),
        ]
    )


def _xml_names(keys: Collection[str]) -> dict[str, str]:
    """Return a name of XML for each key, the key itself where it can be one; no two differ only by case.

    A name that is made up is no other question's key, so that an export's header always means one question.
    """
    names: dict[str, str] = {}
    taken = {"id", "meta"}
    others = {key.lower() for key in keys}
    for key in keys:
        valid = re.sub(r"[^A-Za-z0-9_.-]", "_", key)
        valid = valid if re.match("[A-Za-z_]", valid) else f"_{valid}"
        names[key] = key if key == valid and key.lower() not in taken else _free(valid, taken | others)
        taken.add(names[key].lower())
    return names


def _free(name: str, taken: Iterable[str]) -> str:
    number, free = 1, name
    while free.lower() in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def _list_name(questionnaire: Questionnaire, question: FormQuestion, taken: Iterable[str]) -> str:
    item = questionnaire.items.get(question.key)
    name = LISTS.get(item.kind, question.name) if item else question.name
    return _free(name, {other.lower() for other in taken})


def _workbook(sheets: Sequence[_Sheet]) -> bytes:
    """Return an Excel workbook in which every cell is text, long ones wrapped."""
    file = BytesIO()
    with open_workbook(file) as workbook:
        bold = workbook.add_format({"bold": True})
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        for sheet in sheets:
            page = workbook.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            for column, width in enumerate(sheet.widths):
                page.set_column(column, column, width)
            for number, row in enumerate(sheet.rows):
                for column, text in enumerate(row):
                    if page.write_string(number, column, text, wrapped if number else bold):
                        raise OSError(
                            errno.EFBIG, "a form holds 32,767 characters in a cell; shorten the texts"
                        )
    return file.getvalue()


# --- Google Forms ---------------------------------------------------------------------------------

GOOGLE_FORMS: Final = """\
// Makes a Google form. At script.google.com, choose New project, put this in place of what is there, and
// press Run. The log then names the form: look at it, and press Publish there.

const FORM = %s;

function createForm() {
  const form = FormApp.create(FORM.title, false).setDescription(FORM.description).setProgressBar(true);
  FORM.pages.forEach((page, number) => {
    const head = number === 0 ? form.addSectionHeaderItem() : form.addPageBreakItem();
    head.setTitle(page.title);
    for (const question of page.questions) {
      form.addMultipleChoiceItem().setTitle(question.title).setChoiceValues(question.choices);
    }
  });
  Logger.log('To edit and publish: ' + form.getEditUrl());
  Logger.log('To answer, once published: ' + form.getPublishedUrl());
}
"""


def google_forms(questionnaire: Questionnaire) -> str:
    """Return a Google Apps Script that makes the questionnaire a Google form, which it leaves unpublished.

    The form exports the texts of questions and options, so these are all that it needs.
    """
    form = {
        "title": TITLE,
        "description": INTRO,
        "pages": [
            {
                "title": part,
                "questions": [
                    {"title": question.text, "choices": _with_no_answer(question)} for question in page
                ],
            }
            for part, page in _pages(form_questions(questionnaire))
        ],
    }
    return GOOGLE_FORMS % _json(form)


# --- SurveyJS -------------------------------------------------------------------------------------


def surveyjs(questionnaire: Questionnaire) -> str:
    """Return the questionnaire as the JSON of a SurveyJS form, which answers with numbers under question keys."""
    literal = partial(_literal, SURVEYJS_MARKUP)
    form = {
        "title": TITLE,
        "description": f"{INTRO} {LEAVE_OPEN}",
        "pages": [
            {
                "name": f"page{number}",
                "title": part,
                "elements": [
                    {
                        "type": "radiogroup",
                        "name": question.key,
                        "title": literal(question.text),
                        "showClearButton": True,
                        "choices": [
                            {"value": _number(value), "text": literal(words)}
                            for value, words in question.options
                        ],
                    }
                    for question in page
                ],
            }
            for number, (part, page) in enumerate(_pages(form_questions(questionnaire)), start=1)
        ],
    }
    return _json(form) + "\n"


def _number(value: float) -> float:
    return int(value) if value == int(value) else value


def _json(data: Any) -> str:
    """Return JSON that is JavaScript as well, in a page of HTML too.

    No line of it ends early: U+2028 and U+2029, which end one in old JavaScript, have become spaces.
    """
    return json.dumps(data, ensure_ascii=False, indent=2).replace("<", r"\u003c")


MAKERS: Final[Mapping[str, Callable[[Questionnaire], str | bytes]]] = {
    "csv": csv_form,
    "xlsform": xlsform,
    "google-forms": google_forms,
    "surveyjs": surveyjs,
}
