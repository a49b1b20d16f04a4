"""Phrases found in sentences, word by word; knows nothing of what they stand for."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

WORD: Final = re.compile(r"[a-z0-9&$+#'./-]*[a-z0-9&+#]")
# A phrase that begins so is looked for at the start of a sentence only.
START: Final = "^"
# A word of a phrase that ends so stands for every word that begins with it.
ANY: Final = "*"


def words_of(text: str) -> list[str]:
    """Return the words of a text, in lower case and without the marks around them."""
    return [word.removesuffix("'s").strip("./-'") or word for word in WORD.findall(text.lower())]


class Phrases:
    """Phrases, each of which stands for one thing or several.

    Args:
        meanings: the phrases of each thing. `manag*` stands for every word that begins so, and a phrase behind `^`
            is looked for at the start of a sentence only.

    """

    def __init__(self, meanings: Mapping[str, Iterable[str]]) -> None:
        self._whole: dict[str, list[tuple[tuple[str, ...], bool, str]]] = {}
        self._begun: dict[str, list[tuple[str, tuple[str, ...], bool, str]]] = {}
        for meaning, phrases in meanings.items():
            for phrase in phrases:
                first, *rest = phrase.lower().lstrip(START).split()
                at_start = phrase.startswith(START)
                if first.endswith(ANY):
                    stem = first[:-1]
                    self._begun.setdefault(stem[:3], []).append((stem, tuple(rest), at_start, meaning))
                else:
                    self._whole.setdefault(first, []).append((tuple(rest), at_start, meaning))

    def found_in(self, words: list[str]) -> Iterator[str]:
        """Yield what each phrase stands for that is found in the words of a sentence, as often as it is found."""
        whole, begun = self._whole, self._begun
        for at, word in enumerate(words):
            if word not in whole and word[:3] not in begun:
                continue
            for rest, at_start, meaning in whole.get(word, ()):
                if (not at_start or at == 0) and (not rest or _follow(words, at + 1, rest)):
                    yield meaning
            for stem, rest, at_start, meaning in begun.get(word[:3], ()):
                fits = word.startswith(stem) and (not at_start or at == 0)
                if fits and (not rest or _follow(words, at + 1, rest)):
                    yield meaning


def _follow(words: list[str], at: int, rest: tuple[str, ...]) -> bool:
    """Tell whether the words from a place on are those of a phrase."""
    if len(words) < at + len(rest):
        return False
    for step, word in enumerate(rest, at):
        if words[step] != word and not (word[-1] == ANY and words[step].startswith(word[:-1])):
            return False
    return True
