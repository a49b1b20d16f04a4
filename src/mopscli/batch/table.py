"""The table of scores in the database, a row for each reply that can be scored, in the order of the file."""

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import numpy as np

from mopscli.assessment.scoring import Scoring
from mopscli.batch.expressions import quoted
from mopscli.batch.intake import Intake
from mopscli.batch.ways import CONTRADICTING, STRAIGHT, Lacks, Scored, Scorer, add_lacks

# So many rows are scored by one core at a time.
CHUNK: Final = 61_440
TYPES: Final = {"O": "VARCHAR", "b": "BOOLEAN", "i": "INTEGER", "f": "DOUBLE"}


class ScoreTable:
    """The table `scores`: the line, the id and what is kept of each reply, and its scores.

    Attributes:
        names: the columns of scores, in their order.
        texts: those of them that hold words.
        lacks: what those who answered anything lack, by skill and role.

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

    def fill(self, scorer: Scorer) -> None:
        """Score every reply, a chunk of them on each core."""
        ((rows,),) = self.database.query("SELECT count(*) FROM replies")
        waiting: deque[tuple[str, Future[Scored]]] = deque()
        with ThreadPoolExecutor(self.database.cores) as pool:
            for start in range(0, rows or 1, CHUNK):
                some = f"FROM replies WHERE raw IS NULL AND rowid BETWEEN {start} AND {start + CHUNK - 1}"
                line, *codes = map(np.asarray, self.database.arrays(self._selected(some)).values())
                waiting.append((some, pool.submit(scorer.scores, codes, len(line))))
                if len(waiting) > self.database.cores:
                    self._keep(*waiting.popleft())
                    self.database.report("Scoring", 0.55 + 0.15 * start / rows)
            while waiting:
                self._keep(*waiting.popleft())

    def _selected(self, some: str) -> str:
        codes = (f", {code} AS code_{number}" for number, code in enumerate(self.intake.places))
        return f"SELECT {self.intake.line} AS line{''.join(codes)} {some}"

    def _keep(self, some: str, future: "Future[Scored]") -> None:
        """Add a chunk of scores to the table."""
        columns, lacks = future.result()
        add_lacks(self.lacks, lacks)
        if not self.names:
            types = {name: TYPES[column.dtype.kind] for name, column in columns.items()}
            self.texts = {name for name, type_ in types.items() if type_ == "VARCHAR"}
            self.names = [name for name in types if name not in (STRAIGHT, CONTRADICTING)]
            made = ", ".join(f"CAST(NULL AS {type_}) AS {quoted(name)}" for name, type_ in types.items())
            self.database.query(
                f"CREATE TABLE scores AS SELECT people.*, {made} FROM ({self._people(some)}) AS people LIMIT 0"
            )
        if len(next(iter(columns.values()))):
            self.database.insert(
                "scores",
                columns,
                f"people.*, given.* FROM ({self._people(some)}) AS people POSITIONAL JOIN given",
            )

    def _people(self, some: str) -> str:
        person = "id" if self.survey.id_column is not None else f"'row ' || ({self.intake.line})"
        kept = ", kept" if self.intake.kept else ""
        return f"SELECT {self.intake.line} AS line, {person} AS id{kept} {some}"
