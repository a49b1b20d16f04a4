"""What is missing or left over in knowledge that can be read."""

import pytest

from mopscli.knowledge import load
from mopscli.knowledge.check import find_problems
from samples import PATHS, ROLES, WriteFolder


def found(write_folder: WriteFolder, roles: str = ROLES, paths: str | None = PATHS) -> list[str]:
    """Return the problems of a folder, without its path."""
    folder = write_folder(roles, paths)
    return [str(problem).replace(f"{folder}/", "") for problem in find_problems(folder)]


def test_sound_folder(write_folder: WriteFolder) -> None:
    """A sound folder would be said to have problems, with paths or without."""
    assert found(write_folder) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "steps: [author, editor]",
            "steps: [editor, author]",
            [
                "paths.yaml:2:3: ladders.words.steps: no move leads from 'editor' to 'author'"
                " (add it to moves)",
                "roles.yaml:23:3: roles.author: no path reaches this role"
                " (add a move to it, or start a ladder with it)",
            ],
        ),
        (
            "steps: [author, editor]",
            "steps: [author]",
            ["paths.yaml:2:3: ladders.words.steps: a ladder needs two roles or more"],
        ),
        (
            "steps: [author, editor]",
            "steps: [author, editor, author]",
            [
                "paths.yaml:2:3: ladders.words.steps: a role stands twice",
                "paths.yaml:2:3: ladders.words.steps: no move leads from 'editor' to 'author'"
                " (add it to moves)",
            ],
        ),
    ],
)
def test_paths(write_folder: WriteFolder, old: str, new: str, expected: list[str]) -> None:
    """A hole in a ladder, or a role out of reach, would not be found."""
    assert found(write_folder, paths=PATHS.replace(old, new)) == expected


def test_unused_source(write_folder: WriteFolder) -> None:
    """A source that nothing cites would not be found."""
    text = ROLES.replace("  own: {title", "  extra: {title: Unused, kind: article}\n  own: {title")
    assert found(write_folder, text) == ["roles.yaml:3:3: sources.extra: nothing cites this source"]


def test_traits_nobody_uses(write_folder: WriteFolder) -> None:
    """A skill that no role requires, a drive that none offers, or a role with neither would not be found."""
    head, _, rest = ROLES.partition("    requires:\n")
    middle = rest.partition("  editor:\n")[2]
    text = f"{head}  editor:\n{middle}"
    text = text.replace("      writing: {level: 4, weight: 1}\n", "").replace(
        "    offers:\n      calm: {level: 1, weight: 2}\n", ""
    )
    assert [problem.partition(": ")[2] for problem in found(write_folder, text)] == [
        "skills.writing: no role requires this skill",
        "drives.calm: no role offers this drive",
        "roles.author: requires no skill and offers no drive",
    ]


def test_without_paths(write_folder: WriteFolder) -> None:
    """A folder without paths would be blamed for roles out of reach."""
    assert found(write_folder, paths=None) == []


def test_islands(write_folder: WriteFolder) -> None:
    """Roles that only reach each other would pass for roles in reach."""
    roles = ROLES.replace("topics:\n", "".join(ISLAND.format(name=name) for name in ("x", "y")) + "topics:\n")
    move = PATHS.partition("moves:\n")[2]
    there = move.replace("from: author", "from: x").replace("to: editor", "to: y")
    back = move.replace("from: author", "from: y").replace("to: editor", "to: x")
    messages = [problem.partition(": ")[2] for problem in found(write_folder, roles, PATHS + there + back)]
    assert messages == [
        f"roles.{name}: no path reaches this role (add a move to it, or start a ladder with it)"
        for name in ("x", "y")
    ]


ISLAND = """\
  {name}:
    name: Role {name}
    label: {name}
    family: F
    rank: 1
    summary: {{text: Is {name}., source: own}}
    requires: {{writing: {{level: 1, weight: 1}}}}
"""


