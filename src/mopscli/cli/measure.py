"""The commands about the questionnaire itself: calibrated on people's answers, and replayed with them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mopscli.cli.exports import (
    EncodingOption,
    ExportArgument,
    MissingOption,
    PartialOption,
    never_an_answer,
    progress,
    respondents,
)
from mopscli.cli.options import BetweenArgument, IdOption, shared_options, some_name
from mopscli.cli.shell import Refusing, app, find_roles, folder_in_use, load_knowledge, show
from mopscli.text import clean

if TYPE_CHECKING:
    from mopscli.assessment.calibration import Calibration, Replies
    from mopscli.assessment.questionnaire import Questionnaire
    from mopscli.knowledge import Knowledge

ReplayUntilOption = Annotated[
    float, typer.Option("--until", min=0, max=1, help="The chance of a change at which the interview ends.")
]
TrainOption = Annotated[
    float | None,
    typer.Option(
        "--train",
        min=0.01,
        max=0.99,
        metavar="SHARE",
        help="Calibrate on this share of the people first, and replay the others.",
    ),
]
FolderOption = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="DIR", help="Write a calibrated copy of the knowledge to this folder."
    ),
]
InPlaceOption = Annotated[
    bool, typer.Option("--in-place", help="Write into the folder of --data instead of a copy.")
]
GroupOption = Annotated[
    str,
    typer.Option(
        "--group", metavar="NAME", help="Who the people are, as in 'people at Acme'.", callback=some_name
    ),
]


@app.command()
@shared_options("show_all", "part", "no_pager", "format_", "json_", "data", page=True)
def calibrate(
    ctx: typer.Context,
    file: ExportArgument,
    target: FolderOption = None,
    in_place: InPlaceOption = False,
    group: GroupOption = "",
    id_column: IdOption = None,
    missing: MissingOption = None,
    partial: PartialOption = False,
    encoding: EncodingOption = None,
) -> None:
    """Fit the questionnaire to the people who answered it.

    For whoever writes knowledge: how noisy each question is, how far people
    differ, and which questions do not work, from 30 people or more. With -o
    or --in-place the values go into questions.yaml, and norms.yaml keeps how
    the group answered, without any of its people.

    \b
    Examples:
      mops calibrate responses.csv
      mops calibrate responses.csv --data ours -o ours-calibrated
      mops calibrate all.xlsx --data ours --in-place --group 'people at Acme'
    """
    from mopscli.assessment.calibration import calibrate as fit
    from mopscli.assessment.questionnaire import prepare
    from mopscli.pages.measure import calibration_page

    knowledge = load_knowledge(ctx, "questions")
    if group != clean(group) or group != group.strip():
        raise typer.BadParameter("Give the group a name on one line, without control characters.")
    if target is not None and in_place:
        raise typer.BadParameter("Take -o or --in-place, not both.")
    _check_target(ctx, target, in_place=in_place)
    questionnaire = prepare(knowledge)
    replies, rejected = _read(
        ctx, questionnaire, file, id_column, missing, partial=partial, encoding=encoding
    )
    try:
        found = fit(questionnaire, replies)
    except ValueError as error:
        raise typer.BadParameter(f"{str(error)[0].upper()}{str(error)[1:]}.") from None
    written: tuple[str, ...] = ()
    if target is not None or in_place:
        written = _write(ctx, knowledge, questionnaire, found, replies, group, target)
    show(ctx, found, calibration_page(knowledge, found, rejected, written))


@app.command()
@shared_options(page=True)
def replay(
    ctx: typer.Context,
    file: ExportArgument,
    names: BetweenArgument = None,
    until: ReplayUntilOption = 0.05,
    train: TrainOption = None,
    id_column: IdOption = None,
    missing: MissingOption = None,
    partial: PartialOption = False,
    encoding: EncodingOption = None,
) -> None:
    """Replay the interview with the answers of many people.

    For whoever writes knowledge: how many questions it would have asked, how
    often the verdict differs from that of all questions, and how reliable the
    questions are. What somebody did not answer counts as asked and skipped.

    \b
    Examples:
      mops replay responses.csv
      mops replay responses.csv head vp --until 0.01 --json
      mops replay responses.csv --train 0.5
    """
    from mopscli.assessment.questionnaire import prepare
    from mopscli.assessment.replay import replay as replay_all
    from mopscli.pages.measure import replay_page

    knowledge = load_knowledge(ctx, "questions")
    questionnaire = prepare(knowledge)
    roles = find_roles(knowledge, names or questionnaire.between)
    replies, rejected = _read(
        ctx, questionnaire, file, id_column, missing, partial=partial, encoding=encoding
    )
    trained = 0
    if train is not None:
        questionnaire, replies, trained = _trained(questionnaire, replies, train)
    if not len(replies.digits):
        raise typer.BadParameter(clean(f"There is nobody to replay in '{file}'."))
    with progress() as report:
        outcome = replay_all(questionnaire, roles, replies, until, report)._replace(trained=trained)
    show(ctx, outcome, replay_page(knowledge, outcome, rejected))


def _read(
    ctx: typer.Context,
    questionnaire: "Questionnaire",
    file: str,
    id_column: str | None,
    missing: list[str] | None,
    *,
    partial: bool,
    encoding: str | None,
) -> "tuple[Replies, int]":
    """Return everybody's answers, and how many rows are left out."""
    from mopscli.batch.everybody import read_everybody
    from mopscli.batch.opening import ReadOptions

    never_an_answer(questionnaire, missing or ())
    source, name = respondents(file)
    reading = ReadOptions(id_column, partial, encoding, tuple(missing or ()))
    with Refusing(ctx), progress() as report:
        return read_everybody(questionnaire, source, reading, name=name, report=report)


