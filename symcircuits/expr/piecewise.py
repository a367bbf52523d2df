"""Piecewise expressions with linear conditions: read as branches on polyhedra, and checked to be continuous functions.

A branch holds where its condition does and no earlier one; that set is a union of polyhedra, on each of which the
branch is split into affine pieces. All of it is decided exactly: that every point lies in some branch, and that any two
affine pieces agree where the closures of their polyhedra meet. Then the function is the maximum over the pieces of the
minimum of the affine forms that are at least as large on that piece (Ovchinnikov 2002), or for one variable a line and
one relu a breakpoint.

>>> from sympy import Symbol
>>> x = Symbol("x", real=True)
>>> piecewise_term(Piecewise((0, x < 0), (2 * x, x < 1), (x + 1, True)))
2*relu(x) - relu(x - 1)
>>> piecewise_term(Piecewise((0, x < 0), (x + 1, True)))
Traceback (most recent call last):
symcircuits.errors.NotPiecewiseLinear: Piecewise((0, x < 0), (x + 1, True)): not continuous at x = 0: 0 and 1 meet there
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from typing import NamedTuple, NoReturn

from sympy import ITE, And, Basic, Eq, Ge, Gt, Le, Lt, Ne, Not, Or, Piecewise, S
from sympy.core.relational import Relational

from symcircuits.errors import NotPiecewiseLinear
from symcircuits.exact.cells import Affine, Row, cells, integer_row, minus, negative
from symcircuits.exact.polyhedron import Empty, Solid, analyse
from symcircuits.exact.simplex import Implied, Simplex
from symcircuits.expr.from_sympy import from_sympy
from symcircuits.kernel.number import rational_to_text
from symcircuits.kernel.term import ONE, Comparison, Term, subterms, total, variable

POLYHEDRA = 20_000


class Polyhedron(NamedTuple):
    """Where all rows are >= 0, or > 0 if strict."""

    rows: tuple[Row, ...] = ()
    strict: tuple[bool, ...] = ()

    def also(self, row: Row, strict: bool) -> Polyhedron:
        """The part where one more row is >= 0, or > 0."""
        return Polyhedron((*self.rows, row), (*self.strict, strict))


class Branch(NamedTuple):
    """A branch's value, on the closure of one of the polyhedra where the branch holds."""

    value: Term
    where: tuple[Comparison, ...]


class Part(NamedTuple):
    """An affine form on a polyhedron of branch number `branch`."""

    form: Affine
    polyhedron: Polyhedron
    branch: int


class Reading(NamedTuple):
    """A Piecewise as one term, and its branches."""

    term: Term
    branches: tuple[Branch, ...]


def piecewise_term(expression: Piecewise) -> Term:
    """The term of a continuous Piecewise, as `read_piecewise`."""
    return read_piecewise(expression).term


def read_piecewise(expression: Piecewise) -> Reading:
    """The term and the branches of a Piecewise; its values are CPWL, its conditions comparisons with And, Or and Not.

    Raises `NotPiecewiseLinear` where a point lies in no branch (naming it), where two branches meet with different
    values (naming the point and both), and for a value or condition that is not piecewise linear.
    """
    pairs = [(branch.args[0], branch.args[1]) for branch in expression.args]
    values = [from_sympy(value) for value, _ in pairs]
    atoms = [atom for _, condition in pairs for atom in _comparisons(condition)]
    gaps = {atom: _gap(atom, expression) for atom in atoms}
    occurring = [term.name for term in subterms([*values, *gaps.values()]) if term.kind == "variable"]
    reader = _Reader(expression, tuple(dict.fromkeys(occurring)), gaps)
    parts, places = reader.parts(values, [condition for _, condition in pairs])
    reader.check_continuous(parts)
    solid = [part for part in parts if isinstance(_kind(part.polyhedron, len(reader.names)), Solid)]
    term = _relu_sum(solid, reader.names) if len(reader.names) == 1 else _lattice(solid, reader.names)
    return Reading(term, tuple(Branch(values[at], reader.comparisons(polyhedron)) for at, polyhedron in places))


def _comparisons(condition: Basic) -> list[Relational]:
    """The comparisons in a condition; those in an ITE also negated, as SymPy may write them."""
    found = [atom for atom in condition.atoms(Relational) if isinstance(atom, Relational)]
    return (
        [*found, *(negated for atom in found if isinstance(negated := Not(atom), Relational))]
        if condition.has(ITE)
        else found
    )


def _gap(atom: Relational, whole: Piecewise) -> Term:
    if not isinstance(atom, Eq | Ne | Lt | Le | Gt | Ge):
        _refuse(whole, f"the condition {atom} is not a comparison")
    return total([(Fraction(1), from_sympy(atom.lhs)), (Fraction(-1), from_sympy(atom.rhs))])


def _kind(polyhedron: Polyhedron, size: int) -> object:
    return analyse(size, polyhedron.rows, polyhedron.strict)


def _refuse(whole: Basic, reason: str) -> NoReturn:
    shown = str(whole)
    raise NotPiecewiseLinear(f"{shown if len(shown) <= 200 else shown[:200] + '...'}: {reason}")


