"""Types as a schema: how each is read from a file, and how it is written as a JSON Schema.

Knows nothing of YAML but the events that the reader hands on, and nothing of what the types are about.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache, cached_property
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, NamedTuple, Union, cast, get_args, get_origin

from mopscli.knowledge.constraints import KEY, NUMBER, Between, Defines, Every, Inconsistencies, Refers
from mopscli.knowledge.reader import (
    INVALID,
    MappingEnd,
    MappingStart,
    Reading,
    Scalar,
    SequenceEnd,
    SequenceStart,
    Shape,
    is_tagged,
)
from mopscli.problem import Place
from mopscli.text import CONTROL, did_you_mean, shorten

WHOLE: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
DECIMAL: Final = re.compile(f"-?{NUMBER}")
BOOLEANS: Final = {
    **dict.fromkeys(("y", "yes", "true", "on"), "true"),
    **dict.fromkeys(("n", "no", "false", "off"), "false"),
}


class Text(Shape):
    """Any text that is not empty, exactly as it stands: `no` is the text "no"."""

    def read(self, event: Any, at: str, reading: Reading, key: Any) -> Any:
        if type(event) is Scalar and event.value.strip() and (event.tag is None or not is_tagged(event)):
            text = event.value
            if text.isprintable() or not (control := re.search(CONTROL, text)):
                return text
            code = f"U+{ord(control[0]):04X}"
            return reading.report(event, f"{at}: the control character {code} is not allowed")
        return reading.refuse(event, "text", at)

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        return {"type": ["string", "number", "boolean"], "minLength": 1}


class Name(Shape):
    """A text that defines a name or refers to one."""

    def __init__(self, note: Defines | Refers) -> None:
        self.note = note

    def read(self, event: Any, at: str, reading: Reading, key: Any) -> Any:
        text = TEXT.read(event, at, reading, key)
        if text is INVALID:
            return INVALID
        if isinstance(self.note, Refers):
            reading.refer(event, self.note.kinds, at)
        else:
            reading.define(event, self.note, at)
            if self.note.is_key and not re.fullmatch(KEY, text):
                return reading.refuse(event, "a key of letters, digits, '-', '_' and '.'", at)
        return text

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        if isinstance(self.note, Defines) and self.note.is_key:
            return {"type": "string", "pattern": f"^{KEY}$"}
        return {"type": "string", "minLength": 1}


class Amount(Shape):
    """A number, whole or not, within bounds."""

    def __init__(self, number: type, within: Between | None) -> None:
        self.number = number
        self.within = within
        self.pattern = WHOLE if number is int else DECIMAL

    def read(self, event: Any, at: str, reading: Reading, key: Any) -> Any:
        if (
            type(event) is Scalar
            and not event.style
            and self.pattern.fullmatch(event.value)
            and not event.tag
        ):
            value = self.number(event.value)
            if self.within is None or self.within.low <= value <= self.within.high:
                return value
        name = "a whole number" if self.number is int else "a number"
        if self.within is not None:
            name += f" from {self.within.low:g} to {self.within.high:g}"
        quoted = type(event) is Scalar and event.style and self.pattern.fullmatch(event.value)
        return reading.refuse(event, name, at, "remove the quotes" if quoted else "")

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "integer" if self.number is int else "number"}
        if self.within is not None:
            schema |= {"minimum": self.within.low, "maximum": self.within.high}
        return schema


class OneOf(Shape):
    """One of a few words."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words

    def read(self, event: Any, at: str, reading: Reading, key: Any) -> Any:
        if type(event) is Scalar and event.value in self.words and not is_tagged(event):
            return event.value
        hint = did_you_mean(event.value, self.words) if type(event) is Scalar else ""
        return reading.refuse(event, f"one of {', '.join(self.words)}", at, hint)

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        return {"enum": list(self.words)}


class List(Shape):
    """A list of one kind of thing."""

    def __init__(self, item: Shape) -> None:
        self.item = item

    def read(self, event: Any, at: str, reading: Reading, key: Any) -> Any:
        if type(event) is not SequenceStart or is_tagged(event):
            return reading.refuse(event, "a list", at)
        values: list[Any] = []
        invalid = False
        while type(start := reading.next_event()) is not SequenceEnd:
            value = self.item.read(start, f"{at}[{len(values) + 1}]", reading, None)
            invalid = invalid or value is INVALID
            values.append(value)
        return INVALID if invalid else tuple(values)

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        return {"type": "array", "items": self.item.schema(definitions)}


