"""What an assertion states of two functions, answered: proved, refuted at a point, undecided, or only sampled.

both sides are read -> a domain that has points -> the theorem of each output, or a point
                    -> a side is a Python function: exact points on kinks of the other and of itself
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, NoReturn

from hypothesis import strategies as st

from symcircuits.errors import ClaimError, InvalidCircuit
from symcircuits.exact.polyhedron import simplify_point
from symcircuits.expr.claim import as_claim
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.networks import NetworkTheorem
from symcircuits.kernel.term import Claim, Comparison, Term, constant, total, variable
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Counterexample, Unknown
from symcircuits.testing.black_box import BlackBox, CallFailed, bend, black_box, parameters_of
from symcircuits.testing.operand import is_black_box, natural, read, shown
from symcircuits.testing.sampling import search
from symcircuits.testing.strategies.kink import Named
from symcircuits.testing.strategies.point import points
from symcircuits.transform.equal import Difference, Equal, Undecided, decide_equality
from symcircuits.transform.sides import Question, Side, common_names, question, side

UNIT, HALF, REACH, HALVINGS = Fraction(1), Fraction(1, 2), Fraction(10**6), 100


class Statement(NamedTuple):
    """That two functions, as a user gave them, are equal, one at most the other, or apart by at most a bound."""

    relation: str
    left: Any
    right: Any
    domain: Any = ""
    bound: Fraction | None = None
    bound_as_given: Any = None

    def __str__(self) -> str:
        goal = f"{shown(self.left)} {self.relation} {shown(self.right)}"
        if self.bound is not None:
            goal = f"abs({shown(self.left)} - {shown(self.right)}) <= {self.bound_as_given}"
        domain = self.domain if isinstance(self.domain, list | tuple) else [self.domain]
        where = ", ".join(str(each) for each in domain if str(each).strip())
        return f"{goal} where {where}" if where else goal

    def holds(self, left: Fraction, right: Fraction) -> bool:
        """Whether it is true of two values."""
        if self.bound is not None:
            return abs(left - right) <= self.bound
        return left == right if self.relation == "==" else left <= right

    def goal(self, left: Term, right: Term) -> Comparison:
        """The goal of its claim about one output."""
        if self.bound is None:
            return Comparison(left, self.relation, right)
        gap = Term("abs", (total([(UNIT, left), (-UNIT, right)]),))
        return Comparison(gap, "<=", constant(self.bound))


class Proved(NamedTuple):
    """A statement is true, by theorems: one about two networks, or one for each output."""

    statement: Statement
    theorems: tuple[Theorem | NetworkTheorem, ...]
    method: str

    @property
    def theorem(self) -> Theorem | NetworkTheorem:
        """The theorem, if there is only one."""
        if len(self.theorems) != 1:
            raise InvalidCircuit(f"there are {len(self.theorems)} theorems, one for each output: use `theorems`")
        return self.theorems[0]

    def __repr__(self) -> str:
        return f"Proved by {self.method}: {self.statement}"

    def __bool__(self) -> bool:
        return True


class Sampled(NamedTuple):
    """A statement held at so many exact points, and is not proved: as a condition it is false."""

    statement: Statement
    name: str
    points: int

    def __repr__(self) -> str:
        what = f"{self.name} is a Python function, which can only be sampled"
        return f"Sampled, not proved: {self.statement}; {what}: it held at {self.points} exact points"

    def __bool__(self) -> bool:
        return False


class Asked(NamedTuple):
    """A statement as a question about two sides: those that can be seen, and those that are Python functions."""

    statement: Statement
    question: Question
    seen: tuple[Side, ...]
    boxes: tuple[BlackBox, ...]

    def difference(self, point: Named) -> Difference | None:
        """The first output for which the statement is false at a point, with both exact values; None without one."""
        pairs = zip(self.question.left.run(point), self.question.right.run(point), strict=True)
        found = ((at, a, b) for at, (a, b) in enumerate(pairs) if not self.statement.holds(a, b))
        return next((Difference(point, *each) for each in found), None)


def ask(statement: Statement) -> Asked:
    """The question that a statement is; raises `InvalidCircuit` and `ClaimError` for functions that do not fit.

    A domain without points is refused, because everything is true on it.
    """
    given = [read(statement.left), read(statement.right)]
    products = statement.relation != "=="
    domain = as_claim("0 == 0", statement.domain)
    products = products or bool(domain.ranges)
    users = (statement.left, statement.right)
    known = [
        None if is_black_box(each) else side(each, statement.domain, products)._replace(name=shown(user))
        for each, user in zip(given, users, strict=True)
    ]
    names = _names(given, [each for each in known if each is not None], domain)
    facts = dict.fromkeys((*domain.where, *(fact for each in known if each is not None for fact in each.assumed)))
    inner = _inner_point(statement, domain._replace(where=tuple(facts)))
    start = [inner.get(name, Fraction(0)) for name in names]
    boxes: dict[int, BlackBox] = {}
    for at, (each, user) in enumerate(zip(given, users, strict=True)):
        if known[at] is None:
            boxes[at] = black_box(each, shown(user), names, start)
    left, right = (_side_of(boxes[at]) if at in boxes else each for at, each in enumerate(known))
    asked = question(left, right, statement.domain)
    seen = tuple(each for at, each in enumerate((asked.left, asked.right)) if at not in boxes)
    return Asked(statement, asked, seen, tuple(boxes.values()))


def _inner_point(statement: Statement, domain: Claim) -> Named:
    """A point of the domain; `ClaimError` if there is none, and nothing if none is found."""
    nothing = domain._replace(goal=Comparison(constant(0), "==", constant(1)))
    answer = prove_claim(nothing)
    if isinstance(answer, Theorem):
        raise ClaimError(f"no point satisfies the domain of {statement}, so that nothing is asserted; change it")
    return answer.point if isinstance(answer, Counterexample) else {}


def _names(given: Sequence[Any], known: Sequence[Side], domain: Claim) -> tuple[str, ...]:
    """The inputs: those of sides that can be seen, or by the names of a function's parameters, or of the domain."""
    if any(each.ordered for each in known) or len(known) == len(given):
        return common_names(known)
    wanted = {name for each in known for name in each.inputs} | set(domain.variables())
    for each in given:
        parameters = parameters_of(each) if is_black_box(each) else None
        if parameters is not None and (len(parameters) > 1 or len(wanted) <= 1) and wanted <= {*parameters}:
            return parameters
        if parameters is not None and len(parameters) > 1:
            raise InvalidCircuit(
                f"{shown(each)} has the parameters {', '.join(parameters)}; the other side and the domain speak of "
                f"{', '.join(sorted(wanted, key=natural))}: call its parameters like these"
            )
    if not wanted:
        raise InvalidCircuit("nothing says how many inputs the functions have: give a domain that names them")
    return tuple(sorted(wanted, key=natural))


