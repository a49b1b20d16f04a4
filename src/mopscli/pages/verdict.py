"""Pages about a verdict: what it is and why, what other levels would make of it, and two views of one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mopscli.assessment.scoring import STRAIGHT_LINING, Certainty
from mopscli.page import (
    Block,
    Facts,
    Gauge,
    Heading,
    Line,
    Measure,
    NextStep,
    Page,
    Paragraph,
    Title,
    bullets,
)
from mopscli.pages.advice import SAVED, advice_blocks, advice_details, advice_steps
from mopscli.pages.phrases import counted, from_to, percent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from mopscli.assessment.norms import Stand, Stands
    from mopscli.assessment.remarks import Remark
    from mopscli.assessment.verdict import Assessment, Contribution, Gap, RoleFit, Verdict
    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Role
    from mopscli.person.change import Changes, TraitShift

RANGES_NOTE = "From 0 to 100. The range behind “between” shows how sure this is: the wider, the less sure."
GAPS = 6
LARGE = 0.5
# A trait that moves a lead by less, in points, makes no difference.
NOTICED = 0.05
TURNS = 5
# How many traits are put beside those of a group, and in how much of it one may be anywhere.
STANDS = 5
WIDEST = 0.6


def assessment_page(
    knowledge: Knowledge,
    result: Assessment,
    explain: bool,
    everything: bool = True,
    again: str = SAVED,
) -> Page:
    """Tell the advice on one screen, and with `everything` or `explain` what it rests on."""
    if not result.answered:
        steps = (
            NextStep("mops assess", "asks one after the other"),
            NextStep("mops questions", "lists them all"),
        )
        nothing = Paragraph(Line(f"You have answered none of the {result.questions} questions."))
        return Page((Title("Nothing is decided yet"), nothing), next=steps, personal=True)
    advice = result.advice
    if advice is None:
        blocks: list[Block] = [Title(verdict_title(knowledge, result))]
        blocks += map(Paragraph, verdict_lines(knowledge, result))
    else:
        blocks = advice_blocks(knowledge, result, advice)
        if advice.wants is not None:
            odd = [remark for remark in result.quality if remark.kind == STRAIGHT_LINING]
            blocks += [Paragraph(_remark_line(knowledge, remark)) for remark in odd]
    if everything or explain:
        blocks += assessment_details(knowledge, result, explain)
    return Page(
        tuple(blocks),
        knowledge.sources,
        tuple(_assessment_next(result, again)),
        personal=True,
        accents=knowledge.accents(),
        more="" if everything or explain else f"{again} --all",
        abridged=True,
    )


def assessment_details(knowledge: Knowledge, result: Assessment, explain: bool = False) -> Iterator[Block]:
    """Tell what a verdict rests on."""
    if result.advice is not None:
        yield from advice_details(knowledge, result, result.advice)
    yield from _fits(knowledge, result)
    if result.advice is not None:
        yield from map(Paragraph, answered_lines(result))
    if explain and result.advice is not None:
        yield from (
            Heading("Wishes and skills in one figure"),
            Paragraph(_one_figure(knowledge, result.verdict)),
        )
    if explain or result.advice is None:
        yield from _speaking(knowledge, result)
    best = knowledge.roles[result.verdict.role]
    gaps = tuple(
        (knowledge.trait_name(gap.trait), (Line(_gap_text(knowledge, gap)),)) for gap in result.gaps[:GAPS]
    )
    if gaps and (explain or result.advice is None):
        yield from (Heading(f"What {best.label} asks for beyond what you have"), Facts(gaps))
    if explain or result.advice is None:
        yield from _would_change(knowledge, result)
    if result.norms is not None:
        yield from _beside_group(knowledge, result.norms, explain)
    yield from bullets(
        "About your answers", tuple(_remark_line(knowledge, remark) for remark in result.quality)
    )
    if explain:
        yield from _explanation(knowledge, result)


def verdict_title(knowledge: Knowledge, result: Assessment) -> str:
    """Say a verdict in one sentence."""
    role, rival = knowledge.roles[result.verdict.role], knowledge.roles[result.verdict.rival]
    if result.verdict.word == Certainty.UNDECIDED:
        return f"{Certainty.UNDECIDED.capitalize()} between {role.name} and {rival.name}"
    return f"{role.name} suits you better than {rival.name}"


def verdict_lines(knowledge: Knowledge, result: Assessment) -> Iterator[Line]:
    """Say how sure a verdict is, and what it rests on."""
    verdict = result.verdict
    role, rival = knowledge.roles[verdict.role], knowledge.roles[verdict.rival]
    chance = f"{percent(verdict.probability)} in 100 that {role.label} suits you better than {rival.label}"
    if verdict.word == Certainty.CLEAR:
        yield Line(f"This is {verdict.word}: the chances are {chance}.")
    elif verdict.word == Certainty.LEANING:
        yield Line(f"This is a {verdict.word}, not more: the chances are {chance}.")
    else:
        yield Line(
            f"The chances are {chance}, so both are open to you. Let the work decide: ask whose days you would "
            "rather have, and what postings near you mean by the titles."
        )
    yield from answered_lines(result)


def _one_figure(knowledge: Knowledge, verdict: Verdict) -> Line:
    """Say how two fits compare, wishes and skills taken together."""
    role, rival = knowledge.roles[verdict.role].label, knowledge.roles[verdict.rival].label
    chance = percent(verdict.probability)
    return Line(
        f"Taken together they speak for {role} against {rival}, {verdict.word}: the chances that its fit is the "
        f"better one are {chance} in 100. A fit does not tell whether one is ready."
    )


def answered_lines(result: Assessment) -> Iterator[Line]:
    """Say how much was answered, and what the figures rest on."""
    verdict = result.verdict
    left = result.questions - result.answered
    rest = f" The other {left} would change the verdict with a chance of {percent(verdict.flip_risk)} in 100."
    told = rest if left and result.advice is None else ""
    yield Line(
        f"You answered {result.answered} of the {result.questions} questions that count toward the result.{told}"
    )
    yield Line("The figures rest on what you say of yourself, and on levels and weights that are judgments.")


def _fits(knowledge: Knowledge, result: Assessment) -> Iterator[Block]:
    asked = {belief.trait for belief in result.beliefs if belief.answers}
    rows = [row for fit in result.roles for row in _measures(knowledge.roles[fit.key], fit, asked)]
    if rows:
        yield from (Heading("How well each role suits you"), Gauge(tuple(rows), RANGES_NOTE))
    # The advice has told those of the role that is wanted.
    told = result.advice.wants if result.advice else None
    for fit in result.roles:
        if fit.key == told:
            continue
        heading = f"Must-haves of {knowledge.roles[fit.key].label} that your answers do not show"
        yield from bullets(heading, tuple(map(Line, fit.gates_unmet)))


def _measures(role: Role, fit: RoleFit, asked: Collection[str]) -> Iterator[Measure]:
    """Yield what the answers say of a role; nothing of what was not asked about."""
    parts = [
        (words, points)
        for words, points, traits in (
            ("could you do it", fit.readiness, role.requires),
            ("would you want it", fit.enjoyment, role.offers),
        )
        if points is not None and any(trait in asked for trait in traits)
    ]
    if len(parts) == sum(points is not None for points in (fit.readiness, fit.enjoyment)):
        yield Measure(role.label, fit.fit, f"{fit.fit:.0f}, between {fit.low:.0f} and {fit.high:.0f}")
        yield from (Measure(words, points, f"{points:.0f}", nested=True) for words, points in parts)
    else:
        yield from (Measure(f"{role.label}: {words}", points, f"{points:.0f}") for words, points in parts)


def _speaking(knowledge: Knowledge, result: Assessment) -> Iterator[Block]:
    """Tell what speaks for each of the first two roles; together that is exactly the difference of their fits."""
    roles = [knowledge.roles[key] for key in result.between[:2]]
    for role, sign in zip(roles, (1, -1), strict=True):
        parts = [part for part in result.contributions if sign * part.delta > 0]
        large = [part for part in parts if abs(part.delta) >= LARGE]
        rows = [(knowledge.trait_name(part.trait), (_points_line([part]),)) for part in large]
        if small := parts[len(large) :]:
            rows.append((f"{len(small)} more together", (_points_line(small),)))
        if rows:
            other = next(some for some in roles if some is not role)
            yield Heading(f"What speaks for {role.label} against {other.label}: {_points_line(parts).text}")
            yield Facts(tuple(rows))


def _points_line(parts: Iterable[Contribution]) -> Line:
    return Line(f"{sum(abs(part.delta) for part in parts):.1f} points")


def _gap_text(knowledge: Knowledge, gap: Gap) -> str:
    marker = knowledge.skills[gap.trait].markers.get(gap.needed)
    asked = f"level {gap.level:.1f}, and it asks for {gap.needed}"
    return f"{asked}: {marker}" if marker else asked


def _would_change(knowledge: Knowledge, result: Assessment) -> Iterator[Block]:
    yield Heading("What would change this")
    if not result.would_change:
        yield Paragraph(Line("No single trait would; it would take several."))
        return
    yield Facts(
        tuple(
            (
                knowledge.trait_name(turn.trait),
                (Line(f"at level {turn.turns_at:.1f} instead of {turn.level:.1f}"),),
            )
            for turn in result.would_change[:TURNS]
        )
    )


def _beside_group(knowledge: Knowledge, norms: Stands, everything: bool) -> Iterator[Block]:
    """Tell where one stands in a group: the fits, and the traits that are farthest from its middle."""
    narrow = [stand for stand in norms.traits if stand.high - stand.low <= WIDEST]
    farthest = sorted(narrow, key=lambda stand: -abs(stand.below - 0.5))[:STANDS]
    rows = [
        (f"Fit for {knowledge.roles[stand.about].label}", (Line(_stand_text(stand)),))
        for stand in norms.roles
    ]
    rows += [
        (knowledge.trait_name(stand.about), (Line(_stand_text(stand)),))
        for stand in (norms.traits if everything else farthest)
    ]
    if rows:
        people = max(stand.people for stand in (*norms.roles, *norms.traits))
        group = f"the {people:,} {norms.group or 'people'} who answered"
        counted_on = f"Counted {norms.date}. " if norms.date else ""
        note = f"{counted_on}The range in brackets is where you may be, in 90 of 100 cases."
        yield from (Heading(f"Beside {group}"), Facts(tuple(rows)), Paragraph(Line(note), quiet=True))


def _stand_text(stand: Stand) -> str:
    tenths, low, high = (round(10 * share) for share in (stand.below, stand.low, stand.high))
    said = {0: "lower than nearly all", 10: "higher than nearly all"}.get(
        tenths, f"higher than {tenths} in 10"
    )
    return f"{said} ({low} to {high})"


def _remark_line(knowledge: Knowledge, remark: Remark) -> Line:
    name = f"{knowledge.trait_name(remark.trait)}: " if remark.trait else ""
    return Line(f"{name}{remark.text} Trust the result less, and look at these answers again.")


def _explanation(knowledge: Knowledge, result: Assessment) -> Iterator[Block]:
    yield Heading("The numbers behind")
    rows = tuple(
        (
            knowledge.trait_name(belief.trait),
            (Line(f"m = {belief.mean:.2f}, s = {belief.sd:.2f}, answers: {belief.answers}"),),
        )
        for belief in result.beliefs
    )
    yield Paragraph(
        Line(
            "m and s are the mean and the standard deviation of what is believed of each trait, in levels: the "
            "posterior of a normal prior. Readiness is 100 minus the expected shortfall (demands-abilities fit), "
            "enjoyment 100 minus the expected mismatch (needs-supplies fit; Edwards 1991, Cable and DeRue 2002). "
            "The range and the probability come by integration over these beliefs. docs/model.md has each formula."
        )
    )
    yield Facts(rows)
    errors = tuple(
        (fit.key, (Line(f"fit {fit.fit:.2f}, standard error {fit.se:.2f}"),)) for fit in result.roles
    )
    yield Facts(errors)


def _assessment_next(result: Assessment, again: str) -> Iterator[NextStep]:
    role, rival, present = result.verdict.role, result.verdict.rival, result.present_role
    if (advice := result.advice) is not None:
        same = any(remark.kind == STRAIGHT_LINING for remark in result.quality)
        yield from advice_steps(advice, again, same=same)
        return
    yield NextStep(f"mops compare {role} {rival}", "the two side by side")
    if present not in (None, role):
        yield NextStep(f"mops path {present} {role}", "the way from where you are")
    else:
        yield NextStep(f"mops path {role}", "where it leads")
    if result.gaps:
        yield NextStep(
            f"mops skill {result.gaps[0].trait}", "what the next level of your widest gap looks like"
        )


def what_if_page(knowledge: Knowledge, result: Changes) -> Page:
    """Tell the verdict with other levels beside today's, and what moved."""
    before, after = result.one.verdict, result.other.verdict
    blocks: list[Block] = [Title(_moved_title(knowledge, result))]
    said = [(when, (_verdict_line(knowledge, one),)) for when, one in (("Today", before), ("Then", after))]
    blocks += [Facts(tuple(said))]
    blocks += [Heading("How well each role would suit you"), Facts(tuple(_score_rows(knowledge, result)))]
    first, second = (knowledge.roles[key].label for key in result.one.between[:2])
    rows = tuple(
        (knowledge.trait_name(shift.trait), (_shift_line(shift, first, second),)) for shift in result.traits
    )
    if rows:
        blocks += [Heading("What moved"), Facts(rows)]
        note = (
            "Levels run from 0 to 5. They may be a little closer to the average than what you answered, because no "
            "single answer is certain."
        )
        blocks.append(Paragraph(Line(note), quiet=True))
    steps = (NextStep(f"mops plan {after.role}", "how to get there", answered=True),)
    return Page(tuple(blocks), knowledge.sources, steps, personal=True)


