"""The interview, through prompt_toolkit's pipe: what is asked, saved, taken back, skipped, and when it ends."""

from collections.abc import Mapping
from typing import Any

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from mopscli.assessment.questionnaire import Choice, prepare
from mopscli.assessment.verdict import take_stock
from mopscli.cli.ask import LEAST_ANSWERS, Asked, AssessmentGuide, Outcome, Wish, interview
from mopscli.knowledge import Knowledge, bundled_folder, load

DOWN, ENTER = "\x1b[B", "\r"


@pytest.fixture(scope="module")
def known() -> Knowledge:
    """Return the bundled knowledge with its questions."""
    return load(bundled_folder(), ("questions",))


class Person:
    """Somebody at the keyboard, who types these keys; what is saved is noted."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.saved: list[tuple[str, float | None]] = []

    def types(
        self, keys: str, given: Mapping[str, float | None] | None = None, until: float = 0.05
    ) -> Outcome:
        """Return the outcome of an interview."""
        roles = [self.knowledge.roles[key] for key in ("head", "director")]
        with create_pipe_input() as pipe:
            pipe.send_text(keys)
            terminal: dict[str, Any] = {"input": pipe, "output": DummyOutput()}
            guide = AssessmentGuide(self.knowledge, prepare(self.knowledge), roles, until)
            return interview(guide, given or {}, lambda key, value: self.saved.append((key, value)), terminal)


def wish(knowledge: Knowledge, key: str, wanted: Wish, *, first: bool = False) -> str:
    """Return the keys that choose a wish below the options of a question."""
    questionnaire = prepare(knowledge)
    item = questionnaire.items.get(key)
    options = len(item.choices) if item else len(questionnaire.context[key][1])
    wishes = [some for some in Wish if not (first and some is Wish.BACK)]
    return DOWN * (options + wishes.index(wanted)) + ENTER


def test_every_answer_is_saved_before_the_next_question(known: Knowledge) -> None:
    """What is answered is saved one by one, in order; stopping keeps it."""
    person = Person(known)
    outcome = person.types(ENTER + DOWN + ENTER + wish(known, "people-managed", Wish.STOP))
    assert person.saved == [("present-role", 0), ("years", 1)]
    assert outcome == ({"present-role": 0, "years": 1}, frozenset(), True)


def test_skipped_is_not_low(known: Knowledge) -> None:
    """A skipped question is saved as skipped, and is neither asked again nor counted."""
    person = Person(known)
    keys = wish(known, "present-role", Wish.SKIP, first=True) + wish(known, "years", Wish.STOP)
    assert person.types(keys) == ({}, frozenset({"present-role"}), True)
    assert person.saved == [("present-role", None)]


def test_back(known: Knowledge) -> None:
    """Going back asks again, beginning with the answer there was, which stays saved until there is a new one."""
    person = Person(known)
    there_and_back = DOWN + ENTER + wish(known, "years", Wish.BACK)
    outcome = person.types(there_and_back + DOWN + ENTER + wish(known, "years", Wish.STOP))
    assert person.saved == [("present-role", 1), ("present-role", 2)]
    assert outcome.answers == {"present-role": 2}


def test_why(known: Knowledge) -> None:
    """Asking why answers nothing, and the question comes again."""
    person = Person(known)
    keys = wish(known, "present-role", Wish.WHY, first=True) + ENTER
    assert person.types(keys + ENTER + wish(known, "years", Wish.STOP)).answers == {"present-role": 0}


def test_going_on(known: Knowledge) -> None:
    """An interview goes on where it was left."""
    given = dict.fromkeys(prepare(known).context, 0.0)
    outcome = Person(known).types(ENTER + wish(known, "strategy-1", Wish.STOP), given)
    assert len(outcome.answers) == len(given) + 1


def test_early_end(known: Knowledge) -> None:
    """When the rest would hardly change the verdict, the end is offered and can be taken."""
    person = Person(known)
    given = dict.fromkeys(prepare(known).context, 0.0)
    outcome = person.types(ENTER * 60, given)
    state = take_stock(prepare(known), [known.roles["head"], known.roles["director"]], outcome.answers)
    assert state.risk < 0.05
    assert not outcome.stopped
    assert len(outcome.answers) < len(prepare(known).items)


def test_no_early_end_without_answers(known: Knowledge) -> None:
    """However sure the priors are, nothing is decided before something is answered."""
    given = dict.fromkeys(prepare(known).context, 0.0)
    outcome = Person(known).types(ENTER * 5 + "\r", given, until=1.0)
    scored = [key for key in outcome.answers if key in prepare(known).items]
    assert len(scored) == LEAST_ANSWERS


def test_full(known: Knowledge) -> None:
    """Without a risk to stop at, everything is asked once."""
    outcome = Person(known).types(ENTER * 60, until=0.0)
    questionnaire = prepare(known)
    assert set(outcome.answers) == {*questionnaire.items, *questionnaire.context}


def test_interrupted(known: Knowledge) -> None:
    """Ctrl-C leaves, and what was answered is saved."""
    person = Person(known)
    with pytest.raises(KeyboardInterrupt):
        person.types(ENTER + "\x03")
    assert person.saved == [("present-role", 0)]


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
