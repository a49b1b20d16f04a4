"""The first screen: pages in brief, parts of them, commands that were meant, and what is longer than the screen."""

import json
import re
from io import StringIO
from itertools import permutations
from pathlib import Path

import pytest
import typer

from mopscli.cli import guide, pager, prompt
from mopscli.knowledge import Knowledge
from mopscli.page import Heading, Line, Page, Paragraph, Title
from mopscli.pages.brief import comparison_brief, role_brief, skill_brief
from mopscli.roles.catalog import profile_role, profile_skill
from mopscli.roles.compare import compare_roles
from program import run_mops
from samples import ANSWERS, RESPONSES, on_screen

TEAM = "people: 6\nleader: 3\n"
PAGES = (
    *("roles", "skill", "skill leadership", "sources", "sources --claims savvy-cmos", "questions"),
    *("compare head director", "compare head director vp", "compare head director vp cmo analyst"),
    *(
        "role director",
        "role analyst",
        "role cmo",
        "path head",
        "path specialist director",
        "path vp specialist",
    ),
    *(
        "assess --answers ANSWERS",
        "assess head director vp --answers ANSWERS",
        "plan director --answers ANSWERS",
    ),
    *("plan head --answers ANSWERS", "plan cmo --months 12 --answers ANSWERS"),
    *(
        "path --to director --from specialist --answers ANSWERS",
        "what-if --set leadership=4 --answers ANSWERS",
    ),
    *(
        "compare-views ANSWERS ANSWERS",
        "team --answers TEAM",
        "team --answers TEAM --want director --budget 120000",
    ),
    *(
        "history",
        "check",
        "hire director",
        "batch RESPONSES",
        "team map RESPONSES --stage 3",
        "replay RESPONSES",
    ),
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the files that commands name, and a folder for what is saved."""
    folder = tmp_path_factory.mktemp("brief")
    (folder / "team.yaml").write_text(TEAM, "utf-8")
    return {
        "RESPONSES": str(RESPONSES),
        "ANSWERS": str(ANSWERS),
        "TEAM": str(folder / "team.yaml"),
        "HOME": str(folder),
    }


def run(files: dict[str, str], command: str, columns: int) -> str:
    """Return what a command prints at a width."""
    words = [files.get(word, word) for word in command.split()]
    done = run_mops(*words, COLUMNS=str(columns), XDG_DATA_HOME=files["HOME"])
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("command", PAGES)
def test_one_screen(files: dict[str, str], command: str) -> None:
    """The answer would be longer than a screen, or say nothing of how to see more."""
    for columns, most in ((80, 24), (60, 30)):
        text = run(files, command, columns)
        lines = text.splitlines()
        assert len(lines) <= most
        assert max(map(len, lines)) <= columns
        assert "Sources" not in lines
        if re.search("[\N{SUPERSCRIPT ONE}\N{SUPERSCRIPT TWO}\N{MODIFIER LETTER SMALL J}]", text):
            assert "everything, with its sources" in " ".join(text.split())


def test_all_of_it(files: dict[str, str]) -> None:
    """What is left out of a brief page could not be had, or not without its sources."""
    brief = run(files, "compare head director", 80)
    assert "mops compare head director --all  everything, with its sources" in brief
    whole = run(files, "compare head director --all", 80)
    assert "What a day looks like" in whole
    assert "\nSources\n" in whole
    assert len(whole) > 8 * len(brief)


def test_every_pair_in_brief(knowledge: Knowledge) -> None:
    """A comparison of two roles would be cut off before it says whom each suits."""
    for one, other in permutations(knowledge.roles.values(), 2):
        page = comparison_brief(knowledge, compare_roles(knowledge, [one, other]))
        lines = on_screen(page._replace(more=f"mops compare {one.key} {other.key} --all")).splitlines()
        assert len(lines) <= 24
        assert sum(line.startswith("\N{BULLET} Choose") for line in lines) == 2


def test_every_role_and_skill_in_brief(knowledge: Knowledge) -> None:
    """A role or a skill would be cut off."""
    pages = [role_brief(knowledge, profile_role(knowledge, role)) for role in knowledge.roles.values()]
    pages += [skill_brief(knowledge, profile_skill(knowledge, skill)) for skill in knowledge.skills.values()]
    for page in pages:
        lines = on_screen(page._replace(more="mops role x --all")).splitlines()
        assert len(lines) <= 24
        assert "..." not in lines
        assert not any(line.startswith("Not shown here") for line in lines), page.blocks[0]


def test_sections(files: dict[str, str]) -> None:
    """A part of a page could not be had by itself, or a wrong name be answered without those that there are."""
    shown = run(files, "plan director --section must-have --answers ANSWERS", 80)
    assert "Must-have: has led a team" in shown
    assert "1. " not in shown
    wrong = run_mops("plan", "director", "--section", "nothing", "--answers", str(ANSWERS))
    assert wrong.returncode == 2
    assert "No part begins with 'nothing'. The parts are: Must-have" in " ".join(wrong.stderr.split())


def test_only() -> None:
    """A part would come with another one, or without its title."""
    blocks = (
        Title("T"),
        Paragraph(Line("before")),
        Heading("One: a"),
        Paragraph(Line("first")),
        Heading("Two"),
        Paragraph(Line("second")),
    )
    page = Page(blocks)
    assert page.only(["tw"]).blocks == (blocks[0], *blocks[4:])
    assert page.only(["one-a", "two"]).blocks == (blocks[0], *blocks[2:])
    with pytest.raises(LookupError):
        page.only(["three"])


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ("head director", 0, "Head of Marketing Operations or Director"),
        ("compare", 2, "Name two roles or more, as in 'head director'."),
        ("compare head vs director", 0, "Head of Marketing Operations or Director"),
        ("help compare", 0, "Usage: mops compare"),
        ("director", 0, "Director of Marketing Operations"),
        ("assess --help", 0, "mops assess --answers answers.yaml"),
        ("manager", 0, "Marketing Operations Manager"),
        ("salary director", 0, "Lowest pay offered, median: $140,000"),
        ("plan", 2, "Which role? Name one, as in 'head'."),
        ("jobs", 0, "23 roles, from junior to senior"),
        ("quiz", 2, "There is no terminal to ask in."),
        ("--compare head director", 2, "Did you mean 'mops compare head director'?"),
        ("help", 0, "Compare and learn:"),
        ("head of marketing operations or director", 0, "Head of Marketing Operations or Director"),
        ("path specialist to director", 0, "From Marketing Operations Specialist to Director"),
        ("marketing manager", 0, "Marketing Manager"),
        ("plna", 2, "There is no command 'plna'. Did you mean 'plan'?"),
        ("salary", 0, "23 roles, from junior to senior"),
    ],
)
def test_first_attempts(typed: str, code: int, said: str) -> None:
    """Somebody who types what comes to mind would be turned away without the command that was meant."""
    done = run_mops(*typed.split())
    assert done.returncode == code, done.stderr
    assert said in " ".join((done.stdout if code == 0 else done.stderr).split())


def test_what_was_meant_is_told() -> None:
    """The command for it could not be learned, or standard output hold more than JSON."""
    done = run_mops("head", "and", "director", "--json")
    assert json.loads(done.stdout)["command"] == "compare"
    assert done.stderr == "mops compare head director --json\n"
    assert "mops compare head director --all" in run_mops("head", "director").stdout


def test_help_is_one_line_each() -> None:
    """A command would be explained over two lines, or be in no group."""
    text = run_mops("--help", COLUMNS="80").stdout
    commands = text.partition("Compare and learn:")[2].partition("\nOptions:")[0]
    assert "Others:" not in commands
    rows = [line for line in commands.splitlines() if line.startswith("  ")]
    assert len(rows) >= 24
    assert all(re.match(r"  [a-z-]+ +[A-Z]", row) for row in rows)


class Terminal(StringIO):
    """A stream that passes for a terminal."""

    def isatty(self) -> bool:
        """Pass for a terminal."""
        return True


def test_pager(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is longer than the screen would run through, or a short text wait for a key."""
    seen = tmp_path / "seen"
    monkeypatch.setenv("PAGER", f"sh -c 'cat > {seen}'")
    monkeypatch.setenv("LINES", "10")
    short, long = Terminal(), Terminal()
    pager.page_through("a\n" * 5, short)
    assert (short.getvalue(), seen.exists()) == ("a\n" * 5, False)
    pager.page_through("b\n" * 20, long)
    assert (long.getvalue(), seen.read_text()) == ("", "b\n" * 20)


@pytest.mark.parametrize("named", ["/no/such/pager", "'unclosed", "false-pager --x"])
def test_no_pager(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    """Without the pager that was named, nothing would be shown."""
    monkeypatch.setenv("PAGER", named)
    monkeypatch.setenv("LINES", "10")
    stream = Terminal()
    pager.page_through("b\n" * 20, stream)
    assert stream.getvalue() == "b\n" * 20


def test_guided_start(monkeypatch: pytest.MonkeyPatch, knowledge: Knowledge) -> None:
    """Whoever types mops alone would be asked for something else than the command needs, or not be told it."""
    chosen = iter([("compare", "{role}", "{other role}"), knowledge.roles["head"], knowledge.roles["vp"]])
    asked: list[str] = []

    def choose(message: str, answers: object, *_: object) -> object:
        asked.append(message)
        return next(chosen)

    ran: list[list[str]] = []
    monkeypatch.setattr(prompt, "choose", choose)
    monkeypatch.setattr(guide, "load_knowledge", lambda ctx: knowledge)
    monkeypatch.setattr("sys.argv", ["mops"])
    guide.guide(typer.Context(typer.core.TyperCommand("mops")), ran.append)  # type: ignore[arg-type]
    assert asked == [guide.QUESTION, "Which role?", "And which other role?"]
    assert ran == [["compare", "head", "vp"]]
