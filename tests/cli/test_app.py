"""The commands as people and scripts use them: what is shown, where, and with which exit code."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mopscli.cli.app import program
from mopscli.person.store import Store
from mopscli.roles.catalog import ROLE_PARTS
from program import run_mops
from samples import ANSWERS, RESPONSES, ROLES, ROOT, WriteFolder

app = program()

COMMANDS = [
    (),
    ("roles",),
    ("role", "head"),
    ("compare", "head", "director"),
    ("compare", "head", "director", "vp"),
    ("path", "specialist", "director"),
    ("path", "specialist", "director", "--all"),
    ("path", "head"),
    ("path", "cmo"),
    ("path", "director", "specialist"),
    ("skill",),
    ("skill", "leadership"),
    ("sources",),
    ("questions",),
    ("assess", "--answers", str(ANSWERS)),
    ("assess", "--answers", str(ANSWERS), "--explain", "--between", "head", "vp", "cmo"),
    ("path", "--from", "specialist", "--to", "director", "--answers", str(ANSWERS)),
    ("path", "--from", "director", "--to", "specialist", "--answers", str(ANSWERS)),
    ("plan", "director", "--answers", str(ANSWERS)),
    ("plan", "head", "--ready", "0", "--answers", str(ANSWERS)),
    ("plan", "vp", "--months", "12", "--all", "--answers", str(ANSWERS)),
    ("what-if", "--set", "leadership=5", "--role", "vp", "--answers", str(ANSWERS)),
    ("check",),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_formats(command: tuple[str, ...]) -> None:
    """Every command shows its result in three formats, and only there."""
    runner = CliRunner()
    table = runner.invoke(app, command)
    text = runner.invoke(app, [*command, "--format", "markdown"])
    data = runner.invoke(app, [*command, "--json"])
    assert [result.exit_code for result in (table, text, data)] == [0, 0, 0]
    assert table.stdout.strip()
    assert text.stdout.startswith("# ") or command == ("check",)
    envelope = json.loads(data.stdout)
    assert list(envelope) == ["mops", "command", "data", "problems"]
    assert envelope["command"] == (command[0] if command else "welcome")
    assert data.stdout.isascii()
    assert not table.stderr + text.stderr + data.stderr


def test_format_in_front_of_the_command() -> None:
    """`mops --json roles` means what it says."""
    result = CliRunner().invoke(app, ["--json", "roles"])
    assert json.loads(result.stdout)["command"] == "roles"


def test_main_job() -> None:
    """The comparison of Head and Director shows what differs, the caveat, and its sources."""
    text = run_mops("compare", "head", "director").stdout
    for part in (
        "Titles vary by company",
        "What differs",
        "Strategic planning",
        "Director +3",
        "What a day looks like",
        "Choose this if you ...",
        "What makes it hard",
        "What it lets you achieve",
        "Before you trust this",
        "[1]  Head of Marketing Operations VS Director of Marketing Operations",
        "[j]  Judgment",
    ):
        assert part in text
    for source in ("Disney", "GitLab", "Marketing Juice", "Hiring pages"):
        assert source in text.partition("Before you trust this")[2]


def test_equal_levels_fold() -> None:
    """Equal levels are folded into a line unless --all asks for them."""
    folded = run_mops("compare", "head", "director").stdout
    unfolded = run_mops("compare", "head", "director", "--all").stdout
    assert "Equal: Analytics and reporting 4" in folded.replace("\n", " ")
    assert "Equal:" not in unfolded
    assert re.search(r"Analytics and reporting +■■■■□ 4 +■■■■□ 4 +equal", unfolded)


def test_parts_in_the_help() -> None:
    """The help of `mops role` lists the parts that there are."""
    shown = " ".join(run_mops("role", "--help").stdout.split())
    assert f"Parts: {', '.join(ROLE_PARTS)}." in shown


def test_part_without_content() -> None:
    """A part of which nothing is known says so; a beginning is enough to name it."""
    assert "Nothing is known about this part: market." in run_mops("role", "cmo", "--section", "mark").stdout


@pytest.mark.parametrize("part", ROLE_PARTS)
def test_sections(part: str) -> None:
    """Every part of a role can be shown alone."""
    result = CliRunner().invoke(app, ["role", "director", "--section", part, "--json"])
    assert result.exit_code == 0
    role = json.loads(result.stdout)["data"]["role"]
    hidden = {field for other, fields in ROLE_PARTS.items() if other != part for field in fields}
    assert not hidden & set(role)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("role", "hed"), 2, "No role is called 'hed'; did you mean 'head'?"),
        (("role", "nonsense"), 2, "'mops roles' lists them all."),
        (("role", "marketing"), 2, "could be any of: marketing-manager"),
        (("role", "marketing operations manager"), 2, "could be any of: platform-manager, campaign-manager."),
        (("role", "\x1b[31m"), 2, "No role is called"),
        (("role", "head", "--section", "x"), 2, "No part is called 'x'. The parts are: dimensions"),
        (("compare", "head"), 2, "Name two roles or more, as in 'head specialist'."),
        (
            ("compare", "head", "head"),
            2,
            "'head' means Head of Marketing Operations, which you have named already.",
        ),
        (("compare",), 2, "Missing argument"),
        (("path", "head", "head"), 2, "Both names mean Head of Marketing Operations."),
        (("skill", "leadrship"), 2, "did you mean 'leadership'?"),
        (("assess", "--answers", str(ANSWERS), "head"), 2, "Name two roles or more"),
        (("nonsense",), 2, "No such command 'nonsense'"),
        (("roles", "--format", "pdf"), 2, "'pdf' is not one of"),
        (("--data", "/does/not/exist", "roles"), 2, "There is no folder '/does/not/exist'."),
        (("roles", "--data", "/does/not/exist"), 2, "There is no folder '/does/not/exist'."),
        (("check", "/does/not/exist"), 2, "There is no folder '/does/not/exist'."),
        (("init", ""), 2, "Name a folder, as in 'mops init my-knowledge'."),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], code: int, message: str) -> None:
    """A mistyped command is answered on stderr, with what to do, and with exit code 2."""
    result = run_mops(*arguments)
    assert result.returncode == code
    assert message in result.stderr
    assert result.stdout == ""
    assert "\x1b" not in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "roles.yaml: the file is empty"),
        (None, "roles.yaml: cannot be read: No such file or directory"),
        ("directory", "roles.yaml: cannot be read: Is a directory"),
        (b"roles: {}", "roles.yaml:1:1: the file: 'sources' is missing"),
    ],
)
def test_unusable_folder(content: bytes | str | None, message: str, tmp_path: Path) -> None:
    """A folder that cannot be used is refused by every command, with exit code 1 and the reason."""
    if isinstance(content, bytes):
        (tmp_path / "roles.yaml").write_bytes(content)
    elif content:
        (tmp_path / "roles.yaml").mkdir()
    for command in (("roles",), ("compare", "a", "b")):
        result = run_mops("--data", str(tmp_path), *command)
        assert (result.returncode, result.stdout) == (1, "")
        assert message in result.stderr
    checked = run_mops("check", str(tmp_path))
    assert (checked.returncode, checked.stderr) == (1, f"1 problem in {tmp_path}\n")
    assert message in checked.stdout
    data = run_mops("roles", "--json", MOPS_DATA=str(tmp_path))
    assert json.loads(data.stdout)["data"] is None
    assert message.rpartition(": ")[2] in json.loads(data.stdout)["problems"][0]["message"]


def test_check_lists_all(write_folder: WriteFolder) -> None:
    """`mops check` lists every problem, one a line, in the form that editors jump to."""
    folder = write_folder(ROLES.replace("rank: 1", "rank: high").replace("level: 4, weight: 3", "level: 9"))
    result = run_mops("check", str(folder))
    assert result.returncode == 1
    assert result.stdout.splitlines() == [
        f"{folder}/roles.yaml:28:11: roles.author.rank: expected a whole number from 0 to 100, found 'high'",
        f"{folder}/roles.yaml:40:7: roles.author.requires.writing: 'weight' is missing",
        f"{folder}/roles.yaml:40:24: roles.author.requires.writing.level:"
        " expected a whole number from 0 to 5, found '9'",
    ]
    problems = json.loads(run_mops("check", str(folder), "--json").stdout)["problems"]
    assert [(problem["line"], problem["column"]) for problem in problems] == [(28, 11), (40, 7), (40, 24)]
    assert run_mops("check", str(folder), "-f", "markdown").stdout.count("\n- ") == 3


def test_own_knowledge(tmp_path: Path) -> None:
    """Copy, edit, compare: the whole way to roles of one's own."""
    folder = tmp_path / "mine"
    assert run_mops("init", str(folder)).returncode == 0
    assert run_mops("check", str(folder)).stdout.split() == f"No problems in {folder}.".split()
    file = folder / "roles.yaml"
    file.write_text(file.read_text("utf-8").replace("label: Head\n", "label: Boss\n"), "utf-8")
    assert "Boss" in run_mops("--data", str(folder), "compare", "head", "director").stdout
    assert "Boss" in run_mops("compare", "head", "director", "--data", str(folder)).stdout
    assert "Boss" in run_mops("roles", "-f", "json", MOPS_DATA=str(folder)).stdout
    again = run_mops("init", str(folder))
    assert (again.returncode, "exists already" in again.stderr) == (2, True)
    assert "Boss" in file.read_text("utf-8")


