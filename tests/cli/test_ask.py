"""The interview, through prompt_toolkit's pipe: what is asked, saved, taken back, skipped, and when it ends."""

from collections.abc import Mapping
from typing import Any

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from mopscli.assessment.interview import LEAST_ANSWERS
from mopscli.assessment.questionnaire import Choice, prepare
from mopscli.assessment.standing import take_stock
from mopscli.cli.ask import Asked, AssessmentGuide, Outcome, Wish, interview
from mopscli.knowledge import Knowledge

DOWN, ENTER = "\x1b[B", "\r"


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
        with create_pipe_input() as pipe:
            pipe.send_text(keys)
            terminal: dict[str, Any] = {"input": pipe, "output": DummyOutput()}
            guide = AssessmentGuide(self.knowledge, prepare(self.knowledge), self.roles, until)
            return interview(guide, given or {}, lambda key, value: self.saved.append((key, value)), terminal)


# The first answers to the question about the present role, as they stand on the screen.
FIRST, SECOND, THIRD = 7, 0, 8


def wish(knowledge: Knowledge, key: str, wanted: Wish, *, first: bool = False) -> str:
    """Return the keys that choose a wish below the options of a question."""
    questionnaire = prepare(knowledge)
    item = questionnaire.items.get(key)
    options = len(item.choices) if item else len(questionnaire.context[key][1])
    wishes = [some for some in Wish if not (first and some is Wish.BACK)]
    return DOWN * (options + wishes.index(wanted)) + ENTER


def test_every_answer_is_saved_before_the_next_question(knowledge: Knowledge) -> None:
    """An answer would be saved late or out of order, or be lost by stopping."""
    person = Person(knowledge)
    outcome = person.types(ENTER + DOWN + ENTER + wish(knowledge, "people-managed", Wish.STOP))
    assert person.saved == [("present-role", FIRST), ("years", 1)]
    assert outcome == ({"present-role": FIRST, "years": 1}, frozenset(), True)


def test_skipped_is_not_low(knowledge: Knowledge) -> None:
    """A skipped question would count as a low answer, or be asked again."""
    person = Person(knowledge)
    keys = wish(knowledge, "present-role", Wish.SKIP, first=True) + wish(knowledge, "years", Wish.STOP)
    assert person.types(keys) == ({}, frozenset({"present-role"}), True)
    assert person.saved == [("present-role", None)]


def test_back(knowledge: Knowledge) -> None:
    """Going back would lose the answer there was before there is a new one, or not begin with it."""
    person = Person(knowledge)
    there_and_back = DOWN + ENTER + wish(knowledge, "years", Wish.BACK)
    outcome = person.types(there_and_back + DOWN + ENTER + wish(knowledge, "years", Wish.STOP))
    assert person.saved == [("present-role", SECOND), ("present-role", THIRD)]
    assert outcome.answers == {"present-role": THIRD}


def test_why(knowledge: Knowledge) -> None:
    """Asking why would count as an answer, or the question not come again."""
    person = Person(knowledge)
    keys = wish(knowledge, "present-role", Wish.WHY, first=True) + ENTER
    assert person.types(keys + ENTER + wish(knowledge, "years", Wish.STOP)).answers == {"present-role": FIRST}


def test_going_on(knowledge: Knowledge) -> None:
    """An interview would not go on where it was left."""
    given = dict.fromkeys(prepare(knowledge).context, 0.0)
    outcome = Person(knowledge).types(ENTER + wish(knowledge, "strategy-1", Wish.STOP), given)
    assert len(outcome.answers) == len(given) + 1


def test_early_end(knowledge: Knowledge) -> None:
    """When the rest would hardly change the verdict, the end would not be offered, or could not be taken."""
    person = Person(knowledge)
    given = dict.fromkeys(prepare(knowledge).context, 0.0)
    outcome = person.types(ENTER * 60, given)
    state = take_stock(
        prepare(knowledge), [knowledge.roles["head"], knowledge.roles["director"]], outcome.answers
    )
    assert state.risk < 0.05
    assert not outcome.stopped
    assert len(outcome.answers) < len(prepare(knowledge).items)


def test_no_early_end_without_answers(knowledge: Knowledge) -> None:
    """However few answers there are, sure priors would decide the verdict."""
    given = dict.fromkeys(prepare(knowledge).context, 0.0)
    outcome = Person(knowledge).types(ENTER * 5 + "\r", given, until=1.0)
    scored = [key for key in outcome.answers if key in prepare(knowledge).items]
    assert len(scored) == LEAST_ANSWERS


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
        # Skip the first: two options, then the wish to skip.
        (2 * DOWN + ENTER + ENTER, {}, {"money": 0}, 2),
        # Stop at the second: two options, skip, back, stop.
        (ENTER + 4 * DOWN + ENTER, {}, {"people": 0}, 1),
        # Back from the second, and answer the first anew.
        (ENTER + 3 * DOWN + ENTER + DOWN + ENTER + ENTER, {}, {"people": 1, "money": 0}, 3),
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

    with create_pipe_input() as pipe:
        pipe.send_text(keys)
        terminal: dict[str, Any] = {"input": pipe, "output": DummyOutput()}
        assert interview(InOrder(), given, save, terminal).answers == answers
    assert len(calls) == saved
    assert {key: value for key, value in found.items() if value is not None} == answers