def _trained(
    questionnaire: "Questionnaire", replies: "Replies", share: float
) -> "tuple[Questionnaire, Replies, int]":
    """Return the questionnaire calibrated on a share of the people, the others, and how many that share is."""
    from mopscli.assessment.calibration import calibrate as fit, calibrated

    some, others = replies.split(share)
    try:
        return calibrated(questionnaire, fit(questionnaire, some)), others, len(some.digits)
    except ValueError as error:
        raise typer.BadParameter(f"To calibrate, {error}. Take a larger share.") from None


def _check_target(ctx: typer.Context, target: Path | None, *, in_place: bool) -> None:
    """Refuse a place for the calibrated folder that cannot be one, before the work."""
    from mopscli.knowledge import bundled_folder

    folder = folder_in_use(ctx)
    if in_place and folder.resolve() == bundled_folder().resolve():
        raise typer.BadParameter(
            "The knowledge that comes with mops stays as it is. Make a copy with 'mops init DIR', or use -o DIR."
        )
    if target is not None and target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise typer.BadParameter(clean(f"'{target}' exists already. Name another folder, or use --in-place."))


def _write(
    ctx: typer.Context,
    knowledge: "Knowledge",
    questionnaire: "Questionnaire",
    found: "Calibration",
    replies: "Replies",
    group: str,
    target: Path | None,
) -> tuple[str, ...]:
    """Write the calibrated questions and the norms into a copy of the folder, or into it; return the files."""
    from datetime import UTC, datetime

    from mopscli.assessment.calibration import calibrated
    from mopscli.assessment.counting import count_norms
    from mopscli.atomic import write_all
    from mopscli.knowledge import copy_files
    from mopscli.knowledge.rewrite import rewrite, write_out

    today = datetime.now(UTC).astimezone().date().isoformat()
    folder = folder_in_use(ctx)
    path = folder / "questions.yaml"
    norms = count_norms(
        calibrated(questionnaire, found), tuple(knowledge.roles.values()), replies, group, today
    )
    values = _values(found, today)
    before = path.read_bytes().decode() if path.exists() else _plain_questions(questionnaire)
    try:
        questions = rewrite(before, values)
    except ValueError as error:
        raise typer.BadParameter(clean(f"'{path}' cannot be changed: {error}.")) from None
    if target is not None:
        copy_files(folder, target)
    place = target or folder
    contents = {place / "questions.yaml": questions, place / "norms.yaml": write_out(norms, NORMS_HEAD)}
    write_all(contents, private=False)
    return tuple(str(name) for name in contents)


NORMS_HEAD = """\
# yaml-language-server: $schema=norms.schema.json
# How a group of people answered, by values that part it evenly. At least ten people are between two values, and
# nobody can be read back. Written by mops calibrate.
"""


def _values(found: "Calibration", today: str) -> dict[str, Any]:
    """Return what questions.yaml is to hold after a calibration."""
    return {
        "sources": {
            "calibrated": {
                "title": f"Calibrated on {found.people} people, {today}",
                "kind": "dataset",
                "year": int(today[:4]),
            }
        },
        "calibrated": "calibrated",
        "prior": {
            "together": round(found.together.after, 3),
            "traits": {
                fit.trait: {
                    "mean": round(min(max(fit.mean.after, 0.0), 5.0), 3),
                    "sd": round(fit.sd.after, 3),
                }
                for fit in found.traits
                if fit.sd.se is not None
            },
        },
        "questions": {
            fit.key: {"noise": round(fit.noise.after, 3)} for fit in found.items if fit.noise.se is not None
        },
    }


def _plain_questions(questionnaire: "Questionnaire") -> str:
    """Return the questions of a folder that has no file of them."""
    lines = (f"  {key}: {{kind: skill, trait: {item.trait}}}\n" for key, item in questionnaire.items.items())
    return "questions:\n" + "".join(lines)
