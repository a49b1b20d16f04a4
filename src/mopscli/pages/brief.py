"""Roles, skills and ways in brief: the answer on one screen."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from mopscli.page import (
    Block,
    Bullets,
    Facts,
    Heading,
    Line,
    NextStep,
    Page,
    Paragraph,
    Table,
    Title,
    claim_line,
    claim_lines,
)
from mopscli.pages.phrases import counted, in_a_row, lowest_pay, pay_text, span_text
from mopscli.roles.compare import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Role
    from mopscli.roles.catalog import RoleList, RoleProfile, SkillList, SkillProfile, SourceList
    from mopscli.roles.compare import Comparison, TraitRow
    from mopscli.roles.routes import Destinations, Route, Routes

# How many of the widest differences are named, and of the skills that count most.
WIDEST = 5
MOST = 6
# How many of the sentences that say whom a role suits.
SUITS = 2
# They take no more letters together.
SAID = 130
# So many roles are told of more fully, and so long a label leaves room for it.
FEW = 2
SHORT = 12
# A cell of so many letters takes three lines.
ROOM = 84
OTHERS = 3
# How many of the highest levels of a skill are told with the roles that ask for them.
HIGHEST = 2
# What a move is called, by its kind.
KINDS = {"promotion": "Up", "lateral": "Sideways", "pivot": "To another field", "back": "A step back"}
# So many moves have a line each.
SINGLE = 8
# What an aspect is called in a table.
SHORTER = {"scope": "Scope"}
TIME_NOTE = "Typical times, with fast to slow in brackets. Most are judgments."
MOVES_NOTE = "In brackets: the typical time before the move. Most times are judgments."


def comparison_brief(knowledge: Knowledge, comparison: Comparison) -> Page:
    """Tell how roles differ: a few words for each aspect, the widest gaps, pay, and whom each suits."""
    roles = comparison.roles
    few = len(roles) == FEW
    short = few and all(len(role.label) <= SHORT for role in roles)
    *names, last = (role.name if short else role.label for role in roles)
    blocks: list[Block] = [Title(f"{', '.join(names)} or {last}?")]
    told_of = [(role.label, claim_lines([said])) for role in roles if (said := role.focus or role.summary)]
    if told_of and few:
        blocks.append(Facts(tuple(told_of)))
    named = WIDEST if short else FEW
    more = [*_more_of("More skills", comparison.skills, roles, named)]
    more = more or [*_more_of("Gives more", comparison.drives, roles, named)]
    rows = [*_aspects(roles), *more, *_pay(roles)]
    if rows:
        blocks.append(Table(tuple(role.label for role in roles), tuple(rows)))
    room = (
        short
        and max((len(cell.text) for _, cells in more for cell in cells if cell), default=0) < ROOM * 2 // 3
    )
    advice = [
        _suits(role, f"Choose {role.label} if you", SUITS if room else 1) for role in roles if role.suits
    ]
    for topic in comparison.caveats[:1] if room or not few else ():
        advice += claim_lines(topic.points[:1])
    if advice:
        blocks.append(Bullets(tuple(advice)))
    keys = [role.key for role in roles]
    # Long names take the lines.
    suits = NextStep(f"mops assess {' '.join(keys)}", "which of them suits you")
    steps = () if few and not short else (suits,)
    return Page(tuple(blocks), knowledge.sources, steps, accents=knowledge.accents(*roles), abridged=True)


def _aspects(roles: Sequence[Role]) -> Iterator[tuple[str, tuple[Line | None, ...]]]:
    """Yield each aspect of some roles in a few words, or at length where there are none."""
    for key, name in DIMENSIONS.items():
        claims = [role.short.get(key) or getattr(role, key) for role in roles]  # type: ignore[call-overload]
        if any(claims):
            yield SHORTER.get(key, name), tuple(claim_line(claim) if claim else None for claim in claims)


def _more_of(
    name: str, rows: Sequence[TraitRow], roles: Sequence[Role], most_named: int
) -> Iterator[tuple[str, tuple[Line | None, ...]]]:
    """Yield which of the widest differences each role has the most of."""
    widest = [row for row in rows if row.spread][:WIDEST]
    cells = []
    for role in roles:
        best = [row for row in widest if _level(row, role) == max(_level(row, some) for some in roles)]
        most = [row.name for row in best][:most_named]
        while len(", ".join(most)) > ROOM:
            most.pop()
        cells.append(Line(in_a_row(most)) if most else None)
    if any(cells):
        yield name, tuple(cells)


def _level(row: TraitRow, role: Role) -> int:
    demand = row.demands[role.key]
    return demand.level if demand else 0


def _pay(roles: Sequence[Role]) -> Iterator[tuple[str, tuple[Line | None, ...]]]:
    figures = [lowest_pay(role) for role in roles]
    if any(figures):
        yield (
            "Pay from",
            tuple(Line(pay_text(figure), figure.source) if figure else None for figure in figures),
        )


def _suits(role: Role, begins: str, most: int = SUITS) -> Line:
    """Say whom a role suits in one sentence."""
    said = [claim.text.removesuffix(".") for claim in role.suits[:most]]
    *first, last = said if len("".join(said)) <= SAID else said[:1]
    return Line(
        f"{begins} {', '.join(first)}, or if you {last}." if first else f"{begins} {last}.",
        role.suits[0].source,
    )


def role_brief(knowledge: Knowledge, profile: RoleProfile) -> Page:
    """Tell what a role is, what it asks for, what it pays, whom it suits and where it leads."""
    role = profile.role
    blocks: list[Block] = [Title(role.name), *map(Paragraph, claim_lines(filter(None, [role.summary])))]
    rows = [(name, tuple(line for line in lines if line)) for name, lines in _aspects([role])]
    asked = sorted(role.requires.items(), key=lambda item: (-item[1].weight, -item[1].level))
    if asked:
        names = [knowledge.skills[skill].name for skill, _ in asked[:MOST]]
        rows.append(("Top skills", (Line(in_a_row(names)),)))
    rows += [(name, tuple(line for line in lines if line)) for name, lines in _pay([role])]
    if role.suits:
        rows.append(("Choose it if", (_suits(role, "you"),)))
    steps = [step for step in profile.destinations.next_steps if step.move.kind != "back"]
    if steps:
        first = sorted(steps, key=lambda step: step.move.kind != "promotion")
        rows.append(("Leads to", (Line(", ".join(knowledge.roles[step.move.to].label for step in first)),)))
    if rows:
        blocks.append(Facts(tuple(rows)))
    next_steps = (
        NextStep(f"mops plan {role.key}", "your own plan for it"),
        NextStep(f"mops path {role.key}", "where it leads, and how long it takes"),
    )
    return Page(tuple(blocks), knowledge.sources, next_steps, abridged=True)


def roles_brief(knowledge: Knowledge, roles: RoleList) -> Page:
    """Name the roles of each family, from junior to senior."""
    rows = tuple(
        (family, (Line(", ".join(role.key for role in members)),))
        for family, members in roles.families.items()
    )
    steps = (
        NextStep("mops role head", "one of them"),
        NextStep("mops compare head director", "two of them, side by side"),
    )
    count = counted(len(knowledge.roles), "role", "roles")
    blocks = (Title(f"{count}, from junior to senior"), Facts(rows))
    return Page(blocks, knowledge.sources, steps, abridged=True)


def skills_brief(knowledge: Knowledge, skills: SkillList) -> Page:
    """Name the skills of each group."""
    rows = tuple(
        (group, (Line(", ".join(skill.key for skill in members)),))
        for group, members in skills.groups.items()
    )
    steps = (NextStep("mops skill leadership", "what each level of one looks like"),)
    return Page(
        (Title(counted(len(knowledge.skills), "skill", "skills")), Facts(rows)),
        knowledge.sources,
        steps,
        abridged=True,
    )


def skill_brief(knowledge: Knowledge, profile: SkillProfile) -> Page:
    """Tell what a skill is, how each level shows, and which roles ask for which level."""
    skill = profile.skill
    blocks: list[Block] = [Title(skill.name), *map(Paragraph, claim_lines(filter(None, [skill.description])))]
    if skill.markers:
        blocks.append(
            Facts(tuple((str(level), (Line(text),)) for level, text in sorted(skill.markers.items())))
        )
    by_level = sorted(profile.roles.items(), key=lambda item: -item[1].level)
    rows = tuple(
        (f"Level {level}", (Line(", ".join(knowledge.roles[key].label for key, _ in some)),))
        for level, some in groupby(by_level, lambda item: item[1].level)
    )[:HIGHEST]
    if rows:
        blocks += [Heading("Who asks for it"), Facts(rows)]
    return Page(tuple(blocks), knowledge.sources, (), abridged=True)


def routes_brief(knowledge: Knowledge, routes: Routes, begins: str = "From") -> Page:
    """Tell the fastest way between two roles: each move, how long it takes and what to learn most for it."""
    origin, goal = knowledge.roles[routes.from_], knowledge.roles[routes.to]
    fastest = routes.routes[0]
    blocks: list[Block] = [
        Title(f"{begins} {origin.name} to {goal.name}: {span_text(fastest.months)}"),
        Table(("Time in the job before it", "To learn most"), tuple(_moves(knowledge, fastest))),
    ]
    if others := routes.routes[1 : 1 + OTHERS]:
        blocks += [Heading("Other ways"), Facts(tuple(_way_row(knowledge, route) for route in others))]
    blocks.append(Paragraph(Line(TIME_NOTE), quiet=True))
    steps = (NextStep(f"mops path --to {goal.key}", "your own way, by your answers"),)
    return Page(tuple(blocks), knowledge.sources, steps, abridged=True)


def _moves(knowledge: Knowledge, route: Route) -> Iterator[tuple[str, tuple[Line | None, ...]]]:
    for number, step in enumerate(route.steps, 1):
        months = step.move.months if step.personal is None else step.months
        gains = sorted(step.gains, key=lambda gain: gain.from_ - gain.to)[:2]
        names = [knowledge.skills[gain.skill].name for gain in gains]
        learn = Line(in_a_row(names)) if names else None
        job = f"{number}. {knowledge.roles[step.move.to].label}"
        yield job, (Line(span_text(months), step.move.months.source), learn)


def _way_row(knowledge: Knowledge, route: Route) -> tuple[str, tuple[Line, ...]]:
    names = [knowledge.roles[step.move.to].label for step in route.steps]
    return span_text(route.months), (Line(" > ".join(names)),)


def personal_routes_brief(knowledge: Knowledge, routes: Routes) -> Page:
    """Tell somebody's fastest way: each move, how long it takes them and what to learn most for it."""
    first = NextStep(
        f"mops plan {routes.routes[0].steps[0].move.to}", "what to do for the next job", answered=True
    )
    return routes_brief(knowledge, routes, "Your way from")._replace(next=(first,), personal=True)


