"""Charts: marks where their numbers say, every label whole, and nothing in a picture that is more than one."""

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from mopscli.formats.charts import dumbbell, heat_maps, histogram, intervals, ladder, scatter, ticks, timeline
from mopscli.formats.drawing import Paint, apart, width_of, wrapped
from mopscli.page import (
    Dot,
    Heat,
    HeatRow,
    Histogram,
    Interval,
    Intervals,
    Line,
    Rung,
    Scale,
    Scales,
    Scatter,
    Stretch,
    Timeline,
)

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script>\"' & \x1b[31m\N{RIGHT-TO-LEFT OVERRIDE}"
LONG = "Internationalizationandlocalizationandsomething of a skill that nobody can say in a breath"


def scales(*rows: Scale, whose: tuple[str, ...] = ("You", "Head", "Director")) -> Scales:
    """Return a block of scales."""
    return Scales(tuple((name[0], name) for name in whose), rows, "A note.", "Skills")


def ranges(name: str, group: str = "Head") -> Intervals:
    """Return a block of ranges."""
    some = (Interval(name, 60, 70, 80, 50, "70, from 60 to 80"), Interval(name, 0, 5, 20, None, LONG))
    return Intervals("Can and want", ((group, some),), "A note.")


CHARTS: dict[str, Callable[[str], str]] = {
    "intervals": lambda label: intervals(ranges(label, label), {}, "p"),
    "dumbbell": lambda label: dumbbell(scales(Scale(label, (1.0, 2.0, None), "")), {}, "p"),
    "timeline": lambda label: timeline(Timeline(label, "done", (Stretch(label, 1, 4, 9),), ""), "p"),
    "histogram": lambda label: histogram(
        Histogram(label, "", tuple((label, n) for n in range(10)), ""), {}, "p"
    ),
    "scatter": lambda label: scatter(Scatter("", "", label, label, 80, (Dot(label, 10, 100),), ""), {}, "p"),
    "heat": lambda label: next(heat_maps(Heat((label,), ("",), (HeatRow(label, 5, (1,), (5,)),), ""), "p")),
    "ladder": lambda label: ladder(label, [(Rung(label, label, (Line(label),)), [label])], {}, "p"),
}


def drawn(picture: str) -> ElementTree.Element:
    """Return the root of a picture."""
    return ElementTree.fromstring(picture)  # noqa: S314 - we made it


def paths(picture: str) -> list[list[float]]:
    """Return the points of every line of a picture, in order."""
    found = drawn(picture).iter(f"{SVG}path")
    lines = [path.get("d", "") for path in found if "Z" not in path.get("d", "")]
    return [[float(number) for number in re.findall(r"[\d.]+", line)] for line in lines]


@pytest.mark.parametrize("kind", CHARTS)
@pytest.mark.parametrize("label", ["Skills", LONG, HOSTILE, "", "\N{CJK UNIFIED IDEOGRAPH-5DE5}" * 60])
def test_no_label_is_cut(kind: str, label: str) -> None:
    """A label would go beyond the picture, lose a letter, or run as a script."""
    root = drawn(CHARTS[kind](label))
    width = float(root.get("viewBox", "").split()[2])
    texts = list(root.iter(f"{SVG}text"))
    for text in texts:
        x = float(text.get("x", 0))
        room = width_of(text.text or "", float(text.get("font-size", 13)))
        left = x - {"middle": room / 2, "end": room}.get(text.get("text-anchor", ""), 0)
        assert left >= -1
        assert left + room <= width + 1
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title") is not None
    assert not list(root.iter(f"{SVG}script"))
    shown = "".join(text.text or "" for text in texts).replace(" ", "")
    assert label.replace(" ", "").translate({0x1B: 0xFFFD, 0x202E: 0xFFFD}) in shown


def test_ranges_are_where_their_numbers_are() -> None:
    """A range would be wider or narrower than what it says, or its dot not lie in it."""
    picture = CHARTS["intervals"]("Doing it")
    scale, first, tick, *_ = paths(picture)
    full = scale[2] - scale[0]
    assert (first[2] - first[0]) / full == pytest.approx(0.2)
    assert (tick[0] - scale[0]) / full == pytest.approx(0.5)
    dot = next(drawn(picture).iter(f"{SVG}circle"))
    assert float(dot.get("cx", 0)) == pytest.approx(scale[0] + 0.7 * full)
    assert "Doing it, Doing it: 70, from 60 to 80" in "".join(drawn(picture).itertext())


def test_marks_are_where_their_levels_are() -> None:
    """A level would be drawn at another place, or somebody without one have a mark."""
    root = drawn(dumbbell(scales(Scale("One", (0.0, 5.0, None), "")), {"Head": "#123456"}, "p"))
    heads = [path for path in root.iter(f"{SVG}path") if path.get("fill") == "#123456"]
    directors = [path for path in root.iter(f"{SVG}path") if "Z" in path.get("d", "")]
    # In the key and on the scale; the third one in the key alone.
    assert len(heads) == 2
    assert len(directors) == 3
    (line,) = (
        path
        for path in paths(dumbbell(scales(Scale("One", (0.0, 5.0, None), "")), {}, "p"))
        if path[1] == path[3]
    )
    dot = [float(circle.get("cx", 0)) for circle in root.iter(f"{SVG}circle")][-1]
    assert dot == line[0]
    assert "One: You 0, Head 5" in "".join(root.itertext())


