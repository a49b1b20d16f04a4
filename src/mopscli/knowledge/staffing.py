"""What the files about teams and hiring may hold: the stages of a team, the next hire, and the papers for it."""

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Final, Literal, get_args

from mopscli.knowledge.constraints import Between, Defines, Every, Inconsistencies, Refers
from mopscli.knowledge.entries import Claim, Entry, RoleKey, SkillKey, SourceKey, entry
from mopscli.knowledge.questions import Option

TeamQuestionKey = Annotated[str, Refers(("team question",))]
CompanyChoiceKey = Annotated[str, Refers(("choice",))]
PaperKey = Literal[
    "role-description", "advertisement", "scorecard", "charter", "metrics", "interview-guide", "checklist"
]
# The key of the choice that stands in every title.
COMPANY: Final = "company"
PAPERS: Final[tuple[PaperKey, ...]] = get_args(PaperKey)


# --- team.yaml ------------------------------------------------------------------------------------


@entry
class Condition(Entry):
    """What an answer must be."""

    asks: Annotated[TeamQuestionKey, "The question whose answer decides."]
    at_least: Annotated[float | None, "The lowest answer that will do."] = None
    at_most: Annotated[float | None, "The highest answer that will do."] = None

    def inconsistencies(self) -> Inconsistencies:
        """Tell what is missing."""
        if self.at_least is None and self.at_most is None:
            yield "asks", "any answer would do", "give at_least or at_most"


@entry
class TeamQuestion(Entry):
    """A question about a team."""

    key: str
    text: Annotated[str, "The question."]
    options: Annotated[tuple[Option, ...], "The answers to choose from, lowest value first."]
    when: Annotated[tuple[Condition, ...], "It is asked only if these answers were given."] = ()

    def inconsistencies(self) -> Inconsistencies:
        """Tell whether the answers can be told apart."""
        values = [option.value for option in self.options]
        if len(values) < 2 or values != sorted(set(values)):
            yield "options", "there must be two options or more, with rising values", ""


@entry
class Sign(Condition):
    """An answer that shows something, such as that a bucket is neglected, and what it means."""

    text: Annotated[str, "What the answer shows."]
    source: Annotated[SourceKey, "The key of the source that says it."]


@entry
class Stage(Entry):
    """A stage in the growth of a team."""

    number: Annotated[int, Between(0, 20), "Its number, from 0 on."]
    name: Annotated[str, "The name on the screen."]
    when: Annotated[tuple[Condition, ...], "The answers that tell that a team is at this stage."]
    roles: Annotated[tuple[RoleKey, ...], "Who is there, or should be."]
    looks_like: Annotated[tuple[Claim, ...], "How one recognizes it."]
    comes_next: Annotated[tuple[Claim, ...], "What comes next, and why."]


@entry
class Bucket(Entry):
    """A part of what marketing operations answers for."""

    key: str
    name: Annotated[str, "The name on the screen."]
    about: Annotated[Claim, "What belongs to it."]
    skills: Annotated[tuple[SkillKey, ...], "The skills that serve it."]
    signs: Annotated[tuple[Sign, ...], "How one sees that it is neglected."]
    remedies: Annotated[tuple[Claim, ...], "What to do about it first."] = ()


@entry
class Seat(Entry):
    """What to weigh before a hire, and when the one after it is due."""

    key: str
    arguments_for: Annotated[tuple[Claim, ...], "What speaks for it."]
    arguments_against: Annotated[tuple[Claim, ...], "What speaks against it."]
    sign_for_next: Annotated[tuple[Claim, ...], "The sign that the hire after it is due."]


@entry
class Rule(Entry):
    """Whom to hire next; of those of a stage, the first whose conditions all hold decides."""

    key: str
    stage: Annotated[int, Between(0, 20), "The number of the stage that it is for."]
    when: Annotated[tuple[Condition, ...], "What must hold; nothing for a rule that always does."]
    text: Annotated[str, "The rule in words, with its reason."]
    source: Annotated[SourceKey, "The key of the source that says it."]
    hire: Annotated[RoleKey | None, "The role to hire; nobody yet without one."] = None
    focus: Annotated[str | None, "What the hire is for, if the role does not tell."] = None


