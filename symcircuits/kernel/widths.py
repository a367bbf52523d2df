"""Widths: how few neurons one hidden layer needs for a function f of x in R^n on a domain D with interior points.

A *network* is c + sum of a_j*relu(w_j*x + b_j), of width the number of its neurons. Models: with "both" biases; with
biases of the "hidden" layer only (c = 0); with "none" (c = 0 and all b_j = 0). With a skip connection any affine
function of x is added.

Let f = A + sum over H of relu(u_H) * g_H on D, A affine, g_H != 0, where the hyperplanes {u_H = 0} are k different ones
that meet the interior of D. Write v_H = g_H*u_H, and A_S = A + sum over H in S of v_H: what is left when the neurons
in S look the other way, g*relu(u) = g*relu(-u) + g*u. A neuron whose hyperplane does not meet the interior is affine on
D: 0, or w*x + b >= 0. The jumps of the gradient along a hyperplane come from the neurons on it only. So

    a network has a neuron on each H, and on other hyperplanes that meet the interior jumps cancel, so not just one;
    of width k, it has one on each H: then A_S is what the model adds, for some S (with a skip connection always);
    of width k + 1, it has two on some H, which adds a multiple of u_H to the above: A_S is such a multiple plus what
        the model adds; or one more that is affine: A_S or -A_S is one that is never negative on D, plus what the model
        adds; a constant is one, but for biases "none";
    of width k + 2, relu(A_S) - relu(-A_S) always is possible.

Without biases u_H and A must have no constants, or there is no network at all. What the model adds is 0, or a constant.

If f near two points on one hyperplane, both inside D, is A + g*relu(u) with the same u = 0 there and different g, then
no network of any width is f on D, because along its hyperplanes jumps are constant.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import lcm
from typing import Any
from weakref import WeakKeyDictionary

from symcircuits.kernel.certificate import (
    BYTES,
    FORMAT,
    VERSION,
    _fields,
    _no_float,
    _object,
    is_name,
    listed,
    rational,
    reject,
)
from symcircuits.kernel.check import Theorem, _Sealed, check
from symcircuits.kernel.normal import CALL, ENTRY, WORK, Meter
from symcircuits.kernel.number import integer_from_text
from symcircuits.kernel.term import Term, subterms
from symcircuits.kernel.term import text as text_of

Vector = tuple[Fraction, ...]
"""An affine form, or its gradient: the constant comes first in a form."""
BIASES, LINE = ("both", "hidden", "none"), 100
KINDS = {
    "width": ("bias", "skip", "width", "form", "network", "inside", "signs"),
    "no one hidden layer": ("form", "near", "inside"),
}
Spend = Callable[[int], None]


class Layered:
    """A theorem's left side, domain, and right side as an affine form plus multiples of relu of affine forms."""

    def __init__(self, theorem: Theorem, names: Sequence[str], spend: Spend) -> None:
        claim = theorem.claim
        if claim.goal.relation != "==" or claim.ranges or not set(claim.variables()) <= set(names):
            reject("a theorem about a width must be an equality, without ranges, of the variables named")
        self.names, self.spend, self.left, self.where = names, spend, claim.goal.left, claim.where
        self.domain: list[Vector] = []
        for comparison in claim.where:
            low, high = (self._parts(side) for side in comparison[::2])
            if comparison.relation not in ("<=", ">=", "<", ">") or low[1] or high[1]:
                reject("the domain must be given by affine inequalities")
            gap = tuple(b - a for a, b in zip(low[0], high[0], strict=True))
            self.domain.append(gap if comparison.relation in ("<=", "<") else tuple(-c for c in gap))
        self.affine, self.relus = self._parts(claim.goal.right)

    def _parts(self, root: Term) -> tuple[Vector, dict[Vector, Fraction]]:
        """The affine form, and the factor of each relu by its argument; nothing else may occur."""
        none: Vector = (Fraction(0),) * (1 + len(self.names))
        made: dict[int, tuple[Vector, dict[Vector, Fraction]]] = {}
        for term in subterms((root,)):
            self.spend(CALL * len(none) * (1 + len(term.args)))
            inner = [made[id(part)] for part in term.args]
            form, relus = list(none), dict[Vector, Fraction]()
            if term.kind in ("one", "variable"):
                form[0 if term.kind == "one" else 1 + self.names.index(term.name)] = Fraction(1)
            elif term.kind == "relu" and not inner[0][1]:
                relus[inner[0][0]] = Fraction(1)
            elif term.kind == "sum":
                for c, (part, factors) in zip(term.coefficients, inner, strict=True):
                    self.spend(sum(CALL + _bits(value) + _bits(c) for value in (*part, *factors.values())))
                    form = [value + c * of_part for value, of_part in zip(form, part, strict=True)]
                    for argument, factor in factors.items():
                        relus[argument] = relus.get(argument, Fraction(0)) + c * factor
            else:
                reject(f"{term.kind} of what is not affine: a network with one hidden layer has relu of affine forms")
            made[id(term)] = tuple(form), relus
        return made[id(root)]

    def kinks(self, points: Sequence[Vector]) -> list[tuple[Vector, Fraction]]:
        """The arguments and factors of the relus, after a look at the points: one inside, and one on each kink.

        Without a domain a point is not needed: every hyperplane meets R^n.
        """
        found = list(self.relus.items())
        normals = {_direction(argument) for argument in self.relus}
        if not all(any(argument[1:]) and factor for argument, factor in found) or len(normals) < len(found):
            reject("the form has a relu of a constant, one with factor 0, or two on one hyperplane")
        if self.domain and len(points) != 1 + len(found):
            reject("a point inside the domain is needed, and one on each kink")
        for point, argument in zip(points, (None, *self.relus), strict=False):
            if any(value(row, point) <= 0 for row in self.domain) or (argument and value(argument, point)):
                reject("a point is not inside the domain, or not on its kink")
        return found