def _side_of(box: BlackBox) -> Side:
    def run(point: Any) -> tuple[Fraction, ...]:
        return box(*(point[name] for name in box.inputs))

    def terms() -> NoReturn:
        raise InvalidCircuit(f"{box.name} is a Python function: it has no terms")

    return Side(box.name, box.inputs, True, box.outputs, run, terms)


def answer(asked: Asked, seconds: float, examples: int) -> Proved | Sampled | Difference | Undecided:
    """The theorems, a point with both values, or the reason why there is neither; for Python functions a sample."""
    if asked.boxes:
        return _sampled(asked, examples)
    if asked.statement.relation != "==":
        return _proved(asked, seconds)
    found = decide_equality(asked.question, seconds)
    return Proved(asked.statement, found.theorems, found.method) if isinstance(found, Equal) else found


def _proved(asked: Asked, seconds: float) -> Proved | Difference | Undecided:
    """The prover's answer, output by output."""
    theorems, (names, left, right, domain) = list[Theorem](), asked.question
    end = time.monotonic() + seconds
    for place, sides in enumerate(zip(left.terms(), right.terms(), strict=True)):
        claim = domain._replace(goal=asked.statement.goal(*sides))
        found = prove_claim(claim, max(end - time.monotonic(), 0.0))
        if isinstance(found, Unknown):
            return Undecided(f"output {place + 1}: {found.reason}", found.tried, found.stopped)
        if isinstance(found, Counterexample):
            difference = asked.difference(dict.fromkeys(names, Fraction(0)) | found.point)
            if difference is None:
                raise RuntimeError(f"the prover refuted a statement at a point where it holds: {found}")
            return difference
        theorems.append(found)
    return Proved(asked.statement, tuple(theorems), "prover")


