"""Text that a spreadsheet must not take for a formula, and workbooks that hold nothing but text and numbers."""

import errno
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from xlsxwriter import Workbook

# The characters that OWASP names, and their wide forms. An apostrophe in front may be one that was put there.
FIRST: Final = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
FORMULA: Final = f"'*[{re.escape(FIRST)}]"
PLAIN_NUMBER: Final = r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"
MAX_ROWS: Final = 1_048_575
TOO_LARGE: Final = "a sheet holds 16,384 columns and 32,767 characters in a cell; write CSV"


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


def hides_formula_sql(text: str) -> str:
    """Return the condition in SQL that a text would begin a formula where another sign than a comma separates."""
    hidden = f"[;\t|][ ]*[{re.escape(FIRST)}]".replace("'", "''")
    return f"regexp_matches({text}, '{hidden}')"


@contextmanager
def open_workbook(file: str | IO[bytes], folder: Path | None = None) -> Iterator["Workbook"]:
    """Open a workbook to write, in which text stays text; the same content gives the same bytes.

    Args:
        file: where to write it.
        folder: where rows are kept meanwhile, if not where the system keeps what is temporary.

    Raises:
        OSError: it cannot be written.

    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import XlsxFileError

    options: dict[str, Any] = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    if folder is not None:
        options["tmpdir"] = str(folder)
    workbook = Workbook(file, options)
    workbook.set_properties({"created": datetime(2000, 1, 1)})
    try:
        yield workbook
        workbook.close()
    except XlsxFileError as error:
        cause = error.args[0] if error.args else error
        raise cause if isinstance(cause, OSError) else OSError(errno.EIO, str(cause)) from None
    except BaseException:
        # It holds files of its own open. What it cannot write now is not wanted any more.
        with suppress(Exception):
            workbook.close()
        raise


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
