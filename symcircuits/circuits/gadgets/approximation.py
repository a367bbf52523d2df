"""Squares, products, powers and polynomials on [0, 1] to within a proved error, with any precision.

Yarotsky (2017, arXiv:1610.01145): with tent(x) = 2*relu(x) - 4*relu(x - 1/2), the square is approximated by

    square_m(x) = x - sum of tent^k(x) / 4**k for k = 1 ... m,       0 <= square_m(x) - x**2 <= 4**-(m + 1).

The proof is an induction: 4*(square_m(x) - x**2) is the error of square_(m-1) at tent(x), for x <= 1/2 and x >= 1/2
alike; `square_levels` has it for every m at once. A product is 2*s**2 - x**2/2 - y**2/2 for s = (x + y)/2; powers
multiply by x and clip to [0, 1], so that errors add up and do not grow; polynomials are sums of powers. The
certificates are written down from these formulas; nothing is searched, and their length grows with the square of m.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import accumulate
from typing import Any

from sympy import Expr, Rational, Symbol, symbols

from symcircuits.circuits.affine import exact
from symcircuits.circuits.approximation import Approximation, Script, known, show
from symcircuits.circuits.circuit import Block, Circuit, Neuron
from symcircuits.circuits.gadget import Example, Family, family
from symcircuits.errors import CertificateRejected, InvalidCircuit
from symcircuits.expr.parse import parse_claim
from symcircuits.kernel.induction import EveryLevel
from symcircuits.kernel.number import rational_to_text
from symcircuits.kernel.term import ONE, Claim, Comparison, Term, constant, scale, total, variable
from symcircuits.provers.certificate import Step
from symcircuits.provers.induction import prove_by_induction
from symcircuits.provers.result import Unknown

x, y = variable("x"), variable("y")
ONCE, HALF = Fraction(1), Fraction(1, 2)
UNIT = "0 <= x, x <= 1"
SQUARE = f"{UNIT}, 0 <= y, y <= 1"
Steps = list[Step]
AT_X = (show((0, 1)), show((1, 1)))
"""The conditions 0 <= x and x <= 1 of a theorem, where these are hypotheses 0 and 1."""
CLIP = "relu(t) - relu(t - 1)"


def square_error(m: int) -> Fraction:
    """The largest error of square_m."""
    return Fraction(1, 4 ** (m + 1))


# The functions as terms.


def _relu(t: Term) -> Term:
    return Term("relu", (t,))


def _plus(t: Term, c: Fraction) -> Term:
    return total([(ONCE, t), (c, ONE)])


def _tent(t: Term) -> Term:
    return total([(Fraction(2), _relu(t)), (Fraction(-4), _relu(_plus(t, -HALF)))])


def _square(t: Term, m: int) -> Term:
    tents = accumulate(range(m), lambda inner, _: _tent(inner), initial=t)
    return total([(ONCE, t), *((Fraction(-1, 4**k), tent) for k, tent in enumerate(tents) if k)])


def _product(s: Term, t: Term, m: int) -> Term:
    middle = total([(HALF, s), (HALF, t)])
    return total([(Fraction(2), _square(middle, m)), (-HALF, _square(s, m)), (-HALF, _square(t, m))])


def _power(n: int) -> Term:
    """x**n."""
    return x if n == 1 else scale(_power(n - 1), x)


def _raw(n: int, m: int) -> Term:
    """The approximate product of x and the approximation of x**(n - 1)."""
    return _product(_near(n - 1, m), x, m)


def _near(n: int, m: int) -> Term:
    """The approximation of x**n, in [0, 1]."""
    if n == 1:
        return x
    raw = _raw(n, m)
    return total([(ONCE, _relu(raw)), (-ONCE, _relu(_plus(raw, -ONCE)))])


def power_error(n: int, m: int) -> Fraction:
    """The error that is proved of the approximation of x**n."""
    return 2 * (n - 1) * square_error(m)


# Their theorems: each error has two sides, value >= wanted - bound (below) and value <= wanted + bound.


def _side(below: bool, value: Term, wanted: Term, bound: Fraction) -> Comparison:
    if below:
        return Comparison(_plus(wanted, -bound) if bound else wanted, "<=", value)
    return Comparison(value, "<=", _plus(wanted, bound) if bound else wanted)


def _domain(text: str) -> tuple[Comparison, ...]:
    return parse_claim("0 == 0", text).where


def _square_fact(below: bool, t: Term, m: int) -> Comparison:
    return _side(below, _square(t, m), scale(t, t), Fraction(0) if below else square_error(m))


def _square_theorem(script: Script, m: int, below: bool) -> int:
    claim = Claim(_square_fact(below, x, m), _domain(UNIT))
    first: Steps = [["products", [], [[0, 1, 1]], []] if below else ["products", [], [], [[1, [[1, 0], "-1/2"]]]]]
    return script.theorem(("square", m, below), claim, lambda: _by_halves(script, m, below) if m else first)


def _by_halves(script: Script, m: int, below: bool) -> Steps:
    """On each half the error of square_m at x is a quarter of that of square_(m-1) at t = tent(x)."""
    t, before = _tent(x), _square_theorem(script, m - 1, below)

    def half(bound: int) -> Steps:  # 0 <= t is twice hypothesis `bound`, t <= 1 twice the half's own, number 2
        cited = script.cite(before, {"x": t}, show((bound, 2)), show((2, 2)))
        return [*known(_square_fact(below, t, m - 1), cited), *show((-1, Fraction(1, 4)))]

    return [["split", [[1, 0], "-1/2"]], *half(1), *half(0)]


def _product_theorem(script: Script, m: int, below: bool) -> int:
    """x*y - error <= product(x, y) <= x*y + 2*error for x and y in [0, 1]."""
    bound = square_error(m) if below else 2 * square_error(m)
    claim = Claim(_side(below, _product(x, y, m), scale(y, x), bound), _domain(SQUARE))
    middle = total([(HALF, x), (HALF, y)])
    at_middle = (show((0, HALF), (2, HALF)), show((1, HALF), (3, HALF)))
    at_y = (show((2, 1)), show((3, 1)))

    def steps() -> Steps:
        found: Steps = []
        for t, conditions, side in ((middle, at_middle, below), (x, AT_X, not below), (y, at_y, not below)):
            cited = script.cite(_square_theorem(script, m, side), {"x": t}, *conditions)
            found += known(_square_fact(side, t, m), cited)
        return [*found, *show((-1, 2), (-2, HALF), (-3, HALF))]

    return script.theorem(("product", m, below), claim, steps)


def _unit_theorem(script: Script, n: int, below: bool) -> int:
    """0 <= x**n, or x**n <= 1, for x in [0, 1]."""

    def fact(at: int) -> Comparison:
        return Comparison(constant(0), "<=", _power(at)) if below else Comparison(_power(at), "<=", constant(1))

    def steps() -> Steps:
        if n == 1:
            return show((0 if below else 1, 1))
        before = script.cite(_unit_theorem(script, n - 1, below), {"x": x}, *AT_X)
        # x**n is x**(n-1) times x, and 1 - x**n is (1 - x**(n-1)) times x, plus 1 - x.
        return [*known(fact(n - 1), before), ["products", [] if below else [[1, 1]], [[-1, 0, 1]], []]]

    return script.theorem(("unit", n, below), Claim(fact(n), _domain(UNIT)), steps)


def _power_theorem(script: Script, n: int, m: int, below: bool) -> int:
    """x**n - error <= near(n) <= x**n + error for x in [0, 1]."""
    claim = Claim(_side(below, _near(n, m), _power(n), power_error(n, m)), _domain(UNIT))
    return script.theorem(("power", n, m, below), claim, lambda: _by_product(script, n, m, below) if n > 1 else show())


def _by_product(script: Script, n: int, m: int, below: bool) -> Steps:
    """Errors add: that of the product of x and u = near(n - 1), and that of u times x, as 0 <= x <= 1."""
    u, raw, before, bound = _near(n - 1, m), _raw(n, m), power_error(n - 1, m), power_error(n, m)
    cited = script.cite(_power_theorem(script, n - 1, m, below), {"x": x}, *AT_X)
    steps = known(_side(below, u, _power(n - 1), before), cited)
    product = script.cite(_product_theorem(script, m, below), {"x": u, "y": x}, *_in_unit(script, n - 1, m), *AT_X)
    slack = square_error(m) if below else 2 * square_error(m)
    steps += known(_side(below, raw, scale(x, u), slack), product)
    rest = [[1, before]] if before else []
    steps += known(_side(below, raw, _power(n), bound), [["products", [[-2, 1], *rest], [[-1, 0, 1]], []]])
    unit = [script.cite(_unit_theorem(script, n, side), {"x": x}, *AT_X) for side in (True, False)]
    goal, condition = (f"q - d <= {CLIP}", "q - d <= t") if below else (f"{CLIP} <= q + d", "t <= q + d")
    clip = script.searched(goal, f"0 <= q, q <= 1, {condition}, 0 <= d")
    at = {"t": raw, "q": _power(n), "d": constant(bound)}
    return [*steps, *script.cite(clip, at, *unit, show((-3, 1)), show())]


def _in_unit(script: Script, n: int, m: int) -> list[Steps]:
    """The proofs of 0 <= near(n) and near(n) <= 1."""
    if n == 1:
        return list(AT_X)
    return [script.cite(script.searched(bound), {"t": _raw(n, m)}) for bound in (f"0 <= {CLIP}", f"{CLIP} <= 1")]


def _within(claim: Claim, script: Script, sides: tuple[Steps, Steps]) -> str:
    """The certificate of abs(circuit - target) <= bound from the steps for either side, the upper one first."""
    return script.finished(claim, [["parts"], *sides[0], *sides[1]])


@cache
def square_levels() -> tuple[EveryLevel, ...]:
    """That square_m is between the square and 4**-(m + 1) above it for every m, and above it by so much at 2**-(m + 1).

    As a family, square_0(x) = x and square_(m + 1)(x) = x - t/2 + square_m(t)/4 with t = tent(x).

    >>> len(square_levels())
    2
    """
    family = {"x": str(_tent(x))}, {"y": ("x", "x - t/2 + y/4")}, {"e": ("1/2", "e/2")}
    answers = (
        prove_by_induction(*family, claims=["x*x <= y", "y <= x*x + e*e"], where=UNIT),
        prove_by_induction(*family, claims=["y == x*x + e*e"], where="x == e, 0 <= e, e <= 1/2"),
    )
    for answer in answers:
        if isinstance(answer, Unknown):
            raise CertificateRejected(f"the error of the squares is not proved for every level: {answer}")
    return tuple(answer for answer in answers if isinstance(answer, EveryLevel))


# The gadgets.

SYMBOLS = symbols("x y", real=True)


def _circuit_of_square(m: int) -> Circuit:
    value: Expr = SYMBOLS[0]
    inner, parts = value, list[Neuron]()
    for k in range(1, m + 1):
        up, down = (Symbol(f"z{k}_{side}", real=True) for side in (1, 2))
        parts += [Neuron(up, inner), Neuron(down, inner - Rational(1, 2))]
        inner = 2 * up - 4 * down
        value = value - inner / 4**k
    return Circuit(f"square {m}", SYMBOLS[:1], tuple(parts), (value,))


def _circuit_of_product(m: int) -> Circuit:
    first, second = SYMBOLS
    wires = symbols("s1 s2 s3", real=True)
    arguments = ((first + second) / 2, first, second)
    blocks = tuple(Block((wire,), _circuit_of_square(m), (t,)) for wire, t in zip(wires, arguments, strict=True))
    return Circuit(f"product {m}", SYMBOLS, blocks, (2 * wires[0] - wires[1] / 2 - wires[2] / 2,))


def _circuit_of_powers(name: str, coefficients: tuple[Fraction, ...], m: int) -> Circuit:
    """The sum of coefficients[n] times the approximation of x**n."""
    parts: list[Block | Neuron] = []
    near = [SYMBOLS[0]]
    for n in range(2, len(coefficients)):
        raw, up, down = (Symbol(f"{letter}{n}", real=True) for letter in "pqr")
        parts += [Block((raw,), _circuit_of_product(m), (near[-1], SYMBOLS[0])), Neuron(up, raw), Neuron(down, raw - 1)]
        near.append(up - down)
    terms = (Rational(c.numerator, c.denominator) for c in coefficients)
    value = sum((c * power for c, power in zip(terms, (1, *near), strict=False)), start=Rational(0))
    return Circuit(name, SYMBOLS[:1], tuple(parts), (value,))


def _natural(name: str, value: Any, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise InvalidCircuit(f"{name} must be an integer from {least} on, not {value!r:.40}")
    return value


@family("square", (1,), (2,), (3,))
def square(m: int) -> Approximation:
    """The square on [0, 1] to within 4**-(m + 1), with m hidden layers of two neurons."""
    bound = square_error(_natural("the number of layers", m, 1))

    def script(claim: Claim) -> str:
        script = Script()
        sides = [
            [*known(_square_fact(below, x, m), script.cite(_square_theorem(script, m, below), {"x": x}, *AT_X)),
             *show((-1, 1))]
            for below in (False, True)
        ]  # fmt: skip
        return _within(claim, script, (sides[0], sides[1]))

    return Approximation(
        f"square_{m}",
        f"Square with {m} hidden layer{'s' * (m > 1)}",
        _circuit_of_square(m),
        scale(x, x),
        f"Piecewise linear interpolation of the square at the multiples of {rational_to_text(Fraction(1, 2**m))}, by "
        "tents of tents; the error is largest midway.",
        (Example((Fraction(1, 2**m),), Fraction(1, 4**m)), Example((Fraction(1, 2 ** (m + 1)),), 2 * bound)),
        where=UNIT,
        bound=bound,
        script=script,
        induction=square_levels,
    )


@family("product", (2,))
def product(m: int) -> Approximation:
    """The product of two numbers in [0, 1] to within 2 * 4**-(m + 1), from three squares."""
    bound = 2 * square_error(_natural("the number of layers", m, 1))

    def script(claim: Claim) -> str:
        script = Script()
        at = {"x": x, "y": y}
        conditions = [*AT_X, show((2, 1)), show((3, 1))]
        sides = []
        for below in (False, True):
            side = bound / 2 if below else bound
            fact = _side(below, _product(x, y, m), scale(y, x), side)
            sides.append(
                [*known(fact, script.cite(_product_theorem(script, m, below), at, *conditions)), *show((-1, 1))]
            )
        return _within(claim, script, (sides[0], sides[1]))

    return Approximation(
        f"product_{m}",
        f"Product with {m} hidden layer{'s' * (m > 1)}",
        _circuit_of_product(m),
        scale(y, x),
        "Polarisation: twice the square of the mean, less half the square of either factor.",
        (Example((1, 1), 1), Example((HALF, 0), 0)),
        where=SQUARE,
        bound=bound,
        script=script,
    )


@family("polynomial", ((1, 0, -1, 1), 3))
def polynomial(coefficients: tuple[Any, ...], m: int) -> Approximation:
    """The polynomial with these coefficients, that of x**0 first, on [0, 1], with squares of m layers."""
    if not isinstance(coefficients, tuple) or len(coefficients) < 2:
        raise InvalidCircuit(f"a polynomial has a tuple of two or more coefficients, not {coefficients!r:.60}")
    numbers = tuple(map(exact, coefficients))
    _natural("the number of layers", m, 1)
    used = [n for n in range(2, len(numbers)) if numbers[n]]
    bound = sum((abs(numbers[n]) * power_error(n, m) for n in used), start=Fraction(0))

    def script(claim: Claim) -> str:
        script, sides = Script(), list[Steps]()
        for below in (False, True):
            steps: Steps = []
            for n in used:
                side = below == (numbers[n] > 0)
                cited = script.cite(_power_theorem(script, n, m, side), {"x": x}, *AT_X)
                steps += known(_side(side, _near(n, m), _power(n), power_error(n, m)), cited)
            sides.append([*steps, *show(*((-1 - at, abs(numbers[n])) for at, n in enumerate(used)))])
        return _within(claim, script, (sides[0], sides[1]))

    name = "_".join(rational_to_text(number).replace("-", "m").replace("/", "o") for number in numbers)
    circuit = _circuit_of_powers(f"polynomial {name}", numbers, m)
    return Approximation(
        f"polynomial_{name}_{m}",
        f"Polynomial of degree {len(numbers) - 1}",
        circuit,
        total([(c, ONE if n == 0 else _power(n)) for n, c in enumerate(numbers) if c]),
        "Powers by repeated approximate products with x, each clipped to [0, 1], so that errors only add up.",
        (Example((0,), numbers[0]), Example((HALF,), circuit.run(HALF)[0])),
        where=UNIT,
        bound=bound,
        script=script,
    )


FAMILIES: tuple[Family, ...] = (square, product, polynomial)
GADGETS = ()
