"""A report to share: one person's verdict, profile, plan and way, put together as one page."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from mopscli.assessment.verdict import Assessment, assess
from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import Role
from mopscli.page import Block, Chart, Gauge, Ladders, Line, Page, Paragraph, Title
from mopscli.pages.advice import leading_first, with_advice
from mopscli.pages.plan import personal_routes_page, plan_page
from mopscli.pages.verdict import assessment_page
from mopscli.person.person import Person
from mopscli.person.plan import Plan, make_plan
from mopscli.person.routes import find_personal_routes
from mopscli.roles.growth import NO_TIME, total
from mopscli.roles.routes import Routes

PROFILE_NOTE = "From 0 to 5. Your levels are what the answers show; those of the roles are judgments."
SIDES_NOTE = "Points of fit. Together they are exactly the difference between the two fits."
PLAN_NOTE = "In months from now, with the steps in this order. Times are judgments."
WAY_NOTE = "In months from now, on the fastest route. Each bar is the time until one is ready for that role."


class Report(NamedTuple):
    """What a report tells: the assessment, the plan for a role, and the way there if one leads there."""

    name: str
    made: str
    assessment: Assessment
    plan: Plan
    routes: Routes | None


def make_report(
    knowledge: Knowledge,
    person: Person,
    roles: Sequence[Role],
    skipped: Collection[str],
    goal: Role | None,
    ready: float,
    name: str,
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

    """
    assessment = assess(person.questionnaire, roles, person.answers, skipped)
    assessment = with_advice(knowledge, person, roles, skipped, ready, assessment)
    # What is drawn and explained is the choice that the advice is about.
    ordered = assess(person.questionnaire, leading_first(roles, assessment), person.answers, skipped)
    assessment = ordered._replace(advice=assessment.advice)
    wanted = assessment.advice.wants if assessment.advice else None
    target = goal or knowledge.roles[wanted or assessment.verdict.role]
    origin = knowledge.roles.get(assessment.present_role or "")
    return Report(
        name=name,
        made=date.today().isoformat(),
        assessment=assessment,
        plan=make_plan(knowledge, person, target, ready),
        routes=None
        if origin is None or origin is target
        else find_personal_routes(knowledge, person, origin, target, ready),
    )


def report_page(knowledge: Knowledge, report: Report, person: Person) -> Page:
    """Put the verdict first, then the profile, what explains it, the plan and the way."""
    roles = [knowledge.roles[key] for key in report.assessment.between[:2]]
    subject = f" of {report.name}" if report.name else ""
    blocks: list[Block] = [
        Title(f"Marketing operations self-assessment{subject}"),
        Paragraph(Line(f"Made with mops on {report.made}."), quiet=True),
        *assessment_page(knowledge, report.assessment, explain=False).blocks,
        Title("The profile beside the roles"),
        *_profiles(knowledge, roles, person),
        *(chart for chart in [_sides(knowledge, report.assessment, roles)] if chart.rows),
        *_with_chart(
            plan_page(
                knowledge,
                report.plan,
            ),
            Gauge,
            _plan_times(knowledge, report.plan),
        ),
    ]
    if report.routes is not None:
        routes = personal_routes_page(knowledge, report.routes, person, report.plan.wanted, show_all=False)
        blocks += _with_chart(routes, Ladders, _way_times(knowledge, report.routes))
    return Page(tuple(blocks), knowledge.sources, personal=True)


def _with_chart(page: Page, after: type[Block], chart: Chart) -> Iterator[Block]:
    """Yield the blocks of a page with a chart behind the first block of a kind, if there is anything to draw."""
    drawn = not chart.rows
    for block in page.blocks:
        yield block
        if isinstance(block, after) and not drawn:
            drawn = True
            yield chart


def _profiles(knowledge: Knowledge, roles: Sequence[Role], person: Person) -> Iterator[Block]:
    columns = ("You", *(role.label for role in roles))
    for title, demands in (
        ("Skills", [role.requires for role in roles]),
        ("What you want from work, and what the roles give", [role.offers for role in roles]),
    ):
        rows = tuple(
            (
                knowledge.trait_name(trait),
                (
                    round(person.beliefs[trait].m, 1) if person.is_known(trait) else None,
                    *(float(some[trait].level) if trait in some else None for some in demands),
                ),
            )
            for trait in dict.fromkeys(trait for some in demands for trait in some)
        )
        if rows:
            yield Chart(title, "profile", columns, rows, PROFILE_NOTE)


def _sides(knowledge: Knowledge, result: Assessment, roles: Sequence[Role]) -> Chart:
    rows = tuple(
        (knowledge.trait_name(part.trait), (max(part.delta, 0.0) or None, max(-part.delta, 0.0) or None))
        for part in result.contributions
        if part.delta
    )
    columns = tuple(f"speaks for {role.label}" for role in roles)
    return Chart("What speaks for which role", "sides", columns, rows, SIDES_NOTE)


def _plan_times(knowledge: Knowledge, plan: Plan) -> Chart:
    rows = tuple(
        (
            f"{number} {knowledge.skills[step.skill].name}",
            (
                max(step.done_by.typical - step.months.typical, 0.0),
                step.done_by.typical,
                step.done_by.high,
            ),
        )
        for number, step in enumerate(plan.steps, 1)
    )
    return Chart("The plan in time", "times", ("begins", "done", "done at the latest"), rows, PLAN_NOTE)


def _way_times(knowledge: Knowledge, routes: Routes) -> Chart:
    rows = []
    months = NO_TIME
    for step in routes.routes[0].steps if routes.routes else ():
        begins, months = months, total([months, step.months])
        rows.append((knowledge.roles[step.move.to].label, (begins.typical, months.typical, months.high)))
    return Chart(
        "The way in time", "times", ("begins", "ready", "ready at the latest"), tuple(rows), WAY_NOTE
    )
