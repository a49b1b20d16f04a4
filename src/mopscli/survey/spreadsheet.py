"""Text that a spreadsheet must not take for a formula, and workbooks that hold nothing but text and numbers."""

import errno
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from posixpath import join, normpath
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Final
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile

if TYPE_CHECKING:
    from xlsxwriter import Workbook

# The characters that OWASP names, and their wide forms. An apostrophe in front may be one that was put there.
FIRST: Final = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
FORMULA: Final = f"'*[{re.escape(FIRST)}]"
PLAIN_NUMBER: Final = r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"
MAX_ROWS: Final = 1_048_575
# What an error or a formula looks like in the XML of a sheet.
SUSPECT: Final = re.compile(rb"""\st=["']e["']|<(?:\w+:)?f[\s>/]""")
TOO_LARGE: Final = "a sheet holds 16,384 columns and 32,767 characters in a cell; write CSV"
BLOCK: Final = 1 << 20
# A number format of nothing but zeros.
PADDED: Final = re.compile(r"\\?0{2,}(?:;@)?")
NOT_CALCULATED: Final = "a formula without a result"


def escape_formula(text: str) -> str:
    """Put an apostrophe before text that begins like a formula and is no number, as OWASP advises.

    It is undone by taking one apostrophe from each text that begins like a formula behind apostrophes.
    """
    return f"'{text}" if re.match(FORMULA, text) and not re.fullmatch(PLAIN_NUMBER, text) else text


def escaped_sql(text: str) -> str:
    """Return the same in SQL, for an expression in the dialect of DuckDB."""
    firsts = f"''{FIRST}"
    formula = f"^{FORMULA}".replace("'", "''")
    # Looking at the first character spares nearly every row the search. IN would make a join, which mixes the rows.
    return (
        f"CASE WHEN contains('{firsts}', left({text}, 1)) AND regexp_matches({text}, '{formula}')"
        f" AND NOT regexp_full_match({text}, '{PLAIN_NUMBER}') THEN '''' || {text} ELSE {text} END"
    )


@contextmanager
def open_workbook(file: str | IO[bytes]) -> Iterator["Workbook"]:
    """Open a workbook to write, in which text stays text; the same content gives the same bytes."""
    from xlsxwriter import Workbook

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = Workbook(file, options)
    workbook.set_properties({"created": datetime(2000, 1, 1)})
    try:
        yield workbook
    finally:
        # Also after an error: it holds files of its own open.
        workbook.close()


def write_rows(workbook: "Workbook", name: str, rows: Iterable[Sequence[Any]]) -> None:
    """Write rows of texts and numbers into a sheet, the first row of which stays on the screen."""
    sheet = workbook.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            written = 0
            if isinstance(value, str):
                written = sheet.write_string(number, place, value)
            elif value is not None:
                written = sheet.write_number(number, place, value)
            if written:
                raise OSError(errno.EFBIG, TOO_LARGE)


# --- Cells that are not what they seem ------------------------------------------------------------


def broken_cells(file: BinaryIO, sheet: int) -> dict[int, dict[int, str]]:
    """Return the text of cells that are not what programs say of them.

    These are errors, such as #REF!, and formulas not calculated, which pass for empty; and numbers that are shown
    with zeros in front, as 007 is.

    Args:
        file: a workbook; only .xlsx can be looked into, and any other has no such cells for us.
        sheet: the position of the sheet.

    Returns:
        By row, counted from 1, and column, counted from 0.

    """
    try:
        with ZipFile(file) as archive:
            part, padded = _part_of(archive, sheet), _padded_styles(archive)
            with archive.open(part) as stream:
                before, suspect = b"", bool(padded)
                while not suspect and (block := stream.read(BLOCK)):
                    suspect = SUSPECT.search(before + block) is not None
                    before = block[-40:]
            if not suspect:
                return {}
            cells = _Cells(padded)
            with archive.open(part) as stream:
                _parse(stream, cells.start, cells.end, cells.characters)
            return cells.broken
    except (BadZipFile, ExpatError, KeyError, IndexError, ValueError):
        return {}


def _part_of(archive: Any, sheet: int) -> str:
    """Return the name of the part of an .xlsx file that holds a sheet."""
    ids: list[str] = []
    targets: dict[str, str] = {}

    def start(name: str, attributes: Mapping[str, str]) -> None:
        local = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if name.endswith(" sheet"):
            ids.append(local["id"])
        elif name.endswith(" Relationship"):
            targets[local["Id"]] = local["Target"]

    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        with archive.open(part) as stream:
            _parse(stream, start)
    return normpath(join("/xl", targets[ids[sheet]])).lstrip("/")


def _padded_styles(archive: Any) -> dict[str, int]:
    """Return the styles of cells that show a number with zeros in front, and how many figures they show."""
    formats: dict[str, int] = {}
    styles: list[str] = []
    within = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal within
        name = name.rpartition(" ")[2]
        if name == "numFmt" and PADDED.fullmatch(attributes["formatCode"]):
            formats[attributes["numFmtId"]] = attributes["formatCode"].count("0")
        elif name == "cellXfs":
            within = True
        elif name == "xf" and within:
            styles.append(attributes.get("numFmtId", "0"))

    def end(name: str) -> None:
        nonlocal within
        within = within and not name.endswith("cellXfs")

    try:
        with archive.open("xl/styles.xml") as stream:
            _parse(stream, start, end)
    except KeyError:
        return {}
    return {str(style): formats[number] for style, number in enumerate(styles) if number in formats}


def _parse(stream: IO[bytes], start: Any, end: Any = None, characters: Any = None) -> None:
    """Read XML; names come behind their namespace and a space."""
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.ParseFile(stream)


class _Cells:
    """Walks over the cells of a sheet, and notes those that are broken."""

    def __init__(self, padded: Mapping[str, int] = MappingProxyType({})) -> None:
        self._padded = padded
        self.broken: dict[int, dict[int, str]] = defaultdict(dict)
        self._row = 0
        self._column = -1
        self._error = self._formula = self._value = self._is_text = False
        self._text = self._style = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take note of where an element begins; rows and cells need not say their number."""
        name = name.rpartition(" ")[2]
        if name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = -1
        elif name == "c":
            letters = attributes.get("r", "").rstrip("0123456789")
            number = 0
            for letter in letters:
                number = 26 * number + ord(letter) - ord("A") + 1
            self._column = number - 1 if letters else self._column + 1
            self._error, self._formula, self._text = attributes.get("t") == "e", False, ""
            # The result of a formula may be an empty text, and is known to be one.
            self._is_text = attributes.get("t") == "str"
            # Of other texts, the value is a number too: their place in a list.
            self._style = attributes.get("s", "") if attributes.get("t", "n") == "n" else ""
        elif name == "f":
            self._formula = True
        self._value = name == "v"

    def characters(self, text: str) -> None:
        """Take the value of a cell."""
        if self._value:
            self._text += text

    def end(self, name: str) -> None:
        """Note a cell that is an error, or should have a value."""
        name = name.rpartition(" ")[2]
        if name == "v":
            self._value = False
        elif name == "c" and (self._error or (self._formula and not self._text and not self._is_text)):
            self.broken[self._row][self._column] = self._text or NOT_CALCULATED
        elif name == "c" and self._style in self._padded and self._text.isdecimal():
            self.broken[self._row][self._column] = self._text.zfill(self._padded[self._style])
