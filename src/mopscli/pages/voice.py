"""What is said to somebody, said about them instead: a page in the third person, with their name."""

import re
from typing import Any, Final

from mopscli.page import Heading, Line, NextStep, Page, Paragraph, Title

YOU: Final = re.compile(r"\b([Yy])ou(r(?:s(?:elf)?)?)?\b")
# Words before `you` that make it the object of the sentence; what ends a clause behind it does so, too.
BEFORE_OBJECT: Final = re.compile(
    r"\b(?:suits?|advise|tells?|makes?|lets?|gives?|helps?|costs?|keeps?|spares?|takes?|asks?|shows?|sees?"
    r"|of|for|to|from|with|without|around|beside|on|at|by|behind|into)\s+$",
    re.IGNORECASE,
)
CLAUSE_ENDS: Final = re.compile(
    r"\s*(?:$|[.,;:)]|(?:better|alike|yet|today|for|as|to|beyond|in|than|apart)\b)"
)
# Words between a subject and its verb.
ADVERBS: Final = re.compile(r"also|still|already|never|mostly|seldom|now|both|then|only|really|usually")
# Verbs that are the same for one and for many, and those of their own kind.
UNCHANGED: Final = re.compile(
    r"can|could|would|will|may|might|must|should|cannot|had|did|gave|led|got|made|built|took|went|knew|agreed|\w*[^e]ed"
)
IRREGULAR: Final = {"are": "is", "have": "has", "do": "does", "were": "was", "don't": "doesn't"}
JOINED: Final = re.compile(r"^([^.;:]*?,? (?:and|but|or) )(are|have|do)\b")


def in_third_person(page: Page, name: str) -> Page:
    """Return a page that speaks about somebody in place of to them; commands and sources stay as they are."""
    return page._replace(blocks=tuple(_reworded(block, name) for block in page.blocks))


def _reworded(part: Any, name: str) -> Any:
    """Return a block, or a part of one, with its texts in the third person; headlines have the name."""
    if isinstance(part, str):
        return name if part in ("You", "you") else about(part)
    if isinstance(part, NextStep):
        return part
    if isinstance(part, Line):
        return Line(about(part.text), part.source)
    if isinstance(part, Title | Heading):
        return type(part)(named(part.text, name))
    if isinstance(part, Paragraph):
        return part._replace(line=Line(named(part.line.text, name), part.line.source))
    if isinstance(part, tuple):
        parts = (_reworded(some, name) for some in part)
        return type(part)(*parts) if hasattr(part, "_fields") else tuple(parts)
    return part


def about(text: str) -> str:
    """Return a text that speaks to somebody as one about them: they, them and their in place of you and your.

    A verb behind `they` is the one behind `you`, so that nothing else needs to change.
    """
    return YOU.sub(lambda found: _cased(_pronoun(text, found), found), text)


def named(text: str, name: str) -> str:
    """Return the same with the name where somebody is meant for the first time, and the verb that goes with it."""
    first = YOU.search(text)
    if first is None or first[2] not in (None, "r"):
        return about(text)
    # What stands before it cannot mean the person.
    before, behind = text[: first.start()], text[first.end() :]
    if first[2] == "r":
        return f"{before}{name}'s{about(behind)}"
    if _is_object(text, first):
        return f"{before}{name}{about(behind)}"
    return f"{before}{name}{about(_with_singular_verb(behind))}"


def _with_singular_verb(text: str) -> str:
    """Return what follows a subject with its verb for one person."""
    words = re.split(r"(\s+)", text)
    for place in range(2, len(words), 2):
        word = words[place]
        if ADVERBS.fullmatch(word):
            continue
        bare = word.rstrip(",.;:")
        words[place] = _singular(bare) + word[len(bare) :]
        rest = "".join(words[place + 1 :])
        joined = JOINED.match(rest)
        if joined and not YOU.search(joined[1]):
            rest = f"{joined[1]}{IRREGULAR[joined[2]]}{rest[joined.end() :]}"
        return "".join(words[: place + 1]) + rest
    return text


def _singular(verb: str) -> str:
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    if UNCHANGED.fullmatch(verb):
        return verb
    if verb.endswith(("s", "x", "ch", "sh", "o")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if re.search("[^aeiou]y$", verb) else f"{verb}s"


def _pronoun(text: str, found: re.Match[str]) -> str:
    match found[2]:
        case None:
            return "them" if _is_object(text, found) else "they"
        case "r":
            return "their"
        case "rs":
            return "theirs"
        case _:
            return "themselves"


def _is_object(text: str, found: re.Match[str]) -> bool:
    ends = CLAUSE_ENDS.match(text, found.end())
    return bool(ends or BEFORE_OBJECT.search(text[: found.start()]))


def _cased(pronoun: str, found: re.Match[str]) -> str:
    return pronoun.capitalize() if found[1] == "Y" else pronoun
