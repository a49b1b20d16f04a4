"""The kinds of files of scores and of databases, as types that cost nothing to import."""

from typing import Literal

ScoresKind = Literal["csv", "jsonl", "parquet", "xlsx"]
Dialect = Literal["duckdb", "postgres", "snowflake", "bigquery", "spark", "sqlite"]
