"""`prove`: a claim to a checked theorem, an exact counterexample, or an honest unknown.

    claim -> finite? table, or one goal a value
          -> domain (empty? flat? signs of parameters) -> normal form -> exact points -> cells -> certificate -> kernel

Every route only writes steps of a certificate. The answer `Theorem` comes from the kernel's check of the finished
text, and a `Counterexample` is evaluated on the claim as it was given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from itertools import islice, tee
from typing import Any

from symcircuits.expr.claim import as_claim
from symcircuits.kernel.check import STRICT, Goal, Theorem, check
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.term import Claim, subterms
from symcircuits.provers.cells import Refuted, Stuck, prove_by_cells
from symcircuits.provers.constraints import convex_parts, has_products
from symcircuits.provers.decompose import decompose
from symcircuits.provers.domain import Inside, find_signs, reduce_domain
from symcircuits.provers.finite import VALUES, count_of, each_value, is_finite, prove_by_table, refute_at_values
from symcircuits.provers.monotone import prove_by_monotony
from symcircuits.provers.parameters import cancel_parameters
from symcircuits.provers.points import inner_points, refute, refute_as_given, simple_counterexample
from symcircuits.provers.polarity import prove_by_polarity
from symcircuits.provers.result import Clock, Counterexample, Interrupted, LimitReached, Unknown
from symcircuits.provers.route import Passed
from symcircuits.provers.rows import close_by_rows
from symcircuits.provers.search import Search
from symcircuits.provers.signs import by_sign, obstacle, open_sign
from symcircuits.provers.sweep import prove_by_short_sweep, prove_by_sweep
from symcircuits.provers.symmetry import order_variables
from symcircuits.provers.watch import watched
from symcircuits.provers.windows import merge_equal_parts
from symcircuits.provers.zero_one import DEEP, choices, is_large, prove_by_zero_one

Answer = Theorem | Counterexample | Unknown
Route = Callable[[Search, Inside, Clock], Counterexample | Inside | None]
Routes = Sequence[tuple[str, Route]]
LATE = 1.25
"""So many times the time asked for the search is stopped wherever it is."""
WINDOW_SECONDS, WINDOW_CASES, FEW, CELLS_SHARE, PLANAR_SHARE, MANY = 0.5, 200, 24, 0.2, 0.7, 1 << 13
QUICK_SHARE, FEW_POINTS = (0.1, 1.0), 20


def prove(
    claim: Any,
    where: Any = "",
    *,
    let: Sequence[tuple[str, str]] | Mapping[str, str] = (),
    seconds: float | None = None,
    cases: int | None = None,
    report: Callable[[int, int], None] | None = None,
    memory: float | None = None,
) -> Answer:
    """The theorem that a claim is true, a counterexample, or `Unknown` with what was tried.

    The claim is a text, a SymPy relation, a pair of SymPy expressions (claimed equal), a triple such as (f, "<=", g),
    or a kernel `Claim`; `where` restricts its variables: a text, or SymPy relations, also joined by And, Or and Not;
    `let` names parts of a text. `seconds`, `cases` and `memory`, in megabytes, stop the search; `report` is called with
    the number of cases closed and open. Only a theorem is true as a condition, so `assert prove(...)` means what it
    says. Raises `ClaimError` or `NotPiecewiseLinear` for what is not a claim, and `Interrupted` on Ctrl-C.

    >>> prove("min(a, b) == b - relu(b - a)")
    Theorem: for all real a, b: min(a, b) == b - relu(b - a)
    >>> print(prove("min(a, b) == b - relu(a - b)"))
    at a = 1, b = 0: left side 0, right side -1
    >>> prove("clipped == x", where="0 <= x <= 1", let=[("clipped", "max(0, min(1, x))")])
    Theorem: for all real x with 0 <= x, x <= 1: max(0, min(1, x)) == x
    """
    clock = Clock(seconds, cases, report, memory)  # it runs already while the claim is read
    return prove_on(as_claim(claim, where, let), clock)


def prove_claim(
    claim: Claim,
    seconds: float | None = None,
    cases: int | None = None,
    report: Callable[[int, int], None] | None = None,
    memory: float | None = None,
) -> Answer:
    """What `prove` answers, for a kernel claim.

    A claim of rational CPWL functions on a domain given by such functions is always decided, given time.
    """
    return prove_on(claim, Clock(seconds, cases, report, memory))


def prove_on(claim: Claim, clock: Clock) -> Answer:
    """What `prove` answers, for a kernel claim, in the time that is left on a clock."""
    tried: list[str] = []

    def unknown(reason: str, stopped: bool = False) -> Unknown:
        done = (f"{clock.closed} cases were closed",) if stopped else ()
        return Unknown(claim, reason, (*dict.fromkeys(tried), *done), stopped)

    try:
        with limited(clock):
            search = Search(claim, clock)
            answer = _decide(search, clock, tried)
            return _checked(search, unknown) if answer is None else answer
    except LimitReached as limit:
        return unknown(str(limit), stopped=True)
    except KeyboardInterrupt:
        raise Interrupted(unknown("interrupted", stopped=True)) from None
    except Stuck as stuck:
        return unknown(f"what is left is outside what the prover decides: {stuck}")
    except CertificateRejected as error:
        return unknown(f"the kernel cannot follow: {error}")


def limited(clock: Clock) -> AbstractContextManager[None]:
    """A watch that stops what runs within it, wherever it is, when the time or memory of the clock is long used up."""
    if clock.seconds is clock.memory is None:
        return nullcontext()
    return watched(lambda: clock.stop_late(LATE))


def _checked(search: Search, unknown: Callable[[str], Unknown]) -> Theorem | Unknown:
    try:
        return check(search.certificate())
    except CertificateRejected as error:
        return unknown(f"the kernel refuses the proof that was found: {error}")


def _decide(search: Search, clock: Clock, tried: list[str], routes: Routes | None = None) -> Answer | None:
    """None when the search holds a whole proof."""
    if not search.claim.ranges:
        return _decide_real(search, search.root, clock, tried, routes)
    found = refute_at_values(search, clock)
    if found is not None:
        return found
    count = count_of(search)
    if is_finite(search):
        if count >= MANY and choices(search.claim).depth >= DEEP:
            own = clock.part(*QUICK_SHARE)
            circuit = Search(search.claim, own)
            with suppress(Passed, Stuck, LimitReached, CertificateRejected):
                answer = _decide_real(circuit, circuit.root, own, tried, QUICK)
                return check(circuit.certificate()) if answer is None else answer
            clock.tick()
        with suppress(CertificateRejected):  # a table needs a point, and so much arithmetic only
            return prove_by_table(search, clock)
    if count > VALUES:  # what holds for all reals holds for the values
        with suppress(Stuck):
            return _decide_real(search, search.root, clock, tried, routes)
        reason = f"it is not proved for all reals, and the ranges have more than {VALUES} points to look at one by one"
        return Unknown(search.claim, reason, tuple(dict.fromkeys(tried)))
    for goal in each_value(search, search.root, clock):
        answer = _decide_real(search, goal, clock, tried, routes)
        if answer is not None:
            return answer
    return None


def _decide_real(
    search: Search, goal: Goal, clock: Clock, tried: list[str], routes: Routes | None = None
) -> Counterexample | None:
    """None when the goal is closed; its variables are real."""
    return _decide_each(search, convex_parts(search, goal, clock), clock, tried, routes or ROUTES)


def _decide_each(
    search: Search, goals: Iterable[Goal], clock: Clock, tried: list[str], routes: Routes
) -> Counterexample | None:
    """None when all goals are closed."""
    answers = (_decide_convex(search, goal, clock, tried, routes) for goal in goals)
    return next((answer for answer in answers if answer is not None), None)


def _decide_convex(search: Search, goal: Goal, clock: Clock, tried: list[str], routes: Routes) -> Counterexample | None:
    """None when the goal is closed; its hypotheses say all that the domain's constraints do."""
    inside = reduce_domain(search, goal, clock)
    if inside is None:
        return None
    (_, comparison), knows_products = inside.goal, has_products(inside.goal[0].known)
    if knows_products and comparison.relation == "==":
        return _decide_each(search, search.apply(inside.goal, "both"), clock, tried, routes)
    multiplies = knows_products or has_products([comparison])
    if multiplies and close_by_rows(search, inside.goal, inside.simplex, inside.point, clock):
        return None
    with suppress(CertificateRejected):  # a sign that is not known does not keep a point from refuting the claim
        inside = find_signs(search, inside)
    form = open_sign(inside)
    if form is None and is_large(search.claim):
        routes = [*FIRST, *routes]
    try:
        return _by_routes(
            search, inside, clock, tried, [route for route in routes if form is None or route[0] in AT_ONCE]
        )
    except (Passed, Stuck) as reason:
        if form is None:
            raise Stuck(obstacle(inside) or str(reason)) from None
    return _decide_each(search, by_sign(search, inside, form), clock, tried, routes)


