"""CPU time: what was used, by this process and by those it waited for, and a limit that a signal enforces."""

from __future__ import annotations

import resource
import signal
import sys
from contextlib import suppress
from math import ceil


def cpu_seconds(of: int = resource.RUSAGE_SELF) -> float:
    """CPU time used so far, user and system.

    Not `time.process_time`, which under Linux counts in ticks of several milliseconds while `stop_after` is in force.
    """
    used = resource.getrusage(of)
    return used.ru_utime + used.ru_stime


def limit_child(process: int, seconds: float) -> None:
    """Have a child process ended by the signal SIGXCPU when its CPU time is over, in whole seconds; Linux only.

    A limit that the child sets itself before it becomes its program costs a copy of this process's memory tables.
    """
    if sys.platform == "linux":
        whole = ceil(seconds)
        with suppress(ProcessLookupError):
            resource.prlimit(process, resource.RLIMIT_CPU, (whole, whole + 1))


def stop_after(seconds: float) -> None:
    """Have this process ended by the signal SIGPROF when it has used so much more CPU time; 0: never."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
