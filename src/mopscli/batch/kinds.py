"""The kinds of files of scores and of databases, as types that cost nothing to import."""

from collections.abc import Mapping
from typing import Final, Literal

ScoresKind = Literal["csv", "jsonl", "parquet", "xlsx"]
Dialect = Literal["duckdb", "postgres", "snowflake", "bigquery", "spark", "sqlite"]
# How the name of a file ends that holds scores of a kind.
SCORES_ENDINGS: Final[Mapping[str, ScoresKind]] = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
}