def value(form: Vector, point: Vector) -> Fraction:
    """The value of an affine form at a point."""
    return form[0] + sum((c * x for c, x in zip(form[1:], point, strict=True)), Fraction(0))


def _bits(number: Fraction) -> int:
    return number.numerator.bit_length() + number.denominator.bit_length()


def _direction(form: Vector) -> Vector:
    """The form times a factor that is the same for all forms that are 0 at the same points."""
    lead = next((c for c in form[1:] if c), Fraction(1))
    return tuple(c / lead for c in form)


def reaches(vectors: Sequence[Vector], start: Vector, spend: Spend) -> bool:
    """Whether start plus the sum of some of the vectors is 0: the sums of one half are looked up among the others'.

    >>> half, third = (Fraction(1, 2),), (Fraction(1, 3),)
    >>> reaches([half, third, half], (Fraction(-1),), lambda bits: None)
    True
    """
    common = lcm(*(c.denominator for vector in (start, *vectors) for c in vector))
    scaled = [[int(c * common) for c in vector] for vector in (start, *vectors)]
    base = 2 * sum(abs(n) for row in scaled for n in row) + 1
    # One integer for each vector: places of a number to a base that no sum of coordinates reaches.
    first, *others = (sum(n * base**place for place, n in enumerate(row)) for row in scaled)
    half = len(others) // 2
    spend((2 << (len(others) - half)) * (ENTRY + base.bit_length() * len(start)))
    known = set(_sums(others[:half]))
    return any(-first - total in known for total in _sums(others[half:]))


def _sums(numbers: Sequence[int]) -> list[int]:
    sums = [0]
    for number in numbers:
        sums += [total + number for total in sums]
    return sums


def modulo(vector: Vector, normal: Vector) -> Vector:
    """A linear image of the vector that is 0 for the multiples of the normal only, which is not 0."""
    pivot = next(at for at, c in enumerate(normal) if c)
    return tuple(normal[pivot] * a - vector[pivot] * b for a, b in zip(vector, normal, strict=True))


def needs(form: Layered, points: Sequence[Vector], bias: str, skip: bool, signs: Sequence[Vector]) -> int | None:
    """A width below which there is no network: k, k + 1 or k + 2; None if there is no network of any width.

    signs: points of D and, the first coordinate being 0, directions in which D is endless, that show on which side of 0
    each affine form that is left is; the first coordinate of a point is 1. Where they do not show it, k + 1 is said.
    """
    kinks, spend = form.kinks(points), form.spend
    if bias == "none" and any(argument[0] for argument, _ in kinks):
        return None
    if skip:
        return len(kinks)
    if bias == "none" and form.affine[0]:
        return None
    cut = 0 if bias == "hidden" else 1
    vectors = [tuple(factor * c for c in argument)[cut:] for argument, factor in kinks]
    start = form.affine[cut:]
    if reaches(vectors, start, spend):
        return len(kinks)
    for argument, _ in kinks:
        normal = argument[cut:]
        if reaches([modulo(vector, normal) for vector in vectors], modulo(start, normal), spend):
            return len(kinks) + 1
    if form.domain:
        has_two = _has_both_signs(form, [(start, vectors)], signs, bias)
    else:  # an affine form that is never negative on R^n is constant
        has_two = not reaches([vector[1 - cut :] for vector in vectors], start[1 - cut :], spend)
    return len(kinks) + (2 if has_two else 1)


