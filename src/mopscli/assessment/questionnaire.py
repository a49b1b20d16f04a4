"""The questionnaire: what is asked, and where each answer lies on its trait's scale; knows no respondent."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from mopscli.assessment.formulas import SCALE
from mopscli.knowledge import Knowledge
from mopscli.knowledge.entries import Noise, Option, Question

PRIOR: Final = (2.5, 1.4)
AGREEMENT: Final = (
    "Strongly disagree",
    "Rather disagree",
    "Neither agree nor disagree",
    "Rather agree",
    "Strongly agree",
)
PREFERENCE: Final = (
    "Clearly the first",
    "Rather the first",
    "Both alike",
    "Rather the second",
    "Clearly the second",
)


def number_text(value: float) -> str:
    """Return the number of an option as people write it: 4 and not 4.0."""
    return str(int(value)) if value == int(value) else repr(value)


class Choice(NamedTuple):
    """An answer to choose: its number, its words, and where it lies on the trait's scale from 0 to 5."""

    value: float
    text: str
    y: float


@dataclass(frozen=True)
class Item:
    """A question that measures one trait, ready to be asked; `s2` is the variance of its noise."""

    key: str
    kind: str
    trait: str
    text: str
    choices: tuple[Choice, ...]
    s2: float


@dataclass(frozen=True)
class Questionnaire:
    """All questions, and what is believed of each trait beforehand (mean and variance, in levels)."""

    items: Mapping[str, Item]
    context: Mapping[str, tuple[str, tuple[Option, ...]]]
    priors: Mapping[str, tuple[float, float]]
    readiness_share: float
    between: tuple[str, ...]

    @cached_property
    def items_of(self) -> Mapping[str, list[Item]]:
        """The questions of each trait; some may have none."""
        found: dict[str, list[Item]] = {trait: [] for trait in self.priors}
        for item in self.items.values():
            found[item.trait].append(item)
        return found


def prepare(knowledge: Knowledge) -> Questionnaire:
    """Turn knowledge that was loaded with its questions into a questionnaire."""
    questions = knowledge.questions
    if questions is None:
        raise ValueError("the knowledge was loaded without its questions")
    noise = questions.noise or Noise(place=questions.place)
    shared = questions.prior
    priors = {}
    for traits, default in (
        (knowledge.skills, shared and shared.skill),
        (knowledge.drives, shared and shared.drive),
    ):
        for trait in traits.values():
            prior = trait.prior or default
            mean, sd = (prior.mean, prior.sd) if prior else PRIOR
            priors[trait.key] = (mean, sd * sd)
    return Questionnaire(
        items={key: _item(knowledge, question, noise) for key, question in questions.questions.items()},
        context={key: (question.text, question.options) for key, question in questions.context.items()},
        priors=priors,
        readiness_share=questions.readiness_share,
        between=questions.between or tuple(knowledge.roles)[:2],
    )


def _item(knowledge: Knowledge, question: Question, noise: Noise) -> Item:
    sd = question.noise if question.noise is not None else getattr(noise, question.kind)
    if question.kind == "skill":
        skill = knowledge.skills[question.trait]
        text = question.text or f"{skill.name}: which comes closest to what you have done?"
        choices = tuple(Choice(level, skill.markers[level], level) for level in question.answers)
    else:
        words = PREFERENCE if question.kind == "tradeoff" else AGREEMENT
        text = question.text or f"First: {question.first} Second: {question.second}"
        falling = question.kind == "reversed" or question.high == "first"
        last = question.points - 1
        choices = tuple(
            Choice(number, word, SCALE * ((last - step) if falling else step) / last)
            for step, (number, word) in enumerate(zip(question.answers, words, strict=True))
        )
    return Item(question.key, question.kind, question.trait, text, choices, sd * sd)


def answer_place(item: Item, value: float) -> float:
    """Return where an answer lies on the scale; without choices, an answer is its own place."""
    return next((choice.y for choice in item.choices if choice.value == value), value)
