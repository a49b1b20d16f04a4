"""One posting judged: what it asks, its warnings, its title, a person and a draft beside it."""

import pytest

from mopscli.assessment.questionnaire import prepare
from mopscli.person.person import Person
from mopscli.posting.draft import audit, correlation, ranks, review_draft
from mopscli.posting.match import fit_posting, lacked_together
from mopscli.posting.posting import FittedPosting, title_off
from mopscli.posting.title import read_title
from postings import JUNIOR, SENIOR, WISH_LIST, knowledge, read


@pytest.mark.parametrize(
    ("title", "level", "bank"),
    [
        ("Marketing Operations Specialist", "specialist", False),
        ("Sr. Marketing Analyst", "senior-specialist", False),
        ("Marketing Operations Manager", "manager", False),
        ("Senior Manager, Campaigns", "senior-manager", False),
        ("Marketing Analytics Lead", "senior-manager", False),
        ("Head of Marketing Operations", "director", False),
        ("Associate Director, Marketing", "director", False),
        ("Senior Director, Marketing", "vp", False),
        ("VP, Marketing Operations", "vp", False),
        ("Campaign Manager, Vice President", "manager", True),
        ("AVP, Marketing Data", "vp", True),
    ],
)
def test_titles(title: str, level: str, bank: bool) -> None:
    """A title would be taken for another level, or a bank's rank for a job."""
    found = read_title(title)
    assert found is not None
    assert (found.level, found.bank) == (level, bank)


@pytest.mark.parametrize("title", ["Marketing Operations Engineer", "Marketing Intern", "Jobs"])
def test_titles_without_a_level(title: str) -> None:
    """A title of another track would be taken for a level."""
    assert read_title(title) is None


def test_what_it_asks() -> None:
    """Years, pay, tools or skills would be missed, or something denied be taken for a demand."""
    found = read(JUNIOR)
    assert found.years.required == 1
    assert found.pay is not None
    assert (found.pay.low, found.pay.high) == (55_000, 65_000)
    assert {"HubSpot", "Salesforce", "Marketo"} <= set(found.tools)
    assert not {"SQL", "Tableau"} & set(found.tools)
    skills = {skill.skill: skill for skill in found.skills}
    assert "marketing-automation" in skills
    assert all("SQL" not in text for skill in found.skills for text in skill.sentences)
    assert not found.reports
    assert read(SENIOR).reports


def test_the_title_never_moves_the_level() -> None:
    """A grand title would make a job more senior."""
    one, other = read(JUNIOR, "Vice President, Marketing Operations"), read(JUNIOR)
    # The title tells the field, and fields differ a little in how usual each level is.
    assert one.level.mean == pytest.approx(other.level.mean, abs=0.1)
    assert title_off(one) >= 0.6
    assert "title-above" in {warning.kind for warning in one.warnings}
    below = read(SENIOR, "Marketing Operations Specialist")
    assert "title-below" in {warning.kind for warning in below.warnings}


def test_warnings() -> None:
    """A wish list would pass without a warning, or a warning come without its share of postings."""
    found = {warning.kind: warning for warning in read(WISH_LIST, "Head of Marketing Operations").warnings}
    assert {"pay-absent", "nobody-to-lead", "wish-list", "many-tools"} <= set(found)
    assert all(0 <= warning.base_rate < 0.5 for warning in found.values())
    assert found["wish-list"].sentences
    assert not {"nobody-to-lead", "wish-list"} & {warning.kind for warning in read(SENIOR).warnings}


def answered(level: int) -> Person:
    """Return somebody who chose the same level in each question about a skill."""
    questionnaire = prepare(knowledge())
    answers = {
        item.key: min(item.choices, key=lambda choice: abs(choice.y - level)).value
        for item in questionnaire.items.values()
    }
    return Person(questionnaire, answers)


def test_fit() -> None:
    """More skill would mean less readiness, or a fit rest on nothing."""
    beginner, expert = (fit_posting(knowledge(), answered(level), read(SENIOR)) for level in (1, 5))
    assert beginner.readiness is not None
    assert expert.readiness is not None
    assert beginner.readiness < expert.readiness
    assert beginner.gaps
    assert all(gap.have < gap.need and gap.action for gap in beginner.gaps)
    assert expert.strengths
    assert not expert.gaps
    nobody = fit_posting(knowledge(), Person(prepare(knowledge()), {}), read(SENIOR))
    assert (nobody.readiness, nobody.probability) == (None, None)
    assert 1 <= len(nobody.questions) <= 3
    assert all(must.met is None for must in nobody.must_haves)


def test_lacked_together() -> None:
    """What several postings ask together would not be told, or be counted as more than all of them."""
    fitted = [
        FittedPosting(one, fit_posting(knowledge(), answered(1), one)) for one in (read(SENIOR), read(JUNIOR))
    ]
    assert fitted
    assert all(0 < one.share <= 1 for one in lacked_together(fitted))


def test_draft() -> None:
    """A draft would not be told from the role that it is for."""
    postings = knowledge().postings
    assert postings is not None
    roles = knowledge().roles
    low = review_draft(knowledge(), postings, read(JUNIOR), roles["director"])
    assert low.chance < 0.1
    assert low.pay_fits is False
    assert "years" in {pull.clue for pull in low.pulls if pull.levels < 0}
    assert "leadership" in low.missed
    right = review_draft(knowledge(), postings, read(JUNIOR), roles["specialist"])
    assert right.chance > 0.5


def test_audit() -> None:
    """Postings that name none of a role's skills would agree with it."""
    assert not audit(knowledge(), [read(JUNIOR)])
    (first, *_) = audit(knowledge(), [read(JUNIOR)] * 30)
    assert first.low < first.correlation < first.high
    assert ranks([3.0, 1.0, 3.0]) == [2.5, 1.0, 2.5]
    assert correlation([1, 2, 3], [2, 4, 6]) == pytest.approx(1)
