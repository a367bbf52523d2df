"""What may stand on a wire: symbols, affine forms of wires with exact weights, exact numbers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from sympy import Expr, Symbol, SympifyError, sympify

from symcircuits.errors import InvalidCircuit, NotPiecewiseLinear
from symcircuits.expr.from_sympy import from_sympy
from symcircuits.kernel.term import evaluate


def is_signed(symbol: Symbol) -> bool:
    """Whether SymPy knows the symbol to be positive or negative, so that it may stand for a weight."""
    return bool(symbol.is_positive or symbol.is_negative)


def as_wire(symbol: Any, place: str) -> Symbol:
    """The symbol, if it can carry any real number; `InvalidCircuit` if it cannot."""
    if not isinstance(symbol, Symbol) or symbol.is_real is False:
        raise InvalidCircuit(f"{place}: {symbol!r} is not a symbol for a real number; use Symbol(name, real=True)")
    if any(fact is not None for fact in (symbol.is_nonnegative, symbol.is_nonpositive, symbol.is_integer)):
        raise InvalidCircuit(f"{place}: {symbol} is assumed to be less than every real; use Symbol(name, real=True)")
    return symbol


def as_expression(value: Any, place: str) -> Expr:
    """The SymPy expression that a number or an expression is; text is not evaluated but refused."""
    try:
        expression = sympify(value, strict=True)
    except SympifyError:
        raise InvalidCircuit(f"{place}: {value!r} is not a SymPy expression") from None
    if not isinstance(expression, Expr):
        raise InvalidCircuit(f"{place}: {value!r} is not a SymPy expression")
    return expression


def coefficients(expression: Expr, wires: Sequence[Symbol], place: str) -> tuple[list[Expr], Expr]:
    """The coefficients of an affine form on the wires, and its constant; `InvalidCircuit` names the place.

    They are rational, or rational times parameters and their inverses.
    """
    expanded = expression.expand()
    on_wires = [expanded.coeff(wire) for wire in wires]
    rest = (expanded - sum(c * wire for c, wire in zip(on_wires, wires, strict=True))).expand()
    for part in (*on_wires, rest):
        strangers = {symbol for symbol in part.free_symbols if not is_signed(symbol)}
        if strangers:
            raise InvalidCircuit(f"{place}: {_complaint(expression, strangers, wires)}")
        if not (part.free_symbols or part.is_Rational):
            raise InvalidCircuit(f"{place}: {part} in {expression} is not rational; write it as a sympy.Rational")
    try:
        from_sympy(expression, parameters=[symbol.name for symbol in expression.free_symbols if is_signed(symbol)])
    except NotPiecewiseLinear as error:
        raise InvalidCircuit(f"{place}: {error}") from None
    return on_wires, rest


def _complaint(expression: Expr, strangers: set[Symbol], wires: Sequence[Symbol]) -> str:
    namesake = next((s for s in strangers if s not in wires and s.name in {wire.name for wire in wires}), None)
    if namesake is not None:
        return f"the symbol {namesake} in {expression} has other assumptions than the wire {namesake}; use one symbol"
    names = ", ".join(wire.name for wire in wires) or "none"
    return f"{expression} is not affine in the wires before it ({names}) with known weights"


def exact(value: Any) -> Fraction:
    """A number as the exact rational it is; `InvalidCircuit` for what is not a finite number.

    >>> from sympy import Rational
    >>> exact("1/3"), exact(0.5), exact(Rational(2, 7))
    (Fraction(1, 3), Fraction(1, 2), Fraction(2, 7))
    """
    try:
        return evaluate(from_sympy(value), {}) if isinstance(value, Expr) else Fraction(value)
    except (TypeError, ValueError, KeyError, OverflowError, ZeroDivisionError):
        raise InvalidCircuit(f"{value!r} is not an exact finite number") from None
