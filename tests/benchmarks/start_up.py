"""Whole-process times of `symcircuits prove` and `symcircuits check`, beside a five-line z3 script for the same claim.

    python tests/benchmarks/start_up.py [runs]

The commands take turns, so that a busy machine slows all of them; printed are medians in seconds and the ratio to z3.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CLAIM = "min(a, b) == b - relu(b - a)"
Z3 = """
from z3 import If, Reals, prove
a, b = Reals("a b")
relu = lambda t: If(t > 0, t, 0)
prove(If(a < b, a, b) == b - relu(b - a))
"""


def main(runs: int) -> None:
    """Time every command `runs` times, in turns."""
    command = [sys.executable, "-m", "symcircuits"]
    with tempfile.TemporaryDirectory() as folder:
        certificate = str(Path(folder) / "certificate.json")
        subprocess.run([*command, "prove", CLAIM, "--save", certificate], check=True, capture_output=True)
        commands = {
            "symcircuits prove": [*command, "prove", CLAIM],
            "symcircuits check": [*command, "check", certificate],
            "z3 script": [sys.executable, "-c", Z3],
            "python -c pass": [sys.executable, "-c", "pass"],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, arguments in commands.items():
                start = time.perf_counter()
                subprocess.run(arguments, check=True, capture_output=True)
                times[name].append(time.perf_counter() - start)
    rival = statistics.median(times["z3 script"])
    for name, seconds in times.items():
        median = statistics.median(seconds)
        spread = f"min {min(seconds):.3f}, max {max(seconds):.3f}"
        print(f"{name:18} median {median:.3f} s ({spread})  {median / rival:.2f} x z3")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
