"""The whole circle in other scripts: a form made, filled in as its tool exports it, and read back."""

# ruff: noqa: RUF001 - the scripts are the subject
import csv
import json
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest

from mopscli.assessment.questionnaire import Questionnaire, choices_of
from mopscli.survey.forms import csv_form, form_questions, surveyjs, xlsform
from mopscli.survey.replies import read_replies
from mopscli.survey.source import open_survey

# What stands in place of the letters of the questions and options: words whose marks and joiners matter.
SCRIPTS = {
    "Chinese": "哪一项最接近您所做过的工作？",
    "Hindi": "आपने जो किया है उसके सबसे निकट क्या है?",
    "Arabic": "أيُّ ممّا يلي هو الأقرب إلى ما أنجزته؟",
    "Persian": "می‌خواهم کارها را خودم انجام دهم.",
    "Russian": "Что ближе всего к тому, что вы делали?",
    "Japanese": "あなたの経験に最も近いものはどれですか？（ひとつ）",
    "Thai": "ข้อใดใกล้เคียงกับสิ่งที่คุณเคยทำมากที่สุด",
    "Greek": "Ποιο είναι πιο κοντά σε ό,τι έχετε κάνει;",
}


def translated(questionnaire: Questionnaire, words: str) -> Questionnaire:
    """Return a questionnaire in which every question and option is in other words, each unlike the others."""
    items = {
        key: item._replace(
            text=f"{words} {chr(0x4E00 + place)}",
            choices=tuple(
                choice._replace(text=f"{words[:12]} {chr(0x5E00 + number)}", formerly=())
                for number, choice in enumerate(item.choices)
            ),
        )
        for place, (key, item) in enumerate(questionnaire.items.items())
    }
    return replace(questionnaire, items=items, formerly={})


def in_csv(rows: list[list[str]]) -> bytes:
    """Return rows as CSV with a byte order mark, as spreadsheets save it."""
    file = StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode("utf-8-sig")


def by_copy_and_paste(questionnaire: Questionnaire) -> tuple[bytes, dict[str, float]]:
    """Fill in what was copied from the list, exported with numbers before the questions."""
    given, header, row = {}, ["ID"], ["7"]
    for line in list(csv.DictReader(StringIO(csv_form(questionnaire)))):
        if line["number"] and line["key"] not in given:
            given[line["key"]] = float(line["number"])
            header.append(f"{len(header)}. {line['question']}")
            row.append(line["option"])
    return in_csv([header, row]), given


def by_google_forms(questionnaire: Questionnaire) -> tuple[bytes, dict[str, float]]:
    """Fill in the last option of each question, exported by titles and words."""
    questions = form_questions(questionnaire)
    header = ["Timestamp", *(question.text for question in questions)]
    row = ["2026/01/05 9:00:44 am", *(question.options[-1][1] for question in questions)]
    return in_csv([header, row]), {question.key: question.options[-1][0] for question in questions}


def by_kobo(questionnaire: Questionnaire, labels: bool) -> tuple[bytes, dict[str, float]]:
    """Fill in the first option of each question, exported by names and values or by labels."""
    book = openpyxl.load_workbook(BytesIO(xlsform(questionnaire)))
    survey = list(book["survey"].values)[1:]
    choices = list(book["choices"].values)[1:]
    book.close()
    header, row, given = [], [], {}
    keys = {question.name: question.key for question in form_questions(questionnaire)}
    for type_, name, label, *_ in survey:
        header.append(str(label if labels else name))
        if not str(type_).startswith("select_one"):
            row.append("S-7")
            continue
        value, words = next((v, w) for list_, v, w in choices if list_ == str(type_).split()[1])
        row.append(str(words if labels else value))
        given[keys[str(name)]] = float(str(value))
    return in_csv([[*header, "_id"], [*row, "5001"]]), given


def by_surveyjs(questionnaire: Questionnaire) -> tuple[bytes, dict[str, float]]:
    """Fill in the first option of each question, kept as an object of JSON."""
    pages = json.loads(surveyjs(questionnaire))["pages"]
    given = {
        element["name"]: element["choices"][0]["value"]
        for page in pages
        for element in page["elements"]
        if "choices" in element
    }
    return json.dumps({"id": "7"} | given).encode(), given


TOOLS: dict[str, Callable[[Questionnaire], tuple[bytes, dict[str, float]]]] = {
    "copy and paste": by_copy_and_paste,
    "Google Forms": by_google_forms,
    "KoboToolbox, values": lambda questionnaire: by_kobo(questionnaire, labels=False),
    "KoboToolbox, labels": lambda questionnaire: by_kobo(questionnaire, labels=True),
    "SurveyJS": by_surveyjs,
}


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("script", SCRIPTS)
def test_circle(small_questionnaire: Questionnaire, tmp_path: Path, script: str, tool: str) -> None:
    """A form in another script could be filled in, and then not be scored or be scored otherwise."""
    questionnaire = translated(small_questionnaire, SCRIPTS[script])
    content, given = TOOLS[tool](questionnaire)
    assert given.keys() == choices_of(questionnaire).keys()
    path = tmp_path / "export"
    path.write_bytes(content)
    survey = open_survey(questionnaire, path, "export")
    (reply,) = read_replies(survey, questionnaire)
    assert reply.faults == ()
    assert dict(zip(survey.questions, reply.values, strict=True)) == given
    assert reply.id == ("row 2" if tool == "Google Forms" else "S-7" if "Kobo" in tool else "7")
