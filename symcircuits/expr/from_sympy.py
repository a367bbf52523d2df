"""`from_sympy`: a SymPy expression, read as a term; nothing is simplified, approximated or distributed.

>>> from sympy import Max, Rational, Symbol
>>> from symcircuits.expr.relu import relu
>>> x, y = Symbol("x", real=True), Symbol("y", real=True)
>>> print(from_sympy(Max(x, y) - Rational(1, 2) * relu(x - 1)))
-relu(x - 1)/2 + max(x, y)

The reading goes one level at a time: `_opened` describes a single node as a `Layer`, a term whose parts are still
expressions, and a loop over the layers puts the terms together. Equal parts become the same object, and depth is no
limit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from math import prod
from typing import Any, NamedTuple, NoReturn

from sympy import (
    Abs,
    Add,
    And,
    Basic,
    Eq,
    Expr,
    Float,
    Function,
    Ge,
    Gt,
    Heaviside,
    Le,
    Lt,
    Max,
    Min,
    Mul,
    Ne,
    Not,
    Number,
    Or,
    Piecewise,
    Pow,
    Rational,
    S,
    Symbol,
    SympifyError,
    sympify,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom, BooleanFunction

from symcircuits.errors import ClaimError, NotPiecewiseLinear
from symcircuits.expr.build import Refusal
from symcircuits.expr.conditions import Condition, Every, Some, comparisons, negation, unequal
from symcircuits.expr.relu import is_small, recognised, relu, subexpressions
from symcircuits.kernel.certificate import is_name
from symcircuits.kernel.term import ONE, Claim, Comparison, Range, Term, constant, subterms, variable

SHOWN = 60
LONG = 300
EXPONENT = 100_000
POWER = 16
KINDS: dict[type[Expr], str] = {relu: "relu", Abs: "abs", Max: "max", Min: "min"}
RELATIONS: dict[type[Basic], str] = {Eq: "==", Le: "<=", Ge: ">=", Lt: "<", Gt: ">"}
MAY_DIFFER: dict[type[Basic], str] = {**RELATIONS, Ne: "!="}
IMPLIED = (
    ("is_zero", "=="),
    ("is_extended_positive", ">"),
    ("is_extended_negative", "<"),
    ("is_extended_nonnegative", ">="),
    ("is_extended_nonpositive", "<="),
)


class Layer(NamedTuple):
    """One node: the fields of a `Term`, its parts still expressions; the kind "same" stands for its one part."""

    kind: str
    parts: tuple[Expr, ...] = ()
    coefficients: tuple[Fraction, ...] = ()
    name: str = ""
    exponent: int = 0


def from_sympy(expression: Any, parameters: Collection[str] = (), products: bool = False) -> Term:
    """The term that denotes the same function of real variables as the expression.

    Read are symbols, rationals, sums, rational multiples, relu, Max, Min, Abs, t*Heaviside(t), a continuous
    Piecewise with linear conditions (`read_piecewise`), and products and quotients by a parameter: a symbol known to
    SymPy as positive or negative, or one whose name is among the parameters. A Float is the binary rational it holds:
    `Float("0.1")` is not 1/10. With `products`, factors may vary, as over finite domains and in bounds of errors.

    Raises `NotPiecewiseLinear`, naming the part, for anything else, and `ClaimError` for a symbol whose name cannot
    name a variable or which is not the only symbol of that name.

    >>> from sympy import Symbol, sin
    >>> w, x = Symbol("w", positive=True), Symbol("x", real=True)
    >>> print(from_sympy(relu(w * x) + x / 2 + 0.1))
    x/2 + relu(w*x) + 3602879701896397/36028797018963968
    >>> from_sympy(relu(sin(x)))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    symcircuits.errors.NotPiecewiseLinear: sin(x): the function sin is not piecewise linear; ...
    """
    return _terms([_expression(expression)], parameters, products)[0]


def assumed(expression: Any) -> tuple[Comparison, ...]:
    """The signs that SymPy assumes of the expression's symbols, as comparisons with 0 in the order of the names.

    >>> from sympy import Symbol
    >>> x, w = Symbol("x", nonnegative=True), Symbol("w", positive=True)
    >>> [(entry.left, entry.relation, entry.right) for entry in assumed(w * x + Symbol("a", real=True))]
    [(w, '>', 0), (x, '>=', 0)]
    """
    return _assumed([_expression(expression)])


def claim_from_sympy(relation: Any, where: Iterable[Any] = (), parameters: Collection[str] = ()) -> Claim:
    """The claim that a relation between two expressions holds, `where` given and the signs assumed of the symbols.

    The relation is an Eq, Le, Ge, Lt or Gt, or a pair of sides that are claimed equal. `where` holds such relations,
    Ne, and And, Or and Not of them, or the kernel's own comparisons and ranges; one that SymPy has evaluated to true
    is dropped. The claim, but not its domain, may have products of expressions that vary.

    Raises as `from_sympy` does, and `ClaimError` for a relation that SymPy has evaluated or that is none of these.

    >>> from sympy import Eq, Max, Symbol
    >>> x, w = Symbol("x", real=True), Symbol("w", positive=True)
    >>> print(claim_from_sympy(Eq(relu(w * x), w * relu(x)), where=[x <= 1]))
    for all real x, w with x <= 1, w > 0: relu(w*x) == w*relu(x)
    >>> print(claim_from_sympy((Max(x, 0), relu(x)), where=[abs(x) < 3, (x < -1) | (x > 1)]))
    for all real x with abs(x) < 3, max(-x - 1, x - 1) > 0: max(0, x) == relu(x)
    """
    where = tuple(where)
    ranges = tuple(entry for entry in where if isinstance(entry, Range))
    unasked = [entry for entry in where if isinstance(entry, bool | BooleanAtom) and entry]
    given = [entry for entry in where if not isinstance(entry, Range) and not any(entry is one for one in unasked)]
    leaves = [leaf for entry in given if not isinstance(entry, Comparison) for leaf in _leaves(entry)]
    relations = [_relation(relation), *(_relation(leaf, MAY_DIFFER) for leaf in leaves)]
    sides = [side for left, _, right in relations for side in (left, right)]
    terms = _terms(sides, parameters, products=True)
    rows = zip(terms[::2], relations, terms[1::2], strict=True)
    goal, *others = (Comparison(left, name, right) for left, (_, name, _), right in rows)
    product = next((f"{row.left} {row.relation} {row.right}" for row in others if _has_products(row)), None)
    if product is not None:
        raise ClaimError(f"the domain {product:.200} has a product or quotient; give piecewise-linear constraints")
    read = iter(others)
    domain = [part for entry in given for part in ([entry] if isinstance(entry, Comparison) else _parts(entry, read))]
    return Claim(goal, (*domain, *(entry for entry in _assumed(sides) if entry not in domain)), ranges)


def _has_products(comparison: Comparison) -> bool:
    return any(part.kind == "scale" for part in subterms((comparison.left, comparison.right)))


def _leaves(entry: Any) -> Iterator[Any]:
    """The relations that And, Or and Not join, in the order in which `_condition` reads them."""
    if isinstance(entry, And | Or | Not):
        for part in _sorted(entry):
            yield from _leaves(part)
    elif isinstance(entry, BooleanFunction):
        raise ClaimError(f"{entry!s:.60}: only And, Or and Not may join relations in a domain")
    else:
        yield entry


def _sorted(entry: Basic) -> list[Basic]:
    return sorted(entry.args, key=str)  # SymPy's own order may change from run to run


def _parts(entry: Any, leaves: Iterator[Comparison]) -> list[Comparison]:
    try:
        return list(comparisons(_condition(entry, leaves)))
    except Refusal as refusal:
        raise ClaimError(f"in the domain: {refusal}") from None


def _condition(entry: Any, leaves: Iterator[Comparison]) -> Condition:
    """The condition that an entry of a domain is, its relations taken from the leaves one by one."""
    match entry:
        case And():
            return Every(tuple(_condition(part, leaves) for part in _sorted(entry)))
        case Or():
            return Some(tuple(_condition(part, leaves) for part in _sorted(entry)))
        case Not():
            return negation(_condition(entry.args[0], leaves))
    leaf = next(leaves)
    return unequal(leaf.left, leaf.right) if leaf.relation == "!=" else leaf


def _expression(value: Any) -> Basic:
    """A number or expression as SymPy's; text is refused, because SymPy would run it as Python."""
    try:
        return sympify(value, strict=True)
    except SympifyError:
        raise NotPiecewiseLinear(f"not a SymPy expression: {value!r:.60}; text is read by the parser") from None


