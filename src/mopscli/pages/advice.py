"""The advice put into words: what suits somebody, whether they are ready, why, and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mopscli.assessment.advice import HALF, AdviceState
from mopscli.assessment.scoring import AT_LEAST, STRAIGHT_LINING, Certainty
from mopscli.page import Block, Facts, Heading, Line, NextStep, Paragraph, Title, bullets, claim_lines
from mopscli.pages.phrases import lowered, percent
from mopscli.person.advice import make_advice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from mopscli.assessment.advice import Advice, Reason
    from mopscli.assessment.verdict import Assessment
    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Drive, Figure, Role, Skill
    from mopscli.person.person import Person

# How a role's level of a drive is said, from the highest level on that a word holds for.
MUCH, SOME = 4, 3
# How much of the skills somebody shows, by the readiness from which on a word holds. A judgment.
SHARES = ((85, "nearly all"), (65, "most"), (45, "about half"), (25, "some"), (-100, "few"))
# The widths of a scale from 0 to 5.
STEPS = 16
YOU = "\N{BLACK CIRCLE}"
FEW = 4
SEVERAL = 3
# A remark behind a scale is left out where it does not fit on the line.
SHORT = 36
# What shows a saved assessment again.
SAVED = "mops result"
LOWEST_PAY = "Lowest pay offered, median"
REDO = "Answer them again and read each one, or say that it does not apply."


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
            return f"{wanted.name} is what you want, as a goal for later"
        case AdviceState.ELSEWHERE if wanted:
            return f"{wanted.name} would suit you better than {_listed([role.label for role in roles], 'or')}"
        case AdviceState.EITHER:
            leading = [knowledge.roles[key].name for key in advice.compared if key in advice.leading]
            return f"{_listed(leading, 'or')}: what you like does not decide it"
        case _ if wanted:
            return f"You want {wanted.name}; whether you are ready is not known yet"
        case _:
            return "Too little is known yet to advise you"


def advice_sentences(knowledge: Knowledge, advice: Advice) -> tuple[str, ...]:
    """Say the advice: what it is, how sure, ready or not, and the next step."""
    return (f"{advice_title(knowledge, advice)}.", *_how_sure(knowledge, advice), *_on(knowledge, advice))


def advice_blocks(knowledge: Knowledge, result: Assessment, advice: Advice) -> list[Block]:
    """Tell the advice on one screen: what suits, how sure, ready or not, the strongest reasons, the next step."""
    same = sum(remark.kind == STRAIGHT_LINING for remark in result.quality) and sum(
        belief.answers for belief in result.beliefs if belief.trait in knowledge.drives
    )
    sentences = [*_how_sure(knowledge, advice), *_on(knowledge, advice)]
    blocks: list[Block] = [Title(advice_title(knowledge, advice, same))]
    if same and advice.wants is None:
        blocks.append(
            Paragraph(Line("Statements for and against a wish call for different answers. " + REDO))
        )
        return blocks
    blocks.append(Paragraph(Line(" ".join(sentences))))
    if advice.state is AdviceState.EITHER:
        blocks += bullets("What would decide", tuple(map(Line, _deciding(knowledge, result, advice))))
        tries = (
            (knowledge.roles[key].label, knowledge.roles[key].tasks[:1])
            for key in advice.compared
            if key in advice.leading
        )
        rows = tuple((label, claim_lines(tasks)) for label, tasks in tries if tasks)
        blocks += [Heading("Try both where you are, for a quarter"), Facts(rows)] if rows else []
    if advice.reasons.likes and advice.wants and advice.rival:
        pair = knowledge.roles[advice.wants], knowledge.roles[advice.rival]
        why = _reason_facts(knowledge, result, advice.reasons.likes, pair)
        blocks += [Heading("Why"), Paragraph(Line(_key(pair)), quiet=True), why]
    return blocks


def advice_steps(advice: Advice, again: str, *, everything: bool, same: bool) -> Iterator[NextStep]:
    """Yield what to do next, the most fitting first; `again` is the command that shows the result again."""
    if same and advice.wants is None:
        yield NextStep("mops assess", "answers again, with the statements read one by one")
        return
    unknown = advice.state is AdviceState.UNKNOWN
    if unknown and again == SAVED:
        yield NextStep("mops assess --continue", "answers what is not known yet")
    elif unknown:
        yield NextStep("mops questions", "lists the questions that are left, too")
    if advice.wants and not unknown:
        here = advice.present == advice.wants
        about = "your case, and what comes after" if _can(advice) else "your plan: what to do, step by step"
        yield NextStep(
            f"mops plan {advice.wants}", "how to grow in this job" if here else about, answered=True
        )
    elif not unknown:
        yield NextStep(f"mops compare {' '.join(advice.compared)}", "the two side by side")
    if not everything:
        yield NextStep(f"{again} --all", "how this came about", answered=True)


def _can(advice: Advice) -> bool:
    return advice.wants in advice.ready_for


def advice_details(knowledge: Knowledge, result: Assessment, advice: Advice) -> Iterator[Block]:
    """Tell what speaks against what is wanted, what one brings, what one lacks, and the must-haves."""
    if not advice.wants or not advice.rival:
        return
    wanted, rival = knowledge.roles[advice.wants], knowledge.roles[advice.rival]
    if advice.reasons.dislikes:
        yield Heading(f"What you may not like as {_a(wanted.label)}")
        yield _reason_facts(knowledge, result, advice.reasons.dislikes, (wanted, rival))
    yield from bullets(
        f"What you bring to {wanted.label}",
        tuple(Line(_skill_text(knowledge, reason)) for reason in advice.reasons.brings),
    )
    yield from bullets(
        f"What {wanted.label} asks for beyond it",
        tuple(Line(_lack_text(knowledge, wanted, reason)) for reason in advice.reasons.lacks),
    )
    said = {True: "met", False: "not met", None: "your answers do not tell"}
    musts = tuple(
        (said[must.met].capitalize(), (Line(must.text, must.source),)) for must in advice.must_haves
    )
    if musts:
        yield from (Heading(f"Must-haves of {wanted.label}"), Facts(musts))


# --- Sentences ------------------------------------------------------------------------------------


def _how_sure(knowledge: Knowledge, advice: Advice) -> Iterator[str]:
    """Say how sure it is what somebody wants."""
    if advice.wants is None or advice.rival is None or advice.wants_probability is None:
        return
    wanted = knowledge.roles[advice.wants].label
    others = [knowledge.roles[key].label for key in advice.compared if key != advice.wants]
    rivals = (
        _listed(others, "or")
        if advice.state is AdviceState.ELSEWHERE
        else knowledge.roles[advice.rival].label
    )
    if advice.certainty is Certainty.CLEAR:
        yield f"Your wishes point clearly to {wanted} rather than {rivals}."
    else:
        chance = percent(advice.wants_probability)
        yield f"Your wishes lean to {wanted} rather than {rivals}, with a chance of {chance} in 100."


def _on(knowledge: Knowledge, advice: Advice) -> Iterator[str]:
    """Say what one is ready for, and the next step."""
    wanted = knowledge.roles[advice.wants] if advice.wants else None
    match advice.state:
        case AdviceState.APPLY | AdviceState.ELSEWHERE if wanted and _can(advice):
            yield from _able(knowledge, advice, wanted)
        case AdviceState.GROW | AdviceState.FAR | AdviceState.ELSEWHERE if wanted:
            yield from _not_yet(knowledge, advice, wanted)
        case AdviceState.EITHER:
            able = [knowledge.roles[key].label for key in advice.compared if key in advice.ready_for]
            if able:
                yield f"You are ready for {_listed(able)}."
        case _:
            yield from _unknown(knowledge, advice)


def _able(knowledge: Knowledge, advice: Advice, wanted: Role) -> Iterator[str]:
    """Say to somebody who can do what they want what it means, and what to do about it."""
    yield from _shown(knowledge, advice)
    present = knowledge.roles[advice.present] if advice.present else None
    if present is wanted:
        if advice.after:
            yield f"If you want more, the role after it is {knowledge.roles[advice.after].name}."
        return
    if present is not None and advice.step != "up":
        if advice.step == "sideways":
            yield f"It is a step sideways from {present.label}."
        else:
            many = "several steps" if present.rank - wanted.rank >= SEVERAL else "a step"
            yield f"It is {many} back in rank from {present.label}; only you can say whether it is worth that."
        yield from _pay(present, wanted)
    if present is not None and present.key not in advice.compared and advice.over_present is not None:
        sure = advice.over_present >= AT_LEAST[Certainty.LEANING]
        yield (
            f"By your wishes it also suits you better than being {_a(present.label)}."
            if sure
            else f"Whether it suits you better than being {_a(present.label)}, your wishes do not tell."
        )
    unknown = [must.text for must in advice.must_haves if must.met is None]
    if unknown:
        yield f"Check first, as your answers do not tell, {_whether(unknown[0].removesuffix('.'))}."
    else:
        yield "Talk to the person who would hire for this job."
    if advice.after:
        yield f"The role after it is {knowledge.roles[advice.after].name}."


def _shown(knowledge: Knowledge, advice: Advice) -> Iterator[str]:
    """Say how much of the skills of a role somebody shows, and which of them count most."""
    if advice.readiness is None:
        return
    most = _share(advice.readiness)
    best = [knowledge.trait_name(reason.trait) for reason in advice.reasons.brings[:2]]
    above = f", above all {_listed(best)}" if best else ""
    yield f"You show {most} of the skills that it asks for{above}."


def _share(readiness: float) -> str:
    return next(words for least, words in SHARES if readiness >= least)


def _not_yet(knowledge: Knowledge, advice: Advice, wanted: Role) -> Iterator[str]:
    """Say to somebody who is not ready what is there, what is missing, and where to begin."""
    missing = [must.text for must in advice.must_haves if must.met is False]
    if advice.readiness is not None:
        most = _share(advice.readiness)
        joined = ", but" if advice.readiness >= HALF else ", and"
        rest = f"{joined} {_missing(missing)}" if missing else "."
        yield f"You show {most} of the skills that it asks for{rest}"
    elif missing:
        yield f"But {_missing(missing)}"
    if advice.fits_today == advice.present and advice.present:
        yield "The job that you have now fits what you can do today."
    elif advice.fits_today:
        yield f"You are ready for {knowledge.roles[advice.fits_today].name} today."
    if advice.next and advice.next != wanted.key:
        beyond = advice.route[advice.route.index(advice.next) + 1 :] if advice.next in advice.route else ()
        then = "".join(f", then {knowledge.roles[key].label}" for key in beyond)
        yield f"The way there by jobs: {knowledge.roles[advice.next].name}{then}."
        if advice.rival in beyond:
            rival = knowledge.roles[advice.rival or ""].label
            yield f"{rival} is a step on it, even if you would like it less."
    if advice.opens:
        yield "Had you done that, it would be open to you."
    if missing:
        yield "Begin with what you have not yet done; your plan says how."
    elif advice.work_on:
        yield f"The largest gap is in {knowledge.trait_name(advice.work_on)}; your plan says how to close it."


def _missing(texts: Sequence[str]) -> str:
    """Say which must-haves are missing."""
    return f"you {_listed([_not_yet_shown(text.removesuffix('.')) for text in texts])}."


def _whether(text: str) -> str:
    """Ask for a must-have in short."""
    short = text.partition(", ")[0]
    for begins, instead in (("Has ", "whether you have "), ("Is ", "whether you are ")):
        if short.startswith(begins):
            return instead + short.removeprefix(begins)
    return f"this: {lowered(short)}"


def _not_yet_shown(text: str) -> str:
    for begins, instead in (("Has ", "have not yet "), ("Is ", "are not yet ")):
        if text.startswith(begins):
            return instead + text.removeprefix(begins)
    return f"do not show this: {lowered(text)}"


def _unknown(knowledge: Knowledge, advice: Advice) -> Iterator[str]:
    names = [knowledge.trait_name(trait) for trait in advice.unknown[:FEW]]
    about = f" about {_listed(names)}" if names else ""
    yield f"A few more answers{about} would tell what to advise you."


def _pay(present: Role, wanted: Role) -> Iterator[str]:
    """Say where pay begins in postings for two roles, where both were counted alike."""
    one, other = (
        next((figure for figure in role.market if figure.measure == LOWEST_PAY), None)
        for role in (present, wanted)
    )
    if one and other and (one.year, one.unit) == (other.year, other.unit):
        yield f"Pay in postings begins at {_amount(other)} for it, and at {_amount(one)} for {_a(present.label)}."


def _amount(figure: Figure) -> str:
    if figure.value is not None:
        return f"about ${figure.value:,.0f}"
    return f"${figure.low:,.0f} to ${figure.high:,.0f}"


def _deciding(knowledge: Knowledge, result: Assessment, advice: Advice) -> Iterator[str]:
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


# --- Reasons --------------------------------------------------------------------------------------


def _key(pair: tuple[Role, Role]) -> str:
    one, other = (f"{letter} {role.label}" for role, letter in zip(pair, _letters(pair), strict=True))
    return f"{YOU} what you want, {one}, {other}; 0 is none of it, 5 a great deal"


def _letters(pair: tuple[Role, Role]) -> tuple[str, str]:
    """Return a letter for each of two roles; the second is small if both begin alike."""
    one, other = (role.label[:1] for role in pair)
    return one, other.lower() if one == other else other


def _reason_facts(
    knowledge: Knowledge, result: Assessment, reasons: Sequence[Reason], pair: tuple[Role, Role]
) -> Facts:
    return Facts(
        tuple(
            (knowledge.trait_name(reason.trait), _reason_lines(knowledge, result, reason, pair))
            for reason in reasons
        )
    )


def _reason_lines(
    knowledge: Knowledge, result: Assessment, reason: Reason, pair: tuple[Role, Role]
) -> tuple[Line, ...]:
    """Say what one likes or not, and draw it beside what two roles have of it."""
    drive = knowledge.drives[reason.trait]
    mean = next(belief.mean for belief in result.beliefs if belief.trait == reason.trait)
    marks = [(mean, YOU)] + [
        (float(role.offers[reason.trait].level), letter)
        for role, letter in zip(pair, _letters(pair), strict=True)
        if reason.trait in role.offers
    ]
    phrase = drive.much if reason.much else drive.little
    there = _there(reason.trait, pair)
    drawn = f"{scale(marks)}  {there}" if len(there) <= SHORT else scale(marks)
    return (*((Line(phrase),) if phrase else ()), Line(drawn))


def _there(trait: str, pair: tuple[Role, Role]) -> str:
    """Say how much two roles have of something."""
    words = {role.label: _amount_word(role.offers[trait].level) for role in pair if trait in role.offers}
    if len(set(words.values())) == 1 and len(words) > 1:
        return f"{next(iter(words.values()))} in both"
    return ", ".join(f"{word} in {label}" for label, word in words.items())


def _amount_word(level: int) -> str:
    return "a lot" if level >= MUCH else "some" if level >= SOME else "little"


def scale(marks: Sequence[tuple[float, str]]) -> str:
    """Draw marks on a line from 0 to 5, the first one on top where two meet."""
    cells = ["\N{BOX DRAWINGS LIGHT HORIZONTAL}"] * (STEPS + 1)
    for level, mark in reversed(marks):
        cells[round(min(max(level, 0.0), 5.0) / 5 * STEPS)] = mark
    return f"0 {''.join(cells)} 5"


def _skill_text(knowledge: Knowledge, reason: Reason) -> str:
    skill: Skill | Drive = knowledge.skills[reason.trait]
    return f"{skill.name}: {skill.much}" if skill.much else skill.name


def _lack_text(knowledge: Knowledge, wanted: Role, reason: Reason) -> str:
    skill = knowledge.skills[reason.trait]
    marker = skill.markers.get(wanted.requires[reason.trait].level, "")
    return f"{skill.name}: {marker}" if marker else skill.name


def _a(label: str) -> str:
    return f"{'an' if label[:1].upper() in 'AEIO' else 'a'} {label}"


def _listed(names: Sequence[str], word: str = "and") -> str:
    """Return names as one says them: a, b and c."""
    *first, last = names
    return f"{', '.join(first)} {word} {last}" if first else last
