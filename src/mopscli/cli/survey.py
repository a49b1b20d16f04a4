"""The commands about many people: the questionnaire for a survey, and the scores of its answers."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Final, Literal, get_args

import typer

from mopscli.batch.kinds import SCORES_ENDINGS, Dialect, ScoresKind
from mopscli.cli.exports import (
    EncodingOption,
    ExportArgument,
    MissingOption,
    PartialOption,
    never_an_answer,
    progress,
    respondents,
)
from mopscli.cli.group import (
    EachOption,
    GroupOption,
    GroupReader,
    PartsOption,
    Pictures,
    SmallPartsOption,
    write_page,
)
from mopscli.cli.options import (
    BetweenArgument,
    BetweenOption,
    IdOption,
    MoreRolesOption,
    shared_options,
    some_name,
)
from mopscli.cli.shell import (
    Refusing,
    app,
    check_output,
    check_place,
    find_role,
    find_roles,
    load_knowledge,
    show,
    write_text,
)
from mopscli.formats import ENDINGS, Format
from mopscli.text import clean

if TYPE_CHECKING:
    from mopscli.assessment.questionnaire import Questionnaire
    from mopscli.assessment.scoring import Scoring
    from mopscli.batch.scores import Options
    from mopscli.knowledge import Knowledge
    from mopscli.page import Page

Form = Literal["csv", "xlsform", "google-forms", "surveyjs"]
FORM_ENDINGS: Final = {"csv": ".csv", "xlsform": ".xlsx", "google-forms": ".gs", "surveyjs": ".json"}

AnswersTemplateOption = Annotated[
    bool, typer.Option("--template", help="Print a file of answers to fill in instead.")
]
QuestionsFormatOption = Annotated[
    Literal[Format, Form],
    typer.Option(
        "--format",
        "-f",
        # With this many the names would not fit into a line of the help.
        metavar="FORMAT",
        help="How to show the result, or a form for a survey tool: " + ", ".join(get_args(Form)) + ".",
        show_default=True,
    ),
]
FormFileOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write the form, or what is shown, to a file instead of the screen.",
        callback=check_place,
    ),
]
ScoresOption = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Where to write the scores: .csv, .jsonl, .parquet or .xlsx, or - for standard output. "
        "With --summary-only, where to write the summary.",
    ),
]
ScoresKindOption = Annotated[
    ScoresKind | None, typer.Option("--to", help="How to write the scores, if not by the file's name.")
]
RejectsOption = Annotated[
    Path | None,
    typer.Option(
        "--rejects",
        metavar="FILE",
        help="Where to list the rows that cannot be scored, as CSV; without it, beside the scores.",
    ),
]
StrictOption = Annotated[bool, typer.Option("--strict", help="Write nothing if any row cannot be scored.")]
SummaryOption = Annotated[bool, typer.Option("--summary-only", help="Show the summary and write no scores.")]
ContributionsOption = Annotated[
    bool, typer.Option("--explain", help="Add what each skill and drive contributes, and the largest gaps.")
]
KeepOption = Annotated[bool, typer.Option("--keep", help="Also copy the columns that are not questions.")]
DigitsOption = Annotated[
    int | None,
    typer.Option("--digits", min=0, max=15, metavar="N", help="Round numbers to N decimal places."),
]
DialectOption = Annotated[Dialect, typer.Option("--dialect", help="The database.")]
TableOption = Annotated[
    str,
    typer.Option(
        "--table",
        metavar="TABLE",
        help="The table, with a column for each question key.",
        callback=some_name,
    ),
]
IdColumnOption = Annotated[
    str,
    typer.Option("--id", metavar="COLUMN", help="The column that tells people apart.", callback=some_name),
]


@app.command()
@shared_options(page=True)
def questions(
    ctx: typer.Context,
    template: AnswersTemplateOption = False,
    output: FormFileOption = None,
    format_: QuestionsFormatOption = "table",
) -> None:
    """List the questions, or write them for a survey tool.

    The last four formats are for survey tools: csv to copy texts from, xlsform
    for ODK and KoboToolbox, google-forms is a script that makes the form, and
    surveyjs is for SurveyJS. 'mops batch' scores what such a survey exports.

    \b
    Examples:
      mops questions
      mops questions --template > answers.yaml
      mops questions --format xlsform -o form.xlsx
      mops questions --format google-forms -o form.gs
    """
    from mopscli.assessment.answers import template as answers_template
    from mopscli.assessment.questionnaire import list_questions, prepare
    from mopscli.pages.survey import questions_page

    knowledge = load_knowledge(ctx, "questions")
    questionnaire = prepare(knowledge)
    if format_ in get_args(Form):
        _write_form(questionnaire, format_, output)
    elif template:
        write_text(ctx, answers_template(questionnaire))
    else:
        result = list_questions(questionnaire)
        show(ctx, result, questions_page(knowledge, result))


def _write_form(questionnaire: "Questionnaire", form: str, output: Path | None) -> None:
    """Write a form for a survey tool to a file or to standard output."""
    from mopscli.survey.forms import MAKERS

    ending = output.suffix.lower() if output is not None else ""
    if ending != FORM_ENDINGS[form] and ending in (*ENDINGS, *FORM_ENDINGS.values()):
        raise typer.BadParameter(clean(f"'{output}' should end in {FORM_ENDINGS[form]}."))
    made = MAKERS[form](questionnaire)
    content = made if isinstance(made, bytes) else made.encode()
    if output is not None:
        from mopscli.atomic import write_whole

        write_whole(output, content, private=False)
    elif isinstance(made, bytes) and sys.stdout.isatty():
        raise typer.BadParameter(f"Name a file, as in 'mops questions --format {form} -o form.xlsx'.")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


@app.command()
@shared_options("show_all", "part", "no_pager", "format_", "json_", "data", page=True)
def batch(
    ctx: typer.Context,
    file: ExportArgument,
    names: BetweenArgument = None,
    between: BetweenOption = None,
    scores: ScoresOption = None,
    to: ScoresKindOption = None,
    rejects: RejectsOption = None,
    strict: StrictOption = False,
    summary_only: SummaryOption = False,
    roles: MoreRolesOption = None,
    explain: ContributionsOption = False,
    keep: KeepOption = False,
    digits: DigitsOption = None,
    id_column: IdOption = None,
    missing: MissingOption = None,
    partial: PartialOption = False,
    encoding: EncodingOption = None,
    group: GroupOption = None,
    by: PartsOption = None,
    small_groups: SmallPartsOption = False,
    each: EachOption = None,
) -> None:
    """Score everybody in a survey export.

    Columns are found by question key or text; answers count by number, words
    or letter. A row that cannot be scored is left out and listed with its
    line and the reason, and the exit code is then 1. Without -o it shows the
    summary and writes no scores.

    \b
    Examples:
      mops batch responses.csv
      mops batch responses.csv -o scores.csv
      mops batch responses.csv --report group.html --by department
      mops batch responses.xlsx head vp -o scores.xlsx --keep
      mops batch responses.csv --summary-only --format markdown
      mops batch - -o - --to jsonl < responses.csv > scores.jsonl
    """
    from mopscli.batch.opening import ReadOptions
    from mopscli.batch.scores import Options, score_file
    from mopscli.pages.survey import batch_page

    pictures = Pictures(group, by, small_groups, each)
    knowledge = load_knowledge(ctx, "questions", "norms", *pictures.files)
    scoring = _find_scored(knowledge, [*(between or ()), *(names or ())], roles)
    summary_only = summary_only or (scores is None and to is None)
    target, kind = _take_for_summary(ctx, scores) if summary_only else _scores_file(scores, to)
    options = Options(
        target, kind, _rejects_file(rejects, target), explain, keep, strict, digits, rejects is not None
    )
    _keep_apart(file, options, group)
    never_an_answer(scoring.questionnaire, missing or ())
    reading = ReadOptions(id_column, partial, encoding, tuple(missing or ()))
    source, name = respondents(file)
    with Refusing(ctx), progress() as report:
        summary = score_file(scoring, source, options, reading, name=name, report=report)
    page = batch_page(knowledge, summary)
    if pictures.files and summary.scored > summary.unanswered:
        page = _with_group(GroupReader(ctx, knowledge, scoring, file, reading), page, pictures)
    show(ctx, summary, page, to_stderr=scores == "-")
    if summary.rejected:
        raise typer.Exit(1)


def _with_group(people: GroupReader, page: "Page", pictures: Pictures) -> "Page":
    """Write what was asked for of a group, and return the page with its parts, and with what was written."""
    from mopscli.page import Facts, Heading, Line
    from mopscli.pages.group import group_page, parts_blocks
    from mopscli.pages.phrases import counted

    written: list[tuple[str, tuple[Line, ...]]] = []
    blocks = list(page.blocks)
    if pictures.target is not None or pictures.by is not None:
        group = people.group(pictures.by, small=pictures.small)
        blocks += parts_blocks(people.knowledge, group)
        if pictures.target is not None:
            write_page(pictures.target, "batch", group, group_page(people.knowledge, group, people.left_out))
            written.append(("The group's picture", (Line(str(pictures.target)),)))
    if pictures.each is not None:
        count = people.write_each(pictures.each)
        written.append(("A page for each", (Line(f"{pictures.each}: {counted(count, 'page', 'pages')}"),)))
    if written:
        blocks += [Heading("Drawn"), Facts(tuple(written))]
    return page._replace(blocks=tuple(blocks))


@app.command()
@shared_options("data")
def sql(
    ctx: typer.Context,
    names: BetweenArgument = None,
    dialect: DialectOption = "duckdb",
    table: TableOption = "responses",
    id_column: IdColumnOption = "id",
    roles: MoreRolesOption = None,
) -> None:
    """Print SQL that scores a table in your own database.

    It gives the same columns as 'mops batch' and needs no extension.

    \b
    Examples:
      mops sql --dialect snowflake --table hr.responses > scores.sql
      mops sql head vp --dialect bigquery --table project.hr.responses
      mops sql --dialect postgres --id employee
    """
    from mopscli.batch.sql import statement

    scoring = _find_scored(load_knowledge(ctx, "questions", "norms"), names or (), roles)
    try:
        text = statement(scoring, id_column, table, dialect)
    except ValueError:
        raise typer.BadParameter(clean(f"'{table}' is no name of a table in {dialect}.")) from None
    print(f"{text};")


def _find_scored(knowledge: "Knowledge", names: Sequence[str], others: str | None) -> "Scoring":
    """Return what to score: the roles to choose between, and besides them those asked for."""
    from mopscli.assessment.questionnaire import prepare
    from mopscli.assessment.scoring import Scoring

    questionnaire = prepare(knowledge)
    chosen = find_roles(knowledge, names or questionnaire.between)
    also = list(knowledge.roles) if others == "all" else (others or "").split(",")
    besides = (find_role(knowledge, name.strip()) for name in filter(str.strip, also))
    scored = {role.key: role for role in (*chosen, *besides)}
    return Scoring(questionnaire, tuple(scored.values()), tuple(role.key for role in chosen))


def _scores_file(scores: str | None, to: ScoresKind | None) -> "tuple[Path | BinaryIO, ScoresKind]":
    """Return where to write scores, and how: by the end of the name, or as asked."""
    if scores is None:
        raise typer.BadParameter("Name a file for the scores, as in '-o scores.csv', or use --summary-only.")
    if scores == "-":
        return sys.stdout.buffer, to or "csv"
    target = Path(scores)
    check_place(target)
    found = to or SCORES_ENDINGS.get(target.suffix.lower())
    if found is None:
        raise typer.BadParameter(
            clean(
                f"'{target.name}' should end in {', '.join(SCORES_ENDINGS)}. Or say how to write it with --to."
            )
        )
    return target, found


def _take_for_summary(ctx: typer.Context, file: str | None) -> "tuple[None, ScoresKind]":
    """Let -o name the file of the summary, and write no scores."""
    if file is None or file == "-":
        return None, "csv"
    target = Path(file)
    if target.suffix.lower() in SCORES_ENDINGS:
        raise typer.BadParameter(
            clean(
                f"--summary-only writes no scores. Leave it out, or let '{target.name}' end in .html or .md."
            )
        )
    ctx.params["output"] = check_place(target)
    check_output(ctx)
    return None, "csv"


def _rejects_file(rejects: Path | None, target: "Path | BinaryIO | None") -> Path | None:
    """Return where to list the rejects: as asked, or beside the scores."""
    if rejects is not None:
        if rejects.suffix.lower() in {".xlsx", ".xls", ".parquet", ".json", ".jsonl"}:
            raise typer.BadParameter(
                "The list of rejects is CSV; let its name end in .csv.", param_hint="--rejects"
            )
        return check_place(rejects)
    return target.with_name(f"{target.stem}.rejects.csv") if isinstance(target, Path) else None


def _keep_apart(file: str, options: "Options", picture: Path | None) -> None:
    """Refuse to write one file over another of the same command, or over the one that standard input reads."""
    target = options.output
    seen: dict[Path, str] = {}
    read = None if file == "-" else Path(file)
    files = (("FILE", read), ("-o", target), ("--rejects", options.rejects), ("--report", picture))
    for name, some in files:
        if isinstance(some, Path) and (some.is_file() or not some.exists()):
            first = seen.setdefault(Path(os.path.realpath(some)), name)
            if first != name:
                raise typer.BadParameter(f"{first} and {name} are the same file. Name another for {name}.")
    with suppress(OSError):
        if file == "-" and isinstance(target, Path) and os.path.samestat(os.fstat(0), target.stat()):
            raise typer.BadParameter("FILE and -o are the same file. Name another for -o.")
