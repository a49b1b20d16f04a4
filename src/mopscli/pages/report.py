"""A report to share: one person's verdict, profile, plan and way, put together as one page."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from mopscli.assessment.verdict import Assessment, assess
from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import Role
from mopscli.page import Block, Gauge, Line, Page, Paragraph, Piece, Sheet, Stretch, Timeline, Title
from mopscli.pages.advice import advice_certainty, leading_first, with_advice
from mopscli.pages.onepage import one_page, profile, range_chart, sheet_title, trait_scales
from mopscli.pages.plan import personal_routes_page, plan_page
from mopscli.pages.verdict import assessment_details
from mopscli.pages.voice import about, in_third_person, named
from mopscli.person.person import Person
from mopscli.person.plan import Plan, make_plan
from mopscli.person.ranges import RoleRanges, find_ranges
from mopscli.person.routes import find_personal_routes
from mopscli.roles.routes import Routes

if TYPE_CHECKING:
    from mopscli.formats.card import Card

PLAN_NOTE = (
    "In months from now: the dark part until it is usually done, the pale one until it is at the latest."
)
NO_ORIGIN = "The answers name no present role, so there is no way to draw. Name one with --from."


class Report(NamedTuple):
    """What a report tells: the assessment, the plan for a role, the way if one leads there, and the ranges.

    `pair` are the two roles that the advice sets beside each other, and `matters` all traits, by how much each
    matters for the choice between them.
    `is_there` tells that one has the role of the plan, so that no way is needed.
    """

    name: str
    made: str
    assessment: Assessment
    plan: Plan
    routes: Routes | None
    ranges: tuple[RoleRanges, ...]
    pair: tuple[str, str]
    matters: tuple[str, ...]
    is_there: bool = False


def make_report(
    knowledge: Knowledge,
    person: Person,
    roles: Sequence[Role],
    skipped: Collection[str],
    goal: Role | None,
    ready: float,
    name: str,
    origin: Role | None = None,
) -> Report:
    """Put together what there is to report on somebody.

    Args:
        knowledge: read with its growth.
        person: whom it is about.
        roles: the roles to choose between.
        skipped: questions that one could not answer.
        goal: the role to plan for; the one that suits best without it.
        ready: the readiness that counts as being ready, from 0 to 100.
        name: whose report it is, empty if nobody says.
        origin: the role where the way begins; the present one without it, if an answer tells.

    """
    assessment = assess(person.questionnaire, roles, person.answers, skipped)
    assessment = with_advice(knowledge, person, roles, skipped, ready, assessment)
    # What is drawn and explained is the choice that the advice is about.
    ordered = assess(person.questionnaire, leading_first(roles, assessment), person.answers, skipped)
    assessment = ordered._replace(advice=assessment.advice)
    wanted = assessment.advice.wants if assessment.advice else None
    target = goal or knowledge.roles[wanted or assessment.verdict.role]
    pair = _pair_of(assessment)
    shown = list(dict.fromkeys((*pair, *assessment.between)))
    begin = origin or knowledge.roles.get(assessment.present_role or "")
    return Report(
        name=name,
        made=date.today().isoformat(),
        assessment=assessment,
        plan=make_plan(knowledge, person, target, ready),
        routes=None
        if begin is None or begin is target
        else find_personal_routes(knowledge, person, begin, target, ready),
        ranges=find_ranges(person, [knowledge.roles[key] for key in shown]),
        pair=pair,
        matters=_by_weight(assess(person.questionnaire, _both(knowledge, pair), person.answers), person),
        is_there=begin is target,
    )


def _pair_of(assessment: Assessment) -> tuple[str, str]:
    """Return the two roles that the advice is about: those that lead, or another one that is wanted more."""
    advice = assessment.advice
    if advice and advice.wants and advice.rival and advice.wants not in assessment.between:
        return advice.wants, advice.rival
    one, other = assessment.between[:2]
    return one, other


def _both(knowledge: Knowledge, pair: tuple[str, str]) -> list[Role]:
    return [knowledge.roles[key] for key in pair]


def _by_weight(result: Assessment, person: Person) -> tuple[str, ...]:
    """Return traits by what they add to the lead of a role, or cost the role that fits best, in points of fit.

    What was not asked about stands last.
    """
    costs = {gap.trait: gap.cost for gap in result.gaps}
    matter = {part.trait: max(abs(part.delta), costs.get(part.trait, 0.0)) for part in result.contributions}
    return tuple(sorted(matter, key=lambda trait: (not person.is_known(trait), -matter[trait])))


def report_page(knowledge: Knowledge, report: Report, person: Person, *, alone: bool = False) -> Page:
    """Put all that matters on the first page, and behind it what it rests on, unless it is to stand alone.

    With a name it speaks about somebody, and without one to them.
    """
    blocks: list[Block] = [one_page(knowledge, report, person)]
    if not alone:
        blocks += _behind(knowledge, report, person)
    accents = knowledge.accents(*_shown_roles(knowledge, report))
    page = Page(tuple(blocks), knowledge.sources, personal=True, accents=accents)
    if report.name:
        page = in_third_person(page, report.name)
    return _signed(page, report)


def _shown_roles(knowledge: Knowledge, report: Report) -> list[Role]:
    return [knowledge.roles[some.role] for some in report.ranges]


def _signed(page: Page, report: Report) -> Page:
    """Return a page that says below its title whom it is about, and of when it is."""
    sheet, *rest = page.blocks
    if not isinstance(sheet, Sheet):
        return page
    whom = f"About {report.name}. " if report.name else ""
    line = Line(f"{whom}Made with mops on {_made(report)}.")
    title, *across = sheet.across
    signed = sheet._replace(across=(title, Paragraph(line, quiet=True), *across))
    return page._replace(blocks=(signed, *rest))


def _behind(knowledge: Knowledge, report: Report, person: Person) -> Iterator[Block]:
    """Yield what the first page rests on: all traits, how each role fits, the plan, and the way."""
    roles = _both(knowledge, report.pair)
    yield Sheet((Title("All skills and wishes"),), tuple(_all_traits(knowledge, roles, person)))
    yield Title("How this came about")
    yield from assessment_details(knowledge, report.assessment)
    yield from _with_chart(plan_page(knowledge, report.plan), _plan_times(knowledge, report.plan))
    yield from _way(knowledge, report, person)


def _all_traits(knowledge: Knowledge, roles: Sequence[Role], person: Person) -> Iterator[tuple[Piece, ...]]:
    for title, demands in (
        ("Skills", [role.requires for role in roles]),
        ("What you want from work, and what the roles give", [role.offers for role in roles]),
    ):
        if traits := list(dict.fromkeys(trait for some in demands for trait in some)):
            yield (trait_scales(knowledge, roles, person, traits, title),)


def _with_chart(page: Page, chart: Timeline) -> Iterator[Block]:
    """Yield the blocks of a plan with its chart behind the readiness that it brings, if it has steps."""
    drawn = not chart.rows
    for block in page.blocks:
        yield block
        if isinstance(block, Gauge) and not drawn:
            drawn = True
            yield chart
    if not drawn:
        yield chart


def _plan_times(knowledge: Knowledge, plan: Plan) -> Timeline:
    """Return what the plan takes when; months of must-haves run beside those of skills."""
    musts = (
        Stretch(must.text.removesuffix("."), 0.0, must.months.typical, must.months.high)
        for must in plan.must_haves
        if must.met is False and must.months is not None
    )
    steps = (
        Stretch(
            f"{knowledge.skills[step.skill].name}, to level {step.to}",
            max(step.done_by.typical - step.months.typical, 0.0),
            step.done_by.typical,
            step.done_by.high,
        )
        for step in plan.steps
    )
    return Timeline("The plan in time", "done", (*musts, *steps), PLAN_NOTE)


def _way(knowledge: Knowledge, report: Report, person: Person) -> Iterator[Block]:
    """Yield the way by jobs, or why there is none."""
    if report.routes is not None:
        yield from personal_routes_page(
            knowledge, report.routes, person, report.plan.wanted, show_all=False
        ).blocks
        return
    goal = knowledge.roles[report.plan.role]
    yield Title(f"Your way to {goal.name}")
    there = f"No way is needed: {goal.label} is where it begins."
    yield Paragraph(Line(there if report.is_there else NO_ORIGIN))


def report_card(knowledge: Knowledge, report: Report, person: Person) -> "Card":
    """Return what a card tells: the advice, how sure it is, and the profile; nothing else of the person."""
    from mopscli.formats.card import Card

    result = report.assessment
    sure = " ".join(advice_certainty(knowledge, result.advice)) if result.advice else ""
    chart = profile(knowledge, report, person)
    title = sheet_title(knowledge, result)
    if report.name:
        title, sure = named(title, report.name), about(sure)
        chart = chart._replace(whose=((chart.whose[0][0], report.name), *chart.whose[1:]))
    made = f"{_made(report)}, mops"
    accents = knowledge.accents(*_shown_roles(knowledge, report))
    return Card(title, report.name, sure, made, chart, range_chart(knowledge, report), accents)


def _made(report: Report) -> str:
    made = date.fromisoformat(report.made)
    return f"{made:%B} {made.day}, {made.year}"
