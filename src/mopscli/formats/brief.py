"""A page in brief on a terminal: as much of it as one screen holds, and the command that shows the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from mopscli.page import Heading, NextStep
from mopscli.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mopscli.formats.terminal import Terminal
    from mopscli.page import Piece

# The width from which on a page in brief has so many lines.
LINES: Final = ((80, 24), (60, 30), (0, 44))
# How much of what is left out is named, and how many next steps.
LEFT_OUT: Final = 4
STEPS: Final = 2


def brief_lines(terminal: Terminal) -> Iterator[Text]:
    """Yield as many parts of a page as one screen holds, what there is besides, and the commands that show it."""
    parts = terminal.page.parts
    drawn = [list(terminal.blocks(part)) for part in parts]
    most = next(lines for width, lines in LINES if terminal.width >= width)
    kept, end = len(parts), list(_end(terminal, ()))
    while kept > 1 and sum(map(len, drawn[:kept])) + kept - 1 + len(end) > most:
        kept -= 1
        end = list(_end(terminal, [part[0] for part in parts[kept:]]))
    lines = [line for number, part in enumerate(drawn[:kept]) for line in ([Text()] if number else []) + part]
    if len(lines) + len(end) > most:
        lines = [*lines[: most - len(end) - 1], Text("...", style="dim")]
    yield from lines
    yield from end


def _end(terminal: Terminal, left: Sequence[Piece]) -> Iterator[Text]:
    """Yield what is left out, what to type next, and where the sources stand."""
    page = terminal.page
    names = [block.text.partition(":")[0] for block in left if isinstance(block, Heading)]
    if names:
        others = f" and {len(names) - LEFT_OUT} more" if len(names) > LEFT_OUT else ""
        told = f"Not shown here: {'; '.join(names[:LEFT_OUT])}{others}."
        yield Text()
        yield from terminal.row((Text(clean(told), style="dim"), terminal.width))
    marked = any(terminal.footnotes.cited())
    steps = [step for step in page.next if step.command != page.more][:STEPS]
    if left or marked or page.abridged:
        steps.append(NextStep(page.more, "everything, with its sources" if marked else "everything"))
    if steps:
        yield Text()
        yield from terminal.commands(steps)
