"""A file written whole or not at all: what was there stays until all is well. All that is written goes this way."""

import errno
import os
import shutil
import signal
import stat
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, Final

# Whoever may read what concerns a person, and what does not.
PRIVATE: Final = 0o600
SHARED: Final = 0o666
PRIVATE_FOLDER: Final = 0o700
SHARED_FOLDER: Final = 0o777
SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")


@contextmanager
def replacing(
    target: Path | BinaryIO,
    folder: Path,
    *,
    private: bool = True,
    keeps_mode: bool = True,
    follow: bool = True,
) -> Iterator[Path]:
    """Yield a path to write to; when all is well it takes the place of the target, and if not, the target stays.

    A pipe or a device takes what was written, and stays what it is.

    Args:
        target: the file, or a stream that takes all of it.
        folder: where to write meanwhile for a target that is no file.
        private: whether only the owner can read it, unless it is there and others can.
        keeps_mode: whether one that is there stays readable for those who can read it.
        follow: whether a link in its place is followed, as is right for a path that the user named.

    Raises:
        OSError: it cannot be written.

    """
    real = _place_of(target, follow=follow)
    name = f".{os.urandom(8).hex()}.part"
    part = real.with_name(name) if real else folder / name
    try:
        # Made here, so that from its first moment on nobody else can read it.
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE if private else SHARED))
        yield part
        if real is None:
            _pour(part, target)
            return
        if keeps_mode and real.exists():
            part.chmod(stat.S_IMODE(real.stat().st_mode))
        part.replace(real)
    finally:
        part.unlink(missing_ok=True)


def _place_of(target: Path | BinaryIO, *, follow: bool) -> Path | None:
    """Return the place that a file takes, or None if the target is a stream, a pipe or a device."""
    if not isinstance(target, Path):
        return None
    if not follow and target.is_symlink():
        return target
    if target.exists() and not target.is_file():
        return None
    place = Path(os.path.realpath(target)) if follow else target
    if place.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(target))
    return place


def _pour(part: Path, target: Path | BinaryIO) -> None:
    """Write a file into a stream, a pipe or a device."""
    with part.open("rb") as source:
        if isinstance(target, Path):
            with target.open("wb") as stream:
                shutil.copyfileobj(source, stream)
        else:
            shutil.copyfileobj(source, target)
            target.flush()


def write_whole(target: Path, content: str | bytes, *, private: bool) -> None:
    """Write a text, or bytes, to a file; only its owner can read a private one, unless it is there and others can.

    Raises:
        OSError: it cannot be written.

    """
    write_all({target: content}, private=private)


def write_all(contents: Mapping[Path, str | bytes], *, private: bool, keeps_mode: bool = True) -> None:
    """Write files, like `write_whole`; none takes its place before all are written, the last one first.

    Nothing but the end of the machine or a kill comes between the first that takes its place and the last.

    Raises:
        OSError: one cannot be written.

    """
    files = {target: text if isinstance(text, bytes) else text.encode() for target, text in contents.items()}
    with ExitStack() as waiting, ExitStack() as parts:
        streams = [target for target in files if _place_of(target, follow=True) is None]
        for target in (some for some in files if some not in streams):
            part = parts.enter_context(
                replacing(target, target.parent, private=private, keeps_mode=keeps_mode)
            )
            part.write_bytes(files[target])
        for target in streams:
            target.write_bytes(files[target])
        waiting.enter_context(_undisturbed())


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep what signals do waiting until the block ends; they disturb no thread but the main one."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    numbers = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
    before = {number: signal.signal(number, lambda number, _: came.append(number)) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            # One that was not set by Python cannot be put back by it.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        for number in came:
            signal.raise_signal(number)


def make_folder(folder: Path, *, private: bool) -> None:
    """Make a folder and those above it, as far as they are missing; only the owner can look into a private one.

    Raises:
        OSError: it cannot be made.

    """
    for missing in reversed([some for some in (folder, *folder.parents) if not some.exists()]):
        missing.mkdir(mode=PRIVATE_FOLDER if private else SHARED_FOLDER, exist_ok=True)
