"""The questionnaire in a terminal: one question after the other, each answer saved before the next one shows.

The only importer of questionary.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from shutil import get_terminal_size
from textwrap import wrap
from typing import Any, Final, NamedTuple

import questionary

from mopscli.assessment.answers import NO_ANSWER, Choices, choices_of, split_skipped
from mopscli.assessment.formulas import FLOATS, better
from mopscli.assessment.questionnaire import Item, Questionnaire
from mopscli.assessment.scoring import Certainty, word_for
from mopscli.assessment.verdict import State, next_question, take_stock
from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import Role
from mopscli.text import clean

# Saves an answer under a question's key, in place of any earlier one; None is a question that was skipped.
Save = Callable[[str, float | None], None]
Terminal = Mapping[str, Any]


MIN_WIDTH: Final = 20
KEYS: Final = "the arrow keys choose, Enter confirms"
# Fewer scored answers than these decide nothing, whatever the priors say.
LEAST_ANSWERS: Final = 5


class Wish(Enum):
    """What one may want instead of answering."""

    SKIP = NO_ANSWER
    BACK = "Go back to the question before"
    WHY = "Why is this asked?"
    STOP = "Stop here and see the result"


class Outcome(NamedTuple):
    """The answers at the end, the questions that were skipped, and whether somebody stopped before the end."""

    answers: Mapping[str, float]
    skipped: frozenset[str]
    stopped: bool = False


def choose(
    message: str, answers: Sequence[tuple[str, Any]], terminal: Terminal | None = None, default: Any = None
) -> Any:
    """Let somebody choose one of some answers, beginning with `default`, and return what it stands for.

    Raises:
        KeyboardInterrupt: somebody pressed Ctrl-C.

    """
    width = max(MIN_WIDTH, get_terminal_size().columns - 4)
    choices = [
        questionary.Choice("\n   ".join(wrap(clean(text), width)), value=value) for text, value in answers
    ]
    safe = "\n  ".join(part for line in message.split("\n") for part in wrap(clean(line), width))
    # The chosen answer is echoed behind the message; a line of its own keeps both readable.
    first = next((choice for choice in choices if default is not None and choice.value == default), None)
    return questionary.select(
        f"{safe}\n ", choices, default=first, qmark="", instruction=" ", **(terminal or {})
    ).unsafe_ask()


def ask_each(
    texts: Mapping[str, str],
    choices: Choices,
    given: Mapping[str, float | None],
    save: Callable[[Mapping[str, float | None]], None],
    is_asked: Callable[[str, Mapping[str, float | None]], bool] = lambda key, answers: True,
    terminal: Terminal | None = None,
) -> dict[str, float]:
    """Ask every question that is not answered yet, one after the other, and return the answers.

    Args:
        texts: the questions, by key.
        choices: what can be chosen.
        given: the answers that there are already; None is a question that was skipped.
        save: called with all answers before the next question shows.
        is_asked: tells whether a question makes sense after some answers.
        terminal: where questionary reads and writes, for tests; the real terminal if empty.

    Raises:
        KeyboardInterrupt: somebody pressed Ctrl-C; what was answered is saved.

    """
    answers = dict(given)
    hint = f" ({KEYS})"
    while True:
        keys = [key for key in choices if is_asked(key, answers)]
        left = [key for key in keys if key not in answers]
        if not left:
            break
        key = left[0]
        options: list[tuple[str, Any]] = [(choice.text, choice.value) for choice in choices[key]]
        wishes = [Wish.SKIP, *([Wish.BACK] if answers else []), Wish.STOP]
        message = f"Question {len(keys) - len(left) + 1} of {len(keys)}{hint}\n{texts[key]}"
        hint = ""
        answer = choose(message, [*options, *((wish.value, wish) for wish in wishes)], terminal)
        if answer is Wish.STOP:
            break
        if answer is Wish.BACK:
            answers.popitem()
        else:
            answers[key] = None if answer is Wish.SKIP else answer
            save(answers)
    return split_skipped(answers)[0]


class Interview:
    """One interview, from the answers there are to the end.

    Args:
        knowledge: for the names of traits and roles.
        questionnaire: the questions.
        roles: the roles to choose between.
        save: called with each answer before the next question shows.
        until: the flip risk below which to offer the end, from 0 to 1; 0 never offers it.
        terminal: where questionary reads and writes, for tests; the real terminal if empty.

    """

    def __init__(
        self,
        knowledge: Knowledge,
        questionnaire: Questionnaire,
        roles: Sequence[Role],
        save: Save,
        until: float,
        terminal: Terminal | None = None,
    ) -> None:
        self.knowledge = knowledge
        self.questionnaire = questionnaire
        self.roles = roles
        self.save = save
        self.until = until
        self.terminal = dict(terminal or {})
        self.choices = choices_of(questionnaire)
        self.given: dict[str, float | None] = {}
        self.before: dict[str, float | None] = {}

    def run(self, given: Mapping[str, float | None]) -> Outcome:
        """Ask until nothing is left, the end is accepted, or somebody stops.

        Raises:
            KeyboardInterrupt: somebody pressed Ctrl-C; what was answered is saved.

        """
        self.given = dict(given)
        while (key := self._next()) is not None:
            answer = self._ask(key)
            if answer is Wish.STOP:
                return self.outcome()._replace(stopped=True)
            if answer is Wish.BACK:
                # What was answered stays saved until it is answered anew.
                last, value = self.given.popitem()
                self.before[last] = value
            elif answer is Wish.WHY:
                self._select(self._reason(key), [("Back to the question", True)])
            else:
                self.given[key] = None if answer is Wish.SKIP else answer
                self.save(key, self.given[key])
        return self.outcome()

    def outcome(self) -> Outcome:
        """Return what has been answered and what skipped."""
        return Outcome(*split_skipped(self.given))

    def _state(self) -> State:
        answers, skipped, _ = self.outcome()
        return take_stock(self.questionnaire, self.roles, answers, skipped)

    def _next(self) -> str | None:
        """Return the key of the next question: first those about the situation, then what tells most."""
        for key in self.questionnaire.context:
            if key not in self.given:
                return key
        state = self._state()
        item = next_question(state)
        if item is None:
            return None
        enough = self._scored() >= LEAST_ANSWERS and state.risk < self.until
        if enough and self._accepts_end(state):
            return None
        return item.key

    def _scored(self) -> int:
        return sum(key in self.questionnaire.items and value is not None for key, value in self.given.items())

    def _accepts_end(self, state: State) -> bool:
        left = len(state.remaining)
        message = (
            f"The verdict stands: the other {left} questions would change it with a chance of "
            f"{max(1, round(100 * state.risk))} in 100. What now?"
        )
        end = self._select(message, [("See the result", True), ("Answer the rest too", False)])
        # Whoever goes on is not asked again.
        self.until = 0.0
        return bool(end)

    def _ask(self, key: str) -> Any:
        item = self.questionnaire.items.get(key)
        number = len(self.given) + 1
        most = len(self.choices)
        text = item.text if item else self.questionnaire.context[key][0]
        if item and item.kind == "tradeoff":
            text = text.replace(" Second: ", "\nSecond: ")
        where = f"Question {number}, at most {most}; {self._standing()}"
        answers: list[tuple[str, Any]] = [(choice.text, choice.value) for choice in self.choices[key]]
        wishes = [wish for wish in Wish if wish is not Wish.BACK or self.given]
        options = [*answers, *((wish.value, wish) for wish in wishes)]
        return choose(f"{where}\n{text}", options, self.terminal, self.before.get(key))

    def _standing(self) -> str:
        if self._scored() < LEAST_ANSWERS:
            return "nothing is decided yet"
        state = self._state()
        word = word_for(FLOATS, better(FLOATS, state.duel.delta, state.duel.variance))
        role = self.knowledge.roles[state.best].label
        return {
            Certainty.CLEAR: f"so far clearly {role}",
            Certainty.LEANING: f"so far leaning to {role}",
        }.get(word, "verdict still open")

    def _reason(self, key: str) -> str:
        item = self.questionnaire.items.get(key)
        if item is None:
            return "It is about your situation. No score uses it; must-haves of roles may."
        levels = " ".join(self._levels(item))
        why = "Of the questions that are left, this one tells most about the choice."
        return f"It measures {self.knowledge.trait_name(item.trait)}. {levels} {why}"

    def _levels(self, item: Item) -> Iterator[str]:
        for role in self.roles:
            demand = {**role.requires, **role.offers}.get(item.trait)
            yield f"{role.label}: level {demand.level if demand else 0} of 5."

    def _select(self, message: str, answers: Sequence[tuple[str, Any]]) -> Any:
        return choose(message, answers, self.terminal)
