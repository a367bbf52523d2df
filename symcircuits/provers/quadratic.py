"""Inequalities of degree 2 on a polyhedron, by linear programming in the products of its hypotheses.

A polynomial of degree 2 in n variables is an affine form in the variables and the n(n+1)/2 products of two of them. On
the polyhedron the hypotheses h, their products h*h', what is known of degree 2, and squares of affine forms are not
negative; a linear program in
the larger space (Sherali and Adams, 1990) finds multipliers that make the gap of them, or a point of the larger space.
Its first n coordinates are a point of the polyhedron: there the claim is false, or the square that vanishes at that
point is added and the program asked again.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import Any, NamedTuple

from symcircuits.exact.simplex import Implied, Simplex
from symcircuits.kernel.check import Context
from symcircuits.kernel.normal import Algebra, Form
from symcircuits.provers.certificate import number_to_json
from symcircuits.provers.search import Point, row_to_json

ROUNDS, FEW = 24, 4
ONCE = Fraction(1)


class Shown(NamedTuple):
    """The arguments of the kernel's rule `products`."""

    linear: list[Any]
    products: list[Any]
    squares: list[Any]


class Falsified(NamedTuple):
    """A point of the polyhedron where the polynomial is negative."""

    point: Point


def is_quadratic(algebra: Algebra, form: Form) -> bool:
    """Whether the form is a polynomial of degree at most 2 in the variables."""
    return all(
        not atom and all(exponent > 0 for _, exponent in monomial) and sum(exponent for _, exponent in monomial) <= 2
        for monomial, atom in (algebra.basis[at] for at in form.numerators)
    )


def show_quadratic(
    context: Context, size: int, gap: Form, inner: Point, strict: bool = False
) -> Shown | Falsified | None:
    """Multipliers that show gap >= 0 where the hypotheses hold, a point where it is not, or None: not found.

    The gap is of degree 2 in `size` variables, and `inner` a point where the hypotheses hold. Where gap > 0 is wanted,
    a point where it is 0 will do, but the multipliers may still show gap >= 0 only.
    """
    lifted = _Lifted(context, size, gap)
    for at in range(1, size + 1):
        vertex = lifted.add_square_at_vertex(gap, at)
        if strict and vertex is not None:
            point = [*inner[: at - 1], vertex, *inner[at:]]
            if lifted.holds(point) and value_of(context.algebra, gap, point) <= 0:
                return Falsified(point)
    for _ in range(FEW if lifted.known else ROUNDS):
        answer = lifted.simplex.minimise(lifted.row(gap))
        if isinstance(answer, Implied):
            return lifted.shown(answer.multipliers, Fraction(1, gap.denominator))
        point = answer.point[:size]
        for start in (point, [(x + y) / 2 for x, y in zip(point, inner, strict=True)]):
            if value_of(context.algebra, gap, start) < 0 and lifted.admits(start):
                return Falsified(start if lifted.known else _inside(context.algebra, gap, start, inner))
        lifted.add_squares_at([Fraction(round(x)) for x in point] if lifted.known else point)
    return None


def _inside(algebra: Algebra, gap: Form, start: Point, inner: Point) -> Point:
    """A point between start and an inner one, itself inside, where the gap is still negative."""
    share = Fraction(1, 2)
    while True:
        point = [x + share * (y - x) for x, y in zip(start, inner, strict=True)]
        if value_of(algebra, gap, point) < 0:
            return point
        share /= 2


def value_of(algebra: Algebra, form: Form, point: Sequence[Fraction]) -> Fraction:
    """The value of a polynomial at a point."""
    total = Fraction(0)
    for at, numerator in form.numerators.items():
        product = Fraction(numerator, form.denominator)
        for number, exponent in algebra.basis[at][0]:
            product *= point[number - 1] ** exponent
        total += product
    return total


class _Lifted:
    """The linear program in the variables that occur and their products, and where each of its rows comes from."""

    def __init__(self, context: Context, size: int, gap: Form) -> None:
        self.context, self.algebra, self.size = context, context.algebra, size
        pairs = combinations_with_replacement(range(1, size + 1), 2)
        self.place = {pair: size + 1 + at for at, pair in enumerate(pairs)}
        self.simplex = Simplex(size + len(self.place))
        self.sources: list[tuple[str, Any]] = []
        self.scales: list[int] = []
        hypotheses = [(at, form) for at, (form, _) in enumerate(context.hypotheses) if form.numerators.keys() - {0}]
        for at, form in hypotheses:
            self.add("linear", at, form)
        for (i, left), (j, right) in combinations_with_replacement(hypotheses, 2):
            self.add("product", [i, j], self.algebra.scaled(left, right, 1))
        gaps = [(-1 - place, context.gap(known)) for place, known in enumerate(context.known)]
        self.known = [(at, form) for at, form in gaps if is_quadratic(self.algebra, form)]
        for at, form in self.known:
            self.add("linear", at, form)

    def add(self, kind: str, source: Any, form: Form) -> None:
        if self.simplex.add(self.row(form)) is None:
            self.sources.append((kind, source))
            self.scales.append(form.denominator)

    def add_square(self, form: Form) -> None:
        self.add("square", row_to_json(form), self.algebra.scaled(form, form, 1))

    def holds(self, point: Point) -> bool:
        """Whether all hypotheses hold strictly at a point of the variables."""
        forms = (form for form, _ in self.context.hypotheses if form.numerators.keys() - {0})
        return all(value_of(self.algebra, form, point) > 0 for form in forms)

    def admits(self, point: Point) -> bool:
        """Whether what is known of degree 2 holds at a point."""
        return all(value_of(self.algebra, form, point) >= 0 for _, form in self.known)

    def add_square_at_vertex(self, gap: Form, at: int) -> Fraction | None:
        """The square of x - t for the vertex t of the gap in the variable x alone, if it is convex in that; then t."""
        row = self.row(gap)
        if row[self.place[at, at]] <= 0:
            return None
        vertex = Fraction(-row[at], 2 * row[self.place[at, at]])
        self.add_square(self.algebra.combine([(ONCE, Form({at: 1})), (-vertex, Form({0: 1}))]))
        return vertex

    def add_squares_at(self, point: Point) -> None:
        """Squares of forms that vanish at the point: of each variable, and of sums and differences of two."""
        one = Form({0: 1})
        units = [Form({at: 1}) for at in range(1, self.size + 1)]
        centred = [self.algebra.combine([(ONCE, u), (-x, one)]) for u, x in zip(units, point, strict=True)]
        for left, right in combinations_with_replacement(range(self.size), 2):
            for sign in (1, -1) if left != right else (1,):
                pair = [(ONCE, centred[left]), (Fraction(sign), centred[right])][: 1 + (left != right)]
                self.add_square(self.algebra.combine(pair))

    def row(self, form: Form) -> list[int]:
        row = [0] * (1 + self.simplex.n)
        for index, numerator in form.numerators.items():
            match [number for number, exponent in self.algebra.basis[index][0] for _ in range(exponent)]:
                case [i, j]:
                    row[self.place[i, j]] = numerator
                case [i]:
                    row[i] = numerator
                case _:
                    row[0] = numerator
        return row

    def shown(self, multipliers: dict[int, Fraction], factor: Fraction) -> Shown:
        shown = Shown([], [], [])
        for at, m in sorted(multipliers.items()):
            kind, source = self.sources[at]
            weight = number_to_json(m * factor * self.scales[at])
            if kind == "linear":
                shown.linear.append([source, weight])
            elif kind == "product":
                shown.products.append([*source, weight])
            else:
                shown.squares.append([weight, source])
        return shown
