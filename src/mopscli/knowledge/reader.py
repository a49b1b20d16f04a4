"""A YAML file read into dataclasses whose types are its schema; knows nothing of what they are about.

The only importer of yaml. The events of the parser go straight into the values: every value is read by the
type that expects it, never by YAML's own guessing, and every fault is reported with its line and column.
"""

import errno
import os
import re
import stat
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, NamedTuple, NoReturn, Union, cast, get_args, get_origin

import yaml

from mopscli.problem import Place, Problem
from mopscli.text import CONTROL, did_you_mean, same_name, shorten

MAX_BYTES: Final = 4_000_000
MAX_DEPTH: Final = 50
MAX_VALUES: Final = 100_000
MAX_PROBLEMS: Final = 1_000
MAX_GUESSES: Final = 20_000

KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
WHOLE: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?")
DIRECTIVE: Final = re.compile("^%", re.MULTILINE)
UNREADABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
BOOLEANS: Final = {
    **dict.fromkeys(("y", "yes", "true", "on"), "true"),
    **dict.fromkeys(("n", "no", "false", "off"), "false"),
}

Scalar = yaml.ScalarEvent
PARSER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MappingStart, MappingEnd = yaml.MappingStartEvent, yaml.MappingEndEvent
SequenceStart, SequenceEnd = yaml.SequenceStartEvent, yaml.SequenceEndEvent


# --- Notes in types -------------------------------------------------------------------------------


class Between(NamedTuple):
    """A number from `low` to `high`, both allowed."""

    low: float
    high: float


class Defines(NamedTuple):
    """A name that nothing else of its kind has, upper or lower case alike.

    A key is what others refer to; `repeats_key` allows a name to be the key of the same thing.
    """

    kind: str
    is_key: bool = True
    repeats_key: bool = False


class Refers(NamedTuple):
    """The key of something that is defined elsewhere, of one of these kinds."""

    kinds: tuple[str, ...]


class Every(NamedTuple):
    """A mapping that has each of these keys."""

    keys: tuple[int | str, ...]


# --- Reading --------------------------------------------------------------------------------------


class Unreadable(Exception):
    """Reading this file cannot go on."""


class Mark(NamedTuple):
    """A position in a file, counted from 0 as the parser counts."""

    line: int
    column: int


class Fault:
    """What reading returns for a value whose problems are noted."""


FAULT: Final = Fault()


class _Definition(NamedTuple):
    """Where a name is defined, for what, and whether it is its key."""

    place: Place
    owner: str
    is_key: bool
    message: str


