"""The statement of `mops sql`, run by the databases that are there: each row as `mops assess` has it."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from mopscli.assessment.questionnaire import Questionnaire
from mopscli.assessment.scoring import Scoring
from mopscli.batch.sql import DIALECTS, statement
from mopscli.knowledge import Knowledge
from people import Person, assert_same, draw, expected, read_csv, run, scoring_of, with_few_traits, write_csv

Row = Mapping[str, Any]
# Runs a statement over some people, and returns its rows.
Engine = Callable[[str, Questionnaire, Sequence[Person]], list[Row]]

CONTESTS: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "two": (("head", "director"), ()),
    "three": (("director", "head", "vp"), ("specialist",)),
}
# In DuckDB, beside the drives; SQLite is asked about all. Among them some people's answers contradict each other.
SKILLS = ("leadership", "communication", "project-management", "systems-integration")


def columns_of(questionnaire: Questionnaire, mark: str = '"') -> list[str]:
    """Return the definitions of the columns of a table of answers."""
    return [f"{mark}id{mark} VARCHAR(20)", *(f"{mark}{key}{mark} INT" for key in questionnaire.items)]


def values_of(questionnaire: Questionnaire, people: Sequence[Person]) -> list[tuple[Any, ...]]:
    """Return people as rows of such a table."""
    return [
        (f"p{number}", *(None if key not in person else int(person[key]) for key in questionnaire.items))
        for number, person in enumerate(people)
    ]


def fill(connection: Any, questionnaire: Questionnaire, people: Sequence[Person], mark: str) -> None:
    """Make a table of answers in a database that speaks the DB-API."""
    cursor = connection.cursor()
    cursor.execute(f"CREATE TABLE responses ({', '.join(columns_of(questionnaire))})")
    marks = ", ".join([mark] * (len(questionnaire.items) + 1))
    cursor.executemany(f"INSERT INTO responses VALUES ({marks})", values_of(questionnaire, people))


def rows_of(cursor: Any) -> list[Row]:
    """Return the rows of a DB-API cursor by name."""
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _is_user(name: str) -> bool:
    import pwd

    return any(user.pw_name == name for user in pwd.getpwall())


def on_duckdb(text: str, questionnaire: Questionnaire, people: Sequence[Person]) -> list[Row]:
    """Run it on DuckDB."""
    with duckdb.connect() as connection:
        fill(connection, questionnaire, people, "?")
        # Planning the long statement takes longer than running it.
        connection.execute("PRAGMA disable_optimizer")
        return rows_of(connection.execute(text))


def on_sqlite(text: str, questionnaire: Questionnaire, people: Sequence[Person]) -> list[Row]:
    """Run it on SQLite."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("SELECT exp(1), sqrt(1)")
    except sqlite3.OperationalError:
        pytest.skip("this SQLite was built without exp() and sqrt()")
    fill(connection, questionnaire, people, "?")
    rows = rows_of(connection.execute(text))
    connection.close()
    return rows


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a server for these tests alone, or use the one that MOPS_POSTGRES names."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: make warehouse installs it")
    if given := os.environ.get("MOPS_POSTGRES"):
        yield given
        return
    places = [Path(found).parent for found in (shutil.which("initdb"), shutil.which("postgres")) if found]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    programs = next((place for place in places if (place / "initdb").exists()), None)
    if programs is None:
        pytest.skip("no PostgreSQL server is installed, and MOPS_POSTGRES names none")
    folder = tmp_path_factory.mktemp("pg")
    prefix: list[str] = []
    if os.getuid() == 0:
        # The server refuses to be run by root.
        if shutil.which("runuser") is None or not _is_user("postgres"):
            pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
        prefix = ["runuser", "-u", "postgres", "--"]
        folder = Path("/tmp") / f"mops-postgres-{os.getpid()}"  # noqa: S108
        folder.mkdir()
        shutil.chown(folder, "postgres")
    data = folder / "data"
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    control = [*prefix, str(programs / "pg_ctl"), "-D", str(data), "-w"]
    try:
        made = [*prefix, str(programs / "initdb"), "-D", str(data), "-U", "mops", "-A", "trust"]
        subprocess.run(made, check=True, capture_output=True, cwd="/")
        started = [*control, "-l", str(folder / "log"), "-o", options, "start"]
        subprocess.run(started, check=True, capture_output=True, cwd="/")
        yield f"host={folder} user=mops dbname=postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True, cwd="/")
        shutil.rmtree(folder, ignore_errors=True)


