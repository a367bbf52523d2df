"""Property-based testing of circuits and networks: assertions with theorems, Hypothesis strategies, cross-checks.

Public names are loaded on first use, so that pytest, which loads the plugin in this package, waits for nothing.

>>> from symcircuits.testing import assert_circuit_equal
>>> assert_circuit_equal("relu(a - b) + b", "max(a, b)").theorem
Theorem: for all real a, b: relu(a - b) + b == max(a, b)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symcircuits.testing.assertions import (
        AssertionRefuted,
        AssertionUndecided,
        assert_circuit_equal,
        assert_circuit_le,
        assert_circuit_within,
    )
    from symcircuits.testing.mutations import mutants
    from symcircuits.testing.sampling import CrossCheckFailed, cross_check
    from symcircuits.testing.strategies import (
        affine_forms,
        circuits,
        claims,
        domains,
        expressions,
        false_claims,
        networks,
        points,
        rationals,
        rewritings,
        terms,
        true_claims,
    )

__all__ = [
    "AssertionRefuted",
    "AssertionUndecided",
    "CrossCheckFailed",
    "affine_forms",
    "assert_circuit_equal",
    "assert_circuit_le",
    "assert_circuit_within",
    "circuits",
    "claims",
    "cross_check",
    "domains",
    "expressions",
    "false_claims",
    "mutants",
    "networks",
    "points",
    "rationals",
    "rewritings",
    "terms",
    "true_claims",
]

# The module of each name that is not a strategy. No name may be that of a module in this package.
HOMES = {
    **dict.fromkeys(
        (
            "AssertionRefuted",
            "AssertionUndecided",
            "assert_circuit_equal",
            "assert_circuit_le",
            "assert_circuit_within",
        ),
        "assertions",
    ),
    **dict.fromkeys(("CrossCheckFailed", "cross_check"), "sampling"),
    "mutants": "mutations",
}


def __getattr__(name: str) -> Any:
    """The public name, imported now and kept for the next time."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{HOMES.get(name, 'strategies')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
