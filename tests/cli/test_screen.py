"""A question on screens of many sizes: all of it can be read, nothing is cut, and each answer has a key."""

import pytest
from hypothesis import given, strategies as st
from prompt_toolkit.utils import get_cwidth

from mopscli.cli.screen import KEYS, WHY, Prompt, Screen, Shortcut, Taken, record_lines, wrap_cells

BACK = Shortcut("b", "back", "go back")
SKIP = Shortcut("s", "skip", "leave out", "Skipped")
LATIN = (
    "In a new webinar program, I would like the part of building it.",
    "In a new webinar program, I would like the part of deciding what is built.",
)
CHINESE = (
    "我更喜欢自己动手把一件事情从头到尾做完并且亲眼看到结果" * 2,
    "我更喜欢决定哪些事情值得做以及由谁来做" * 3,
)
WORDS = ("Clearly A", "Somewhat A", "Both alike", "Somewhat B", "Clearly B")
SIZES = ((100, 30), (80, 24), (60, 20), (40, 15), (80, 8), (40, 8), (20, 8), (20, 5), (9, 4))


def question(ends: tuple[str, str] = LATIN, marked: bool = False) -> Prompt:
    """Return a question between two statements."""
    return Prompt(
        "Which is closer to you?",
        [(words, number) for number, words in enumerate(WORDS, 1)],
        heading="What you want. Question 12, about 73 more",
        ends=ends,
        shortcuts=(BACK, SKIP, WHY),
        reason="It is about hands-on execution.",
        default=4 if marked else None,
        marked=marked,
    )


def shown(screen: Screen) -> list[str]:
    """Return the lines that show."""
    return "".join(text for _, text in screen.draw()).split("\n")


@pytest.mark.parametrize(("columns", "rows"), SIZES)
@pytest.mark.parametrize("ends", [LATIN, CHINESE], ids=["latin", "chinese"])
@pytest.mark.parametrize("step", [1, -1], ids=["down", "up"])
def test_all_can_be_read(columns: int, rows: int, ends: tuple[str, str], step: int) -> None:
    """A part of the question would be cut at an edge, or be passed over by the arrow keys."""
    high = body(shown(Screen(question(ends), get_cwidth, columns, 500)))
    unwrapped = body(shown(Screen(question(ends), get_cwidth, 500, 500)))
    assert "".join("".join(high).split()) == "".join("".join(unwrapped).split())
    screen, seen = Screen(question(ends), get_cwidth, columns, rows), set[str]()
    for _ in range(60):
        lines = shown(screen)
        assert len(lines) <= rows
        assert all(get_cwidth(line.rstrip()) <= columns for line in lines)
        seen.update(line.replace(">", " ") for line in lines)
        screen.move(step)
    assert set(high) <= seen


def body(lines: list[str]) -> list[str]:
    """Return the lines of a question without the pointer and the line of keys."""
    start = next(number for number, line in enumerate(lines) if line.startswith("1-5"))
    return [line.replace(">", " ") for line in lines[:start] if line]


