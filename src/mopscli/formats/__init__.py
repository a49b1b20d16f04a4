"""Pages and results drawn: on a terminal, as Markdown, as HTML with pictures, as JSON.

This is the list of formats; each has a module, which is loaded when something is drawn in it.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TextIO, assert_never

if TYPE_CHECKING:
    from mopscli.page import Page
    from mopscli.problem import Problem

Format = Literal["table", "markdown", "html", "json"]
# How the name of a file ends that is written in a format.
ENDINGS: Final[Mapping[str, Format]] = {
    ".txt": "table",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
}


class Output(NamedTuple):
    """What a command has to show: its result, the same in words, and the problems found on the way.

    Without a page there is nothing to show but as JSON.
    """

    command: str
    result: Any
    page: "Page | None"
    problems: "Sequence[Problem]" = ()


def write(output: Output, form: Format, stream: TextIO) -> None:
    """Write what a command has to show to a stream."""
    if form == "json" or output.page is None:
        from mopscli.formats.json import json_text

        stream.write(json_text(output))
    elif form == "markdown":
        from mopscli.formats.markdown import markdown

        stream.write(markdown(output.page))
    elif form == "html":
        from mopscli.formats.html import webpage

        stream.write(webpage(output.page))
    elif form == "table":
        from mopscli.formats.terminal import page_text

        stream.write(page_text(output.page, stream))
    else:
        assert_never(form)
