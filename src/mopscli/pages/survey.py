"""Pages about many people: the questions they get, a group's scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mopscli.assessment.questionnaire import number_text
from mopscli.assessment.scoring import AT_LEAST, Certainty
from mopscli.page import (
    Block,
    Facts,
    Gauge,
    Heading,
    Line,
    Measure,
    NextStep,
    Page,
    Paragraph,
    Title,
    bullets,
)
from mopscli.pages.phrases import counted, shares
from mopscli.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mopscli.assessment.questionnaire import QuestionList
    from mopscli.batch.summary import BatchSummary, Lack
    from mopscli.knowledge import Knowledge

REASONS = 10
FROM_ONE = (
    "Take care: levels of skills are given as numbers, and nobody has a 0. If your survey tool counts options "
    "from 1, every level is one too high: take 1 from each, or export the words."
)


def questions_page(knowledge: Knowledge, questions: QuestionList) -> Page:
    """List the questions with their options, those that no score uses last."""
    blocks: list[Block] = [
        Title(f"{len(questions.questions)} questions"),
        Paragraph(
            Line("Each measures one trait; the last ones are about your situation, and no score uses them.")
        ),
    ]
    for question in questions.questions:
        rows = tuple((number_text(option.value), (Line(option.text),)) for option in question.options)
        blocks += [Heading(question.key), Paragraph(Line(question.text)), Facts(rows)]
    command = "mops questions --template > answers.yaml"
    return Page(tuple(blocks), knowledge.sources, (NextStep(command, "a file to fill in, for mops assess"),))


def batch_page(knowledge: Knowledge, result: BatchSummary) -> Page:
    """Tell what a group amounts to: which role suits how many, what it lacks, and what became of every row."""
    blocks: list[Block] = [Title(f"{counted(result.scored, 'person', 'people')} scored")]
    told = f"{result.file} has {result.rows:,} rows: {result.scored:,} scored + {result.rejected:,} rejected."
    blocks.append(Paragraph(Line(told)))
    if result.id_column is None:
        no_ids = "No column is known to tell people apart, so each goes by their row; --id COLUMN names one."
        blocks.append(Paragraph(Line(no_ids)))
    blocks += (Paragraph(Line(note)) for note in result.notes)
    if result.from_one:
        blocks.append(Paragraph(Line(FROM_ONE)))
    if result.unanswered:
        nobody = counted(result.unanswered, "person", "people")
        blocks.append(Paragraph(Line(f"{nobody} answered nothing; the figures below leave them out.")))
    if result.absent:
        names = ", ".join(result.absent)
        blocks.append(Paragraph(Line(f"Questions without a column count as not answered: {names}.")))
    files = (("Scores", result.output), ("Rejects", result.rejects))
    if written := tuple((name, (Line(file),)) for name, file in files if file):
        blocks += [Heading("Written"), Facts(written)]
    if result.reasons:
        blocks += _batch_rejected(result)
    if result.scored > result.unanswered:
        blocks += _batch_verdicts(knowledge, result)
        blocks += _batch_roles(knowledge, result)
        blocks += bullets("About the answers", tuple(map(Line, _batch_remarks(result))))
    return Page(tuple(blocks), personal=True, accents=knowledge.accents())


def _batch_rejected(result: BatchSummary) -> Iterator[Block]:
    yield Heading("Why rows were rejected")
    yield Facts(
        tuple((counted(one.rows, "row", "rows"), (Line(one.reason),)) for one in result.reasons[:REASONS])
    )
    if result.no_options:
        yield Paragraph(Line("A text that means no answer can be named: --missing NA."), quiet=True)
    if result.rejects is None:
        yield Paragraph(Line("--rejects FILE lists every one of them."), quiet=True)
    if more := result.reasons[REASONS:]:
        yield Paragraph(Line(f"{len(more)} more reasons are in the list of rejects."), quiet=True)


def _share(part: int, whole: int) -> Measure:
    percent = 100 * part / whole
    shown = "less than 1" if 0 < percent < 1 else f"{percent:.0f}"
    return Measure("", percent, f"{part:,} ({shown} %)")


def _counted_share(count: int, percent: int) -> str:
    """Say how many people there are of something, and what that is of all."""
    return f"{count:,} ({'less than 1' if count and not percent else percent} %)"


def _batch_verdicts(knowledge: Knowledge, result: BatchSummary) -> Iterator[Block]:
    people = result.scored - result.unanswered
    between = [summary for summary in result.roles if summary.key in result.between]
    counts = [*(summary.clear + summary.leaning for summary in between), result.too_close]
    names = [*(knowledge.roles[summary.key].label for summary in between), Certainty.UNDECIDED.capitalize()]
    words = [
        f": {summary.clear:,} {Certainty.CLEAR}, {summary.leaning:,} {Certainty.LEANING}"
        for summary in between
    ]
    rows = tuple(
        Measure(name, 100 * count / people, _counted_share(count, percent) + word)
        for name, count, percent, word in zip(names, counts, shares(counts), [*words, ""], strict=True)
    )
    yield Heading("Which role suits them")
    clear, leaning = (f"{100 * AT_LEAST[word]:.0f}" for word in (Certainty.CLEAR, Certainty.LEANING))
    note = (
        f"{Certainty.CLEAR.capitalize()} is from {clear} in 100 that it suits better, "
        f"{Certainty.LEANING} from {leaning}."
    )
    yield Gauge(rows, note)


def _batch_roles(knowledge: Knowledge, result: BatchSummary) -> Iterator[Block]:
    for summary in result.roles:
        label = knowledge.roles[summary.key].label
        width = 100 // len(summary.fit_bands)
        seen = [number for number, people in enumerate(summary.fit_bands) if people]
        percents = shares(summary.fit_bands)
        yield Heading(f"How well {label} suits them: {summary.fit_mean:.0f} of 100 on average")
        yield Gauge(
            tuple(
                Measure(
                    f"{number * width} to {(number + 1) * width}",
                    100 * summary.fit_bands[number] / sum(summary.fit_bands),
                    _counted_share(summary.fit_bands[number], percents[number]),
                )
                for number in range(seen[0], seen[-1] + 1)
            ),
            "People by their fit, which joins what they could do and what they would want.",
        )
        if summary.lacks:
            yield Heading(f"What they lack most for {label}")
            yield Facts(
                tuple(
                    (knowledge.trait_name(lack.trait), (_lack_line(lack, result),)) for lack in summary.lacks
                )
            )
        if summary.nearest:
            yield Heading(f"Nearest to ready for {label}, whether they want it or not")
            yield Facts(
                tuple((shorten(near.id), (Line(f"{near.readiness:.0f} of 100"),)) for near in summary.nearest)
            )


def _lack_line(lack: Lack, result: BatchSummary) -> Line:
    share = _share(lack.people, result.scored - result.unanswered).text
    return Line(f"{share} are below its level")


def _batch_remarks(result: BatchSummary) -> Iterator[str]:
    yield f"On average, people answered {result.answered_mean:.0f} of {result.questions} questions."
    if result.straight_lined:
        yield f"{counted(result.straight_lined, 'person', 'people')} gave the same answer to every statement."
    if result.contradicting:
        people = counted(result.contradicting, "person", "people")
        yield f"The answers of {people} disagree about a skill or a drive."
    yield "The figures rest on what people say of themselves, and on levels and weights that are judgments."
