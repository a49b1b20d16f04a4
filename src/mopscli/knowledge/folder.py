"""A knowledge folder as a whole: read, free of contradictions, copied; and names found in it."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from mopscli.knowledge import entries
from mopscli.knowledge.reader import Reading, read_bytes
from mopscli.knowledge.shapes import json_schema, shape_of
from mopscli.problem import Place, Problem, ProblemsFound, UnknownName
from mopscli.text import did_you_mean, same_name, shorten

if TYPE_CHECKING:
    from mopscli.knowledge import details, norms, postings, progression, questions, staffing


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class FilesOnDemand:
    """The files that are read only where a command needs them, a line for each; None for one that was not read.

    The type tells the module and the class of what a file holds. The module is imported when the file is read.
    """

    details: details.DetailsFile | None = None
    paths: progression.PathsFile | None = None
    questions: questions.QuestionsFile | None = None
    growth: progression.GrowthFile | None = None
    team: staffing.TeamFile | None = None
    hiring: staffing.HiringFile | None = None
    norms: norms.NormsFile | None = None
    postings: postings.PostingsFile | None = None


ON_DEMAND: Final = tuple(field.name for field in fields(FilesOnDemand))
FILES: Final = tuple(f"{name}.yaml" for name in ("roles", *ON_DEMAND))
# Where names are defined that roles.yaml refers to.
DEFINED_IN: Final = {"question": "questions", "way": "paths"}
SCHEMAS: Final[Mapping[str, str]] = {name: name.replace(".yaml", ".schema.json") for name in FILES}


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Knowledge(FilesOnDemand):
    """A knowledge folder, read and free of contradictions."""

    folder: Path
    sources: Mapping[str, entries.Source]
    skills: Mapping[str, entries.Skill]
    drives: Mapping[str, entries.Drive]
    roles: Mapping[str, entries.Role]
    topics: Mapping[str, entries.Topic]

    @property
    def ladders(self) -> Mapping[str, progression.Ladder]:
        """The ladders, by key; ValueError, if the paths were not read."""
        return self._paths.ladders

    @property
    def moves(self) -> tuple[progression.Move, ...]:
        """The moves between roles; ValueError, if the paths were not read."""
        return self._paths.moves

    @property
    def ways(self) -> Mapping[str, progression.Way]:
        """How one gets what a role requires, by key; ValueError, if the paths were not read."""
        return self._paths.ways

    @property
    def _paths(self) -> progression.PathsFile:
        if self.paths is None:
            raise ValueError("the knowledge was loaded without its paths")
        return self.paths

    def accents(self, *roles: entries.Role) -> dict[str, int]:
        """Return the number of the color of some roles, or of all, by label: the place of each in the folder."""
        places = {role.label: place for place, role in enumerate(self.roles.values())}
        return {role.label: places[role.label] for role in roles} if roles else places

    def trait_name(self, key: str) -> str:
        """Return the name of a skill or a drive."""
        trait = self.skills.get(key) or self.drives[key]
        return trait.name


def cited(part: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every entry in a part of the knowledge that rests on a source, with the keys that lead to it.

    Its `source` is None where a number leaves it out.
    """
    if isinstance(part, dict):
        for key, value in part.items():
            yield from cited(value, f"{at}.{key}" if at else str(key))
    elif isinstance(part, tuple):
        for number, value in enumerate(part, 1):
            yield from cited(value, f"{at}[{number}]")
    elif is_dataclass(part):
        if hasattr(part, "source"):
            yield at, part
        names = (field.name for field in fields(part))
        yield from cited({name.rstrip("_"): getattr(part, name) for name in names if name != "place"}, at)


def file_type(name: str) -> type:
    """Return what a file of a knowledge folder holds, by its name in FILES.

    Raises:
        ValueError: there is no such file.

    """
    if name not in FILES:
        raise ValueError(f"there is no file '{name}' in a knowledge folder; there are {', '.join(FILES)}")
    kinds = {"roles": "entries.RolesFile"} | {row.name: str(row.type) for row in fields(FilesOnDemand)}
    module, _, kind = kinds[name.removesuffix(".yaml")].partition(" ")[0].partition(".")
    found: type = getattr(import_module(f"mopscli.knowledge.{module}"), kind)
    return found


def bundled_folder() -> Path:
    """Return the folder that comes with the program: beside the code in a wheel, else atop the repository."""
    inside = Path(__file__).parents[1] / "data"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "data"


