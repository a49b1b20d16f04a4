"""YAML with other values in it: all else of the text stays as it is."""

import datetime
import difflib
from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from hypothesis import given, settings, strategies as st

from mopscli.knowledge.rewrite import rewrite, write_out
from samples import bundled


def merged(found: Any, values: Mapping[str, Any]) -> Any:
    """Return a mapping with other values in it."""
    whole = dict(found)
    for key, value in values.items():
        inner = isinstance(value, Mapping) and isinstance(whole.get(key), Mapping)
        whole[key] = merged(whole[key], value) if inner else value
    return whole


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        pytest.param("a: 1\n", {"a": 2.5}, "a: 2.5\n", id="number"),
        pytest.param("a: 1\n", {"b": 2}, "a: 1\nb: 2\n", id="new key"),
        pytest.param("a: 1", {"b": 2}, "a: 1\nb: 2", id="no line end"),
        pytest.param("a: {x: 1}", {"a": {"y": 2}}, "a: {x: 1, y: 2}", id="flow without a line end"),
        pytest.param(
            "# head\n\na: 1  # one\n# between\nb: 2\n\n# end\n",
            {"a": 7, "c": 3},
            "# head\n\na: 7  # one\n# between\nb: 2\nc: 3\n\n# end\n",
            id="comments and blank lines",
        ),
        pytest.param("a: 1 # one\n", {"b": 2}, "a: 1 # one\nb: 2\n", id="behind a comment"),
        pytest.param("'a': 'one' # it\n", {"a": "two"}, "'a': two # it\n", id="quotes"),
        pytest.param('"a": "x: y"\nb: 1\n', {"b": 3}, '"a": "x: y"\nb: 3\n', id="quotes elsewhere"),
        pytest.param(
            "a: 1\r\nb:\r\n  c: 2\r\n\r\n# end\r\n",
            {"b": {"c": 3, "d": 4}, "e": {"f": {"g": 5}}},
            "a: 1\r\nb:\r\n  c: 3\r\n  d: 4\r\ne:\r\n  f: {g: 5}\r\n\r\n# end\r\n",
            id="CRLF",
        ),
        pytest.param("a: {x: 1, y: 2}  # c\n", {"a": {"x": 3}}, "a: {x: 3, y: 2}  # c\n", id="flow"),
        pytest.param("a: {}\n", {"a": {"x": 3, "y": 4}}, "a: {x: 3, y: 4}\n", id="empty flow"),
        pytest.param(
            "{a: 1}\n", {"b": {"c": {"d": 1}}}, "{a: 1, b: {c: {d: 1}}}\n", id="new mappings in flow"
        ),
        pytest.param("a: {\n  x: 1, # c\n}\n", {"a": {"x": 2}}, "a: {\n  x: 2, # c\n}\n", id="flow of lines"),
        pytest.param(
            "a:\n    x: 1\nb: 2\n", {"a": {"y": 2}}, "a:\n    x: 1\n    y: 2\nb: 2\n", id="indent of the file"
        ),
        pytest.param(
            "a:\n  x:\n    y: 1\n\n# b\nb: 1\n",
            {"a": {"x": {"z": 2}, "w": 3}},
            "a:\n  x:\n    y: 1\n    z: 2\n  w: 3\n\n# b\nb: 1\n",
            id="two levels end at one place",
        ),
        pytest.param(
            "a: 1\n",
            {"b": {"c": {"d": {"e": 1}}, "f": 2}},
            "a: 1\nb:\n  c:\n    d: {e: 1}\n  f: 2\n",
            id="new mappings in mappings",
        ),
        pytest.param(
            "a: |\n  text\n  more\n", {"b": 2}, "a: |\n  text\n  more\nb: 2\n", id="block of text at the end"
        ),
        pytest.param(
            "a: |\n  text\n\n# end\n",
            {"b": 2},
            "a: |\n  text\n\nb: 2\n# end\n",
            id="blank line behind a block",
        ),
        pytest.param(
            "a:\n  b: >-\n    text\n    more\nc: 1\n",
            {"a": {"d": 2}},
            "a:\n  b: >-\n    text\n    more\n  d: 2\nc: 1\n",
            id="folded block inside",
        ),
        pytest.param(
            "a: |\r\n  text\r\n", {"b": 2}, "a: |\r\n  text\r\nb: 2\r\n", id="block of text with CRLF"
        ),
        pytest.param("a: one\n  two\nb: 1\n", {"a": "x"}, "a: x\nb: 1\n", id="plain text of two lines"),
        pytest.param("a: 1\nb:\n- x\n- y\n", {"c": 2}, "a: 1\nb:\n- x\n- y\nc: 2\n", id="list at the end"),
        pytest.param("a:\n- x: 1\n  y: 2\n", {"c": 2}, "a:\n- x: 1\n  y: 2\nc: 2\n", id="list of mappings"),
        pytest.param("---\na: 1\n...\n", {"b": 2}, "---\na: 1\nb: 2\n...\n", id="marks of the document"),
        pytest.param("\ufeffa: 1\n", {"a": 2, "b": 3}, "\ufeffa: 2\nb: 3\n", id="byte order mark"),
        pytest.param("ä: '→'\nb: 1\n", {"b": 2}, "ä: '→'\nb: 2\n", id="characters of several bytes"),
        pytest.param("a: 1\n", {}, "a: 1\n", id="nothing"),
    ],
)
def test_rewritten(text: str, values: Mapping[str, Any], expected: str) -> None:
    """A comment, a blank line, the layout or a line end would be lost, or the values not be there."""
    assert rewrite(text, values) == expected
    assert yaml.safe_load(expected) == merged(yaml.safe_load(text), values)


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "12e3",
        "1.5",
        "1_000",
        "0x1F",
        "0o17",
        "-1",
        "1:30",
        ".inf",
        "true",
        "False",
        "yes",
        "NO",
        "on",
        "Off",
        "y",
        "N",
        "null",
        "Null",
        "~",
        "",
        " ",
        "a: b",
        "a #b",
        "- a",
        "[a]",
        "{a}",
        "'a'",
        '"a"',
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "a\nb",
        "über",
        "a\\b",
        "people at Acme",
        "x" * 300,
    ],
)
def test_texts_stay_texts(text: str) -> None:
    """A text would be read back as a number, a boolean, a comment or another text."""
    for source, values in (
        ("a: 1\n", {"a": text}),
        ("a: 1\n", {"b": text}),
        ("a: {b: x}\n", {"a": {"c": text}}),
    ):
        assert yaml.safe_load(rewrite(source, values)) == merged(yaml.safe_load(source), values)
    assert yaml.safe_load(write_out({"group": text}, "# head\n")) == {"group": text}


