"""A YAML text with other values, its comments and its layout kept."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import yaml

PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9 _-]*|[0-9]{4}-[0-9]{2}-[0-9]{2}")
WORDS: Final = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
STEP: Final = "  "

# A mapping of keys to values, or to further mappings.
Values = Mapping[str, Any]


class _Edit(NamedTuple):
    """What stands from one place to another, and what takes its place."""

    start: int
    end: int
    text: str


def rewrite(text: str, values: Values) -> str:
    """Return a YAML text whose top is a mapping, with these values in it; all else stays as it is.

    What is there is replaced, what is not is added behind what is there.

    Raises:
        ValueError: the text is no mapping, or one thing in it stands in several places.

    """
    try:
        root = yaml.compose(text, yaml.SafeLoader)
        if not isinstance(root, yaml.MappingNode):
            raise ValueError("it is no mapping")  # noqa: TRY004
        expected = _with(_plain(root), values)
        newline = "\r\n" if "\r\n" in text else "\n"
        for edit in sorted(_merge(text, root, values, newline), reverse=True):
            text = text[: edit.start] + edit.text + text[edit.end :]
        found = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError:
        raise ValueError("it is written in a way that cannot be added to") from None
    if found is None or _plain(found) != expected:
        raise ValueError("it is written in a way that cannot be added to")
    return text


def write_out(values: Values, head: str) -> str:
    """Return a new YAML text with these values under some lines of comment."""
    return head + "".join(f"{line}\n" for line in _block(values, ""))


def _merge(text: str, node: yaml.MappingNode, values: Values, newline: str) -> Iterator[_Edit]:
    """Yield the edits that put values into a mapping."""
    known = {str(key.value): value for key, value in node.value}
    new = {}
    for key, value in values.items():
        there = known.get(key)
        if isinstance(there, yaml.MappingNode) and isinstance(value, Mapping):
            yield from _merge(text, there, value, newline)
        elif isinstance(there, yaml.ScalarNode) and (not isinstance(value, Mapping) or not there.value):
            start, end = there.start_mark.index, there.end_mark.index
            yield _Edit(start, end, ("" if there.value else " ") + _flow(value))
        elif there is not None:
            raise ValueError(f"'{key}' is of another kind")
        else:
            new[key] = value
    if not new:
        return
    if node.flow_style:
        end = node.end_mark.index - 1
        ended = text[:end].rstrip().endswith(("{", ","))
        yield _Edit(end, end, ("" if ended else ", ") + ", ".join(f"{k}: {_flow(v)}" for k, v in new.items()))
        return
    indent = " " * node.value[0][0].start_mark.column
    end = _end_of_line(text, _last(node).end_mark.index)
    lines = "".join(newline + line for line in _block(new, indent))
    yield _Edit(end, end, lines)


def _last(node: yaml.Node) -> yaml.Node:
    """Return the last part of a node, behind which nothing of it stands; the end of a block is beyond comments."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node


def _end_of_line(text: str, place: int) -> int:
    """Return where the line ends at whose end something ends; a block of text ends behind its last line."""
    if place and text[place - 1] == "\n":
        place -= 1
        return place - 1 if place and text[place - 1] == "\r" else place
    found = re.compile(r"\r?$", re.MULTILINE).search(text, place)
    return found.start() if found else len(text)


def _block(values: Values, indent: str) -> Iterator[str]:
    """Yield the lines of a mapping in block style; a mapping without mappings in it stands in one line."""
    for key, value in values.items():
        if isinstance(value, Mapping) and any(isinstance(part, Mapping) for part in value.values()):
            yield f"{indent}{key}:"
            yield from _block(value, indent + STEP)
        else:
            yield f"{indent}{key}: {_flow(value)}"


def _flow(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(part)}" for key, part in value.items()) + "}"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, str) and PLAIN.fullmatch(value) and value.lower() not in WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)


def _plain(node: yaml.Node) -> Any:
    """Return what a node holds, each scalar as its text: what a key or a value means is not decided here."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(part) for part in node.value]
    return node.value


def _with(plain: Any, values: Any) -> Any:
    """Return what was read with these values in it."""
    if isinstance(values, Mapping):
        known = plain if isinstance(plain, dict) else {}
        return {**known, **{key: _with(known.get(key), value) for key, value in values.items()}}
    if isinstance(values, (list, tuple)):
        return [_with(None, value) for value in values]
    return values if isinstance(values, str) else json.dumps(values)
