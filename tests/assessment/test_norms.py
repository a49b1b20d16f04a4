"""The norms of a group: counted from its answers, without any of its people, and where somebody stands in it."""

import csv
import json
import sqlite3
import sys
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlglot

from crowds import Array, answer, measured, questionnaire_of, write_measures, write_replies
from mopscli.assessment.arrays import ARRAYS
from mopscli.assessment.calibration import Replies
from mopscli.assessment.counting import MOST_VALUES, count_norms
from mopscli.assessment.formulas import FLOATS, share_below
from mopscli.assessment.norms import stand_in
from mopscli.assessment.questionnaire import Questionnaire, prepare
from mopscli.assessment.standing import take_stock
from mopscli.assessment.verdict import assess
from mopscli.knowledge import load
from mopscli.knowledge.entries import Role
from mopscli.knowledge.norms import LEAST_BETWEEN, LEAST_PEOPLE
from mopscli.knowledge.rewrite import write_out
from mopscli.person.store import Store
from mopscli.problem import ProblemsFound
from program import run_mops

TRAITS: Mapping[str, str] = {"calm": "aart", "hurry": "art", "order": "a"}
SIZES = (30, 39, 50, 99, 240, 1000)


def roles() -> list[Role]:
    """Return the two roles to choose between."""
    return list(measured(TRAITS).roles.values())


@cache
def group_of(count: int, gaps: float = 0.0) -> Replies:
    """Return some people."""
    return answer(questionnaire_of(TRAITS), count, 1, gaps=gaps)


def norms_of(replies: Replies) -> Mapping[str, Any]:
    """Return the norms of some people."""
    return count_norms(questionnaire_of(TRAITS), roles(), replies, "people at Acme", "2026-01-05")


def values_of(replies: Replies) -> dict[str, Array]:
    """Return what is believed of each trait of everybody who answered about it, and everybody's fits, in order."""
    questionnaire = questionnaire_of(TRAITS)
    found: dict[str, list[float]] = {}
    for row in replies.digits.tolist():
        given = {
            key: questionnaire.items[key].choices[digit - 1].value
            for key, digit in zip(replies.keys, row, strict=True)
            if digit
        }
        state = take_stock(questionnaire, roles(), given)
        for trait, belief in state.beliefs.items():
            if any(questionnaire.items[key].trait == trait for key in given):
                found.setdefault(trait, []).append(belief.m)
        for key, scored in state.scores.items():
            found.setdefault(key, []).append(scored.score.fit)
    return {name: np.sort(some) for name, some in found.items()}


def published(norms: Mapping[str, Any]) -> dict[str, tuple[int, list[float], float]]:
    """Return of each trait and role the number of people, the values, and how far rounding may move one."""
    return {
        key: (norm["people"], norm["values"], 0.05 if part == "traits" else 0.5)
        for part in ("traits", "roles")
        for key, norm in norms[part].items()
    }


