"""Symbolic derivation of ReLU circuits: exact proofs that a network equals its target.

Public names are loaded on first use, so that importing the package, and the kernel with it, imports nothing else.

>>> from symcircuits import prove
>>> prove("min(a, b) == b - relu(b - a)")
Theorem: for all real a, b: min(a, b) == b - relu(b - a)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from symcircuits.version import __version__

if TYPE_CHECKING:
    from symcircuits.circuits import gadgets
    from symcircuits.circuits.circuit import Block, Circuit, Neuron
    from symcircuits.circuits.gadgets import gadget
    from symcircuits.circuits.theorem import prove_circuit
    from symcircuits.claims import decide
    from symcircuits.errors import (
        CertificateRejected,
        ClaimError,
        InvalidCircuit,
        MissingExtra,
        NotPiecewiseLinear,
        SymcircuitsError,
    )
    from symcircuits.expr.from_sympy import from_sympy
    from symcircuits.expr.relu import relu
    from symcircuits.expr.to_sympy import to_sympy
    from symcircuits.kernel.check import Theorem, check
    from symcircuits.kernel.term import Claim, Term
    from symcircuits.provers.prove import prove
    from symcircuits.provers.result import Counterexample, Unknown
    from symcircuits.testing.cross_check import cross_check
    from symcircuits.transform.fuse import fuse
    from symcircuits.transform.simplify import simplify

__all__ = [
    "Block",
    "CertificateRejected",
    "Circuit",
    "Claim",
    "ClaimError",
    "Counterexample",
    "InvalidCircuit",
    "MissingExtra",
    "Neuron",
    "NotPiecewiseLinear",
    "SymcircuitsError",
    "Term",
    "Theorem",
    "Unknown",
    "__version__",
    "check",
    "cross_check",
    "decide",
    "from_sympy",
    "fuse",
    "gadget",
    "gadgets",
    "prove",
    "prove_circuit",
    "relu",
    "simplify",
    "to_sympy",
]

# The module of each name. No name may be that of a module or package directly inside symcircuits: importing that module
# would put it in the place of the name.
HOMES = {
    "CertificateRejected": "symcircuits.errors",
    "Block": "symcircuits.circuits.circuit",
    "Circuit": "symcircuits.circuits.circuit",
    "Claim": "symcircuits.kernel.term",
    "ClaimError": "symcircuits.errors",
    "Counterexample": "symcircuits.provers.result",
    "InvalidCircuit": "symcircuits.errors",
    "MissingExtra": "symcircuits.errors",
    "Neuron": "symcircuits.circuits.circuit",
    "NotPiecewiseLinear": "symcircuits.errors",
    "SymcircuitsError": "symcircuits.errors",
    "Term": "symcircuits.kernel.term",
    "Theorem": "symcircuits.kernel.check",
    "Unknown": "symcircuits.provers.result",
    "check": "symcircuits.kernel.check",
    "cross_check": "symcircuits.testing.cross_check",
    "decide": "symcircuits.claims",
    "from_sympy": "symcircuits.expr.from_sympy",
    "fuse": "symcircuits.transform.fuse",
    "gadget": "symcircuits.circuits.gadgets",
    "gadgets": "symcircuits.circuits",
    "prove": "symcircuits.provers.prove",
    "prove_circuit": "symcircuits.circuits.theorem",
    "relu": "symcircuits.expr.relu",
    "simplify": "symcircuits.transform.simplify",
    "to_sympy": "symcircuits.expr.to_sympy",
}
PACKAGES = ("gadgets",)


def __getattr__(name: str) -> Any:
    """The public name, imported now and kept for the next time."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = HOMES[name]
    value = import_module(f"{home}.{name}") if name in PACKAGES else getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
