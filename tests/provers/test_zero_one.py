"""Max and min of variables at size, and where a claim is about more than them."""

from __future__ import annotations

from functools import reduce
from itertools import combinations, pairwise

import pytest

from symcircuits.expr.parse import parse_claim
from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.term import subterms
from symcircuits.provers.prove import prove
from symcircuits.provers.result import Clock, Counterexample
from symcircuits.provers.search import Search
from symcircuits.provers.zero_one import Choices, choices, compacted, is_large

NAMES = [f"x{at}" for at in range(120)]


def folded(names: list[str]) -> list[tuple[str, str]]:
    """Definitions m1, m2, ... of the running maxima, written with relu."""
    parts = zip(range(1, len(names)), names[1:], strict=True)
    return [(f"m{at}", f"{before} + relu({name} - {before})") for at, name in parts for before in [_before(names, at)]]


def _before(names: list[str], at: int) -> str:
    return names[0] if at == 1 else f"m{at - 1}"


def test_a_long_fold_is_one_maximum() -> None:
    theorem = prove(f"m119 == max({', '.join(reversed(NAMES))})", let=folded(NAMES))
    assert isinstance(theorem, Theorem) and theorem.certificate.count('"zero_one"') == 1


def test_on_a_domain_the_maximum_goes_on_to_other_routes() -> None:
    where = [f"{low} <= {high}" for low, high in pairwise(NAMES)]
    mixed = NAMES[1::2] + NAMES[::2]
    theorem = prove("m119 == x119", where=where, let=folded(mixed))
    assert isinstance(theorem, Theorem) and check(theorem.certificate).claim == theorem.claim
    assert isinstance(prove("m119 == x119", where=where[:50] + where[51:], let=folded(mixed)), Counterexample)


def test_one_lower_input_of_many_is_found() -> None:
    lower = [f"({name} - 1/1000)" if name == "x97" else name for name in NAMES]
    found = prove(f"m119 == max({', '.join(NAMES)})", let=folded(lower))
    assert isinstance(found, Counterexample) and found.point["x97"] == 1


def test_choices_are_counted() -> None:
    claim = parse_claim("max(a, relu(b - abs(a))) >= relu(a)")
    assert choices(claim) == Choices(4, 3) and not is_large(claim)
    assert is_large(parse_claim("m119 == x0", let=folded(NAMES)))


@pytest.mark.parametrize("dropped", [0, 1])
def test_a_majority_of_subsets_is_compacted_before_its_table(dropped: int) -> None:
    names = NAMES[:9]
    subsets = [f"min({', '.join(subset)})" for subset in combinations(names, 5)][dropped:]
    most = f"max({', '.join(subsets)})"
    votes = " + ".join(names)
    claim = parse_claim(f"relu({votes} - 4) - relu({votes} - 5) == {most}", f"{', '.join(names)} in {{0,1}}")
    search = Search(claim, Clock())
    goal = compacted(search, search.root, Clock())
    assert len(subterms(goal[1][::2])) < len(subterms(claim.goal[::2])) / 2
    answer = prove(claim)
    assert isinstance(answer, Counterexample if dropped else Theorem)
    assert dropped or ('"zero_one"' in answer.certificate and '"table"' in answer.certificate)


def test_what_is_small_already_is_not_compacted() -> None:
    fold = reduce(lambda one, other: f"max({one}, {other})", NAMES)
    for text in (fold, "max(a, min(b, c))"):
        search = Search(parse_claim(f"{text} >= x0"), Clock())
        assert compacted(search, search.root, Clock()) == search.root
