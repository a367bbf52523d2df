"""Formal sums that stand for terms, with proofs, for whatever max, min, abs, factors and sums make of them.

The proof goes as the formal sums are found (`symcircuits.cpwl.maxima`), from the parts to the whole. Each part f has a
claim

    max(f, t) == sum of m*max(S, t),

t a variable that the term does not have. That of max(f, g) cites the one of f at max(g, t) in the place of t, and then
the one of g at each max(S, t); that of f + g cites them at what is left of t. Nothing is put into normal form but
maxima of affine forms, so a proof costs what the sums have terms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from symcircuits.circuits.compiler.claims import ONCE, ZERO, Claims, Pair, equation, largest
from symcircuits.cpwl.forms import arranged
from symcircuits.cpwl.maxima import Maxima, Places, combined
from symcircuits.exact.cells import Affine, combine
from symcircuits.kernel.term import Term, total, variable
from symcircuits.provers.certificate import Step
from symcircuits.provers.result import Clock, LimitReached
from symcircuits.provers.series import Entry, rewriting


@dataclass(eq=False)
class Expansion:
    """A term, a formal sum that stands for it, and the steps that prove its claim from those of the parts.

    `leaf` is the number of its form, for an affine one; `entry` is the claim, once it is made, and `shifted` the claim
    of the sum of a variable and the term.
    """

    term: Term
    maxima: Maxima
    parts: tuple[Expansion, ...]
    steps: Callable[[], list[Step]]
    leaf: int | None = None
    entry: Entry | None = None
    shifted: Entry | None = None


class Value(NamedTuple):
    """A term, the formal sum whose value it is, and the steps that prove that, which need the parts' claims."""

    term: Term
    maxima: Maxima
    parts: tuple[Expansion, ...]
    steps: Callable[[], list[Step]]


