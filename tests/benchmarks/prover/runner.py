"""The race: each contender on each series, smaller claims first, in worker processes with limits of CPU time.

A contender that did not solve two claims of a series in a row is not asked about larger ones. What takes less than a
second is run three times, and the median counts. Every certificate is checked again in another process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import groupby
from statistics import median
from threading import Lock, local
from typing import Any, NamedTuple

from prover.checker import CHECKER
from prover.claim import CorpusClaim
from prover.process import NotReady, Stopped, Worker
from prover.results import OPEN, SKIPPED, SOLVED, WRONG, Results, Row, judged, new_row

MISSES = 2
QUICK, RUNS = 1.0, 3


class Entry(NamedTuple):
    """A contender's name and version."""

    name: str
    version: str


class Task(NamedTuple):
    """One contender's work on one series."""

    entry: Entry
    claims: Sequence[CorpusClaim]


class Race:
    """Work that threads share: tasks, results, all workers."""

    def __init__(self, results: Results, limit: float, report: Callable[[Row], None]) -> None:
        self.results, self.limit, self.report = results, limit, report
        self.workers: list[Worker] = []
        self.lock, self.mine = Lock(), local()
        self.is_over = False

    def run(self, claims: Sequence[CorpusClaim], entries: Sequence[Entry], jobs: int = 1) -> None:
        """All entries on all claims, series by series, so many at once; stops all workers in the end, come what may."""
        tasks = [Task(entry, line) for line in series(claims) for entry in entries]
        with ThreadPoolExecutor(jobs) as pool:
            try:
                for future in as_completed([pool.submit(self.work, task) for task in tasks]):
                    future.result()
            finally:
                self.stop()
                pool.shutdown(cancel_futures=True)

    def stop(self) -> None:
        """End all workers: no process is left."""
        with self.lock:
            self.is_over = True
            for worker in self.workers:
                worker.stop()

    def work(self, task: Task) -> None:
        """Do one task; a contender that misses too often skips the rest of it."""
        misses = 0
        for claim in task.claims:
            wanted = new_row(task.entry.name, task.entry.version, claim, self.limit, SKIPPED)
            row = self.results.known(wanted)
            if row is None:
                try:
                    row = wanted if misses >= MISSES else self._measured(wanted, claim)
                except Stopped:
                    return
                self.results.add(row)
            misses = 0 if row.verdict == SOLVED else misses + 1
            self.report(row)

    def _worker(self, name: str) -> Worker:
        """This thread's worker of that name."""
        own: dict[str, Worker] = self.mine.__dict__.setdefault("workers", {})
        with self.lock:
            if self.is_over:
                raise Stopped
            if name not in own:
                own[name] = Worker(name)
                self.workers.append(own[name])
        return own[name]

    def _ask(self, name: str, claim: CorpusClaim, **more: Any) -> dict[str, Any]:
        asked = {key: value for key, value in claim.to_json().items() if key != "expected"}
        request = {"claim": asked, "seconds": self.limit, **more}
        return self._worker(name).ask(request, 8 * self.limit + 30)

    def _measured(self, wanted: Row, claim: CorpusClaim) -> Row:
        """The row of a claim that is asked now."""
        answer = self._ask(wanted.contender, claim)
        row = judged(wanted, claim, answer)
        answers = [answer]
        if row.verdict == SOLVED and (row.seconds or 0) + (row.prepare_seconds or 0) < QUICK:
            for _ in range(RUNS - 1):
                answers.append(self._ask(wanted.contender, claim))
                row = _worse(row, judged(wanted, claim, answers[-1]))
        if row.verdict != SOLVED:
            return row
        row = _with_medians(row, answers)
        return self._rechecked(row, claim, answer["certificate"]) if answer["certificate"] else row

    def _rechecked(self, row: Row, claim: CorpusClaim, certificate: str) -> Row:
        """The row with the size of the certificate, and the word of a second kernel on it."""
        said = self._ask(CHECKER, claim, certificate=certificate)
        row = row._replace(certificate_bytes=len(certificate.encode()), recheck_seconds=said["seconds"])
        if said["verdict"] == "accepted":
            return row
        verdict = WRONG if said["verdict"] == "rejected" else OPEN
        return row._replace(verdict=verdict, reason=f"its certificate: {said['verdict']}, {said.get('note')}")


def _worse(row: Row, again: Row) -> Row:
    """The second row if it is wrong, or not solved any more."""
    return row if again.verdict == SOLVED or row.verdict == WRONG else again


def _with_medians(row: Row, answers: Sequence[dict[str, Any]]) -> Row:
    def middle(key: str) -> float | None:
        values = [answer[key] for answer in answers if answer.get(key) is not None]
        return round(median(values), 6) if values else None

    return row._replace(
        seconds=middle("seconds"),
        prepare_seconds=middle("prepare_seconds"),
        check_seconds=middle("check_seconds"),
        runs=len(answers),
    )


def series(claims: Sequence[CorpusClaim]) -> list[list[CorpusClaim]]:
    """The claims in series, by size; the series in the order in which they begin."""
    order = {line: at for at, line in enumerate(dict.fromkeys(claim.line for claim in claims))}
    ranked = sorted(claims, key=lambda claim: (order[claim.line], claim.size))
    return [list(group) for _, group in groupby(ranked, key=lambda claim: claim.line)]


def ready(entries: Iterable[Entry]) -> tuple[list[Entry], dict[str, str]]:
    """The entries whose workers start, and for each other one the reason."""
    found, missing = [], {}
    for entry in entries:
        worker = Worker(entry.name)
        try:
            worker.start()
            found.append(entry)
        except NotReady as reason:
            missing[entry.name] = str(reason)
        finally:
            worker.stop()
    return found, missing
