"""Saved assessments, in one file that only its owner can read; the only importer of sqlite3."""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

FILE: Final = "assessments.sqlite3"
WAIT_SECONDS: Final = 20
TABLES: Final = """
CREATE TABLE IF NOT EXISTS assessment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    started TEXT NOT NULL,
    finished TEXT,
    roles TEXT NOT NULL,
    knowledge TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS answer (
    assessment INTEGER NOT NULL REFERENCES assessment (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    question TEXT NOT NULL,
    value REAL,
    PRIMARY KEY (assessment, question)
);
"""


@dataclass(frozen=True)
class Saved:
    """One assessment as it was saved; a value of None is a question that was skipped.

    `knowledge` is the digest of the knowledge that it was made with; `finished` is None while it is under way.
    Times are UTC, as ISO 8601.
    """

    id: int
    started: str
    finished: str | None
    roles: tuple[str, ...]
    knowledge: str
    answers: Mapping[str, float | None]


class Store:
    """The assessments of one user. Each method is one transaction, on the disk when it returns.

    Raises:
        OSError, sqlite3.Error: the file cannot be opened or written; from any method.

    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made by us and not by SQLite, so that nobody else can read it from its first moment on.
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        with self._connection() as connection:
            connection.executescript(TABLES)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.path, timeout=WAIT_SECONDS, isolation_level="IMMEDIATE")
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")
            # What is deleted is overwritten, not only forgotten.
            connection.execute("PRAGMA secure_delete = ON")
            with connection:
                yield connection
        finally:
            connection.close()

    def begin(self, roles: tuple[str, ...], knowledge: str) -> int:
        """Start an assessment and return its number."""
        with self._connection() as connection:
            row = connection.execute(
                "INSERT INTO assessment (started, roles, knowledge) VALUES (?, ?, ?)",
                (_now(), " ".join(roles), knowledge),
            )
            return int(row.lastrowid or 0)

    def answer(self, number: int, question: str, value: float | None) -> None:
        """Save an answer, or with None that a question was skipped, in place of any earlier one."""
        with self._connection() as connection:
            connection.execute("DELETE FROM answer WHERE assessment = ? AND question = ?", (number, question))
            connection.execute(
                "INSERT INTO answer SELECT ?, 1 + COALESCE(MAX(position), 0), ?, ? FROM answer"
                " WHERE assessment = ?",
                (number, question, value, number),
            )

    def take_back(self, number: int, question: str) -> None:
        """Forget one answer."""
        with self._connection() as connection:
            connection.execute("DELETE FROM answer WHERE assessment = ? AND question = ?", (number, question))

    def finish(self, number: int) -> None:
        """Note that an assessment is complete."""
        with self._connection() as connection:
            connection.execute("UPDATE assessment SET finished = ? WHERE id = ?", (_now(), number))

    def all(self) -> tuple[Saved, ...]:
        """Return every assessment, newest first."""
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT id, started, finished, roles, knowledge FROM assessment ORDER BY id DESC"
            ).fetchall()
            answers: dict[int, dict[str, float | None]] = {}
            for number, question, value in connection.execute(
                "SELECT assessment, question, value FROM answer ORDER BY assessment, position"
            ):
                answers.setdefault(number, {})[question] = value
        return tuple(
            Saved(number, started, finished, tuple(roles.split()), knowledge, answers.get(number, {}))
            for number, started, finished, roles, knowledge in rows
        )

    def forget(self, number: int | None) -> int:
        """Delete one assessment, or with None all of them, from the file; return how many there were."""
        with self._connection() as connection:
            chosen = "" if number is None else " WHERE id = ?"
            deleted = connection.execute(
                f"DELETE FROM assessment{chosen}",  # noqa: S608 - one of two fixed texts
                () if number is None else (number,),
            ).rowcount
        connection = sqlite3.connect(self.path, timeout=WAIT_SECONDS, isolation_level=None)
        try:
            connection.execute("VACUUM")
        finally:
            connection.close()
        return deleted


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
