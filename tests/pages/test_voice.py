"""A page about somebody: you and your become they and their, and the name stands where they are first meant."""

import re

import pytest

from mopscli.knowledge import Knowledge
from mopscli.page import Facts, Heading, Line, Page, Paragraph, Scales, Title
from mopscli.pages.voice import about, in_third_person, named


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("You like to lead a team.", "They like to lead a team."),
        ("You would rather do the tasks yourself.", "They would rather do the tasks themselves."),
        ("Head suits you, and you can do it.", "Head suits them, and they can do it."),
        ("Ask your manager what would suit you better.", "Ask their manager what would suit them better."),
        ("An opening that could be yours.", "An opening that could be theirs."),
        ("It needs more than you show.", "It needs more than they show."),
        ("This is for you to decide: are you ready?", "This is for them to decide: are they ready?"),
        ("Your youth and young colleagues", "Their youth and young colleagues"),
        ("You teach colleagues so well that they manage without you.", None),
    ],
)
def test_about(said: str, expected: str | None) -> None:
    """A sentence about somebody would be no English, or still speak to them."""
    wanted = expected or "They teach colleagues so well that they manage without them."
    assert about(said) == wanted


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "You want Head, but are not quite ready for it yet",
            "Sam wants Head, but is not quite ready for it yet",
        ),
        ("You are in the right place: Head suits you", "Sam is in the right place: Head suits them"),
        ("Head suits you, and you can do it", "Head suits Sam, and they can do it"),
        ("Head is what you want, as a goal", "Head is what Sam wants, as a goal"),
        ("Head would suit you better than Director", "Head would suit Sam better than Director"),
        ("A or B: what you like does not decide it", "A or B: what Sam likes does not decide it"),
        ("You want Head; whether you are ready is open", "Sam wants Head; whether they are ready is open"),
        ("Too little is known yet to advise you", "Too little is known yet to advise Sam"),
        ("You gave one answer, so they cannot tell", "Sam gave one answer, so they cannot tell"),
        ("You can do it, and you have led.", "Sam can do it, and they have led."),
        ("The months that you need", "The months that Sam needs"),
        ("What you learned, you also carry on", "What Sam learned, they also carry on"),
        ("You also carry it on", "Sam also carries it on"),
        ("Your way to Head", "Sam's way to Head"),
        ("What you bring to Head", "What Sam brings to Head"),
        ("Nothing about anybody", "Nothing about anybody"),
    ],
)
def test_named(said: str, expected: str) -> None:
    """A name would stand with the wrong verb, or where nobody is meant."""
    assert named(said, "Sam") == expected


def test_every_phrase_of_the_knowledge(knowledge: Knowledge) -> None:
    """A phrase about a trait would still speak to somebody, or mix up they and them."""
    for trait in (*knowledge.skills.values(), *knowledge.drives.values()):
        for phrase in filter(None, (trait.much, trait.little)):
            said = about(phrase)
            assert not re.search(r"\b[Yy]ou", said)
            assert said.startswith("They ")
            verbs = r"\bthem (are|have|know|like|use|can|soon)\b"
            assert len(re.findall(verbs, said)) == len(re.findall(verbs, phrase)), said
            assert not re.search(r"\b(without|around|of|for) they\b", said), said


def test_a_whole_page() -> None:
    """A name that says you would be reworded, a source be lost, or a mark of a chart not get the name."""
    blocks = (
        Title("What you want"),
        Heading("Your plan"),
        Paragraph(Line("You are ready.", "book")),
        Facts((("You said", (Line("Ask your manager.", "book"),)),)),
        Scales((("o", "You"), ("H", "Head")), (), "Your levels."),
    )
    page = in_third_person(Page(blocks), "You Wang")
    assert page.blocks == (
        Title("What You Wang wants"),
        Heading("You Wang's plan"),
        Paragraph(Line("You Wang is ready.", "book")),
        Facts((("They said", (Line("Ask their manager.", "book"),)),)),
        Scales((("o", "You Wang"), ("H", "Head")), (), "Their levels."),
    )
