"""A gadget: a circuit with a name, its target, its theorem, a sentence and worked examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from importlib.resources import files
from typing import Any, NamedTuple

from sympy import Expr

from symcircuits.circuits.circuit import Circuit
from symcircuits.circuits.theorem import circuit_claim, prove_circuit
from symcircuits.errors import CertificateRejected
from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.term import Claim


class Example(NamedTuple):
    """Inputs, the output they give, and the values of the parameters."""

    inputs: tuple[Any, ...]
    output: Any
    parameters: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Gadget:
    """A circuit that computes its target: `theorem` says so, from the certificate that comes with the package."""

    name: str
    title: str
    circuit: Circuit
    target: Expr
    note: str
    examples: tuple[Example, ...]
    cites: tuple[Gadget, ...] = field(default=(), repr=False)

    @property
    def claim(self) -> Claim:
        """That the circuit's output equals the target."""
        return circuit_claim(self.circuit, self.target)

    @cached_property
    def theorem(self) -> Theorem:
        """The theorem of the claim; its certificate is checked by the kernel when this is first asked for.

        Raises `CertificateRejected` when the package's certificate is missing, wrong, or about something else.
        """
        place = files("symcircuits.circuits.gadgets") / "certificates" / f"{self.name}.json"
        try:
            theorem = check(place.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise CertificateRejected(
                f"the package has no certificate of the gadget {self.name}; install it again"
            ) from None
        if theorem.claim != self.claim:
            raise CertificateRejected(f"the package's certificate of the gadget {self.name} proves: {theorem.claim}")
        return theorem

    def prove(self) -> Theorem:
        """A proof from scratch, by citing the theorems of the gadgets it is made of."""
        return prove_circuit(self.circuit, self.target, {g.circuit: (g.target, g.theorem) for g in self.cites})

    def run(self, example: Example) -> Fraction:
        """What the circuit gives for the example's inputs, exactly."""
        return self.circuit.run(*example.inputs, parameters=example.parameters)[0]
