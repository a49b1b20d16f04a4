"""Feed damaged files of respondents to the scoring: python benchmarks/fuzz.py KIND --seconds 60 --seed 1.

KIND is csv, jsonl, xlsx or parquet. Each file ends in scores, in rejected rows or in a plain refusal. Anything else
is a fault: another exception, the end of the process, more than ten seconds, a row that is neither scored nor
rejected, or other scores for somebody whose line was left alone. What led to a fault is kept; the exit code is 1.
"""

import argparse
import csv
import io
import json
import random
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import duckdb

from mopscli.assessment.questionnaire import prepare
from mopscli.assessment.scoring import Scoring
from mopscli.batch.opening import ReadOptions
from mopscli.batch.scores import Options, score_file
from mopscli.knowledge import load
from mopscli.problem import ProblemsFound
from mopscli.survey.spreadsheet import open_workbook, write_rows

TRAITS: Final = ("writing", "editing", "counting", "leading")
COLUMNS: Final = ("id", *(f"q_{trait}" for trait in TRAITS))
PEOPLE: Final = [
    (f"p{number}", *(1 + (number * step) % 5 for step in range(1, len(TRAITS) + 1))) for number in range(12)
]
SLOW: Final = 10
# What a program may trip over: other separators, quotes, bytes that are no text, numbers without end, XML.
TOKENS: Final = tuple(
    text.encode("utf-8", "surrogateescape")
    for text in (
        *(
            ",",
            ";",
            "\t",
            '"',
            '""',
            "\n",
            "\r",
            "\r\n",
            "\0",
            "\1",
            "\2",
            "\udcff",
            "\ufeff",
            "\u202e",
            "=1+1",
            "'",
        ),
        *(
            "NaN",
            "1e999",
            "-0",
            "9" * 400,
            "{",
            "}",
            "[",
            '{"id":"p1"}',
            "null",
            "true",
            "\\ud800",
            "e\u0301" * 50,
        ),
        *(
            't="e"',
            "<f>1</f>",
            '<c r="XFD1048576"><v>1</v></c>',
            "&#0;",
            "]]>",
            "<!--",
            'r="99999999"',
            "PAR1",
            "PK",
        ),
        *("id,q_writing,q_editing,q_counting,q_leading\n", "\uff14", " ", "\xa0", "q_writin", "\u1100" * 20),
    )
)


def folder_of_knowledge(folder: Path) -> Path:
    """Write a small knowledge folder, and return it."""
    skills = "".join(f"  {trait}: {{name: {trait.title()}}}\n" for trait in TRAITS)
    roles = "".join(
        f"  {key}:\n    name: {key.title()}\n    summary: Works. [j]\n    requires:\n"
        + "".join(f"      {trait}: {level} matters\n" for trait in TRAITS)
        for key, level in (("author", 2), ("editor", 4))
    )
    asked = "".join(f"  q_{t}: {{kind: agree, trait: {t}, text: I like {t} at work.}}\n" for t in TRAITS)
    (folder / "roles.yaml").write_text(
        f"sources:\n  j: {{title: Judgment, kind: judgement}}\nskills:\n{skills}roles:\n{roles}", "utf-8"
    )
    (folder / "questions.yaml").write_text(f"questions:\n{asked}", "utf-8")
    return folder


def good_file(kind: str, folder: Path) -> bytes:
    """Return the answers of a dozen people as a file of a kind."""
    path = folder / f"good.{kind}"
    if kind == "csv":
        path.write_text("".join(",".join(map(str, row)) + "\n" for row in (COLUMNS, *PEOPLE)), "utf-8")
    elif kind == "jsonl":
        objects = (dict(zip(COLUMNS, row, strict=True)) for row in PEOPLE)
        path.write_text("".join(json.dumps(one) + "\n" for one in objects), "utf-8")
    elif kind == "xlsx":
        with open_workbook(str(path)) as workbook:
            write_rows(workbook, "answers", [COLUMNS, *PEOPLE])
    else:
        values = ", ".join(map(str, PEOPLE))
        duckdb.sql(f"SELECT * FROM (VALUES {values}) AS t ({', '.join(COLUMNS)})").write_parquet(str(path))
    return path.read_bytes()