def read_folder(folder: Path, files: Collection[str] = ON_DEMAND) -> tuple[Mapping[str, Any], list[Problem]]:
    """Read roles.yaml of a knowledge folder, and all files in ON_DEMAND or some of them.

    Return each file by its name, or None if it has a problem, and all problems, sorted by place.

    Without paths.yaml there are no moves, without questions.yaml there is one question for each skill, and without
    another file nothing is known of what it would tell.
    """
    reading = Reading()
    found: dict[str, Any] = {}
    absent = set()
    for name in ("roles", *files):
        path, kind = folder / f"{name}.yaml", file_type(f"{name}.yaml")
        if name == "roles" or os.path.lexists(path):
            found[name] = reading.read(path, shape_of(kind))
        elif name == "questions":
            found[name] = _skill_questions(found["roles"]) if found["roles"] else None
        else:
            absent.add(name)
            found[name] = kind(place=Place(str(folder)))
    reading.check_references(
        unread={kind for kind, name in DEFINED_IN.items() if name not in files or name in absent}
    )
    faulty = {problem.place.path for problem in reading.problems}
    sound = {
        name: None if file is None or file.place.path in faulty else file for name, file in found.items()
    }
    return sound, sorted(reading.problems)


def without_markers(roles: entries.RolesFile, asked: questions.QuestionsFile | None) -> Iterator[Problem]:
    """Yield the questions that let one pick a marker of a skill that has none."""
    for question in asked.questions.values() if asked else ():
        skill = roles.skills.get(question.trait)
        if question.kind == "skill" and skill is not None and not skill.markers:
            message = f"questions.{question.key}: the skill '{question.trait}' has no markers to choose from"
            yield Problem(question.place, message, "add markers, or use agree, reversed or tradeoff")


def _skill_questions(roles: entries.RolesFile) -> questions.QuestionsFile:
    from mopscli.knowledge.questions import Question, QuestionsFile

    place = Place(str(Path(roles.place.path).parent))
    each = {
        key: Question(place=place, key=key, kind="skill", trait=key)
        for key, skill in roles.skills.items()
        if skill.markers
    }
    return QuestionsFile(place=place, questions=each)


def load(folder: Path | str | None = None, files: Collection[str] = ON_DEMAND) -> Knowledge:
    """Read a knowledge folder, or the bundled one: its roles, and all files in ON_DEMAND or some of them.

    Raises:
        ProblemsFound: something in the folder cannot be used; holds every problem.

    """
    folder = bundled_folder() if folder is None else Path(folder)
    found, problems = read_folder(folder, files)
    if None in found.values():
        raise ProblemsFound(problems)
    roles: entries.RolesFile = found["roles"]
    if lacking := list(without_markers(roles, found.get("questions"))):
        raise ProblemsFound(lacking)
    more: details.DetailsFile | None = found.get("details")
    asked: questions.QuestionsFile | None = found.get("questions")
    return Knowledge(
        folder=folder,
        sources={**roles.sources, **asked.sources} if asked else roles.sources,
        skills=_told(roles.skills, more.skills) if more else roles.skills,
        drives=roles.drives,
        roles=_told(roles.roles, more.roles) if more else roles.roles,
        topics={**roles.topics, **more.topics} if more else roles.topics,
        **{name: found[name] for name in files},
    )


def _told(known: Mapping[str, _Kind], told: Mapping[str, details.Details]) -> Mapping[str, _Kind]:
    """Return roles or skills with what their details add."""
    return {
        key: type(entry)(**{**vars(entry), **told[key].sections}) if key in told else entry
        for key, entry in known.items()
    }


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
    from mopscli.atomic import make_folder, write_all

    contents = {name: read_bytes(path) for name in FILES if os.path.lexists(path := folder / name)}
    contents |= {SCHEMAS[name]: schema_text(name).encode() for name in FILES}
    for name in contents:
        if os.path.lexists(target / name):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target / name))
    make_folder(target, private=False)
    write_all({target / name: content for name, content in contents.items()}, private=False)
    return tuple(contents)


def schema_text(name: str) -> str:
    """Return the JSON Schema of one of FILES, for editors that check and complete YAML."""
    import json

    return json.dumps(json_schema(file_type(name), f"mops knowledge: {name}"), indent=2) + "\n"


_Kind = TypeVar("_Kind", entries.Role, entries.Skill)
Named = TypeVar("Named", entries.Role, entries.Skill, entries.Drive, entries.Source)


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
            raise UnknownName(f"'{shorten(text)}' could be any of: {', '.join(meant)}.", tuple(meant))
    kind = type(next(iter(known.values()))).__name__.lower() if known else "entry"
    shown = {name.casefold() for entry in known.values() for name in (entry.key, entry.name)}
    hint = did_you_mean(wanted, sorted(shown))
    message = f"No {kind} is called '{shorten(text)}'"
    raise UnknownName(f"{message}; {hint}" if hint else f"{message}.")


def _names_of(entry: entries.Role | entries.Skill | entries.Drive | entries.Source) -> Iterable[str]:
    aliases = entry.aliases if isinstance(entry, entries.Role) else ()
    return map(same_name, (entry.name, *aliases))
