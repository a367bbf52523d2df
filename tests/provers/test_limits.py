"""Limits: time, cases and memory stop a search wherever it is, and so does the user; the answer says what was done."""

from __future__ import annotations

import gc
import signal
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

import symcircuits.provers.prove as module
from symcircuits.expr.parse import parse_claim
from symcircuits.kernel.term import Claim
from symcircuits.provers.prove import prove, prove_claim
from symcircuits.provers.result import Clock, Interrupted, LimitReached, Unknown
from symcircuits.provers.watch import PAUSE, megabytes, watched


def minkowski(n: int) -> str:
    """A sum of maxima of n affine forms in the plane against one over all pairs: hopeless for n large enough."""
    rows = [[f"{(i * j) % 7 - 3}*x + {(i + j * j) % 5 - 2}*y + {i % 3}*z" for i in range(n)] for j in (3, 4)]
    pairs = ", ".join(f"{a} + {b}" for a in rows[0] for b in rows[1])
    return f"max({', '.join(rows[0])}) + max({', '.join(rows[1])}) == max({pairs}) + relu(-1 - abs(x - relu(y - z)))"


NAMES = [f"x{at}" for at in range(14)]
ABSOLUTES = " + ".join(f"abs({a} + relu({b} - {c}/3))" for a, b, c in zip(NAMES, NAMES[1:], NAMES[2:], strict=False))
DEEP = [("h0", "relu(x - y)"), *((f"h{n}", f"relu(h{n - 1} - {n}*abs(h{n - 1} - y/{n}) + x)") for n in range(1, 40))]
LARGE = " + ".join(f"{n + 1}*relu({n}*x{n % 90} - x{(n * n) % 90} + {n % 7})" for n in range(3000))
HOPELESS = {
    "many switches": parse_claim(f"{ABSOLUTES} >= -1/1000*abs(x0 + {ABSOLUTES})"),
    "tropical": parse_claim(minkowski(9)),
    "deep": parse_claim("h39 >= h38 - h37", let=DEEP),
    "large": parse_claim(f"{LARGE} == abs(x1) + {LARGE}"),
    "domain": parse_claim("abs(x0) >= 0", [f"abs(abs({a}) - 2) <= 1 or {a} == {b}" for a, b in pairwise(NAMES)]),
}


@pytest.fixture
def clean_memory() -> Iterator[None]:
    """What other tests keep alive is not looked through while the search runs, and nobody is told of collections.

    What is raised while somebody is told is lost, and Hypothesis wants to be told.
    """
    gc.collect()
    gc.freeze()
    told = gc.callbacks.copy()
    gc.callbacks.clear()
    yield
    gc.callbacks.extend(told)
    gc.unfreeze()


@pytest.mark.usefixtures("clean_memory")
@pytest.mark.parametrize("name", HOPELESS)
def test_a_search_never_takes_twice_the_time_asked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    busy = SimpleNamespace(monotonic=time.process_time)  # other programs must not count
    monkeypatch.setattr("symcircuits.provers.result.time", busy)
    for seconds in (0.3, 1.0):
        start = time.process_time()
        answer = prove_claim(HOPELESS[name], seconds=seconds)
        assert time.process_time() - start < 2 * seconds
        assert not isinstance(answer, Unknown) or answer.stopped


def test_what_never_asks_for_the_time_is_stopped_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(*arguments: Any) -> None:
        while True:
            pass

    for stage in ("check", "_decide"):
        with monkeypatch.context() as patch:
            patch.setattr(module, stage, endless)
            start = time.monotonic()
            answer = prove("relu(x) >= 0", seconds=0.2)
        assert isinstance(answer, Unknown) and answer.stopped and "0.2 seconds" in answer.reason
        assert time.monotonic() - start < 5
    assert prove("relu(x) >= 0", seconds=5)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    def hoarding(search: object, *rest: object) -> None:
        hoard = []
        while True:
            hoard.append([Fraction(1, n + 1) for n in range(1000)])

    with monkeypatch.context() as patch:
        patch.setattr(module, "_decide", hoarding)
        before = megabytes()
        answer = prove("relu(x) >= 0", memory=30)
    assert isinstance(answer, Unknown) and answer.stopped and "the limit of 30 MB of memory" in answer.reason
    assert megabytes() < before + 300
    assert prove("relu(x) >= 0", memory=200)


