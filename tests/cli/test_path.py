"""The command about ways between roles."""

from program import run_mops


def test_all_routes() -> None:
    """The other routes would fill the screen unasked, or not be told even on demand."""
    short = run_mops("path", "specialist", "director").stdout
    full = run_mops("path", "specialist", "director", "--all").stdout
    assert ("Other ways" in short, "Route 2:" in short, "--all" in short) == (True, False, True)
    assert ("Other routes" in full, "Route 2:" in full, "Route 10:" in full) == (False, True, True)