def _assumed(roots: Iterable[Basic]) -> tuple[Comparison, ...]:
    symbols = {part.name: part for part in subexpressions(roots) if isinstance(part, Symbol)}
    found = []
    for name, symbol in sorted(symbols.items()):
        relation = next((relation for fact, relation in IMPLIED if getattr(symbol, fact)), None)
        if relation:
            found.append(Comparison(variable(name), relation, constant(0)))
    return tuple(found)


def _relation(relation: Any, relations: Mapping[type[Basic], str] = RELATIONS) -> tuple[Basic, str, Basic]:
    if isinstance(relation, tuple) and len(relation) == 2:
        return _expression(relation[0]), "==", _expression(relation[1])
    if isinstance(relation, tuple) and len(relation) == 3 and str(relation[1]) in relations.values():
        return _expression(relation[0]), str(relation[1]), _expression(relation[2])
    if isinstance(relation, bool | BooleanAtom):
        raise ClaimError(
            f"SymPy has already evaluated this relation to {relation}; pass a triple such as "
            '(left, "<=", right), or make it with evaluate=False'
        )
    for kind, name in relations.items():
        if isinstance(relation, kind):
            return relation.args[0], name, relation.args[1]
    shown = f"{relation!s:.60}"
    raise ClaimError(f"not a relation: {shown}; use Eq, Le, Ge, Lt, Gt, a pair of sides, or (left, '<=', right)")


