"""Charts as SVG, without scripts, in the colors of the page around them; the only importer of pygal."""

import sys
from collections.abc import Iterator
from typing import Any, Final
from xml.etree import ElementTree

import pygal
from pygal.style import Style

from mopscli.page import Chart, amount
from mopscli.text import clean

# pygal looks for plugins whenever a module cannot be found, in a way that Python no longer knows.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

SVG: Final = "http://www.w3.org/2000/svg"
WIDTH: Final = 420
RADAR_HEIGHT: Final = 380
BAR_HEIGHT: Final = 10
GAP: Final = 12
FRAME: Final = 40
# So many letters of a name leave room for the bars; the table below a picture has all of them.
LABEL: Final = 21
# Wide letters need more room than pygal reckons with.
MORE: Final = 24
# Room for the last number of a scale, of which half stands beyond the end.
END: Final = 16
# The page sets the colors, for light and for dark.
COLORS: Final = ("var(--one)", "var(--two)", "var(--three)")
CHART_STYLE: Final = Style(
    background="transparent",
    plot_background="transparent",
    foreground="var(--ink)",
    foreground_strong="var(--ink)",
    foreground_subtle="var(--line)",
    colors=COLORS,
    value_colors=("var(--ink)",) * len(COLORS),
    font_family="inherit",
    label_font_size=12,
    major_label_font_size=12,
    legend_font_size=13,
    value_font_size=11,
    opacity=".85",
)
INVISIBLE: Final = "fill: none; stroke: none"


# Which columns of a chart the legend names; the beginning of a bar is where it begins.
NAMED: Final = {"profile": 0, "sides": 0, "times": 1}


def legend(chart: Chart) -> Iterator[tuple[str, str]]:
    """Yield the color of each series of a chart, and its name."""
    for column in range(NAMED[chart.kind], len(chart.columns)):
        yield COLORS[column], chart.columns[column]


def draw(chart: Chart, name: str) -> Iterator[str]:
    """Yield the pictures of a chart as SVG; `name` tells the charts of a page apart."""
    makers = {"profile": (_radar, _bars), "sides": (_sides,), "times": (_times,)}
    for number, make in enumerate(makers[chart.kind], 1):
        yield _svg(make(chart), chart.title, f"{name}-{number}")


def _options(chart: Chart, bars: int) -> dict[str, Any]:
    """Return the options of a chart with so many bars in a row."""
    height = FRAME + len(chart.rows) * (bars * BAR_HEIGHT + GAP)
    return {
        "style": CHART_STYLE,
        "js": (),
        "width": WIDTH,
        "height": height,
        "show_legend": False,
        "truncate_label": -1,
        "margin": 4,
        "margin_left": MORE,
        "margin_right": END,
    }


def _label(text: str) -> str:
    text = clean(text)
    return text if len(text) <= LABEL else f"{text[: LABEL - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"


def _radar(chart: Chart) -> Any:
    # Numbers stand around the picture, so the right needs as much room as the left.
    options = _options(chart, 0) | {"height": RADAR_HEIGHT, "margin_right": MORE}
    radar = pygal.Radar(range=(0, 5), y_labels=[0, 1, 2, 3, 4, 5], dots_size=2.5, **options)
    # Names would leave no room for the picture; the bars beside it have them.
    radar.x_labels = [str(number) for number in range(1, len(chart.rows) + 1)]
    for column, name in enumerate(chart.columns):
        radar.add(clean(name), [values[column] for _, values in chart.rows], stroke_style={"width": 2})
    return radar


def _bars(chart: Chart) -> Any:
    bars = pygal.HorizontalBar(range=(0, 5), **_options(chart, len(chart.columns)))
    # From the bottom up, as bars are drawn; so are the columns in a row.
    rows = list(enumerate(chart.rows, 1))[::-1]
    bars.x_labels = [_label(f"{number} {name}") for number, (name, _) in rows]
    for column, name in enumerate(chart.columns):
        bars.add(clean(name), [values[column] for _, (_, values) in rows])
    return bars


def _sides(chart: Chart) -> Any:
    bars = pygal.HorizontalStackedBar(**_options(chart, 1))
    bars.value_formatter = lambda x: amount(abs(x))
    rows = chart.rows[::-1]
    bars.x_labels = [_label(name) for name, _ in rows]
    for column, (name, sign) in enumerate(zip(chart.columns, (1, -1), strict=True)):
        bars.add(clean(name), [sign * (values[column] or 0.0) for _, values in rows])
    return bars


def _times(chart: Chart) -> Any:
    bars = pygal.HorizontalStackedBar(**_options(chart, 1))
    rows = [(name, tuple(x or 0.0 for x in values)) for name, values in chart.rows[::-1]]
    bars.x_labels = [_label(name) for name, _ in rows]
    bars.add("", [{"value": begins, "style": INVISIBLE} for _, (begins, _, _) in rows])
    bars.add(clean(chart.columns[1]), [done - begins for _, (begins, done, _) in rows])
    bars.add(clean(chart.columns[2]), [latest - done for _, (_, done, latest) in rows])
    return bars


def _svg(picture: Any, title: str, name: str) -> str:
    """Return a picture as SVG that is only a picture: no script, no address, a name for those who cannot see it."""
    picture.uuid = name
    picture.disable_xml_declaration = True
    root = ElementTree.fromstring(picture.render())  # noqa: S314 - pygal made it
    ElementTree.register_namespace("", SVG)
    for parent in list(root.iter()):
        for child in list(parent):
            useless = child.tag in {f"{{{SVG}}}script", f"{{{SVG}}}desc"}
            if useless or "tooltip-overlay" in child.get("class", ""):
                parent.remove(child)
    root.set("role", "img")
    root.set("aria-label", clean(title))
    return ElementTree.tostring(root, encoding="unicode")
