"""The documents say what the program does."""

import re
import shlex
import sys
import tomllib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from mopscli.knowledge.check import find_problems
from program import run_mops
from samples import ANSWERS, ROOT, TESTS, WriteFolder

CODE = ROOT / "src" / "mopscli"
WALL = "\N{BOX DRAWINGS LIGHT VERTICAL}"


def test_generated_parts_are_up_to_date(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command reference, the tables of fields, a schema or the README's screen would be those of yesterday."""
    spec = spec_from_file_location("build", ROOT / "docs" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    build = module_from_spec(spec)
    spec.loader.exec_module(build)
    monkeypatch.setattr(build, "screen", lambda *arguments: run_mops(*arguments, NO_COLOR="1").stdout)
    monkeypatch.setattr(sys, "argv", ["build.py", "--check"])
    with pytest.raises(SystemExit) as end:
        build.main()
    assert (end.value.code, *capsys.readouterr()) == (0, "", "")


def readme_commands() -> list[str]:
    """Return the commands that the README's table and blocks name."""
    text = (ROOT / "README.md").read_text("utf-8")
    commands = re.findall(r"`(mops [a-z][^`]*)`", text)
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        commands += [line for line in block.splitlines() if line.startswith("mops ")]
    return sorted({re.split(r" [|>] ", command)[0] for command in commands})


@pytest.mark.parametrize("command", readme_commands())
def test_readme_commands(command: str, write_folder: WriteFolder, tmp_path: Path) -> None:
    """A command in the README would not work as it stands there."""
    if command.startswith("mops init"):
        command = f"mops init {tmp_path / 'new'}"
    for name in ("answers.yaml", "responses.csv", "job.html"):
        command = command.replace(f" {name}", f" {TESTS / name}")
    names = ("scores.csv", "form.gs", "report.html", "report.pdf", "card.svg", "group.html", "compare.html")
    for name in (*names, "plan.docx"):
        command = command.replace(name, str(tmp_path / name))
    if "my-knowledge" in command:
        command = command.replace("my-knowledge", str(write_folder())).replace(
            "head director", "author editor"
        )
    answers = ANSWERS
    command = re.sub(r" -o kit[-a-z]*", f" -o {tmp_path / 'kit'}", command)
    if re.fullmatch(r"mops team( --budget .*| --answers .*)?", command):
        team = tmp_path / "team.yaml"
        team.write_text("people: 0\ncampaigns: 25\n", "utf-8")
        command = f"{command.partition(' --answers')[0]} --answers {team}"
    if command.startswith("mops compare-views"):
        command = f"mops compare-views {answers} {answers}"
    asks = ("mops assess", "mops plan", "mops what-if", "mops path --to", "mops report", "mops card")
    if command.startswith(asks) and "--answers" not in command:
        command += f" --answers {answers}" + (" --from head" if "--to" in command else "")
    if command == "mops result":
        command = "mops history"
    result = run_mops(*shlex.split(command)[1:], XDG_DATA_HOME=str(tmp_path))
    assert (result.returncode, result.stderr) == (0, "")


def test_example_in_knowledge_doc(tmp_path: Path) -> None:
    """The example of a complete file in docs/knowledge.md would fail the check."""
    text = (ROOT / "docs" / "knowledge.md").read_text("utf-8")
    example = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert example is not None
    (tmp_path / "roles.yaml").write_text(example[1], "utf-8")
    assert find_problems(tmp_path) == []


def text_of(name: str) -> str:
    """Return a document, without what stands in fences."""
    return re.sub(r"^ *```.*?^ *```$", "", (ROOT / name).read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


def paths_in(text: str) -> dict[str, list[Path]]:
    """Return each path that a text names, with the files or folders of that name; code may leave out its folder."""
    named = re.findall(r"`([\w.-]+/[\w./*-]*|\w+\.(?:py|md|toml))`", text)
    return {path: [found for base in (ROOT, CODE) for found in base.glob(path)] for path in named}


@pytest.mark.parametrize("name", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_paths_in_guides(name: str) -> None:
    """A newcomer would look for a file, or type a target of make, that is not there."""
    text = text_of(name)
    paths = paths_in(text)
    assert paths
    assert [path for path, found in paths.items() if not found] == []
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(re.findall(r"`make ([^`]+)`", text)) <= set(targets)


def table_of_changes() -> list[tuple[str, str, str]]:
    """Return the rows of the table in docs/architecture.md: what to change, what to open, and what is there."""
    rows = re.findall(r"^\| (.+) \| (.+) \| (.+) \|$", text_of("docs/architecture.md"), re.MULTILINE)
    return [row for row in rows if row[0] not in ("to change", "---")]


@pytest.mark.parametrize(("change", "files", "there"), table_of_changes(), ids=lambda text: text[:40])
def test_table_of_changes(change: str, files: str, there: str) -> None:
    """A newcomer would open more than two files, or look in them for a name that is not there."""
    opened = paths_in(files)
    assert 1 <= len(opened) <= 2, change
    texts = [
        file.read_text("utf-8")
        for found in opened.values()
        for path in found
        for file in (path.glob("*.py") if path.is_dir() else [path])
    ]
    # Commands and other files are no names.
    for name in re.findall(r"`@?(\w+)`", there):
        assert any(re.search(rf"\b{name}\b", text) for text in texts), f"{change}: {name}"


def test_picture_of_the_rooms() -> None:
    """The picture in docs/architecture.md would show another house than the one that make lint checks."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    floors = [layer.split(" | ") for layer in contract["contracts"][0]["layers"]]
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    (picture,) = re.findall(r"^```text\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    drawn = re.findall(rf"{WALL}(.*){WALL}", picture)
    assert [[room.strip() for room in floor.split(WALL)] for floor in drawn] == floors
    assert max(map(len, picture.splitlines())) <= 100
    rooms = {path.stem for path in CODE.glob("*.py")} | {
        path.parent.name for path in CODE.glob("*/__init__.py")
    }
    assert {room for floor in floors for room in floor} == rooms - {"__init__"}


def test_links_lead_somewhere() -> None:
    """A link between the documents would lead nowhere."""
    for document in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "benchmarks" / "README.md"):
        for target in re.findall(r"\]\(([^)#:]+)[)#]", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_examples_in_the_model_doc() -> None:
    """An example in docs/model.md would not give what it says."""
    import doctest

    results = doctest.testfile(str(ROOT / "docs" / "model.md"), module_relative=False, encoding="utf-8")
    assert results.attempted >= 7
    assert results.failed == 0
