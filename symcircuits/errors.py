"""The package's errors, each also the built-in error that it is. A falsehood is no error: it is a `Counterexample`."""

from symcircuits.kernel.errors import CertificateRejected, SymcircuitsError

__all__ = [
    "CertificateRejected",
    "ClaimError",
    "InvalidCircuit",
    "MissingExtra",
    "NotPiecewiseLinear",
    "SymcircuitsError",
]


class ClaimError(SymcircuitsError, ValueError):
    """A claim that cannot be read; the message shows the place."""


class NotPiecewiseLinear(SymcircuitsError, ValueError):
    """An expression that is not continuous piecewise linear with rational coefficients."""


class InvalidCircuit(SymcircuitsError, ValueError):
    """A circuit or network whose parts do not fit together."""


class MissingExtra(SymcircuitsError, ImportError):
    """An optional library that is not installed; the message names the extra to install."""