def _moved_title(knowledge: Knowledge, result: Changes) -> str:
    before, after = result.one.verdict, result.other.verdict
    same = (before.role, before.word) == (after.role, after.word)
    role, rival = knowledge.roles[after.role].name, knowledge.roles[after.rival].name
    said = {
        Certainty.CLEAR: f"{role}, clearly",
        Certainty.LEANING: f"you lean toward {role}",
        Certainty.UNDECIDED: f"still open between {role} and {rival}",
    }[after.word]
    return f"{'No change' if same else 'This would change the result'}: {said}"


def _score_rows(knowledge: Knowledge, result: Changes) -> Iterator[tuple[str, tuple[Line, ...]]]:
    for score in result.scores:
        parts = (
            ("fit", score.fit),
            ("could you do it", score.readiness),
            ("would you want it", score.enjoyment),
        )
        yield (
            knowledge.roles[score.role].label,
            tuple(
                Line(f"{words}: {pair[0]:.0f} today, {pair[1]:.0f} then")
                for words, pair in parts
                if pair[0] is not None and pair[1] is not None
            ),
        )


def _shift_line(shift: TraitShift, first: str, second: str) -> Line:
    lead = f"speaks for {first if shift.lead > 0 else second}"
    told = lead if abs(shift.lead) >= NOTICED else "makes no difference between the two"
    return Line(f"{from_to(*shift.level)}; {told}")