# --- Counting -------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", SIZES)
def test_values_part_the_group(count: int) -> None:
    """A value would be none of the group's quantiles, or the smallest or largest of the group be told."""
    replies = group_of(count)
    everybody = values_of(replies)
    norms = norms_of(replies)
    assert (norms["group"], norms["date"]) == ("people at Acme", "2026-01-05")
    assert list(norms["traits"]) == list(TRAITS)
    assert list(norms["roles"]) == ["quiet", "loud"]
    for key, (people, values, rounding) in published(norms).items():
        group = everybody[key]
        assert people == len(group) == count
        assert len(values) == min(MOST_VALUES, count // LEAST_BETWEEN - 1)
        parts = len(values) + 1
        exact = np.quantile(group, np.arange(1, parts) / parts)
        assert np.abs(exact - values).max() <= rounding + 1e-9
        assert np.round(values, 1 if key in TRAITS else 0).tolist() == values
        assert values == sorted(values)


@pytest.mark.parametrize("count", SIZES)
def test_ten_people_between_values(count: int) -> None:
    """Fewer than ten people would be below the first value, between two of them, or above the last."""
    for key, group in values_of(group_of(count)).items():
        values = published(norms_of(group_of(count)))[key][1]
        parts = len(values) + 1
        exact = np.quantile(group, np.arange(1, parts) / parts)
        # People with one value stand beside each other; by rank there are ten of them all the same.
        ranks = [0, *np.searchsorted(np.arange(count), np.arange(1, parts) / parts * (count - 1)), count]
        assert min(np.diff(ranks)) >= LEAST_BETWEEN
        assert (group <= exact[0] + 1e-12).sum() >= LEAST_BETWEEN
        assert (group >= exact[-1] - 1e-12).sum() >= LEAST_BETWEEN


def test_smallest_group_tells_two_values() -> None:
    """A group of thirty would be told in more detail than thirds."""
    norms = published(norms_of(group_of(30)))
    assert {(people, len(values)) for people, values, _ in norms.values()} == {(30, 2)}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nobody_can_be_read_back(seed: int) -> None:
    """Whoever knows 29 of 30 people could read the answers of the last one in how the values move.

    A value lies between two neighbors in rank, and one person moves it at most to the next of these, wherever they
    are themselves.
    """
    replies = answer(questionnaire_of(TRAITS), 30, seed)
    before, group = published(norms_of(replies)), values_of(replies)
    moved = set()
    for person in (0, 7, 19):
        for low in (True, False):
            digits = replies.digits.copy()
            for number, item in enumerate(questionnaire_of(TRAITS).items.values()):
                # All the way to one end of every trait.
                order = sorted(range(5), key=lambda option: item.choices[option].y, reverse=not low)
                digits[person, number] = order[0] + 1
            changed = Replies(replies.keys, digits)
            after, others = published(norms_of(changed)), values_of(changed)
            for key, (people, values, rounding) in after.items():
                assert people == 30
                for number, value in enumerate(values):
                    # The neighbors in rank that are still there bound it.
                    rank = (number + 1) * 10
                    least, most = group[key][rank - 2], group[key][rank + 1]
                    assert least - rounding <= value <= most + rounding
                    assert others[key][0] < value < others[key][-1]
                    moved.add(abs(value - before[key][1][number]) > 2 * rounding)
    # Most do not even show it.
    assert False in moved


def test_extremes_do_not_show() -> None:
    """How far out somebody is would show: an end of the scale, or a little above the others."""
    replies = group_of(30)
    top = int(np.argmax([replies.digits[row, :2].sum() for row in range(30)]))
    digits = replies.digits.copy()
    found = []
    for digit in (4, 5):
        digits[top, :2] = digit
        found.append(norms_of(Replies(replies.keys, digits))["traits"]["calm"])
    assert found[0] == found[1]


@pytest.mark.parametrize("count", [30, 50, 240])
def test_values_are_rounded(count: int) -> None:
    """A value would be somebody's own to more decimals than a tenth of a level or a point of fit."""
    norms = norms_of(group_of(count))
    for part, decimals in (("traits", 1), ("roles", 0)):
        for norm in norms[part].values():
            assert all(value == round(value, decimals) for value in norm["values"])
    # Nor does the file hold anything else of them.
    assert set(norms) == {"group", "date", "traits", "roles"}
    assert all(set(norm) == {"people", "values"} for norm in norms["traits"].values())


def test_too_few_about_a_trait() -> None:
    """A trait that fewer than thirty people answered about would be told of them."""
    replies = group_of(60)
    digits = replies.digits.copy()
    digits[29:, 4:7] = 0
    assert list(norms_of(Replies(replies.keys, digits))["traits"]) == ["calm", "order"]
    digits[29, 4] = 1
    norms = norms_of(Replies(replies.keys, digits))["traits"]
    assert norms["hurry"]["people"] == 30
    assert len(norms["hurry"]["values"]) == 2
    # Who did not answer about it is not in it, as somebody in the middle.
    assert norms["calm"]["people"] == 60


def test_gaps() -> None:
    """Somebody with gaps would stand elsewhere than an assessment of the same answers has them."""
    replies = group_of(240, 0.3)
    everybody = values_of(replies)
    for key, (people, values, rounding) in published(norms_of(replies)).items():
        assert people == len(everybody[key])
        parts = len(values) + 1
        assert parts == min(MOST_VALUES + 1, people // LEAST_BETWEEN)
        exact = np.quantile(everybody[key], np.arange(1, parts) / parts)
        assert np.abs(exact - values).max() <= rounding + 1e-9


# --- Standing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_share_below(seed: int) -> None:
    """The share below a value would not be that of the group, ties or not, or differ between floats and arrays."""
    chance = np.random.default_rng(seed)
    count = int(chance.integers(30, 600))
    # From continuous values to no more than three different ones.
    group = chance.normal(size=count).round((8, 1, 0)[seed % 3])
    parts = min(20, count // 10)
    values = [float(x) for x in np.quantile(group, np.arange(1, parts) / parts)]
    places = np.concatenate([values, chance.uniform(group.min() - 1, group.max() + 1, 50)])
    shares = [float(share_below(FLOATS, values, float(x))) for x in places]
    assert share_below(ARRAYS, values, places).tolist() == pytest.approx(shares)
    for x, share in zip(places, shares, strict=True):
        assert 0 < share < 1
        below, ties = (group < x).mean(), (group == x).mean()
        assert share == pytest.approx(below + ties / 2, abs=1.5 / parts)
    unique, at = np.unique(values, return_counts=True)
    if len(unique) == len(values):
        inside = (places >= values[0]) & (places <= values[-1])
        straight = np.interp(places[inside], values, np.arange(1, parts) / parts)
        assert np.array(shares)[inside] == pytest.approx(straight)
    # At several values that are the same, one is in their middle.
    for value, number in zip(unique, at, strict=True):
        first = values.index(value)
        expected = (first + 1 + first + number) / 2 / parts
        assert share_below(FLOATS, values, float(value)) == pytest.approx(expected)
    order = np.argsort(places)
    assert (np.diff(np.array(shares)[order]) >= -1e-12).all()


def test_beyond_the_ends() -> None:
    """Somebody below or above everybody would be told so, of which the values know nothing."""
    values = [1.0, 2.0, 3.0]
    assert [share_below(FLOATS, values, x) for x in (-9.0, 0.99, 3.01, 9.0)] == [0.125, 0.125, 0.875, 0.875]


def test_stand() -> None:
    """Where one stands would be of another trait, without its doubt, or of traits that there are no norms for."""
    questionnaire = with_norms(group_of(240))
    assert questionnaire.norms is not None
    found = stand_in(questionnaire.norms, [("calm", 2.5, 0.5), ("nothing", 1, 1)], [("loud", 60, 5)])
    (calm,), (loud,) = found.traits, found.roles
    assert (calm.about, calm.people, loud.about) == ("calm", 240, "loud")
    values = questionnaire.norms.traits["calm"].values
    assert calm.below == share_below(FLOATS, values, 2.5)
    assert calm.low == share_below(FLOATS, values, 2.5 - 1.6448536269514722 * 0.5)
    assert calm.low <= calm.below <= calm.high
    assert (found.group, found.date) == ("people at Acme", "2026-01-05")


def with_norms(replies: Replies) -> Questionnaire:
    """Return the questionnaire, with the norms of some people."""
    with tempfile.TemporaryDirectory() as folder:
        return prepare(load(write_norms(Path(folder), norms_of(replies))))


def write_norms(folder: Path, norms: Mapping[str, Any]) -> Path:
    """Write the folder of the questionnaire with these norms."""
    write_measures(folder, TRAITS)
    (folder / "norms.yaml").write_text(write_out(norms, "# A group.\n"), "utf-8")
    return folder


def test_assessment_tells_it() -> None:
    """An assessment would compare with a group although nothing was answered, or about what was not answered."""
    questionnaire = with_norms(group_of(240))
    assert assess(questionnaire, roles(), {}).norms is None
    assert assess(replace(questionnaire, norms=None), roles(), {"calm-1": 5}).norms is None
    norms = assess(questionnaire, roles(), {"calm-1": 5}).norms
    assert norms is not None
    assert [stand.about for stand in norms.traits] == ["calm"]
    assert [stand.about for stand in norms.roles] == ["quiet", "loud"]
    assert norms.traits[0].below > 0.5


# --- The file -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("norm", "expected"),
    [
        ("{people: 30, values: [1, 2, 3]}", "fewer than 10 people would be between two of them"),
        ("{people: 99, values: [1, 2, 3, 3, 3, 4, 5, 5, 5]}", "fewer than 10 people would be between"),
        ("{people: 29, values: [1]}", "expected a whole number from 30 to"),
        ("{people: 100, values: []}", "they must go from low to high"),
        ("{people: 100, values: [2, 1]}", "they must go from low to high"),
    ],
)
def test_norms_that_tell_too_much(tmp_path: Path, norm: str, expected: str) -> None:
    """A file that tells of single people, or that nothing can be read off, would be loaded."""
    folder = write_measures(tmp_path / "ours", TRAITS)
    (folder / "norms.yaml").write_text(
        f"group: us\ndate: 2026-01-05\ntraits:\n  calm: {norm}\nroles: {{}}\n", "utf-8"
    )
    with pytest.raises(ProblemsFound) as found:
        load(folder)
    assert expected in str(found.value.problems[0])


@pytest.mark.parametrize("count", SIZES)
def test_counted_norms_are_loaded(tmp_path: Path, count: int) -> None:
    """What was counted would be refused as telling too much, or be read back as other values."""
    norms = norms_of(group_of(count))
    loaded = load(write_norms(tmp_path / "ours", norms)).norms
    assert loaded is not None
    assert (loaded.group, loaded.date) == ("people at Acme", "2026-01-05")
    for key, norm in (*loaded.traits.items(), *loaded.roles.items()):
        people, values, _ = published(norms)[key]
        assert (norm.people, list(norm.values)) == (people, values)
        assert norm.people >= LEAST_PEOPLE


# --- What is shown, and what a batch says ---------------------------------------------------------


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """Return a folder with norms."""
    return write_norms(tmp_path / "ours", norms_of(group_of(240)))


# Calm of all things, and nothing else in particular.
GIVEN = dict.fromkeys(questionnaire_of(TRAITS).items, 3) | {
    "calm-1": 5,
    "calm-2": 5,
    "calm-3": 1,
    "calm-4": 1,
}


@pytest.fixture
def saved(ours: Path, tmp_path: Path) -> dict[str, str]:
    """Return an environment in which an assessment is saved, with norms in use."""
    store = Store(tmp_path / "mops")
    number = store.begin(("quiet", "loud"), "a digest")
    for key, value in GIVEN.items():
        store.answer(number, key, value)
    store.finish(number)
    return {"MOPS_DATA": str(ours), "XDG_DATA_HOME": str(tmp_path)}


def assert_told(text: str) -> None:
    """Assert that a text tells where one stands beside the group."""
    assert "Beside the 240 people at Acme who answered" in text
    assert "higher than 9 in 10" in text or "higher than nearly all" in text
    assert "Fit for Quiet one" in text
    assert "Counted 2026-01-05." in text


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep data elsewhere")
def test_shown(saved: dict[str, str], tmp_path: Path) -> None:
    """An assessment, or a saved one, would not tell where one stands, or not beside whom."""
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps(GIVEN), "utf-8")
    shown = run_mops("assess", "--answers", str(answers), "--explain", **saved)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert_told(shown.stdout)
    assert_told(run_mops("result", "--explain", **saved).stdout)
    data = json.loads(run_mops("result", "--json", **saved).stdout)["data"]["norms"]
    assert set(data) == {"group", "date", "traits", "roles"}
    assert list(data["traits"][0]) == ["about", "people", "below", "low", "high"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep data elsewhere")
def test_shown_in_a_report(saved: dict[str, str], tmp_path: Path) -> None:
    """A report would not tell where one stands, or not beside whom."""
    report = tmp_path / "report.html"
    assert run_mops("report", "-o", str(report), **saved).returncode == 0
    assert_told(report.read_text("utf-8"))


def test_without_norms(tmp_path: Path) -> None:
    """Without a group there would be a heading about one, or a column of nothing."""
    folder = write_measures(tmp_path / "ours", TRAITS)
    answers = tmp_path / "answers.yaml"
    answers.write_text("calm-1: 5\n", "utf-8")
    arguments = ("assess", "quiet", "loud", "--answers", str(answers), "--data", str(folder))
    assert "Beside" not in run_mops(*arguments).stdout
    assert json.loads(run_mops(*arguments, "--json").stdout)["data"]["norms"] is None


PEOPLE = 40
# How many people the norms are of.
GROUPS = [
    30,
    99,
    240,
]


@cache
def some_people() -> list[dict[str, float | None]]:
    """Return some people's answers, None where there is none."""
    questionnaire = questionnaire_of(TRAITS)
    people = answer(questionnaire, PEOPLE, 5, gaps=0.2)
    return [
        {
            key: questionnaire.items[key].choices[digit - 1].value if digit else None
            for key, digit in zip(people.keys, row, strict=True)
        }
        for row in people.digits.tolist()
    ]


def assert_stands(questionnaire: Questionnaire, rows: Mapping[str, Mapping[str, Any]]) -> None:
    """Assert that rows place everybody where their assessment does."""
    assert len(rows) == PEOPLE
    compared = 0
    for number, person in enumerate(some_people()):
        given = {key: x for key, x in person.items() if x is not None}
        norms = assess(questionnaire, roles(), given).norms
        for stand in norms.roles if norms else ():
            found = float(rows[f"p{number}"][f"norm_{stand.about}"])
            assert found == pytest.approx(stand.below, abs=1e-9)
            compared += 1
    assert compared >= 2 * PEOPLE - 4


@pytest.mark.long
def test_batch(tmp_path: Path) -> None:
    """A batch would place somebody elsewhere in the group than their own assessment does."""
    ours = write_norms(tmp_path / "ours", norms_of(group_of(240)))
    questionnaire = prepare(load(ours))
    people = answer(questionnaire_of(TRAITS), PEOPLE, 5, gaps=0.2)
    path = write_replies(tmp_path / "people.csv", questionnaire, people)
    target = tmp_path / "scores.csv"
    assert run_mops("batch", str(path), "--data", str(ours), "-o", str(target)).returncode == 0
    with target.open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert_stands(questionnaire, rows)
    text = run_mops("sql", "--data", str(ours)).stdout
    assert sqlglot.parse_one(text, read="duckdb").named_selects == list(rows["p0"])


@pytest.mark.parametrize("count", GROUPS)
def test_database(tmp_path: Path, count: int) -> None:
    """A database would place somebody elsewhere in the group than their own assessment does."""
    ours = write_norms(tmp_path / "ours", norms_of(group_of(count)))
    text = run_mops("sql", "--dialect", "sqlite", "--data", str(ours)).stdout
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute("SELECT exp(1), sqrt(1)")
        except sqlite3.OperationalError:
            pytest.skip("this SQLite was built without exp() and sqrt()")
        keys = list(some_people()[0])
        columns = ", ".join(f'"{key}" INTEGER' for key in keys)
        connection.execute(f"CREATE TABLE responses (id TEXT, {columns})")
        marks = ", ".join("?" * (len(keys) + 1))
        rows = [(f"p{number}", *person.values()) for number, person in enumerate(some_people())]
        connection.executemany(f"INSERT INTO responses VALUES ({marks})", rows)
        cursor = connection.execute(text)
        names = [column[0] for column in cursor.description]
        found = {row[0]: dict(zip(names, row, strict=True)) for row in cursor}
    assert_stands(prepare(load(ours)), found)
