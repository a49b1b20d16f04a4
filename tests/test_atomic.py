"""Files written whole or not at all, and by whom they can be read."""

import os
import signal
import stat
from pathlib import Path

import pytest

from mopscli.atomic import make_folder, replacing, write_all, write_whole

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions and signals")


def mode(path: Path) -> int:
    """Return who can do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


@posix
def test_private_from_the_first_moment(tmp_path: Path) -> None:
    """Others could read answers while they are written, or a new file afterwards."""
    before = os.umask(0)
    try:
        with replacing(tmp_path / "new", tmp_path) as part:
            assert mode(part) == 0o600
            part.write_text("x", "utf-8")
        make_folder(tmp_path / "a" / "b", private=True)
        write_whole(tmp_path / "open", "x", private=False)
    finally:
        os.umask(before)
    assert [mode(tmp_path / name) for name in ("new", "a", "a/b", "open")] == [0o600, 0o700, 0o700, 0o666]


@posix
def test_mode_of_what_is_there(tmp_path: Path) -> None:
    """A file that somebody shares would be closed to the others, or a candidate's be left open to them."""
    target = tmp_path / "target"
    target.write_text("old", "utf-8")
    target.chmod(0o644)
    write_whole(target, "new", private=True)
    assert (target.read_text("utf-8"), mode(target)) == ("new", 0o644)
    write_all({target: "mine"}, private=True, keeps_mode=False)
    assert (target.read_text("utf-8"), mode(target)) == ("mine", 0o600)


@posix
def test_links(tmp_path: Path) -> None:
    """A file would be written over that nobody named, or a link that the user named be lost."""
    real, link = tmp_path / "real", tmp_path / "link"
    for follow in (True, False):
        real.write_text("old", "utf-8")
        link.unlink(missing_ok=True)
        link.symlink_to(real)
        with replacing(link, tmp_path, follow=follow) as part:
            part.write_text("new", "utf-8")
        assert (link.is_symlink(), real.read_text("utf-8")) == ((True, "new") if follow else (False, "old"))
        assert link.read_text("utf-8") == "new"
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(OSError, match="symbolic links"), replacing(loop, tmp_path):
        raise AssertionError
    assert loop.is_symlink()


def test_all_or_none(tmp_path: Path) -> None:
    """Half of the papers would be new where one of them cannot be written."""
    (tmp_path / "one").write_text("old", "utf-8")
    with pytest.raises(OSError, match="No such file"):
        write_all({tmp_path / "one": "new", tmp_path / "no" / "two": "new"}, private=False)
    assert [(path.name, path.read_text("utf-8")) for path in tmp_path.iterdir()] == [("one", "old")]


@posix
def test_signals_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C between two papers would leave one of an old kit beside one of a new."""
    files = {tmp_path / str(number): str(number) for number in range(5)}
    replace = Path.replace

    def disturbed(path: Path, target: Path) -> Path:
        os.kill(os.getpid(), signal.SIGINT)
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", disturbed)
    with pytest.raises(KeyboardInterrupt):
        write_all(files, private=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "1", "2", "3", "4"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_devices(tmp_path: Path) -> None:
    """A page could not be written to a device, or a full one would pass for success."""
    write_whole(Path(os.devnull), "x", private=False)
    with pytest.raises(OSError, match="No space left"):
        write_all({tmp_path / "other": "x", Path("/dev/full"): "x"}, private=False)
    assert not list(tmp_path.iterdir())
