"""Every way to answer the questions about some traits, scored once and then looked up for each row."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mopscli.assessment.formulas import FLOATS
from mopscli.assessment.scoring import CONTRADICTION, Detail, Scoring, Tally, add_up, tally
from mopscli.batch.codes import PACKED, Code, WholeNumbers, pack_whole_numbers, ways_to_answer
from mopscli.batch.database import Database, json_rows, text
from mopscli.batch.intake import code_at
from mopscli.batch.sql import Select, Sql, quoted


class Ways(NamedTuple):
    """What it comes to if no question of a code is answered, and a row for each way to answer about each trait."""

    unanswered: Tally
    rows: list[dict[str, Any]]


def score_ways(scoring: Scoring, codes: Sequence[Code]) -> dict[int, Ways]:
    """Score each way to answer the questions of those codes that are looked up, by their numbers."""
    return {number: _ways_of(scoring, code) for number, code in enumerate(codes) if code.looked_up}


def _ways_of(scoring: Scoring, code: Code) -> Ways:
    tallies, rows = [], []
    for trait in code.traits:
        for way, answers in enumerate(ways_to_answer(scoring.questionnaire.items_of[trait])):
            found = tally(FLOATS, scoring, trait, answers)
            details = {detail.name: x for (detail, _), x in found.details.items()}
            rows.append({"trait": trait, "way": way, **found.sums, **details})
            if not way:
                tallies.append(found)
    return Ways(add_up(FLOATS, tallies), rows)


class Lookup:
    """What each way to answer comes to; the values are in variables of the database.

    The table `ways` has a row for each way to answer about each trait, the table `spots` tells where the answers
    about a trait stand in a code.

    Attributes:
        parts: what there is to look up, by the number of the code.

    """

    def __init__(
        self,
        database: Database,
        scoring: Scoring,
        codes: Sequence[Code],
        ways: Mapping[int, Ways],
        folder: Path,
    ) -> None:
        self.parts: Mapping[int, Tally] = {}
        self._database = database
        self._traits = list(scoring.questionnaire.items_of)
        self._codes = codes
        self._whole = WholeNumbers({})
        # The numbers of the codes that each variable holds, in its order.
        self._variables: dict[str, list[int]] = {}
        if ways:
            self._create_tables(ways, folder / "ways.jsonl")
            self._list_sums()
            if Detail(CONTRADICTION) in self.details:
                self.list_detail(Detail(CONTRADICTION))

    def _create_tables(self, ways: Mapping[int, Ways], path: Path) -> None:
        rows = [row for some in ways.values() for row in some.rows]
        sums = dict.fromkeys(name for some in ways.values() for name in some.unanswered.sums)
        self._whole = pack_whole_numbers(rows, sums)
        self.parts = {
            number: some.unanswered._replace(sums=self._whole.pack(some.unanswered.sums))
            for number, some in ways.items()
        }
        rows = [self._whole.pack(row) for row in rows]
        names = dict.fromkeys(name for row in rows for name in row)
        types = {"trait": "VARCHAR", "way": "BIGINT"}
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        columns = {name: types.get(name, "DOUBLE") for name in names}
        self._database.query(f"CREATE TABLE ways AS FROM {json_rows(path, columns)}")
        spots = ", ".join(
            f"({number}, {code.patterns}, {text(trait)}, {weight}, {ways})"
            for number, code in enumerate(self._codes)
            if number in self.parts
            for trait, weight, ways in code.spots()
        )
        self._database.query(
            f"CREATE TABLE spots AS FROM (VALUES {spots}) AS spots (code, patterns, trait, weight, ways)"
        )

    def _list_sums(self) -> None:
        """Keep the sums of each code; they are copied, so a code gets those that its traits have, and no others."""
        shapes: dict[tuple[str, ...], list[int]] = {}
        for number, part in self.parts.items():
            shapes.setdefault(tuple(part.sums), []).append(number)
        for place, (sums, numbers) in enumerate(shapes.items()):
            row = ", ".join(f"{quoted(name)} := sum({quoted(name)})" for name in sums)
            some = ", ".join(map(str, numbers))
            patterns = (
                f"SELECT *, {way_at('pattern', 'weight', 'ways')} AS way"
                f" FROM (SELECT *, unnest(range(patterns)) AS pattern FROM spots WHERE code IN ({some}))"
            )
            self._list(
                f"tallies {place}",
                numbers,
                f"SELECT code, pattern, struct_pack({row}) FROM ({patterns}) JOIN ways USING (trait, way)"
                " GROUP BY ALL",
            )
            self._variables[f"tallies {place}"] = numbers

    def _list(self, variable: str, keys: Iterable[str | int], statement: str) -> None:
        """Keep rows of a key, a place from 0 on and a value in a variable: for each key, a list of the values."""
        known = ", ".join(text(key) if isinstance(key, str) else str(key) for key in keys)
        lists = f"SELECT key, list(x ORDER BY place) AS xs FROM ({statement}) AS rows (key, place, x) GROUP BY key"
        self._database.query(
            f"SET VARIABLE {quoted(variable)} = (SELECT list(xs ORDER BY number) FROM"
            f" (SELECT unnest([{known}]) AS key, generate_subscripts([{known}], 1) AS number)"
            f" LEFT JOIN ({lists}) USING (key))"
        )

    @property
    def details(self) -> dict[Detail, None]:
        """The details that can be looked up, each once."""
        return dict.fromkeys(detail for part in self.parts.values() for detail, _ in part.details)

    def list_detail(self, detail: Detail) -> None:
        """Keep a detail of each way to answer about each trait in a variable."""
        self._list(detail.name, self._traits, f"SELECT trait, way, {quoted(detail.name)} FROM ways")

    @property
    def columns(self) -> str:
        """The columns that hold what was looked up for a reply, each after a comma."""
        return "".join(
            f", {_at(variable, place, code_at(number))} AS tally_{number}"
            for variable, numbers in self._variables.items()
            for place, number in enumerate(numbers)
        )

    def tally(self, select: Select, number: int, packed: Sql) -> Tally:
        """Return what was looked up for a code; details are looked up where they are used, maybe in few rows."""
        sums, details = self.parts[number]
        spots = {trait: (weight, ways) for trait, weight, ways in self._codes[number].spots()}
        places = {trait: place for place, trait in enumerate(self._traits)}
        return Tally(
            {name: select.column(f"{number} {name}", f"tally_{number}.{quoted(name)}") for name in sums},
            {
                (detail, trait): Sql(
                    _at(detail.name, places[trait], way_at(packed.text, *spots[trait])),
                    columns=packed.columns,
                )
                for detail, trait in details
            },
        )

    def unpacked(self, select: Select, sums: Mapping[str, Sql]) -> dict[str, Sql]:
        """Return sums of what was looked up with the whole numbers unpacked."""
        found = {name: x for name, x in sums.items() if name != PACKED}
        if PACKED in sums:
            packed = select.let(PACKED, Sql(f"({sums[PACKED].text})::BIGINT", columns=sums[PACKED].columns))
            for name, shifted in self._whole.unpack(packed.text).items():
                found[name] = select.let(name, Sql(f"({shifted})::DOUBLE", columns=packed.columns))
        return found


def _at(variable: str, number: int, place: str) -> str:
    """Return what stands at a place, from 0 on, in one of the lists that a variable holds."""
    return f"getvariable({text(variable)})[{number + 1}][{place}::BIGINT + 1]"


def way_at(code: str, weight: object, ways: object) -> str:
    """Return which way to answer about a trait a code holds, by the trait's spot in it."""
    return f"({code} // {weight} % {ways})"
