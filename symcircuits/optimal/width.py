"""The least width of one hidden layer: a number, a network of that width, and a theorem that none is smaller.

>>> found = least_width("min(a, b)")
>>> found.width, print(found.network)
-relu(b - a) + relu(b) - relu(-b)
(3, None)
>>> print(least_width("max(0, x, y)").theorem)
WidthTheorem: no network with one hidden layer, of any width, is max(0, x, y) of (x, y) in R^2
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from math import ceil, lcm
from typing import Any, Literal, NamedTuple

from symcircuits.circuits.compiler.input import read_domain, read_functions, with_domain
from symcircuits.cpwl.domains import solid_rows
from symcircuits.errors import CertificateRejected, ClaimError, InvalidCircuit
from symcircuits.exact.cells import Affine, Row, combine, negative
from symcircuits.exact.polyhedron import Solid, analyse
from symcircuits.exact.simplex import Unbounded
from symcircuits.kernel.certificate import FORMAT, VERSION
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.number import rational_to_text
from symcircuits.kernel.term import Claim, Comparison, Term, constant, variable
from symcircuits.kernel.widths import BIASES, WidthTheorem, check_width, modulo
from symcircuits.optimal.one_layer import Kink, OneLayer, TwoJumps, crossings, layer_to_term, loaded, one_layer
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Clock, LimitReached

Bias = Literal["both", "hidden", "none"]
HALF, WHOLE = 34, 16
"""Most kinks whose orientations are searched by halves, and one by one."""
ZERO, ONE = Fraction(0), Fraction(1)


class LeastWidth(NamedTuple):
    """The least width and a network of that width, as a term; both None if there is no network of any width."""

    theorem: WidthTheorem
    width: int | None
    network: Term | None
    kinks: int


class NoLayer(NamedTuple):
    """No network with one hidden layer is the function: along the hyperplane its gradient jumps differently."""

    theorem: WidthTheorem
    found: TwoJumps
    width: None = None


class Undecided(NamedTuple):
    """The width is between two numbers, as far as is known; the reason says which limit was met."""

    reason: str
    at_least: int | None = None
    at_most: int | None = None
    width: None = None

    def __bool__(self) -> bool:
        return False


Answer = LeastWidth | NoLayer | Undecided


def least_width(
    function: Any,
    where: Any = "",
    bias: Bias = "both",
    skip: bool = False,
    *,
    inputs: Sequence[Any] | None = None,
    seconds: float | None = None,
) -> Answer:
    """The least width of a network with one hidden layer that is the function on a domain with interior.

    A network is c + sum of a_j*relu(w_j*x + b_j). With the bias "hidden" c is 0, with "none" all b_j too; with `skip`
    any affine function of the inputs is added. The function is what `read_functions` reads, one output; the domain is
    a polyhedron. Raises `InvalidCircuit` for another model or several outputs, `ClaimError` for another domain, and
    `NotPiecewiseLinear`.

    >>> least_width("x").width, least_width("x", "-1 <= x <= 1").width, least_width("x", skip=True).width
    (2, 1, 0)
    """
    if bias not in BIASES:
        raise InvalidCircuit(f"bias must be one of {', '.join(BIASES)}, not {bias!r:.40}")
    conditions = read_domain(where)
    functions = with_domain(read_functions(function, inputs), conditions)
    if len(functions.terms) != 1:
        raise InvalidCircuit(f"one function is needed; {len(functions.terms)} are given")
    return of_term(functions.terms[0], functions.inputs, conditions, bias, skip, Clock(seconds))


def of_term(
    term: Term, names: Sequence[str], where: Sequence[Comparison], bias: Bias, skip: bool, clock: Clock
) -> Answer:
    """What `least_width` answers, for a kernel term."""
    rows = solid_rows(where, names)
    if rows is None:
        raise ClaimError("the domain is empty: every network is every function there")
    try:
        layer = one_layer(term, names, rows, clock)
        if isinstance(layer, TwoJumps):
            return _no_layer(term, names, layer, clock)
        return _Question(term, tuple(names), tuple(where), rows, layer, bias, skip, clock).answer()
    except LimitReached as limit:
        return Undecided(str(limit))


def _no_layer(term: Term, names: Sequence[str], found: TwoJumps, clock: Clock) -> NoLayer:
    texts = []
    for place in found.places:
        box = [
            side
            for name, x in zip(names, place.point, strict=True)
            for side in (
                Comparison(variable(name), ">=", constant(x - place.radius)),
                Comparison(variable(name), "<=", constant(x + place.radius)),
            )
        ]
        claim = Claim(Comparison(term, "==", layer_to_term(place.layer, names)), tuple(box))
        texts.append(_proved(claim, clock).certificate)
    inside = [list(map(_number, place.point)) for place in found.places]
    fields = {"form": texts[0], "near": texts[1], "inside": inside}
    return NoLayer(check_width(_certificate("no one hidden layer", names, fields)), found)


def _certificate(kind: str, names: Sequence[str], fields: dict[str, Any]) -> str:
    head = {"format": FORMAT, "version": VERSION, "kind": kind, "variables": list(names)}
    return json.dumps({**head, **fields}, indent=1, ensure_ascii=False) + "\n"


def _number(value: Fraction) -> int | str:
    return value.numerator if value.denominator == 1 else rational_to_text(value)


def _proved(claim: Claim, clock: Clock) -> Theorem:
    answer = prove_claim(claim, None if clock.seconds is None else max(clock.seconds - clock.elapsed(), 0.0))
    if isinstance(answer, Theorem):
        return answer
    raise LimitReached(f"{claim.goal.left} == {claim.goal.right} is not proved: {answer}")


class _Question(NamedTuple):
    term: Term
    names: tuple[str, ...]
    where: tuple[Comparison, ...]
    rows: Sequence[Row]
    layer: OneLayer
    bias: Bias
    skip: bool
    clock: Clock

    def answer(self) -> Answer:
        """The network of least width that is found, and the theorem that it is."""
        kinks = self.layer.kinks
        if self.bias == "none" and (any(kink.form[0] for kink in kinks) or (self.layer.affine[0] and not self.skip)):
            return self._stated(None, [])
        if self.skip:
            return self._stated(self.layer, [])
        if len(kinks) > HALF:
            reason = f"{len(kinks)} kinks have too many orientations; at most {HALF} are searched"
            return Undecided(reason, len(kinks), len(kinks) + 2)
        flipped = self._reaching(None)
        if flipped is not None:
            return self._stated(self._turned(flipped), [])
        for kink in kinks:
            flipped = self._reaching(kink)
            if flipped is not None:
                return self._stated(self._doubled(kink, flipped), [])
        one_more, signs = self._one_more()
        if one_more is not None:
            return self._stated(one_more, [])
        affine = self.layer.affine
        both = [Kink(affine, ONE), Kink(negative(affine), -ONE)]
        return self._stated(OneLayer(self._nothing(), (*kinks, *both)), signs)

    def _stated(self, layer: OneLayer | None, signs: Sequence[Affine]) -> LeastWidth | Undecided:
        names, form = self.names, layer_to_term(self.layer, self.names)
        known = _proved(Claim(Comparison(self.term, "==", form), self.where), self.clock).certificate
        inner = self._inner()
        points = [inner, *crossings(self.layer, self.rows, inner).values()] if self.where else []
        network = None if layer is None else layer_to_term(layer, names)
        text, width = known, None if layer is None else len(layer.kinks)
        if network is not None and network != form:
            text = _proved(Claim(Comparison(self.term, "==", network), self.where), self.clock).certificate
        fields = {
            "bias": self.bias,
            "skip": self.skip,
            "width": width,
            "form": known,
            "network": text if network is not None else None,
            "inside": [list(map(_number, point)) for point in points],
            "signs": [list(map(_number, sign)) for sign in signs],
        }
        try:
            theorem = check_width(_certificate("width", names, fields))
        except CertificateRejected as error:
            return Undecided(f"the kernel refuses the certificate: {error}", len(self.layer.kinks), width)
        return LeastWidth(theorem, width, network, len(self.layer.kinks))

    def _inner(self) -> list[Fraction]:
        found = analyse(len(self.names), self.rows, [False] * len(self.rows))
        return found.point if isinstance(found, Solid) else [ZERO] * len(self.names)

    def _nothing(self) -> Affine:
        return (ZERO,) * (1 + len(self.names))

    def _cut(self, form: Affine) -> Affine:
        """What the model cannot add: the gradient, or with biases in the hidden layer only the form."""
        return form if self.bias == "hidden" else form[1:]

    def _steps(self) -> list[Affine]:
        return [tuple(kink.factor * c for c in kink.form) for kink in self.layer.kinks]

    def _reaching(self, kink: Kink | None, cut: Any = None) -> tuple[int, ...] | None:
        """The kinks that look the other way, so that what is left is 0, or a multiple of the kink's form."""
        rows = [self._cut(row) for row in (self.layer.affine, *self._steps())]
        if kink is not None:
            rows = [modulo(row, self._cut(kink.form)) for row in rows]
        return subset(rows[1:], rows[0], self.clock)

    def _left(self, flipped: Sequence[int]) -> Affine:
        """The affine form that is left when these kinks look the other way."""
        steps = self._steps()
        items = [(ONE, self.layer.affine), *((ONE, steps[place]) for place in flipped)]
        return combine(items, len(self.names))

    def _turned(self, flipped: Sequence[int]) -> OneLayer:
        kinks = [
            Kink(negative(kink.form), kink.factor) if place in flipped else kink
            for place, kink in enumerate(self.layer.kinks)
        ]
        return OneLayer(self._left(flipped), tuple(kinks))

    def _doubled(self, kink: Kink, flipped: Sequence[int]) -> OneLayer:
        """Two neurons on the kink, which add a multiple of its form."""
        place = self.layer.kinks.index(kink)
        rest = self._left([other for other in flipped if other != place])
        slope = next(at for at, c in enumerate(kink.form) if at and c)
        share = rest[slope] / kink.form[slope]
        turned = self._turned([other for other in flipped if other != place]).kinks
        pair = (Kink(kink.form, kink.factor + share), Kink(negative(kink.form), -share))
        affine = combine([(ONE, rest), (-share, kink.form)], len(self.names))
        return OneLayer(affine, (*turned[:place], *turned[place + 1 :], *pair))

    def _one_more(self) -> tuple[OneLayer | None, list[Affine]]:
        """A network with one more neuron, which is affine on the domain; else what shows that there is none."""
        kinks = self.layer.kinks
        if not self.rows:
            flipped = subset([row[1:] for row in self._steps()], self.layer.affine[1:], self.clock)
            if flipped is None or self.bias != "hidden":
                return None, []
            left = self._left(flipped)
            sign = ONE if left[0] > 0 else -ONE
            one = Kink(tuple(sign * c for c in left), sign)
            return OneLayer(self._nothing(), (*self._turned(flipped).kinks, one)), []
        if len(kinks) > WHOLE:
            raise LimitReached(f"{len(kinks)} kinks have too many orientations on a domain; at most {WHOLE} are tried")
        signs: dict[Affine, None] = {}
        for number in range(1 << len(kinks)):
            self.clock.tick()
            flipped = tuple(place for place in range(len(kinks)) if number >> place & 1)
            left = self._left(flipped)
            shown: list[Affine] = []
            for sign in (ONE, -ONE):
                form = tuple(sign * c for c in left)
                low = self._lowest(form)
                if isinstance(low, Fraction):
                    return self._with_affine(form, low, sign, flipped), []
                shown.append(low)
            signs |= dict.fromkeys(shown)
        return None, list(signs)

    def _lowest(self, form: Affine) -> Fraction | Affine:
        """The least value of a form that may be one neuron, else a point or a direction where it is negative."""
        simplex = loaded(self.rows, len(self.names))
        common = lcm(*(c.denominator for c in form))
        found = simplex.minimum([int(c * common) for c in form])
        if isinstance(found, Unbounded):
            return (ZERO, *found.direction)
        if self.bias != "both" and found.value < 0:
            return (ONE, *found.point)
        return found.value / common

    def _with_affine(self, form: Affine, low: Fraction, sign: Fraction, flipped: Sequence[int]) -> OneLayer:
        """The network with relu(form + shift), the form times the sign being what is left."""
        shift = Fraction(max(ceil(-low), 0)) if self.bias == "both" else ZERO
        raised = (form[0] + shift, *form[1:])
        affine = (-sign * shift, *self._nothing()[1:])
        return OneLayer(affine, (*self._turned(flipped).kinks, Kink(raised, sign)))


