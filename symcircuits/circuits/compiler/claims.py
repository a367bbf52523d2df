"""Terms of maxima of affine forms, and the claims about them that need no case distinction on points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from symcircuits.cpwl.forms import arranged
from symcircuits.cpwl.maxima import Circuit, Forms, Places
from symcircuits.exact.cells import Tick
from symcircuits.kernel.term import ONE, Claim, Comparison, Term, rebuilt, subterms, total, variable
from symcircuits.kernel.text import Row
from symcircuits.provers.certificate import Step
from symcircuits.provers.series import Entry, Rewritten, Series, rewriting

ONCE = Fraction(1)
ZERO = total([])
Pair = tuple[Term, Term, list[Step]]
"""A term, another one, and the steps that prove them equal."""


def largest(*terms: Term) -> Term:
    """The maximum of the terms; of one term it is the term."""
    return terms[0] if len(terms) == 1 else Term("max", terms)


def least(*terms: Term) -> Term:
    """The minimum of the terms; of one term it is the term."""
    return terms[0] if len(terms) == 1 else Term("min", terms)


def negated(term: Term) -> Term:
    """-term."""
    return total([(-ONCE, term)])


def equation(left: Term, right: Term) -> Claim:
    """The claim left == right."""
    return Claim(Comparison(left, "==", right))


def terms_of(rows: Sequence[Row], instead: Mapping[int, Term] | None = None) -> list[Term]:
    """The term of each row, equal parts being one object; some rows are other terms instead."""
    made: list[Term] = []
    for place, (kind, parts, coefficients, name, exponent) in enumerate(rows):
        term = Term(kind, tuple(made[part] for part in parts), coefficients, name, exponent)
        made.append((instead or {}).get(place, term))
    return made


class Claims:
    """Claims of one series about affine forms of the inputs.

    `last` is a variable that is no input, and stands for whatever else a maximum is taken with; `mark` begins the names
    of more.
    """

    def __init__(self, inputs: Sequence[str], tick: Tick | None = None) -> None:
        self.inputs = tuple(inputs)
        self.forms, self.series = Forms(len(self.inputs), tick), Series()
        self.mark = "v" + "_" * max((name.count("_") + 1 for name in inputs if name.startswith("v")), default=0)
        self.last = variable(f"{self.mark}0")
        self._terms: list[Term] = []
        self._circuits: dict[tuple[Places, Places], Entry] = {}
        self._inclusions: dict[tuple[bool, ...], Entry] = {}
        self._numbers: dict[int, int] = {}
        self._rows: dict[Row, int] = {}
        self._numbered: list[Term] = []

    def form(self, place: int) -> Term:
        """The affine form of that number."""
        while len(self._terms) <= place:
            constant, *slopes = self.forms.forms[len(self._terms)]
            items = zip(slopes, map(variable, self.inputs), strict=True)
            is_one = constant == 1 and not any(slopes)
            self._terms.append(ONE if is_one else arranged([*items, (constant, ONE)]))
        return self._terms[place]

    def maximum(self, places: Places, *more: Term) -> Term:
        """The maximum of the forms, and perhaps of more terms."""
        return largest(*map(self.form, places), *more)

    def written(self, maxima: Mapping[Places, int], *more: Term) -> Term:
        """The sum of m times the maximum of the forms and of more terms."""
        return total((Fraction(m), self.maximum(places, *more)) for places, m in sorted(maxima.items()))

    def law(self, left: Term, right: Term, parts: Iterable[Term], relation: str = "==") -> Step:
        """The step that cites that left is right, or less, which is proved with variables in the place of the parts."""
        values = {f"{self.mark}{number}": part for number, part in enumerate(parts, start=1) if part != ZERO}
        return self.series.law(self._abstract(left, right, values, relation)).cited(values)

    def linear(self, left: Term, right: Term) -> Step:
        """The step that cites that left is right, sums, whatever their parts are that are no sums."""
        parts, stack = dict[int, Term](), [left, right]
        while stack:
            term = stack.pop()
            if term.kind == "sum":
                stack += term.args
            else:
                parts[self._number(term)] = term
        values = dict(zip(self._variables(len(parts)), parts.values(), strict=True))
        return self.series.add(self._abstract(left, right, values), [["normal"]]).cited(values)

    def _abstract(self, left: Term, right: Term, values: Mapping[str, Term], relation: str = "==") -> Claim:
        """The comparison with variables in the place of their values, wherever these occur."""
        names = {self._number(part): name for name, part in values.items()}
        known, stack = dict[int, Term](), [left, right]
        while stack:
            term = stack.pop()
            name = names.get(self._number(term))
            if name is not None:
                known[id(term)] = variable(name)
            elif id(term) not in known:
                stack += term.args
        sides = rebuilt((left, right), known)
        return Claim(Comparison(sides[0], relation, sides[1]))

    def _number(self, root: Term) -> int:
        """The number of a term; equal terms have one number."""
        for term in subterms((root,), self._numbers):
            parts = tuple(self._numbers[id(part)] for part in term.args)
            row = (term.kind, parts, term.coefficients, term.name, term.exponent)
            self._numbers[id(term)] = self._rows.setdefault(row, len(self._rows))
            self._numbered.append(term)  # its id must not become another term's
        return self._numbers[id(root)]

    def regrouped(self, left: Term, right: Term, olds: Iterable[tuple[Term, Places]], *more: Term) -> Rewritten:
        """The steps for left == right that write old terms in left, each of them the maximum of the forms and of more.

        Where a set has a circuit, smaller ones take its place; all are then maxima of the forms in order, and of more.
        This is done by the shape of terms: numbers are looked at in the claims of circuits only.
        """
        flat: list[Pair] = []
        pairs = [self._opened(old, places, flat, *more) for old, places in olds]
        first, left, right = rewriting(left, right, pairs)
        second, left, right = rewriting(left, right, flat)
        return Rewritten([*first, *second], left, right)

    def _opened(self, old: Term, places: Places, flat: list[Pair], *more: Term) -> Pair:
        """The old maximum by smaller ones, grouped as its circuit says; those to be made flat are added to a list."""
        circuit, forms = self.forms.circuit(places), [*map(self.form, places)]
        if circuit is None:
            new = self.maximum(places, *more)
            return old, new, [self.law(old, new, forms)]
        inside = tuple(sorted((*circuit.upper, *circuit.lower)))
        others = tuple(place for place in places if place not in inside)
        # Where nothing else is in the maximum, an upper form is in it twice.
        rest = self.maximum(others, *more) if others or more else self.form(min(circuit.upper))
        whole, opened = self.maximum(inside, rest), circuit.opened(inside)
        for some in opened if others or not more else ():
            nested, new = self.maximum(some, rest), self.maximum(tuple(sorted((*some, *others))), *more)
            flat.append((nested, new, [self.law(nested, new, forms)]))
        cited = self._circuit(circuit).cited({self.last.name: rest})
        return old, self.written(opened, rest), [["chain", whole], self.law(old, whole, forms), cited]

    def _circuit(self, circuit: Circuit) -> Entry:
        """The claim of a circuit: how its maximum with the last variable is opened."""
        upper, lower = tuple(circuit.upper), tuple(circuit.lower)
        if (upper, lower) not in self._circuits:
            places = tuple(sorted((*upper, *lower)))
            sides = self.maximum(places, self.last), self.written(circuit.opened(places), self.last)
            self._circuits[upper, lower] = self.series.add(equation(*sides), self._circuit_steps(circuit))
        return self._circuits[upper, lower]

    def _circuit_steps(self, circuit: Circuit) -> list[Step]:
        """By inclusion and exclusion, which needs min(lower) <= max(upper): of the forms on both sides, the means."""
        places = sorted((*circuit.upper, *circuit.lower))
        forms = dict(zip(self._variables(len(places)), map(self.form, places), strict=True))
        upper, lower = ([self.form(place) for place in places if place in side] for side in circuit)
        high, low = largest(*upper, self.last), least(*lower)
        steps = [self._mixed_inclusion(tuple(place in circuit.lower for place in places)).cited(forms)]
        for form in upper:
            steps += [["have", "<=", form, high], self.law(form, high, upper, "<=")]
        for form in lower if len(lower) > 1 else ():
            steps += [["have", "<=", low, form], self.law(low, form, lower, "<=")]
        shares = [*circuit.upper.values(), *(circuit.lower.values() if len(lower) > 1 else ())]
        return [*steps, ["farkas", [[-number, share] for number, share in enumerate(shares, start=1)]]]

    def _variables(self, count: int) -> list[str]:
        """So many names that no input has."""
        return [f"{self.mark}{number}" for number in range(1, count + 1)]

    def _mixed_inclusion(self, is_lower: tuple[bool, ...]) -> Entry:
        """Inclusion and exclusion over some of the variables, the least of which is at most the largest other one."""
        if is_lower not in self._inclusions:
            terms = [*map(variable, self._variables(len(is_lower)))]
            lower = {at: ONCE for at, chosen in enumerate(is_lower) if chosen}
            rest = largest(*(term for term, chosen in zip(terms, is_lower, strict=True) if not chosen), self.last)
            low = [terms[at] for at in lower]
            opened = Circuit({}, lower).opened(tuple(range(len(terms))))
            parts = ((m, largest(*(terms[at] for at in some), self.last)) for some, m in sorted(opened.items()))
            goal = Comparison(largest(*terms, self.last), "==", total((Fraction(m), part) for m, part in parts))
            at = {self.last.name: rest, **dict(zip(self._variables(len(low)), low, strict=True))}
            steps = [self._inclusion(len(low)).cited(at), ["farkas", [[-1, ONCE]]]]
            self._inclusions[is_lower] = self.series.add(Claim(goal, (Comparison(least(*low), "<=", rest),)), steps)
        return self._inclusions[is_lower]

    def _inclusion(self, count: int) -> Entry:
        """max(last, lower) by smaller maxima, if the least of so many lower variables is at most the last one."""
        lower = [*map(variable, self._variables(count))]
        opened = Circuit({}, dict.fromkeys(range(count), ONCE)).opened(tuple(range(count)))
        items = [(Fraction(m), largest(self.last, *(lower[at] for at in some))) for some, m in opened.items()]
        where = (Comparison(least(*lower), "<=", self.last),)
        claim = Claim(Comparison(largest(self.last, *lower), "==", total(items)), where)
        if count == 1:
            return self.series.law(claim)
        high, sign = largest(least(*lower), self.last), (-ONCE) ** count
        middle = total([*items, (sign, self.last), (-sign, high)])
        # The largest of the least and the last one is the last one.
        below: list[Step] = [["parts"], ["farkas", [[-1, ONCE]]], ["farkas", []]]
        equal: list[Step] = [["both"], *below, self.law(self.last, high, (), "<=")]
        steps, _, _ = rewriting(middle, claim.goal.right, [(high, self.last, equal)])
        return self.series.add(claim, [["chain", middle], self.law(claim.goal.left, middle, ()), *steps, ["normal"]])
