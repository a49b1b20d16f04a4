"""A posting's text as sentences, each with what it is: a duty, a demand, a wish or talk about the company."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import unescape
from typing import Final, Literal, NamedTuple

Kind = Literal["duty", "required", "preferred", "about", "pay"]

# Longer texts are no postings; what lies beyond is not read.
MOST_LETTERS: Final = 60_000
# A line up to so many letters may be a heading.
HEADING: Final = 70
# Sentences beyond so many words are lists without end; they are cut where a semicolon stands.
LONG: Final = 400
LEAST_LETTERS: Final = 2
# Parts of the words of the patterns below, so that most sentences need no pattern.
NOT: Final = ("n't", "no ", "not ", "n\u2019t", "without")
MONEY: Final = ("$", "\u20ac", "\u00a3", "usd", "eur", "gbp", "cad", "per hour", "an hour", "per year")
WISHES: Final = ("prefer", "nice", "plus", "bonus", "asset", "advantage", "desir", "ideally")
DEMANDS: Final = (
    "year",
    "experience",
    "bachelor",
    "master",
    "degree",
    "proficien",
    "must",
    "required",
    "ability",
    "skills",
    "knowledge",
)

# What a heading says of the lines below it: the first that matches.
SECTIONS: Final[Sequence[tuple[Kind, str]]] = (
    (
        "preferred",
        r"prefer|nice[ -]to[ -]ha|bonus (?:points|skills|if)|desir(?:ed|able)|good to have|plus(?:es)?$"
        r"|stand out|extra credit|even better|ideal(?:ly)?\b(?!.*candidate)|added advantage",
    ),
    (
        "about",
        r"about (?!you|the (?:role|job|position|opportunity)|this (?:role|job|position|opportunity))"
        r"|who we are|our (?:story|company|mission|values|culture|team|benefits|commitment)"
        r"|what we offer|what(?:'s| is) in it for you|why (?:join|work|us|you)|benefit|perks|we offer|eeo"
        r"|equal|diversity|accommodat|privacy|disclaimer|additional information|how to apply"
        r"|working conditions|work environment|physical|what you(?:'ll| will)? (?:get|receive|enjoy)"
        r"|life at|company (?:overview|description|summary)|total rewards|join us|legal|notice"
        r"|what you can expect from us|application|interview|next steps",
    ),
    ("pay", r"compensation|salary|\bpay\b|pay range|base range|rewards"),
    (
        "required",
        r"require|qualif|what you(?:'ll| will)? (?:bring|need|have)|who you are|you have|you bring|you are"
        r"|looking for|must[ -]have|minimum|your (?:background|profile|experience|skills)|about you"
        r"|experience|skills|education|ideal candidate|competenc|knowledge|credentials|background"
        r"|what it takes|you might be|right fit|who should apply|we(?:'re| are) seeking|expertise",
    ),
    (
        "duty",
        r"responsib|what you(?:'ll| will)? (?:be|do|own|lead|drive)|you(?:'ll| will)\b|dut(?:y|ies)|the role"
        r"|the job|the position|the opportunity|summary|overview|day[ -]to[ -]day|accountab|your (?:role"
        r"|impact)"
        r"|in this role|impact|function|key (?:areas|activities)|what you do|this role|tasks|scope"
        r"|job description"
        r"|job purpose|mission",
    ),
)
SECTION: Final = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in SECTIONS), re.IGNORECASE)

# Talk about the company, the law and the benefits, wherever it stands; looked for in lower case.
ABOUT: Final = (
    *("equal opportunity", "equal employment", "equal-opportunity", "affirmative action", "regardless of"),
    *(
        "without regard",
        "protected veteran",
        "sexual orientation",
        "reasonable accommodation",
        "401k",
        "401(k",
    ),
    *("dental", "paid time off", "paid holidays", "paid parental", "health insurance", "medical,", "tuition"),
    *("wellness", "sponsorship", "background check", "drug-free", "drug free", "e-verify", "fair chance"),
    *(
        "criminal histor",
        "recruiters",
        "unsolicited",
        "scam",
        "founded in",
        "headquartered",
        "publicly traded",
    ),
    *("years in business", "year in business", "great place to work", "our mission is", "our vision is"),
    *("our values are", "our purpose is", "years of history", "years of innovation", "years of excellence"),
    *("our employees", "our people", "our associates", "our benefits", "employee resource", "stock options"),
    *(
        "bonus plan",
        "bonus eligible",
        "work authoriz",
        "authorized to work",
        "physical demands",
        "lift up to",
    ),
    *("pounds", "fortune 500", "fortune 100", " pto", "life-work", "work-life"),
)
HISTORY: Final = re.compile(r"\b(?:over|more than|nearly) \d+ years\b(?! of (?:\w+ )*experience)")
# Where the talk about the company ends without a heading.
ABOUT_THE_JOB: Final = re.compile(
    r"^(?:job|position|role) (?:description|summary|overview)\b|^in this role|^as (?:a|an|the"
    r"|our) .{0,60},? you(?:'ll| will)\b"
    r"|^(?:this|the) (?:role|position|person) (?:is|will|leads|owns|supports|reports)\b"
    r"|\b(?:is|are) (?:looking for|seeking|hiring) an?\b",
)
PAID: Final = re.compile(r"[$€£]\s?\d|\b(?:usd|eur|gbp|cad)\s?\d|\d\s?(?:usd|per hour|an hour|per year)\b")
WISHED: Final = re.compile(
    r"\bprefer(?:red|ably|ence)|\bnice[ -]to[ -]have|\b(?:is|are|be|as|strong|huge|big|definite|major"
    r"|considered) an? "
    r"(?:strong |huge |big |definite |major )?(?:plus|bonus|asset|advantage)\b|\bdesir(?:ed|able)\b|\bideally\b"
    r"|\ba plus\b|\bbonus points\b",
)
DEMANDED: Final = re.compile(
    r"\byears?['\u2019]?(?: of)?\b.{0,60}\bexperience|\bexperience (?:with|in|using|working|managing"
    r"|leading|building)\b"
    r"|\b(?:bachelor|master)['\u2019]?s?\b|\bdegree\b|\bproficien|\bmust (?:have|be)\b|\bis required\b"
    r"|\brequired:"
    r"|\b(?:strong|excellent|proven|demonstrated|deep|solid) (?:\w+ ){0,3}(?:skills|knowledge|understanding"
    r"|experience|ability)",
)
DENIED: Final = re.compile(
    r"\bno need (?:to|for)\b|\bneed not\b|\b(?:is|are)(?: not|n['\u2019]t) (?:required|necessary|needed"
    r"|expected|essential)"
    r"|\bnot (?:required|necessary|a requirement)\b|\b(?:do|does)(?: not|n['\u2019]t) (?:need|require"
    r"|have to|involve)\b"
    r"|\bno (?:prior |previous )?(?:\w+ ){0,3}(?:experience |knowledge )?(?:is )?(?:required|necessary"
    r"|needed)\b"
    r"|\bwithout (?:any )?direct reports\b|\bno direct reports\b|\bnot (?:a|an) \w+ (?:role|position)\b"
    r"|\bnot (?:a )?people[- ]manage|\byou (?:will|['\u2019]ll) not\b|\byou won['\u2019]t\b",
)
# A label with what it labels, and anything with a number of two digits, is a line of its own.
NO_HEADING: Final = re.compile(r":\s*\S|\d\d")
BULLET: Final = re.compile(r"^\s*(?:[-*+•·◦▪●\u2013—o]|\d{1,2}[.)])\s+")
MARKUP: Final = re.compile(r"\*+|_{2,}|`+|^#+\s*|\\(?=[-+*_.!#()\[\]&$~>|])|^>\s*", re.MULTILINE)
LINK: Final = re.compile(r"!?\[([^\]\n]{0,200})\]\((?:[^()\n]{0,500})\)")
END: Final = re.compile(r"(?<=[.!?;])\s+(?=[A-Z•*(\"“])|\s+[•●▪◦]\s*|\s\*\s+(?=[A-Z])")
ROLE_TAKEN_OUT: Final = re.compile(r"\[ROLE\]")


class Sentence(NamedTuple):
    """A sentence of a posting; `denied` if it says what is not asked for, `begins` if it opens a line."""

    text: str
    kind: Kind
    denied: bool = False
    begins: bool = True

    @property
    def asks(self) -> bool:
        """Tell whether it says what one will do or must bring."""
        return not self.denied and self.kind in ("duty", "required", "preferred")


def read_text(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a posting, in plain text or Markdown, in their order.

    The headings tell what stands below them, and some words tell it of a sentence by itself.
    """
    return tuple(_sentences(text[:MOST_LETTERS]))


