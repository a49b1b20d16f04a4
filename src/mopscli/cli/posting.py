"""The command about job postings."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mopscli.cli.options import ExplainOption, PersonOption, SavedOption, complete_roles, shared_options
from mopscli.cli.shell import (
    app,
    find_role,
    format_in_use,
    load_knowledge,
    own_assessment,
    read_answers_in,
    refuse,
    saved_assessments,
    say,
    show,
)
from mopscli.text import clean

if TYPE_CHECKING:
    from mopscli.knowledge import Knowledge
    from mopscli.knowledge.postings import PostingsFile
    from mopscli.person.person import Person
    from mopscli.posting.posting import Advertisement, FittedPosting, ReadPosting
    from mopscli.problem import Problem

PostingsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[FILE]...",
        help="Text, Markdown, HTML, Word, PDF, CSV or JSON Lines; a folder; or - for standard input.",
    ),
]
AsOption = Annotated[
    str | None,
    typer.Option(
        "--as", metavar="ROLE", help="The role that your draft is for.", autocompletion=complete_roles
    ),
]
AuditOption = Annotated[
    bool, typer.Option("--audit", help="Where the postings ask other skills than the roles of the knowledge.")
]
FitOption = Annotated[
    Path | None,
    typer.Option(
        "--fit",
        metavar="DIR",
        help="Count the clues anew on your own labeled postings; writes DIR/postings.yaml.",
    ),
]
CsvOption = Annotated[bool, typer.Option("--csv", help="Print the table of several postings as CSV.")]
RestOption = Annotated[bool, typer.Option("--all", "-a", help="Show all that it asks, with the sentences.")]


@app.command()
@shared_options()
def posting(
    ctx: typer.Context,
    files: PostingsArgument = None,
    answers: PersonOption = None,
    number: SavedOption = None,
    role: AsOption = None,
    audit: AuditOption = False,
    fit: FitOption = None,
    table: CsvOption = False,
    everything: RestOption = False,
    explain: ExplainOption = False,
) -> None:
    """Read a job posting: which role it really is, and how you fit.

    It reads the text and not the title, says how sure it is, and shows the
    sentences behind it. Nothing is fetched: save the posting as a file.

    \b
    Examples:
      mops posting job.txt
      mops posting job.html --answers answers.yaml --all
      mops posting jobs.csv --csv > read.csv
      mops posting jobs.jsonl --json
      mops posting draft.md --as director
      mops posting jobs/ --audit
    """
    if fit is not None:
        _fit_clues(ctx, fit)
        return
    if not files:
        raise typer.BadParameter("Name a posting, as in 'mops posting job.txt', or - for standard input.")
    whose = not audit and role is None and _is_somebody(answers, number)
    more = ("questions", "growth", "norms") if whose else ()
    knowledge = load_knowledge(ctx, "details", "postings", *more)
    postings = _postings_of(knowledge)
    found, problems = _read(files)
    if not found:
        refuse(ctx, problems)
    say(problems, sys.stderr)
    if audit:
        _show_audit(ctx, knowledge, found)
    elif role is not None:
        _show_draft(ctx, knowledge, postings, found, role)
    else:
        fitted = _fitted(knowledge, found, _person(ctx, knowledge, answers, number) if whose else None)
        _show_fitted(
            ctx, knowledge, postings, fitted, problems, table=table, in_full=everything, explain=explain
        )
    if problems:
        raise typer.Exit(1)


def _postings_of(knowledge: "Knowledge") -> "PostingsFile":
    if knowledge.postings is None or not knowledge.postings.clues:
        raise typer.BadParameter(
            clean(
                f"There is no postings.yaml in '{knowledge.folder}'. 'mops init DIR' makes a folder with one."
            )
        )
    return knowledge.postings


def _read(files: Sequence[str]) -> "tuple[list[Advertisement], list[Problem]]":
    from mopscli.problem import Problem

    found: list[Advertisement] = []
    problems: list[Problem] = []
    for name in files:
        for one in _read_one(name):
            if isinstance(one, Problem):
                problems.append(one)
            else:
                found.append(one)
    return found, problems


def _read_one(name: str) -> "Iterator[Advertisement | Problem]":
    from mopscli.posting.files import MOST_OF_MANY, read_content, read_postings

    if name == "-":
        if sys.stdin is None:
            raise typer.BadParameter("Standard input is closed. Name a file instead of -.")
        return read_content(sys.stdin.buffer.read(MOST_OF_MANY), "standard input")
    if not Path(name).exists():
        hint = " Save the page and name its file." if "://" in name else ""
        raise typer.BadParameter(clean(f"There is no file '{name}'.{hint}"))
    return read_postings(Path(name))


def _is_somebody(answers: str | None, number: int | None) -> bool:
    """Tell whether there are answers to fit a posting to: those named, or a file of saved assessments."""
    if answers is not None or number is not None:
        return True
    from mopscli.person.store import FILE, user_folder

    return (user_folder() / FILE).is_file()


def _person(
    ctx: typer.Context, knowledge: "Knowledge", answers: str | None, number: int | None
) -> "Person | None":
    """Return whose fit to tell: of the answers named, or of a saved assessment, if there is one."""
    from mopscli.assessment.answers import saved_answers
    from mopscli.assessment.questionnaire import choices_of, prepare
    from mopscli.person.person import Person

    questionnaire = prepare(knowledge)
    if answers is not None:
        return Person(questionnaire, read_answers_in(ctx, questionnaire, answers))
    if number is None and not any(one.answers and not one.about for one in saved_assessments()):
        return None
    own = own_assessment(number, len(choices_of(questionnaire)))
    return Person(questionnaire, saved_answers(questionnaire, own.answers)[0])


def _fitted(
    knowledge: "Knowledge", found: "Sequence[Advertisement]", person: "Person | None"
) -> "list[FittedPosting]":
    from mopscli.posting.posting import FittedPosting, Reader

    reader = Reader(knowledge)
    read = [reader.read(one) for one in found]
    if person is None:
        return [FittedPosting(one, None) for one in read]
    from mopscli.posting.match import fit_posting

    return [FittedPosting(one, fit_posting(knowledge, person, one)) for one in read]


def _show_fitted(
    ctx: typer.Context,
    knowledge: "Knowledge",
    postings: "PostingsFile",
    fitted: "Sequence[FittedPosting]",
    problems: "Sequence[Problem]",
    *,
    table: bool,
    in_full: bool,
    explain: bool,
) -> None:
    from mopscli.posting.contract import as_contract

    form = format_in_use(ctx)
    if table:
        _print_table(fitted)
    elif form == "json":
        show(ctx, {"postings": [as_contract(one) for one in fitted]}, None, problems)
    else:
        from mopscli.pages.posting import posting_page, postings_page

        in_full = in_full or form != "table"
        if len(fitted) == 1:
            page = posting_page(knowledge, postings, fitted[0], in_full=in_full, explain=explain)
        else:
            from mopscli.posting.match import lacked_together

            page = postings_page(knowledge, fitted, lacked_together(fitted), in_full=in_full)
        show(ctx, None, page, problems)


def _print_table(fitted: "Sequence[FittedPosting]") -> None:
    import csv

    from mopscli.posting.contract import COLUMNS, as_row, by_fit
    from mopscli.survey.spreadsheet import escape_formula

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in by_fit(fitted):
        writer.writerow(
            [escape_formula(clean(str(cell))) if isinstance(cell, str) else cell for cell in as_row(one)]
        )


def _show_draft(
    ctx: typer.Context,
    knowledge: "Knowledge",
    postings: "PostingsFile",
    found: "Sequence[Advertisement]",
    name: str,
) -> None:
    from mopscli.pages.posting import draft_page
    from mopscli.posting.draft import review_draft

    if len(found) > 1:
        raise typer.BadParameter("--as is for one draft. Name one file with one posting.")
    wanted = find_role(knowledge, name)
    (one,) = _fitted(knowledge, found, None)
    try:
        draft = review_draft(knowledge, postings, one.posting, wanted)
    except ValueError as error:
        raise typer.BadParameter(clean(f"{error}. Name another role.")) from None
    show(ctx, {"draft": draft}, draft_page(knowledge, postings, one.posting, draft))


def _show_audit(ctx: typer.Context, knowledge: "Knowledge", found: "Sequence[Advertisement]") -> None:
    from mopscli.pages.posting import audit_page
    from mopscli.posting.draft import audit

    read: list[ReadPosting] = [one.posting for one in _fitted(knowledge, found, None)]
    result = audit(knowledge, read)
    show(ctx, {"audit": result}, audit_page(knowledge, result, len(read)))


def _fit_clues(ctx: typer.Context, folder: Path) -> None:
    """Count the clues anew on the labeled postings in a folder, and write the file."""
    from mopscli.atomic import write_whole
    from mopscli.posting.fit import as_yaml, fit, row_of
    from mopscli.posting.posting import Reader

    if not folder.is_dir():
        raise typer.BadParameter(clean(f"There is no folder '{folder}' with labeled postings."))
    knowledge = load_knowledge(ctx, "details", "postings")
    postings = _postings_of(knowledge)
    found, problems = _read([str(folder)])
    say(problems, sys.stderr)
    reader = Reader(knowledge)
    rows: list[Any] = [row_of(one, reader.read(one), postings) for one in found]
    try:
        refitted = fit(postings, rows)
    except ValueError as error:
        raise typer.BadParameter(
            clean(f"{error}. Give each a 'title' that tells its level, or a 'level' such as manager.")
        ) from None
    target = folder / "postings.yaml"
    write_whole(target, as_yaml(refitted), private=False)
    say(
        [f"Counted on {len(rows)} postings. Written to {target}; copy it into your knowledge folder."],
        sys.stdout,
    )
