"""Cells: proofs and refutations that no list of points reaches."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symcircuits.expr.parse import parse_claim
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Claim, Term
from symcircuits.provers.cells import Stuck, atoms_of, prove_by_cells
from symcircuits.provers.domain import reduce_domain
from symcircuits.provers.points import inner_points, refute
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Clock, Counterexample, Unknown
from symcircuits.provers.search import Search
from symcircuits.testing.sampling import cross_check

RADIUS = Fraction(1, 10_000)
CENTRES = (Fraction(12_345), Fraction(-777), Fraction(1, 3), Fraction(-99_999))


def points_find_nothing(claim: Claim) -> bool:
    search = Search(claim, Clock())
    inside = reduce_domain(search, search.root, Clock())
    return inside is not None and refute(search, inside, list(inner_points(inside)), Clock()) is None


def l1_bump(size: int) -> str:
    """A network that is 0 but in an l1 ball of radius 1/10000 far from the origin."""
    centred = [f"(x{k} - ({centre}))" for k, centre in enumerate(CENTRES[:size])]
    return "relu(1/10000 - " + " - ".join(f"relu({t}) - relu(-{t})" for t in centred) + ")"


def box_bump(size: int) -> str:
    centred = [f"abs(x{k} - ({centre}))" for k, centre in enumerate(CENTRES[:size])]
    return f"relu(1/10000 - max({', '.join(centred)}, 0))"


def ridge(form: str) -> str:
    """One hidden layer: 0 but where |form| < 1/10000."""
    return f"relu({form} + 1/10000) - 2*relu({form}) + relu({form} - 1/10000)"


BUMPS = [
    *((l1_bump(size), "") for size in (1, 2, 3, 4)),
    *((box_bump(size), "") for size in (1, 2, 3, 4)),
    (ridge("x - 12345"), ""),
    (ridge("x + 3*y - 12345"), ""),
    (ridge("x + 3*y - 12345"), "x >= 0, y >= 0, x <= 10000"),
    (ridge("x - 2*y + z/7 - 1000001/3"), "x >= y"),
    (f"relu({l1_bump(2)} - 1/20000)", ""),
    (f"{l1_bump(2)} - {l1_bump(2).replace('1/10000', '1/10001')}", ""),
    (l1_bump(3), "x0 + x1 + x2 == 11568 + 1/3"),
    (l1_bump(2), "x0 > 12345, x1 < -777, x0 + x1 < 11568 + 1/20000"),
]


@pytest.mark.parametrize(("bump", "where"), BUMPS)
def test_a_bump_far_away_is_found(bump: str, where: str) -> None:
    claim = parse_claim(f"{bump} == 0", where)
    found = prove_claim(claim, seconds=20)
    assert isinstance(found, Counterexample), found
    assert found.left != 0 == found.right and not claim.goal.holds(found.point)
    assert all(comparison.holds(found.point) for comparison in claim.where)


def test_points_alone_do_not_find_them() -> None:
    missed = [points_find_nothing(parse_claim(f"{bump} == 0", where)) for bump, where in BUMPS]
    assert sum(missed) > len(BUMPS) * 3 // 4


@pytest.mark.parametrize(
    ("bump", "where"),
    [
        (l1_bump(1), "x0 >= 12345 + 1/10000"),
        (l1_bump(2), "x0 + x1 <= 11567"),
        (l1_bump(3), "x0 + x1 + x2 == 0"),
        (box_bump(2), "x1 >= -776"),
        (ridge("x + 3*y - 12345"), "x >= 0, y >= 0, x + 3*y <= 12344"),
        (f"relu({l1_bump(2)} - 1/10000)", ""),
    ],
)
def test_where_the_bump_is_not_the_function_is_proved_zero(bump: str, where: str) -> None:
    theorem = prove_claim(parse_claim(f"{bump} == 0", where), seconds=20)
    assert isinstance(theorem, Theorem)
    assert cross_check(theorem, examples=40) > 0


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_exact_height_of_a_bump(size: int) -> None:
    assert isinstance(prove_claim(parse_claim(f"{l1_bump(size)} <= 1/10000"), seconds=20), Theorem)
    found = prove_claim(parse_claim(f"{l1_bump(size)} < 1/10000"), seconds=20)
    assert isinstance(found, Counterexample)
    assert list(found.point.values()) == list(CENTRES[:size]) and found.left == RADIUS
    almost = prove_claim(parse_claim(f"{l1_bump(size)} <= 1/10000 - 1/1000000000000"), seconds=20)
    assert isinstance(almost, Counterexample) and almost.left > RADIUS - Fraction(1, 10**12)


def test_crossing_hyperplanes_through_one_point() -> None:
    fan = " + ".join(f"relu(x - {k}*y) - relu({k}*y - x) - x + {k}*y" for k in range(1, 7))
    assert isinstance(prove_claim(parse_claim(f"{fan} == 0")), Theorem)
    found = prove_claim(parse_claim("relu(x - y) + relu(x + y) + relu(x) == relu(x - 2*y) + relu(x + 2*y) + relu(x)"))
    assert isinstance(found, Counterexample)


def test_atoms_are_counted_also_inside_others() -> None:
    claim = parse_claim("relu(relu(x) + relu(y) + z) + relu(x) == 0")
    search = Search(claim, Clock())
    algebra = search.root[0].algebra
    uses = atoms_of(algebra, algebra.normal(claim.goal.left))
    assert sorted(uses.values()) == [1, 1, 2]
    assert atoms_of(algebra, algebra.normal(Term("one"))) == {}


def test_what_cells_cannot_decide_is_said() -> None:
    claim = parse_claim("relu(w*x + v) == relu(v + w*x + y) - y", "w > 0, y >= 1, x >= 1, v >= 0")
    search = Search(claim, Clock())
    inside = reduce_domain(search, search.root, Clock())
    assert inside
    with pytest.raises(Stuck, match="not affine"):
        prove_by_cells(search, inside, [inside.point], Clock())
    assert isinstance(prove_claim(claim), Unknown)
