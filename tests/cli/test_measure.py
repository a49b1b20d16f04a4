"""The commands about the questionnaire itself, on folders of one's own."""

import json
import os
import re
import shutil
import stat
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter
import yaml

from crowds import answer, questionnaire_of, write_measures, write_replies
from mopscli.assessment.calibration import Calibration, Replies, calibrate
from mopscli.assessment.questionnaire import prepare
from mopscli.knowledge import load
from program import Done, run_mops
from samples import ROOT

TRAITS: Mapping[str, str] = {"calm": "aar", "hurry": "at", "order": "a"}
COMMENTS = "# Our own questions.\n\nnoise: {agree: 1.0}  # set by hand\n\n# What we ask.\n"
# By default nothing names the group; see test_without_a_group.
GROUP = ("--group", "people at Acme")


@cache
def people(count: int = 60, gaps: float = 0.1) -> Replies:
    """Return some people."""
    noise = {"agree": 0.8, "reversed": 1.5, "tradeoff": 1.0}
    return answer(questionnaire_of(TRAITS), count, 1, noise, (2.0, 1.0), gaps=gaps)


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """Return a folder of one's own, with comments in it."""
    return write_measures(tmp_path / "ours", TRAITS, more=COMMENTS)


@pytest.fixture
def responses(tmp_path: Path) -> Path:
    """Return a survey export."""
    return write_replies(tmp_path / "people.csv", questionnaire_of(TRAITS), people())


def run_calibrate(source: Path, folder: Path, *options: str) -> Done:
    """Run `mops calibrate` on a folder."""
    return run_mops("calibrate", str(source), "--data", str(folder), "--all", *options)