def subset(vectors: Sequence[Affine], start: Affine, clock: Clock) -> tuple[int, ...] | None:
    """The places of vectors whose sum with start is 0, or None: the sums of one half are looked up among the others'.

    >>> subset([(Fraction(1, 2),), (Fraction(1, 3),), (Fraction(1, 2),)], (Fraction(-1),), Clock())
    (0, 2)
    """
    common = lcm(*(c.denominator for vector in (start, *vectors) for c in vector))
    scaled = [[int(c * common) for c in vector] for vector in (start, *vectors)]
    base = 2 * sum(abs(n) for row in scaled for n in row) + 1
    first, *numbers = (sum(n * base**place for place, n in enumerate(row)) for row in scaled)
    half = len(numbers) // 2
    known = {total: chosen for chosen, total in reversed(list(enumerate(_sums(numbers[:half], clock))))}
    for chosen, total in enumerate(_sums(numbers[half:], clock)):
        if -first - total in known:
            mask = known[-first - total] | chosen << half
            return tuple(place for place in range(len(numbers)) if mask >> place & 1)
    return None


def _sums(numbers: Sequence[int], clock: Clock) -> list[int]:
    """The sums of all sets of numbers, in the order of the sets' binary numbers."""
    sums = [0]
    for number in numbers:
        clock.tick()
        sums += [total + number for total in sums]
    return sums