def _terms(roots: Sequence[Basic], parameters: Collection[str], products: bool = False) -> list[Term]:
    signed = frozenset(parameters)
    interned: dict[tuple[Any, ...], Term] = {}
    made: dict[int, Term] = {}
    for expression, layer in _layers(roots, signed, products).values():
        if layer.kind == "same":
            made[id(expression)] = made[id(layer.parts[0])]
            continue
        parts = tuple(made[id(part)] for part in layer.parts)
        key = (layer.kind, *map(id, parts), layer.coefficients, layer.name, layer.exponent)
        term = ONE if layer.kind == "one" else Term(layer.kind, parts, *layer[2:])
        made[id(expression)] = interned.setdefault(key, term)
    return [made[id(root)] for root in roots]


def _layers(
    roots: Sequence[Basic], parameters: Collection[str], products: bool = False
) -> dict[int, tuple[Basic, Layer]]:
    """The layer of every node by its id, parts before wholes; it holds the nodes, so that no id is used again."""
    opened: dict[int, tuple[Basic, Layer]] = {}
    finished: dict[int, tuple[Basic, Layer]] = {}
    stack = list(reversed(roots))
    while stack:
        expression = stack[-1]
        if id(expression) in opened:
            stack.pop()
            finished.setdefault(id(expression), opened[id(expression)])
            continue
        layer = _opened(expression, parameters, products)
        opened[id(expression)] = (expression, layer)
        stack.extend(part for part in reversed(layer.parts) if id(part) not in opened)
    _check_names((layer.name, symbol) for symbol, layer in finished.values() if layer.kind == "variable")
    return finished


def _check_names(named: Iterable[tuple[str, Basic]]) -> None:
    known: dict[str, Basic] = {}
    for name, symbol in named:
        if known.setdefault(name, symbol) != symbol:
            raise ClaimError(f"two different symbols are called {name}, their assumptions differ; rename one of them")