def files(folder: Path) -> dict[str, bytes]:
    """Return the content of every file in a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def said(result: Done) -> str:
    """Return what a command said on its errors, in one line."""
    return " ".join(result.stderr.split())


# --- What is shown --------------------------------------------------------------------------------


def test_table(ours: Path, responses: Path) -> None:
    """What was set and what was found would not be shown, or something be written without being asked for."""
    before = files(ours)
    result = run_calibrate(responses, ours)
    assert (result.returncode, result.stderr) == (0, "")
    shown = " ".join(result.stdout.split())
    for text in (
        "Calibrated on 60 people",
        "No question looks wrong.",
        "Traits, from what was set to what was found",
        "alpha",
        "omega",
        "the mean correlation of two: 0.00 to",
        "Noise of questions, from what was set to what was found",
        "The noise of 1 question stays as it was set",
        "mops calibrate FILE -o DIR",
    ):
        assert text in shown
    assert re.search(r"calm-1 +1\.00 to \d\.\d\d \(\+-\d\.\d\d\)", result.stdout)
    assert "order-1 " not in result.stdout
    assert "Written" not in result.stdout
    assert files(ours) == before
    for form in ("html", "markdown"):
        assert "Calibrated on 60 people" in run_calibrate(responses, ours, "-f", form).stdout


def test_faults_are_told(ours: Path, tmp_path: Path) -> None:
    """A question that does not work would be told without its key, or not at all."""
    some = people(200, 0.0)
    digits = some.digits.copy()
    digits[:, 0] = 6 - digits[:, 0]
    digits[:, 3] = 4
    digits[:, 5] = 0
    path = write_replies(tmp_path / "people.csv", questionnaire_of(TRAITS), Replies(some.keys, digits))
    shown = " ".join(run_calibrate(path, ours).stdout.split())
    assert "Questions to look at" in shown
    assert "calm-1: goes against the other questions about its trait (correlation -0." in shown
    assert "its key may be the wrong way round" in shown
    assert "hurry-1: 100% gave the same answer, so it tells nobody apart." in shown
    assert "order-1: nobody answered it." in shown
    assert "Order as it was set: 0 people answered about it" in shown


def test_contract(ours: Path, responses: Path) -> None:
    """A key that other tools rely on would be missing from JSON, or from docs/json.md, or have another value."""
    result = run_calibrate(responses, ours, "--json")
    assert (result.returncode, result.stderr) == (0, "")
    whole = json.loads(result.stdout)
    assert whole["command"] == "calibrate"
    data = {key: value for key, value in whole["data"].items() if key != "sources"}
    found = calibrate(prepare(load(ours)), people())
    assert list(data) == list(Calibration._fields)
    assert data == json.loads(json.dumps(_plain(found)))
    documented = (ROOT / "docs" / "json.md").read_text("utf-8")
    (line,) = (line for line in documented.splitlines() if line.startswith("`mops calibrate FILE --json`"))
    keys = set(data) | set(data["items"][0]) | set(data["traits"][0]) | set(data["together"])
    assert {key for key in keys if not re.search(rf"\b{key}\b", line)} == set()


def _plain(value: Any) -> Any:
    """Return named tuples as mappings, as JSON has them."""
    if hasattr(value, "_asdict"):
        return {key: _plain(part) for key, part in value._asdict().items()}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


# --- A copy ---------------------------------------------------------------------------------------


def test_copy(ours: Path, responses: Path, tmp_path: Path) -> None:
    """The copy would not load, lack a value, a comment or its source, or the folder itself be changed."""
    before = files(ours)
    target = tmp_path / "deep" / "copy"
    result = run_calibrate(responses, ours, "-o", str(target), *GROUP)
    assert (result.returncode, result.stderr) == (0, "")
    assert files(ours) == before
    for name in ("questions.yaml", "norms.yaml"):
        assert str(target / name) in result.stdout.replace("\n  ", "")
    checked = run_mops("check", str(target))
    assert (checked.returncode, checked.stdout[:12]) == (0, "No problems ")
    text = (target / "questions.yaml").read_text("utf-8")
    for line in COMMENTS.splitlines():
        assert line in text.splitlines()
    found = calibrate(prepare(load(ours)), people())
    new = prepare(load(target))
    for fit in found.items:
        assert new.items[fit.key].s2 ** 0.5 == pytest.approx(fit.noise.after, abs=0.001)
    for trait in found.traits:
        mean, variance = new.priors[trait.trait]
        assert (mean, variance**0.5) == pytest.approx((trait.mean.after, trait.sd.after), abs=0.001)
    assert new.together == pytest.approx(found.together.after, abs=0.001)
    # The noise of a trait's only question is not written at all.
    assert "noise" not in yaml.safe_load(text)["questions"]["order-1"]
    norms = load(target).norms
    assert norms is not None
    assert (norms.group, set(norms.roles)) == ("people at Acme", {"quiet", "loud"})
    # Nothing in the copy names anybody.
    assert not any(b"p17" in content for content in files(target).values())
    # What the new values rest on is told.
    told = run_mops("sources", "--data", str(target)).stdout
    assert re.search(r"Calibrated on 60 people, \d{4}-\d\d-\d\d", told)
    source = load(target).sources["calibrated"]
    assert (source.kind, source.year) == ("dataset", int(source.title[-10:-6]))


def test_without_a_group(ours: Path, responses: Path, tmp_path: Path) -> None:
    """Without --group, what was written could not be read, and the folder be of no use any more."""
    assert run_calibrate(responses, ours, "-o", str(tmp_path / "copy")).returncode == 0
    assert run_mops("check", str(tmp_path / "copy")).returncode == 0


@pytest.mark.parametrize("name", ["Team 🚀", "a\x07b", " "])
def test_name_of_the_group(ours: Path, responses: Path, tmp_path: Path, name: str) -> None:
    """A name that the reader of the folder does not take would be written all the same."""
    target = tmp_path / "copy"
    result = run_calibrate(responses, ours, "-o", str(target), "--group", name)
    assert result.returncode == 2 or run_mops("check", str(target)).returncode == 0


def test_one_question_for_each_trait(tmp_path: Path) -> None:
    """A questionnaire in which no noise can be found would end in a traceback."""
    folder = write_measures(tmp_path / "ours", {"calm": "a", "hurry": "r"})
    questionnaire = prepare(load(folder))
    path = write_replies(tmp_path / "people.csv", questionnaire, answer(questionnaire, 40, 1))
    result = run_calibrate(path, folder)
    assert (result.returncode, result.stderr) == (0, "")


def test_calibrated_again(ours: Path, responses: Path, tmp_path: Path) -> None:
    """A folder that was calibrated could not be calibrated again, or would get each value twice."""
    first, second = tmp_path / "first", tmp_path / "second"
    assert run_calibrate(responses, ours, "-o", str(first), *GROUP).returncode == 0
    others = write_replies(tmp_path / "others.csv", questionnaire_of(TRAITS), people(90))
    result = run_calibrate(others, first, "-o", str(second), *GROUP)
    assert (result.returncode, result.stderr) == (0, "")
    assert run_mops("check", str(second)).returncode == 0
    one, other = ((folder / "questions.yaml").read_text("utf-8") for folder in (first, second))
    assert len(one.splitlines()) == len(other.splitlines())
    assert re.sub(r"[\d.]+", "0", one) == re.sub(r"[\d.]+", "0", other)
    assert load(second).sources["calibrated"].title.startswith("Calibrated on 90 people")
    replayed = run_mops("replay", str(others), "--data", str(second), "--json")
    assert json.loads(replayed.stdout)["data"]["respondents"] == 90


def test_in_place(ours: Path, responses: Path) -> None:
    """The folder itself would not get the values, get more than these, or lose the modes of its files."""
    before = files(ours)
    (ours / "questions.yaml").chmod(0o640)
    result = run_calibrate(responses, ours, "--in-place", *GROUP)
    assert (result.returncode, result.stderr) == (0, "")
    after = files(ours)
    assert set(after) == {*before, "norms.yaml"}
    assert {name for name in before if after[name] != before[name]} == {"questions.yaml"}
    assert stat.S_IMODE((ours / "questions.yaml").stat().st_mode) == 0o640
    assert run_mops("check", str(ours)).returncode == 0
    # A group that was counted before is replaced.
    more = run_calibrate(responses, ours, "--in-place", "--group", "others")
    assert more.returncode == 0
    norms = load(ours).norms
    assert norms is not None
    assert norms.group == "others"


def test_bundled_folder_stays(responses: Path) -> None:
    """The knowledge that comes with the program would be changed by everybody's calibration."""
    result = run_mops("calibrate", str(responses), "--in-place", *GROUP)
    assert (result.returncode, result.stdout) == (2, "")
    assert "The knowledge that comes with mops stays as it is." in said(result)