def _by_routes(search: Search, inside: Inside, clock: Clock, tried: list[str], routes: Routes) -> Counterexample | None:
    """What the first route answers that does not pass; `Passed` if all do."""
    for name, route in routes:
        mark = len(search.steps)
        try:
            found = route(search, inside, clock)
            if not isinstance(found, Inside):
                return found
            inside = found
            tried.append(f"{name}: parts are replaced")
            continue
        except Passed as reason:
            tried.append(f"{name}: {reason}")
        except CertificateRejected as error:
            tried.append(f"{name}: the kernel cannot follow: {error}")
        del search.steps[mark:]
    raise Passed(*tried[-1:])


def _prove_without_parameters(search: Search, inside: Inside, clock: Clock) -> Counterexample | None:
    """Close the goal by the routes for what is left when parameters have cancelled."""
    goal, others = cancel_parameters(search, inside.goal)
    answer = _by_routes(search, inside._replace(goal=goal), clock, [], ROUTES)
    for other in others if answer is None else ():
        search.apply(other, "normal")
    return answer


def prove_by_points(search: Search, inside: Inside, clock: Clock) -> Counterexample:
    """The counterexample among some points of the domain; `Passed` if there is none."""
    places, points = tee(inner_points(inside))
    found = refute(search, inside, points, clock)
    if found is None:
        raise Passed(f"no counterexample among {sum(1 for _ in places)} points")
    return found


