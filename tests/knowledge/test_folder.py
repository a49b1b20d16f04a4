"""Loading a folder, finding things by name, and copying a folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from mopscli.knowledge import Knowledge, bundled_folder, copy_files, find_named, load
from mopscli.knowledge.folder import FILES, SCHEMAS, digest
from mopscli.problem import ProblemsFound, UnknownName
from samples import PATHS, ROLES, WriteFolder


def problems(folder: Path) -> list[str]:
    """Return the problems that loading a folder finds, without the folder's path."""
    with pytest.raises(ProblemsFound) as found:
        load(folder)
    return [str(problem).replace(f"{folder}/", "") for problem in found.value.problems]


def test_small_folder(small: Knowledge) -> None:
    """A folder of one's own would need something of the bundled one."""
    assert list(small.roles) == ["author", "editor"]
    assert small.roles["author"].requires["writing"].level == 4
    assert small.roles["editor"].focus is None
    assert small.moves[0].from_ == "author"


def test_entries_do_not_change(small: Knowledge) -> None:
    """What was read could be changed by whoever uses it."""
    with pytest.raises(AttributeError, match="cannot change 'name'"):
        small.roles["author"].name = "x"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("value: 50000", "low: 1", "roles.author.market[1]: low and high need each other (give both)"),
        ("value: 50000", "low: 2, high: 1", "roles.author.market[1]: low is above high"),
        ("value: 50000", "value: 1, since: 2030", "roles.author.market[1]: since is after year"),
        ("3: Has owned., 4", "3: Has written., 4", "skills.writing: two levels have the same marker"),
        ("name: Editing", "name: Writing", "skills.editing.name: the skill name 'Writing' is taken"),
        (
            "kind: choosing\n    roles: [author, editor]",
            "kind: choosing\n    roles: []",
            "there are no roles",
        ),
        ("{level: 1, weight: 2}", "{level: 1, weight: 0}", "roles.editor: every weight in offers is 0"),
        ("year: 2020", "year: 20200", "expected a whole number from 1900 to 2100"),
        ("sample: 3", "sample: 0", "expected a whole number from 1 to"),
    ],
)
def test_values_that_do_not_fit(write_folder: WriteFolder, old: str, new: str, expected: str) -> None:
    """Values that are sound one by one but not together would pass, or be told twice."""
    (problem,) = problems(write_folder(ROLES.replace(old, new, 1)))
    assert expected in problem


def test_too_much_time(write_folder: WriteFolder) -> None:
    """A role would work more than all the time."""
    shares = "{activity: a, percent: 60, source: own}"
    text = ROLES.replace("    caveats:\n", f"    time_split: [{shares}, {shares}]\n    caveats:\n", 1)
    (problem,) = problems(write_folder(text))
    assert problem.endswith("roles.author: the shares add up to more than 100 percent")


def test_dangling_link(write_folder: WriteFolder) -> None:
    """A paths.yaml that leads nowhere would pass for a folder without paths."""
    folder = write_folder(paths=None)
    (folder / "paths.yaml").symlink_to("nowhere")
    assert problems(folder)[0].startswith("paths.yaml: cannot be read: No such file or directory")


def test_without_paths(write_folder: WriteFolder) -> None:
    """A folder without paths.yaml would be refused."""
    assert load(write_folder(paths=None)).moves == ()


def test_two_files_at_once(write_folder: WriteFolder) -> None:
    """The faults of one file would wait until those of the other are mended."""
    folder = write_folder(ROLES.replace("rank: 1", "rank: high"), PATHS.replace("to: editor", "to: edtor"))
    assert problems(folder) == [
        "paths.yaml:8:9: moves[1].to: unknown role 'edtor' (did you mean 'editor'?)",
        "roles.yaml:28:11: roles.author.rank: expected a whole number from 0 to 100, found 'high'",
    ]


def test_unreadable_file_hides_no_names(write_folder: WriteFolder) -> None:
    """If roles.yaml cannot be read, paths.yaml would be blamed for roles that stand in it."""
    assert problems(write_folder("roles: {a: {name: [x}}\n")) == [
        "roles.yaml:1:19: not valid YAML: while parsing a flow sequence, did not find expected ',' or ']'"
        " (something that opens here may not be closed)",
    ]


