"""What a title claims: the level that its words name, and whether a bank gives it; knows no text below it."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from mopscli.knowledge.postings import LEVEL_NAMES

# The level that the words of a title name: the first that matches, from 1 to 6; None for another track.
WORDS: Final[Sequence[tuple[int | None, str]]] = (
    (
        None,
        r"\bintern(?:ship)?\b|\bengineer\b|\barchitect\b|\bconsultant\b|\bproduct owner\b|\bchief of staff\b",
    ),
    (6, r"\bchief\b|\bc[mr]o\b|\bs?e?vp\b|\bvice president\b|\b(?:senior|sr\.?) (?:director|dir\b)"),
    (5, r"\bdirector\b|\bdir\b|\bhead of\b|\bhead,|^head\b"),
    (3, r"\bassociate (?:\w+ ){0,3}manager\b"),
    (
        4,
        r"\b(?:senior|sr\.?|staff|principal|lead|group)\b.*\b(?:manager|mgr)\b|\b(?:manager"
        r"|mgr)\b.*,\s*(?:senior|sr\.?)\b"
        r"|\blead\b|\bsupervisor\b|\bprincipal\b|\bstaff\b",
    ),
    (3, r"\bmanager\b|\bmgr\b"),
    (
        2,
        r"\b(?:senior|sr\.?)\b.*\b(?:specialist|analyst|associate|coordinator)\b"
        r"|\b(?:specialist|analyst|associate)\b.*\b(?:senior|sr\.?|ii|iii)\b|\bfield marketing, senior\b",
    ),
    (
        1,
        r"\bspecialist\b|\bcoordinator\b|\banalyst\b|\bassociate\b|\bassistant\b|\badministrator\b"
        r"|\brepresentative\b",
    ),
)
BANK: Final = re.compile(r"\bvice president\b|\b(?:vp|avp|svp)\b", re.IGNORECASE)
# Banks write the rank behind the job: "Campaign Manager, Vice President".
BEHIND: Final = re.compile(
    r"(?:,|-|\u2013|—|\()\s*(?:assistant |senior )?(?:vice president|vp|avp|svp)\)?\s*$|\bavp\b",
    re.IGNORECASE,
)


class TitleSays(NamedTuple):
    """The level that a title names, its rank from 1 to 6, and whether it is one that banks give to many."""

    level: str
    rank: int
    bank: bool = False


def read_title(title: str) -> TitleSays | None:
    """Return what a title claims, or None where its words name no level."""
    words = " ".join(title.lower().split())
    bank = bool(BEHIND.search(words))
    if bank:
        words = BANK.sub(" ", words)
    for rank, pattern in WORDS:
        if re.search(pattern, words):
            return TitleSays(LEVEL_NAMES[rank - 1], rank, bank) if rank else None
    return TitleSays("vp", len(LEVEL_NAMES), bank=True) if bank else None
