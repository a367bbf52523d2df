"""`symcircuits claims`: each claim of a file proved or refuted, and compared with what is expected."""

from __future__ import annotations

import json
import multiprocessing
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from functools import partial
from typing import Any

import click

from symcircuits.claims import contradicts, decide_line, unreadable
from symcircuits.cli import INTERRUPTED
from symcircuits.cli.files import read_input
from symcircuits.cli.options import json_option, memory_option, seconds_option
from symcircuits.cli.terminal import coloured, one_line

Answer = dict[str, Any]
VERDICTS = ("proved", "refuted", "unknown", "error")


@click.command
@click.argument("file")
@json_option("Print one JSON object a claim, a line each, in the order of the file.")
@click.option("--jobs", type=click.IntRange(1), default=1, metavar="N", help="Use so many processes; 1 if not given.")
@seconds_option(10.0, "Stop each search after so many seconds; 10 if not given.")
@memory_option
def command(file: str, as_json: bool, jobs: int, seconds: float, memory: float | None) -> int:
    """Prove or refute every claim of a file.

    FILE, - for standard input, has one JSON object a line, with the keys lhs, relation, rhs; it may have id, vars, let,
    domain and expected (true or false).

    \b
      echo '{"id": "c1", "lhs": "abs(x)", "relation": "<=", "rhs": "1", "domain": ["x <= 1"]}' | symcircuits claims -

    Exit code: 0 if no verdict contradicts what is expected, 1 otherwise, 2 no such file, 130 interrupted.
    """
    lines = [(number, line) for number, line in enumerate(read_input(file).splitlines(), 1) if line.strip()]
    answers: list[Answer] = []
    started, interrupted = time.perf_counter(), False
    try:
        with (
            _progress(len(lines), hidden=as_json and sys.stdout.isatty()) as advance,
            closing(decide_lines([line for _, line in lines], jobs, seconds, memory)) as stream,
        ):
            for (number, _), answer in zip(lines, stream, strict=True):
                answers.append({"line": number, **answer})
                if as_json:
                    click.echo(json.dumps({"id": answer["id"], **answers[-1]}))
                advance()
    except KeyboardInterrupt:
        interrupted = True
        click.echo(f"interrupted: {len(answers)} of {len(lines)} claims are answered", err=True)
    if not as_json:
        for text in _summary(answers, time.perf_counter() - started):
            click.echo(text)
    return INTERRUPTED if interrupted else int(any(map(contradicts, answers)))


def decide_lines(
    lines: Sequence[bytes], jobs: int, seconds: float, memory: float | None = None
) -> Generator[Answer, None, None]:
    """The answers to the lines, in their order, found by so many processes; those end when the iterator is closed."""
    if jobs == 1:
        yield from (decide_line(line, seconds, memory) for line in lines)
        return
    done = 0
    while done < len(lines):
        pool = ProcessPoolExecutor(min(jobs, len(lines) - done), multiprocessing.get_context("spawn"))
        try:
            for future in _submit(pool, lines[done:], seconds, memory):
                answer = _result(future)
                done += 1
                yield answer or unreadable("its process ended unexpectedly, perhaps for lack of memory")
                if answer is None:
                    break  # the pool is of no more use; the next one goes on with the lines that are left
        finally:
            _stop(pool)


def _submit(
    pool: ProcessPoolExecutor, lines: Sequence[bytes], seconds: float, memory: float | None
) -> list[Future[Answer]]:
    """Start the work in processes that ignore Ctrl-C, as they inherit it: it is the parent that ends them."""
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return [pool.submit(decide_line, line, seconds, memory) for line in lines]
    finally:
        signal.signal(signal.SIGINT, handler)


def _result(future: Future[Answer]) -> Answer | None:
    """The answer, or None if a process of the pool has died, e.g. for lack of memory."""
    try:
        return future.result()
    except BrokenProcessPool:
        return None


def _stop(pool: ProcessPoolExecutor) -> None:
    pool.shutdown(wait=False, cancel_futures=True)
    for process in multiprocessing.active_children():
        process.terminate()
    pool.shutdown()


@contextmanager
def _progress(size: int, hidden: bool) -> Iterator[Callable[[], object]]:
    """A progress bar on a terminal, and what moves it on by one."""
    if hidden or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console  # here because only a terminal needs it
    from rich.progress import MofNCompleteColumn, Progress

    with Progress(
        *Progress.get_default_columns(), MofNCompleteColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        yield partial(bar.advance, bar.add_task("claims", total=size))


def _summary(answers: Sequence[Answer], seconds: float) -> Iterator[str]:
    """The counts, then the claims that need a look: the wrong ones, the unknown ones and the unreadable ones."""
    counts = Counter(answer["verdict"] for answer in answers)
    yield f"{len(answers)} claim{'' if len(answers) == 1 else 's'} in {seconds:.1f} s"
    for name in VERDICTS:
        yield f"  {coloured(name)}{' ' * (8 - len(name))}{counts[name]:6}"
    wrong = [answer for answer in answers if contradicts(answer)]
    yield from _listing("contradict what is expected", wrong)
    for name in ("refuted", "unknown", "error"):
        yield from _listing(name, [answer for answer in answers if answer["verdict"] == name and answer not in wrong])


def _listing(title: str, answers: Sequence[Answer]) -> Iterator[str]:
    if answers:
        yield f"{title}:"
    for answer in answers:
        name = f"line {answer['line']}" if answer["id"] is None else one_line(str(answer["id"]))
        yield f"  {name}: {one_line(answer['reason'] or _contradiction(answer))}"


def _contradiction(answer: Answer) -> str:
    point = ", ".join(f"{name} = {value}" for name, value in (answer["counterexample"] or {}).items())
    found = f"{answer['verdict']} at {point}" if point else answer["verdict"]
    return f"{found}, expected {'true' if answer['expected'] else 'false'}" if contradicts(answer) else found
