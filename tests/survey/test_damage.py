"""Damaged exports: nobody is scored otherwise than from the good file, and every reject has its line."""

import csv
import json
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

from damage import ANYBODY, IDS, Version, exports, good_version, suite, versions_of
from mopscli.assessment.questionnaire import Questionnaire, prepare
from mopscli.assessment.scoring import Scoring
from mopscli.batch.scores import Options, ReadOptions, score_file
from mopscli.knowledge import bundled_folder, load
from mopscli.problem import ProblemsFound
from mopscli.survey import source
from mopscli.survey.replies import read_replies
from mopscli.survey.source import open_survey
from mopscli.survey.spreadsheet import FORMULA

# Every kind of trait and question, but few of them: a file is scored in a fifth of the time that all take.
TRAITS = ("systems-integration", "leadership", "hands-on-execution")
CONTEXT = "years"

Numbers = Mapping[str, Any]


class Outcome(NamedTuple):
    """What became of a file: the scores by id, and the line, column, value and reason of rejects; or why not."""

    rows: int
    scores: list[tuple[str, Any]]
    rejects: list[tuple[int, str, str, str]]
    refusal: str = ""


@pytest.fixture(scope="module")
def whole() -> Scoring:
    """Return the scoring of the bundled knowledge."""
    knowledge = load(bundled_folder(), ("questions",))
    questionnaire = prepare(knowledge)
    between = questionnaire.between
    return Scoring(questionnaire, tuple(knowledge.roles[key] for key in between), between)


@pytest.fixture(scope="module")
def scoring(whole: Scoring) -> Scoring:
    """Return the same with a few of its traits, all of which both roles ask for."""
    full = whole.questionnaire
    part = replace(
        full,
        items={key: item for key, item in full.items.items() if item.trait in TRAITS},
        context={CONTEXT: full.context[CONTEXT]},
        priors={trait: full.priors[trait] for trait in TRAITS},
    )
    roles = (
        replace(
            role,
            requires={trait: demand for trait, demand in role.requires.items() if trait in TRAITS},
            offers={trait: demand for trait, demand in role.offers.items() if trait in TRAITS},
        )
        for role in whole.roles
    )
    return Scoring(part, tuple(roles), whole.between)


def score(scoring: Scoring, path: Path, version: Version) -> Outcome:
    """Score a version by the very function behind `mops batch`."""
    path.write_bytes(version.content)
    output, rejects = path.with_name("scores.jsonl"), path.with_name("rejects.csv")
    for file in (output, rejects):
        file.unlink(missing_ok=True)
    options = Options(output, "jsonl", rejects)
    try:
        summary = score_file(scoring, path, options, ReadOptions(**version.reading), name="people")
    except ProblemsFound as found:
        assert not output.exists()
        assert not rejects.exists()
        return Outcome(0, [], [], str(found))
    scores = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert summary.scored + summary.rejected == summary.rows
    assert len(scores) == summary.scored
    rows: list[tuple[int, str, str, str]] = []
    if rejects.exists():
        with rejects.open(encoding="utf-8", newline="") as file:
            rows = [
                (int(row["line"]), unescaped(row["column"]), unescaped(row["value"]), row["reason"])
                for row in csv.DictReader(file)
            ]
    assert len({line for line, *_ in rows}) == summary.rejected
    return Outcome(summary.rows, [(row.pop("id"), row) for row in scores], rows)


def unescaped(text: str) -> str:
    """Take away the apostrophe that keeps spreadsheets from computing a text."""
    return text[1:] if re.match(rf"'{FORMULA}", text) else text


