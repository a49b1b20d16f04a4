"""The bundled knowledge: what was asked for is there, complete, and each claim with its source."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from mopscli.knowledge import Knowledge, bundled_folder, entries, staffing
from mopscli.knowledge.check import find_problems
from mopscli.knowledge.entries import Claim
from mopscli.knowledge.folder import FILES, SCHEMAS, file_type, schema_text
from mopscli.pages.sources import claim_text
from mopscli.roles.catalog import list_claims
from mopscli.roles.compare import DIMENSIONS

# How many statements each article makes; statements.yaml says in which claim each is carried.
ARTICLES = {
    "head-vs-director": 127,
    "savvy-cmos": 39,
    "mops-leader": 27,
    "role-of-mops": 43,
    "manager-or-specialist": 46,
}
# Norms are measured on people, so that a group brings its own.
BUNDLED = tuple(name for name in FILES if name != "norms.yaml")
STATEMENTS = yaml.safe_load((Path(__file__).parent / "statements.yaml").read_text("utf-8"))

ROLE_NAMES = (
    "Marketing Operations Associate",
    "Marketing Operations Specialist",
    "Senior Marketing Operations Specialist",
    "Marketing Analyst",
    "Marketing Operations Manager",
    "Platform-focused Marketing Operations Manager",
    "Campaign-focused Marketing Operations Manager",
    "Marketing Technology Manager",
    "Campaign Operations Team Manager",
    "Senior Marketing Operations Manager",
    "Marketing Operations Consultant",
    "Head of Marketing Operations",
    "Principal of Marketing Operations",
    "Director of Marketing Operations",
    "Senior Director of Marketing Operations",
    "VP of Marketing Operations",
    "Sales Operations Manager",
    "Revenue Operations Leader",
    "Marketing Manager",
    "Senior Marketing Manager",
    "Director of Marketing",
    "VP of Marketing",
    "Chief Marketing Officer",
)


def test_no_problems() -> None:
    """The bundled knowledge would fail its own check."""
    assert find_problems(bundled_folder()) == []


def test_roles(knowledge: Knowledge) -> None:
    """One of 23 roles, or a section that the screens promise, would be missing."""
    assert tuple(role.name for role in knowledge.roles.values()) == ROLE_NAMES
    sections = ("responsibilities", "tasks", "skills_text", "suits", "challenges", "opportunities")
    for role in knowledge.roles.values():
        for section in ("focus", *DIMENSIONS, *sections, "requires", "offers"):
            assert getattr(role, section), f"{role.key} has no {section}"


def test_short_forms(knowledge: Knowledge) -> None:
    """The table in brief would lack an aspect, take two lines for it, or rest it on another source."""
    for role in knowledge.roles.values():
        told = {aspect: claim for aspect in DIMENSIONS if (claim := getattr(role, aspect))}
        assert set(role.short) == set(told), role.key
        for aspect, short in role.short.items():
            assert short.source == told[aspect].source, f"{role.key}.{aspect}"
            assert len(short.text) <= 30, short.text
            assert short.text[0].isupper(), short.text
            assert not re.search(r"[.;:/&]", short.text), short.text


def test_short_forms_tell_head_from_director(knowledge: Knowledge) -> None:
    """The table in brief would say the same of a Head and of a Director."""
    head, director = (knowledge.roles[key].short for key in ("head", "director"))
    for aspect in DIMENSIONS:
        assert head[aspect].text != director[aspect].text


@pytest.mark.parametrize(
    ("role", "section", "count"),
    [
        ("head", "responsibilities", 5),
        ("head", "tasks", 5),
        ("head", "skills_text", 5),
        ("head", "challenges", 3),
        ("head", "opportunities", 1),
        ("head", "suits", 4),
        ("director", "responsibilities", 6),
        ("director", "tasks", 5),
        ("director", "skills_text", 5),
        ("director", "challenges", 3),
        ("director", "opportunities", 1),
        ("director", "suits", 4),
    ],
)
def test_first_article(knowledge: Knowledge, role: str, section: str, count: int) -> None:
    """Something that the first article says of Head and Director would be missing."""
    claims = getattr(knowledge.roles[role], section)
    assert sum(claim.source == "head-vs-director" for claim in claims) == count


@pytest.mark.parametrize("role", ["head", "director"])
def test_key_differences(knowledge: Knowledge, role: str) -> None:
    """A key difference would not come from the first article, on both sides."""
    assert {getattr(knowledge.roles[role], key).source for key in DIMENSIONS} == {"head-vs-director"}


@pytest.mark.parametrize(
    ("topic", "source", "count"),
    [
        ("long-term-goals", "head-vs-director", 3),
        ("organization-questions", "head-vs-director", 2),
        ("four-buckets", "role-of-mops", 4),
    ],
)
def test_topics(knowledge: Knowledge, topic: str, source: str, count: int) -> None:
    """A list that concerns several roles would be incomplete."""
    points = knowledge.topics[topic].points
    assert sum(point.source == source for point in points) == count


def test_buckets_name_skills(knowledge: Knowledge) -> None:
    """One of the four buckets would be tied to no skill."""
    for point in knowledge.topics["four-buckets"].points:
        assert point.about
        assert set(point.about) <= set(knowledge.skills)


def test_other_articles(knowledge: Knowledge) -> None:
    """The Director's traits or the platform manager's time split would be incomplete."""
    director, platform = knowledge.roles["director"], knowledge.roles["platform-manager"]
    assert sum(claim.source == "savvy-cmos" for claim in director.profile) == 8
    assert len(director.value) >= 5
    assert len(director.hesitations) >= 3
    assert [share.percent for share in platform.time_split] == [60, 30, 10]
    assert platform.profile
    assert knowledge.roles["campaign-manager"].hire_when


def test_caveats_disagree(knowledge: Knowledge) -> None:
    """That titles vary would go untold, or a source that disagrees not be named on the Head."""
    caveats = knowledge.roles["head"].caveats
    general = knowledge.topics["titles-vary"]
    assert (general.kind, set(general.roles)) == ("caveat", set(knowledge.roles))
    assert "vary" in general.points[0].text
    assert {"disney-posting", "marketing-juice", "gitlab", "revenue-pulse"} <= {
        claim.source for claim in caveats
    }


def test_skills_and_drives(knowledge: Knowledge) -> None:
    """A skill, a drive or a marker would be missing, or two markers say the same."""
    assert (len(knowledge.skills), len(knowledge.drives)) == (25, 11)
    markers = [marker for skill in knowledge.skills.values() for marker in skill.markers.values()]
    assert len(set(markers)) == 150
    assert all(marker.startswith("You ") for marker in markers)


def test_words_for_traits(knowledge: Knowledge) -> None:
    """A trait could not be told of somebody, or a phrase of a posting mean two skills."""
    for trait in (*knowledge.skills.values(), *knowledge.drives.values()):
        assert trait.much, trait.key
        assert trait.little, trait.key
    phrases = [phrase for skill in knowledge.skills.values() for phrase in skill.phrases]
    assert min(len(skill.phrases) for skill in knowledge.skills.values()) >= 8
    assert len(set(phrases)) == len(phrases)
    assert all(phrase == phrase.lower() for phrase in phrases)


def test_ways_to_must_haves(knowledge: Knowledge) -> None:
    """A must-have would be asked for, and nothing tell how to get it."""
    gates = [gate for role in knowledge.roles.values() for gate in role.gates]
    assert len(gates) >= 14
    assert {gate.way for gate in gates} == set(knowledge.ways)


def test_questions(knowledge: Knowledge) -> None:
    """A trait would have too few questions, or one way to answer be worth more than the other."""
    assert knowledge.questions is not None
    questions = knowledge.questions.questions.values()
    count = Counter(question.trait for question in questions)
    assert all(count[drive] >= 2 for drive in knowledge.drives)
    decisive = {
        skill
        for role in knowledge.roles.values()
        for skill, demand in role.requires.items()
        if demand.weight == 3
    }
    for skill in knowledge.skills:
        assert count[skill] >= (2 if skill in decisive else 1), skill
    assert [question.trait for question in questions if question.kind == "skill"] == list(knowledge.skills)
    kinds = Counter(question.kind for question in questions)
    assert kinds["agree"] == kinds["reversed"]
    sides = [question.high for question in questions if question.kind == "tradeoff"]
    assert sides.count("first") == sides.count("second")
    assert len(questions) + len(knowledge.questions.context) <= 84
    present = knowledge.questions.context["present-role"].options
    assert {option.role for option in present} == {*knowledge.roles, None}


@pytest.mark.parametrize("article", ARTICLES)
def test_statements_of_an_article(knowledge: Knowledge, article: str) -> None:
    """Something that an article says would be nowhere, or stand under another source."""
    claims = list_claims(knowledge, knowledge.sources[article]).claims
    told = [(re.sub(r"\[\d+\]", "", cited.keys), claim_text(cited.claim)) for cited in claims]
    statements = [statement for statement in STATEMENTS if statement["article"] == article]
    assert len(statements) == ARTICLES[article]
    for statement in statements:
        assert any(keys == statement["key"] and statement["has"] in text for keys, text in told), statement


def test_paths(knowledge: Knowledge) -> None:
    """A ladder of the first article or a move would be missing, or months pass for more than judgment."""
    assert knowledge.ladders["head-ladder"].steps == ("specialist", "senior-specialist", "head", "director")
    assert knowledge.ladders["director-ladder"].steps[:4] == (
        "marketing-manager",
        "senior-marketing-manager",
        "marketing-director",
        "director",
    )
    assert len(knowledge.moves) >= 20
    assert {knowledge.sources[move.months.source].kind for move in knowledge.moves} == {"judgement"}


def texts(part: Any) -> Iterator[str]:
    """Yield every text in the knowledge."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from texts(value)
    elif isinstance(part, tuple) and not hasattr(part, "_fields"):
        for value in part:
            yield from texts(value)
    elif is_dataclass(part):
        for field in fields(part):
            yield from texts(getattr(part, field.name))


