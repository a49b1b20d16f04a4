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
    have_both,
)
from mopscli.assessment.questionnaire import Questionnaire
from mopscli.assessment.scoring import NO_TERM, terms_of
from mopscli.assessment.standing import points_lost
from mopscli.assessment.verdict import present_role
from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import Role
from mopscli.person.person import Person
from mopscli.person.plan import next_after
from mopscli.roles.routes import roles_on_the_way

# Up to this level a role gives little of a trait.
LITTLE: Final = 2
# What a role gives is far from what somebody wants from so many levels on.
FAR_OFF: Final = 1.5
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
    """Return the advice that follows from somebody's answers; None where wishes and skills cannot be told apart.

    Args:
        knowledge: read with its paths.
        questionnaire: the questions.
        roles: the roles to choose between, two or more.
        answers: the value of the chosen answer, by question key.
        skipped: questions that one could not answer.
        ready: the readiness, from 0 to 100, that counts as being ready.

    """
    if not have_both(roles):
        return None
    judge = Judge(questionnaire, answers, skipped, ready)
    wish = judge.wish(roles)
    others = [role for role in knowledge.roles.values() if role not in roles]
    elsewhere = _of_same_family_first(judge.wanted_more(roles, others), roles) if wish.is_known else []
    facts = Facts(wish, judge.ability(knowledge.roles[wish.role]), elsewhere[0].key if elsewhere else None)
    state = advise_by(facts)
    abilities = {role.key: judge.ability(role) for role in knowledge.roles.values()}
    able = [key for key, ability in abilities.items() if ability.is_ready]
    keys = tuple(role.key for role in roles)
    present = present_role(questionnaire, answers)
    advice = Advice(
        state,
        keys,
        leading=(wish.role, wish.rival),
        ready_for=tuple(sorted(able, key=lambda key: (-knowledge.roles[key].rank, key))),
        nearly_ready_for=tuple(key for key, ability in abilities.items() if ability.is_nearly_ready),
        present=present,
    )
    advice = advice._replace(fits_today=_fits_today(knowledge, judge, able, advice))
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
    lower = [
        key for key in advice.ready_for if key in advice.compared or knowledge.roles[key].rank <= wanted.rank
    ]
    fits = wanted.key if ability.is_ready else _fits_today(knowledge, judge, lower, advice)
    new = ability.is_known and not advice.present and not fits
    origin = _first_in(knowledge, wanted.family) if new else None
    route = _route_by(knowledge, advice.present or origin, fits, wanted)
    if advice.state is AdviceState.ELSEWHERE:
        rival = knowledge.roles[wish.role]
        found = judge.wish((wanted, rival))
        probability, certainty = found.probability, found.word
    else:
        rival, probability, certainty = knowledge.roles[wish.rival], wish.probability, wish.word
    known = [trait for trait in wanted.requires if judge.is_known(trait)]
    person = Person(judge.questionnaire, judge.answers)
    after = next_after(knowledge, person, wanted) if ability.is_ready else None
    next_step = after if advice.present == wanted.key else wanted.key
    if not ability.is_ready:
        # Whoever is new to the field begins with its first role.
        next_step = origin or (route[1] if len(route) > 1 else wanted.key)
    toward = knowledge.roles[next_step] if next_step else wanted
    present = knowledge.roles.get(advice.present or "")
    measured = present is not None and present is not wanted and present.offers and wanted.offers
    work_on = _work_on(judge, toward, wanted)
    return advice._replace(
        wants=wanted.key,
        fits_today=fits,
        rival=rival.key,
        wants_probability=probability,
        certainty=certainty,
        next=next_step,
        after=after,
        route=route,
        step=_step(knowledge, advice.present, wanted),
        over_present=_chance_over(judge, wanted, present) if measured and present else None,
        begin_with=_begin_with(judge, toward),
        work_on=work_on,
        to_level=person.level(work_on) + 1 if work_on else None,
        readiness=min(max(ability.readiness, 0.0), 100.0) if known else None,
        chance=ability.chance if known else None,
        must_haves=tuple(
            MustHave(gate.text, gate.source, gate_met(gate, judge.answers), gate.way) for gate in wanted.gates
        ),
        opens=ability.opens.text if ability.opens else None,
        reasons=_reasons(judge, wanted, rival),
        unknown=tuple(
            sorted(
                (trait for trait in wanted.requires if trait not in known),
                key=lambda trait: -wanted.requires[trait].weight * wanted.requires[trait].level,
            )
        ),
    )


def _chance_over(judge: Judge, wanted: Role, present: Role) -> float:
    """Return the chance that a role is wanted more than another."""
    wish = judge.wish((wanted, present))
    return wish.probability if wish.role == wanted.key else 1 - wish.probability


def _begin_with(judge: Judge, toward: Role) -> str | None:
    """Return the way to the first must-have that is missing for the next role."""
    unmet = (gate.way for gate in toward.gates if gate_met(gate, judge.answers) is False)
    return next(unmet, None)


