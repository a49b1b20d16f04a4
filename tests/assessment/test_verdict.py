"""One assessment: from answers to a verdict, what explains it, and what to ask next."""

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings, strategies as st
from scipy import stats

from mopscli.assessment.questionnaire import Questionnaire, prepare
from mopscli.assessment.scoring import AT_LEAST, Certainty
from mopscli.assessment.verdict import Assessment, Remark, Turn, assess, next_question, take_stock
from mopscli.knowledge import Knowledge, bundled_folder, load
from mopscli.knowledge.entries import Role
from samples import ROLES, WriteFolder

Answers = dict[str, float]

# An example is a whole questionnaire; a few dozen of them cover it.
few = settings(max_examples=40)

QUESTIONS = """\
between: [author, editor]
prior:
  skill: {mean: 2, sd: 1}
  drive: {mean: 3, sd: 1.5}
noise: {skill: 0.5, agree: 1, reversed: 2, tradeoff: 0.8}
questions:
  writes: {kind: skill, trait: writing}
  edits: {kind: skill, trait: editing, text: What have you edited?, noise: 0.7}
  quiet: {kind: agree, trait: calm, text: I like quiet hours.}
  noisy: {kind: reversed, trait: calm, text: I like a busy room.}
  library: {kind: tradeoff, trait: calm, first: A library., second: A market., high: first}
  island: {kind: tradeoff, trait: calm, first: A city., second: An island., high: second}
context:
  books:
    text: How many books?
    options: [{value: 0, text: None so far}, {value: 3, text: 3 or more}]
"""


# --- The bundled questionnaire and answers to it --------------------------------------------------


@cache
def bundled() -> tuple[Knowledge, Questionnaire]:
    """Return the bundled knowledge and questionnaire; Hypothesis takes no fixtures of a single test."""
    knowledge = load(bundled_folder(), ("questions",))
    return knowledge, prepare(knowledge)


def roles_of(*keys: str) -> list[Role]:
    """Return bundled roles."""
    return [bundled()[0].roles[key] for key in keys]


def run(answers: Mapping[str, float], *keys: str, skipped: tuple[str, ...] = ()) -> Assessment:
    """Assess answers to the bundled questionnaire, between Head and Director unless roles are named."""
    return assess(bundled()[1], roles_of(*(keys or ("head", "director"))), answers, skipped)


@st.composite
def some_answers(draw: st.DrawFn, complete: bool = False) -> Answers:
    """Draw answers to some of the bundled questions, or to each."""
    items = bundled()[1].items
    keys = list(items) if complete else draw(st.lists(st.sampled_from(list(items)), unique=True))
    return {key: draw(st.sampled_from(items[key].choices)).value for key in keys}


def folder_of(folder: Path, questions: str | None = QUESTIONS) -> tuple[Questionnaire, list[Role]]:
    """Return the questionnaire and the roles of a folder, with these questions written into it."""
    if questions is not None:
        (folder / "questions.yaml").write_text(questions, encoding="utf-8")
    knowledge = load(folder, ("questions",))
    return prepare(knowledge), list(knowledge.roles.values())


# --- The formulas once more, from the design and the knowledge, with the exact Phi ----------------