def test_date() -> None:
    """A date would be read by our own reader as anything but its text."""
    # YAML has a type for dates, which mops reads as a text.
    assert rewrite("a: 1\n", {"b": "2026-01-05"}) == "a: 1\nb: 2026-01-05\n"
    assert yaml.safe_load("b: 2026-01-05")["b"] == datetime.date(2026, 1, 5)


def test_text_beyond_the_first_plane() -> None:
    """A name with an emoji in it would make a file that cannot be read."""
    assert yaml.safe_load(write_out({"group": "Team 🚀"}, "")) == {"group": "Team 🚀"}


@pytest.mark.parametrize("key", ["no", "On", "1", "2024", "null", "1.5"])
def test_keys_that_look_like_something_else(key: str) -> None:
    """A trait or a question with such a key, which our reader takes as a text, could not be calibrated."""
    text = rewrite(f"questions:\n  {key}: {{kind: agree}}\n", {"questions": {key: {"noise": 1}}})
    assert text == f"questions:\n  {key}: {{kind: agree, noise: 1}}\n"
    rewrite("a: 1\n", {"traits": {key: {"mean": 1}}})


@pytest.mark.parametrize(
    ("text", "values", "reason"),
    [
        ("- 1\n", {"a": 1}, "it is no mapping"),
        ("", {"a": 1}, "it is no mapping"),
        ("# nothing\n", {"a": 1}, "it is no mapping"),
        ("text\n", {"a": 1}, "it is no mapping"),
        ("a: [1, 2]\n", {"a": 3}, "'a' is of another kind"),
        ("a: 1\n", {"a": {"b": 1}}, "'a' is of another kind"),
        ("a: {b: 1}\n", {"a": 1}, "'a' is of another kind"),
    ],
)
def test_refused(text: str, values: Mapping[str, Any], reason: str) -> None:
    """What cannot take the values would be damaged, or refused without a reason."""
    with pytest.raises(ValueError, match=f"^{reason}$"):
        rewrite(text, values)


