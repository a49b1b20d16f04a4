"""The Python interface: what `import mopscli` gives, what it costs, and that its page is true."""

import ast
import doctest
import re
import subprocess
import sys

import pytest

import mopscli
from samples import ROOT


def test_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    """An example in docs/python.md would give something else than it says."""
    monkeypatch.chdir(ROOT)
    results = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False, encoding="utf-8")
    assert results.attempted >= 20
    assert results.failed == 0


def test_page_names_everything() -> None:
    """A name would be public and nobody told of it, or told of and not be there."""
    text = (ROOT / "docs" / "python.md").read_text("utf-8")
    for name in mopscli.HOME_OF:
        assert re.search(rf"`{name}\b", text) or f"mopscli.{name}" in text, name
    for name in re.findall(r"mopscli\.(\w+)\(", text):
        assert name in mopscli.HOME_OF


def test_type_checkers_see_the_same() -> None:
    """A type checker would know other names than there are when the program runs."""
    tree = ast.parse((ROOT / "src" / "mopscli" / "__init__.py").read_text("utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    homes = {
        node.module.removeprefix("mopscli."): tuple(alias.name for alias in node.names)
        for node in block.body
        if isinstance(node, ast.ImportFrom) and node.module
    }
    assert homes == mopscli.HOMES


def test_every_name() -> None:
    """A public name would lead nowhere, or a private one look public."""
    for name in dir(mopscli):
        assert getattr(mopscli, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'Reading'"):
        _ = mopscli.Reading


def test_import_costs_nothing() -> None:
    """`import mopscli`, which every command does, would load what only some names need."""
    code = "import sys, mopscli; print(sorted(name for name in sys.modules if name.startswith('mopscli')))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "['mopscli']\n"