def phi(z: float) -> float:
    """Return the standard normal distribution."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def normal(z: float) -> float:
    """Return the standard normal density."""
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def exact_beliefs(
    questionnaire: Questionnaire, answers: Mapping[str, float]
) -> dict[str, tuple[float, float]]:
    """Return mean and standard deviation of each trait, by the formulas of the design."""
    found = {}
    for trait, (mu, tau2) in questionnaire.priors.items():
        precision, weighted = 1 / tau2, mu / tau2
        for key, value in answers.items():
            item = questionnaire.items.get(key)
            if item and item.trait == trait:
                (y,) = (choice.y for choice in item.choices if choice.value == value)
                precision, weighted = precision + 1 / item.s2, weighted + y / item.s2
        found[trait] = weighted / precision, 1 / math.sqrt(precision)
    return found


def exact_parts(role: Role, beliefs: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    """Return readiness and enjoyment by the formulas of the design."""
    short = most_short = off = most_off = 0.0
    for trait, demand in role.requires.items():
        m, s = beliefs[trait]
        z = (demand.level - m) / s
        short += demand.weight * ((demand.level - m) * phi(z) + s * normal(z))
        most_short += demand.weight * demand.level
    for trait, demand in role.offers.items():
        m, s = beliefs[trait]
        z = (demand.level - m) / s
        off += demand.weight * ((demand.level - m) * (2 * phi(z) - 1) + 2 * s * normal(z))
        most_off += demand.weight * max(demand.level, 5 - demand.level)
    return 100 * (1 - short / most_short), 100 * (1 - off / most_off)


def exact_slopes(one: Role, other: Role, beliefs: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Return how the difference of two fits changes with each trait's mean, half of the fit being readiness."""
    slopes = dict.fromkeys(beliefs, 0.0)
    for sign, role in ((1, one), (-1, other)):
        ready = sum(demand.weight * demand.level for demand in role.requires.values())
        enjoy = sum(demand.weight * max(demand.level, 5 - demand.level) for demand in role.offers.values())
        for trait, demand in role.requires.items():
            m, s = beliefs[trait]
            slopes[trait] += sign * 50 * demand.weight / ready * phi((demand.level - m) / s)
        for trait, demand in role.offers.items():
            m, s = beliefs[trait]
            slopes[trait] += sign * 50 * demand.weight / enjoy * (2 * phi((demand.level - m) / s) - 1)
    return slopes


@few
@given(some_answers())
def test_against_the_formulas(answers: Answers) -> None:
    """Fit, its parts, its error, the probability and the flip risk are those of the design."""
    questionnaire, result = bundled()[1], run(answers)
    beliefs = exact_beliefs(questionnaire, answers)
    for belief in result.beliefs:
        assert (belief.mean, belief.sd) == pytest.approx(beliefs[belief.trait])
    for role, fit in zip(roles_of("head", "director"), result.roles, strict=True):
        assert fit.readiness is not None
        assert fit.enjoyment is not None
        parts = exact_parts(role, beliefs)
        assert (fit.readiness, fit.enjoyment) == pytest.approx(parts, abs=0.05)
        assert fit.fit == pytest.approx((fit.readiness + fit.enjoyment) / 2, abs=1e-9)
    best, rival = roles_of(result.verdict.role, result.verdict.rival)
    slopes = exact_slopes(best, rival, beliefs)
    rest = [item for key, item in questionnaire.items.items() if key not in answers]
    variance = at_end = 0.0
    for trait, (_, s) in beliefs.items():
        precision = s**-2 + sum(1 / item.s2 for item in rest if item.trait == trait)
        variance += (slopes[trait] * s) ** 2
        at_end += slopes[trait] ** 2 / precision
    delta = sum(exact_parts(best, beliefs)) / 2 - sum(exact_parts(rival, beliefs)) / 2
    assert result.verdict.probability == pytest.approx(phi(delta / math.sqrt(variance)), abs=5e-3)
    if rest:
        risk = phi(-abs(delta) / math.sqrt(variance - at_end))
        assert result.verdict.flip_risk == pytest.approx(risk, abs=0.02)


# --- Properties of every result -------------------------------------------------------------------


@few
@given(some_answers())
def test_contributions_are_the_difference(answers: Answers) -> None:
    """The contributions add up to the first role's fit minus the second's, largest first, each trait once."""
    result = run(answers, "director", "head", "vp")
    first, second, _ = result.roles
    assert math.fsum(part.delta for part in result.contributions) == pytest.approx(
        first.fit - second.fit, abs=1e-9
    )
    sizes = [abs(part.delta) for part in result.contributions]
    assert sizes == sorted(sizes, reverse=True)
    assert len({part.trait for part in result.contributions}) == len(sizes)


