"""Many people's answers, replayed as the interview would have asked them."""

import json
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from crowds import answer, measured, questionnaire_of, write_measures, write_replies
from mopscli.assessment.calibration import Replies
from mopscli.assessment.interview import LEAST_ANSWERS, take_turn
from mopscli.assessment.replay import USUAL, Replay, replay
from mopscli.assessment.standing import take_stock
from mopscli.cli.ask import AssessmentGuide
from mopscli.knowledge.entries import Role
from program import run_mops
from samples import bundled, bundled_questionnaire

TRAITS: Mapping[str, str] = {"calm": "aart", "hurry": "art", "order": "aar", "company": "at"}
QUESTIONS = 12


def roles() -> list[Role]:
    """Return the two roles to choose between."""
    return list(measured(TRAITS).roles.values())


def alone(replies: Replies, number: int) -> Replies:
    """Return one person."""
    return Replies(replies.keys, replies.digits[number : number + 1])


def given_by(replies: Replies, number: int) -> dict[str, float | None]:
    """Return somebody's answers, None where there is none."""
    items = questionnaire_of(TRAITS).items
    return {
        key: items[key].choices[digit - 1].value if digit else None
        for key, digit in zip(replies.keys, replies.digits[number].tolist(), strict=True)
    }


@cache
def crowd(count: int = 250, gaps: float = 0.0) -> Replies:
    """Return people as the questionnaire has them."""
    return answer(questionnaire_of(TRAITS), count, 1, gaps=gaps)


@cache
def replayed(risk: float = 0.05, gaps: float = 0.0) -> Replay:
    """Return what a replay says of them."""
    return replay(questionnaire_of(TRAITS), roles(), crowd(gaps=gaps), risk)


@pytest.mark.parametrize("gaps", [0.0, 0.3])
@pytest.mark.parametrize("until", [0.02, 0.2])
def test_interview_of_the_terminal(until: float, gaps: float) -> None:
    """The replay would end elsewhere than the interview in the terminal does with the same answers."""
    questionnaire, people = questionnaire_of(TRAITS), crowd(gaps=gaps)
    guide = AssessmentGuide(measured(TRAITS), questionnaire, roles(), until)
    ends = set()
    for number in range(12):
        answers = given_by(people, number)
        given: dict[str, float | None] = {}
        while (asked := guide.next(given)) is not None and not asked.offer:
            given[asked.key] = answers[asked.key]
        scored = {key: value for key, value in given.items() if value is not None}
        every = {key: value for key, value in answers.items() if value is not None}
        found = replay(questionnaire, roles(), alone(people, number), until)
        assert found.asked_mean == len(given)
        first, last = (
            take_stock(questionnaire, roles(), some, answers.keys() - some.keys()).best
            for some in (scored, every)
        )
        assert found.verdict_changed == (first != last)
        assert [share.role for share in found.roles if share.share] == [last]
        ends.add(len(given))
    # Not all of them go to the end, or end at once.
    assert len(ends) > 2


def test_same_questions() -> None:
    """The terminal would ask another question than the one that the replay is told to ask next."""
    questionnaire = questionnaire_of(TRAITS)
    guide = AssessmentGuide(measured(TRAITS), questionnaire, roles(), 0.0)
    answers = given_by(crowd(gaps=0.3), 3)
    given: dict[str, float | None] = {}
    while (asked := guide.next(given)) is not None:
        turn = take_turn(questionnaire, roles(), given)
        assert turn.item is not None
        assert turn.item.key == asked.key
        given[asked.key] = answers[asked.key]
    assert given.keys() == questionnaire.items.keys()
    assert take_turn(questionnaire, roles(), given).item is None


def test_five_answers() -> None:
    """Somebody would be judged by fewer answers than the interview asks at least, skipped ones counted or not."""
    questionnaire = questionnaire_of(TRAITS)
    assert replayed(1.0).asked_mean == LEAST_ANSWERS
    people = crowd(gaps=0.5)
    for number in range(20):
        answers = given_by(people, number)
        found = replay(questionnaire, roles(), alone(people, number), 1.0)
        given: dict[str, float | None] = {}
        while len(given) < QUESTIONS and sum(x is not None for x in given.values()) < LEAST_ANSWERS:
            item = take_turn(questionnaire, roles(), given).item
            assert item is not None
            given[item.key] = answers[item.key]
        assert found.asked_mean == len(given)


def test_without_a_risk() -> None:
    """A replay without a risk to stop at would skip a question, or change a verdict."""
    full = replayed(0.0)
    assert (full.respondents, full.questions) == (250, QUESTIONS)
    assert (full.asked_mean, full.verdict_changed, full.se) == (QUESTIONS, 0, 0)
    # Who answered nothing is asked everything.
    nobody = Replies(crowd().keys, np.zeros((1, QUESTIONS), np.int8))
    found = replay(questionnaire_of(TRAITS), roles(), nobody, 0.5)
    assert (found.asked_mean, found.verdict_changed) == (QUESTIONS, 0)