class _Reader:
    """A Piecewise with its variables and the gaps of its comparisons."""

    def __init__(self, whole: Piecewise, names: tuple[str, ...], gaps: dict[Relational, Term]) -> None:
        self.whole, self.names, self.gaps = whole, names, gaps

    def parts(
        self, values: Sequence[Term], conditions: Sequence[Basic]
    ) -> tuple[list[Part], list[tuple[int, Polyhedron]]]:
        """The affine parts of all branches, and the polyhedra of each branch."""
        remaining, parts, places = [Polyhedron()], list[Part](), list[tuple[int, Polyhedron]]()
        for at, (value, condition) in enumerate(zip(values, conditions, strict=True)):
            inside = [(at, part) for whole in remaining for part in self.where(condition, True, whole)]
            remaining = [part for whole in remaining for part in self.where(condition, False, whole)]
            if len(inside) + len(remaining) + len(parts) > POLYHEDRA:
                _refuse(self.whole, f"its branches make more than {POLYHEDRA} polyhedra")
            places += inside
            for _, polyhedron in inside:
                for cell in cells([value], self.names, polyhedron.rows):
                    more = cell.rows[len(polyhedron.rows) :]
                    inner = Polyhedron((*polyhedron.rows, *more), (*polyhedron.strict, *(False for _ in more)))
                    parts.append(Part(cell.values[0], inner, at))
        for polyhedron in remaining:
            _refuse(self.whole, f"no branch holds at {self.point(self._inside(polyhedron))}; add a branch (..., True)")
        return parts, places

    def where(self, condition: Basic, wanted: bool, inside: Polyhedron) -> list[Polyhedron]:
        """Disjoint polyhedra, none empty, that make up the part of a polyhedron where the condition is as wanted."""
        if condition in (S.true, S.false):
            return [inside] if (condition == S.true) == wanted else []
        if isinstance(condition, Not):
            return self.where(condition.args[0], not wanted, inside)
        if isinstance(condition, ITE):
            test, then, other = condition.args
            chosen = ((test, then), (Not(test), other))
            return [
                piece
                for if_, part in chosen
                for whole in self.where(if_, True, inside)
                for piece in self.where(part, wanted, whole)
            ]
        if isinstance(condition, And | Or):
            return list(self._joined(condition.args, isinstance(condition, And), wanted, inside))
        if condition not in self.gaps:
            _refuse(self.whole, f"the condition {condition} is not made of comparisons with And, Or and Not")
        return list(self._compared(condition, wanted, inside))

    def _joined(self, parts: Sequence[Basic], is_and: bool, wanted: bool, inside: Polyhedron) -> Iterator[Polyhedron]:
        open_ = [inside]
        for part in parts:
            if is_and != wanted:  # one part decides: it is as wanted, whatever the later ones are
                yield from (piece for whole in open_ for piece in self.where(part, wanted, whole))
            open_ = [piece for whole in open_ for piece in self.where(part, is_and, whole)]
        if is_and == wanted:
            yield from open_

    def _compared(self, condition: Basic, wanted: bool, inside: Polyhedron) -> Iterator[Polyhedron]:
        kind: type[Basic] = type(condition)
        signs = {Lt: "<", Le: "<=", Gt: ">", Ge: ">=", Eq: "=", Ne: "<>"}[kind]
        if not wanted:
            signs = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "<>", "<>": "="}[signs]
        for cell in cells([self.gaps[condition]], self.names, inside.rows):
            base = inside
            for row in cell.rows[len(inside.rows) :]:
                base = base.also(row, False)
            above, below = integer_row(cell.values[0]), integer_row(negative(cell.values[0]))
            if signs == "=":
                found = [base.also(above, False).also(below, False)]
            else:
                found = [base.also(above, "=" not in signs)] if ">" in signs else []
                found += [base.also(below, "=" not in signs)] if "<" in signs else []
            yield from (_short(one) for one in found if not isinstance(_kind(one, len(self.names)), Empty))

    def check_continuous(self, parts: Sequence[Part]) -> None:
        """Refuse the Piecewise where two parts meet with different values."""
        size = len(self.names)
        for first, second in combinations(parts, 2):
            if first.form == second.form:
                continue
            simplex = Simplex(size)
            rows = (*first.polyhedron.rows, *second.polyhedron.rows)
            if _apart(rows) or any(simplex.add(row) is not None for row in rows):
                continue
            gap = integer_row(minus(first.form, second.form))
            for row in (gap, tuple(-c for c in gap)):
                answer = simplex.minimise(row)
                if not isinstance(answer, Implied):
                    values = [rational_to_text(_value(part.form, answer.point)) for part in (first, second)]
                    place = self.point(answer.point)
                    _refuse(self.whole, f"not continuous at {place}: {values[0]} and {values[1]} meet there")

    def comparisons(self, polyhedron: Polyhedron) -> tuple[Comparison, ...]:
        """The closure of a polyhedron."""
        sides = [_affine(tuple(map(Fraction, row)), self.names) for row in polyhedron.rows]
        return tuple(Comparison(side, ">=", total([])) for side in sides)

    def point(self, values: Sequence[Fraction]) -> str:
        """A point as text."""
        pairs = zip(self.names, map(rational_to_text, values), strict=True)
        return ", ".join(f"{name} = {value}" for name, value in pairs) or "any point"

    def _inside(self, polyhedron: Polyhedron) -> list[Fraction]:
        """A point of a polyhedron that is not empty, also where it is flat."""
        simplex = Simplex(len(self.names))
        for row in polyhedron.rows:
            simplex.add(row)
        points = [simplex.point()]
        for row, strict in zip(polyhedron.rows, polyhedron.strict, strict=True):
            if strict:
                answer = simplex.minimise([-c for c in row])
                points += [] if isinstance(answer, Implied) else [answer.point]
        return [sum(column, Fraction(0)) / len(points) for column in zip(*points, strict=True)]


