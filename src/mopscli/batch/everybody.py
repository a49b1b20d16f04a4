"""Everybody's answers in a file of respondents, as numbers to compute with."""

from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

from mopscli.assessment.calibration import Replies
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.batch.database import Progress
from mopscli.batch.intake import Intake
from mopscli.batch.opening import FIND_OUT, ReadOptions, opened, tell_nobody


class Everybody(NamedTuple):
    """The answers of all who can be read and answered anything, and how many rows are left out for a fault."""

    replies: Replies
    rejected: int


def read_everybody(
    questionnaire: Questionnaire,
    source: Path | str | BinaryIO,
    reading: ReadOptions = FIND_OUT,
    *,
    name: str | None = None,
    report: Progress = tell_nobody,
) -> Everybody:
    """Read everybody's answers out of a file of respondents, as `mops batch` reads it.

    Raises:
        ProblemsFound: the file cannot be used at all.

    """
    with opened(questionnaire, source, reading, name, report) as (database, survey, _):
        intake = Intake(database, questionnaire, survey)
        database.make_room(0)
        intake.load(strict=False, keep=False, partial=reading.partial)
        ((rejected,),) = database.query("SELECT count(raw) FROM replies")
        digits = dict(intake.digits())
        answers = np.zeros((0, 0), np.int8)
        if digits:
            cells = (f"({digit})::TINYINT AS answer_{n}" for n, digit in enumerate(digits.values()))
            columns = database.arrays(f"SELECT {', '.join(cells)} FROM replies WHERE raw IS NULL")
            answers = np.stack([np.asarray(column) for column in columns.values()], axis=1)
    return Everybody(Replies(tuple(digits), answers[answers.any(axis=1)]), rejected)