class Reading:
    """One run over a set of files: the problems found, the names defined and the names referred to."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._first = 0
        self.next_event: Callable[[], Any]
        self._path = ""
        self._values = 0
        self._keys: dict[str, set[str]] = {}
        self._names: dict[str, dict[str, _Definition]] = {}
        self._references: list[tuple[Place, str, tuple[str, ...], str]] = []
        self._complete = True

    def read(self, path: Path, expected: type) -> Any:
        """Read a file into the dataclass `expected`; return None, the problems noted, if it is not one."""
        return self.read_shape(path, shape_of(expected))

    def read_shape(self, path: Path, shape: "Shape") -> Any:
        """Read a file by a shape; return None, the problems noted, if it has another one."""
        self._path = str(path)
        try:
            content = read_bytes(path)
        except OSError as error:
            hint = "'mops init DIR' makes a folder with all files" if error.errno == errno.ENOENT else ""
            self.report_at(Place(self._path), f"cannot be read: {error.strerror}", hint)
            self._complete = False
            return None
        return self.read_content(self._path, content, shape)

    def read_content(self, name: str, content: bytes, shape: "Shape") -> Any:
        """Read bytes by a shape, as if they were in a file of this name."""
        self._path = name
        self._values = 0
        self._first = len(self.problems)
        try:
            value = self._parse(self._text(content), shape)
        except Unreadable:
            self._complete = False
            return None
        return None if value is FAULT else value

    def place(self, event: Any) -> Place:
        """Return where an event stands."""
        mark = event.start_mark
        return Place(self._path, mark.line + 1, mark.column + 1)

    def report(self, event: Any, message: str, hint: str = "") -> Fault:
        """Note a problem where an event stands."""
        self.report_at(self.place(event), message, hint)
        return FAULT

    def report_at(self, place: Place, message: str, hint: str = "") -> None:
        """Note a problem at a place; past the first thousand, stop with what there is."""
        if len(self.problems) >= MAX_PROBLEMS:
            raise Unreadable
        self.problems.append(Problem(place, message, hint))

    def refuse(self, event: Any, expected: str, at: str, hint: str = "") -> Fault:
        """Note that a value is not what was expected, and pass over it."""
        kind = type(event)
        if kind is yaml.AliasEvent:
            alias = shorten(event.anchor)
            return self.report(event, f"the alias '*{alias}' is not read", "write the value out")
        if _is_tagged(event):
            self.report(event, f"the tag '{shorten(event.tag)}' is not read", "remove it")
        else:
            value = f"'{shorten(event.value)}'" if kind is Scalar and event.value else "nothing"
            found = {MappingStart: "a mapping", SequenceStart: "a list"}.get(kind, value)
            self.report(event, f"{at or 'the file'}: expected {expected}, found {found}", hint)
        self.skip(event)
        return FAULT

    def skip(self, event: Any) -> None:
        """Pass over a value that nothing reads."""
        depth = 0
        while True:
            self._count(event)
            kind = type(event)
            if kind is MappingStart or kind is SequenceStart:
                depth += 1
                if depth > MAX_DEPTH:
                    self.report(event, f"nested more than {MAX_DEPTH} deep")
                    raise Unreadable
            elif kind is MappingEnd or kind is SequenceEnd:
                depth -= 1
            if not depth:
                return
            event = self.next_event()

    def word(self, event: Any) -> str | None:
        """Return the key that an event is; if it is none, note the problem and pass over it and its value."""
        if type(event) is Scalar and (event.tag is None or not _is_tagged(event)):
            if event.value != "<<" or event.style:
                return str(event.value)
            self.report(event, "the merge key '<<' is not read", "write the values out")
        else:
            self.refuse(event, "a word as key", "")
        self.skip(self.next_event())
        return None

    def define(self, event: Any, defines: Defines, at: str) -> None:
        """Note that an event names something; two things of a kind cannot have one name."""
        self._count(event)
        owner = f"{at}.{event.value}" if defines.is_key else at.rpartition(".")[0]
        if defines.is_key:
            self._keys.setdefault(defines.kind, set()).add(event.value)
        message = f"{at}: the {defines.kind} name '{shorten(event.value)}' is taken"
        new = _Definition(self.place(event), owner, defines.is_key, message)
        names = self._names.setdefault(defines.kind, {})
        old = names.setdefault(same_name(event.value), new)
        if old is new or (defines.repeats_key and old.is_key and old.owner == owner):
            return
        # A key is not to blame for a name that somebody gave to something else before it.
        if new.is_key and not old.is_key:
            names[same_name(event.value)], old, new = new, new, old
        self.report_at(new.place, new.message, f"first at {old.place}")

    def refer(self, event: Any, kinds: tuple[str, ...], at: str) -> None:
        """Note that an event refers to something of these kinds, defined already or further on."""
        self._count(event)
        for kind in kinds:
            if event.value in self._keys.get(kind, ()):
                return
        self._references.append((self.place(event), event.value, kinds, at))

    def check_references(self, unread: Iterable[str] = ()) -> None:
        """Report every reference to a name that no file defines, unless a file could not be read at all.

        Args:
            unread: kinds of names that are defined in files which were not asked for.

        """
        if not self._complete:
            return
        known = {kinds: self._keys_of(kinds) for kinds in {kinds for _, _, kinds, _ in self._references}}
        # Where a whole kind is missing, the fault is there and not at everything that refers to it.
        missing = {kinds for kinds, keys in known.items() if not keys and self.problems}
        guesses = MAX_GUESSES
        for place, name, kinds, at in self._references:
            if name in known[kinds] or kinds in missing or not set(unread).isdisjoint(kinds):
                continue
            message = f"{at}: unknown {' or '.join(kinds)} '{shorten(name)}'"
            guesses -= len(known[kinds])
            hint = did_you_mean(name, sorted(known[kinds])) if guesses > 0 else ""
            try:
                self.report_at(place, message, hint)
            except Unreadable:
                return

    def _count(self, event: Any) -> None:
        """Stop at a file with more values than any knowledge has, before it costs time and memory."""
        self._values += 1
        if self._values > MAX_VALUES:
            self.report(event, f"the file holds more than {MAX_VALUES:,} values")
            raise Unreadable

    def _keys_of(self, kinds: tuple[str, ...]) -> set[str]:
        return set().union(*(self._keys.get(kind, ()) for kind in kinds))

    def _fail(self, message: str, hint: str = "", before: str | None = None) -> NoReturn:
        """Report what makes a file unreadable, behind the text `before` if the place is known."""
        lines = (before or "").split("\n")
        position = () if before is None else (len(lines), len(lines[-1]) + 1)
        self.report_at(Place(self._path, *position), message, hint)
        raise Unreadable

    def _text(self, content: bytes) -> str:
        try:
            text = content.removeprefix(BOM_UTF8).decode()
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode()
            self._fail("the bytes are not UTF-8 text", "save the file as UTF-8", before)
        if control := UNREADABLE.search(text):
            message = f"the control character U+{ord(control[0]):04X} is not allowed"
            self._fail(message, "" if ord(control[0]) else "save the file as UTF-8", text[: control.start()])
        if directive := DIRECTIVE.search(text):
            hint = "begin the line with something else"
            self._fail(
                "directives, as lines that begin with '%', are not read", hint, text[: directive.start()]
            )
        return text

    def _parse(self, text: str, shape: "Shape") -> Any:
        parser = PARSER(text)
        self.next_event = parser.get_event
        try:
            self.next_event()
            if type(self.next_event()) is yaml.StreamEndEvent:
                self._fail("the file is empty")
            value = shape.read(self.next_event(), "", self, None)
            self.next_event()
            if type(rest := self.next_event()) is not yaml.StreamEndEvent:
                self.report(rest, "a second document starts here", "keep one in a file")
                raise Unreadable
        except yaml.MarkedYAMLError as error:
            context = f"{error.context}, " if error.context else ""
            message = f"not valid YAML: {context}{error.problem}"
            mark, hint = _cause(text, error)
            # What stood before it was read by a structure that its author did not mean.
            del self.problems[self._first :]
            self.report_at(Place(self._path, mark.line + 1, mark.column + 1), message, hint)
            raise Unreadable from None
        finally:
            parser.dispose()
        return value


def read_bytes(path: Path) -> bytes:
    """Return what is in a file.

    Raises:
        OSError: there is no such file, it is none that can be read to its end, or it is over 4 MB.

    """
    # Without waiting: to open a pipe would wait until somebody writes to it.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(descriptor, "rb") as file:  # noqa: PTH123
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "Not a regular file", str(path))
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise OSError(errno.EFBIG, f"It is larger than {MAX_BYTES // 1_000_000} MB", str(path))
    return content


def _is_tagged(event: Any) -> bool:
    return event.tag is not None and event.tag != "!"


def _cause(text: str, error: yaml.MarkedYAMLError) -> tuple[Any, str]:
    """Return the position to look at, and what to do; a missing end is noticed lines behind its beginning."""
    parser = PARSER(text)
    last = None
    try:
        while True:
            last = parser.get_event()
    except yaml.YAMLError:
        parser.dispose()
    quoted = isinstance(last, Scalar) and last.style in ("'", '"')
    if last and quoted and text.count("\n", last.start_mark.index, last.end_mark.index):
        return last.start_mark, "a closing quote may be missing"
    if error.context_mark and re.search("flow|quoted", error.context or ""):
        return error.context_mark, "something that opens here may not be closed"
    if error.context_mark and "simple key" in (error.context or ""):
        return error.context_mark, "a colon and a space may be missing"
    mark = error.problem_mark or Mark(0, 0)
    hint = ""
    if "cannot start any token" in str(error.problem):
        hint = "put the text in double quotes; for indentation use spaces, not tabs"
    elif "mapping values are not allowed" in str(error.problem):
        hint = "put text that contains ': ' in double quotes, or indent the line as the one above"
        above, line = ["", *text.splitlines()][mark.line : mark.line + 2]
        indent = len(line) - len(line.lstrip())
        if ":" not in line[: mark.column] and indent == len(above) - len(above.lstrip(" -")):
            # The line is sound, and the one above was read as the beginning of its key.
            return Mark(mark.line - 1, indent), "a colon and a space may be missing"
    return mark, hint


# --- Types as a schema ----------------------------------------------------------------------------


class Shape:
    """How one type is read from the parser's events, and how it is written as a JSON Schema."""

    def read(self, event: Any, at: str, reading: Reading, key: Any) -> Any:
        """Read the value that starts with `event`, to its end.

        Args:
            event: the first event of the value.
            at: the path to the value, as roles.head.
            reading: where events come from and problems go.
            key: the event of the key in front of the value, if there is one.

        Returns:
            The value, or FAULT with the problems noted.

        """
        raise NotImplementedError

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        """Return a JSON Schema of what `read` takes, adding dataclasses to `definitions`."""
        raise NotImplementedError


