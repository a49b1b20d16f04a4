"""Questions in a terminal: one after the other, each answer saved before the next one shows.

The only importer of questionary. A guide tells which question comes next; there is one for each questionnaire.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from shutil import get_terminal_size
from textwrap import wrap
from typing import Any, Final, NamedTuple, Protocol

import questionary

from mopscli.assessment.advice import READY
from mopscli.assessment.answers import split_skipped, still_valid
from mopscli.assessment.interview import Chapter, how_many_more, take_turn
from mopscli.assessment.questionnaire import NO_ANSWER, Choice, Choices, Item, Questionnaire, choices_of
from mopscli.cli.shell import say
from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import Role
from mopscli.knowledge.staffing import TeamFile
from mopscli.person.store import Diary, Saved
from mopscli.team.advice import choices_about, is_asked
from mopscli.text import clean

# Answers by question key; None is a question that was skipped.
Given = Mapping[str, float | None]
# Saves an answer under a question's key, in place of any earlier one.
Save = Callable[[str, float | None], None]
# Where questionary reads and writes, for tests; the real terminal if empty.
Streams = Mapping[str, Any]

LEAST_COLUMNS: Final = 20
# So many traits that were not asked about are named.
NAMED: Final = 5
KEYS: Final = "the arrow keys choose, Enter confirms"


class Wish(Enum):
    """What one may want instead of answering."""

    SKIP = NO_ANSWER
    BACK = "Go back to the question before"
    WHY = "Why is this asked?"
    STOP = "Stop here and see the result"


class Asked(NamedTuple):
    """A question to ask now.

    `heading` stands above its text, `reason` tells why it is asked, if anything does, and `offer` is what to say
    before it where the end may be offered instead.
    """

    key: str
    heading: str
    text: str
    choices: Sequence[Choice]
    reason: str = ""
    offer: str = ""


class Guide(Protocol):
    """Tells what is asked, and in which order."""

    @property
    def choices(self) -> Choices:
        """What can be chosen, by question key."""

    def next(self, given: Given) -> Asked | None:
        """Return the question to ask after some answers, or None at the end."""


class Outcome(NamedTuple):
    """The answers at the end, the questions that were skipped, and whether somebody stopped before the end."""

    answers: Mapping[str, float]
    skipped: frozenset[str]
    stopped: bool = False


def choose(
    message: str, answers: Sequence[tuple[str, Any]], terminal: Streams | None = None, default: Any = None
) -> Any:
    """Let somebody choose one of some answers, beginning with `default`, and return what it stands for.

    Raises:
        KeyboardInterrupt: somebody pressed Ctrl-C.

    """
    width = max(LEAST_COLUMNS, get_terminal_size().columns - 4)
    choices = [
        questionary.Choice("\n   ".join(wrap(clean(text), width)), value=value) for text, value in answers
    ]
    safe = "\n  ".join(part for line in message.split("\n") for part in wrap(clean(line), width))
    # The chosen answer is echoed behind the message; a line of its own keeps both readable.
    first = next((choice for choice in choices if default is not None and choice.value == default), None)
    return questionary.select(
        f"{safe}\n ", choices, default=first, qmark="", instruction=" ", **(terminal or {})
    ).unsafe_ask()


def interview(guide: Guide, given: Given, save: Save, terminal: Streams | None = None) -> Outcome:
    """Ask until nothing is left, the end is accepted, or somebody stops.

    Args:
        guide: what to ask.
        given: the answers that there are already.
        save: called with each answer before the next question shows.
        terminal: where to ask.

    Raises:
        KeyboardInterrupt: somebody pressed Ctrl-C; what was answered is saved.

    """
    answers, before = dict(given), dict[str, float | None]()
    goes_on = False
    while (asked := guide.next(answers)) is not None:
        if asked.offer and not goes_on:
            if choose(asked.offer, [("See the result", True), ("Answer the rest too", False)], terminal):
                break
            # Whoever goes on is not asked again.
            goes_on = True
        answer = _ask(asked, before.get(asked.key), terminal, first=not answers)
        if answer is Wish.STOP:
            return Outcome(*split_skipped(answers), stopped=True)
        if answer is Wish.BACK:
            # What was answered stays saved until it is answered anew.
            last, value = answers.popitem()
            before[last] = value
        elif answer is Wish.WHY:
            choose(asked.reason, [("Back to the question", True)], terminal)
        else:
            answers[asked.key] = None if answer is Wish.SKIP else answer
            save(asked.key, answers[asked.key])
    return Outcome(*split_skipped(answers))


def _ask(asked: Asked, default: float | None, terminal: Streams | None, *, first: bool) -> Any:
    """Return the number of the answer, or a wish."""
    absent = {Wish.BACK: first, Wish.WHY: not asked.reason}
    options: list[tuple[str, Any]] = [(choice.text, choice.value) for choice in asked.choices]
    options += ((wish.value, wish) for wish in Wish if not absent.get(wish))
    return choose(f"{asked.heading}\n{asked.text}", options, terminal, default)


def converse(
    guide: Guide,
    diary: Diary,
    begun: str,
    command: str,
    *,
    skipped_again: bool,
    last: Saved | None = None,
) -> Outcome:
    """Ask in the terminal, going on where somebody left, and saving every answer.

    Args:
        guide: what to ask.
        diary: where answers are saved.
        begun: what to say of answers that are there already, with their day in place of `{day}`.
        command: what goes on with them, to say at Ctrl-C.
        skipped_again: whether what was skipped earlier is asked again.
        last: what to go on with, without asking; otherwise what was begun and not finished.

    """
    given: Given = {}
    if last is not None:
        given = still_valid(guide.choices, diary.go_on(last))
    elif (last := diary.unfinished()) is not None and last.answers:
        message = f"{begun.format(day=last.started[:10])}; answers so far: {len(last.answers)}."
        if choose(message, [("Go on with them", True), ("Start anew", False)]):
            given = still_valid(guide.choices, diary.go_on(last))
    if skipped_again:
        given = split_skipped(given)[0]
    try:
        return interview(guide, given, diary.answer)
    except KeyboardInterrupt:
        if diary.has_answers:
            say([f"Your answers are saved; {command} goes on with them."], sys.stderr)
        raise


class AssessmentGuide:
    """Asks about the situation first, then what one wants, then what one can do, and then the rest.

    It never tells how things stand: a verdict in sight would color the answers.

    Args:
        knowledge: for the names of traits.
        questionnaire: the questions.
        roles: the roles to choose between.
        until: the risk of a change below which a chapter is settled, from 0 to 1; with 0 all is asked.
        ready: the readiness, from 0 to 100, that counts as being ready.

    """

    def __init__(
        self,
        knowledge: Knowledge,
        questionnaire: Questionnaire,
        roles: Sequence[Role],
        until: float,
        ready: float = READY,
    ) -> None:
        self.knowledge = knowledge
        self.questionnaire = questionnaire
        self.roles = roles
        self.until = until
        self.ready = ready
        self.choices = choices_of(questionnaire)

    def next(self, given: Given) -> Asked | None:
        """Return the question to ask after some answers, or None at the end."""
        turn = take_turn(self.questionnaire, self.roles, given, self.until, self.ready)
        situation = [key for key in self.questionnaire.context if key not in given]
        more = how_many_more(turn, self.roles, self.until) + len(situation)
        progress = f"Question {len(given) + 1}" + (f", about {more} more" if more else "")
        if situation:
            key = situation[0]
            reason = "It is about your situation. No score uses it; must-haves of roles may."
            heading = f"Where you are. {progress}"
            return Asked(key, heading, self.questionnaire.context[key][0], self.choices[key], reason)
        if (item := turn.item) is None:
            return None
        text = item.text.replace(" Second: ", "\nSecond: ") if item.kind == "tradeoff" else item.text
        offer = self._offer(given) if turn.chapter is Chapter.REST and self.until else ""
        heading = f"{turn.chapter}. {progress}"
        return Asked(item.key, heading, text, self.choices[item.key], self._reason(item), offer)

    def _reason(self, item: Item) -> str:
        name = self.knowledge.trait_name(item.trait)
        if item.trait in self.knowledge.skills:
            return f"It is about {name}: what you have done of it tells what you are ready for today."
        return f"It is about {name}: how much of it you want tells which work would suit you."

    def _offer(self, given: Given) -> str:
        """Return what to say where the end is offered: that enough is known, and what is not."""
        left = [item for key, item in self.questionnaire.items.items() if key not in given]
        known = {self.questionnaire.items[key].trait for key in given if key in self.questionnaire.items}
        names = [
            self.knowledge.trait_name(trait)
            for trait in dict.fromkeys(item.trait for item in left)
            if trait not in known
        ]
        unknown = f" Not asked about: {', '.join(names[:NAMED])}" if names else ""
        others = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        return (
            f"Enough is known to advise you; the other {len(left)} questions would hardly change it."
            f"{unknown}{others}{'.' if unknown else ''} What now?"
        )


class TeamGuide:
    """Asks about a team, one question after the other, leaving out what makes no sense after earlier answers."""

    def __init__(self, team: TeamFile) -> None:
        self.team = team
        self.choices = choices_about(team)
        self._hint = f" ({KEYS})"

    def next(self, given: Given) -> Asked | None:
        """Return the question to ask after some answers, or None at the end."""
        keys = [key for key in self.choices if is_asked(self.team, key, given)]
        left = [key for key in keys if key not in given]
        if not left:
            return None
        heading = f"Question {len(keys) - len(left) + 1} of {len(keys)}{self._hint}"
        self._hint = ""
        return Asked(left[0], heading, self.team.questions[left[0]].text, self.choices[left[0]])
