"""What several tests share: the bundled knowledge and a small folder."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from mopscli.assessment.questionnaire import Questionnaire, prepare
from mopscli.knowledge import Knowledge, bundled_folder, load
from samples import PATHS, ROLES, WriteFolder

# Half of the time of some tests went to the disk. Where the system has a folder in memory, they write there.
MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it
ROOM = 2_000_000_000
if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ["TMPDIR"] = os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)

# The same examples in every run; only the order of the tests changes, by a seed that pytest prints.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """Return the bundled knowledge with its questions."""
    return load(bundled_folder(), ("questions",))


@pytest.fixture(scope="session")
def questionnaire(knowledge: Knowledge) -> Questionnaire:
    """Return the bundled questionnaire."""
    return prepare(knowledge)


@pytest.fixture
def write_folder(tmp_path: Path) -> WriteFolder:
    """Return a function that writes a knowledge folder; without arguments, a small sound one."""

    def write(roles: str | bytes = ROLES, paths: str | bytes | None = PATHS) -> Path:
        for name, content in (("roles.yaml", roles), ("paths.yaml", paths)):
            if content is not None:
                (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path

    return write


@pytest.fixture
def small(write_folder: WriteFolder) -> Knowledge:
    """Return the knowledge of a small folder."""
    return load(write_folder())