def _opened(expression: Basic, parameters: Collection[str], products: bool) -> Layer:
    """One node described; raises `NotPiecewiseLinear` if no term can have it on top."""
    match expression:
        case Symbol():
            return Layer("variable", name=_name(expression))
        case Number():
            value = _rational(expression)
            return Layer("one") if value == 1 else Layer("sum", *(((S.One,), (value,)) if value else ()))
        case Add():
            items = _ordered([_multiple(part) for part in expression.args])
            return Layer("sum", tuple(part for _, part in items), tuple(factor for factor, _ in items))
        case Mul():
            return _product(expression, parameters, products)
        case Pow() if _is_parameter(expression, parameters):
            return _scaled([expression])
        case Pow() if products and expression.exp.is_Integer and 1 < expression.exp <= POWER:
            base, exponent = expression.args
            return Layer("scale", (base if exponent == 2 else Pow(base, exponent - 1), base), exponent=1)
        case Piecewise():
            known = recognised(expression)
            return Layer("same", (_continuous(expression) if known is None else known,))
    kind = KINDS.get(type(expression))
    return Layer(kind, expression.args) if kind else _refuse(expression)


def _continuous(piecewise: Piecewise) -> Expr:
    """The same function written with relu, Max and Min."""
    from symcircuits.expr.piecewise import read_piecewise  # here because it reads the branches with this module
    from symcircuits.expr.to_sympy import to_sympy

    symbols = {symbol.name: symbol for symbol in piecewise.free_symbols}
    return to_sympy(read_piecewise(piecewise).term, symbols)


def _ordered(items: list[tuple[Fraction, Expr]]) -> list[tuple[Fraction, Expr]]:
    """The items with constants last, as in a - 1, unless the others would begin with a minus sign, as in 1 - a."""
    others = [item for item in items if item[1] is not S.One]
    constants = [item for item in items if item[1] is S.One]
    return others + constants if others and others[0][0] > 0 else constants + others


def _name(symbol: Symbol) -> str:
    if not symbol.is_commutative or symbol.is_extended_real is False or symbol.is_finite is False:
        _refuse(symbol, "the symbol does not stand for a real number; use Symbol(name, real=True)")
    signed = symbol.is_zero or symbol.is_positive or symbol.is_negative
    if not signed and symbol.is_zero is False:
        _refuse(symbol, "the symbol is assumed to be nonzero; give it a sign, or use Symbol(name, real=True)")
    if symbol.is_irrational or (symbol.is_integer is not None and not symbol.is_zero):
        _refuse(symbol, "the symbol is assumed to be, or not to be, an integer or rational; use real=True instead")
    name = str(symbol.name)
    if not is_name(name):
        raise ClaimError(f"{name!r} cannot name a variable; rename the symbol to an identifier such as x1")
    return name


def _rational(number: Number) -> Fraction:
    """The exact value of a finite number; a Float is the integer times power of two that it holds."""
    if isinstance(number, Float) and abs(number._mpf_[2]) > EXPONENT:
        raise NotPiecewiseLinear(f"a Float with exponent {number._mpf_[2]}: at most {EXPONENT} bits are read")
    if not isinstance(number, Float | Rational):
        _refuse(number)
    exact = Rational(number)
    return Fraction(int(exact.p), int(exact.q))


def _multiple(expression: Expr) -> tuple[Fraction, Expr]:
    """The product of the numbers that are factors on top, and what they multiply."""
    if isinstance(expression, Number):
        return _rational(expression), S.One
    numbers = [part for part in expression.args if isinstance(part, Number)] if isinstance(expression, Mul) else []
    if not numbers:
        return Fraction(1), expression
    others = [part for part in expression.args if not isinstance(part, Number)]
    return prod(map(_rational, numbers), start=Fraction(1)), _unevaluated(others)


def _unevaluated(factors: Sequence[Expr]) -> Expr:
    match factors:
        case []:
            return S.One
        case [single]:
            return single
    return Mul(*factors, evaluate=False)