def _has_both_signs(
    form: Layered, of_form: Sequence[tuple[Vector, list[Vector]]], signs: Sequence[Vector], bias: str
) -> bool:
    """Whether each of the forms A_S is negative somewhere on D and positive somewhere, as far as the signs show."""
    for sign in signs:
        rows = [row if sign[0] else (Fraction(0), *row[1:]) for row in form.domain]
        if sign[0] not in (0, 1) or (sign[0] and bias == "both") or any(value(row, sign[1:]) < 0 for row in rows):
            reject("what should show a sign is no point of the domain, or no direction in which it is endless")
    ((start, vectors),) = of_form
    form.spend(CALL * (len(signs) + 1) << min(len(vectors), 64))
    rows = [sign[1 if bias != "hidden" else 0 :] for sign in signs]
    columns = [[_dot(vector, row) for vector in (start, *vectors)] for row in rows]
    sums = [_sums_from(first, others) for first, *others in columns]
    return bool(sums) and all(min(each) < 0 < max(each) for each in zip(*sums, strict=True))


def _dot(one: Vector, other: Vector) -> Fraction:
    return sum((a * b for a, b in zip(one, other, strict=True)), Fraction(0))


def _sums_from(first: Fraction, others: Sequence[Fraction]) -> list[Fraction]:
    sums = [first]
    for other in others:
        sums += [total + other for total in sums]
    return sums


def is_network(form: Layered, bias: str, skip: bool) -> bool:
    """Whether the right side of a theorem is a network of the model."""
    plain = skip or not any(form.affine[1 if bias == "both" else 0 :])
    return plain and (bias != "none" or not any(argument[0] for argument in form.relus))


class WidthTheorem(metaclass=_Sealed):
    """A statement about the width of networks with one hidden layer; only `check_width` makes one.

    `record` has the certificate's text and the statement.
    """

    __slots__ = ("__weakref__",)

    def __new__(cls, *arguments: object) -> WidthTheorem:
        raise TypeError("a WidthTheorem is made by check_width(certificate) only")

    def __init_subclass__(cls) -> None:
        raise TypeError("WidthTheorem has no subclasses")

    @property
    def record(self) -> tuple[str, str, int | None]:
        """The certificate, the statement, and the width, None if there is no network of any width."""
        if type(self) is not WidthTheorem or self not in _RECORDS:
            raise TypeError("this object was not made by check_width(certificate): it is not a theorem")
        return _RECORDS[self]

    def __reduce__(self) -> tuple[Callable[[str], WidthTheorem], tuple[str]]:
        return check_width, (self.record[0],)

    def __repr__(self) -> str:
        return f"WidthTheorem: {self.record[1]}"


_RECORDS: WeakKeyDictionary[WidthTheorem, tuple[str, str, int | None]] = WeakKeyDictionary()


def check_width(text: str) -> WidthTheorem:
    """The theorem of a certificate about a width; `CertificateRejected` says what is wrong with it."""
    if len(text) > BYTES:
        reject(f"it has {len(text)} characters; at most {BYTES} are accepted")
    try:
        hooks: dict[str, Any] = {"parse_int": integer_from_text, "parse_float": _no_float, "parse_constant": _no_float}
        data = json.loads(text, object_pairs_hook=_object, **hooks)
    except (RecursionError, ValueError) as error:
        reject(f"it is not a certificate: {error}")
    kind = data.get("kind") if type(data) is dict else None
    if type(kind) is not str or kind not in KINDS:
        reject(f"its kind must be one of {', '.join(KINDS)}")
    fields = _fields(data, ("format", "version", "kind", "variables", *KINDS[kind]), "it")
    if fields["format"] != FORMAT or type(fields["version"]) is not int or fields["version"] != VERSION:
        reject(f'it must be of format "{FORMAT}" and of version {VERSION}')
    names = listed(fields["variables"], "variables")
    if not all(type(name) is str and is_name(name) for name in names) or len(set(names)) < len(names):
        reject("variables must be different names")
    meter = Meter()
    meter.left = WORK
    says, width = (_width if kind == "width" else _none)(fields, names, meter.spend)
    theorem = object.__new__(WidthTheorem)
    _RECORDS[theorem] = (text, says, width)
    return theorem