ALIASES = [
    pytest.param("a: &n {x: 1}\nb: *n\n", {"b": {"x": 2}}, id="changes the other one"),
    pytest.param("a: &n {x: 1}\nb: *n\n", {"a": {"y": 2}}, id="adds to the other one"),
    pytest.param("a: &n 1\nb: *n\n", {"b": 2}, id="loses the anchor"),
    pytest.param("a: &n 1\nb: *n\n", {"a": 2}, id="leaves an alias of nothing"),
    pytest.param("a: |\n  text", {"b": 2}, id="gives a text a line end that it has not"),
]


@pytest.mark.parametrize(("text", "values"), ALIASES)
def test_nothing_else_changes(text: str, values: Mapping[str, Any]) -> None:
    """Something besides the values would be changed, as where it stands in several places, and not be refused."""
    with pytest.raises(ValueError, match="cannot be added to"):
        rewrite(text, values)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param("a: {x: 1,}\n", {"a": {"y": 2}}, id="comma at the end"),
        pytest.param("a: {\n  x: 1,\n}\n", {"a": {"y": 2}}, id="comma at the end of a line"),
        pytest.param("a:\nb: 1\n", {"a": 2}, id="nothing behind a colon"),
    ],
)
def test_unusual_layouts(text: str, values: Mapping[str, Any]) -> None:
    """Sound YAML would become unsound, and end in a traceback."""
    assert yaml.safe_load(rewrite(text, values)) == merged(yaml.safe_load(text), values)


def test_new_file() -> None:
    """A new file would not begin with its comment, or hold other values."""
    values = {"group": "us", "traits": {"a": {"people": 30, "values": (1.0, 2.5)}}, "roles": {}}
    text = write_out(values, "# One.\n# Two.\n")
    assert text == "# One.\n# Two.\ngroup: us\ntraits:\n  a: {people: 30, values: [1.0, 2.5]}\nroles: {}\n"


# --- The questions that come with the program -----------------------------------------------------

numbers = st.floats(0.01, 5).map(lambda x: round(x, 3))
QUESTIONS = (bundled().folder / "questions.yaml").read_text("utf-8")


@st.composite
def calibrations(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what a calibration may write, and some more."""
    knowledge = bundled()
    assert knowledge.questions is not None
    keys = st.sampled_from(list(knowledge.questions.questions))
    traits = st.sampled_from([*knowledge.skills, *knowledge.drives])
    prior = st.fixed_dictionaries({"mean": numbers, "sd": numbers})
    parts = {
        "questions": st.dictionaries(keys, st.fixed_dictionaries({"noise": numbers}), min_size=1),
        "prior": st.fixed_dictionaries(
            {"traits": st.dictionaries(traits, prior, min_size=1)},
            optional={"together": numbers, "skill": prior},
        ),
        "sources": st.fixed_dictionaries(
            {"calibrated": st.fixed_dictionaries({"title": st.text("ab: #'\"-", min_size=1)})}
        ),
        "calibrated": st.just("calibrated"),
        "noise": st.fixed_dictionaries({"agree": numbers}),
        "readiness_share": numbers,
    }
    return draw(st.fixed_dictionaries({}, optional=parts))


@settings(max_examples=4)
@given(calibrations(), calibrations(), st.sampled_from(["\n", "\r\n"]))
def test_bundled_questions(first: dict[str, Any], second: dict[str, Any], newline: str) -> None:
    """A line of the questions would be lost, or the values not be those that were to be written, once or twice."""
    before = QUESTIONS.replace("\n", newline)
    data = yaml.load(QUESTIONS, yaml.CSafeLoader)
    for values in (first, second):
        after = rewrite(before, values)
        assert after.count("\r") == (after.count("\n") if newline == "\r\n" else 0)
        assert yaml.load(after, yaml.CSafeLoader) == (data := merged(data, values))
        steps = difflib.SequenceMatcher(None, before.split(newline), after.split(newline), autojunk=False)
        for kind, one, end, other, last in steps.get_opcodes():
            assert kind in ("equal", "insert", "replace")
            if kind == "replace":
                # A line is changed where it is; those that are new come behind it.
                olds, news = before.split(newline)[one:end], after.split(newline)[other:last]
                assert len(olds) <= len(news)
                for old, new in zip(olds, news, strict=False):
                    assert "#" not in old
                    assert new.partition(":")[0] == old.partition(":")[0]
        before = after
