"""Affine forms given by numbers: (a1, ..., an, b) is a1*x1 + ... + an*xn + b."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from sympy import Add, Expr, Rational, Symbol

from symcircuits.circuits.gadgets._parameters import rationals, sequence
from symcircuits.cpwl.forms import arranged
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.term import ONE, Term, variable

Form = tuple[Fraction, ...]


def affine_forms(what: str, value: Any) -> tuple[Form, ...]:
    """One or more affine forms of the same inputs; `InvalidCircuit` for anything else."""
    forms = tuple(
        rationals(f"{what}: the coefficients and the constant of a form", form, 2) for form in sequence(what, value)
    )
    sizes = sorted({len(form) - 1 for form in forms})
    if len(sizes) > 1:
        raise InvalidCircuit(
            f"{what} must have the same inputs; there are forms of {sizes[0]} and of {sizes[-1]} inputs"
        )
    return forms


def numbered(n: int, letter: str = "x") -> tuple[Symbol, ...]:
    """The inputs x1 to xn."""
    return tuple(Symbol(f"{letter}{place}", real=True) for place in range(1, n + 1))


def form_value(form: Form, point: Sequence[Any]) -> Fraction:
    """The value of the form at a point."""
    return sum((c * Fraction(x) for c, x in zip(form, point, strict=False)), start=form[-1])


def form_term(form: Form, inputs: Sequence[Symbol]) -> Term:
    """The form as a kernel term."""
    items = [(c, variable(symbol.name)) for c, symbol in zip(form, inputs, strict=False)]
    return arranged([*items, (form[-1], ONE)])


def form_expression(form: Form, inputs: Sequence[Symbol]) -> Expr:
    """The form as a SymPy expression."""
    items = zip(form, inputs, strict=False)
    return Add(*(sympy_rational(c) * symbol for c, symbol in items), sympy_rational(form[-1]))


def sympy_rational(value: Fraction) -> Rational:
    """The number as SymPy has it."""
    return Rational(value.numerator, value.denominator)
