"""What a search uses, and a watch over it that also sees what never asks for the time.

>>> megabytes() > 1
True
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

PAUSE = 0.05
"""Seconds between two looks."""


def megabytes() -> float:
    """The memory of the process: what is resident now, or where the system does not tell, the most that ever was."""
    try:
        with open("/proc/self/statm", encoding="ascii") as status:
            return int(status.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        import resource  # here because not all systems have it

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (2**20 if sys.platform == "darwin" else 2**10)


@contextmanager
def watched(look: Callable[[], None]) -> Iterator[None]:
    """Call `look`, which may raise, every now and then while the block runs.

    It is called by the system's alarm, so in the main thread only, and not where the program uses the alarm itself.
    """
    is_free = threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")
    if not is_free or signal.getitimer(signal.ITIMER_REAL)[0] or signal.getsignal(signal.SIGALRM) != signal.SIG_DFL:
        yield
        return
    raised: list[BaseException] = []
    was = sys.unraisablehook

    def alarm(number: int, frame: object) -> None:
        try:
            look()
        except BaseException as error:
            raised.append(error)
            raise

    def unraisable(lost: Any) -> None:
        # Raised while an object was collected, where no error gets out: the next alarm raises another.
        if not any(lost.exc_value is error for error in raised):
            was(lost)

    signal.signal(signal.SIGALRM, alarm)
    sys.unraisablehook = unraisable
    try:
        signal.setitimer(signal.ITIMER_REAL, PAUSE, PAUSE)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        sys.unraisablehook = was
