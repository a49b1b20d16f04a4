"""A folder of YAML, read into dataclasses that remember their line; this is its door."""

from mopscli.knowledge.folder import (
    STATING,
    Knowledge,
    Named,
    bundled_folder,
    citations,
    copy_files,
    digest,
    find_named,
    load,
)

__all__ = [
    "STATING",
    "Knowledge",
    "Named",
    "bundled_folder",
    "citations",
    "copy_files",
    "digest",
    "find_named",
    "load",
]