def test_bundled_folder_by_another_name(tmp_path: Path) -> None:
    """The knowledge that comes with the program could be changed if --data names it in another way.

    A link to a copy stands for it, so that this test changes nothing.
    """
    import typer

    from mopscli import knowledge
    from mopscli.cli import measure

    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "data", copy)
    (tmp_path / "link").symlink_to(copy)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(knowledge, "bundled_folder", lambda: copy)
        for name in (tmp_path / "link", tmp_path / "copy" / ".." / "copy"):
            patch.setattr(measure, "folder_in_use", lambda ctx, name=name: name)
            with pytest.raises(typer.BadParameter):
                measure._check_target(None, None, in_place=True)  # type: ignore[arg-type]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends(ours: Path, responses: Path, tmp_path: Path, newline: str) -> None:
    """A file with the line ends of Windows would get others, and each of its lines count as changed."""
    path = ours / "questions.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", newline.encode()))
    assert run_calibrate(responses, ours, "-o", str(tmp_path / "copy"), *GROUP).returncode == 0
    content = (tmp_path / "copy" / "questions.yaml").read_bytes()
    assert content.count(b"\r\n") == (content.count(b"\n") if newline == "\r\n" else 0)


def test_byte_order_mark(ours: Path, responses: Path, tmp_path: Path) -> None:
    """A byte order mark would end up inside the file, or make it no YAML."""
    path = ours / "questions.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert run_calibrate(responses, ours, "-o", str(tmp_path / "copy"), *GROUP).returncode == 0
    assert run_mops("check", str(tmp_path / "copy")).returncode == 0


def test_comma_at_the_end(ours: Path, responses: Path, tmp_path: Path) -> None:
    """Questions that mops reads could end in a traceback when they are calibrated."""
    path = ours / "questions.yaml"
    path.write_text(path.read_text("utf-8").replace("calm 1.}", "calm 1.,}"), "utf-8")
    assert run_mops("check", str(ours)).returncode == 0
    result = run_calibrate(responses, ours, "-o", str(tmp_path / "copy"), *GROUP)
    assert "Traceback" not in result.stderr
    assert result.returncode in (0, 2)


def test_folder_without_questions(tmp_path: Path) -> None:
    """A folder without questions.yaml, which asks one question for each skill, could not be calibrated."""
    folder = tmp_path / "ours"
    folder.mkdir()
    markers = ", ".join(f"{level}: Level {level}." for level in range(6))
    skill = "{{name: {0}, source: own, markers: {{{1}}}}}"
    (folder / "roles.yaml").write_text(
        "sources: {own: {title: Own judgment, kind: judgement}}\nskills:\n"
        f"  writing: {skill.format('Writing', markers)}\n  editing: {skill.format('Editing', markers)}\n"
        "roles:\n  author: {name: Author, requires: {writing: 4 decides}}\n"
        "  editor: {name: Editor, requires: {editing: 4 decides}}\n",
        "utf-8",
    )
    replies = answer(prepare(load(folder)), 40, 1)
    path = write_replies(tmp_path / "people.csv", prepare(load(folder)), replies)
    result = run_calibrate(path, folder, "-f", "markdown", "-o", str(tmp_path / "copy"), *GROUP)
    assert (result.returncode, result.stderr) == (0, "")
    assert "The noise of 2 questions stays as it was set" in " ".join(result.stdout.split())
    assert run_mops("check", str(tmp_path / "copy")).returncode == 0
    assert list(prepare(load(tmp_path / "copy")).items) == ["writing", "editing"]


