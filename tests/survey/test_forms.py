"""The questionnaire as survey tools take it, each form read back by a reader that is not ours."""

import csv
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from unicodedata import normalize

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from pyxform.validators.odk_validate import install_exists
from pyxform.xls2xform import convert

from mopscli.assessment.answers import read_answers
from mopscli.assessment.questionnaire import (
    NO_ANSWER,
    Choice,
    Item,
    Questionnaire,
    choices_of,
    number_text,
    value_of,
)
from mopscli.knowledge.questions import Option
from mopscli.problem import Place
from mopscli.survey.forms import (
    csv_form,
    form_questions,
    google_forms,
    surveyjs,
    xlsform,
)
from mopscli.survey.spreadsheet import escape_formula
from samples import bundled_questionnaire

TEXTS = (
    'A "quote" and a \\ backslash \\u0041 \\n',
    "</script><b>bold</b> <!-- &lt;b> < 3",
    "${id} ${not a name} ${",
    "two\nlines,\ta tab \u2028 and more",
    "=1+1",
    "'=1+1",
    "😀 emoji",
    "שלום",
    "*bold* __strong__ [a link](https://example.org)",
    "# heading",
    "{id} {b{c} 100 % %s %(x)s",
    "- R&D + 1",
)
KEYS = (
    "id",
    "360",
    "a.b",
    "ID",
    "meta",
    "constructor",
    "q-6",
    "Meta",
    "id_2",
    "toString",
    "data",
    "instanceID",
)
VALUES = (-1, 0, 0.5, 2, 1000000)
NODE = shutil.which("node")
MODULES = Path(os.environ.get("MOPS_NODE_MODULES", "node_modules"))

# What Google's FormApp offers and refuses, as its reference tells, writing down what a script makes of it.
FORM_APP = """
const made = {pages: []};
const text = (value) => {
  if (typeof value !== 'string' || !value || value !== value.trim() || /[\\r\\n]/.test(value)) {
    throw new Error('bad text: ' + JSON.stringify(value));
  }
  return value;
};
class Page { setTitle(title) { made.pages.push({title: text(title), questions: []}); return this; } }
class Question {
  constructor() { this.made = {}; made.pages.at(-1).questions.push(this.made); }
  setTitle(title) { this.made.title = text(title); return this; }
  setChoiceValues(values) {
    if (new Set(values).size !== values.length || !values.length) throw new Error('bad choices: ' + values);
    this.made.choices = values.map(text);
    return this;
  }
}
class Form {
  setDescription(description) { made.description = text(description); return this; }
  setProgressBar(enabled) { made.progress = enabled; return this; }
  addSectionHeaderItem() { return new Page(); }
  addPageBreakItem() { if (!made.pages.length) throw new Error('an empty page'); return new Page(); }
  addMultipleChoiceItem() { return new Question(); }
  getEditUrl() { return 'edit'; }
  getPublishedUrl() { return 'published'; }
}
const FormApp = {create(title, published) { Object.assign(made, {title, published}); return new Form(); }};
const Logger = {log() {}};
"""
# Answers every question with its last option, as somebody does on the screen, and takes the first answer back.
SURVEY = """
const {Model} = require('survey-core');
const form = new Model(JSON.parse(FORM));
const questions = form.getAllQuestions();
for (const question of questions) question.value = question.choices.at(-1).value;
const shown = questions.map((one) => [one.name, one.locTitle.textOrHtml, one.canShowClearButton,
  one.choices.map((choice) => [choice.value, choice.locText.textOrHtml])]);
const data = JSON.stringify(form.data);
questions[0].clearValue();
const cleared = !(questions[0].name in form.data);
console.log(JSON.stringify({errors: form.jsonErrors || [], pages: form.pages.length, shown, data, cleared}));
"""


