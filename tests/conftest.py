"""What all tests share: helpers and benchmarks on the path, one Hypothesis profile, a cross-check of every theorem."""

import sys
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))
sys.path.append(str(Path(__file__).parent / "benchmarks"))

from cross_checked import CrossChecked

settings.register_profile("symcircuits", derandomize=True, deadline=None, database=None)
settings.load_profile("symcircuits")


def pytest_configure(config: pytest.Config) -> None:
    """Theorems of all tests are cross-checked, those of docstrings too."""
    config.pluginmanager.register(CrossChecked(), "cross-checked theorems")
