"""A YAML file read event by event, each fault noted with its place; knows nothing of what the values mean.

The only importer of yaml. The events of the parser go straight into the values: every value is read by the
shape that expects it, never by YAML's own guessing, and every fault is reported with its line and column.
"""

import errno
import os
import re
import stat
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn

import yaml

from mopscli.knowledge.constraints import Defines
from mopscli.problem import Place, Problem
from mopscli.text import did_you_mean, same_name, shorten

MAX_BYTES: Final = 4_000_000
MAX_DEPTH: Final = 50
MAX_VALUES: Final = 100_000
MAX_PROBLEMS: Final = 1_000
MAX_NAMES_COMPARED: Final = 20_000

FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")

Scalar = yaml.ScalarEvent
PARSER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MappingStart, MappingEnd = yaml.MappingStartEvent, yaml.MappingEndEvent
SequenceStart, SequenceEnd = yaml.SequenceStartEvent, yaml.SequenceEndEvent


class Unreadable(Exception):
    """Reading this file cannot go on."""


class Mark(NamedTuple):
    """A position in a file, counted from 0 as the parser counts."""

    line: int
    column: int


class Invalid:
    """What reading returns for a value that cannot be used; its problems are noted."""


INVALID: Final = Invalid()


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

    def read(self, path: Path, shape: "Shape") -> Any:
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
        return None if value is INVALID else value

    def place(self, event: Any) -> Place:
        """Return where an event stands."""
        mark = event.start_mark
        return Place(self._path, mark.line + 1, mark.column + 1)

    def report(self, event: Any, message: str, hint: str = "") -> Invalid:
        """Note a problem where an event stands."""
        self.report_at(self.place(event), message, hint)
        return INVALID

    def report_at(self, place: Place, message: str, hint: str = "") -> None:
        """Note a problem at a place; past the first thousand, stop with what there is."""
        if len(self.problems) >= MAX_PROBLEMS:
            raise Unreadable
        self.problems.append(Problem(place, message, hint))

    def refuse(self, event: Any, expected: str, at: str, hint: str = "") -> Invalid:
        """Note that a value is not what was expected, and pass over it."""
        kind = type(event)
        if kind is yaml.AliasEvent:
            alias = shorten(event.anchor)
            return self.report(event, f"the alias '*{alias}' is not read", "write the value out")
        if is_tagged(event):
            self.report(event, f"the tag '{shorten(event.tag)}' is not read", "remove it")
        else:
            value = f"'{shorten(event.value)}'" if kind is Scalar and event.value else "nothing"
            found = {MappingStart: "a mapping", SequenceStart: "a list"}.get(kind, value)
            self.report(event, f"{at or 'the file'}: expected {expected}, found {found}", hint)
        self.skip(event)
        return INVALID

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
        if type(event) is Scalar and (event.tag is None or not is_tagged(event)):
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
        to_compare = MAX_NAMES_COMPARED
        for place, name, kinds, at in self._references:
            if name in known[kinds] or kinds in missing or not set(unread).isdisjoint(kinds):
                continue
            message = f"{at}: unknown {' or '.join(kinds)} '{shorten(name)}'"
            to_compare -= len(known[kinds])
            hint = did_you_mean(name, sorted(known[kinds])) if to_compare > 0 else ""
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
        if control := FORBIDDEN.search(text):
            message = f"the control character U+{ord(control[0]):04X} is not allowed"
            self._fail(message, "" if ord(control[0]) else "save the file as UTF-8", text[: control.start()])
        if (directive := f"\n{text}".find("\n%")) >= 0:
            hint = "begin the line with something else"
            self._fail("directives, as lines that begin with '%', are not read", hint, text[:directive])
        return text

    def _parse(self, text: str, shape: "Shape") -> Any:
        parser = PARSER(text)
        self.next_event = parser.get_event if PARSER is not yaml.SafeLoader else _without_c(parser)
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
            The value, or INVALID with the problems noted.

        """
        raise NotImplementedError

    def schema(self, definitions: dict[str, Any]) -> dict[str, Any]:
        """Return a JSON Schema of what `read` takes, adding dataclasses to `definitions`."""
        raise NotImplementedError


def read_bytes(path: Path) -> bytes:
    """Return what is in a file.

    Raises:
        OSError: there is no such file, it is none that can be read to its end, or it is over 4 MB.

    """
    # Without waiting: to open a pipe would wait until somebody writes to it.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        raise OSError(errno.EINVAL, "Not a regular file", str(path))
    with open(descriptor, "rb") as file:  # noqa: PTH123
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise OSError(errno.EFBIG, f"It is larger than {MAX_BYTES // 1_000_000} MB", str(path))
    return content


def is_tagged(event: Any) -> bool:
    """Tell whether a value says itself of which type it is."""
    return event.tag is not None and event.tag != "!"


def _without_c(parser: Any) -> Callable[[], Any]:
    """Return what yields the events of the parser in Python, whose errors are not all errors of YAML."""

    def next_event() -> Any:
        try:
            return parser.get_event()
        except (ValueError, OverflowError):
            # As libyaml says of "\U00110000".
            problem = "found invalid Unicode character escape code"
            raise yaml.MarkedYAMLError(None, None, problem, parser.get_mark()) from None

    return next_event


def _cause(text: str, error: yaml.MarkedYAMLError) -> tuple[Any, str]:
    """Return the position to look at, and what to do; a missing end is noticed lines behind its beginning."""
    parser = PARSER(text)
    last = None
    try:
        while True:
            last = parser.get_event()
    except (yaml.YAMLError, ValueError):
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