def read(questionnaire: Questionnaire, path: Path, version: Version) -> Outcome:
    """Read a version row by row, without a database."""
    path.write_bytes(version.content)
    scores, rejects = [], []
    try:
        opened = open_survey(questionnaire, path, "people", **version.reading)
        replies = list(read_replies(opened, questionnaire))
    except ProblemsFound as found:
        return Outcome(0, [], [], str(found))
    ids = [reply.id for reply in replies]
    for reply in replies:
        rejects += [(reply.line, *fault[:3]) for fault in reply.faults]
        if not reply.faults and ids.count(reply.id) > 1:
            rejects.append((reply.line, "", "", "twin"))
        elif not reply.faults:
            values = dict(zip(opened.questions, reply.values, strict=True))
            scores.append((reply.id, {key: values[key] for key in questionnaire.items}))
    return Outcome(len(replies), scores, rejects)


def assert_harmless(version: Version, outcome: Outcome, good: Mapping[str, Numbers]) -> None:
    """Assert that damage changed nobody's scores, and that its place is told."""
    if outcome.refusal:
        assert version.expected in ("refuse", "any"), (version.name, outcome.refusal)
        for line in outcome.refusal.split("\n"):
            assert line.startswith("people"), version.name
            assert len(line) < 300, (version.name, line)
            assert not any(word in line for word in ("Traceback", "Error(", "duckdb")), (version.name, line)
        return
    assert version.expected != "refuse", (version.name, outcome)
    for id_, found in outcome.scores:
        if id_ in good:
            assert_same(version, good[id_], found)
        elif id_ in version.renamed:
            assert_same(version, good[version.renamed[id_]], found)
        else:
            assert version.renamed is ANYBODY, (version.name, id_, outcome)
            assert any(is_same(numbers, found) for numbers in good.values()), (version.name, id_, found)
    ids = {version.renamed.get(id_, id_) for id_, _ in outcome.scores}
    assert len(ids) == len(outcome.scores), version.name
    if version.renamed is not ANYBODY:
        assert good.keys() - ids <= version.lost, (version.name, good.keys() - ids, outcome.rejects)
    lines = {line for line, *_ in outcome.rejects}
    if version.expected == "same":
        assert not lines, (version.name, outcome.rejects)
    else:
        assert lines <= version.lines, (version.name, outcome.rejects)
    if version.expected == "reject":
        assert lines, version.name
        assert not ids & version.lost, (version.name, ids & version.lost)


def is_same(good: Numbers, found: Numbers) -> bool:
    """Tell whether two people have the same scores."""
    return good.keys() == found.keys() and all(
        math.isclose(value, found[name], rel_tol=0, abs_tol=1e-9)
        if isinstance(value, float) and isinstance(found[name], int | float)
        else value == found[name]
        for name, value in good.items()
    )


def assert_same(version: Version, good: Numbers, found: Numbers) -> None:
    """Assert that somebody has the scores that they should have."""
    assert is_same(good, found), (version.name, good, found)


# --- The tests ------------------------------------------------------------------------------------

# The versions of a group are shared out, as a test is what a processor works on.
SHARES = {"numeric": 4, "google": 4, "json": 2, "xlsx": 2, "parquet": 2}
GROUPS = [
    (group, share)
    for group in ("numeric", "google", "cp1252", "utf-16", "semicolon", "tab", "json", "xlsx", "parquet")
    for share in range(SHARES.get(group, 1))
]


@pytest.mark.parametrize(("group", "share"), GROUPS)
def test_scores(scoring: Scoring, tmp_path: Path, group: str, share: int) -> None:
    """Somebody is scored otherwise than from the good file, a reject has the wrong line, or an error is unclear."""
    good, *versions = suite(scoring.questionnaire, group, tmp_path)
    path = tmp_path / "people"
    expected = dict(score(scoring, path, good).scores)
    assert tuple(expected) == IDS
    for version in versions[share :: SHARES.get(group, 1)]:
        outcome = score(scoring, path, version)
        assert_harmless(version, outcome, expected)
        if group != "parquet":
            assert_agree(version, outcome, read(scoring.questionnaire, path, version))


