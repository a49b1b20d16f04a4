"""A table of answers scored by one SELECT: the formulas of the model on SQL expressions, stage by stage."""

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import Any, Final, cast, get_args

from mopscli.assessment.formulas import Operations, Reading, better, share_below, straight_lined
from mopscli.assessment.questionnaire import Item, read_answer
from mopscli.assessment.scoring import (
    CONTRADICTION,
    ENJOYMENT,
    MANY_CONTRADICTIONS,
    READINESS,
    STRAIGHT_LINING,
    UNANSWERED,
    Answer,
    Certainty,
    Scoring,
    Tally,
    add_up,
    score_of,
    tally,
    variance_of,
    word_for,
)
from mopscli.batch.kinds import Dialect

DIALECTS: Final[tuple[Dialect, ...]] = get_args(Dialect)
STAGE: Final = "mops_{}"
TABLE: Final = "mops_responses"
NOTE: Final = "-- Each question column must hold the numbers of options, as a number and not as text."
PARTS_OF_A_NAME: Final = {"this", "db", "catalog"}
# PostgreSQL cuts names after 63 bytes; two of ours that begin alike must still differ.
NAME: Final = 48
# DuckDB makes a join of a longer list, and takes ten times as long to plan the statement.
IN_LIST: Final = 4
LITERAL: Final = re.compile(r"-?[0-9.]+e[-+]?[0-9]+")
# How tightly an operator binds; what binds less tightly than the operator around it stands in parentheses.
EITHER, CONDITION, COMPARISON, SUM, PRODUCT, ATOM = range(6)


# --- Expressions ----------------------------------------------------------------------------------


class Sql:
    """An SQL expression: its text, how tightly it binds, and the columns that it needs."""

    __slots__ = ("columns", "rank", "text")

    def __init__(self, text: str, rank: int = ATOM, columns: frozenset[str] = frozenset()) -> None:
        self.text = text
        self.rank = rank
        self.columns = columns

    def _with(self, operator: str, rank: int, left: Any, right: Any) -> "Sql":
        one, other = expression(left), expression(right)
        if rank in (SUM, PRODUCT) and not other.columns:
            # PostgreSQL and Snowflake compute with decimals where no double is involved.
            one = one.double()
        # Sums and products are read from the left, so only what stands on the right needs parentheses.
        text = f"{one.within(rank)} {operator} {other.within(rank + 1)}"
        return Sql(text, rank, one.columns | other.columns)

    def within(self, rank: int) -> str:
        """Return the text, in parentheses if it binds less tightly than what stands around it."""
        return self.text if self.rank >= rank else f"({self.text})"

    def double(self) -> "Sql":
        """Return a literal number as a double even where 5e0 is an exact decimal; all else as it is."""
        return Sql(f"CAST({self.text} AS DOUBLE)") if LITERAL.fullmatch(self.text) else self

    def __add__(self, other: Any) -> "Sql":
        return self._with("+", SUM, self, other)

    def __radd__(self, other: Any) -> "Sql":
        # sum() starts with 0.
        return self if other == 0 else self._with("+", SUM, other, self)

    def __sub__(self, other: Any) -> "Sql":
        return self._with("-", SUM, self, other)

    def __rsub__(self, other: Any) -> "Sql":
        return self._with("-", SUM, other, self)

    def __mul__(self, other: Any) -> "Sql":
        return self._with("*", PRODUCT, self, other)

    def __rmul__(self, other: Any) -> "Sql":
        return self if other == 1 else self._with("*", PRODUCT, other, self)

    def __truediv__(self, other: Any) -> "Sql":
        return self._with("/", PRODUCT, self, other)

    def __rtruediv__(self, other: Any) -> "Sql":
        return self._with("/", PRODUCT, other, self)

    def __neg__(self) -> "Sql":
        return Sql(f"-{self.within(ATOM)}", SUM, self.columns)

    def __lt__(self, other: Any) -> "Sql":
        return self._with("<", COMPARISON, self, other)

    def __le__(self, other: Any) -> "Sql":
        return self._with("<=", COMPARISON, self, other)

    def __gt__(self, other: Any) -> "Sql":
        return self._with(">", COMPARISON, self, other)

    def __ge__(self, other: Any) -> "Sql":
        return self._with(">=", COMPARISON, self, other)

    def __eq__(self, other: object) -> "Sql":  # type: ignore[override]
        return self._with("=", COMPARISON, self, other)

    def __and__(self, other: Any) -> "Sql":
        return self._with("AND", CONDITION, self, other)

    def __or__(self, other: Any) -> "Sql":
        return self._with("OR", EITHER, self, other)

    __hash__ = None  # type: ignore[assignment]