def test_a_clock_looks_at_the_memory_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = iter([100.0, 105.0, 111.0])
    monkeypatch.setattr("symcircuits.provers.result.megabytes", lambda: next(sizes))
    clock = Clock(memory=10)
    clock.tick()  # too soon for a look
    time.sleep(1.2 * PAUSE)
    clock.tick()
    time.sleep(1.2 * PAUSE)
    with pytest.raises(LimitReached, match="10 MB"):
        clock.tick()


def test_memory_is_told_where_the_system_has_no_file_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*arguments: Any, **options: Any) -> None:
        raise FileNotFoundError

    now = megabytes()
    monkeypatch.setattr("builtins.open", missing)
    assert megabytes() >= now / 2


@pytest.mark.parametrize("stage", ["_decide", "check"])
def test_an_interrupt_carries_what_was_done(stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, stage, interrupted)
    with pytest.raises(Interrupted) as caught:
        prove("relu(x) >= 0")
    unknown = caught.value.unknown
    assert isinstance(caught.value, KeyboardInterrupt) and unknown.stopped and unknown.reason == "interrupted"
    assert unknown.tried[-1] == "0 cases were closed" and str(unknown) == str(caught.value)


@pytest.mark.usefixtures("clean_memory")
def test_a_real_interrupt_stops_a_search() -> None:
    timer = threading.Timer(0.3, lambda: signal.raise_signal(signal.SIGINT))
    timer.start()
    with pytest.raises(Interrupted) as caught:
        prove_claim(HOPELESS["many switches"])
    timer.join()
    assert any("normal form" in what for what in caught.value.unknown.tried)


@pytest.fixture
def own_alarm() -> Iterator[list[int]]:
    """A program that uses the alarm itself."""
    rung: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda number, frame: rung.append(number))
    yield rung
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_the_alarm_of_a_program_is_left_alone(own_alarm: list[int]) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    looks: list[int] = []
    with watched(lambda: looks.append(1)):
        time.sleep(0.4)
    assert own_alarm and not looks


def test_the_watch_ends_with_its_block() -> None:
    looks: list[int] = []
    with watched(lambda: looks.append(1)):
        time.sleep(4 * PAUSE)
    seen = len(looks)
    assert seen and signal.getsignal(signal.SIGALRM) == signal.SIG_DFL
    time.sleep(2 * PAUSE)
    assert len(looks) == seen
    thread = threading.Thread(target=lambda: watched(lambda: looks.append(1)).__enter__())
    thread.start()
    thread.join()
    time.sleep(2 * PAUSE)
    assert len(looks) == seen


def test_limits_also_hold_in_other_threads() -> None:
    answers: list[object] = []
    claim: Claim = HOPELESS["many switches"]
    thread = threading.Thread(target=lambda: answers.append(prove_claim(claim, seconds=0.3, memory=500)))
    thread.start()
    thread.join(20)
    assert isinstance(answers[0], Unknown) and answers[0].stopped


def test_an_error_that_is_lost_while_an_object_is_collected_is_raised_again_and_not_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    looks: list[str] = []

    class Collected:
        def __del__(self) -> None:
            stop = time.monotonic() + 5
            while not looks and time.monotonic() < stop:
                pass

    def look() -> None:
        looks.append("looked")
        raise LimitReached("enough")

    with pytest.raises(LimitReached, match="enough"), watched(look):
        Collected()
        while True:
            pass
    assert len(looks) == 2 and capsys.readouterr().err == ""
