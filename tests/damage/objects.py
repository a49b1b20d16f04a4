"""Damaged JSON Lines."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any

from damage.files import IDS, NOTES, Version, people
from mopscli.assessment.questionnaire import Questionnaire

Objects = list[dict[str, Any]]


def objects(questionnaire: Questionnaire) -> Objects:
    """Return the answers as objects; all keys stand in each."""
    return [
        {"id": id_, **{key: choice and choice.value for key, choice in row.items()}, "note": note}
        for id_, row, note in zip(IDS, people(questionnaire), NOTES, strict=True)
    ]


def json_text(values: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return objects as lines of JSON."""
    return [json.dumps(value, ensure_ascii=False) for value in values]


JSON_VALUES = (
    9,
    -1,
    4.5,
    True,
    [4],
    {"a": 4},
    "\uff14",
    "nan",
    "1_0",
    "#REF!",
    "4,5",
    float("nan"),
    float("inf"),
    1e300,
)


def damaged_json(questionnaire: Questionnaire) -> Iterator[Version]:
    """Yield damaged versions of JSON Lines."""
    chance = Random("json")
    good = objects(questionnaire)
    keys = list(questionnaire.items)
    changes: dict[str, Callable[[str], str]] = {
        "brace lost": lambda line: line[:-1],
        "brace opened": lambda line: "{" + line,
        "quote lost": lambda line: line.replace('": ', ": ", 1),
        "comma lost": lambda line: line.replace(', "', ' "', 1),
        "comma added": lambda line: f"{line[:-1]},}}",
        "quotes of another kind": lambda line: line.replace('"', "'"),
        "cut off": lambda line: line[: chance.randrange(1, len(line))],
        "key misspelled": lambda line: line.replace(keys[1], keys[1][:-1]),
        "key twice": lambda line: f'{line[:-1]}, "{keys[0]}": 1}}',
        "two questions for one key": lambda line: f'{line[:-1]}, "{keys[0].upper()}": 1}}',
        "no id": lambda line: line.replace('{"id":', '{"idd":', 1),
        "a list": lambda line: f"[{line}]",
        "a text": lambda line: json.dumps(line),
        "a comment": lambda line: f"# {line}",
        "a NUL": lambda line: line.replace('{"id": "', '{"id": "\\u0000', 1),
        "half a character": lambda line: line.replace('{"id": "', '{"id": "\\ud83d', 1),
        "a control character": lambda line: line.replace(": ", ":\1", 1),
        "two on a line": lambda line: line + line,
        "not a number": lambda line: re.sub(rf'("{keys[2]}": )[^,]*', r"\1NaN", line),
    }
    for kind, change in changes.items():
        lines = json_text(good)
        number = chance.randrange(1, len(lines))
        lines[number] = change(lines[number])
        lost = frozenset([IDS[number]])
        content = "\n".join([*lines, ""]).encode()
        yield Version(f"json: {kind}", kind, content, "reject", frozenset([number + 1]), lost)
    for value in JSON_VALUES:
        values, number = objects(questionnaire), chance.randrange(len(good))
        values[number][chance.choice(keys)] = value
        content = "\n".join([*json_text(values), ""]).encode()
        lost = frozenset([IDS[number]])
        yield Version(f"json: {value!r}", "no option", content, "reject", frozenset([number + 1]), lost)
    text = "\n".join([*json_text(good), ""])
    for _ in range(8):
        cut = chance.randrange(1, len(text))
        line = text[:cut].count("\n") + 1
        lost = frozenset(IDS[line - 1 :])
        yield Version(f"json: cut at {cut}", "truncated", text[:cut].encode(), "any", frozenset([line]), lost)
    broken = text.replace(", ", ",\n", 1)
    first = frozenset(IDS[:1])
    yield Version("json: line broken", "line broken", broken.encode(), "any", frozenset([1, 2]), first)
    yield Version("json: a list of all", "list", json.dumps(good).encode(), "refuse")
    yield Version("json: indented", "indented", json.dumps(good, indent=1).encode(), "refuse")
    yield Version("json: byte order mark", "byte order mark", b"\xef\xbb\xbf" + text.encode(), "same")
    yield Version("json: utf-16", "encoding", text.encode("utf-16"), "same")
    yield Version("json: line ends", "line ends", text.replace("\n", "\r\n\n").encode(), "same")
    everybody = frozenset(IDS)
    mixed = Version(
        "json: csv behind", "files joined", (text + "id,a\n1,2\n").encode(), "reject", frozenset([13, 14])
    )
    yield mixed
    yield Version(
        "json: twice", "file twice", (text + text).encode(), "any", frozenset(range(1, 30)), everybody
    )
    damaged = text.encode().replace("Zoë".encode(), b"Zo\xff")
    yield Version("json: bytes", "bytes", damaged, "reject", frozenset([3]), frozenset([IDS[2]]))