def damage(content: bytes, chance: random.Random) -> bytes:
    """Return bytes with a few of them changed, lost, repeated or added."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.choice((1, 1, 4, 30)))
        match chance.randrange(6):
            case 0 if at < len(data):
                data[at] = chance.randrange(256)
            case 1:
                del data[at:end]
            case 2:
                data[at:at] = data[at:end] * chance.choice((1, 2, 50))
            case 3:
                data[at:end] = chance.choice(TOKENS)
            case 4:
                del data[at if chance.random() < 0.2 else len(data) :]
            case _:
                data[at:at] = chance.choice(TOKENS)
    return bytes(data)


def damage_within(content: bytes, chance: random.Random) -> bytes:
    """Return a workbook with one of its parts damaged, or now and then the whole of it."""
    if chance.random() < 0.3:
        return damage(content, chance)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
        infos = source.infolist()
        sheets = [info for info in infos if "sheet" in info.filename.lower()]
        chosen = chance.choice(sheets if chance.random() < 0.6 else infos)
        for info in infos:
            part = source.read(info)
            target.writestr(info.filename, damage(part, chance) if info is chosen else part)
    return made.getvalue()


def score(scoring: Scoring, path: Path, chance: random.Random) -> tuple[dict[str, str], set[int]]:
    """Score a file; return the line of scores of each id, and the lines that were rejected."""
    scores, rejects = path.with_name("scores.csv"), path.with_name("rejects.csv")
    for old in (scores, rejects):
        old.unlink(missing_ok=True)
    reading = ReadOptions(partial=chance.random() < 0.5)
    summary = score_file(scoring, path, Options(scores, "csv", rejects, keep=chance.random() < 0.3), reading)
    if summary.scored + summary.rejected != summary.rows:
        raise AssertionError("rows are neither scored nor rejected")
    with scores.open(encoding="utf-8", newline="") as file:
        found = {row[0]: ",".join(row[1:8]) for row in csv.reader(file)}
    if len(found) != summary.scored + 1:
        raise AssertionError("two people have one id, or rows are missing from the scores")
    lines: set[int] = set()
    if rejects.exists():
        with rejects.open(encoding="utf-8", newline="") as file:
            lines = {int(row["line"]) for row in csv.DictReader(file)}
    return found, lines


def check_lines(kind: str, good: bytes, content: bytes, expected: dict[str, str], result: object) -> None:
    """Raise AssertionError if somebody whose line was left alone is lost or has other scores."""
    found, rejected = result  # type: ignore[misc]
    before, after = good.split(b"\n")[:-1], content.split(b"\n")[:-1]
    header = kind == "csv"
    if b"\r" in content or (header and after[:1] != before[:1]):
        return
    ids = {line: row[0] for line, row in zip(before[header:], PEOPLE, strict=True)}
    for number, line in enumerate(after, start=1):
        name = ids.get(line)
        if name is None or number in rejected:
            continue
        if name not in found:
            raise AssertionError(f"line {number} is neither scored nor rejected")
        if found[name] != expected[name]:
            raise AssertionError(f"line {number} has other scores than before")


def work(kind: str, seed: int, seconds: float, folder: Path) -> int:
    """Damage and score until the time is over; return how many files there were."""
    knowledge = load(folder_of_knowledge(folder), ("questions", "norms"))
    scoring = Scoring(prepare(knowledge), tuple(knowledge.roles.values()), ("author", "editor"))
    good = good_file(kind, folder)
    mutate: Callable[[bytes, random.Random], bytes] = damage_within if kind == "xlsx" else damage
    path = folder / "case"
    path.write_bytes(good)
    expected, _ = score(scoring, path, random.Random(0))
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        number += 1
        chance = random.Random(f"{kind} {seed} {number}")
        content = mutate(good, chance)
        path.write_bytes(content)
        before = time.monotonic()
        try:
            result = score(scoring, path, chance)
            if kind in ("csv", "jsonl"):
                check_lines(kind, good, content, expected, result)
        except ProblemsFound:
            pass
        if time.monotonic() - before > SLOW:
            raise AssertionError("it took too long")
    return number


def main() -> None:
    """Run until the time is over or a file leads to a fault; start anew behind a fault, so that all are found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kind", choices=("csv", "jsonl", "xlsx", "parquet"))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--within", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.within:
        try:
            print(work(given.kind, given.seed, given.seconds, given.within))
        except Exception:
            traceback.print_exc()
            sys.exit(1)
        return
    faults, end, seed = 0, time.monotonic() + given.seconds, given.seed
    files = 0
    while (left := end - time.monotonic()) > 0:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, __file__, given.kind, "--seconds", str(left), "--seed", str(seed)]
            done = subprocess.run(
                [*command, "--within", folder], capture_output=True, text=True, check=False, timeout=left + 60
            )
            if done.returncode == 0:
                files += int(done.stdout)
                break
            faults += 1
            kept = Path(f"fault-{given.kind}-{seed}")
            kept.write_bytes((Path(folder) / "case").read_bytes())
            print(f"{kept}: exit code {done.returncode}\n{done.stderr[-600:]}")
            seed += 1000
    print(f"{given.kind}: {files} files since the last fault, {faults} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
