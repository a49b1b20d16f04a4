"""A knowledge folder as a whole: read, free of contradictions, copied; and names found in it."""

import errno
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeVar, get_args

from mopscli.knowledge.entries import (
    Drive,
    Entry,
    GrowthFile,
    Ladder,
    Move,
    PathsFile,
    Question,
    QuestionsFile,
    Role,
    RolesFile,
    Skill,
    Source,
    Topic,
)
from mopscli.knowledge.reader import Reading, read_bytes
from mopscli.knowledge.shapes import json_schema, shape_of
from mopscli.problem import Place, Problem, ProblemsFound, UnknownName
from mopscli.text import did_you_mean, same_name, shorten

if TYPE_CHECKING:
    from mopscli.knowledge.staffing import HiringFile, TeamFile

FILES: Final = ("roles.yaml", "paths.yaml", "questions.yaml", "growth.yaml", "team.yaml", "hiring.yaml")
# The parts of the knowledge that are read on demand: most commands need none.
Part = Literal["questions", "growth", "team", "hiring"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)
SCHEMAS: Final[Mapping[str, str]] = {name: name.replace(".yaml", ".schema.json") for name in FILES}


@dataclass(frozen=True)
class Knowledge:
    """A knowledge folder, read and free of contradictions."""

    folder: Path
    sources: Mapping[str, Source]
    skills: Mapping[str, Skill]
    drives: Mapping[str, Drive]
    roles: Mapping[str, Role]
    topics: Mapping[str, Topic]
    ladders: Mapping[str, Ladder]
    moves: tuple[Move, ...]
    questions: QuestionsFile | None = None
    growth: GrowthFile | None = None
    team: "TeamFile | None" = None
    hiring: "HiringFile | None" = None

    def trait_name(self, key: str) -> str:
        """Return the name of a skill or a drive."""
        trait = self.skills.get(key) or self.drives[key]
        return trait.name

    def is_judgement(self, source: str | None) -> bool:
        """Tell whether a number or claim with this source key rests on judgement alone."""
        return source is None or self.sources[source].kind == "judgement"


def citations(*parts: Any) -> Iterator[str | None]:
    """Yield the source key of every claim, figure and level in entries; None where a number leaves it out."""
    stack = list(parts)
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            stack.extend(part.values())
        elif isinstance(part, tuple):
            stack.extend(part)
        elif is_dataclass(part):
            if hasattr(part, "source"):
                yield part.source
            stack.extend(getattr(part, name.name) for name in fields(part))


def file_type(name: str) -> type:
    """Return what a file of a knowledge folder holds."""
    common: dict[str, type[Entry]] = {
        "roles.yaml": RolesFile,
        "paths.yaml": PathsFile,
        "questions.yaml": QuestionsFile,
        "growth.yaml": GrowthFile,
    }
    if name in common:
        return common[name]
    # Most commands know nothing of teams and hiring.
    from mopscli.knowledge.staffing import HiringFile, TeamFile

    return {"team.yaml": TeamFile, "hiring.yaml": HiringFile}[name]


def bundled_folder() -> Path:
    """Return the folder that comes with the program: beside the code in a wheel, else atop the repository."""
    inside = Path(__file__).parents[1] / "data"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "data"


class Files(NamedTuple):
    """The files of a knowledge folder, those with a problem None, and all problems, sorted by place."""

    roles: RolesFile | None
    paths: PathsFile | None
    questions: QuestionsFile | None
    growth: GrowthFile | None
    team: "TeamFile | None"
    hiring: "HiringFile | None"
    problems: list[Problem]


def read_folder(folder: Path, *parts: Part) -> Files:
    """Read the files of a knowledge folder, and those of some parts.

    Without paths.yaml there are no moves, without questions.yaml there is one question for each skill, and without
    the file of another part nothing is known of what it would tell.
    """
    reading = Reading()
    nothing = Place(str(folder))
    roles = reading.read(folder / "roles.yaml", shape_of(RolesFile))
    paths = PathsFile(place=nothing)
    if os.path.lexists(folder / "paths.yaml"):
        paths = reading.read(folder / "paths.yaml", shape_of(PathsFile))
    found: dict[Part, Any] = {}
    for part in parts:
        name = f"{part}.yaml"
        if os.path.lexists(folder / name):
            found[part] = reading.read(folder / name, shape_of(file_type(name)))
        elif part == "questions":
            found[part] = _skill_questions(roles) if roles else None
        else:
            found[part] = file_type(name)(place=nothing)
    reading.check_references(unread=() if "questions" in parts else ("question",))
    faulty = {problem.place.path for problem in reading.problems}

    def sound(file: Any) -> Any:
        return None if file is None or file.place.path in faulty else file

    others = {part: sound(found.get(part)) for part in PARTS}
    return Files(roles=sound(roles), paths=sound(paths), problems=sorted(reading.problems), **others)


