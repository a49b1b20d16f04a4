"""Survey exports of a small questionnaire: how they are written, and what came of reading them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from mopscli.assessment.questionnaire import NO_ANSWER
from mopscli.problem import ProblemsFound
from mopscli.survey.rows import Reply
from mopscli.survey.source import Survey

WRITES = "Writing: which comes closest to what you have done?"
QUIET = "I like quiet hours."
LIBRARY = "First: A library. Second: A market."
BOOKS = "How many books?"
HEADER = "id,writes,quiet,library,books\n"
SKILL = "no option of this question: give 0 to 5, the words of an option, or its letter"
STEPS = "no option of this question: give 1 to 5, the words of an option, or its letter"
NUMBERS = "no option of this question: give 0, 2.5 or 10, the words of an option, or its letter"
GIVEN = {"writes": 4.0, "quiet": 5.0, "library": 1.0, "books": 2.5}
Read = Callable[..., tuple[Survey, list[Reply]]]


def answers(survey: Survey, reply: Reply) -> dict[str, float | None]:
    """Return the answers of a reply by question."""
    return dict(zip(survey.questions, reply.values, strict=True))


def outcome(replies: Sequence[Reply]) -> list[Any]:
    """Return the line of each reply with its id, or with its faults."""
    return [
        (reply.line, *(fault[:3] for fault in reply.faults)) if reply.faults else (reply.line, reply.id)
        for reply in replies
    ]


def refused(read: Read, content: str | bytes, **options: Any) -> list[str]:
    """Return the problems for which a whole file is refused."""
    with pytest.raises(ProblemsFound) as found:
        read(content, **options)
    return [str(problem) for problem in found.value.problems]


def workbook(path: Path, sheets: Sequence[Sequence[Sequence[Any]]]) -> bytes:
    """Return an Excel workbook of these sheets."""
    with xlsxwriter.Workbook(path / "made.xlsx", {"default_date_format": "yyyy-mm-dd"}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return (path / "made.xlsx").read_bytes()


GOOGLE = f'''"Timestamp","{WRITES}","How far do you agree? [{QUIET}]","{LIBRARY}","{BOOKS}"
"2026/01/05 9:12:44 am GMT+1","Has set.","Strongly agree","Clearly the first","2 or 3, about"
"2026/01/05 9:40:02 am GMT+1","","Rather agree","","{NO_ANSWER}"
'''
MICROSOFT = f"""ID,Start time,Completion time,Email,Name,"1. {WRITES}
",2.\xa0{QUIET}*,"{LIBRARY}",{BOOKS}
1,1/5/26 9:12:44,1/5/26 9:20:01,anonymous,,Has set.,Strongly agree,Clearly the first,"2 or 3, about"
"""
TYPEFORM = f'''#,{WRITES},*{QUIET}*,"{LIBRARY}",{BOOKS},Start Date (UTC),Network ID
x7h2kq,Has set.,Strongly agree,Clearly the first,"2 or 3, about",2026-01-05 08:12:44,8f1
'''
SURVEY_MONKEY = f'''Respondent ID,Collector ID,"1. {WRITES}",How far do you agree?,,{BOOKS},Anything else?
,,Response,{QUIET},"{LIBRARY}",Response,Open-Ended Response
114820007,431,Has set.,Strongly agree,Clearly the first,"2 or 3, about","Thanks,
bye"
'''
QUALTRICS = f'''StartDate,ResponseId,Q1,Q2_1,library,Q4
Start Date,Response ID,"<p>{WRITES}</p>","How far do you agree? - {QUIET}","{LIBRARY}",&nbsp;How <b>many</b> books?
"{{""ImportId"":""startDate""}}","{{""ImportId"":""_recordId""}}","{{""ImportId"":""QID1""}}","{{""ImportId"":""QID2_1""}}","{{""ImportId"":""QID3""}}","{{""ImportId"":""QID4""}}"
2026-01-05 09:12:44,R_3nB,4,5,1,2.5
'''
