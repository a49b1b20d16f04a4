"""Measure how long a large knowledge folder takes to load: 1,000 roles of 35 skills, and 10,000 moves."""

import random
import tempfile
import time
from pathlib import Path

from mopscli.advise import find_routes
from mopscli.knowledge import load

ROLES, SKILLS, MOVES = 1_000, 35, 10_000


def write_folder(folder: Path) -> None:
    """Write the folder, the same every time."""
    chance = random.Random(0)  # noqa: S311
    lines = ["sources:", "  own:", "    title: Own judgment", "    kind: judgement", "skills:"]
    for skill in range(SKILLS):
        lines += [f"  s{skill}:", f"    name: Skill {skill}", "    group: All", "    source: own"]
        lines += [f"    description: {{text: What skill {skill} is., source: own}}", "    markers:"]
        lines += [f"      {level}: Has done {skill} at level {level}." for level in range(6)]
    lines.append("roles:")
    for role in range(ROLES):
        lines += [f"  r{role}:", f"    name: Role {role}", f"    label: R{role}", "    family: All"]
        lines += [f"    rank: {role // 100}", f"    summary: {{text: What role {role} is., source: own}}"]
        for section in ("responsibilities", "tasks", "challenges"):
            lines.append(f"    {section}:")
            lines += [
                f"      - {{text: The {section} {number} of role {role}., source: own}}"
                for number in range(5)
            ]
        lines.append("    requires:")
        for skill in range(SKILLS):
            level, weight = chance.randint(0, 5), chance.randint(1, 3)
            lines.append(f"      s{skill}: {{level: {level}, weight: {weight}}}")
    (folder / "roles.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    pairs = chance.sample(range(ROLES * ROLES), MOVES)
    lines = ["moves:"]
    for pair in sorted(pair for pair in pairs if pair // ROLES != pair % ROLES):
        low = chance.randint(6, 24)
        months = f"{{low: {low}, typical: {low + 6}, high: {low + 24}, source: own}}"
        lines += [f"  - from: r{pair // ROLES}", f"    to: r{pair % ROLES}", "    kind: lateral"]
        lines += [f"    months: {months}", "    why: {text: It is next., source: own}"]
    (folder / "paths.yaml").write_text("\n".join(lines) + "\n", "utf-8")


def main() -> None:
    """Print the size of the folder and the time to load it, and to find ten routes in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_folder(folder)
        size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        start = time.perf_counter()
        knowledge = load(folder)
        loaded = time.perf_counter()
        routes = find_routes(knowledge, knowledge.roles["r0"], knowledge.roles["r999"])
        found = time.perf_counter()
    print(f"{ROLES:,} roles x {SKILLS} skills, {len(knowledge.moves):,} moves, {size:.1f} MB")
    print(f"load: {loaded - start:.2f} s (at most 3)")
    print(f"{len(routes.routes)} fastest routes: {found - loaded:.2f} s")


if __name__ == "__main__":
    main()
