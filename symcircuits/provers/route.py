"""What all routes of the prover share: how one says that it does not apply, or gives up."""

from __future__ import annotations


class Passed(Exception):
    """The route leaves the goal to others; its text says why."""
