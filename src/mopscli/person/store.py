"""Saved assessments, in one file that only its owner can read; the only importer of sqlite3."""

import errno
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from mopscli.atomic import PRIVATE, PRIVATE_FOLDER, make_folder

FILE: Final = "assessments.sqlite3"
# Beside it, an earlier version kept the answers about a team.
TEAM_FILE: Final = "team.yaml"
# The answers about a team are those of an assessment between no roles, whatever the knowledge.
NO_ROLES: Final[tuple[str, ...]] = ()

Result = TypeVar("Result")
# What SQLite can count.
NUMBERS: Final = range(1, 1 << 63)
# What anybody but the owner may do, and those of it that change something.
OTHERS: Final = 0o077
MAY_WRITE: Final = 0o022
WAIT_SECONDS: Final = 20
TABLES: Final = """
CREATE TABLE IF NOT EXISTS assessment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    started TEXT NOT NULL,
    finished TEXT,
    roles TEXT NOT NULL,
    knowledge TEXT NOT NULL,
    about TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS answer (
    assessment INTEGER NOT NULL REFERENCES assessment (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    question TEXT NOT NULL,
    value REAL,
    PRIMARY KEY (assessment, question)
);
CREATE TABLE IF NOT EXISTS goal (
    role TEXT NOT NULL,
    skill TEXT NOT NULL,
    level INTEGER NOT NULL,
    made TEXT NOT NULL,
    PRIMARY KEY (role, skill)
);
"""


class Saved(NamedTuple):
    """One assessment as it was saved; a value of None is a question that was skipped.

    `knowledge` is the digest of the knowledge that it was made with; `finished` is None while it is under way.
    `about` is the name of another person that it is about, empty for oneself. Times are UTC, as ISO 8601.
    """

    id: int
    started: str
    finished: str | None
    roles: tuple[str, ...]
    knowledge: str
    answers: Mapping[str, float | None]
    about: str = ""


class Goal(NamedTuple):
    """A level of a skill that a plan for a role leads to, and when the plan was made."""

    role: str
    skill: str
    level: int
    made: str


class Failed(Exception):
    """The assessments cannot be read or written."""


def user_folder() -> Path:
    """Return the folder in which this system keeps a user's data for the program."""
    from platformdirs import user_data_path

    try:
        return user_data_path("mops", appauthor=False)
    except RuntimeError:
        # A user without a home; to use such a folder fails, and says why.
        return Path("~")


