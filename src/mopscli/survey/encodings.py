"""What the bytes of a file tell: its encoding, and whether each line can be a record; knows no questions."""

import codecs
import re
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.survey.cells import HALVES, open_text
from mopscli.survey.nobody import SUSPECT
from mopscli.text import shorten

# That of UTF-32 begins with that of UTF-16, and so comes first.
MARKS: Final = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}

WORKBOOKS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
# What a file may be, by its first bytes, and what to do about it.
KINDS: Final = (
    (
        (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\x00", b"7z\xbc\xaf", b"BZh91AY&SY", b"Rar!"),
        "the file is compressed",
        "unpack it first",
    ),
    ((b"PAR1",), "a Parquet file is not read here", "save it as CSV"),
    ((b"%PDF",), "the file is a PDF", "export the answers as CSV"),
    ((b"SQLite format 3",), "the file is a database of SQLite", "export the table as CSV"),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8"), "the file is a picture", "export the answers as CSV"),
    ((b"$FL2", b"$FL3"), "the file is of SPSS", "export the answers as CSV"),
    ((b"<stata_dta>",), "the file is of Stata", "export the answers as CSV"),
    ((b"{\\rtf",), "the file is a text document (RTF)", "save the table as CSV"),
)
MARKUP: Final = re.compile(
    rb"\s*<(?:!doctype html|html|\?xml|table|meta|head|body|div|workbook)\b[^>]*>?", re.IGNORECASE
)
# What is tried where a file is not UTF-8 and says nothing of itself; the first of those that do equally well.
ENCODINGS: Final = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "iso8859-2"),
    *("koi8-r", "mac-roman", "cp437", "cp850", "cp852", "cp866", "cp874"),
    *("shift_jis", "gb18030", "big5", "euc_kr", "euc_jp"),
)
SCAN_BLOCK: Final = 1 << 17
MAX_LINE: Final = 1_000_000


def refuse_other_kinds(head: bytes, name: str) -> None:
    """Refuse a file that is no text, and say what it is."""
    for marks, message, hint in KINDS:
        if head.startswith(marks):
            raise ProblemsFound([Problem(Place(name), message, hint)])
    if found := MARKUP.match(head.removeprefix(codecs.BOM_UTF8)):
        what = "a web page" if b"html" in found[0].lower() or b"table" in found[0].lower() else "XML"
        message = f"the file is {what}, whatever its name says"
        raise ProblemsFound([Problem(Place(name), message, "open it in a spreadsheet, and save it as CSV")])


def checked_encoding(encoding: str, name: str) -> str:
    """Return the name that Python has for an encoding of text."""
    try:
        "a".encode(encoding)
        return codecs.lookup(encoding).name.removesuffix("-sig")
    except (LookupError, ValueError):
        message = f"unknown encoding '{shorten(encoding)}'"
        raise ProblemsFound([Problem(Place(name), message, "such as utf-8, utf-16 or cp1252")]) from None


def marked_encoding(head: bytes) -> str:
    """Return the encoding that the first bytes give away by their mark or by where NUL bytes stand, or ""."""
    for mark, encoding in MARKS.items():
        if head.startswith(mark):
            return encoding
    even, odd = head[:64:2].count(0), head[1:64:2].count(0)
    most = len(head[:64]) / 4
    if odd > most and not even:
        return "utf-16-le"
    return "utf-16-be" if even > most and not odd else ""


def is_utf_8(path: Path, scan: "Scan | None") -> bool:
    """Tell whether a file, or at least a line of it that is not ASCII, is valid UTF-8."""
    if scan is not None and scan.valid:
        return True
    with open_text(path, "utf-8") as lines:
        return any(not line.isascii() and not HALVES.search(line) for line in lines)


def best_encoding(known: Callable[[str], tuple[int, ...]]) -> str:
    """Return the encoding under which most of what is expected is found, else the usual one of Windows."""
    return max(ENCODINGS, key=known)


class Scan(NamedTuple):
    """What the bytes tell: whether they are UTF-8, whether each line can be a record, a last line without end."""

    valid: bool
    plain: bool
    lines: int
    tail: bytes


def scan_bytes(file: BinaryIO) -> Scan:
    """Read the bytes of a file once."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    plain, lines, tail, newline = True, 0, b"", b""
    for block in iter(lambda: file.read(SCAN_BLOCK) + file.readline(MAX_LINE), b""):
        newline = newline or (b"\r\n" if block.partition(b"\n")[0].endswith(b"\r") else b"\n")
        plain = plain and _is_plain(block, newline)
        lines += block.count(b"\n")
        tail = block[block.rfind(b"\n") + 1 :]
        if not block.isascii() or decoder.getstate()[0]:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                return Scan(valid=False, plain=False, lines=0, tail=b"")
    valid = not decoder.getstate()[0]
    return Scan(valid, plain and valid, lines + bool(tail), tail)


def _is_plain(block: bytes, newline: bytes) -> bool:
    """Tell whether each of some whole lines can be a record by itself."""
    # The database reads 1 as the end of a cell that is not there, and 2 as a line that is none.
    if b"\0" in block or b"\1" in block or b"\2" in block:
        return False
    if SUSPECT.search(b"\n" + block):
        return False
    if b"\r" in block or newline == b"\r\n":
        count = block.count(b"\n") if newline == b"\r\n" else 0
        if not block.count(b"\r\n") == block.count(b"\r") == count:
            return False
    if len(block) - block.rfind(b"\n", 0, -1) > MAX_LINE:
        return False
    return b'"' not in block or not any(line.count(b'"') % 2 for line in block.split(b"\n"))
