"""A YAML file read into dataclasses whose types are its schema; knows nothing of what they are about.

The only importer of yaml. Every value is read by the type that expects it, never by YAML's own guessing, and
every fault is reported with its line and column, all in one run.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, NamedTuple, Union, cast, get_args, get_origin

import yaml

from mopscli.problem import Place, Problem, did_you_mean

MAX_BYTES: Final = 4_000_000
MAX_DEPTH: Final = 50
MAX_NODES: Final = 500_000
MAX_PROBLEMS: Final = 1_000

KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
WHOLE: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?")
UNREADABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
BOOLEANS: Final = {
    **dict.fromkeys(("y", "yes", "true", "on"), "true"),
    **dict.fromkeys(("n", "no", "false", "off"), "false"),
}


# --- Files to nodes -------------------------------------------------------------------------------


class Node:
    """A value as it stands in the file: text, a list of nodes, or a mapping of keys to (key node, value node)."""

    __slots__ = ("column", "line", "plain", "value")

    def __init__(self, value: Any, line: int, column: int, plain: bool = False) -> None:
        self.value = value
        self.line = line
        self.column = column
        self.plain = plain


class Unreadable(Exception):
    """Reading this file cannot go on."""


class Reading:
    """One run over a set of files: the problems found, the names defined and the names referred to."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.path = ""
        self._keys: dict[str, set[str]] = {}
        self._names: dict[str, dict[str, Place]] = {}
        self._references: list[tuple[Place, str, tuple[str, ...], str]] = []
        self._complete = True

    def report(self, node: Node, message: str, hint: str = "") -> None:
        """Note a problem at `node`; past the first thousand, stop with what there is."""
        self.problems.append(Problem(self.place(node), message, hint))
        if len(self.problems) >= MAX_PROBLEMS:
            raise Unreadable

    def place(self, node: Node) -> Place:
        return Place(self.path, node.line, node.column)

    def define(self, node: Node, defines: "Defines", at: str) -> None:
        """Note that `node` names something; two things of a kind cannot have one name."""
        place = self.place(node)
        if defines.is_key:
            self._keys.setdefault(defines.kind, set()).add(node.value)
        first = self._names.setdefault(defines.kind, {}).setdefault(node.value.casefold(), place)
        if first != place:
            self.report(node, f"{at}: the {defines.kind} name '{node.value}' is taken", f"first at {first}")

    def refer(self, node: Node, kinds: tuple[str, ...], at: str) -> None:
        """Note that `node` names something of one of these kinds, to be looked up once all files are read."""
        self._references.append((self.place(node), node.value, kinds, at))

    def check_references(self) -> None:
        """Report every reference to a name that no file defines, unless a file could not be read at all."""
        for place, name, kinds, at in self._references:
            keys = [self._keys.get(kind, ()) for kind in kinds]
            if any(name in some for some in keys) or not self._complete:
                continue
            if self.problems and not any(keys):
                continue
            if len(self.problems) >= MAX_PROBLEMS:
                return
            message = f"{at}: unknown {' or '.join(kinds)} '{shorten(name)}'"
            hint = did_you_mean(name, sorted(key for some in keys for key in some))
            self.problems.append(Problem(place, message, hint))

    def read(self, path: Path, expected: type, shown_path: str) -> Any:
        """Read a file into the dataclass `expected`; return None, with the problems noted, if it is not one."""
        self.path = shown_path
        try:
            node = compose(path, self)
            value = shape_of(expected).read(node, "", self)
        except Unreadable:
            self._complete = False
            return None
        return None if value is FAULT else value


def compose(path: Path, reading: Reading) -> Node:
    """Turn a file into nodes, refusing what knowledge never needs: aliases, tags, deep nesting, equal keys."""
    text = _read_text(path, reading)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        root = _compose(loader, reading)
    except yaml.MarkedYAMLError as error:
        # A missing end of brackets or quotes is noticed only later; where they opened is the line to look at.
        opened = re.search("flow|quoted|anchor|tag|block scalar", error.context or "")
        mark = error.context_mark if opened and error.context_mark else error.problem_mark
        node = Node("", mark.line + 1, mark.column + 1) if mark else Node("", 1, 1)
        context = f"{error.context}, " if error.context else ""
        reading.report(node, f"not valid YAML: {context}{error.problem}", _yaml_hint(str(error.problem)))
        raise Unreadable from None
    finally:
        loader.dispose()
    if root is None:
        reading.report(Node("", 1, 1), "the file is empty")
        raise Unreadable
    return root


def _yaml_hint(problem: str) -> str:
    if "'\\t'" in problem:
        return "use spaces, not tabs"
    if "mapping values are not allowed" in problem:
        return "put text that contains ': ' in double quotes"
    return ""


