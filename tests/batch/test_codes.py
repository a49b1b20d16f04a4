"""Codes of answers: no answer is lost in one, and none is too long for its type."""

import duckdb
import pytest

from mopscli.assessment.questionnaire import Questionnaire
from mopscli.batch import codes


def test_codes_hold_every_answer(questionnaire: Questionnaire) -> None:
    """An answer would come back from its code as another one."""
    code = codes.Code(("a", "b"), tuple(questionnaire.items.values())[18:22])
    digits = {item.key: str(number + 1) for number, item in enumerate(code.items)}
    answers = ", ".join(f"({answer})::DOUBLE" for _, answer in code.answers(code.pack(digits)))
    row = duckdb.connect().execute(f"SELECT {answers}").fetchone()
    assert row == tuple(item.choices[number].value for number, item in enumerate(code.items))


@pytest.mark.parametrize(
    ("patterns", "type_"), [(2, "UTINYINT"), (8, "USMALLINT"), (20, "UINTEGER"), (40, "UBIGINT")]
)
def test_codes_fit_their_type(questionnaire: Questionnaire, patterns: int, type_: str) -> None:
    """A code of many questions would overflow."""
    item = next(item for item in questionnaire.items.values() if item.kind == "agree")
    items = tuple(item._replace(key=f"q{number}") for number in range(patterns // 2))
    code = codes.Code(("trait",), items)
    assert code.type == type_
    digits = {item.key: str(len(item.choices)) for item in items}
    row = duckdb.connect().execute(f"SELECT {code.pack(digits)}").fetchone()
    assert row == (code.patterns - 1,)
