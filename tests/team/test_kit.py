"""Hiring kits: for every role whole, every open place marked, and every sentence with its source."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from mopscli.assessment.questionnaire import prepare
from mopscli.formats.markdown import markdown
from mopscli.knowledge import Knowledge
from mopscli.knowledge.staffing import PAPERS
from mopscli.page import Commands, Facts, Grid, Heading, Line, Paragraph, Title
from mopscli.pages.kit import OPEN, kit_pages
from mopscli.person.person import Person
from mopscli.team.kit import Kit, make_kit
from samples import bundled

ROLE_KEYS = tuple(bundled().roles)
LEADING_ROLES = (
    *("campaign-team-manager", "head", "director", "senior-director", "vp", "revenue-operations"),
    *("senior-marketing-manager", "marketing-director", "marketing-vp", "cmo"),
)


def lines_of(kit: Kit, knowledge: Knowledge) -> Iterator[tuple[str, Line]]:
    """Yield every line of every paper, with the paper."""
    for key, page in kit_pages(knowledge, kit).items():
        for block in page.blocks:
            match block:
                case Paragraph(line):
                    yield key, line
                case Facts(rows):
                    yield from ((key, line) for _, lines in rows for line in lines)
                case Grid(_, rows):
                    yield from ((key, line) for _, cells in rows for lines in cells for line in lines)
                case Title() | Heading() | Commands():
                    pass
                case _:
                    yield from ((key, line) for line in getattr(block, "lines", ()))


@pytest.mark.parametrize("role", ROLE_KEYS)
def test_kit_is_whole(knowledge: Knowledge, role: str) -> None:
    """A section of a paper would be empty, or a competency of the scorecard lack its questions."""
    kit = make_kit(knowledge, knowledge.roles[role], {})
    pages = kit_pages(knowledge, kit)
    assert tuple(pages) == PAPERS
    for page in pages.values():
        blocks = [*page.blocks, Heading("end")]
        for block, after in pairwise(blocks):
            if isinstance(block, Title | Heading):
                assert not isinstance(after, Title | Heading), block
            rows = getattr(block, "rows", getattr(block, "lines", ("not empty",)))
            assert rows, block
    assert len(kit.accountabilities) >= 5
    assert len(kit.first_year) >= 4
    assert len(kit.background) >= 4
    assert len(kit.metrics) >= 6
    assert len(kit.arguments) >= 3
    assert len(kit.doubts) >= 2
    assert len(kit.checklist) >= 30
    assert {some.skill for some in kit.competencies} == knowledge.roles[role].requires.keys()
    for some in kit.competencies:
        assert len(some.questions) == 2, some.skill


@pytest.mark.parametrize("role", ROLE_KEYS)
def test_every_sentence_has_its_source(knowledge: Knowledge, role: str) -> None:
    """A sentence would name no source, or what only the company knows not be marked."""
    kit = make_kit(knowledge, knowledge.roles[role], {})
    for paper, line in lines_of(kit, knowledge):
        if line.source is not None:
            assert line.source in knowledge.sources
            assert OPEN not in line.text
        elif line.text != OPEN:
            # A label, a number, a name or a unit, but no sentence.
            assert not line.text.endswith((".", "?")), (paper, line.text)
            assert len(line.text) <= 60, (paper, line.text)


def test_choices_are_filled_in(knowledge: Knowledge) -> None:
    """With every choice made something would still be marked, or a choice stand in no paper."""
    assert knowledge.hiring is not None
    role = knowledge.roles["director"]
    filled = {choice.key: f"the very {choice.key}" for choice in make_kit(knowledge, role, {}).choices}
    kit = make_kit(knowledge, role, filled)
    assert kit.open == ()
    text = "\n".join(markdown(page) for page in kit_pages(knowledge, kit).values())
    assert "FILL IN" not in text
    for value in filled.values():
        assert value in text, value
    open_kit = make_kit(knowledge, role, {})
    assert {choice.key for choice in open_kit.open} == filled.keys()
    text = "\n".join(markdown(page) for page in kit_pages(knowledge, open_kit).values())
    titles = len(PAPERS)
    assert text.count("FILL IN") >= len(filled) - 1 + titles


def test_candidate(knowledge: Knowledge) -> None:
    """A candidate's answers would not fill the scorecard, or gaps not come first in the interview."""
    questionnaire = prepare(knowledge)
    skills = [key for key, item in questionnaire.items.items() if item.kind == "skill"]
    weak = "performance-measurement"
    person = Person(questionnaire, {key: 1.0 if key == weak else 5.0 for key in skills})
    kit = make_kit(knowledge, knowledge.roles["director"], {}, person)
    assert [some.skill for some in kit.competencies if some.gap] == [weak]
    assert kit.competencies[0].skill == weak
    assert kit.candidate is not None
    assert kit.candidate.readiness == person.readiness(knowledge.roles["director"]).value
    pages = kit_pages(knowledge, kit)
    guide = markdown(pages["interview-guide"])
    first = next(line for line in guide.splitlines() if line.startswith("## ") and "level" in line)
    assert first.startswith("## Gap: Performance measurement (matters): level 4 needed, self-rated 1")
    assert "| 1, a gap |" in markdown(pages["scorecard"])
    nobody = make_kit(knowledge, knowledge.roles["director"], {}, Person(questionnaire, {}))
    assert not any(some.gap for some in nobody.competencies)


def test_a_posting_names_the_skills_that_count(knowledge: Knowledge) -> None:
    """The role description would name skills that only help, or the scorecard lack some."""
    role = knowledge.roles["cmo"]
    pages = kit_pages(knowledge, make_kit(knowledge, role, {}))
    posting, scorecard = markdown(pages["role-description"]), markdown(pages["scorecard"])
    for key, demand in role.requires.items():
        name = knowledge.skills[key].name
        assert (f"- **{name}**" in posting) == (demand.weight >= 2)
        assert f"| {name} |" in scorecard


def test_articles_of_the_director(knowledge: Knowledge) -> None:
    """The Director's kit would rest on judgment where the articles speak of hiring one."""
    kit = make_kit(knowledge, knowledge.roles["director"], {})
    cited = [line.source for _, line in lines_of(kit, knowledge)]
    assert cited.count("savvy-cmos") >= 35
    assert cited.count("mops-leader") >= 2


@pytest.mark.parametrize("role", ROLE_KEYS)
def test_choices_fit_the_role(knowledge: Knowledge, role: str) -> None:
    """A specialist would be asked about a budget or a staff, or whoever leads not be."""
    keys = {choice.key for choice in make_kit(knowledge, knowledge.roles[role], {}).choices}
    leads = "staff-matters" in keys
    assert leads == (role in {*LEADING_ROLES})
    assert "company" in keys
