"""The minimum of 1,024 numbers as a tournament of 1,023 calls of the two-input gadget: built, proved and checked.

    python tests/benchmarks/compose.py [runs]

Every run makes all of it anew; printed are medians in seconds. "proved" writes the certificate and has the kernel check
it; "checked again" is the kernel alone, on the certificate's text.
"""

import statistics
import sys
import time
from itertools import pairwise

from sympy import symbols

from symcircuits.circuits.gadgets import gadget
from symcircuits.kernel.check import check

SIZE = 1024


def one_run() -> dict[str, float]:
    """The seconds of each stage."""
    two, row = gadget("min"), list(symbols(f"x1:{SIZE + 1}", real=True))
    times = [time.perf_counter()]
    while len(row) > 1:
        row = [two(first, second) for first, second in zip(row[::2], row[1::2], strict=True)]
    tournament = row[0]
    blocks = len(tournament.circuit.parts)
    times.append(time.perf_counter())
    theorem = tournament.theorem
    times.append(time.perf_counter())
    check(theorem.certificate)
    times.append(time.perf_counter())
    if blocks != SIZE - 1 or '"cite"' not in theorem.certificate or '"split"' in theorem.certificate:
        raise SystemExit("this is not the tournament, or not proved by citation")
    stages = dict(zip(("built", "proved", "checked again"), (b - a for a, b in pairwise(times)), strict=True))
    return {**stages, "built and proved": times[2] - times[0]}


def main(runs: int) -> None:
    """Print the median of each stage."""
    _ = gadget("min").theorem  # so that reading the library is not part of a run
    rows = [one_run() for _ in range(runs)]
    for stage in rows[0]:
        seconds = [row[stage] for row in rows]
        spread = f"min {min(seconds):.3f}, max {max(seconds):.3f}"
        print(f"{stage:18} median {statistics.median(seconds):.3f} s ({spread})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
