"""Questions in a terminal: one after the other, each answer saved before the next one shows.

A guide tells which question comes next; there is one for each questionnaire.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Final, NamedTuple, Protocol

from mopscli.assessment.advice import READY
from mopscli.assessment.answers import split_skipped, still_valid
from mopscli.assessment.interview import Chapter, how_many_more, take_turn
from mopscli.assessment.questionnaire import Choice, Choices, Item, Questionnaire, asked_words, choices_of
from mopscli.cli.prompt import Streams, ask, choose, confirm
from mopscli.cli.screen import WHY, Prompt, Shortcut
from mopscli.cli.shell import say
from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import Role
from mopscli.knowledge.staffing import TeamFile
from mopscli.person.store import Diary, Saved
from mopscli.team.advice import choices_about, is_asked

# Answers by question key; None is a question that was skipped.
Given = Mapping[str, float | None]
# Saves an answer under a question's key, in place of any earlier one.
Save = Callable[[str, float | None], None]

# So many traits that were not asked about are named.
NAMED: Final = 5


class Wish(Enum):
    """What one may want instead of answering."""

    BACK = "back"
    SKIP = "skip"
    STOP = "stop"
    END = "See the result"
    REST = "Answer the rest too"


BACK: Final = Shortcut("b", "back", Wish.BACK)
SKIP: Final = Shortcut("s", "skip", Wish.SKIP, "Skipped")
STOP: Final = Shortcut("q", "stop", Wish.STOP)
ENDS: Final = tuple((wish.value, wish) for wish in (Wish.END, Wish.REST))
LEAVING: Final = "Stop and see the result?"
LEAVE_OR_STAY: Final = ("Yes, see the result", "No, back to the question")
CLOSER: Final = "Which is closer to you?"


class Asked(NamedTuple):
    """A question to ask now.

    `heading` stands above its text, `reason` tells why it is asked, if anything does, and `offer` is what to say
    before it where the end may be offered instead. `ends` are the statements between which its answers lie, and
    `words` those of its choices, if they are other words here.
    """

    key: str
    heading: str
    text: str
    choices: Sequence[Choice]
    reason: str = ""
    offer: str = ""
    ends: Sequence[str] = ()
    words: Sequence[str] = ()


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


def interview(
    guide: Guide, given: Given, save: Save, terminal: Streams | None = None, *, plain: bool = False
) -> Outcome:
    """Ask until nothing is left, the end is accepted, or somebody stops.

    Args:
        guide: what to ask.
        given: the answers that there are already.
        save: called with each answer before the next question shows.
        terminal: where to ask.
        plain: ask with lines of text alone.

    Raises:
        KeyboardInterrupt: somebody pressed Ctrl-C; what was answered is saved.

    """
    answers, before = dict(given), dict[str, float | None]()
    stopped = goes_on = False
    while not stopped and (asked := guide.next(answers)) is not None:
        if asked.offer and not goes_on:
            goes_on = _went_on(guide, given)
        offers = bool(asked.offer) and not goes_on
        prompt = _offer_of(asked) if offers else _question_of(asked, before.get(asked.key), first=not answers)
        match ask(prompt, terminal, plain=plain):
            case Wish.END:
                break
            case Wish.REST:
                # Whoever goes on is not asked again.
                goes_on = True
            case Wish.STOP:
                stopped = confirm(LEAVING, *LEAVE_OR_STAY, terminal, default=True, plain=plain)
            case Wish.BACK:
                last, value = answers.popitem()
                before[last] = value
            case answer:
                answers[asked.key] = None if answer is Wish.SKIP else answer
                save(asked.key, answers[asked.key])
    # What was taken back and not answered anew is still saved.
    return Outcome(*split_skipped({**before, **answers}), stopped=stopped)


def _went_on(guide: Guide, given: Given) -> bool:
    """Tell whether somebody who left had gone on when the end was offered: what comes behind it is answered."""
    keys = list(given)
    for number in reversed(range(len(keys))):
        asked = guide.next({key: given[key] for key in keys[:number]})
        if asked is not None and asked.offer and asked.key == keys[number]:
            return True
    return False


def _offer_of(asked: Asked) -> Prompt:
    """Return what asks whether to end before a question."""
    return Prompt(asked.offer, ENDS, shortcuts=(BACK,))


def _question_of(asked: Asked, before: float | None, *, first: bool) -> Prompt:
    """Return a question with its answers, of which one was given before."""
    words = asked.words or [choice.text for choice in asked.choices]
    absent = {BACK: first, WHY: not asked.reason}
    return Prompt(
        asked.text,
        [(text, choice.value) for text, choice in zip(words, asked.choices, strict=True)],
        heading=asked.heading,
        ends=asked.ends,
        shortcuts=[some for some in (BACK, SKIP, WHY, STOP) if not absent.get(some)],
        reason=asked.reason,
        default=before,
        marked=before is not None,
    )


def converse(
    guide: Guide,
    diary: Diary,
    begun: str,
    command: str,
    *,
    skipped_again: bool,
    last: Saved | None = None,
    plain: bool = False,
) -> Outcome:
    """Ask in the terminal, going on where somebody left, and saving every answer.

    Args:
        guide: what to ask.
        diary: where answers are saved.
        begun: what to say of answers that are there already, with their day in place of `{day}`.
        command: what goes on with them, to say at Ctrl-C.
        skipped_again: whether what was skipped earlier is asked again.
        last: what to go on with, without asking; otherwise what was begun and not finished.
        plain: ask with lines of text alone.

    """
    given: Given = {}
    if last is not None:
        given = still_valid(guide.choices, diary.go_on(last))
    elif (last := diary.unfinished()) is not None and last.answers:
        message = f"{begun.format(day=last.started[:10])}; answers so far: {len(last.answers)}."
        if choose(message, [("Go on with them", True), ("Start anew", False)], plain=plain):
            given = still_valid(guide.choices, diary.go_on(last))
    if skipped_again:
        given = split_skipped(given)[0]
    try:
        return interview(guide, given, diary.answer, plain=plain)
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
        return Asked(
            item.key,
            heading=f"{turn.chapter}. {progress}",
            text=CLOSER if item.ends else item.text,
            choices=self.choices[item.key],
            reason=self._reason(item),
            offer=self._offer(given) if turn.chapter is Chapter.REST and self.until else "",
            ends=item.ends,
            words=asked_words(item),
        )

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

    def next(self, given: Given) -> Asked | None:
        """Return the question to ask after some answers, or None at the end."""
        keys = [key for key in self.choices if is_asked(self.team, key, given)]
        left = [key for key in keys if key not in given]
        if not left:
            return None
        heading = f"Question {len(keys) - len(left) + 1} of {len(keys)}"
        return Asked(left[0], heading, self.team.questions[left[0]].text, self.choices[left[0]])
