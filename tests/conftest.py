"""What all tests share: the folders of `cases.py` and `benchmarks` on the path, and one Hypothesis profile for all."""

import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))
sys.path.append(str(Path(__file__).parent / "benchmarks"))

settings.register_profile("symcircuits", derandomize=True, deadline=None, database=None)
settings.load_profile("symcircuits")
