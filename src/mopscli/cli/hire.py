"""The command for a hire: the papers, what a company fills into them, and where they are written."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import typer

from mopscli.cli.guide import role_given
from mopscli.cli.options import OneRoleArgument, shared_options, some_name
from mopscli.cli.shell import (
    NO_SCREEN,
    Refusing,
    answers_named,
    app,
    check_maker,
    check_place,
    find_role,
    format_in_use,
    is_brief,
    is_terminal,
    load_knowledge,
    show,
)
from mopscli.formats import ENDINGS, MAKERS, Format, Output, content
from mopscli.text import clean, did_you_mean

if TYPE_CHECKING:
    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.entries import Role
    from mopscli.knowledge.staffing import HiringFile, PaperKey
    from mopscli.page import Page
    from mopscli.person.person import Person
    from mopscli.team.kit import Kit

CHOICES: Final = "choices.yaml"
# Where papers to send go if no place is named.
FOLDER: Final = Path("kit")
# The formats that papers are written in, and how their files end.
PAPER_ENDINGS: Final[Mapping[Format, str]] = {
    "markdown": ".md",
    "html": ".html",
    "docx": ".docx",
    "pdf": ".pdf",
}

PapersOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="DIR",
        help="The folder to write the papers into, or one file for all: kit.docx, kit.pdf, kit.html or kit.md.",
    ),
]
CompanyOption = Annotated[
    str | None,
    typer.Option("--company", metavar="NAME", help="Short for --set company=NAME.", callback=some_name),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=TEXT",
        help="Something that only you know; without -o, the command lists what there is.",
    ),
]
CandidateOption = Annotated[
    str | None,
    typer.Option(
        "--for",
        metavar="ID",
        help="Fill in the scorecard for a candidate: a number in 'mops history', or a file of answers.",
    ),
]
BareOption = Annotated[
    bool,
    typer.Option(
        "--bare",
        help="Papers to send as they are: no sources, no hints, few blanks. Into the folder kit without -o.",
    ),
]
EveryOption = Annotated[
    bool, typer.Option("--all", "-a", help="Put every question into the interview guide, not ten.")
]
ForceOption = Annotated[bool, typer.Option("--force", help="Write over papers that are there.")]


class Place(NamedTuple):
    """Where papers go: into a folder or into one file, and in which format."""

    target: Path
    form: Format
    is_file: bool


@app.command()
@shared_options("no_pager", "format_", "json_", "data", page=True)
def hire(
    ctx: typer.Context,
    name: OneRoleArgument = None,
    papers: PapersOption = None,
    company: CompanyOption = None,
    choices: SetOption = None,
    candidate: CandidateOption = None,
    bare: BareOption = False,
    every_question: EveryOption = False,
    force: ForceOption = False,
) -> None:
    """Write the papers for a hire, for Word, as PDF or Markdown.

    Role description, job advertisement, scorecard, charter, metrics,
    interview guide and an evaluation checklist. On a terminal it asks for
    what matters most. What only you can know stands in braces; the file
    choices.yaml beside the papers takes it, and --force writes them anew.

    \b
    Examples:
      mops hire director
      mops hire director --company Acme --bare
      mops hire director --company Acme --bare -o kit.docx
      mops hire director -o kit --format pdf --force
      mops hire head -o kit --set salary="$120,000 to $140,000" --bare
      mops hire director -o kit-sam --for sam.yaml
    """
    from mopscli.pages.kit import blanks, kit_brief, kit_page, kit_pages
    from mopscli.team.kit import make_kit

    name = role_given(ctx, name, "Papers for which role?")
    place = _place(ctx, papers if papers is not None or not bare else FOLDER)
    knowledge = load_knowledge(ctx, "details", "questions", "hiring")
    role = find_role(knowledge, name)
    hiring = _hiring_of(knowledge)
    filled = _choices_made(ctx, hiring, place, company, choices or ())
    person = None if candidate is None else _candidate_named(ctx, knowledge, candidate)
    if place is not None:
        _check_free(place, hiring, force)
        if is_terminal():
            filled = filled | _asked(hiring, role, filled)
    kit = make_kit(knowledge, role, filled, person)
    pages = kit_pages(knowledge, kit, bare=bare, every_question=every_question)
    files = [] if place is None else _write_kit(place, _contents(knowledge, kit, pages, place), person)
    again = f"mops hire {role.key} -o {quote(str(place.target if place else FOLDER))}"
    if place is not None:
        again += f" --for {quote(candidate)}" if candidate is not None else ""
        again += " --bare" * bare + " --force"
    left = sum(map(blanks, pages.values()))
    page = kit_page(knowledge, kit, files, again, left, bare=bare)
    if is_brief(ctx):
        page = kit_brief(knowledge, kit, files, page, left, bare=bare)
    form = format_in_use(ctx)
    # The format is that of the papers; what is told of them is for the screen.
    show(
        ctx, {"files": files, "kit": kit}, page, form="table" if place and form in ("html", *MAKERS) else form
    )


def _place(ctx: typer.Context, target: Path | None) -> Place | None:
    """Return where the papers go and as what, or refuse a place or a format that cannot be."""
    form = format_in_use(ctx)
    if target is None:
        if form in MAKERS:
            raise typer.BadParameter(NO_SCREEN)
        return None
    named = ENDINGS.get(target.suffix.lower()) if not target.is_dir() else None
    if named is None:
        if target.exists() and not target.is_dir():
            raise typer.BadParameter(clean(f"'{target}' is a file. Name a folder."))
        return Place(target, form if form in PAPER_ENDINGS else "markdown", is_file=False)
    if named not in PAPER_ENDINGS:
        raise typer.BadParameter(clean(f"'{target}' is to be a folder. Name it without {target.suffix}."))
    if form not in (named, "table", "json"):
        raise typer.BadParameter(
            clean(f"'{target}' ends like {named}, and the format is {form}. Change one.")
        )
    check_maker(named)
    return Place(target, named, is_file=True)


def _hiring_of(knowledge: "Knowledge") -> "HiringFile":
    """Return what the knowledge tells about hiring, or refuse where it tells nothing."""
    if knowledge.hiring is None or not knowledge.hiring.papers:
        raise typer.BadParameter("The folder in use has no hiring.yaml, so it knows no papers.")
    return knowledge.hiring


def _choices_made(
    ctx: typer.Context,
    hiring: "HiringFile",
    place: Place | None,
    company: str | None,
    choices: Sequence[str],
) -> dict[str, str]:
    """Return what the company has filled in: in the file beside the papers, and over it on the command line."""
    from mopscli.knowledge.staffing import COMPANY
    from mopscli.team.kit import read_company_choices

    given = [_choice(hiring, text) for text in choices]
    if company is not None:
        given.append(_choice(hiring, f"{COMPANY}={company}"))
    filled: dict[str, str] = {}
    if place is not None and not place.is_file and (place.target / CHOICES).exists():
        with Refusing(ctx):
            filled = read_company_choices(hiring, place.target / CHOICES)
    return filled | dict(given)


def _choice(hiring: "HiringFile", text: str) -> tuple[str, str]:
    """Return the key and the text of something that a company fills in."""
    some_name(text)
    key, _, value = text.partition("=")
    if not value.strip():
        raise typer.BadParameter(
            clean(f"'{text}' is no key and text, as in company=Acme."), param_hint="--set"
        )
    if key not in hiring.choices:
        hint = did_you_mean(key, hiring.choices)
        raise typer.BadParameter(
            clean(f"There is nothing called '{key}' to fill in{f'; {hint}' if hint else '.'}"),
            param_hint="--set",
        )
    return key, value.strip()


def _asked(hiring: "HiringFile", role: "Role", filled: Mapping[str, str]) -> dict[str, str]:
    """Ask for the choices that matter most and are not made; Enter leaves one open."""
    given = {}
    for key in hiring.asked:
        choice = hiring.choices[key]
        if key not in filled and (not choice.roles or role.key in choice.roles):
            text = f"{choice.text} (Enter leaves it open)"
            if answer := clean(typer.prompt(text, default="", show_default=False, err=True)).strip():
                given[key] = answer
    return given


def _candidate_named(ctx: typer.Context, knowledge: "Knowledge", named: str) -> "Person":
    """Return a candidate, by the number of an assessment or by a file of answers."""
    from mopscli.assessment.questionnaire import prepare
    from mopscli.person.person import Person

    questionnaire = prepare(knowledge)
    person = Person(questionnaire, answers_named(ctx, questionnaire, named))
    if not person.answers:
        raise typer.BadParameter("The candidate answered nothing yet.", param_hint="--for")
    return person


def _check_free(place: Place, hiring: "HiringFile", force: bool) -> None:
    """Refuse a place that cannot be written, and papers that are there unless they may be written over."""
    check_place(place.target / "paper" if place.target.is_dir() else place.target)
    ending = PAPER_ENDINGS[place.form]
    names = [place.target] if place.is_file else [place.target / f"{key}{ending}" for key in hiring.papers]
    for path in [*names, *([] if place.is_file else [place.target / CHOICES])]:
        if path.is_dir():
            raise typer.BadParameter(clean(f"'{path}' is a folder, and a paper is to have that name."))
        if path.exists() and path.name != CHOICES and not force:
            raise typer.BadParameter(clean(f"'{path}' is there already. --force writes over it."))


def _contents(
    knowledge: "Knowledge", kit: "Kit", pages: "Mapping[PaperKey, Page]", place: Place
) -> dict[Path, str | bytes]:
    """Return what is written where: all papers in one file, or one file for each and the choices beside them."""
    from mopscli.pages.kit import kit_document
    from mopscli.team.kit import company_choices_text

    if place.is_file:
        document = kit_document(knowledge, kit, pages)
        return {place.target: content(Output("hire", kit, document), place.form)}
    ending = PAPER_ENDINGS[place.form]
    written = {
        place.target / f"{key}{ending}": content(Output("hire", kit, page), place.form)
        for key, page in pages.items()
    }
    return {**written, place.target / CHOICES: company_choices_text(kit)}


def _write_kit(place: Place, contents: Mapping[Path, str | bytes], candidate: "Person | None") -> list[str]:
    """Write files, all of them or none, and return their names; a candidate's are private."""
    from mopscli.atomic import make_folder, write_all

    of_a_person = candidate is not None
    if not place.is_file:
        make_folder(place.target, private=of_a_person)
    # An earlier paper for nobody in particular may be open to others; one about a candidate is not.
    write_all(contents, private=of_a_person, keeps_mode=not of_a_person)
    return list(map(str, contents))
