"""What the files of a knowledge folder may hold: dataclasses whose types are the schema."""

from collections.abc import Mapping
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from typing import Annotated, Any, ClassVar, Final, Literal, NoReturn, TypeVar, cast, dataclass_transform

from mopscli.knowledge.constraints import KEY, Between, Defines, Every, Inconsistencies, Refers
from mopscli.problem import Place

SourceKey = Annotated[str, Refers(("source",))]
SkillKey = Annotated[str, Refers(("skill",))]
DriveKey = Annotated[str, Refers(("drive",))]
TraitKey = Annotated[str, Refers(("skill", "drive"))]
RoleKey = Annotated[str, Refers(("role",))]
QuestionKey = Annotated[str, Refers(("question",))]
WayKey = Annotated[str, Refers(("way",))]
Level = Annotated[int, Between(0, 5)]

LEVELS: Final = range(6)
# Nobody can hold a person to more, and a plan for more would take long to make.
MOST_TRAITS: Final = 200
# How much a trait counts, in a word.
WEIGHTS: Final[Mapping[str, float]] = {"helps": 1, "matters": 2, "decides": 3}
# From this level on somebody leads the work, and does not only do it.
LEADING: Final = 4

_Class = TypeVar("_Class")


@dataclass_transform(frozen_default=True, kw_only_default=True, eq_default=False, field_specifiers=(field,))
def entry(kind: type[_Class]) -> type[_Class]:
    """Make a class of Entry a dataclass, without the methods that it would generate at every start.

    Entry has the two that are needed, once for all of them.
    """
    dataclass(init=False, eq=False, repr=False)(kind)
    for part in fields(cast("Any", kind)):
        if part.default_factory is not MISSING:
            setattr(kind, part.name, part.default_factory())
    return kind


@entry
class Entry:
    """Anything that stands in a knowledge file; it cannot be changed."""

    place: Place

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenInstanceError(f"cannot change '{name}'")


@entry
class Source(Entry):
    """What claims rest on: an article, a data set, or the judgement of whoever wrote the knowledge."""

    key: str
    title: Annotated[str, "The title, as it is published."]
    kind: Annotated[
        Literal["article", "dataset", "judgement"],
        "`judgement` marks what no published source says; the output shows it as such.",
    ]
    author: Annotated[str | None, "Who wrote it."] = None
    publisher: Annotated[str | None, "Who published it."] = None
    year: Annotated[int | None, Between(1900, 2100), "The year it appeared."] = None
    url: Annotated[str | None, "Where it can be read."] = None
    note: Annotated[str | None, "What to know before trusting it."] = None

    @property
    def name(self) -> str:
        """The title, by which it is found like anything else that has a name."""
        return self.title


@entry
class Claim(Entry):
    """One statement and the source that it rests on.

    `The statement. [key]` is short for a statement and the key of its source.
    """

    text: Annotated[str, "The statement, in plain words."]
    source: Annotated[SourceKey, "The key of the source that says it."]
    about: Annotated[tuple[TraitKey, ...], "The skills and drives that the statement is about."] = ()

    IN_SHORT: ClassVar = rf"(?P<text>.*\S) \[(?P<source>{KEY})\]"


@entry
class Gate(Entry):
    """A requirement that no score offsets, and the answer that tells whether it is met."""

    text: Annotated[str, "The requirement, as what somebody has done."]
    source: Annotated[SourceKey, "The key of the source that says it."]
    asks: Annotated[
        QuestionKey | None, "The question whose answer decides it; without one, only people can."
    ] = None
    at_least: Annotated[float | None, "The lowest answer that meets it."] = None
    way: Annotated[WayKey | None, "The key in paths.yaml of how one gets it."] = None

    def inconsistencies(self) -> Inconsistencies:
        """Tell what is missing beside what."""
        if (self.asks is None) != (self.at_least is None):
            yield "asks" if self.asks else "at_least", "asks and at_least need each other", "give both"


@entry
class Prior(Entry):
    """What is believed of a trait before anything is answered: a normal distribution, in levels."""

    mean: Annotated[float, Between(0, 5), "The level that is most likely."]
    sd: Annotated[float, Between(0.01, 100), "The standard deviation, in levels."]


