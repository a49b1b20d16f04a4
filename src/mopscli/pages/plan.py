"""Pages about one person's way: routes of their own, the development plan, and what moved over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mopscli.assessment.advice import LIKELY
from mopscli.page import (
    Block,
    Bullets,
    Facts,
    Gauge,
    Heading,
    Ladders,
    Line,
    Measure,
    NextStep,
    Page,
    Paragraph,
    Rung,
    Title,
    claim_line,
    claim_lines,
)
from mopscli.pages.phrases import counted, from_to, gain_lines, lowered, percent, route_name, span_text
from mopscli.pages.routes import no_route_page
from mopscli.person.plan import AIM
from mopscli.roles.growth import NO_TIME, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Role
    from mopscli.person.change import GoalState, History, SavedResult
    from mopscli.person.person import Person
    from mopscli.person.plan import Case, MustHaveStep, Plan, PlanStep
    from mopscli.roles.growth import Span
    from mopscli.roles.routes import Route, Routes, Step

IN_FULL = 5
# So many skills are told in brief.
IN_BRIEF = 3
TIME_NOTE = (
    "Each move takes its usual time, or the time you need to learn what is missing, whichever is longer. In "
    "brackets: fast and slow. A plan may show less time, because it stops once you are ready. The times are "
    "judgments."
)
PLAN_AND_WAY = (
    "A way by jobs shows a longer time: it adds the usual years in each job, and closes every gap. A plan stops "
    "once you are ready."
)
CHANCE_NOTE = "The chance reflects only how certain your answers are; life can still change things."


# --- Routes ---------------------------------------------------------------------------------------


def personal_routes_page(
    knowledge: Knowledge, routes: Routes, person: Person, wanted: float, show_all: bool
) -> Page:
    """Draw the fastest routes side by side, and tell the first one, or with `show_all` each, step by step."""
    origin, goal = knowledge.roles[routes.from_], knowledge.roles[routes.to]
    title = Title(f"Your way from {origin.name} to {goal.name}")
    if not routes.routes or routes.routes[0].steps[0].personal is None:
        return no_route_page(knowledge, routes, title)._replace(personal=True)
    ladders = tuple(
        (f"{route_name(number)}: {span_text(route.months)}", tuple(_rungs(knowledge, route)))
        for number, route in enumerate(routes.routes, 1)
    )
    blocks: list[Block] = [title, Ladders(ladders)]
    blocks += [Paragraph(Line(TIME_NOTE), quiet=True), Paragraph(Line(CHANCE_NOTE), quiet=True)]
    for number, route in enumerate(routes.routes if show_all else routes.routes[:1], 1):
        for place, step in enumerate(route.steps, 1):
            start, target = knowledge.roles[step.move.from_], knowledge.roles[step.move.to]
            blocks.append(Heading(f"{route_name(number)}, step {place}: {start.label} to {target.label}"))
            blocks.append(Facts(tuple(_step_rows(knowledge, step, wanted))))
    unknown = [skill for skill in goal.requires if not person.is_known(skill)]
    blocks += _unknown(knowledge, unknown)
    first = NextStep(
        f"mops plan {routes.routes[0].steps[0].move.to}", "what to do for the next role", answered=True
    )
    more = NextStep(f"mops path --to {goal.key} --all", "every route step by step", answered=True)
    steps = (first,) if show_all else (more, first)
    return Page(tuple(blocks), knowledge.sources, steps, personal=True)


def _rungs(knowledge: Knowledge, route: Route) -> Iterator[Rung]:
    """Yield the rungs of a ladder from the top down to where one is."""
    months = NO_TIME
    rungs = [Rung(knowledge.roles[route.steps[0].move.from_].label, "you are here", ())]
    for step in route.steps:
        months = total([months, step.months])
        label = knowledge.roles[step.move.to].label
        rungs.append(Rung(label, f"in {span_text(months)}", tuple(_in_short(step))))
    yield from reversed(rungs)


def _in_short(step: Step) -> Iterator[Line]:
    if step.personal is None:
        return
    gains = counted(len(step.gains), "skill", "skills")
    yield Line(f"{gains} to learn; {len(step.personal.had)} already there")
    if step.personal.gates:
        yield Line(f"must-haves ahead: {len(step.personal.gates)}")
    yield Line(
        f"chance of being ready: {percent(step.personal.chance_now)} in 100 now, "
        f"{percent(step.personal.chance_then)} then"
    )


def _step_rows(knowledge: Knowledge, step: Step, wanted: float) -> Iterator[tuple[str, tuple[Line, ...]]]:
    yield "Why", (claim_line(step.move.why),)
    yield "Time", (Line(span_text(step.months), step.move.months.source),)
    yield "To gain", gain_lines(knowledge, step)
    personal = step.personal
    if personal is None:
        return
    if personal.had:
        yield "You have", (Line(", ".join(knowledge.skills[skill].name for skill in personal.had)),)
    if personal.gates:
        yield "Must-haves", claim_lines(personal.gates)
    chances = (
        f"{percent(personal.chance_now)} in 100 today, {percent(personal.chance_then)} in 100 with these gains "
        f"(ready means {wanted:.0f} of 100)"
    )
    yield "Ready", (Line(chances),)


def _unknown(knowledge: Knowledge, skills: Sequence[str]) -> Iterator[Block]:
    if skills:
        names = ", ".join(knowledge.skills[skill].name for skill in skills)
        yield Paragraph(Line(f"You have not answered about {names}; a middle level stands in for an answer."))


# --- The plan -------------------------------------------------------------------------------------


def plan_brief(knowledge: Knowledge, plan: Plan) -> Page:
    """Tell how long a plan takes, the must-haves and the first skills with what to begin with, or the case."""
    role = knowledge.roles[plan.role]
    blocks: list[Block] = [Title(f"Your {'case' if plan.case else 'plan'} for {role.name}")]
    if plan.case is not None:
        blocks.append(Paragraph(Line("You are ready for it. What you bring, in words to say:")))
        blocks.append(
            Bullets(
                tuple(
                    Line(
                        f"{knowledge.skills[one.skill].name}: {lowered(one.marker)}"
                        if one.marker
                        else one.skill
                    )
                    for one in plan.case.strengths
                )
            )
        )
        blocks += _next_conversation(knowledge, plan.case, role)
    else:
        blocks.append(Paragraph(_in_brief(plan, role.name)))
    if musts := [must for must in plan.must_haves if must.met is False]:
        lines = [Line(f"{must.text.removesuffix('.')}: {_takes(must)}.") for must in musts]
        first = next((must.actions[0] for must in musts if must.actions), None)
        begin = [Line(f"Start here: {lowered(first.text)}")] if first else []
        blocks += [Heading("Must-haves first"), Bullets((*lines, *begin))]
    if plan.steps and plan.case is None:
        blocks += [
            Heading("Then your skills" if musts else "Begin with"),
            Facts(_skill_rows(knowledge, plan)),
        ]
    if plan.unknown:
        blocks.append(
            Paragraph(
                Line(f"Not asked about yet: {counted(len(plan.unknown), 'skill', 'skills')}."), quiet=True
            )
        )
    step = NextStep(
        f"mops plan {plan.role} -o plan.html", "a document to bring to your manager", answered=True
    )
    ask = (NextStep("mops assess --continue", "answers what is not known yet"),) if plan.unknown else ()
    return Page(tuple(blocks), knowledge.sources, (*ask, step), personal=True, abridged=True)


def _in_brief(plan: Plan, name: str) -> Line:
    """Say how long a plan takes and what it brings, or what there is to say in its place."""
    if plan.within is not None or not plan.steps or plan.chance_then <= LIKELY:
        return next(_plan_lines(plan, name))
    return Line(
        f"It takes {span_text(plan.months)} alongside your job, {counted(plan.at_once, 'skill', 'skills')} at a "
        f"time. Going by your skills, your chance of being ready is {percent(plan.chance_now)} in 100 today, "
        f"and {percent(plan.chance_then)} in 100 afterward."
    )


def _takes(must: MustHaveStep) -> str:
    return span_text(must.months).partition(" (")[0] if must.months else "it takes its time"


def _skill_rows(knowledge: Knowledge, plan: Plan) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    """Return the first skill with what to do for it, and the next ones by name."""
    step = plan.steps[0]
    first = knowledge.skills[step.skill].name
    row = (first, (Line(step.actions[0].text if step.actions else step.marker),))
    others = [
        *dict.fromkeys(knowledge.skills[one.skill].name for one in plan.steps if one.skill != step.skill)
    ]
    if not others:
        return (row,)
    rest = f" and {len(others) - IN_BRIEF} more" if len(others) > IN_BRIEF else ""
    return (row, ("After it", (Line(", ".join(others[:IN_BRIEF]) + rest),)))


def plan_page(knowledge: Knowledge, plan: Plan) -> Page:
    """Tell what makes ready and how long it takes: must-haves first, then every step; or the case for applying."""
    role = knowledge.roles[plan.role]
    blocks: list[Block] = [Title(f"Your {'case' if plan.case else 'plan'} for {role.name}")]
    blocks += map(Paragraph, _plan_lines(plan, role.name))
    if plan.case is not None:
        blocks += _case(knowledge, plan.case, role)
    if plan.steps:
        rows = (
            Measure("Today", plan.ready_now, f"{plan.ready_now:.0f}"),
            Measure("After this plan", plan.ready_then, f"{plan.ready_then:.0f}"),
            Measure("The most possible", plan.most, f"{plan.most:.0f}"),
        )
        note = "Readiness from 0 to 100. The most possible: the level asked for in every skill you answered about."
        blocks.append(Gauge(rows, note))
    blocks += _must_haves(plan)
    for number, step in enumerate(plan.steps, 1):
        blocks.append(
            Heading(f"{number}. {knowledge.skills[step.skill].name}: level {step.from_} to {step.to}")
        )
        blocks.append(Facts(tuple(_plan_rows(step))))
    if plan.unknown:
        names = ", ".join(knowledge.skills[skill].name for skill in plan.unknown)
        told = f"You have not answered about {names}, so the plan says nothing of them."
        blocks.append(Paragraph(Line(told)))
    return Page(tuple(blocks), knowledge.sources, tuple(_plan_next(plan)), personal=True)


def _plan_lines(plan: Plan, name: str) -> Iterator[Line]:
    denied = any(must.met is False for must in plan.must_haves)
    if plan.case is not None:
        yield Line(
            f"You are ready: you show {plan.ready_now:.0f} of 100, where {plan.wanted:.0f} is asked for."
        )
        return
    together = counted(plan.at_once, "skill", "skills")
    taken = f"It takes {span_text(plan.months)} alongside your job, with {together} at a time."
    if plan.within is not None and not plan.steps:
        yield Line("No skill can be raised in that time.")
    elif plan.within is not None:
        yield Line(f"This brings the most readiness that fits into {plan.within:g} months. {taken}")
    elif not plan.steps and denied:
        yield Line(f"Your skills are enough; the must-haves below are missing. {taken}")
    elif not plan.steps:
        yield Line(
            "Too little is known for a plan: no skill that you answered about is below the role's level."
        )
        return
    elif plan.chance_then > LIKELY:
        yield Line(
            f"This is the least work that makes you ready. Ready means a score of {plan.wanted:.0f} out of 100. A "
            f"plan aims for a chance of {100 * AIM:.0f} in 100 of reaching it; if that is out of reach, more than "
            f"{100 * LIKELY:.0f} will do. {taken}"
        )
    else:
        yield Line(
            f"These steps do not make you ready yet: {plan.most:.0f} of 100 is the most that your answers can "
            f"show, with every skill that you answered about at the level that {name} asks for. {taken}"
        )
    if plan.steps:
        chances = f"{percent(plan.chance_now)} in 100 today, {percent(plan.chance_then)} in 100 after it"
        yield Line(f"The chances of being ready by your skills: {chances}. {CHANCE_NOTE}")
    if plan.within is None:
        yield Line(PLAN_AND_WAY)


def _must_haves(plan: Plan) -> Iterator[Block]:
    """Tell the must-haves that the answers do not show, and how one gets each."""
    for must in plan.must_haves:
        name = lowered(must.text.removesuffix("."))
        yield Heading(f"Must-have: {name}" if must.met is False else f"Not told yet: {name}")
        rows: list[tuple[str, tuple[Line, ...]]] = [("Goal", (Line(must.text, must.source),))]
        if must.met is False and must.actions:
            rows.append(("Do", claim_lines(must.actions)))
        if must.evidence:
            rows.append(("Show", claim_lines(must.evidence)))
        if must.met is False and must.months is not None:
            rows.append(("Time", (Line(span_text(must.months)),)))
        yield Facts(tuple(rows))


def _case(knowledge: Knowledge, case: Case, role: Role) -> Iterator[Block]:
    """Tell the case for applying: strengths with what shows them, the next conversation, and what comes after."""
    for strength in case.strengths:
        yield Heading(f"You bring {knowledge.skills[strength.skill].name}, level {strength.level}")
        rows: list[tuple[str, tuple[Line, ...]]] = []
        if strength.marker:
            rows.append(("Say", (Line(strength.marker),)))
        if strength.evidence:
            rows.append(("Show", claim_lines(strength.evidence)))
        yield Facts(tuple(rows))
    yield from _next_conversation(knowledge, case, role)


def _next_conversation(knowledge: Knowledge, case: Case, role: Role) -> Iterator[Block]:
    yield Heading("The next conversation")
    told = [
        Line(
            "Tell your manager, or whoever hires for the role, that you want it, and bring the points above."
        )
    ]
    if role.reports_to is not None:
        told.append(claim_line(role.reports_to))
    yield Bullets(tuple(told))
    if case.after is not None:
        after = knowledge.roles[case.after]
        skills = ", ".join(
            f"{knowledge.skills[gain.skill].name} to {gain.to}" for gain in case.gains[:IN_FULL]
        )
        asked = f"It asks for more: {skills}." if skills else "You already show the skills it asks for."
        yield from (Heading(f"The role after it: {after.name}"), Paragraph(Line(asked)))


def _plan_rows(step: PlanStep) -> Iterator[tuple[str, tuple[Line, ...]]]:
    yield "Goal", (Line(step.marker),)
    if step.actions:
        yield "Do", claim_lines(step.actions)
    if step.evidence:
        yield "Show", claim_lines(step.evidence)
    yield "Time", (Line(f"{span_text(step.months)}; done by {_month(step.done_by)}"),)


def _month(span: Span) -> str:
    return f"month {span.typical:.0f} ({span.low:.0f} to {span.high:.0f})"


def _plan_next(plan: Plan) -> Iterator[NextStep]:
    yield NextStep(
        f"mops plan {plan.role} --format markdown", "a document to bring to your manager", answered=True
    )
    if plan.unknown:
        yield NextStep("mops assess --continue", "answers what is not known yet")
    if plan.steps:
        yield NextStep(
            f"mops plan {plan.role} --keep", "remembers its goals; mops history tells which are reached"
        )
        step = plan.steps[0]
        yield NextStep(
            f"mops what-if --set {step.skill}={step.to}", "what that changes in the verdict", answered=True
        )
        yield NextStep(f"mops skill {step.skill}", "what each level looks like")


# --- Progress -------------------------------------------------------------------------------------


def history_page(knowledge: Knowledge, history: History) -> Page:
    """List the saved assessments, draw how the scores moved, and tell what else did and which goals are reached."""
    if not history.assessments:
        first = NextStep("mops assess", "find out which role suits you")
        return Page((Paragraph(Line("Nothing is saved yet.")),), next=(first,))
    blocks: list[Block] = [Title("Your assessments")]
    for number, saved in enumerate(history.assessments):
        before = next((old for old in history.assessments[number + 1 :] if _comparable(saved, old)), None)
        heading = f"{saved.id}: {saved.started[:10]}" + (f", about {saved.about}" if saved.about else "")
        blocks += [Heading(heading), Facts(tuple(_saved_rows(knowledge, saved, before)))]
    blocks += _over_time(knowledge, history)
    if history.since is not None:
        rows = tuple(
            (knowledge.trait_name(moved.trait), (Line(from_to(moved.before, moved.now)),))
            for moved in history.moved
        )
        blocks.append(Heading(f"What moved since number {history.since} by more than noise"))
        nothing = Paragraph(
            Line("Nothing: all differences are so small that answering anew could make them.")
        )
        blocks.append(Facts(rows) if rows else nothing)
    blocks += _goals(knowledge, history)
    steps = (
        NextStep(f"mops result {history.assessments[0].id}", "all of it"),
        NextStep(f"mops forget {history.assessments[0].id}", "deletes it for good"),
    )
    return Page(tuple(blocks), knowledge.sources, steps, personal=True)


def _saved_rows(
    knowledge: Knowledge, saved: SavedResult, before: SavedResult | None
) -> Iterator[tuple[str, tuple[Line, ...]]]:
    yield "Answers", (Line(f"{saved.answered}" + ("" if saved.finished else ", not finished")),)
    if saved.verdict and saved.fits:
        label = knowledge.roles[saved.verdict.role].label
        yield "Verdict", (Line(f"{saved.verdict.word}: {label}"),)
        for key, fit in saved.fits.items():
            yield knowledge.roles[key].label, (Line(_moved_text(key, fit, before)),)
    else:
        yield "Roles", (Line(f"{', '.join(saved.roles)}; the knowledge in use has not all of them."),)
    if not saved.same:
        yield "Knowledge", (Line("Changed since; computed with the present one."),)


def _comparable(new: SavedResult, old: SavedResult) -> bool:
    """Tell whether two assessments were finished, and are of one person, the same roles and knowledge."""
    finished = new.finished is not None and old.finished is not None
    return finished and (new.about, new.roles, new.knowledge) == (old.about, old.roles, old.knowledge)


def _moved_text(key: str, fit: float, before: SavedResult | None) -> str:
    """Say a fit, and how it moved since an earlier assessment."""
    if before is None or before.fits is None:
        return f"{fit:.0f}"
    points = round(fit) - round(before.fits[key])
    moved = f"{abs(points)} {'up' if points > 0 else 'down'} since" if points else "as in"
    return f"{fit:.0f}, {moved} number {before.id}"


def _over_time(knowledge: Knowledge, history: History) -> Iterator[Block]:
    """Draw the fit and the readiness of each role over one's own assessments, oldest first."""
    own = [saved for saved in reversed(history.assessments) if not saved.about and saved.fits]
    for key in dict.fromkeys(key for saved in own for key in saved.fits or ()):
        scored = [saved for saved in own if key in (saved.fits or ())]
        if len(scored) < 2:
            continue
        rows = []
        for saved in scored:
            fit, ready = (saved.fits or {})[key], (saved.readiness or {})[key]
            rows.append(Measure(f"{saved.id}: {saved.started[:10]}", fit, f"{fit:.0f}"))
            if ready is not None:
                rows.append(Measure("could you do it", ready, f"{ready:.0f}", nested=True))
        yield Heading(f"{knowledge.roles[key].label} over time")
        yield Gauge(tuple(rows), "Fit from 0 to 100, and below it the readiness in it.")


def _goals(knowledge: Knowledge, history: History) -> Iterator[Block]:
    """Tell which goals of plans are reached, role by role."""
    for role in dict.fromkeys(goal.role for goal in history.goals):
        goals = [goal for goal in history.goals if goal.role == role]
        name = knowledge.roles[role].label if role in knowledge.roles else role
        reached = sum(goal.reached for goal in goals)
        yield Heading(
            f"Goals of your plan for {name}, made on {goals[0].made[:10]}: {reached} of {len(goals)} reached"
        )
        yield Facts(tuple((knowledge.skills[goal.skill].name, (_goal_line(goal),)) for goal in goals))


def _goal_line(goal: GoalState) -> Line:
    if goal.level is None:
        return Line(f"level {goal.goal}: not answered yet")
    return Line(f"level {goal.goal}: {'reached' if goal.reached else f'you are at {goal.level}'}")
