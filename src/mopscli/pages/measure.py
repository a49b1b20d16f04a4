"""Pages about the questionnaire itself: calibrated on people's answers, and replayed with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mopscli.page import Block, Facts, Heading, Line, NextStep, Page, Paragraph, Title, bullets
from mopscli.pages.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mopscli.assessment.calibration import Calibration, Fitted, TraitFit
    from mopscli.assessment.replay import Replay, Stop
    from mopscli.knowledge import Knowledge


def calibration_page(
    knowledge: Knowledge, found: Calibration, rejected: int, written: tuple[str, ...]
) -> Page:
    """Tell what people's answers say of the questionnaire: what was set, what was found, and what does not work."""
    blocks: list[Block] = [Title(f"Calibrated on {counted(found.people, 'person', 'people')}")]
    if rejected:
        blocks.append(
            Paragraph(
                Line(
                    f"{counted(rejected, 'row', 'rows')} could not be read and {_is(rejected)} left out; "
                    "'mops batch' lists why."
                )
            )
        )
    blocks += bullets("Written", tuple(map(Line, written)))
    faults = tuple(map(Line, _faults(found)))
    blocks += bullets("Questions to look at", faults)
    if not faults:
        blocks.append(Paragraph(Line("No question looks wrong.")))
    blocks += [Heading("Traits, from what was set to what was found"), _traits(knowledge, found)]
    together = _before_after(found.together)
    blocks.append(Paragraph(Line(f"How far traits go together, the mean correlation of two: {together}.")))
    alone = sum(fit.noise.se is None for fit in found.items)
    if alone < len(found.items):
        blocks += [Heading("Noise of questions, from what was set to what was found"), _noises(found)]
    if alone:
        blocks.append(
            Paragraph(
                Line(
                    f"The noise of {counted(alone, 'question', 'questions')} stays as it was set: a trait with one "
                    "question that people answered has no reliability of its own."
                )
            )
        )
    note = (
        "In levels from 0 to 5, with standard errors. Alpha and omega, 1 at best, tell how well the questions of "
        "a trait agree. docs/model.md says how it is fitted."
    )
    blocks.append(Paragraph(Line(note), quiet=True))
    if written:
        steps = (NextStep("mops replay FILE --data DIR", "whether the promise is kept with these values"),)
    else:
        steps = (NextStep("mops calibrate FILE -o DIR", "a copy of the knowledge with these values"),)
    return Page(tuple(blocks), knowledge.sources, steps)


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _faults(found: Calibration) -> Iterator[str]:
    for fit in found.items:
        if not fit.answered:
            yield f"{fit.key}: nobody answered it."
        elif fit.tells_nobody_apart:
            yield f"{fit.key}: {100 * fit.commonest:.0f}% gave the same answer, so it tells nobody apart."
        elif fit.looks_reversed:
            yield (
                f"{fit.key}: goes against the other questions about its trait "
                f"(correlation {fit.with_rest:.2f}); its key may be the wrong way round."
            )
        elif fit.stands_apart:
            yield f"{fit.key}: hardly goes with the others about its trait (correlation {fit.with_rest:.2f})."


def _traits(knowledge: Knowledge, found: Calibration) -> Facts:
    return Facts(tuple((knowledge.trait_name(fit.trait), (Line(_trait_text(fit)),)) for fit in found.traits))


def _trait_text(fit: TraitFit) -> str:
    if fit.sd.se is None:
        return f"as it was set: {counted(fit.answered, 'person', 'people')} answered about it"
    alike = "" if fit.omega is None else f"; alpha {_decimals(fit.alpha)}, omega {_decimals(fit.omega)}"
    return f"mean {_before_after(fit.mean)}; spread {_before_after(fit.sd)}{alike}"


def _noises(found: Calibration) -> Facts:
    return Facts(
        tuple(
            (fit.key, (Line(f"{_before_after(fit.noise)}; {_decimals(fit.with_rest)} with the others"),))
            for fit in found.items
            if fit.noise.se is not None
        )
    )


def _before_after(fitted: Fitted) -> str:
    error = "" if fitted.se is None else f" (+-{fitted.se:.2f})"
    return f"{fitted.before:.2f} to {fitted.after:.2f}{error}"


def _decimals(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def replay_page(knowledge: Knowledge, result: Replay, rejected: int) -> Page:
    """Tell what the adaptive interview would have done, and how reliable the questions are."""
    blocks: list[Block] = [Title(f"{result.respondents:,} people, {result.questions} questions")]
    if result.trained:
        told = f"The questions were calibrated on {result.trained:,} other people of the same file first."
        blocks.append(Paragraph(Line(told)))
    if rejected:
        blocks.append(
            Paragraph(
                Line(f"{counted(rejected, 'row', 'rows')} could not be read and {_is(rejected)} left out.")
            )
        )
    blocks.append(Facts(tuple(_replay_rows(result))))
    shares = ", ".join(
        f"{knowledge.roles[share.role].label} {100 * share.share:.0f}%" for share in result.roles
    )
    blocks.append(Paragraph(Line(f"All answers give: {shares}.")))
    blocks += [Heading("If it ends at another risk"), _stops(result)]
    if result.bands:
        note = "Of the verdicts that were to stay with such a chance, after any number of questions: how many did."
        blocks += [Heading("Said and done"), _bands(result), Paragraph(Line(note), quiet=True)]
    reliability = tuple(
        (
            knowledge.trait_name(trait.trait),
            (Line(f"{trait.questions} questions, {_decimals(trait.alpha) or 'none'}"),),
        )
        for trait in result.traits
        if trait.questions > 1
    )
    if reliability:
        note = "Cronbach's alpha, 1 at best: how well the questions about one trait agree."
        blocks += [Heading("Reliability"), Facts(reliability), Paragraph(Line(note), quiet=True)]
    return Page(tuple(blocks), knowledge.sources)


def _replay_rows(result: Replay) -> Iterator[tuple[str, tuple[Line, ...]]]:
    asked = 100 * result.asked_mean / result.questions if result.questions else 0
    changed = f"{100 * result.verdict_changed:.1f}% (+-{100 * result.se:.1f})"
    yield "Questions asked", (Line(f"{result.asked_mean:.1f} on average ({asked:.0f}%)"),)
    yield "Roles that all questions change", (Line(changed),)
    if result.ready_changed is not None:
        ready = f"{100 * result.ready_changed:.1f}% (+-{100 * (result.ready_se or 0):.1f})"
        yield "Ready or not, changed", (Line(ready),)
    yield "Promised at most", (Line(f"{100 * result.flip_risk:g}%"),)


def _stops(result: Replay) -> Facts:
    return Facts(
        tuple(
            (
                f"{100 * stop.flip_risk:g}%",
                (
                    Line(
                        f"{100 * stop.verdict_changed:.1f}% (+-{100 * stop.se:.1f}) another role"
                        + _ready_text(stop)
                        + f", after {stop.asked_mean:.1f} questions"
                    ),
                ),
            )
            for stop in result.stops
        )
    )


def _ready_text(stop: Stop) -> str:
    if stop.ready_changed is None:
        return ""
    return f", {100 * stop.ready_changed:.1f}% (+-{100 * (stop.ready_se or 0):.1f}) ready or not"


def _bands(result: Replay) -> Facts:
    return Facts(
        tuple(
            (
                f"{100 * band.low:.0f} to {100 * band.high:.0f}%",
                (
                    Line(
                        f"{100 * band.stayed:.1f}% did, {100 * band.said:.1f}% were to ({band.verdicts:,} times)"
                    ),
                ),
            )
            for band in result.bands
        )
    )
