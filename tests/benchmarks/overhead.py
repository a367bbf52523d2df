"""What the testing kit costs a pytest run that does not use it: CPU seconds of whole processes.

    python tests/benchmarks/overhead.py [runs]

A folder with one empty test is run with the plugin and without; `import symcircuits.testing` is beside. The commands
take turns, and a pair is compared by the median of its differences, so that what else the machine does cancels.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

LIMIT = 0.05


def seconds_of(arguments: list[str], folder: str) -> float:
    """The CPU time, user and system, of one process."""
    before = getrusage(RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    subprocess.run(arguments, check=True, capture_output=True, cwd=folder, env=environment)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main(runs: int) -> None:
    """Time every command `runs` times, in turns."""
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    commands = {
        "pytest without": pytest,
        "pytest with the plugin": [*pytest, "-p", "symcircuits.testing.plugin"],
        "python -c pass": [sys.executable, "-c", "pass"],
        "import symcircuits.testing": [sys.executable, "-c", "import symcircuits.testing"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_nothing.py").write_text("def test_nothing():\n    pass\n")
        for _ in range(runs):
            for name, arguments in commands.items():
                times[name].append(seconds_of(arguments, folder))
    for name, found in times.items():
        print(f"{name:27} median {statistics.median(found):.3f} s (min {min(found):.3f}, max {max(found):.3f})")
    names = list(commands)
    for without, extra in (names[:2], names[2:]):
        gaps = [after - before for before, after in zip(times[without], times[extra], strict=True)]
        print(f"{extra}: {statistics.median(gaps):+.3f} s beside {without} (at most {LIMIT})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 25)