def test_evil_knowledge(write_folder: WriteFolder) -> None:
    """Text from knowledge stays text, in every format and in every message."""
    evil = "'[bold]x[/] <b> `x` *y* :smile:'"
    roles = ROLES.replace("Writes the texts.", evil)
    folder = write_folder(roles)
    for arguments in (("role", "author"), ("role", "author", "-f", "markdown"), ("role", "author", "--json")):
        result = run_mops("--data", str(folder), *arguments)
        assert result.returncode == 0
        assert "\x1b" not in result.stdout
        assert ":smile:" in result.stdout
        assert "[bold]x" in result.stdout.replace("\\\\", "").replace("\\[", "[").replace("\\]", "]")
    (folder / "roles.yaml").write_text(roles.replace("book:", r'"\e[31m":', 1), "utf-8")
    assert "\x1b" not in run_mops("check", str(folder)).stdout


def pipe_to(command: str, script: str) -> subprocess.CompletedProcess[str]:
    """Run a shell line with `mops` in it, and tell the exit code of its first part."""
    line = f"{sys.executable} -m mopscli {command} {script}; echo code ${{PIPESTATUS[0]}} >&2"
    return subprocess.run(["/bin/bash", "-c", line], capture_output=True, text=True, check=False, timeout=30)


@pytest.mark.parametrize(
    "command", ["compare head director", "--help", "roles --json", "role head -f markdown"]
)
def test_closed_pipe(command: str) -> None:
    """A reader that closes the pipe early is no error."""
    result = pipe_to(command, "| head -1")
    assert result.stderr == "code 0\n"
    assert len(result.stdout.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    "command", ["compare head director", "--help", "roles --json", "role head -f markdown"]
)
def test_full_disk(command: str) -> None:
    """Output that cannot be written is never passed over in silence."""
    assert pipe_to(command, "> /dev/full").stderr == "mops: No space left on device\ncode 1\n"


