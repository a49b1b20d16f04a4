"""Many people's answers, replayed as the interview would have asked them."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from crowds import answer, measured, questionnaire_of, write_measures, write_replies
from mopscli.assessment.advice import LEAST_WISHES, Judge
from mopscli.assessment.answers import split_skipped
from mopscli.assessment.calibration import Replies
from mopscli.assessment.interview import LEAST_ANSWERS
from mopscli.assessment.questionnaire import Questionnaire, prepare
from mopscli.assessment.replay import USUAL, Replay, Stop, replay
from mopscli.assessment.standing import take_stock
from mopscli.cli.ask import AssessmentGuide
from mopscli.knowledge import Knowledge, load
from mopscli.knowledge.entries import Role
from program import run_mops
from samples import ROOT, bundled, bundled_questionnaire

TRAITS: Mapping[str, str] = {"calm": "aart", "hurry": "art", "order": "aar", "company": "at"}
QUESTIONS = 12
COUNT = 120


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
def crowd(count: int = COUNT, gaps: float = 0.0) -> Replies:
    """Return people as the questionnaire has them."""
    return answer(questionnaire_of(TRAITS), count, 1, gaps=gaps)


@cache
def replayed(risk: float = 0.05, gaps: float = 0.0) -> Replay:
    """Return what a replay says of them."""
    return replay(questionnaire_of(TRAITS), roles(), crowd(gaps=gaps), risk)


def played(
    knowledge: Knowledge, some: Sequence[Role], person: Mapping[str, float | None], until: float
) -> dict[str, float | None]:
    """Return what somebody is asked in the terminal until the end, or until it is offered, and their answers."""
    questionnaire = prepare(knowledge)
    guide = AssessmentGuide(knowledge, questionnaire, some, until)
    # Situations are no part of a survey.
    given: dict[str, float | None] = dict.fromkeys(questionnaire.context)
    while (asked := guide.next(given)) is not None and not asked.offer:
        assert asked.key not in given
        given[asked.key] = person[asked.key]
    return {key: given[key] for key in given if key in questionnaire.items}


def wanted(questionnaire: Questionnaire, some: Sequence[Role], answers: Mapping[str, float | None]) -> str:
    """Return the role that is told after some answers, None among them being questions that were skipped."""
    if all(role.requires for role in some):
        return Judge(questionnaire, *split_skipped(answers)).wish(some).role
    return take_stock(questionnaire, some, *split_skipped(answers)).best


@pytest.mark.parametrize("gaps", [0.0, 0.3])
@pytest.mark.parametrize("until", [0.02, 0.2])
def test_interview_of_the_terminal(until: float, gaps: float) -> None:
    """The replay would end elsewhere than the interview in the terminal does with the same answers."""
    questionnaire, people = questionnaire_of(TRAITS), crowd(gaps=gaps)
    ends = set()
    for number in range(12):
        person = given_by(people, number)
        given = played(measured(TRAITS), roles(), person, until)
        found = replay(questionnaire, roles(), alone(people, number), until)
        assert found.asked_mean == len(given)
        first, last = (wanted(questionnaire, roles(), some) for some in (given, person))
        assert found.verdict_changed == (first != last)
        assert [share.role for share in found.roles if share.share] == [last]
        ends.add(len(given))
    # Not all of them go to the end, or end at once.
    assert len(ends) > 2


def test_interview_about_skills_and_wishes() -> None:
    """Where roles ask for skills too, the replay would play another interview than the terminal."""
    questionnaire = bundled_questionnaire()
    some = [bundled().roles[key] for key in ("head", "director")]
    people = answer(questionnaire, 2, 1, gaps=0.1)
    for number in range(2):
        person = {
            key: questionnaire.items[key].choices[digit - 1].value if digit else None
            for key, digit in zip(people.keys, people.digits[number].tolist(), strict=True)
        }
        given = played(bundled(), some, person, 0.05)
        found = replay(questionnaire, some, alone(people, number), 0.05)
        assert found.asked_mean == len(given)
        assert (found.respondents, found.questions) == (1, len(questionnaire.items))
        assert 5 <= len(given) < 0.8 * len(questionnaire.items)
        assert found.verdict_changed == (
            wanted(questionnaire, some, given) != wanted(questionnaire, some, person)
        )
        assert {trait.trait: trait.questions for trait in found.traits} == {
            trait: len(items) for trait, items in questionnaire.items_of.items() if items
        }


def test_least_answers() -> None:
    """Somebody would be judged by fewer answers than the interview asks at least, or skipped ones would count."""
    questionnaire = questionnaire_of(TRAITS)
    assert replayed(1.0).asked_mean == LEAST_WISHES
    people = crowd(gaps=0.5)
    for number in range(12):
        person = given_by(people, number)
        given = played(measured(TRAITS), roles(), person, 1.0)
        answered = sum(x is not None for x in given.values())
        assert answered == min(LEAST_WISHES, sum(x is not None for x in person.values()))
        assert len(given) == QUESTIONS or answered == LEAST_WISHES
        assert replay(questionnaire, roles(), alone(people, number), 1.0).asked_mean == len(given)


def test_five_answers_about_skills(tmp_path: Path) -> None:
    """Where roles give nothing to want, fewer than five answers would be enough, or skipped ones would count."""
    markers = ", ".join(f"{level}: Level {level}." for level in range(6))
    skills = [f"skill{number}" for number in range(8)]
    text = "sources: {own: {title: Own judgment, kind: judgement}}\nskills:\n" + "".join(
        f"  {key}: {{name: {key.capitalize()}, source: own, markers: {{{markers}}}}}\n" for key in skills
    )
    for role, one, other in (("author", 5, 1), ("editor", 1, 5)):
        levels = ", ".join(f"{key}: {(one, other)[n % 2]} matters" for n, key in enumerate(skills))
        text += (
            f"{'roles:' if role == 'author' else ''}\n  {role}: {{name: {role}, requires: {{{levels}}}}}\n"
        )
    (tmp_path / "roles.yaml").write_text(text, "utf-8")
    knowledge = load(tmp_path)
    questionnaire, some = prepare(knowledge), list(knowledge.roles.values())
    people = answer(questionnaire, 10, 2, gaps=0.2)
    for number in range(10):
        person = {
            key: float(digit - 1) if digit else None
            for key, digit in zip(people.keys, people.digits[number].tolist(), strict=True)
        }
        given = played(knowledge, some, person, 1.0)
        assert sum(x is not None for x in given.values()) == min(
            LEAST_ANSWERS, sum(x is not None for x in person.values())
        )
        assert replay(questionnaire, some, alone(people, number), 1.0).asked_mean == len(given)


def test_without_a_risk() -> None:
    """A replay without a risk to stop at would skip a question, or change a verdict."""
    full = replayed(0.0)
    assert (full.respondents, full.questions) == (COUNT, QUESTIONS)
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
        error = (stop.flip_risk * (1 - stop.flip_risk) / COUNT) ** 0.5
        assert stop.verdict_changed <= stop.flip_risk + 2 * error
        assert stop.se == pytest.approx((stop.verdict_changed * (1 - stop.verdict_changed) / COUNT) ** 0.5)
        assert LEAST_WISHES <= stop.asked_mean < QUESTIONS
    asked = [stop.asked_mean for stop in replayed().stops]
    assert asked == sorted(asked, reverse=True)
    assert asked[0] > asked[-1] + 1


def test_stops_are_those_of_single_replays() -> None:
    """What is said of another risk would not be what a replay with that risk says, or what the terminal does."""
    assert [stop.flip_risk for stop in replayed(0.05).stops] == list(USUAL)
    assert [stop.flip_risk for stop in replayed(0.3).stops] == [*USUAL, 0.3]
    every = {stop.flip_risk: stop for risk in (0.0, 0.3) for stop in replayed(risk).stops}
    for risk in (0.0, 0.05, 0.3):
        found = replayed(risk)
        stop = every[risk]
        assert (found.flip_risk, stop.flip_risk) == (risk, risk)
        assert [getattr(found, name) for name in stop._fields] == list(stop)
        assert [stop for stop in found.stops if stop.flip_risk in USUAL] == list(replayed(0.05).stops)
    some = Replies(crowd().keys, crowd().digits[:20])
    for stop in replay(questionnaire_of(TRAITS), roles(), some, 0.3).stops:
        asked = [
            len(played(measured(TRAITS), roles(), given_by(some, number), stop.flip_risk))
            for number in range(20)
        ]
        assert stop.asked_mean == pytest.approx(sum(asked) / 20)


def test_bands() -> None:
    """Verdicts would stand in a band that they do not belong to, or stay otherwise than they were said to."""
    bands = replayed(0.0).bands
    for band in bands:
        assert band.low <= band.said < band.high
        if band.verdicts > 100:
            assert abs(band.stayed - band.said) < 0.1
    assert [band.low for band in bands] == sorted({band.low for band in bands})
    assert all(one.high <= other.low for one, other in pairwise(bands))


def test_bands_count_each_verdict_once() -> None:
    """More verdicts would stand in the bands than there are turns, and those at an end weigh several times."""
    # One before each question.
    assert sum(band.verdicts for band in replayed(0.0).bands) <= COUNT * QUESTIONS


def test_shares_of_roles() -> None:
    """The share of a role would be of other verdicts than those by all answers, or a role be left out."""
    best = [wanted(questionnaire_of(TRAITS), roles(), given_by(crowd(), number)) for number in range(COUNT)]
    assert [tuple(share) for share in replayed().roles] == [
        (role.key, pytest.approx(best.count(role.key) / COUNT)) for role in roles()
    ]
    assert sum(share.share for share in replayed().roles) == pytest.approx(1)


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


def test_documented() -> None:
    """A key of the replay would not be in docs/json.md."""
    text = (ROOT / "docs" / "json.md").read_text("utf-8")
    (line,) = (line for line in text.splitlines() if line.startswith("`mops replay FILE --json`"))
    assert {*Replay._fields, *Stop._fields} <= set(re.findall(r"[a-z_]+", line))


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
    assert list(data["stops"][0]) == [*Stop._fields]
    assert list(data["bands"][0]) == ["low", "high", "verdicts", "said", "stayed"]
    for name in ("respondents", "questions", "asked_mean", "verdict_changed", "se", "flip_risk", "trained"):
        assert data[name] == pytest.approx(expected[name])
    shown = run_mops(*base).stdout
    for text in (f"{COUNT} people, 12 questions", "Promised at most", "Said and done", "Reliability"):
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
