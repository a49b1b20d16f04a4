"""Plain files taken apart in blocks: each line as the reader of single rows has it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from mopscli.assessment.questionnaire import Questionnaire, choices_of
from mopscli.batch import lines
from mopscli.batch.lines import LineReader
from mopscli.survey.replies import read_replies
from mopscli.survey.source import open_survey

ROWS = (
    "a;4;5;1;x",
    "b;;2;b;",
    "ü;C;Strongly agree;5.0;ü",
    "c;0;e;Clearly the second;=1+1",
    " ;4;5;1;",
    "d; 4 ;5;1;\u00a0",
    "e;4;5;1",
    "f;04;5;1;",
    'g;"4";5;1;"x;y"',
    "h;9;5;1;",
    ";4;5;1;z",
    "i;4;5;5 ;日本",
    "j",
    "k;NA;na;1;",
    "l;0;1;;",
    "m;5;5;3;last",
    "n;;;;",
)
# Columns of words, in which letters may be what is left of them.
WORDS = (
    *(f"p{number};Has set.;Strongly agree;Both alike;x" for number in range(5)),
    "a;F;Strongly agree;Both alike;",
    "b;Has set.;A;;",
    "c;5;5;1;",
    "d;;e;c;",
    "e;Has set.;Agree;Clearly the first;ü",
)


@pytest.mark.parametrize("size", [1, 30, 1 << 22])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", [True, False])
@pytest.mark.parametrize("rows", [ROWS, WORDS])
def test_lines_are_read_like_rows(
    small_questionnaire: Questionnaire,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    newline: str,
    end: bool,
    rows: Sequence[str],
) -> None:
    """A line would be read otherwise in a block than by itself: shifted, cut off, or under another number."""
    monkeypatch.setattr(lines, "BLOCK", size)
    keys = list(choices_of(small_questionnaire))
    header = ";".join(["id", *keys[:3], "note"])
    path = tmp_path / "in.csv"
    path.write_bytes((newline.join([header, *rows]) + newline * end).encode())
    survey = open_survey(small_questionnaire, path, "people", partial=True, missing=("NA",))
    assert survey.plain
    assert survey.worded
    reader = LineReader(survey, small_questionnaire, (4,))
    given = {
        key: [None, *(choice.value for choice in choices_of(small_questionnaire)[key])]
        for key in survey.questions
    }
    found = []
    for block in reader.blocks():
        read = reader.read(block)
        told = dict(zip(read.doubtful.tolist(), read.replies, strict=True))
        for place, id_ in enumerate(read.ids):
            if place in told:
                found.append(told[place])
                assert told[place].line == block.first + place
            else:
                values = tuple(given[key][digits[place]] for key, digits in read.digits.items())
                found.append((block.first + place, id_, values, read.kept[0][place]))
    alone = list(read_replies(survey, small_questionnaire))
    assert len(found) == len(alone) == len(rows)
    for one, other in zip(found, alone, strict=True):
        assert one in (other, (other.line, other.id, other.values, other.cells[-1]))
    # Most of them need no second look, or all of this would prove nothing.
    assert sum(len(one) == 4 for one in found) >= 4
