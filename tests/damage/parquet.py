"""Damaged Parquet files."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from damage.files import IDS, Version
from damage.objects import json_text, objects
from mopscli.assessment.questionnaire import Questionnaire


def damaged_parquet(questionnaire: Questionnaire, folder: Path) -> Iterator[Version]:
    """Yield damaged versions of a Parquet file; line n is its nth row."""
    keys = list(questionnaire.items)
    path = folder / "made.parquet"
    source = folder / "made.jsonl"
    source.write_text("\n".join(json_text(objects(questionnaire))), "utf-8")

    connection = duckdb.connect(config={"threads": 1})
    rows = f"read_json('{source}', format = 'newline_delimited')"
    connection.execute(f"CREATE TABLE numbered AS SELECT row_number() OVER () AS n, * FROM {rows}")

    def made(select: str) -> bytes:
        connection.execute(f"COPY ({select} FROM numbered) TO '{path}'")
        return path.read_bytes()

    def with_value(number: int, value: str) -> str:
        key = keys[number % len(keys)]
        cell = f'"{key}"::VARCHAR' if value.endswith("VARCHAR") else f'"{key}"'
        return f'SELECT * EXCLUDE n REPLACE (CASE WHEN n = {number} THEN {value} ELSE {cell} END AS "{key}")'

    def of(number: int) -> tuple[frozenset[int], frozenset[str]]:
        return frozenset([number]), frozenset([IDS[number - 1]])

    every = frozenset(range(1, 20)), frozenset(IDS)
    good = made("SELECT * EXCLUDE n")
    yield Version("parquet: as it is", "none", good, "same")
    values = (
        "9",
        "-1",
        "4.5",
        "'nan'::DOUBLE",
        "'infinity'::DOUBLE",
        "1e300",
        "'#REF!'",
        "'1_0'",
        "'\uff13'",
        "'4,5'",
    )
    for number, value in enumerate(values, start=1):
        text = f"{value}::VARCHAR" if value.startswith("'") and "::" not in value else value
        content = made(with_value(number, text))
        yield Version(f"parquet: {value}", "no option", content, "reject", *of(number))
    for kind in ("TINYINT", "BIGINT", "DOUBLE", "DECIMAL(9, 3)", "VARCHAR", "HUGEINT"):
        yield Version(
            f"parquet: as {kind}",
            "type",
            made(f'SELECT * EXCLUDE n REPLACE ("{keys[0]}"::{kind} AS "{keys[0]}")'),
            "same",
        )
    for kind in (
        f'["{keys[0]}"]',
        f"{{'a': \"{keys[0]}\"}}",
        f'"{keys[0]}"::BIGINT::BOOLEAN',
        f'"{keys[0]}"::VARCHAR::BLOB',
    ):
        content = made(f'SELECT * EXCLUDE n REPLACE ({kind} AS "{keys[0]}")')
        yield Version(f"parquet: {kind}", "type", content, "any", *every)
    doubled = made(f"SELECT * EXCLUDE n REPLACE (CASE n WHEN 4 THEN '{IDS[8]}' ELSE id END AS id)")
    lost = frozenset([IDS[3], IDS[8]])
    yield Version("parquet: id of another", "id of another", doubled, "reject", frozenset([4, 9]), lost)
    for value in ("NULL", "''", "' '"):
        content = made(f"SELECT * EXCLUDE n REPLACE (CASE n WHEN 5 THEN {value} ELSE id END AS id)")
        yield Version(f"parquet: id {value}", "id lost", content, "reject", *of(5))
    yield Version("parquet: a column less", "header", made(f'SELECT * EXCLUDE (n, "{keys[0]}")'), "refuse")
    renamed = made(f'SELECT * EXCLUDE n RENAME ("{keys[0]}" AS other)')
    yield Version("parquet: header misspelled", "header", renamed, "refuse")
    for cut in (4, 100, len(good) // 2, len(good) - 8, len(good) - 1):
        yield Version(f"parquet: cut at {cut}", "truncated", good[:cut], "refuse")
    for at in range(len(good) - 60, len(good), 7):
        damaged = bytearray(good)
        damaged[at] ^= 0xFF
        yield Version(f"parquet: byte {at - len(good)}", "bytes", bytes(damaged), "any", *every)
    connection.close()
