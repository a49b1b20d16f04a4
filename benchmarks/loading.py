"""Measure how long large knowledge folders take: 1,000 roles of 35 skills or of 6, and 10,000 moves."""

import random
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

from mopscli.knowledge import load
from mopscli.roles.routes import find_routes

ROLES, SKILLS, FEW, MOVES = 1_000, 35, 6, 10_000
RUNS = 5


def write_folder(folder: Path, asked: int, items: int) -> None:
    """Write a folder, the same every time: what each role asks for, and the statements in each list about it."""
    chance = random.Random(0)
    lines = ["sources:", "  own:", "    title: Own judgment", "    kind: judgement", "skills:"]
    for skill in range(SKILLS):
        lines += [f"  s{skill}:", f"    name: Skill {skill}", "    group: All", "    source: own"]
        lines += [f"    description: {{text: What skill {skill} is., source: own}}", "    markers:"]
        lines += [f"      {level}: Has done {skill} at level {level}." for level in range(6)]
    lines.append("roles:")
    for role in range(ROLES):
        lines += [f"  r{role}:", f"    name: Role {role}", f"    label: R{role}", "    family: All"]
        lines += [f"    rank: {role // 100}", f"    summary: {{text: What role {role} is., source: own}}"]
        for section in ("responsibilities", "tasks", "challenges") if items else ():
            lines.append(f"    {section}:")
            lines += [
                f"      - {{text: The {section} {number} of role {role}., source: own}}"
                for number in range(items)
            ]
        lines.append("    requires:")
        for skill in sorted(chance.sample(range(SKILLS), asked)):
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


def personal_routes(folder: Path) -> float:
    """Return the seconds of the whole command that finds the ways for somebody in a folder."""
    answers = folder / "answers.yaml"
    answers.write_text("".join(f"s{skill}: 2\n" for skill in range(SKILLS)), "utf-8")
    command = [shutil.which("mops") or "mops", "path", "--data", str(folder), "--answers", str(answers)]
    start = time.perf_counter()
    subprocess.run([*command, "--from", "r0", "--to", "r999"], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the size of each folder and the time to load it, and to find routes in it."""
    for asked, items in ((SKILLS, 5), (FEW, 0)):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_folder(folder, asked, items)
            size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
            start = time.perf_counter()
            knowledge = load(folder)
            loaded = time.perf_counter()
            routes = find_routes(knowledge, knowledge.roles["r0"], knowledge.roles["r999"])
            found = time.perf_counter()
            whole = median(personal_routes(folder) for _ in range(RUNS))
        print(f"{ROLES:,} roles x {asked} skills, {len(knowledge.moves):,} moves, {size:.1f} MB")
        print(f"  load: {loaded - start:.2f} s")
        print(f"  {len(routes.routes)} fastest routes: {found - loaded:.2f} s")
        print(f"  mops path --to, from start to end: {whole:.2f} s")


if __name__ == "__main__":
    main()
