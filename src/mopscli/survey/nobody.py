"""Rows of a file that are of nobody: blank ones, averages and totals, footnotes; knows no answers."""

import re
from collections.abc import Container, Sequence
from typing import Final

from mopscli.text import plain_words, shorten

# What the rows are called that programs and people put below the answers.
TOTALS: Final = (
    "average|avg|mean|median|mode|total|totals|grand total|subtotal|sum|count|std|std dev|stdev|standard deviation"
    "|variance|percent|percentage|durchschnitt|mittelwert|mittel|summe|gesamt|gesamtergebnis|anzahl"
    "|standardabweichung|moyenne|somme|médiane|écart type|écart-type|total général|promedio|media|mediana|suma"
    "|total general|totale|somma|gemiddelde|totaal|som|média|soma|średnia|razem|medel|medelvärde|gennemsnit|итого"
    "|среднее|всего|平均|合計|合计|总计"
)
TOTAL: Final = re.compile(
    rf"(?:{TOTALS})(?: (?:score|value|responses|answers|rating))?(?: ?\([^()]*\))?(?:[:=] ?[0-9.,%]*)?"
)
# A footnote is a sentence, or says what it is by its beginning.
FOOTNOTE: Final = re.compile(
    r"[*\u2020\u2021\xa7(\[#-].* .*|\S+(?: \S+){5,}|.* .*[.:]|"
    r"(?:note|notes|source|legend|exported|generated|created|printed|page|end of|as of|stand|quelle|hinweis)\b.* .*"
)


def _beginnings() -> bytes:
    """Return a pattern for the beginnings of TOTALS in UTF-8, by their first byte, as that rules out most lines."""
    rests: dict[bytes, set[bytes]] = {}
    for word in TOTALS.split("|"):
        for written in (word, word.capitalize(), word.upper()):
            first, rest = written.encode()[:1], written.encode()[1:]
            rests.setdefault(first, set()).add(re.escape(rest))
    groups = (re.escape(first) + b"(?:%b)" % b"|".join(sorted(some)) for first, some in rests.items())
    return b"(?=[%b])(?:%b)" % (b"".join(map(re.escape, rests)), b"|".join(groups))


# The same in the bytes of UTF-8, and more: lines that have to be looked at. A line break stands before them.
SUSPECT: Final = re.compile(
    rb'\n(?:[,;\t "\xc2\xa0]*+(?:\r?\n|%b(?![A-Za-z0-9]))'
    rb'|"?(?:[^\s,;"\xc2]++(?: |\xc2\xa0)|[*(\[#-])[^,;\t\r\n"]*+"?[,;\t]++[,;\t ]*+\r?\n)' % _beginnings()
)


def is_blank(cells: Sequence[str]) -> bool:
    """Tell whether nothing stands in a row."""
    return not any(map(str.strip, cells))


def why_nobody(cells: Sequence[str], questions: Container[int]) -> str:
    """Return why a row may be no person, "" if it looks like one; `questions` are the places of answers."""
    place, first = next(((n, cell) for n, cell in enumerate(cells) if cell.strip()), (0, ""))
    if place in questions or (first.isascii() and not first.strip()[:1].isalpha() and " " not in first):
        return ""
    words = plain_words(first)
    if TOTAL.fullmatch(words):
        return f"'{shorten(first.strip())}' may be no person: it looks like a row of averages or totals"
    if FOOTNOTE.fullmatch(words) and is_blank(cells[place + 1 :]):
        return f"'{shorten(first.strip())}' may be no person: it looks like a footnote"
    return ""
