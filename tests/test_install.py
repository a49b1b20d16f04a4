"""The wheel, installed in an empty environment, does the main job away from the checkout."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from samples import ROOT


@pytest.mark.long
def test_wheel(tmp_path: Path) -> None:
    """The wheel would lack the knowledge, so that the first command of a newcomer fails."""
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"mopscli/data/roles.yaml", "mopscli/data/paths.yaml"} <= set(names)
    assert not [name for name in names if not name.startswith(("mopscli/", "mopscli-"))]

    folder = tmp_path / "empty"
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check", "install"]
    # The dependencies are those of this environment, since a test has no network; .ci/run installs them anew.
    subprocess.run(
        [*pip, "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True, timeout=120
    )
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.run(
        [python, "-c", where], check=True, capture_output=True, text=True, timeout=60
    ).stdout
    Path(packages.strip(), "dependencies.pth").write_text(sysconfig.get_path("purelib"), "utf-8")

    environment = {key: value for key, value in os.environ.items() if key not in ("MOPS_DATA", "PYTHONPATH")}
    run = {"cwd": tmp_path, "env": environment, "check": True, "capture_output": True, "text": True}
    code = "from mopscli.knowledge import bundled_folder; print(bundled_folder())"
    data = subprocess.run([python, "-c", code], timeout=60, **run).stdout  # type: ignore[call-overload]
    assert Path(data.strip()).is_relative_to(folder)
    mops = python.with_name("mops")
    shown = subprocess.run([mops, "compare", "head", "director"], timeout=60, **run)  # type: ignore[call-overload]
    assert "strategic planning" in shown.stdout
    assert "everything, with its sources" in shown.stdout
