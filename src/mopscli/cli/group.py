"""What `mops batch` writes beside scores: the picture of a group, its parts, and a page for each person."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer

from mopscli.cli.shell import Refusing, check_maker, check_place
from mopscli.formats import ENDINGS, Output, content
from mopscli.text import clean, did_you_mean

if TYPE_CHECKING:
    from mopscli.assessment.scoring import Scoring
    from mopscli.batch.opening import ReadOptions
    from mopscli.knowledge import Knowledge
    from mopscli.page import Page
    from mopscli.problem import Problem
    from mopscli.survey.people import Respondent
    from mopscli.survey.source import Survey
    from mopscli.team.group import Group

# They are read one by one, a second for every few hundred.
MOST_PEOPLE: Final = 20_000


def check_picture(target: Path | None) -> Path | None:
    """Refuse a file for a picture that cannot be written, or whose name does not say a format."""
    if target is not None and target.suffix.lower() not in ENDINGS:
        raise typer.BadParameter(clean(f"'{target.name}' should end in {', '.join(ENDINGS)}."))
    return check_place(target)


GroupOption = Annotated[
    Path | None,
    typer.Option(
        "--report",
        metavar="FILE",
        help="Where to draw the group's picture: .html, .md, .txt or .json.",
        callback=check_picture,
    ),
]
PartsOption = Annotated[
    str | None,
    typer.Option(
        "--by", metavar="COLUMN", help="Set the parts of the group by this column beside the whole."
    ),
]
SmallPartsOption = Annotated[
    bool, typer.Option("--small-groups", help="Tell of parts with fewer than 5 people, too.")
]
EachOption = Annotated[
    Path | None,
    typer.Option("--each", metavar="DIR", help="The folder to write one page about each person into."),
]


class Pictures(NamedTuple):
    """What is to be drawn of a group: its picture, its parts by a column, a page for each person."""

    target: Path | None
    by: str | None
    small: bool
    each: Path | None

    @property
    def files(self) -> tuple[str, ...]:
        """The knowledge files that drawing needs; none where nothing is to be drawn."""
        asked = self.target is not None or self.by is not None or self.each is not None
        return ("paths", "growth") if asked else ()


class GroupReader:
    """The people in a file, read one by one, who answered something."""

    def __init__(
        self,
        ctx: typer.Context,
        knowledge: "Knowledge",
        scoring: "Scoring",
        file: str,
        reading: "ReadOptions",
    ) -> None:
        if file == "-":
            raise typer.BadParameter("A group's picture needs a file that can be read again. Save it in one.")
        self.ctx = ctx
        self.knowledge = knowledge
        self.questionnaire = scoring.questionnaire
        self.roles = [knowledge.roles[key] for key in scoring.between]
        self.file = file
        self.reading = reading
        self.left_out: list[Problem] = []

    def group(self, by: str | None, *, small: bool) -> "Group":
        """Return what the group amounts to, by a column if one is named."""
        from mopscli.assessment.advice import READY
        from mopscli.person.person import Person
        from mopscli.team.group import LEAST, picture_group, see_person

        with Refusing(self.ctx):
            survey = self._survey()
            place = None if by is None else column_named(survey, by)
            seen = [
                see_person(
                    self.knowledge,
                    Person(self.questionnaire, one.answers),
                    self.roles,
                    READY,
                    one.id,
                    _cell(one, place),
                )
                for one in self._people(survey)
            ]
        if not seen:
            raise typer.BadParameter(clean(f"Nobody in '{self.file}' can be drawn."))
        name = None if place is None else survey.columns[place]
        return picture_group(seen, self.roles, READY, name, 1 if small else LEAST)

    def write_each(self, folder: Path) -> int:
        """Write the page about each person into a folder, and return how many there are."""
        from mopscli.assessment.advice import READY
        from mopscli.pages.report import make_report, report_page
        from mopscli.person.person import Person

        folder.mkdir(exist_ok=True)
        taken: set[str] = set()
        with Refusing(self.ctx):
            for one in self._people(self._survey()):
                person = Person(self.questionnaire, one.answers)
                made = make_report(self.knowledge, person, self.roles, (), None, READY, one.id)
                page = report_page(self.knowledge, made, person, alone=True)
                write_page(folder / f"{file_name(one.id, taken)}.html", "batch", made, page)
        return len(taken)

    def _survey(self) -> "Survey":
        from mopscli.survey.source import open_survey

        id_column, partial, encoding, missing = self.reading
        return open_survey(
            self.questionnaire,
            Path(self.file),
            self.file,
            id_column=id_column,
            partial=partial,
            encoding=encoding,
            missing=missing,
        )

    def _people(self, survey: "Survey") -> "Iterator[Respondent]":
        from mopscli.survey.people import read_people

        self.left_out = []
        found = 0
        for one in read_people(self.questionnaire, survey):
            self.left_out += one.problems
            if one.problems or not one.answers.keys() & self.questionnaire.items.keys():
                continue
            found += 1
            if found > MOST_PEOPLE:
                many = f"'{self.file}' has more than {MOST_PEOPLE:,} people, too many to look at one by one."
                raise typer.BadParameter(clean(many))
            yield one


def column_named(survey: "Survey", name: str) -> int:
    """Return the position of a column, or refuse one that is not there."""
    folded = [column.strip().casefold() for column in survey.columns]
    if name.strip().casefold() in folded:
        return folded.index(name.strip().casefold())
    hint = did_you_mean(name, survey.columns)
    raise typer.BadParameter(
        clean(f"No column is called '{name}'{f'; {hint}' if hint else '.'}"), param_hint="--by"
    )


def _cell(one: "Respondent", place: int | None) -> str:
    return one.cells[place].strip() if place is not None and place < len(one.cells) else ""


def write_page(target: Path, command: str, result: Any, page: "Page") -> None:
    """Write a page about people to a file, in the format that its name says."""
    from mopscli.atomic import write_whole

    form = ENDINGS[target.suffix.lower()]
    check_maker(form)
    write_whole(target, content(Output(command, result, page), form), private=True)


def file_name(id_: str, taken: set[str]) -> str:
    """Return a name for the file about somebody, which no one else has; letters, digits and dashes of the id."""
    plain = re.sub(r"[^\w-]+", "-", id_).strip("-")[:60] or "person"
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain}-{number}"
    taken.add(name.casefold())
    return name
