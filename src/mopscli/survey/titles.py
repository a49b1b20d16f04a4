"""How survey tools write a question as the title of a column, and which question a title names; reads no files."""

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, Literal, NamedTuple
from unicodedata import category

from mopscli.assessment.questionnaire import Questionnaire
from mopscli.text import plain_words

MUST: Final = (
    "required|optional|mandatory|pflichtfrage|pflichtfeld|obligatoire|obligatorio|obbligatorio|verplicht"
)


class Writing(NamedTuple):
    """What a tool writes around a question, in lower case: the question is what stands behind it, or before it."""

    tool: str
    side: Literal["before", "behind"]
    pattern: str


# To read how another tool writes its headers, add a line, and a line to the test of this table.
WRITINGS: Final = (
    # 1. (1) [1] #1 1a) 1.a. 1.2 Q3. Question 4: Frage 5 -
    Writing(
        "numbers",
        "before",
        r"^[(\[#]?(?:[^\W\d_]{1,12}\.? ?#?)?[0-9]+(?:[.-][0-9]+)*(?:\.?[a-z])?[.:)\]]*(?: -)? ?",
    ),
    Writing("letters", "before", r"^\(?[a-z]{1,4}[.)] "),
    Writing("LimeSurvey, code and text", "before", r"^[a-z]\w*(?:\[\w+\])?[.:] "),
    Writing("Google Forms and LimeSurvey, rows of a grid", "before", r"\[(?=.*\]$)"),
    Writing("Qualtrics and SurveyMonkey, rows of a grid", "before", r" - "),
    Writing("Jotform, rows of a grid", "before", r" ?>> ?"),
    Writing("KoboToolbox, labels in groups", "before", r"/"),
    Writing("Formstack and Zoho, rows of a grid", "before", r" [>|/\u2192] "),
    Writing("Typeform and Cognito, rows of a grid", "before", r": "),
    Writing("Alchemer, rows of a grid", "behind", r":"),
    Writing("Qualtrics, choices", "behind", r" - selected choice$"),
    Writing("Online Surveys", "behind", r"(?: ?--)+ ?$"),
    Writing("what must be answered", "behind", rf" ?[(\[](?:{MUST})[)\]]$"),
    Writing("what must be answered, first", "before", rf"^[(\[](?:{MUST})[)\]] ?"),
)
# What tools add about a question: the points of a quiz, a comment, how long it took. It is no answer.
ASIDE: Final = (
    "points|score|feedback|comments?|remarks?|other|text|page submit|first click|last click|click count|timing"
    "|question time|punkte|kommentar|commentaires?|puntos|comentarios?|punti|pontos|punten"
)
ASIDES: Final = re.compile(rf"(?:{ASIDE})(?: ?[:-] |: ?).*|.*(?: - |: ?| ?[(\[])(?:.* - )?(?:{ASIDE})[)\]]?")
# How a second column of one title is told apart: "Q.1", "Q2", "Q (2)", "Q_1", "Q 2".
TWIN: Final = re.compile(r"(.*?)[ ._(\[#-]*[0-9]{1,2}[)\]]?")
TAG: Final = re.compile(r"<(/?(?:br|p|div|li)\b)?[^<>]*>", re.IGNORECASE)
# What is between the parts of a path to a question: "page/key", "page-key", "page:key", "page.key".
PATH: Final = re.compile(r"[/:.-]")
# How many writings may be around each other, and at how many places each is tried.
DEPTH: Final = 3
PLACES: Final = 8
MAX_REMEMBERED: Final = 10_000
MAX_TITLE: Final = 4000


class Named(NamedTuple):
    """The question that a title names.

    Attributes:
        key: the question.
        by: whether by its text, its key, a path that ends in its key, or as the twin of another column.
        exact: whether a key stands there as it is, case included.
        path: what stands before the key in a path.

    """

    key: str
    by: Literal["text", "key", "path", "twin"]
    exact: bool = False
    path: str = ""


