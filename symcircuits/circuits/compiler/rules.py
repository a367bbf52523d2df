"""How parts of a term are written with relu: each rule says that a part equals sums and relu of simpler parts.

A part is rewritten by one of two rules. *Extreme*: nested max, min, relu and abs are opened into one maximum of affine
forms of the parts below, which is put together as a tree of max(f, g) = f + relu(g - f), two of lowest level at a time;
that is the least number of layers for parts of these levels. *Ridge*: a part that depends on one affine form v only is
slope*v + constant + sum of c*relu(v - t), one hidden layer.

A rule's `left` and `right` are terms in variables of their own, and `at` says which terms the variables stand for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from symcircuits.circuits.compiler.neurons import CONSTANT, ONCE, Neurons, Signal, summed
from symcircuits.circuits.compiler.ridges import Ridge, ridges
from symcircuits.cpwl.forms import arranged
from symcircuits.cpwl.univariate import univariate_to_term
from symcircuits.errors import NotPiecewiseLinear
from symcircuits.kernel.term import ONE, Claim, Comparison, Term, table, total, variable
from symcircuits.kernel.text import Row

FORMS = 4096
KINDS = ("relu", "abs", "max", "min")


class Options(NamedTuple):
    """Whether shared maxima are opened too, and which ridges are rewritten: "", "fewer" (neurons), or "all"."""

    shared: bool = False
    ridges: str = ""


class Join(NamedTuple):
    """The part of a tree that is first + relu(second - first)."""

    whole: Term
    first: Term
    second: Term


class Rule(NamedTuple):
    """left == right, and the whole is left with these terms in place of its variables; joins of right, inner first."""

    whole: Term
    left: Term
    right: Term
    at: Mapping[str, Term]
    joins: tuple[Join, ...] = ()

    @property
    def claim(self) -> Claim:
        """left == right."""
        return Claim(Comparison(self.left, "==", self.right))


class Plan:
    """The rows of some terms, and for each row that is needed the form of it, or the forms whose maximum it is."""

    def __init__(self, roots: Sequence[Term], inputs: Sequence[str], options: Options) -> None:
        self.rows, self.places = table(*roots)
        if any(row[0] == "scale" for row in self.rows):
            raise NotPiecewiseLinear("a parameter multiplies or divides; give it a value: weights must be known")
        self.inputs, self.options = tuple(inputs), options
        self.mark = "v" + "_" * max((name.count("_") + 1 for name in inputs if name.startswith("v")), default=0)
        self.terms = _terms(self.rows)
        self.roots = tuple(self.terms[place] for place in self.places)
        self.uses = _uses(self.rows, self.places)
        self.ridges: Mapping[int, Ridge] = ridges(self.rows, self.inputs) if options.ridges else {}

    def signals(self, neurons: Neurons, places: Iterable[int]) -> tuple[dict[int, Signal], list[Rule]]:
        """The signal of each row that these need, made of neurons, and the rules used, parts before wholes."""
        opened = self._opened(places)
        known: dict[int, Signal] = {}
        rules: list[Rule] = []
        for place in sorted(opened):
            kind = self.rows[place][0]
            if kind == "variable":
                known[place] = {self.inputs.index(self.rows[place][3]): ONCE}
            elif self._is_ridge(place):
                rules.append(self._ridge(place))
                known[place] = neurons.lower(rules[-1].right, {"v": self._direction(place)})
            elif kind in KINDS:
                rule, leaves = self._extreme(place, opened[place], known, neurons)
                rules.append(rule)
                known[place] = neurons.lower(rule.right, leaves)
            else:
                (form,) = opened[place]
                known[place] = _value(form, known)
        return known, rules

    def form(self, place: int) -> Signal:
        """The row as a form of variables, ridges, relu, abs, max and min."""
        return self._linear({place: ONCE})

    def _direction(self, place: int) -> Signal:
        return dict(self.ridges[place].direction)

    def _ridge(self, place: int) -> Rule:
        direction, function, left, _ = self.ridges[place]
        form = arranged((c, variable(self.inputs[wire])) for wire, c in direction)
        return Rule(self.terms[place], left, univariate_to_term(function, variable("v")), {"v": form})

    def _is_ridge(self, place: int) -> bool:
        ridge = self.ridges.get(place)
        if ridge is None or not ridge.function.kinks:
            return False
        return self.options.ridges == "all" or len(ridge.function.kinks) <= ridge.neurons

    def _opened(self, places: Iterable[int]) -> dict[int, list[Signal]]:
        """For each row that is needed its form in other rows, or the forms whose maximum it or its negative is."""
        opened: dict[int, list[Signal]] = {}
        needed = set(places)
        for place in range(len(self.rows) - 1, -1, -1):
            if place not in needed:
                continue
            kind = self.rows[place][0]
            if kind == "variable" or self._is_ridge(place):
                opened[place] = []
                continue
            opened[place] = self._forms(place) if kind in KINDS else [self._linear({place: ONCE})]
            needed |= {row for form in opened[place] for row in form if row != CONSTANT}
        return opened

    def _linear(self, form: Signal) -> Signal:
        """The form with sums in place of their rows; ridges stay whole."""
        while True:
            inside = next((row for row in form if row != CONSTANT and self._is_sum(row)), None)
            if inside is None:
                return form
            kind, parts, coefficients, *_ = self.rows[inside]
            factor = form[inside]
            rest = {row: c for row, c in form.items() if row != inside}
            if kind == "one":
                form = summed([(ONCE, rest), (factor, {CONSTANT: ONCE})])
            else:
                pieces = [(factor * c, {part: ONCE}) for c, part in zip(coefficients, parts, strict=True)]
                form = summed([(ONCE, rest), *pieces])

    def _is_sum(self, place: int) -> bool:
        return self.rows[place][0] in ("one", "sum") and not self._is_ridge(place)

    def _forms(self, place: int) -> list[Signal]:
        """The forms whose maximum is the row, or minus it for a min, in rows that are not opened in the same breath."""
        closed: set[int] = set()
        while True:
            forms, inside = self._expanded(place, closed)
            both = inside & {row for form in forms for row in form}
            if not both:
                return forms
            closed |= both

    def _expanded(self, place: int, closed: set[int]) -> tuple[list[Signal], set[int]]:
        waiting, done, inside = list(reversed(self._choices(place))), list[Signal](), {place}
        while waiting:
            form = self._linear(waiting.pop())
            child = self._child(form, closed)
            if child is None or len(waiting) + len(done) > FORMS:
                done.append(form)
                continue
            inside.add(child)
            size = abs(form[child])
            rest = {row: c for row, c in form.items() if row != child}
            waiting += [summed([(ONCE, rest), (size, choice)]) for choice in reversed(self._choices(child))]
        return _tightest(done), inside

    def _choices(self, place: int) -> list[Signal]:
        """Forms of rows whose maximum is the row, or minus it for a min."""
        kind, parts, *_ = self.rows[place]
        match kind:
            case "relu":
                return [{}, {parts[0]: ONCE}]
            case "abs":
                return [{parts[0]: ONCE}, {parts[0]: -ONCE}]
        sign = ONCE if kind == "max" else -ONCE
        return [{part: sign} for part in parts]

    def _child(self, form: Signal, closed: set[int]) -> int | None:
        """The only bent row of a form, if it bends upwards there and may be opened."""
        bent = [row for row in form if row != CONSTANT and (self.rows[row][0] in KINDS or self._is_ridge(row))]
        if len(bent) != 1 or bent[0] in closed or self._is_ridge(bent[0]):
            return None
        is_up = (form[bent[0]] > 0) != (self.rows[bent[0]][0] == "min")
        return bent[0] if is_up and (self.options.shared or self.uses[bent[0]] == 1) else None

    def _extreme(
        self, place: int, forms: Sequence[Signal], known: Mapping[int, Signal], neurons: Neurons
    ) -> tuple[Rule, dict[str, Signal]]:
        rows = sorted({row for form in forms for row in form if row != CONSTANT})
        names = {row: f"{self.mark}{number}" for number, row in enumerate(rows, start=1)}
        left = _rebuilt(self.rows, place, names)
        tree, joins = _tree([_Choice.of(form, names, known, neurons) for form in forms])
        right = total([(-ONCE, tree)]) if self.rows[place][0] == "min" else tree
        # An input that cancels from every form still stands in `left`.
        at = {name: variable(name) for name in self.inputs} | {name: self.terms[row] for row, name in names.items()}
        rule = Rule(self.terms[place], left, right, at, joins)
        return rule, {names[row]: known[row] for row in rows}


class _Choice(NamedTuple):
    """A term to take the maximum with; the level where it is there; how many neurons carry it through a layer."""

    level: int
    order: int
    term: Term
    cost: int

    @classmethod
    def of(cls, form: Signal, names: Mapping[int, str], known: Mapping[int, Signal], neurons: Neurons) -> _Choice:
        signal = _value(form, known)
        items = [(c, variable(names[row])) for row, c in form.items() if row != CONSTANT]
        wires = [wire for wire in signal if wire != CONSTANT]
        is_single = len(wires) == 1 and wires[0] >= neurons.inputs and signal[wires[0]] > 0
        term = arranged([*items, (form.get(CONSTANT, Fraction(0)), ONE)])
        return cls(neurons.level(wires), 0, term, 0 if not wires else 1 if is_single else 2)


def _tree(choices: Iterable[_Choice]) -> tuple[Term, tuple[Join, ...]]:
    """The maximum of the terms, two of lowest level at a time; what is cheaper to carry stands outside the relu."""
    joins: list[Join] = []
    heap = [choice._replace(order=order) for order, choice in enumerate(choices)]
    heapify(heap)
    order = len(heap)
    while len(heap) > 1:
        first, second = heappop(heap), heappop(heap)
        if second.cost < first.cost:
            first, second = second, first
        gap = arranged([(ONCE, second.term), (-ONCE, first.term)])
        is_zero = first.term == total([])
        term = Term("relu", (gap,)) if is_zero else total([(ONCE, first.term), (ONCE, Term("relu", (gap,)))])
        joins.append(Join(term, first.term, second.term))
        heappush(heap, _Choice(1 + max(first.level, second.level), order, term, 1 if is_zero else 2))
        order += 1
    return heap[0].term, tuple(joins)


def _tightest(forms: Iterable[Signal]) -> list[Signal]:
    """The forms without those that differ from another only by a smaller constant."""
    largest: dict[frozenset[tuple[int, Fraction]], Signal] = {}
    for form in forms:
        slope = frozenset((row, c) for row, c in form.items() if row != CONSTANT)
        other = largest.get(slope)
        if other is None or form.get(CONSTANT, Fraction(0)) > other.get(CONSTANT, Fraction(0)):
            largest[slope] = form
    return list(largest.values())


def _value(form: Signal, known: Mapping[int, Signal]) -> Signal:
    return summed((c, {CONSTANT: ONCE} if row == CONSTANT else known[row]) for row, c in form.items())


def _terms(rows: Sequence[Row]) -> list[Term]:
    """The term of each row, equal parts being one object."""
    made: list[Term] = []
    for kind, parts, coefficients, name, exponent in rows:
        made.append(Term(kind, tuple(made[part] for part in parts), coefficients, name, exponent))
    return made


def _uses(rows: Sequence[Row], places: Sequence[int]) -> list[int]:
    """How often each row is used by what is not a sum, directly or through sums, or is a root."""
    uses = [0] * len(rows)
    for place in places:
        uses[place] += 1
    for place in range(len(rows) - 1, -1, -1):
        for part in rows[place][1]:
            uses[part] += uses[place] if rows[place][0] == "sum" else bool(uses[place])
    return uses


def _rebuilt(rows: Sequence[Row], root: int, names: Mapping[int, str]) -> Term:
    """The term of a row with variables in place of the rows that have names."""
    made: dict[int, Term] = {}
    stack = [root]
    while stack:
        place = stack[-1]
        kind, parts, coefficients, name, exponent = rows[place]
        waiting = [part for part in parts if part not in made] if place not in names else []
        if waiting:
            stack += waiting
            continue
        stack.pop()
        inner = tuple(made[part] for part in parts) if place not in names else ()
        made[place] = variable(names[place]) if place in names else Term(kind, inner, coefficients, name, exponent)
    return made[root]