def _work_on(judge: Judge, toward: Role, wanted: Role) -> str | None:
    """Return the skill to work on first: what the next role lacks most, or else what is wanted."""
    for role in (toward, wanted):
        lacks = [reason for reason in _skills(judge, role) if not reason.much]
        if lacks:
            return max(lacks, key=lambda reason: reason.points).trait
    return None


def _route(knowledge: Knowledge, origin: str | None, goal: str) -> tuple[str, ...]:
    """Return the roles on the fastest way from one to another; none where there is no way."""
    if origin is None or origin == goal or origin not in knowledge.roles:
        return ()
    return roles_on_the_way(knowledge, origin, goal)


def _fits_today(knowledge: Knowledge, judge: Judge, able: Sequence[str], advice: Advice) -> str | None:
    """Return the role that fits best of those one is ready for: of those compared, or else of their families."""
    near = [key for key in able if key in advice.compared]
    named = [
        knowledge.roles[key] for key in (*advice.compared, advice.present or "") if key in knowledge.roles
    ]
    families = {role.family for role in named}
    some = near or [key for key in able if knowledge.roles[key].family in families] or able
    return max(some, key=lambda key: _fit(judge, knowledge.roles[key]), default=None)


def _first_in(knowledge: Knowledge, family: str) -> str:
    """Return the most junior role of a family."""
    return min((role for role in knowledge.roles.values() if role.family == family), key=lambda r: r.rank).key


def _route_by(knowledge: Knowledge, present: str | None, fits: str | None, wanted: Role) -> tuple[str, ...]:
    """Return the way from where one is; whoever can do more than they do takes that step first."""
    ranks = [
        knowledge.roles[key].rank if key in knowledge.roles else -1 for key in (present or "", fits or "")
    ]
    if fits in (None, wanted.key) or ranks[1] <= ranks[0]:
        return _route(knowledge, present or fits, wanted.key)
    route = _route(knowledge, fits, wanted.key)
    return route if present is None or not route else (present, *route)


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
    # That one wants little of something tells nothing for a role where the other has little of it, too.
    wishes = [wish for wish in wishes if wish.much or not _is_little(wish.trait, wanted, rival)]
    skills = list(_skills(judge, wanted))
    return Reasons(
        likes=_with_a_liking(sorted(_seen(judge, wishes, wanted, rival), key=lambda reason: -reason.points)),
        dislikes=_strongest(
            reason for reason in wishes if reason.points < 0 and _is_off(judge, wanted, reason.trait)
        ),
        brings=_strongest(reason for reason in skills if reason.much),
        lacks=_strongest(reason for reason in skills if not reason.much),
    )


def _seen(judge: Judge, wishes: Sequence[Reason], wanted: Role, rival: Role) -> list[Reason]:
    """Return the wishes that speak for a role, those first of which the level shows it, if there are any."""
    speak = [wish for wish in wishes if wish.points > 0]
    shown = [wish for wish in speak if _nearer(judge.beliefs[wish.trait].m, wish.trait, wanted, rival)]
    return shown or speak


def _nearer(level: float, trait: str, wanted: Role, rival: Role) -> bool:
    """Tell whether a level is nearer to what one role gives than to what the other does."""
    gives = [role.offers[trait].level if trait in role.offers else 0 for role in (wanted, rival)]
    return abs(level - gives[0]) <= abs(level - gives[1])


def _skills(judge: Judge, role: Role) -> Iterator[Reason]:
    """Yield the skills of a role that were asked about: what those at its level count, and what others cost."""
    for trait, demand in role.requires.items():
        if judge.is_known(trait):
            reached = judge.beliefs[trait].m >= demand.level - OFF_MIDDLE
            points = demand.weight * demand.level if reached else _gap(judge, role, trait)
            yield Reason(trait, reached, points)


def _gap(judge: Judge, role: Role, skill: str) -> float:
    """Return the points of readiness that a skill is expected to take."""
    return points_lost(terms_of(role, 1.0)[skill], judge.beliefs[skill])


def _is_little(trait: str, *roles: Role) -> bool:
    """Tell whether all of some roles have little of something."""
    return all(trait not in role.offers or role.offers[trait].level <= LITTLE for role in roles)


def _is_off(judge: Judge, role: Role, trait: str) -> bool:
    """Tell whether what a role gives of a trait is far from what somebody wants."""
    demand = role.offers.get(trait)
    return demand is not None and abs(judge.beliefs[trait].m - demand.level) >= FAR_OFF


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


def _with_a_liking(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Return the strongest reasons, what one likes first, and one of that kind if there is any at all."""
    chosen = list(reasons[:MOST_REASONS])
    liked = next((reason for reason in reasons if reason.much), None)
    if liked is not None and liked not in chosen:
        chosen[-1] = liked
    return tuple(sorted(chosen, key=lambda reason: not reason.much))


def _strongest(reasons: Iterator[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(reasons, key=lambda reason: -abs(reason.points))[:MOST_REASONS])
