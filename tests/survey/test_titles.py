"""The titles that survey tools give to the columns of questions: one row for each way."""

import pytest

from mopscli.assessment.questionnaire import Questionnaire
from mopscli.survey.titles import WRITINGS, QuestionFinder
from surveys import LIBRARY, QUIET, WRITES, Read, answers, outcome, refused

# By the names of WRITINGS; {} stands for the question.
WRITTEN = {
    "numbers": (
        *(
            "1. {}",
            "1 {}",
            "(1) {}",
            "[1] {}",
            "#1 {}",
            "1) {}",
            "1a) {}",
            "1.a. {}",
            "1.2 {}",
            "1.2. {}",
            "Q3. {}",
        ),
        *(
            "Q3: {}",
            "Q3 - {}",
            "Question 4: {}",
            "Frage 5: {}",
            "No. 6 {}",
            "問題1\uff1a{}",
            "1.\xa0{}",
            "Пункт 2) {}",
        ),
    ),
    "letters": ("a) {}", "(b) {}", "iv. {}"),
    "LimeSurvey, code and text": ("G01Q01. {}", "edu1. {}", "G01Q01[SQ001]. {}", "G01Q01: {}"),
    "Google Forms and LimeSurvey, rows of a grid": ("How true is this? [{}]", "Some [more] [{}]"),
    "Qualtrics and SurveyMonkey, rows of a grid": ("How true is this? - {}", "One - two - {}"),
    "Jotform, rows of a grid": ("How true are these? >> {}", "How true are these?>>{}"),
    "KoboToolbox, labels in groups": ("What you like/{}", "Page/What you like/{}"),
    "Formstack and Zoho, rows of a grid": ("A title | {}", "A title > {}", "A title / {}"),
    "Typeform and Cognito, rows of a grid": ("A title: {}",),
    "Alchemer, rows of a grid": ("{}:How true are these?", "{}:One: two"),
    "Qualtrics, choices": ("{} - Selected Choice", "Q12 {} - Selected Choice"),
    "Online Surveys": ("{} --  -- ", "{} --"),
    "what must be answered": ("{} (required)", "{} [Required]", "{} (Pflichtfrage)"),
    "what must be answered, first": ("(required) {}", "[Optional] {}"),
    # Not of the table, but of how titles are compared.
    "R": ("{}.", "...{}"),
    "nobody sees it": ("{}\u200b", "\ufeff{}", "\u2060{}\u200e"),
}


@pytest.mark.parametrize("tool", WRITTEN)
def test_writings(small_questionnaire: Questionnaire, tool: str) -> None:
    """A header as a tool writes it would not be recognized, and the question count as left open."""
    finder = QuestionFinder(small_questionnaire)
    for key, text in (
        ("writes", WRITES),
        ("quiet", QUIET),
        ("library", LIBRARY),
        ("books", "How many books?"),
    ):
        for title in WRITTEN[tool]:
            assert finder.find(title.format(text)) == key, title


def test_every_writing_is_tested() -> None:
    """A line of the table would stand there without anything that shows that it works."""
    assert {writing.tool for writing in WRITINGS} <= WRITTEN.keys()


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("I.like.quiet.hours.", "quiet"),
        ("I_like_quiet_hours", "quiet"),
        ("How.many.books.", "books"),
        ("How many books", "books"),
        ("How ma\u00adny books?", "books"),
        ("Writing..which.comes.closest.to.what.you.have.done.", "writes"),
        # What is about a question is none.
        (f"Points - {QUIET}", None),
        (f"Feedback - {QUIET}", None),
        (f"{QUIET} [Score]", None),
        (f"{QUIET} [Feedback]", None),
        (f"{QUIET}: Comment", None),
        (f"{QUIET} - Other - Text", None),
        ("quiet hours", None),
        ("I like", None),
        ("Q1", None),
    ],
)
def test_titles(small_questionnaire: Questionnaire, title: str, key: str | None) -> None:
    """What a program made of a title would hide the question, or points be taken for answers."""
    assert QuestionFinder(small_questionnaire).find(title) == key