def _sentences(text: str) -> Iterator[Sentence]:
    kind: Kind = "duty"
    # Most texts have few of these, and need not be searched for the others line by line.
    lowered = text.lower().replace("\u2019", "'")
    about = [mark for mark in ABOUT if mark in lowered]
    for line in _lines(text):
        bullet = BULLET.match(line)
        plain = MARKUP.sub("", line[bullet.end() :] if bullet else line).strip(" \t-=|")
        if not plain:
            continue
        if (found := section_of(plain)) and (not bullet or plain.endswith(":")):
            kind = found
            continue
        parts = [part for piece in END.split(plain) for part in _short(piece)]
        for number, part in enumerate(parts):
            words = part.lower()
            if kind == "about" and ABOUT_THE_JOB.search(words):
                kind = "duty"
            if len(part) > LEAST_LETTERS:
                denied = any(mark in words for mark in NOT) and bool(DENIED.search(words))
                yield Sentence(part, _kind_of(words, kind, about), denied, number == 0)


def _lines(text: str) -> Iterator[str]:
    plain = ROLE_TAKEN_OUT.sub(" ", unescape(text).replace("\xa0", " ").replace("\u2019", "'"))
    return iter(LINK.sub(r"\1", plain).splitlines())


def _short(piece: str) -> Iterator[str]:
    """Yield a sentence, or its parts if it has no end."""
    if len(piece) <= LONG:
        yield piece.strip()
    else:
        yield from (part.strip() for part in re.split(r";\s+|,\s+(?=and [a-z]+ing\b)|\s{3,}", piece))


