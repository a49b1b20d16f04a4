"""Charts as SVG without scripts: the blocks of a page that are looked at, each drawn by a function of its own."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mopscli.formats.drawing import LEADING, SCREEN, Anchor, Canvas, Paint, apart, width_of, wrapped
from mopscli.page import Heat, Histogram, Interval, Intervals, Rung, Scales, Scatter, Timeline, whole

WIDTH: Final = 400
# How high a level, a share and the marks of a series go.
MAX_LEVEL: Final = 5
FULL: Final = 100
NAMES: Final = 160
EDGE: Final = 10
MARK: Final = 7
TICKS: Final = 7
BAR_ROOM: Final = 90
# How wide a cell of a heat map is, how many are side by side, and its color by the levels that one lacks.
CELL: Final = 25
CELLS: Final = 8
HEAT: Final = ("var(--enough)", "var(--near)", "var(--short)")

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

    middle = y + 7
    canvas.line(at(0), middle, at(FULL), middle)
    canvas.line(at(row.low), middle, at(row.high), middle, color=color, wide=5)
    if row.against is not None:
        canvas.line(at(row.against), middle - 7, at(row.against), middle + 7, color=canvas.paint.ink, wide=2)
    canvas.mark(at(row.value), middle, 0, color, name=row.text, size=6.5)
    return y + 15


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


# --- Groups ---------------------------------------------------------------------------------------


def histogram(chart: Histogram, colors: Colors, name: str) -> str:
    """Draw how many there are in each band, the number above its bar."""
    canvas = Canvas(WIDTH)
    paint = canvas.paint
    color = colors.get(chart.whose, paint.series[0])
    most = max([count for _, count in chart.bars] + [1])
    step = WIDTH / max(len(chart.bars), 1)
    names = [wrapped(label, step - 6, 12) for label, _ in chart.bars]
    floor = BAR_ROOM + LEADING
    for number, (_, count) in enumerate(chart.bars):
        height = count / most * BAR_ROOM
        middle = (number + 0.5) * step
        canvas.box(number * step + 3, floor - height, step - 6, height, color)
        canvas.text(middle, floor - height - 4, f"{count:,}", size=12, anchor="middle")
        for line, text in enumerate(names[number], 1):
            canvas.text(middle, floor + 14 * line, text, size=12, anchor="middle", color=paint.quiet)
    canvas.line(0, floor, WIDTH, floor, color=paint.quiet)
    told = "; ".join(f"{label}: {count:,}" for label, count in chart.bars)
    return canvas.finished(floor + 14 * max(map(len, names), default=1) + 6, chart.title, told, name)


def scatter(chart: Scatter, colors: Colors, name: str) -> str:
    """Draw each person as a dot, named to whoever points at it, and a line from which on it is enough."""
    canvas = Canvas(WIDTH)
    paint = canvas.paint
    left, top, side = 34.0, 8.0, 280.0
    floor, right = top + side, WIDTH - 14.0
    top_text = wrapped(chart.up, WIDTH)
    canvas.lines(0, 0, top_text, color=paint.quiet)
    shift = LEADING * len(top_text)
    top, floor = top + shift, floor + shift

    def at(across: float, up: float) -> tuple[float, float]:
        return left + across / FULL * (right - left), floor - up / FULL * side

    for value in range(0, FULL + 1, 20):
        x, y = at(value, value)
        canvas.line(left, y, right, y)
        canvas.text(left - 6, y + 4, str(value), size=12, anchor="end", color=paint.quiet)
        canvas.text(x, floor + 16, str(value), size=12, anchor="middle", color=paint.quiet)
    _, enough = at(0, chart.least)
    canvas.line(left, enough, right, enough, color=paint.ink, dashed=True)
    color = colors.get(chart.whose, paint.series[0])
    for dot in chart.dots:
        x, y = at(dot.across, dot.up)
        canvas.mark(x, y, 0, color, name=f"{dot.name}: {dot.across:.0f}, {dot.up:.0f}", size=4.5)
    end = floor + 20
    for line in wrapped(chart.across, WIDTH - left):
        end += LEADING
        canvas.text(right, end - 4, line, anchor="end", color=paint.quiet)
    return canvas.finished(end + 2, chart.title, f"{len(chart.dots):,} people", name)


def heat_maps(chart: Heat, name: str) -> Iterator[str]:
    """Yield pictures of so many people each as there is room for: levels, colored by what is asked of each."""
    for start in range(0, len(chart.people), CELLS):
        yield _heat(chart, range(start, min(start + CELLS, len(chart.people))), f"{name}-{start}")


def _heat(chart: Heat, people: range, name: str) -> str:
    canvas = Canvas(NAMES + CELL * (CELLS + 1) + 15)
    paint = canvas.paint
    canvas.text(NAMES + 5 + CELL / 2, 14, "need", size=12, anchor="middle", color=paint.quiet)
    for place, person in enumerate(people, 1):
        canvas.text(
            NAMES + 10 + CELL * (place + 0.5), 14, str(person + 1), size=12, anchor="middle", bold=True
        )
    y = 22.0
    for row in chart.rows:
        lines = wrapped(row.name, NAMES)
        height = max(LEADING * len(lines) + 4, 22)
        canvas.lines(0, y + height / 2 - LEADING * len(lines) / 2, lines)
        canvas.text(
            NAMES + 10 + CELL / 2, y + height / 2 + 4, str(row.needed), anchor="middle", color=paint.quiet
        )
        for place, person in enumerate(people, 1):
            x = NAMES + 10 + CELL * place
            level, asked = row.levels[person], row.asked[person]
            lacks = None if level is None or asked is None else max(asked - level, 0)
            beside = "" if asked is None else f", asked: {asked}"
            said = f"{chart.people[person]}, {row.name}: {'not answered' if level is None else level}{beside}"
            color = paint.soft if lacks is None else HEAT[min(lacks, len(HEAT) - 1)]
            canvas.box(x + 1, y + 1, CELL - 2, height - 2, color, name=said)
            shown = "\N{MIDDLE DOT}" if level is None else str(level)
            canvas.text(x + CELL / 2, y + height / 2 + 4, shown, anchor="middle", bold=bool(lacks))
        y += height
    told = f"Levels of {', '.join(chart.people[person] for person in people)}"
    return canvas.finished(y + 4, "Who covers what", told, name)
