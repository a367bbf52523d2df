"""Piecewise linear finite elements in the plane: the hat function of a regular mesh, and interpolation on triangles.

A function that is linear on each triangle of a convex region is a maximum of minima of its affine forms: cut the
triangles along the lines where two forms agree; on a cell g is one of the forms, and the minimum of those that are at
least g there is at most the function everywhere else (Tarela and Martinez 1999). The cells are found exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from symcircuits.circuits.circuit import Circuit, Neuron
from symcircuits.circuits.gadget import Example, Family, Gadget, family
from symcircuits.circuits.gadgets._composed import composed
from symcircuits.circuits.gadgets._forms import Form, form_expression, form_term, form_value
from symcircuits.circuits.gadgets._parameters import called, rational
from symcircuits.circuits.gadgets._triangles import Point, Triangle, interpolants, side, triangulation
from symcircuits.circuits.gadgets._wires import x, y, z, z1, z2, z3
from symcircuits.circuits.gadgets.arithmetic import affine
from symcircuits.circuits.gadgets.minimum import MAX, MIN, tournament
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.number import rational_to_text
from symcircuits.kernel.term import Claim, Comparison, Term, constant
from symcircuits.provers.prove import prove_claim

PLANE = (x, y)
HAT = "The hat is 1 less the range of 0, x and y in units of the mesh, which is three neurons, cut off at 0."
Group = frozenset[Form]


@family("courant_hat", (0, 0, 1), (1, -1, Fraction(1, 2)))
def courant_hat(center_x: Any, center_y: Any, spacing: Any) -> Gadget:
    """The hat of a node of the regular mesh whose squares are cut along the diagonals of direction (1, 1).

    It is 1 at the node, 0 at its six neighbours and beyond, and linear on each triangle (Courant 1943).
    """
    a, b = rational("courant_hat: center_x", center_x), rational("courant_hat: center_y", center_y)
    h = rational("courant_hat: spacing", spacing)
    if h <= 0:
        raise InvalidCircuit(f"courant_hat: the spacing must be positive, but it is {rational_to_text(h)}")
    u, v = (1 / h, Fraction(0), -a / h), (Fraction(0), 1 / h, -b / h)
    steps = [form_expression(form, PLANE) for form in (u, v)]
    neurons = (
        Neuron(z1, steps[0], "threshold detector"),
        Neuron(z2, -steps[1], "threshold detector"),
        Neuron(z3, (steps[1] - steps[0]).expand(), "greaterness detector"),
        Neuron(z, 1 - z1 - z2 - z3, "positiveness detector"),
    )
    name = called("courant_hat", a, b, h)
    return Gadget(
        name,
        f"Hat of the mesh node ({rational_to_text(a)}, {rational_to_text(b)})",
        Circuit(name.replace("_", " "), PLANE, neurons, (z,)),
        Term("max", (constant(0), Term("min", tuple(form_term(form, PLANE) for form in _slopes(u, v))))),
        HAT,
        (Example((a, b), 1), Example((a + h / 2, b + h / 4), Fraction(1, 2)), Example((a + h, b - h), 0)),
    )


def _slopes(u: Form, v: Form) -> Iterator[Form]:
    """The six linear pieces: 1 - u, 1 + u, 1 - v, 1 + v, 1 - u + v, 1 + u - v."""
    zero = (Fraction(0),) * 3
    for first, second in ((u, zero), (v, zero), (u, v)):
        for sign in (-1, 1):
            c, d, e = (sign * (s - t) for s, t in zip(first, second, strict=True))
            yield c, d, e + 1


@dataclass(frozen=True, repr=False)
class OnTriangles(Gadget):
    """A gadget that computes an interpolation; `pieces` are the triangles with the affine form on each."""

    pieces: tuple[tuple[Triangle, Form], ...] = ()

    @cached_property
    def piece_claims(self) -> tuple[Claim, ...]:
        """For each triangle the claim that the output is the affine form through its three values there."""
        return tuple(
            Claim(Comparison(self.circuit.terms[0], "==", form_term(form, PLANE)), tuple(_inside(triangle)))
            for triangle, form in self.pieces
        )

    def prove_pieces(self) -> tuple[Theorem, ...]:
        """The theorems of these claims; `InvalidCircuit` with the reason if one is not proved."""
        answers = [prove_claim(claim) for claim in self.piece_claims]
        theorems = tuple(answer for answer in answers if isinstance(answer, Theorem))
        if len(theorems) != len(answers):
            raise InvalidCircuit(f"{self.name}: {next(answer for answer in answers if not answer)}")
        return theorems


def _inside(triangle: Triangle) -> Iterator[Comparison]:
    for first, second in ((0, 1), (1, 2), (2, 0)):
        yield Comparison(constant(0), "<=", form_term(side(triangle[first], triangle[second]), PLANE))


TABLE = ((0, 0), (2, 0), (2, 2), (0, 2), (1, Fraction(1, 2)))
FAN = ((0, 1, 4), (1, 2, 4), (2, 3, 4), (3, 0, 4))
SQUARE = ((0, 0), (1, 0), (1, 1), (0, 1))


@family("triangulation", (TABLE, (0, 1, 0, -1, 2), FAN), (SQUARE, (0, 1, 3, 1), ((0, 1, 2), (0, 2, 3))))
def triangulated(points: Any, values: Any, triangles: Any) -> Gadget:
    """The function that has these values at these points and is linear on each triangle, a triple of points' places.

    The triangles must fill a convex region and meet in whole sides or corners. On the region the function is the
    interpolation, by theorems of `prove_pieces`; outside, and everywhere, it is the maximum of minima of the target.
    """
    mesh = triangulation(points, values, triangles)
    pieces = tuple(interpolants(mesh))
    groups = [sorted(group) for group in _groups(pieces)]
    name = called("triangulation", *mesh.numbers)
    center = tuple(sum(corner[axis] for corner in pieces[0][0]) / 3 for axis in (0, 1))
    return OnTriangles(
        name,
        f"Interpolation on {len(pieces)} triangle{'s' * (len(pieces) > 1)}",
        composed(name, PLANE, _circuit(groups)),
        _extreme("max", [_extreme("min", [form_term(form, PLANE) for form in group]) for group in groups]),
        "The maximum, over the cells of the mesh, of the minimum of the affine forms that are no less there.",
        (
            *(Example(point, value) for point, value in zip(mesh.points, mesh.values, strict=True)),
            Example(center, form_value(pieces[0][1], center)),
        ),
        pieces=pieces,
    )


def _circuit(groups: Sequence[Sequence[Form]]) -> Any:
    if len(groups) == len(groups[0]) == 1:
        ((form,),) = groups
        return affine(form[:2], form[2])(*PLANE)
    least = [tournament(MIN, [form_expression(form, PLANE) for form in group]) for group in groups]
    return tournament(MAX, least)


def _extreme(kind: str, parts: Sequence[Term]) -> Term:
    return parts[0] if len(parts) == 1 else Term(kind, tuple(parts))


def _groups(pieces: Sequence[tuple[Triangle, Form]]) -> list[Group]:
    """The forms that are at least the function's on a cell, for the cells that matter, in a fixed order."""
    forms = list(dict.fromkeys(form for _, form in pieces))
    found: dict[Group, None] = {}
    for triangle, own in pieces:
        for cell in _cells(triangle, own, forms):
            above = (f for f in forms if all(form_value(f, p) >= form_value(own, p) for p in cell))
            found[frozenset(above)] = None
    return [group for group in found if not any(other < group for other in found)]


