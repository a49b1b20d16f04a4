"""Damaged exports: nobody is scored otherwise than from the good file, and every reject has its line."""

import csv
import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

from damage import good_version, suite, versions_of
from damage.files import ANYBODY, IDS, Version, exports
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.assessment.scoring import Scoring
from mopscli.batch import scores
from mopscli.batch.codes import codes_of
from mopscli.batch.opening import ReadOptions
from mopscli.batch.scores import Options, score_file
from mopscli.batch.ways import Scorer
from mopscli.knowledge import Knowledge
from mopscli.problem import ProblemsFound
from mopscli.survey import source
from mopscli.survey.replies import read_replies
from mopscli.survey.source import open_survey
from people import scoring_of, unescaped, with_few_traits

READ = ("numeric", "google", "cp1252", "utf-16", "semicolon", "tab", "json", "xlsx")

Numbers = Mapping[str, Any]
Versions = Mapping[str, Sequence[Version]]


class Outcome(NamedTuple):
    """What became of a file: the scores by id, and the line, column, value and reason of rejects; or why not."""

    rows: int
    scores: list[tuple[str, Any]]
    rejects: list[tuple[int, str, str, str]]
    refusal: str = ""


@pytest.fixture(scope="module")
def whole(knowledge: Knowledge, questionnaire: Questionnaire) -> Scoring:
    """Return the scoring of the bundled knowledge."""
    return scoring_of(knowledge, questionnaire, questionnaire.between)


@pytest.fixture(scope="module")
def scoring(whole: Scoring) -> Scoring:
    """Return the same by a few traits."""
    return with_few_traits(whole, ("years",))


@pytest.fixture(scope="module")
def groups(scoring: Scoring, tmp_path_factory: pytest.TempPathFactory) -> Versions:
    """Return the good version and the damaged ones of each group of files."""
    folder = tmp_path_factory.mktemp("damage")
    return {group: suite(scoring.questionnaire, group, folder) for group in (*READ, "parquet")}


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
    scored = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert summary.scored + summary.rejected == summary.rows
    assert len(scored) == summary.scored
    rows: list[tuple[int, str, str, str]] = []
    if rejects.exists():
        with rejects.open(encoding="utf-8", newline="") as file:
            rows = [
                (int(row["line"]), unescaped(row["column"]), unescaped(row["value"]), row["reason"])
                for row in csv.DictReader(file)
            ]
    assert len({line for line, *_ in rows}) == summary.rejected
    return Outcome(summary.rows, [(row.pop("id"), row) for row in scored], rows)


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


# --- The tests ------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", READ)
def test_rows(scoring: Scoring, groups: Versions, tmp_path: Path, group: str) -> None:
    """Somebody would be given answers that they have not given, or a fault be told of a row that has none."""
    questionnaire, path = scoring.questionnaire, tmp_path / "people"
    good, *versions = groups[group]
    versions += (
        version
        for export in exports(questionnaire)
        if export.name == group
        for version in versions_of(export, rounds=2)
    )
    answers = dict(read(questionnaire, path, good).scores)
    assert tuple(answers) == IDS
    for version in versions:
        assert_harmless(version, read(questionnaire, path, version), answers)


@pytest.mark.parametrize("number", range(6))
def test_rows_of_all_questions(whole: Scoring, tmp_path: Path, number: int) -> None:
    """Among all questions, somebody would be given answers that they have not given."""
    questionnaire = whole.questionnaire
    export = exports(questionnaire)[number]
    path = tmp_path / "people"
    good = dict(read(questionnaire, path, good_version(export)).scores)
    assert tuple(good) == IDS
    # Each kind of damage is done to every other export.
    for version in list(versions_of(export))[number % 2 :: 2]:
        assert_harmless(version, read(questionnaire, path, version), good)


def way_of(questionnaire: Questionnaire, path: Path, version: Version) -> str:
    """Return which way a file goes: lines that the database splits, rows that we read, or back."""
    path.write_bytes(version.content)
    try:
        return "lines" if open_survey(questionnaire, path, "people", **version.reading).plain else "rows"
    except ProblemsFound:
        return "refused"


