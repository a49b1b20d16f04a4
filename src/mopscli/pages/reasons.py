"""Reasons put into words: what one likes and does not, what one brings and lacks, beside what roles have of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mopscli.page import Scale, Scales

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mopscli.assessment.advice import Reason
    from mopscli.assessment.verdict import Assessment
    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Drive, Role, Skill

# How a role's level of a drive is said, from the highest level on that a word holds for.
MUCH, SOME = 4, 3
YOU = "\N{BLACK CIRCLE}"


def letters_of(pair: tuple[Role, Role]) -> tuple[str, str]:
    """Return a letter for each of two roles; the second is small if both begin alike."""
    one, other = (role.label[:1] for role in pair)
    return one, other.lower() if one == other else other


def reason_scales(
    knowledge: Knowledge, result: Assessment, reasons: Sequence[Reason], pair: tuple[Role, Role]
) -> Scales:
    """Say what one likes or not, and draw it beside what two roles have of it."""
    names = [role.label for role in pair]
    whose = ((YOU, "you"), *zip(letters_of(pair), names, strict=True))
    rows = tuple(_reason_scale(knowledge.drives[one.trait], one.much, result, pair) for one in reasons)
    return Scales(whose, rows, "0 none of it, 5 a great deal")


def _reason_scale(drive: Drive, much: bool, result: Assessment, pair: tuple[Role, Role]) -> Scale:
    mean = next(belief.mean for belief in result.beliefs if belief.trait == drive.key)
    offers = [role.offers.get(drive.key) for role in pair]
    levels = (mean, *(None if offer is None else float(offer.level) for offer in offers))
    phrase = drive.much if much else drive.little
    return Scale(drive.name, levels, phrase or "", there(drive.key, pair))


def there(trait: str, pair: tuple[Role, Role]) -> str:
    """Say how much two roles have of something."""
    levels = {role.label: role.offers[trait].level for role in pair if trait in role.offers}
    words = {label: _amount_word(level) for label, level in levels.items()}
    if len(set(words.values())) == 1 and len(words) > 1:
        more = f", more in {max(levels, key=levels.__getitem__)}" if len(set(levels.values())) > 1 else ""
        return f"{next(iter(words.values()))} in both{more}"
    return ", ".join(f"{word} in {label}" for label, word in words.items())


def _amount_word(level: int) -> str:
    return "a lot" if level >= MUCH else "some" if level >= SOME else "little"


def skill_text(knowledge: Knowledge, reason: Reason) -> str:
    """Say that somebody has a skill."""
    skill: Skill | Drive = knowledge.skills[reason.trait]
    return f"{skill.name}: {skill.much}" if skill.much else skill.name


def lack_text(knowledge: Knowledge, wanted: Role, reason: Reason) -> str:
    """Say what a role asks for of a skill that somebody lacks."""
    skill = knowledge.skills[reason.trait]
    marker = skill.markers.get(wanted.requires[reason.trait].level, "")
    return f"{skill.name}, up to this: {marker}" if marker else skill.name
