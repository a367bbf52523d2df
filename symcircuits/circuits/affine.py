"""What may stand on a wire: symbols, affine forms of wires with exact weights, exact numbers."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sympy import Add, Expr, Mul, S, Symbol, SympifyError, sympify

from symcircuits.errors import InvalidCircuit, NotPiecewiseLinear
from symcircuits.expr.from_sympy import from_sympy
from symcircuits.kernel.certificate import is_name
from symcircuits.kernel.evaluate import VALUES
from symcircuits.kernel.term import Term, evaluate, subterms

SHOWN = 12
"""How many wires an error message lists."""


def is_signed(symbol: Symbol) -> bool:
    """Whether SymPy knows the symbol to be positive or negative, so that it may stand for a weight."""
    return bool(symbol.is_positive or symbol.is_negative)


def as_wire(symbol: Any, place: str) -> Symbol:
    """The symbol, if it can carry any real number; `InvalidCircuit` if it cannot."""
    if not isinstance(symbol, Symbol) or symbol.is_real is False:
        raise InvalidCircuit(f"{place}: {symbol!r} is not a symbol for a real number; use Symbol(name, real=True)")
    if any(fact is not None for fact in (symbol.is_nonnegative, symbol.is_nonpositive, symbol.is_integer)):
        raise InvalidCircuit(f"{place}: {symbol} is assumed to be less than every real; use Symbol(name, real=True)")
    if not is_name(symbol.name):
        raise InvalidCircuit(f"{place}: {symbol.name!r} cannot name a wire; use an identifier such as x1")
    return symbol


def as_expression(value: Any, place: str) -> Expr:
    """The SymPy expression that a number or an expression is; text is not evaluated but refused."""
    if isinstance(value, Expr):
        return value
    try:
        expression = sympify(value, strict=True)
    except SympifyError:
        raise InvalidCircuit(f"{place}: {value!r} is not a SymPy expression") from None
    if not isinstance(expression, Expr):
        raise InvalidCircuit(f"{place}: {value!r} is not a SymPy expression")
    return expression


def affine_items(expression: Expr, wires: Container[Symbol], place: str) -> tuple[dict[Symbol, Expr], Expr]:
    """The coefficients that are not 0 of an affine form, by wire, and its constant; `InvalidCircuit` names the place.

    They are rational, or rational times parameters and their inverses.

    >>> from sympy import symbols
    >>> a, b = symbols("a b", real=True)
    >>> affine_items(2 * (a - 1) + (a - b) + b, (a, b), "here")
    ({a: 3}, -2)
    """
    if isinstance(expression, Symbol) and expression in wires:
        return {expression: S.One}, S.Zero
    found: dict[Symbol, list[Expr]] = {}
    rest: list[Expr] = []
    for item in Add.make_args(expression.expand()):
        factor, wire = _on_wire(item, wires)
        if wire is None:
            rest.append(item)
        else:
            found.setdefault(wire, []).append(factor)
    items = {wire: Add(*factors) for wire, factors in found.items()}
    constant = Add(*rest)
    for part in (*items.values(), constant):
        _check_weight(part, expression, wires, place)
    if any(part.free_symbols for part in (*items.values(), constant)):
        try:
            from_sympy(expression, parameters=[symbol.name for symbol in expression.free_symbols if is_signed(symbol)])
        except NotPiecewiseLinear as error:
            raise InvalidCircuit(f"{place}: {error}") from None
    return items, constant


def _on_wire(item: Expr, wires: Container[Symbol]) -> tuple[Expr, Symbol | None]:
    """The one wire that is a factor of a product, and the product of the other factors."""
    factors = Mul.make_args(item)
    place = next((at for at, factor in enumerate(factors) if isinstance(factor, Symbol) and factor in wires), None)
    if place is None:
        return item, None
    return Mul(*factors[:place], *factors[place + 1 :]), factors[place]


def _check_weight(part: Expr, expression: Expr, wires: Container[Symbol], place: str) -> None:
    if part.is_Rational:
        return
    strangers = {symbol for symbol in part.free_symbols if not is_signed(symbol)}
    if strangers:
        raise InvalidCircuit(f"{place}: {_complaint(expression, strangers, wires)}")
    if not part.free_symbols:
        raise InvalidCircuit(f"{place}: {part} in {expression} is not rational; write it as a sympy.Rational")


def coefficients(expression: Expr, wires: Sequence[Symbol], place: str) -> tuple[list[Expr], Expr]:
    """The coefficients of an affine form on the wires, in their order, and its constant, as `affine_items` has them."""
    items, constant = affine_items(expression, frozenset(wires), place)
    return [items.get(wire, S.Zero) for wire in wires], constant


def _complaint(expression: Expr, strangers: set[Symbol], wires: Container[Symbol]) -> str:
    known = list(wires) if isinstance(wires, Iterable) else []
    names = [wire.name for wire in known]
    namesake = next((s for s in sorted(strangers, key=str) if s not in wires and s.name in names), None)
    if namesake is not None:
        return f"the symbol {namesake} in {expression} has other assumptions than the wire {namesake}; use one symbol"
    shown = ", ".join([*names[:SHOWN], "..."] if len(names) > SHOWN else names) or "none"
    return f"{expression} is not affine in the wires before it ({shown}) with known weights"


def evaluate_all(roots: Iterable[Term], point: Mapping[str, Fraction]) -> list[Fraction]:
    """The exact values of terms at a point; what they share is evaluated once.

    >>> from symcircuits.expr.parse import parse_expression
    >>> evaluate_all([parse_expression("relu(a - b)"), parse_expression("a/2")], {"a": Fraction(3), "b": Fraction(1)})
    [Fraction(2, 1), Fraction(3, 2)]
    """
    roots = tuple(roots)
    value: dict[int, Fraction] = {}
    for term in subterms(roots):
        parts = [value[id(part)] for part in term.args]
        value[id(term)] = point[term.name] if term.kind == "variable" else VALUES[term.kind](term, parts)
    return [value[id(root)] for root in roots]


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
