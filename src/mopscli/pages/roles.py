"""A result as a page of blocks: what is said, in which order, from which source; knows no color or width."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from mopscli.page import (
    Block,
    Bullets,
    Commands,
    Facts,
    Gauge,
    Grid,
    Heading,
    Levels,
    Line,
    Measure,
    Page,
    Paragraph,
    Title,
    bullets,
    claim_facts,
    claim_line,
    claim_lines,
)
from mopscli.roles.compare import DIMENSIONS, compare_traits
from mopscli.text import shorten

if TYPE_CHECKING:
    from mopscli.assessment.replay import Replay
    from mopscli.assessment.verdict import Assessment, Contribution, Gap, Remark
    from mopscli.batch.summary import BatchSummary, Lack
    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Demand, Figure, Months, Role
    from mopscli.problem import Problem
    from mopscli.roles.catalog import (
        QuestionList,
        RoleList,
        RoleProfile,
        SkillList,
        SkillProfile,
        SourceList,
        SourceUse,
    )
    from mopscli.roles.compare import Comparison, TraitRow
    from mopscli.roles.growth import Span
    from mopscli.roles.routes import Destinations, Route, Routes, Step

# --- Pages ----------------------------------------------------------------------------------------

HEADINGS: Mapping[str, str] = {
    "responsibilities": "What the role answers for",
    "tasks": "What a day looks like",
    "skills_text": "Decisive skills",
    "profile": "What people who do it well have in common",
    "time_split": "Where the time goes",
    "value": "What the role is worth to a company",
    "hesitations": "Why companies hesitate to hire one",
    "hire_when": "When a company needs one",
    "suits": "Choose this if you ...",
    "challenges": "What makes it hard",
    "opportunities": "What it lets you achieve",
    "gates": "Must-haves",
    "market": "What the market says",
    "caveats": "Before you trust this",
}
COMPARED: Sequence[str] = ("tasks", "suits", "challenges", "opportunities", "market", "caveats")
WELCOME: Mapping[str, str] = {
    "mops compare head director": "two roles side by side, what differs first",
    "mops assess": "which of them suits you, in five to ten minutes",
    "mops path specialist director": "how to get there, and how long it takes",
    "mops roles": "all roles, from junior to senior",
}
WEIGHT = "How much it counts"
WEIGHTS: Mapping[float, str] = {1: "helps", 2: "matters", 3: "decides"}
SKILLS_NOTE = "From 0 (no contact) to 5 (sets it for a whole function)."
DRIVES_NOTE = "From 0 (hardly any) to 5 (as much as a job can give)."
OTHERS = 4
RANGES_NOTE = (
    "From 0 to 100. If the model is right, 90 in 100 such ranges hold the true value; with simulated answers "
    "that were rounded to options it was 81."
)
GAPS = 6
LARGE = 0.5
TURNS = 5
REASONS = 10
FROM_ONE = (
    "Take care: levels of skills are given as numbers, and nobody has a 0. If your survey tool counts options "
    "from 1, every level is one too high: take 1 from each, or export the words."
)
MONTHS_NOTE = (
    "Time is what you spend in a role until you are ready for the next: typically, and in brackets from fast "
    "to slow. Routes are sorted by the typical time. Levels run from 0 to 5."
)


def welcome_page() -> Page:
    """Say what the program is and what to type first."""
    return Page(
        (
            Title("mops"),
            Paragraph(
                Line(
                    "Compares marketing operations roles and shows the way from one to another. "
                    "Every statement names its source or is marked as a judgment."
                )
            ),
            Heading("Try"),
            Commands(tuple(WELCOME.items())),
            Paragraph(Line("mops --help lists every command."), quiet=True),
        ),
        {},
    )


def roles_page(knowledge: Knowledge, roles: RoleList) -> Page:
    """List the roles by family, from junior to senior."""
    blocks: list[Block] = [Title("Roles")]
    for family, members in roles.families.items():
        rows = tuple(
            (role.key, (Line(role.name), *((claim_line(role.focus),) if role.focus else ())))
            for role in members
        )
        blocks += [Heading(family), Facts(rows)]
    blocks += [Heading("Next"), Commands((("mops role KEY", "everything about one of them"),))]
    return Page(tuple(blocks), knowledge.sources)


def role_page(knowledge: Knowledge, profile: RoleProfile) -> Page:
    """Tell everything about one role, or the parts that were asked for."""
    role = profile.role
    blocks: list[Block] = [Title(role.name), Paragraph(claim_line(role.summary))]
    told = [block for part in profile.parts for block in _role_part(knowledge, profile, part)]
    blocks += told or [Paragraph(Line(f"Nothing is known about this part: {', '.join(profile.parts)}."))]
    blocks += [Heading("Next"), Commands(tuple(_role_next(profile)))]
    return Page(tuple(blocks), knowledge.sources)


def _role_next(profile: RoleProfile) -> Iterator[tuple[str, str]]:
    role = profile.role
    if len(profile.parts) > 1:
        yield f"mops role {role.key} --section {profile.parts[1]}", "only this part"
    else:
        yield f"mops role {role.key}", "everything about this role"
    yield f"mops path {role.key}", "where it leads"


def _role_part(knowledge: Knowledge, profile: RoleProfile, part: str) -> Iterator[Block]:
    role = profile.role
    if part == "dimensions":
        yield from claim_facts("In short", [(name, getattr(role, key)) for key, name in DIMENSIONS.items()])
    elif part == "skills":
        yield from bullets(HEADINGS["skills_text"], claim_lines(role.skills_text))
        rows = compare_traits(knowledge.skills, {role.key: role.requires})
        yield from _levels("Skill levels it asks for", "Skill", (role,), rows, _weight_word)
    elif part == "drives":
        rows = compare_traits(knowledge.drives, {role.key: role.offers})
        yield from _levels("What the work gives you", "Drive", (role,), rows, _weight_word)
    elif part == "value":
        for section in ("value", "hesitations", "hire_when"):
            yield from bullets(HEADINGS[section], section_lines(role, section))
    elif part == "topics":
        for topic in profile.topics:
            if topic.kind != "caveat":
                yield from bullets(topic.title, claim_lines(topic.points))
    elif part == "caveats":
        shared = (topic.points for topic in profile.topics if topic.kind == "caveat")
        yield from bullets(HEADINGS["caveats"], claim_lines((*chain(*shared), *role.caveats)))
    elif part == "paths":
        yield from _role_paths(knowledge, profile)
    else:
        section = "time_split" if part == "time" else part
        yield from bullets(HEADINGS[section], section_lines(role, section))


def _role_paths(knowledge: Knowledge, profile: RoleProfile) -> Iterator[Block]:
    for ladder in profile.ladders:
        yield Heading(f"Ladder: {ladder.name}")
        yield Paragraph(Line(" > ".join(knowledge.roles[step].label for step in ladder.steps)))
        yield Paragraph(claim_line(ladder.about), quiet=True)
    if steps := profile.destinations.next_steps:
        yield Heading("Where it leads")
        yield Facts(
            tuple(
                (
                    f"{knowledge.roles[step.move.to].label} ({step.move.kind})",
                    (_months_line(step.move.months),),
                )
                for step in steps
            )
        )


def section_lines(role: Role, section: str) -> tuple[Line, ...]:
    """Return one section of a role (a key of HEADINGS) as lines."""
    if section == "market":
        return tuple(Line(figure_text(figure), figure.source) for figure in role.market)
    if section == "time_split":
        return tuple(Line(f"{share.percent:g}%: {share.activity}", share.source) for share in role.time_split)
    return claim_lines(getattr(role, section))


def figure_text(figure: Figure) -> str:
    """Say a market figure in a line: what, how much, in which range, when, and out of how many."""
    amount = _amount(figure.value, figure.unit) if figure.value is not None else ""
    if figure.low is not None and figure.high is not None:
        span = f"{_amount(figure.low, figure.unit, short=True)} to {_amount(figure.high, figure.unit)}"
        amount = f"{amount} ({span})" if amount else span
    years = f"{figure.year}" if figure.since is None else f"{figure.since} to {figure.year}"
    text = f"{figure.measure}: {amount}, {years}"
    if figure.sample is not None:
        text += f", sample of {figure.sample:,}"
    return f"{text}. {figure.note}" if figure.note else f"{text}."


def _amount(value: float, unit: str, *, short: bool = False) -> str:
    """Say an amount with its unit; a short one leaves to what follows what it counts."""
    number, rest = (f"${value:,.0f}", "a year") if unit == "USD per year" else (f"{value:,g}", unit)
    return number if short else f"{number} {rest}"


def comparison_page(knowledge: Knowledge, comparison: Comparison, show_all: bool) -> Page:
    """Tell what differs between roles first; equal levels are folded into a line unless `show_all`."""
    roles = comparison.roles
    labels = tuple(role.label for role in roles)
    *names, last = (role.name for role in roles)
    blocks: list[Block] = [Title(f"{', '.join(names)} or {last}?")]
    blocks.append(Facts(tuple((role.label, (claim_line(role.focus or role.summary),)) for role in roles)))
    blocks += [Paragraph(line) for topic in comparison.caveats for line in claim_lines(topic.points)]
    rows = tuple(
        (dimension.name, tuple((claim_line(claim),) if claim else () for claim in dimension.claims.values()))
        for dimension in comparison.dimensions
    )
    if rows:
        blocks += [Heading("What differs"), Grid(labels, rows)]
    blocks += _compared_levels("Skills, widest gap first", "Skill", comparison.skills, roles, show_all)
    blocks += _compared_levels("What the work gives you", "Drive", comparison.drives, roles, show_all)
    for topic in comparison.topics:
        blocks += bullets(topic.title, claim_lines(topic.points))
    for section in COMPARED:
        cells = tuple(section_lines(role, section) for role in roles)
        if any(cells):
            blocks += [Heading(HEADINGS[section]), Grid(labels, (("", cells),))]
    blocks += [Heading("Next"), Commands(tuple(_comparison_next(comparison, show_all)))]
    return Page(tuple(blocks), knowledge.sources)


def _compared_levels(
    heading: str, name: str, rows: Sequence[TraitRow], roles: Sequence[Role], show_all: bool
) -> Iterator[Block]:
    shown = [row for row in rows if row.spread or show_all]
    equal = [row for row in rows if not row.spread and not show_all]
    yield from _levels(heading, name, roles, shown, lambda row: _difference(row, roles))
    if equal:
        names = ", ".join(f"{row.name} {_levels_of(row)[0]}" for row in equal)
        yield Paragraph(Line(f"Equal: {names}."), quiet=True)


def _difference(row: TraitRow, roles: Sequence[Role]) -> str:
    """Say which roles have the highest level, and by how much it exceeds the lowest."""
    if not row.spread:
        return "equal"
    levels = _levels_of(row)
    highest = [role.label for role, level in zip(roles, levels, strict=True) if level == max(levels)]
    return f"{', '.join(highest)} +{row.spread}"


def _comparison_next(comparison: Comparison, show_all: bool) -> Iterator[tuple[str, str]]:
    first, *_, last = comparison.roles
    yield f"mops path {first.key} {last.key}", "the way from one to the other"
    yield f"mops role {last.key}", "everything about one role"
    if not show_all and not all(row.spread for row in (*comparison.skills, *comparison.drives)):
        keys = " ".join(role.key for role in comparison.roles)
        yield f"mops compare {keys} --all", "the equal levels too"


def routes_page(knowledge: Knowledge, routes: Routes, show_all: bool) -> Page:
    """Tell the fastest route step by step, and the alternatives in short or, with `show_all`, in full."""
    origin, goal = knowledge.roles[routes.from_], knowledge.roles[routes.to]
    blocks: list[Block] = [Title(f"From {origin.name} to {goal.name}")]
    if not routes.routes:
        blocks += no_route(knowledge, routes)
    for number, route in enumerate(routes.routes, 1):
        if number == 1 or show_all:
            name = "Fastest route" if number == 1 else f"Route {number}"
            blocks += _route_blocks(knowledge, name, route)
    others = () if show_all else routes.routes[1:]
    if others:
        rows = tuple(_route_row(knowledge, route) for route in others[:OTHERS])
        blocks += [Heading("Other routes"), Facts(rows)]
    if routes.routes:
        blocks.append(Paragraph(Line(MONTHS_NOTE), quiet=True))
        every = ((f"mops path {origin.key} {goal.key} --all", "every route step by step"),) if others else ()
        learn = ((f"mops skill {_largest_gain(routes.routes[0])}", "what each level of a skill looks like"),)
        blocks += [Heading("Next"), Commands((*every, *learn))]
    return Page(tuple(blocks), knowledge.sources)


def _largest_gain(route: Route) -> str:
    """Return the key of the skill that the last step raises most, or any skill of it."""
    return next((gain.skill for step in reversed(route.steps) for gain in step.gains), "")


def no_route(knowledge: Knowledge, routes: Routes) -> Iterator[Block]:
    """Say that there is no way, and what there is instead."""
    origin, goal = knowledge.roles[routes.from_], knowledge.roles[routes.to]
    yield Paragraph(Line(f"No route leads from {origin.name} to {goal.name}."))
    if routes.way_back:
        yield Paragraph(Line(f"The moves lead the other way, from {goal.name} to {origin.name}."))
    if routes.nearest is not None:
        nearest = knowledge.roles[routes.nearest.steps[-1].move.to]
        yield Paragraph(Line(f"The nearest role in reach, by the skills it asks for: {nearest.name}."))
        yield from _route_blocks(knowledge, "The way there", routes.nearest)
    else:
        yield Paragraph(Line(_no_move(knowledge, origin)))
    yield Heading("Next")
    back = ((f"mops path {goal.key} {origin.key}", "the way that there is"),) if routes.way_back else ()
    yield Commands((*back, (f"mops compare {origin.key} {goal.key}", "the two side by side")))


def _no_move(knowledge: Knowledge, origin: Role) -> str:
    return f"No move leads away from {origin.name}." if knowledge.moves else "The folder in use has no moves."


def _route_blocks(knowledge: Knowledge, name: str, route: Route) -> Iterator[Block]:
    yield Heading(f"{name}: {span_text(route.months)}")
    for number, step in enumerate(route.steps, 1):
        origin, target = knowledge.roles[step.move.from_], knowledge.roles[step.move.to]
        yield Paragraph(Line(f"{number}. {origin.name} > {target.name}"))
        yield _step_facts(knowledge, step)


def _step_facts(knowledge: Knowledge, step: Step) -> Facts:
    return Facts(
        (
            ("Kind", (Line(step.move.kind),)),
            ("Time", (_months_line(step.move.months),)),
            ("Why", (claim_line(step.move.why),)),
            ("To learn", gain_lines(knowledge, step)),
        )
    )


def gain_lines(knowledge: Knowledge, step: Step) -> tuple[Line, ...]:
    """Tell the skills to raise, a line for those that rise by the same number of levels."""
    lines: dict[int, list[str]] = {}
    for gain in step.gains:
        rise = f"{knowledge.skills[gain.skill].name} {gain.from_} to {gain.to}"
        lines.setdefault(gain.to - gain.from_, []).append(rise)
    if not lines:
        return (Line("Nothing: it asks for no higher level of any skill."),)
    return tuple(
        Line(f"{levels} {'level' if levels == 1 else 'levels'} up: {', '.join(sorted(rises))}")
        for levels, rises in lines.items()
    )


def _months_line(months: Months) -> Line:
    return Line(span_text(months), months.source)


def span_text(span: Span | Months) -> str:
    """Say a time in months, or in years from two years on."""
    months = (span.low, span.typical, span.high)
    if span.typical < 24:
        low, typical, high = (f"{amount:.0f}" for amount in months)
        unit = "months"
    else:
        # Half years are as exact as such times can be.
        low, typical, high = (f"{round(amount / 6) / 2:g}" for amount in months)
        unit = "years"
    return f"about {typical} {unit} ({low} to {high})"


def _route_row(knowledge: Knowledge, route: Route) -> tuple[str, tuple[Line, ...]]:
    keys = [route.steps[0].move.from_, *(step.move.to for step in route.steps)]
    return span_text(route.months), (Line(" > ".join(knowledge.roles[key].label for key in keys)),)


def destinations_page(knowledge: Knowledge, destinations: Destinations) -> Page:
    """Tell where one can go from a role: the next moves, then everything beyond them."""
    origin = knowledge.roles[destinations.from_]
    blocks: list[Block] = [Title(f"From {origin.name}")]
    if not destinations.next_steps:
        blocks.append(Paragraph(Line(_no_move(knowledge, origin))))
        return Page(tuple(blocks), knowledge.sources)
    for step in destinations.next_steps:
        blocks += [Heading(knowledge.roles[step.move.to].name), _step_facts(knowledge, step)]
    if destinations.beyond:
        rows = tuple(_route_row(knowledge, route) for route in destinations.beyond)
        blocks += [Heading("Further on"), Facts(rows)]
    farthest = (destinations.beyond[-1].steps if destinations.beyond else destinations.next_steps)[-1].move.to
    blocks.append(Paragraph(Line(MONTHS_NOTE), quiet=True))
    command = f"mops path {origin.key} {farthest}"
    blocks += [Heading("Next"), Commands(((command, "one way step by step"),))]
    return Page(tuple(blocks), knowledge.sources)


def skills_page(knowledge: Knowledge, skills: SkillList) -> Page:
    """List the skills by group."""
    blocks: list[Block] = [Title("Skills")]
    for group, members in skills.groups.items():
        rows = tuple((skill.key, (claim_line(skill.description),)) for skill in members)
        blocks += [Heading(group), Facts(rows)]
    blocks += [Heading("Next"), Commands((("mops skill KEY", "what each level looks like"),))]
    return Page(tuple(blocks), knowledge.sources)


def skill_page(knowledge: Knowledge, profile: SkillProfile) -> Page:
    """Tell what a skill is, how each level shows, and which roles ask for which."""
    skill = profile.skill
    roles = [knowledge.roles[key] for key in profile.roles]
    markers = tuple(
        (str(level), (Line(text, skill.source),)) for level, text in sorted(skill.markers.items())
    )
    said = [(role.label, claim) for role in roles for claim in role.skills_text if skill.key in claim.about]
    levels = tuple(
        (role.name, (demand.level,), _remark(weight_text(demand.weight), [demand]))
        for role, demand in zip(roles, profile.roles.values(), strict=True)
    )
    blocks: list[Block] = [
        Title(skill.name),
        Paragraph(claim_line(skill.description)),
        Heading("What each level looks like"),
        Facts(markers),
    ]
    if levels:
        note = _levels_note(SKILLS_NOTE, profile.roles.values())
        blocks += [Heading("Roles that ask for it"), Levels("Role", ("Level",), WEIGHT, levels, note)]
    blocks += claim_facts("In the role descriptions", said)
    return Page(tuple(blocks), knowledge.sources)


def sources_page(knowledge: Knowledge, sources: SourceList) -> Page:
    """Tell what the knowledge rests on, and how much of it on judgment alone."""
    share = 100 * sources.on_judgement / sources.statements if sources.statements else 0
    blocks: list[Block] = [
        Title("What the knowledge rests on"),
        Paragraph(
            Line(
                f"{sources.statements:,} statements and figures. {sources.on_judgement:,} of them "
                f"({share:.0f}%) rest on judgment, not on a published source. "
                f"So do {sources.levels:,} pairs of level and weight."
            )
        ),
    ]
    for use in sources.uses:
        blocks += [Heading(use.source.title), Facts(tuple(_source_rows(use)))]
    return Page(tuple(blocks), {})


def _source_rows(use: SourceUse) -> Iterator[tuple[str, tuple[Line, ...]]]:
    source = use.source
    yield "Key", (Line(source.key),)
    yield "Kind", (Line({"dataset": "data set", "judgement": "judgment"}.get(source.kind, source.kind)),)
    by = ", ".join(str(part) for part in (source.author, source.publisher, source.year) if part is not None)
    for label, text in (("By", by), ("Note", source.note)):
        if text:
            yield label, (Line(text),)
    if source.kind != "judgement":
        yield "Address", (Line(source.url or "not known"),)
    yield "Used for", (Line(f"{use.count:,} {'statement' if use.count == 1 else 'statements'}"),)


def questions_page(knowledge: Knowledge, questions: QuestionList) -> Page:
    """List the questions with their options, those that no score uses last."""
    from mopscli.assessment.questionnaire import number_text

    blocks: list[Block] = [
        Title(f"{len(questions.questions)} questions"),
        Paragraph(
            Line("Each measures one trait; the last ones are about your situation, and no score uses them.")
        ),
    ]
    for question in questions.questions:
        rows = tuple((number_text(option.value), (Line(option.text),)) for option in question.options)
        blocks += [Heading(question.key), Paragraph(Line(question.text)), Facts(rows)]
    command = "mops questions --template > answers.yaml"
    blocks += [Heading("Next"), Commands(((command, "a file to fill in, for mops assess"),))]
    return Page(tuple(blocks), knowledge.sources)


def assessment_page(knowledge: Knowledge, result: Assessment, explain: bool) -> Page:
    """Tell the verdict in words first, then why, then what would change it and what to do next."""
    if not result.answered:
        commands = (("mops assess", "asks one after the other"), ("mops questions", "lists them all"))
        nothing = Paragraph(Line(f"You have answered none of the {result.questions} questions."))
        return Page((Title("Nothing is decided yet"), nothing, Heading("Next"), Commands(commands)), {})
    blocks: list[Block] = [Title(_verdict_title(knowledge, result))]
    blocks += map(Paragraph, _verdict_lines(knowledge, result))
    blocks += _fits(knowledge, result)
    blocks += _speaking(knowledge, result)
    best = knowledge.roles[result.verdict.role]
    gaps = tuple(
        (knowledge.trait_name(gap.trait), (Line(_gap_text(knowledge, gap)),)) for gap in result.gaps[:GAPS]
    )
    if gaps:
        blocks += [Heading(f"What {best.label} asks for beyond what you have"), Facts(gaps)]
    blocks += _would_change(knowledge, result)
    blocks += bullets(
        "About your answers", tuple(_remark_line(knowledge, remark) for remark in result.quality)
    )
    if explain:
        blocks += _explanation(knowledge, result)
    blocks += [Heading("Next"), Commands(tuple(_assessment_next(result)))]
    return Page(tuple(blocks), knowledge.sources)


def _verdict_title(knowledge: Knowledge, result: Assessment) -> str:
    from mopscli.assessment.scoring import Certainty

    role, rival = knowledge.roles[result.verdict.role], knowledge.roles[result.verdict.rival]
    if result.verdict.word == Certainty.UNDECIDED:
        return f"{Certainty.UNDECIDED.capitalize()} between {role.name} and {rival.name}"
    return f"{role.name} suits you better than {rival.name}"


def _verdict_lines(knowledge: Knowledge, result: Assessment) -> Iterator[Line]:
    from mopscli.assessment.scoring import Certainty

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
    left = result.questions - result.answered
    rest = f" The other {left} would change the verdict with a chance of {percent(verdict.flip_risk)} in 100."
    yield Line(f"You answered {result.answered} of {result.questions} questions.{rest if left else ''}")
    yield Line("The figures rest on what you say of yourself, and on levels and weights that are judgments.")


def _fits(knowledge: Knowledge, result: Assessment) -> Iterator[Block]:
    yield Heading("How well each role suits you")
    rows = []
    for fit in result.roles:
        label = knowledge.roles[fit.key].label
        rows.append(Measure(label, fit.fit, f"{fit.fit:.0f}, between {fit.low:.0f} and {fit.high:.0f}"))
        for words, points in (("  could you do it", fit.readiness), ("  would you want it", fit.enjoyment)):
            if points is not None:
                rows.append(Measure(words, points, f"{points:.0f}"))
    yield Gauge(tuple(rows), RANGES_NOTE)
    for fit in result.roles:
        heading = f"Must-haves of {knowledge.roles[fit.key].label} that your answers do not show"
        yield from bullets(heading, tuple(map(Line, fit.gates_unmet)))


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


def percent(probability: float) -> str:
    """Say a probability as a number out of 100; none is certain."""
    if probability > 0.99:
        return "more than 99"
    return "less than 1" if probability < 0.01 else f"{int(100 * probability)}"


def _gap_text(knowledge: Knowledge, gap: Gap) -> str:
    marker = knowledge.skills[gap.trait].markers[gap.needed]
    return f"level {gap.level:.1f}, and it asks for {gap.needed}: {marker}"


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
            "The range and the probability come by the delta method, with the normal distribution in the logistic "
            "form of Bowling et al. 2009. docs/model.md has each formula."
        )
    )
    yield Facts(rows)
    errors = tuple(
        (fit.key, (Line(f"fit {fit.fit:.2f}, standard error {fit.se:.2f}"),)) for fit in result.roles
    )
    yield Facts(errors)


def _assessment_next(result: Assessment) -> Iterator[tuple[str, str]]:
    role, rival = result.verdict.role, result.verdict.rival
    yield f"mops compare {role} {rival}", "the two side by side"
    if result.present_role not in (None, role):
        yield f"mops path {result.present_role} {role}", "the way from where you are"
    else:
        yield f"mops path {role}", "where it leads"
    if result.gaps:
        yield f"mops skill {result.gaps[0].trait}", "what the next level of your widest gap looks like"


def replay_page(knowledge: Knowledge, result: Replay) -> Page:
    """Tell what the adaptive interview would have done, and how reliable the questions are."""
    asked = 100 * result.asked_mean / result.questions if result.questions else 0
    reliability = tuple(
        (
            knowledge.trait_name(trait.trait),
            (
                Line(
                    f"{trait.questions} questions, "
                    + ("none" if trait.alpha is None else f"{trait.alpha:.2f}")
                ),
            ),
        )
        for trait in result.traits
        if trait.questions > 1
    )
    blocks: list[Block] = [
        Title(f"{result.respondents:,} people, {result.questions} questions"),
        Facts(
            (
                ("Questions asked", (Line(f"{result.asked_mean:.1f} on average ({asked:.0f}%)"),)),
                ("Verdicts that all questions change", (Line(f"{100 * result.verdict_changed:.1f}%"),)),
                ("Promised at most", (Line(f"{100 * result.flip_risk:g}%"),)),
            )
        ),
    ]
    if reliability:
        note = "Cronbach's alpha, 1 at best: how well the questions about one trait agree."
        blocks += [Heading("Reliability"), Facts(reliability), Paragraph(Line(note), quiet=True)]
    return Page(tuple(blocks), knowledge.sources)


def batch_page(knowledge: Knowledge, result: BatchSummary) -> Page:
    """Tell what a group amounts to: which role suits how many, what it lacks, and what became of every row."""
    blocks: list[Block] = [Title(f"{_people(result.scored)} scored")]
    told = f"{result.file} has {result.rows:,} rows: {result.scored:,} scored + {result.rejected:,} rejected."
    blocks.append(Paragraph(Line(told)))
    if result.id_column is None:
        no_ids = "No column is known to tell people apart, so each goes by their row; --id COLUMN names one."
        blocks.append(Paragraph(Line(no_ids)))
    if result.from_one:
        blocks.append(Paragraph(Line(FROM_ONE)))
    if result.unanswered:
        nobody = f"{_people(result.unanswered)} answered nothing; the figures below leave them out."
        blocks.append(Paragraph(Line(nobody)))
    if result.absent:
        names = ", ".join(result.absent)
        blocks.append(Paragraph(Line(f"Questions without a column count as not answered: {names}.")))
    if result.scored > result.unanswered:
        blocks += _batch_verdicts(knowledge, result)
        blocks += _batch_roles(knowledge, result)
        blocks += bullets("About the answers", tuple(map(Line, _batch_remarks(result))))
    if result.reasons:
        rows = tuple((_rows(one.rows), (Line(one.reason),)) for one in result.reasons[:REASONS])
        blocks += [Heading("Why rows were rejected"), Facts(rows)]
        if result.no_options:
            blocks.append(
                Paragraph(Line("A text that means no answer can be named: --missing NA."), quiet=True)
            )
        if result.rejects is None:
            blocks.append(Paragraph(Line("--rejects FILE lists every one of them."), quiet=True))
        if more := result.reasons[REASONS:]:
            blocks.append(
                Paragraph(Line(f"{len(more)} more reasons are in the list of rejects."), quiet=True)
            )
    written = ((("Scores", result.output),) if result.output else ()) + (
        (("Rejects", result.rejects),) if result.rejects else ()
    )
    if written:
        blocks += [Heading("Written"), Facts(tuple((name, (Line(file),)) for name, file in written))]
    return Page(tuple(blocks), {})


def _people(count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'}"


def _rows(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"


def _share(part: int, whole: int) -> Measure:
    percent = 100 * part / whole
    shown = "less than 1" if 0 < percent < 1 else f"{percent:.0f}"
    return Measure("", percent, f"{part:,} ({shown} %)")


def _batch_verdicts(knowledge: Knowledge, result: BatchSummary) -> Iterator[Block]:
    from mopscli.assessment.scoring import AT_LEAST, Certainty

    rows = []
    people = result.scored - result.unanswered
    for summary in result.roles:
        if summary.key in result.between:
            count = summary.clear + summary.leaning
            words = f"{summary.clear:,} {Certainty.CLEAR}, {summary.leaning:,} {Certainty.LEANING}"
            text = f"{_share(count, people).text}: {words}"
            rows.append(Measure(knowledge.roles[summary.key].label, 100 * count / people, text))
    rows.append(_share(result.too_close, people)._replace(name=Certainty.UNDECIDED.capitalize()))
    yield Heading("Which role suits them")
    clear, leaning = (f"{100 * AT_LEAST[word]:.0f}" for word in (Certainty.CLEAR, Certainty.LEANING))
    note = (
        f"{Certainty.CLEAR.capitalize()} is from {clear} in 100 that it suits better, "
        f"{Certainty.LEANING} from {leaning}."
    )
    yield Gauge(tuple(rows), note)


def _batch_roles(knowledge: Knowledge, result: BatchSummary) -> Iterator[Block]:
    for summary in result.roles:
        label = knowledge.roles[summary.key].label
        width = 100 // len(summary.fit_bands)
        seen = [number for number, people in enumerate(summary.fit_bands) if people]
        yield Heading(f"How well {label} suits them: {summary.fit_mean:.0f} of 100 on average")
        yield Gauge(
            tuple(
                _share(summary.fit_bands[number], result.scored - result.unanswered)._replace(
                    name=f"{number * width} to {(number + 1) * width}"
                )
                for number in range(seen[0], seen[-1] + 1)
            ),
            "People by their fit, which joins what they could do and what they would want.",
        )
        if summary.lacks:
            yield Heading(f"What they lack most for {label}")
            yield Facts(
                tuple(
                    (knowledge.trait_name(lack.trait), (_lack_line(lack, result),)) for lack in summary.lacks
                )
            )
        if summary.nearest:
            yield Heading(f"Nearest to ready for {label}")
            yield Facts(
                tuple((shorten(near.id), (Line(f"{near.readiness:.0f} of 100"),)) for near in summary.nearest)
            )


def _lack_line(lack: Lack, result: BatchSummary) -> Line:
    share = _share(lack.people, result.scored - result.unanswered).text
    return Line(f"{share} are below its level; it costs {lack.cost:.1f} points of fit on average")


def _batch_remarks(result: BatchSummary) -> Iterator[str]:
    yield f"On average, people answered {result.answered_mean:.0f} of {result.questions} questions."
    if result.straight_lined:
        yield f"{_people(result.straight_lined)} gave the same answer to every statement."
    if result.contradicting:
        yield f"The answers of {_people(result.contradicting)} disagree about a skill or a drive."
    yield "The figures rest on what people say of themselves, and on levels and weights that are judgments."


def check_page(folder: Path, problems: Sequence[Problem]) -> Page:
    """Tell the problems of a knowledge folder, or that there are none."""
    if not problems:
        return Page((Paragraph(Line(f"No problems in {folder}.")),), {})
    return Page(
        (Title(f"Problems in {folder}"), Bullets(tuple(Line(str(problem)) for problem in problems))), {}
    )


def init_page(folder: Path, files: Sequence[str]) -> Page:
    """Tell what was copied where, and what to do with it."""
    from shlex import quote

    typed = Path(quote(f"./{folder}" if str(folder).startswith("-") else str(folder)))
    return Page(
        (
            Paragraph(Line(f"Copied to {folder}: {', '.join(files)}.")),
            Heading("Next"),
            Commands(
                (
                    (f"edit {typed / 'roles.yaml'}", "roles, skills and sources, in any text editor"),
                    (f"mops check {typed}", "lists every mistake, with its line"),
                    (f"mops --data {typed} roles", "works on your roles"),
                )
            ),
        ),
        {},
    )


def weight_text(weight: float) -> str:
    """Say how much a requirement counts."""
    return WEIGHTS.get(weight, f"weight {weight:g}")


def _weight_word(row: TraitRow) -> str:
    return ", ".join(weight_text(demand.weight) for demand in row.demands.values() if demand)


def _levels(
    heading: str,
    name: str,
    roles: Sequence[Role],
    rows: Sequence[TraitRow],
    remark: Callable[[TraitRow], str],
) -> Iterator[Block]:
    if rows:
        yield Heading(heading)
        columns = tuple(role.label for role in roles) if len(roles) > 1 else ("Level",)
        cells = tuple((row.name, _levels_of(row), _remark(remark(row), row.demands.values())) for row in rows)
        demands = chain(*(row.demands.values() for row in rows))
        note = _levels_note(SKILLS_NOTE if name == "Skill" else DRIVES_NOTE, demands)
        yield Levels(name, columns, "Difference" if len(roles) > 1 else WEIGHT, cells, note)


def _remark(text: str, demands: Iterable[Demand | None]) -> tuple[Line, ...]:
    """Return a remark on levels, and the sources of those that have one."""
    sources = dict.fromkeys(demand.source for demand in demands if demand and demand.source)
    return (Line(text), *(Line("", source) for source in sources))


def _levels_note(scale: str, demands: Iterable[Demand | None]) -> str:
    sourced = any(demand.source for demand in demands if demand)
    kind = "judgments where no source is named" if sourced else "judgments, not measurements"
    return f"{scale} Levels are {kind}."


def _levels_of(row: TraitRow) -> tuple[int, ...]:
    return tuple(demand.level if demand else 0 for demand in row.demands.values())
