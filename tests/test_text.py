"""Text compared and shown, however hostile it is."""

import time
from unicodedata import normalize

import pytest
from hypothesis import given, strategies as st

from mopscli.text import normal, plain_words, same_name

# Marks that have their place in an order, one by one and in width that NFKC changes.
MARKS = ("\u0301\u0323", "\u0345\u0344", "\uff9e", "\u3099\u0301")


@pytest.mark.parametrize("marks", MARKS)
def test_rows_of_marks(marks: str) -> None:
    """One cell of 400,000 marks would keep the program busy for minutes: to sort them takes the square."""
    before = time.process_time()
    for compare in (plain_words, same_name):
        compare("e" + marks * (400_000 // len(marks)))
    assert time.process_time() - before < 3


@given(st.text(st.sampled_from("ea \u0301\u0323\uff9e\u1100\u1161\u00e9\u0915\u093c\ufb01"), min_size=1001))
def test_normal_form_of_long_texts(text: str) -> None:
    """A long answer would not be recognized when it was typed on another system."""
    for form in ("NFC", "NFKC"):
        # Where no letter has more than thirty marks, the form is that of Unicode.
        if all(
            len(row) <= 30 for row in text.translate(dict.fromkeys(map(ord, "ea \u1100\u1161"), " ")).split()
        ):
            assert normal(form, text) == normalize(form, text)