def expression(value: Any) -> Sql:
    """Return a value as an SQL expression; a number is a double, whatever its size."""
    if isinstance(value, Sql):
        return value
    if value is None:
        return Sql("NULL")
    if isinstance(value, str):
        return Sql("'" + value.replace("'", "''") + "'")
    text = repr(float(value)).removesuffix(".0")
    # The exponent makes it a double in most databases; see Sql.double for the others.
    return Sql(text if "e" in text else f"{text}e0", SUM if text.startswith("-") else ATOM)


NO_NUMBER: Final = Sql("CAST(NULL AS DOUBLE)")


def quoted(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


# --- The operand ----------------------------------------------------------------------------------


class Select:
    """A SELECT under construction: what gets a name goes into the earliest stage that can compute it."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._stages: list[dict[str, Sql]] = [{}]
        self._born: dict[str, int] = {}
        self._named: dict[str, Sql] = {}

    def column(self, name: str, text: str) -> Sql:
        """Name a column of the source, by what it is called there or by any expression over the source."""
        return self._name(name, Sql(text), 0)

    def let(self, name: str, x: Any) -> Sql:
        """Name an expression, so that it is computed once; the same expression keeps its first name."""
        made = expression(x)
        if not made.columns or made.text in map(quoted, made.columns):
            return made
        if made.text not in self._named:
            stage = 1 + max((self._born[column] for column in made.columns), default=0)
            self._named[made.text] = self._name(name, made, stage)
        return self._named[made.text]

    def _name(self, name: str, x: Sql, stage: int) -> Sql:
        plain = re.sub(r"[^a-z0-9]+", "_", name.lower())[:NAME]
        unique, number = plain, 1
        while unique in self._born:
            number += 1
            unique = f"{plain}_{number}"
        self._born[unique] = stage
        while len(self._stages) <= stage:
            self._stages.append({})
        self._stages[stage][unique] = x
        return Sql(quoted(unique), ATOM, frozenset((unique,)))

    def text(self, outputs: Mapping[str, Any]) -> str:
        """Return the statement that selects these expressions under these names."""
        last = {name: expression(x) for name, x in outputs.items()}
        needed = frozenset[str]().union(*(x.columns for x in last.values()))
        parts: list[str] = []
        for number in reversed(range(len(self._stages))):
            kept = {name: Sql(quoted(name)) for name in sorted(needed) if self._born[name] < number}
            made = {name: x for name, x in self._stages[number].items() if name in needed}
            origin = STAGE.format(number - 1) if number else self._source
            parts.append(f"{STAGE.format(number)} AS (\n{_select(kept | made, origin)}\n)")
            needed = frozenset(kept).union(*(x.columns for x in made.values()))
        return f"WITH {', '.join(reversed(parts))}\n{_select(last, STAGE.format(len(self._stages) - 1))}"


def _select(columns: Mapping[str, Sql], origin: str) -> str:
    lines = (
        x.text if x.text == quoted(name) else f"{x.text} AS {quoted(name)}" for name, x in columns.items()
    )
    return f"SELECT {', '.join(lines)}\nFROM {origin}"


class Expressions:
    """Operations on SQL expressions; NULL is what is missing. `about` goes before every name."""

    def __init__(self, select: Select, about: str) -> None:
        self._select = select
        self._about = about

    def exp(self, x: Sql) -> Sql:
        """Return e to the power of x."""
        return Sql(f"EXP({x.double().text})", ATOM, x.columns)

    def sqrt(self, x: Sql) -> Sql:
        """Return the square root of x, which is not negative."""
        return Sql(f"SQRT({x.double().text})", ATOM, x.columns)

    def where(self, condition: Sql, then: Any, otherwise: Any) -> Sql:
        """Return one of two values."""
        one, other = expression(then), expression(otherwise)
        if not other.columns:
            one = one.double()
        nested = other.rank == ATOM and other.text.startswith("CASE WHEN ")
        rest = other.text.removeprefix("CASE ") if nested else f"ELSE {other.text} END"
        text = f"CASE WHEN {condition.text} THEN {one.text} {rest}"
        return Sql(text, ATOM, condition.columns | one.columns | other.columns)

    def is_missing(self, x: Sql) -> Sql:
        """Tell whether x is NULL."""
        return Sql(f"{x.within(ATOM)} IS NULL", COMPARISON, x.columns)

    def let(self, name: str, x: Any) -> Sql:
        """Return x as a column of its own."""
        return self._select.let(f"{self._about} {name}", x)


# --- Scoring a table ------------------------------------------------------------------------------


def table_tally(select: Select, scoring: Scoring, trait: str, answers: Mapping[str, Sql]) -> Tally:
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


def scores(select: Select, scoring: Scoring, total: Tally) -> dict[str, Sql]:
    """Return the scores of a row by the name of their column, from all that its answers come to."""
    ops = Expressions(select, "all")
    none = expression(0.0)
    rho, norms = scoring.questionnaire.together, scoring.questionnaire.norms
    found: dict[str, Sql] = {}
    fits: dict[str, Sql] = {}
    for key, terms in scoring.terms.items():
        score = score_of(
            terms, {part: total.sums.get(f"{part} {key}", none) for part in (READINESS, ENJOYMENT)}
        )
        fits[key] = ops.let(f"fit {key}", score.fit)
        found[f"fit_{key}"] = fits[key]
        found[f"se_{key}"] = ops.sqrt(variance_of(ops, total.sums, key, rho, none))
        found[f"readiness_{key}"] = NO_NUMBER if score.readiness is None else score.readiness
        found[f"enjoyment_{key}"] = NO_NUMBER if score.enjoyment is None else score.enjoyment
        if norms and key in norms.roles:
            found[f"norm_{key}"] = share_below(ops, norms.roles[key].values, fits[key])
    chances: dict[str, list[Sql]] = {key: [] for key in scoring.between}
    for one, other in scoring.rivals:
        variance = variance_of(ops, total.sums, f"{one} {other}", rho, none)
        chance = ops.let(f"p {one}", better(ops, ops.let("delta", fits[one] - fits[other]), variance))
        chances[one].append(chance)
        chances[other].append(1.0 - chance)
    least = {key: ops.let(f"least {key}", _least(parts)) for key, parts in chances.items()}
    *others, last = scoring.between
    best, probability = expression(last), least[last]
    for number, key in reversed(list(enumerate(others))):
        leads = reduce(operator.and_, (fits[key] >= fits[rival] for rival in scoring.between[number + 1 :]))
        best, probability = ops.where(leads, key, best), ops.where(leads, least[key], probability)
    answered = total.sums.get("answered", none)
    many = total.sums.get("contradictions", none) >= MANY_CONTRADICTIONS
    word = word_for(ops, ops.let("probability", probability), doubtful=straight_lining(total) | many)
    word = ops.where(answered > 0, word, Certainty.UNDECIDED)
    head = {
        "verdict": word,
        "role": ops.let("role", best),
        f"p_{scoring.between[0]}": least[scoring.between[0]],
    }
    number_ = Sql(f"CAST({answered.text} AS INTEGER)", columns=answered.columns)
    return head | found | {"answered": number_, "quality": _quality(ops, total)}


def _least(parts: Sequence[Sql]) -> Sql:
    if len(parts) == 1:
        return parts[0]
    texts = ", ".join(part.text for part in parts)
    return Sql(f"LEAST({texts})", ATOM, frozenset[str]().union(*(part.columns for part in parts)))


def straight_lining(total: Tally) -> Sql:
    """Return the condition that all statements have the same answer."""
    none = expression(0.0)
    sums = (total.sums.get(name, none) for name in ("statements", "total", "squares"))
    return cast("Sql", straight_lined(*sums))


def _quality(ops: Operations, total: Tally) -> Sql:
    """Return what is odd about the answers, as words with semicolons between them, or an empty text."""
    none = expression(0.0)
    straight = straight_lining(total)
    remarks = [ops.where(straight, f"; {STRAIGHT_LINING}", "")]
    remarks += [
        ops.where(found > 0, f"; {CONTRADICTION}: {trait}", "")
        for (detail, trait), found in total.details.items()
        if detail.kind == CONTRADICTION
    ]
    # Few people have any, and texts are slow to join.
    odd = straight | (total.sums.get("contradictions", none) > 0)
    nobody = total.sums.get("answered", none) == 0.0
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
    tallies = (table_tally(select, scoring, trait, answers) for trait in scoring.questionnaire.priors)
    total = add_up(Expressions(select, "sum of"), tallies)
    found = scores(select, scoring, total)
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
