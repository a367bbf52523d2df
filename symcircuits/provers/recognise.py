"""Max and min recognised where they are written with relu: p + c*relu(q) is max(p, p + c*q), and with -c a min.

Each part of a term gets a linear form over *elements*: variables, relu of a form, max and min. Forms that are a
variable, or a max or min of such ones, are *lattice* forms, and so is p + c*relu(q) where p and p + c*q are. So a
sorting network of p - relu(p - q) and p + relu(q - p) becomes one of max and min, a pair (part, its max or min) for
each comparator.

>>> from symcircuits.expr.parse import parse_expression
>>> [(found.whole, found.value) for found in recognised([parse_expression("b - relu(b - min(a, c))")])]
[(b - relu(b - min(a, c)), min(min(a, c), b))]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from symcircuits.kernel.check import Goal
from symcircuits.kernel.term import Claim, Comparison, Term, subterms, table, variable
from symcircuits.provers.certificate import theorem_to_json
from symcircuits.provers.search import Search, renewed

Form = dict[int, Fraction]
Key = frozenset[tuple[int, Fraction]]
ONCE, CONSTANT, FEW = Fraction(1), 0, 8
"""Sums of more relus than a few are not looked at: they are no max or min of two terms."""


class Recognised(NamedTuple):
    """A part that is equal to a max or min of other terms, because of its shape: a claim about variables p1, p2, ..."""

    whole: Term
    value: Term
    shape: Claim
    at: tuple[Term, ...]


class _Reader:
    """The forms of parts, and the lattice forms among them with their terms."""

    def __init__(self) -> None:
        self.elements: dict[object, int] = {"one": CONSTANT}
        self.relus: dict[int, Form] = {}
        self.lattice: dict[Key, Term] = {}

    def element(self, key: object) -> int:
        return self.elements.setdefault(key, len(self.elements))

    def relu(self, form: Form) -> Form:
        """c*relu(primitive), plus the form where its leading coefficient is negative."""
        if not form.keys() - {CONSTANT}:
            return {CONSTANT: max(form.get(CONSTANT, Fraction(0)), Fraction(0))} if form else {}
        lead = form[max(form)]
        primitive = {at: c / lead for at, c in form.items()}
        at = self.element(key(primitive))
        self.relus[at] = primitive
        return {at: lead} if lead > 0 else added(form, {at: -lead}, ONCE)

    def choice(self, form: Form) -> tuple[Term, Form] | None:
        """The max or min of two lattice terms that a form is, and its own element as a form."""
        inside = sorted(form.keys() & self.relus.keys(), reverse=True)
        for at in inside if len(inside) <= FEW else ():
            rest = {other: c for other, c in form.items() if other != at}
            pair = key(rest), key(added(rest, self.relus[at], form[at]))
            if pair[0] in self.lattice and pair[1] in self.lattice:
                kind = "max" if form[at] > 0 else "min"
                return Term(kind, tuple(self.lattice[part] for part in pair)), self.extreme(kind, pair)
        return None

    def extreme(self, kind: str, parts: Iterable[Key]) -> Form:
        """The element that stands for the max or min of lattice forms."""
        return {self.element((kind, frozenset(parts))): ONCE}


def key(form: Mapping[int, Fraction]) -> Key:
    """The form as a hashable value."""
    return frozenset(form.items())


def added(form: Form, other: Mapping[int, Fraction], factor: Fraction) -> Form:
    """form + factor * other."""
    return combined([(ONCE, form), (factor, other)])


def combined(items: Iterable[tuple[Fraction, Mapping[int, Fraction]]]) -> Form:
    """The sum of c * form over the items (c, form)."""
    result: Form = {}
    for factor, form in items:
        for at, c in form.items():
            more = c if factor == 1 else factor * c
            result[at] = result[at] + more if at in result else more
    return {at: c for at, c in result.items() if c}


def recognised(roots: Iterable[Term]) -> list[Recognised]:
    """The parts of the roots that are recognised, each structure once, parts before wholes.

    In `value` and `at` what is recognised inside stands already as max or min.
    """
    return _read(roots)[0]


def as_lattice(roots: Iterable[Term]) -> list[Term | None]:
    """What each of the roots is as a max or min of variables, or of such ones; None where it is not recognised.

    >>> from symcircuits.expr.parse import parse_expression
    >>> as_lattice([parse_expression("b - relu(b - max(a, c))"), parse_expression("relu(a)")])
    [min(max(a, c), b), None]
    """
    return _read(roots)[1]


def _read(roots: Iterable[Term]) -> tuple[list[Recognised], list[Term | None]]:
    """The parts that are recognised, and the lattice terms that the roots are."""
    rows, places = table(*roots)
    reader, found = _Reader(), list[Recognised]()
    forms: list[Form] = []
    terms: list[Term] = []
    values: list[Term | None] = []
    standing: dict[int, Term] = {}
    for kind, parts, coefficients, name, exponent in rows:
        inner = [forms[part] for part in parts]
        within = tuple(values[part] for part in parts)
        terms.append(Term(kind, tuple(terms[part] for part in parts), coefficients, name, exponent))
        value = terms[-1] if kind == "variable" else None
        match kind:
            case "one":
                form: Form = {CONSTANT: ONCE}
            case "variable":
                form = {reader.element(name): ONCE}
            case "sum":
                form = combined(zip(coefficients, inner, strict=True))
                value = reader.lattice.get(key(form))
            case "relu":
                form = reader.relu(inner[0])
            case "abs":
                form = added(added({}, reader.relu(inner[0]), Fraction(2)), inner[0], -ONCE)
            case "max" | "min" if all(part is not None for part in within):
                value = Term(kind, tuple(part for part in within if part is not None))
                form = reader.extreme(kind, map(key, inner))
            case _:
                form = {reader.element((kind, tuple(map(key, inner)), exponent)): ONCE}
        choice = reader.choice(form) if value is None and kind in ("sum", "relu", "abs") else None
        made = _shaped(terms[-1], choice[0], standing) if choice is not None else None
        if choice is not None and made is not None:
            found.append(made)
            value, form = choice
        if value is not None:
            reader.lattice.setdefault(key(form), value)
            standing[id(terms[-1])] = value
        forms.append(form)
        values.append(value)
    return found, [values[place] for place in places]


def _shaped(whole: Term, value: Term, standing: Mapping[int, Term]) -> Recognised | None:
    """What is recognised, with the shape that the whole has over the lattice terms in it; None if value has others.

    standing: the lattice terms that stand for parts, by the `id` of the part
    """
    names: dict[int, Term] = {}
    at: list[Term] = []
    made: dict[int, Term] = {}
    for term in subterms([whole], known=standing):
        for part in term.args:
            if id(part) in standing and id(standing[id(part)]) not in names:
                at.append(standing[id(part)])
                names[id(at[-1])] = variable(f"p{len(at)}")
        parts = (names[id(standing[id(part)])] if id(part) in standing else made[id(part)] for part in term.args)
        made[id(term)] = term._replace(args=tuple(parts))
    if any(id(part) not in names for part in value.args):
        return None
    right = value._replace(args=tuple(names[id(part)] for part in value.args))
    return Recognised(whole, value, Claim(Comparison(made[id(whole)], "==", right)), tuple(at))


def rewrite(search: Search, goal: Goal, found: Sequence[Recognised]) -> Goal:
    """The goal with max and min in the place of what was recognised in its sides, by lemmas about the shapes."""
    places: dict[str, int] = {}
    pairs = [[search.number(one.whole), search.number(one.value)] for one in found]
    *premises, after = search.apply(renewed(goal), "rewrite", pairs)
    for one, premise in zip(found, premises, strict=True):
        shape = str(one.shape)
        if shape not in places:
            places[shape] = search.lemma(theorem_to_json(one.shape, [["normal"]]))
        at = [search.number(one.at[int(name[1:]) - 1]) for name in one.shape.variables()]
        search.apply(premise, "cite", places[shape], at)
    return after