@pytest.fixture(scope="module")
def versions(scoring: Scoring, groups: Versions, tmp_path_factory: pytest.TempPathFactory) -> Versions:
    """Return a version of each kind of damage, of any group, by its way into the database; the ways take turns."""
    path = tmp_path_factory.mktemp("ways") / "people"
    found: dict[str, dict[str, list[Version]]] = {}
    for version in (version for group in READ for version in groups[group]):
        way = way_of(scoring.questionnaire, path, version)
        found.setdefault(version.kind, {}).setdefault(way, []).append(version)
    chosen: dict[str, list[Version]] = {"parquet": list(groups["parquet"])}
    for number, ways in enumerate(found.values()):
        # What is sent back is not scored; it is no way where there is another.
        way = sorted(ways.keys() - {"refused"} or ways)[number % len(ways.keys() - {"refused"} or ways)]
        chosen.setdefault(way, []).append(ways[way][number % len(ways[way])])
    return chosen


# The versions are shared out, as a test is what a processor works on.
SHARES = {"lines": 3, "rows": 5, "refused": 1, "parquet": 3}


@pytest.mark.long
@pytest.mark.usefixtures("shared_duckdb")
@pytest.mark.parametrize(
    ("way", "share"), [(way, n) for way, shares in SHARES.items() for n in range(shares)]
)
def test_scores(
    scoring: Scoring,
    versions: Versions,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
    share: int,
) -> None:
    """Somebody would be scored otherwise than from the good file, or otherwise than read row by row."""
    # The questions are the same in every file, and so is what each way to answer comes to.
    scorer = cache(lambda: Scorer(scoring, codes_of(scoring.questionnaire), explain=False))
    monkeypatch.setattr(scores, "Scorer", lambda *arguments, explain: scorer())
    path = tmp_path / "people"
    good = good_version(exports(scoring.questionnaire)[0])
    expected = dict(score(scoring, path, good).scores)
    assert tuple(expected) == IDS
    for version in versions[way][share :: SHARES[way]]:
        outcome = score(scoring, path, version)
        assert_harmless(version, outcome, expected)
        if way != "parquet":
            assert_agree(version, outcome, read(scoring.questionnaire, path, version))


def test_enough_versions(groups: Versions, versions: Versions) -> None:
    """The damage would be of few kinds, or versions have got lost, and the tests above prove less than they say."""
    every = [version for group in groups.values() for version in group[1:]]
    assert len({version.content for version in every}) >= 300
    assert len({version.kind for version in every}) >= 25
    assert {version.expected for version in every} == {"same", "reject", "refuse", "any"}
    kinds = {way: {version.kind for version in some} for way, some in versions.items()}
    assert len(kinds["lines"]) >= 20
    assert len(kinds["rows"]) >= 60
    assert {version.kind for version in every} <= set().union(*kinds.values())


@pytest.mark.parametrize(("kind", "asked"), [("none", "whole"), ("no option", "scoring")])
def test_both_ways(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, asked: str
) -> None:
    """A plain file, which the database reads by itself, would have other scores than the same file read by us."""
    scoring: Scoring = request.getfixturevalue(asked)
    export = exports(scoring.questionnaire)[0]
    versions = [good_version(export), *versions_of(export)]
    version = next(version for version in versions if version.kind == kind)
    path = tmp_path / "people"
    path.write_bytes(version.content)
    assert open_survey(scoring.questionnaire, path, "people").plain
    one = score(scoring, path, version)
    monkeypatch.setattr(source, "_is_split", lambda *arguments: False)
    other = score(scoring, path, version)
    assert (one.rows, one.rejects) == (other.rows, other.rejects)
    for (id_, good), (same, found) in zip(one.scores, other.scores, strict=True):
        assert id_ == same
        assert_same(version, good, found)


def test_error_cells(whole: Scoring, tmp_path: Path) -> None:
    """An error in a sheet, which calamine reads as an empty cell, would count as a question left open."""
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
    """The second of two files in one, with other columns, would be read by the header of the first."""
    export = exports(whole.questionnaire)[0]
    other = [list(reversed(row)) for row in export.rows]
    content = export.bytes(export.text(export.rows) + export.text(other))
    outcome = read(whole.questionnaire, tmp_path / "people", Version("two", "two", content, "refuse"))
    assert outcome.refusal == (
        "people:14:1: a second header, with the columns in another order (score each file by itself)"
    )
