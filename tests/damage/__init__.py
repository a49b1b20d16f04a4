"""A good survey export in several forms, and hundreds of damaged versions of it, each knowing what was done where.

Only damage that can be noticed: nobody can tell a valid answer that was changed into another valid one.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from damage import encodings, headers, rows, tables
from damage.files import Export, Version, exports
from damage.kinds import Damage
from damage.objects import damaged_json, json_text, objects
from damage.parquet import damaged_parquet
from damage.workbooks import damaged_workbooks, table, workbook
from mopscli.assessment.questionnaire import Questionnaire

KINDS: Final = tuple(
    kind
    for module in (rows, tables, headers, encodings)
    for kind in vars(module).values()
    if isinstance(kind, Damage)
)


def versions_of(export: Export, rounds: int = 1) -> Iterator[Version]:
    """Yield damaged versions of an export: so many of each kind that can be done to it, the same ones each time."""
    for kind in KINDS:
        yield from kind.versions_of(export, rounds)


def good_version(export: Export) -> Version:
    """Return an export as it is."""
    return Version(export.name, "none", export.bytes(export.text(export.rows)), "same")


def suite(questionnaire: Questionnaire, group: str, folder: Path) -> list[Version]:
    """Return a good file and damaged versions of it; each kind is done to two exports and to one more."""
    if group == "parquet":
        return list(damaged_parquet(questionnaire, folder))
    if group == "json":
        lines = "\n".join([*json_text(objects(questionnaire)), ""]).encode()
        return [Version("json", "none", lines, "same"), *damaged_json(questionnaire)]
    if group == "xlsx":
        sheet = workbook(table(questionnaire))
        return [Version("xlsx", "none", sheet, "same"), *damaged_workbooks(questionnaire)]
    everything = exports(questionnaire)
    number = next(number for number, export in enumerate(everything) if export.name == group)
    names = [kind.name for kind in KINDS]
    mine = names if number < 2 else names[number - 2 :: len(everything) - 2]
    versions = versions_of(everything[number])
    return [good_version(everything[number]), *(version for version in versions if version.kind in mine)]
