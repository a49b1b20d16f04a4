"""Sentences that a comment cuts short in files of YAML; knows nothing of what they say."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import yaml

from mopscli.knowledge.reader import PARSER
from mopscli.problem import Place, Problem
from mopscli.text import shorten

# What stands behind a sentence that goes on: no blank after the mark, or an end of a sentence.
GOES_ON: Final = re.compile(r"[ \t]+#(?:\S.*|.*[.?])\s*")
ENDS: Final = (".", "?", ":", ")", '"')


def cut_sentences(files: Iterable[Path]) -> Iterator[Problem]:
    """Yield a problem for each text without quotes that a comment seems to cut short; YAML ends it before a `#`."""
    for file in files:
        try:
            text = file.read_text("utf-8")
            lines = text.split("\n")
            for event in yaml.parse(text, Loader=PARSER):
                mark = event.end_mark
                if (
                    mark is None
                    or type(event) is not yaml.ScalarEvent
                    or event.style
                    or " " not in event.value
                ):
                    continue
                if not event.value.endswith(ENDS) and GOES_ON.fullmatch(lines[mark.line][mark.column :]):
                    said = f"'{shorten(event.value)}'"
                    message = f"the text ends here, before a comment: it is read as {said}"
                    hint = "put the text in quotes if the # belongs to it"
                    yield Problem(Place(str(file), mark.line + 1, mark.column + 1), message, hint)
        except (OSError, UnicodeError, yaml.YAMLError):
            # Told by whoever reads the file.
            continue
