"""Rows of results: one for each contender and claim, kept as JSON lines, so that a run goes on where one stopped."""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from prover.claim import CorpusClaim
from prover.expressions import read

SOLVED, OPEN, WRONG, SKIPPED = "solved", "open", "WRONG", "skipped"


class Row(NamedTuple):
    """How a contender, in a version, did on a claim, whose text has this digest.

    verdict: solved, open, WRONG, or skipped because smaller claims of the series were not solved
    seconds: CPU time, the median of so many runs; start_seconds: the part of it that starting a process for the claim
    takes; prepare_seconds: that of encoding, which is no part of it
    certificate_bytes, check_seconds: of a proof; recheck_seconds: of its check in another process
    """

    contender: str
    version: str
    id: str
    digest: str
    family: str
    series: str
    expected: bool
    size: int
    limit: float
    verdict: str
    status: str = ""
    reason: str = ""
    seconds: float | None = None
    start_seconds: float = 0.0
    prepare_seconds: float | None = None
    runs: int = 0
    text_bytes: int = 0
    certificate_bytes: int | None = None
    check_seconds: float | None = None
    recheck_seconds: float | None = None

    @property
    def line(self) -> tuple[str, str, bool]:
        """The claim's series."""
        return self.family, self.series, self.expected


def new_row(contender: str, version: str, claim: CorpusClaim, limit: float, verdict: str) -> Row:
    """The row of a contender for a claim, without times."""
    where = claim.family, claim.series, claim.expected, claim.size
    return Row(contender, version, claim.id, claim.digest, *where, limit, verdict, text_bytes=claim.text_bytes)


def judged(row: Row, claim: CorpusClaim, answer: dict[str, Any]) -> Row:
    """The row with what the answer is worth: a refutation counts with a point that shows it, and proofs of truths."""
    row = row._replace(
        status=answer["verdict"],
        seconds=answer["seconds"],
        start_seconds=round(answer.get("start_seconds", 0.0), 6),
        prepare_seconds=answer["prepare_seconds"],
        runs=1,
    )
    verdict, reason = _judgement(row, claim, answer)
    return row._replace(verdict=verdict, reason=reason or answer.get("note") or "")


def _judgement(row: Row, claim: CorpusClaim, answer: dict[str, Any]) -> tuple[str, str]:
    """The verdict on the answer, and what is wrong with it."""
    if row.status == "proved" and not claim.expected:
        return WRONG, "proved a false claim"
    if row.status == "refuted" and (claim.expected or not _shows(claim, answer["counterexample"] or {})):
        return WRONG, f"its counterexample is none: {answer['counterexample']}"[:200]
    if row.status not in ("proved", "refuted"):
        return OPEN, ""
    if row.seconds is None or row.seconds > row.limit:
        return OPEN, "answered after the limit"
    return SOLVED, ""


def _shows(claim: CorpusClaim, values: dict[str, str]) -> bool:
    """Whether the values, as text, are a counterexample."""
    try:
        point = {name: Fraction(value) for name, value in values.items()}
    except (ValueError, ZeroDivisionError):
        return False
    return read(claim).is_counterexample(point)


class Results:
    """The last row of each contender and claim: those that were read from files, and new ones, which are appended."""

    def __init__(self, out: Path | None, others: Iterable[Path] = ()) -> None:
        self.rows: dict[tuple[str, str], Row] = {}
        for path in (*others, *([out] if out and out.exists() else ())):
            for row in rows_of(path):
                self.rows[row.contender, row.id] = row
        self.out, self.lock = out, Lock()

    def add(self, row: Row) -> None:
        """Keep the row, and write it, unless it is known."""
        with self.lock:
            if self.rows.get((row.contender, row.id)) == row:
                return
            self.rows[row.contender, row.id] = row
            if self.out:
                with self.out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row._asdict()) + "\n")

    def known(self, wanted: Row) -> Row | None:
        """The row for the same claim and version, if the limit does not make it worthless."""
        row = self.rows.get((wanted.contender, wanted.id))
        if row is None or (row.digest, row.version) != (wanted.digest, wanted.version) or row.verdict == SKIPPED:
            return None
        if row.verdict == SOLVED:
            return row if (row.seconds or 0) <= wanted.limit else None
        return row if row.limit >= wanted.limit else None


def rows_of(path: Path) -> list[Row]:
    """The rows of a file; raises `ValueError` naming the line that is none, the last one excepted, which may be cut."""
    rows, lines = [], path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        try:
            rows.append(Row(**json.loads(line)))
        except (ValueError, TypeError) as error:
            if number < len(lines):
                raise ValueError(f"{path}:{number} is not a row of results: {error}") from None
    return rows
