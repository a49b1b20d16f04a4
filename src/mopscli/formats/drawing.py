"""What a picture is drawn with: text measured and wrapped, lines and marks as SVG; knows no charts."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final, Literal, NamedTuple
from unicodedata import combining, east_asian_width

from mopscli.text import clean

Anchor = Literal["start", "middle", "end"]
# How wide letters are, in sizes of the font: those of DejaVu Sans, which is wider than what most screens use.
WIDTHS: Final = {
    **dict.fromkeys("ijlI.,:;|!'`", 0.34),
    **dict.fromkeys(' ()[]{}/\\ftr-"', 0.42),
    **dict.fromkeys("mwMW@%&", 0.99),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ", 0.74),
}
USUAL: Final = 0.64
WIDE: Final = 1.05
BOLD: Final = 1.1
SIZE: Final = 13
LEADING: Final = 16
# The marks of a series each have a shape of their own, so that nothing is told by color alone.
SHAPES: Final = 4


class Paint(NamedTuple):
    """The colors of a picture, each as CSS has it: of text, of what explains, of lines, areas and the ground."""

    ink: str = "var(--ink)"
    quiet: str = "var(--quiet)"
    line: str = "var(--line)"
    soft: str = "var(--soft)"
    paper: str = "var(--paper)"
    series: tuple[str, ...] = ("var(--one)", "var(--two)", "var(--three)")


SCREEN: Final = Paint()


def width_of(text: str, size: float = SIZE, *, bold: bool = False) -> float:
    """Return how much room a text needs at most."""
    return sum(map(_width, clean(text))) * size * (BOLD if bold else 1.0)


def _width(letter: str) -> float:
    if combining(letter):
        return 0.0
    if letter in WIDTHS:
        return WIDTHS[letter]
    return USUAL if letter.isascii() or east_asian_width(letter) not in "WFA" else WIDE


def wrapped(text: str, room: float, size: float = SIZE, *, bold: bool = False) -> list[str]:
    """Return a text as lines that fit into a width; a word that is too long for a line goes on in the next."""
    lines: list[str] = []
    for word in clean(text).split():
        if lines and width_of(f"{lines[-1]} {word}", size, bold=bold) <= room:
            lines[-1] += f" {word}"
            continue
        lines.append("")
        for letter in word:
            if lines[-1] and width_of(lines[-1] + letter, size, bold=bold) > room:
                lines.append("")
            lines[-1] += letter
    return lines or [""]


class Canvas:
    """A picture that grows downward, of a given width."""

    def __init__(self, width: float, paint: Paint = SCREEN) -> None:
        self.width = width
        self.paint = paint
        self.parts: list[str] = []

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = SIZE,
        anchor: Anchor = "start",
        color: str = "",
        bold: bool = False,
    ) -> None:
        """Write a text whose letters stand on y."""
        weight = ' font-weight="600"' if bold else ""
        place = "" if anchor == "start" else f' text-anchor="{anchor}"'
        font = "" if size == SIZE else f' font-size="{_short(size)}"'
        ink = f' fill="{color}"' if color else ""
        self.parts.append(
            f'<text x="{_short(x)}" y="{_short(y)}"{font}{place}{weight}{ink}>{escape(clean(text))}</text>'
        )

    def lines(
        self, x: float, y: float, lines: Iterable[str], *, color: str = "", bold: bool = False
    ) -> float:
        """Write lines from the top y on, and return where they end."""
        for line in lines:
            y += LEADING
            self.text(x, y - 4, line, color=color, bold=bold)
        return y

    def line(
        self,
        x: float,
        y: float,
        to_x: float,
        to_y: float,
        *,
        color: str = "",
        wide: float = 1,
        dashed: bool = False,
    ) -> None:
        """Draw a line."""
        dashes = ' stroke-dasharray="3 3"' if dashed else ""
        self.parts.append(
            f'<path d="M{_short(x)} {_short(y)}L{_short(to_x)} {_short(to_y)}"'
            f' stroke="{color or self.paint.line}" stroke-width="{_short(wide)}"{dashes}/>'
        )

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        color: str,
        *,
        outline: str = "",
        name: str = "",
    ) -> None:
        """Draw a rectangle; its name is told to whoever points at it."""
        edge = f' stroke="{outline}"' if outline else ""
        end = f"><title>{escape(clean(name))}</title></rect>" if name else "/>"
        self.parts.append(
            f'<rect x="{_short(x)}" y="{_short(y)}" width="{_short(max(width, 0))}" height="{_short(height)}"'
            f' fill="{color}"{edge}{end}'
        )

    def mark(self, x: float, y: float, shape: int, color: str, *, name: str = "", size: float = 5.5) -> None:
        """Draw the mark of a series: a disk, a diamond, a square or a triangle, by its number."""
        if shape % SHAPES == 0:
            form = f'<circle cx="{_short(x)}" cy="{_short(y)}" r="{_short(size)}"'
        else:
            ends = (
                (),
                ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
                ((-1, -1), (1, -1), (1, 1), (-1, 1)),
                TRIANGLE,
            )
            corners = ends[shape % SHAPES]
            way = "L".join(f"{_short(x + size * right)} {_short(y + size * down)}" for right, down in corners)
            form = f'<path d="M{way}Z"'
        end = f"><title>{escape(clean(name))}</title></{form[1:].split()[0]}>" if name else "/>"
        self.parts.append(f'{form} fill="{color}" stroke="{self.paint.paper}"{end}')

    @property
    def drawn(self) -> str:
        """What was drawn so far."""
        return "".join(self.parts)

    def finished(self, height: float, title: str, told: str, name: str) -> str:
        """Return the picture as SVG with its title, and what it shows in words for those who cannot see it."""
        size = f"0 0 {_short(self.width)} {_short(height)}"
        said = f'<title id="{name}">{escape(clean(title))}</title>'
        if told:
            said += f'<desc id="{name}-told">{escape(clean(told))}</desc>'
        more = f' aria-describedby="{name}-told"' if told else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" role="img" aria-labelledby="{name}"{more}'
            f' font-size="{SIZE}" fill="{self.paint.ink}">{said}{self.drawn}</svg>'
        )


TRIANGLE: Final = ((0, -1.2), (1.2, 1), (-1.2, 1))


def apart(places: Iterable[float], least: float) -> Iterator[float]:
    """Yield how far each mark moves up or down, so that those in one place do not hide each other."""
    found = list(places)
    for number, place in enumerate(found):
        near = [other for other, x in enumerate(found) if abs(x - place) < least]
        yield (near.index(number) - (len(near) - 1) / 2) * least


def _short(number: float) -> str:
    """Return a number as a picture needs it, to a tenth."""
    return f"{number:.1f}".removesuffix(".0")