def _cells(triangle: Triangle, own: Form, forms: Iterable[Form]) -> list[list[Point]]:
    """The triangle cut along the lines where another form agrees with its own."""
    cells: list[list[Point]] = [list(triangle)]
    for form in forms:
        gap = tuple(c - d for c, d in zip(form, own, strict=True))
        cells = [part for cell in cells for part in _cut(cell, gap)]
    return cells


def _cut(cell: list[Point], gap: Form) -> list[list[Point]]:
    """The convex polygon cut along gap = 0, if it has points on both sides."""
    values = [form_value(gap, corner) for corner in cell]
    if min(values) >= 0 or max(values) <= 0:
        return [cell]
    halves: tuple[list[Point], list[Point]] = ([], [])
    for place, (corner, value) in enumerate(zip(cell, values, strict=True)):
        after, beyond = cell[place - len(cell) + 1], values[place - len(cell) + 1]
        for half, sign in zip(halves, (1, -1), strict=True):
            if sign * value >= 0:
                half.append(corner)
            if value * beyond < 0:
                share = value / (value - beyond)
                half.append((corner[0] + share * (after[0] - corner[0]), corner[1] + share * (after[1] - corner[1])))
    return list(halves)


FAMILIES: tuple[Family, ...] = (courant_hat, triangulated)
GADGETS = ()
