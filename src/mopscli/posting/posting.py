"""One posting judged: which job it is, what it asks and what to be wary of; knows no person and no file."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from mopscli.knowledge import Knowledge
from mopscli.knowledge.postings import LEVEL_NAMES, PostingsFile
from mopscli.posting.clues import Lexicon, Traces, find_clues
from mopscli.posting.figures import Pay, Years, find_leading, find_pay, find_years
from mopscli.posting.level import (
    NAMED,
    Evidence,
    Level,
    RoleChance,
    judge_field,
    judge_focus,
    judge_level,
    judge_roles,
    shares_in,
    weigh,
)
from mopscli.posting.reading import Sentence, read_text
from mopscli.posting.title import TitleSays, read_title

if TYPE_CHECKING:
    from mopscli.posting.match import Fit

# From so many tools on, a list is long; so wide is a range of pay that tells little.
MANY_TOOLS: Final = 10
VERY_WIDE: Final = 1.7
# A title is called too high or too low from this chance of two steps or more.
SURE: Final = 0.6
STEPS: Final = 2
LIKELY: Final = 0.5
# Strategy and administration together are a wish list from so many sentences each.
LEAST_STRATEGY: Final = 3
LEAST_ADMINISTRATION: Final = 3
MOST_SENTENCES: Final = 3
MOST_SHOWN: Final = 300


class Advertisement(NamedTuple):
    """A posting as it came: `id` as given or its line, pay in columns of its own where there are some."""

    id: str | int
    text: str
    title: str | None = None
    company: str | None = None
    pay: Pay | None = None
    level: int | None = None
    field: str | None = None


class AskedYears(NamedTuple):
    """Years of experience, as required and as preferred."""

    required: float | None
    preferred: float | None


class AskedPay(NamedTuple):
    """Pay for a year, and the quarter and three-quarter marks of the lowest pay at the likeliest level."""

    low: float
    high: float
    usual_low: float | None = None
    usual_high: float | None = None


class AskedSkill(NamedTuple):
    """A skill that is asked for, the sentences, and whether all of them only wish for it."""

    skill: str
    sentences: tuple[str, ...]
    preferred: bool = False


class Warned(NamedTuple):
    """Something to be wary of, the sentences behind it, and the share of postings that have it."""

    kind: str
    text: str
    sentences: tuple[str, ...]
    base_rate: float


class ReadPosting(NamedTuple):
    """What a posting is and asks; `fields` and `roles` with their chances, `evidence` what each clue says."""

    id: str | int
    title: str | None
    company: str | None
    family: str
    field: str
    focus: str | None
    level: Level
    roles: tuple[RoleChance, ...]
    title_says: TitleSays | None
    years: AskedYears
    pay: AskedPay | None
    reports: bool
    skills: tuple[AskedSkill, ...]
    tools: tuple[str, ...]
    must_haves: tuple[str, ...]
    warnings: tuple[Warned, ...]
    evidence: tuple[Evidence, ...]
    words: Mapping[str, float]


class FittedPosting(NamedTuple):
    """A posting and how somebody fits it; None where nobody is named."""

    posting: ReadPosting
    fit: "Fit | None"


class Reader:
    """Reads postings by the knowledge.

    Args:
        knowledge: read with its details and its postings.

    Raises:
        ValueError: the knowledge was loaded without its postings, or has none.

    """

    def __init__(self, knowledge: Knowledge) -> None:
        if knowledge.postings is None or not knowledge.postings.clues:
            raise ValueError("the knowledge has no postings")
        self.postings: PostingsFile = knowledge.postings
        skills = {key: skill.phrases for key, skill in knowledge.skills.items()}
        self._lexicon = Lexicon(self.postings, skills)

    def read(self, given: Advertisement) -> ReadPosting:
        """Return what a posting is and asks."""
        sentences = read_text(given.text)
        traces = self._lexicon.search(sentences)
        years, pay = find_years(sentences), given.pay or find_pay(sentences)
        leading = find_leading(sentences)
        evidence = weigh(self.postings, find_clues(self.postings, traces, years, pay, leading))
        named = Counter(traces.counts) + self._lexicon.named_in(given.title or "")
        fields = judge_field(self.postings, named)
        field = max(fields, key=fields.__getitem__)
        level = judge_level(evidence, shares_in(self.postings, fields))
        focus = judge_focus(self.postings, traces)
        family = {key: self.postings.fields[key].family for key in fields}
        operations = sum(chance for key, chance in fields.items() if family[key] == "operations")
        tools = tuple(key.partition(":")[2] for key in traces.counts if key.startswith("tool:"))
        title = read_title(given.title) if given.title else None
        read = ReadPosting(
            id=given.id,
            title=given.title,
            company=given.company,
            family="operations" if operations >= LIKELY else "marketing",
            field=field,
            focus=focus,
            level=level,
            roles=judge_roles(self.postings, fields, level, focus),
            title_says=title,
            years=AskedYears(
                years.required.value if years.required else None,
                years.preferred.value if years.preferred else None,
            ),
            pay=self._pay(pay, level),
            reports=bool(leading) or years.managing is not None,
            skills=_skills(sentences, traces),
            tools=tuple(sorted(tools, key=str.casefold)),
            must_haves=_must_haves(sentences, years),
            warnings=(),
            evidence=evidence,
            words={key: named[f"field:{key}"] + NAMED * named[f"name:{key}"] for key in fields},
        )
        return read._replace(warnings=tuple(self._warnings(read, traces, pay)))

    def _pay(self, pay: Pay | None, level: Level) -> AskedPay | None:
        if pay is None:
            return None
        usual = self.postings.pay.get(level.likeliest)  # type: ignore[call-overload]
        return AskedPay(pay.low, pay.high, usual.low if usual else None, usual.high if usual else None)

    def _warnings(self, read: ReadPosting, traces: Traces, pay: Pay | None) -> "list[Warned]":
        strategy = traces.of("about:strategy")
        administration = traces.of("about:administration")
        paid = (pay.sentence,) if pay and pay.sentence else ()
        leader = read.title_says is not None and read.title_says.rank >= LEVEL_NAMES.index("director") + 1
        usual = read.pay and read.pay.usual_low
        wishes = len(strategy) >= LEAST_STRATEGY and len(administration) >= LEAST_ADMINISTRATION
        tools = tuple(dict.fromkeys(text for tool in read.tools for text in traces.of(f"tool:{tool}")))
        found = (
            ("pay-absent", pay is None, ()),
            ("pay-wide", pay is not None and pay.high > VERY_WIDE * pay.low, paid),
            ("pay-below", bool(pay and usual and pay.low < usual), paid),
            ("nobody-to-lead", leader and not read.reports, ()),
            ("wish-list", wishes and not read.reports, (*strategy[:1], *administration[:1])),
            ("many-tools", len(read.tools) >= MANY_TOOLS, tools),
            ("title-above", title_off(read) >= SURE, ()),
            ("title-below", -title_off(read) >= SURE, ()),
            ("bank-title", read.title_says is not None and read.title_says.bank, ()),
        )
        known = self.postings.warnings
        return [
            Warned(kind, known[kind].text, _shown(sentences), known[kind].base_rate)
            for kind, holds, sentences in found
            if holds and kind in known
        ]


def title_off(read: ReadPosting) -> float:
    """Return the chance that the title is two steps or more above the job, or below it, as a negative number."""
    if read.title_says is None or read.title_says.bank:
        return 0.0
    rank = read.title_says.rank
    chances = list(read.level.probabilities.values())
    above = sum(p for number, p in enumerate(chances, 1) if number <= rank - STEPS)
    below = sum(p for number, p in enumerate(chances, 1) if number >= rank + STEPS)
    return above if above >= below else -below


def _shown(sentences: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text[:MOST_SHOWN] for text in sentences))[:MOST_SENTENCES]


def _skills(sentences: Sequence[Sentence], traces: Traces) -> tuple[AskedSkill, ...]:
    """Return the skills that are asked for, those with the most sentences first."""
    wished = {sentence.text for sentence in sentences if sentence.kind == "preferred"}
    found = [
        AskedSkill(key.partition(":")[2], texts, all(text in wished for text in texts))
        for key, texts in traces.sentences.items()
        if key.startswith("skill:")
    ]
    return tuple(sorted(found, key=lambda skill: (-len(skill.sentences), skill.skill)))


MUST: Final = re.compile(
    r"\bmust\b|\brequired\b|\bminimum\b|\bat least\b|\bdegree\b|\bcertifi|\bmanag(?:ed|ing) (?:a )?(?:team"
    r"|people)",
    re.IGNORECASE,
)


def _must_haves(sentences: Sequence[Sentence], years: Years) -> tuple[str, ...]:
    """Return the sentences that say what one must have."""
    of_years = {asked.sentence for asked in (years.required, years.managing) if asked}
    return tuple(
        dict.fromkeys(
            sentence.text[:MOST_SHOWN]
            for sentence in sentences
            if sentence.kind == "required"
            and not sentence.denied
            and (sentence.text in of_years or MUST.search(sentence.text))
        )
    )
