"""The command: choose claims and contenders, let them race, print the tables."""

from __future__ import annotations

import argparse
import json
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress

from prover.claim import CorpusClaim, digest
from prover.contenders import OURS, installed_version
from prover.corpus import DIGEST
from prover.options import arguments, chosen, is_standard
from prover.ours import print_profile, source_digest
from prover.process import NotReady
from prover.results import WRONG, Results, Row
from prover.runner import Entry, Race, ready
from prover.sample import cross_check
from prover.tables import has_wrong, report, standing


def main(text: Sequence[str] | None = None) -> int:
    """Run, print the tables, and return the exit code: 1 if any answer was wrong, 2 bad input, 130 interrupted."""
    options, console = arguments(text), Console(stderr=True)
    claims = chosen(options)
    print(f"{len(claims)} claims, sha256 {digest(claims)}")
    if is_standard(options) and digest(claims) != DIGEST:
        console.print("this is not the corpus that results are quoted for, for which see DIGEST", style="bold red")
    try:
        return _done(claims, options, console)
    except KeyboardInterrupt:
        return 130
    except (OSError, ValueError, ImportError, NotReady) as error:
        console.print(f"error: {error}", style="red", highlight=False, markup=False)
        return 2


def _done(claims: Sequence[CorpusClaim], options: argparse.Namespace, console: Console) -> int:
    """Do what the options ask for; the exit code."""
    if options.write:
        return _write(claims, options.write)
    if options.cross_check:
        return _cross_check(claims)
    if options.profile:
        return _profile(claims, options.profile, options.limit)
    return compare(claims, options, console)


def _write(claims: Sequence[CorpusClaim], path: Path) -> int:
    path.write_text("".join(json.dumps(claim.to_json()) + "\n" for claim in claims), encoding="utf-8")
    return 0


def _cross_check(claims: Sequence[CorpusClaim]) -> int:
    """Print what contradicts the claims' truth values; 1 if anything does."""
    found = [(claim.id, said) for claim in claims if (said := cross_check(claim))]
    for name, said in found:
        print(f"{name}: {said}")
    return 1 if found else 0


def _profile(claims: Sequence[CorpusClaim], name: str, seconds: float) -> int:
    for claim in claims:
        if claim.id == name:
            print_profile(claim, seconds)
            return 0
    raise ValueError(f"none of the claims is called {name}")


def compare(claims: Sequence[CorpusClaim], options: argparse.Namespace, console: Console) -> int:
    """Let all contenders race and print the tables; the exit code."""
    results = Results(options.json, options.join)
    entries = entered(options.contenders, console)
    was_interrupted = race(results, claims, entries, options, console)
    stand = standing(claims, _names(entries, claims, results), results.rows)
    if any(row.limit != options.limit for row in stand.rows.values()):
        console.print("some results are of runs with another limit", style="yellow")
    missing = len(claims) - len(stand.claims)
    print(f"limit {options.limit:g} s of CPU time a claim{f'; {missing} claims are not finished' * bool(missing)}\n")
    print(report(stand) or "No claim has been put to all contenders yet.")
    if has_wrong(stand):
        return 1
    return 130 if was_interrupted else 0


def entered(names: Sequence[str], console: Console) -> list[Entry]:
    """Who takes part, with versions; says who does not, and why."""
    wanted, missing = [], {}
    for name in names:
        version = source_digest() if name == OURS else installed_version(name)
        if version is None:
            missing[name] = "it is not installed"
        else:
            wanted.append(Entry(name, version))
    found, broken = ready(wanted)
    for entry in found:
        print(f"{entry.name}: {entry.version}")
    for name, reason in (missing | broken).items():
        hint = "" if name == OURS else "; pip install '.[rivals]' has all rivals"
        console.print(f"{name} is left out: {reason}{hint}", style="yellow", highlight=False, markup=False)
    return found


def _names(entries: Sequence[Entry], claims: Sequence[CorpusClaim], results: Results) -> list[str]:
    """The contenders of this run, and those of joined results that have answered about these claims."""
    ids = {claim.id for claim in claims}
    joined = [name for name, id in results.rows if id in ids]
    return list(dict.fromkeys([*(entry.name for entry in entries), *joined]))


def race(
    results: Results,
    claims: Sequence[CorpusClaim],
    entries: Sequence[Entry],
    options: argparse.Namespace,
    console: Console,
) -> bool:
    """Run it with a progress bar; true if it was interrupted, all workers being gone then too."""
    with _progress(len(claims) * len(entries), console, options.verbose) as show, _interruptible():
        try:
            Race(results, options.limit, show).run(claims, entries, options.jobs)
        except KeyboardInterrupt:
            console.print("interrupted: what is done is kept", style="yellow")
            return True
    return False


@contextmanager
def _progress(total: int, console: Console, is_verbose: bool) -> Iterator[Callable[[Row], None]]:
    """A progress bar on a terminal, and what tells it about a row; wrong answers are told in any case."""
    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=total)

        def show(row: Row) -> None:
            progress.update(task, advance=1, description=f"{row.contender} {row.id}"[:48].ljust(48))
            if is_verbose or row.verdict == WRONG:
                style = "bold red" if row.verdict == WRONG else ""
                progress.console.print(_line(row), style=style, highlight=False, markup=False, soft_wrap=True)

        yield show


def _line(row: Row) -> str:
    time = "" if row.seconds is None else f"{row.seconds:.4f} s "
    return f"{row.contender:6} {row.id:46} {row.verdict:7} {row.status:8} {time}{row.reason}"


@contextmanager
def _interruptible() -> Iterator[None]:
    """Within it a request to terminate is an interruption, so that workers are stopped; in the main thread only."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
