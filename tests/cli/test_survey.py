"""The commands about questionnaires and their respondents."""

import json
import re
import shutil
from pathlib import Path

import pytest

from mopscli.cli.survey import FORM_ENDINGS
from program import run_mops
from samples import RESPONSES, ROOT


def test_questions_contract() -> None:
    """A key or a kind of value would change that tools which read our questions rely on."""
    listed = json.loads(run_mops("questions", "--json").stdout)["data"]["questions"]
    assert len(listed) == 84
    for question in listed:
        assert list(question) == ["key", "text", "kind", "trait", "options"]
        assert (question["trait"] is None) == (question["kind"] == "context")
        assert all(isinstance(option["value"], int | float) for option in question["options"])


def test_batch_shows_what_a_manager_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The summary of a group would leave out its verdicts, what it lacks, or what became of a row."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(RESPONSES, "responses.csv")
    result = run_mops("batch", "responses.csv", "-o", "scores.csv", "--all")
    assert (result.returncode, result.stderr) == (0, "")
    for text in (
        "6 people scored",
        "responses.csv has 6 rows: 6 scored + 0 rejected.",
        "Which role suits them",
        "Too close to call",
        "How well Head suits them",
        "What they lack most for Director",
        "Nearest to ready for Director",
        "scores.csv",
    ):
        assert text in result.stdout
    assert not (tmp_path / "scores.rejects.csv").exists()
    assert len((tmp_path / "scores.csv").read_text().splitlines()) == 7


def test_batch_contract() -> None:
    """A key of the summary that scripts rely on would be missing from JSON, or from docs/json.md."""
    result = run_mops("batch", str(RESPONSES), "--summary-only", "--json")
    data = json.loads(result.stdout)["data"]
    assert (data["rows"], data["scored"], data["rejected"], data["output"]) == (6, 6, 0, None)
    documented = (ROOT / "docs" / "json.md").read_text().partition("## A survey")[2]
    keys = set(data) | set(data["roles"][0]) | set(data["roles"][0]["lacks"][0])
    keys |= set(data["roles"][0]["nearest"][0])
    assert {
        key for key in keys if not re.search(rf"`(data\.)?(roles\[\]\.)?{key}(\[\])?`", documented)
    } == set()


def test_batch_rejects(tmp_path: Path) -> None:
    """A row that cannot be scored would vanish, or its place and reason stay unknown, or the exit code be 0."""
    lines = RESPONSES.read_text().splitlines()
    lines[2] = lines[2].replace(",", ",9", 1)
    source = tmp_path / "in.csv"
    source.write_text("\n".join((*lines, lines[5], "")))
    result = run_mops("batch", str(source), "-o", str(tmp_path / "out.csv"), "--json")
    data = json.loads(result.stdout)["data"]
    assert result.returncode == 1
    assert (data["rows"], data["scored"], data["rejected"]) == (7, 4, 3)
    assert data["rejects"] == str(tmp_path / "out.rejects.csv")
    rejects = (tmp_path / "out.rejects.csv").read_text().splitlines()
    assert rejects[0] == "file,line,column,value,reason"
    assert [line.split(",")[1] for line in rejects[1:]] == ["3", "6", "8"]
    strict = run_mops("batch", str(source), "-o", str(tmp_path / "strict.csv"), "--strict")
    assert (strict.returncode, strict.stdout) == (1, "")
    assert strict.stderr.startswith(f"{source}:3:1: marketing-automation: '91': no option of this question")
    assert not (tmp_path / "strict.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--to", "csv"), "Name a file for the scores"),
        (("-o", "x.doc"), "should end in"),
        (("-o", "missing/x.csv"), "there is no folder 'missing'"),
        (("-o", "x.csv", "--roles", "head,nobody"), "No role is called 'nobody'"),
        (("head", "-o", "x.csv"), "Name two roles or more"),
    ],
)
def test_batch_usage(arguments: tuple[str, ...], message: str) -> None:
    """A slip on the command line would end in anything but a sentence that helps."""
    result = run_mops("batch", str(RESPONSES), *arguments)
    assert result.returncode == 2
    assert message in " ".join(result.stderr.split())


def test_batch_to_standard_output() -> None:
    """Scores on standard output would be mixed with the summary."""
    result = run_mops("batch", str(RESPONSES), "-o", "-", "--to", "jsonl", "--digits", "2")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["id"] for row in rows] == [line.split(",")[0] for line in RESPONSES.read_text().split()[1:]]
    assert all(row["fit_head"] == round(row["fit_head"], 2) for row in rows)
    assert "6 people scored" in result.stderr


def test_all_roles_are_scored(tmp_path: Path) -> None:
    """--roles all would leave out a role."""
    target = tmp_path / "out.csv"
    assert run_mops("batch", str(RESPONSES), "-o", str(target), "--roles", "all").returncode == 0
    header = target.read_text().splitlines()[0].split(",")
    families = json.loads(run_mops("roles", "--json").stdout)["data"]["families"]
    listed = {role["key"] for roles in families.values() for role in roles}
    assert {name[4:] for name in header if name.startswith("fit_")} == listed


@pytest.mark.parametrize("form", ["csv", "xlsform", "google-forms", "surveyjs"])
def test_forms_are_written(form: str, tmp_path: Path) -> None:
    """A form for a survey tool would not be had from the command line."""
    target = tmp_path / f"form{FORM_ENDINGS[form]}"
    result = run_mops("questions", "--format", form, "-o", str(target))
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    content = target.read_bytes()
    assert content.startswith(b"PK") if form == "xlsform" else b"with my own hands" in content