def on_postgres(dsn: str) -> Engine:
    """Return how to run it on PostgreSQL."""

    def engine(text: str, questionnaire: Questionnaire, people: Sequence[Person]) -> list[Row]:
        import psycopg

        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("DROP TABLE IF EXISTS responses")
            fill(connection, questionnaire, people, "%s")
            return rows_of(connection.execute(text.replace("%", "%%")))

    return engine


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """Start a local Spark."""
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed: make warehouse installs it")
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        pytest.skip("Spark needs Java, and there is none")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = (
        sql.SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "1")
        .getOrCreate()
    )
    yield session
    session.stop()


def on_spark(session: Any) -> Engine:
    """Return how to run it on Spark."""

    def engine(text: str, questionnaire: Questionnaire, people: Sequence[Person]) -> list[Row]:
        schema = ", ".join(
            column.replace("VARCHAR(20)", "STRING") for column in columns_of(questionnaire, "`")
        )
        session.createDataFrame(values_of(questionnaire, people), schema).createOrReplaceTempView("responses")
        return [row.asDict() for row in session.sql(text).collect()]

    return engine


def compare(
    engine: Engine, dialect: str, knowledge: Knowledge, questionnaire: Questionnaire, contest: str, count: int
) -> None:
    """Assert that a database says of everybody what `mops assess` says."""
    scoring = scoring_of(knowledge, questionnaire, *CONTESTS[contest])
    if engine is on_duckdb:
        scoring = with_few_traits(scoring, traits=(*SKILLS, *knowledge.drives))
        questionnaire = scoring.questionnaire
    people = draw(questionnaire, count)
    wrong = {**people[-1], "strategy-1": 7.0, "leadership": 6.0}
    found = engine(statement(scoring, "id", "responses", dialect), questionnaire, [*people, wrong])
    rows = {row["id"]: row for row in found}
    assert len(found) == count + 1
    for number, person in enumerate(people):
        assert_same(rows[f"p{number}"], expected(scoring, person))
    # Among them are people who would be told something as clear, did their answers not contradict each other.
    first = f"p_{scoring.between[0]}"
    assert [
        row for row in rows.values() if row["verdict"] == "leaning" and abs(float(row[first]) - 0.5) > 0.45
    ]
    last = dict(rows[f"p{count}"])
    assert set(last.pop("quality").split("; ")) == {"no option: leadership", "no option: strategy-1"}
    assert last.pop("id") == f"p{count}"
    assert set(last.values()) == {None}


@pytest.mark.long
@pytest.mark.parametrize(
    ("engine", "dialect", "contest"), [(on_duckdb, "duckdb", "three"), (on_sqlite, "sqlite", "two")]
)
def test_embedded_databases(
    engine: Engine, dialect: str, contest: str, knowledge: Knowledge, questionnaire: Questionnaire
) -> None:
    """DuckDB or SQLite would score somebody otherwise than mops does."""
    compare(engine, dialect, knowledge, questionnaire, contest, 40)


@pytest.mark.parametrize(("engine", "dialect"), [(on_duckdb, "duckdb"), (on_sqlite, "sqlite")])
def test_traits_that_go_together(
    engine: Engine, dialect: str, knowledge: Knowledge, questionnaire: Questionnaire
) -> None:
    """A warehouse would leave out of its errors what traits have in common."""
    scoring = with_few_traits(scoring_of(knowledge, questionnaire, *CONTESTS["three"]), together=0.3)
    people = draw(scoring.questionnaire, 40)
    found = engine(statement(scoring, "id", "responses", dialect), scoring.questionnaire, people)
    rows = {row["id"]: row for row in found}
    for number, person in enumerate(people):
        assert_same(rows[f"p{number}"], expected(scoring, person))


@pytest.mark.xdist_group("postgres")
@pytest.mark.parametrize("contest", CONTESTS)
def test_postgres(postgres: str, knowledge: Knowledge, questionnaire: Questionnaire, contest: str) -> None:
    """PostgreSQL would score somebody otherwise than mops does."""
    compare(on_postgres(postgres), "postgres", knowledge, questionnaire, contest, 60)