def _layered(text: Any, names: Sequence[str], spend: Spend) -> Layered:
    return Layered(check(text if type(text) is str else reject("a certificate must be text")), names, spend)


def _vectors(entries: Any, size: int) -> list[Vector]:
    rows = [tuple(map(rational, listed(entry, "a point"))) for entry in listed(entries, "points")]
    return rows if all(len(row) == size for row in rows) else reject(f"a point must have {size} coordinates")


def _about(form: Layered, domain: bool = True) -> str:
    """The function and where it is one, for a statement."""
    ((function,), definitions) = text_of((form.left,))
    if len(function) > LINE:
        ((function,), definitions) = text_of((form.left,), share=True)
    sides = [text_of((side,))[0][0] for comparison in form.where for side in comparison[::2]]
    conditions = [
        f"{low} {c.relation} {high}" for low, c, high in zip(sides[::2], form.where, sides[1::2], strict=True)
    ]
    where = f" where {', '.join(conditions)}" if form.where and domain else ""
    parts = "".join(f"\n  with {name} = {value}" for name, value in definitions)
    return f"{function} of ({', '.join(form.names)}) in R^{len(form.names)}{where}{parts}"


def _width(fields: dict[str, Any], names: Sequence[str], spend: Spend) -> tuple[str, int | None]:
    bias, skip, width = fields["bias"], fields["skip"], fields["width"]
    if type(bias) is not str or bias not in BIASES or type(skip) is not bool:
        reject(f"bias must be one of {', '.join(BIASES)}, and skip true or false")
    if width is not None and type(width) is not int:
        reject("a width must be a number, or null if there is no network")
    form = _layered(fields["form"], names, spend)
    size = len(names)
    found = needs(form, _vectors(fields["inside"], size), bias, skip, _vectors(fields["signs"], size + 1))
    if found != width:
        reject("it shows that there is no network" if found is None else f"it shows that the width is at least {found}")
    model = {"both": "biases", "hidden": "biases in the hidden layer only", "none": "no biases"}[bias]
    model += " and an affine skip connection" if skip else ""
    if width is None:
        return f"no network with one hidden layer and {model} is {_about(form)}", None
    network = _layered(fields["network"], names, spend)
    if network.left != form.left or network.where != form.where:
        reject("the two theorems are about different functions or domains")
    if not is_network(network, bias, skip) or sum(map(bool, network.relus.values())) != width:
        reject(f"the right side of the second theorem is no network of {width} neurons and that model")
    return f"{width} is the least width of one hidden layer with {model} for {_about(form)}", width


def _none(fields: dict[str, Any], names: Sequence[str], spend: Spend) -> tuple[str, int | None]:
    one, other = (_layered(fields[key], names, spend) for key in ("form", "near"))
    points = _vectors(fields["inside"], len(names))
    if one.left != other.left or len(points) != 2:
        reject("two theorems about one function are needed, and a point inside the domain of each")
    jumps: list[dict[Vector, Fraction]] = []
    for form, point in zip((one, other), points, strict=True):
        if any(value(row, point) <= 0 for row in form.domain):
            reject("a point is not inside its domain")
        sizes: dict[Vector, Fraction] = {}
        for argument, factor in form.relus.items():
            if any(argument[1:]) and not value(argument, point):
                direction = _direction(argument)
                lead = next(c for c in argument[1:] if c)
                sizes[direction] = sizes.get(direction, Fraction(0)) + factor * abs(lead)
        jumps.append(sizes)
    wanted = {direction for sizes in jumps for direction in sizes}
    differing = [
        at
        for at in wanted
        if jumps[0].get(at, 0) != jumps[1].get(at, 0) and all(not value(at, point) for point in points)
    ]
    if not differing:
        reject("the jumps along a hyperplane through both points are the same")
    return f"no network with one hidden layer, of any width, is {_about(one, domain=False)}", None
