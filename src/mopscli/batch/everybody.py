"""Everybody's answers in a file of respondents, as numbers to compute with."""

from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

from mopscli.assessment.calibration import Replies
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.assessment.scoring import Scoring
from mopscli.batch.database import Progress
from mopscli.batch.intake import Intake, code_at
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
    with opened(questionnaire, source, reading, name, report) as (database, survey, folder):
        intake = Intake(database, Scoring(questionnaire, (), ()), survey, folder)
        database.make_room(0)
        intake.load(strict=False, keep=False, partial=reading.partial)
        ((rejected,),) = database.query("SELECT count(raw) FROM replies")
        places = {
            item.key: f"({code_at(number)} // {weight} % {base})::TINYINT"
            for number, code in enumerate(intake.codes)
            for item, weight, base in code.places()
            if item.key in survey.questions
        }
        cells = ", ".join(f"{cell} AS answer_{number}" for number, cell in enumerate(places.values()))
        columns = database.arrays(f"SELECT {cells} FROM replies WHERE raw IS NULL") if places else {}
        digits = np.stack([np.asarray(column) for column in columns.values()], axis=1)
    return Everybody(Replies(tuple(places), digits[digits.any(axis=1)]), rejected)
