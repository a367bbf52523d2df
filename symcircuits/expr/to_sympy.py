"""`to_sympy`: a term as a SymPy expression of the same function.

>>> from symcircuits.kernel.term import total, variable
>>> x, y = variable("x"), variable("y")
>>> to_sympy(total([(Fraction(1), Term("max", (x, y))), (Fraction(-1, 2), Term("abs", (x,)))]))
-Abs(x)/2 + Max(x, y)

SymPy may combine sums and products (it spreads 2*(x + y) and cancels x - x), and nothing else: relu, Abs, Max and Min
are made unevaluated, so that what is printed is what the term says. `doit()` evaluates them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from sympy import Abs, Add, Expr, Max, Min, Mul, Pow, Rational, S, Symbol

from symcircuits.expr.relu import relu
from symcircuits.kernel.term import Term, table
from symcircuits.kernel.text import Row

NODES = 4000
LEVELS = 80


def to_sympy(term: Term, symbols: Mapping[str, Symbol] | None = None) -> Expr:
    """The expression that denotes the term's function; a variable is `symbols[name]`, else `Symbol(name, real=True)`.

    Equal parts of the term become one object of the expression, and depth is no limit: a part of more than `NODES`
    nodes, counted as a tree, or `LEVELS` levels is put together as it stands, because SymPy sorts and combines
    by walking the whole tree recursively.

    >>> from symcircuits.kernel.term import scale, variable
    >>> to_sympy(scale(variable("x"), variable("w"), -1), {"w": Symbol("omega", positive=True)})
    x/omega
    """
    rows, (root,) = table(term)
    known = dict(symbols or {})
    made: list[Expr] = []
    sizes: list[tuple[int, int]] = []
    for row in rows:
        parts = [sizes[index] for index in row[1]]
        size = min(1 + sum(nodes for nodes, _ in parts), NODES + 1)
        level = 1 + max((levels for _, levels in parts), default=0)
        sizes.append((size, level))
        made.append(_made(row, [made[index] for index in row[1]], known, size <= NODES and level <= LEVELS))
    return made[root]


def _made(row: Row, parts: Sequence[Expr], symbols: Mapping[str, Symbol], tidy: bool) -> Expr:
    kind, _, coefficients, name, exponent = row
    match kind:
        case "one":
            return S.One
        case "variable":
            return symbols[name] if name in symbols else Symbol(name, real=True)
        case "sum":
            return _sum(coefficients, parts, tidy)
        case "relu":
            return relu(parts[0], evaluate=False)
        case "abs":
            return Abs(parts[0], evaluate=False)
        case "max":
            return _extreme(Max, parts, tidy)
        case "min":
            return _extreme(Min, parts, tidy)
        case "scale":
            return Mul(parts[0], Pow(parts[1], exponent), evaluate=tidy)
        case _:
            raise ValueError(f"no such kind of term: {kind!r}")


def _sum(coefficients: Sequence[Fraction], parts: Sequence[Expr], tidy: bool) -> Expr:
    factors = [Rational(factor.numerator, factor.denominator) for factor in coefficients]
    if tidy:
        return Add(*(Mul(factor, part) for factor, part in zip(factors, parts, strict=True)))
    pairs = [(factor, part) for factor, part in zip(factors, parts, strict=True) if factor]
    items = [part if factor is S.One else Mul(factor, part, evaluate=False) for factor, part in pairs]
    return Add(*items, evaluate=False)


def _extreme(kind: type[Expr], parts: Sequence[Expr], tidy: bool) -> Expr:
    """Max or Min of the parts; SymPy's own constructor sorts them, in time exponential in the depth of sharing."""
    if tidy:
        return kind(*parts, evaluate=False)
    distinct = tuple(dict.fromkeys(parts))
    if len(distinct) == 1:
        return distinct[0]
    made = Expr.__new__(kind, *distinct)
    made._argset = frozenset(distinct)
    return made
