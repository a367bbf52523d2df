"""Files that the commands read and write."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click


def read_input(path: str, limit: int = -1) -> bytes:
    """The bytes of a file, of standard input for `-`; at most `limit` of them. Raises `OSError`."""
    if path == "-":
        return sys.stdin.buffer.read(limit)
    with open(path, "rb") as file:
        return file.read(limit)


def check_outputs(paths: Sequence[str | None], force: bool) -> None:
    """Refuse output files that exist, unless `force`, that are no plain files, or whose folder cannot be written to.

    Done before the search for a proof, which may take long; `click.ClickException` says what is wrong.
    """
    targets = [Path(path).resolve() for path in paths if path is not None]
    if len(set(targets)) < len(targets):
        raise click.UsageError("two outputs have the same file name")
    for target in targets:
        if target.exists() and not target.is_file():
            raise click.UsageError(f"{click.format_filename(target)} is not a plain file")
        if target.exists() and not force:
            raise click.UsageError(f"{click.format_filename(target)} exists; use --force to replace it")
        try:
            with tempfile.TemporaryFile(dir=target.parent):
                pass
        except OSError as error:
            folder = click.format_filename(target.parent)
            raise click.UsageError(f"no file can be written in {folder}: {error.strerror}") from None


def write_output(path: str, text: str) -> None:
    """Write the file whole or not at all: a new file in the same folder takes its place when it is complete."""
    target = Path(path).resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
