"""What of a question is on a screen of some width and height; knows no terminal and no keys.

Nothing is cut: what is too wide is wrapped, what is too high is scrolled through.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from mopscli.text import clean

# Pieces of a line with their style.
Fragments = list[tuple[str, str]]
# How many cells of a terminal a text takes.
Width = Callable[[str], int]

# The keys of answers, in their order: no letter that does something else, and no a, which reads as the statement A.
KEYS: Final = "1234567890cdefghilmnoprtuvwxyz"
DIGITS: Final = 10
LEAST_COLUMNS: Final = 8
LEAST_ROWS: Final = 3
MARK: Final = " (your answer)"
LETTERS: Final = "AB"
MORE: Final = ("", "more above (arrows)", "more below (arrows)", "more above and below (arrows)")


class Shortcut(NamedTuple):
    """A key beside those of answers, the word for it, what it stands for, and what stays on the screen of it."""

    key: str
    word: str
    value: Any
    said: str = ""


# Shows why a question is asked, and stays with it.
WHY: Final = Shortcut("?", "why", None)


class Prompt(NamedTuple):
    """One question.

    `heading` stands above it, `ends` are the two statements between which the answers lie, `reason` is what the
    shortcut WHY tells. It begins with the answer `default`, which is `marked` as the one that was given before.
    """

    text: str
    answers: Sequence[tuple[str, Any]]
    heading: str = ""
    ends: Sequence[str] = ()
    shortcuts: Sequence[Shortcut] = ()
    reason: str = ""
    default: Any = None
    marked: bool = False

    def mark(self, value: Any) -> str:
        """Return what stands behind an answer that was given before."""
        return MARK if self.marked and value == self.default else ""


class KeyedAnswer(NamedTuple):
    """An answer on the screen: the key that gives it, empty if none is left, its words and its value."""

    key: str
    text: str
    value: Any


class Taken(NamedTuple):
    """What a key took: what it stands for, and what stays on the screen of it."""

    value: Any
    said: str


def wrap_cells(text: str, width: int, cells: Width) -> list[str]:
    """Break a text into lines of so many cells: between words or wide characters, or within too long a word."""
    lines, line, taken = [], "", 0
    for piece, space in _pieces(text, width, cells):
        wide = cells(piece)
        gap = space if line else ""
        if line and taken + len(gap) + wide > width:
            lines.append(line)
            line, taken, gap = "", 0, ""
        line += gap + piece
        taken += len(gap) + wide
    return [*lines, line]


def _pieces(text: str, width: int, cells: Width) -> Iterator[tuple[str, str]]:
    """Yield what is not broken, and the space before it."""
    for word in text.split():
        piece, space, wide = "", " ", False
        for character in word:
            size = cells(character)
            # What takes no cell belongs to the character before it.
            if piece and size and (wide or size > 1 or cells(piece) + size > width):
                yield piece, space
                piece, space = "", ""
            piece += character
            wide = wide if not size else size > 1
        yield piece, space


def record_lines(prompt: Prompt, said: str, width: int, cells: Width) -> tuple[str, str]:
    """Return what stays on the screen of a question, and of its answer."""
    texts = filter(str.strip, prompt.text.split("\n"))
    lines = [line for text in texts for line in hang("", text, width, cells)]
    for letter, statement in zip(LETTERS, prompt.ends, strict=False):
        lines += hang(f"{letter}  ", statement, width, cells)
    return "\n".join(lines), "\n".join(hang("> ", said, width, cells))


def hang(start: str, text: str, width: int, cells: Width) -> list[str]:
    """Return lines that begin below the first one's text."""
    parts = wrap_cells(clean(text), max(width - len(start), 1), cells)
    return [(" " * len(start) if number else start) + part for number, part in enumerate(parts)]


