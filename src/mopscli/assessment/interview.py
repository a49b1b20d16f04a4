"""What the interview asks next, and when it may end: decided once, for the terminal and for the replay.

It has two chapters, what one wants and what one can do, each with a stop of its own, and then the rest.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from mopscli.assessment.advice import LEAST_WISHES, READY, Judge, have_both, readiness_terms
from mopscli.assessment.answers import split_skipped
from mopscli.assessment.formulas import FLOATS, flip_risk
from mopscli.assessment.questionnaire import Item, Questionnaire
from mopscli.assessment.scoring import NO_TERM, Certainty, Term
from mopscli.assessment.standing import next_question, take_stock
from mopscli.knowledge.entries import Role

# Where roles are about one of the two alone, fewer scored answers than these decide nothing.
LEAST_ANSWERS: Final = 5


class Chapter(StrEnum):
    """What a part of the interview is about."""

    WANT = "What you want"
    CAN = "What you can do"
    REST = "The rest"


class Turn(NamedTuple):
    """Where an interview is: the question to ask next, None if there is none, and what the answers say so far.

    In the chapter REST the others are settled, and the interview may end.
    """

    chapter: Chapter
    item: Item | None
    judge: Judge


def take_turn(
    questionnaire: Questionnaire,
    roles: Sequence[Role],
    given: Mapping[str, float | None],
    until: float,
    ready: float = READY,
) -> Turn:
    """Return where an interview is after some answers.

    Args:
        questionnaire: the questions.
        roles: the roles to choose between, two or more.
        given: the answers; None is a question that was skipped.
        until: the risk that further answers change something, from 0 to 1, below which a chapter is settled.
        ready: the readiness, from 0 to 100, that counts as being ready.

    """
    answers, skipped = split_skipped(given)
    judge = Judge(questionnaire, answers, skipped, ready)
    if not have_both(roles):
        state = take_stock(questionnaire, roles, answers, skipped)
        scored = sum(key in questionnaire.items for key in answers)
        settled = scored >= LEAST_ANSWERS and state.risk < until
        about = Chapter.CAN if any(role.requires for role in roles) else Chapter.WANT
        return Turn(Chapter.REST if settled else about, next_question(state), judge)
    wish = judge.wish(roles)
    open_ = wish.answers < LEAST_WISHES or wish.risk >= until
    if open_ and (item := judge.next_about_wishes(roles)) is not None:
        return Turn(Chapter.WANT, item, judge)
    for role in _wanted(judge, roles):
        settled = _is_settled(judge, role, until)
        if not settled and (item := judge.next_about_ability(role)) is not None:
            return Turn(Chapter.CAN, item, judge)
    rest = next_question(take_stock(questionnaire, roles, answers, skipped))
    return Turn(Chapter.REST, rest, judge)


def _is_settled(judge: Judge, role: Role, until: float) -> bool:
    # What was skipped stays unknown, and keeps nobody from the end.
    unasked = judge.ability(role).unasked
    return not any(item.trait in unasked for item in judge.remaining) and judge.risk_about(role) < until


def _wanted(judge: Judge, roles: Sequence[Role]) -> list[Role]:
    """Return the role that is wanted, and its rival while that is too close to call."""
    wish = judge.wish(roles)
    keys = (wish.role, wish.rival) if wish.word is Certainty.UNDECIDED else (wish.role,)
    return [role for role in roles if role.key in keys]


def how_many_more(turn: Turn, roles: Sequence[Role], until: float) -> int:
    """Return about how many questions it takes from a turn until the interview may end."""
    judge = turn.judge
    if turn.chapter is Chapter.REST:
        return 0
    if not have_both(roles):
        state = take_stock(judge.questionnaire, roles, judge.answers, judge.skipped)
        return _how_many(state.duel.delta, _gains(judge, state.leading), until)
    many = 0
    if turn.chapter is Chapter.WANT:
        state = judge.stock_of_wishes(roles)
        settling = _how_many(state.duel.delta, _gains(judge, judge.pairs_of_wishes(roles)), until)
        many = max(settling, LEAST_WISHES - judge.wish(roles).answers)
    abilities = []
    for role in _wanted(judge, roles):
        ability = judge.ability(role)
        if not _is_settled(judge, role, until):
            terms = {trait: (term, NO_TERM) for trait, term in readiness_terms(role).items()}
            lead = ability.readiness - judge.ready
            abilities.append(max(_how_many(lead, _gains(judge, terms), until), len(ability.unasked)))
    return many + max(abilities, default=0)


def _gains(judge: Judge, pairs: Mapping[str, tuple[Term, Term]]) -> list[float]:
    """Return what each remaining question is expected to move a lead by, as a variance, the largest first."""
    return sorted((gain for _, gain in judge.gains(pairs)), reverse=True)


def _how_many(delta: float, gains: Sequence[float], until: float) -> int:
    """Return about how many questions it takes until the others would hardly change the sign of a lead."""
    left = sum(gains)
    for number, gain in enumerate(gains):
        if flip_risk(FLOATS, delta, max(left, 0.0)) < until:
            return number
        left -= gain
    return len(gains)
