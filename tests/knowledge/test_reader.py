"""The reader: every fault with its place, all in one run, and nothing that a hostile file can do."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from hypothesis import given, strategies as st

from mopscli.knowledge import reader
from mopscli.knowledge.constraints import Between, Defines, Every, Refers
from mopscli.knowledge.entries import RolesFile
from mopscli.knowledge.reader import Reading
from mopscli.knowledge.shapes import json_schema, shape_of
from mopscli.problem import Place
from program import run_mops
from samples import write_knowledge


@dataclass(frozen=True)
class Part:
    """A part of a thing."""

    place: Place
    text: str
    source: Annotated[str, Refers(("thing",))]


@dataclass(frozen=True)
class Thing:
    """A thing."""

    place: Place
    key: str
    level: Annotated[int, Between(0, 5)] = 0
    share: float = 0
    count: Annotated[int | None, Between(1, 9)] = None
    kind: Literal["red", "green"] = "red"
    parts: tuple[Part, ...] = ()
    aliases: tuple[Annotated[str, Defines("thing", is_key=False)], ...] = ()
    marks: Annotated[Mapping[Annotated[int, Between(0, 1)], str], Every((0, 1))] | None = None

    def inconsistencies(self) -> Iterator[tuple[str | Place, str, str]]:
        """Tell what is wrong with two values together."""
        if self.share > self.level:
            yield "share", "the share is above the level", "lower it"


@dataclass(frozen=True)
class File:
    """A file."""

    place: Place
    things: Mapping[Annotated[str, Defines("thing")], Thing]
    title: str | None = None


def read(content: str | bytes, folder: Path) -> tuple[Any, list[str]]:
    """Read a file of things; return it, and its problems without the path."""
    path = folder / "file.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    reading = Reading()
    value = reading.read(path, shape_of(File))
    reading.check_references()
    problems = [str(problem).removeprefix(str(path)).lstrip(": ") for problem in sorted(reading.problems)]
    return None if problems else value, problems


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["the file is empty"]),
        ("# only a comment\n", ["the file is empty"]),
        ("just text", ["1:1: the file: expected a mapping with 'things', found 'just text'"]),
        ("[]", ["1:1: the file: expected a mapping with 'things', found a list"]),
        ("title: x\n", ["1:1: the file: 'things' is missing"]),
        ("things: [1]\n", ["1:9: things: expected a mapping, found a list"]),
        ("things:\n", ["1:8: things: expected a mapping, found nothing"]),
        (
            "thigns: {}\n",
            ["1:1: thigns: unknown key (did you mean 'things'?)"],
        ),
        ("things: {a: {lvel: 1}}", ["1:14: things.a.lvel: unknown key (did you mean 'level'?)"]),
        ("things: {a: {level: 7}}", ["1:21: things.a.level: expected a whole number from 0 to 5, found '7'"]),
        (
            "things: {a: {level: '3'}}",
            ["1:21: things.a.level: expected a whole number from 0 to 5, found '3' (remove the quotes)"],
        ),
        (
            "things: {a: {level: 0x3}}",
            ["1:21: things.a.level: expected a whole number from 0 to 5, found '0x3'"],
        ),
        (
            "things: {a: {level: 1_0}}",
            ["1:21: things.a.level: expected a whole number from 0 to 5, found '1_0'"],
        ),
        ("things: {a: {share: .inf}}", ["1:21: things.a.share: expected a number, found '.inf'"]),
        (
            "things: {a: {kind: grene}}",
            ["1:20: things.a.kind: expected one of red, green, found 'grene' (did you mean 'green'?)"],
        ),
        ("things: {a: {parts: [{text: x}]}}", ["1:22: things.a.parts[1]: 'source' is missing"]),
        (
            "things: {a: {parts: [{text: [x], source: a}]}}",
            ["1:29: things.a.parts[1].text: expected text, found a list"],
        ),
        (
            "things: {abc: {parts: [{text: x, source: acb}]}}",
            ["1:42: things.abc.parts[1].source: unknown thing 'acb' (did you mean 'abc'?)"],
        ),
        (
            "things: {a: {aliases: [B]}, b: {}}",
            ["1:24: things.a.aliases[1]: the thing name 'B' is taken (first at {path}:1:29)"],
        ),
        (
            "things: {a: {aliases: [x, ' X ', a]}}",
            [
                "1:27: things.a.aliases[2]: the thing name ' X ' is taken (first at {path}:1:24)",
                "1:34: things.a.aliases[3]: the thing name 'a' is taken (first at {path}:1:10)",
            ],
        ),
        (
            "things: {a: {count: 0}}",
            ["1:21: things.a.count: expected a whole number from 1 to 9, found '0'"],
        ),
        (
            "things: {a: {parts: [{text: 'x\\e', source: a}]}}".replace("'", '"'),
            ["1:29: things.a.parts[1].text: the control character U+001B is not allowed"],
        ),
        (
            "%TAG !a! tag:x:\n---\nthings: {}\n",
            [
                "1:1: directives, as lines that begin with '%', are not read"
                " (begin the line with something else)"
            ],
        ),
        (
            "things:\n  a:\n    level 3\n    share: 1\n",
            [
                "3:5: not valid YAML: mapping values are not allowed in this context"
                " (a colon and a space may be missing)"
            ],
        ),
        (
            "things:\n  a\n  b: {}\n",
            [
                "2:3: not valid YAML: mapping values are not allowed in this context"
                " (a colon and a space may be missing)"
            ],
        ),
        (
            "things:\n  a:\n    level: 3\n     share: 1\n",
            [
                "4:11: not valid YAML: mapping values are not allowed in this context"
                " (put text that contains ': ' in double quotes, or indent the line as the one above)"
            ],
        ),
        (
            "things: {a: {level: 5, share: 7}}",
            ["1:24: things.a: the share is above the level (lower it)"],
        ),
        (
            "things: {a b: {}}",
            ["1:10: things: expected a key of letters, digits, '-', '_' and '.', found 'a b'"],
        ),
        ("things: {a: {marks: {0: x}}}", ["1:14: things.a.marks: 1 is missing"]),
        (
            "things: {a: {marks: {0: x, 1: y, 2: z}}}",
            ["1:34: things.a.marks: expected a whole number from 0 to 1, found '2'"],
        ),
        ("things: {a: {}, a: {}}", ["1:17: duplicate key 'a' (first at line 1)"]),
        (
            "things: {no: {}, false: {}}",
            [
                "1:18: duplicate key 'false' (other readers of YAML take it for 'no', first at line 1)",
            ],
        ),
        ("things: {a: *b}", ["1:13: the alias '*b' is not read (write the value out)"]),
        ("things: {<<: {a: {}}}", ["1:10: the merge key '<<' is not read (write the values out)"]),
        (
            "things: {a: !!python/object:os.system {}}",
            ["1:13: the tag 'tag:yaml.org,2002:python/object:os.sy...' is not read (remove it)"],
        ),
        ("things: {a: {level: !!int 3}}", ["1:21: the tag 'tag:yaml.org,2002:int' is not read (remove it)"]),
        ("things: {? [x] : y}", ["1:12: the file: expected a word as key, found a list"]),
        ("things: {}\n---\nthings: {}\n", ["2:1: a second document starts here (keep one in a file)"]),
        (
            b"\xef\xbb\xbfthings: {}\ntitle: \xff",
            ["2:8: the bytes are not UTF-8 text (save the file as UTF-8)"],
        ),
        ("things: {}\ntitle: \x1b[31m", ["2:8: the control character U+001B is not allowed"]),
        (
            "things:\n\ta: {}\n",
            [
                "2:1: not valid YAML: while scanning for the next token,"
                " found character that cannot start any token"
                " (put the text in double quotes; for indentation use spaces, not tabs)"
            ],
        ),
        (
            "title: a: b\nthings: {}\n",
            [
                "1:9: not valid YAML: mapping values are not allowed in this context"
                " (put text that contains ': ' in double quotes, or indent the line as the one above)"
            ],
        ),
        (
            "things: {}\ntitle: 'open\n",
            [
                "2:8: not valid YAML: while scanning a quoted scalar, found unexpected end of stream"
                " (something that opens here may not be closed)"
            ],
        ),
        (
            'things:\n  a:\n    parts:\n      - text: "open\n        source: a\ntitle: "x"\n',
            [
                "4:15: not valid YAML: while parsing a block mapping, did not find expected key"
                " (a closing quote may be missing)"
            ],
        ),
        (
            "things: {a: {level: 1}\ntitle: x\nother: y\n",
            [
                "1:9: not valid YAML: while parsing a flow mapping, did not find expected ',' or '}'"
                " (something that opens here may not be closed)"
            ],
        ),
        (
            "things: {a: {level: 9, kind: x, parts: 1}, b: 2}",
            [
                "1:21: things.a.level: expected a whole number from 0 to 5, found '9'",
                "1:30: things.a.kind: expected one of red, green, found 'x'",
                "1:40: things.a.parts: expected a list, found '1'",
                "1:47: things.b: expected a mapping, found '2'",
            ],
        ),
    ],
)
def test_problems(text: str | bytes, expected: list[str], tmp_path: Path) -> None:
    """A fault would be told twice, without words, or at a place where nobody finds it."""
    value, problems = read(text, tmp_path)
    assert problems == [problem.replace("{path}", str(tmp_path / "file.yaml")) for problem in expected]
    assert value is None


def test_values(tmp_path: Path) -> None:
    """A sound file would not become what the types say, as where `no` turns into false."""
    value, problems = read(
        "things:\n  no:\n    level: 3\n    share: -1.5\n    parts:\n      - {text: 1.10, source: no}\n",
        tmp_path,
    )
    path = str(tmp_path / "file.yaml")
    thing = value.things["no"]
    assert problems == []
    assert (thing.key, thing.level, thing.share, thing.place) == ("no", 3, -1.5, Place(path, 2, 3))
    assert thing.parts == (Part(place=Place(path, 6, 9), text="1.10", source="no"),)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends(newline: str, tmp_path: Path) -> None:
    """Lines would be counted by another end than the file has, and Windows users look at the wrong one."""
    _, problems = read(newline.join(["things:", "  a:", "    level: 9", ""]), tmp_path)
    assert [problem.partition(": ")[0] for problem in problems] == ["3:12"]


HEAD = b"sources: {a: {title: A, kind: article}}\nroles: {r: {name: Role, label: R, family: F, rank: 1,"
TAIL = b" summary: {text: t, source: a}}}\n"
CLAIM = b"{text: t, source: a},"
# Made when they are needed, as they are large.
HOSTILE: Mapping[str, Callable[[], bytes]] = {
    "30,000 brackets": lambda: b"roles: " + b"[" * 30_000,
    "30,000 braces": lambda: b"roles: " + b"{a: " * 30_000,
    "nested block lists": lambda: b"roles:\n" + b"\n".join(b" " * depth + b"-" for depth in range(1, 2_000)),
    "a chain of merge keys": lambda: (
        b"x0: &x0 {a: b}\n"
        + b"".join(b"x%d: &x%d\n  <<: [*x%d, *x%d]\n" % (n, n, n - 1, n - 1) for n in range(1, 25))
    ),
    "a chain of aliases": lambda: (
        b"x0: &x0 [a]\n" + b"".join(b"x%d: &x%d [*x%d, *x%d]\n" % (n, n, n - 1, n - 1) for n in range(1, 25))
    ),
    "equal keys": lambda: b"roles: {}\n" * 300_000,
    "over 4 MB": lambda: b"# " + b"x" * 5_000_000,
    "not UTF-8": lambda: b"\xff\xfe" + "roles: {}".encode("utf-16-le"),
    "one name a million times": lambda: HEAD + b"aliases: [" + b"b," * 1_900_000 + b"]," + TAIL,
    "many names": lambda: HEAD + b"aliases: [" + b",".join(b"%x" % n for n in range(500_000)) + b"]," + TAIL,
    "many claims": lambda: HEAD + b"tasks: [" + CLAIM * 180_000 + b"]," + TAIL,
    "many faulty claims": lambda: HEAD + b"tasks: [" + b"b," * 1_900_000 + b"]," + TAIL,
    "many unknown sources": lambda: HEAD + b"tasks: [" + b"{text: t, source: b}," * 140_000 + b"]," + TAIL,
    "many roles": lambda: b"sources: {}\nroles: {" + b",".join(b"r%d: {}" % n for n in range(300_000)) + b"}",
    "much in an unknown key": lambda: b"rolez: [" + b"{a: b}," * 500_000 + b"]",
    "a long key": lambda: b"roles: {" + b"a" * 3_900_000 + b": {}}",
    "a long text": lambda: HEAD + b"focus: {source: a, text: " + b"a " * 1_900_000 + b"}," + TAIL,
    "many anchors": lambda: HEAD + b"aliases: [" + b"&a b," * 700_000 + b"]," + TAIL,
    "an endless quote": lambda: b"roles: '" + b"''" * 1_900_000,
    "many documents": lambda: b"---\n" * 900_000,
    "NUL bytes": lambda: b"\0" * 1_000_000,
    "many directives": lambda: b"%TAG !a! tag:x:\n" * 200_000 + b"--- a",
    "a long alias": lambda: b"roles: *" + b"a" * 3_900_000,
    "a long tag": lambda: b"roles: !" + b"a" * 3_900_000 + b" x",
}
# How much more than a small sound folder, whose check takes some 25 MB.
MOST_MEGABYTES = 75


@pytest.fixture(scope="module")
def usual_megabytes(tmp_path_factory: pytest.TempPathFactory) -> float:
    """Return the memory that checking a small sound folder takes."""
    return run_mops("check", str(write_knowledge(tmp_path_factory.mktemp("sound")))).megabytes


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="measures memory as Linux tells it")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file(name: str, tmp_path: Path, usual_megabytes: float) -> None:
    """A hostile file would take all memory or all time, or end in a crash instead of messages."""
    (tmp_path / "roles.yaml").write_bytes(HOSTILE[name]())
    result = run_mops("check", str(tmp_path))
    assert (result.returncode, "Traceback" in result.stderr) == (1, False)
    assert 1 <= len(result.stdout.splitlines()) <= 1_000
    assert max(map(len, result.stdout.splitlines())) < 1_000
    assert result.megabytes - usual_megabytes < MOST_MEGABYTES, result.megabytes - usual_megabytes


@given(st.binary(max_size=300))
def test_any_bytes(content: bytes) -> None:
    """Some bytes would end in a traceback in place of a value or a problem."""
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        value, problems = read(content, Path(name))
    assert (value is None) == bool(problems)


@given(
    st.recursive(st.text("ab: {}[]'\"-#&*!|>\n\t", max_size=8), lambda inner: st.lists(inner).map("\n".join))
)
def test_any_text(text: str) -> None:
    """Something that looks like YAML would end in a traceback in place of a value or a problem."""
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        value, problems = read(text, Path(name))
    assert (value is None) == bool(problems)


def test_schema() -> None:
    """The schema would not say what the reader takes, so that an editor marks sound files."""
    import jsonschema

    schema = json_schema(File, "test")
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid({"things": {"a": {"level": 3, "marks": {"0": "x", "1": "y"}}}})
    for wrong in (
        {},
        {"things": {"a": {"level": 7}}},
        {"things": {"a b": {}}},
        {"things": {"a": {"kind": "blue"}}},
        {"things": {"a": {"parts": [{"text": "x"}]}}},
        {"things": {"a": {"marks": {"0": "x"}}}},
        {"things": {}, "more": 1},
    ):
        assert not validator.is_valid(wrong)


def test_type_without_shape() -> None:
    """A field of a type that the reader does not know would be passed over until a file has it."""
    with pytest.raises(TypeError, match="no shape for <class 'bytes'>"):
        shape_of(bytes)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    """A named pipe would be waited for, and the program hang."""
    path = tmp_path / "file.yaml"
    os.mkfifo(path)
    reading = Reading()
    assert reading.read(path, shape_of(File)) is None
    assert str(reading.problems[0]) == f"{path}: cannot be read: Not a regular file"


def test_impossible_character_without_libyaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyYAML has no C part, a character that does not exist would end in a traceback."""
    monkeypatch.setattr(reader, "PARSER", yaml.SafeLoader)
    path = tmp_path / "roles.yaml"
    path.write_text('roles: {a: {name: "\\U00110000"}}\n', "utf-8")
    reading = Reading()
    assert reading.read(path, shape_of(RolesFile)) is None
    assert [problem.message[:43] for problem in reading.problems] == [
        "not valid YAML: found invalid Unicode chara"
    ]


def test_more_than_anybody_answers(tmp_path: Path) -> None:
    """A questionnaire of thousands would take minutes and gigabytes to score, and nobody be told why."""
    asked = "".join(f"  q{n}: {{kind: agree, trait: writing, text: Number {n}.}}\n" for n in range(501))
    folder = write_knowledge(tmp_path, questions=f"questions:\n{asked}")
    done = run_mops("check", str(folder))
    assert done.returncode == 1
    assert "there are more than 500 questions (leave some out)" in done.stdout + done.stderr


def test_more_than_anybody_can(tmp_path: Path) -> None:
    """A role with a thousand skills would take a minute to plan for, and nobody be told why."""
    skills = "".join(f"  s{n}: {{name: Skill {n}}}\n" for n in range(201))
    demands = "".join(f"      s{n}: 3 decides\n" for n in range(201))
    roles = f"  r:\n    name: Role\n    summary: Works. [j]\n    requires:\n{demands}"
    (tmp_path / "roles.yaml").write_text(
        f"sources:\n  j: {{title: J, kind: judgement}}\nskills:\n{skills}roles:\n{roles}", "utf-8"
    )
    done = run_mops("check", str(tmp_path))
    assert "more than 200 skills and drives are asked for" in done.stdout + done.stderr
