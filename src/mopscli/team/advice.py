"""Which team a company has, what it neglects, and whom it hires next; every answer that decides is named."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mopscli.assessment.questionnaire import Choice, choices_among
from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import LEADING, Claim, Figure, Role
from mopscli.knowledge.staffing import Bucket, Condition, Note, Rule, Sign, Stage, TeamFile
from mopscli.problem import Place

CANDIDATES = 2
PAY_UNIT = "USD per year"


class DecidingAnswer(NamedTuple):
    """An answer that decides something, in words."""

    key: str
    question: str
    answer: str


class Neglect(NamedTuple):
    """A bucket that signs show to be neglected, and what to do first."""

    key: str
    name: str
    about: Claim
    skills: tuple[str, ...]
    signs: tuple[Sign, ...]
    remedies: tuple[Claim, ...]


class Hire(NamedTuple):
    """A next hire that a rule names, or nobody yet.

    `reasons` are the answers that meet the rule, `open` the questions without an answer that it depends on.
    """

    role: str | None
    focus: str | None
    rule: str
    text: str
    source: str
    reasons: tuple[DecidingAnswer, ...]
    open: tuple[str, ...]
    arguments_for: tuple[Claim, ...]
    arguments_against: tuple[Claim, ...]
    sign_for_next: tuple[Claim, ...]


class Pay(NamedTuple):
    """What is on offer for a role beside the market; amounts in US dollars per year.

    `start` is the figure that the role is measured by, `short` is how much the budget lacks to it; `within`
    are the roles whose figure the offer reaches, `wishes` how many skills the role asks for at a high level.
    """

    role: str
    budget: float | None
    asked: tuple[float, ...]
    start: Figure | None
    figures: tuple[Figure, ...]
    short: float | None
    within: tuple[str, ...]
    wishes: int
    notes: tuple[Claim, ...]


class TeamAdvice(NamedTuple):
    """The stage of a team, what it neglects, and the next hire.

    With answers missing there may be two `hires`, and even `others` that are still possible; `decides` are the
    questions between them. `conflicts` are answers that do not fit together. `stage` is None where no answer
    tells it.
    """

    answered: int
    questions: int
    stage: Stage | None
    reasons: tuple[DecidingAnswer, ...]
    hires: tuple[Hire, ...]
    others: tuple[Hire, ...]
    decides: tuple[str, ...]
    conflicts: tuple[Note, ...]
    notes: tuple[Note, ...]
    neglected: tuple[Neglect, ...]
    pay: Pay | None


def texts_of(team: TeamFile) -> dict[str, str]:
    """Return the questions about a team, by key."""
    return {key: question.text for key, question in team.questions.items()}


def choices_about(team: TeamFile) -> dict[str, tuple[Choice, ...]]:
    """Return what can be answered to each question about a team."""
    return {key: choices_among(question.options) for key, question in team.questions.items()}


def advise_team(
    knowledge: Knowledge,
    answers: Mapping[str, float],
    wanted: Role | None = None,
    budget: float | None = None,
    asked: Sequence[float] = (),
) -> TeamAdvice:
    """Find the stage, what is neglected and the next hire.

    Args:
        knowledge: read with its team.
        answers: the numbers of options, by question key.
        wanted: the role whose pay is in question; without it, the first one to hire.
        budget: what the company can pay for it, in US dollars per year.
        asked: what candidates ask, likewise.

    """
    team = knowledge.team or TeamFile(place=Place(str(knowledge.folder)))
    stages = [stage for stage in team.stages if holds(stage.when, answers)]
    stage = stages[0] if stages else None
    rules = _possible_rules(team, stage, answers) if stage else []
    possible = _hires(team, rules, answers)
    hires, others = tuple(possible[:CANDIDATES]), tuple(possible[CANDIDATES:])
    role = wanted or next((knowledge.roles[hire.role] for hire in hires if hire.role), None)
    unclear = [
        condition.asks
        for some in team.stages
        if stage is None and holds(some.when, answers) is None
        for condition in some.when
    ]
    open_ = [one.asks for rule in rules for one in rule.when if one.asks not in answers]
    decides = open_ if len(possible) > 1 else unclear
    return TeamAdvice(
        answered=sum(key in team.questions for key in answers),
        questions=sum(is_asked(team, key, answers) for key in team.questions),
        stage=stage,
        reasons=_reasons(team, stage.when, answers) if stage else (),
        hires=hires,
        others=others,
        decides=tuple(dict.fromkeys(decides)),
        conflicts=tuple(some for some in team.conflicts if holds(some.when, answers)),
        notes=tuple(
            note for note in team.notes if any(hire.role for hire in hires) and holds(note.when, answers)
        ),
        neglected=tuple(_neglected(team.buckets.values(), answers)),
        pay=_pay(knowledge, team, role, budget, asked) if role and (wanted or budget or asked) else None,
    )


def is_asked(team: TeamFile, key: str, answers: Mapping[str, float | None]) -> bool:
    """Tell whether a question makes sense after some answers; None is a skipped question."""
    given = {name: value for name, value in answers.items() if value is not None}
    return holds(team.questions[key].when, given) is not False


def holds(conditions: Sequence[Condition], answers: Mapping[str, float]) -> bool | None:
    """Tell whether all conditions are met; None if that depends on a question without an answer."""
    met = [meets(condition, answers) for condition in conditions]
    return False if False in met else None if None in met else True


def meets(condition: Condition, answers: Mapping[str, float]) -> bool | None:
    """Tell whether an answer is as it must be; None without an answer."""
    answer = answers.get(condition.asks)
    if answer is None:
        return None
    low, high = condition.at_least, condition.at_most
    return (low is None or answer >= low) and (high is None or answer <= high)


def _possible_rules(team: TeamFile, stage: Stage, answers: Mapping[str, float]) -> list[Rule]:
    """Return the rules of a stage that open questions may bring, and last the one that holds already, if any."""
    found = []
    for rule in team.rules.values():
        met = holds(rule.when, answers) if rule.stage == stage.number else False
        if met is not False:
            found.append(rule)
        if met:
            break
    return found


def _hires(team: TeamFile, rules: Sequence[Rule], answers: Mapping[str, float]) -> list[Hire]:
    """Return the hires of some rules; a rule that holds speaks for its hire, whatever others name the same."""
    found: dict[tuple[str | None, str | None], Rule] = {}
    for rule in rules:
        if holds(rule.when, answers) or (rule.hire, rule.focus) not in found:
            found[rule.hire, rule.focus] = rule
    return [_hire_of(team, rule, answers) for rule in found.values()]


def _hire_of(team: TeamFile, rule: Rule, answers: Mapping[str, float]) -> Hire:
    seat = team.seats.get(rule.hire) if rule.hire is not None else None
    return Hire(
        role=rule.hire,
        focus=rule.focus,
        rule=rule.key,
        text=rule.text,
        source=rule.source,
        reasons=_reasons(team, rule.when, answers),
        open=tuple(condition.asks for condition in rule.when if condition.asks not in answers),
        arguments_for=seat.arguments_for if seat else (),
        arguments_against=seat.arguments_against if seat else (),
        sign_for_next=seat.sign_for_next if seat else (),
    )


def _reasons(
    team: TeamFile, conditions: Sequence[Condition], answers: Mapping[str, float]
) -> tuple[DecidingAnswer, ...]:
    keys = dict.fromkeys(condition.asks for condition in conditions if condition.asks in answers)
    return tuple(
        DecidingAnswer(key, team.questions[key].text, option.text)
        for key in keys
        for option in team.questions[key].options
        if option.value == answers[key]
    )


def _neglected(buckets: Iterable[Bucket], answers: Mapping[str, float]) -> Iterator[Neglect]:
    for bucket in buckets:
        if signs := tuple(sign for sign in bucket.signs if meets(sign, answers)):
            yield Neglect(bucket.key, bucket.name, bucket.about, bucket.skills, signs, bucket.remedies)


def _pay(
    knowledge: Knowledge, team: TeamFile, role: Role, budget: float | None, asked: Sequence[float]
) -> Pay:
    start = starting_pay(role)
    short = start.value - budget if start and start.value and budget and budget < start.value else None
    within = [
        some.key
        for some in sorted(knowledge.roles.values(), key=lambda some: some.rank)
        if budget and (figure := starting_pay(some)) and (figure.value or 0) <= budget
    ]
    unmatched = short is not None or any(budget and amount > budget for amount in asked)
    return Pay(
        role=role.key,
        budget=budget,
        asked=tuple(asked),
        start=start,
        figures=tuple(figure for figure in role.market if figure.unit == PAY_UNIT),
        short=short,
        within=tuple(within),
        wishes=sum(demand.level >= LEADING for demand in role.requires.values()),
        notes=team.underpaid if unmatched else (),
    )


def starting_pay(role: Role) -> Figure | None:
    """Return the figure that pay for a role begins with, in US dollars per year, if the knowledge has one."""
    return next(
        (figure for figure in role.market if figure.unit == PAY_UNIT and figure.value is not None), None
    )