class Table(Shape):
    """A mapping whose keys are names or whole numbers, and whose values are of one kind."""

    def __init__(self, key: Shape, value: Shape, every: tuple[int | str, ...]) -> None:
        self.key = key
        self.value = value
        self.every = every

    def read(self, event: Any, at: str, reading: Reading, key: Any) -> Any:
        if type(event) is not MappingStart or is_tagged(event):
            return reading.refuse(event, "a mapping", at)
        values: dict[Any, Any] = {}
        seen: dict[str, Any] = {}
        invalid = False
        while type(start := reading.next_event()) is not MappingEnd:
            word = reading.word(start)
            # A YAML 1.1 reader takes no, No and false for one key; two of them in a mapping are a trap.
            same = word if word is None or start.style else BOOLEANS.get(word.lower(), word)
            if same is None or same in seen:
                invalid = True
                if same is not None:
                    _report_duplicate(start, seen[same], reading)
                continue
            seen[same] = start
            name = self.key.read(start, at, reading, None)
            value = self.value.read(reading.next_event(), f"{at}.{word}", reading, start)
            if name is INVALID or value is INVALID:
                invalid = True
            else:
                values[name] = value
        for missing in self.every:
            if str(missing) not in seen:
                invalid = True
                reading.report(key or event, f"{at}: {missing} is missing")
        return INVALID if invalid else values

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        value = self.value.schema(definitions)
        if self.every:
            names = [str(key) for key in self.every]
            allowed = self.key.schema(definitions).get("enum", names)
            properties = dict.fromkeys(map(str, allowed), value)
            return {
                "type": "object",
                "properties": properties,
                "required": names,
                "additionalProperties": False,
            }
        pattern = self.key.schema(definitions).get("pattern")
        names_schema = {"propertyNames": {"pattern": pattern}} if pattern else {}
        return {"type": "object", "additionalProperties": value, **names_schema}


def _report_duplicate(event: Any, first: Any, reading: Reading) -> None:
    """Report a key that a mapping has already, and pass over its value."""
    line = f"first at line {first.start_mark.line + 1}"
    if event.value != first.value:
        line = f"other readers of YAML take it for '{first.value}', {line}"
    reading.report(event, f"duplicate key '{shorten(event.value)}'", line)
    reading.skip(reading.next_event())


class Field(NamedTuple):
    """One key of a record."""

    attribute: str
    shape: Shape
    required: bool
    description: str


