"""Measure how often the level and the family of a posting are right, on rows of clue values and labels.

postings.csv has a row for each of 283 postings, without any of their text: a number for the company, the field,
the level of the title from 1 to 6 (empty where it tells none), the values of the clues, and how often the words of
each field are found. The title was taken out of the text before. Five-fold cross-validation with the postings of a
company kept together; the split is fixed. `python benchmarks/postings.py`
"""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from mopscli.knowledge import load
from mopscli.knowledge.postings import LEVEL_NAMES, PostingsFile
from mopscli.posting.clues import Found
from mopscli.posting.fit import Row, fit
from mopscli.posting.level import Level, judge_field, judge_level, shares_in, weigh

FOLDS = 5
WORDS = "words of "


def read_rows(path: Path, postings: PostingsFile) -> list[Row]:
    """Return the rows of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                company=line["company"],
                field=line["field"],
                level=int(line["level"]) if line["level"] else None,
                clues={key: float(line[key]) for key in postings.clues if line[key]},
                words={key: float(line[WORDS + key]) for key in postings.fields},
            )
            for line in csv.DictReader(file)
        ]


def judge(postings: PostingsFile, row: Row) -> tuple[str, Level]:
    """Return the family and the level that the clues of a row speak for."""
    fields = judge_field(postings, {f"field:{key}": int(count) for key, count in row.words.items()})
    evidence = weigh(postings, [Found(key, value, ()) for key, value in row.clues.items()])
    operations = sum(chance for key, chance in fields.items() if postings.fields[key].family == "operations")
    return ("operations" if operations >= 0.5 else "marketing"), judge_level(
        evidence, shares_in(postings, fields)
    )


def held_out(postings: PostingsFile, rows: Sequence[Row]) -> Iterator[tuple[Row, str, Level]]:
    """Yield each row with what is judged of it by clues that were counted on other companies."""
    for fold in range(FOLDS):
        apart = [int(row.company) % FOLDS == fold for row in rows]
        counted = fit(postings, [row for row, out in zip(rows, apart, strict=True) if not out])
        for row, out in zip(rows, apart, strict=True):
            if out:
                yield row, *judge(counted, row)


def main() -> None:
    """Print the figures of docs/postings.md."""
    postings = load(None, ("postings",)).postings
    if postings is None:
        raise SystemExit("the knowledge has no postings.yaml")
    rows = read_rows(Path(__file__).with_name("postings.csv"), postings)
    judged = list(held_out(postings, rows))
    families = [family == postings.fields[row.field].family for row, family, _ in judged]
    print(f"family: {sum(families) / len(families):.1%} of {len(families)}")
    known = [(row.level, level) for row, _, level in judged if row.level]
    total: Counter[str] = Counter()
    by_level: dict[int, Counter[str]] = {number: Counter() for number in range(1, len(LEVEL_NAMES) + 1)}
    for truth, level in known:
        said = LEVEL_NAMES.index(level.likeliest) + 1  # type: ignore[arg-type]
        low, high = (LEVEL_NAMES.index(end) + 1 for end in (level.range.from_, level.range.to))  # type: ignore[arg-type]
        hit = {
            "exact": said == truth,
            "within one": abs(said - truth) <= 1,
            "band": (said - 1) // 2 == (truth - 1) // 2,
            "range holds": low <= truth <= high,
        }
        for counts in (total, by_level[truth]):
            counts.update({name: int(value) for name, value in hit.items()})
        total["levels in a range"] += high - low + 1
        total["stated"] += level.range.probability  # type: ignore[assignment]
    for name, count in total.items():
        share = count / len(known)
        print(
            f"{name}: {share:.2f}" if name == "levels in a range" else f"{name}: {share:.1%} of {len(known)}"
        )
    for number, counts in by_level.items():
        many = sum(truth == number for truth, _ in known)
        shares = ", ".join(f"{name} {count / many:.0%}" for name, count in counts.items())
        print(f"  {LEVEL_NAMES[number - 1]} ({many}): {shares}")


if __name__ == "__main__":
    main()
