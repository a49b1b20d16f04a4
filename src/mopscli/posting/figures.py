"""The numbers of a posting: the years that it asks for and the pay that it names; knows nothing of levels."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from mopscli.posting.reading import Sentence

NUMBERS: Final[Mapping[str, int]] = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
}
# More years than anybody asks for; they are the age of a company.
MOST_YEARS: Final = 20
SAID: Final = "|".join(NUMBERS)
YEARS: Final = re.compile(
    rf"\b(?P<low>\d{{1,2}}|{SAID})\s*(?:\(\d{{1,2}}\)\s*)?"
    rf"(?:(?:\+|-|\u2013|\u2014|to|or)\s*)?(?:(?P<high>\d{{1,2}}|{SAID})\b\s*(?:\(\d{{1,2}}\)\s*)?)?\+?\s*"
    r"(?:or more |plus |\+ |full |solid |progressive |relevant |professional |total )*(?:years?\b|yrs?\b)",
    re.IGNORECASE,
)
# What makes years those of a person.
OF_EXPERIENCE: Final = re.compile(
    r"experience|background|track record|you (?:have|bring)|working in", re.IGNORECASE
)
OF_THE_COMPANY: Final = re.compile(
    r"(?:past|last|for|over|nearly|than|every|first|next)\s*(?:the )?(?:past |last )?$|\b(?:we|our|us)\b",
    re.IGNORECASE,
)
OF_MANAGING: Final = re.compile(
    r"manag(?:ing|ement of|e) (?:a |and \w+ )?(?:[\w-]+[ ,]+){0,3}(?:team|people|staff|reports|professionals"
    r"|employees)|people[- ](?:leader|manag)|leading (?:a |and \w+ )?(?:[\w-]+[ ,]+){0,3}(?:team|people)"
    r"|supervis"
    r"|team (?:leader|manage)|in (?:a |senior )?(?:leadership|management)|managerial"
    r"|leadership (?:experience|role)",
    re.IGNORECASE,
)
# An age, a contract, a history: years that are no experience.
OF_SOMETHING_ELSE: Final = re.compile(
    r"^\s*(?:old|of age|ago|ahead|forward|later|or more (?:ahead|for)|in a row|plan|horizon"
    r"|warrant|contract|period|anniversary)|^[^.]{0,20}\bfrom now",
    re.IGNORECASE,
)

# Leading people, in lower case; "lead" alone is said of projects, too.
LEADS: Final = re.compile(
    r"\bdirect reports?\b|\b(?:lead|manag|supervis|overse|build|develop|mentor|coach|hir"
    r"|grow)\w*,? (?:(?:and|&) \w+,? )?"
    r"(?:an? |the |our |your )?(?:[\w-]+ ){0,3}(?:team|teams|staff|managers|professionals|specialists"
    r"|analysts|employees)\b"
    r"(?! (?:meeting|collab|member|player|environment))|\bteam of (?:\d|two|three|four|five|six|seven|eight"
    r"|ten)"
    r"|\bpeople (?:leader|manag)|\bperformance (?:review|management|evaluation|appraisal)"
)
TEAM: Final = (
    "team",
    "staff",
    "report",
    "people",
    "performance",
    "managers",
    "analysts",
    "employees",
    "specialists",
)

HOURS_A_YEAR: Final = 2080
MONTHS_A_YEAR: Final = 12
LEAST_HOURLY: Final = 10
MOST_HOURLY: Final = 300
LEAST_MONTHLY: Final = 1_800
HOURLY: Final = re.compile(r"hour|/\s?hr|per hr", re.IGNORECASE)
MONTHLY: Final = re.compile(r"month", re.IGNORECASE)
# Lower and higher sums are no pay for a year.
LEAST_PAY: Final = 20_000
MOST_PAY: Final = 1_000_000
# The highest pay of a range is at most so many times the lowest.
WIDEST: Final = 4
SUM: Final = (
    r"(?:USD|US|CAD|CA|EUR|GBP)?\s?[$€£]?\s?(?P<{name}>\d{{1,3}}(?:[,.]\d{{3}})+(?!\d)"
    r"|\d{{2,6}})(?:\.\d{{1,2}})?"
    r"\s?(?P<{name}_k>[kK]\b)?"
)
UNIT: Final = r"\s*(?:USD|EUR|GBP|CAD)?\s*(?:(?:/|per|an?\b)?\s*(?:hour|hr|year|yr|annum|month)\b)?\.?\s*"
PAY: Final = re.compile(
    SUM.format(name="low")
    + UNIT
    + r"(?:(?:-+|\u2013|—|~|to\b|and\b|up to\b|through\b)\s*"
    + SUM.format(name="high")
    + r"|(?=[$€£])"
    + SUM.format(name="next")
    + ")?",
    re.IGNORECASE,
)
MONEY: Final = re.compile(r"[$€£]|\b(?:USD|EUR|GBP|CAD)\b")
ABOUT_PAY: Final = re.compile(
    r"salar|\bpay\b|\bpaid\b|compensation|\bbase\b|\brange\b|hourly|/\s?(?:hr|hour|yr|year)|per (?:hour"
    r"|year|annum)"
    r"|an hour|annual|\bOTE\b|\bUSD\b",
    re.IGNORECASE,
)
NO_PAY: Final = re.compile(
    r"\b(?:million|billion|budget|revenue|funding|raised|stipend|reimburs|sign[- ]?on|tuition|referral"
    r"|contract value"
    r"|allowance|ARR|pipeline|portfolios?|deals?|raises|contract values?|vacation|fund|PTO|\d+M)\b",
    re.IGNORECASE,
)


class Asked(NamedTuple):
    """A number that a posting asks for, and the sentence that says so."""

    value: float
    sentence: str
    high: float | None = None

    @property
    def middle(self) -> float:
        """The middle of a range like 3 to 5 years, or the number itself."""
        return (self.value + self.high) / 2 if self.high else self.value


class Years(NamedTuple):
    """Years of experience: those required and those preferred, and of them those of managing people."""

    required: Asked | None = None
    preferred: Asked | None = None
    managing: Asked | None = None

    @property
    def most(self) -> Asked | None:
        """The highest number of years that is asked for, required or preferred."""
        found = [some for some in (self.required, self.preferred, self.managing) if some]
        return max(found, key=lambda some: some.middle, default=None)


class Pay(NamedTuple):
    """Pay for a year, in whole units of the currency that the posting names; hours are counted as full time."""

    low: float
    high: float
    sentence: str = ""


def find_years(sentences: Sequence[Sentence]) -> Years:
    """Return the years that a posting asks for; of several demands the longest, each by its lower end."""
    found: dict[str, Asked] = {}
    for sentence in sentences:
        if not sentence.asks:
            continue
        for years, high, managing in _years_in(sentence):
            names = ["preferred" if sentence.kind == "preferred" else "required"]
            for name in (*names, "managing") if managing else names:
                if name not in found or (high or years) > (found[name].high or found[name].value):
                    found[name] = Asked(years, sentence.text, high)
    return Years(**found)


def find_leading(sentences: Sequence[Sentence]) -> tuple[str, ...]:
    """Return the sentences in which the job leads people."""
    return tuple(
        sentence.text
        for sentence in sentences
        if sentence.asks
        and any(mark in (words := sentence.text.lower()) for mark in TEAM)
        and LEADS.search(words)
    )


def _years_in(sentence: Sentence) -> Iterator[tuple[float, float | None, bool]]:
    if "ear" not in sentence.text.lower() and "yr" not in sentence.text.lower():
        return
    for match in YEARS.finditer(sentence.text):
        said = match["low"].lower()
        years = NUMBERS.get(said) or int(said)
        top = (match["high"] or "").lower()
        high = NUMBERS.get(top) or int(top or 0)
        behind = sentence.text[match.end() : match.end() + 100]
        if again := YEARS.search(behind):
            behind = behind[: again.start()]
        before = sentence.text[max(0, match.start() - 40) : match.start()]
        if years > MOST_YEARS or OF_SOMETHING_ELSE.search(behind):
            continue
        of_a_company = OF_THE_COMPANY.search(before)
        if OF_EXPERIENCE.search(behind if of_a_company else before + behind) or (
            sentence.kind != "duty" and not of_a_company
        ):
            yield years, high if years < high <= MOST_YEARS else None, bool(OF_MANAGING.search(behind))


def find_pay(sentences: Sequence[Sentence]) -> Pay | None:
    """Return the first pay that a posting names, or None; one that others explain comes before a bare number."""
    bare = None
    for sentence in sentences:
        text = sentence.text
        if not MONEY.search(text) or NO_PAY.search(text):
            continue
        for match in PAY.finditer(text):
            found = _pay_of(match, text)
            if found and ABOUT_PAY.search(text):
                return found
            if found and found.high > found.low:
                bare = bare or found
    return bare


def _pay_of(match: re.Match[str], text: str) -> Pay | None:
    last = "high" if match["high"] else "next" if match["next"] else "low"
    thousands = bool(match[f"{last}_k"])
    low, high = (_sum(match[name], thousands or bool(match[f"{name}_k"])) for name in ("low", last))
    hourly, monthly = bool(HOURLY.search(text)), bool(MONTHLY.search(text))
    if (low < LEAST_HOURLY and not hourly and low < LEAST_PAY) or high > WIDEST * low:
        return None
    return yearly(low, high, text, hourly=hourly, monthly=monthly)


def _sum(text: str, thousands: bool) -> float:
    number = float(re.sub(r"[,.](?=\d{3})", "", text))
    return number * 1000 if thousands and number < 1000 else number


def yearly(
    low: float, high: float, sentence: str = "", *, hourly: bool = True, monthly: bool = True
) -> Pay | None:
    """Return pay for a year from pay for a year, a month or an hour, or None for what is none of them."""
    low, high = min(low, high), max(low, high)
    if hourly and LEAST_HOURLY <= low < MOST_HOURLY:
        factor = HOURS_A_YEAR
    elif monthly and LEAST_MONTHLY <= low < LEAST_PAY:
        factor = MONTHS_A_YEAR
    else:
        factor = 1
    low, high = low * factor, high * factor
    return Pay(low, high, sentence) if LEAST_PAY <= low <= high <= MOST_PAY else None
