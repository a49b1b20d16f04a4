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
                if type(event) is yaml.ScalarEvent and not event.style and " " in event.value:
                    rest = lines[event.end_mark.line][event.end_mark.column :]
                    if not event.value.endswith(ENDS) and GOES_ON.fullmatch(rest):
                        place = Place(str(file), event.end_mark.line + 1, event.end_mark.column + 1)
                        said = f"'{shorten(event.value)}'"
                        message = f"the text ends here, before a comment: it is read as {said}"
                        yield Problem(place, message, "put the text in quotes if the # belongs to it")
        except (OSError, UnicodeError, yaml.YAMLError):
            # Told by whoever reads the file.
            continue
