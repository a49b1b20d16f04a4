"""The advice for one person: what they want, what they can do, and the next step; no words but roles and traits."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from mopscli.assessment.advice import (
    READY,
    Ability,
    Advice,
    AdviceState,
    Facts,
    Judge,
    MustHave,
    Reason,
    Reasons,
    Wish,
    advise_by,
    gate_met,
)
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.assessment.scoring import NO_TERM, terms_of
from mopscli.assessment.standing import points_lost
from mopscli.assessment.verdict import present_role
from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import Role
from mopscli.person.plan import next_after
from mopscli.roles.routes import find_routes

# From this level on a role gives, or somebody has, much of a trait, and up to that one little.
MUCH: Final = 3.5
LITTLE: Final = 1.5
# Somebody likes something, or does not, from so far from the middle on, in levels.
OFF_MIDDLE: Final = 0.5
MOST_REASONS: Final = 3


def make_advice(
    knowledge: Knowledge,
    questionnaire: Questionnaire,
    roles: Sequence[Role],
    answers: Mapping[str, float],
    skipped: Collection[str] = (),
    ready: float = READY,
) -> Advice | None:
    """Return the advice that follows from somebody's answers; None where the roles give nothing that one may want.

    Args:
        knowledge: read with its paths.
        questionnaire: the questions.
        roles: the roles to choose between, two or more.
        answers: the value of the chosen answer, by question key.
        skipped: questions that one could not answer.
        ready: the readiness, from 0 to 100, that counts as being ready.

    """
    if not all(role.offers for role in roles):
        return None
    judge = Judge(questionnaire, answers, skipped, ready)
    wish = judge.wish(roles)
    others = [role for role in knowledge.roles.values() if role not in roles]
    elsewhere = _of_same_family_first(judge.wanted_more(roles, others), roles) if wish.is_known else []
    facts = Facts(wish, judge.ability(knowledge.roles[wish.role]), elsewhere[0].key if elsewhere else None)
    state = advise_by(facts)
    abilities = {role.key: judge.ability(role) for role in knowledge.roles.values()}
    able = [key for key, ability in abilities.items() if ability.is_ready]
    advice = Advice(
        state,
        tuple(role.key for role in roles),
        rival=wish.rival,
        ready_for=tuple(sorted(able, key=lambda key: (-knowledge.roles[key].rank, key))),
        nearly_ready_for=tuple(key for key, ability in abilities.items() if ability.is_nearly_ready),
        fits_today=_fits_today(knowledge, judge, able),
        present=present_role(questionnaire, answers),
    )
    wanted = facts.elsewhere if state is AdviceState.ELSEWHERE else wish.role
    if not wish.is_known or state is AdviceState.EITHER or wanted is None:
        missing = [role.offers for role in roles] if not wish.is_known else [role.requires for role in roles]
        unknown = dict.fromkeys(trait for some in missing for trait in some if not judge.is_known(trait))
        return advice._replace(unknown=tuple(unknown))
    return _toward(knowledge, judge, advice, knowledge.roles[wanted], wish, abilities[wanted])


def _of_same_family_first(found: Sequence[Role], roles: Sequence[Role]) -> list[Role]:
    """Return roles with those of the same family as some first."""
    families = {role.family for role in roles}
    return sorted(found, key=lambda role: role.family not in families)


def _fit(judge: Judge, role: Role) -> float:
    """Return how much better a role fits somebody than it would somebody who answered nothing."""
    terms = terms_of(role, judge.questionnaire.readiness_share)
    return sum(
        points_lost(term, judge.before(trait)) - points_lost(term, judge.beliefs[trait])
        for trait, term in terms.items()
    )


def _toward(
    knowledge: Knowledge, judge: Judge, advice: Advice, wanted: Role, wish: Wish, ability: Ability
) -> Advice:
    """Return the advice with all that follows from which role is wanted."""
    lower = [key for key in advice.ready_for if knowledge.roles[key].rank <= wanted.rank]
    fits = wanted.key if ability.is_ready else _fits_today(knowledge, judge, lower)
    route = _route_by(knowledge, advice.present, fits, wanted)
    if advice.state is AdviceState.ELSEWHERE:
        rival = max((knowledge.roles[key] for key in advice.compared), key=lambda role: role.key == wish.role)
        found = judge.wish((wanted, rival))
        probability, certainty = found.probability, found.word
    else:
        rival, probability, certainty = knowledge.roles[wish.rival], wish.probability, wish.word
    known = [trait for trait in wanted.requires if judge.is_known(trait)]
    return advice._replace(
        wants=wanted.key,
        fits_today=fits,
        rival=rival.key,
        wants_probability=probability,
        certainty=certainty,
        next=_next(knowledge, advice, wanted, route, ability),
        route=route,
        step=_step(knowledge, advice.present, wanted),
        readiness=min(max(ability.readiness, 0.0), 100.0) if known else None,
        chance=ability.chance if known else None,
        must_haves=tuple(
            MustHave(gate.text, gate.source, gate_met(gate, judge.answers), gate.way) for gate in wanted.gates
        ),
        reasons=_reasons(judge, wanted, rival),
        unknown=tuple(
            sorted(
                (trait for trait in wanted.requires if trait not in known),
                key=lambda trait: -wanted.requires[trait].weight * wanted.requires[trait].level,
            )
        ),
    )


def _route(knowledge: Knowledge, origin: str | None, goal: str) -> tuple[str, ...]:
    """Return the roles on the fastest way from one to another; none where there is no way."""
    if origin is None or origin == goal or origin not in knowledge.roles:
        return ()
    found = find_routes(knowledge, knowledge.roles[origin], knowledge.roles[goal]).routes
    return (origin, *(step.move.to for step in found[0].steps)) if found else ()


def _fits_today(knowledge: Knowledge, judge: Judge, able: Sequence[str]) -> str | None:
    return max(able, key=lambda key: _fit(judge, knowledge.roles[key]), default=None)


def _route_by(knowledge: Knowledge, present: str | None, fits: str | None, wanted: Role) -> tuple[str, ...]:
    """Return the way from where one is; whoever can do more than they do takes that step first."""
    ranks = [
        knowledge.roles[key].rank if key in knowledge.roles else -1 for key in (present or "", fits or "")
    ]
    if fits in (None, wanted.key) or ranks[1] <= ranks[0]:
        return _route(knowledge, present or fits, wanted.key)
    route = _route(knowledge, fits, wanted.key)
    return route if present is None or not route else (present, *route)


def _next(
    knowledge: Knowledge, advice: Advice, wanted: Role, route: Sequence[str], ability: Ability
) -> str | None:
    """Return the role of the next step: on the way to what is wanted, or beyond it for whoever is ready."""
    if ability.is_ready and advice.present == wanted.key:
        return next_after(knowledge, wanted)
    if ability.is_ready:
        return wanted.key
    return route[1] if len(route) > 1 else wanted.key


def _step(knowledge: Knowledge, present: str | None, wanted: Role) -> str | None:
    if present is None or present == wanted.key or present not in knowledge.roles:
        return None
    ranks = knowledge.roles[present].rank, wanted.rank
    return "up" if ranks[0] < ranks[1] else "back" if ranks[0] > ranks[1] else "sideways"


# --- Reasons --------------------------------------------------------------------------------------


def _reasons(judge: Judge, wanted: Role, rival: Role) -> Reasons:
    """Return what speaks about a role that is wanted rather than another one."""
    lead = dict(_leads(judge, wanted, rival))
    wishes = [
        Reason(trait, judge.beliefs[trait].m > middle, points)
        for trait, points in lead.items()
        for middle in (judge.questionnaire.priors[trait][0],)
        if judge.is_known(trait) and abs(judge.beliefs[trait].m - middle) >= OFF_MIDDLE
    ]
    skills = [
        Reason(trait, judge.beliefs[trait].m >= demand.level - OFF_MIDDLE, demand.weight * demand.level)
        for trait, demand in wanted.requires.items()
        if judge.is_known(trait)
    ]
    return Reasons(
        likes=_strongest(reason for reason in wishes if reason.points > 0),
        dislikes=_strongest(
            reason for reason in wishes if reason.points < 0 and _is_off(judge, wanted, reason.trait)
        ),
        brings=_strongest(reason for reason in skills if reason.much),
        lacks=_strongest(
            reason._replace(points=judge_gap(judge, wanted, reason.trait))
            for reason in skills
            if not reason.much
        ),
    )


def judge_gap(judge: Judge, role: Role, skill: str) -> float:
    """Return the points of readiness that a skill is expected to take."""
    return points_lost(terms_of(role, 1.0)[skill], judge.beliefs[skill])


def _is_off(judge: Judge, role: Role, trait: str) -> bool:
    """Tell whether what a role gives of a trait is far from what somebody wants."""
    demand = role.offers.get(trait)
    return demand is not None and abs(judge.beliefs[trait].m - demand.level) >= MUCH - LITTLE


def _leads(judge: Judge, wanted: Role, rival: Role) -> Iterator[tuple[str, float]]:
    """Yield what each drive adds to how much more one role is wanted, beyond what it would add for anybody."""
    mine, theirs = terms_of(wanted, 0.0), terms_of(rival, 0.0)
    state = judge.stock_of_wishes((wanted, rival))
    for trait in dict.fromkeys((*wanted.offers, *rival.offers)):
        pair = theirs.get(trait, NO_TERM), mine.get(trait, NO_TERM)
        now, before = (
            points_lost(pair[0], belief) - points_lost(pair[1], belief)
            for belief in (state.beliefs[trait], judge.before(trait))
        )
        yield trait, now - before


def _strongest(reasons: Iterator[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(reasons, key=lambda reason: -abs(reason.points))[:MOST_REASONS])