@entry
class Note(Entry):
    """What some answers together give reason to say."""

    when: Annotated[tuple[Condition, ...], "The answers."]
    text: Annotated[str, "What to say."]
    source: Annotated[SourceKey, "The key of the source that says it."]


@entry
class TeamFile(Entry):
    """The file team.yaml."""

    questions: Annotated[
        Mapping[Annotated[str, Defines("team question")], TeamQuestion], "What is asked about a team, by key."
    ] = field(default_factory=dict)
    stages: Annotated[tuple[Stage, ...], "The stages, first stage first."] = ()
    buckets: Annotated[
        Mapping[Annotated[str, Defines("bucket")], Bucket], "The parts of the work, by key."
    ] = field(default_factory=dict)
    notes: Annotated[tuple[Note, ...], "What to think of before a hire."] = ()
    conflicts: Annotated[tuple[Note, ...], "Answers that do not fit together, and why."] = ()
    underpaid: Annotated[
        tuple[Claim, ...], "What to know when the pay does not match what is asked for."
    ] = ()
    seats: Annotated[Mapping[RoleKey, Seat], "What to weigh before each hire, by role."] = field(
        default_factory=dict
    )
    rules: Annotated[
        Mapping[Annotated[str, Defines("rule")], Rule], "Whom to hire next, in order, by key."
    ] = field(default_factory=dict)


# --- hiring.yaml ----------------------------------------------------------------------------------


@entry
class CompanyChoice(Entry):
    """Something that only the company knows; a kit marks it until it is given."""

    key: str
    text: Annotated[str, "What is to be filled in."]
    label: Annotated[
        str | None, "What stands before it in a paper once it is filled in; the text without one."
    ] = None
    replaces: Annotated[
        Literal["scope", "decisions", "team", "budget", "reports_to"] | None,
        "What is usual for the role, and no longer said when this is filled in.",
    ] = None
    advertised: Annotated[
        Literal["opening", "facts", "offer", "applying"] | None, "Where it stands in a job advertisement."
    ] = None
    papers: Annotated[tuple[PaperKey, ...], "The papers at whose head it stands."] = ()
    roles: Annotated[tuple[RoleKey, ...], "The roles that it is for; every role without them."] = ()


@entry
class Paper(Entry):
    """One of the papers of a hiring kit."""

    key: str
    title: Annotated[str, "The title above it."]
    about: Annotated[Claim, "What it is for, and how to use it."]
    candidate: Annotated[Claim | None, "What to know of it when it is filled in for a candidate."] = None


@entry
class Accountability(Claim):
    """What somebody answers for, and how one tells that it is done."""

    measure: Annotated[Claim, "How one tells after a year."]


@entry
class Scorecard(Entry):
    """What a role is hired for, and how its work is measured."""

    key: str
    mission: Annotated[Claim, "Why the seat exists."]
    accountabilities: Annotated[tuple[Accountability, ...], "What the person answers for, as results."]
    first_year: Annotated[tuple[Claim, ...], "What must be done by when."]
    background: Annotated[tuple[Claim, ...], "What the person has done before."]


@entry
class Decision(Claim):
    """Something to decide in a charter."""

    choice: Annotated[CompanyChoiceKey, "Where what was decided goes."]
    usual: Annotated[str | None, "What papers to send say while nothing is decided; a blank without it."] = (
        None
    )
    roles: Annotated[tuple[RoleKey, ...], "The roles that it is for; every role without them."] = ()


@entry
class Advertisement(Entry):
    """What a job advertisement says of a role, to whoever reads it."""

    key: str
    opening: Annotated[Claim, "The sentence that it begins with."]
    work: Annotated[tuple[Claim, ...], "What the person will do."]
    musts: Annotated[tuple[Claim, ...], "The must-haves of the role, one line for each."] = ()


@entry
class Interviewer(Entry):
    """Somebody on the panel that interviews candidates."""

    who: Annotated[str, "Who it is."]
    about: Annotated[Claim, "What they look after."]
    groups: Annotated[tuple[str, ...], "The groups of skills that they ask about."]


