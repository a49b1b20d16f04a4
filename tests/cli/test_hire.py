"""The command for a hire: files, formats, what is asked, and what is refused."""

import json
import os
import re
import stat
from io import BytesIO
from pathlib import Path

import docx
import pypdf
import pytest

from mopscli.cli.shell import NO_SCREEN
from mopscli.knowledge import Knowledge
from mopscli.knowledge.staffing import PAPERS
from mopscli.team.kit import make_kit
from program import Terminal, run_mops
from samples import ANSWERS, WriteFolder

HIRE = ("hire", "director", "--company", "Acme", "--bare")


def test_files_of_a_kit(tmp_path: Path) -> None:
    """A paper would be missing, or one that is there be overwritten without --force."""
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
    """What was chosen would be lost when the papers are written anew, or the file be ignored."""
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
    """Bare papers would have footnotes or hints to whoever writes them, or say something else."""
    folder = tmp_path / "kit"
    assert run_mops("hire", "director", "-o", str(folder), "--bare").returncode == 0
    text = (folder / "role-description.md").read_text("utf-8")
    assert "[^" not in text
    assert "Tells candidates" not in text
    assert "## Desired background" in text


def test_candidate_by_file(tmp_path: Path) -> None:
    """What is about a candidate would be open to others than its owner."""
    folder = tmp_path / "kit"
    assert run_mops("hire", "head", "-o", str(folder), "--for", str(ANSWERS)).returncode == 0
    scorecard = folder / "scorecard.md"
    assert "self-assessment" in scorecard.read_text("utf-8")
    assert os.name == "nt" or stat.S_IMODE(scorecard.stat().st_mode) & 0o077 == 0


def test_what_there_is_to_fill_in(knowledge: Knowledge) -> None:
    """Without -o something would be written, or a choice not be listed."""
    assert knowledge.hiring is not None
    shown = run_mops("hire", "vp").stdout
    for key in (choice.key for choice in make_kit(knowledge, knowledge.roles["vp"], {}).choices):
        assert re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", shown), key
    data = json.loads(run_mops("hire", "vp", "--json").stdout)
    assert data["command"] == "hire"
    assert data["data"]["files"] == []
    assert data["data"]["kit"].keys() >= {"accountabilities", "competencies", "charter", "metrics", "open"}


@pytest.mark.parametrize(
    ("form", "ending", "start"), [("docx", "docx", b"PK"), ("pdf", "pdf", b"%PDF"), ("html", "html", b"<!")]
)
def test_a_file_for_each_paper(form: str, ending: str, start: bytes, tmp_path: Path) -> None:
    """The papers would be Markdown though another format was asked for, or the screen show that format."""
    folder = tmp_path / "kit"
    result = run_mops(*HIRE, "-o", str(folder), "--format", form)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("Hiring kit for Director of Marketing Operations\n")
    assert {path.name for path in folder.iterdir()} == {
        *(f"{key}.{ending}" for key in PAPERS),
        "choices.yaml",
    }
    assert (folder / f"charter.{ending}").read_bytes().startswith(start)
    again = run_mops(*HIRE, "-o", str(folder), "--format", form)
    assert again.returncode == 2
    assert "is there already" in again.stderr
    # The choices beside the papers are for every format.
    assert run_mops("hire", "director", "-o", str(folder)).returncode == 0
    assert (
        (folder / "charter.md")
        .read_text("utf-8")
        .startswith("# Charter: Director of Marketing Operations, Acme\n")
    )