def _sampled(asked: Asked, examples: int) -> Sampled | Difference:
    name, tried = asked.boxes[0].name, dict[tuple[Fraction, ...], bool]()

    def is_wrong(given: Named) -> bool:
        point = _near(asked, given)
        if point is None:
            return False
        key = tuple(point.values())
        if key not in tried:
            tried[key] = _is_wrong(asked, point)
        return tried[key]

    found = search(_bent(places(asked), asked), lambda drawn: any(map(is_wrong, drawn)), examples)
    if found is None and not tried:
        raise InvalidCircuit(f"{name} takes floats, and at no point that was tried are all inputs floats in the domain")
    if found is None:
        return Sampled(asked.statement, name, len(tried))
    point = _near(asked, _simple(next(point for point in found if is_wrong(point)), is_wrong))
    difference = None if point is None else asked.difference(point)
    if difference is None:
        raise InvalidCircuit(f"{name} gives other values when it is called again at the same point")
    return difference


def _simple(point: Named, is_wrong: Callable[[Named], bool]) -> Named:
    """A simpler point that is wrong too, nearer to 0."""
    for _ in range(HALVINGS):
        half = {name: value / 2 for name, value in point.items()}
        if not is_wrong(half):
            break
        point = half
    simple = simplify_point(list(point.values()), lambda at: is_wrong(dict(zip(point, at, strict=True))))
    return dict(zip(point, simple, strict=True))


def _near(asked: Asked, point: Named) -> Named | None:
    """The point, or one beside it that all functions take; None if that is outside the domain."""
    for box in asked.boxes:
        values = box.nearest([point[name] for name in box.inputs])
        if values is None:
            return None
        point = {**point, **dict(zip(box.inputs, values, strict=True))}
    domain = asked.question.domain
    ranged = all(point[name] in values for name, values in domain.ranges)
    return point if ranged and all(row.holds(point) for row in domain.where) else None


def _is_wrong(asked: Asked, point: Named) -> bool:
    """Whether the statement is false at the point, or a function fails there, which is said of the smallest one."""
    try:
        return asked.difference(point) is not None
    except CallFailed:
        return True


def places(asked: Asked) -> st.SearchStrategy[Named]:
    """Points of the domain near kinks of the sides that can be seen."""
    domain = asked.question.domain
    order = total((UNIT, variable(name)) for name in asked.question.names)
    seen = total((UNIT, term) for each in asked.seen for term in each.terms())
    return points(domain._replace(goal=Comparison(order, "==", seen)))


@st.composite
def _bent(draw: st.DrawFn, drawn: st.SearchStrategy[Named], asked: Asked) -> list[Named]:
    """One of the points, or some on a line, and one at which a Python function is seen to bend there."""
    start = draw(drawn)
    if asked.question.domain.ranges or draw(st.integers(0, 2)) == 0:
        return [start]
    end, box = draw(drawn), draw(st.sampled_from(asked.boxes))
    along = [{name: old + share * (end[name] - old) for name, old in start.items()} for share in (HALF, REACH)]
    far = [place for place in along[1:] if all(row.holds(place) for row in asked.question.domain.where)]
    met = next(filter(None, (_met(box, start, place) for place in (end, *far))), None)
    bends = [] if met is None else [{**start, **dict(zip(box.inputs, met, strict=True))}]
    return [start, end, *along[:1], *far, *bends]


def _met(box: BlackBox, start: Named, end: Named) -> Sequence[Fraction] | None:
    """Where the function is seen to bend between two points, or fails, which is said when the point is judged."""
    try:
        return bend(box, *([place[name] for name in box.inputs] for place in (start, end)))
    except CallFailed as error:
        return error.point