@entry
class Skill(Entry):
    """Something a person can be better or worse at, on a scale of levels from 0 to 5."""

    key: str
    name: Annotated[str, Defines("skill", is_key=False, repeats_key=True), "The name on the screen."]
    group: Annotated[str, "The heading that it is listed under."] = "Skills"
    description: Annotated[Claim | None, "What the skill is, in one sentence."] = None
    markers: Annotated[
        Mapping[Level, str],
        Every(tuple(LEVELS)),
        "For each level from 0 to 5, what somebody at that level has done.",
    ] = field(default_factory=dict)
    source: Annotated[SourceKey | None, "What the markers rest on."] = None
    phrases: Annotated[tuple[str, ...], "The words in which postings and resumes name it."] = ()
    much: Annotated[str | None, "Who has much of it, said to that person."] = None
    little: Annotated[str | None, "Who has little of it, said to that person."] = None
    prior: Annotated[Prior | None, "What is believed of it beforehand, if not what questions.yaml says."] = (
        None
    )

    def inconsistencies(self) -> Inconsistencies:
        """Tell what the markers lack together."""
        if self.markers and self.source is None:
            yield "markers", "nothing says what they rest on", "add 'source'"
        if len(set(self.markers.values())) < len(self.markers):
            yield "markers", "two levels have the same marker", "nobody could tell them apart"


@entry
class Drive(Entry):
    """Something a person wants more or less of from work, on a scale from 0 to 5."""

    key: str
    name: Annotated[str, Defines("drive", is_key=False, repeats_key=True), "The name on the screen."]
    description: Annotated[Claim | None, "What somebody high on it wants from a working week."] = None
    low: Annotated[Claim | None, "What somebody low on it would rather have."] = None
    much: Annotated[str | None, "Who wants much of it, said to that person."] = None
    little: Annotated[str | None, "Who wants little of it, said to that person."] = None
    prior: Annotated[Prior | None, "What is believed of it beforehand, if not what questions.yaml says."] = (
        None
    )


@entry
class Demand(Entry):
    """A level of a trait, and how much it counts. Without a source both numbers are judgement.

    `4 decides` is short for a level of 4 and a weight of 3, `4 matters` for one of 2, `4 helps` for one of 1.
    """

    level: Annotated[Level, "From 0 to 5."]
    weight: Annotated[
        float, Between(0, 100), "How much it counts beside the others: 1 helps, 2 matters, 3 decides."
    ]
    source: Annotated[SourceKey | None, "Where the numbers come from; judgement if absent."] = None

    IN_SHORT: ClassVar = rf"(?P<level>[{LEVELS[0]}-{LEVELS[-1]}]) (?P<weight>{'|'.join(WEIGHTS)})"
    WORDS: ClassVar = {word: str(weight) for word, weight in WEIGHTS.items()}


@entry
class Share(Entry):
    """A part of the working time."""

    activity: Annotated[str, "What the time goes to."]
    percent: Annotated[float, Between(0, 100), "How much of the time, in percent."]
    source: Annotated[SourceKey, "Where the figure comes from."]


@entry
class Figure(Entry):
    """A number from the job market, with its date and the size of the sample behind it."""

    measure: Annotated[str, "What is measured."]
    unit: Annotated[str, "What it counts, as `USD per year` or `years`."]
    year: Annotated[int, Between(1900, 2100), "The year that it holds for, or the last of several."]
    source: Annotated[SourceKey, "Where the figure comes from."]
    since: Annotated[int | None, Between(1900, 2100), "The first of several years."] = None
    value: Annotated[float | None, "The number; without it there must be a range."] = None
    low: Annotated[float | None, "The lower end of a range."] = None
    high: Annotated[float | None, "The upper end of a range."] = None
    sample: Annotated[int | None, Between(1, 10**9), "How many cases it rests on."] = None
    note: Annotated[str | None, "What to know before using it."] = None

    def inconsistencies(self) -> Inconsistencies:
        """Tell what the numbers lack together."""
        if (self.low is None) != (self.high is None):
            yield "low" if self.high is None else "high", "low and high need each other", "give both"
        elif self.low is not None and self.high is not None and self.low > self.high:
            yield "low", "low is above high", ""
        elif self.value is None and self.low is None:
            yield "measure", "neither a value nor a range", "give value, or low and high"
        if self.since is not None and self.since > self.year:
            yield "since", "since is after year", ""