def prove_as_given(search: Search, inside: Inside, clock: Clock) -> Counterexample | Inside | None:
    """What the 0-1 principle says of a large claim, or a counterexample, before anything is put into normal form."""
    try:
        return prove_by_zero_one(search, inside, clock)
    except Passed:
        with suppress(ValueError):  # with products
            if (found := refute_as_given(search, inside, clock)) is not None:
                return found
        raise


def _prove_by_cells(search: Search, inside: Inside, clock: Clock, points: int | None = None) -> Counterexample | None:
    """Close the goal cell by cell, or return a counterexample; so many points inside help to choose the cells."""
    cloud = list(islice(inner_points(inside), points))
    try:
        for part in _parts(search, inside):
            prove_by_cells(search, part, cloud, clock)
    except Refuted as refuted:
        found = simple_counterexample(search, inside.goal[0], refuted.point)
        if found is None and not search.claim.ranges and not inside.goal[0].known:
            raise RuntimeError("the search refuted the claim at a point where it holds") from None
        if found is None:
            raise Passed("it is false for reals, but not at a point that was found in the domain") from None
        return found
    return None


def _prove_by_planar_cells(search: Search, inside: Inside, clock: Clock) -> Counterexample | None:
    """What `_prove_by_cells` does for an inequality of nested atoms in the plane: its cells are few."""
    context, goal = inside.goal
    algebra, gap = context.algebra, context.gap(goal)
    rows = [row for index in gap.numerators for row in algebra.rows_of(index)]
    if goal.relation == "==" or inside.simplex.n > 2 or all(map(algebra.is_affine, rows)):
        raise Passed("no inequality of nested atoms of one or two variables")
    try:
        return _prove_by_cells(search, inside, clock.part(PLANAR_SHARE))
    except LimitReached:
        clock.tick()
        raise Passed("more cases than the time allows") from None


