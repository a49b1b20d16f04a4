"""A table of answers scored where it lies: one SELECT for the database, in its dialect."""

import operator
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Final, cast, get_args

from mopscli.assessment.formulas import Operations, Reading
from mopscli.assessment.questionnaire import Item, read_answer
from mopscli.assessment.scoring import (
    CONTRADICTION,
    STRAIGHT_LINING,
    UNANSWERED,
    Answer,
    Scoring,
    Tally,
    add_up,
    tally,
)
from mopscli.batch.columns import score_columns, straight_lining
from mopscli.batch.expressions import ATOM, COMPARISON, Expressions, Select, Sql, expression, quoted
from mopscli.batch.kinds import Dialect

DIALECTS: Final[tuple[Dialect, ...]] = get_args(Dialect)
TABLE: Final = "mops_responses"
NOTE: Final = "-- Each question column must hold the numbers of options, as a number and not as text."
PARTS_OF_A_NAME: Final = {"this", "db", "catalog"}
# DuckDB makes a join of a longer list, and takes ten times as long to plan the statement.
IN_LIST: Final = 4
NO_NUMBER: Final = Sql("CAST(NULL AS DOUBLE)")
ZERO: Final = expression(0.0)


def _tally(select: Select, scoring: Scoring, trait: str, answers: Mapping[str, Sql]) -> Tally:
    """Return what the answers about a trait come to, by question key: the number of an option, or NULL."""
    ops: Operations = Expressions(select, trait)
    given = {
        item.key: Answer(
            answers[item.key],
            Reading(
                ops.let("y", _read(item, answers[item.key], lambda reading: reading.y)),
                ops.let("s2", _read(item, answers[item.key], lambda reading: reading.s2)),
            ),
        )
        for item in scoring.questionnaire.items_of[trait]
    }
    return tally(ops, scoring, trait, given)


def _read(item: Item, answer: Sql, part: Callable[[Reading], float]) -> Sql:
    """Return a part of what an answer says of the trait, by the number of its option; NULL without an answer."""
    cases = " ".join(
        f"WHEN {answer.text} = {expression(choice.value).text}"
        f" THEN {expression(part(read_answer(item, choice.value))).double().text}"
        for choice in item.choices
    )
    return Sql(f"CASE {cases} END", ATOM, answer.columns)


def _scores(select: Select, scoring: Scoring, total: Tally) -> dict[str, Sql]:
    """Return the scores of a row by the name of their column, from all that its answers come to."""
    ops = Expressions(select, "all")
    found = score_columns(ops, scoring, total.sums, ZERO)
    answered = expression(found["answered"])
    found["answered"] = Sql(f"CAST({answered.text} AS INTEGER)", columns=answered.columns)
    made = {name: NO_NUMBER if x is None else expression(x) for name, x in found.items()}
    return made | {"quality": _quality(ops, total)}


def _quality(ops: Operations, total: Tally) -> Sql:
    """Return what is odd about the answers, as words with semicolons between them, or an empty text."""
    straight = straight_lining(total.sums, ZERO)
    remarks = [ops.where(straight, f"; {STRAIGHT_LINING}", "")]
    remarks += [
        ops.where(found > 0, f"; {CONTRADICTION}: {trait}", "")
        for (detail, trait), found in total.details.items()
        if detail.kind == CONTRADICTION
    ]
    # Few people have any, and texts are slow to join.
    odd = straight | (total.sums.get("contradictions", ZERO) > 0)
    nobody = total.sums.get("answered", ZERO) == 0.0
    return cast("Sql", ops.where(nobody, UNANSWERED, ops.where(odd, _list_of(remarks), "")))


def _list_of(texts: Iterable[Sql]) -> Sql:
    """Return texts that each begin with a semicolon and a blank as one, without the first of these."""
    known = list(texts)
    joined = " || ".join(text.text for text in known)
    return Sql(f"SUBSTR({joined}, 3)", ATOM, frozenset[str]().union(*(text.columns for text in known)))


def _is_option(item: Item) -> Sql:
    """Return the condition that a column of the source holds the number of an option."""
    values = [expression(choice.value).text for choice in item.choices]
    lists = (", ".join(values[start : start + IN_LIST]) for start in range(0, len(values), IN_LIST))
    return reduce(operator.or_, (Sql(f"{quoted(item.key)} IN ({some})", COMPARISON) for some in lists))


def statement(scoring: Scoring, id_column: str, table: str, dialect: Dialect) -> str:
    """Return one SELECT that scores a table with a column for each question key.

    A row with an answer that is no option has no scores, and its `quality` says which question it is.

    Args:
        scoring: what is to be scored.
        id_column: the column that tells people apart.
        table: the table, as one writes it in that dialect.
        dialect: one of DIALECTS.

    Raises:
        ValueError: `table` is not the name of a table.

    """
    select = Select(quoted(TABLE))
    ops = Expressions(select, "all")
    # SQLite takes the name of a column that is not there for a text, unless a table stands before it.
    person = select.column("id", f"{quoted(TABLE)}.{quoted(id_column)}")
    items = scoring.questionnaire.items
    answers = {
        key: select.column(key, f"CASE WHEN {_is_option(item).text} THEN CAST({quoted(key)} AS DOUBLE) END")
        for key, item in items.items()
    }
    faults = (
        ops.where(Sql(f"NOT {_is_option(item).within(ATOM)}"), f"; no option: {key}", "")
        for key, item in items.items()
    )
    fault = select.column("fault", _list_of(faults).text)
    tallies = (_tally(select, scoring, trait, answers) for trait in scoring.questionnaire.priors)
    total = add_up(Expressions(select, "sum of"), tallies)
    found = _scores(select, scoring, total)
    valid = fault == ""
    quality = ops.where(valid, found.pop("quality"), fault)
    text = select.text(
        {"id": person} | {name: ops.where(valid, x, None) for name, x in found.items()} | {"quality": quality}
    )
    return _translated(text, table, dialect)


def _translated(text: str, table: str, dialect: Dialect) -> str:
    """Return a statement of ours over a table of the user, in a dialect."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError
    from sqlglot.optimizer.normalize_identifiers import normalize_identifiers

    try:
        wanted = sqlglot.parse_one(table, into=exp.Table, dialect=dialect)
    except SqlglotError:
        raise ValueError(table) from None
    plain = not wanted.comments and {key for key, value in wanted.args.items() if value} <= PARTS_OF_A_NAME
    if not plain or not all(isinstance(part, exp.Identifier) for part in wanted.parts):
        raise ValueError(table)
    wanted = normalize_identifiers(wanted, dialect=dialect)
    tree = sqlglot.parse_one(text, read="duckdb")
    for found in list(tree.find_all(exp.Table)):
        if found.name == TABLE:
            found.replace(exp.alias_(wanted.copy(), TABLE, table=True))
    if dialect in ("postgres", "sqlite"):
        # These put the text of a stage in place of its names, and it would double with every stage.
        for part in tree.find_all(exp.CTE):
            part.set("materialized", True)
    return f"{NOTE}\n{tree.sql(dialect=dialect, identify=True, pretty=True, copy=False)}"
