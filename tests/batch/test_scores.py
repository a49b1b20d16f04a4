"""A table scored is everybody scored alone, in every format."""

import csv
import json
import random
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from batches import GOOD, HEADER, Run
from mopscli.assessment.questionnaire import Questionnaire, prepare
from mopscli.assessment.scoring import Scoring
from mopscli.assessment.verdict import assess
from mopscli.batch import codes
from mopscli.batch.scores import Options, score_file
from mopscli.knowledge import Knowledge, load
from mopscli.problem import ProblemsFound
from mopscli.survey.forms import form_questions
from people import assert_same, draw, expected, read_csv, run, scoring_of, with_few_traits, write_csv
from samples import SCORED_QUESTIONS, WriteFolder, write_knowledge

CONTESTS = (
    (("head", "director"), ()),
    (("director", "head"), ("specialist",)),
    (("head", "director", "vp"), ()),
    # Each of the two names traits that the other does not.
    (("specialist", "head"), ()),
)


@pytest.mark.parametrize(
    ("between", "others", "limit"),
    [*((*contest, codes.MOST_WAYS) for contest in CONTESTS[1:]), (*CONTESTS[0], 6)],
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
    """A table would say something else of a person than `mops assess`, from its ways to answer or row by row."""
    monkeypatch.setattr(codes, "MOST_WAYS", limit)
    people = draw(questionnaire, 24)
    scoring = scoring_of(knowledge, questionnaire, between, others)
    summary = run(scoring, write_csv(tmp_path / "in.csv", questionnaire, people), tmp_path / "out.csv")
    rows = read_csv(tmp_path / "out.csv")
    assert [row["id"] for row in rows] == [f"p{number}" for number in range(24)]
    assert (summary.rows, summary.scored, summary.rejected) == (24, 24, 0)
    for row, person in zip(rows, people, strict=True):
        assert_same(row, expected(scoring, person))
    # Among them are people who would be told something as clear, did their answers not contradict each other.
    capped = [
        row for row in rows if row["verdict"] == "leaning" and abs(float(row["p_" + between[0]]) - 0.5) > 0.45
    ]
    assert capped


@pytest.mark.parametrize("limit", [codes.MOST_WAYS, 6])
def test_traits_that_go_together(
    knowledge: Knowledge,
    questionnaire: Questionnaire,
    limit: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A table would leave out of its errors what traits have in common, from its ways to answer or row by row."""
    monkeypatch.setattr(codes, "MOST_WAYS", limit)
    everything = scoring_of(knowledge, questionnaire, ("head", "director", "vp"), ("specialist",))
    scoring = with_few_traits(everything, together=0.3)
    people = draw(scoring.questionnaire, 40)
    run(scoring, write_csv(tmp_path / "in.csv", scoring.questionnaire, people), tmp_path / "out.csv")
    apart = with_few_traits(everything)
    others = []
    for row, person in zip(read_csv(tmp_path / "out.csv"), people, strict=True):
        assert_same(row, expected(scoring, person))
        others.append(abs(float(row["se_head"]) - expected(apart, person)["se_head"]))
    assert max(others) > 1


def test_explanation_is_that_of_everybody_alone(
    knowledge: Knowledge, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    """The contributions of a table would not be those of `mops assess`, or not add up, or the gaps be others."""
    people = draw(questionnaire, 20)
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


def test_every_format_holds_the_same(few: Scoring, tmp_path: Path) -> None:
    """A format of the scores would lose a number, a name or a row."""
    source = write_csv(tmp_path / "in.csv", few.questionnaire, draw(few.questionnaire, 20))
    for kind in ("csv", "jsonl", "parquet", "xlsx"):
        run(few, source, tmp_path / f"out.{kind}")
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


def test_parquet_is_scored_like_csv(few: Scoring, tmp_path: Path) -> None:
    """Numbers and texts in a Parquet file would count otherwise than in a CSV file."""
    source = write_csv(tmp_path / "in.csv", few.questionnaire, draw(few.questionnaire, 30))
    run(few, source, tmp_path / "out.csv")
    for number, types in enumerate(("all_varchar = true", "all_varchar = false")):
        parquet = tmp_path / f"in{number}.parquet"
        duckdb.connect().execute(f"COPY (FROM read_csv('{source}', {types})) TO '{parquet}'")
        summary = run(few, parquet, tmp_path / f"out{number}.csv")
        assert (summary.scored, summary.rejected) == (30, 0)
        assert (tmp_path / f"out{number}.csv").read_text() == (tmp_path / "out.csv").read_text()


@pytest.mark.long
def test_rows_keep_their_order(write_folder: WriteFolder, tmp_path: Path) -> None:
    """Rows would come out in another order than they went in, once there are enough for two cores."""
    knowledge = load(write_folder())
    questionnaire = prepare(knowledge)
    keys = list(questionnaire.items)
    source = tmp_path / "in.csv"
    with source.open("w") as file:
        file.write(f"id,{','.join(keys)}\n")
        file.writelines(
            f"{number},{','.join(str(number % 5 + 1) for _ in keys)}\n" for number in range(120_000)
        )
    scoring = Scoring(questionnaire, tuple(knowledge.roles.values())[:2], tuple(knowledge.roles)[:2])
    run(scoring, source, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open() as file:
        ids = [int(line.partition(",")[0]) for line in list(file)[1:]]
    assert ids == list(range(120_000))


def test_forms_come_back(knowledge: Knowledge, questionnaire: Questionnaire, tmp_path: Path) -> None:
    """A survey made with our forms, with the texts of questions and options, would not be scored."""
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


def test_a_twin_rejects_every_row_with_its_id(few: Scoring, tmp_path: Path) -> None:
    """Of two rows with one id, one would be scored, and it may be the wrong one."""
    source = write_csv(tmp_path / "in.csv", few.questionnaire, draw(few.questionnaire, 6))
    source.write_text(source.read_text().replace("\np4,", "\np2,"))
    summary = run(few, source, tmp_path / "out.csv", rejects=tmp_path / "rejects.csv")
    assert (summary.rows, summary.scored, summary.rejected) == (6, 4, 2)
    rejects = read_csv(tmp_path / "rejects.csv")
    assert [(row["line"], row["column"], row["value"]) for row in rejects] == [
        ("4", "id", "p2"),
        ("6", "id", "p2"),
    ]
    assert [row["id"] for row in read_csv(tmp_path / "out.csv")] == ["p0", "p1", "p3", "p5"]


def test_levels_counted_from_one_are_refused(few: Scoring, tmp_path: Path) -> None:
    """A survey tool that numbers options from 1 would lift every skill of everybody by a level."""
    people = draw(few.questionnaire, 40)
    for person in people[2:]:
        for key, item in few.questionnaire.items.items():
            if item.kind == "skill" and key in person:
                person[key] += 1
    people[0] = people[1] = people[2]
    source = write_csv(tmp_path / "in.csv", few.questionnaire, people)
    with pytest.raises(ProblemsFound, match="seem to count from 1"):
        run(few, source, tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_a_stream_is_read_like_a_file(few: Scoring, tmp_path: Path) -> None:
    """Standard input would be scored otherwise than a file."""
    source = write_csv(tmp_path / "in.csv", few.questionnaire, draw(few.questionnaire, 5))
    target = BytesIO()
    options = Options(target, "csv", None)
    score_file(few, BytesIO(source.read_bytes()), options)
    run(few, source, tmp_path / "out.csv")
    assert target.getvalue() == (tmp_path / "out.csv").read_bytes()


def test_progress_only_grows(few: Scoring, tmp_path: Path) -> None:
    """The progress bar would jump back, or never be full."""
    source = write_csv(tmp_path / "in.csv", few.questionnaire, draw(few.questionnaire, 50))
    seen: list[float] = []
    options = Options(tmp_path / "out.csv", "csv", None)
    score_file(few, source, options, report=lambda what, share: seen.append(share))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_strict(batch: Run) -> None:
    """With --strict, a file with one bad row would be scored all the same, or the old scores be gone."""
    Path("out.csv").write_text("old", "utf-8")
    result = batch(HEADER + "a,4,5,1\nb,9,5,1\n", "-o", "out.csv", "--strict")
    assert result.exit_code == 1
    assert result.output.startswith("in.csv:3:1: writes: '9': no option of this question")
    assert Path("out.csv").read_text("utf-8") == "old"
    assert not Path("out.rejects.csv").exists()
    assert batch(GOOD, "-o", "out.csv", "--strict").exit_code == 0
    assert batch(GOOD + "a,4,5,1\n", "-o", "out.csv", "--strict").exit_code == 1


def test_rejects_are_csv(batch: Run) -> None:
    """CSV would be written into a file whose name says that it is a workbook."""
    result = batch(GOOD, "-o", "out.csv", "--rejects", "rejects.xlsx")
    assert result.exit_code == 2
    assert "let its name end in .csv" in result.output


def test_kept_columns(batch: Run) -> None:
    """A column of the file would take the place of one of ours, or of another one with its name."""
    header = "id,writes,edits,quiet,verdict,Role,fit_author,team,team,,ID_\n"
    result = batch(header + "a,4,5,1,v,r,f,t1,t2,,i\n", "-o", "out.csv", "--keep")
    assert result.exit_code == 0, result.output
    first, second = Path("out.csv").read_text("utf-8").splitlines()
    names = next(csv.reader([first]))
    assert len({name.casefold() for name in names}) == len(names)
    row = dict(zip(names, next(csv.reader([second])), strict=True))
    assert row["verdict"] in ("clear", "leaning", "too close to call")
    assert [row[name] for name in names[-7:]] == ["v", "r", "f", "t1", "t2", "", "i"]
    assert "writes" not in names


@pytest.mark.long
def test_many_questions_about_one_trait(tmp_path: Path) -> None:
    """The answers about a trait with very many questions would lose their digits in a number that holds no more."""
    keys = [f"w{number}" for number in range(52)]
    questions = "".join(f"  {key}: {{kind: agree, trait: calm, text: Calm {key}.}}\n" for key in keys)
    knowledge = load(write_knowledge(tmp_path, questions=SCORED_QUESTIONS + questions))
    questionnaire = prepare(knowledge)
    chance = random.Random(1)
    people = [
        {"writes": 4.0, "edits": 5.0, "quiet": 1.0}
        | {key: float(chance.randint(1, 5)) for key in keys if chance.random() < 0.8}
        for _ in range(3)
    ]
    scoring = scoring_of(knowledge, questionnaire, ("author", "editor"))
    run(scoring, write_csv(tmp_path / "in.csv", questionnaire, people), tmp_path / "out.csv")
    for person, row in zip(people, read_csv(tmp_path / "out.csv"), strict=True):
        alone = assess(questionnaire, scoring.roles, person)
        assert int(row["answered"]) == alone.answered
        assert [float(row[f"fit_{fit.key}"]) for fit in alone.roles] == pytest.approx(
            [fit.fit for fit in alone.roles], abs=1e-9
        )


def test_long_text_in_a_workbook(batch: Run) -> None:
    """A text that no cell holds would be cut off, so that two ids become one."""
    Path("out.xlsx").write_text("old", "utf-8")
    result = batch(HEADER + "a" * 40_000 + ",4,5,1\n", "-o", "out.xlsx")
    assert "32,767 characters in a cell" in str(result.exception)
    assert Path("out.xlsx").read_text("utf-8") == "old"


def test_kept_columns_in_every_format(batch: Run) -> None:
    """A kept column would make a format fail that does not allow what CSV does."""
    header = 'id,writes,edits,quiet,"a""b",verdict,"x\ny",é\n'
    for name in ("out.jsonl", "out.parquet", "out.xlsx", "out.csv"):
        result = batch(header + 'a,4,5,1,"q""",v,"l\nl",ü\n', "-o", name, "--keep")
        assert result.exit_code == 0, (name, result.output)
        assert Path(name).stat().st_size > 0


def test_digits(batch: Run) -> None:
    """Rounding would change more than the places behind the point, or not be done."""
    assert batch(GOOD, "-o", "full.csv").exit_code == 0
    assert batch(GOOD, "-o", "two.csv", "--digits", "2").exit_code == 0
    for full, two in zip(read_csv("full.csv"), read_csv("two.csv"), strict=True):
        assert full.keys() == two.keys()
        for name, value in full.items():
            if name.startswith(("p_", "fit_", "se_", "readiness_", "enjoyment_")):
                assert float(two[name]) == pytest.approx(round(float(value), 2), abs=0.0051)
                assert len(two[name].partition(".")[2]) <= 2
            else:
                assert two[name] == value
    assert batch(GOOD, "-o", "none.csv", "--digits", "0").exit_code == 0
    assert batch(GOOD, "-o", "out.csv", "--digits", "-1").exit_code == 2
    assert batch(GOOD, "-o", "out.csv", "--digits", "x").exit_code == 2
