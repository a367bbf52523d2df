"""Parts of terms as sums of maxima of at most n + 1 affine forms of the n inputs, each with its theorem.

>>> from symcircuits.expr.parse import parse_expression
>>> expander = Expander([parse_expression("max(min(a, b), min(b, c), min(a, c))")], "abc")
>>> print(expander.series.theorem(expander.claim(expander.places[0])).claim.goal.right)
max(a, b) - 2*max(a, b, c) + max(a, c) + max(b, c)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import reduce
from typing import NamedTuple

from symcircuits.circuits.compiler.claims import ZERO, Pair, equation, negated, terms_of
from symcircuits.circuits.compiler.expansion import Expansion, Expansions, Value
from symcircuits.cpwl.forms import arranged
from symcircuits.cpwl.maxima import Maxima, combined
from symcircuits.exact.cells import Affine, combine, negative
from symcircuits.kernel.term import Term, table
from symcircuits.kernel.text import Row
from symcircuits.provers.result import Clock
from symcircuits.provers.series import Entry, rewriting

Key = tuple[int, int]
"""A row and a sign: what it is times the sign."""


class Sum(NamedTuple):
    """A formal sum, and the maxima of two, with factors, that it is the sum of."""

    maxima: Maxima
    values: tuple[tuple[int, Value], ...]


class Expander(Expansions):
    """The expansions of the rows of some terms, those of either sign made once each.

    In `terms` every affine argument of relu, abs, max and min is written as the form that it is.
    """

    def __init__(
        self, roots: Sequence[Term], inputs: Sequence[str], clock: Clock | None = None, most: int | None = None
    ) -> None:
        super().__init__(inputs, clock, most)
        self.rows, self.places = table(*roots)
        self.affines = affine_rows(self.rows, self.inputs)
        arguments = {part for kind, parts, *_ in self.rows if kind != "sum" for part in parts if part in self.affines}
        forms = {place: self.form(self.forms.place(self.affines[place])) for place in arguments}
        self.given, self.terms = terms_of(self.rows), terms_of(self.rows, forms)
        self._known: dict[Key, Expansion] = {}
        self._values: dict[int, Sum] = {}
        self._claims: dict[int, Entry] = {}

    def sum(self, place: int) -> Sum:
        """The sum whose value is a row, which is a relu, abs, max or min."""
        if place not in self._values:
            kind, parts, *_ = self.rows[place]
            sides = (1, -1) if kind == "abs" else (-1,) if kind == "min" else (1,)
            values = [(1 if kind == "abs" else side, self._extreme(kind, parts, side)) for side in sides]
            self._values[place] = Sum(combined((m, value.maxima) for m, value in values), tuple(values))
        return self._values[place]

    def _extreme(self, kind: str, parts: Sequence[int], side: int) -> Value:
        found = [self.expansion((part, side)) for part in parts]
        *others, last = [*found, *([self.zero()] if kind in ("relu", "abs") else [])]
        return self.value(reduce(self.larger, others or [last]), last)

    def claim(self, place: int) -> Entry:
        """The claim that a row is the value of its sum."""
        if place not in self._claims:
            self._claims[place] = self._claimed(place)
        return self._claims[place]

    def _claimed(self, place: int) -> Entry:
        found = self.sum(place)
        self.proved(part for _, value in found.values for part in value.parts)
        right = self.written(found.maxima)
        steps, _, _ = rewriting(self.given[place], right, self._arguments(place))
        middle = arranged((Fraction(m), value.term) for m, value in found.values)
        law = self.law(self.terms[place], middle, [self.terms[part] for part in self.rows[place][1]])
        pairs = [(value.term, self.written(value.maxima), value.steps()) for _, value in found.values]
        more, *sides = rewriting(middle, right, pairs)
        steps = [*steps, ["chain", middle], law, *more, self.linear(*sides)]
        return self.series.add(equation(self.given[place], right), steps)

    def _arguments(self, root: int) -> list[Pair]:
        """The affine arguments in a row that are not written as the form that they are."""
        inside, stack, pairs = set[int](), [root], list[Pair]()
        while stack:
            place = stack.pop()
            if place not in inside:
                inside.add(place)
                stack += self.rows[place][1]
        for place in inside & self.affines.keys():
            if self.given[place] != self.terms[place]:
                pairs.append((self.given[place], self.terms[place], [["normal"]]))
        return pairs

    def expansion(self, root: Key) -> Expansion:
        """The expansion of a row with a sign, after those of its parts."""
        stack = [root]
        while stack:
            waiting = [key for key in self._needs(*stack[-1]) if key not in self._known]
            stack += waiting
            if not waiting:
                key = stack.pop()
                self._known[key] = self._known.get(key) or self._expanded(*key)
        return self._known[root]

    def zero(self) -> Expansion:
        """The expansion of 0."""
        return self.affine((Fraction(0),) * (1 + len(self.inputs)), ZERO)

    def _needs(self, place: int, sign: int) -> list[Key]:
        """The rows, each with a sign, that the expansion of a row is made of."""
        kind, parts, *_ = self.rows[place]
        if place in self.affines:
            return []
        if kind == "sum":
            return [(part, sign if c > 0 else -sign) for part, c in self._bent(place).items()]
        return [(parts[0], 1), (parts[0], -1)] if kind == "abs" else [(part, sign) for part in parts]

    def _bent(self, place: int) -> dict[int, Fraction]:
        """The parts of a sum that are not affine, with their factors."""
        factors: dict[int, Fraction] = {}
        for c, part in zip(self.rows[place][2], self.rows[place][1], strict=True):
            if part not in self.affines:
                factors[part] = factors.get(part, Fraction(0)) + c
        return {part: c for part, c in factors.items() if c}

    def _expanded(self, place: int, sign: int) -> Expansion:
        kind, parts, *_ = self.rows[place]
        term = self.terms[place] if sign > 0 else negated(self.terms[place])
        if place in self.affines:
            form = self.affines[place]
            return self.affine(form if sign > 0 else negative(form), term)
        found = [self._known[key] for key in self._needs(place, sign)]
        if kind == "abs":
            return self.magnitude(term, found[0], found[1], sign < 0)
        if kind == "sum":
            made = self._combination(place, sign, found)
            parts = tuple(part for part in parts if part not in self.affines)
        else:
            join = self.larger if (kind == "min") == (sign < 0) else self.lesser
            made = reduce(join, [*found, *([self.zero()] if kind == "relu" else [])])
        if made.term == term:  # as another object, and laws know parts as objects
            return self.made(term, made.maxima, made.parts, made.steps)
        return self.same(term, made, tuple(self.terms[part] for part in parts))

    def _combination(self, place: int, sign: int, found: Sequence[Expansion]) -> Expansion:
        """The sum of the expansions of the parts, with the sizes of their factors, and of the affine parts."""
        _, parts, coefficients, *_ = self.rows[place]
        rest = [(sign * c, self.affines[at]) for c, at in zip(coefficients, parts, strict=True) if at in self.affines]
        form, none = combine(rest, len(self.inputs)), (Fraction(0),) * (1 + len(self.inputs))
        if not found:
            return self.affine(form, self.form(self.forms.place(form)))
        pairs = zip(map(abs, self._bent(place).values()), found, strict=True)
        scaled = [self.scaled(size, part, none if at else form) for at, (size, part) in enumerate(pairs)]
        return reduce(self.plus, scaled)


def affine_rows(rows: Sequence[Row], inputs: Sequence[str]) -> Mapping[int, Affine]:
    """The forms of the rows that are sums of the inputs."""
    found: dict[int, Affine] = {}
    for place, (kind, parts, coefficients, name, _) in enumerate(rows):
        if kind in ("one", "variable"):
            at = 0 if kind == "one" else 1 + inputs.index(name)
            found[place] = tuple(Fraction(int(at == j)) for j in range(len(inputs) + 1))
        elif kind == "sum" and all(part in found for part in parts):
            found[place] = combine(((c, found[part]) for c, part in zip(coefficients, parts, strict=True)), len(inputs))
    return found
