"""`relu`, the positive part, as a SymPy function; and `rewrite_as_relu`, which writes Max, Min and Abs with it.

>>> from sympy import Max, Symbol
>>> x = Symbol("x", real=True)
>>> relu(relu(x)), relu(-3), relu(x).subs(x, 5), relu(x).diff(x)
(relu(x), 0, 5, Heaviside(x, 0))
>>> relu(x).rewrite(Max)
Max(0, x)
>>> rewrite_as_relu(Max(0, x))
relu(x)

SymPy's `rewrite` asks the class it leaves, not the class it goes to, so the way back is a function of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sympy import (
    Abs,
    Basic,
    Expr,
    Function,
    Ge,
    Gt,
    Heaviside,
    Le,
    Lt,
    Max,
    Min,
    Mul,
    Piecewise,
    S,
)
from sympy.core.function import ArgumentIndexError
from sympy.printing.pycode import SymPyPrinter

SMALL = 64


class relu(Function):
    r"""relu(t) = max(0, t) for extended real t; its derivative is taken to be 0 at t = 0.

    A number, and an argument of at most `SMALL` nodes whose sign SymPy knows, are evaluated; everything else stays as
    it is, so that making a `relu` costs the same at any depth. The derivative is `Heaviside(t, 0)`: the value 0 at the
    kink is the one that automatic differentiation uses, where `Max(0, t).diff()` has 1/2.

    Raises `ValueError` for an argument that cannot be real, as Max does.

    >>> from sympy import Rational, Symbol, latex, oo
    >>> p = Symbol("p", positive=True)
    >>> relu(p), relu(-p), relu(Rational(-1, 2)), relu(oo), relu(-oo)
    (p, 0, 0, oo, 0)
    >>> x = Symbol("x", real=True)
    >>> relu(x).is_nonnegative, relu(x).is_positive, relu(x**2 + 1)
    (True, None, x**2 + 1)
    >>> print(latex(relu(x - 1) ** 2))
    \operatorname{relu}\left(x - 1\right)^{2}
    """

    is_extended_real = True
    is_extended_nonnegative = True
    is_extended_negative = False

    @classmethod
    def eval(cls, argument: Expr) -> Expr | None:
        """The value where it is cheap to know, else None."""
        if not isinstance(argument, Expr):
            raise ValueError(f"relu({argument}): the argument is not real")
        if argument.is_Number or argument is S.ComplexInfinity:
            return S.NaN if argument in (S.NaN, S.ComplexInfinity) else max(argument, S.Zero)
        if isinstance(argument, relu | Abs):
            return argument
        if not is_small(argument, SMALL):
            return None
        if _is_known_unreal(argument):
            raise ValueError(f"relu({argument}): the argument is not real")
        if argument.is_extended_nonnegative:
            return argument
        return S.Zero if argument.is_extended_nonpositive else None

    def fdiff(self, argindex: int = 1) -> Expr:
        """The derivative with respect to the argument, 0 where the argument is 0."""
        if argindex != 1:
            raise ArgumentIndexError(self, argindex)
        return Heaviside(self.args[0], 0)

    def _eval_is_zero(self) -> bool | None:
        argument = self.args[0]
        if argument.is_extended_nonpositive:
            return True
        return False if argument.is_extended_positive else None

    def _eval_is_extended_positive(self) -> bool | None:
        known: bool | None = self.args[0].is_extended_positive
        return known

    def _eval_is_finite(self) -> bool | None:
        argument = self.args[0]
        if argument.is_finite or argument.is_extended_nonpositive:
            return True
        return False if argument.is_infinite and argument.is_extended_positive else None

    def _kept(self, fact: str) -> bool | None:
        """A fact that 0 has, and that relu(t) therefore has where t has it."""
        argument = self.args[0]
        known: bool | None = getattr(argument, fact)
        if known or argument.is_extended_nonpositive:
            return True
        return known if argument.is_extended_positive else None

    def _eval_is_integer(self) -> bool | None:
        return self._kept("is_integer")

    def _eval_is_rational(self) -> bool | None:
        return self._kept("is_rational")

    def _eval_is_algebraic(self) -> bool | None:
        return self._kept("is_algebraic")

    def _eval_conjugate(self) -> Expr:
        return self

    def _eval_evalf(self, prec: int) -> Expr:
        return self.func(self.args[0]._evalf(prec))

    def _eval_rewrite_as_Max(self, argument: Expr, **hints: Any) -> Expr:
        return Max(0, argument)

    def _eval_rewrite_as_Min(self, argument: Expr, **hints: Any) -> Expr:
        return -Min(0, -argument)

    def _eval_rewrite_as_Abs(self, argument: Expr, **hints: Any) -> Expr:
        return (argument + Abs(argument)) / 2

    def _eval_rewrite_as_Heaviside(self, argument: Expr, **hints: Any) -> Expr:
        return argument * Heaviside(argument)

    def _eval_rewrite_as_Piecewise(self, argument: Expr, **hints: Any) -> Expr:
        return Piecewise((argument, argument > 0), (0, True))

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        body = rf"\operatorname{{relu}}\left({printer._print(self.args[0])}\right)"
        return body if exp is None else f"{body}^{{{exp}}}"

    def _pythoncode(self, printer: Any) -> str:
        if isinstance(printer, SymPyPrinter):
            return str(printer._print_Function(self))
        return f"max({printer._print(self.args[0])}, 0)"

    _lambdacode = _mpmathcode = _pythoncode

    def _numpycode(self, printer: Any) -> str:
        maximum = printer._module_format(f"{printer._module}.maximum")
        return f"{maximum}({printer._print(self.args[0])}, 0)"

    _cupycode = _jaxcode = _numpycode


def is_small(expression: Basic, limit: int) -> bool:
    """Whether the expression has at most `limit` nodes as a tree, found in at most `limit` steps.

    >>> from sympy.abc import x
    >>> is_small(2 * x, 3), is_small(2 * x + 1, 3)
    (True, False)
    """
    stack = [expression]
    for _ in range(limit):
        if not stack:
            return True
        stack.extend(stack.pop().args)
    return not stack


def _is_known_unreal(argument: Expr) -> bool:
    return is_small(argument, SMALL) and argument.is_extended_real is False


def rewrite_as_relu(expression: Expr) -> Expr:
    """The expression with Max, Min, Abs, t*Heaviside(t) and the usual Piecewise forms written with relu and sums.

    Symbols stand for real numbers. What is none of these forms is left as it is. Walks without recursion.

    >>> from sympy.abc import x, y, z
    >>> rewrite_as_relu(Max(x, y) + Abs(z))
    y + relu(-z) + relu(z) + relu(x - y)
    >>> rewrite_as_relu(Min(x, 2) + Piecewise((x, x > 0), (0, True)))
    x + relu(x) - relu(x - 2)
    """
    done: dict[int, Expr] = {}
    for part in subexpressions([expression]):
        done[id(part)] = _rewritten(part, [done[id(argument)] for argument in part.args])
    return done[id(expression)]


def subexpressions(roots: Iterable[Basic]) -> Iterator[Basic]:
    """All parts of the roots, each object once, parts before wholes; sharing and depth cost nothing extra.

    >>> from sympy.abc import x
    >>> list(subexpressions([relu(x - 1)]))
    [-1, x, x - 1, relu(x - 1)]
    """
    seen: set[int] = set()
    stack = [(root, False) for root in reversed(tuple(roots))]
    while stack:
        part, entered = stack.pop()
        if entered:
            yield part
        elif id(part) not in seen:
            seen.add(id(part))
            stack.append((part, True))
            stack.extend((argument, False) for argument in reversed(part.args))


def _rewritten(part: Expr, arguments: Sequence[Expr]) -> Expr:
    """One node over rewritten arguments; Abs, Max and Min are never made again, which SymPy does by simplifying."""
    if isinstance(part, Abs) and not _is_known_unreal(arguments[0]):
        return relu(arguments[0]) + relu(-arguments[0])
    if isinstance(part, Max):
        return _folded(arguments)
    if isinstance(part, Min):
        return -_folded([-argument for argument in arguments])
    same = all(old is new for old, new in zip(part.args, arguments, strict=True))
    whole = part if same else part.func(*arguments)
    known = recognised(whole)
    return whole if known is None else rewrite_as_relu(known)


def _folded(parts: Sequence[Expr]) -> Expr:
    """The maximum of the parts; the running maximum is used once in each step, so the size stays linear."""
    largest, *others = sorted(parts, key=lambda part: part is S.Zero)
    for part in others:
        largest = part + relu(largest - part)
    return largest


def recognised(expression: Expr) -> Expr | None:
    """A Piecewise or a product t*Heaviside(t), written with relu, Max, Min or Abs; None if it is not one we know.

    Known are: t*Heaviside(t) times a factor, and a Piecewise with values a, b whose one condition is d > 0 or d >= 0,
    where a - b is a rational multiple of d: it is max(a, b) if the multiple is positive, min(a, b) if it is negative.

    >>> from sympy.abc import x, y
    >>> recognised(Piecewise((x, x > y), (y, True))), recognised(Piecewise((-x, x < 0), (x, True)))
    (Max(x, y), Abs(x))
    >>> recognised(3 * x * Heaviside(x)), recognised(Piecewise((x, x > 0), (y, True)))
    (3*relu(x), None)
    """
    if isinstance(expression, Mul):
        return _from_heaviside(expression)
    if not isinstance(expression, Piecewise) or len(expression.args) != 2:
        return None
    (yes, condition), (no, otherwise) = (tuple(branch.args) for branch in expression.args)
    if not isinstance(condition, Gt | Ge | Lt | Le) or otherwise not in (S.true, ~condition):
        return None
    return _from_choice(yes, no, condition.gts - condition.lts)


def _from_choice(yes: Expr, no: Expr, difference: Expr) -> Expr | None:
    """`yes` where the difference is positive, `no` where it is negative, if that is continuous for a visible reason."""
    _, direction = difference.primitive()
    _, step = (yes - no).primitive()
    if step == direction:
        if yes == -no:
            return Abs(yes)
        return relu(yes + no) if S.Zero in (yes, no) else Max(yes, no)
    if step == -direction:
        return -Abs(yes) if yes == -no else Min(yes, no)
    return None


def _from_heaviside(product: Mul) -> Expr | None:
    steps = [factor for factor in product.args if isinstance(factor, Heaviside)]
    if len(steps) != 1 or not steps[0].args[1].is_finite:
        return None
    argument = steps[0].args[0]
    others = [factor for factor in product.args if factor is not steps[0]]
    if argument in others:
        others.remove(argument)
        return Mul(*others, relu(argument))
    factor, rest = Mul(*others).as_coeff_Mul(rational=True)
    divisor, bare = argument.as_coeff_Mul(rational=True)
    return factor / divisor * relu(argument) if rest == bare else None