def _prove_by_few_cells(search: Search, inside: Inside, clock: Clock) -> Counterexample | None:
    """What `_prove_by_cells` does, if few cases are enough."""
    own = clock.part(CELLS_SHARE)
    own.cases = FEW if clock.cases is None else min(FEW, clock.cases)
    try:
        return _prove_by_cells(search, inside, own, FEW_POINTS)
    except LimitReached:
        clock.tick()
        raise Passed(f"more than {FEW} cases") from None
    except Stuck as reason:
        raise Passed(str(reason)) from None


def _prove_by_sums(search: Search, inside: Inside, clock: Clock) -> Counterexample | Inside | None:
    """Close the goal, or leave it, with sums of smaller atoms in the place of large maxima; or a counterexample."""
    found = decompose(search, inside, clock)
    if isinstance(found, Inside):
        with suppress(Passed):
            _prove_at_once(search, found, clock)
            return None
    return found


def _prove_at_once(search: Search, inside: Inside, clock: Clock) -> None:
    """Close an equality whose normal forms agree, or an inequality whose gap is a constant of the right sign."""
    context, goal = inside.goal
    gap = context.gap(goal)
    if goal.relation == "==" and not gap.numerators:
        search.apply(inside.goal, "normal")
        return
    least = gap.constant()
    if goal.relation == "==" or least is None or least < 0 or (least == 0 and goal.relation in STRICT):
        raise Passed("the normal forms of the two sides differ")
    search.apply(inside.goal, "farkas", [])


AT_ONCE = ("normal form", "points")
"""What is tried before a case distinction on the sign of a parameter."""


def _prove_small(claim: Claim) -> Answer | None:
    """The answer to a small claim that the proof of a larger one needs, if it is found at once; without merging."""
    clock = Clock(WINDOW_SECONDS, WINDOW_CASES)
    small = [route for route in ROUTES if route[0] not in ("windows", "monotony")]
    try:
        lemma = Search(claim, clock)
        answer = _decide(lemma, clock, [], small)
        return check(lemma.certificate()) if answer is None else answer
    except (LimitReached, Stuck, CertificateRejected):
        return None


def _merge(search: Search, inside: Inside, clock: Clock) -> Inside:
    """The goal with equal parts merged, by theorems found without merging."""
    return merge_equal_parts(search, inside, clock, _prove_small)


def _prove_by_monotony(search: Search, inside: Inside, clock: Clock) -> None:
    """Close a comparison of two circuits of the same gates."""
    prove_by_monotony(search, inside, clock, _prove_small)


FIRST: Routes = (("as given", prove_as_given),)
"""What is tried first if the claim is large."""
ROUTES: tuple[tuple[str, Route], ...] = (
    ("normal form", _prove_at_once),
    ("parameters", _prove_without_parameters),
    ("sweep", prove_by_short_sweep),
    ("0-1 principle", prove_by_zero_one),
    ("points", prove_by_points),
    ("sums", _prove_by_sums),
    ("monotony", _prove_by_monotony),
    ("cells of the plane", _prove_by_planar_cells),
    ("polarity", prove_by_polarity),
    ("symmetry", order_variables),
    ("few cells", _prove_by_few_cells),
    ("windows", _merge),
    ("normal form of what is merged", _prove_at_once),
    ("long sweep", prove_by_sweep),
    ("cells", _prove_by_cells),
)


QUICK: Routes = tuple(route for route in ROUTES if route[0].startswith(("normal form", "windows")))
"""What is tried before a table of many points."""


def _parts(search: Search, inside: Inside) -> Iterator[Inside]:
    """The goal itself, or, if it bounds a maximum of what is not affine, a goal for each argument of the maximum."""
    goal = inside.goal[1]
    low, high = (goal.left, goal.right) if goal.relation in ("<=", "<") else (goal.right, goal.left)
    inner = [*low.args, *high.args]
    has_products = any(term.kind == "scale" for term in subterms(inner))
    if goal.relation == "==" or not has_products or not (low.kind in ("max", "relu", "abs") or high.kind == "min"):
        yield inside
        return
    for part in search.apply(inside.goal, "parts"):
        yield from _parts(search, inside._replace(goal=part))
