"""A file of respondents opened, whatever kind it is, with a database to read it into; and its answers alone."""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final, NamedTuple

from mopscli.assessment.questionnaire import Questionnaire
from mopscli.batch.database import Database, Progress, is_literal, literal_path, parquet_rows
from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.survey.cells import stamp_of, whole_characters
from mopscli.survey.header import match_columns
from mopscli.survey.source import Layout, Survey, folded, open_survey, told_by_rows
from mopscli.survey.ways import SAMPLE


class ReadOptions(NamedTuple):
    """How to read a file, where that is not to be found out: see `open_survey`."""

    id_column: str | None = None
    partial: bool = False
    encoding: str | None = None
    missing: tuple[str, ...] = ()


FIND_OUT: Final = ReadOptions()
# So many bytes are taken from what may have no end: more than ten million people in a pipe, few on a device.
MOST_PIPED: Final = 16_000_000_000
MOST_OF_A_DEVICE: Final = 16_000_000
BLOCK: Final = 1 << 20


def tell_nobody(what: str, share: float) -> None:
    """Report nothing."""


class Opened(NamedTuple):
    """A survey, the database to read it into, and a folder for what is kept meanwhile."""

    database: Database
    survey: Survey
    folder: Path


@contextmanager
def opened(
    questionnaire: Questionnaire,
    source: Path | str | BinaryIO,
    reading: ReadOptions,
    name: str | None,
    report: Progress,
) -> Iterator[Opened]:
    """Open a file of respondents, or a stream of it; nothing of it is left behind when the block ends.

    Args:
        questionnaire: what its columns are about.
        source: the file, or a stream to read it from.
        reading: how to read it.
        name: what the user calls it, if not by its path.
        report: is told what is going on and how much of all is done, from 0 to 1.

    Raises:
        ProblemsFound: the file cannot be used at all.

    """
    source = Path(source) if isinstance(source, str) else source
    if name is None:
        name = str(source) if isinstance(source, Path) else "the stream"
    name = whole_characters(name)
    with TemporaryDirectory(prefix="mops-") as name_of_folder:
        folder = Path(name_of_folder)
        report("Opening", 0.0)
        path = _regular(source, folder, name)
        database = Database(folder, path.stat().st_size if path.is_file() else 0, report)
        try:
            yield Opened(database, _open(database, questionnaire, path, name, reading), folder)
        finally:
            database.close()


@contextmanager
def telling_damage(name: str) -> Iterator[None]:
    """Turn what DuckDB says of a Parquet file that is damaged in the middle into a problem."""
    try:
        yield
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        problem = Problem(Place(name), "cannot be read: the Parquet file is damaged", "write it again")
        raise ProblemsFound([problem]) from error


def _regular(source: Path | BinaryIO, folder: Path, name: str) -> Path:
    """Return a file that can be read more than once; what comes through a pipe is kept for the time being."""
    path = folder / "responses"
    if isinstance(source, Path) and (source.is_file() or not source.exists()):
        if is_literal(source):
            return source
        path.symlink_to(source.absolute())
        return path
    with path.open("wb") as target:
        if isinstance(source, Path):
            with source.open("rb") as stream:
                _pour(stream, target, name)
        else:
            _pour(source, target, name)
    return path


def _parquet_names(database: Database, path: Path) -> list[str]:
    """Return the names of the columns of a Parquet file as they stand; DuckDB renames those that stand twice."""
    renamed = [row[0] for row in database.query(f"DESCRIBE FROM {parquet_rows(path)}")]
    parts = iter(database.query(f"SELECT name, num_children FROM parquet_schema({literal_path(path)})"))
    next(parts, None)
    names = []
    for name, children in parts:
        names.append(name)
        # What a column consists of is listed behind it.
        left = children or 0
        while left and (part := next(parts, None)):
            left += (part[1] or 0) - 1
    return names if len(names) == len(renamed) else renamed


def _pour(stream: BinaryIO, target: BinaryIO, name: str) -> None:
    """Write a stream into a file, unless it seems to have no end."""
    most = MOST_PIPED
    # A stream in memory has no descriptor.
    with suppress(OSError, AttributeError):
        mode = os.fstat(stream.fileno()).st_mode
        if stat.S_ISBLK(mode) or (stat.S_ISCHR(mode) and not stream.isatty()):
            most = MOST_OF_A_DEVICE
    left = most
    while block := stream.read(BLOCK):
        left -= len(block)
        if left < 0:
            message = f"it is no file, and does not end after {most // 1_000_000:,} MB"
            raise ProblemsFound([Problem(Place(name), message, "save the answers in a file")])
        target.write(block)


def _open(
    database: Database, questionnaire: Questionnaire, path: Path, name: str, reading: ReadOptions
) -> Survey:
    try:
        stamp = stamp_of(path)
        with path.open("rb") as file:
            parquet = file.read(4) == b"PAR1"
    except OSError as error:
        raise ProblemsFound([Problem(Place(name), f"cannot be read: {error.strerror}")]) from None
    if not parquet:
        return open_survey(questionnaire, path, name, **reading._asdict())
    try:
        names = _parquet_names(database, path)
    except OSError:
        raise ProblemsFound([Problem(Place(name), "not a whole Parquet file")]) from None
    missing = folded(reading.missing)
    with telling_damage(name):
        columns = match_columns(
            questionnaire,
            [names],
            name,
            id_column=reading.id_column,
            partial=reading.partial,
            line=0,
            rows=partial(_text_rows, database, path, len(names)),
        )
        rows = list(_text_rows(database, path, len(names), SAMPLE))
    columns, worded = told_by_rows(questionnaire, columns, rows, missing)
    return Survey(
        **vars(Layout(kind="parquet")),
        **vars(columns),
        path=path,
        name=name,
        missing=missing,
        stamp=stamp,
        worded=worded,
    )


def _text_rows(
    database: Database, path: Path, width: int, limit: int | None = None
) -> Iterator[Sequence[str]]:
    """Yield the cells of each row of a Parquet file as text."""
    # Columns by position: two may have one name.
    names = [f"c{place}" for place in range(width)]
    cells = ", ".join(f"coalesce({name}::VARCHAR, '')" for name in names)
    most = "" if limit is None else f" LIMIT {limit}"
    rows = database.stream(f"SELECT {cells} FROM {parquet_rows(path)} AS replies ({', '.join(names)}){most}")
    next(rows)
    yield from rows
