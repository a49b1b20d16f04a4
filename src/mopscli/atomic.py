"""A file written whole or not at all: what was there stays until all is well."""

import os
import secrets
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replacing(target: Path | BinaryIO, folder: Path) -> Iterator[Path]:
    """Yield a path to write to; when all is well it takes the place of the target, and if not, the target stays.

    A pipe or a device takes what was written, and stays what it is.
    """
    whole = isinstance(target, Path) and (target.is_file() or not target.exists())
    real = Path(os.path.realpath(target)) if isinstance(target, Path) and whole else None
    name = f".{secrets.token_hex(8)}.part"
    part = real.with_name(name) if real else folder / name
    try:
        yield part
        if real and real.exists():
            part.chmod(stat.S_IMODE(real.stat().st_mode))
        if real:
            part.replace(real)
        else:
            with part.open("rb") as source:
                if isinstance(target, Path):
                    with target.open("wb") as stream:
                        shutil.copyfileobj(source, stream)
                else:
                    shutil.copyfileobj(source, target)
                    target.flush()
    finally:
        part.unlink(missing_ok=True)


def write_whole(target: Path, content: str | bytes, *, private: bool) -> None:
    """Write a text, or bytes, to a file; only its owner can read a private one, unless it is there and others can.

    Raises:
        OSError: it cannot be written.

    """
    write_all({target: content}, private=private)


def write_all(contents: Mapping[Path, str | bytes], *, private: bool) -> None:
    """Write contents to files, like `write_whole`; none takes its place before all are written.

    Raises:
        OSError: one cannot be written.

    """
    with ExitStack() as stack:
        for target, content in contents.items():
            part = stack.enter_context(replacing(target, target.parent))
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666)
            with open(descriptor, "wb") as file:  # noqa: PTH123
                file.write(content if isinstance(content, bytes) else content.encode())
