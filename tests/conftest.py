"""What all tests share: the folder of `cases.py` on the path, and one Hypothesis profile, the same everywhere."""

import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))

settings.register_profile("symcircuits", derandomize=True, deadline=None, database=None)
settings.load_profile("symcircuits")