@few
@given(some_answers())
def test_swapped_roles(answers: Answers) -> None:
    """Which role is named first changes nothing but the signs."""
    one, other = run(answers, "head", "director"), run(answers, "director", "head")
    assert one.verdict == other.verdict
    assert one.roles == other.roles[::-1]
    assert {part.trait: part.delta for part in one.contributions} == {
        part.trait: -part.delta for part in other.contributions
    }
    assert (one.gaps, one.quality) == (other.gaps, other.quality)
    assert {turn.trait for turn in one.would_change} == {turn.trait for turn in other.would_change}


@few
@given(some_answers(), st.randoms(use_true_random=False))
def test_order_of_answers(answers: Answers, random: Random) -> None:
    """The order in which questions were answered changes nothing."""
    keys = list(answers)
    random.shuffle(keys)
    one, other = run(answers), run({key: answers[key] for key in keys})
    assert one.verdict.role == other.verdict.role
    assert one.verdict.probability == pytest.approx(other.verdict.probability, abs=1e-9)
    for mine, yours in zip(one.roles, other.roles, strict=True):
        assert mine.fit == pytest.approx(yours.fit, abs=1e-9)
    assert {remark.trait for remark in one.quality} == {remark.trait for remark in other.quality}


@few
@given(some_answers(), st.data())
def test_a_higher_answer_on_a_skill(answers: Answers, data: st.DataObject) -> None:
    """Having done more of what a role requires never makes one less ready for it."""
    skills = [item for item in bundled()[1].items.values() if item.kind == "skill"]
    item = data.draw(st.sampled_from(skills))
    level = data.draw(st.integers(0, 4))
    lower = run({**answers, item.key: level}, "head", "director", "vp")
    higher = run({**answers, item.key: level + 1}, "head", "director", "vp")
    for before, after in zip(lower.roles, higher.roles, strict=True):
        assert before.readiness is not None
        assert after.readiness is not None
        assert after.readiness >= before.readiness - 1e-9
        assert after.enjoyment == before.enjoyment


@few
@given(some_answers(), st.data())
def test_an_answer_more(answers: Answers, data: st.DataObject) -> None:
    """An answer makes nothing less certain that it is about, and touches no other trait."""
    item = data.draw(st.sampled_from(list(bundled()[1].items.values())))
    answers.pop(item.key, None)
    before = {belief.trait: belief for belief in run(answers).beliefs}
    value = data.draw(st.sampled_from(item.choices)).value
    after = {belief.trait: belief for belief in run({**answers, item.key: value}).beliefs}
    assert after[item.trait].sd < before[item.trait].sd
    assert after[item.trait].answers == before[item.trait].answers + 1
    assert {**after, item.trait: None} == {**before, item.trait: None}


@few
@given(some_answers())
def test_bounds(answers: Answers) -> None:
    """Fits and intervals stay on the scale, the interval holds the fit, and the words match the number."""
    result = run(answers, "specialist", "head", "director", "cmo")
    for role in result.roles:
        assert 0 <= role.low <= role.fit <= role.high <= 100
        assert role.se > 0
    verdict = result.verdict
    assert 0.5 <= verdict.probability <= 1
    assert 0 <= verdict.flip_risk <= 0.5
    word = "clear" if verdict.probability >= AT_LEAST[Certainty.CLEAR] else "leaning"
    decided = answers and verdict.probability >= AT_LEAST[Certainty.LEANING]
    assert verdict.word == (word if decided else "too close to call")
    assert result.answered == len(answers)
    assert result.questions == len(bundled()[1].items)


@few
@given(some_answers(complete=True))
def test_nothing_left_to_ask(answers: Answers) -> None:
    """Once all is answered, the remaining questions cannot change the verdict."""
    assert run(answers).verdict.flip_risk == 0
    assert next_question(take_stock(bundled()[1], roles_of("head", "director"), answers)) is None


@few
@given(some_answers())
def test_nothing_left_but_what_was_skipped(answers: Answers) -> None:
    """A skipped question is not asked again, and its answer changes no verdict."""
    rest = tuple(key for key in bundled()[1].items if key not in answers)
    result = run(answers, skipped=rest)
    assert result.verdict.flip_risk == 0
    assert result.roles == run(answers).roles