@given(st.text(alphabet="ab 我你é\u0301👩", max_size=60), st.integers(2, 12))
def test_wrapping(text: str, width: int) -> None:
    """A line would be wider than it may be, or a character get lost."""
    lines = wrap_cells(text, width, get_cwidth)
    assert all(get_cwidth(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_words_stay_whole() -> None:
    """A word that fits a line would be broken, or a line not be filled."""
    assert wrap_cells("one two three", 7, get_cwidth) == ["one two", "three"]
    assert wrap_cells("unbreakable", 4, get_cwidth) == ["unbr", "eaka", "ble"]
    assert wrap_cells("我们ab我们", 6, get_cwidth) == ["我们ab", "我们"]


@pytest.mark.parametrize("many", [2, 5, 9, 10, 11, 24, 40])
def test_a_key_for_each_answer(many: int) -> None:
    """One of up to thirty answers would have no key of its own, or take the key of a shortcut or a movement."""
    screen = Screen(
        Prompt("How?", [(f"Answer {n}", n) for n in range(many)], shortcuts=(BACK,)), get_cwidth, 80, 99
    )
    keys = [answer.key for answer in screen.answers]
    assert "".join(keys) == KEYS[:many]
    assert not set(KEYS) & set("bsqjka?")
    for number, key in enumerate(keys[: len(KEYS)]):
        assert screen.press(key) == (number, f"Answer {number}")
        assert f"{key}  Answer {number}" in shown(screen)[number + 2]


def test_other_keys() -> None:
    """A shortcut would do nothing, one that is not offered do something, or a name of a key pass for a letter."""
    screen = Screen(question(), get_cwidth, 80, 24)
    assert screen.press("b") == screen.press("B") == ("go back", "")
    assert screen.press("s") == Taken("leave out", "Skipped")
    assert [screen.press(key) for key in ("q", "6", "0", "x", "c-b", "f1", "")] == [None] * 7
    assert "1-5 choose, b back, s skip, ? why" in shown(screen)[-1]


def test_the_earlier_answer_is_marked() -> None:
    """After going back, nobody would see what was answered, or Enter give another answer."""
    lines = shown(Screen(question(marked=True), get_cwidth, 80, 24))
    assert "> 4  Somewhat B (your answer)" in lines
    assert Screen(question(marked=True), get_cwidth, 80, 24).enter() == (4, "Somewhat B")
    assert "your answer" not in "".join(shown(Screen(question(), get_cwidth, 80, 24)))


def test_why_shows_and_goes() -> None:
    """Why a question is asked would not show, on a low screen either, or not go again, or count as an answer."""
    for rows in (24, 6):
        screen = Screen(question(), get_cwidth, 80, rows)
        assert screen.press("?") is None
        assert "It is about hands-on execution." in map(str.strip, shown(screen))
        screen.press("?")
        assert "It is about" not in "".join(shown(screen))


def test_nothing_is_answered_unseen() -> None:
    """On a low screen, Enter would give an answer that does not show."""
    screen = Screen(question(marked=True), get_cwidth, 80, 8)
    assert "(your answer)" not in "".join(shown(screen))
    assert screen.enter() is None
    assert "(your answer)" in "".join(shown(screen))
    assert screen.enter() == (4, "Somewhat B")


def test_more_is_told() -> None:
    """Whoever sees a part would not be told that there is more, or where."""
    screen = Screen(question(), get_cwidth, 80, 7)
    assert shown(screen)[-1].startswith("more below (arrows), 1-5 choose")
    screen.turn(1)
    assert shown(screen)[-1].startswith("more above (arrows), 1-5 choose")
    screen.turn(-1)
    screen.move(1)
    assert not screen.fit(80, 7)
    assert screen.fit(80, 24)
    assert "more" not in shown(screen)[-1]


def test_texts_are_only_texts() -> None:
    """What a terminal obeys would reach it from a text of the knowledge."""
    evil = "\x1b[2Jred"
    prompt = Prompt(
        evil,
        [(evil, 1)],
        heading=evil,
        ends=(evil, evil),
        shortcuts=(WHY,),
        reason=evil,
        default=1,
        marked=True,
    )
    screen = Screen(prompt, get_cwidth, 80, 24)
    screen.press("?")
    text = "\n".join([*shown(screen), *record_lines(prompt, evil, 80, get_cwidth)])
    assert text.count("[2Jred") == 10
    assert "\x1b" not in text


def test_what_stays_of_a_question() -> None:
    """A question and its answer would run together, or the statements be missing that the answer names."""
    text, answer = record_lines(question(), "Clearly A", 50, get_cwidth)
    assert text.splitlines() == [
        "Which is closer to you?",
        "A  In a new webinar program, I would like the part",
        "   of building it.",
        "B  In a new webinar program, I would like the part",
        "   of deciding what is built.",
    ]
    assert answer == "> Clearly A"
