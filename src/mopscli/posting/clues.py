"""What a posting says that tells of its level: each clue with its value and the sentences it was found in."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from mopscli.knowledge.postings import PostingsFile
from mopscli.posting.figures import Pay, Years
from mopscli.posting.reading import Sentence
from mopscli.posting.wording import Phrases, words_of

# A word of a field in the title counts as in so many sentences.
TITLED: Final = 4


class Found(NamedTuple):
    """A clue of the knowledge as a posting has it: its value, and up to three sentences behind it."""

    clue: str
    value: float
    sentences: tuple[str, ...]


class Traces(NamedTuple):
    """How often things are named in what a posting asks, and in which sentences."""

    counts: Mapping[str, int]
    sentences: Mapping[str, tuple[str, ...]]

    def of(self, key: str) -> tuple[str, ...]:
        """Return the sentences that name something."""
        return self.sentences.get(key, ())


class Lexicon:
    """All phrases that postings are searched for: those of clues, fields, skills and tools, in one pass.

    Args:
        postings: the knowledge of postings.
        skills: the phrases of each skill.

    """

    def __init__(self, postings: PostingsFile, skills: Mapping[str, Sequence[str]]) -> None:
        meanings: dict[str, Sequence[str]] = {f"skill:{key}": phrases for key, phrases in skills.items()}
        meanings |= {f"clue:{key}": clue.words for key, clue in postings.clues.items()}
        for key, field in postings.fields.items():
            meanings |= {f"field:{key}": field.words, f"name:{key}": field.names}
        meanings |= {f"focus:{key}": focus.words for key, focus in postings.focuses.items()}
        meanings |= {f"tool:{tool}": (tool,) for tool in postings.tools}
        meanings |= {f"about:{name}": getattr(postings, name) for name in ("strategy", "administration")}
        self._phrases = Phrases(meanings)

    def named_in(self, title: str) -> Counter[str]:
        """Return the words of fields that a title holds; it says more of them than a sentence does."""
        return Counter(
            {m: TITLED for m in self._phrases.found_in(words_of(title)) if m.startswith(("field:", "name:"))}
        )

    def search(self, sentences: Sequence[Sentence]) -> Traces:
        """Return what the sentences name that say what is asked; each sentence counts once for each thing."""
        counts: Counter[str] = Counter()
        found: dict[str, list[str]] = {}
        for sentence in sentences:
            if sentence.asks:
                for meaning in set(self._phrases.found_in(words_of(sentence.text))):
                    counts[meaning] += 1
                    found.setdefault(meaning, []).append(sentence.text)
        return Traces(counts, {meaning: tuple(some) for meaning, some in found.items()})


def find_clues(
    postings: PostingsFile, traces: Traces, years: Years, pay: Pay | None, leading: tuple[str, ...]
) -> tuple[Found, ...]:
    """Return the value of each clue that a posting tells of; without years or pay, theirs are left out."""
    found = []
    for key, clue in postings.clues.items():
        if clue.reads == "years":
            if years.most:
                found.append(Found(key, years.most.middle, (years.most.sentence,)))
        elif clue.reads == "managing":
            if years.managing:
                found.append(Found(key, years.managing.middle, (years.managing.sentence,)))
        elif clue.reads == "pay":
            if pay:
                found.append(Found(key, pay.low, (pay.sentence,) if pay.sentence else ()))
        else:
            texts = leading if clue.reads == "reports" else traces.of(f"clue:{key}")
            found.append(Found(key, float(len(texts)), texts[:3]))
    return tuple(found)
