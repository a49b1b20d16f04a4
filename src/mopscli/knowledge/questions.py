"""What the file of questions may hold: questions that measure a trait, and others."""

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Final, Literal

from mopscli.knowledge.constraints import Between, Defines, Inconsistencies
from mopscli.knowledge.entries import (
    LEVELS,
    Entry,
    Prior,
    QuestionKey,
    RoleKey,
    Source,
    SourceKey,
    TraitKey,
    entry,
)

# A few hundred are more than people answer; to score them takes the square of their number.
MOST_QUESTIONS: Final = 500


@entry
class Priors(Entry):
    """What is believed of traits before anything is answered."""

    skill: Annotated[Prior | None, "For every skill that says nothing itself."] = None
    drive: Annotated[Prior | None, "For every drive that says nothing itself."] = None
    traits: Annotated[Mapping[TraitKey, Prior], "For single skills and drives, whatever they say."] = field(
        default_factory=dict
    )
    together: Annotated[
        float, Between(0, 1), "How far traits go together: the mean correlation between two of them."
    ] = 0.0


@entry
class Noise(Entry):
    """How far an answer lies from the truth, as a standard deviation in levels, by kind of question."""

    skill: Annotated[float, Between(0.01, 100), "Picking the marker that fits."] = 0.6
    agree: Annotated[float, Between(0.01, 100), "Agreeing with a statement."] = 1.25
    reversed: Annotated[
        float, Between(0.01, 100), "Agreeing with a statement that speaks against the trait."
    ] = 1.25
    tradeoff: Annotated[float, Between(0.01, 100), "Choosing between two statements."] = 1.25


@entry
class Question(Entry):
    """A question that measures one trait."""

    key: str
    kind: Annotated[
        Literal["skill", "agree", "reversed", "tradeoff"],
        "`skill` picks a marker; `agree` and `reversed` agree with a statement, for or against the trait; "
        "`tradeoff` chooses between two.",
    ]
    trait: Annotated[TraitKey, "The skill or drive that it measures."]
    text: Annotated[str | None, "The statement, or the words above the markers."] = None
    first: Annotated[str | None, "One statement of a tradeoff."] = None
    second: Annotated[str | None, "The other statement."] = None
    high: Annotated[Literal["first", "second"] | None, "Which of the two speaks for the trait."] = None
    noise: Annotated[float | None, Between(0.01, 100), "Its noise, if not that of its kind."] = None
    source: Annotated[SourceKey | None, "Where the question comes from."] = None
    points: Annotated[int, Between(2, 11), "How many answers a statement has, from one end to the other."] = 5

    @property
    def answers(self) -> range:
        """The numbers of its answers: levels for a marker, else points from 1 on."""
        return LEVELS if self.kind == "skill" else range(1, self.points + 1)

    def inconsistencies(self) -> Inconsistencies:
        """Tell which texts are missing or do not belong."""
        wanted = {"skill": (), "tradeoff": ("first", "second", "high")}.get(self.kind, ("text",))
        allowed = (*wanted, "text") if self.kind == "skill" else wanted
        for name in ("text", "first", "second", "high"):
            if name in wanted and getattr(self, name) is None:
                yield "kind", f"a question of the kind {self.kind} needs '{name}'", ""
            if name not in allowed and getattr(self, name) is not None:
                yield name, f"a question of the kind {self.kind} has no '{name}'", ""
        if self.kind == "skill" and self.points != 5:
            yield "points", "a question of the kind skill has an answer for each marker", "leave it out"


@entry
class Option(Entry):
    """One answer to a context question."""

    value: Annotated[float, "The number it stands for; for a range, its lower end."]
    text: Annotated[str, "The words on the screen."]
    role: Annotated[
        RoleKey | None, "The role that somebody has who gives this answer; advice starts there."
    ] = None


@entry
class ContextQuestion(Entry):
    """A question that no score uses; gates and advice do."""

    key: str
    text: Annotated[str, "The question."]
    options: Annotated[tuple[Option, ...], "The answers to choose from."]
    source: Annotated[SourceKey | None, "Where the question comes from."] = None

    def inconsistencies(self) -> Inconsistencies:
        """Tell whether the answers can be told apart."""
        if len({option.value for option in self.options}) < max(len(self.options), 2):
            yield "options", "there must be two options or more, each with a value of its own", ""


@entry
class Wording(Entry):
    """How a question was worded before, so that surveys made then can still be read."""

    key: str
    texts: Annotated[tuple[str, ...], "What it asked."] = ()
    answers: Annotated[
        Mapping[Annotated[float, Between(-1000, 1000)], tuple[str, ...]],
        "The words of answers, by their number.",
    ] = field(default_factory=dict)


@entry
class QuestionsFile(Entry):
    """The file questions.yaml."""

    questions: Annotated[
        Mapping[Annotated[str, Defines("question")], Question], "Questions that measure a trait, by key."
    ]
    context: Annotated[
        Mapping[Annotated[str, Defines("question")], ContextQuestion], "Questions that no score uses, by key."
    ] = field(default_factory=dict)
    formerly: Annotated[Mapping[QuestionKey, Wording], "How questions were worded before, by key."] = field(
        default_factory=dict
    )
    sources: Annotated[
        Mapping[Annotated[str, Defines("source")], Source], "What the figures of this file rest on, by key."
    ] = field(default_factory=dict)
    calibrated: Annotated[
        SourceKey | None, "The source of the noise of single questions and of the priors of single traits."
    ] = None
    between: Annotated[tuple[RoleKey, ...], "The roles to choose between unless others are named."] = ()
    readiness_share: Annotated[
        float, Between(0, 1), "How much of the fit is readiness; the rest is enjoyment."
    ] = 0.5
    prior: Annotated[Priors | None, "What is believed of traits before anything is answered."] = None
    noise: Annotated[Noise | None, "How far answers lie from the truth."] = None

    def inconsistencies(self) -> Inconsistencies:
        """Tell whether there are more questions than anybody would answer, which would take long to score."""
        if len(self.questions) + len(self.context) > MOST_QUESTIONS:
            yield "questions", f"there are more than {MOST_QUESTIONS} questions", "leave some out"
