"""A DuckDB for one file, and texts, paths and rows put into SQL for it; knows no surveys.

The only importer of duckdb.
"""

import errno
import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import duckdb

from mopscli.batch.expressions import expression
from mopscli.survey.cells import HALVES

# What is going on, and how much of all is done, from 0 to 1.
Progress = Callable[[str, float], None]

# How much DuckDB keeps in memory before it turns to the disk, for each core, and how often that may be doubled for
# rows so long that nothing else helps.
MEGABYTES: Final = 80
DOUBLINGS: Final = 4
# And for each column that is written: to keep rows in order, DuckDB 2.0 gives each core but one 4 MB a column, out
# of a quarter of its memory. In memory, rows come in groups of 122,880, which wait there to be written.
MEGABYTES_A_COLUMN: Final = 17
MEGABYTES_A_COLUMN_IN_MEMORY: Final = 40
MEGABYTES_OF_TABLE: Final = 90
# The table stays in memory, which spares the disk and some work, if the file is SMALL, or has so many bytes and no
# more than so much memory is needed. Otherwise it is in a file of its own, in groups so small that the cores can
# share even a short table.
IN_MEMORY: Final = range(40_000_000, 200_000_000)
MOST_IN_MEMORY: Final = 800
ROW_GROUP: Final = 20_480
MAX_CORES: Final = 4
# A file with no more bytes is done in memory before a second core has heard of it.
SMALL: Final = 1_000_000
TICK: Final = 0.1
# So many rows are fetched at a time.
FETCHED: Final = 1000


class Database:
    """A DuckDB of its own, which keeps in a folder what does not fit into memory."""

    def __init__(self, folder: Path, size: int, report: Progress) -> None:
        """Open it for a file of so many bytes."""
        self._folder = folder
        self._size = size
        self.report = report
        self.cores = min(max(os.cpu_count() or 1, 2), MAX_CORES) if size > SMALL else 1
        self._connection = duckdb.connect(
            config={
                "threads": self.cores,
                "temp_directory": str(folder),
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            },
        )
        self._set_limit(self.cores * MEGABYTES)
        # Nothing of it is needed any more when it is closed.
        self.query("PRAGMA disable_checkpoint_on_shutdown")
        self.query("SET enable_progress_bar = true; SET enable_progress_bar_print = false")

    def make_room(self, columns: int) -> None:
        """Choose where the table is and how much stays in memory, by the number of columns that will be written."""
        waiting = (columns + 1) * (self.cores - 1)
        least, in_memory = self.cores * MEGABYTES, MEGABYTES_A_COLUMN_IN_MEMORY * waiting
        if self._size <= SMALL or (self._size in IN_MEMORY and in_memory <= MOST_IN_MEMORY):
            self._set_limit(max(in_memory, least) + MEGABYTES_OF_TABLE)
            return
        self._set_limit(max(MEGABYTES_A_COLUMN * waiting, least))
        path = target_path(self._folder / "replies.duckdb")
        self.query(f"ATTACH {path} AS kept (ROW_GROUP_SIZE {ROW_GROUP}); USE kept")

    def _set_limit(self, megabytes: int) -> None:
        self._limit_memory(megabytes)
        self._most = megabytes << DOUBLINGS

    def _limit_memory(self, megabytes: int) -> None:
        self._megabytes = megabytes
        with _said_plainly():
            self._connection.execute(f"SET memory_limit = '{megabytes}MB'")

    def close(self) -> None:
        """Let go of it."""
        self._connection.close()

    def query(self, statement: str) -> list[Any]:
        """Run a statement and return its rows; OSError tells what DuckDB says of files and memory."""
        with _said_plainly():
            while True:
                try:
                    return self._connection.execute(statement).fetchall()
                except duckdb.OutOfMemoryException:
                    if self._megabytes >= self._most:
                        raise
                    self._limit_memory(2 * self._megabytes)

    def arrays(self, statement: str) -> Mapping[str, Any]:
        """Run a statement and return its columns, each an array of NumPy, by their names."""
        with _said_plainly():
            return self._connection.execute(statement).fetchnumpy()

    def insert(self, table: str, columns: Mapping[str, Any], select: str) -> None:
        """Add rows to a table: a selection from columns, arrays of NumPy, that are called `given`."""
        self._connection.register("given", dict(columns))
        try:
            self.query(f"INSERT INTO {table} SELECT {select}")
        finally:
            self._connection.unregister("given")

    def stream(self, statement: str) -> Iterator[Any]:
        """Yield the rows of a statement, the names of the columns first; run no other before they end."""
        with _said_plainly():
            found = self._connection.execute(statement)
            yield tuple(column[0] for column in found.description or ())
            while rows := found.fetchmany(FETCHED):
                yield from rows

    def run(self, what: str, start: float, end: float, statement: str) -> list[Any]:
        """Run a statement that may take long, and report how far it is."""
        done = threading.Event()

        def watch() -> None:
            while not done.wait(TICK):
                share = max(0.0, self._connection.query_progress()) / 100
                self.report(what, start + (end - start) * share)

        self.report(what, start)
        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            return self.query(statement)
        finally:
            done.set()
            watcher.join()


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        text = str(error).splitlines()[0].partition(": ")[2] or str(error)
        if "No space left" in text or '"errno":"28"' in text:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise OSError(errno.EIO, text) from error
    except RuntimeError as error:
        # That is how DuckDB says that somebody pressed Ctrl-C.
        if "interrupted" not in str(error):
            raise
        raise KeyboardInterrupt from error


def text(value: str) -> str:
    """Return a text as SQL."""
    return expression(value).text


def literal_path(path: Path) -> str:
    """Return the path of a file to read as SQL text in which nothing is a pattern, a scheme or a home folder."""
    return text(re.sub(r"([\[*?])", r"[\1]", _absolute(path)))


def target_path(path: Path) -> str:
    """Return the path of a file to write as SQL text; there, nothing is a pattern."""
    return text(_absolute(path))


def _absolute(path: Path) -> str:
    found = str(path.absolute())
    try:
        found.encode()
    except UnicodeEncodeError:
        raise OSError(errno.EILSEQ, "the name is not UTF-8 text", str(path)) from None
    return found


def is_literal(path: Path) -> bool:
    """Tell whether DuckDB can be told to read a file by its name, whatever is in it."""
    found = str(path.absolute())
    patterns = re.search(r"[\[*?]", found) is not None
    return not HALVES.search(found) and not (patterns and os.sep == "/" and "\\" in found)


def parquet_rows(path: Path, *, numbered: bool = False) -> str:
    """Return what reads a Parquet file, and nothing out of names of folders; maybe with the row's number."""
    number = ", file_row_number = true" if numbered else ""
    return f"read_parquet({literal_path(path)}, hive_partitioning = false{number})"
