"""Charts as SVG without scripts: the blocks of a page that are looked at, each drawn by a function of its own."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mopscli.formats.drawing import LEADING, SCREEN, Anchor, Canvas, Paint, apart, width_of, wrapped
from mopscli.page import Interval, Intervals, Rung, Scales, Timeline, whole

WIDTH: Final = 400
# How high a level, a share and the marks of a series go.
MAX_LEVEL: Final = 5
FULL: Final = 100
NAMES: Final = 160
EDGE: Final = 10
MARK: Final = 7
TICKS: Final = 7

Colors = Mapping[str, str]


def colors_of(whose: Sequence[str], colors: Colors, paint: Paint = SCREEN) -> list[str]:
    """Return the color of each of a few: that of a role where one is meant; ink for the first of others."""
    others = iter((paint.ink, *paint.series))
    return [colors[name] if name in colors else next(others, paint.ink) for name in whose]


def key(canvas: Canvas, y: float, whose: Sequence[str], colors: Sequence[str]) -> float:
    """Draw which mark is whose, in as many lines as it takes, and return where that ends."""
    x = 8.0
    for shape, (name, color) in enumerate(zip(whose, colors, strict=True)):
        lines = wrapped(name, canvas.width - 28)
        room = 28 + max(map(width_of, lines))
        if x > 8 and x + room > canvas.width:
            x, y = 8.0, y + LEADING + 2
        canvas.mark(x, y + 8, shape, color)
        end = canvas.lines(x + 12, y, lines)
        y = end - LEADING
        x += room
    return y + LEADING + 4


# --- Dot and interval -----------------------------------------------------------------------------


def intervals(chart: Intervals, colors: Colors, name: str, paint: Paint = SCREEN) -> str:
    """Draw each quantity as a dot with its range on a scale from 0 to 100, and a tick to hold it against."""
    canvas = Canvas(WIDTH, paint)
    height = draw_intervals(canvas, chart, colors)
    return canvas.finished(height, chart.title, intervals_text(chart), name)


def intervals_text(chart: Intervals) -> str:
    """Say in words what such a chart shows."""
    return "; ".join(f"{group}, {row.name}: {row.text}" for group, rows in chart.groups for row in rows)


def draw_intervals(canvas: Canvas, chart: Intervals, colors: Colors) -> float:
    """Draw quantities with their ranges at the top of a canvas, and return the height."""
    paint, y = canvas.paint, 0.0
    for group, rows in chart.groups:
        color = colors_of([group], colors, paint)[0]
        y = canvas.lines(0, y + 2, wrapped(group, canvas.width, bold=True), color=color, bold=True)
        for row in rows:
            y = _interval(canvas, y, row, color)
    ends: tuple[tuple[int, Anchor], ...] = ((0, "start"), (FULL, "end"))
    for value, anchor in ends:
        x = value / FULL * canvas.width
        canvas.text(x, y + 10, str(value), size=12, anchor=anchor, color=paint.quiet)
    return y + 14


def _interval(canvas: Canvas, y: float, row: Interval, color: str) -> float:
    """Draw a quantity below its name, and what there is to say of it beside that, or else below."""
    if width_of(row.name) + width_of(row.text) + 12 <= canvas.width:
        canvas.text(canvas.width, y + 12, row.text, anchor="end", color=canvas.paint.quiet)
        y = canvas.lines(0, y, [row.name])
    else:
        y = canvas.lines(0, y, wrapped(row.name, canvas.width))
        y = canvas.lines(0, y, wrapped(row.text, canvas.width), color=canvas.paint.quiet)

    def at(value: float) -> float:
        return EDGE + min(max(value, 0.0), FULL) / FULL * (canvas.width - 2 * EDGE)

    middle = y + 8
    canvas.line(at(0), middle, at(FULL), middle)
    canvas.line(at(row.low), middle, at(row.high), middle, color=color, wide=5)
    if row.against is not None:
        canvas.line(at(row.against), middle - 7, at(row.against), middle + 7, color=canvas.paint.ink, wide=2)
    canvas.mark(at(row.value), middle, 0, color, name=row.text, size=6.5)
    return y + 17


# --- Dumbbell -------------------------------------------------------------------------------------


def dumbbell(chart: Scales, colors: Colors, name: str, paint: Paint = SCREEN) -> str:
    """Draw where a few stand on a scale from 0 to 5, a line for each thing with its full name."""
    canvas = Canvas(WIDTH, paint)
    height = draw_dumbbell(canvas, chart, colors)
    return canvas.finished(height, chart.title or "Where each stands", dumbbell_text(chart), name)


def dumbbell_text(chart: Scales) -> str:
    """Say in words what a dumbbell chart shows."""
    whose = [name for _, name in chart.whose]
    return "; ".join(f"{row.name}: {_said(whose, row.levels)}" for row in chart.rows)


def draw_dumbbell(canvas: Canvas, chart: Scales, colors: Colors) -> float:
    """Draw a dumbbell chart at the top of a canvas, and return its height."""
    paint = canvas.paint
    whose = [name for _, name in chart.whose]
    series = colors_of(whose, colors, paint)
    y = top = key(canvas, 0, whose, series) + LEADING
    left, right = NAMES + 2 * EDGE, canvas.width - EDGE

    def at(level: float) -> float:
        return left + min(max(level, 0.0), MAX_LEVEL) / MAX_LEVEL * (right - left)

    grid = len(canvas.parts)
    for row in chart.rows:
        lines = wrapped(row.name, NAMES)
        places = [None if level is None else at(level) for level in row.levels]
        moved = [*apart((x for x in places if x is not None), MARK), 0.0]
        height = max(LEADING * len(lines) + 4, 22, 15 + max(moved) - min(moved))
        middle = y + height / 2
        canvas.lines(0, middle - LEADING * len(lines) / 2, lines)
        _levels(canvas, middle, places, series)
        y += height
    behind = Canvas(canvas.width, paint)
    for level in range(MAX_LEVEL + 1):
        behind.text(at(level), top - 3, str(level), size=12, anchor="middle", color=paint.quiet)
        behind.line(at(level), top, at(level), y)
    canvas.parts[grid:grid] = behind.parts
    return y + 2


def _levels(canvas: Canvas, y: float, places: Sequence[float | None], colors: Sequence[str]) -> None:
    found = [(shape, x) for shape, x in enumerate(places) if x is not None]
    if not found:
        return
    ends = [x for _, x in found]
    canvas.line(min(ends), y, max(ends), y, color=canvas.paint.quiet, wide=2)
    # The first one is on top.
    moved = list(zip(found, apart(ends, MARK), strict=True))
    for (shape, x), down in reversed(moved):
        canvas.mark(x, y + down, shape, colors[shape], size=5.5 if shape == 0 else 5)


def _said(whose: Sequence[str], levels: Sequence[float | None]) -> str:
    return ", ".join(f"{who} {whole(x)}" for who, x in zip(whose, levels, strict=True) if x is not None)


# --- Timeline -------------------------------------------------------------------------------------


def timeline(chart: Timeline, name: str, paint: Paint = SCREEN) -> str:
    """Draw what takes which time: solid until it is usually done, pale until it is done at the latest."""
    canvas = Canvas(WIDTH, paint)
    last = max(max(row.latest for row in chart.rows), 1.0)

    def at(month: float) -> float:
        return EDGE + month / last * (WIDTH - 2 * EDGE)

    y = 0.0
    for row in chart.rows:
        said = month_text(chart.done, row.done)
        if width_of(row.name) + width_of(said) + 12 <= WIDTH:
            canvas.text(WIDTH, y + 14, said, anchor="end", color=paint.quiet)
            y = canvas.lines(0, y + 2, [row.name])
        else:
            y = canvas.lines(0, y + 2, wrapped(row.name, WIDTH))
            y = canvas.lines(0, y, wrapped(said, WIDTH), color=paint.quiet)
        canvas.line(at(row.begins), y + 6, at(row.latest), y + 6, color=paint.line, wide=7)
        canvas.line(at(row.begins), y + 6, at(row.done), y + 6, color=paint.series[0], wide=7)
        y += 14
    canvas.line(at(0), y + 2, at(last), y + 2, color=paint.quiet)
    for month in ticks(last):
        canvas.line(at(month), y + 2, at(month), y + 6, color=paint.quiet)
        anchor: Anchor = "start" if month == 0 else "end" if at(month) > WIDTH - 24 else "middle"
        canvas.text(at(month), y + 19, f"{month:.0f}", size=12, anchor=anchor, color=paint.quiet)
    told = "; ".join(
        f"{row.name}: {month_text(chart.done, row.done)}, at the latest month {row.latest:.0f}"
        for row in chart.rows
    )
    return canvas.finished(y + 24, chart.title, told, name)


def month_text(done: str, month: float) -> str:
    """Say by when something is done."""
    return f"{done} by month {month:.0f}"


def ticks(last: float) -> Iterator[float]:
    """Yield round numbers from 0 on, TICKS or fewer."""
    steps = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
    step = next((some for some in steps if last / some < TICKS), steps[-1])
    yield from (float(month) for month in range(0, int(last) + 1, step))


# --- Ladder ---------------------------------------------------------------------------------------


def ladder(title: str, rungs: Sequence[tuple[Rung, Sequence[str]]], colors: Colors, name: str) -> str:
    """Draw a way from the top down to where one is: each rung with its lines, which may end with a mark."""
    canvas = Canvas(WIDTH)
    paint = canvas.paint
    y = canvas.lines(0, 0, wrapped(title, WIDTH, bold=True), bold=True) + 4
    middles = []
    for rung, said in rungs:
        middles.append(y + 9)
        color = colors.get(rung.name, "")
        y = canvas.lines(26, y, wrapped(rung.name, WIDTH - 26, bold=True), color=color, bold=True)
        for line in (rung.when, *said):
            y = canvas.lines(26, y, wrapped(line, WIDTH - 26), color=paint.quiet)
        y += 8
    rails = Canvas(WIDTH)
    if len(middles) > 1:
        rails.line(9, middles[0], 9, middles[-1], color=paint.series[0], wide=3)
    for (rung, _), middle in zip(rungs, middles, strict=True):
        rails.mark(9, middle, 0, colors.get(rung.name, paint.series[0]), size=6.5)
    canvas.parts[:0] = rails.parts
    told = "; ".join(f"{rung.name}, {rung.when}" for rung, _ in reversed(rungs))
    return canvas.finished(y, title, told, name)