def test_style(knowledge: Knowledge) -> None:
    """Text would hold an exclamation mark, a placeholder, or a character outside ASCII."""
    for text in texts(
        (knowledge.sources, knowledge.skills, knowledge.drives, knowledge.roles, knowledge.topics)
    ):
        assert text.isascii(), text
        assert not re.search(r"!|TODO|TBD|lorem|xxx|\bplaceholder\b", text, re.IGNORECASE), text
        assert text == "judgement" or "judgement" not in text.lower(), text


def test_no_claim_twice(knowledge: Knowledge) -> None:
    """Two roles would read alike, with a sentence that stands in both."""
    seen: dict[str, str] = {}
    for role in knowledge.roles.values():
        for field in fields(role):
            value = getattr(role, field.name)
            for claim in value if isinstance(value, tuple) else (value,):
                if isinstance(claim, Claim):
                    assert seen.setdefault(claim.text, role.key) == role.key, claim.text


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_is_up_to_date(name: str) -> None:
    """The schema of a file, beside the bundled ones, would be out of date."""
    assert (bundled_folder() / SCHEMAS[name]).read_text("utf-8") == schema_text(name)


@pytest.mark.parametrize("name", BUNDLED)
def test_schema_accepts_the_files(name: str) -> None:
    """Editors would find fault with the bundled files."""
    folder = bundled_folder()
    schema = (folder / SCHEMAS[name]).read_text("utf-8")
    content = yaml.safe_load((folder / name).read_text("utf-8"))
    # JSON has text keys only, where YAML reads the markers' levels as numbers.
    jsonschema.Draft202012Validator(json.loads(schema)).validate(json.loads(json.dumps(content)))


def test_schemas_are_named_in_the_files() -> None:
    """The first line of a file would not lead editors to its schema."""
    for name in BUNDLED:
        first = (bundled_folder() / name).read_text("utf-8").partition("\n")[0]
        assert first == f"# yaml-language-server: $schema={SCHEMAS[name]}"


def test_every_record_is_documented() -> None:
    """A kind of entry would be missing from docs/knowledge.md."""
    text = (Path(__file__).parents[1] / "docs" / "knowledge.md").read_text("utf-8")
    headings = set(re.findall(r"^###? (.+)$", text, re.MULTILINE))
    records = {
        kind.__name__
        for kind in (*vars(entries).values(), *vars(staffing).values())
        if isinstance(kind, type) and issubclass(kind, entries.Entry) and is_dataclass(kind)
    }
    assert records - {"Entry", *(file_type(name).__name__ for name in FILES)} <= headings
    assert set(FILES) <= headings
