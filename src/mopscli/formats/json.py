"""A result as what JSON holds: dicts, lists, texts and numbers, in an envelope that names its version."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final

from mopscli.formats import Output

ENVELOPE: Final = 1


def json_text(output: Output) -> str:
    """Return what a command has to show as JSON, in letters of ASCII."""
    return json.dumps(envelope(output), indent=2) + "\n"


def envelope(output: Output) -> dict[str, Any]:
    """Return what `--json` prints: the result, with the sources that it cites, and the problems found.

    `mops` counts up when a key changes its meaning or goes.
    """
    data = plain(output.result)
    if output.page is not None and output.page.sources:
        cited = _sources_in(data)
        data["sources"] = {key: plain(source) for key, source in output.page.sources.items() if key in cited}
    return {
        "mops": ENVELOPE,
        "command": output.command,
        "data": data,
        "problems": [
            {
                "path": problem.place.path,
                "line": problem.place.line or None,
                "column": problem.place.column or None,
                "message": problem.message,
                "hint": problem.hint or None,
            }
            for problem in output.problems
        ],
    }


def _sources_in(data: Any) -> set[str]:
    if isinstance(data, dict):
        here = {data["source"]} if isinstance(data.get("source"), str) else set()
        return here.union(*map(_sources_in, data.values()))
    return set().union(*map(_sources_in, data)) if isinstance(data, list) else set()


def plain(value: Any) -> Any:
    """Return a result as dicts, lists, texts and numbers, without the places in files."""
    names = [field.name for field in fields(value)] if is_dataclass(value) else getattr(value, "_fields", ())
    if names:
        return {name.rstrip("_"): plain(getattr(value, name)) for name in names if name != "place"}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value
