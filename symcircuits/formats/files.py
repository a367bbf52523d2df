"""Files of networks: read within a limit of size, written whole or not at all."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

from symcircuits.errors import InvalidCircuit, MissingExtra

LIMIT = 1 << 30
"""Bytes of the largest file that is read."""


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a plain file; raises `InvalidCircuit` if there is none, it is empty or longer than `LIMIT`."""
    place = Path(path)
    try:
        if place.is_dir():
            raise InvalidCircuit(f"{place} is a folder; give a file with a network")
        with place.open("rb") as file:
            content = file.read(LIMIT + 1)
    except InvalidCircuit:
        raise
    except (OSError, ValueError) as error:
        raise InvalidCircuit(f"{place} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if not content:
        raise InvalidCircuit(f"{place} is empty; was it written to the end?")
    if len(content) > LIMIT:
        raise InvalidCircuit(f"{place} has more than {LIMIT} bytes; networks of that size are not read")
    return content


def read_text(path: str | os.PathLike[str]) -> str:
    """The text of a UTF-8 file; raises `InvalidCircuit` for what is none."""
    try:
        return read_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidCircuit(
            f"{path} is not UTF-8 text at byte {error.start}; is it a network in another format?"
        ) from None


def check_output(path: str | os.PathLike[str], overwrite: bool) -> Path:
    """The resolved path, if a file may be written there; raises `InvalidCircuit` if one exists, unless `overwrite`."""
    target = Path(path).resolve()
    if target.exists() and not target.is_file():
        raise InvalidCircuit(f"{target} is not a plain file; give another name")
    if target.exists() and not overwrite:
        raise InvalidCircuit(f"{target} exists; use overwrite=True to replace it")
    return target


def write_whole(path: str | os.PathLike[str], content: bytes, overwrite: bool = False) -> None:
    """Write the file whole or not at all: a new file in the same folder takes its place when it is complete."""
    target = check_output(path, overwrite)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        os.replace(part, target)
    except OSError as error:
        raise InvalidCircuit(f"{target} cannot be written: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)


def extra(module: str, name: str) -> Any:
    """An optional library; raises `MissingExtra` with the extra to install if it is absent.

    >>> extra("json", "none").__name__
    'json'
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        library = module.partition(".")[0]
        raise MissingExtra(
            f"this needs {library}; install it with: pip install 'symcircuits[{name}]', or '.[{name}]' in a clone"
        ) from None