def test_single_answers_do_not_show(ours: Path, tmp_path: Path) -> None:
    """What the only person said who answered about a trait could be read in what is written."""
    some = people(60, 0.0)
    written = []
    for digit in (1, 5):
        digits = some.digits.copy()
        digits[:, 3:5] = 0
        digits[7, 3] = digit
        path = write_replies(tmp_path / "people.csv", questionnaire_of(TRAITS), Replies(some.keys, digits))
        target = tmp_path / f"copy{digit}"
        assert run_calibrate(path, ours, "-o", str(target), *GROUP).returncode == 0
        priors = yaml.safe_load((target / "questions.yaml").read_text("utf-8"))["prior"]["traits"]
        written.append(priors.get("hurry"))
    assert written[0] == written[1]


# --- What is refused ------------------------------------------------------------------------------


def test_existing_folder(ours: Path, responses: Path, tmp_path: Path) -> None:
    """What is in a folder would be overwritten, or an empty one be refused."""
    target = tmp_path / "target"
    target.mkdir()
    (target / "mine.txt").write_text("mine")
    for place in (target, ours, responses):
        result = run_calibrate(responses, ours, "-o", str(place), *GROUP)
        assert (result.returncode, result.stdout) == (2, "")
        assert "exists already. Name another folder, or use --in-place." in said(result)
    assert files(target) == {"mine.txt": b"mine"}
    (target / "mine.txt").unlink()
    assert run_calibrate(responses, ours, "-o", str(target), *GROUP).returncode == 0


def test_two_places(ours: Path, responses: Path, tmp_path: Path) -> None:
    """With a copy and --in-place both, one of them would be taken in silence."""
    result = run_calibrate(responses, ours, "-o", str(tmp_path / "copy"), "--in-place")
    assert (result.returncode, result.stdout) == (2, "")
    assert "Take -o or --in-place, not both." in said(result)
    assert not (tmp_path / "copy").exists()


def test_too_few_people(ours: Path, tmp_path: Path) -> None:
    """Fewer than thirty people would be calibrated on, or something be left of the attempt."""
    path = write_replies(tmp_path / "people.csv", questionnaire_of(TRAITS), people(29, 0.0))
    before = files(ours)
    for options in ((), ("-o", str(tmp_path / "copy")), ("--in-place",)):
        result = run_calibrate(path, ours, *options)
        assert (result.returncode, result.stdout) == (2, "")
        assert "30 people or more are needed, and there are 29." in said(result)
    assert not (tmp_path / "copy").exists()
    assert files(ours) == before


def test_nowhere_to_write(ours: Path, responses: Path) -> None:
    """A folder that cannot be made would end in a traceback."""
    result = run_calibrate(responses, ours, "-o", "/dev/null/copy", *GROUP)
    assert result.returncode == 1
    assert result.stderr == "mops: /dev/null/copy: Not a directory\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [("", "the file is empty"), ("a,b\n1,2\n", "no column is a question"), ("id,calm-1\na,1\n", "calm-2")],
)
def test_unusable_files(ours: Path, tmp_path: Path, content: str, message: str) -> None:
    """A file that is none would end in anything but a message with its name."""
    path = tmp_path / "people.csv"
    path.write_text(content, "utf-8")
    result = run_calibrate(path, ours)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(str(path))
    assert message in result.stderr


def test_slips(ours: Path, responses: Path, tmp_path: Path) -> None:
    """A slip on the command line would not be told in a sentence."""
    for arguments, message in (
        ((str(tmp_path / "none.csv"),), "There is no file"),
        ((str(tmp_path),), "is a folder. Name a file in it."),
        ((str(responses), "--missing", "3"), "is an answer to the question 'calm-1'."),
    ):
        result = run_mops("calibrate", *arguments, "--data", str(ours))
        assert (result.returncode, result.stdout) == (2, "")
        assert message in said(result)


# --- Kinds of files -------------------------------------------------------------------------------


