"""The table of scores in the database, a row for each reply that can be scored, in the order of the file."""

from typing import Final, NamedTuple

import numpy as np

from mopscli.assessment.arrays import Array
from mopscli.assessment.scoring import Scoring
from mopscli.batch.cores import in_order
from mopscli.batch.expressions import quoted
from mopscli.batch.intake import Intake
from mopscli.batch.ways import CONTRADICTING, STRAIGHT, Lacks, Scored, Scorer, add_lacks

# So many rows are scored by one core at a time.
CHUNK: Final = 61_440
TYPES: Final = {"O": "VARCHAR", "b": "BOOLEAN", "i": "INTEGER", "f": "DOUBLE"}


class Chunk(NamedTuple):
    """Replies that can be scored, as many as there are among CHUNK of them from `start` on, and their codes."""

    start: int
    codes: list[Array]
    rows: int


class ScoreTable:
    """The table `scores`: the line, the id and what is kept of each reply, and its scores.

    Attributes:
        names: the columns of scores, in their order.
        texts: those of them that hold words.
        lacks: what those who answered anything lack, by skill and role.
        rows: how many replies there are, and how many of them are `rejected`.

    """

    def __init__(self, scoring: Scoring, intake: Intake) -> None:
        """Get ready to score; nothing is scored yet."""
        self.scoring = scoring
        self.intake = intake
        self.survey = intake.survey
        self.database = intake.database
        self.names: list[str] = []
        self.texts: set[str] = set()
        self.lacks: Lacks = {}
        ((self.rows, self.rejected),) = self.database.query("SELECT count(*), count(raw) FROM replies")

    def fill(self, scorer: Scorer) -> None:
        """Score every reply, a chunk of them on each core; the replies are no longer needed then."""
        chunks = (self._chunk(start) for start in range(0, self.rows or 1, CHUNK))
        for chunk, scored in in_order(
            self.database.cores, chunks, lambda some: scorer.scores(some.codes, some.rows)
        ):
            self._keep(chunk, scored)
            self.database.report("Scoring", 0.55 + 0.15 * chunk.start / max(1, self.rows))
        self.database.query("DROP TABLE replies")

    def _chunk(self, start: int) -> "Chunk":
        columns = ["line", *(f"{code} AS code_{number}" for number, code in enumerate(self.intake.places))]
        found = self.database.arrays(f"SELECT {', '.join(columns)} {_replies_from(start)}")
        line, *codes = map(np.asarray, found.values())
        return Chunk(start, codes, len(line))

    def _keep(self, chunk: "Chunk", scored: Scored) -> None:
        """Add a chunk of scores to the table."""
        columns, lacks = scored
        add_lacks(self.lacks, lacks)
        person = "id" if self.survey.id_column is not None else "'row ' || line"
        kept = ", kept" if self.intake.kept else ""
        people = f"(SELECT line, {person} AS id{kept} {_replies_from(chunk.start)}) AS people"
        if not self.names:
            types = {name: TYPES[column.dtype.kind] for name, column in columns.items()}
            self.texts = {name for name, type_ in types.items() if type_ == "VARCHAR"}
            self.names = [name for name in types if name not in (STRAIGHT, CONTRADICTING)]
            made = ", ".join(f"CAST(NULL AS {type_}) AS {quoted(name)}" for name, type_ in types.items())
            self.database.query(f"CREATE TABLE scores AS SELECT people.*, {made} FROM {people} LIMIT 0")
        if chunk.rows:
            select = f"people.*, given.* FROM {people} POSITIONAL JOIN given"
            self.database.insert("scores", columns, select)


def _replies_from(start: int) -> str:
    return f"FROM replies WHERE raw IS NULL AND rowid BETWEEN {start} AND {start + CHUNK - 1}"