@few
@given(some_answers())
def test_three_roles(answers: Answers) -> None:
    """Among three, the best has the highest fit, its rival comes closest, and both are found two by two."""
    keys = ("head", "director", "vp")
    result = run(answers, *keys)
    fits = {role.key: role.fit for role in result.roles}
    best = result.verdict.role
    assert fits[best] == max(fits.values())
    duels = {key: run(answers, best, key).verdict for key in keys if key != best}
    assert all(duel.role == best for duel in duels.values())
    assert result.verdict.probability == min(duel.probability for duel in duels.values())
    assert result.verdict.probability == duels[result.verdict.rival].probability
    assert result.verdict.flip_risk == max(duel.flip_risk for duel in duels.values())


# --- No answers, and answers that are missing -----------------------------------------------------


def test_no_answers() -> None:
    """Without answers, the priors are believed, nothing is remarked and nothing is clear."""
    questionnaire, result = bundled()[1], run({})
    assert {b.trait: (b.mean, b.sd, b.answers) for b in result.beliefs} == {
        trait: (mean, pytest.approx(math.sqrt(tau2)), 0)
        for trait, (mean, tau2) in questionnaire.priors.items()
    }
    assert (result.answered, result.quality) == (0, ())
    assert result.verdict.word == "too close to call"
    assert all(role.gates_unmet == () for role in result.roles)


def test_a_missing_answer_is_not_a_low_one() -> None:
    """Somebody who leaves a question out is not taken for somebody at level 0, nor for one in the middle."""
    missing, low = run({}), run({"leadership": 0})
    assert missing.roles[1].readiness > low.roles[1].readiness  # type: ignore[operator]
    assert missing.roles[1].se > low.roles[1].se
    assert run({}, skipped=("leadership",)).roles == missing.roles


def test_context_counts_for_nothing() -> None:
    """A context question changes no score and is no answer about a trait."""
    result = run({"people-managed": 11, "years": 15})
    assert result.verdict == run({}).verdict
    assert result.answered == 0


@pytest.mark.parametrize(
    ("answers", "unmet"),
    [
        ({}, []),
        ({"people-managed": 0}, [1]),
        ({"people-managed": 1}, []),
        ({"people-managed": 1, "financial-acumen": 2}, [2]),
        ({"people-managed": 0, "financial-acumen": 0}, [1, 2]),
        ({"people-managed": 11, "financial-acumen": 3}, []),
        ({"marketing-automation": 2}, [0]),
        ({"marketing-automation": 3}, []),
    ],
)
def test_gates(answers: Answers, unmet: list[int]) -> None:
    """A gate is unmet only where an answer says so: no answer closes none."""
    gates = [gate.text for role in roles_of("head", "director") for gate in role.gates]
    found = [text for role in run(answers).roles for text in role.gates_unmet]
    assert found == [gates[number] for number in unmet]


# --- The next question ----------------------------------------------------------------------------


def test_each_question_once() -> None:
    """The interview asks each question once, answered or skipped, and then no more."""
    questionnaire, roles = bundled()[1], roles_of("head", "director")
    answers: Answers = {}
    skipped: list[str] = []
    while (item := next_question(take_stock(questionnaire, roles, answers, skipped))) is not None:
        assert item.key not in answers
        assert item.key not in skipped
        if len(answers) % 3 == len(skipped) % 2:
            skipped.append(item.key)
        else:
            answers[item.key] = item.choices[-1].value
    assert {*answers, *skipped} == set(questionnaire.items)