def misleading() -> Questionnaire:
    """Return questions whose keys and texts mean something to some tool, and some that look alike."""
    items = {}
    for number, key in enumerate(KEYS):
        choices = tuple(
            Choice(value, TEXTS[(number + step) % len(TEXTS)], value) for step, value in enumerate(VALUES)
        )
        items[key] = Item(key, "agree", "trait", TEXTS[number], choices, 1.0, 1.0)
    alike = (Choice(1, "Same", 1), Choice(2, "\uff53\uff41\uff4d\uff45 ", 2), Choice(3, NO_ANSWER.upper(), 3))
    alike = (*alike, Choice(4, "1", 4))
    items["last"] = Item("last", "skill", "trait", "Alike?", alike, 1.0, 1.0)
    options = tuple(Option(value=value, text=f"{value} years", place=Place("")) for value in (0, 2.5))
    return Questionnaire(items, {"years": ("alike?", options)}, {}, 0.5, ())


@pytest.fixture(scope="module", params=["bundled", "misleading"])
def questionnaire(request: pytest.FixtureRequest) -> Questionnaire:
    """Return the bundled questionnaire, and one that would break careless forms."""
    bundled = request.param == "bundled"
    return bundled_questionnaire() if bundled else misleading()


def same(text: str) -> str:
    """Return text as a survey's header is matched: what only looks different is the same."""
    return " ".join(normalize("NFKC", text).split())


def run_node(script: str) -> Any:
    """Run a script in node and return the JSON that it prints."""
    if NODE is None:
        pytest.skip("node is not installed, so this form was not run")
    done = subprocess.run(
        [NODE, "-"],
        input=script,
        env={**os.environ, "NODE_PATH": str(MODULES.resolve())},
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=60,
    )
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


def words(questionnaire: Questionnaire) -> list[tuple[str, list[str]]]:
    """Return all questions with their options and the one for no answer, as tools without numbers have them."""
    expected = []
    for question in form_questions(questionnaire):
        texts = [text for _, text in question.options]
        none = [] if NO_ANSWER.upper() in texts else [NO_ANSWER]
        expected.append((question.text, texts + none))
    return expected


def test_questions(questionnaire: Questionnaire) -> None:
    """A question or an option would be missing from the forms, out of order, or in other words."""
    questions = form_questions(questionnaire)
    choices = choices_of(questionnaire)
    texts = {key: item.text for key, item in questionnaire.items.items()}
    texts |= {key: text for key, (text, _) in questionnaire.context.items()}
    assert sorted(question.key for question in questions) == sorted(choices)
    assert [question.part for question in questions] == sorted(
        (question.part for question in questions),
        key=["What you have done", "What you like", "Your situation"].index,
    )
    for part in {question.part for question in questions}:
        keys = [question.key for question in questions if question.part == part]
        assert keys == [key for key in choices if key in keys]
    for question in questions:
        assert same(question.text).startswith(same(texts[question.key]))
        assert [value for value, _ in question.options] == [choice.value for choice in choices[question.key]]
        for (_, text), choice in zip(question.options, choices[question.key], strict=True):
            assert same(text).startswith(same(choice.text))
    assert len({same(question.text).casefold() for question in questions}) == len(questions)
    assert len({question.name.lower() for question in questions}) == len(questions)


def test_words_are_read_back(questionnaire: Questionnaire) -> None:
    """What a tool exports, the words of an option or its number, would be read as another option."""
    choices = choices_of(questionnaire)
    workbook = sheets(xlsform(questionnaire))
    for question, (kind, *_) in zip(form_questions(questionnaire), workbook["survey"][2:], strict=True):
        labels = [label for key, _, label in workbook["choices"] if f"select_one {key}" == kind]
        for (value, words), label in zip(question.options, labels, strict=True):
            for answer in (words, label, number_text(value)):
                assert value_of(answer, choices[question.key]) == value


def test_names() -> None:
    """Two keys would get one name in a form, or a name that XML does not allow, or look alike."""
    questions = {question.key: question for question in form_questions(misleading())}
    names = ["id_3", "_360", "a.b", "ID_4", "meta_2", "constructor", "q-6", "Meta_3", "id_2", "toString"]
    assert [questions[key].name for key in KEYS] == [*names, "data", "instanceID"]
    assert (questions["last"].text, questions["years"].text) == ("Alike? [last]", "alike? [years]")
    assert questions["last"].options == (
        (1, "Same [1]"),
        (2, "\uff53\uff41\uff4d\uff45 [2]"),
        (3, NO_ANSWER.upper()),
        (4, "1 [4]"),
    )


