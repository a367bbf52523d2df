"""Adders: of two bits, of three, and of two binary numbers of n bits as a chain of full adders.

The chain is proved by induction over the places. A lemma for each place k says what a full adder makes of two bits and
of the carry [t >= 2**k], for any real t from 0 to 2**(k + 1) - 1: the carry [t + 2**k*(a + b) >= 2**(k + 1)] and the
digit a + b + [t >= 2**k] - 2*[t + 2**k*(a + b) >= 2**(k + 1)]. The theorem of a place cites it, and that of the place
before. Here [t >= 2**k] is relu(t - 2**k + 1) - relu(t - 2**k), which it is at integers t.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from itertools import product
from typing import Any

from sympy import symbols

from symcircuits.circuits.approximation import Script, known, show
from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.compose import compose
from symcircuits.circuits.gadget import Example, Family, Gadget, family
from symcircuits.circuits.gadgets._finite import plus, variables, whole, within
from symcircuits.circuits.tree import blocks_of
from symcircuits.cpwl.substitute import substitute
from symcircuits.errors import CertificateRejected
from symcircuits.kernel.certificate import read
from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.term import ONE, Claim, Comparison, Range, Term, constant, variable
from symcircuits.provers.certificate import Step
from symcircuits.provers.prove import prove_claim

a, b, c, z1, z2, z3 = symbols("a b c z1 z2 z3", real=True)
BIT = (Fraction(0), Fraction(1))
Steps = list[Step]

HALF_ADDER = Gadget(
    "half_adder",
    "Half adder",
    Circuit("half adder", (a, b), (Neuron(z1, a + b), Neuron(z2, a + b - 1, "threshold")), (z1 - 2 * z2, z2)),
    ("abs(a - b)", "min(a, b)"),
    "The sum of two bits as two digits, the lower first: their exclusive or, and their conjunction as the carry.",
    tuple(Example(bits, (sum(bits) % 2, sum(bits) // 2)) for bits in product((0, 1), repeat=2)),
    where=within((a, b)),
)
FULL_ADDER = Gadget(
    "full_adder",
    "Full adder",
    Circuit(
        "full adder",
        (a, b, c),
        (Neuron(z1, a + b + c), Neuron(z2, a + b + c - 1, "threshold"), Neuron(z3, a + b + c - 2, "threshold")),
        (z1 - 2 * z2 + 2 * z3, z2 - z3),
    ),
    ("abs(abs(a - b) - c)", "max(min(a, b), min(c, max(a, b)))"),
    "The sum of three bits as two digits, the lower first: their parity, and their majority as the carry.",
    tuple(Example(bits, (sum(bits) % 2, sum(bits) // 2)) for bits in product((0, 1), repeat=3)),
    where=within((a, b, c)),
)
A, B, C, T = map(variable, "abct")
DIGIT, CARRY = FULL_ADDER.circuit.terms


def _step(t: Term, k: int) -> Term:
    """[t >= 2**k] for an integer t."""
    low, high = (Term("relu", (plus((1, t), (shift, ONE)),)) for shift in (1 - 2**k, -(2**k)))
    return plus((1, low), (-1, high))


def _digit(left: Term, right: Term, carry: Term, out: Term) -> Term:
    return plus((1, left), (1, right), (1, carry), (-2, out))


def _bit_lemma(script: Script, relation: str) -> int:
    """The place of the theorem x >= 0, or x <= 1, for x in {0, 1}."""
    fact = Comparison(variable("x"), relation, constant(relation == "<="))
    claim = Claim(fact, (), (Range("x", BIT),))
    return script.theorem(relation, claim, lambda: [["table"]])


@cache
def _lemma(k: int, of_carry: bool) -> Theorem:
    """What the carry out of place k is, or its digit, for two bits and the carry [t >= 2**k], or t if k is 0."""
    into = _step(T, k) if k else T
    out = _step(plus((1, T), (2**k, A), (2**k, B)), k + 1)
    value = substitute([CARRY if of_carry else DIGIT], {"c": into})[0]
    where = (Comparison(constant(0), "<=", T), Comparison(T, "<=", constant(2 ** (k + 1) - 1)))
    goal = Comparison(value, "==", out if of_carry else _digit(A, B, into, out))
    answer = prove_claim(Claim(goal, where, (Range("a", BIT), Range("b", BIT))))
    if not isinstance(answer, Theorem):
        raise CertificateRejected(f"a lemma is not proved: {answer}")
    return answer


def _place_lemma(script: Script, k: int, of_carry: bool) -> int:
    """The place of that theorem, whose proof splits and fixes forms, so that no term's number is in it."""
    theorem = _lemma(k, of_carry)
    return script.theorem(("place", k, of_carry), theorem.claim, lambda: list(read(theorem.certificate)[-1]["proof"]))


