"""The 0-1 principle as a route: what it takes before normal forms, and what it leaves to others."""

from __future__ import annotations

from symcircuits.expr.parse import parse_claim
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Claim
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Counterexample


def chain_and_tree(count: int, spoiled: bool = False) -> Claim:
    """The minimum of so many variables, each of two written b - relu(b - a), in a chain and in a tree."""
    lets: list[tuple[str, str]] = []

    def minimum(a: str, b: str) -> str:
        lets.append((f"m{len(lets)}", f"{b} - relu({b} - {a})"))
        return lets[-1][0]

    level = [f"x{at}" for at in range(count)]
    chain = level[0]
    for name in level[1:]:
        chain = minimum(chain, name)
    level = level[1:] if spoiled else level
    while len(level) > 1:
        level = [
            minimum(*pair) if len(pair) == 2 else pair[0] for pair in zip(level[::2], level[1::2], strict=False)
        ] + (level[-1:] if len(level) % 2 else [])
    return parse_claim(f"{chain} == {level[0]}", let=lets)


def test_a_deep_chain_of_relus_is_compared_without_its_normal_form() -> None:
    theorem = prove_claim(chain_and_tree(300), seconds=30)
    assert isinstance(theorem, Theorem)
    assert '"zero_one"' in theorem.certificate and '"rewrite"' in theorem.certificate


def test_a_deep_chain_that_differs_is_refuted_at_a_point_of_zeros_and_ones() -> None:
    found = prove_claim(chain_and_tree(100, spoiled=True), seconds=30)
    assert isinstance(found, Counterexample)
    assert set(found.point.values()) <= {0, 1}