def _product(product: Mul, parameters: Collection[str], products: bool) -> Layer:
    """The layer of a product: first its numbers, then its parameters, divisors before multipliers."""
    factor, rest = _multiple(product)
    if rest is not product:
        return Layer("sum", (rest,), (factor,))
    known = recognised(product) if any(isinstance(part, Heaviside) for part in product.args) else None
    if known is not None:
        return Layer("same", (known,))
    scales = [part for part in product.args if _is_parameter(part, parameters)]
    others = [part for part in product.args if not _is_parameter(part, parameters)]
    if len(others) > 1 and products and not any(map(_is_constant, others)):
        return Layer("scale", (_unevaluated([*scales, *others[1:]]), others[0]), exponent=1)
    if len(others) > 1:
        _refuse(next((part for part in others if _is_constant(part)), product))
    if not scales:
        return Layer("same", (_unevaluated(others),))
    return _scaled(scales, others)


def _scaled(scales: Sequence[Expr], others: Sequence[Expr] = ()) -> Layer:
    """The layer that multiplies or divides by one of the parameters, a divisor if there is one, and leaves the rest."""
    ordered = sorted(scales, key=lambda part: isinstance(part, Pow) and bool(part.exp < 0))
    *rest, chosen = ordered
    if not isinstance(chosen, Pow):
        return Layer("scale", (_unevaluated([*rest, *others]), chosen), exponent=1)
    sign = 1 if chosen.exp > 0 else -1
    left = [] if chosen.exp == sign else [Pow(chosen.base, chosen.exp - sign)]
    return Layer("scale", (_unevaluated([*rest, *left, *others]), chosen.base), exponent=sign)


def _is_parameter(factor: Expr, parameters: Collection[str]) -> bool:
    """Whether the factor is a parameter, its inverse, or a power of it with an exponent of at most `POWER`."""
    is_power = isinstance(factor, Pow) and factor.exp.is_Integer and -POWER <= factor.exp <= POWER
    symbol = factor.base if is_power else factor
    return isinstance(symbol, Symbol) and bool(symbol.name in parameters or symbol.is_positive or symbol.is_negative)


def _is_constant(factor: Expr) -> bool:
    bases = factor.args if isinstance(factor, Pow) else (factor,)
    return all(base.is_Atom and base.is_number for base in bases)


def _refuse(expression: Basic, reason: str = "") -> NoReturn:
    raise NotPiecewiseLinear(f"{_shown(expression)}: {reason or _reason(expression)}")


def _shown(expression: Basic) -> str:
    """The expression as text, or its kind if it is large: SymPy prints by recursion, and refuses very long integers."""
    if is_small(expression, SHOWN):
        with suppress(ValueError):
            text = str(expression)
            return text if len(text) <= LONG else f"{text[:LONG]}..."
    return f"a large {type(expression).__name__}"


def _reason(expression: Basic) -> str:
    """Why no term has this node on top, and what to write instead."""
    if expression in (S.Infinity, S.NegativeInfinity, S.ComplexInfinity, S.NaN, S.ImaginaryUnit):
        return "not a real number; only finite rational numbers can be read"
    if isinstance(expression, Expr) and _is_constant(expression):
        return "an irrational constant; write a Rational near it"
    match expression:
        case Mul():
            return (
                "a product of two variables is not piecewise linear; a factor whose sign is known may be a "
                "parameter: Symbol(name, positive=True), or name it in parameters"
            )
        case Pow() if expression.exp.is_negative:
            return (
                "only a parameter can be divided by, a symbol whose sign is known: Symbol(name, positive=True), "
                "or name it in parameters"
            )
        case Pow():
            return "a power is not piecewise linear; use relu, Max, Min and Abs"
        case Function():
            return f"the function {type(expression).__name__} is not piecewise linear; use relu, Max, Min and Abs"
        case Relational():
            return "a relation has no value; pass it to claim_from_sympy"
    return "not an expression of sums, rational multiples, relu, Max, Min and Abs"