class Text(Shape):
    """Any text that is not empty, exactly as it stands: `no` is the text "no"."""

    def read(self, event: Any, at: str, reading: Reading, key: Any) -> Any:
        if type(event) is Scalar and event.value.strip() and (event.tag is None or not _is_tagged(event)):
            text = event.value
            if text.isprintable() or not (control := CONTROL.search(text)):
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
        if text is FAULT:
            return FAULT
        if isinstance(self.note, Refers):
            reading.refer(event, self.note.kinds, at)
        else:
            reading.define(event, self.note, at)
            if self.note.is_key and not KEY.fullmatch(text):
                return reading.refuse(event, "a key of letters, digits, '-', '_' and '.'", at)
        return text

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        if isinstance(self.note, Defines) and self.note.is_key:
            return {"type": "string", "pattern": f"^{KEY.pattern}$"}
        return {"type": "string", "minLength": 1}


class Amount(Shape):
    """A number, whole or not, within bounds."""

    def __init__(self, number: type, within: Between | None) -> None:
        self.number = number
        self.within = within
        self.pattern = WHOLE if number is int else NUMBER

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


class Choice(Shape):
    """One of a few words."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words

    def read(self, event: Any, at: str, reading: Reading, key: Any) -> Any:
        if type(event) is Scalar and event.value in self.words and not _is_tagged(event):
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
        if type(event) is not SequenceStart or _is_tagged(event):
            return reading.refuse(event, "a list", at)
        values: list[Any] = []
        faulty = False
        while type(start := reading.next_event()) is not SequenceEnd:
            value = self.item.read(start, f"{at}[{len(values) + 1}]", reading, None)
            faulty = faulty or value is FAULT
            values.append(value)
        return FAULT if faulty else tuple(values)

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        return {"type": "array", "items": self.item.schema(definitions)}


class Table(Shape):
    """A mapping whose keys are names or whole numbers, and whose values are of one kind."""

    def __init__(self, key: Shape, value: Shape, every: tuple[int | str, ...]) -> None:
        self.key = key
        self.value = value
        self.every = every

    def read(self, event: Any, at: str, reading: Reading, key: Any) -> Any:
        if type(event) is not MappingStart or _is_tagged(event):
            return reading.refuse(event, "a mapping", at)
        values: dict[Any, Any] = {}
        seen: dict[str, Any] = {}
        faulty = False
        while type(start := reading.next_event()) is not MappingEnd:
            word = reading.word(start)
            # A YAML 1.1 reader takes no, No and false for one key; two of them in a mapping are a trap.
            same = word if word is None or start.style else BOOLEANS.get(word.lower(), word)
            if same is None or same in seen:
                faulty = True
                if same is not None:
                    _report_duplicate(start, seen[same], reading)
                continue
            seen[same] = start
            name = self.key.read(start, at, reading, None)
            value = self.value.read(reading.next_event(), f"{at}.{word}", reading, start)
            if name is FAULT or value is FAULT:
                faulty = True
            else:
                values[name] = value
        for missing in self.every:
            if str(missing) not in seen:
                faulty = True
                reading.report(key or event, f"{at}: {missing} is missing")
        return FAULT if faulty else values

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        value = self.value.schema(definitions)
        if self.every:
            names = [str(key) for key in self.every]
            properties = dict.fromkeys(names, value)
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


# What a record may say of itself once it is read: the key or the place to look at, what is wrong, what to do.
Faults = Callable[[Any], Iterator[tuple[str | Place, str, str]]]


class Record(Shape):
    """A mapping that is a dataclass; its `place`, and its `key` if it has one, come from where it stands.

    If the dataclass has a method `faults`, it tells what is wrong although each value alone is sound.
    """

    def __init__(self, kind: type) -> None:
        names = {field.name for field in fields(kind)}
        self.kind = kind
        self.keyed = "key" in names
        self.fields = {
            field.name.rstrip("_"): _field(field)
            for field in fields(kind)
            if field.name not in ("place", "key")
        }
        self.required = [name for name, field in self.fields.items() if field.required]
        self.faults: Faults | None = getattr(kind, "faults", None)

    def read(self, event: Any, at: str, reading: Reading, key: Any) -> Any:
        if type(event) is not MappingStart or _is_tagged(event):
            keys = " and ".join(f"'{name}'" for name in self.required[:2])
            return reading.refuse(event, f"a mapping with {keys}" if keys else "a mapping", at)
        where = key or event
        values: dict[str, Any] = {"place": reading.place(where)}
        if self.keyed:
            values["key"] = key.value
        seen: dict[str, Any] = {}
        hints = ""
        faulty = False
        dotted = f"{at}." if at else ""
        while type(start := reading.next_event()) is not MappingEnd:
            word = reading.word(start)
            if word is None:
                faulty = True
            elif word in seen:
                faulty = True
                _report_duplicate(start, seen[word], reading)
            elif (field := self.fields.get(word)) is None:
                faulty = True
                hint = did_you_mean(word, self.fields)
                hints += hint
                reading.report(start, f"{dotted}{shorten(word)}: unknown key", hint)
                reading.skip(reading.next_event())
            else:
                seen[word] = start
                value = field.shape.read(reading.next_event(), dotted + word, reading, start)
                values[field.attribute] = value
                faulty = faulty or value is FAULT
        for name in self.required:
            if name not in seen:
                faulty = True
                # A misspelled key and a missing one are the same mistake.
                if f"'{name}'" not in hints:
                    reading.report(where, f"{at or 'the file'}: '{name}' is missing")
        if faulty:
            return FAULT
        record = self.kind(**values)
        for where_in_it, message, hint in self.faults(record) if self.faults else ():
            faulty = True
            place = where_in_it
            if not isinstance(place, Place):
                place = reading.place(seen.get(place, where))
            reading.report_at(place, f"{at}: {message}" if at else message, hint)
        return FAULT if faulty else record

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
        return {"$ref": f"#/$defs/{name}"}


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
        return Choice(arguments)
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


def record_fields(kind: type) -> Iterator[tuple[str, Field]]:
    """Yield each key of a record and what it is, for documentation."""
    yield from cast("Record", shape_of(kind)).fields.items()
