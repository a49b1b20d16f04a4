"""Write a file of respondents drawn from the model, for the batch benchmark: python respondents.py ROWS FILE."""

import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb

from mopscli.assessment.questionnaire import Questionnaire, number_text, prepare
from mopscli.knowledge import bundled_folder, load

SEED = 0.5
NOT_ANSWERED = 0.02


def normal(mean: float, sd: float) -> str:
    """Return an expression that draws from a normal distribution (Box and Muller)."""
    return f"({mean} + {sd} * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()))"


def columns(questionnaire: Questionnaire) -> Iterator[str]:
    """Yield an expression for each question: the option nearest to the trait plus noise, now and then nothing."""
    for key, item in questionnaire.items.items():
        drawn = normal(0, item.s2**0.5)
        values = ", ".join(number_text(choice.value) for choice in sorted(item.choices, key=lambda c: c.y))
        step = 5 / (len(item.choices) - 1)
        place = f'greatest(0, least(5, "{item.trait}" + {drawn}))'
        nearest = f"([{values}])[1 + round({place} / {step})::INTEGER]"
        yield f'CASE WHEN random() >= {NOT_ANSWERED} THEN {nearest} END AS "{key}"'
    for key, (_, options) in questionnaire.context.items():
        values = ", ".join(number_text(option.value) for option in options)
        yield f'([{values}])[1 + floor(random() * {len(options)})::INTEGER] AS "{key}"'


def write(rows: int, path: Path) -> None:
    """Write so many respondents as CSV or Parquet."""
    questionnaire = prepare(load(bundled_folder(), ("questions",)))
    traits = ", ".join(
        f'{normal(mu, tau2**0.5)} AS "{trait}"' for trait, (mu, tau2) in questionnaire.priors.items()
    )
    people = f"SELECT printf('p%08d', person) AS id, {traits} FROM range({rows}) AS people (person)"
    form = "FORMAT parquet" if path.suffix == ".parquet" else "FORMAT csv, HEADER"
    with duckdb.connect() as connection:
        connection.execute(f"SELECT setseed({SEED})")
        connection.execute("SET threads = 1")
        answers = ", ".join(columns(questionnaire))
        connection.execute(f"COPY (SELECT id, {answers} FROM ({people})) TO '{path}' ({form})")


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
