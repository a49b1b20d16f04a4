"""The colors of roles: legible on every background, and the same for a role everywhere."""

from io import StringIO

import pytest
from rich.color import Color
from rich.console import Console
from rich.segment import Segments

from mopscli.formats.palette import PALETTE, accent
from mopscli.formats.terminal import Terminal
from mopscli.knowledge import Knowledge
from mopscli.pages.brief import comparison_brief
from mopscli.roles.compare import compare_roles


def luminance(color: tuple[int, int, int]) -> float:
    """Return the relative luminance of a color, as WCAG 2 defines it."""
    parts = [part / 255 for part in color]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colors, from 1 to 21."""
    darker, lighter = sorted(luminance(Color.parse(color).get_truecolor()) for color in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("number", range(len(PALETTE)))
def test_contrast(number: int) -> None:
    """A role's name could not be read on paper, on a dark page, or on one of two kinds of terminal."""
    color = accent(number)
    assert contrast(color.light, "#ffffff") >= 4.5
    assert contrast(color.dark, "#14181f") >= 4.5
    assert contrast(color.terminal, "#000000") >= 3.6
    assert contrast(color.terminal, "#ffffff") >= 3.6


def drawn(knowledge: Knowledge, names: list[str], colors: str | None) -> str:
    """Return a comparison as a terminal with some colors shows it."""
    page = comparison_brief(knowledge, compare_roles(knowledge, [knowledge.roles[name] for name in names]))
    console = Console(file=StringIO(), width=80, color_system=colors, force_terminal=True)  # type: ignore[arg-type]
    with console.capture() as captured:
        console.print(Segments(Terminal(page, console, 80).segments()), end="", soft_wrap=True)
    return captured.get()


def test_one_color_for_a_role(knowledge: Knowledge) -> None:
    """Head would have one color beside a Director and another one beside a VP."""
    head, director, vp = (38, 5, 133), (38, 5, 64), (38, 5, 30)
    for names, colors in ((["head", "director"], (head, director)), (["vp", "head"], (vp, head))):
        text = drawn(knowledge, names, "256")
        for color in colors:
            assert f"\x1b[1;{';'.join(map(str, color))}m" in text


def test_few_colors(knowledge: Knowledge) -> None:
    """Where a terminal has few colors, a name would stand in one that its background swallows."""
    text = drawn(knowledge, ["head", "director"], "standard")
    assert "\x1b[1mHead" in text
    assert "\x1b[1;37m" not in text
