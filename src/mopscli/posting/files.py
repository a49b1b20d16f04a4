"""Files of postings, of one and of many, as what they hold; knows nothing of what a posting means."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any, Final

from mopscli.posting.figures import yearly
from mopscli.posting.posting import Advertisement
from mopscli.posting.title import read_title
from mopscli.problem import Place, Problem
from mopscli.text import clean, shorten

# One posting is never longer; a file of many may be.
MOST_BYTES: Final = 4_000_000
MOST_OF_MANY: Final = 400_000_000
TAGS: Final = ("html", "!doctype", "p>", "br", "li>", "ul>", "div", "h2", "script", "strong>", "b>")
LEAST_WORDS: Final = 25
LONGEST_TITLE: Final = 90
# The columns and keys that tools give their fields, the first that is there and not empty.
BODIES: Final = (
    "body_title_masked",
    "description",
    "body",
    "job_description",
    "text",
    "content",
    "description_text",
)
TITLES: Final = ("title", "job_title", "position")
COMPANIES: Final = ("company", "company_name", "employer", "organization")
LOWS: Final = ("min_amount", "pay_min", "salary_min", "min_salary")
HIGHS: Final = ("max_amount", "pay_max", "salary_max", "max_salary")
LEVELS: Final = ("rank", "level")
FIELDS: Final = ("field", "family")
MANY: Final = (".csv", ".tsv", ".jsonl", ".ndjson", ".json")
ONE: Final = (".txt", ".md", ".markdown", ".html", ".htm", ".pdf", ".docx")
# Words without which no English text of some length comes.
COMMON: Final = frozenset(
    [
        "the",
        "and",
        "of",
        "to",
        "in",
        "for",
        "with",
        "a",
        "you",
        "our",
        "we",
        "is",
        "are",
        "as",
        "on",
        "or",
        "will",
        "this",
        "that",
        "be",
        "your",
    ]
)
LEAST_COMMON: Final = 0.12
WORD: Final = re.compile(r"[^\W\d_]+")
OF_A_RESUME: Final = re.compile(
    r"^\W*(?:curriculum vitae|r[eé]sum[eé]|work(?:ing)? (?:history|experience)|professional (?:experience"
    r"|summary)"
    r"|employment history|references|objective|education)\W*$|references (?:are )?available"
    r"|\b(?:i|my)\b (?:have|am|led|managed|built|career|experience)|\b(?:19|20)\d\d\s*(?:-|\u2013"
    r"|to)\s*(?:present|(?:19|20)\d\d)",
    re.IGNORECASE | re.MULTILINE,
)
OF_A_POSTING: Final = re.compile(
    r"\byou(?:'ll|\u2019ll| will| have| are| bring)?\b|\bwe(?:'re|\u2019re| are)?\b|\bour\b|\bapply\b"
    r"|\bcandidates?\b|\bapplicants?\b"
    r"|responsibilities|requirements|qualifications|\bthis (?:role|position)\b",
    re.IGNORECASE,
)
LEAST_OF_A_RESUME: Final = 3

Read = Advertisement | Problem


def read_postings(path: Path) -> Iterator[Read]:
    """Yield the postings in a file or a folder, and a problem for each that cannot be read."""
    if path.is_dir():
        files = sorted(
            file for file in path.rglob("*") if file.suffix.lower() in (*ONE, *MANY) and file.is_file()
        )
        if not files:
            yield Problem(
                Place(str(path)), "no posting in this folder", f"files end in {', '.join((*ONE, *MANY))}"
            )
        for file in files:
            yield from read_postings(file)
        return
    most = MOST_OF_MANY if path.suffix.lower() in MANY else MOST_BYTES
    try:
        if path.stat().st_size > most:
            yield _too_long(str(path), most)
            return
        content = path.read_bytes()
    except OSError as error:
        yield Problem(Place(str(path)), f"cannot read this: {error.strerror}", "")
        return
    yield from read_content(content, str(path), path.suffix.lower())


def _too_long(name: str, most: int) -> Problem:
    return Problem(
        Place(name), f"longer than {most // 1_000_000} MB, which no posting is", "save its text alone"
    )


def read_content(content: bytes, name: str, suffix: str = "") -> Iterator[Read]:
    """Yield the postings in the content of a file; without a suffix, by what it looks like.

    Args:
        content: the bytes.
        name: the name of the file, for its problems and as the id of a single posting.
        suffix: the end of its name, in lower case with its dot.

    """
    if suffix == ".pdf" or content.startswith(b"%PDF-"):
        yield from _pdf(content, name)
    elif suffix == ".docx" or content.startswith(b"PK\x03\x04"):
        yield from _word(content, name)
    elif b"\0" in content[:10_000] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield Problem(Place(name), "cannot read this: it is no text", "save it as text, Markdown or HTML")
    else:
        text = _decoded(content)
        start = text.lstrip()[:1]
        if suffix in (".jsonl", ".ndjson", ".json") or (not suffix and start in ("{", "[")):
            yield from _json(text, name)
        elif suffix in (".csv", ".tsv"):
            yield from _table(text, name, "\t" if suffix == ".tsv" else None)
        elif len(content) > MOST_BYTES:
            yield _too_long(name, MOST_BYTES)
        elif suffix in (".html", ".htm") or (start == "<" and looks_like_markup(text)):
            from mopscli.posting.markup import read_page

            page = read_page(text)
            pay = yearly(page.low, page.high) if page.low is not None and page.high is not None else None
            yield _checked(Advertisement(name, page.text, page.title, page.company, pay), Place(name))
        else:
            yield _checked(Advertisement(name, text, _title_in(text)), Place(name))


def _title_in(text: str) -> str | None:
    """Return the first line of a text if it is a title that names a level."""
    first = next((line.strip(" #*_\t\r") for line in text.splitlines() if line.strip(" #*_\t\r")), "")
    return first if len(first) <= LONGEST_TITLE and not first.endswith(".") and read_title(first) else None


def _decoded(content: bytes) -> str:
    for encoding in (
        ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    ):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _pdf(content: bytes, name: str) -> Iterator[Read]:
    import io

    try:
        from pypdf import PdfReader
    except ImportError:
        hint = "pip install 'mopscli[office]', or save it as text"
        yield Problem(Place(name), "reading PDF needs one more package", hint)
        return
    try:
        text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    except Exception as error:
        yield Problem(Place(name), f"cannot read this PDF: {clean(shorten(str(error)))}", "save it as text")
        return
    yield _checked(Advertisement(name, text), Place(name))


def _word(content: bytes, name: str) -> Iterator[Read]:
    """Read the paragraphs of a Word document: a zip file whose text stands in <w:t> within <w:p>."""
    import io
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            if file.getinfo("word/document.xml").file_size > MOST_BYTES * 4:
                yield _too_long(name, MOST_BYTES * 4)
                return
            xml = file.read("word/document.xml").decode("utf-8", "replace")
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError):
        yield Problem(Place(name), "cannot read this: it is no Word document", "save it as .docx or text")
        return
    paragraphs = xml.split("</w:p>")
    lines = (
        ("- " if "<w:numPr" in some else "") + "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", some))
        for some in paragraphs
    )
    yield _checked(Advertisement(name, unescape("\n".join(lines))), Place(name))


def _json(text: str, name: str) -> Iterator[Read]:
    """Read one object for each line, or one list of them, or a single object."""
    if text.lstrip().startswith("[") or ("\n" in text.strip() and _is_whole(text)):
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            yield Problem(Place(name), f"no JSON: {clean(shorten(str(error), 60))}", "")
            return
        found = (
            data
            if isinstance(data, list)
            else data.get("postings", [data])
            if isinstance(data, dict)
            else [data]
        )
        for number, row in enumerate(found if isinstance(found, list) else [found], 1):
            yield _row(row, name, number)
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield Problem(Place(name, number, 1), f"no JSON: {clean(shorten(str(error), 60))}", "")
                continue
            yield _row(row, name, number)


def _is_whole(text: str) -> bool:
    """Tell whether a text is one object over several lines."""
    first = text.lstrip().split("\n", 1)[0].rstrip()
    return not first.endswith("}")


def _table(text: str, name: str, delimiter: str | None) -> Iterator[Read]:
    import csv
    import io

    csv.field_size_limit(MOST_BYTES)
    first = text.split("\n", 1)[0]
    delimiter = delimiter or max(",;\t", key=first.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = {str(key).strip().lower() for key in rows.fieldnames or ()}
    if not names & set(BODIES):
        hint = f"name it {BODIES[1]}; the columns are {clean(shorten(', '.join(sorted(names)), 80))}"
        yield Problem(Place(name, 1, 1), "no column with the text of the postings", hint)
        return
    try:
        for row in rows:
            yield _row(row, name, rows.line_num)
    except csv.Error as error:
        yield Problem(Place(name, rows.line_num, 1), f"cannot read this row: {error}", "")


def _row(row: Any, name: str, line: int) -> Read:
    if not isinstance(row, dict):
        return Problem(Place(name, line, 1), "no object with a posting", f"give the text as '{BODIES[1]}'")
    values = {str(key).strip().lower(): value for key, value in row.items() if value not in (None, "")}
    body = _first(values, BODIES)
    if not isinstance(body, str):
        return Problem(Place(name, line, 1), "no text of a posting", f"give it as '{BODIES[1]}'")
    text = _visible(body)
    low, high = _amount(_first(values, LOWS)), _amount(_first(values, HIGHS))
    low = high if low is None else low
    given = values.get("id")
    return _checked(
        Advertisement(
            id=given if isinstance(given, str | int) and not isinstance(given, bool) else line,
            text=text,
            title=_words(_first(values, TITLES)),
            company=_words(_first(values, COMPANIES)),
            pay=yearly(low, high if high is not None else low) if low is not None else None,
            level=_level(_first(values, LEVELS)),
            field=_words(_first(values, FIELDS)),
        ),
        Place(name, line, 1),
    )


def _visible(body: str) -> str:
    """Return a text, or what can be seen of it if it is HTML."""
    if not looks_like_markup(body):
        return body
    from mopscli.posting.markup import plain_text

    return plain_text(body)


def looks_like_markup(text: str) -> bool:
    """Tell whether a text is HTML."""
    start = text[:20_000].lower()
    return "<" in start and any(f"<{tag}" in start for tag in TAGS)


def _first(values: Mapping[str, Any], names: Iterable[str]) -> Any:
    return next((values[name] for name in names if name in values), None)


def _words(value: Any) -> str | None:
    return value.strip() if isinstance(value, str) and value.strip() else None


def _amount(value: Any) -> float | None:
    try:
        number = float(str(value).replace(",", "").lstrip("$").strip())
    except ValueError:
        return None
    return number if number == number and 0 < number < float("inf") else None


def _level(value: Any) -> int | None:
    """Return a level from 1 to 6, given as a number or by its name."""
    from mopscli.knowledge.postings import LEVEL_NAMES

    text = str(value).strip().lower().removesuffix(".0")
    if text in LEVEL_NAMES:
        return LEVEL_NAMES.index(text) + 1
    if text == "head":
        return LEVEL_NAMES.index("director") + 1
    return int(text) if text.isdecimal() and 1 <= int(text) <= len(LEVEL_NAMES) else None


def _checked(posting: Advertisement, place: Place) -> Read:
    """Return a posting, or what is wrong with its text."""
    words = WORD.findall(posting.text[:20_000].lower())
    if len(words) < LEAST_WORDS:
        return Problem(
            place, "cannot read this: there is no text of a posting in it", "paste the whole posting"
        )
    if sum(word in COMMON for word in words) < LEAST_COMMON * len(words):
        return Problem(place, "cannot read this: not English", "only postings in English are read")
    of_a_resume = len(OF_A_RESUME.findall(posting.text))
    if of_a_resume >= LEAST_OF_A_RESUME and of_a_resume > len(OF_A_POSTING.findall(posting.text)):
        return Problem(place, "this is a resume, not a job posting", "give the posting that it is meant for")
    return posting