class QuestionFinder:
    """Finds the question that a title names, by its key or by its text."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        texts = {key: item.text for key, item in questionnaire.items.items()}
        texts |= {key: text for key, (text, _) in questionnaire.context.items()}
        self.keys = {key.casefold(): key for key in texts}
        self._spellings: dict[str, str | None] = {}
        for key in texts:
            # XForms put an underscore before names that begin with a digit, and R an X.
            for spelling in (key, *((f"x{key}",) if key[0].isdigit() else ())):
                spelled = _spelled(spelling)
                self._spellings[spelled] = None if spelled in self._spellings else key
        self.texts = texts
        self._words = _lookup(texts, questionnaire, title_words)
        self._bare = _lookup(texts, questionnaire, lambda text: _bare(title_words(text)))
        self.scored = frozenset(questionnaire.items)
        self.named = lru_cache(maxsize=MAX_REMEMBERED)(self._named)

    def find(self, title: str) -> str | None:
        """Return the key of the question that a title names by itself, however it is written."""
        found = self.named(title)
        return found.key if found and found.by in ("text", "key") else None

    def count(self, header: Sequence[Sequence[str]]) -> int:
        """Return how many columns name a question."""
        return sum(
            any((found := self.named(cell)) and found.by != "twin" for cell in cells)
            for cells in zip(*header, strict=True)
        )

    def _named(self, title: str) -> Named | None:
        if (key := self.keys.get(title.strip().casefold())) is not None:
            return Named(key, "key", exact=title.strip() == key)
        words = title_words(title[:MAX_TITLE])
        if not words:
            return None
        key = self._by_text(words) or self._by_writing(words)
        if key:
            return Named(key, "text")
        if key := self._spellings.get(_spelled(words)):
            return Named(key, "key", exact="_" in title or "." in title)
        if words.endswith("]") and (key := self._spellings.get(_spelled(words[words.rfind("[") :]))):
            return Named(key, "key")
        return self._in_path(words) or self._twin(words)

    def _by_text(self, words: str) -> str | None:
        return self._words.get(words) or self._bare.get(_bare(words))

    def _by_writing(self, words: str) -> str | None:
        """Return the question whose text stands within what a tool wrote around it."""
        tried, layer = {words}, [words]
        for _ in range(DEPTH):
            inner = [more for text in layer if not ASIDES.fullmatch(text) for more in _within(text)]
            layer = [text for text in dict.fromkeys(inner) if text not in tried]
            for text in layer:
                if key := self._by_text(text):
                    return key
            tried.update(layer)
        return None

    def _in_path(self, words: str) -> Named | None:
        for mark in PATH.finditer(words) if " " not in words else ():
            if mark.start() and (key := self._spellings.get(_spelled(words[mark.end() :]))):
                return Named(key, "path", path=words[: mark.end()])
        return None

    def _twin(self, words: str) -> Named | None:
        found = TWIN.fullmatch(words)
        if not found or not found[1] or found[1] == words:
            return None
        key = self._by_text(found[1]) or self._spellings.get(_spelled(found[1])) or self._by_writing(found[1])
        return Named(key, "twin") if key else None


def _lookup(
    texts: Mapping[str, str], questionnaire: Questionnaire, compared: Callable[[str], str]
) -> dict[str, str | None]:
    """Return the question of each text as it is compared, present texts first; None where two have one."""
    found: dict[str, str | None] = {}
    for key, text in texts.items():
        words = compared(text)
        found[words] = None if words in found else key
    for key, wording in questionnaire.formerly.items():
        for text in wording.texts:
            found.setdefault(compared(text), key)
    found.pop("", None)
    return found


def title_words(text: str) -> str:
    """Return a title as it is compared: without markup, marks of must, and what stands around it."""
    return plain_words(html.unescape(TAG.sub(lambda tag: " " if tag[1] else "", text))).strip(" *:\"'")


def _within(words: str) -> Iterator[str]:
    """Yield what may be left of a title without what a tool wrote around it."""
    for writing in WRITINGS:
        for place, mark in enumerate(re.finditer(writing.pattern, words)):
            if place == PLACES:
                break
            rest = words[mark.end() :] if writing.side == "before" else words[: mark.start()]
            if rest := rest.strip(" *:\"'"):
                yield rest


def _bare(words: str) -> str:
    """Return nothing but letters, figures and their marks: R writes a dot for all else, others drop a last "?"."""
    if words.isascii():
        return " ".join(re.split(r"[^a-z0-9]+", words)).strip()
    return " ".join("".join(x if category(x)[0] in "LMN" else " " for x in words).split())


def _spelled(key: str) -> str:
    """Return a key as it is compared: tools write underscores, dots or blanks for its hyphens."""
    return re.sub(r"[\s_.-]+", "-", key.casefold()).strip("-[]")