def test_closed_output() -> None:
    """Without an output there is a message, not a traceback."""
    assert pipe_to("roles", ">&-").stderr.endswith("nowhere to show the result\ncode 1\n")


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
        {"LANG": "C"},
        {"TERM": "dumb"},
        {"NO_COLOR": "1"},
        {"COLUMNS": "40"},
        {"COLUMNS": "1"},
        {"COLUMNS": "x"},
        {"COLUMNS": "0"},
        {"COLUMNS": "500"},
    ],
    ids=str,
)
def test_poor_terminals(environment: dict[str, str]) -> None:
    """Whatever the terminal can do, the screen is readable and the exit code 0."""
    result = run_mops("compare", "head", "director", **environment)
    assert (result.returncode, result.stderr) == (0, "")
    assert "Sources" in result.stdout
    assert "\x1b" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 100


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """Return what the program writes to a real pseudo-terminal."""
    primary, secondary = pty.openpty()
    variables = {
        key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "MOPS_DATA", "CI")
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "mopscli", *arguments],
        stdin=secondary,
        stdout=secondary,
        stderr=secondary,
        env={**variables, "TERM": "xterm-256color", "COLUMNS": "80", **environment},
    )
    os.close(secondary)
    written = b""
    while True:
        try:
            chunk = os.read(primary, 65536)
        except OSError:
            # Linux says so when the program has left the terminal.
            break
        if not chunk:
            break
        written += chunk
    os.close(primary)
    assert process.wait(30) == 0
    return written.decode()