def test_nobody_is_hidden() -> None:
    """Of several at one level, only the last would be seen."""
    root = drawn(dumbbell(scales(Scale("One", (3.0, 3.0, 3.0), ""), whose=("You", "Sam", "Kim")), {}, "p"))
    (*_, dot) = (float(circle.get("cy", 0)) for circle in root.iter(f"{SVG}circle"))
    assert dot != 0
    assert list(apart([3, 3, 3], 7)) == [-7, 0, 7]
    assert list(apart([1, 20, 3], 7)) == [-3.5, 0, 3.5]


def test_times_are_as_long_as_they_say() -> None:
    """A bar of time would not be as long as what it takes, or begin elsewhere."""
    picture = timeline(Timeline("Plan", "done", (Stretch("One", 2, 6, 9),), ""), "p")
    latest, done, axis = paths(picture)[:3]
    month = (axis[2] - axis[0]) / 9
    assert (done[0] - axis[0]) / month == pytest.approx(2, abs=0.05)
    assert (done[2] - done[0]) / month == pytest.approx(4, abs=0.05)
    assert (latest[2] - latest[0]) / month == pytest.approx(7, abs=0.05)


def test_ticks() -> None:
    """An axis would have no numbers, or so many that they run into each other."""
    for last in (0.5, 1, 5, 13, 47, 300, 4000):
        found = list(ticks(last))
        assert found[0] == 0
        assert 1 <= len(found) <= 8


def test_wrapped() -> None:
    """A line would be wider than its room, or a word be lost."""
    lines = wrapped(LONG, 90)
    assert all(width_of(line) <= 90 for line in lines)
    assert "".join(lines).replace(" ", "") == LONG.replace(" ", "")
    assert wrapped("", 90) == [""]


def test_a_paint_of_its_own() -> None:
    """A picture that stands alone would have the colors of a page that is not there."""
    paint = Paint("#000000", "#333333", "#999999", "#eeeeee", "#ffffff", ("#0000ff",))
    picture = dumbbell(
        scales(Scale("One", (1.0, 2.0, 3.0), "")), {"Head": "#111111", "Director": "#222222"}, "p", paint
    )
    assert "var(" not in picture


def test_bars_are_as_high_as_their_numbers() -> None:
    """The bars of a histogram would not stand in the ratio of what they count."""
    root = drawn(histogram(Histogram("Fit", "Head", (("a", 1), ("b", 0), ("c", 4)), ""), {}, "p"))
    one, none, four = (float(box.get("height", 0)) for box in root.iter(f"{SVG}rect"))
    assert (four / one, none) == (pytest.approx(4, rel=0.01), 0)


def test_dots_are_where_people_are() -> None:
    """Somebody would be drawn elsewhere, or not be named to whoever points at the dot."""
    dots = (Dot("Ann", 0, 0), Dot("Bob", 100, 50), Dot("Cid", 50, 100))
    root = drawn(scatter(Scatter("Who", "Head", "enjoyment", "readiness", 80, dots, ""), {}, "p"))
    circles = list(root.iter(f"{SVG}circle"))
    (left, low), (right, middle), (center, high) = (
        (float(circle.get("cx", 0)), float(circle.get("cy", 0))) for circle in circles
    )
    assert center - left == pytest.approx(right - center)
    assert low - middle == pytest.approx(middle - high)
    assert "".join(circles[1].itertext()) == "Bob: 100, 50"


def test_heat_is_by_what_is_asked_of_each() -> None:
    """A cell would have the color of the highest level of all, or one that is not asked for look like a lack."""
    row = HeatRow("Editing", 5, (3, 3, 3, 3, None), (3, 4, 5, None, 4))
    (picture,) = heat_maps(Heat(("a", "b", "c", "d", "e"), ("",) * 5, (row,), ""), "p")
    colors = [box.get("fill") for box in drawn(picture).iter(f"{SVG}rect")]
    assert colors == ["var(--enough)", "var(--near)", "var(--short)", "var(--soft)", "var(--soft)"]


def test_many_people_in_pictures_of_one_width() -> None:
    """A team of forty would be one picture that nobody can read."""
    people = tuple(str(number) for number in range(20))
    row = HeatRow("Editing", 5, (3,) * 20, (3,) * 20)
    pictures = list(heat_maps(Heat(people, ("",) * 20, (row,), ""), "p"))
    assert len(pictures) == 3
    assert len({drawn(picture).get("viewBox", "").split()[2] for picture in pictures}) == 1
