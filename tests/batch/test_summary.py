"""What a group amounts to, against everybody assessed alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from batches import GOOD, HEADER, SCORED, Run
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.assessment.verdict import assess
from mopscli.batch import codes
from mopscli.knowledge import Knowledge
from people import draw, read_csv, run, scoring_of, write_csv


def test_counts_are_printed(batch: Run) -> None:
    """Rows would get lost without a word, or the exit code say that all is well."""
    result = batch(GOOD + "d,9,1,1\na,1,1,1\n")
    assert result.exit_code == 1
    assert "5 rows: 2 scored + 3 rejected." in result.output
    assert "Why rows were rejected" in result.output
    assert [row["line"] for row in read_csv("out.rejects.csv")] == ["5", "2", "6"] or [
        row["line"] for row in read_csv("out.rejects.csv")
    ] == ["2", "5", "6"]
    result = batch(GOOD)
    assert (result.exit_code, SCORED in result.output) == (0, True)
    # The rejects of an earlier run are gone.
    assert read_csv("out.rejects.csv") == []


def test_numbers_that_may_count_from_one(batch: Run) -> None:
    """A file without a single 0 would be scored one level too high, and nobody be told."""
    rows = [f"p{number},{number % 4 + 1},{number % 3 + 1},1\n" for number in range(12)]
    assert "every level is one too high" in " ".join(
        batch(HEADER + "".join(rows), "--summary-only").output.split()
    )
    rows[7] = "p7,0,3,1\n"
    assert "one too high" not in batch(HEADER + "".join(rows), "--summary-only").output
    words = [f"p{number},Has written.,Has edited.,1\n" for number in range(12)]
    assert "one too high" not in batch(HEADER + "".join(words), "--summary-only").output
    few = HEADER + "".join(rows[:4])
    assert "one too high" not in batch(few, "--summary-only").output


def test_nobody_has_an_id(batch: Run) -> None:
    """People without ids would not be told apart, in the scores or in the summary."""
    lines = [line.partition(",")[2] for line in GOOD.splitlines(keepends=True)]
    data = json.loads(batch("".join(lines), "-o", "out.csv", "--json").stdout)["data"]
    assert [row["id"] for row in read_csv()] == ["row 2", "row 3", "row 4"]
    assert {near["id"] for near in data["roles"][0]["nearest"]} == {"row 2", "row 3", "row 4"}


def test_nobody_answered(batch: Run) -> None:
    """Somebody without an answer would be counted among those near to ready, or shift the average."""
    with_blank = json.loads(batch(GOOD + "d,,,\n", "--summary-only", "--json").stdout)["data"]
    without = json.loads(batch(GOOD, "--summary-only", "--json").stdout)["data"]
    assert (with_blank["scored"], with_blank["unanswered"]) == (4, 1)
    assert with_blank["roles"] == without["roles"]
    alone = batch(HEADER + "d,,,\n", "--summary-only")
    assert (alone.exit_code, "1 person answered nothing" in alone.output) == (0, True)


def test_summary_is_that_of_the_scores(
    knowledge: Knowledge, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    """The summary would not be that of the people in the file, or count those who answered nothing."""
    people = draw(questionnaire, 48, seed=3)
    scoring = scoring_of(knowledge, questionnaire, ("head", "director"))
    source = write_csv(tmp_path / "in.csv", questionnaire, people)
    summary = run(scoring, source, None)
    everybody = [assess(questionnaire, scoring.roles, person) for person in people]
    alone = [one for one in everybody if one.answered]
    assert (summary.scored, summary.unanswered) == (48, 48 - len(alone))
    assert 0 < len(alone) < 48
    assert summary.too_close == sum(one.verdict.word == "too close to call" for one in alone)
    for number, role in enumerate(summary.roles):
        mine = [one for one in alone if one.verdict.role == role.key]
        assert role.clear == sum(one.verdict.word == "clear" for one in mine)
        assert role.leaning == sum(one.verdict.word == "leaning" for one in mine)
        fits = [one.roles[number].fit for one in alone]
        assert role.fit_mean == pytest.approx(sum(fits) / len(fits), abs=1e-9)
        assert role.fit_bands == tuple(sum(band <= fit / 10 < band + 1 for fit in fits) for band in range(10))
        ready = sorted(
            (-(one.roles[number].readiness or 0), person)
            for person, one in enumerate(everybody)
            if one.answered >= len(questionnaire.items) / 2
        )[:5]
        assert [(near.id, near.readiness) for near in role.nearest] == [
            (f"p{person}", pytest.approx(-points, abs=1e-9)) for points, person in ready
        ]
    assert summary.straight_lined == sum(
        any(r.kind == "straight-lining" for r in one.quality) for one in alone
    )
    assert summary.contradicting == sum(any(r.kind == "contradiction" for r in one.quality) for one in alone)
    assert summary.answered_mean == pytest.approx(sum(one.answered for one in alone) / len(alone))


@pytest.mark.parametrize("limit", [codes.MOST_WAYS, 6])
def test_lacks_count_everybody(
    knowledge: Knowledge,
    questionnaire: Questionnaire,
    limit: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The skills that a group lacks most would be others than those of its people."""
    monkeypatch.setattr(codes, "MOST_WAYS", limit)
    people = draw(questionnaire, 16, seed=5)
    scoring = scoring_of(knowledge, questionnaire, ("head", "director"))
    summary = run(scoring, write_csv(tmp_path / "in.csv", questionnaire, people), None)
    for role in summary.roles:
        # The gaps to a role are shown where it is the better one, so compare it with itself under another name.
        twin = replace_key(knowledge, role.key)
        counts: dict[str, int] = {}
        for person in people:
            for gap in assess(questionnaire, [knowledge.roles[role.key], twin], person).gaps:
                counts[gap.trait] = counts.get(gap.trait, 0) + 1
        assert {lack.trait: lack.people for lack in role.lacks}.items() <= counts.items()
        costs = [lack.cost for lack in role.lacks]
        assert len(costs) == 5
        assert costs == sorted(costs, reverse=True)


def replace_key(knowledge: Knowledge, key: str) -> Any:
    """Return a copy of a role that goes by another key."""
    role = knowledge.roles[key]
    twin = object.__new__(type(role))
    for name, value in vars(role).items():
        object.__setattr__(twin, name, value)
    object.__setattr__(twin, "key", f"{key}-twin")
    return twin
