"""What several tests share: the bundled knowledge and a small folder."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
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
settings.register_profile("repeatable", max_examples=50, derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")


def pytest_collection_finish() -> None:
    """Leave what was collected alone: it stays until the end, and each search of it for cycles takes a while."""
    gc.collect()
    gc.freeze()
    # What a test leaves is little, and searching for it after each 700 objects takes a few percent of the time.
    gc.set_threshold(50_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long tests first, once all are in their random order."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


class OneOfMany:
    """A database within a DuckDB that others are in too; to open one of its own takes a quarter of the time."""

    def __init__(self, whole: duckdb.DuckDBPyConnection, number: int) -> None:
        self._name = f"database_{number}"
        self._connection = whole.cursor()
        self._connection.execute(f"ATTACH ':memory:' AS {self._name}; USE {self._name}")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def close(self) -> None:
        """Let go of it."""
        self._connection.execute(f"USE memory; DETACH {self._name}")
        self._connection.close()


@pytest.fixture(scope="session")
def whole_duckdb() -> Iterator[Callable[..., Any]]:
    """Return how to open a database: within one DuckDB if it is for a small file, which one core scores."""
    connect, numbers = duckdb.connect, count()
    settings = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    with connect(config={"threads": 1, **settings}) as whole:

        def open_database(*arguments: Any, **options: Any) -> Any:
            config = options.get("config", {})
            if config.keys() == {"threads", "temp_directory", *settings} and config["threads"] == 1:
                return OneOfMany(whole, next(numbers))
            return connect(*arguments, **options)

        yield open_database


@pytest.fixture
def shared_duckdb(whole_duckdb: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Open one DuckDB for all small files that are scored in this process."""
    monkeypatch.setattr(duckdb, "connect", whole_duckdb)


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