def test_colors() -> None:
    """A terminal with colors gets them, unless NO_COLOR says otherwise."""
    assert "\x1b[" in on_a_terminal("compare", "head", "director")
    assert "\x1b[3" not in on_a_terminal("compare", "head", "director", NO_COLOR="1")
    assert "\x1b" not in on_a_terminal("compare", "head", "director", TERM="dumb")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("mops role di", "director"),
        ("mops compare head dir", "director"),
        ("mops path spec", "specialist"),
        ("mops skill lead", "lead-management leadership"),
        ("mops role head --section ti", "time"),
    ],
)
def test_completion(words: str, expected: str) -> None:
    """The Tab key knows the keys of roles, skills and parts."""
    count = len(words.split())
    result = run_mops(_MOPS_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=str(count - 1))
    assert result.stdout.split() == expected.split()


def test_completion_of_own_knowledge(write_folder: WriteFolder, tmp_path: Path) -> None:
    """Completion knows one's own roles, and stays silent about a broken folder."""
    words = f"mops --data {write_folder()} role au"
    result = run_mops(_MOPS_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD="4")
    assert result.stdout.split() == ["author"]
    (tmp_path / "roles.yaml").write_text("roles: [")
    result = run_mops(_MOPS_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD="4")
    assert (result.stdout.split(), result.stderr) == ([], "")


def test_version() -> None:
    """The version is that of the installed package."""
    from importlib.metadata import version

    assert run_mops("--version").stdout == f"mops {version('mopscli')}\n"


def test_help_has_examples() -> None:
    """Each command's help shows how it is typed, and fits 80 columns."""
    for command in app.registered_commands:
        assert command.callback is not None
        result = run_mops(command.name or command.callback.__name__, "--help")
        assert "Examples:" in result.stdout
        assert all(len(line) <= 80 for line in result.stdout.splitlines())


def test_any_script_on_any_terminal(write_folder: WriteFolder) -> None:
    """Letters that a terminal cannot show are replaced, and never a crash."""
    folder = write_folder(ROLES.replace("Staff Author", "Zoë 編集"))
    for encoding, start in (("ascii", "Zo? ??"), ("utf-8", "Zoë 編集")):
        result = run_mops("role", "author", "--data", str(folder), PYTHONIOENCODING=encoding)
        assert (result.returncode, result.stderr) == (0, "")
        assert result.stdout.startswith(start)


def test_stale_folder_does_not_block() -> None:
    """A MOPS_DATA that is gone does not keep anybody from the help, the version and other folders."""
    assert run_mops("--version", MOPS_DATA="/does/not/exist").returncode == 0
    assert run_mops(MOPS_DATA="/does/not/exist").returncode == 0
    assert run_mops("roles", MOPS_DATA="/does/not/exist").returncode == 2
    assert run_mops("roles", MOPS_DATA="").returncode == 0


def test_all_routes() -> None:
    """The other routes are told step by step only on demand."""
    short = run_mops("path", "specialist", "director").stdout
    full = run_mops("path", "specialist", "director", "--all").stdout
    assert ("Other routes" in short, "Route 2:" in short, "--all" in short) == (True, False, True)
    assert ("Other routes" in full, "Route 2:" in full, "Route 10:" in full) == (False, True, True)


def test_share_of_judgment() -> None:
    """`mops sources` says in its first lines how much rests on judgment alone."""
    data = json.loads(run_mops("sources", "--json").stdout)["data"]
    lines = run_mops("sources").stdout.splitlines()
    share = round(100 * data["on_judgement"] / data["statements"])
    assert f"{data['on_judgement']:,} of them ({share}%) rest on judgment" in " ".join(lines[:5])


