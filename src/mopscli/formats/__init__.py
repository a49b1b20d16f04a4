"""Pages and results drawn: on a terminal, as Markdown, as HTML with pictures, as JSON, for Word and as PDF.

This is the list of formats; each has a module, which is loaded when something is drawn in it.
"""

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TextIO, assert_never

if TYPE_CHECKING:
    from mopscli.page import Page
    from mopscli.problem import Problem

# Formats of text go to a screen or a file, those of an office to a file alone.
TextFormat = Literal["table", "markdown", "html", "json"]
OfficeFormat = Literal["docx", "pdf"]
# Written out, because Typer takes no union of the two.
Format = Literal["table", "markdown", "html", "json", "docx", "pdf"]
# The package of the extra `office` that makes a format.
MAKERS: Final[Mapping[OfficeFormat, str]] = {"docx": "docx", "pdf": "typst"}
# How the name of a file ends that is written in a format.
ENDINGS: Final[Mapping[str, Format]] = {
    ".txt": "table",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".docx": "docx",
    ".pdf": "pdf",
}


class Output(NamedTuple):
    """What a command has to show: its result, the same in words, and the problems found on the way.

    Without a page there is nothing to show but as JSON.
    """

    command: str
    result: Any
    page: "Page | None"
    problems: "Sequence[Problem]" = ()


def write(output: Output, form: TextFormat, stream: TextIO) -> None:
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


def content(output: Output, form: Format) -> str | bytes:
    """Return what a file holds in which a command shows what it has to show."""
    if output.page is not None and form == "docx":
        from mopscli.formats.docx import document

        return document(output.page)
    if output.page is not None and form == "pdf":
        from mopscli.formats.pdf import pdf

        return pdf(output.page)
    text = StringIO()
    write(output, "json" if form == "docx" or form == "pdf" else form, text)
    return text.getvalue()


def is_installed(form: Format) -> bool:
    """Tell whether what a format needs is installed."""
    from importlib.util import find_spec

    return not (form == "docx" or form == "pdf") or find_spec(MAKERS[form]) is not None
