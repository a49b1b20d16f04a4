"""Tests of mopscli.batch.scores, intake and codes: a table scored is everybody scored alone."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from mopscli.assessment.questionnaire import Questionnaire, prepare
from mopscli.assessment.scoring import Scoring
from mopscli.assessment.verdict import assess
from mopscli.batch import codes
from mopscli.batch.scores import Options, score_file
from mopscli.knowledge import Knowledge, load
from mopscli.problem import ProblemsFound
from mopscli.survey.forms import form_questions
from people import assert_same, draw, expected, read_csv, run, scoring_of, write_csv
from samples import WriteFolder

CONTESTS = (
    (("head", "director"), ()),
    (("director", "head"), ("specialist",)),
    (("head", "director", "vp"), ()),
)


@pytest.mark.parametrize(
    ("between", "others", "limit"),
    [*((*contest, codes.LOOKED_UP) for contest in CONTESTS), (*CONTESTS[0], 6)],
)
def test_scores_are_those_of_everybody_alone(
    knowledge: Knowledge,
    questionnaire: Questionnaire,
    between: Sequence[str],
    others: Sequence[str],
    limit: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A table would say something else of a person than `mops assess`, looked up or calculated for each row."""
    monkeypatch.setattr(codes, "LOOKED_UP", limit)
    people = draw(questionnaire, 60)
    scoring = scoring_of(knowledge, questionnaire, between, others)
    summary = run(scoring, write_csv(tmp_path / "in.csv", questionnaire, people), tmp_path / "out.csv")
    rows = read_csv(tmp_path / "out.csv")
    assert [row["id"] for row in rows] == [f"p{number}" for number in range(60)]
    assert (summary.rows, summary.scored, summary.rejected) == (60, 60, 0)
    for row, person in zip(rows, people, strict=True):
        assert_same(row, expected(knowledge, questionnaire, scoring, person))


