"""The command line of the comparison: which claims, which contenders, where the results go."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress

from prover.claim import CorpusClaim, digest
from prover.contenders import CONTENDERS, OURS, installed_version
from prover.corpus import DIGEST, FAMILIES, corpus
from prover.corpus.draw import Draw
from prover.corpus.named import named
from prover.ours import source_digest
from prover.results import WRONG, Results, Row
from prover.runner import Entry, Race, ready
from prover.sample import cross_check
from prover.tables import has_wrong, report, standing


def arguments(text: Sequence[str] | None) -> argparse.Namespace:
    """The options; exits with 2 and a message if they make no sense."""
    parser = argparse.ArgumentParser("python tests/benchmarks/prover", description=__doc__)
    corpus_of = parser.add_argument_group("claims")
    corpus_of.add_argument("--named", action="store_true", help="the named cases instead of the corpus")
    corpus_of.add_argument("--seed", type=int, default=2022, help="other weights (2022)")
    corpus_of.add_argument("--heldout", action="store_true", help="other sizes too, drawn by the seed")
    corpus_of.add_argument("--longer", action="store_true", help="go on with series beyond the walls of the rivals")
    corpus_of.add_argument("--families", type=_words, default=[], metavar="A,B", help="only these families")
    corpus_of.add_argument("--first", type=int, metavar="N", help="only the first sizes of each series")
    corpus_of.add_argument("--write", type=Path, metavar="FILE", help="write them as a claims file, and stop")
    corpus_of.add_argument("--cross-check", action="store_true", help="evaluate them at random points, and stop")
    run = parser.add_argument_group("run")
    names = ",".join(CONTENDERS)
    run.add_argument(
        "--contenders", type=_words, default=list(CONTENDERS), metavar="A,B", help=f"of {names}, z3:ite, .."
    )
    run.add_argument("--limit", type=float, default=10.0, metavar="S", help="CPU seconds a claim (10)")
    run.add_argument("--jobs", type=int, default=1, metavar="N", help="contenders at once (1)")
    run.add_argument("--json", type=Path, metavar="FILE", help="append results as JSON lines, and go on where they end")
    run.add_argument(
        "--join", type=Path, action="append", default=[], metavar="FILE", help="results of another run too"
    )
    run.add_argument("--verbose", action="store_true", help="print each result")
    options = parser.parse_args(text)
    for kind, given, known in (
        ("family", options.families, FAMILIES),
        ("contender", [name.partition(":")[0] for name in options.contenders], CONTENDERS),
    ):
        if unknown := [name for name in given if name not in known]:
            parser.error(f"there is no {kind} {unknown[0]}; there are {', '.join(known)}")
    if options.limit <= 0 or options.jobs < 1 or (options.first is not None and options.first < 1):
        parser.error("--limit, --jobs and --first must be positive")
    return options


def _words(text: str) -> list[str]:
    return [word for word in text.split(",") if word]


def chosen(options: argparse.Namespace) -> list[CorpusClaim]:
    """The claims that the options name."""
    draw = Draw(options.seed, options.heldout, options.longer)
    claims = list(named(draw) if options.named else corpus(draw, options.families))
    if options.first is None:
        return claims
    ranks: Counter[tuple[str, str, bool]] = Counter()
    kept = set()
    for claim in sorted(claims, key=lambda claim: claim.size):
        ranks[claim.line] += 1
        if ranks[claim.line] <= options.first:
            kept.add(claim.id)
    return [claim for claim in claims if claim.id in kept]


def main(text: Sequence[str] | None = None) -> int:
    """Run, print the tables, and return the exit code: 1 if any answer was wrong, 2 bad input, 130 interrupted."""
    options, console = arguments(text), Console(stderr=True)
    claims = chosen(options)
    print(f"{len(claims)} claims, sha256 {digest(claims)}")
    if _is_standard(options) and digest(claims) != DIGEST:
        console.print("this is not the corpus that results are quoted for, for which see DIGEST", style="bold red")
    try:
        if options.write:
            lines = (json.dumps(claim.to_json()) + "\n" for claim in claims)
            options.write.write_text("".join(lines), encoding="utf-8")
            return 0
        return _cross_checked(claims) if options.cross_check else compared(claims, options, console)
    except (OSError, ValueError, ImportError) as error:
        console.print(f"error: {error}", style="red", highlight=False, markup=False)
        return 2


def compared(claims: Sequence[CorpusClaim], options: argparse.Namespace, console: Console) -> int:
    """Run all contenders and print the tables; the exit code."""
    results = Results(options.json, options.join)
    entries = entered(options.contenders, console)
    was_interrupted = race(results, claims, entries, options, console)
    stand = standing(claims, _names(entries, claims, results), results.rows)
    missing = len(claims) - len(stand.claims)
    print(f"limit {options.limit:g} s of CPU time a claim{f'; {missing} claims are not finished' * bool(missing)}\n")
    print(report(stand) or "No claim has been put to all contenders yet.")
    if has_wrong(stand):
        return 1
    return 130 if was_interrupted else 0


def _is_standard(options: argparse.Namespace) -> bool:
    """Whether the whole corpus is asked for, as it is quoted."""
    changed = options.named or options.heldout or options.longer or options.families or options.first
    return not changed and options.seed == Draw().seed


def _cross_checked(claims: Sequence[CorpusClaim]) -> int:
    """Print what contradicts the claims' truth values; the exit code."""
    found = [(claim.id, said) for claim in claims if (said := cross_check(claim))]
    for name, said in found:
        print(f"{name}: {said}")
    return 1 if found else 0


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


def _names(entries: Sequence[Entry], claims: Sequence[CorpusClaim], results: Results) -> list[str]:
    """The contenders of this run, and those of joined results that have answered about these claims."""
    ids = {claim.id for claim in claims}
    joined = dict.fromkeys(name for name, id in results.rows if id in ids)
    return list(dict.fromkeys([*(entry.name for entry in entries), *joined]))


@contextmanager
def _progress(total: int, console: Console, is_verbose: bool) -> Iterator[Any]:
    """A progress bar on a terminal, and what tells it about a row; wrong answers are told in any case."""
    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=total)

        def show(row: Row) -> None:
            progress.update(task, advance=1, description=f"{row.contender} {row.id}"[:48].ljust(48))
            if is_verbose or row.verdict == WRONG:
                time = "" if row.seconds is None else f"{row.seconds:.3f} s "
                style = "bold red" if row.verdict == WRONG else ""
                line = f"{row.contender:6} {row.id:46} {row.verdict:7} {row.status:8} {time}{row.reason}"
                progress.console.print(line, style=style, highlight=False, markup=False, soft_wrap=True)

        yield show


@contextmanager
def _interruptible() -> Iterator[None]:
    """Within it a request to terminate is an interruption, so that workers are stopped."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    with suppress(ValueError):  # only the main thread may handle signals
        before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        with suppress(ValueError, UnboundLocalError):
            signal.signal(signal.SIGTERM, before)


if __name__ == "__main__":
    sys.exit(main())
