"""The advice put into words: what suits somebody, whether they are ready, why, and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mopscli.assessment.advice import HALF, AdviceState
from mopscli.assessment.scoring import AT_LEAST, STRAIGHT_LINING, Certainty
from mopscli.page import (
    Block,
    Facts,
    Heading,
    Line,
    NextStep,
    Paragraph,
    Title,
    bullets,
    claim_lines,
)
from mopscli.pages.phrases import listed, lowered, lowest_pay, pay_text, percent, with_article
from mopscli.pages.reasons import lack_text, reason_scales, skill_text
from mopscli.person.advice import make_advice
from mopscli.roles.growth import rise_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from mopscli.assessment.advice import Advice
    from mopscli.assessment.verdict import Assessment
    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Role
    from mopscli.person.person import Person

# How much of the skills somebody shows, by the readiness from which on a word holds. A judgment.
SHARES = ((85, "nearly all"), (65, "most"), (45, "about half"), (25, "some"), (-100, "few"))
FEW = 4
SEVERAL = 3
# What shows a saved assessment again.
SAVED = "mops result"
# What is said before the first thing to do.
NOW = "This week:"
REDO = "Answer the statements again and read each one, or say that it does not apply."


def with_advice(
    knowledge: Knowledge,
    person: Person,
    roles: Sequence[Role],
    skipped: Collection[str],
    ready: float,
    result: Assessment,
) -> Assessment:
    """Return an assessment between some roles with the advice that follows from it, in words, too."""
    advice = make_advice(knowledge, person.questionnaire, roles, person.answers, skipped, ready)
    if advice is None:
        return result
    return result._replace(advice=advice._replace(sentences=advice_sentences(knowledge, advice)))


def leading_first(roles: Sequence[Role], result: Assessment) -> list[Role]:
    """Return roles with the two that lead first: on a page, the choice between these is explained."""
    leading = result.advice.leading if result.advice else (result.verdict.role, result.verdict.rival)
    return sorted(roles, key=lambda role: role.key not in leading)


def advice_title(knowledge: Knowledge, advice: Advice, statements: int = 0) -> str:
    """Say in one sentence what the advice is; `statements` are those that all have the same answer."""
    roles = [knowledge.roles[key] for key in advice.compared]
    wanted = knowledge.roles[advice.wants] if advice.wants else None
    if statements and wanted is None:
        return f"You gave the same answer to all {statements} statements, so they cannot tell what you like"
    match advice.state:
        case AdviceState.APPLY | AdviceState.ELSEWHERE if wanted and advice.present == wanted.key:
            return f"You are in the right place: {wanted.name} suits you"
        case AdviceState.APPLY if wanted:
            return f"{wanted.name} suits you, and you can do it"
        case AdviceState.GROW if wanted:
            return f"You want {wanted.name}, but are not quite ready for it yet"
        case AdviceState.FAR if wanted:
            return f"You want to be {with_article(wanted.name)}: a goal for later"
        case AdviceState.ELSEWHERE if wanted:
            return f"{wanted.name} would suit you better than {listed([role.label for role in roles], 'or')}"
        case AdviceState.EITHER:
            leading = [knowledge.roles[key].name for key in advice.compared if key in advice.leading]
            return f"{listed(leading, 'or')}: what you like does not decide it"
        case _ if wanted:
            return f"You want {wanted.name}; whether you are ready is not known yet"
        case _:
            return "Too little is known yet to advise you"


def advice_sentences(knowledge: Knowledge, advice: Advice) -> tuple[str, ...]:
    """Say the advice: what it is, how sure, ready or not, and the next step."""
    return (
        f"{advice_title(knowledge, advice)}.",
        *advice_certainty(knowledge, advice),
        *_on(knowledge, advice),
    )


def same_answers(knowledge: Knowledge, result: Assessment) -> int:
    """Return the number of statements if all of them have the same answer, else 0."""
    same = any(remark.kind == STRAIGHT_LINING for remark in result.quality)
    answers = (belief.answers for belief in result.beliefs if belief.trait in knowledge.drives)
    return sum(answers) if same else 0


def advice_blocks(knowledge: Knowledge, result: Assessment, advice: Advice) -> list[Block]:
    """Tell the advice on one screen: what suits, how sure, ready or not, the strongest reasons, the next step."""
    same = same_answers(knowledge, result)
    sentences = [*advice_certainty(knowledge, advice), *_on(knowledge, advice)]
    blocks: list[Block] = [Title(advice_title(knowledge, advice, same))]
    if same and advice.wants is None:
        blocks.append(
            Paragraph(Line("Statements for and against a wish call for different answers. " + REDO))
        )
        return blocks
    blocks.append(Paragraph(Line(" ".join(sentences))))
    if advice.state is AdviceState.EITHER:
        blocks += bullets("What would decide", tuple(map(Line, deciding_lines(knowledge, result, advice))))
        tries = (
            (knowledge.roles[key].label, knowledge.roles[key].tasks[:1])
            for key in advice.compared
            if key in advice.leading
        )
        rows = tuple((label, claim_lines(tasks)) for label, tasks in tries if tasks)
        blocks += [Heading("Try both where you are, for a quarter"), Facts(rows)] if rows else []
    if advice.reasons.likes and advice.wants and advice.rival:
        pair = knowledge.roles[advice.wants], knowledge.roles[advice.rival]
        why = reason_scales(knowledge, result, advice.reasons.likes, pair)
        blocks += [Heading("Why"), why]
    return blocks


def advice_steps(advice: Advice, again: str, *, same: bool) -> Iterator[NextStep]:
    """Yield what to do next, the most fitting first; `again` is the command that shows the result again."""
    if same and advice.wants is None:
        yield NextStep("mops assess", "answers again, with the statements read one by one")
        return
    unknown = advice.state is AdviceState.UNKNOWN
    if unknown and again == SAVED:
        yield NextStep("mops assess --continue", "answers what is not known yet")
    elif unknown:
        yield NextStep("mops questions", "every question; add what you answer to your file")
    if advice.wants and not unknown:
        here = advice.present == advice.wants
        about = "your case, and what comes after" if _can(advice) else "your plan: what to do, step by step"
        yield NextStep(
            f"mops plan {advice.wants}", "how to grow in this job" if here else about, answered=True
        )
    elif not unknown:
        yield NextStep(f"mops compare {' '.join(advice.compared)}", "the two side by side")


def _can(advice: Advice) -> bool:
    return advice.wants in advice.ready_for


def advice_details(knowledge: Knowledge, result: Assessment, advice: Advice) -> Iterator[Block]:
    """Tell what speaks against what is wanted, what one brings, what one lacks, and the must-haves."""
    if not advice.wants or not advice.rival:
        return
    wanted, rival = knowledge.roles[advice.wants], knowledge.roles[advice.rival]
    if advice.reasons.dislikes:
        yield Heading(f"What you may not like as {with_article(wanted.label)}")
        yield reason_scales(knowledge, result, advice.reasons.dislikes, (wanted, rival))
    yield from bullets(
        f"What you bring to {wanted.label}",
        tuple(Line(skill_text(knowledge, reason)) for reason in advice.reasons.brings),
    )
    yield from bullets(
        f"What you cannot say yet, and {with_article(wanted.label)} can",
        tuple(Line(lack_text(knowledge, wanted, reason)) for reason in advice.reasons.lacks),
    )
    said = {True: "met", False: "not met", None: "your answers do not tell"}
    musts = tuple(
        (said[must.met].capitalize(), (Line(must.text, must.source),)) for must in advice.must_haves
    )
    if musts:
        yield from (Heading(f"Must-haves of {wanted.label}"), Facts(musts))


# --- Sentences ------------------------------------------------------------------------------------


def advice_certainty(knowledge: Knowledge, advice: Advice) -> Iterator[str]:
    """Say how sure it is what somebody wants."""
    if advice.wants is None or advice.rival is None or advice.wants_probability is None:
        return
    wanted = knowledge.roles[advice.wants].label
    others = [knowledge.roles[key].label for key in advice.compared if key != advice.wants]
    rivals = (
        listed(others, "or") if advice.state is AdviceState.ELSEWHERE else knowledge.roles[advice.rival].label
    )
    if advice.certainty is Certainty.CLEAR:
        yield f"Your wishes point clearly to {wanted} rather than {rivals}."
    else:
        chance = percent(advice.wants_probability)
        yield f"Your wishes lean to {wanted} rather than {rivals}, with a chance of {chance} in 100."


def _on(knowledge: Knowledge, advice: Advice) -> Iterator[str]:
    """Say what one is ready for, and the next step."""
    yield from advice_standing(knowledge, advice)
    yield from (f"{NOW} {lowered(first)}" for first in advice_now(knowledge, advice)[:1])
    yield from advice_now(knowledge, advice)[1:]


def advice_standing(knowledge: Knowledge, advice: Advice) -> Iterator[str]:
    """Say what one is ready for, and what that means."""
    wanted = knowledge.roles[advice.wants] if advice.wants else None
    match advice.state:
        case AdviceState.APPLY | AdviceState.ELSEWHERE if wanted and _can(advice):
            yield from _able(knowledge, advice, wanted)
        case AdviceState.GROW | AdviceState.FAR | AdviceState.ELSEWHERE if wanted:
            yield from _not_yet(knowledge, advice, wanted)
        case AdviceState.EITHER:
            able = [knowledge.roles[key].label for key in advice.compared if key in advice.ready_for]
            if able:
                yield f"You are ready for {listed(able)}."
        case _:
            return


def advice_now(knowledge: Knowledge, advice: Advice) -> list[str]:
    """Say what to do this week, as an order, and what comes of it."""
    wanted = knowledge.roles[advice.wants] if advice.wants else None
    match advice.state:
        case AdviceState.APPLY | AdviceState.ELSEWHERE if wanted and _can(advice):
            return [_step_of_able(knowledge, advice, wanted)]
        case AdviceState.GROW | AdviceState.FAR | AdviceState.ELSEWHERE if wanted:
            return list(_first_step(knowledge, advice, _toward(knowledge, advice, wanted)))
        case AdviceState.EITHER:
            return []
        case _:
            names = [knowledge.trait_name(trait) for trait in advice.unknown[:FEW]]
            about = f" about {listed(names)}" if names else ""
            return [f"Answer the questions{about} too; then it can be said what to do."]


def _toward(knowledge: Knowledge, advice: Advice, wanted: Role) -> Role:
    return knowledge.roles[advice.next] if advice.next else wanted


def _able(knowledge: Knowledge, advice: Advice, wanted: Role) -> Iterator[str]:
    """Say to somebody who can do what they want what it means."""
    yield from _shown(knowledge, advice, wanted)
    after = knowledge.roles[advice.after] if advice.after else None
    if advice.present == wanted.key:
        if after:
            yield f"If you want more one day, the role after it is {after.name}."
        return
    present = knowledge.roles[advice.present] if advice.present else None
    if present is not None:
        yield from _beside_present(knowledge, advice, present, wanted)
    if after and after is not present:
        yield f"After it comes {after.name}."


def _step_of_able(knowledge: Knowledge, advice: Advice, wanted: Role) -> str:
    """Say to somebody who can do what they want what to do about it."""
    if advice.present == wanted.key:
        return "Tell your manager that this is the work you want to keep and grow in."
    present = knowledge.roles[advice.present] if advice.present else None
    known = {gate.way for gate in present.gates} if present else set()
    unknown = [must.text for must in advice.must_haves if must.met is None and must.way not in known]
    if advice.step == "back":
        return f"Ask somebody who is {with_article(wanted.label)} what you would gain and miss by the change."
    if advice.over_present is not None and advice.over_present < AT_LEAST[Certainty.LEANING]:
        return f"Ask somebody who is {with_article(wanted.label)} how their week differs from yours."
    if unknown:
        return f"Look for proof that {_that(unknown[0])}, as your answers do not tell."
    return f"Tell your manager, or whoever hires for it, that you want to be {with_article(wanted.label)}."


def _beside_present(knowledge: Knowledge, advice: Advice, present: Role, wanted: Role) -> Iterator[str]:
    """Say what a role means to somebody who has another one."""
    if advice.step == "sideways":
        yield f"It is a step sideways from your job today, {present.label}."
    elif advice.step == "back":
        many = "several steps" if present.rank - wanted.rank >= SEVERAL else "a step"
        yield f"It is {many} back from your job today, {present.label}; only you can say if it is worth that."
    if advice.step != "up":
        yield from _pay(present, wanted)
    yield from _over_present(advice, present)


def _over_present(advice: Advice, present: Role) -> Iterator[str]:
    """Say whether what is wanted suits somebody better than what they are, where that was not compared."""
    if present.key not in advice.compared and advice.over_present is not None:
        job = f"your job today, {present.label}"
        if advice.over_present >= AT_LEAST[Certainty.LEANING]:
            yield f"It also suits you better than {job}."
        elif advice.wants in advice.ready_for:
            yield f"You could do it now, but your answers do not show whether it suits you better than {job}."
        else:
            yield f"Your answers do not show whether it suits you better than {job}."


def _shown(knowledge: Knowledge, advice: Advice, wanted: Role) -> Iterator[str]:
    """Say how much of the skills of a role somebody shows, and which of them count most."""
    if advice.readiness is None:
        return
    best = [knowledge.trait_name(reason.trait) for reason in advice.reasons.brings[:2]]
    above = f", above all {listed(best)}" if best and advice.step in (None, "up") else ""
    yield f"You show {_share(advice.readiness)} of the skills that {with_article(wanted.label)} needs{above}."


def _share(readiness: float) -> str:
    return next(words for least, words in SHARES if readiness >= least)


def _not_yet(knowledge: Knowledge, advice: Advice, wanted: Role) -> Iterator[str]:
    """Say to somebody who is not ready what is there, what is missing, and where to begin."""
    missing = [must.text for must in advice.must_haves if must.met is False]
    if advice.readiness is not None:
        some = f"{_share(advice.readiness)} of the skills that {with_article(wanted.label)} needs"
        joined = ", but" if advice.readiness >= HALF else ", and"
        rest = f"{joined} {_missing(missing)}" if missing else "."
        if advice.state is AdviceState.ELSEWHERE:
            yield "You are not quite ready for it yet."
        yield f"You show {some}{rest}"
    elif missing:
        yield f"But {_missing(missing)}"
    present = knowledge.roles.get(advice.present or "")
    toward = _toward(knowledge, advice, wanted)
    over = [*_over_present(advice, present)] if present and advice.state is AdviceState.ELSEWHERE else []
    yield from over
    if advice.fits_today == advice.present and present is not None:
        job = "that job" if over else f"your job today, {present.label},"
        yield f"Until then, {job} fits what you can do."
    elif present is None and advice.fits_today is None:
        yield "You are not ready for a first job in this field yet; you can learn what it asks for."
    elif advice.fits_today != toward.key and toward is wanted:
        yield from _ready_today(knowledge, advice)
    if toward is not wanted:
        yield from _way(knowledge, advice, toward)
    if advice.opens:
        yield "Had you done that, it would be open to you."
    skill = advice.work_on if advice.to_level and _begins_with_skill(knowledge, advice, toward) else None
    if skill and rise_of(knowledge, skill, advice.to_level or 0):
        yield f"Your biggest gap is {knowledge.trait_name(skill)}."


def _ready_today(knowledge: Knowledge, advice: Advice) -> Iterator[str]:
    """Say what somebody can do today, if that is not below what they are."""
    present, today = (knowledge.roles.get(key or "") for key in (advice.present, advice.fits_today))
    if today not in (None, present) and (present is None or today.rank >= present.rank):
        yield f"You are ready for {today.name} today."


def _way(knowledge: Knowledge, advice: Advice, toward: Role) -> Iterator[str]:
    """Say which jobs lead to what is wanted, and which of them one can do today."""
    begins = advice.route.index(toward.key) if toward.key in advice.route else len(advice.route)
    way = [toward.key, *advice.route[begins + 1 :]]
    present = knowledge.roles.get(advice.present or "")
    names = [knowledge.roles[key].label for key in way]
    then = ", then ".join(names if present else [toward.name, *names[1:]])
    start = f", from {present.label}" if present else ""
    yield f"One usual way there by jobs{start}: {then}."
    if toward.key == advice.fits_today:
        yield f"You are ready for the first of them, {toward.name}, today."
    elif present is not None or advice.fits_today is not None:
        yield from _ready_today(knowledge, advice)
    if advice.rival in way:
        yield f"{knowledge.roles[advice.rival].label} is a stop on the way, even if you would like it less."


def _begins_with_skill(knowledge: Knowledge, advice: Advice, toward: Role) -> bool:
    """Tell whether what to do this week is about the skill that one lacks most."""
    is_new = not advice.present and advice.fits_today is None
    return bool(
        advice.work_on
        and advice.fits_today != toward.key
        and not is_new
        and advice.begin_with not in knowledge.ways
    )


def _first_step(knowledge: Knowledge, advice: Advice, toward: Role) -> Iterator[str]:
    """Say what to do this week to get closer to a role."""
    way = knowledge.ways.get(advice.begin_with or "")
    rise = rise_of(knowledge, advice.work_on, advice.to_level) if advice.work_on and advice.to_level else None
    if advice.fits_today == toward.key:
        aim = f", on the way to {knowledge.roles[advice.wants].label}" if advice.wants else ""
        yield f"Tell your manager, or whoever hires for it, that you want to be {with_article(toward.label)}{aim}."
    elif advice.work_on and not advice.present and advice.fits_today is None:
        yield f"Read three advertisements for {with_article(toward.label)} and note what all of them ask for."
        yield f"Then learn {knowledge.trait_name(advice.work_on)} first, your biggest gap."
    elif way is not None:
        yield way.actions[0].text
    elif rise is not None and advice.work_on:
        yield rise.actions[0].text
    elif advice.work_on:
        yield f"Begin with {knowledge.trait_name(advice.work_on)}, your biggest gap for {toward.label}."


def _missing(texts: Sequence[str]) -> str:
    """Say which must-haves are missing."""
    if all(text.startswith("Has ") for text in texts):
        return f"you have not yet {listed([text.removeprefix('Has ').removesuffix('.') for text in texts], 'or')}."
    return f"you {listed([_not_yet_shown(text.removesuffix('.')) for text in texts])}."


def _that(text: str) -> str:
    """Say a must-have in short, as what is to be shown."""
    short = text.removesuffix(".").partition(", ")[0]
    for begins, instead in (("Has ", "you have "), ("Is ", "you are ")):
        if short.startswith(begins):
            return instead + short.removeprefix(begins)
    return f"this holds: {lowered(short)}"


def _not_yet_shown(text: str) -> str:
    for begins, instead in (("Has ", "have not yet "), ("Is ", "are not yet ")):
        if text.startswith(begins):
            return instead + text.removeprefix(begins)
    return f"do not show this: {lowered(text)}"


def _pay(present: Role, wanted: Role) -> Iterator[str]:
    """Say where pay begins in postings for two roles, where both were counted alike."""
    one, other = lowest_pay(present), lowest_pay(wanted)
    if one and other and (one.year, one.unit) == (other.year, other.unit):
        pay = f"{pay_text(other)} for {with_article(wanted.label)}"
        yield f"Pay in postings starts at {pay}, and at {pay_text(one)} for {with_article(present.label)}."


def deciding_lines(knowledge: Knowledge, result: Assessment, advice: Advice) -> Iterator[str]:
    """Say which wishes would decide between the two roles: where these differ and one is in the middle."""
    one, other = (knowledge.roles[key] for key in advice.compared if key in advice.leading)
    means = {belief.trait: belief.mean for belief in result.beliefs}
    gaps = {
        trait: abs(one.offers[trait].level - other.offers[trait].level)
        * min(one.offers[trait].weight, other.offers[trait].weight)
        / (1 + abs(means[trait] - (one.offers[trait].level + other.offers[trait].level) / 2))
        for trait in one.offers
        if trait in other.offers
    }
    ranked = sorted(gaps, key=lambda trait: -gaps[trait])
    # One wish for each of the two roles, where there is one.
    for role, rival in ((one, other), (other, one)):
        found = (trait for trait in ranked if role.offers[trait].level > rival.offers[trait].level)
        if (trait := next(found, None)) is not None:
            yield f"{knowledge.drives[trait].name}: the more you want of it, the more {role.label} suits you."