@few
@given(some_answers())
def test_the_next_question_helps_most(answers: Answers) -> None:
    """No other question would take more off the variance between the two leading roles."""
    questionnaire, roles = bundled()[1], roles_of("head", "director", "vp")
    state = take_stock(questionnaire, roles, answers)
    item = next_question(state)
    if item is None:
        return
    beliefs = exact_beliefs(questionnaire, answers)
    slopes = exact_slopes(*roles_of(state.best, state.rival), beliefs)

    def variance_after(asked: str) -> float:
        total = 0.0
        for trait, (_, s) in beliefs.items():
            more = 1 / questionnaire.items[asked].s2 if questionnaire.items[asked].trait == trait else 0.0
            total += slopes[trait] ** 2 / (s**-2 + more)
        return total

    rest = [key for key in questionnaire.items if key not in answers]
    least = min(map(variance_after, rest))
    assert item.key in rest
    assert variance_after(item.key) == pytest.approx(least, rel=1e-3)


# --- Gaps and what would change the verdict -------------------------------------------------------


@few
@given(some_answers())
def test_gaps(answers: Answers) -> None:
    """The gaps are the answered skills clearly below what the best role requires, the costliest first."""
    result = run(answers)
    (role,) = roles_of(result.verdict.role)
    believed = {belief.trait: belief for belief in result.beliefs}
    below = {
        trait
        for trait, demand in role.requires.items()
        if believed[trait].answers and believed[trait].mean + believed[trait].sd < demand.level
    }
    assert {gap.trait for gap in result.gaps} == below
    costs = [gap.cost for gap in result.gaps]
    assert costs == sorted(costs, reverse=True)
    for gap in result.gaps:
        assert (gap.level, gap.sd) == (believed[gap.trait].mean, believed[gap.trait].sd)
        assert gap.needed == role.requires[gap.trait].level
    readiness = next(fit.readiness for fit in result.roles if fit.key == role.key)
    assert readiness is not None
    assert sum(costs) <= (100 - readiness) / 2 + 1e-9


def lead_at(answers: Answers, result: Assessment, trait: str, level: float) -> float:
    """Return the best role's lead over its rival with one belief moved, by the formulas of the design."""
    beliefs = exact_beliefs(bundled()[1], answers)
    beliefs[trait] = level, beliefs[trait][1]
    best, rival = roles_of(result.verdict.role, result.verdict.rival)
    return sum(exact_parts(best, beliefs)) / 2 - sum(exact_parts(rival, beliefs)) / 2


def check_turn(answers: Answers, result: Assessment, turn: Turn) -> None:
    """Assert that a trait's level brings the lead to zero."""
    (belief,) = (belief for belief in result.beliefs if belief.trait == turn.trait)
    assert turn.level == belief.mean
    assert 0 <= turn.turns_at <= 5
    assert lead_at(answers, result, turn.trait, turn.turns_at) == pytest.approx(0, abs=0.02)


@few
@given(some_answers())
def test_what_would_change_the_verdict(answers: Answers) -> None:
    """At each level that is named the two roles are level, and a trait that is not named cannot do it."""
    result = run(answers)
    for turn in result.would_change:
        check_turn(answers, result, turn)
    distances = [abs(turn.turns_at - turn.level) for turn in result.would_change]
    assert distances == sorted(distances)
    named = {turn.trait for turn in result.would_change}
    for trait in {belief.trait for belief in result.beliefs} - named:
        # The approximate Phi moves a lead by less than 0.02 of a hundred points.
        assert min(lead_at(answers, result, trait, level) for level in range(6)) > -0.02


def test_something_would_change_a_close_verdict() -> None:
    """Where it is close, there is something that would change the verdict, so that the table proves something."""
    assert len(run({}).would_change) > 3


# --- Remarks about the answers --------------------------------------------------------------------


def statements() -> list[str]:
    """Return the bundled questions that are not about what one has done."""
    return [key for key, item in bundled()[1].items.items() if item.kind != "skill"]


@pytest.mark.parametrize(
    ("count", "other", "found"), [(9, None, False), (10, None, True), (28, None, True), (28, 4.0, False)]
)
def test_straight_lining(count: int, other: float | None, found: bool) -> None:
    """Ten statements or more with one answer are remarked upon; nine, or one that differs, are not."""
    answers = dict.fromkeys(statements()[:count], 3.0)
    if other is not None:
        answers[statements()[0]] = other
    remark = Remark("straight-lining", None, f"All {count} statements have the same answer.")
    assert (remark in run(answers).quality) is found


