"""Hiring kits: for every role whole, every open place marked, and every sentence with its source."""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import pairwise

import pypdf
import pytest

from mopscli.assessment.questionnaire import prepare
from mopscli.formats.markdown import markdown
from mopscli.formats.pdf import pdf
from mopscli.knowledge import Knowledge
from mopscli.knowledge.staffing import PAPERS
from mopscli.page import Block, Bullets, Commands, Facts, Grid, Heading, Line, Page, Paragraph, Title
from mopscli.pages.kit import blanks, kit_pages
from mopscli.pages.papers import OPEN
from mopscli.person.person import Person
from mopscli.team.kit import Kit, make_kit
from samples import bundled

ROLE_KEYS = tuple(bundled().roles)
# What a company is asked for.
FACTS = {
    "company": "Acme",
    "manager": "VP of Marketing",
    "location": "Denver, Colorado",
    "salary": "$150,000 to $180,000",
    "team-now": "Three specialists",
    "start-date": "March 1, 2027",
}
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
    pages = kit_pages(knowledge, kit, every_question=True)
    guide = markdown(pages["interview-guide"])
    first = next(line for line in guide.splitlines() if line.startswith("## ") and "level" in line)
    assert first.startswith("## Gap: Performance measurement (matters): level 4 needed, self-rated 1")
    assert "| 1, a gap |" in markdown(pages["scorecard"])
    nobody = make_kit(knowledge, knowledge.roles["director"], {}, Person(questionnaire, {}))
    assert not any(some.gap for some in nobody.competencies)


@pytest.mark.parametrize("role", ROLE_KEYS)
def test_role_description_names_six_skills(knowledge: Knowledge, role: str) -> None:
    """The role description would name skills that only help, or the scorecard lack some."""
    requires = knowledge.roles[role].requires
    pages = kit_pages(knowledge, make_kit(knowledge, knowledge.roles[role], {}))
    description, scorecard = markdown(pages["role-description"]), markdown(pages["scorecard"])
    named = [key for key in requires if f"- **{knowledge.skills[key].name}**" in description]
    assert len(named) == 6
    left = [demand.weight for key, demand in requires.items() if key not in named]
    assert min(requires[key].weight for key in named) >= max(left)
    assert all(f"| {knowledge.skills[key].name} |" in scorecard for key in requires)


def lists_in(page: Page) -> dict[str, Block]:
    """Return the first list or facts under each heading of a paper."""
    return {
        one.text: other
        for one, other in pairwise(page.blocks)
        if isinstance(one, Heading) and isinstance(other, Bullets | Facts)
    }


@pytest.mark.parametrize("role", ROLE_KEYS)
def test_advertisement(knowledge: Knowledge, role: str) -> None:
    """An advertisement would lack a part, ask for less than the must-haves, or speak of some third person."""
    page = kit_pages(knowledge, make_kit(knowledge, knowledge.roles[role], FACTS), bare=True)["advertisement"]
    told = lists_in(page)
    assert tuple(told)[:4] == ("At a glance", "What you will do", "What you bring", "What we offer")
    assert isinstance(told["What you will do"], Bullets)
    assert len(told["What you will do"].lines) == 5
    assert isinstance(told["What you bring"], Facts)
    brings = told["What you bring"].rows
    assert len(brings) == 6
    assert sum(label == "A must" for label, _ in brings) == len(knowledge.roles[role].gates)
    assert all(line.text.startswith("You ") for _, lines in brings for line in lines)
    assert isinstance(told["What we offer"], Facts)
    assert told["What we offer"].rows[0] == ("Pay", (Line(FACTS["salary"]),))
    text = markdown(page)
    assert text.startswith(f"# {knowledge.roles[role].name}, Acme\n")
    assert "You need not match every line" in text
    assert not re.search(
        r"\b(?:he|she|his|her|him|guys|ninja|rockstar|guru|young|native)\b", text, re.IGNORECASE
    )
    # Whoever prints it has it on one sheet.
    sheets = pypdf.PdfReader(BytesIO(pdf(page))).pages
    assert len(sheets) == 1


