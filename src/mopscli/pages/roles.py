"""Pages about roles and skills: one of them, all of them, and roles side by side."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from mopscli.knowledge.entries import Claim, Figure, Share
from mopscli.page import (
    Block,
    Facts,
    Grid,
    Heading,
    Levels,
    Line,
    NextStep,
    Page,
    Paragraph,
    Title,
    bullets,
    claim_facts,
    claim_line,
    claim_lines,
)
from mopscli.pages.phrases import figure_text, months_line, weight_text
from mopscli.roles.compare import DIMENSIONS, compare_traits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Demand, Role
    from mopscli.roles.catalog import (
        RoleList,
        RoleProfile,
        SkillList,
        SkillProfile,
    )
    from mopscli.roles.compare import Comparison, TraitRow

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
# The parts of a comparison (keys of ROLE_PARTS) that are shown unless more is asked for.
COMPARED: Sequence[str] = (
    *("dimensions", "skills", "drives", "topics", "tasks"),
    *("suits", "challenges", "opportunities", "market", "caveats"),
)
WEIGHT = "How much it counts"
SKILLS_NOTE = "From 0 (no contact) to 5 (mastery that others learn from)."
DRIVES_NOTE = "From 0 (hardly any) to 5 (as much as a job can give)."


def roles_page(knowledge: Knowledge, roles: RoleList) -> Page:
    """List the roles by family, from junior to senior."""
    blocks: list[Block] = [Title("Roles")]
    for family, members in roles.families.items():
        rows = tuple(
            (role.key, (Line(role.name), *((claim_line(role.focus),) if role.focus else ())))
            for role in members
        )
        blocks += [Heading(family), Facts(rows)]
    return Page(
        tuple(blocks), knowledge.sources, (NextStep("mops role KEY", "everything about one of them"),)
    )


def role_page(knowledge: Knowledge, profile: RoleProfile) -> Page:
    """Tell everything about one role, or the parts that were asked for."""
    role = profile.role
    blocks: list[Block] = [Title(role.name), *map(Paragraph, claim_lines(filter(None, [role.summary])))]
    told = [block for part in profile.parts for block in _role_part(knowledge, profile, part)]
    blocks += told or [_nothing_known(profile.parts)]
    return Page(tuple(blocks), knowledge.sources, tuple(_role_next(profile)))


def _nothing_known(parts: Sequence[str]) -> Paragraph:
    return Paragraph(Line(f"Nothing is known about this part: {', '.join(parts)}."))


def _role_next(profile: RoleProfile) -> Iterator[NextStep]:
    role = profile.role
    if len(profile.parts) > 1:
        yield NextStep(f"mops role {role.key} --section {profile.parts[1]}", "only this part")
    else:
        yield NextStep(f"mops role {role.key}", "everything about this role")
    yield NextStep(f"mops path {role.key}", "where it leads")


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
        for section in _sections_of(part):
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
                    (months_line(step.move.months),),
                )
                for step in steps
            )
        )


def _sections_of(part: str) -> Sequence[str]:
    """Return the sections (keys of HEADINGS) that a part of a role has."""
    # A comparison in brief does without the catalog, and starts faster.
    from mopscli.roles.catalog import ROLE_PARTS

    return [name for name in ROLE_PARTS[part] if name in HEADINGS]


def section_lines(role: Role, section: str) -> tuple[Line, ...]:
    """Return one section of a role (a key of HEADINGS) as lines."""
    told = getattr(role, section)
    return tuple(map(entry_line, told if isinstance(told, tuple) else () if told is None else (told,)))


def entry_line(entry: Claim | Figure | Share | str) -> Line:
    """Return an entry of a section as a line that names its source."""
    match entry:
        case Figure():
            return Line(figure_text(entry), entry.source)
        case Share():
            return Line(f"{entry.percent:g}%: {entry.activity}", entry.source)
        case str():
            return Line(entry)
        case _:
            return claim_line(entry)


def comparison_page(
    knowledge: Knowledge, comparison: Comparison, show_all: bool, parts: Sequence[str] = ()
) -> Page:
    """Tell what differs between roles first; equal levels are folded into a line unless `show_all`.

    Args:
        knowledge: where the roles come from.
        comparison: the roles side by side.
        show_all: show every part, and equal levels too.
        parts: show only these (keys of ROLE_PARTS).

    """
    roles = comparison.roles
    *names, last = (role.name for role in roles)
    blocks: list[Block] = [Title(f"{', '.join(names)} or {last}?")]
    told_of = [(role.label, claim_lines([said])) for role in roles if (said := role.focus or role.summary)]
    if told_of:
        blocks.append(Facts(tuple(told_of)))
    blocks += [Paragraph(line) for topic in comparison.caveats for line in claim_lines(topic.points)]
    if show_all and not parts:
        from mopscli.roles.catalog import ROLE_PARTS

        parts = tuple(ROLE_PARTS)
    compared = (_compared_part(comparison, part, everything=bool(parts)) for part in parts or COMPARED)
    told = [*chain(*compared)]
    blocks += told if told or not parts else [_nothing_known(parts)]
    steps = tuple(_comparison_next(comparison, show_all))
    return Page(tuple(blocks), knowledge.sources, steps, accents=knowledge.accents(*roles))


def _compared_part(comparison: Comparison, part: str, *, everything: bool) -> Iterator[Block]:
    roles = comparison.roles
    if part == "dimensions":
        rows = tuple(
            (told.name, tuple((claim_line(claim),) if claim else () for claim in told.claims.values()))
            for told in comparison.dimensions
        )
        if rows:
            yield from (Heading("What differs"), Grid(tuple(role.label for role in roles), rows))
    elif part == "skills":
        yield from _side_by_side(roles, *(("skills_text",) if everything else ()))
        yield from _compared_levels("Skills, widest gap first", "Skill", comparison.skills, roles, everything)
    elif part == "drives":
        yield from _compared_levels("What the work gives you", "Drive", comparison.drives, roles, everything)
    elif part == "topics":
        for topic in comparison.topics:
            yield from bullets(topic.title, claim_lines(topic.points))
    else:
        yield from _side_by_side(roles, *(_sections_of(part) if everything else (part,)))


def _side_by_side(roles: Sequence[Role], *sections: str) -> Iterator[Block]:
    for section in sections:
        cells = tuple(section_lines(role, section) for role in roles)
        if any(cells):
            yield Heading(HEADINGS[section])
            yield Grid(tuple(role.label for role in roles), (("", cells),))


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


def _comparison_next(comparison: Comparison, show_all: bool) -> Iterator[NextStep]:
    first, *_, last = comparison.roles
    yield NextStep(f"mops path {first.key} {last.key}", "the way from one to the other")
    yield NextStep(f"mops role {last.key}", "everything about one role")
    if not show_all and not all(row.spread for row in (*comparison.skills, *comparison.drives)):
        keys = " ".join(role.key for role in comparison.roles)
        yield NextStep(f"mops compare {keys} --all", "every part, and the equal levels too")


def skills_page(knowledge: Knowledge, skills: SkillList) -> Page:
    """List the skills by group."""
    blocks: list[Block] = [Title("Skills")]
    for group, members in skills.groups.items():
        rows = tuple((skill.key, claim_lines(filter(None, [skill.description]))) for skill in members)
        blocks += [Heading(group), Facts(rows)]
    return Page(tuple(blocks), knowledge.sources, (NextStep("mops skill KEY", "what each level looks like"),))


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
        *map(Paragraph, claim_lines(filter(None, [skill.description]))),
    ]
    if markers:
        blocks += [Heading("What each level looks like"), Facts(markers)]
    if levels:
        note = _levels_note(SKILLS_NOTE, profile.roles.values())
        blocks += [Heading("Roles that ask for it"), Levels("Role", ("Level",), WEIGHT, levels, note)]
    blocks += claim_facts("In the role descriptions", said)
    return Page(tuple(blocks), knowledge.sources)


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
