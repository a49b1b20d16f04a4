"""Codes of answers: no answer is lost in one, and every usual spelling is the option that it means."""

import duckdb
import numpy as np
import pytest

from mopscli.assessment.questionnaire import NO_ANSWER, Questionnaire, value_of
from mopscli.batch.codes import MOST_WAYS, codes_of, digit_of_number, digit_of_text, usual_spellings


def test_codes_hold_every_answer(questionnaire: Questionnaire) -> None:
    """An answer would come back from its code as another one, in SQL or in NumPy, or a code be too long."""
    for code in codes_of(questionnaire):
        chosen = [number % base for number, base in enumerate(code.bases, 1)]
        digits = {item.key: str(digit) for item, digit in zip(code.items, chosen, strict=True)}
        highest = {item.key: str(base - 1) for item, base in zip(code.items, code.bases, strict=True)}
        again = ", ".join(code.digit(item.key, "code") for item in code.items)
        with duckdb.connect() as connection:
            rows = f"(SELECT {code.packed(digits)} AS code) , (SELECT {code.packed(highest)} AS highest)"
            packed, most, *found = (
                connection.execute(f"SELECT code, highest, {again} FROM {rows}").fetchone() or ()
            )
        assert found == chosen
        assert code.digits(np.array([packed])).tolist() == [chosen]
        assert most == code.ways - 1 < MOST_WAYS


@pytest.mark.parametrize("missing", ["NA", "4", "it's"])
def test_digits_of_texts(questionnaire: Questionnaire, missing: str) -> None:
    """A spelling would count as another option than read row by row, or what is none as an answer."""
    texts = [
        "",
        " ",
        "NA",
        "it's",
        NO_ANSWER,
        "a",
        "F",
        "z",
        "0",
        "4",
        "5",
        "4 ",
        "4.0",
        "4.00",
        "04",
        "44",
        "9",
        "\1",
    ]
    with duckdb.connect() as connection:
        for item in questionnaire.items.values():
            values = [None, *(choice.value for choice in item.choices)]
            cells = [*texts, *(choice.text for choice in item.choices)]
            digit = digit_of_text(usual_spellings(item.choices, (missing, NO_ANSWER)), "cell")
            rows = connection.execute(
                f"SELECT cell, {digit} FROM (SELECT unnest(?) AS cell)", [cells]
            ).fetchall()
            for cell, found in rows:
                if found is not None:
                    meant = value_of(cell, item.choices)
                    assert values[found] == meant
                    assert meant is not None or cell.strip() in ("", missing, NO_ANSWER)
            known = {cell for cell, found in rows if found is not None}
            assert {"", "a", "4", "4.0", NO_ANSWER, *(choice.text for choice in item.choices)} <= known
            assert not known & {"z", "04", "44", "9", "\1"}


def test_digits_of_numbers(questionnaire: Questionnaire) -> None:
    """A number in a Parquet file that is no option would be taken for one."""
    item = next(item for item in questionnaire.items.values() if item.kind == "skill")
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT {digit_of_number(item.choices, 'cell')} FROM (SELECT unnest([NULL, -1, 0, 5, 6]) AS cell)"
        ).fetchall()
    assert rows == [(0,), (None,), (1,), (6,), (None,)]
