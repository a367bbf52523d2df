"""The normal form of a term: a rational combination of basis elements, given facts about signs.

A *basis element* is a monomial in variables (exponents may be negative where a variable's sign is known) times an
*atom*; an atom is the constant 1 or max(0, r_1, ..., r_k) for distinct rows r_i, which are themselves combinations.
Everything becomes a maximum: relu(t) = max(0, t), abs(t) = max(t, -t), min(t, u) = -max(-t, -u), and

    max(f_1, ..., f_k) = f_j + c*m*max(0, (f_1 - f_j)/(c*m), ..., (f_k - f_j)/(c*m))      for c*m > 0.

Here f_j is the lexicographically smallest of the f_i (every other row then has a positive coefficient at its highest
basis element), m the common monomial of the differences, c their common content: so relu(3t) = 3 relu(t), relu(w*t) =
w*relu(t) for w > 0, relu(-t) = relu(t) - t, and equal atoms meet. A row that is an affine form plus a positive multiple
of one atom is spread, and so is an argument: max(a, max(b, c)) = max(a, b, c), and
max(a, min(b, c)) = min(b, c) + max(0, a - b, a - c). A row known to be at most another is left out.

Every step is an identity between functions on the set of points where the known facts hold; no step searches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import takewhile
from math import gcd, lcm, prod
from typing import NamedTuple

from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.term import Term, subterms

Pairs = tuple[tuple[int, int], ...]
WORK, CALL, ENTRY, COPY = 4_000_000_000, 2000, 256, 256


class Form(NamedTuple):
    """sum(numerators[i] * basis element i) / denominator; no numerator is 0, the denominator is positive."""

    numerators: Mapping[int, int]
    denominator: int = 1

    def constant(self) -> Fraction | None:
        """The value of a form without variables and atoms, else `None`."""
        return Fraction(self.numerators.get(0, 0), self.denominator) if self.numerators.keys() <= {0} else None


ZERO, ONCE = Form({}), Fraction(1)


class Meter:
    """Counts what arithmetic costs in time and memory, roughly in bits; what needs more than `WORK` is refused."""

    def __init__(self) -> None:
        self.left = WORK

    def spend(self, bits: int) -> None:
        """Take from what is left; `CertificateRejected` when it runs out."""
        self.left -= bits
        if self.left < 0:
            raise CertificateRejected("it needs more arithmetic than the checker allows")


class Scope:
    """What all algebras of one proof share: the variables, numbered from 1, their basis elements, and the meter."""

    def __init__(self, names: Sequence[str], meter: Meter) -> None:
        self.meter, self.number = meter, {name: number for number, name in enumerate(names, start=1)}
        self.basis: list[tuple[Pairs, int]] = [((), 0), *((((number, 1),), 0) for number in self.number.values())]
        self.index = {element: index for index, element in enumerate(self.basis)}


class Algebra:
    """Normal forms of terms over the variables of a scope, on the points where the facts hold.

    facts:  keys of forms over the variables known to be >= 0
    signs:  variable's number -> 1 or -1, for variables known to be > 0 or < 0
    values: variable's number -> the form that replaces it
    """

    def __init__(
        self, scope: Scope, facts: frozenset[Pairs], signs: Mapping[int, int], values: Mapping[int, Form]
    ) -> None:
        self.scope, self.spend, self.facts, self.signs, self.values = scope, scope.meter.spend, facts, signs, values
        self.spend(COPY * (1 + len(facts) + len(scope.basis)))
        self.basis, self.index = scope.basis.copy(), scope.index.copy()
        self.rows: list[tuple[Form, ...]] = [()]
        self.atoms: dict[tuple[Pairs, ...], int] = {}
        self.memo: dict[int, tuple[Form, Term]] = {}

    def with_facts(self, forms: Iterable[Form]) -> Algebra:
        """The same algebra knowing also that the forms are >= 0."""
        return Algebra(self.scope, self.facts.union(map(self.key, forms)), self.signs, self.values)

    def with_sign(self, number: int, sign: int) -> Algebra:
        """The same algebra knowing also that the variable is positive (1) or negative (-1)."""
        return Algebra(self.scope, self.facts, {**self.signs, number: sign}, self.values)

    def with_value(self, number: int, value: Form) -> Algebra:
        """The algebra in which the form replaces the variable everywhere; the facts are forgotten."""
        values = {old: self.replace(form, number, value) for old, form in self.values.items()}
        return Algebra(self.scope, frozenset(), self.signs, {**values, number: value})

    def with_equal(self, old: Term, new: Term) -> Algebra:
        """The algebra in which `old`, and so every whole of it, has the normal form of the equal term `new`."""
        form = self.normal(new)
        known = takewhile(id(old).__ne__, self.memo)
        return self.bound({**{at: self.memo[at] for at in known}, id(old): (form, old)})

    def bound(self, memo: Mapping[int, tuple[Form, Term]]) -> Algebra:
        """The same algebra, its basis shared, that starts with these normal forms, by the `id` of the term."""
        twin = Algebra(self.scope, self.facts, self.signs, self.values)
        twin.basis, twin.index, twin.rows, twin.atoms = self.basis, self.index, self.rows, self.atoms
        twin.memo = dict(memo)
        self.spend(COPY * len(memo))
        return twin

    def normal(self, root: Term) -> Form:
        """The normal form of a term; `CertificateRejected` where a sign is needed and not known, or beyond limits."""
        for term in subterms((root,), known=self.memo, parts=self._parts):
            self.spend(CALL)
            parts = [self.memo[id(part)][0] for part in self._parts(term)]
            self.memo[id(term)] = NORMAL[term.kind](self, term, parts), term
        return self.memo[id(root)][0]

    def _parts(self, term: Term) -> Sequence[Term]:
        """The arguments of a term; if it nests only max, or only min, down to variables, these at once."""
        if term.kind not in ("max", "min") or all(part.kind != term.kind for part in term.args):
            return term.args
        found, stack = dict[int, Term](), [*reversed(term.args)]
        while stack:
            part = stack.pop()
            if part.kind == term.kind and id(part) not in self.memo and id(part) not in found:
                stack.extend(reversed(part.args))
            found[id(part)] = part
        self.spend(CALL * len(found))
        leaves = [part for part in found.values() if part.kind != term.kind or id(part) in self.memo]
        return leaves if all(part.kind == "variable" for part in leaves) else term.args

    def is_affine(self, form: Form) -> bool:
        """Whether the form is a rational affine combination of variables."""
        return all(index < len(self.scope.basis) for index in form.numerators)

    def rows_of(self, at: int) -> tuple[Form, ...]:
        """The rows of a basis element that is an atom, and none if it is anything else."""
        monomial, atom = self.basis[at]
        return () if monomial else self.rows[atom]

    def combine(self, items: Iterable[tuple[Fraction, Form]]) -> Form:
        """The form sum(c * f) over the items (c, f)."""
        items, denominator = tuple(items), 1
        for c, form in items:
            denominator = lcm(denominator, c.denominator * form.denominator)
            size = denominator.bit_length() + c.numerator.bit_length()
            self.spend(CALL + size * (1 + len(form.numerators)) + (size * size >> 12))
        total: dict[int, int] = {}
        for c, form in items:
            factor = c.numerator * (denominator // (c.denominator * form.denominator))
            for index, numerator in form.numerators.items():
                total[index] = total.get(index, 0) + factor * numerator
        size = max(map(int.bit_length, total.values()), default=0)
        self.spend(len(total) * (ENTRY + size + (size * size >> 12)))
        divisor = gcd(denominator, *total.values()) if denominator > 1 else 1
        return Form({index: n // divisor for index, n in total.items() if n}, denominator // divisor)

    def key(self, form: Form) -> Pairs:
        """The form up to a positive factor, as a hashable value."""
        content = gcd(*form.numerators.values())
        return tuple(sorted((index, numerator // content) for index, numerator in form.numerators.items()))

    def replace(self, form: Form, index: int, value: Form) -> Form:
        """The form with another one in place of a basis element."""
        rest = Form({i: n for i, n in form.numerators.items() if i != index}, form.denominator)
        return self.combine([(ONCE, rest), (Fraction(form.numerators.get(index, 0), form.denominator), value)])

    def negative(self, form: Form) -> Form:
        """-form."""
        return Form({index: -numerator for index, numerator in form.numerators.items()}, form.denominator)

    def minus(self, left: Form, right: Form) -> Form:
        """left - right."""
        if left.denominator != 1 or right.denominator != 1:
            return self.combine([(ONCE, left), (-ONCE, right)])
        total = dict(left.numerators)
        for index, numerator in right.numerators.items():
            total[index] = total.get(index, 0) - numerator
        self.spend(CALL + sum(map(int.bit_length, total.values())) + ENTRY * len(total))
        return Form({index: numerator for index, numerator in total.items() if numerator})

    def scaled(self, form: Form, factor: Form, exponent: int) -> Form:
        """form * factor, one of them without atoms, or form / factor, the factor one monomial of known sign."""
        if exponent > 0 and self._has_atoms(factor):
            form, factor = factor, form
        monomials = [self.basis[index][0] for index in factor.numerators]
        self.spend(CALL * sum(1 + len(monomial) for monomial in monomials))
        unsigned = any(number not in self.signs for monomial in monomials for number, _ in monomial)
        if self._has_atoms(factor) or (exponent < 0 and (len(monomials) != 1 or unsigned)):
            raise CertificateRejected("a product of two maxima, or a quotient by what is no monomial of known sign")
        items = []
        for monomial, numerator in zip(monomials, factor.numerators.values(), strict=True):
            power = [(number, exponent * degree) for number, degree in monomial]
            items.append((Fraction(numerator, factor.denominator) ** exponent, self._times(form, power)))
        return self.combine(items)

    def _has_atoms(self, form: Form) -> bool:
        return any(self.basis[index][1] for index in form.numerators)

    def _times(self, form: Form, factor: Sequence[tuple[int, int]]) -> Form:
        numerators: dict[int, int] = {}
        for index, numerator in form.numerators.items():
            monomial, atom = self.basis[index]
            self.spend(CALL * (1 + len(monomial) + len(factor)))
            exponents = dict(monomial)
            exponents |= {number: exponents.get(number, 0) + exponent for number, exponent in factor}
            self.spend(ENTRY * sum(map(int.bit_length, exponents.values())))
            numerators[self._element(tuple(sorted(pair for pair in exponents.items() if pair[1])), atom)] = numerator
        return Form(numerators, form.denominator)

    def _element(self, monomial: Pairs, atom: int) -> int:
        index = self.index.setdefault((monomial, atom), len(self.basis))
        if index == len(self.basis):
            self.basis.append((monomial, atom))
        return index

    def maximum(self, forms: Iterable[Form]) -> Form:
        """The normal form of the largest of one or more forms."""
        forms = self._undominated([part for form in forms for part in self._spread(form)])
        if len(forms) == 1:
            return forms[0]
        rows = [self.minus(form, forms[0]) for form in forms]
        monomial, sign = self._common_monomial(rows)
        if monomial:
            inverse = [(number, -exponent) for number, exponent in monomial]
            inner = self.maximum(self._times(row if sign > 0 else self.negative(row), inverse) for row in rows)
            return self.combine([(ONCE, forms[0]), (Fraction(sign), self._times(inner, monomial))])
        least = 0
        for place, row in enumerate(rows):
            gap = self.minus(row, rows[least]).numerators
            least = place if gap and gap[max(gap)] < 0 else least
        rows = [self.minus(row, rows[least]) for row in rows if row is not rows[least]]
        spread = [part for row in rows for part in self._spread(row)]
        if len(spread) > len(rows):
            return self.combine([(ONCE, forms[least]), (ONCE, self.maximum([ZERO, *spread]))])
        size, atom = self._atom(rows)
        return self.combine([(ONCE, forms[least]), (size, Form({self._element((), atom): 1}))])

    def _spread(self, form: Form) -> list[Form]:
        """Forms whose maximum is the given form: more than one when it is an affine form plus c * atom with c > 0."""
        atoms = [index for index in form.numerators if self.basis[index][1]]
        if len(atoms) != 1 or form.numerators[atoms[0]] < 0 or self.basis[atoms[0]][0]:
            return [form]
        return [self.replace(form, atoms[0], row) for row in (ZERO, *self.rows[self.basis[atoms[0]][1]])]

    def _undominated(self, forms: list[Form]) -> list[Form]:
        """The forms without those known to be at most another one; of equal ones the first stays."""
        largest: dict[Pairs, Form] = {}
        denominator = lcm(*(form.denominator for form in forms))
        self.spend(denominator.bit_length() * sum(1 + len(form.numerators) for form in forms))
        for form in forms:
            slope = tuple(sorted((i, n * denominator // form.denominator) for i, n in form.numerators.items() if i))
            if slope not in largest or self.minus(form, largest[slope]).numerators.get(0, 0) > 0:
                largest[slope] = form
        kept: list[Form] = [] if self.facts else list(largest.values())
        for form in largest.values() if self.facts else ():
            if not any(self._is_known(self.minus(other, form)) for other in kept):
                kept = [*(other for other in kept if not self._is_known(self.minus(form, other))), form]
        return kept

    def _is_known(self, form: Form) -> bool:
        return self.key(form) in self.facts

    def _common_monomial(self, rows: list[Form]) -> tuple[Pairs, int]:
        """The largest monomial in variables of known sign that divides every row, and its sign."""
        pairs = [self.basis[index][0] for row in rows for index in row.numerators] if self.signs else []
        self.spend(CALL * sum(len(self.signs) + len(monomial) for monomial in pairs))
        monomials = [*map(dict, pairs)]
        lowest = [(number, min(monomial.get(number, 0) for monomial in monomials)) for number in sorted(self.signs)]
        common = tuple(pair for pair in lowest if pair[1])
        return common, prod(self.signs[number] for number, exponent in common if exponent % 2)

    def _atom(self, rows: list[Form]) -> tuple[Fraction, int]:
        """The size c and the number of the atom max(0, rows / c), c the rows' common content."""
        numerators = (numerator for row in rows for numerator in row.numerators.values())
        size = Fraction(gcd(*numerators), lcm(*(row.denominator for row in rows)))
        primitive = (self.combine([(1 / size, row)]) for row in rows)
        keyed = {tuple(sorted(row.numerators.items())): row for row in primitive}
        atom = self.atoms.setdefault(tuple(sorted(keyed)), len(self.rows))
        if atom == len(self.rows):
            self.rows.append(tuple(keyed[key] for key in sorted(keyed)))
        return size, atom


def _unknown(algebra: Algebra, term: Term, parts: list[Form]) -> Form:
    raise CertificateRejected("a goal that is a form can only be closed where nothing more is assumed")


NORMAL: dict[str, Callable[[Algebra, Term, list[Form]], Form]] = {
    "form": _unknown,
    "one": lambda algebra, term, parts: Form({0: 1}),
    "variable": lambda algebra, term, parts: algebra.values.get(n := algebra.scope.number[term.name]) or Form({n: 1}),
    "sum": lambda algebra, term, parts: algebra.combine(zip(term.coefficients, parts, strict=True)),
    "relu": lambda algebra, term, parts: algebra.maximum([ZERO, parts[0]]),
    "abs": lambda algebra, term, parts: algebra.maximum([parts[0], algebra.negative(parts[0])]),
    "max": lambda algebra, term, parts: algebra.maximum(parts),
    "min": lambda algebra, term, parts: algebra.negative(algebra.maximum(map(algebra.negative, parts))),
    "scale": lambda algebra, term, parts: algebra.scaled(parts[0], parts[1], term.exponent),
}
