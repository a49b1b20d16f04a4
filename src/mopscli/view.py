"""A result as a page of blocks: what is said, in which order, from which source; knows no color or width."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mopscli.compare import DIMENSIONS, compare_traits

if TYPE_CHECKING:
    from mopscli.advise import Destinations, Route, Routes, Span, Step
    from mopscli.catalog import RoleList, RoleProfile, SkillList, SkillProfile, SourceList, SourceUse
    from mopscli.compare import Comparison, TraitRow
    from mopscli.knowledge import Claim, Demand, Figure, Knowledge, Months, Role, Source
    from mopscli.problem import Problem

# --- Blocks ---------------------------------------------------------------------------------------


class Line(NamedTuple):
    """A piece of text, with the key of the source behind it if it states something."""

    text: str
    source: str | None = None


class Title(NamedTuple):
    """The headline of the page."""

    text: str


class Heading(NamedTuple):
    """The headline of a part."""

    text: str


class Paragraph(NamedTuple):
    """Running text; `quiet` text explains what stands above it."""

    line: Line
    quiet: bool = False


class Bullets(NamedTuple):
    """A list."""

    lines: tuple[Line, ...]


class Facts(NamedTuple):
    """Labels, each with one line or more."""

    rows: tuple[tuple[str, tuple[Line, ...]], ...]


class Grid(NamedTuple):
    """The same aspects of several things, side by side; each cell is a list of lines."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[Line, ...], ...]], ...]


class Levels(NamedTuple):
    """Levels from 0 to 5 of several things, by name; a row ends with a remark and the levels' sources."""

    name: str
    columns: tuple[str, ...]
    remark: str
    rows: tuple[tuple[str, tuple[int, ...], tuple[Line, ...]], ...]
    note: str


class Commands(NamedTuple):
    """What to type next, and what it does."""

    rows: tuple[tuple[str, str], ...]


Block = Title | Heading | Paragraph | Bullets | Facts | Grid | Levels | Commands


class Page(NamedTuple):
    """Blocks, and the sources that their lines may name."""

    blocks: tuple[Block, ...]
    sources: Mapping[str, Source]


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
    "mops roles": "all roles, from junior to senior",
    "mops role director": "everything about one role",
    "mops path specialist director": "how to get there, and how long it takes",
}
WEIGHT = "How much it counts"
WEIGHTS: Mapping[float, str] = {1: "helps", 2: "matters", 3: "decides"}
SKILLS_NOTE = "From 0 (no contact) to 5 (sets it for a whole function)."
DRIVES_NOTE = "From 0 (hardly any) to 5 (as much as a job can give)."
OTHERS = 4
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
            (role.key, (Line(role.name), *((_line(role.focus),) if role.focus else ()))) for role in members
        )
        blocks += [Heading(family), Facts(rows)]
    blocks += [Heading("Next"), Commands((("mops role KEY", "everything about one of them"),))]
    return Page(tuple(blocks), knowledge.sources)


def role_page(knowledge: Knowledge, profile: RoleProfile) -> Page:
    """Tell everything about one role, or the parts that were asked for."""
    role = profile.role
    blocks: list[Block] = [Title(role.name), Paragraph(_line(role.summary))]
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
        yield from _facts("In short", [(name, getattr(role, key)) for key, name in DIMENSIONS.items()])
    elif part == "skills":
        yield from _bullets(HEADINGS["skills_text"], _lines(role.skills_text))
        rows = compare_traits(knowledge.skills, {role.key: role.requires})
        yield from _levels("Skill levels it asks for", "Skill", (role,), rows, _weight_word)
    elif part == "drives":
        rows = compare_traits(knowledge.drives, {role.key: role.offers})
        yield from _levels("What the work gives you", "Drive", (role,), rows, _weight_word)
    elif part == "value":
        for section in ("value", "hesitations", "hire_when"):
            yield from _bullets(HEADINGS[section], section_lines(role, section))
    elif part == "topics":
        for topic in profile.topics:
            if topic.kind != "caveat":
                yield from _bullets(topic.title, _lines(topic.points))
    elif part == "caveats":
        shared = (topic.points for topic in profile.topics if topic.kind == "caveat")
        yield from _bullets(HEADINGS["caveats"], _lines((*chain(*shared), *role.caveats)))
    elif part == "paths":
        yield from _role_paths(knowledge, profile)
    else:
        section = "time_split" if part == "time" else part
        yield from _bullets(HEADINGS[section], section_lines(role, section))


def _role_paths(knowledge: Knowledge, profile: RoleProfile) -> Iterator[Block]:
    for ladder in profile.ladders:
        yield Heading(f"Ladder: {ladder.name}")
        yield Paragraph(Line(" > ".join(knowledge.roles[step].label for step in ladder.steps)))
        yield Paragraph(_line(ladder.about), quiet=True)
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
    return _lines(getattr(role, section))


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
    blocks.append(Facts(tuple((role.label, (_line(role.focus or role.summary),)) for role in roles)))
    blocks += [Paragraph(line) for topic in comparison.caveats for line in _lines(topic.points)]
    rows = tuple(
        (dimension.name, tuple((_line(claim),) if claim else () for claim in dimension.claims.values()))
        for dimension in comparison.dimensions
    )
    if rows:
        blocks += [Heading("What differs"), Grid(labels, rows)]
    blocks += _compared_levels("Skills, widest gap first", "Skill", comparison.skills, roles, show_all)
    blocks += _compared_levels("What the work gives you", "Drive", comparison.drives, roles, show_all)
    for topic in comparison.topics:
        blocks += _bullets(topic.title, _lines(topic.points))
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
        blocks += _no_route(knowledge, routes)
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


def _no_route(knowledge: Knowledge, routes: Routes) -> Iterator[Block]:
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
            ("Why", (_line(step.move.why),)),
            ("To learn", _gain_lines(knowledge, step)),
        )
    )


def _gain_lines(knowledge: Knowledge, step: Step) -> tuple[Line, ...]:
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
    divisor, unit = (12, "years") if span.typical >= 24 else (1, "months")
    low, typical, high = (f"{amount / divisor:.1f}".removesuffix(".0") for amount in months)
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
        rows = tuple((skill.key, (_line(skill.description),)) for skill in members)
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
        Paragraph(_line(skill.description)),
        Heading("What each level looks like"),
        Facts(markers),
    ]
    if levels:
        note = _levels_note(SKILLS_NOTE, profile.roles.values())
        blocks += [Heading("Roles that ask for it"), Levels("Role", ("Level",), WEIGHT, levels, note)]
    blocks += _facts("In the role descriptions", said)
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


def source_text(source: Source) -> str:
    """Name a source in a line: title, author or publisher, year, address, and what to know of it."""
    by = ", ".join(str(part) for part in (source.author, source.publisher, source.year) if part is not None)
    parts = [source.title.rstrip("."), by, source.url or "", (source.note or "").rstrip(".")]
    return ". ".join(part for part in parts if part).replace("?.", "?") + "."


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


def _facts(heading: str, rows: Iterable[tuple[str, Claim | None]]) -> Iterator[Block]:
    told = tuple((label, (_line(claim),)) for label, claim in rows if claim)
    if told:
        yield Heading(heading)
        yield Facts(told)


def _bullets(heading: str, lines: tuple[Line, ...]) -> Iterator[Block]:
    if lines:
        yield Heading(heading)
        yield Bullets(lines)


def _line(claim: Claim) -> Line:
    return Line(claim.text, claim.source)


def _lines(claims: Iterable[Claim]) -> tuple[Line, ...]:
    return tuple(map(_line, claims))