def test_questions_without_a_column() -> None:
    """A question that the file has no column for would not count as asked, or stop the replay."""
    questionnaire, people = questionnaire_of(TRAITS), crowd(20)
    digits = people.digits.copy()
    digits[:, -2:] = 0
    empty = replay(questionnaire, roles(), Replies(people.keys, digits), 0.1)
    assert replay(questionnaire, roles(), Replies(people.keys[:-2], digits[:, :-2]), 0.1) == empty


def test_promise() -> None:
    """Of people as the model has them, more would change their verdict than promised, or all be asked all."""
    for stop in replayed().stops:
        error = (stop.flip_risk * (1 - stop.flip_risk) / 250) ** 0.5
        assert stop.verdict_changed <= stop.flip_risk + 2 * error
        assert stop.se == pytest.approx((stop.verdict_changed * (1 - stop.verdict_changed) / 250) ** 0.5)
        assert LEAST_ANSWERS <= stop.asked_mean < QUESTIONS
    asked = [stop.asked_mean for stop in replayed().stops]
    assert asked == sorted(asked, reverse=True)
    assert asked[0] > asked[-1] + 1


def test_stops_are_those_of_single_replays() -> None:
    """What is said of another risk would not be what a replay with that risk says."""
    assert [stop.flip_risk for stop in replayed(0.05).stops] == list(USUAL)
    assert [stop.flip_risk for stop in replayed(0.3).stops] == [*USUAL, 0.3]
    every = {stop.flip_risk: stop for risk in (0.0, 0.3) for stop in replayed(risk).stops}
    for risk in (0.0, *USUAL, 0.3):
        found = replayed(risk)
        assert (risk, found.asked_mean, found.verdict_changed, found.se) == every[risk]
        assert found.flip_risk == risk
        assert [stop for stop in found.stops if stop.flip_risk in USUAL] == list(replayed(0.05).stops)


def test_bands() -> None:
    """Verdicts would stand in a band that they do not belong to, or stay otherwise than they were said to."""
    bands = replayed(0.0).bands
    turns = 250 * (QUESTIONS - LEAST_ANSWERS)
    # After the last question nothing is said any more.
    assert 0.95 * turns <= sum(band.verdicts for band in bands) <= turns
    for band in bands:
        assert band.low <= band.said < band.high
        if band.verdicts > 100:
            assert abs(band.stayed - band.said) < 0.08
    assert [band.low for band in bands] == sorted({band.low for band in bands})
    assert all(one.high <= other.low for one, other in pairwise(bands))


def test_shares_of_roles() -> None:
    """The share of a role would be of other verdicts than those by all answers, or a role be left out."""
    questionnaire, people = questionnaire_of(TRAITS), crowd()
    best = [
        take_stock(
            questionnaire, roles(), {key: x for key, x in given_by(people, number).items() if x is not None}
        ).best
        for number in range(250)
    ]
    assert [tuple(share) for share in replayed().roles] == [
        (role.key, pytest.approx(best.count(role.key) / 250)) for role in roles()
    ]


def test_progress() -> None:
    """Whoever looks on would see the work begin anew, or end before its end."""
    told: list[float] = []
    questionnaire, people = questionnaire_of(TRAITS), crowd(10)
    replay(questionnaire, roles(), people, 0.1, lambda what, share: told.append(share))
    assert told == sorted(told)
    assert 0 <= told[0] <= told[-1] <= 1


def test_nobody() -> None:
    """A file without people would divide by their number."""
    nobody = Replies(crowd().keys, np.zeros((0, QUESTIONS), np.int8))
    with pytest.raises(ValueError, match="there is nobody to replay"):
        replay(questionnaire_of(TRAITS), roles(), nobody, 0.05)


# --- Calibrated on some, and judged on the others -------------------------------------------------


@pytest.mark.parametrize("share", [0.01, 0.3, 0.5, 0.99])
def test_split(share: float) -> None:
    """Somebody would be judged by questions that were calibrated on their own answers, or be lost."""
    rows = np.arange(1, 401)[:, None]
    some, others = Replies(("calm-1",), rows).split(share)
    one, two = set(some.digits[:, 0].tolist()), set(others.digits[:, 0].tolist())
    assert len(one) == round(share * 400)
    assert not one & two
    assert one | two == set(range(1, 401))
    again = Replies(("calm-1",), rows).split(share)
    assert (again[0].digits == some.digits).all()
    # It is no part of the file that was answered at another time than the rest.
    if share in (0.3, 0.5):
        assert abs(np.mean(list(one)) - np.mean(list(two))) < 60


