"""What the file of details may hold: what is told of roles and skills beyond what most commands show."""

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Any

from mopscli.knowledge.constraints import Defines
from mopscli.knowledge.entries import Claim, Entry, RoleKey, Share, SkillKey, Topic, entry


@entry
class Details(Entry):
    """What is told of something beyond what most commands show."""

    key: str

    @property
    def sections(self) -> dict[str, Any]:
        """The sections that are there, by name."""
        return {name: told for name, told in vars(self).items() if name not in ("key", "place")}


@entry
class RoleDetails(Details):
    """What is told of a role beyond what a comparison shows. Each section may stand in roles.yaml instead."""

    responsibilities: Annotated[tuple[Claim, ...], "As in Role."] = ()
    skills_text: Annotated[tuple[Claim, ...], "As in Role."] = ()
    profile: Annotated[tuple[Claim, ...], "As in Role."] = ()
    time_split: Annotated[tuple[Share, ...], "As in Role."] = ()
    value: Annotated[tuple[Claim, ...], "As in Role."] = ()
    hesitations: Annotated[tuple[Claim, ...], "As in Role."] = ()
    hire_when: Annotated[tuple[Claim, ...], "As in Role."] = ()


@entry
class SkillDetails(Details):
    """What is told of a skill beyond what a comparison shows. It may stand in roles.yaml instead."""

    phrases: Annotated[tuple[str, ...], "As in Skill."] = ()


@entry
class DetailsFile(Entry):
    """The file details.yaml."""

    roles: Annotated[Mapping[RoleKey, RoleDetails], "More of what is told of roles, by key."] = field(
        default_factory=dict
    )
    skills: Annotated[Mapping[SkillKey, SkillDetails], "More of what is told of skills, by key."] = field(
        default_factory=dict
    )
    topics: Annotated[
        Mapping[Annotated[str, Defines("topic")], Topic],
        "Points about several roles, beside those in roles.yaml.",
    ] = field(default_factory=dict)
