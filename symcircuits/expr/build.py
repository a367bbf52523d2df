"""Terms as they are read: exact numbers within limits, constants folded, equal terms one object, products ordered.

Here belongs the arithmetic of the language, and nothing that knows about texts. An expression under construction is an
`Item`, a coefficient and a term. A product has at most one factor that varies, besides *parameters*: variables whose
sign the domain fixes, and besides factors all of whose variables have finitely many values; where products are allowed,
as in claims, any factors may vary. In a product w1*...*wm*t/v1/.../vn of parameters and one core t (the last parameter,
if all are), t is multiplied first, by wm to w1, and then divided: one term for one text.

What cannot be built raises `Refusal`. A number has at most `DIGITS` digits; those of more than `FREE` digits may have
`TOTAL` digits in all, each counted whenever it is used or computed, so that no short text makes long work.

>>> terms = Terms(signed={"w"})
>>> w, x = ((Fraction(1), terms.make("variable", name=name)) for name in "wx")
>>> terms.product(terms.quotient(x, w), (Fraction(3), ONE))
(Fraction(3, 1), x/w)
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from contextlib import suppress
from fractions import Fraction

from symcircuits.expr.source import clip
from symcircuits.kernel.number import integer_from_text
from symcircuits.kernel.term import ONE, Term, evaluate, subterms

DIGITS, FREE, TOTAL, PARAMETERS, EXPONENT = 10_000, 100, 1_000_000, 64, 16
TOO_BIG = 10**DIGITS
FREE_BITS, TOTAL_BITS = (digits * TOO_BIG.bit_length() // DIGITS for digits in (FREE, TOTAL))
TOO_LONG = f"a number of more than {DIGITS} digits; use smaller numbers"
TOO_MUCH = f"the constants of this text have more than {TOTAL:,} digits in all; use fewer or smaller numbers"

Item = tuple[Fraction, Term]
UNIT = Fraction(1)


class Refusal(Exception):
    """What is wrong with a term; the parser adds the place."""


class Varies(Refusal):
    """An operation on terms that is not linear: what is wrong, and the remedy outside a domain."""


def _number(word: str) -> Fraction:
    """The rational that a decimal or scientific literal spells; its size is known before it is computed."""
    mantissa, _, power = word.lower().partition("e")
    whole, _, decimals = mantissa.partition(".")
    size = power.lstrip("+-0")
    if len(whole) + len(decimals) > DIGITS or len(size) > len(str(DIGITS)):
        raise Refusal(TOO_LONG)
    shift = (-1 if power.startswith("-") else 1) * int(size or "0") - len(decimals)
    if abs(shift) > DIGITS:
        raise Refusal(TOO_LONG)
    digits = integer_from_text(whole + decimals)
    return Fraction(digits * 10**shift) if shift >= 0 else Fraction(digits, 10**-shift)


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    """base**exponent, refused before it is computed where it would be too long."""
    if exponent.denominator != 1:
        raise Refusal("an exponent that is not an integer; write an integer exponent")
    if not base and exponent < 0:
        raise Refusal("a division by zero")
    bits = max(abs(base.numerator), base.denominator).bit_length() - 1
    if bits * abs(exponent.numerator) > TOO_BIG.bit_length():
        raise Refusal(TOO_LONG)
    return base**exponent.numerator


class Terms:
    """The terms made so far, each once, the values of those without variables, and what the names stand for.

    Variables in `signed` are parameters, those in `finite` have finitely many values; with `products`, any factors may
    be multiplied with each other.
    """

    def __init__(self, signed: Set[str] = frozenset(), finite: Set[str] = frozenset(), products: bool = False) -> None:
        self.made: dict[object, Term] = {}
        self.values: dict[int, Fraction] = {id(ONE): UNIT}
        self.numbers: dict[str, Fraction] = {}
        self.names: dict[str, Item] = {}
        self.defined: set[str] = set()
        self.pending: set[str] = set()
        self.signed, self.finite, self.products = set(signed), set(finite), products
        self.bits = 0

    # The keys hold the ids of parts: safe, because `made` keeps every part alive.
    def make(
        self, kind: str, args: tuple[Term, ...] = (), coefficients: tuple[Fraction, ...] = (), name: str = "",
        exponent: int = 0,
    ) -> Term:  # fmt: skip
        """The one term of that structure; its value is known from then on if it has no variables."""
        key = (kind, tuple(map(id, args)), coefficients, name, exponent)
        term = self.made.get(key)
        if term is None:
            term = self.made[key] = Term(kind, args, coefficients, name, exponent)
            if args and all(id(part) in self.values for part in args):
                self.values[id(term)] = self.value_of_parts(term)
        return term

    def limited(self, value: Fraction) -> Fraction:
        """The value itself; refused where it, or all long values up to it together, have too many digits."""
        bits = value.numerator.bit_length() + value.denominator.bit_length()
        if bits > FREE_BITS:
            if abs(value.numerator) >= TOO_BIG or value.denominator >= TOO_BIG:
                raise Refusal(TOO_LONG)
            self.bits += bits
            if self.bits > TOTAL_BITS:
                raise Refusal(TOO_MUCH)
        return value

    def used(self, item: Item) -> Item:
        """The item itself, its numbers counted once more: what is done with it next takes time by their length."""
        self.limited(item[0])
        if item[1] is not ONE and (value := self.values.get(id(item[1]))) is not None:
            self.limited(value)
        return item

    def number(self, word: str) -> Fraction:
        """The rational that a literal spells."""
        value = self.numbers.get(word)
        if value is None:
            value = self.numbers[word] = self.limited(_number(word))
        return value

    def value_of_parts(self, term: Term) -> Fraction:
        """The value of a term from its parts' values; a sum is limited at each step, other kinds add no digits."""
        parts = [self.values[id(part)] for part in term.args]
        if term.kind != "sum":
            names = [str(place) for place in range(len(parts))]
            shallow = term._replace(args=tuple(Term("variable", name=name) for name in names))
            return evaluate(shallow, dict(zip(names, parts, strict=True)))
        value = Fraction(0)
        for c, part in zip(term.coefficients, parts, strict=True):
            value = self.limited(value + c * part)
        return value

    def close(self, items: Sequence[Item]) -> Term:
        """The sum of the items; a lone term with coefficient 1 is itself."""
        if len(items) == 1 and items[0][0] == 1 and items[0][1] is not ONE:
            return items[0][1]
        return self.make("sum", tuple(part for _, part in items), tuple(c for c, _ in items))

    def bracket(self, items: Sequence[Item]) -> Item:
        """The sum of the items as a factor; a lone number is itself."""
        return items[0] if len(items) == 1 and items[0][1] is ONE else (UNIT, self.close(items))

    def constant(self, item: Item) -> Fraction | None:
        """The value of an item without variables; None for others."""
        value = self.values.get(id(item[1]))
        return None if value is None else item[0] * value

    def is_parameter(self, term: Term) -> bool:
        """Whether the term is a variable whose sign the domain fixes."""
        return term.kind == "variable" and term.name in self.signed

    def unscaled(self, term: Term) -> tuple[list[Term], Term, list[Term]]:
        """The term as parameters that multiply, what they multiply, and parameters that divide."""
        above: list[Term] = []
        below: list[Term] = []
        while term.kind == "scale" and self.is_parameter(term.args[1]):
            (above if term.exponent == 1 else below).append(term.args[1])
            term = term.args[0]
        return above, term, below[::-1]

    def factors(self, item: Item) -> tuple[Fraction, list[Term], Term, list[Term]]:
        """The item as c * w1*...*wm * core / v1/.../vn; a sum of one item that hides a parameter is opened."""
        c, inner = item
        while inner.kind == "sum" and len(inner.args) == 1:
            c, inner = self.limited(c * inner.coefficients[0]), inner.args[0]
        above, core, below = self.unscaled(inner)
        if inner is not item[1] and not (core is ONE or self.is_parameter(core)):
            return item[0], [], item[1], []
        return c, above, core, below

    def product(self, left: Item, right: Item) -> Item:
        """left * right; refused unless one is constant or, but for parameters, at most one varies."""
        a, b = self.constant(left), self.constant(right)
        if a is not None and b is not None:
            return self.limited(a * b), ONE
        if a is not None:
            return self.limited(a * right[0]), right[1]
        if b is not None:
            return self.limited(left[0] * b), left[1]
        c, above, core, below = self.factors(left)
        d, over, other, under = self.factors(right)
        if core is ONE:
            core = other
        elif self.is_parameter(core) and other is not ONE:
            above, core = [*above, core], other
        elif self.is_parameter(other):
            over = [*over, other]
        elif other is not ONE:
            core = self.multiplied(core, other, left, right)
        return self.limited(c * d), self.scaled(above + over, core, below + under)

    def multiplied(self, core: Term, other: Term, left: Item, right: Item) -> Term:
        """core * other, two terms that vary; refused, as left*right, where that is not allowed."""
        if self.products or self.is_finite(core) or self.is_finite(other):
            return self.make("scale", (other, core), exponent=1)
        raise Varies(
            f"{self.shown(left)}*{self.shown(right)} is a product of two expressions that vary",
            'give the sign of one factor, e.g. --where "x > 0", to make it a parameter, or its values, e.g. '
            '--where "x in {0,1}"; only a claim may multiply what varies',
        )

    def is_finite(self, term: Term) -> bool:
        """Whether all variables of the term have finitely many values."""
        return bool(self.finite) and {t.name for t in subterms((term,)) if t.kind == "variable"} <= self.finite

    def quotient(self, left: Item, right: Item) -> Item:
        """left / right; refused unless right is a constant other than 0 or a product of parameters."""
        divisor = self.constant(right)
        if divisor == 0:
            raise Refusal("a division by zero")
        if divisor is not None:
            return self.product(left, (self.limited(1 / divisor), ONE))
        c, above, core, below = self.factors(right)
        if c == 0 or not (core is ONE or self.is_parameter(core)):
            raise Varies(
                f"{self.shown(left)}/{self.shown(right)} divides by an expression that varies",
                'divide only by numbers and by variables whose sign is given, e.g. --where "x > 0"',
            )
        inverse = self.scaled(below, ONE, above if core is ONE else [*above, core])
        return self.product(left, (self.limited(1 / c), inverse))

    def scaled(self, above: list[Term], core: Term, below: list[Term]) -> Term:
        """above * core / below as one term, in the order that the module's docstring fixes."""
        if len(above) + len(below) > PARAMETERS:
            raise Refusal(f"a product of more than {PARAMETERS} parameters; name a part of it as one variable")
        if core is ONE and above:
            *above, core = above
        for parameter in reversed(above):
            core = self.make("scale", (core, parameter), exponent=1)
        for parameter in below:
            core = self.make("scale", (core, parameter), exponent=-1)
        return core

    def power(self, base: Item, exponent: Item) -> Item:
        """base ** exponent; refused where the product or quotient that it stands for is."""
        n, value = self.constant(exponent), self.constant(base)
        if n is None:
            raise Varies(f"the exponent {self.shown(exponent)} varies", "write an integer exponent")
        if value is not None:
            return self.limited(_power(value, n)), ONE
        if n in (0, 1):
            return base if n else (UNIT, ONE)
        if n.denominator == 1 and -EXPONENT <= n < 0:
            return self.quotient((UNIT, ONE), self.power(base, (-n, ONE)))
        if n.denominator == 1 and 1 < n <= EXPONENT:
            with suppress(Varies):
                power = base
                for _ in range(int(n) - 1):
                    power = self.product(power, base)
                return power
        shown = f"{self.shown(base)}**{self.shown((n, ONE))}"
        raise Varies(
            f"{shown} is not piecewise linear",
            "only constants have exponents other than 0 and 1; only a claim may multiply what varies",
        )

    def shown(self, item: Item) -> str:
        """A factor as messages name it: without its sign, which may be that of a binary minus."""
        c, part = item
        whole = self.close([(abs(c), part)])
        return clip(f"({whole})" if whole.kind == "sum" and len(whole.args) > 1 else str(whole))
