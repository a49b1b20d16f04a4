"""Pages about roles."""

from dataclasses import fields

from mopscli.knowledge.entries import Role
from mopscli.pages.roles import HEADINGS
from mopscli.roles.catalog import ROLE_PARTS
from mopscli.roles.compare import DIMENSIONS


def test_every_part_of_a_role_has_a_heading() -> None:
    """A new field of a role would have no heading, and whoever looks at the role get a traceback."""
    shown = {name for names in ROLE_PARTS.values() for name in names} & {field.name for field in fields(Role)}
    missing = shown - {*HEADINGS, *DIMENSIONS, "short", "requires", "offers"}
    assert not missing, f"add a heading for {', '.join(sorted(missing))} to HEADINGS in pages/roles.py"