def test_skill_quotes_those_who_speak_of_it() -> None:
    """What is quoted under a skill is about that skill."""
    data = json.loads(run_mops("role", "director", "--section", "skills", "--json").stdout)["data"]["role"]
    said = run_mops("skill", "financial-acumen", COLUMNS="100").stdout.partition("In the role descriptions")[
        2
    ]
    for claim in data["skills_text"]:
        assert (claim["text"][:40] in said) == ("financial-acumen" in claim["about"])


def test_assessment() -> None:
    """The verdict comes first, in words, and the contract of the JSON output holds."""
    text = run_mops("assess", "--answers", str(ANSWERS)).stdout
    assert text.startswith(
        "Director of Marketing Operations suits you better than Head of Marketing\nOperations\n"
    )
    for part in (
        "How well each role suits you",
        "What speaks for Director",
        "What would change this",
        "Next",
    ):
        assert part in text
    assert "Has led a team as its manager." in text.partition("Must-haves of Director")[2]
    assert "mops path specialist director" in text.rpartition("Next")[2]
    data = json.loads(run_mops("assess", "--answers", str(ANSWERS), "--json").stdout)["data"]
    assert data["between"] == ["head", "director"]
    assert {"word", "role", "probability", "flip_risk"} <= set(data["verdict"])
    fits = {"key", "fit", "se", "low", "high", "readiness", "enjoyment", "gates_unmet"}
    assert all(fits <= set(role) for role in data["roles"])
    first, second = (role["fit"] for role in data["roles"])
    assert sum(part["delta"] for part in data["contributions"]) == pytest.approx(first - second, abs=1e-9)
    assert {"gaps", "would_change", "quality", "answered"} <= set(data)


def test_faulty_answers(tmp_path: Path) -> None:
    """Answers that are none are refused with their place, all at once, with exit code 1."""
    path = tmp_path / "answers.yaml"
    path.write_text("leadership: 9\nleadershp: 3\n", "utf-8")
    result = run_mops("assess", "--answers", str(path))
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        f"{path}:1:13: leadership: expected one of 0, 1, 2, 3, 4, 5, or the words of an option, found '9'",
        f"{path}:2:1: unknown question 'leadershp' (did you mean 'leadership'?)",
    ]


def test_template_is_read_back(tmp_path: Path) -> None:
    """The file to fill in can be read as it is: nothing is answered yet."""
    path = tmp_path / "answers.yaml"
    path.write_text(run_mops("questions", "--template").stdout, "utf-8")
    data = json.loads(run_mops("assess", "--answers", str(path), "--json").stdout)["data"]
    assert (data["answered"], data["questions"]) == (0, 48)


def test_questions_contract() -> None:
    """Other tools rely on these keys: a question without a trait is about the situation, and values are numbers."""
    listed = json.loads(run_mops("questions", "--json").stdout)["data"]["questions"]
    assert 45 <= len(listed) <= 55
    for question in listed:
        assert list(question) == ["key", "text", "kind", "trait", "options"]
        assert (question["trait"] is None) == (question["kind"] == "context")
        assert all(isinstance(option["value"], int | float) for option in question["options"])


def test_interrupt() -> None:
    """Ctrl-C leaves with 130 and without a traceback."""
    code = (
        "import mopscli.knowledge as k, mopscli.__main__ as m\n"
        "def stop(*_, **__): raise KeyboardInterrupt\n"
        "k.load = stop\n"
        "m.main()"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, "roles"], capture_output=True, text=True, check=False, timeout=30
    )
    assert (result.returncode, result.stdout, result.stderr) == (130, "", "")


def test_start_imports_little() -> None:
    """Help loads neither rich nor yaml nor the knowledge: every start would pay for them."""
    code = (
        "import sys\nsys.argv = ['mops', '--help']\nfrom mopscli.__main__ import main\n"
        "try:\n    main()\nfinally:\n"
        "    print(sorted({'rich', 'yaml', 'mopscli.knowledge'} & set(sys.modules)), file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=30
    )
    assert result.stderr == "[]\n"


