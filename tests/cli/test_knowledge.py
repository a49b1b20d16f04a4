"""The commands about roles, skills and sources, and those for knowledge of one's own."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mopscli.cli.app import program
from mopscli.roles.catalog import ROLE_PARTS
from program import run_mops
from samples import ROLES, WriteFolder


def test_main_job() -> None:
    """The comparison of Head and Director would lack what differs, the caveat, or a source."""
    text = run_mops("compare", "head", "director", "--all").stdout
    for part in (
        "Titles vary by company",
        "What differs",
        "Strategic planning",
        "Director +3",
        "What a day looks like",
        "Choose this if you ...",
        "What makes it hard",
        "What it lets you achieve",
        "Before you trust this",
        "[1]  Head of Marketing Operations VS Director of Marketing Operations",
        "[j]  Judgment",
    ):
        assert part in text
    for source in ("Disney", "GitLab", "Marketing Juice", "Hiring pages"):
        assert source in text.partition("Before you trust this")[2]


def test_equal_levels_fold() -> None:
    """Equal levels would fill the screen, or be hidden even with --all."""
    folded = run_mops("compare", "head", "director", "-f", "markdown").stdout
    unfolded = run_mops("compare", "head", "director", "--all").stdout
    assert "Equal: Analytics and reporting 4" in folded
    assert "Equal:" not in unfolded
    assert re.search(r"Analytics and reporting +■■■■□ 4 +■■■■□ 4 +equal", unfolded)


def test_parts_in_the_help() -> None:
    """The help of `mops role` would list other parts than there are."""
    shown = " ".join(run_mops("role", "--help").stdout.split())
    assert f"Parts: {', '.join(ROLE_PARTS)}." in shown


def test_part_without_content() -> None:
    """A part of which nothing is known would show an empty screen, or a beginning not be enough to name it."""
    assert "Nothing is known about this part: market." in run_mops("role", "cmo", "--section", "mark").stdout


@pytest.mark.parametrize("part", ROLE_PARTS)
def test_sections(part: str) -> None:
    """A part of a role could not be shown alone."""
    result = CliRunner().invoke(program(), ["role", "director", "--section", part, "--json"])
    assert result.exit_code == 0
    role = json.loads(result.stdout)["data"]["role"]
    hidden = {field for other, fields in ROLE_PARTS.items() if other != part for field in fields}
    assert not hidden & set(role)


def test_check_lists_all(write_folder: WriteFolder) -> None:
    """`mops check` would leave out a problem, or not write it in the form that editors jump to."""
    folder = write_folder(ROLES.replace("rank: 1", "rank: high").replace("level: 4, weight: 3", "level: 9"))
    result = run_mops("check", str(folder))
    assert result.returncode == 1
    assert result.stdout.splitlines() == [
        f"{folder}/roles.yaml:28:11: roles.author.rank: expected a whole number from 0 to 100, found 'high'",
        f"{folder}/roles.yaml:40:7: roles.author.requires.writing: 'weight' is missing",
        f"{folder}/roles.yaml:40:24: roles.author.requires.writing.level:"
        " expected a whole number from 0 to 5, found '9'",
    ]
    problems = json.loads(run_mops("check", str(folder), "--json").stdout)["problems"]
    assert [(problem["line"], problem["column"]) for problem in problems] == [(28, 11), (40, 7), (40, 24)]
    assert run_mops("check", str(folder), "-f", "markdown").stdout.count("\n- ") == 3


def test_own_knowledge(tmp_path: Path) -> None:
    """Copy, edit, compare: some step on the way to roles of one's own would fail, or overwrite them."""
    folder = tmp_path / "mine"
    assert run_mops("init", str(folder)).returncode == 0
    assert run_mops("check", str(folder)).stdout.split() == f"No problems in {folder}.".split()
    file = folder / "roles.yaml"
    file.write_text(file.read_text("utf-8").replace("label: Head\n", "label: Boss\n"), "utf-8")
    assert "Boss" in run_mops("--data", str(folder), "compare", "head", "director").stdout
    assert "Boss" in run_mops("compare", "head", "director", "--data", str(folder)).stdout
    assert "Boss" in run_mops("roles", "-f", "json", MOPS_DATA=str(folder)).stdout
    again = run_mops("init", str(folder))
    assert (again.returncode, "exists already" in again.stderr) == (2, True)
    assert "Boss" in file.read_text("utf-8")


def test_share_of_judgment() -> None:
    """`mops sources` would not say in its first lines how much rests on judgment alone."""
    data = json.loads(run_mops("sources", "--json").stdout)["data"]
    lines = run_mops("sources").stdout.splitlines()
    share = round(100 * data["on_judgement"] / data["statements"])
    assert f"{data['on_judgement']:,} of them ({share}%) rest on judgment" in " ".join(lines[:5])


def test_skill_quotes_those_who_speak_of_it() -> None:
    """What is quoted under a skill would be about another one."""
    data = json.loads(run_mops("role", "director", "--section", "skills", "--json").stdout)["data"]["role"]
    said = run_mops("skill", "financial-acumen", "--all", COLUMNS="100").stdout.partition(
        "In the role descriptions"
    )[2]
    for claim in data["skills_text"]:
        assert (claim["text"][:40] in said) == ("financial-acumen" in claim["about"])


@pytest.mark.parametrize(
    ("section", "heading", "count"),
    [("responsibilities", "What the role answers for", 11), ("skills", "Decisive skills", 10)],
)
def test_sections_of_a_comparison(section: str, heading: str, count: int) -> None:
    """What both roles answer for, or the skills that decide, could not be laid side by side."""
    text = run_mops("compare", "head", "director", "--section", section, "--format", "markdown").stdout
    told = text.partition(heading)[2].partition("\n## ")[0]
    assert told.count("[^1]") >= count
    assert "What differs" not in text
    assert heading in run_mops("compare", "head", "director", "--all").stdout
    assert heading not in run_mops("compare", "head", "director").stdout


def test_part_of_which_nothing_is_known() -> None:
    """A comparison would show nothing, and not say so."""
    shown = run_mops("compare", "head", "director", "--section", "time").stdout
    assert "Nothing is known about this part: time." in shown


def test_claims_of_a_source() -> None:
    """A statement that rests on a source could not be found, to be checked against the text."""
    text = run_mops("sources", "--claims", "revenue-pulse", "--format", "markdown").stdout
    assert "roles.head.caveats" in text
    assert "one consultancy calls unworkable" in text
    data = json.loads(run_mops("sources", "--claims", "savvy-cmos", "--json").stdout)["data"]
    uses = json.loads(run_mops("sources", "--json").stdout)["data"]["uses"]
    assert len(data["claims"]) == next(use["count"] for use in uses if use["source"]["key"] == "savvy-cmos")
    assert {claim["claim"]["source"] for claim in data["claims"]} == {"savvy-cmos"}
    assert all(claim["line"] for claim in data["claims"])
    # Whatever the kind of an entry, there are words for it.
    assert run_mops("sources", "--claims", "judgement").returncode == 0
    assert run_mops("sources", "--claims", "nobody").returncode == 2