def test_equal_skills_are_no_straight_line() -> None:
    """Skills at one level are a plausible person, not a careless one."""
    skills = [key for key, item in bundled()[1].items.items() if item.kind == "skill"]
    assert run(dict.fromkeys(skills, 3.0)).quality == ()


@pytest.mark.parametrize(
    ("quiet", "library", "found"),
    # Both ends of the scale: chi2 = 25 / (1 + 0.64), p = 0.0001; one step less: 14.06 / 1.64, p = 0.003.
    [(5, 1, False), (5, 5, True), (1, 1, True), (4, 5, True), (3, 5, False), (3, 3, False)],
)
def test_contradiction(write_folder: WriteFolder, quiet: int, library: int, found: bool) -> None:
    """Answers about one trait that lie farther apart than noise explains are remarked upon, by chi-square."""
    questionnaire, roles = folder_of(write_folder())
    result = assess(questionnaire, roles, {"quiet": quiet, "library": library})
    apart = 5 * (quiet - 1) / 4 - 5 * (5 - library) / 4
    assert bool(stats.chi2.sf(apart**2 / (1 + 0.8**2), 1) < 0.01) is found
    remarks = [Remark("contradiction", "calm", "The 2 answers about it disagree.")]
    assert list(result.quality) == (remarks if found else [])
    alone = assess(questionnaire, roles, {"quiet": quiet, "books": 3})
    assert alone.quality == ()


# --- Folders of one's own -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "places"),
    [
        ("writes", {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5}),
        ("quiet", {1: 0, 2: 1.25, 3: 2.5, 4: 3.75, 5: 5}),
        ("noisy", {1: 5, 2: 3.75, 3: 2.5, 4: 1.25, 5: 0}),
        ("library", {1: 5, 2: 3.75, 3: 2.5, 4: 1.25, 5: 0}),
        ("island", {1: 0, 2: 1.25, 3: 2.5, 4: 3.75, 5: 5}),
    ],
)
def test_ends_of_the_scale(write_folder: WriteFolder, key: str, places: dict[float, float]) -> None:
    """Each kind of question puts its answers at the right end of the trait, and belief follows."""
    questionnaire, roles = folder_of(write_folder())
    item = questionnaire.items[key]
    assert {choice.value: choice.y for choice in item.choices} == places
    prior, tau2 = questionnaire.priors[item.trait]
    for value, y in places.items():
        (belief,) = (
            belief
            for belief in assess(questionnaire, roles, {key: value}).beliefs
            if belief.trait == item.trait
        )
        assert belief.mean == pytest.approx((prior * item.s2 + y * tau2) / (item.s2 + tau2))


def test_words_of_a_questionnaire(write_folder: WriteFolder) -> None:
    """Questions without words of their own get some, and each choice says what it means."""
    items = folder_of(write_folder())[0].items
    assert items["writes"].text == "Writing: which comes closest to what you have done?"
    assert items["edits"].text == "What have you edited?"
    assert items["writes"].choices[3].text == "Has owned."
    assert items["library"].text == "First: A library. Second: A market."
    assert [items["noisy"].choices[end].text for end in (0, -1)] == ["Strongly disagree", "Strongly agree"]
    assert [items["island"].choices[end].text for end in (0, -1)] == [
        "Clearly the first",
        "Clearly the second",
    ]