def _read_text(path: Path, reading: Reading) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        reading.problems.append(Problem(Place(reading.path), f"cannot be read: {error.strerror}"))
        raise Unreadable from None
    if len(content) > MAX_BYTES:
        hint = f"the limit is {MAX_BYTES // 1_000_000} MB"
        reading.problems.append(Problem(Place(reading.path), "the file is too large", hint))
        raise Unreadable
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # With a byte order mark, positions count from behind it.
        before = error.object[: error.start].decode("utf-8")
        reading.report(_position(before), "the bytes are not UTF-8 text", "save the file as UTF-8")
        raise Unreadable from None
    if unreadable := UNREADABLE.search(text):
        position = _position(text[: unreadable.start()])
        reading.report(position, f"the control character U+{ord(unreadable[0]):04X} is not allowed")
        raise Unreadable
    return text


def _position(before: str) -> Node:
    lines = before.split("\n")
    return Node("", len(lines), len(lines[-1]) + 1)


def _compose(loader: Any, reading: Reading) -> Node | None:
    root: Node | None = None
    open_nodes: list[Node] = []
    keys: list[Node | None] = []  # For each open mapping, the key that waits for its value.
    next_event = loader.get_event
    nodes = documents = 0
    while True:
        event = next_event()
        kind = type(event)
        if kind is yaml.ScalarEvent:
            mark = event.start_mark
            node = Node(event.value, mark.line + 1, mark.column + 1, not event.style)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            mark = event.start_mark
            value: Any = {} if kind is yaml.MappingStartEvent else []
            node = Node(value, mark.line + 1, mark.column + 1)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            open_nodes.pop()
            keys.pop()
            continue
        elif kind is yaml.AliasEvent:
            mark = event.start_mark
            node = Node("", mark.line + 1, mark.column + 1)
            reading.report(node, f"the alias '*{event.anchor}' is not read", "write the value out")
        elif kind is yaml.DocumentStartEvent:
            documents += 1
            if documents > 1:
                mark = event.start_mark
                reading.report(Node("", mark.line + 1, mark.column + 1), "a second document starts here")
                raise Unreadable
            continue
        elif kind is yaml.StreamEndEvent:
            return root
        else:
            continue

        nodes += 1
        if nodes > MAX_NODES:
            reading.report(node, f"the file holds more than {MAX_NODES:,} values")
            raise Unreadable
        if kind is not yaml.AliasEvent and event.tag is not None and event.tag != "!":
            reading.report(node, f"the tag '{event.tag}' is not read", "remove it")
        if not open_nodes:
            root = node
        elif type(open_nodes[-1].value) is list:
            open_nodes[-1].value.append(node)
        elif (key := keys[-1]) is None:
            if type(node.value) is not str:
                reading.report(node, "a key must be a word, not a list or a mapping")
                raise Unreadable
            keys[-1] = node
        else:
            _add_pair(open_nodes[-1].value, key, node, reading)
            keys[-1] = None
        if type(node.value) is not str:
            open_nodes.append(node)
            keys.append(None)
            if len(open_nodes) > MAX_DEPTH:
                reading.report(node, f"nested more than {MAX_DEPTH} deep")
                raise Unreadable


def _add_pair(pairs: dict[str, tuple[Node, Node]], key: Node, value: Node, reading: Reading) -> None:
    if key.value == "<<" and key.plain:
        reading.report(key, "the merge key '<<' is not read", "write the values out")
        return
    if key.value in pairs:
        reading.report(key, f"duplicate key '{key.value}'", f"first at line {pairs[key.value][0].line}")
        return
    if key.plain and (truth := BOOLEANS.get(key.value.lower())):
        # A YAML 1.1 reader takes no, No and false for one key; two of them in a mapping are a trap.
        for first, _ in pairs.values():
            if first.plain and BOOLEANS.get(first.value.lower()) == truth:
                hint = f"other YAML readers take it for '{first.value}' at line {first.line}"
                reading.report(key, f"duplicate key '{key.value}'", hint)
                return
    pairs[key.value] = (key, value)


# --- Types as a schema ----------------------------------------------------------------------------


class Between(NamedTuple):
    """A number from `low` to `high`, both allowed."""

    low: float
    high: float


class Defines(NamedTuple):
    """A name that nothing else of its kind has, upper or lower case alike; a key is what others refer to."""

    kind: str
    is_key: bool = True


class Refers(NamedTuple):
    """The key of something that is defined elsewhere, of one of these kinds."""

    kinds: tuple[str, ...]


class Every(NamedTuple):
    """A mapping that has each of these keys."""

    keys: tuple[int, ...]


class _Fault:
    """What reading returns for a value whose problems are noted."""


FAULT: Final = _Fault()