def views_page(knowledge: Knowledge, result: Changes, names: tuple[str, str]) -> Page:
    """Tell where two views of one person differ by more than noise, and what that does to the verdict."""
    wide = [shift for shift in result.traits if shift.noticeable]
    small = [shift for shift in result.traits if shift.noticeable is False]
    alone = [shift for shift in result.traits if shift.noticeable is None]
    blocks: list[Block] = [Title("Two views of one person")]
    points = counted(len(wide), "point", "points")
    said = f"They clearly differ on {points}." if wide else "They do not clearly differ on anything."
    blocks.append(Paragraph(Line(said)))
    verdicts = zip(names, (result.one.verdict, result.other.verdict), strict=True)
    blocks.append(Facts(tuple((name, (_verdict_line(knowledge, verdict),)) for name, verdict in verdicts)))
    if wide:
        blocks += [Heading("Where they differ"), Facts(tuple(_view_rows(knowledge, wide, names)))]
    if small:
        blocks += [
            Heading("Small differences, which may be chance"),
            Facts(tuple(_view_rows(knowledge, small, names))),
        ]
    if alone:
        skills = ", ".join(knowledge.trait_name(shift.trait) for shift in alone)
        blocks += [Heading("Only one of them answered about"), Paragraph(Line(skills))]
    note = "Levels run from 0 to 5. A clear difference is one that chance alone would seldom make."
    blocks.append(Paragraph(Line(note), quiet=True))
    return Page(tuple(blocks), knowledge.sources, personal=True)


def _verdict_line(knowledge: Knowledge, verdict: Verdict) -> Line:
    return Line(
        f"{knowledge.roles[verdict.role].label} ({verdict.word}): the better fit of the two with a chance of "
        f"{percent(verdict.probability)} in 100"
    )


def _view_rows(
    knowledge: Knowledge, shifts: Sequence[TraitShift], names: tuple[str, str]
) -> Iterator[tuple[str, tuple[Line, ...]]]:
    for shift in shifts:
        one, other = shift.level
        yield (
            knowledge.trait_name(shift.trait),
            (Line(f"{names[0]} {round(one)}, {names[1]} {round(other)}"),),
        )
