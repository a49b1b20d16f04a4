"""A posting and its fit as JSON and as a row of a table, under the keys that docs/postings.md promises."""

from collections.abc import Sequence
from typing import Any, Final

from mopscli.posting.posting import FittedPosting

COLUMNS: Final[Sequence[str]] = (
    *("id", "title", "company", "family", "from", "to", "probability", "role", "title_says"),
    *("years", "pay_low", "pay_high", "warnings", "readiness", "chance"),
)


def as_contract(one: FittedPosting) -> dict[str, Any]:
    """Return what `--json` gives of a posting."""
    read, fit = one.posting, one.fit
    within = read.level.range
    return {
        "id": read.id,
        "title": read.title,
        "company": read.company,
        "family": read.family,
        "field": read.field,
        "focus": read.focus,
        "level": {
            "probabilities": dict(read.level.probabilities),
            "range": {"from": within.from_, "to": within.to, "probability": within.probability},
        },
        "roles": [{"key": role.key, "probability": role.probability} for role in read.roles],
        "title_says": read.title_says.level if read.title_says else None,
        "bank_title": bool(read.title_says and read.title_says.bank),
        "years": {"required": read.years.required, "preferred": read.years.preferred},
        "pay": {"low": read.pay.low, "high": read.pay.high} if read.pay else None,
        "reports": read.reports,
        "skills": [{"skill": skill.skill, "sentences": list(skill.sentences)} for skill in read.skills],
        "tools": list(read.tools),
        "must_haves": list(read.must_haves),
        "warnings": [warning._asdict() for warning in read.warnings],
        "evidence": [
            {
                "clue": some.clue,
                "value": some.value,
                "level": some.y,
                "sd": some.s2**0.5,
                "sentences": list(some.sentences),
            }
            for some in read.evidence
        ],
        "fit": None
        if fit is None
        else {
            "readiness": fit.readiness,
            "probability": fit.probability,
            "must_haves": [must._asdict() for must in fit.must_haves],
            "questions": [question._asdict() for question in fit.questions],
            "strengths": [strength._asdict() for strength in fit.strengths],
            "gaps": [gap._asdict() for gap in fit.gaps],
        },
    }


def by_fit(fitted: Sequence[FittedPosting]) -> list[FittedPosting]:
    """Return postings with those that somebody fits best first, and otherwise in their order."""
    return sorted(fitted, key=lambda one: -((one.fit and one.fit.readiness) or 0.0))


def as_row(one: FittedPosting) -> list[str | float | None]:
    """Return a posting as the cells of COLUMNS."""
    read, fit = one.posting, one.fit
    within = read.level.range
    return [
        read.id,
        read.title,
        read.company,
        read.family,
        within.from_,
        within.to,
        round(within.probability, 2),
        read.roles[0].key,
        read.title_says.level if read.title_says else None,
        read.years.required if read.years.required is not None else read.years.preferred,
        read.pay.low if read.pay else None,
        read.pay.high if read.pay else None,
        " ".join(warning.kind for warning in read.warnings),
        round(fit.readiness, 1) if fit and fit.readiness is not None else None,
        round(fit.probability, 2) if fit and fit.probability is not None else None,
    ]