def test_one_file_for_all_papers(knowledge: Knowledge, tmp_path: Path) -> None:
    """A paper would be missing in the document or begin amid a sheet, or a candidate's be open to others."""
    assert knowledge.hiring is not None
    titles = [paper.title for key, paper in knowledge.hiring.papers.items() if key != "advertisement"]
    word, sheets = tmp_path / "kit.docx", tmp_path / "kit.pdf"
    assert run_mops(*HIRE, "-o", str(word), "--for", str(ANSWERS)).returncode == 0
    assert os.name == "nt" or stat.S_IMODE(word.stat().st_mode) & 0o077 == 0
    paragraphs = docx.Document(str(word)).paragraphs
    starts = [one.text for one in paragraphs if one.paragraph_format.page_break_before]
    name = "Director of Marketing Operations, Acme"
    assert starts == [starts[0], name, *(f"{title}: {name}" for title in titles[1:])]
    assert run_mops(*HIRE, "-o", str(sheets)).returncode == 0
    pages = [page.extract_text() for page in pypdf.PdfReader(BytesIO(sheets.read_bytes())).pages]
    assert all(any(" ".join(page.split()).startswith(title) for page in pages) for title in titles)
    refused = run_mops(*HIRE, "-o", str(sheets))
    assert refused.returncode == 2
    assert "is there already" in refused.stderr
    assert run_mops(*HIRE, "-o", str(tmp_path / "kit.md")).returncode == 0
    assert (tmp_path / "kit.md").read_text("utf-8").startswith(f"# Hiring kit: {name}\n")


def test_bare_papers_go_into_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers to send would be written nowhere, or it not be told what the advertisement leaves out."""
    monkeypatch.chdir(tmp_path)
    shown = " ".join(run_mops(*HIRE, "--set", "salary=$150,000").stdout.split())
    assert (tmp_path / "kit" / "advertisement.md").exists()
    assert "2 places left to fill in" in shown
    assert "The advertisement does not say" in shown
    assert "reports to" in shown
    assert " pay," not in shown
    told = json.loads(run_mops(*HIRE, "--json", "--force").stdout)["data"]
    assert told["files"][-1] == str(Path("kit", "choices.yaml"))
    assert [sitting["minutes"] <= 60 for sitting in told["kit"]["interview"]] == [True] * 3


@pytest.mark.skipif(os.name == "nt", reason="Windows has no terminals of this kind")
def test_asks_on_a_terminal(tmp_path: Path) -> None:
    """On a terminal nothing would be asked, what is known be asked again, or an answer be lost."""
    folder = tmp_path / "kit"
    terminal = Terminal(*HIRE, "-o", str(folder), "--set", "location=Denver")
    asked = terminal.read("reports to")
    terminal.type("The CEO\r")
    asked += terminal.read("base salary")
    terminal.type("\r")
    asked += terminal.read("People on the team")
    terminal.type("Ana and Ben\r")
    asked += terminal.read("should start")
    terminal.type("\r")
    terminal.read()
    assert terminal.wait() == 0
    assert "company's name" not in asked
    assert "City and country" not in asked
    paper = (folder / "role-description.md").read_text("utf-8")
    assert "- **Reports to**: The CEO\n" in paper
    assert "- **The team today**: Ana and Ben\n" in paper
    assert "FILL IN" not in paper
    assert 'manager: "The CEO"\n' in (folder / "choices.yaml").read_text("utf-8")


def test_every_question(tmp_path: Path) -> None:
    """Whoever wants all questions would get ten, or whoever wants ten get all."""
    ten, every = tmp_path / "ten", tmp_path / "all"
    assert run_mops(*HIRE, "-o", str(ten)).returncode == 0
    assert run_mops(*HIRE, "-o", str(every), "--all").returncode == 0
    counts = [(folder / "interview-guide.md").read_text("utf-8").count("**Ask**") for folder in (ten, every)]
    assert counts == [10, 50]


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
        (("director", "-o", "kit.json"), "is to be a folder. Name it without .json"),
        (("director", "-o", "kit.docx", "--format", "pdf"), "ends like docx, and the format is pdf"),
        (("director", "--format", "pdf"), NO_SCREEN),
    ],
)
def test_bad_input_for_a_kit(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    """A mistake would be answered without what to do instead."""
    result = run_mops("hire", *arguments, XDG_DATA_HOME=str(tmp_path))
    assert result.returncode == 2
    assert said in " ".join(result.stderr.split())


def test_folder_without_papers(write_folder: WriteFolder) -> None:
    """A knowledge folder without hiring.yaml would give an empty kit, or a traceback."""
    result = run_mops("--data", str(write_folder()), "hire", "author")
    assert result.returncode == 2
    assert "no hiring.yaml" in " ".join(result.stderr.split())