def _short(polyhedron: Polyhedron) -> Polyhedron:
    """The same polyhedron, of rows with one direction only the tightest."""
    tightest: dict[Row, tuple[Fraction, bool, Row]] = {}
    for row, strict in zip(polyhedron.rows, polyhedron.strict, strict=True):
        form = integer_row((Fraction(0), *map(Fraction, row[1:])))[1:]
        if any(form):
            size = next(Fraction(c, d) for c, d in zip(row[1:], form, strict=True) if d)
            entry = (row[0] / size, not strict, row)
            tightest[form] = min(tightest.get(form, entry), entry)
    return Polyhedron(tuple(row for *_, row in tightest.values()), tuple(not weak for _, weak, _ in tightest.values()))


def _apart(rows: Iterable[Row]) -> bool:
    """Whether two of the rows are opposite and leave no point: a quick test."""
    least: dict[Row, int] = {}
    for row in rows:
        least[row[1:]] = min(row[0], least.get(row[1:], row[0]))
    return any(least.get(tuple(-c for c in form), -c0) + c0 < 0 for form, c0 in least.items())


def _value(form: Affine, point: Sequence[Fraction]) -> Fraction:
    return form[0] + sum((c * x for c, x in zip(form[1:], point, strict=True)), Fraction(0))


def _affine(form: Affine, names: Sequence[str]) -> Term:
    items = [(c, variable(name)) for c, name in zip(form[1:], names, strict=True) if c]
    items += [(form[0], ONE)] if form[0] else []
    return items[0][1] if len(items) == 1 and items[0][0] == 1 and form[0] == 0 else total(items)


def _relu_sum(parts: Sequence[Part], names: Sequence[str]) -> Term:
    """A continuous function of one variable from its affine parts on intervals."""
    order = sorted(parts, key=lambda part: _inner_number(part.polyhedron))
    x, items = variable(names[0]), list[tuple[Fraction, Term]]()
    for before, after in pairwise(order):
        change = after.form[1] - before.form[1]
        if change:
            at = (before.form[0] - after.form[0]) / change
            items.append((change, Term("relu", (_affine((-at, Fraction(1)), names),))))
    first = order[0].form
    line = [(c, part) for c, part in ((first[1], x), (first[0], ONE)) if c]
    return total([*line, *items])


def _inner_number(polyhedron: Polyhedron) -> Fraction:
    """A point strictly inside an interval."""
    found = _kind(polyhedron, 1)
    if not isinstance(found, Solid):
        raise ValueError("the interval has no interior")
    return found.point[0]


def _lattice(parts: Sequence[Part], names: Sequence[str]) -> Term:
    """The maximum over the cells of the minimum of the forms that are at least as large there.

    A cell is a piece of a part on which no form crosses the part's own: without this cut the maximum is another
    function.
    """
    forms = list(dict.fromkeys(part.form for part in parts))
    groups = {group for part in parts for group in _groups(part, forms, len(names))}
    least = sorted((g for g in groups if not any(other < g for other in groups)), key=sorted)
    terms = [_extreme("min", [_affine(form, names) for form in forms if form in group]) for group in least]
    return _extreme("max", terms)


def _groups(part: Part, forms: Sequence[Affine], size: int) -> Iterator[frozenset[Affine]]:
    """For each cell of a part the forms that are at least as large as its own there."""
    whole = Simplex(size)
    for row in part.polyhedron.rows:
        whole.add(row)
    cells_left: list[tuple[Simplex, int, frozenset[Affine]]] = [(whole, 0, frozenset())]
    while cells_left:
        cell, start, group = cells_left.pop()
        for place in range(start, len(forms)):
            row = integer_row(minus(forms[place], part.form))
            opposite = tuple(-c for c in row)
            if isinstance(cell.minimise(opposite), Implied) and any(row):
                continue
            if not isinstance(cell.minimise(row), Implied):
                below = cell.copy()
                below.add(opposite)
                cells_left.append((below, place + 1, group))
                cell.add(row)
            group |= {forms[place]}
        yield group


def _extreme(kind: str, parts: Sequence[Term]) -> Term:
    return parts[0] if len(parts) == 1 else Term(kind, tuple(parts))