class Expansions(Claims):
    """Expansions made of others, in the order in which they are made; none with more than so many maxima, if given."""

    def __init__(self, inputs: Sequence[str], clock: Clock | None = None, most: int | None = None) -> None:
        self.clock, self.most = clock or Clock(), most
        super().__init__(inputs, self.clock.tick)
        self.all: list[Expansion] = []

    def made(
        self,
        term: Term,
        maxima: Maxima,
        parts: tuple[Expansion, ...],
        steps: Callable[[], list[Step]],
        leaf: int | None = None,
    ) -> Expansion:
        if self.most is not None and len(maxima) > self.most:
            raise LimitReached(f"it takes more than the {self.most} neurons that another network has")
        expansion = Expansion(term, maxima, parts, steps, leaf)
        self.all.append(expansion)
        self.clock.tick()
        return expansion

    def proved(self, parts: Iterable[Expansion]) -> None:
        """Make the claims of the expansions and of all that they need."""
        needed, stack = set[int](), [*parts]
        while stack:
            expansion = stack.pop()
            if id(expansion) not in needed and expansion.entry is None:
                needed.add(id(expansion))
                stack += expansion.parts
        for expansion in self.all:
            if id(expansion) in needed:
                claim = equation(Term("max", (expansion.term, self.last)), self.written(expansion.maxima, self.last))
                expansion.entry = self.series.add(claim, expansion.steps())

    def cited(self, expansion: Expansion, at: Term) -> Step:
        """The step that cites the expansion's claim with that term in the place of the last variable."""
        if expansion.entry is None:
            raise RuntimeError(f"the expansion of {expansion.term} is used before it is proved")
        return expansion.entry.cited({self.last.name: at})

    def pair(self, expansion: Expansion, at: Term) -> Pair:
        """The maximum of the expansion's term and another one, by the sum."""
        old, new = Term("max", (expansion.term, at)), self.written(expansion.maxima, at)
        return old, new, [self.cited(expansion, at)]

    def affine(self, form: Affine, term: Term) -> Expansion:
        """The expansion of a term that is that affine form."""
        place = self.forms.place(form)
        return self.made(term, {(place,): 1}, (), lambda: [["normal"]], place)

    def same(self, term: Term, other: Expansion, parts: tuple[Term, ...]) -> Expansion:
        """The expansion of a term that equals another one by a law about these parts of both."""
        left, right = Term("max", (term, self.last)), Term("max", (other.term, self.last))

        def steps() -> list[Step]:
            return [["chain", right], self.law(left, right, parts), self.cited(other, self.last)]

        return self.made(term, other.maxima, (other,), steps)

    def larger(self, first: Expansion, second: Expansion) -> Expansion:
        """The expansion of max(first, second)."""
        term = Term("max", (first.term, second.term))
        if second.leaf is not None:
            return self._joined(first, second, second.leaf, term)
        if first.leaf is not None:
            return self._joined(second, first, first.leaf, term)
        small, big = sorted((first, second), key=lambda expansion: len(expansion.maxima))
        joined = self._joined_with_each(big, small)
        maxima = combined((m, joined[places].maxima) for places, m in small.maxima.items())
        left, inner = Term("max", (term, self.last)), Term("max", (big.term, self.last))
        via = Term("max", (small.term, inner))

        def regrouped(places: Places) -> Pair:
            old, whole = self.maximum(places, inner), Term("max", (joined[places].term, self.last))
            law = self.law(old, whole, (big.term, *map(self.form, places)))
            new = self.written(joined[places].maxima, self.last)
            return old, new, [["chain", whole], law, self.cited(joined[places], self.last)]

        def steps() -> list[Step]:
            middle = self.written(small.maxima, inner)
            start = [["chain", via], self.law(left, via, (first.term, second.term))]
            more, *sides = rewriting(middle, self.written(maxima, self.last), map(regrouped, small.maxima))
            return [*start, ["chain", middle], self.cited(small, inner), *more, self.linear(*sides)]

        return self.made(term, maxima, (small, *joined.values()), steps)

    def _joined_with_each(self, big: Expansion, small: Expansion) -> dict[Places, Expansion]:
        """For each set of the smaller sum the expansion of its maximum with the other term, made form by form."""
        uses = Counter(place for places in small.maxima for place in places)
        known: dict[Places, Expansion] = {(): big}
        found: dict[Places, Expansion] = {}
        for places in small.maxima:
            order = sorted(places, key=lambda place: (-uses[place], place))
            for size in range(1, len(order) + 1):
                *before, place = order[:size]
                if tuple(order[:size]) not in known:
                    term = Term("max", (known[tuple(before)].term, self.form(place)))
                    leaf = self.affine(self.forms.forms[place], self.form(place))
                    known[tuple(order[:size])] = self._joined(known[tuple(before)], leaf, place, term)
            found[places] = known[tuple(order)]
        return found

    def _joined(self, rest: Expansion, leaf: Expansion, place: int, term: Term) -> Expansion:
        """The expansion of the maximum of a term and an affine form, which is `term`."""
        maxima = self.forms.reduced(combined((m, {_with(places, place): 1}) for places, m in rest.maxima.items()))
        left, inner = Term("max", (term, self.last)), Term("max", (self.form(place), self.last))
        via = Term("max", (rest.term, inner))

        def steps() -> list[Step]:
            start = [["chain", via], self.law(left, via, self._known_as_parts(rest, leaf, place))]
            return [*start, *self._with_each(rest, place, inner, self.written(maxima, self.last), self.last)]

        return self.made(term, maxima, (rest,), steps)

    def _known_as_parts(self, rest: Expansion, leaf: Expansion, place: int) -> tuple[Term, ...]:
        """What a law need not look into: all, but for an affine term that is to be written as the form that it is."""
        if leaf.term == self.form(place):
            return rest.term, leaf.term
        return (rest.term,) if rest.leaf is None else ()

    def _with_each(self, rest: Expansion, place: int, inner: Term, right: Term, *more: Term) -> list[Step]:
        """The steps for max(rest, inner) == right, where `inner` is the maximum of a form and of more, or the form."""
        middle = self.written(rest.maxima, inner)
        olds = [(self.maximum(places, inner), _with(places, place)) for places in rest.maxima]
        steps, *sides = self.regrouped(middle, right, olds, *more)
        return [["chain", middle], self.cited(rest, inner), *steps, self.linear(*sides)]

    def lesser(self, first: Expansion, second: Expansion) -> Expansion:
        """The expansion of min(first, second): first and second, less their maximum."""
        high, term = self.larger(first, second), Term("min", (first.term, second.term))
        return self._by_law(term, [(1, first), (1, second), (-1, high)], (first.term, second.term))

    def magnitude(self, term: Term, above: Expansion, below: Expansion, is_negative: bool) -> Expansion:
        """The expansion of abs(f), or of minus it: of the term, where the others are those of f and of -f.

        The values of abs(f) and 0 are those of max(f, 0) and max(-f, 0), and those of f and -f are abs(f) and -abs(f).
        """
        zero = self.affine((Fraction(0),) * (1 + len(self.inputs)), ZERO)
        halves = [(1, self.larger(above, zero)), (1, self.larger(below, zero)), (-1, zero)]
        if is_negative:
            halves = [(1, above), (1, below), *((-m, half) for m, half in halves)]
        return self._by_law(term, halves, (above.term,))

    def _by_law(self, term: Term, items: list[tuple[int, Expansion]], parts: tuple[Term, ...]) -> Expansion:
        """The expansion of a term whose values are those of others, with these factors, by a law about the parts."""
        maxima = combined((m, expansion.maxima) for m, expansion in items)
        left = Term("max", (term, self.last))
        middle = total((Fraction(m), Term("max", (expansion.term, self.last))) for m, expansion in items)

        def steps() -> list[Step]:
            right, pairs = self.written(maxima, self.last), [self.pair(expansion, self.last) for _, expansion in items]
            more, *sides = rewriting(middle, right, pairs)
            return [["chain", middle], self.law(left, middle, parts), *more, self.linear(*sides)]

        return self.made(term, maxima, tuple(expansion for _, expansion in items), steps)

    def scaled(self, factor: Fraction, part: Expansion, form: Affine) -> Expansion:
        """The expansion of factor * part + form, the factor being positive."""
        shift = self.form(self.forms.place(form)) if any(form) else ZERO
        if factor == 1 and shift is ZERO:
            return part
        size, forms = len(self.inputs), self.forms
        new = {
            place: forms.place(combine([(factor, forms.forms[place]), (ONCE, form)], size))
            for places in part.maxima
            for place in places
        }
        maxima = {tuple(sorted(new[place] for place in places)): m for places, m in part.maxima.items()}
        term = arranged([(factor, part.term), (ONCE if any(form) else Fraction(0), shift)])
        left = Term("max", (term, self.last))
        inner = arranged([(1 / factor, self.last), (-1 / factor if any(form) else Fraction(0), shift)])
        middle = arranged([(factor, Term("max", (part.term, inner))), (ONCE if any(form) else Fraction(0), shift)])

        def steps() -> list[Step]:
            more = rewriting(middle, self.written(maxima, self.last), [self.pair(part, inner)]).steps
            return [["chain", middle], self.law(left, middle, (part.term, shift)), *more, ["normal"]]

        return self.made(term, maxima, (part,), steps)

    def plus(self, first: Expansion, second: Expansion) -> Expansion:
        """The expansion of first + second."""
        small, big = sorted((first, second), key=lambda expansion: len(expansion.maxima))
        term = total([(ONCE, big.term), (ONCE, small.term)])
        sums = {(some, others): self._sums(some, others) for some in small.maxima for others in big.maxima}
        products = combined((small.maxima[some] * big.maxima[others], {sums[some, others]: 1}) for some, others in sums)
        rounds, maxima = self.forms.rounds(products)
        right = self.written(maxima, self.last)

        def regrouped(some: Places) -> Pair:
            """max(big + each of some, t) as the maximum of big + max(some) and t, of which the claim is cited."""
            high = self.maximum(some)
            old = self._raised(some, big.term)
            whole = Term("max", (total([(ONCE, high), (ONCE, big.term)]), self.last))
            law = self.law(old, whole, (big.term, *map(self.form, some)))
            new = total((Fraction(m), self._raised(others, high)) for others, m in sorted(big.maxima.items()))
            return old, new, [["chain", whole], law, self._shifted(big).cited({self._extra.name: high})]

        def steps() -> list[Step]:
            middle = total((Fraction(m), self._raised(some, big.term)) for some, m in sorted(small.maxima.items()))
            start = [["chain", middle], self._shifted(small).cited({self._extra.name: big.term})]
            steps, left, _ = rewriting(middle, right, map(regrouped, small.maxima))
            flat = [
                (self._raised(others, self.maximum(some)), self.maximum(places, self.last), [["normal"]])
                for (some, others), places in sums.items()
                if self.forms.circuit(places)
            ]
            more, left, _ = rewriting(left, right, flat)
            steps += more
            for opened in rounds:
                olds = [(self.maximum(places, self.last), places) for places in opened]
                more, left, _ = self.regrouped(left, right, olds, self.last)
                steps += more
            return [*start, *steps, ["normal"]]

        return self.made(term, maxima, (small, big), steps)

    def _sums(self, some: Places, others: Places) -> Places:
        """The sums of the forms of two sets."""
        forms, size = self.forms.forms, len(self.inputs)
        pairs = ((ONCE, forms[first]) for first in some)
        return tuple(
            sorted(
                {self.forms.place(combine([pair, (ONCE, forms[second])], size)) for pair in pairs for second in others}
            )
        )

    @property
    def _extra(self) -> Term:
        """Another variable that is no input."""
        return variable(f"{self.mark}00")

    def _raised(self, places: Places, by: Term) -> Term:
        """The maximum of the forms, each with the term added, and the last variable."""
        return largest(*(total([(ONCE, by), (ONCE, self.form(place))]) for place in places), self.last)

    def _shifted(self, expansion: Expansion) -> Entry:
        """The claim of the sum of a variable and the expansion's term."""
        if expansion.shifted is None:
            extra = self._extra
            left = Term("max", (total([(ONCE, extra), (ONCE, expansion.term)]), self.last))
            inner = total([(ONCE, self.last), (-ONCE, extra)])
            middle = total([(ONCE, extra), (ONCE, Term("max", (expansion.term, inner)))])
            right = total((Fraction(m), self._raised(places, extra)) for places, m in sorted(expansion.maxima.items()))
            more = rewriting(middle, right, [self.pair(expansion, inner)]).steps
            steps: list[Step] = [["chain", middle], self.law(left, middle, (expansion.term,)), *more, ["normal"]]
            expansion.shifted = self.series.add(equation(left, right), steps)
        return expansion.shifted

    def value(self, first: Expansion, second: Expansion) -> Value:
        """max(first, second) as the value of a formal sum."""
        term = Term("max", (first.term, second.term))
        if first.leaf is not None:
            first, second = second, first
        if second.leaf is not None:
            return self._value_with_form(first, second, second.leaf, term)
        small, big = sorted((first, second), key=lambda expansion: len(expansion.maxima))
        values = self._values_with_each(big, small)
        maxima = combined((m, values[places].maxima) for places, m in small.maxima.items())
        via = Term("max", (small.term, big.term))

        def regrouped(places: Places) -> Pair:
            old, value = self.maximum(places, big.term), values[places]
            law = self.law(old, value.term, (big.term, *map(self.form, places)))
            return old, self.written(value.maxima), [["chain", value.term], law, *value.steps()]

        def steps() -> list[Step]:
            middle = self.written(small.maxima, big.term)
            start = [["chain", via], self.law(term, via, (first.term, second.term))]
            more, *sides = rewriting(middle, self.written(maxima), map(regrouped, small.maxima))
            return [*start, ["chain", middle], self.cited(small, big.term), *more, self.linear(*sides)]

        parts = (small, *(part for value in values.values() for part in value.parts))
        return Value(term, maxima, parts, steps)

    def _values_with_each(self, big: Expansion, small: Expansion) -> dict[Places, Value]:
        """For each set of the smaller sum its maximum with the other term."""
        before = {places: places[:-1] for places in small.maxima}
        shorter = Expansion(ZERO, dict.fromkeys(before.values(), 1), (), list)
        joined = self._joined_with_each(big, shorter)
        found: dict[Places, Value] = {}
        for places, some in before.items():
            leaf = self.affine(self.forms.forms[places[-1]], self.form(places[-1]))
            term = Term("max", (joined[some].term, leaf.term))
            found[places] = self._value_with_form(joined[some], leaf, places[-1], term)
        return found

    def _value_with_form(self, rest: Expansion, leaf: Expansion, place: int, term: Term) -> Value:
        maxima = self.forms.reduced(combined((m, {_with(places, place): 1}) for places, m in rest.maxima.items()))
        via = Term("max", (rest.term, self.form(place)))

        def steps() -> list[Step]:
            start = [["chain", via], self.law(term, via, self._known_as_parts(rest, leaf, place))]
            return [*start, *self._with_each(rest, place, self.form(place), self.written(maxima))]

        return Value(term, maxima, (rest,), steps)


def _with(places: Places, place: int) -> Places:
    return tuple(sorted({*places, place}))
