"""The clues counted on labeled postings, and the file that comes of it."""

from pathlib import Path

import pytest

from mopscli.knowledge import bundled_folder, load
from mopscli.knowledge.postings import LEVEL_NAMES
from mopscli.posting.fit import Row, as_yaml, fit
from postings import knowledge


def rows(count: int) -> list[Row]:
    """Return postings whose years are two for each level, and whose other clues tell nothing."""
    postings = knowledge().postings
    assert postings is not None
    silent = {key: 1.0 for key, clue in postings.clues.items() if clue.reads == "words"}
    return [
        Row(
            str(n),
            "operations",
            n % 6 + 1,
            {**silent, "years": 2.0 * (n % 6 + 1) + n % 2, "vision": float(n % 5)},
            {"operations": 5.0, "analytics": 1.0, "campaign": 1.0, "marketing": 1.0},
            ("pay-absent",) if n % 2 else (),
        )
        for n in range(count)
    ]


def test_values_follow_the_postings() -> None:
    """The clue that tells the level would not be found, or one that tells nothing count as much."""
    postings = knowledge().postings
    assert postings is not None
    found = fit(postings, rows(120))
    years = [found.clues["years"].values[name] for name in LEVEL_NAMES]
    assert years == sorted(years)
    assert found.clues["years"].noise < 1
    assert found.clues["years"].noise < found.clues["vision"].noise
    assert found.warnings["pay-absent"].base_rate == 0.5
    assert found.fields["operations"].share == 1


def test_too_few() -> None:
    """Six levels would be counted on a handful of postings."""
    postings = knowledge().postings
    assert postings is not None
    with pytest.raises(ValueError, match="too few"):
        fit(postings, rows(10))


def test_what_is_written_can_be_read(tmp_path: Path) -> None:
    """The file that --fit writes would be refused by the program."""
    for file in bundled_folder().glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    postings = knowledge().postings
    assert postings is not None
    (tmp_path / "postings.yaml").write_text(as_yaml(postings), "utf-8")
    again = load(tmp_path, ("postings",)).postings
    assert again is not None
    assert as_yaml(again) == as_yaml(postings)