@pytest.mark.long
def test_kinds_of_files(ours: Path, responses: Path, tmp_path: Path) -> None:
    """The same answers would be other ones in a workbook, in Parquet, in JSON Lines, or through a pipe."""
    header, *rows = (line.split(",") for line in responses.read_text("utf-8").splitlines())
    paths = [tmp_path / f"people.{ending}" for ending in ("xlsx", "parquet", "jsonl")]
    workbook, parquet, jsonl = paths
    with xlsxwriter.Workbook(workbook) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([header, *rows]):
            sheet.write_row(number, 0, [int(cell) if cell.isdigit() else cell for cell in row])
    duckdb.sql(f"FROM read_csv('{responses}')").write_parquet(str(parquet))
    lines = [dict(zip(header, row, strict=True)) for row in rows]
    jsonl.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    piped = run_mops("calibrate", "-", "--data", str(ours), "--json", stdin=responses.read_text("utf-8"))
    wanted, *others = (run_calibrate(path, ours, "--json") for path in (responses, *paths))
    for result in (*others, piped):
        assert (result.returncode, result.stderr) == (0, "")
        assert json.loads(result.stdout)["data"] == json.loads(wanted.stdout)["data"]


def test_gaps_with_a_name(ours: Path, responses: Path, tmp_path: Path) -> None:
    """A text for no answer would reject its row, or words of options and other delimiters not be read."""
    wanted = json.loads(run_calibrate(responses, ours, "--json").stdout)["data"]
    path = tmp_path / "named.csv"
    text = re.sub(r"(?<=,)(?=,|\n)", "NA", responses.read_text("utf-8"))
    assert "NA" in text
    path.write_text(text.replace(",", ";"), "utf-16")
    named = run_calibrate(path, ours, "--json", "--missing", "NA")
    assert json.loads(named.stdout)["data"] == wanted
    refused = run_calibrate(path, ours)
    assert "could not be read and are left out; 'mops batch' lists why." in " ".join(
        refused.stdout.split()
    ) or (refused.returncode == 2 and "30 people or more are needed" in said(refused))


def test_missing_columns(ours: Path, responses: Path, tmp_path: Path) -> None:
    """A file without a column for some question would need one although --partial says otherwise."""
    path = tmp_path / "part.csv"
    lines = [line.split(",") for line in responses.read_text("utf-8").splitlines()]
    path.write_text("".join(",".join(line[:4]) + "\n" for line in lines), "utf-8")
    assert run_calibrate(path, ours).returncode == 1
    result = run_calibrate(path, ours, "--partial", "--json", "-o", str(tmp_path / "copy"), *GROUP)
    assert result.returncode == 0
    answered = {fit["key"]: fit["answered"] for fit in json.loads(result.stdout)["data"]["items"]}
    assert answered["calm-1"] > 40
    assert answered["hurry-1"] == answered["hurry-2"] == answered["order-1"] == 0
    assert run_mops("check", str(tmp_path / "copy")).returncode == 0
    assert (
        "hurry"
        not in yaml.safe_load((tmp_path / "copy" / "questions.yaml").read_text("utf-8"))["prior"]["traits"]
    )
    replayed = run_mops("replay", str(path), "--data", str(ours), "--partial", "--json")
    assert json.loads(replayed.stdout)["data"]["questions"] == 6


def test_rejected_rows(ours: Path, responses: Path) -> None:
    """Rows that cannot be read would be left out without a word, or spoil the others."""
    with responses.open("a", encoding="utf-8") as file:
        file.write("x,9,1,1,1,1,1\ny,1,1\nz,1,1,1,1,1,word\n")
    for command in ("calibrate", "replay"):
        result = run_mops(command, str(responses), "--data", str(ours))
        assert result.returncode == 0
        assert "3 rows could not be read and are left out" in " ".join(result.stdout.split())
        assert "60 people" in result.stdout


# --- Files as they should be ----------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_others_can_read_the_copy(ours: Path, responses: Path, tmp_path: Path) -> None:
    """The files would be readable by their owner alone, or half written ones be left beside them."""
    target = tmp_path / "copy"
    run_calibrate(responses, ours, "-o", str(target), *GROUP)
    names = {path.name for path in target.iterdir()}
    assert {"roles.yaml", "questions.yaml", "norms.yaml", "norms.schema.json"} <= names
    assert not [name for name in names if name.startswith(".")]
    umask = os.umask(0)
    os.umask(umask)
    for path in target.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask


def test_all_or_nothing(ours: Path, responses: Path) -> None:
    """If one of two files cannot be written, the other would be, and the folder hold values of two kinds."""
    before = files(ours)
    (ours / "norms.yaml").mkdir()
    result = run_calibrate(responses, ours, "--in-place", *GROUP)
    assert result.returncode != 0
    assert "Traceback" not in result.stderr
    (ours / "norms.yaml").rmdir()
    assert files(ours) == before