def test_explanation_is_that_of_everybody_alone(
    knowledge: Knowledge, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    """The contributions of a table would not be those of `mops assess`, or not add up, or the gaps be others."""
    people = draw(questionnaire, 40)
    scoring = scoring_of(knowledge, questionnaire, ("head", "director"))
    source = write_csv(tmp_path / "in.csv", questionnaire, people)
    run(scoring, source, tmp_path / "out.jsonl", explain=True)
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    for row, person in zip(rows, people, strict=True):
        alone = assess(questionnaire, scoring.roles, person)
        parts = {name[13:]: value for name, value in row.items() if name.startswith("contribution_")}
        assert parts == pytest.approx({part.trait: part.delta for part in alone.contributions}, abs=1e-9)
        assert sum(parts.values()) == pytest.approx(row["fit_head"] - row["fit_director"], abs=1e-9)
        gaps = [(row[f"gap_{n}"], row[f"gap_{n}_points"]) for n in (1, 2, 3) if row[f"gap_{n}"]]
        assert [points for _, points in gaps] == pytest.approx([gap.cost for gap in alone.gaps[:3]], abs=1e-9)
        costs = {gap.trait: gap.cost for gap in alone.gaps}
        assert all(costs[trait] == pytest.approx(points, abs=1e-9) for trait, points in gaps)


def test_every_format_holds_the_same(
    knowledge: Knowledge, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    """A format of the scores would lose a number, a name or a row."""
    scoring = scoring_of(knowledge, questionnaire, ("head", "director"))
    source = write_csv(tmp_path / "in.csv", questionnaire, draw(questionnaire, 20))
    for kind in ("csv", "jsonl", "parquet", "xlsx"):
        run(scoring, source, tmp_path / f"out.{kind}")
    wanted = [{name: value or None for name, value in row.items()} for row in read_csv(tmp_path / "out.csv")]
    names = list(wanted[0])
    texts = {"id", "verdict", "role", "quality"}

    def same(rows: Sequence[Mapping[str, Any]]) -> bool:
        return all(
            (row[name] or None) == found[name]
            if name in texts
            else float(row[name]) == pytest.approx(float(found[name] or "nan"), abs=1e-12)
            for row, found in zip(rows, wanted, strict=True)
            for name in names
        )

    assert same([json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()])
    table = duckdb.connect().execute("FROM read_parquet(?)", [str(tmp_path / "out.parquet")])
    columns = [column[0] for column in table.description or ()]
    assert same([dict(zip(columns, row, strict=True)) for row in table.fetchall()])
    header, *sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active.values
    assert list(header) == names
    assert same([dict(zip(header, row, strict=True)) for row in sheet])


def test_parquet_is_scored_like_csv(
    knowledge: Knowledge, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    """Numbers and texts in a Parquet file would count otherwise than in a CSV file."""
    scoring = scoring_of(knowledge, questionnaire, ("head", "director"))
    source = write_csv(tmp_path / "in.csv", questionnaire, draw(questionnaire, 30))
    run(scoring, source, tmp_path / "out.csv")
    for number, types in enumerate(("all_varchar = true", "all_varchar = false")):
        parquet = tmp_path / f"in{number}.parquet"
        duckdb.connect().execute(f"COPY (FROM read_csv('{source}', {types})) TO '{parquet}'")
        summary = run(scoring, parquet, tmp_path / f"out{number}.csv")
        assert (summary.scored, summary.rejected) == (30, 0)
        assert (tmp_path / f"out{number}.csv").read_text() == (tmp_path / "out.csv").read_text()


def test_rows_keep_their_order(write_folder: WriteFolder, tmp_path: Path) -> None:
    """Rows would come out in another order than they went in, once there are enough for two cores."""
    knowledge = load(write_folder(), ("questions",))
    questionnaire = prepare(knowledge)
    keys = list(questionnaire.items)
    source = tmp_path / "in.csv"
    with source.open("w") as file:
        file.write(f"id,{','.join(keys)}\n")
        file.writelines(
            f"{number},{','.join(str(number % 5 + 1) for _ in keys)}\n" for number in range(300_000)
        )
    scoring = Scoring(questionnaire, tuple(knowledge.roles.values())[:2], tuple(knowledge.roles)[:2])
    run(scoring, source, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open() as file:
        ids = [int(line.partition(",")[0]) for line in list(file)[1:]]
    assert ids == list(range(300_000))


def test_forms_come_back(knowledge: Knowledge, questionnaire: Questionnaire, tmp_path: Path) -> None:
    """A survey made with our forms, with the texts of questions and options, could not be scored."""
    people = draw(questionnaire, 12)
    scoring = scoring_of(knowledge, questionnaire, ("head", "director"))
    run(scoring, write_csv(tmp_path / "in.csv", questionnaire, people), tmp_path / "numbers.csv")
    asked = [question for question in form_questions(questionnaire) if question.key in questionnaire.items]
    with (tmp_path / "form.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Timestamp", "id", *(question.text for question in asked)])
        for number, person in enumerate(people):
            texts = []
            for question in asked:
                choices = questionnaire.items[question.key].choices
                words = dict(
                    zip(
                        (choice.value for choice in choices),
                        (text for _, text in question.options),
                        strict=False,
                    )
                )
                texts.append(words.get(person.get(question.key, -1.0), ""))
            writer.writerow(["2026/11/02 9:14:07", f"p{number}", *texts])
    summary = run(scoring, tmp_path / "form.csv", tmp_path / "words.csv")
    assert summary.reasons == ()
    assert (tmp_path / "words.csv").read_text() == (tmp_path / "numbers.csv").read_text()


def test_summary_is_that_of_the_scores(
    knowledge: Knowledge, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    """The summary would not be that of the people in the file, or count those who answered nothing."""
    people = draw(questionnaire, 80, seed=3)
    scoring = scoring_of(knowledge, questionnaire, ("head", "director"))
    source = write_csv(tmp_path / "in.csv", questionnaire, people)
    summary = run(scoring, source, None)
    everybody = [assess(questionnaire, scoring.roles, person) for person in people]
    alone = [one for one in everybody if one.answered]
    assert (summary.scored, summary.unanswered) == (80, 80 - len(alone))
    assert 0 < len(alone) < 80
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


@pytest.mark.parametrize("limit", [codes.LOOKED_UP, 6])
def test_lacks_count_everybody(
    knowledge: Knowledge,
    questionnaire: Questionnaire,
    limit: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The skills that a group lacks most would be others than those of its people."""
    monkeypatch.setattr(codes, "LOOKED_UP", limit)
    people = draw(questionnaire, 50, seed=5)
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


def test_a_twin_rejects_every_row_with_its_id(
    knowledge: Knowledge, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    """Of two rows with one id, one would be scored, and it may be the wrong one."""
    source = write_csv(tmp_path / "in.csv", questionnaire, draw(questionnaire, 6))
    source.write_text(source.read_text().replace("\np4,", "\np2,"))
    scoring = scoring_of(knowledge, questionnaire, ("head", "director"))
    summary = run(scoring, source, tmp_path / "out.csv", rejects=tmp_path / "rejects.csv")
    assert (summary.rows, summary.scored, summary.rejected) == (6, 4, 2)
    rejects = read_csv(tmp_path / "rejects.csv")
    assert [(row["line"], row["column"], row["value"]) for row in rejects] == [
        ("4", "id", "p2"),
        ("6", "id", "p2"),
    ]
    assert [row["id"] for row in read_csv(tmp_path / "out.csv")] == ["p0", "p1", "p3", "p5"]


def test_levels_counted_from_one_are_refused(
    knowledge: Knowledge, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    """A survey tool that numbers options from 1 would lift every skill of everybody by a level."""
    people = draw(questionnaire, 40)
    for person in people[2:]:
        for key, item in questionnaire.items.items():
            if item.kind == "skill" and key in person:
                person[key] += 1
    people[0] = people[1] = people[2]
    source = write_csv(tmp_path / "in.csv", questionnaire, people)
    scoring = scoring_of(knowledge, questionnaire, ("head", "director"))
    with pytest.raises(ProblemsFound, match="seem to count from 1"):
        run(scoring, source, tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_a_stream_is_read_like_a_file(
    knowledge: Knowledge, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    """Standard input could not be scored."""
    source = write_csv(tmp_path / "in.csv", questionnaire, draw(questionnaire, 5))
    scoring = scoring_of(knowledge, questionnaire, ("head", "director"))
    target = BytesIO()
    options = Options(target, "csv", None)
    score_file(scoring, BytesIO(source.read_bytes()), options)
    run(scoring, source, tmp_path / "out.csv")
    assert target.getvalue() == (tmp_path / "out.csv").read_bytes()


def test_progress_only_grows(knowledge: Knowledge, questionnaire: Questionnaire, tmp_path: Path) -> None:
    """The progress bar would jump back, or never be full."""
    source = write_csv(tmp_path / "in.csv", questionnaire, draw(questionnaire, 50))
    scoring = scoring_of(knowledge, questionnaire, ("head", "director"))
    seen: list[float] = []
    options = Options(tmp_path / "out.csv", "csv", None)
    score_file(scoring, source, options, report=lambda what, share: seen.append(share))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_codes_hold_every_answer(questionnaire: Questionnaire) -> None:
    """An answer would come back from its code as another one."""
    code = codes.Code(("a", "b"), tuple(questionnaire.items.values())[18:22])
    digits = {item.key: str(number + 1) for number, item in enumerate(code.items)}
    answers = ", ".join(f"({answer})::DOUBLE" for _, answer in code.answers(code.pack(digits)))
    row = duckdb.connect().execute(f"SELECT {answers}").fetchone()
    assert row == tuple(item.choices[number].value for number, item in enumerate(code.items))


@pytest.mark.parametrize(
    ("patterns", "type_"), [(2, "UTINYINT"), (8, "USMALLINT"), (20, "UINTEGER"), (40, "UBIGINT")]
)
def test_codes_fit_their_type(questionnaire: Questionnaire, patterns: int, type_: str) -> None:
    """A code of many questions would overflow."""
    item = next(item for item in questionnaire.items.values() if item.kind == "agree")
    items = tuple(replace(item, key=f"q{number}") for number in range(patterns // 2))
    code = codes.Code(("trait",), items)
    assert code.type == type_
    digits = {item.key: str(len(item.choices)) for item in items}
    row = duckdb.connect().execute(f"SELECT {code.pack(digits)}").fetchone()
    assert row == (code.patterns - 1,)