@dataclass(frozen=True, repr=False)
class Adder(Gadget):
    """A chain of n full adders, whose theorems come from certificates that are written for them.

    >>> from symcircuits.circuits.gadgets import gadget
    >>> three = gadget("adder", 3)
    >>> len(three), three.run(1, 1, 0, 1, 0, 1, 0), len(three.prove_all())
    (4, (Fraction(0, 1), Fraction(0, 1), Fraction(0, 1), Fraction(1, 1)), 4)
    """

    @cached_property
    def pairs(self) -> tuple[tuple[Term, Term], ...]:
        """The bits a_k and b_k, the lowest first."""
        bits = variables(self.input_symbols[:-1])
        return tuple(zip(bits[: len(bits) // 2], bits[len(bits) // 2 :], strict=True))

    @cached_property
    def carries(self) -> list[Term]:
        """The carry into each place, and the last carry, as terms of the circuit."""
        terms = self.circuit.wire_terms
        return [C, *(terms[block.wires[1].name] for block in blocks_of(self.circuit))]

    def prove_all(self) -> tuple[Theorem, ...]:
        """The theorems, one for each digit and one for the last carry."""
        return tuple(map(self._theorem, self.claims, range(len(self))))

    def _theorem(self, claim: Claim, k: int) -> Theorem:
        script, n = Script(), len(self.pairs)
        return check(script.finished(claim, self._place(script, min(k, n - 1), of_carry=k == n)))

    def _place(self, script: Script, k: int, of_carry: bool) -> Steps:
        """The steps that show the carry out of place k, or its digit: lemma k at the bits below, once these are known.

        The bits below are at least 0 and at most 1; each gives two known inequalities, so that their number is bounded.
        """
        below, steps = low_bits(self.pairs, k), Steps()
        for _, bit in below:
            for relation in (">=", "<="):
                fact = Comparison(bit, relation, constant(relation == "<="))
                steps += known(fact, script.cite(_bit_lemma(script, relation), {"x": bit}))
        if k:
            steps += [["congruence", self.carries[k], carry_of(self.pairs, k)], *self._cited_carry(script, k)]
        left, right = self.pairs[k]
        fed = {"a": left, "b": right, "t": plus(*below)}
        least, most = (
            show(*((-1 - 2 * place - side, weight) for place, (weight, _) in enumerate(below))) for side in (0, 1)
        )
        return steps + script.cite(_place_lemma(script, k, of_carry), fed, least, most)

    def _cited_carry(self, script: Script, k: int) -> Steps:
        """The citation of the theorem about the carry into place k, at its own variables."""
        goal = Comparison(self.carries[k], "==", carry_of(self.pairs, k))
        claim = Claim(goal, (), tuple(Range(name, BIT) for name in Claim(goal).variables()))
        place = script.theorem(("carry", k), claim, lambda: self._place(script, k - 1, of_carry=True))
        return script.cite(place, {name: variable(name) for name in claim.variables()})


def low_bits(pairs: tuple[tuple[Term, Term], ...], k: int) -> list[tuple[int, Term]]:
    """The carry that comes in and the low k bits of both numbers, each after what it counts."""
    return [(1, C), *((2**place, bit) for place, pair in enumerate(pairs[:k]) for bit in pair)]


def carry_of(pairs: tuple[tuple[Term, Term], ...], k: int) -> Term:
    """The carry into place k: 1 where the low k bits and the carry that comes in add up to 2**k or more.

    >>> carry_of(((variable("a1"), variable("b1")),), 1)
    relu((c + a1 + b1) - 1) - relu((c + a1 + b1) - 2)
    """
    return _step(plus(*low_bits(pairs, k)), k) if k else C


@family("adder", (2,), (4,))
def adder(n: int) -> Gadget:
    """The sum of two binary numbers of n bits and a carry, the lowest bit first: n digits and the last carry."""
    whole("the number of bits", n, 1)
    left, right = (symbols(f"{letter}1:{n + 1}", real=True) for letter in "ab")
    pairs = tuple(zip(variables(left), variables(right), strict=True))
    carry, digits = c, list[Any]()
    for pair in zip(left, right, strict=True):
        digit, carry = FULL_ADDER(*pair, carry)
        digits.append(digit)
    source: Any = compose(f"adder of {n} bits", (*left, *right, c), [*digits, carry])
    carries = [carry_of(pairs, k) for k in range(n + 1)]
    ones, zeros = (1,) * n, (0,) * n
    return Adder(
        f"adder_{n}",
        f"Adder of numbers of {n} bits",
        source,
        (*(_digit(*pair, carries[k], carries[k + 1]) for k, pair in enumerate(pairs)), carries[n]),
        "A carry is 1 where all below it adds up to 2**k or more, written as a ramp from 2**k - 1 to 2**k; a digit is "
        "its two bits and the carry into its place, less twice the carry out of it.",
        (Example((*ones, *zeros, 1), (*zeros, 1)), Example((*ones, *ones, 1), (*ones, 1))),
        where=within((*left, *right, c)),
    )


@family("adder_value", (2,), (4,))
def adder_value(n: int) -> Gadget:
    """The outputs of the adder as one number: the digit at place k counts 2**k, the last carry 2**n."""
    outputs = list(adder(n))
    inputs = adder(n).inputs
    left, right = inputs[:n], inputs[n:-1]
    number = sum((2**k * output for k, output in enumerate(outputs[1:], start=1)), start=outputs[0])
    source: Any = compose(f"value of the adder of {n} bits", inputs, number)
    ones = (1,) * n
    return Gadget(
        f"adder_value_{n}",
        f"The sum of two numbers of {n} bits",
        source,
        sum((2**k * (x + y) for k, (x, y) in enumerate(zip(left, right, strict=True))), start=c),
        "The digits and the carry of the adder, read as a binary number, are the sum of the two numbers and the carry.",
        (Example((*ones, *ones, 1), 2 ** (n + 1) - 1), Example((*ones, *(0,) * n, 1), 2**n)),
        where=within(inputs),
    )


FAMILIES: tuple[Family, ...] = (adder, adder_value)
GADGETS = (HALF_ADDER, FULL_ADDER)