def test_bundled_words() -> None:
    """The words of the bundled questionnaire would be changed in forms, so that exports do not match."""
    bundled = bundled_questionnaire()
    choices = choices_of(bundled)
    for question in form_questions(bundled):
        item = bundled.items.get(question.key)
        assert question.name == question.key
        assert question.text == (item.text if item else bundled.context[question.key][0])
        assert question.options == tuple((choice.value, choice.text) for choice in choices[question.key])
    labels = {row[2] for row in sheets(xlsform(bundled))["survey"]}
    assert {question.text for question in form_questions(bundled)} < labels


@pytest.mark.parametrize("write", [csv_form, xlsform, google_forms, surveyjs])
def test_repeatable(write: Any, questionnaire: Questionnaire) -> None:
    """A form made twice would differ, and look like a changed questionnaire."""
    assert write(questionnaire) == write(questionnaire)


def test_csv(questionnaire: Questionnaire) -> None:
    """An option would share its row or be copied with its number, or a cell be a formula."""
    rows = list(csv.DictReader(StringIO(csv_form(questionnaire)), strict=True))
    expected = []
    for question, (text, texts) in zip(form_questions(questionnaire), words(questionnaire), strict=True):
        numbers = [*(number_text(value) for value, _ in question.options), ""]
        for number, option in zip(numbers, texts, strict=False):
            expected.append([question.key, question.part, text, number, option])
    assert [[*row.values()][:2] for row in rows] == [row[:2] for row in expected]
    assert [row["number"] for row in rows] == [row[3] for row in expected]
    for row, (_, _, text, _, option) in zip(rows, expected, strict=True):
        assert (row["question"], row["option"]) == (escape_formula(text), escape_formula(option))
        assert not row["question"].startswith(("=", "+", "-", "@"))
        assert not row["option"].startswith(("=", "+", "-", "@"))


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    """Return the rows of each sheet of an Excel file."""
    workbook = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}


def test_xlsform(questionnaire: Questionnaire) -> None:
    """The workbook would lack a question or its name, or the id before them, or not answer by numbers."""
    found = sheets(xlsform(questionnaire))
    (types, *survey), (header, *choices), (settings, (title, _, version)) = found.values()
    assert list(found) == ["survey", "choices", "settings"]
    assert types == ["type", "name", "label", "hint", "default"]
    assert header == ["list_name", "name", "label"]
    assert (settings, title, len(version)) == (
        ["form_title", "form_id", "version"],
        "Self-assessment",
        12,
    )
    assert [survey[0][column] for column in (0, 1, 4)] == ["text", "id", "uuid()"]
    questions = form_questions(questionnaire)
    for (kind, name, label, _, default), question in zip(survey[1:], questions, strict=True):
        own = [(value, text) for key, value, text in choices if f"select_one {key}" == kind]
        assert (name, same(label), default) == (question.name, same(question.text), "")
        assert [value for value, _ in own] == [number_text(value) for value, _ in question.options]
        assert [same(text) for _, text in own] == [same(text) for _, text in question.options]
    assert len({(key, value) for key, value, _ in choices}) == len(choices)


