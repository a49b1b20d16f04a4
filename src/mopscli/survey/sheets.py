"""Reads a workbook in a process of its own, and writes its cells as text; knows nothing of the rest of the program.

The reader is native code, which may abort or take all memory on a workbook that is made for it; here, nothing is
lost by that. It is told over standard input which sheet to begin, and when to go on.

The only importer of python_calamine.
"""

import marshal
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, time
from itertools import islice
from typing import Any, BinaryIO, Final

# What a workbook may take: bytes of memory, and seconds of a core.
MEMORY: Final = 4_000_000_000
SECONDS: Final = 300
# So many rows are written at a time: first those that may be a header.
FIRST: Final = 20
MORE: Final = 1_000
# Up to here, every whole number is a float.
WHOLE_FLOATS: Final = 2**53


def main() -> None:
    """Write the names of the sheets, and rows whenever they are asked for."""
    limit()
    from python_calamine import CalamineWorkbook

    told = sys.stdout.buffer
    try:
        with open(sys.argv[1], "rb") as file, CalamineWorkbook.from_filelike(file) as workbook:  # noqa: PTH123
            write(told, list(workbook.sheet_names))
            rows: Iterator[list[str] | None] = iter(())
            for line in sys.stdin.buffer:
                size = MORE
                if line.strip().isdigit():
                    rows, size = read_rows(workbook.get_sheet_by_index(int(line))), FIRST
                write(told, list(islice(rows, size)))
    except BaseException as error:
        # A panic of the reader is none of the usual exceptions, and says nothing that helps.
        write(told, str(error) if isinstance(error, Exception) and str(error) else "it is damaged")
        sys.exit(1)


def limit() -> None:
    """Limit memory and time where the system can; leave no dump."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def write(stream: BinaryIO, value: Any) -> None:
    """Write a value, and let whoever waits have it."""
    marshal.dump(value, stream)
    stream.flush()


def read_rows(sheet: Any) -> Iterator[list[str] | None]:
    """Yield the rows of a sheet from the first one on, None for one without anything."""
    for row in sheet.iter_rows():
        cells = [cell if isinstance(cell, str) else cell_text(cell) for cell in row]
        yield cells if any(cells) else None


def cell_text(value: Any) -> str:
    """Return the value of a cell as text: 4 for 4.0, true for TRUE, dates as ISO 8601 has them."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < WHOLE_FLOATS:
        return str(int(value))
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


if __name__ == "__main__":
    main()
