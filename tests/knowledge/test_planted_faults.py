"""242 faults planted one at a time in a small folder and in the bundled one; each shows at its own line alone."""

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from mopscli.knowledge import bundled_folder
from mopscli.knowledge.check import find_problems
from samples import PATHS, QUESTIONS, ROLES

Lines = list[str]
# A fault takes the lines of a file and chance; it changes the lines and returns the number of the faulty one.
Fault = Callable[[Lines, random.Random], int]
# The bundled folder takes many times as long to read as one that is as small as can be.
IN_BUNDLED, IN_SMALL = 2, 9
FILES = ("roles.yaml", "paths.yaml", "questions.yaml")
KEYS = (
    r"text|source|name|label|family|rank|summary|focus|scope|tasks|requires|offers|months|why|kind|title|low"
)


# How much a level counts, where it is written in short.
WEIGHTS = "(?:helps|matters|decides)"


def pick(lines: Lines, pattern: str, chance: random.Random) -> int:
    """Return the index of a line that matches, by chance."""
    return chance.choice([index for index, line in enumerate(lines) if re.search(pattern, line)])


def misspelled_key(lines: Lines, chance: random.Random) -> int:
    """Write a key wrongly."""
    index = pick(lines, rf"^ +(- )?({KEYS}):", chance)
    lines[index] = re.sub(r"(\w):", r"\1\1:", lines[index], count=1)
    return index + 1


def list_for_text(lines: Lines, chance: random.Random) -> int:
    """Put a list where a text belongs."""
    index = pick(lines, r"^ +(- )?(text|name|label|title|activity): \w", chance)
    lines[index] = re.sub(r": .*", ": [a, b]", lines[index])
    return index + 1


def word_for_number(lines: Lines, chance: random.Random) -> int:
    """Put a word where a number belongs."""
    index = pick(lines, r"(level|rank|typical|value|percent): \d", chance)
    lines[index] = re.sub(r"(level|rank|typical|value|percent): \d+", r"\1: high", lines[index])
    return index + 1


def level_seven(lines: Lines, chance: random.Random) -> int:
    """Leave the scale."""
    index = pick(lines, rf"\{{level: \d|: \d {WEIGHTS}$", chance)
    lines[index] = re.sub(rf"(level: |: )\d(?=,| {WEIGHTS})", r"\g<1>7", lines[index], count=1)
    return index + 1


def unknown_source(lines: Lines, chance: random.Random) -> int:
    """Cite a source that there is not."""
    index = pick(lines, r"^ +source: ", chance)
    lines[index] += "x"
    return index + 1


def unknown_trait(lines: Lines, chance: random.Random) -> int:
    """Ask for a skill or offer a drive that there is not."""
    index = pick(lines, rf"^ +[a-z-]+: (\{{level: |\d {WEIGHTS}$)", chance)
    lines[index] = lines[index].replace(": ", "x: ", 1)
    return index + 1


def unknown_role(lines: Lines, chance: random.Random) -> int:
    """Name a role that there is not."""
    index = pick(lines, r"^ +(- from|to): ", chance)
    lines[index] += "x"
    return index + 1


def duplicate_key(lines: Lines, chance: random.Random) -> int:
    """Write a key twice."""
    index = pick(lines, rf"^ +({KEYS}): .", chance)
    lines.insert(index + 1, lines[index])
    return index + 2


def missing_source(lines: Lines, chance: random.Random) -> int:
    """Leave a claim without its source; it is missed where the claim begins."""
    index = pick(lines, r"^ {6,}source: ", chance)
    indent = len(lines[index]) - len(lines[index].lstrip())
    del lines[index]
    while len(lines[index - 1]) - len(lines[index - 1].lstrip()) >= indent:
        index -= 1
    return index


def alias(lines: Lines, chance: random.Random) -> int:
    """Use an alias."""
    index = pick(lines, r"^ +(text|source|name|label): ", chance)
    lines[index] = re.sub(r": .*", ": *other", lines[index])
    return index + 1


def merge_key(lines: Lines, chance: random.Random) -> int:
    """Use a merge key."""
    index = pick(lines, r"^ +(name|label|kind): ", chance)
    indent = " " * (len(lines[index]) - len(lines[index].lstrip()))
    lines.insert(index + 1, f"{indent}<<: {{a: b}}")
    return index + 2


def tag(lines: Lines, chance: random.Random) -> int:
    """Use a tag."""
    index = pick(lines, r"^ +(text|source|name|label): ", chance)
    lines[index] = re.sub(r": .*", ": !!python/name:os.system x", lines[index])
    return index + 1


def tab(lines: Lines, chance: random.Random) -> int:
    """Indent with a tab."""
    index = pick(lines, r"^ +(text|source|name|label): ", chance)
    lines[index] = "\t" + lines[index].lstrip()
    return index + 1


