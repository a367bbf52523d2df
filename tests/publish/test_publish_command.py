"""The command publish: what is in the repository, a book, and pages for a file of claims."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from symcircuits.cli import commands
from symcircuits.kernel.check import check
from symcircuits.publish.book import book

PROOFS = Path(__file__).parents[2] / "proofs"
CLAIMS = [
    {"id": "min of two", "lhs": "min(a, b)", "relation": "==", "rhs": "b - relu(b - a)"},
    {"id": "false", "lhs": "x", "relation": "<=", "rhs": "relu(x) - 1"},
    {"lhs": "abs(x)", "relation": "<=", "rhs": "1", "domain": ["-1 <= x <= 1"]},
]


def run(*args: str) -> Result:
    result = CliRunner().invoke(commands, ["publish", *args])
    assert "Traceback" not in result.output
    return result


def test_the_library_is_published_as_it_lies_in_the_repository(tmp_path: Path) -> None:
    assert run("-o", str(tmp_path / "out")).exit_code == 0
    written = {path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*.*")}
    assert len(written) > 400
    assert all((tmp_path / "out" / name).read_bytes() == (PROOFS / name).read_bytes() for name in written)
    again = run("-o", str(tmp_path / "out"))
    assert again.exit_code == 2 and "--force" in again.stderr


def test_a_file_of_claims_gets_pages(tmp_path: Path) -> None:
    path, out = tmp_path / "claims.jsonl", tmp_path / "out"
    path.write_text("\n".join(map(json.dumps, CLAIMS)))
    assert run(str(path), "-o", str(out)).exit_code == 0
    names = sorted(str(each.relative_to(out)) for each in out.rglob("*.*"))
    assert names == [
        "false/refutation.tex",
        "line_3/certificate.json",
        "line_3/proof.tex",
        "min_of_two/certificate.json",
        "min_of_two/proof.tex",
    ]
    assert str(check((out / "min_of_two/certificate.json").read_text()).claim).startswith("for all real a, b")
    assert "So the claim is false" in (out / "false/refutation.tex").read_text()


def test_a_book_has_a_page_for_each_theorem_and_an_index() -> None:
    text = book(["order"])
    assert text.count(r"\phantomsection\label") == text.count(r"\pageref") == text.count(r"\begin{proof}") > 3
    assert text == book(["order"])


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_a_chapter_is_typeset(tmp_path: Path) -> None:
    result = run("--book", "--family", "detectors", "--pdf", "-o", str(tmp_path))
    assert result.exit_code == 0, result.output
    assert (tmp_path / "book.pdf").read_bytes().startswith(b"%PDF")


def test_without_pdflatex_the_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run("--book", "--pdf", "-o", str(tmp_path / "out"))
    assert result.exit_code == 2 and "texlive-latex-extra" in result.stderr and not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"lhs": "("', "line 1"),
        ('{"lhs": "(", "relation": "==", "rhs": "x"}', "line 1"),
        ('{"lhs": "x", "relation": "min_width", "rhs": "2"}', "no claim"),
    ],
)
def test_what_is_no_claim_is_refused_and_nothing_written(line: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_text(line)
    result = run(str(path), "-o", str(tmp_path / "out"))
    assert result.exit_code == 2 and message in result.stderr and not (tmp_path / "out").exists()


@pytest.mark.parametrize("args", [("--pdf",), ("--family", "median"), ("--book", "--family", "nothing")])
def test_options_that_do_not_fit_are_refused(args: tuple[str, ...], tmp_path: Path) -> None:
    assert run(*args, "-o", str(tmp_path / "out")).exit_code == 2 and not (tmp_path / "out").exists()