def test_misspelled_section(write_folder: WriteFolder) -> None:
    """A misspelled section would be a problem for each reference into it."""
    assert problems(write_folder(ROLES.replace("\nskills:", "\nskils:"))) == [
        "roles.yaml:4:1: skils: unknown key (did you mean 'skills'?)"
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "  calm:\n    name",
            "  writing:\n    name",
            "drives.writing: a skill has the same key (rename one)",
        ),
    ],
)
def test_contradictions_of_roles(write_folder: WriteFolder, old: str, new: str, expected: str) -> None:
    """Entries that are sound one by one but not together would pass, or be refused without a place."""
    text = (
        ROLES.replace(old, new)
        .replace("calm: {level", "writing: {level")
        .replace("about: [calm]", "about: []")
    )
    assert any(expected in problem for problem in problems(write_folder(text)))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("from: author", "from: editor", "paths.yaml:8:5: moves[1]: a move from 'editor' to itself"),
        (
            "typical: 24",
            "typical: 90",
            "paths.yaml:10:36: moves[1].months: low, typical and high are not in order",
        ),
    ],
)
def test_contradictions_of_paths(write_folder: WriteFolder, old: str, new: str, expected: str) -> None:
    """A move to itself, or months out of order, would pass."""
    assert problems(write_folder(paths=PATHS.replace(old, new))) == [expected]


def test_figure_without_a_number(write_folder: WriteFolder) -> None:
    """A figure without a value or a range would pass."""
    assert problems(write_folder(ROLES.replace("value: 50000, ", ""))) == [
        "roles.yaml:38:10: roles.author.market[1]: neither a value nor a range (give value, or low and high)"
    ]


def test_move_twice(write_folder: WriteFolder) -> None:
    """Two moves between the same roles would pass, although one of them can never be taken."""
    move = PATHS.partition("moves:\n")[2]
    assert problems(write_folder(paths=PATHS + move)) == [
        "paths.yaml:12:5: moves[2]: the move from 'author' to 'editor' stands twice (first at line 7)"
    ]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("author", "author"),
        ("AUTHOR", "author"),
        (" editor ", "editor"),
        ("scribe", "author"),
        ("Chief Editor", "editor"),
        ("chief", "editor"),
        ("au", "author"),
        ("staff a", "author"),
        ("thor staff", "author"),
    ],
)
def test_found(small: Knowledge, text: str, key: str) -> None:
    """A key, an alias, a name or a beginning that people type would not be found."""
    assert find_named(text, small.roles).key == key


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("autor", "No role is called 'autor'; did you mean 'author'?"),
        ("scribes", "No role is called 'scribes'."),
        ("zzz", "No role is called 'zzz'."),
        ("", "No role is called ''."),
    ],
)
def test_not_found(small: Knowledge, text: str, message: str) -> None:
    """A miss would not suggest the nearest name, or suggest one that is far away."""
    with pytest.raises(UnknownName) as error:
        find_named(text, small.roles)
    assert str(error.value) == message


def test_ambiguous(knowledge: Knowledge) -> None:
    """A beginning that several keys share would mean one of them."""
    with pytest.raises(
        UnknownName, match="'marketing' could be any of: marketing-manager, marketing-director"
    ):
        find_named("marketing", knowledge.roles)


def test_copy(write_folder: WriteFolder, tmp_path: Path) -> None:
    """A copy would lack a file or a schema, or overwrite something."""
    folder, target = write_folder(), tmp_path / "deep" / "copy"
    copied = ("roles.yaml", "paths.yaml")
    assert copy_files(folder, target) == (*copied, *SCHEMAS.values())
    for name in copied:
        assert (target / name).read_bytes() == (folder / name).read_bytes()
    (target / "roles.yaml").unlink()
    with pytest.raises(FileExistsError):
        copy_files(folder, target)
    assert not (target / "roles.yaml").exists()


def test_what_is_not_read_is_not_imported() -> None:
    """A command that reads roles and paths alone would pay for the types of every other file at its start."""
    code = "import sys, mopscli.knowledge as k; k.load(None, ('paths',)); print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    read = {name for name in result.stdout.split() if name.startswith("mopscli.knowledge.")}
    assert "mopscli.knowledge.progression" in read
    assert not {"mopscli.knowledge.questions", "mopscli.knowledge.staffing"} & read


def test_no_such_file() -> None:
    """A misspelled name of a file would read as nothing, and the knowledge seem to lack it."""
    with pytest.raises(ValueError, match=r"there is no file 'question\.yaml'"):
        load(None, ("question",))


@pytest.mark.parametrize("name", [name for name in FILES if (bundled_folder() / name).exists()])
def test_digest(tmp_path: Path, name: str) -> None:
    """An interview would go on, and results not be marked as old, although the knowledge was changed."""
    copy_files(bundled_folder(), tmp_path / "one")
    copy_files(bundled_folder(), tmp_path / "two")
    assert digest(tmp_path / "one") == digest(tmp_path / "two") == digest(bundled_folder())
    file = tmp_path / "two" / name
    file.write_bytes(file.read_bytes() + b"# changed\n")
    assert digest(tmp_path / "one") != digest(tmp_path / "two")
    file.unlink()
    assert digest(tmp_path / "one") != digest(tmp_path / "two")
