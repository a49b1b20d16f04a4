"""A file of respondents opened, whatever kind it is, with a database to read it into; and its answers alone."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final, NamedTuple

from mopscli.assessment.questionnaire import Questionnaire
from mopscli.batch.database import Database, Progress, parquet_rows
from mopscli.problem import Place, Problem, ProblemsFound
from mopscli.survey.cells import whole_characters
from mopscli.survey.header import match_columns
from mopscli.survey.source import Layout, Survey, folded, open_survey


class ReadOptions(NamedTuple):
    """How to read a file, where that is not to be found out: see `open_survey`."""

    id_column: str | None = None
    partial: bool = False
    encoding: str | None = None
    missing: tuple[str, ...] = ()


FIND_OUT: Final = ReadOptions()


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
        path = _regular(source, folder)
        database = Database(folder, path.stat().st_size if path.is_file() else 0, report)
        try:
            yield Opened(database, _open(database, questionnaire, path, name, reading), folder)
        finally:
            database.close()


def _regular(source: Path | BinaryIO, folder: Path) -> Path:
    """Return a file that can be read more than once; what comes through a pipe is kept for the time being."""
    path = folder / "responses"
    if isinstance(source, Path) and (source.is_file() or not source.exists()):
        if whole_characters(str(source)) == str(source):
            return source
        # DuckDB takes no path that is not UTF-8.
        path.symlink_to(source.absolute())
        return path
    with path.open("wb") as target:
        if isinstance(source, Path):
            with source.open("rb") as stream:
                shutil.copyfileobj(stream, target)
        else:
            shutil.copyfileobj(source, target)
    return path


def _open(
    database: Database, questionnaire: Questionnaire, path: Path, name: str, reading: ReadOptions
) -> Survey:
    try:
        with path.open("rb") as file:
            parquet = file.read(4) == b"PAR1"
    except OSError as error:
        raise ProblemsFound([Problem(Place(name), f"cannot be read: {error.strerror}")]) from None
    if not parquet:
        return open_survey(questionnaire, path, name, **reading._asdict())
    try:
        rows = database.query(f"DESCRIBE FROM {parquet_rows(path)}")
    except OSError:
        raise ProblemsFound([Problem(Place(name), "not a whole Parquet file")]) from None
    columns = match_columns(
        questionnaire,
        [[row[0] for row in rows]],
        name,
        id_column=reading.id_column,
        partial=reading.partial,
        line=0,
    )
    layout = Layout(kind="parquet")
    return Survey(**vars(layout), **vars(columns), path=path, name=name, missing=folded(reading.missing))