def test_no_terminal() -> None:
    """Without a terminal and without answers there is nobody to ask."""
    result = run_mops("assess")
    assert (result.returncode, result.stdout) == (2, "")
    assert "Give the answers with --answers FILE." in result.stderr


@pytest.fixture
def saved(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which two assessments are saved."""
    store = Store(tmp_path / "mops")
    for leadership in (1, 4):
        number = store.begin(("head", "director"), "another digest")
        store.answer(number, "leadership", leadership)
        store.answer(number, "strategy-1", None)
        store.finish(number)
    return {"XDG_DATA_HOME": str(tmp_path)}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep data elsewhere")
def test_saved_assessments(saved: dict[str, str]) -> None:
    """What is saved can be listed, shown, exported and forgotten; a change of knowledge is told."""
    text = run_mops("history", **saved).stdout
    assert text.index("2: 20") < text.index("1: 20")
    assert "Changed since" in text
    data = json.loads(run_mops("history", "--json", **saved).stdout)["data"]["assessments"]
    assert [some["id"] for some in data] == [2, 1]
    moved = round(data[0]["fits"]["director"]) - round(data[1]["fits"]["director"])
    assert moved > 0
    assert f"{moved} up since number 1" in text
    shown = run_mops("result", "1", "--json", **saved)
    assert "The knowledge has changed since" in shown.stderr
    assert json.loads(shown.stdout)["data"]["answered"] == 1
    exported = json.loads(run_mops("export", **saved).stdout)["data"]["assessments"]
    assert exported[0]["answers"] == {"leadership": 4.0, "strategy-1": None}
    assert run_mops("forget", "7", **saved).returncode == 2
    assert run_mops("forget", **saved).returncode == 2
    assert run_mops("forget", "1", **saved).stdout == "Forgotten: 1 assessment.\n"
    assert run_mops("forget", "--all", **saved).stdout == "Forgotten: 1 assessment.\n"
    assert "Nothing is saved yet." in run_mops("history", **saved).stdout
    assert run_mops("result", **saved).returncode == 2


def test_way_and_plan_of_the_latest_assessment(saved: dict[str, str]) -> None:
    """Without --answers, the newest saved answers count; where one is comes from them or from --from."""
    shown = run_mops("path", "--to", "director", **saved)
    assert "Your answers do not tell which role you have. Say it with --from." in shown.stderr
    shown = run_mops("path", "--to", "director", "--from", "head", **saved)
    assert shown.stdout.startswith("Your way from Head of Marketing Operations to Director")
    assert "you are here" in shown.stdout
    plan = json.loads(run_mops("plan", "director", "--json", **saved).stdout)["data"]
    leadership = [step for step in plan["steps"] if step["skill"] == "leadership"]
    assert leadership == []
    step = plan["steps"][0]
    assert list(step)[:5] == ["skill", "from", "to", "marker", "actions"]
    assert list(step["months"]) == ["low", "typical", "high"]
    assert step["actions"][0]["source"] in plan["sources"]
    moved = json.loads(run_mops("what-if", "--set", "leadership=1", "--json", **saved).stdout)["data"]
    assert [shift["trait"] for shift in moved["traits"]] == ["leadership"]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("path",), "Name a role to start from"),
        (("path", "head", "--to", "director"), "With --to, say where you are with --from."),
        (("path", "head", "--from", "head"), "--from and --answers go with --to."),
        (("path", "--from", "vp", "--to", "vp", "--answers", str(ANSWERS)), "You are there"),
        (("plan", "nobody", "--answers", str(ANSWERS)), "No role is called 'nobody'"),
        (("plan", "vp", "--months", "0", "--answers", str(ANSWERS)), "0.25<=x<=600"),
        (("what-if", "--set", "leadership", "--answers", str(ANSWERS)), "as in leadership=4"),
        (("what-if", "--set", "leadership=6", "--answers", str(ANSWERS)), "as in leadership=4"),
        (("what-if", "--set", "leedership=3", "--answers", str(ANSWERS)), "did you mean"),
        (("what-if", "--answers", str(ANSWERS)), "Missing option '--set'"),
        (("plan", "vp", "--answers", "no-such-file"), "There is no file 'no-such-file'"),
    ],
)
def test_wrong_use_of_a_persons_commands(command: tuple[str, ...], message: str) -> None:
    """Each mistake has its own words, and exit code 2."""
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("\u2502", " ").split())


def test_nothing_saved_yet(tmp_path: Path) -> None:
    """Without an assessment there is no plan, and what to do is said."""
    result = run_mops("plan", "director", XDG_DATA_HOME=str(tmp_path))
    assert result.returncode == 2
    assert "Nothing is saved yet." in result.stderr


def test_knowledge_without_growth(write_folder: WriteFolder, tmp_path: Path) -> None:
    """A folder without growth.yaml has plans too: the usual months, and no actions."""
    answers = tmp_path / "answers.yaml"
    answers.write_text("writing: 1\n")
    folder = write_folder(ROLES)
    result = run_mops("plan", "author", "--answers", str(answers), "--data", str(folder), "--json")
    plan = json.loads(result.stdout)["data"]
    assert plan["steps"]
    assert all(step["actions"] == [] for step in plan["steps"])


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep data elsewhere")
def test_no_place_to_save(tmp_path: Path) -> None:
    """Assessments that cannot be read are not said to be none."""
    (tmp_path / "mops").write_text("a file in place of the folder")
    for command in (("history",), ("export",), ("result",), ("forget", "--all")):
        result = run_mops(*command, XDG_DATA_HOME=str(tmp_path))
        assert "mops: your saved assessments cannot be used:" in result.stderr
        assert (result.returncode, result.stdout) == (1, "")


def test_nothing_answered() -> None:
    """Without an answer there is no verdict, whatever the priors say."""
    code = f"echo '{{}}' | {sys.executable} -m mopscli assess --answers -"
    shown = subprocess.run(
        ["/bin/sh", "-c", code], capture_output=True, text=True, check=True, timeout=30
    ).stdout
    assert shown.startswith("Nothing is decided yet\n\nYou have answered none of the 48 questions.\n")
    closed = pipe_to("assess --answers -", "<&-")
    assert closed.stderr.endswith("Standard input is closed. Give the answers with --answers FILE.\ncode 2\n")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep data elsewhere")
def test_interview_in_a_terminal(tmp_path: Path) -> None:
    """In a real terminal the first question comes, an answer is saved at once, and Ctrl-C keeps it."""
    primary, secondary = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "mopscli", "assess"],
        stdin=secondary,
        stdout=secondary,
        stderr=subprocess.PIPE,
        env={**os.environ, "TERM": "xterm", "XDG_DATA_HOME": str(tmp_path)},
        start_new_session=True,
    )
    os.close(secondary)
    shown = b""
    for expected, keys in ((b"Question 1, at most 53", b"\r"), (b"Question 2, at most 53", b"\x03")):
        while expected not in shown:
            shown += os.read(primary, 65536)
        os.write(primary, keys)
    error = process.communicate(timeout=30)[1]
    os.close(primary)
    assert process.returncode == 130
    assert error == b"Your answers are saved; mops assess goes on with them.\n"
    (saved_one,) = Store(tmp_path / "mops").all()
    assert (saved_one.finished, saved_one.answers) == (None, {"present-role": 0.0})


def test_batch_shows_what_a_manager_asks(tmp_path: Path) -> None:
    """The summary of a group would leave out its verdicts, what it lacks, or what became of a row."""
    result = run_mops("batch", str(RESPONSES), "-o", str(tmp_path / "scores.csv"))
    assert (result.returncode, result.stderr) == (0, "")
    for text in (
        "6 people scored",
        "has 6 rows: 6 scored + 0 rejected.",
        "Which role suits them",
        "Too close to call",
        "How well Head suits them",
        "What they lack most for Director",
        "Nearest to ready for Director",
        "scores.csv",
    ):
        assert text in result.stdout
    assert not (tmp_path / "scores.rejects.csv").exists()
    assert len((tmp_path / "scores.csv").read_text().splitlines()) == 7


def test_batch_contract() -> None:
    """A key of the summary that scripts rely on would be missing from JSON, or from docs/json.md."""
    result = run_mops("batch", str(RESPONSES), "--summary-only", "--json")
    data = json.loads(result.stdout)["data"]
    assert (data["rows"], data["scored"], data["rejected"], data["output"]) == (6, 6, 0, None)
    documented = (ROOT / "docs" / "json.md").read_text().partition("## A survey")[2]
    keys = set(data) | set(data["roles"][0]) | set(data["roles"][0]["lacks"][0])
    keys |= set(data["roles"][0]["nearest"][0])
    assert {
        key for key in keys if not re.search(rf"`(data\.)?(roles\[\]\.)?{key}(\[\])?`", documented)
    } == set()


def test_batch_rejects(tmp_path: Path) -> None:
    """A row that cannot be scored would vanish, or its place and reason stay unknown, or the exit code be 0."""
    lines = RESPONSES.read_text().splitlines()
    lines[2] = lines[2].replace(",", ",9", 1)
    source = tmp_path / "in.csv"
    source.write_text("\n".join((*lines, lines[5], "")))
    result = run_mops("batch", str(source), "-o", str(tmp_path / "out.csv"), "--json")
    data = json.loads(result.stdout)["data"]
    assert result.returncode == 1
    assert (data["rows"], data["scored"], data["rejected"]) == (7, 4, 3)
    assert data["rejects"] == str(tmp_path / "out.rejects.csv")
    rejects = (tmp_path / "out.rejects.csv").read_text().splitlines()
    assert rejects[0] == "file,line,column,value,reason"
    assert [line.split(",")[1] for line in rejects[1:]] == ["3", "6", "8"]
    strict = run_mops("batch", str(source), "-o", str(tmp_path / "strict.csv"), "--strict")
    assert (strict.returncode, strict.stdout) == (1, "")
    assert strict.stderr.startswith(f"{source}:3:1: marketing-automation: '91': no option of this question")
    assert not (tmp_path / "strict.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Name a file for the scores"),
        (("-o", "x.doc"), "should end in"),
        (("-o", "missing/x.csv"), "there is no folder 'missing'"),
        (("-o", "x.csv", "--summary-only"), "--summary-only writes no scores"),
        (("-o", "x.csv", "--roles", "head,nobody"), "No role is called 'nobody'"),
        (("head", "-o", "x.csv"), "Name two roles or more"),
    ],
)
def test_batch_usage(arguments: tuple[str, ...], message: str) -> None:
    """A slip on the command line would end in anything but a sentence that helps."""
    result = run_mops("batch", str(RESPONSES), *arguments)
    assert result.returncode == 2
    assert message in " ".join(result.stderr.split())


def test_batch_to_standard_output() -> None:
    """Scores on standard output would be mixed with the summary."""
    result = run_mops("batch", str(RESPONSES), "-o", "-", "--to", "jsonl", "--digits", "2")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["id"] for row in rows] == [line.split(",")[0] for line in RESPONSES.read_text().split()[1:]]
    assert all(row["fit_head"] == round(row["fit_head"], 2) for row in rows)
    assert "6 people scored" in result.stderr


def test_all_roles_are_scored(tmp_path: Path) -> None:
    """--roles all would leave out a role."""
    target = tmp_path / "out.csv"
    assert run_mops("batch", str(RESPONSES), "-o", str(target), "--roles", "all").returncode == 0
    header = target.read_text().splitlines()[0].split(",")
    families = json.loads(run_mops("roles", "--json").stdout)["data"]["families"]
    listed = {role["key"] for roles in families.values() for role in roles}
    assert {name[4:] for name in header if name.startswith("fit_")} == listed


@pytest.mark.parametrize("form", ["csv", "xlsform", "google-forms", "surveyjs"])
def test_forms_are_written(form: str, tmp_path: Path) -> None:
    """A form for a survey tool could not be had from the command line."""
    target = tmp_path / "form"
    result = run_mops("questions", "--format", form, "-o", str(target))
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    content = target.read_bytes()
    assert content.startswith(b"PK") if form == "xlsform" else b"deadline near" in content