def test_noise_and_priors(write_folder: WriteFolder) -> None:
    """A prior or noise of its own goes before that of its kind, and that of the kind before the default."""
    roles = ROLES.replace(
        "    name: Editing\n", "    name: Editing\n    prior: {mean: 4, sd: 0.5}\n"
    ).replace("    name: Calm\n", "    name: Calm\n    prior: {mean: 0, sd: 2}\n")
    questionnaire, _ = folder_of(write_folder(roles))
    assert questionnaire.priors == {"writing": (2, 1), "editing": (4, 0.25), "calm": (0, 4)}
    assert {key: item.s2 for key, item in questionnaire.items.items()} == pytest.approx(
        {"writes": 0.25, "edits": 0.49, "quiet": 1, "noisy": 4, "library": 0.64, "island": 0.64}
    )
    plain, _ = folder_of(write_folder(), "questions:\n  a: {kind: agree, trait: calm, text: Yes?}\n")
    assert plain.priors == dict.fromkeys(("writing", "editing", "calm"), (2.5, pytest.approx(1.96)))
    assert plain.items["a"].s2 == 1
    assert (plain.readiness_share, plain.between) == (0.5, ("author", "editor"))


@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
def test_share_of_readiness(write_folder: WriteFolder, share: float) -> None:
    """The fit is made of readiness and enjoyment in the share that the knowledge sets."""
    questionnaire, roles = folder_of(write_folder(), f"readiness_share: {share}\n{QUESTIONS}")
    result = assess(questionnaire, roles, {"writes": 5, "quiet": 5})
    for role in result.roles:
        assert role.readiness is not None
        assert role.enjoyment is not None
        assert role.fit == pytest.approx(share * role.readiness + (1 - share) * role.enjoyment)
    assert result.verdict.role == "author"


SKILLS_ONLY = ROLES.replace("    offers:\n      calm: {level: 4, weight: 2}\n", "").replace(
    "    offers:\n      calm: {level: 1, weight: 2}\n", ""
)
DRIVES_ONLY = "\n".join(
    line
    for line in ROLES.splitlines()
    if not line.startswith(("    requires:", "      writing:", "      editing:"))
)


@pytest.mark.parametrize(
    ("roles", "absent", "present", "answers", "best"),
    [
        pytest.param(SKILLS_ONLY, "enjoyment", "readiness", {"writes": 5, "edits": 1}, "author", id="skills"),
        pytest.param(SKILLS_ONLY, "enjoyment", "readiness", {"writes": 1, "edits": 5}, "editor", id="edits"),
        pytest.param(DRIVES_ONLY, "readiness", "enjoyment", {"quiet": 5, "noisy": 1}, "author", id="drives"),
        pytest.param(DRIVES_ONLY, "readiness", "enjoyment", {"quiet": 1, "noisy": 5}, "editor", id="noise"),
    ],
)
def test_one_half_of_the_model(
    write_folder: WriteFolder, roles: str, absent: str, present: str, answers: Answers, best: str
) -> None:
    """Where roles name no drives there is no enjoyment, without skills no readiness; the rest is the fit."""
    questionnaire, both = folder_of(write_folder(roles))
    result = assess(questionnaire, both, answers)
    for role in result.roles:
        assert getattr(role, absent) is None
        assert getattr(role, present) == pytest.approx(role.fit)
    assert result.verdict.role == best
    assert sum(part.delta for part in result.contributions) == pytest.approx(
        result.roles[0].fit - result.roles[1].fit, abs=1e-9
    )
    assert bool(result.gaps) is (absent == "enjoyment")


def test_without_questions(write_folder: WriteFolder) -> None:
    """A folder without questions.yaml has one question for each skill, of the same key."""
    questionnaire, roles = folder_of(write_folder(), None)
    assert {key: (item.kind, item.trait) for key, item in questionnaire.items.items()} == {
        "writing": ("skill", "writing"),
        "editing": ("skill", "editing"),
    }
    assert questionnaire.context == {}
    assert questionnaire.between == ("author", "editor")
    assert questionnaire.items["writing"].s2 == pytest.approx(0.36)
    assert assess(questionnaire, roles, {"writing": 5, "editing": 5}).verdict.flip_risk == 0


def test_knowledge_without_its_questions(small: Knowledge) -> None:
    """A questionnaire of knowledge that was loaded without questions is a mistake in the program."""
    with pytest.raises(ValueError, match="without its questions"):
        prepare(small)
