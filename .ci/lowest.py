"""Print the lowest versions that pyproject.toml allows, as constraints for pip."""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path


def lowest(requirements: Iterable[str]) -> Iterator[str]:
    """Yield each requirement at its lower bound."""
    for requirement in requirements:
        found = re.match(r"([\w.-]+)(?:\[[^]]*\])?.*?>=\s*([\w.]+)", requirement)
        if found:
            yield f"{found[1]}=={found[2]}"


project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
sys.stdout.write("\n".join(lowest(project["dependencies"])) + "\n")