def test_contract(tmp_path: Path) -> None:
    """A key of the replay that other tools rely on would be missing, or its people not be those of the file."""
    folder = write_measures(tmp_path / "ours", TRAITS)
    people = crowd(gaps=0.1)
    path = write_replies(tmp_path / "people.csv", questionnaire_of(TRAITS), people)
    base = ("replay", str(path), "--data", str(folder))
    result = run_mops(*base, "--json")
    assert (result.returncode, result.stderr) == (0, "")
    data = json.loads(result.stdout)["data"]
    expected = json.loads(json.dumps(replayed(gaps=0.1)._asdict()))
    assert [key for key in data if key != "sources"] == [*Replay._fields]
    assert list(data["traits"][0]) == ["trait", "questions", "alpha"]
    assert list(data["roles"][0]) == ["role", "share"]
    assert list(data["stops"][0]) == ["flip_risk", "asked_mean", "verdict_changed", "se"]
    assert list(data["bands"][0]) == ["low", "high", "verdicts", "said", "stayed"]
    for name in ("respondents", "questions", "asked_mean", "verdict_changed", "se", "flip_risk", "trained"):
        assert data[name] == pytest.approx(expected[name])
    shown = run_mops(*base).stdout
    for text in ("250 people, 12 questions", "Promised at most", "Said and done", "Reliability"):
        assert text in shown


@pytest.mark.long
def test_train(tmp_path: Path) -> None:
    """The values of the whole file would be used, the trained ones be replayed too, or chance decide."""
    folder = write_measures(tmp_path / "ours", TRAITS)
    questionnaire = questionnaire_of(TRAITS)
    people = answer(questionnaire, 120, 3, {"agree": 0.7, "reversed": 2, "tradeoff": 1}, (2.0, 1.0))
    path = write_replies(tmp_path / "people.csv", questionnaire, people)
    arguments = ("replay", str(path), "--data", str(folder), "--train")
    first, again = (json.loads(run_mops(*arguments, "0.4", "--json").stdout)["data"] for _ in range(2))
    assert first == again
    assert (first["trained"], first["respondents"]) == (48, 72)
    assert "calibrated on 48 other people of the same file" in " ".join(
        run_mops(*arguments, "0.4").stdout.split()
    )
    few = run_mops(*arguments, "0.2")
    assert (few.returncode, few.stdout) == (2, "")
    message = "To calibrate, 30 people or more are needed, and there are 24. Take a larger share."
    assert message in " ".join(few.stderr.split())


def test_bundled_questions() -> None:
    """The questions that come with the program could not be replayed, or more than half of them be asked."""
    questionnaire = bundled_questionnaire()
    people = answer(questionnaire, 12, 1)
    some = [bundled().roles[key] for key in ("head", "director")]
    found = replay(questionnaire, some, people, 0.05)
    assert (found.respondents, found.questions) == (12, len(questionnaire.items))
    assert 5 <= found.asked_mean < 0.6 * found.questions
    assert {trait.trait for trait in found.traits if trait.alpha is None} == {
        trait for trait, items in questionnaire.items_of.items() if len(items) == 1
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the file is empty"),
        ("id,a,b\n1,2,3\n", "no column is a question"),
        ("id,calm-1,calm-1\n1,2,3\n", "a second column for the question 'calm-1', after column 2"),
        ("id,calm-1\n1,2\n", "no column is the question 'calm-2'"),
    ],
)
def test_unusable_files(tmp_path: Path, content: str, message: str) -> None:
    """A file that cannot be replayed would make a traceback, or a message without its name."""
    folder = write_measures(tmp_path / "ours", {"calm": "aa"})
    path = tmp_path / "people.csv"
    path.write_text(content, "utf-8")
    result = run_mops("replay", str(path), "--data", str(folder))
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(str(path))
    assert message in result.stderr


def test_people_in_no_row(tmp_path: Path) -> None:
    """Rows without answers would be replayed, or rows with faults be left out without a word."""
    folder = write_measures(tmp_path / "ours", {"calm": "aa"})
    path = tmp_path / "people.csv"
    path.write_text("id,calm-1,calm-2\na,1,2\nb,,\nc,9,1\nd,4,\n", "utf-8")
    result = run_mops("replay", str(path), "--data", str(folder))
    assert "2 people, 2 questions" in result.stdout
    assert "1 row could not be read and is left out." in result.stdout
    path.write_text("id,calm-1,calm-2\nb,,\n", "utf-8")
    result = run_mops("replay", str(path), "--data", str(folder))
    assert (result.returncode, result.stdout) == (2, "")
    assert "There is nobody to replay in" in result.stderr
