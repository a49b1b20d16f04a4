"""A folder of YAML, read into dataclasses that remember their line; this is its door."""

from mopscli.knowledge.folder import (
    FILES,
    PARTS,
    SCHEMAS,
    Knowledge,
    Named,
    Part,
    bundled_folder,
    citations,
    copy_files,
    digest,
    file_type,
    find_named,
    load,
    read_folder,
    schema_text,
)

__all__ = [
    "FILES",
    "PARTS",
    "SCHEMAS",
    "Knowledge",
    "Named",
    "Part",
    "bundled_folder",
    "citations",
    "copy_files",
    "digest",
    "file_type",
    "find_named",
    "load",
    "read_folder",
    "schema_text",
]