class Record(Shape):
    """A mapping that is a dataclass; its `place`, and its `key` if it has one, come from where it stands.

    If the dataclass has a method `inconsistencies`, it tells what is wrong although each value alone is sound.
    If it has a pattern `IN_SHORT`, a text of that pattern stands for a mapping: its groups are the values. A value
    that is one of its `WORDS`, if there are any, stands for what they say.
    """

    def __init__(self, kind: Any) -> None:
        names = {field.name for field in fields(kind)}
        self.kind = kind
        self.keyed = "key" in names
        self.fields = {
            field.name.rstrip("_"): _field(field)
            for field in fields(kind)
            if field.name not in ("place", "key")
        }
        self.required = [name for name, field in self.fields.items() if field.required]
        self.in_short: str = getattr(kind, "IN_SHORT", "")
        self.words: Mapping[str, str] = getattr(kind, "WORDS", {})
        self.inconsistencies: Callable[[Any], Inconsistencies] | None = getattr(kind, "inconsistencies", None)

    def read(self, event: Any, at: str, reading: Reading, key: Any) -> Any:
        if type(event) is not MappingStart or is_tagged(event):
            if found := self._in_short(event):
                return self._read_short(event, found, at, reading, key)
            keys = " and ".join(f"'{name}'" for name in self.required[:2])
            return reading.refuse(event, f"a mapping with {keys}" if keys else "a mapping", at)
        where = key or event
        values: dict[str, Any] = {"place": reading.place(where)}
        if self.keyed:
            values["key"] = key.value
        seen: dict[str, Any] = {}
        hints = ""
        invalid = False
        dotted = f"{at}." if at else ""
        while type(start := reading.next_event()) is not MappingEnd:
            word = reading.word(start)
            if word is None:
                invalid = True
            elif word in seen:
                invalid = True
                _report_duplicate(start, seen[word], reading)
            elif (field := self.fields.get(word)) is None:
                invalid = True
                hint = did_you_mean(word, self.fields)
                hints += hint
                reading.report(start, f"{dotted}{shorten(word)}: unknown key", hint)
                reading.skip(reading.next_event())
            else:
                seen[word] = start
                value = field.shape.read(reading.next_event(), dotted + word, reading, start)
                values[field.attribute] = value
                invalid = invalid or value is INVALID
        for name in self.required:
            if name not in seen:
                invalid = True
                # A misspelled key and a missing one are the same mistake.
                if f"'{name}'" not in hints:
                    reading.report(where, f"{at or 'the file'}: '{name}' is missing")
        return INVALID if invalid else self._made(values, seen, where, at, reading)

    def _in_short(self, event: Any) -> re.Match[str] | None:
        if not self.in_short or type(event) is not Scalar or event.style or event.tag:
            return None
        return self._short_form.fullmatch(event.value)

    @cached_property
    def _short_form(self) -> re.Pattern[str]:
        return re.compile(self.in_short)

    def _read_short(self, event: Any, found: re.Match[str], at: str, reading: Reading, key: Any) -> Any:
        """Read what the parts of a text stand for, each as if it stood alone."""
        values: dict[str, Any] = {"place": reading.place(key or event)}
        for name, part in found.groupdict().items():
            event.value = self.words.get(part, part)
            values[name] = self.fields[name].shape.read(event, f"{at}.{name}", reading, None)
        return INVALID if INVALID in values.values() else self._made(values, {}, key or event, at, reading)

    def _made(
        self, values: Mapping[str, Any], seen: Mapping[str, Any], where: Any, at: str, reading: Reading
    ) -> Any:
        """Return the record with some values, or INVALID if it tells what is wrong with them together."""
        record = self.kind(**values)
        invalid = False
        for where_in_it, message, hint in self.inconsistencies(record) if self.inconsistencies else ():
            invalid = True
            place = where_in_it
            if not isinstance(place, Place):
                place = reading.place(seen.get(place, where))
            reading.report_at(place, f"{at}: {message}" if at else message, hint)
        return INVALID if invalid else record

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        name = self.kind.__name__
        if name not in definitions:
            definitions[name] = {}
            properties = {
                key: field.shape.schema(definitions) | {"description": field.description}
                for key, field in self.fields.items()
            }
            definitions[name] = {
                "type": "object",
                "description": (self.kind.__doc__ or "").partition("\n")[0],
                "properties": properties,
                "required": self.required,
                "additionalProperties": False,
            }
        long = {"$ref": f"#/$defs/{name}"}
        if not self.in_short:
            return long
        # JSON Schema has no names for groups.
        pattern = re.sub(r"\(\?P<\w+>", "(?:", self.in_short)
        return {"anyOf": [long, {"type": "string", "pattern": f"^{pattern}$"}]}


TEXT: Final = Text()


@cache
def shape_of(kind: Any) -> Shape:
    """Return the shape of a dataclass, str, int, float, Literal, tuple, Mapping, or of one of these or None.

    Raises:
        TypeError: the type is none of these, which is a mistake in the program and not in a file.

    """
    notes: tuple[Any, ...] = ()
    if get_origin(kind) is Annotated:
        kind, *rest = get_args(kind)
        notes = tuple(rest)
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return Record(cast("type", kind))
    if origin in (UnionType, Union) and arguments[1] is NoneType:
        return shape_of(Annotated[arguments[0], *notes] if notes else arguments[0])
    if origin is tuple:
        return List(shape_of(arguments[0]))
    if origin is Literal:
        return OneOf(arguments)
    if origin is Mapping:
        every = next((note.keys for note in notes if isinstance(note, Every)), ())
        return Table(shape_of(arguments[0]), shape_of(arguments[1]), every)
    if kind is int or kind is float:
        return Amount(kind, next((note for note in notes if isinstance(note, Between)), None))
    if kind is str:
        name = next((note for note in notes if isinstance(note, Defines | Refers)), None)
        return Name(name) if name else TEXT
    raise TypeError(f"no shape for {kind}")


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