def empty_value(lines: Lines, chance: random.Random) -> int:
    """Leave a text out."""
    index = pick(lines, r"^ +(- )?(text|name|label|title): ", chance)
    lines[index] = lines[index].partition(":")[0] + ":"
    return index + 1


def colon_in_text(lines: Lines, chance: random.Random) -> int:
    """Forget the quotes around a text with a colon."""
    index = pick(lines, r"^ +(- )?(text|why): \w", chance)
    lines[index] += ": more"
    return index + 1


def open_quote(lines: Lines, chance: random.Random) -> int:
    """Forget the closing quote."""
    index = pick(lines, r"^ +source: [a-z-]+$", chance)
    lines[index] = re.sub(r": (.*)", r': "\1', lines[index])
    return index + 1


def open_brace(lines: Lines, chance: random.Random) -> int:
    """Forget the closing brace or bracket."""
    index = pick(lines, r"^ +[a-z-]+: (\{level: .*\}|\[.*\])$", chance)
    lines[index] = lines[index][:-1]
    return index + 1


def control_character(lines: Lines, chance: random.Random) -> int:
    """Smuggle in an escape sequence."""
    index = pick(lines, r"^ +(- )?text: ", chance)
    lines[index] += "\x1b[31m"
    return index + 1


def bad_utf8(lines: Lines, chance: random.Random) -> int:
    """Save a line in another encoding."""
    index = pick(lines, r"^ +(- )?text: ", chance)
    lines[index] += "\udcff"
    return index + 1


def missing_colon(lines: Lines, chance: random.Random) -> int:
    """Forget a colon."""
    index = pick(lines, r"^ +(requires|offers|tasks|markers|focus|summary|why|months|points|steps):$", chance)
    lines[index] = lines[index].rstrip(":")
    return index + 1


def missing_space(lines: Lines, chance: random.Random) -> int:
    """Forget the space behind a colon."""
    index = pick(lines, r"^ +(source|kind|label|rank): ", chance)
    lines[index] = lines[index].replace(": ", ":", 1)
    return index + 1


def conflict_mark(lines: Lines, chance: random.Random) -> int:
    """Leave a mark of a merge conflict."""
    index = pick(lines, r"^ +(source|kind|label|rank): ", chance)
    lines.insert(index + 1, "<<<<<<< HEAD")
    return index + 2


FAULTS: tuple[Fault, ...] = (
    missing_colon,
    missing_space,
    conflict_mark,
    misspelled_key,
    list_for_text,
    word_for_number,
    level_seven,
    unknown_source,
    unknown_trait,
    unknown_role,
    duplicate_key,
    missing_source,
    alias,
    merge_key,
    tag,
    tab,
    empty_value,
    colon_in_text,
    open_quote,
    open_brace,
    control_character,
    bad_utf8,
)
IN_PATHS = {unknown_role}
IN_ROLES = {
    level_seven,
    unknown_trait,
    open_brace,
    word_for_number,
    merge_key,
    list_for_text,
    empty_value,
    duplicate_key,
}


class Block(yaml.SafeDumper):
    """Writes YAML as the bundled files are written: everything in blocks, but for levels."""

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        return super().represent_mapping(tag, mapping, "level" in mapping)


def in_blocks(text: str) -> str:
    """Return YAML written as the bundled files are."""
    return yaml.dump(yaml.safe_load(text), Dumper=Block, sort_keys=False, width=200, default_flow_style=False)


SMALL = {name: in_blocks(text) for name, text in zip(FILES, (ROLES, PATHS, QUESTIONS), strict=True)}


@pytest.mark.parametrize("number", range(IN_BUNDLED + IN_SMALL))
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_planted_fault(fault: Fault, number: int, tmp_path: Path) -> None:
    """A single mistake would show at another line than its own, or at others too, and people search for it."""
    chance = random.Random(f"{fault.__name__} {number}")
    in_paths = fault in IN_PATHS or (fault not in IN_ROLES and number % 4 == 0)
    faulty = "paths.yaml" if in_paths else "roles.yaml"
    for name in FILES:
        text = (bundled_folder() / name).read_text("utf-8") if number < IN_BUNDLED else SMALL[name]
        lines = text.splitlines()
        if name == faulty:
            line = fault(lines, chance)
        (tmp_path / name).write_bytes("\n".join([*lines, ""]).encode("utf-8", "surrogateescape"))
    problems = find_problems(tmp_path)
    assert {(Path(problem.place.path).name, problem.place.line) for problem in problems} == {(faulty, line)}


def test_small_folder_is_sound(tmp_path: Path) -> None:
    """The small folder would have faults of its own, so that those planted in it prove nothing."""
    for name, text in SMALL.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert find_problems(tmp_path) == []
