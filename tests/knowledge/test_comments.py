"""Sentences that a comment cuts short."""

from pathlib import Path

import pytest

from mopscli.knowledge.comments import cut_sentences


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("text: I like #1 to build a campaign myself.", 13),
        ("text: We work in C #and Java", 19),
        ("- Ask for ticket #4711 first", 17),
        ("text: Our channel is called #marketing", 28),
        ("text: I like a plan # and a budget.", 20),
        ("text: I like it. # reviewed", 0),
        ("text: I like it # reviewed", 0),
        ("level: 4 #four", 0),
        ("text: 'I like' #1", 0),
        ("text: I like#1 to build", 0),
        ('text: "I like #1 to build"', 0),
        ("text: |\n  I like #1 to build", 0),
        ("# I like #1 to build", 0),
    ],
)
def test_comments_within_sentences(tmp_path: Path, line: str, column: int) -> None:
    """People would be asked half a sentence, or a comment of the author's be complained about."""
    file = tmp_path / "questions.yaml"
    file.write_text(line + "\n", "utf-8")
    found = list(cut_sentences([file]))
    assert [problem.place.column for problem in found] == ([column] if column else [])


def test_files_that_cannot_be_parsed(tmp_path: Path) -> None:
    """A damaged file would end in a traceback, or hide what is wrong in the next one."""
    contents = (b"\xff", b"a: [", b"text: I like #1 to build")
    files = [tmp_path / f"{number}.yaml" for number in range(len(contents))]
    for file, content in zip(files, contents, strict=True):
        file.write_bytes(content)
    assert len(list(cut_sentences([tmp_path / "none.yaml", *files]))) == 1
