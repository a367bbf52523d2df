"""`symcircuits publish`: pages, certificates and drawings of the library, its book, or answers to a file of claims."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from symcircuits.cli.files import read_input, write_output
from symcircuits.cli.options import seconds_option
from symcircuits.cli.terminal import SearchStatus
from symcircuits.errors import ClaimError

TOOL, PACKAGES = "pdflatex", "texlive-latex-recommended texlive-latex-extra lmodern"
RUNS = 3
"""Runs of pdflatex after which contents and page numbers stay."""


@click.command
@click.argument("claims", required=False, metavar="[FILE]")
@click.option("-o", "--output", "folder", required=True, metavar="DIR", help="The folder, made if it is not there.")
@click.option("--book", "as_book", is_flag=True, help="Write the book of the library, book.tex, and nothing else.")
@click.option("--family", "families", multiple=True, metavar="NAME", help="Only this chapter of the book; repeatable.")
@click.option("--pdf", is_flag=True, help="Run pdflatex on the book.")
@click.option("--force", is_flag=True, help="Replace files that exist.")
@seconds_option(10.0, "Stop each search after so many seconds; 10 if not given.")
def command(
    claims: str | None, folder: str, as_book: bool, families: tuple[str, ...], pdf: bool, force: bool, seconds: float
) -> int:
    """Write the proofs of the gadget library, or with FILE the answers to its claims, as LaTeX with certificates.

    Each theorem gets a page, proof.tex, that compiles by itself, its certificate, and the drawing of its circuit; each
    refuted claim a page with the counterexample. The same library gives the same bytes. FILE has one JSON object a
    line, as for `symcircuits claims`.

    \b
      symcircuits publish -o proofs
      symcircuits publish --book --pdf -o book
      symcircuits publish claims.jsonl -o answers

    Exit code: 0 written, 2 bad input, 3 a claim of FILE is unknown, 4 internal error, 130 interrupted.
    """
    if claims is not None and (as_book or families or pdf):
        raise click.UsageError("--book, --family and --pdf are for the library; a file of claims gets pages of its own")
    if (families or pdf) and not as_book:
        raise click.UsageError("--family and --pdf belong to --book")
    if pdf and shutil.which(TOOL) is None:
        raise click.UsageError(f"--pdf needs {TOOL}: install the Debian packages {PACKAGES}")
    top = Path(folder)
    if top.exists() and not top.is_dir():
        raise click.UsageError(f"{click.format_filename(folder)} is not a folder")
    with SearchStatus("publishing"):
        files, unknown = _claims(claims, seconds) if claims is not None else (list(_library(as_book, families)), 0)
    existing = next((name for name, _ in files if (top / name).exists()), None)
    if existing is not None and not force:
        raise click.UsageError(f"{click.format_filename(str(top / existing))} exists; use --force to replace it")
    for name, text in files:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        write_output(str(top / name), text)
    click.echo(f"{len(files)} file{'s' * (len(files) != 1)} written to {click.format_filename(folder)}")
    if pdf:
        with SearchStatus("typesetting"):
            _typeset(top)
        click.echo(f"book typeset: {click.format_filename(str(top / 'book.pdf'))}")
    if unknown:
        click.echo(f"{unknown} claim{'s' * (unknown != 1)} without an answer: no page", err=True)
    return 3 if unknown else 0


def _library(as_book: bool, families: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    from symcircuits.publish.book import book  # here because SymPy takes long to import
    from symcircuits.publish.proofs import published

    if as_book:
        yield "book.tex", book(families or None)
    else:
        yield from published()


def _claims(file: str, seconds: float) -> tuple[list[tuple[str, str]], int]:
    """The files for the claims that are answered, and how many are not."""
    from symcircuits.claims import stated
    from symcircuits.kernel.check import Theorem
    from symcircuits.provers.prove import prove_claim
    from symcircuits.provers.result import Counterexample
    from symcircuits.publish.latex import counterexample_page, theorem_page

    files: list[tuple[str, str]] = []
    unknown = 0
    for number, line in enumerate(read_input(file).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line.decode("utf-8-sig"))
            claim = stated(data)
        except (ValueError, RecursionError) as error:
            raise ClaimError(f"line {number} of {click.format_filename(file)}: {error}") from None
        name = re.sub(r"[^\w.-]", "_", str(data.get("id") or f"line_{number}")).strip(".") or f"line_{number}"
        name = name if all(not known.startswith(f"{name}/") for known, _ in files) else f"{name}_{number}"
        answer = prove_claim(claim, seconds)
        if isinstance(answer, Theorem):
            files += [(f"{name}/proof.tex", theorem_page(answer)), (f"{name}/certificate.json", answer.certificate)]
        elif isinstance(answer, Counterexample):
            files.append((f"{name}/refutation.tex", counterexample_page(answer)))
        else:
            unknown += 1
    return files, unknown


def _typeset(top: Path) -> None:
    """Run pdflatex in a folder of its own; the PDF takes its place when it is complete."""
    with tempfile.TemporaryDirectory() as work:
        shutil.copy(top / "book.tex", work)
        for _ in range(RUNS):
            command = [TOOL, "-interaction=nonstopmode", "-halt-on-error", "book.tex"]
            result = subprocess.run(command, cwd=work, capture_output=True, check=False)
            if result.returncode:
                log = result.stdout.decode(errors="replace").splitlines()
                reason = next((line for line in log if line.startswith("!")), "see its log")
                raise ClaimError(f"{TOOL} stopped: {reason}")
        shutil.copy(Path(work, "book.pdf"), top)