@pytest.mark.parametrize("filled", [{"company": "Acme"}, FACTS], ids=["name", "facts"])
@pytest.mark.parametrize("role", ROLE_KEYS)
def test_bare_kit_has_few_blanks(knowledge: Knowledge, role: str, filled: Mapping[str, str]) -> None:
    """Papers would have to be gone through for dozens of blanks before anybody can send them."""
    pages = kit_pages(knowledge, make_kit(knowledge, knowledge.roles[role], filled), bare=True)
    counted = {key: markdown(page).count("FILL IN") for key, page in pages.items()}
    assert sum(counted.values()) <= 10
    assert counted["role-description"] == counted["advertisement"] == 0
    assert {key: blanks(page) for key, page in pages.items()} == counted


def test_marked_kit_counts_its_blanks(knowledge: Knowledge) -> None:
    """A command would say that another number of places is left to fill in than there are."""
    pages = kit_pages(knowledge, make_kit(knowledge, knowledge.roles["director"], {}))
    for page in pages.values():
        assert blanks(page) == markdown(page).count("FILL IN") > 0


@pytest.mark.parametrize("bare", [False, True])
def test_filled_fact_replaces_the_usual_one(knowledge: Knowledge, bare: bool) -> None:
    """Two answers would stand in one paper: who it really is, and who it often is."""
    role = knowledge.roles["director"]
    usual = [claim.text for claim in (role.reports_to, role.team, role.budget) if claim]
    assert len(usual) == 3
    plain = kit_pages(knowledge, make_kit(knowledge, role, {}), bare=bare)["role-description"]
    assert all(text in shown for shown in [markdown(plain)] for text in usual)
    filled = FACTS | {"budget-owned": "$2 million"}
    for page in kit_pages(knowledge, make_kit(knowledge, role, filled), bare=bare).values():
        assert not [text for text in usual if text in markdown(page)]
        labels = [label for block in page.blocks if isinstance(block, Facts) for label, _ in block.rows]
        assert labels.count("Reports to") <= 1


def test_bare_papers_have_no_hints(knowledge: Knowledge) -> None:
    """What tells whoever writes the papers what to do would be sent to whoever reads them."""
    hiring, role = knowledge.hiring, knowledge.roles["director"]
    assert hiring is not None
    pages = kit_pages(knowledge, make_kit(knowledge, role, {}), bare=True)
    text = "\n".join(map(markdown, pages.values()))
    hints = [paper.about.text for paper in hiring.papers.values()]
    hints += [part.about.text for part in hiring.charter]
    hints += [decision.text for part in hiring.charter for decision in part.decide]
    assert not [hint for hint in hints if hint in text]
    assert "[^" not in text


def test_panel(knowledge: Knowledge) -> None:
    """A panel would ask more than ten questions, one of it most of them, or leave out the must-haves."""
    for role in knowledge.roles.values():
        sittings = make_kit(knowledge, role, {}).interview
        counts = [len(sitting.questions) for sitting in sittings]
        assert sum(counts) == 10
        assert max(counts) - min(counts) <= 1
        assert [sitting.musts for sitting in sittings] == [bool(role.gates), False, False]
        assert all(sitting.minutes <= 60 for sitting in sittings)
        asked = [one.competency for sitting in sittings for one in sitting.questions]
        left = {some.skill: some.weight for some in make_kit(knowledge, role, {}).competencies}
        for some in asked:
            left.pop(some.skill, None)
        assert min(some.weight for some in asked) >= max(left.values(), default=0)


def test_panel_asks_what_is_open(knowledge: Knowledge) -> None:
    """Ten questions would go to what a candidate has shown, while gaps and what was skipped are not asked about."""
    questionnaire = prepare(knowledge)
    role = knowledge.roles["director"]
    skills = [key for key, item in questionnaire.items.items() if item.kind == "skill"]
    usual = {
        one.competency.skill for some in make_kit(knowledge, role, {}).interview for one in some.questions
    }
    last, skipped = [key for key in role.requires if key not in usual][-2:]
    answers = {key: 5.0 for key in skills if questionnaire.items[key].trait != skipped}
    weak = {key: 0.0 for key in answers if questionnaire.items[key].trait == last}
    kit = make_kit(knowledge, role, {}, Person(questionnaire, answers | weak))
    asked = {one.competency.skill for sitting in kit.interview for one in sitting.questions}
    assert {last, skipped} <= asked


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
