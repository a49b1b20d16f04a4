"""The text of postings as sentences, phrases in them, and their numbers."""

import pytest

from mopscli.posting.figures import find_pay, find_years
from mopscli.posting.reading import read_text
from mopscli.posting.wording import Phrases, words_of
from postings import JUNIOR


def kinds(text: str) -> list[tuple[str, bool]]:
    """Return what each sentence is, and whether it is denied."""
    return [(sentence.kind, sentence.denied) for sentence in read_text(text)]


@pytest.mark.parametrize(
    ("text", "kind", "denied"),
    [
        ("Requirements:\n- Writes SQL by hand", "required", False),
        ("Nice to have\n- Writes SQL by hand", "preferred", False),
        ("Responsibilities\n- Writes SQL by hand", "duty", False),
        ("Benefits\n- Writes you a card", "about", False),
        ("Responsibilities\n- Marketo is a plus", "preferred", False),
        ("Responsibilities\n- There is no need to know SQL", "duty", True),
        ("Requirements\n- Experience with SQL is not required", "required", True),
        ("Responsibilities\nWe are an equal opportunity employer", "about", False),
    ],
)
def test_kinds(text: str, kind: str, denied: bool) -> None:
    """A wish, a benefit or something denied would count as a demand."""
    assert kinds(text) == [(kind, denied)]


@pytest.mark.parametrize(
    ("sentence", "required", "preferred"),
    [
        ("5+ years of experience in marketing", 5, None),
        ("3-5 years of experience in marketing", 3, None),
        ("Minimum of eight (8) years of related experience", 8, None),
        ("Ideally 4 years of experience with HubSpot", None, 4),
        ("For over 30 years we have made chairs", None, None),
        ("No years of experience are required, and 7 years of experience are not needed", None, None),
    ],
)
def test_years(sentence: str, required: float | None, preferred: float | None) -> None:
    """The age of a company would be taken for experience, or a demand be missed."""
    years = find_years(read_text(f"Requirements:\n- {sentence}"))
    assert (years.required and years.required.value, years.preferred and years.preferred.value) == (
        required,
        preferred,
    )


def test_years_of_managing() -> None:
    """Years of managing people would not be told from other years."""
    years = find_years(read_text("Requirements:\n- 10 years of experience, with 4 years managing a team"))
    assert years.managing is not None
    assert years.managing.value == 4


@pytest.mark.parametrize(
    ("text", "pay"),
    [
        ("The salary range is $120,000 - $150,000 per year.", (120_000, 150_000)),
        ("Pay: $120k-150k", (120_000, 150_000)),
        ("Compensation: 100,000 - 130,000 USD per annum", (100_000, 130_000)),
        ("The rate is $30 to $40 per hour.", (62_400, 83_200)),
        ("You manage a budget of $250,000 to $300,000.", None),
        ("We raised $120 million, and pay well.", None),
        ("There is a stipend of $1,500 for your desk.", None),
    ],
)
def test_pay(text: str, pay: tuple[float, float] | None) -> None:
    """A budget would be taken for pay, or pay be missed."""
    found = find_pay(read_text(text))
    assert (found and (found.low, found.high)) == pay


def test_phrases() -> None:
    """A phrase would be found inside a word, or at a place where it does not count."""
    phrases = Phrases({"own": ["^own"], "manage": ["manag*"], "ops": ["marketing operations"]})
    assert list(phrases.found_in(words_of("Own the town's marketing, operations and managers"))) == [
        "own",
        "ops",
        "manage",
    ]
    assert not list(phrases.found_in(words_of("You own market operations")))


def test_benefits_are_no_demand() -> None:
    """Years of smiling in the benefits would count as experience."""
    years = find_years(read_text(JUNIOR))
    assert years.most is not None
    assert years.most.high == 2