@pytest.mark.parametrize(
    "header",
    ["page1/{}", "page1-{}", "page1:{}", "page.1.{}", "a/b/{}", "{}", "Some [{}]", "{}_", "_{}"],
)
def test_paths(read: Read, header: str) -> None:
    """The groups of a form would hide its questions."""
    keys = ",".join(header.format(key) for key in ("writes", "quiet", "library"))
    survey, (reply,) = read(f"id,{keys}\na,4,5,1\n")
    assert answers(survey, reply) == {"writes": 4, "quiet": 5, "library": 1}


@pytest.mark.parametrize("own", ["thought-quiet", "my:quiet", "more.quiet"])
def test_a_lone_path(read: Read, own: str) -> None:
    """A column of the user's own whose name ends in a key would be scored as that question."""
    survey, (reply,) = read(f"id,writes,library,{own}\na,4,1,5\n", partial=True)
    assert answers(survey, reply) == {"writes": 4, "library": 1}
    assert survey.notes == (f"The column '{own}' is taken for one of your own, and is no question.",)


@pytest.mark.parametrize(
    "own", ["Quiet", "How important? [Quiet]", "quiet", "How important? [quiet]", "QUIET"]
)
def test_own_column_named_like_a_key(read: Read, own: str) -> None:
    """A rating of the user's own would be scored as the answer to the question of that key."""
    survey, (reply,) = read(f'id,{WRITES},"{LIBRARY}",{own}\na,4,1,5\n', partial=True)
    assert answers(survey, reply) == {"writes": 4, "library": 1}
    assert len(survey.notes) == 1
    # With the question itself in the file, the own column is left alone too.
    survey, (reply,) = read(f'id,{WRITES},{QUIET},"{LIBRARY}",{own}\na,4,2,1,5\n')
    assert answers(survey, reply) == {"writes": 4, "quiet": 2, "library": 1}


@pytest.mark.parametrize("books", ["Books", "BOOKS", "books"])
def test_column_of_a_staff_list(read: Read, books: str) -> None:
    """A column called like a question that no score uses would cost everybody their scores."""
    _, replies = read(f"id,writes,quiet,library,{books}\na,4,5,1,12\nb,4,5,1,7\nc,4,5,1,10\n")
    assert outcome(replies) == [(2, "a"), (3, "b"), (4, "c")]


@pytest.mark.parametrize("twin", ["{}.1", "{}2", "{} (2)", "{}_1", "{} 2", "{}"])
@pytest.mark.parametrize("title", [QUIET, "quiet", f"3. {QUIET}"])
def test_twins(read: Read, twin: str, title: str) -> None:
    """The answers in a second column for a question would be dropped without a word."""
    header = f"id,writes,{title},library,{twin.format(title)}\n"
    (problem,) = refused(read, f"{header}a,4,5,1,\nb,4,,1,3\n")
    assert problem.endswith(":1:5: a second column for the question 'quiet', after column 3")
    for row, value in (("a,4,5,1,", 5), ("a,4,,1,3", 3)):
        survey, (reply,) = read(f"{header}{row}\n")
        assert answers(survey, reply)["quiet"] == value


@pytest.mark.parametrize(
    ("header", "hint"),
    [
        (
            '"id","submitdate","G01Q01"',
            "'G01Q01' is a code of the tool: export with the texts of the questions",
        ),
        ("id,Q1,Q2", "'Q1' is a code of the tool: export with the texts of the questions"),
        (
            "Answer Choices,Responses,",
            "this looks like a summary: export the responses, one row for each person",
        ),
        ("id|writes|quiet", "separate the columns by commas, semicolons or tabs"),
        ("id,wrtes,note", "did you mean 'writes'?"),
        ("who,when,what,where", "the columns are 'who', 'when', 'what', ..."),
    ],
)
def test_why_no_question(read: Read, header: str, hint: str) -> None:
    """Whoever exported something else would not be told what it is."""
    (problem,) = refused(read, f"{header}\n1,2,3\n")
    assert problem.endswith(f"or texts of questions ({hint})")
