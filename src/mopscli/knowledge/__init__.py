"""A folder of YAML, read into dataclasses that remember their line; this is its door."""

from mopscli.knowledge.folder import (
    ON_DEMAND,
    Knowledge,
    Named,
    bundled_folder,
    cited,
    copy_files,
    digest,
    find_named,
    load,
)

__all__ = [
    "ON_DEMAND",
    "Knowledge",
    "Named",
    "bundled_folder",
    "cited",
    "copy_files",
    "digest",
    "find_named",
    "load",
]
