"""CPU time: what was used, by this process and by those it waited for, and a limit that a signal enforces."""

from __future__ import annotations

import resource
import signal


def cpu_seconds(of: int = resource.RUSAGE_SELF) -> float:
    """CPU time used so far, user and system.

    Not `time.process_time`, which under Linux counts in ticks of several milliseconds while `stop_after` is in force.
    """
    used = resource.getrusage(of)
    return used.ru_utime + used.ru_stime


def stop_after(seconds: float) -> None:
    """Have this process ended by the signal SIGPROF when it has used so much more CPU time; 0: never."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