class Shape:
    """How one type is read from a node, and how it is written as a JSON Schema."""

    def read(self, node: Node, at: str, reading: Reading) -> Any:
        """Return the value of `node`, or FAULT with the problems noted; `at` is the path shown, as roles.head."""
        raise NotImplementedError

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        """Return a JSON Schema of what `read` takes, adding dataclasses to `definitions`."""
        raise NotImplementedError


def _refuse(node: Node, expected: str, at: str, reading: Reading) -> _Fault:
    value = node.value
    if isinstance(value, str):
        found = f"'{shorten(value)}'" if value else "nothing"
    else:
        found = "a list" if isinstance(value, list) else "a mapping"
    reading.report(node, f"{at or 'the file'}: expected {expected}, found {found}")
    return FAULT


def shorten(text: str, limit: int = 40) -> str:
    """Cut a text that would drown the message around it."""
    return text if len(text) <= limit else text[: limit - 3] + "..."


@dataclass(eq=False, repr=False)
class Text(Shape):
    """Any text that is not empty, exactly as it stands: `no` is the text "no"."""

    def read(self, node: Node, at: str, reading: Reading) -> Any:
        if type(node.value) is str and (node.value and not node.value.isspace()):
            return node.value
        return _refuse(node, "text", at, reading)

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        return {"type": ["string", "number", "boolean"], "minLength": 1}


@dataclass(eq=False, repr=False)
class Name(Shape):
    """A text that defines a name or refers to one."""

    role: Defines | Refers

    def read(self, node: Node, at: str, reading: Reading) -> Any:
        text = Text().read(node, at, reading)
        if text is FAULT:
            return FAULT
        if isinstance(self.role, Refers):
            reading.refer(node, self.role.kinds, at)
        else:
            if self.role.is_key and not KEY.fullmatch(text):
                return _refuse(node, "a key of letters, digits, '-', '_' and '.'", at, reading)
            reading.define(node, self.role, at)
        return text

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        if isinstance(self.role, Defines) and self.role.is_key:
            return {"type": "string", "pattern": f"^{KEY.pattern}$"}
        return {"type": "string", "minLength": 1}


@dataclass(eq=False, repr=False)
class Amount(Shape):
    """A number, whole or not, within bounds."""

    number: type
    within: Between | None

    def read(self, node: Node, at: str, reading: Reading) -> Any:
        pattern = WHOLE if self.number is int else NUMBER
        if type(node.value) is str and node.plain and pattern.fullmatch(node.value):
            value = self.number(node.value)
            if self.within is None or self.within.low <= value <= self.within.high:
                return value
        name = "a whole number" if self.number is int else "a number"
        if self.within is not None:
            name += f" from {self.within.low:g} to {self.within.high:g}"
        return _refuse(node, name, at, reading)

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "integer" if self.number is int else "number"}
        if self.within is not None:
            schema |= {"minimum": self.within.low, "maximum": self.within.high}
        return schema


@dataclass(eq=False, repr=False)
class Choice(Shape):
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, node: Node, at: str, reading: Reading) -> Any:
        if type(node.value) is str and node.value in self.words:
            return node.value
        return _refuse(node, f"one of {', '.join(self.words)}", at, reading)

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        return {"enum": list(self.words)}


@dataclass(eq=False, repr=False)
class List(Shape):
    """A list of one kind of thing."""

    item: Shape

    def read(self, node: Node, at: str, reading: Reading) -> Any:
        if type(node.value) is not list:
            return _refuse(node, "a list", at, reading)
        values = [
            self.item.read(item, f"{at}[{number}]", reading) for number, item in enumerate(node.value, 1)
        ]
        return FAULT if any(value is FAULT for value in values) else tuple(values)

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        return {"type": "array", "items": self.item.schema(definitions)}


@dataclass(eq=False, repr=False)
class Table(Shape):
    """A mapping whose keys are names or whole numbers, and whose values are of one kind."""

    key: Shape
    value: Shape
    every: tuple[int, ...] = ()

    def read(self, node: Node, at: str, reading: Reading) -> Any:
        if type(node.value) is not dict:
            return _refuse(node, "a mapping", at, reading)
        values: dict[Any, Any] = {}
        faulty = False
        for name, (key_node, value_node) in node.value.items():
            key = self.key.read(key_node, at, reading)
            if isinstance(self.value, Record):
                value = self.value.read(value_node, f"{at}.{name}", reading, key_node)
            else:
                value = self.value.read(value_node, f"{at}.{name}", reading)
            if key is FAULT or value is FAULT:
                faulty = True
            else:
                values[key] = value
        for key in self.every:
            if str(key) not in node.value:
                reading.report(node, f"{at}: {key} is missing")
                faulty = True
        return FAULT if faulty else values

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "object"}
        if self.every:
            value = self.value.schema(definitions)
            schema["properties"] = {str(key): value for key in self.every}
            schema |= {"required": [str(key) for key in self.every], "additionalProperties": False}
        else:
            schema["additionalProperties"] = self.value.schema(definitions)
            if pattern := self.key.schema(definitions).get("pattern"):
                schema["propertyNames"] = {"pattern": pattern}
        return schema


