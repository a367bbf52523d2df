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
    from symcircuits.circuits.circuit import Block, Circuit, Neuron, circuit_of
    from symcircuits.circuits.compiler.compile import compile
    from symcircuits.circuits.compose import compose
    from symcircuits.circuits.floats import float_error
    from symcircuits.circuits.gadget import Example, Gadget
    from symcircuits.circuits.gadgets import gadget
    from symcircuits.circuits.layered import carry
    from symcircuits.circuits.network import Network, network
    from symcircuits.circuits.pieces import cells, pieces
    from symcircuits.circuits.running import lambdify, to_numpy
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
    from symcircuits.formats.arrays import from_numpy
    from symcircuits.formats.pytorch import from_torch, to_torch
    from symcircuits.formats.read import read_network
    from symcircuits.formats.write import write_network
    from symcircuits.kernel.check import Theorem, check
    from symcircuits.kernel.networks import NetworkTheorem, check_networks
    from symcircuits.kernel.term import Claim, Term
    from symcircuits.kernel.widths import WidthTheorem, check_width
    from symcircuits.optimal.width import LeastWidth, NoLayer, least_width
    from symcircuits.provers.differ import Difference, NoDifference, differ
    from symcircuits.provers.extrema import EmptyDomain, Extremum, Unattained, Unbounded, maximum, minimum
    from symcircuits.provers.prove import prove
    from symcircuits.provers.result import Counterexample, Unknown
    from symcircuits.testing.sampling import cross_check
    from symcircuits.transform.canonical import canonical
    from symcircuits.transform.equal import equal
    from symcircuits.transform.fuse import fuse
    from symcircuits.transform.simplify import simplify

__all__ = [
    "Block",
    "CertificateRejected",
    "Circuit",
    "Claim",
    "ClaimError",
    "Counterexample",
    "Difference",
    "EmptyDomain",
    "Example",
    "Extremum",
    "Gadget",
    "InvalidCircuit",
    "LeastWidth",
    "MissingExtra",
    "Network",
    "NetworkTheorem",
    "Neuron",
    "NoDifference",
    "NoLayer",
    "NotPiecewiseLinear",
    "SymcircuitsError",
    "Term",
    "Theorem",
    "Unattained",
    "Unbounded",
    "Unknown",
    "WidthTheorem",
    "__version__",
    "canonical",
    "carry",
    "cells",
    "check",
    "check_networks",
    "check_width",
    "circuit_of",
    "compile",
    "compose",
    "cross_check",
    "decide",
    "differ",
    "equal",
    "float_error",
    "from_numpy",
    "from_sympy",
    "from_torch",
    "fuse",
    "gadget",
    "gadgets",
    "lambdify",
    "least_width",
    "maximum",
    "minimum",
    "network",
    "pieces",
    "prove",
    "prove_circuit",
    "read_network",
    "relu",
    "simplify",
    "to_numpy",
    "to_sympy",
    "to_torch",
    "write_network",
]

# The module of each name. No name may be that of a module or package directly inside symcircuits: importing that module
# would put it in the place of the name.
HOMES = {
    "Block": "symcircuits.circuits.circuit",
    "CertificateRejected": "symcircuits.errors",
    "Circuit": "symcircuits.circuits.circuit",
    "Claim": "symcircuits.kernel.term",
    "ClaimError": "symcircuits.errors",
    "Counterexample": "symcircuits.provers.result",
    "Difference": "symcircuits.provers.differ",
    "EmptyDomain": "symcircuits.provers.extrema",
    "Example": "symcircuits.circuits.gadget",
    "Extremum": "symcircuits.provers.extrema",
    "Gadget": "symcircuits.circuits.gadget",
    "InvalidCircuit": "symcircuits.errors",
    "LeastWidth": "symcircuits.optimal.width",
    "MissingExtra": "symcircuits.errors",
    "Network": "symcircuits.circuits.network",
    "NetworkTheorem": "symcircuits.kernel.networks",
    "Neuron": "symcircuits.circuits.circuit",
    "NoDifference": "symcircuits.provers.differ",
    "NoLayer": "symcircuits.optimal.width",
    "NotPiecewiseLinear": "symcircuits.errors",
    "SymcircuitsError": "symcircuits.errors",
    "Term": "symcircuits.kernel.term",
    "Theorem": "symcircuits.kernel.check",
    "Unattained": "symcircuits.provers.extrema",
    "Unbounded": "symcircuits.provers.extrema",
    "Unknown": "symcircuits.provers.result",
    "WidthTheorem": "symcircuits.kernel.widths",
    "canonical": "symcircuits.transform.canonical",
    "carry": "symcircuits.circuits.layered",
    "cells": "symcircuits.circuits.pieces",
    "check": "symcircuits.kernel.check",
    "check_networks": "symcircuits.kernel.networks",
    "check_width": "symcircuits.kernel.widths",
    "circuit_of": "symcircuits.circuits.circuit",
    "compile": "symcircuits.circuits.compiler.compile",
    "compose": "symcircuits.circuits.compose",
    "cross_check": "symcircuits.testing.sampling",
    "decide": "symcircuits.claims",
    "differ": "symcircuits.provers.differ",
    "equal": "symcircuits.transform.equal",
    "float_error": "symcircuits.circuits.floats",
    "from_numpy": "symcircuits.formats.arrays",
    "from_sympy": "symcircuits.expr.from_sympy",
    "from_torch": "symcircuits.formats.pytorch",
    "fuse": "symcircuits.transform.fuse",
    "gadget": "symcircuits.circuits.gadgets",
    "gadgets": "symcircuits.circuits",
    "lambdify": "symcircuits.circuits.running",
    "least_width": "symcircuits.optimal.width",
    "maximum": "symcircuits.provers.extrema",
    "minimum": "symcircuits.provers.extrema",
    "network": "symcircuits.circuits.network",
    "pieces": "symcircuits.circuits.pieces",
    "prove": "symcircuits.provers.prove",
    "prove_circuit": "symcircuits.circuits.theorem",
    "read_network": "symcircuits.formats.read",
    "relu": "symcircuits.expr.relu",
    "simplify": "symcircuits.transform.simplify",
    "to_numpy": "symcircuits.circuits.running",
    "to_sympy": "symcircuits.expr.to_sympy",
    "to_torch": "symcircuits.formats.pytorch",
    "write_network": "symcircuits.formats.write",
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
