"""Text made safe to show, shortened, compared and suggested; knows nothing of what it is about."""

import re
from collections.abc import Iterable
from typing import Final, Literal
from unicodedata import combining, normalize

# Patterns of what is not printable, so that they are compiled only where a text is not.
# What a terminal obeys: control characters, and changes of direction.
CONTROL: Final = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
# What no text may hold: half a character, and what is none.
NOTHING: Final = "[\ud800-\udfff\ufffe\uffff]"
# What nobody sees: where a word may be broken or joined, byte order marks, changes of direction.
UNSEEN: Final = "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
# What word processors, phones and keyboards write in place of straight quotes, hyphens and minus signs.
STRAIGHT: Final = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u00b4`\u02b9\u02bc\u2032"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-"),
}


# A text of this length is brought into a normal form in no time, whatever it holds.
SHORT: Final = 1_000
# No script sets so many marks on one letter; Unicode's Stream-Safe Text Format allows as many.
MOST_MARKS: Final = 30


def clean(text: str) -> str:
    """Return text that is only text: one line, with nothing in it that a terminal obeys."""
    if text.isprintable():
        return text
    line = text.replace("\n", " ").replace("\t", " ")
    return re.sub(f"{CONTROL}|{NOTHING}", "\N{REPLACEMENT CHARACTER}", line)


def is_text(text: str) -> bool:
    """Tell whether all of it is characters: bytes that are no text become halves of them on a command line."""
    return text.isascii() or re.search(NOTHING, text) is None


def shorten(text: str, limit: int = 40) -> str:
    """Cut a text that would drown the message around it."""
    return text if len(text) <= limit else text[: limit - 3] + "..."


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Name the known word nearest to `word` as a hint, or return an empty text if none is near."""
    found = nearest(word, known)
    return "" if found is None else f"did you mean '{found}'?"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word nearest to `word`, or None if none is near."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(shorten(word).casefold(), list(known), n=1)), None)


def normal(form: Literal["NFC", "NFKC"], text: str) -> str:
    """Return text in a normal form, in a time that grows with its length; longer rows of marks stay as they are.

    To put the marks of a letter in order takes the square of their number.
    """
    if len(text) <= SHORT or text.isascii():
        return normalize(form, text)
    marks = "".join(sign for sign in set(text) if combining(normalize("NFKD", sign)[0]))
    if not marks:
        return normalize(form, text)
    pieces = re.split(f"([{re.escape(marks)}]{{{MOST_MARKS + 1},}})", text)
    return "".join(piece if row % 2 else normalize(form, piece) for row, piece in enumerate(pieces))


def same_name(text: str) -> str:
    """Return what spellings of a name have in common: spaces, case and composed letters do not count."""
    if not text.isascii():
        text = normal("NFC", text)
    return " ".join(text.split()).casefold()


def plain_words(text: str) -> str:
    """Return text as it is compared: without case, width, kinds of spaces, quotes and dashes, or what is unseen."""
    if not text.isascii():
        # Before NFKC, which makes two characters of an accent that stands for an apostrophe.
        text = normal("NFKC", re.sub(UNSEEN, "", text.translate(STRAIGHT)))
    return " ".join(text.casefold().translate(STRAIGHT).split())


def is_plain(text: str) -> bool:
    """Tell whether nothing is in a text that a terminal obeys, or that is no character."""
    return text.isprintable() or re.search(f"{CONTROL}|{NOTHING}", text) is None


def unseen_in(text: str) -> tuple[str, ...]:
    """Return the code points of what is in a text although nobody sees it, such as U+200B."""
    if text.isprintable() and text.isascii():
        return ()
    return tuple(dict.fromkeys(f"U+{ord(found):04X}" for found in re.findall(f"{UNSEEN}|{CONTROL}", text)))