def test_a_fault_in_one_file_hides_nothing_of_the_other(write_folder: WriteFolder) -> None:
    """A fault in one file would hide those of another until it is mended."""
    assert found(
        write_folder, ROLES.replace("rank: 1", "rank: x"), PATHS.replace("[author, editor]", "[author]")
    ) == [
        "paths.yaml:2:3: ladders.words.steps: a ladder needs two roles or more",
        "roles.yaml:28:11: roles.author.rank: expected a whole number from 0 to 100, found 'x'",
    ]


def test_a_flood(write_folder: WriteFolder) -> None:
    """A file of nothing but problems would flood the screen."""
    steps = ", ".join(["editor, author"] * 2_000)
    assert len(found(write_folder, paths=PATHS.replace("author, editor", steps))) == 1_000


TEAM = """\
questions:
  people:
    text: How many people?
    options: [{value: 0, text: Nobody}, {value: 1, text: Somebody}]
stages:
  - number: 0
    name: Alone
    when: [{asks: people, at_most: 0}]
    roles: [author]
    looks_like: [{text: One does it all., source: own}]
    comes_next: [{text: Another one., source: book}]
seats:
  editor:
    arguments_for: [{text: Two see more., source: own}]
    arguments_against: [{text: Two cost more., source: own}]
    sign_for_next: [{text: A pile of paper., source: own}]
rules:
  second:
    stage: 0
    hire: editor
    when: []
    text: Hire an editor.
    source: own
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("at_most: 0}", "at_most: 3}", ["8:12: stages[1]: 3 is no answer to 'people'"]),
        ("hire: editor", "hire: author", ["18:3: rules.second: seats tells nothing about 'author'"]),
        (
            "    stage: 0\n    hire",
            "    stage: 4\n    hire",
            [
                "6:5: stages[1]: no rule of stage 0 holds whatever the answers are"
                " (add one with 'when: []' as its last)",
                "18:3: rules.second: there is no stage 4",
            ],
        ),
        (
            "    when: []\n",
            "    when: [{asks: people, at_least: 1}]\n",
            [
                "6:5: stages[1]: no rule of stage 0 holds whatever the answers are"
                " (add one with 'when: []' as its last)"
            ],
        ),
        (
            "rules:\n",
            "rules:\n  first: {stage: 0, when: [], text: Wait., source: own}\n",
            ["19:3: rules.second: a rule before it always holds, so this one never decides"],
        ),
        ("asks: people", "asks: peple", ["8:19: stages[1].when[1].asks: unknown team question 'peple'"]),
        (
            "{asks: people, at_most: 0}",
            "{asks: people}",
            ["8:13: stages[1].when[1]: any answer would do"],
        ),
        (
            "value: 1, text",
            "value: 0, text",
            ["4:5: questions.people: there must be two options or more"],
        ),
    ],
)
def test_team(write_folder: WriteFolder, old: str, new: str, expected: list[str]) -> None:
    """What a team file lacks would not be found at its place, or a sound one have problems."""
    folder = write_folder()
    (folder / "team.yaml").write_text(TEAM.replace(old, new, 1) if old else TEAM, "utf-8")
    problems = [str(problem).removeprefix(f"{folder}/team.yaml:") for problem in find_problems(folder)]
    assert len(problems) == len(expected), problems
    for problem, start in zip(problems, expected, strict=True):
        assert problem.startswith(start), problem


def test_hiring(write_folder: WriteFolder) -> None:
    """A paper without anything for it, a role or skill left out, or a choice that none shows would not be found."""
    folder = write_folder()
    keys = ("role-description", "scorecard", "charter", "metrics", "interview-guide", "checklist")
    papers = "".join(f"  {key}: {{title: A, about: {{text: B., source: own}}}}\n" for key in keys)
    choices = "choices:\n  company: {text: The name}\n  pay: {text: The pay}\n"
    (folder / "hiring.yaml").write_text(f"{choices}papers:\n{papers}", "utf-8")
    problems = [str(problem).removeprefix(f"{folder}/hiring.yaml:") for problem in find_problems(folder)]
    assert [problem.partition(": ")[2] for problem in problems] == [
        "charter: there is nothing for this paper",
        "checklist: there is nothing for this paper",
        "interviews: there are no questions about the skill 'editing'",
        "interviews: there are no questions about the skill 'writing'",
        "metrics: there is none for the role 'author'",
        "metrics: there is none for the role 'editor'",
        "scorecards: there is none for the role 'author'",
        "scorecards: there is none for the role 'editor'",
        "choices.pay: no paper shows it",
    ]
    (folder / "hiring.yaml").write_text(f"papers:\n{papers.replace('checklist', 'checks')}", "utf-8")
    problems = [str(problem) for problem in find_problems(folder)]
    assert any("expected one of" in problem and "'checks'" in problem for problem in problems), problems


def test_details(write_folder: WriteFolder) -> None:
    """What details.yaml adds would be lost, or a section that stands twice be taken from one of them in silence."""
    folder = write_folder(ROLES, PATHS)
    details = folder / "details.yaml"
    details.write_text(
        "roles:\n  author:\n    value:\n      - {text: Fills the paper., source: own}\n"
        "skills:\n  writing:\n    phrases: [copywriting]\n",
        "utf-8",
    )
    assert find_problems(folder) == []
    knowledge = load(folder)
    assert [claim.text for claim in knowledge.roles["author"].value] == ["Fills the paper."]
    assert knowledge.roles["author"].tasks
    assert knowledge.skills["writing"].phrases == ("copywriting",)
    assert load(folder, ()).roles["author"].value == ()
    (folder / "roles.yaml").write_text(ROLES.replace("    tasks:", "    value: []\n    tasks:", 1), "utf-8")
    assert [problem.message for problem in find_problems(folder)] == [
        "roles.author.value: stands in roles.yaml too"
    ]


def test_ways(write_folder: WriteFolder) -> None:
    """A must-have could name a way that there is not, or a folder without paths be refused."""
    gate = "    gates:\n      - {text: Has written a book., source: own, way: write-a-book}\n    requires:"
    folder = write_folder(ROLES.replace("    requires:", gate, 1), None)
    assert find_problems(folder) == []
    (folder / "paths.yaml").write_text(PATHS, "utf-8")
    assert [problem.message for problem in find_problems(folder)] == [
        "roles.author.gates[1].way: unknown way 'write-a-book'"
    ]


def test_sources_wait_for_every_file(write_folder: WriteFolder) -> None:
    """A mistake in one file would make sources that are cited there alone look like leftovers."""
    roles = ROLES.replace("sources:\n", "sources:\n  other: {title: Another, kind: article}\n", 1)
    cited = "ways:\n  book:\n    months: {low: 1, typical: 2, high: 3, source: other}\n"
    cited += "    actions: [{text: Write., source: own}]\n    evidence: 1\n"
    paths = write_folder(roles, PATHS + cited) / "paths.yaml"
    assert [problem.place.path for problem in find_problems(paths.parent)] == [str(paths)]


def test_in_short(write_folder: WriteFolder) -> None:
    """A text that is short for several values would be read as something else, or a fault in it go unseen."""
    long = PATHS.replace("{low: 12, typical: 24, high: 60, source: own}", "12 to 60, usually 24 [own]")
    paths = long.replace("{text: Knows the work., source: book}", "Knows the [whole] work. [book]")
    (move,) = load(write_folder(ROLES, paths)).moves
    assert (move.months.low, move.months.typical, move.months.high, move.months.source) == (12, 24, 60, "own")
    assert (move.why.text, move.why.source) == ("Knows the [whole] work.", "book")
    for short, wrong, message in (
        ("[own]", "[nobody]", "moves[1].months.source: unknown source 'nobody'"),
        ("usually 24", "usually 90", "moves[1].months: low, typical and high are not in order"),
        (
            "usually 24",
            "usually 700",
            "moves[1].months.typical: expected a number from 0 to 600, found '700'",
        ),
        ("work. [book]", "work.", "moves[1].why: expected a mapping with 'text' and 'source', found"),
        ("work. [book]", "work. [books]", "moves[1].why.source: unknown source 'books'"),
    ):
        (problem,) = find_problems(write_folder(ROLES, paths.replace(short, wrong)))
        assert problem.message.startswith(message)
        assert problem.place.line == paths[: paths.index(short)].count("\n") + 1