def destinations_brief(knowledge: Knowledge, destinations: Destinations) -> Page:
    """Tell the moves out of a role: where to, of which kind, and how long it takes."""
    origin = knowledge.roles[destinations.from_]
    kinds: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for step in destinations.next_steps:
        takes = span_text(step.move.months).partition(" (")[0]
        kinds[step.move.kind].append(f"{knowledge.roles[step.move.to].label} ({takes})")
    rows = tuple((KINDS[kind], tuple(map(Line, some))) for kind, some in kinds.items() if some)
    if sum(len(some) for some in kinds.values()) > SINGLE:
        rows = tuple((name, (Line(", ".join(line.text for line in lines)),)) for name, lines in rows)
    blocks: list[Block] = [Title(f"From {origin.name}"), Facts(rows)]
    if destinations.beyond:
        names = [knowledge.roles[route.steps[-1].move.to].label for route in destinations.beyond]
        blocks.append(Facts((("In two or more moves", (Line(", ".join(names)),)),)))
    blocks.append(Paragraph(Line(MOVES_NOTE), quiet=True))
    farthest = (destinations.beyond[-1].steps if destinations.beyond else destinations.next_steps)[-1].move.to
    steps = (NextStep(f"mops path {origin.key} {farthest}", "one way step by step"),)
    return Page(tuple(blocks), knowledge.sources, steps, abridged=True)


def sources_brief(knowledge: Knowledge, sources: SourceList) -> Page:
    """Tell how much of the knowledge rests on judgment, and which sources carry the most."""
    share = 100 * sources.on_judgement / sources.statements if sources.statements else 0
    told = (
        f"{sources.statements:,} statements and figures. {sources.on_judgement:,} of them ({share:.0f}%) rest on "
        f"judgment, not on a published source. So do the {sources.levels:,} levels that say how much of a skill or "
        "drive each role has."
    )
    published = [use for use in sources.uses if use.source.kind != "judgement"]
    rows = tuple(
        (f"{use.count:,}", (Line(_titled(use.source.title, use.source.author)),)) for use in published[:10]
    )
    blocks: tuple[Block, ...] = (
        Title("What the knowledge rests on"),
        Paragraph(Line(told)),
        *((Heading("The sources that carry most, with what rests on each"), Facts(rows)) if rows else ()),
    )
    steps = (NextStep("mops sources --claims KEY", "every statement that rests on one of them"),)
    return Page(blocks, next=steps, abridged=True)


def _titled(title: str, author: str | None) -> str:
    return f"{title}, {author}" if author else title