@lru_cache(maxsize=2048)
def section_of(line: str) -> Kind | None:
    """Return what the lines below a heading are, or None for a line that is no heading."""
    words = line.rstrip(":?. ").split()
    if not words or len(line) > HEADING or len(words) > 9 or line.endswith((".", ",", ";")):
        return None
    if NO_HEADING.search(line):
        return None
    found = SECTION.search(line)
    if found is None:
        return None
    named = line.endswith((":", "?")) or len(words) <= 4
    titled = sum(word[0].isupper() for word in words) * 2 >= len(words)
    return found.lastgroup if named or titled else None  # type: ignore[return-value]


def _kind_of(words: str, section: Kind, about: Sequence[str]) -> Kind:
    """Return what a sentence, in lower case, is: by its own words or by the section that it stands in."""
    if any(mark in words for mark in about) or (" years" in words and HISTORY.search(words)):
        return "about"
    if any(mark in words for mark in MONEY) and PAID.search(words) and not _demands(words):
        return "pay"
    if section in ("about", "pay"):
        return section
    if any(mark in words for mark in WISHES) and WISHED.search(words):
        return "preferred"
    if section == "duty" and _demands(words):
        return "required"
    return section


def _demands(words: str) -> bool:
    return any(mark in words for mark in DEMANDS) and bool(DEMANDED.search(words))
