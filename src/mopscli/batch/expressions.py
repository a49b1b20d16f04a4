"""SQL expressions as an operand of the formulas, and a SELECT that computes them in stages; knows no scores."""

import re
from collections.abc import Mapping
from typing import Any, Final

STAGE: Final = "mops_{}"
# PostgreSQL cuts names after 63 bytes; two of ours that begin alike must still differ.
NAME: Final = 48
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
