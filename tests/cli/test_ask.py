"""The interview, through prompt_toolkit's pipe: what is asked, saved, taken back, skipped, and when it ends."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from threading import Timer
from typing import Any

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from mopscli.assessment.advice import HEAVIEST, LEAST_WISHES, Judge, heaviest
from mopscli.assessment.answers import split_skipped
from mopscli.assessment.interview import LEAST_ANSWERS, Chapter, how_many_more, take_turn
from mopscli.assessment.questionnaire import Choice, asked_words, choices_of, prepare
from mopscli.cli.ask import Asked, AssessmentGuide, Guide, Outcome, interview
from mopscli.knowledge import Knowledge
from people import PERSONAS, persona_answers

DOWN, ENTER = "\x1b[B", "\r"
BACK, SKIP, WHY = "bs?"
# It asks back.
STOP = "q1"
# Somebody who types no more leaves after so many seconds.
PATIENCE = 10
Given = dict[str, float | None]


@contextmanager
def keyboard(keys: str) -> Iterator[dict[str, Any]]:
    """Return where questions are asked of somebody who types these keys, and then leaves."""
    with create_pipe_input() as pipe:
        pipe.send_text(keys)
        # Whoever asks for more than is typed would wait for ever.
        leaving = Timer(PATIENCE, pipe.close)
        leaving.start()
        try:
            yield {"input": pipe, "output": DummyOutput()}
        finally:
            leaving.cancel()


class Person:
    """Somebody at the keyboard, who types these keys; what is saved is noted."""

    def __init__(self, knowledge: Knowledge, *roles: str) -> None:
        self.knowledge = knowledge
        self.roles = [knowledge.roles[key] for key in roles or ("head", "director")]
        self.saved: list[tuple[str, float | None]] = []

    def types(
        self, keys: str, given: Mapping[str, float | None] | None = None, until: float = 0.05
    ) -> Outcome:
        """Return the outcome of an interview."""
        with keyboard(keys) as terminal:
            save = self.saved.append
            return interview(self.guide(until), given or {}, lambda key, value: save((key, value)), terminal)

    def guide(self, until: float = 0.05) -> AssessmentGuide:
        """Return what tells the questions."""
        return AssessmentGuide(self.knowledge, prepare(self.knowledge), self.roles, until)


# The first answers to the question about the present role, as they stand on the screen.
FIRST, SECOND, THIRD = 7, 0, 8


def test_every_answer_is_saved_before_the_next_question(knowledge: Knowledge) -> None:
    """An answer would be saved late or out of order, or be lost by stopping."""
    person = Person(knowledge)
    outcome = person.types(ENTER + DOWN + ENTER + STOP)
    assert person.saved == [("present-role", FIRST), ("years", 1)]
    assert outcome == ({"present-role": FIRST, "years": 1}, frozenset(), True)


def test_skipped_is_not_low(knowledge: Knowledge) -> None:
    """A skipped question would count as a low answer, or be asked again."""
    person = Person(knowledge)
    assert person.types(SKIP + STOP) == ({}, frozenset({"present-role"}), True)
    assert person.saved == [("present-role", None)]


def test_back(knowledge: Knowledge) -> None:
    """Going back would lose the answer there was before there is a new one, or not begin with it."""
    person = Person(knowledge)
    outcome = person.types(DOWN + ENTER + BACK + DOWN + ENTER + STOP)
    assert person.saved == [("present-role", SECOND), ("present-role", THIRD)]
    assert outcome.answers == {"present-role": THIRD}


def test_back_and_stop(knowledge: Knowledge) -> None:
    """Whoever stops behind an answer that was taken back would get a result without it, though it is saved."""
    assert Person(knowledge).types("12" + BACK + STOP).answers == {"present-role": FIRST, "years": 1}


def test_stopping_asks_back(knowledge: Knowledge) -> None:
    """A slip of a finger would end the interview, or the question not come again."""
    person = Person(knowledge)
    for no in ("2", "n"):
        outcome = person.types(f"1q{no}2" + STOP)
        assert outcome == ({"present-role": FIRST, "years": 1}, frozenset(), True)
    assert person.types("qy") == ({}, frozenset(), True)
    assert person.types("q\r") == ({}, frozenset(), True)


def test_one_key_for_each_answer(knowledge: Knowledge) -> None:
    """An answer of a full interview would take more than one key, or the keys of long lists give other answers."""
    questionnaire = prepare(knowledge)
    many = len(choices_of(questionnaire))
    outcome = Person(knowledge).types("t" + "2" * (many - 1), until=0.0)
    assert len(outcome.answers) == many
    assert outcome.answers["present-role"] == choices_of(questionnaire)["present-role"][-1].value
    assert all(outcome.answers[key] == item.choices[1].value for key, item in questionnaire.items.items())


def test_why(knowledge: Knowledge) -> None:
    """Asking why would count as an answer, or the question not come again."""
    person = Person(knowledge)
    assert person.types(WHY + ENTER + STOP).answers == {"present-role": FIRST}


def test_going_on(knowledge: Knowledge) -> None:
    """An interview would not go on where it was left."""
    given = dict.fromkeys(prepare(knowledge).context, 0.0)
    outcome = Person(knowledge).types(ENTER + STOP, given)
    assert len(outcome.answers) == len(given) + 1


def test_early_end(knowledge: Knowledge) -> None:
    """When the rest would hardly change the advice, the end would not be offered, or could not be taken."""
    person = Person(knowledge)
    given = dict.fromkeys(prepare(knowledge).context, 0.0)
    # Whoever confirms once too often answers whatever comes after the end.
    outcome = person.types(ENTER * 60, given)
    turn = take_turn(prepare(knowledge), person.roles, outcome.answers, 0.05)
    assert turn.chapter is Chapter.REST
    assert not outcome.stopped
    assert len(outcome.answers) < len(prepare(knowledge).items)


def test_the_rest_is_asked_on_demand(knowledge: Knowledge) -> None:
    """Whoever answers the rest too would be offered the end again, or not be asked all."""
    person, items = Person(knowledge), prepare(knowledge).items
    given: Given = dict.fromkeys(prepare(knowledge).context, 0.0)
    given |= {key: item.choices[0].value for key, item in items.items()}
    left = [given.popitem()[0] for _ in range(3)]
    outcome = person.types(DOWN + ENTER + ENTER * len(left), given)
    assert {key for key, _ in person.saved} == set(left)
    assert not outcome.stopped


def test_the_rest_is_asked_on_when_gone_on_with(knowledge: Knowledge) -> None:
    """Whoever chose to answer the rest, and left, would be offered the end again; or nobody be offered it."""
    person, guide = Person(knowledge), Person(knowledge).guide()
    persona = PERSONAS[TALKERS[0]]
    answers = persona_answers(knowledge, prepare(knowledge), persona)
    given = play(guide, lambda asked: answers.get(asked.key))
    assert person.types("1", given).answers == split_skipped(given)[0]
    assert not person.saved
    offered = guide.next(given)
    assert offered is not None
    # What stands first among the answers would be "See the result".
    person.types("1" + STOP, {**given, offered.key: offered.choices[0].value})
    assert len(person.saved) == 1


def test_back_from_the_end(knowledge: Knowledge) -> None:
    """Where the end is offered, the last answer could not be mended."""
    person = Person(knowledge)
    persona = PERSONAS[TALKERS[0]]
    answers = persona_answers(knowledge, prepare(knowledge), persona)
    given = play(person.guide(), lambda asked: answers.get(asked.key))
    person.types(BACK + "1" + STOP, given)
    assert person.saved[0][0] == list(given)[-1]


def test_two_statements_are_a_and_b(knowledge: Knowledge) -> None:
    """The statements of a tradeoff would not stand at the ends of the scale, or its answers name others."""
    questionnaire = prepare(knowledge)
    question = next(one for one in questionnaire.items.values() if one.kind == "tradeoff")
    assert f"First: {question.ends[0]} Second: {question.ends[1]}" == question.text
    assert asked_words(question) == ("Clearly A", "Somewhat A", "Both alike", "Somewhat B", "Clearly B")
    for points, words in (
        (2, ("Mostly A", "Mostly B")),
        (9, ("Clearly A", *(f"{number} of 9" for number in range(2, 9)), "Clearly B")),
    ):
        long = question._replace(choices=question.choices[:1] * points)
        assert asked_words(long) == words
    told = list[Asked]()
    play(Person(knowledge).guide(until=0.0), first_answer, told)
    asked = next(one for one in told if one.key == question.key)
    assert (tuple(asked.ends), asked.words) == (question.ends, asked_words(question))


def test_full(small: Knowledge) -> None:
    """Without a risk to stop at, a question would be left out, or asked twice."""
    person = Person(small, "author", "editor")
    outcome = person.types(ENTER * 60, until=0.0)
    questionnaire = prepare(small)
    assert set(outcome.answers) == {*questionnaire.items, *questionnaire.context}
    assert len(person.saved) == len(outcome.answers)


def test_interrupted(knowledge: Knowledge) -> None:
    """Ctrl-C would lose what was answered, or not leave."""
    person = Person(knowledge)
    with pytest.raises(KeyboardInterrupt):
        person.types(ENTER + "\x03")
    assert person.saved == [("present-role", FIRST)]


# --- The chapters ---------------------------------------------------------------------------------


def play(guide: Guide, answer: Callable[[Asked], float | None], told: list[Asked] | None = None) -> Given:
    """Return what is answered until the end is offered or there is no question left, and note what is asked."""
    given: Given = {}
    while (asked := guide.next(given)) is not None and not asked.offer:
        assert asked.key not in given
        if told is not None:
            told.append(asked)
        given[asked.key] = answer(asked)
    if told is not None and asked is not None:
        told.append(asked)
    return given


def first_answer(asked: Asked) -> float:
    """Answer with the first option."""
    return asked.choices[0].value


# One or two of every kind of advice, that takes few questions or many.
TALKERS = (
    "burned-out-director",
    "half-answered-head",
    "all-neutral",
    "born-expert",
    "platform-and-campaigns",
)


@pytest.fixture(params=TALKERS)
def talk(request: pytest.FixtureRequest, knowledge: Knowledge) -> tuple[Person, list[Asked], Given]:
    """Return somebody, what they were asked up to the offer of the end, and what they answered."""
    persona = PERSONAS[request.param]
    person, told = Person(knowledge, *persona["compare"]), list[Asked]()
    answers = persona_answers(knowledge, prepare(knowledge), persona)
    return person, told, play(person.guide(), lambda asked: answers.get(asked.key), told)


def test_situation_first_then_wishes_then_abilities(talk: tuple[Person, list[Asked], Given]) -> None:
    """Questions of one chapter would come in another, or a chapter be begun again."""
    person, told, given = talk
    questions = prepare(person.knowledge)
    kinds = [
        "situation"
        if key in questions.context
        else "wish"
        if questions.items[key].trait in person.knowledge.drives
        else "ability"
        for key in given
    ]
    assert list(given)[: len(questions.context)] == list(questions.context)
    assert kinds == sorted(kinds, key=("situation", "wish", "ability").index)
    headings = {"situation": "Where you are.", "wish": "What you want.", "ability": "What you can do."}
    for number, (kind, asked) in enumerate(zip(kinds, told, strict=False), 1):
        assert asked.heading.startswith(f"{headings[kind]} Question {number}")


def test_what_counts_most_is_asked_before_the_end(talk: tuple[Person, list[Asked], Given]) -> None:
    """The end would be offered before the heaviest skills of the wanted role, or its must-haves, were asked."""
    person, told, given = talk
    assert told[-1].offer
    questions, knowledge = prepare(person.knowledge), person.knowledge
    judge = Judge(questions, *split_skipped(given))
    wish = judge.wish(person.roles)
    assert wish.answers >= LEAST_WISHES
    assert wish.risk < 0.05
    role = knowledge.roles[wish.role]
    assert len(heaviest(role)) == HEAVIEST
    assert not judge.ability(role).unasked
    assert judge.risk_about(role) < 0.05
    assert {gate.asks for gate in role.gates} <= {None, *given}


def test_how_things_stand_is_never_told(talk: tuple[Person, list[Asked], Given]) -> None:
    """A verdict or a role would show while questions are asked, and color the answers."""
    person, told, _ = talk
    roles = person.knowledge.roles.values()
    names = "|".join(re.escape(name) for role in roles for name in (role.name, role.label))
    for asked in told:
        shown = f"{asked.heading} {asked.reason} {asked.offer}"
        # The name of a trait begins like that of a role.
        assert not re.search(rf"\b({names})\b", shown.replace("Specialist depth", "Depth")), shown
        assert not re.search(r"\b(suits you|clear|leaning|too close|ready: )\b", shown), shown
        assert asked.reason


def test_what_stays_unknown_is_told(talk: tuple[Person, list[Asked], Given]) -> None:
    """The end would be offered without saying what nobody asked about."""
    person, told, given = talk
    questions = prepare(person.knowledge)
    known = {questions.items[key].trait for key in given if key in questions.items}
    unknown = [trait for trait in questions.priors if trait not in known and questions.items_of[trait]]
    left = len(questions.items) - sum(key in questions.items for key in given)
    assert f"the other {left} questions would hardly change it" in told[-1].offer
    named = [trait for trait in unknown if person.knowledge.trait_name(trait) in told[-1].offer]
    assert len(named) >= min(5, len(unknown))
    for trait in known:
        assert f" {person.knowledge.trait_name(trait)}," not in told[-1].offer


def test_progress(talk: tuple[Person, list[Asked], Given]) -> None:
    """More questions would be announced than there are, or none although there are; or their number not fall."""
    person, told, given = talk
    questions = prepare(person.knowledge)
    announced = [
        int(re.findall(r", about (\d+) more", f"{asked.heading}, about 0 more")[0]) for asked in told
    ]
    assert announced[0] > announced[-1]
    for number, more in enumerate(announced[:-1]):
        assert 0 < more <= len(questions.items) + len(questions.context) - number
    # In the situation each answer is one less.
    situation = announced[: len(questions.context) + 1]
    assert situation == list(range(situation[0], situation[0] - len(situation), -1))
    assert len(given) == len(told) - 1


@pytest.mark.parametrize("pair", [("specialist", "senior-specialist"), ("head", "director"), ("vp", "cmo")])
def test_no_more_than_there_are(knowledge: Knowledge, pair: tuple[str, str]) -> None:
    """For roles that are hard to tell apart, more questions would be announced than there are about them."""
    questions, roles = prepare(knowledge), [knowledge.roles[key] for key in pair]
    traits = {trait for role in roles for trait in (*role.requires, *role.offers)}
    about = sum(item.trait in traits for item in questions.items.values())
    assert 0 < how_many_more(take_turn(questions, roles, {}, 0.05), roles, 0.05) <= about


def test_a_skipped_skill_does_not_keep_one_from_the_end(knowledge: Knowledge) -> None:
    """Whoever cannot answer about one of the heaviest skills would be asked about all others, too."""
    persona = PERSONAS["burned-out-director"]
    answers = persona_answers(knowledge, prepare(knowledge), persona)
    skipped = {item.key for item in prepare(knowledge).items_of[heaviest(knowledge.roles["head"])[0]]}
    guide, told = Person(knowledge).guide(), list[Asked]()
    usual = play(guide, lambda asked: answers.get(asked.key))
    play(guide, lambda asked: None if asked.key in skipped else answers.get(asked.key), told)
    assert told[-1].offer
    assert len(told) < len(usual) + 15


def test_no_early_end_without_answers(knowledge: Knowledge) -> None:
    """However few answers there are, sure priors would decide what is wanted, or who is ready."""
    questions, person = prepare(knowledge), Person(knowledge)
    given = play(person.guide(until=1.0), lambda asked: asked.choices[-1].value)
    traits = [questions.items[key].trait for key in given if key in questions.items]
    wishes = [trait for trait in traits if trait in knowledge.drives]
    assert len(wishes) == LEAST_WISHES
    judge = Judge(questions, {key: value for key, value in given.items() if value is not None})
    assert set(heaviest(knowledge.roles[judge.wish(person.roles).role])) <= set(traits)
    assert len(traits) <= LEAST_WISHES + 2 * HEAVIEST


def test_roles_that_give_nothing_to_want(knowledge: Knowledge) -> None:
    """Between roles that name no drives, wishes would be asked about, or fewer than five answers decide."""
    questions = prepare(knowledge)
    roles = [replace(knowledge.roles[key], offers={}) for key in ("head", "director")]
    given: Given = {}
    chapters = []
    while (turn := take_turn(questions, roles, given, 1.0)).chapter is not Chapter.REST:
        assert turn.item is not None
        assert turn.item.trait in knowledge.skills
        chapters.append(turn.chapter)
        assert how_many_more(turn, roles, 1.0) >= 0
        given[turn.item.key] = turn.item.choices[-1].value
    assert chapters == [Chapter.CAN] * LEAST_ANSWERS


def test_everything_keeps_the_order_of_chapters(knowledge: Knowledge) -> None:
    """With --full the end would be offered, a question be left out, or the chapters be mixed."""
    questions, told = prepare(knowledge), list[Asked]()
    given = play(Person(knowledge).guide(until=0.0), first_answer, told)
    assert set(given) == {*questions.items, *questions.context}
    assert not any(asked.offer for asked in told)
    kinds = [questions.items[key].trait in knowledge.skills for key in given if key in questions.items]
    assert kinds == sorted(kinds)


# --- Any guide ------------------------------------------------------------------------------------


CHOICES = {key: (Choice(0, "None", 0), Choice(1, "Some", 1)) for key in ("people", "money")}


class InOrder:
    """Asks these questions one after the other."""

    choices = CHOICES

    def next(self, given: Mapping[str, float | None]) -> Asked | None:
        """Return the first question that is open."""
        left = [key for key in CHOICES if key not in given]
        return Asked(left[0], "", f"How about {left[0]}?", CHOICES[left[0]]) if left else None


@pytest.mark.parametrize(
    ("keys", "given", "answers", "saved"),
    [
        (DOWN + ENTER + ENTER, {}, {"people": 1, "money": 0}, 2),
        (ENTER, {"people": 1}, {"people": 1, "money": 0}, 1),
        (SKIP + ENTER, {}, {"money": 0}, 2),
        ("2" + STOP, {}, {"people": 1}, 1),
        ("1" + BACK + "21", {}, {"people": 1, "money": 0}, 3),
        # There is nothing to go back to, and nobody tells why.
        (BACK + WHY + "21", {}, {"people": 1, "money": 0}, 2),
    ],
)
def test_each_question(
    keys: str, given: dict[str, float | None], answers: dict[str, float], saved: int
) -> None:
    """A guide without reasons or offers would be asked otherwise than in its order, or an answer not be saved."""
    found: dict[str, float | None] = dict(given)
    calls: list[str] = []

    def save(key: str, value: float | None) -> None:
        calls.append(key)
        found[key] = value

    with keyboard(keys) as terminal:
        assert interview(InOrder(), given, save, terminal).answers == answers
    assert len(calls) == saved
    assert {key: value for key, value in found.items() if value is not None} == answers
