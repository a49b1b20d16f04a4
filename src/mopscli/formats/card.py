"""A card for a chat or a post: a picture of 1200 by 630 that stands alone, as SVG with text as text."""

from typing import Final, NamedTuple

from mopscli.formats.charts import WIDTH, draw_dumbbell, draw_intervals, dumbbell_text, intervals_text
from mopscli.formats.drawing import SIZE, Canvas, Paint, wrapped
from mopscli.formats.palette import accent
from mopscli.page import Intervals, Scales

ACROSS: Final = 1200
DOWN: Final = 630
EDGE: Final = 60
COLUMN: Final = 420
# The sizes that a text may have, the largest one that fits first.
TITLE_SIZES: Final = (44, 38, 32, 26, 20, 15)
TEXT_SIZES: Final = (24, 21, 18, 15, 12)
TITLE_ROOM: Final = 150
PAPER: Final = Paint("#1c2430", "#56606e", "#d4d9e0", "#f1f4f8", "#ffffff", ("#0b63b0", "#b35900", "#2e7d32"))
FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


class Card(NamedTuple):
    """What stands on a card: the advice, of whom it is, how sure it is, the profile, and the ranges."""

    title: str
    name: str
    text: str
    made: str
    profile: Scales
    ranges: Intervals
    accents: dict[str, int]


def draw_card(card: Card) -> str:
    """Return a card as SVG."""
    canvas = Canvas(ACROSS, PAPER)
    canvas.box(0, 0, ACROSS, DOWN, PAPER.paper)
    canvas.box(0, 0, ACROSS, 12, PAPER.series[0])
    y = _fitted(canvas, card.title, EDGE, ACROSS - 2 * EDGE, TITLE_ROOM, TITLE_SIZES, bold=True)
    top = max(y + 24, 190)
    left = top
    if card.name:
        left = _fitted(canvas, card.name, top, COLUMN, 80, TEXT_SIZES, bold=True) + 12
    left = _fitted(canvas, card.text, left, COLUMN, 120, TEXT_SIZES) + 16
    canvas.text(EDGE, DOWN - 36, card.made, size=16, color=PAPER.quiet)
    colors = {label: accent(number).light for label, number in card.accents.items()}
    below = DOWN - EDGE
    ranges = Canvas(WIDTH, PAPER)
    height = draw_intervals(ranges, card.ranges, colors)
    _placed(canvas, ranges, EDGE, left, min(COLUMN / WIDTH, (below - left) / height))
    start = EDGE + COLUMN + 50
    chart = Canvas(WIDTH, PAPER)
    height = draw_dumbbell(chart, card.profile, colors)
    _placed(canvas, chart, start, top, min((ACROSS - EDGE - start) / WIDTH, (below - top) / height))
    told = f"{card.text} {intervals_text(card.ranges)}; {dumbbell_text(card.profile)}"
    picture = canvas.finished(DOWN, card.title, told, "card")
    size = f'<svg width="{ACROSS}" height="{DOWN}" font-family="{FONT}" '
    return picture.replace("<svg ", size, 1) + "\n"


def _placed(canvas: Canvas, chart: Canvas, x: float, y: float, scale: float) -> None:
    """Put a chart into a picture, larger or smaller than it is."""
    canvas.parts.append(
        f'<g transform="translate({x:.0f} {y:.0f}) scale({scale:.3f})" font-size="{SIZE}">{chart.drawn}</g>'
    )


def _fitted(
    canvas: Canvas,
    text: str,
    y: float,
    width: float,
    room: float,
    sizes: tuple[int, ...],
    *,
    bold: bool = False,
) -> float:
    """Write a text in the largest size that leaves it in its room, and return where it ends."""
    for size in sizes:
        lines = wrapped(text, width, size, bold=bold)
        if len(lines) * size * 1.25 <= room or size == sizes[-1]:
            break
    for line in lines:
        y += size * 1.25
        canvas.text(EDGE, y - size * 0.3, line, size=size, bold=bold)
    return y