class Screen:
    """A question while it is asked: the answer that is pointed at, and which of its lines show."""

    def __init__(self, prompt: Prompt, cells: Width, columns: int, rows: int) -> None:
        self.prompt = prompt
        self.answers = [
            KeyedAnswer(KEYS[number : number + 1], clean(text), value)
            for number, (text, value) in enumerate(prompt.answers)
        ]
        self.pointed = 0
        if prompt.default is not None:
            matching = (n for n, answer in enumerate(self.answers) if answer.value == prompt.default)
            self.pointed = next(matching, 0)
        self._cells = cells
        self._shows_reason = False
        self._size = columns, rows
        # All lines, the first that shows and how many do, and where the answers and the reason stand.
        self._lines: list[Fragments] = []
        self._top, self._height = 0, 1
        self._places: list[range] = []
        self._reason_place = range(0)
        self._lay_out()

    # --- What keys do ---

    def press(self, key: str) -> Taken | None:
        """Return what a key takes; None if it shows why the question is asked, or does nothing."""
        answer = next((one for one in self.answers if one.key == key), None)
        if answer is not None:
            return Taken(answer.value, answer.text)
        shortcut = next((one for one in self.prompt.shortcuts if one.key == key.lower()), None)
        if shortcut is WHY:
            self._toggle_reason()
        return None if shortcut is None or shortcut is WHY else Taken(shortcut.value, shortcut.said)

    def enter(self) -> Taken | None:
        """Return the answer that is pointed at; None if it did not show, as it does now."""
        place, answer = self._places[self.pointed], self.answers[self.pointed]
        if place.start < self._top + self._height and place.stop > self._top:
            return Taken(answer.value, answer.text)
        self._show(place)
        return None

    def move(self, step: int) -> None:
        """Point at the next answer or the one before; what lies between and does not show is shown first."""
        place = self._places[self.pointed]
        hidden_below = place.stop - self._top - self._height
        hidden_above = self._top - (place.start if self.pointed else 0)
        if step > 0 and hidden_below > 0:
            self._scroll(min(hidden_below, self._page))
        elif step < 0 and hidden_above > 0:
            self._scroll(-min(hidden_above, self._page))
        else:
            self.pointed = (self.pointed + step) % len(self.answers)
            self._show(self._places[self.pointed], from_below=step < 0)
            if step > 0 and self.pointed == 0:
                self._top = 0

    def turn(self, step: int) -> None:
        """Scroll by a screen, but for one line."""
        self._scroll(step * self._page)

    @property
    def _page(self) -> int:
        return max(self._height - 1, 1)

    def _toggle_reason(self) -> None:
        self._shows_reason = not self._shows_reason
        self._lay_out()
        if self._shows_reason:
            self._show(self._reason_place)

    def _scroll(self, lines: int) -> None:
        self._top = max(0, min(self._top + lines, len(self._lines) - self._height))

    def _show(self, place: range, *, from_below: bool = False) -> None:
        """Scroll as little as shows a place; of one that is too high, the end that one comes from."""
        ends = sorted((place.start, place.stop - self._height))
        if len(place) > self._height:
            self._top = ends[from_below]
        else:
            self._top = max(ends[0], min(self._top, ends[1]))

    # --- What shows ---

    def fit(self, columns: int, rows: int) -> bool:
        """Fit a screen of this size, and tell whether that is another one than before."""
        if self._size == (columns, rows):
            return False
        scrolled, self._top = self._top > 0, 0
        self._size = columns, rows
        self._lay_out()
        if scrolled:
            self._show(self._places[self.pointed])
        return True

    def draw(self) -> Fragments:
        """Return what shows, with line ends."""
        below = len(self._lines) > self._top + self._height
        lines = self._lines[self._top : self._top + self._height]
        lines = [self._pointing(line, number + self._top) for number, line in enumerate(lines)]
        return _joined([*lines, *self._footer(MORE[(self._top > 0) + 2 * below])])

    def _lay_out(self) -> None:
        """Put all into lines: with room between, or without where the screen is too low for that."""
        columns, rows = self._size
        width = max(columns - 1, LEAST_COLUMNS)
        for spaced in (True, False):
            self._lines, self._places = [], []
            self._put_question(width, spaced)
            self._put_answers(width)
            if spaced:
                self._lines.append([])
            self._height = len(self._lines)
            if self._height + len(self._footer("")) <= rows:
                break
        else:
            room = rows - len(self._footer(MORE[-1]))
            self._height = max(min(room, self._height), 1)
        self._top = max(0, min(self._top, len(self._lines) - self._height))

    def _put_question(self, width: int, spaced: bool) -> None:
        def put(style: str, lines: Sequence[str]) -> range:
            start = len(self._lines)
            self._lines += [[(style, line)] for line in lines]
            return range(start, len(self._lines))

        gap = [""] if spaced else []
        if self.prompt.heading:
            put("class:quiet", [*wrap_cells(clean(self.prompt.heading), width, self._cells), *gap])
        for text in self.prompt.text.split("\n"):
            if text.strip():
                put("class:strong", wrap_cells(clean(text), width, self._cells))
        put("", gap)
        for letter, statement in zip(LETTERS, self.prompt.ends, strict=False):
            first, *others = hang(f"{letter}  ", statement, width, self._cells)
            self._lines.append([("class:strong", letter), ("", first[len(letter) :])])
            put("", [*others, *gap])
        if self._shows_reason:
            why = wrap_cells(clean(self.prompt.reason), width, self._cells)
            self._reason_place = put("class:quiet", why)
            put("", gap)

    def _put_answers(self, width: int) -> None:
        for answer in self.answers:
            start = len(self._lines)
            text = answer.text + self.prompt.mark(answer.value)
            self._lines += [
                [("", line)] for line in hang(f"  {answer.key or ' '}  ", text, width, self._cells)
            ]
            self._places.append(range(start, len(self._lines)))

    def _pointing(self, line: Fragments, number: int) -> Fragments:
        """Return a line with the pointer, if it is one of the answer that is pointed at."""
        place = self._places[self.pointed]
        if number not in place:
            return line
        text = line[0][1]
        if number == place.start:
            return [("[SetCursorPosition]", ""), ("class:strong", f">{text[1:]}")]
        return [("class:strong", text)]

    def _footer(self, more: str) -> list[Fragments]:
        """Return the line of keys, and before it what of the question does not show."""
        columns, rows = self._size
        count = min(len(self.answers), len(KEYS))
        keys = f"1-{count}" if count < DIGITS else "1-9 and 0" if count == DIGITS else "1-9, 0 and letters"
        parts = [("class:quiet", f"{key} {word}") for key, word, *_ in self.prompt.shortcuts]
        parts = [("class:quiet", f"{keys} choose"), *parts]
        parts = [("class:strong", more), *parts] if more else parts
        lines: list[Fragments] = [[]]
        room = columns
        for number, (style, part) in enumerate(parts, 1):
            # A key and its word stay on one line, if there is one for both.
            whole = part if number == len(parts) else f"{part},"
            for text in [whole] if len(whole) < columns else whole.split():
                if len(text) >= room and lines[-1]:
                    lines.append([])
                    room = columns
                lines[-1].append((style, f"{text} "))
                room -= len(text) + 1
        return lines[: max(rows - LEAST_ROWS, 1)]


def _joined(lines: Sequence[Fragments]) -> Fragments:
    fragments: Fragments = []
    for number, line in enumerate(lines):
        fragments += [("", "\n")] if number else []
        fragments += line
    return fragments