class Store:
    """The assessments of one user. Each method is one transaction, on the disk when it returns.

    Raises:
        Failed: the file cannot be opened or written; from any method.

    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        if folder == Path("~"):
            raise Failed("there is no home folder; set HOME or XDG_DATA_HOME")
        try:
            make_folder(folder, private=True)
            # Made by us and not by SQLite, so that nobody else can read it from its first moment on.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, PRIVATE))
            for path, mode in ((folder, PRIVATE_FOLDER), (self.path, PRIVATE)):
                _tighten(path, mode)
        except OSError as error:
            raise Failed(str(error)) from error
        with self._connection() as connection:
            connection.executescript(TABLES)
            columns = {row[1] for row in connection.execute("PRAGMA table_info(assessment)")}
            if "about" not in columns:
                # A file of the first version.
                connection.execute("ALTER TABLE assessment ADD COLUMN about TEXT NOT NULL DEFAULT ''")
        if (folder / TEAM_FILE).is_file():
            self._take_over(folder / TEAM_FILE)

    def _take_over(self, path: Path) -> None:
        """Save the answers about a team that an earlier version kept in a file of their own, and delete it."""
        with suppress(OSError):
            lines = [line.partition(":") for line in path.read_text("utf-8", "replace").splitlines()]
            with self._connection() as connection:
                if not connection.execute("SELECT 1 FROM assessment WHERE roles = ''").fetchone():
                    number = _begin(connection, NO_ROLES, "", "")
                    for key, colon, value in lines:
                        with suppress(ValueError):
                            number_of_option = float(value) if value.strip() else None
                            if colon:
                                _answer(connection, number, key.strip(), number_of_option)
            path.unlink(missing_ok=True)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
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
        except sqlite3.Error as error:
            raise Failed(f"{self.path}: {error}") from error

    def begin(self, roles: tuple[str, ...], knowledge: str, about: str = "") -> int:
        """Start an assessment, of oneself or about somebody else, and return its number.

        One about a team takes the place of an earlier one.
        """
        with self._connection() as connection:
            if roles == NO_ROLES:
                connection.execute("DELETE FROM assessment WHERE roles = ''")
            return _begin(connection, roles, knowledge, about)

    def answer(self, number: int, question: str, value: float | None) -> None:
        """Save an answer, or with None that a question was skipped, in place of any earlier one."""
        with self._connection() as connection:
            _answer(connection, number, question, value)

    def finish(self, number: int) -> None:
        """Note that an assessment is complete."""
        with self._connection() as connection:
            connection.execute("UPDATE assessment SET finished = ? WHERE id = ?", (_now(), number))

    def all(self) -> tuple[Saved, ...]:
        """Return every assessment of people, newest first."""
        return tuple(saved for saved in self._everything() if saved.roles != NO_ROLES)

    def team(self) -> Mapping[str, float | None]:
        """Return the newest answers about a team, None for a question that was skipped."""
        return next((saved.answers for saved in self._everything() if saved.roles == NO_ROLES), {})

    def unfinished(self, roles: tuple[str, ...], knowledge: str, about: str = "") -> Saved | None:
        """Return the newest assessment that was begun and not finished, of these roles and this person."""
        wanted = (roles, knowledge, about)
        found = (saved for saved in self._everything() if not saved.finished)
        return next((one for one in found if (one.roles, one.knowledge, one.about) == wanted), None)

    def _everything(self) -> tuple[Saved, ...]:
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT id, started, finished, roles, knowledge, about FROM assessment ORDER BY id DESC"
            ).fetchall()
            answers: dict[int, dict[str, float | None]] = {}
            for number, question, value in connection.execute(
                "SELECT assessment, question, value FROM answer ORDER BY assessment, position"
            ):
                answers.setdefault(number, {})[question] = value
                if not (isinstance(question, str) and isinstance(value, float | None)):
                    raise self._damaged(number)
        for number, started, finished, *texts in rows:
            if not (all(isinstance(text, str) for text in (started, finished or "", *texts))):
                raise self._damaged(number)
        return tuple(
            Saved(number, started, finished, tuple(roles.split()), knowledge, answers.get(number, {}), about)
            for number, started, finished, roles, knowledge, about in rows
        )

    def _damaged(self, number: int) -> Failed:
        return Failed(f"{self.path}: assessment {number} is damaged. 'mops forget {number}' deletes it.")

    def set_goals(self, role: str, levels: Mapping[str, int]) -> None:
        """Keep the levels that a plan for a role leads to, in place of those of an earlier plan for it."""
        with self._connection() as connection:
            connection.execute("DELETE FROM goal WHERE role = ?", (role,))
            made = _now()
            connection.executemany(
                "INSERT INTO goal (role, skill, level, made) VALUES (?, ?, ?, ?)",
                [(role, skill, level, made) for skill, level in levels.items()],
            )

    def goals(self) -> tuple[Goal, ...]:
        """Return the goals of the plans, those of the newest plan first."""
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT role, skill, level, made FROM goal ORDER BY made DESC, role, rowid"
            ).fetchall()
        if any(tuple(map(type, row)) != (str, str, int, str) for row in rows):
            raise Failed(f"{self.path}: a goal is damaged. 'mops forget --all' deletes it, and all else.")
        return tuple(Goal(*row) for row in rows)

    def forget(self, number: int | None) -> int:
        """Delete one assessment, or with None everything; return how many assessments of people there were."""
        if number is not None and number not in NUMBERS:
            return 0
        with self._connection() as connection:
            chosen, values = ("true", ()) if number is None else ("id = ?", (number,))
            people = f"SELECT count(*) FROM assessment WHERE {chosen} AND roles <> ''"  # noqa: S608
            (deleted,) = connection.execute(people, values).fetchone()
            if number is None:
                connection.execute("DELETE FROM assessment")
                connection.execute("DELETE FROM goal")
            elif deleted:
                connection.execute("DELETE FROM assessment WHERE id = ?", (number,))
        with self._connection() as connection:
            connection.execute("VACUUM")
        return int(deleted)


def forget_everything(folder: Path) -> int | None:
    """Delete all that is saved, also what cannot be read any more; return how many assessments there were.

    None tells that nobody can know, as the file is damaged.

    Raises:
        Failed: it cannot be deleted.

    """
    deleted: int | None = None
    try:
        deleted = Store(folder).forget(None)
    except Failed as error:
        cause = error.__cause__
        if not isinstance(cause, sqlite3.DatabaseError) or isinstance(cause, sqlite3.OperationalError):
            raise
        _overwrite(folder)
    try:
        (folder / TEAM_FILE).unlink(missing_ok=True)
    except OSError as error:
        raise Failed(str(error)) from error
    return deleted


def _overwrite(folder: Path) -> None:
    """Overwrite and delete a file that holds assessments, though nobody can read it, and what belongs to it."""
    try:
        for path in (folder / FILE, folder / f"{FILE}-journal", folder / f"{FILE}-wal"):
            if path.is_file() and not path.is_symlink():
                with path.open("r+b") as file:
                    file.write(bytes(path.stat().st_size))
                    file.flush()
                    os.fsync(file.fileno())
                path.unlink()
    except OSError as error:
        raise Failed(str(error)) from error


def _tighten(path: Path, mode: int) -> None:
    """Take from others what they may do with a file or folder of ours that an earlier version left open.

    Raises:
        OSError: it is somebody else's, and others may change it.

    """
    if os.name == "nt":
        return
    found = path.stat()
    others = stat.S_IMODE(found.st_mode) & ~mode
    if not others & OTHERS:
        return
    if found.st_uid == os.geteuid():
        path.chmod(stat.S_IMODE(found.st_mode) & mode)
    elif others & MAY_WRITE:
        message = "It is not yours, and others may change it; set XDG_DATA_HOME to a folder of your own"
        raise PermissionError(errno.EPERM, message, str(path))


class Diary:
    """One assessment being saved while it goes on; if that fails it says so once, and goes on without.

    Args:
        folder: where assessments are kept.
        roles: the keys of the roles to choose between.
        knowledge: the digest of the knowledge.
        failed: called with the error when something cannot be saved.
        about: the name of somebody else that it is about, empty for oneself.

    """

    def __init__(
        self,
        folder: Path,
        roles: tuple[str, ...],
        knowledge: str,
        failed: Callable[[Exception], None],
        about: str = "",
    ) -> None:
        self.roles = roles
        self.about = about
        self.knowledge = knowledge
        self.failed = failed
        self.saves = True
        self._number: int | None = None
        self._store = self._try(lambda: Store(folder))

    def unfinished(self) -> Saved | None:
        """Return the newest assessment that was begun and not finished, with the same roles and knowledge."""
        if (store := self._store) is None:
            return None
        return self._try(lambda: store.unfinished(self.roles, self.knowledge, self.about))

    def go_on(self, saved: Saved) -> Mapping[str, float | None]:
        """Add to an assessment that was begun earlier; return its answers."""
        self._number = saved.id
        return saved.answers

    def answer(self, question: str, value: float | None) -> None:
        """Save an answer, or with None that a question was skipped."""
        self._with_number(lambda store, number: store.answer(number, question, value))

    def finish(self) -> None:
        """Note that the assessment is complete."""
        self._with_number(lambda store, number: store.finish(number))

    @property
    def has_answers(self) -> bool:
        """Tell whether there is something to go on with."""
        return self.saves and self._number is not None

    def _with_number(self, act: Callable[[Store, int], None]) -> None:
        store = self._store
        if store is None or not self.saves:
            return

        def run() -> None:
            if self._number is None:
                self._number = store.begin(self.roles, self.knowledge, self.about)
            act(store, self._number)

        self._try(run)

    def _try(self, act: Callable[[], Result]) -> Result | None:
        try:
            return act()
        except Failed as error:
            self.saves = False
            self.failed(error)
            return None


def _begin(connection: sqlite3.Connection, roles: tuple[str, ...], knowledge: str, about: str) -> int:
    row = connection.execute(
        "INSERT INTO assessment (started, roles, knowledge, about) VALUES (?, ?, ?, ?)",
        (_now(), " ".join(roles), knowledge, about),
    )
    return int(row.lastrowid or 0)


def _answer(connection: sqlite3.Connection, number: int, question: str, value: float | None) -> None:
    connection.execute("DELETE FROM answer WHERE assessment = ? AND question = ?", (number, question))
    connection.execute(
        "INSERT INTO answer SELECT ?, 1 + COALESCE(MAX(position), 0), ?, ? FROM answer WHERE assessment = ?",
        (number, question, value, number),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
