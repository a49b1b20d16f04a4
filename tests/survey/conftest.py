"""What tests of survey exports share: what reads an export of the small questionnaire."""

from pathlib import Path
from typing import Any

import pytest

from mopscli.assessment.questionnaire import Questionnaire
from mopscli.survey.replies import CsvReplies, read_replies
from mopscli.survey.rows import Reply
from mopscli.survey.source import Survey, open_survey
from surveys import Read


@pytest.fixture
def read(small_questionnaire: Questionnaire, tmp_path: Path) -> Read:
    """Return a function that reads an export of the small questionnaire."""

    def read(content: str | bytes, **options: Any) -> tuple[Survey, list[Reply]]:
        path = tmp_path / "export"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        survey = open_survey(small_questionnaire, path, "people.csv", **options)
        replies = list(read_replies(survey, small_questionnaire))
        if survey.plain:
            # A plain file can be read line by line, each by itself.
            assert survey.rows == len(replies)
            by_line = CsvReplies(survey, small_questionnaire)
            lines = path.read_bytes().decode("utf-8-sig").split(survey.newline)[survey.first_line - 1 :]
            lines = lines if lines and lines[-1] else lines[:-1]
            assert replies == [by_line.read_line(*at) for at in enumerate(lines, survey.first_line)]
        return survey, replies

    return read