def test_xlsform_shares_lists() -> None:
    """Questions of a kind would each bring a list of choices, or a cell hold more than text."""
    bundled = bundled_questionnaire()
    workbook = openpyxl.load_workbook(BytesIO(xlsform(bundled)))
    lists = {row[0].value for row in workbook["choices"].iter_rows(min_row=2)}
    skills = {key for key, item in bundled.items.items() if item.kind == "skill"}
    assert lists == {"agree", "tradeoff", *skills, *bundled.context}
    odd = openpyxl.load_workbook(BytesIO(xlsform(misleading())))
    cells = [cell for sheet in odd for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    assert all(sheet.freeze_panes == "A2" for sheet in odd)


def test_xlsform_version() -> None:
    """A changed text would leave the version as it was, and servers refuse the new form."""
    first = misleading()
    changed = {key: Item(*item) for key, item in first.items.items()}
    changed["a.b"] = Item("a.b", "agree", "trait", "Another text", first.items["a.b"].choices, 1.0, 1.0)
    second = Questionnaire(changed, first.context, {}, 0.5, ())
    versions = [sheets(xlsform(one))["settings"][1][2] for one in (first, first, second)]
    assert versions[0] == versions[1] != versions[2]


def test_xlsform_is_valid(questionnaire: Questionnaire) -> None:
    """Tools that are built on pyxform would refuse the form, or a text refer to a question."""
    warnings: list[str] = []
    form = convert(xlsform(questionnaire), file_type=".xlsx", warnings=warnings).xform
    assert not warnings
    assert "<output" not in form
    assert form.count("<select1 ") == len(form_questions(questionnaire))
    assert 'event="odk-instance-first-load" value="uuid()"' in form


def test_odk_validate(questionnaire: Questionnaire) -> None:
    """ODK's own validator, which runs the form as a phone does, would refuse it."""
    if not (shutil.which("java") and install_exists()):
        pytest.skip("java or ODK Validate is not installed, so the XLSForm was only checked by pyxform")
    warnings: list[str] = []
    convert(xlsform(questionnaire), file_type=".xlsx", validate=True, warnings=warnings)
    assert not warnings


def google_data(script: str) -> Any:
    """Return the data that a Google Apps Script begins with."""
    return json.JSONDecoder().raw_decode(script, script.index("{"))[0]


def test_google_data(questionnaire: Questionnaire) -> None:
    """The script's JSON would lack a question, or end a line or an HTML page early."""
    script = google_forms(questionnaire)
    pages = google_data(script)["pages"]
    made = [(question["title"], question["choices"]) for page in pages for question in page["questions"]]
    assert made == words(questionnaire)
    assert not {"\u2028", "\u2029", "\r"} & set(script)
    assert "<" not in script[script.index("{") : script.index("function")]


def test_google_forms(questionnaire: Questionnaire) -> None:
    """The script would be no JavaScript, lack a question, or publish the form before somebody has seen it."""
    script = google_forms(questionnaire)
    made = run_node(f"{FORM_APP}\n{script}\ncreateForm(); console.log(JSON.stringify(made));")
    assert (made["title"], made["published"], made["progress"]) == ("Self-assessment", False, True)
    assert [page["title"] for page in made["pages"]] == list(
        dict.fromkeys(question.part for question in form_questions(questionnaire))
    )
    asked = [(one["title"], one["choices"]) for page in made["pages"] for one in page["questions"]]
    assert asked == words(questionnaire)


def elements(questionnaire: Questionnaire) -> Sequence[Any]:
    """Return the questions of the SurveyJS form."""
    return [element for page in json.loads(surveyjs(questionnaire))["pages"] for element in page["elements"]]


def test_surveyjs_data(questionnaire: Questionnaire) -> None:
    """The form would not answer under question keys with the numbers of options, or keep what is taken back."""
    for element, question in zip(elements(questionnaire), form_questions(questionnaire), strict=True):
        assert (element["type"], element["name"], element["showClearButton"]) == (
            "radiogroup",
            question.key,
            True,
        )
        made = [(choice["value"], same(choice["text"])) for choice in element["choices"]]
        assert made == [(value, same(text)) for value, text in question.options]
        assert same(element["title"]) == same(question.text)


def test_surveyjs(questionnaire: Questionnaire) -> None:
    """survey-core would complain of the form, show other texts, or export what mops does not read."""
    if not (MODULES / "survey-core").is_dir():
        pytest.skip("survey-core is not installed, so SurveyJS did not load the form; 'make circle' does it")
    made = run_node(f"const FORM = {json.dumps(surveyjs(questionnaire))};\n{SURVEY}")
    questions = form_questions(questionnaire)
    assert (made["errors"], made["pages"], made["cleared"]) == ([], 3, True)
    for (name, title, clearable, choices), question in zip(made["shown"], questions, strict=True):
        assert (name, same(title), clearable) == (question.key, same(question.text), True)
        assert [(value, same(text)) for value, text in choices] == [
            (value, same(text)) for value, text in question.options
        ]
    expected = {question.key: question.options[-1][0] for question in questions}
    assert json.loads(made["data"]) == expected
    assert read_answers(choices_of(questionnaire), None, made["data"].encode()) == expected