def assert_agree(version: Version, scored: Outcome, found: Outcome) -> None:
    """Assert that a file is scored as it is read row by row, of which a plain file is spared most."""
    twins = {line for line, _, _, reason in found.rejects if reason == "twin"}
    told = [reject for reject in scored.rejects if reject[0] not in twins]
    # What no database takes is shown otherwise, and who has an id twice is found out at the end.
    expected = [
        (line, column, value.replace("\0", "\ufffd"), reason)
        for line, column, value, reason in found.rejects
        if line not in twins
    ]
    assert (scored.rows, bool(scored.refusal)) == (found.rows, bool(found.refusal)), version.name
    assert [id_ for id_, _ in scored.scores] == [id_ for id_, _ in found.scores], version.name
    assert told == expected, version.name


def test_enough_versions(scoring: Scoring, tmp_path: Path) -> None:
    """The damage is of few kinds, or versions got lost, and the tests above prove less than they say."""
    groups = [suite(scoring.questionnaire, group, tmp_path) for group, share in GROUPS if not share]
    versions = [version for group in groups for version in group[1:]]
    assert len({version.content for version in versions}) >= 300
    assert len({version.kind for version in versions}) >= 25
    assert {version.expected for version in versions} == {"same", "reject", "refuse", "any"}


@pytest.mark.parametrize("number", range(6))
def test_rows(whole: Scoring, tmp_path: Path, number: int) -> None:
    """Among all questions and in many more versions, somebody is given answers that they have not given."""
    questionnaire = whole.questionnaire
    export = exports(questionnaire)[number]
    path = tmp_path / "people"
    good = dict(read(questionnaire, path, good_version(export)).scores)
    assert tuple(good) == IDS
    for version in versions_of(export, rounds=2):
        assert_harmless(version, read(questionnaire, path, version), good)


@pytest.mark.parametrize("kind", ["none", "no option"])
def test_both_ways(whole: Scoring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """A plain file, which the database reads by itself, has other scores than the same file read by us."""
    export = exports(whole.questionnaire)[0]
    versions = [good_version(export), *versions_of(export)]
    version = next(version for version in versions if version.kind == kind)
    path = tmp_path / "people"
    path.write_bytes(version.content)
    assert open_survey(whole.questionnaire, path, "people").plain
    one = score(whole, path, version)
    monkeypatch.setattr(source, "_is_split", lambda *arguments: False)
    other = score(whole, path, version)
    assert (one.rows, one.rejects) == (other.rows, other.rejects)
    for (id_, good), (same, found) in zip(one.scores, other.scores, strict=True):
        assert id_ == same
        assert_same(version, good, found)


def test_error_cells(whole: Scoring, tmp_path: Path) -> None:
    """An error in a sheet, which calamine reads as an empty cell, counts as a question left open."""
    keys = list(whole.questionnaire.items)
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["id", *keys], *([name, *[4] * len(keys)] for name in ("a", "b", "c", "d"))):
        sheet.append(row)
    sheet["AC3"].value, sheet["B4"].value, sheet["C5"].value = "#REF!", "#N/A", "=1+1"
    book.save(tmp_path / "made.xlsx")
    book.close()
    version = Version("errors", "errors", (tmp_path / "made.xlsx").read_bytes(), "reject")
    outcome = read(whole.questionnaire, tmp_path / "people", version)
    assert [id_ for id_, _ in outcome.scores] == ["a"]
    assert [reject[:3] for reject in outcome.rejects] == [
        (3, keys[27], "#REF!"),
        (4, keys[0], "#N/A"),
        (5, keys[1], "a formula without a result"),
    ]


def test_another_header(whole: Scoring, tmp_path: Path) -> None:
    """Of two files in one, with their columns in another order, the second is read by the header of the first."""
    export = exports(whole.questionnaire)[0]
    other = [list(reversed(row)) for row in export.rows]
    content = export.bytes(export.text(export.rows) + export.text(other))
    outcome = read(whole.questionnaire, tmp_path / "people", Version("two", "two", content, "refuse"))
    assert outcome.refusal == (
        "people:14:1: a second header, with the columns in another order (score each file by itself)"
    )
