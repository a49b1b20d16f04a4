"""mops posting: one and many, the screen, the contract of its JSON, a draft, an audit, refusals."""

import json
from pathlib import Path

import pytest

from postings import JUNIOR, POSTING, SENIOR
from program import run_mops
from samples import ANSWERS

LEVELS = ["specialist", "senior-specialist", "manager", "senior-manager", "director", "vp"]
KEYS = {
    *("id", "title", "family", "level", "roles", "title_says", "years", "pay", "reports", "skills", "tools"),
    *("warnings", "fit"),
}


def lines(path: Path) -> Path:
    """Write two postings and a row without text as JSON Lines."""
    rows = [
        {"id": "first", "title": "VP, Marketing", "description": SENIOR},
        {"body_title_masked": JUNIOR},
        {"id": 3},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.mark.parametrize("answers", [(), ("--answers", str(ANSWERS))])
def test_one_screen(answers: tuple[str, ...], tmp_path: Path) -> None:
    """The answer would not fit on a screen, or not be in its first lines."""
    done = run_mops("posting", str(POSTING), *answers, XDG_DATA_HOME=str(tmp_path), COLUMNS="80")
    assert done.returncode == 0
    shown = done.stdout.splitlines()
    assert len(shown) <= 24
    assert max(map(len, shown)) <= 80
    assert shown[0] == "Marketing Operations Manager"
    assert "in 100" in " ".join(shown[2:5])
    assert ("You and this job" in shown) == bool(answers)
    assert '"5' in done.stdout


def test_contract(tmp_path: Path) -> None:
    """A key that docs/json.md promises would be missing, or postings come in another order."""
    file = lines(tmp_path / "jobs.jsonl")
    done = run_mops("posting", str(file), "--json", "--answers", str(ANSWERS), XDG_DATA_HOME=str(tmp_path))
    assert done.returncode == 1
    envelope = json.loads(done.stdout)
    one, other = envelope["data"]["postings"]
    assert (one["id"], other["id"]) == ("first", 2)
    assert [problem["line"] for problem in envelope["problems"]] == [3]
    for posting in (one, other):
        assert set(posting) >= KEYS
        assert list(posting["level"]["probabilities"]) == LEVELS
        assert sum(posting["level"]["probabilities"].values()) == pytest.approx(1)
        assert set(posting["level"]["range"]) == {"from", "to", "probability"}
        assert set(posting["years"]) == {"required", "preferred"}
        assert set(posting["pay"]) == {"low", "high"}
        assert set(posting["roles"][0]) == {"key", "probability"}
        assert sum(role["probability"] for role in posting["roles"]) == pytest.approx(1)
        assert set(posting["skills"][0]) == {"skill", "sentences"}
        assert set(posting["fit"]) >= {"readiness", "probability", "must_haves", "questions"}
        assert all(
            set(warning) == {"kind", "text", "sentences", "base_rate"} for warning in posting["warnings"]
        )
    assert one["title_says"] == "vp"
    assert other["title_says"] is None


def test_many(tmp_path: Path) -> None:
    """Many postings would not be set side by side, or a cell be taken for a formula by a spreadsheet."""
    file = tmp_path / "jobs.jsonl"
    rows = [{"title": "=1+1 Manager", "description": SENIOR}, {"title": "Junior", "description": JUNIOR}]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    table = run_mops("posting", str(file), XDG_DATA_HOME=str(tmp_path))
    assert (table.returncode, table.stderr) == (0, "")
    assert "2 postings" in table.stdout
    cells = run_mops("posting", str(file), "--csv", XDG_DATA_HOME=str(tmp_path))
    assert cells.stdout.splitlines()[0].startswith("id,title,")
    assert "'=1+1" in cells.stdout


def test_standard_input(tmp_path: Path) -> None:
    """A posting could not be piped in."""
    done = run_mops("posting", "-", stdin=SENIOR, XDG_DATA_HOME=str(tmp_path))
    assert done.returncode == 0
    assert "VP" in done.stdout


def test_draft_and_audit(tmp_path: Path) -> None:
    """A draft would not be reviewed, or a role without a level end in a traceback."""
    draft = tmp_path / "draft.md"
    draft.write_text(JUNIOR, "utf-8")
    done = run_mops("posting", str(draft), "--as", "director", XDG_DATA_HOME=str(tmp_path))
    assert done.returncode == 0
    assert "Pulls it down" in done.stdout
    assert run_mops("posting", str(draft), "--as", "sales-operations").returncode == 2
    assert run_mops("posting", str(draft), "--audit").returncode == 0


def test_fit_on_own_postings(tmp_path: Path) -> None:
    """The clues could not be counted anew, or too few postings pass."""
    few = run_mops("posting", "--fit", str(tmp_path))
    assert few.returncode == 2
    rows = [
        {
            "level": level,
            "company": f"{level}{number}",
            "description": JUNIOR.replace("1-2 years", f"{2 * LEVELS.index(level) + 1 + number % 2} years"),
        }
        for level in LEVELS
        for number in range(8)
    ]
    (tmp_path / "own.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    done = run_mops("posting", "--fit", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "postings.yaml").read_text("utf-8").startswith("# yaml-language-server")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "there is no text of a posting"),
        ("\x1b[31m" + "nein und aber doch die der das " * 20, "not English"),
    ],
)
def test_refusals(content: str, message: str, tmp_path: Path) -> None:
    """What cannot be read would be judged, or steer the terminal."""
    file = tmp_path / "some.txt"
    file.write_text(content, "utf-8")
    done = run_mops("posting", str(file))
    assert done.returncode == 1
    assert message in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def test_text_is_only_text(tmp_path: Path) -> None:
    """A posting would color the screen, or become a tag on a page."""
    file = tmp_path / "job.md"
    file.write_text(
        SENIOR.replace("Own the vision", "Own \x1b[31m[red]<script>alert(1)</script> the vision"), "utf-8"
    )
    for form in ("table", "markdown", "html"):
        done = run_mops("posting", str(file), "--all", "-f", form, XDG_DATA_HOME=str(tmp_path))
        assert done.returncode == 0
        assert "\x1b" not in done.stdout
        assert form != "html" or "<script>alert" not in done.stdout


def test_an_address_is_not_fetched() -> None:
    """An address would be taken for a missing file without a word."""
    done = run_mops("posting", "https://example.com/job")
    assert done.returncode == 2
    assert "Save the page" in done.stderr