@pytest.mark.xdist_group("spark")
@pytest.mark.parametrize("contest", CONTESTS)
def test_spark(spark: Any, knowledge: Knowledge, questionnaire: Questionnaire, contest: str) -> None:
    """Spark would score somebody otherwise than mops does."""
    compare(on_spark(spark), "spark", knowledge, questionnaire, contest, 40)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_is_one_quoted_select(few: Scoring, dialect: str) -> None:
    """A dialect would get a text that it cannot parse, or an identifier that is not quoted."""
    (tree,) = sqlglot.parse(statement(few, "id", "hr.responses", dialect), read=dialect)
    assert isinstance(tree, exp.Select)
    assert all(identifier.quoted for identifier in tree.find_all(exp.Identifier))


@pytest.mark.long
def test_all_roles_fit_into_a_statement(knowledge: Knowledge, questionnaire: Questionnaire) -> None:
    """The scores of all roles would make too long a text, or more columns than PostgreSQL takes."""
    scoring = scoring_of(knowledge, questionnaire, ("head", "director"), tuple(knowledge.roles))
    text = statement(scoring, "id", "hr.responses", "postgres")
    assert len(text) < 1_000_000
    # DuckDB's own parser, which takes a tenth of the time of sqlglot's, reads what is PostgreSQL's here.
    with duckdb.connect() as connection:
        columns = connection.execute(
            "SELECT json_array_length(unnest(json_extract(json_serialize_sql(?::VARCHAR), '$..select_list')))",
            [text],
        ).fetchall()
    assert len(columns) > 1
    assert len(scoring.roles) < max(columns)[0] <= 1664


def test_columns_are_those_of_a_batch(
    knowledge: Knowledge, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    """The warehouse would name or order the columns otherwise than `mops batch` does."""
    scoring = with_few_traits(scoring_of(knowledge, questionnaire, ("head", "director"), ("vp",)))
    people = draw(scoring.questionnaire, 3)
    run(scoring, write_csv(tmp_path / "in.csv", scoring.questionnaire, people), tmp_path / "out.csv")
    tree = sqlglot.parse_one(statement(scoring, "id", "responses", "duckdb"), read="duckdb")
    assert tree.named_selects == list(read_csv(tmp_path / "out.csv")[0])


def test_scores_are_those_of_a_batch(
    knowledge: Knowledge, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    """The statement, which scores row by row in SQL, would give other scores than the tables of `mops batch`."""
    scoring = with_few_traits(scoring_of(knowledge, questionnaire, *CONTESTS["three"]), together=0.3)
    people = draw(scoring.questionnaire, 200)
    run(scoring, write_csv(tmp_path / "in.csv", scoring.questionnaire, people), tmp_path / "out.csv")
    rows = on_duckdb(statement(scoring, "id", "responses", "duckdb"), scoring.questionnaire, people)
    for row, scored in zip(rows, read_csv(tmp_path / "out.csv"), strict=True):
        for name, value in row.items():
            if isinstance(value, float):
                assert float(scored[name]) == pytest.approx(value, abs=1e-9)
            else:
                assert scored[name] == str(value)


@pytest.mark.parametrize(
    "table", ["", "a b", "select 1", "responses; DROP TABLE x", "(SELECT 1)", "f(1)", "a AS b", "a -- b"]
)
def test_only_names_of_tables_are_taken(few: Scoring, table: str) -> None:
    """What is no name of a table would become part of the statement."""
    with pytest.raises(ValueError, match=f"^{re.escape(table)}$"):
        statement(few, "id", table, "duckdb")


def test_names_are_quoted(few: Scoring) -> None:
    """A name of a column would end its quotes."""
    text = statement(few, 'x" FROM secrets --', 'hr."weird ""name"""', "duckdb")
    tree = sqlglot.parse_one(text, read="duckdb")
    assert {table.sql() for table in tree.find_all(exp.Table) if not table.name.startswith("mops_")} == {
        '"hr"."weird ""name""" AS "mops_responses"'
    }
    assert any(column.name == 'x" FROM secrets --' for column in tree.find_all(exp.Column))


def test_no_such_id_column(few: Scoring) -> None:
    """SQLite would take the name of a column that is not there for a text, and give everybody the same id."""
    with closing(sqlite3.connect(":memory:")) as connection:
        columns = ", ".join(f'"{key}" INTEGER' for key in few.questionnaire.items)
        connection.execute(f"CREATE TABLE responses (id TEXT, {columns})")
        connection.execute("INSERT INTO responses (id) VALUES ('a')")
        assert connection.execute(statement(few, "id", "responses", "sqlite")).fetchone()[0] == "a"
        with pytest.raises(sqlite3.OperationalError, match="no such column"):
            connection.execute(statement(few, "employee", "responses", "sqlite"))
