"""Hiring kits: for every role whole, every open place marked, and every sentence with its source."""

import json
import os
import re
import stat
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from mopscli.assessment.questionnaire import prepare
from mopscli.formats.markdown import markdown
from mopscli.knowledge import Knowledge, bundled_folder, load
from mopscli.knowledge.staffing import PAPERS
from mopscli.page import Commands, Facts, Grid, Heading, Line, Paragraph, Title
from mopscli.pages.kit import OPEN, kit_pages
from mopscli.person.person import Person
from mopscli.team.kit import Kit, make_kit
from program import run_mops
from samples import ANSWERS, WriteFolder

ROLES = tuple(load(bundled_folder()).roles)
LEADING_ROLES = (
    *("campaign-team-manager", "head", "director", "vp"),
    *("senior-marketing-manager", "marketing-director", "marketing-vp", "cmo"),
)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """Return the bundled knowledge with what kits are made of."""
    return load(bundled_folder(), ("questions", "hiring"))


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


@pytest.mark.parametrize("role", ROLES)
def test_kit_is_whole(knowledge: Knowledge, role: str) -> None:
    """No section of any paper is empty, and a competency of the scorecard has its interview questions."""
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


@pytest.mark.parametrize("role", ROLES)
def test_every_sentence_has_its_source(knowledge: Knowledge, role: str) -> None:
    """A sentence names an article or judgment; what only the company knows is marked, and nothing else is."""
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
    """With every choice made nothing is marked any more, and each choice stands in some paper."""
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
    """A candidate's answers fill the scorecard, and gaps come first in the interview."""
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
    """The role description leaves out skills that only help; the scorecard has them all."""
    role = knowledge.roles["cmo"]
    pages = kit_pages(knowledge, make_kit(knowledge, role, {}))
    posting, scorecard = markdown(pages["role-description"]), markdown(pages["scorecard"])
    for key, demand in role.requires.items():
        name = knowledge.skills[key].name
        assert (f"- **{name}**" in posting) == (demand.weight >= 2)
        assert f"| {name} |" in scorecard


def test_articles_of_the_director(knowledge: Knowledge) -> None:
    """The Director's kit rests on the articles where these speak of hiring one."""
    kit = make_kit(knowledge, knowledge.roles["director"], {})
    cited = [line.source for _, line in lines_of(kit, knowledge)]
    assert cited.count("savvy-cmos") >= 40
    assert cited.count("mops-leader") >= 8


# --- The command ----------------------------------------------------------------------------------


def test_files(tmp_path: Path) -> None:
    """Six files are written, and nothing is lost: what is there stays without --force."""
    folder = tmp_path / "kit"
    command = ("hire", "director", "-o", str(folder), "--company", "Acme [x](y) & Co")
    result = run_mops(*command)
    assert (result.returncode, result.stderr) == (0, "")
    assert {path.name for path in folder.iterdir()} == {*(f"{key}.md" for key in PAPERS), "choices.yaml"}
    text = (folder / "charter.md").read_text("utf-8")
    assert text.startswith("# Charter: Director of Marketing Operations, Acme \\[x\\](y) & Co\n")
    (folder / "charter.md").write_text("mine", "utf-8")
    again = run_mops(*command)
    assert again.returncode == 2
    assert "--force" in again.stderr
    assert (folder / "charter.md").read_text("utf-8") == "mine"
    assert run_mops(*command, "--force").returncode == 0
    assert (folder / "charter.md").read_text("utf-8") == text


def test_choices_are_kept_in_a_file(tmp_path: Path) -> None:
    """What was chosen stays when the papers are written anew, and the file takes the rest."""
    folder = tmp_path / "my kit"
    assert run_mops("hire", "head", "-o", str(folder), "--company", 'A "B" & C: #1').returncode == 0
    choices = folder / "choices.yaml"
    text = choices.read_text("utf-8")
    assert 'company: "A \\"B\\" & C: #1"\n' in text
    choices.write_text(text.replace("\nmanager:", '\nmanager: "The CMO"'), "utf-8")
    assert run_mops("hire", "head", "-o", str(folder), "--force", "--set", "crm=Ours").returncode == 0
    paper = (folder / "role-description.md").read_text("utf-8")
    assert paper.startswith('# Role description: Head of Marketing Operations, A "B" & C: #1\n')
    assert "The CMO" in paper
    assert "Ours" in paper
    assert 'crm: "Ours"' in choices.read_text("utf-8")
    choices.write_text("compny: x\n", "utf-8")
    wrong = run_mops("hire", "head", "-o", str(folder), "--force")
    assert wrong.returncode == 1
    assert "choices.yaml:1" in wrong.stderr


def test_bare_papers_can_be_sent(tmp_path: Path) -> None:
    """Bare papers have no footnotes and no hints to whoever writes them, and else say the same."""
    folder = tmp_path / "kit"
    assert run_mops("hire", "director", "-o", str(folder), "--bare").returncode == 0
    text = (folder / "role-description.md").read_text("utf-8")
    assert "[^" not in text
    assert "Tells candidates" not in text
    assert "## Desired background" in text


@pytest.mark.parametrize("role", ROLES)
def test_choices_fit_the_role(knowledge: Knowledge, role: str) -> None:
    """A specialist is not asked about a budget or a staff; whoever leads is."""
    keys = {choice.key for choice in make_kit(knowledge, knowledge.roles[role], {}).choices}
    leads = "staff-matters" in keys
    assert leads == (role in {*LEADING_ROLES})
    assert "company" in keys


def test_candidate_by_file(tmp_path: Path) -> None:
    """What is about a candidate is for its owner alone."""
    folder = tmp_path / "kit"
    assert run_mops("hire", "head", "-o", str(folder), "--for", str(ANSWERS)).returncode == 0
    scorecard = folder / "scorecard.md"
    assert "self-assessment" in scorecard.read_text("utf-8")
    assert os.name == "nt" or stat.S_IMODE(scorecard.stat().st_mode) & 0o077 == 0


def test_what_there_is_to_fill_in(knowledge: Knowledge) -> None:
    """Without -o nothing is written, and every choice is listed."""
    assert knowledge.hiring is not None
    shown = run_mops("hire", "vp").stdout
    for key in (choice.key for choice in make_kit(knowledge, knowledge.roles["vp"], {}).choices):
        assert re.search(rf"^{re.escape(key)}\b", shown, re.MULTILINE), key
    data = json.loads(run_mops("hire", "vp", "--json").stdout)
    assert data["command"] == "hire"
    assert data["data"]["files"] == []
    assert data["data"]["kit"].keys() >= {"accountabilities", "competencies", "charter", "metrics", "open"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("director", "--set", "company"), "no key and text"),
        (("director", "--set", "compny=x"), "did you mean 'company'"),
        (("king",), "No role is called"),
        (("director", "-o", "nowhere/at/all"), "there is no folder"),
        (("director", "--for", "99"), "There is no assessment 99"),
        (("director", "--company", ""), "no key and text"),
        (("director", "-o", str(ANSWERS)), "is a file. Name a folder"),
    ],
)
def test_bad_input(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    """Each mistake is answered with what to do instead."""
    result = run_mops("hire", *arguments, XDG_DATA_HOME=str(tmp_path))
    assert result.returncode == 2
    assert said in " ".join(result.stderr.split())


def test_folder_without_papers(write_folder: WriteFolder) -> None:
    """A knowledge folder without hiring.yaml has no kits, and says so."""
    result = run_mops("--data", str(write_folder()), "hire", "author")
    assert result.returncode == 2
    assert "no hiring.yaml" in " ".join(result.stderr.split())