@entry
class CharterHeading(Entry):
    """A heading of a charter, with what to decide under it."""

    heading: Annotated[str, "The heading."]
    about: Annotated[Claim, "What belongs under it."]
    decide: Annotated[tuple[Decision, ...], "What to decide."]


@entry
class Metric(Entry):
    """A figure that a role reports."""

    key: str
    name: Annotated[str, "The name on the list."]
    function: Annotated[str, "The heading that it is listed under."]
    tells: Annotated[str, "What it tells."]
    formula: Annotated[str, "How to compute it."]
    unit: Annotated[str, "What it counts, as `%` or `days`."]
    cadence: Annotated[Literal["weekly", "monthly", "quarterly", "yearly"], "How often it is reported."]
    owner: Annotated[RoleKey, "The role that answers for it."]
    roles: Annotated[tuple[RoleKey, ...], "The roles on whose list it stands."]
    source: Annotated[SourceKey, "Where it comes from."]


@entry
class InterviewQuestion(Claim):
    """A question to ask in an interview, and what answers to it sound like."""

    strong: Annotated[Claim, "What a strong answer sounds like."]
    weak: Annotated[Claim, "What a weak answer sounds like, and why it worries."]


@entry
class InterviewQuestions(Entry):
    """Questions about a skill: for roles that ask for level 1 to 3, and for those that ask for 4 or 5."""

    key: str
    doing: Annotated[tuple[InterviewQuestion, ...], "For roles that ask for level 1, 2 or 3."]
    leading: Annotated[tuple[InterviewQuestion, ...], "For roles that ask for level 4 or 5."]


@entry
class Argument(Claim):
    """A reason for the budget."""

    roles: Annotated[tuple[RoleKey, ...], "The roles that it holds for."]


@entry
class Doubt(Claim):
    """A doubt that one hears, and an answer to it."""

    answer: Annotated[Claim, "What to answer."]
    roles: Annotated[tuple[RoleKey, ...], "The roles that it is about."]


@entry
class Check(Claim):
    """A question on today's marketing operations."""

    function: Annotated[str, "The heading that it is listed under."]


@entry
class HiringFile(Entry):
    """The file hiring.yaml."""

    choices: Annotated[
        Mapping[Annotated[str, Defines("choice")], CompanyChoice], "What only the company knows, by key."
    ] = field(default_factory=dict)
    asked: Annotated[tuple[CompanyChoiceKey, ...], "What is asked for on a terminal, the first first."] = ()
    papers: Annotated[
        Mapping[PaperKey, Paper],
        Every(tuple(paper for paper in PAPERS if paper != "advertisement")),
        "The papers of a kit, by key.",
    ] = field(default_factory=dict)
    scorecards: Annotated[Mapping[RoleKey, Scorecard], "What each role is hired for, by role."] = field(
        default_factory=dict
    )
    advertisements: Annotated[
        Mapping[RoleKey, Advertisement], "What an advertisement says of each role, by role."
    ] = field(default_factory=dict)
    offers: Annotated[tuple[Claim, ...], "What every advertisement offers."] = ()
    applying: Annotated[tuple[Claim, ...], "How to apply, and who is welcome."] = ()
    charter: Annotated[tuple[CharterHeading, ...], "The headings of a charter."] = ()
    metrics: Annotated[
        Mapping[Annotated[str, Defines("metric")], Metric], "The figures that roles report, by key."
    ] = field(default_factory=dict)
    interviews: Annotated[Mapping[SkillKey, InterviewQuestions], "What to ask about a skill, by skill."] = (
        field(default_factory=dict)
    )
    panel: Annotated[tuple[Interviewer, ...], "Who interviews; all ask everything without it."] = ()
    arguments: Annotated[tuple[Argument, ...], "Reasons for the budget."] = ()
    doubts: Annotated[tuple[Doubt, ...], "The usual doubts, and answers to them."] = ()
    checklist: Annotated[tuple[Check, ...], "What to look at before a hire."] = ()
