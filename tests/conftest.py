"""What several tests share: the bundled knowledge and a small folder."""

import gc
import os
import shutil
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings

from mopscli.assessment.questionnaire import Questionnaire, prepare
from mopscli.assessment.scoring import Scoring
from mopscli.knowledge import Knowledge, load
from people import scoring_of, with_few_traits
from program import remember
from samples import QUESTIONS, WriteFolder, bundled, bundled_questionnaire, write_knowledge

# Before other modules are imported, which take their own hold of it.
remember()

# Half of the time of some tests went to the disk. Where the system has a folder in memory, they write there.
MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it
ROOM = 2_000_000_000
if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ["TMPDIR"] = os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)

# The same examples in every run; only the order of the tests changes, by a seed that pytest prints.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")


def pytest_collection_finish() -> None:
    """Leave what was collected alone: it stays until the end, and each search of it for cycles takes a while."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long tests first, once all are in their random order."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """Return the bundled knowledge, with every file."""
    return bundled()


@pytest.fixture(scope="session")
def questionnaire() -> Questionnaire:
    """Return the bundled questionnaire."""
    return bundled_questionnaire()


@pytest.fixture(scope="session")
def few(knowledge: Knowledge, questionnaire: Questionnaire) -> Scoring:
    """Return the scoring of Head and Director by a few traits, where all questions are not the point."""
    return with_few_traits(scoring_of(knowledge, questionnaire, ("head", "director")))


@pytest.fixture
def write_folder(tmp_path: Path) -> WriteFolder:
    """Return a function that writes a knowledge folder; without arguments, a small sound one."""
    return partial(write_knowledge, tmp_path)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    """Return the knowledge of a small folder, with four questions."""
    return load(write_knowledge(tmp_path_factory.mktemp("small"), questions=QUESTIONS))


@pytest.fixture(scope="session")
def small_questionnaire(small: Knowledge) -> Questionnaire:
    """Return the small questionnaire."""
    return prepare(small)