@entry
class Role(Entry):
    """A job, as the sources describe it."""

    key: str
    name: Annotated[str, Defines("role", is_key=False, repeats_key=True), "The full title."]
    label: Annotated[str, "The short title for tables and headings, if not the full one."] = ""
    family: Annotated[str, "The heading that it is listed under."] = "Roles"
    rank: Annotated[int, Between(0, 100), "Its place in the order from junior to senior."] = 0
    summary: Annotated[Claim | None, "What the role is."] = None
    aliases: Annotated[
        tuple[Annotated[str, Defines("role", is_key=False)], ...],
        "Other names that the command line understands.",
    ] = ()
    focus: Annotated[Claim | None, "What the role is about, in a phrase."] = None
    scope: Annotated[Claim | None, "Which work it covers, and how far ahead it looks."] = None
    decisions: Annotated[Claim | None, "What it decides, and what it does not."] = None
    team: Annotated[Claim | None, "Whom it leads."] = None
    budget: Annotated[Claim | None, "Which money it answers for."] = None
    reports_to: Annotated[Claim | None, "Whom it reports to."] = None
    short: Annotated[
        Mapping[Literal["scope", "decisions", "team", "budget", "reports_to"], Claim],
        "The same aspects in a few words, at most 30 letters each, for a comparison in brief.",
    ] = field(default_factory=dict)
    responsibilities: Annotated[tuple[Claim, ...], "What it answers for."] = ()
    tasks: Annotated[tuple[Claim, ...], "What a day or a week holds."] = ()
    skills_text: Annotated[
        tuple[Claim, ...], "The skills that decide, in words; `about` ties each to skill keys."
    ] = ()
    profile: Annotated[tuple[Claim, ...], "What people who do it well have in common."] = ()
    time_split: Annotated[tuple[Share, ...], "Where the working time goes."] = ()
    value: Annotated[tuple[Claim, ...], "What the role is worth to a company."] = ()
    hesitations: Annotated[tuple[Claim, ...], "Why companies hesitate to hire one."] = ()
    hire_when: Annotated[tuple[Claim, ...], "Signs that a company needs one."] = ()
    suits: Annotated[
        tuple[Claim, ...], "Whom it suits: each completes the words `Choose this if you ...`."
    ] = ()
    challenges: Annotated[tuple[Claim, ...], "What makes it hard."] = ()
    opportunities: Annotated[tuple[Claim, ...], "What it lets one achieve."] = ()
    gates: Annotated[tuple[Gate, ...], "Requirements that no score offsets."] = ()
    market: Annotated[tuple[Figure, ...], "Figures from the job market."] = ()
    caveats: Annotated[tuple[Claim, ...], "Where sources disagree; shown with every comparison."] = ()
    requires: Annotated[Mapping[SkillKey, Demand], "The level that it asks for, by skill."] = field(
        default_factory=dict
    )
    offers: Annotated[Mapping[DriveKey, Demand], "How much of each drive it gives, by drive."] = field(
        default_factory=dict
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**{**values, "label": values.get("label") or values["name"]})

    def inconsistencies(self) -> Inconsistencies:
        """Tell what the numbers lack together."""
        if sum(share.percent for share in self.time_split) > 100:
            yield "time_split", "the shares add up to more than 100 percent", ""
        if len(self.requires) + len(self.offers) > MOST_TRAITS:
            hint = "name those that decide"
            yield "requires", f"more than {MOST_TRAITS} skills and drives are asked for", hint
        for name in ("requires", "offers"):
            demands = getattr(self, name).values()
            if demands and not any(demand.weight for demand in demands):
                yield name, f"every weight in {name} is 0", "nothing would count"


@entry
class Topic(Entry):
    """A list of points about several roles at once."""

    key: str
    title: Annotated[str, "The heading above the points."]
    kind: Annotated[
        Literal["caveat", "choosing", "background"],
        "`caveat` stands above every comparison of these roles, `choosing` stands in it; "
        "`background` is shown with each role alone.",
    ]
    roles: Annotated[tuple[RoleKey, ...], "The roles that it is about."]
    points: Annotated[tuple[Claim, ...], "What there is to say."]

    def inconsistencies(self) -> Inconsistencies:
        """Tell what is empty."""
        for name in ("roles", "points"):
            if not getattr(self, name):
                yield name, f"there are no {name}", ""


@entry
class RolesFile(Entry):
    """The file roles.yaml."""

    sources: Annotated[Mapping[Annotated[str, Defines("source")], Source], "What claims rest on, by key."]
    roles: Annotated[Mapping[Annotated[str, Defines("role")], Role], "Jobs, by key."]
    skills: Annotated[
        Mapping[Annotated[str, Defines("skill")], Skill], "What people are good at, by key."
    ] = field(default_factory=dict)
    drives: Annotated[
        Mapping[Annotated[str, Defines("drive")], Drive], "What people want from work, by key."
    ] = field(default_factory=dict)
    topics: Annotated[
        Mapping[Annotated[str, Defines("topic")], Topic], "Points about several roles at once, by key."
    ] = field(default_factory=dict)

    def inconsistencies(self) -> Inconsistencies:
        """Tell which keys stand for two things."""
        for drive in self.drives.values():
            if drive.key in self.skills:
                yield drive.place, f"drives.{drive.key}: a skill has the same key", "rename one"
