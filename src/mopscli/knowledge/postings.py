"""What the file of postings may hold: the clues to a job's level, the words of its field, and what is usual."""

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Literal, get_args

from mopscli.knowledge.constraints import Between, Every, Inconsistencies
from mopscli.knowledge.entries import Entry, RoleKey, SourceKey, entry

# The levels of a job, from junior to senior; `director` stands for Head too, `vp` for senior director too.
LevelName = Literal["specialist", "senior-specialist", "manager", "senior-manager", "director", "vp"]
LEVEL_NAMES: tuple[LevelName, ...] = get_args(LevelName)
Phrase = str


@entry
class PostingClue(Entry):
    """Something in a posting that tells of its level, with what is usual at each level."""

    key: str
    name: Annotated[str, "What it is, as the subject of a sentence."]
    reads: Annotated[
        Literal["years", "managing", "pay", "reports", "words"],
        "What is read: years of experience, years of managing, the low end of pay for a year, the sentences about "
        "leading people, or the sentences with some words.",
    ]
    values: Annotated[
        Mapping[LevelName, float],
        Every(LEVEL_NAMES),
        "What is usual at each level, in years, dollars or sentences.",
    ]
    noise: Annotated[
        float, Between(0.01, 1000), "How far it is off, in levels: a standard deviation of what it says."
    ]
    postings: Annotated[int, Between(1, 10**9), "How many postings it was counted on."]
    source: Annotated[SourceKey, "Where the values come from."]
    words: Annotated[
        tuple[Phrase, ...],
        "The phrases to look for; `manag*` is every word that begins so, `^own` one at the start of a sentence.",
    ] = ()

    def inconsistencies(self) -> Inconsistencies:
        """Tell whether the values go up and down, or words are missing."""
        found = [self.values[level] for level in LEVEL_NAMES if level in self.values]
        if found not in (sorted(found), sorted(found, reverse=True)) or len(set(found)) < len(found):
            yield "values", "they must rise or fall from level to level", ""
        if (self.reads == "words") != bool(self.words):
            yield "words", "words go with reads: words, and with nothing else", ""


@entry
class PostingField(Entry):
    """A field of work that postings come from, told by its words."""

    key: str
    name: Annotated[str, "The name on the screen."]
    family: Annotated[Literal["operations", "marketing"], "The family of roles that it belongs to."]
    words: Annotated[tuple[Phrase, ...], "Words that its postings use more than others."]
    names: Annotated[tuple[Phrase, ...], "What it is called; one of these counts as three words."]
    share: Annotated[float, Between(0, 1), "Its share of all postings."]
    mix: Annotated[Mapping[str, float], "The share of each field's words in its postings, by field."]
    levels: Annotated[
        Mapping[LevelName, float], Every(LEVEL_NAMES), "The share of each level in its postings."
    ]
    roles: Annotated[
        Mapping[LevelName, tuple[RoleKey, ...]],
        Every(LEVEL_NAMES),
        "The roles of each level, the usual one first.",
    ]
    postings: Annotated[int, Between(1, 10**9), "How many postings it was counted on."]
    source: Annotated[SourceKey, "Where the shares come from."]


@entry
class PostingFocus(Entry):
    """What a job centers on, told by its words, and the roles that this speaks for."""

    key: str
    name: Annotated[str, "The name on the screen."]
    words: Annotated[tuple[Phrase, ...], "Words about it."]
    roles: Annotated[tuple[RoleKey, ...], "The roles that center on it."]


@entry
class PayRange(Entry):
    """The middle half of the lowest pay in postings of a level, in dollars a year."""

    low: Annotated[float, Between(0, 10**9), "A quarter of the postings begin below."]
    high: Annotated[float, Between(0, 10**9), "A quarter of the postings begin above."]
    postings: Annotated[int, Between(1, 10**9), "How many postings it was counted on."]
    source: Annotated[SourceKey, "Where the figures come from."]


@entry
class PostingWarning(Entry):
    """Something in a posting to be wary of, and how many postings have it."""

    key: str
    text: Annotated[str, "What to know of it, in one sentence."]
    base_rate: Annotated[float, Between(0, 1), "The share of postings that have it."]
    postings: Annotated[int, Between(1, 10**9), "How many postings it was counted on."]
    source: Annotated[SourceKey, "Where the share comes from."]


@entry
class PostingsFile(Entry):
    """The file postings.yaml."""

    clues: Annotated[Mapping[str, PostingClue], "What tells of a job's level, by key."] = field(
        default_factory=dict
    )
    fields: Annotated[Mapping[str, PostingField], "The fields that postings come from, by key."] = field(
        default_factory=dict
    )
    focuses: Annotated[Mapping[str, PostingFocus], "What a job may center on, by key."] = field(
        default_factory=dict
    )
    pay: Annotated[Mapping[LevelName, PayRange], "What postings of each level pay, by level."] = field(
        default_factory=dict
    )
    warnings: Annotated[Mapping[str, PostingWarning], "What to be wary of, by kind."] = field(
        default_factory=dict
    )
    strategy: Annotated[tuple[Phrase, ...], "Phrases about setting a strategy."] = ()
    administration: Annotated[tuple[Phrase, ...], "Phrases about the routine work of a platform."] = ()
    tools: Annotated[tuple[str, ...], "Tools by their names."] = ()