class Field(NamedTuple):
    """One key of a record."""

    attribute: str
    shape: Shape
    required: bool
    description: str


@dataclass(eq=False, repr=False)
class Record(Shape):
    """A mapping that is a dataclass; its `place`, and its `key` if it has one, come from where it stands."""

    of: type
    keys: Mapping[str, Field]
    keyed: bool

    def read(self, node: Node, at: str, reading: Reading, key: Node | None = None) -> Any:
        if type(node.value) is not dict:
            return _refuse(node, "a mapping", at, reading)
        values: dict[str, Any] = {}
        faulty = False
        misspelled: set[str] = set()
        dot = "." if at else ""
        for name, (key_node, value_node) in node.value.items():
            known = self.keys.get(name)
            if known is None:
                hint = did_you_mean(name, self.keys)
                misspelled.update(key for key in self.keys if f"'{key}'" in hint)
                reading.report(key_node, f"{at}{dot}{shorten(name)}: unknown key", hint)
                faulty = True
                continue
            if isinstance(known.shape, Record):
                value = known.shape.read(value_node, f"{at}{dot}{name}", reading, key_node)
            else:
                value = known.shape.read(value_node, f"{at}{dot}{name}", reading)
            if value is FAULT:
                faulty = True
            else:
                values[known.attribute] = value
        where = key or node
        for name, known in self.keys.items():
            if known.required and name not in node.value:
                faulty = True
                if name not in misspelled:
                    reading.report(where, f"{at or 'the file'}: '{name}' is missing")
        if faulty:
            return FAULT
        if self.keyed and key is not None:
            values["key"] = key.value
        return self.of(place=Place(reading.path, where.line, where.column), **values)

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        name = self.of.__name__
        if name not in definitions:
            definitions[name] = {}
            properties = {}
            for key, known in self.keys.items():
                properties[key] = known.shape.schema(definitions) | {"description": known.description}
            definitions[name] = {
                "type": "object",
                "description": (self.of.__doc__ or "").partition("\n")[0],
                "properties": properties,
                "required": [key for key, known in self.keys.items() if known.required],
                "additionalProperties": False,
            }
        return {"$ref": f"#/$defs/{name}"}


@cache
def shape_of(kind: Any) -> Shape:
    """Return the shape of a type: a dataclass, str, int, float, Literal, tuple, Mapping, or one of these or None.

    Raises:
        TypeError: the type is none of these, which is a mistake in the program and not in a file.

    """
    notes: Sequence[Any] = ()
    if get_origin(kind) is Annotated:
        kind, *notes = get_args(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return _record(kind)
    if origin in (UnionType, Union) and arguments[1] is NoneType:
        return shape_of(arguments[0])
    if origin is tuple:
        return List(shape_of(arguments[0]))
    if origin is Literal:
        return Choice(arguments)
    if origin is Mapping:
        every = next((note.keys for note in notes if isinstance(note, Every)), ())
        return Table(shape_of(arguments[0]), shape_of(arguments[1]), every)
    if kind is int or kind is float:
        return Amount(kind, next((note for note in notes if isinstance(note, Between)), None))
    if kind is str:
        role = next((note for note in notes if isinstance(note, Defines | Refers)), None)
        return Name(role) if role else Text()
    raise TypeError(f"no shape for {kind}")


def _record(kind: Any) -> Record:
    names = {field.name for field in fields(kind)}
    keys = {
        name: _field(field)
        for field in fields(kind)
        if (name := field.name.rstrip("_")) not in ("place", "key")
    }
    return Record(kind, keys, "key" in names)


def _field(field: Any) -> Field:
    texts = [note for note in getattr(field.type, "__metadata__", ()) if isinstance(note, str)]
    return Field(
        attribute=field.name,
        shape=shape_of(field.type),
        required=field.default is MISSING and field.default_factory is MISSING,
        description=texts[-1] if texts else "",
    )


def json_schema(kind: type, title: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a file that is read into the dataclass `kind`."""
    definitions: dict[str, Any] = {}
    root = shape_of(kind).schema(definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **root,
        "$defs": definitions,
    }


def record_fields(kind: type) -> Iterator[tuple[str, Field]]:
    """Yield each key of a record and what it is, for documentation."""
    yield from cast("Record", shape_of(kind)).keys.items()
