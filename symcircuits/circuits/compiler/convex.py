"""Few layers for few inputs: a CPWL function of n inputs as a signed sum of maxima of at most n + 1 affine forms.

First the function is an affine form plus a signed sum of maxima of affine forms: sums add up, and where f_i = p_i - n_i
with convex p_i and n_i, and n is some convex function with all n - n_i convex, max(f_1, ..., f_k) is max over i of
(f_i + n), minus n: a maximum of affine forms, of which those that are nowhere largest are left out. Then a maximum of
more forms than needed is reduced (Wang and Sun, Generalization of hinging hyperplanes, 2005): more forms than the
affine rank of their slopes allows have an affine dependence, so that some convex combinations of two disjoint sets P
and M of them differ by a constant; say that of P is the larger one. Then max P >= min M, and by inclusion and exclusion
over the subsets of M

    max(all) = - sum over proper subsets S of M of (-1)^(|M| - |S|) * max(all but M, and S).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import gcd, lcm
from typing import NamedTuple

from symcircuits.circuits.compiler.neurons import ONCE
from symcircuits.cpwl.forms import arranged
from symcircuits.exact.cells import Affine, Tick, combine, integer_row, minus
from symcircuits.exact.polyhedron import Solid, analyse
from symcircuits.kernel.term import ONE, Term, table, variable

FORMS, SETS = 32, 2000
"""The most forms of one convex function, and the most sets of forms that a reduction may meet."""

Convex = frozenset[Affine]
"""The maximum of these affine forms."""


class TooLarge(Exception):
    """The difference of convex functions, or its reduction, is beyond the limits."""


class Signed(NamedTuple):
    """affine + sum of c * max(forms), each maximum in lowest terms: its least form is 0, its coefficients integers."""

    affine: Affine
    maxima: Mapping[Convex, Fraction]


def shallow_form(term: Term, names: Sequence[str], tick: Tick | None = None) -> Term:
    """The same function as a signed sum of maxima of at most n + 1 affine forms; `TooLarge` beyond the limits.

    >>> from symcircuits.expr.parse import parse_expression
    >>> shallow_form(parse_expression("max(min(a, b), min(b, c), min(a, c))"), "abc")
    b + 2*max(a - c, a - b, 0) - max(b - c, 0) - max(a - b, 0) - max(a - c, 0)
    """
    function = signed_maxima(term, names, tick)
    parts = [(ONCE, Signed(function.affine, {}))]
    for forms, c in function.maxima.items():
        parts += [(c * factor, _primitive(small)) for small, factor in reduced_maximum(forms).items()]
    result = _added(parts, len(names))
    maxima = sorted(result.maxima.items(), key=lambda part: (part[1] < 0, -len(part[0]), sorted(part[0])))
    return arranged([*_items(result.affine, names), *((c, _maximum(forms, names)) for forms, c in maxima)])


def _items(form: Affine, names: Sequence[str]) -> list[tuple[Fraction, Term]]:
    return [*zip(form[1:], map(variable, names), strict=True), (form[0], ONE)]


def _maximum(forms: Convex, names: Sequence[str]) -> Term:
    order = sorted(forms, key=lambda form: (form[1:], form[0]), reverse=True)
    return Term("max", tuple(arranged(_items(form, names)) for form in order))


def signed_maxima(term: Term, names: Sequence[str], tick: Tick | None = None) -> Signed:
    """The term as an affine form and a signed sum of maxima of affine forms, by its structure."""
    size = len(names)
    known: list[Signed] = []
    entries, (root,) = table(term)
    for kind, places, coefficients, name, _ in entries:
        parts = [known[place] for place in places]
        match kind:
            case "one" | "variable":
                at = 0 if kind == "one" else 1 + names.index(name)
                known.append(Signed(tuple(Fraction(int(at == j)) for j in range(size + 1)), {}))
            case "sum":
                known.append(_added(zip(coefficients, parts, strict=True), size))
            case "relu":
                known.append(_largest([*parts, _added([], size)], size, tick))
            case "abs":
                known.append(_largest([*parts, _added([(-ONCE, parts[0])], size)], size, tick))
            case "max":
                known.append(_largest(parts, size, tick))
            case _:
                flipped = _largest([_added([(-ONCE, part)], size) for part in parts], size, tick)
                known.append(_added([(-ONCE, flipped)], size))
    return known[root]


def _added(items: Iterable[tuple[Fraction, Signed]], size: int) -> Signed:
    items = list(items)
    maxima: dict[Convex, Fraction] = {}
    for factor, part in items:
        for forms, c in part.maxima.items():
            maxima[forms] = maxima.get(forms, Fraction(0)) + factor * c
    affine = combine(((factor, part.affine) for factor, part in items), size)
    return Signed(affine, {forms: c for forms, c in maxima.items() if c})


def _primitive(forms: Convex) -> Signed:
    """The maximum of some forms in lowest terms."""
    least = min(forms)
    gaps = [minus(form, least) for form in forms]
    values = [c for form in gaps for c in form]
    content = Fraction(gcd(*(c.numerator for c in values)), lcm(*(c.denominator for c in values)))
    if len(forms) == 1 or not content:
        return Signed(least, {})
    return Signed(least, {frozenset(tuple(c / content for c in form) for form in gaps): content})


def _largest(parts: Sequence[Signed], size: int, tick: Tick | None) -> Signed:
    """The largest of the parts, what all of them have in common being taken out first."""
    keys = [key for key in parts[0].maxima if all(part.maxima.get(key) == parts[0].maxima[key] for part in parts)]
    common = Signed((Fraction(0),) * (size + 1), {key: parts[0].maxima[key] for key in keys})
    rests = [_added([(ONCE, part), (-ONCE, common)], size) for part in parts]
    below = [{key: -c for key, c in rest.maxima.items() if c < 0} for rest in rests]
    # What every part is raised by, so that all of them are convex: the largest coefficient of each maximum is enough.
    lift = {key: max(part.get(key, Fraction(0)) for part in below) for part_below in below for key in part_below}
    raised = Signed(common.affine, lift)
    forms: set[Affine] = set()
    for rest in rests:
        forms |= _expanded(_added([(ONCE, rest), (ONCE, raised)], size), tick)
    whole = _primitive(_needed(frozenset(forms), tick))
    return _added([(ONCE, common), (ONCE, whole), (-ONCE, raised)], size)


def _expanded(convex: Signed, tick: Tick | None) -> Convex:
    """The affine forms of a sum of maxima, those that are nowhere largest left out."""
    result = frozenset([convex.affine])
    for forms, factor in convex.maxima.items():
        if len(result) * len(forms) > FORMS * FORMS:
            raise TooLarge(f"a convex function has more than {FORMS} affine forms")
        scaled = [tuple(factor * c for c in form) for form in forms]
        added = frozenset(tuple(c + d for c, d in zip(f, g, strict=True)) for f in result for g in scaled)
        result = added if len(result) == 1 else _needed(added, tick)
    return result


def _needed(forms: Convex, tick: Tick | None) -> Convex:
    """The forms that are somewhere larger than all the others."""
    kept = sorted(forms)
    for form in list(kept):
        others = [other for other in kept if other is not form]
        rows = [integer_row(minus(form, other)) for other in others]
        if others and not isinstance(analyse(len(form) - 1, rows, [True] * len(rows), tick), Solid):
            kept = others
    if len(kept) > FORMS:
        raise TooLarge(f"a convex function has more than {FORMS} affine forms")
    return frozenset(kept)


def reduced_maximum(forms: Convex) -> dict[Convex, int]:
    """Sets of affinely independent slopes with integer factors: the maximum is the sum of factor * max(set)."""
    done: dict[Convex, int] = {}
    waiting: dict[Convex, int] = {forms: 1}
    for _ in range(SETS):
        if not waiting:
            return {small: c for small, c in done.items() if c}
        largest = max(waiting, key=lambda one: (len(one), sorted(one)))
        factor = waiting.pop(largest)
        less = _less(largest)
        if less is None:
            done[largest] = done.get(largest, 0) + factor
            continue
        rest = largest - less
        for size in range(len(less)):
            for some in combinations(sorted(less), size):
                smaller = rest | frozenset(some)
                change = -factor * (-1) ** (len(less) - size)
                waiting[smaller] = waiting.get(smaller, 0) + change
                if not waiting[smaller]:
                    del waiting[smaller]
    raise TooLarge(f"the reduction meets more than {SETS} sets of forms")


def _less(forms: Convex) -> Convex | None:
    """A set M of the forms whose minimum is nowhere above the largest of the others; None if slopes are independent."""
    ordered = sorted(forms)
    weights = _dependence([(ONCE, *form[1:]) for form in ordered])
    if weights is None:
        return None
    constant = sum(w * form[0] for w, form in zip(weights, ordered, strict=True))
    positive = frozenset(form for w, form in zip(weights, ordered, strict=True) if w > 0)
    negative_ones = frozenset(form for w, form in zip(weights, ordered, strict=True) if w < 0)
    if constant == 0:
        return min(positive, negative_ones, key=lambda one: (len(one), sorted(one)))
    return negative_ones if constant > 0 else positive


def _dependence(vectors: Sequence[tuple[Fraction, ...]]) -> list[Fraction] | None:
    """Weights, not all 0, of vectors that add up to 0, if there are any."""
    rows: list[tuple[int, list[Fraction], list[Fraction]]] = []
    for at, vector in enumerate(vectors):
        rest, weights = list(vector), [Fraction(int(at == j)) for j in range(len(vectors))]
        for pivot, row, combination in rows:
            factor = rest[pivot] / row[pivot]
            if factor:
                rest = [c - factor * d for c, d in zip(rest, row, strict=True)]
                weights = [c - factor * d for c, d in zip(weights, combination, strict=True)]
        place = next((j for j, c in enumerate(rest) if c), None)
        if place is None:
            return weights
        rows.append((place, rest, weights))
    return None
