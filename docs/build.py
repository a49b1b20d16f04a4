"""Write what is generated: the command reference, the tables of fields, the schemas, the README's screen.

Run `python docs/build.py` to write them, and with --check to see whether they are up to date.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from mopscli.cli.app import program
from mopscli.knowledge.folder import FILES, SCHEMAS, file_type, schema_text
from mopscli.knowledge.shapes import json_schema

app = program()

ROOT = Path(__file__).parents[1]
SCREEN_ENDS = "\nWhat the work gives you\n"


def screen(*arguments: str) -> str:
    """Return what the program shows on a plain terminal of 80 columns."""
    environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    environment.pop("MOPS_DATA", None)
    command = [sys.executable, "-m", "mopscli", *arguments]
    result = subprocess.run(command, env=environment, check=True, capture_output=True)
    return result.stdout.decode()


def cli_reference() -> str:
    """Return docs/cli.md: the help of every command."""
    parts = ["# Commands\n\nGenerated from `mops --help` by `make docs`.\n"]
    groups = [(group.typer_instance.info.name, group.typer_instance) for group in app.registered_groups]
    for command in (
        (),
        *((command.name or command.callback.__name__,) for command in app.registered_commands),
        *((name,) for name, _ in groups),
        *((name, command.name) for name, group in groups for command in group.registered_commands),
    ):
        name = " ".join(("mops", *command))
        parts.append(f"## {name}\n\n```text\n{screen(*command, '--help').rstrip()}\n```\n")
    return "\n".join(parts)


def field_tables() -> dict[str, str]:
    """Return a Markdown table of the fields of each record, by the record's name."""
    records = {}
    for name in FILES:
        records |= json_schema(file_type(name), name)["$defs"]
    tables = {}
    for name, record in records.items():
        rows = ["| key | | meaning |", "| --- | --- | --- |"]
        for key, value in record["properties"].items():
            required = "required" if key in record["required"] else ""
            rows.append(f"| `{key}` | {required} | {value['description']} |")
        tables[name] = "\n".join(rows)
    return tables


def fill(text: str, parts: dict[str, str]) -> str:
    """Put each part between the two comments that carry its name."""
    for name, part in parts.items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        pattern = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
        if not pattern.search(text):
            raise SystemExit(f"no place for {name}")
        text = pattern.sub(lambda _, part=part, start=start, end=end: f"{start}\n\n{part}\n\n{end}", text)
    return text


def documents() -> dict[Path, str]:
    """Return every generated file and what it should hold."""
    readme, fields = ROOT / "README.md", ROOT / "docs" / "knowledge.md"
    shown = screen("compare", "head", "director").partition(SCREEN_ENDS)[0].rstrip()
    return {
        ROOT / "docs" / "cli.md": cli_reference(),
        fields: fill(fields.read_text("utf-8"), field_tables()),
        readme: fill(
            readme.read_text("utf-8"), {"screen": f"```text\n$ mops compare head director\n\n{shown}\n```"}
        ),
        **{ROOT / "data" / SCHEMAS[name]: schema_text(name) for name in FILES},
    }


def main() -> None:
    """Write what is out of date, or with --check name it and fail."""
    stale = [
        path for path, text in documents().items() if not path.exists() or path.read_text("utf-8") != text
    ]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is out of date; run make docs")
        sys.exit(1 if stale else 0)
    for path in stale:
        path.write_text(documents()[path], "utf-8")
        print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
