"""The text of a web page, and the posting that it holds as schema.org JobPosting; fetches nothing, runs nothing."""

import json
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any, Final, NamedTuple

HIDDEN: Final = frozenset(
    {"script", "style", "noscript", "template", "svg", "head", "nav", "footer", "form", "select"}
)
BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    ]
)
HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# So deep nothing honest is nested.
DEEPEST: Final = 40
# So many tags without an end, or letters written as numbers, no honest page has.
MOST_UNCLOSED: Final = 1_000
MOST_NUMBERED: Final = 20_000
LINKED_DATA: Final = "application/ld+json"


class WebPosting(NamedTuple):
    """A posting on a web page; pay as the page gives it, for the unit that it names."""

    text: str
    title: str | None = None
    company: str | None = None
    low: float | None = None
    high: float | None = None


class _Page(HTMLParser):
    """Gathers visible text and linked data."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.data: list[str] = []
        self._hidden = 0
        self._in_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and (dict(attrs).get("type") or "").strip().lower() == LINKED_DATA:
            self._in_data = True
            self.data.append("")
        elif tag in HIDDEN:
            self._hidden += 1
        elif tag in BLOCKS:
            self.text.append("\n# " if tag in HEADINGS else "\n- " if tag == "li" else "\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._in_data:
            self._in_data = False
        elif tag in HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in BLOCKS:
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        if self._in_data:
            self.data[-1] += data
        elif not self._hidden:
            self.text.append(data)


def read_page(markup: str) -> WebPosting:
    """Return the posting on a web page: its JobPosting, or else its visible text."""
    page = _parsed(markup)
    for text in page.data:
        for found in _job_postings(text):
            return found
    return WebPosting(_joined(page))


def plain_text(markup: str) -> str:
    """Return the visible text of a piece of HTML."""
    return _joined(_parsed(markup))


def _parsed(markup: str) -> _Page:
    page = _Page()
    if markup.count("<") - markup.count(">") > MOST_UNCLOSED or markup.count("&#") > MOST_NUMBERED:
        # The parser looks for the end of each over and over, which takes minutes.
        markup = markup.replace("<", " ").replace("&#", " ")
    page.feed(markup)
    page.close()
    return page


def _joined(page: _Page) -> str:
    lines = (" ".join(line.split()) for line in "".join(page.text).split("\n"))
    return "\n".join(line for line in lines if line.strip("#- "))


def _job_postings(text: str) -> Iterator[WebPosting]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return
    for entry in _entries(data):
        kind = entry.get("@type")
        if kind == "JobPosting" or (isinstance(kind, list) and "JobPosting" in kind):
            parts = [
                entry.get(key) for key in ("description", "responsibilities", "qualifications", "skills")
            ]
            body = "\n".join(part for part in parts if isinstance(part, str))
            if body.strip():
                low, high = _salary(entry.get("baseSalary"))
                yield WebPosting(plain_text(body), _text(entry.get("title")), _name(entry), low, high)


def _entries(data: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth > DEEPEST:
        return
    if isinstance(data, dict):
        yield data
        for value in data.values():
            yield from _entries(value, depth + 1)
    elif isinstance(data, list):
        for value in data:
            yield from _entries(value, depth + 1)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _name(entry: Mapping[str, Any]) -> str | None:
    company = entry.get("hiringOrganization")
    return _text(company.get("name")) if isinstance(company, dict) else _text(company)


def _salary(salary: Any) -> tuple[float | None, float | None]:
    value = salary.get("value", salary) if isinstance(salary, dict) else salary
    if isinstance(value, dict):
        low, high = _number(value.get("minValue", value.get("value"))), _number(value.get("maxValue"))
        return low, high if high is not None else low
    number = _number(value)
    return number, number


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None