def _skill_questions(roles: RolesFile) -> QuestionsFile:
    place = Place(str(Path(roles.place.path).parent))
    questions = {key: Question(place=place, key=key, kind="skill", trait=key) for key in roles.skills}
    return QuestionsFile(place=place, questions=questions)


def load(folder: Path, *parts: Part) -> Knowledge:
    """Read a knowledge folder, and some parts of it.

    Raises:
        ProblemsFound: something in the folder cannot be used; holds every problem.

    """
    files = read_folder(folder, *parts)
    roles, paths = files.roles, files.paths
    if roles is None or paths is None or any(getattr(files, part) is None for part in parts):
        raise ProblemsFound(files.problems)
    return Knowledge(
        folder=folder,
        sources=roles.sources,
        skills=roles.skills,
        drives=roles.drives,
        roles=roles.roles,
        topics=roles.topics,
        ladders=paths.ladders,
        moves=paths.moves,
        questions=files.questions,
        growth=files.growth,
        team=files.team,
        hiring=files.hiring,
    )


def digest(folder: Path) -> str:
    """Return a short text that is another one when anything in the knowledge changes."""
    from hashlib import sha256

    found = sha256()
    for name in FILES:
        if os.path.lexists(folder / name):
            found.update(name.encode() + b"\0" + read_bytes(folder / name))
    return found.hexdigest()[:16]


def copy_files(folder: Path, target: Path) -> tuple[str, ...]:
    """Copy the files of a knowledge folder and write their schemas beside them; return their names.

    Raises:
        FileExistsError: the target has one of the files already; nothing is written.
        OSError: a file cannot be read or written.

    """
    contents = {name: read_bytes(path) for name in FILES if os.path.lexists(path := folder / name)}
    contents |= {SCHEMAS[name]: schema_text(name).encode() for name in FILES}
    for name in contents:
        if os.path.lexists(target / name):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target / name))
    target.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        with (target / name).open("xb") as file:
            file.write(content)
    return tuple(contents)


def schema_text(name: str) -> str:
    """Return the JSON Schema of one of FILES, for editors that check and complete YAML."""
    import json

    return json.dumps(json_schema(file_type(name), f"mops knowledge: {name}"), indent=2) + "\n"


Named = TypeVar("Named", Role, Skill, Drive)


def find_named(text: str, known: Mapping[str, Named]) -> Named:
    """Return what a key, a name or an alias means, or a part of one that fits nothing else.

    Raises:
        UnknownName: nothing is called so, or more than one thing may be meant.

    """
    wanted = same_name(text)
    keys = {key.casefold(): entry for key, entry in known.items()}
    names = {name: entry for entry in known.values() for name in _names_of(entry)} | keys
    if wanted in names:
        return names[wanted]
    words = wanted.split()
    attempts = (
        {entry.key: entry for name, entry in keys.items() if name.startswith(wanted)},
        {entry.key: entry for name, entry in names.items() if name.startswith(wanted)},
        {entry.key: entry for name, entry in names.items() if all(word in name for word in words)},
    )
    for meant in attempts if wanted else ():
        if len(meant) == 1:
            return next(iter(meant.values()))
        if meant:
            raise UnknownName(f"'{shorten(text)}' could be any of: {', '.join(meant)}.")
    kind = type(next(iter(known.values()))).__name__.lower() if known else "entry"
    shown = {name.casefold() for entry in known.values() for name in (entry.key, entry.name)}
    hint = did_you_mean(wanted, sorted(shown))
    message = f"No {kind} is called '{shorten(text)}'"
    raise UnknownName(f"{message}; {hint}" if hint else f"{message}.")


def _names_of(entry: Role | Skill | Drive) -> Iterable[str]:
    aliases = entry.aliases if isinstance(entry, Role) else ()
    return map(same_name, (entry.name, *aliases))
