"""How many mutants the strategies kill with 200 examples each: of every gadget, and of what our transformations return.

    python tests/benchmarks/mutations.py [--each N] [--gadgets] [--transformations]

Gadgets: N mutants (3) of a mutation are drawn for each gadget, of its network or, if it has parameters, its term, and
of its target; one is killed if `cross_check` fails with its claim. Survivors go to `equal` and to the prover: the
equivalent ones are counted apart, the others listed, with what 5,000 more examples say.

Transformations: each is spoiled by each mutation (of what it returns, always the first mutant), and a property as a
user would write it, that values at a drawn point are those before, is tried on drawn circuits, networks and terms.
Listed are the survivors, and the sizes of the smallest examples that show the mistake. See `tests/spoiled.py`.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from symcircuits.circuits.approximation import Approximation
from symcircuits.circuits.gadget import Gadget
from symcircuits.circuits.gadgets import library
from symcircuits.circuits.network import Network
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Claim, Comparison, Term, total
from symcircuits.provers.prove import prove_claim
from symcircuits.testing import CrossCheckFailed, cross_check
from symcircuits.testing.mutations import NETWORK_MUTATIONS, TERM_MUTATIONS
from symcircuits.transform.equal import equal

sys.path.insert(0, str(Path(__file__).parents[1]))
from spoiled import EXAMPLES, MUTATIONS, TRANSFORMATIONS, is_equivalent, shown, size

SECONDS, MORE = 20.0, 5000


def with_output(each: Gadget, place: int, output: Term, target: Term) -> Claim:
    """The gadget's claim about an output, of other terms."""
    claim = each.claims[place]
    if isinstance(each, Approximation):
        gap = Term("abs", (total([(Fraction(1), output), (Fraction(-1), target)]),))
        return claim._replace(goal=claim.goal._replace(left=gap))
    return claim._replace(goal=Comparison(output, "==", target))


class Mutant(NamedTuple):
    """The name of the mutation, the claims of the outputs that it changes, and the network, if it is one."""

    mutation: str
    claims: list[Claim]
    network: Network | None = None

    def is_killed(self, examples: int) -> bool:
        """Whether sampling shows that a claim is false."""
        try:
            for claim in self.claims:
                cross_check(claim, examples)
        except CrossCheckFailed:
            return True
        return False

    def is_equivalent(self, before: Network | None) -> bool:
        """Whether it is proved equal to the network before, or its claims are proved."""
        if self.network is not None and before is not None and equal(before, self.network, seconds=SECONDS):
            return True
        return all(isinstance(prove_claim(claim, SECONDS), Theorem) for claim in self.claims)


def mutants_of_gadget(each: Gadget, count: int, source: random.Random) -> Iterator[Mutant]:
    """For each mutation, up to so many mutants."""
    whole = each.circuit.terms if each.parameters else each.circuit.network
    for name in NETWORK_MUTATIONS:
        copies: list[tuple[tuple[Term, ...], Network | None]] = []
        if isinstance(whole, Network):
            copies = [(mutant.terms, mutant) for mutant in NETWORK_MUTATIONS[name](whole)]
        elif name in TERM_MUTATIONS:
            copies = [((mutant, *whole[1:]), None) for mutant in TERM_MUTATIONS[name](whole[0])]
        for outputs, mutated in source.sample(copies, min(count, len(copies))):
            rows = enumerate(zip(outputs, each.targets, strict=True))
            yield Mutant(name, [with_output(each, at, output, target) for at, (output, target) in rows], mutated)
    swaps = [(at, wrong) for at, target in enumerate(each.targets) for wrong in TERM_MUTATIONS["min for max"](target)]
    for at, wrong in source.sample(swaps, min(count, len(swaps))):
        yield Mutant("min for max", [with_output(each, at, each.circuit.terms[at], wrong)])


def of_gadgets(count: int) -> None:
    """Print the kill rate of each mutation, and the survivors."""
    counts, source = Counter[tuple[str, str]](), random.Random(7)
    for name, each in library().items():
        before = None if each.parameters else each.circuit.network
        for mutant in mutants_of_gadget(each, count, source):
            killed = mutant.is_killed(EXAMPLES)
            verdict = "killed" if killed else "equivalent" if mutant.is_equivalent(before) else "survived"
            counts[mutant.mutation, verdict] += 1
            if verdict == "survived":
                later = "false at one of" if mutant.is_killed(MORE) else "true at"
                print(f"survived: {name}, {mutant.mutation}: {later} {MORE} more examples", flush=True)
    print(f"{'gadgets':20} killed  survived  equivalent  kill rate")
    for mutation in (*MUTATIONS, "all"):
        kinds = ("killed", "survived", "equivalent")
        sums = [sum(counts[each, kind] for each in MUTATIONS if mutation in (each, "all")) for kind in kinds]
        rate = f"{100 * sums[0] / max(sums[0] + sums[1], 1):.1f} %"
        print(f"{mutation:20} {sums[0]:6}  {sums[1]:8}  {sums[2]:10}  {rate:>9}")


def of_transformations() -> None:
    """Print for each transformation the sizes of the smallest examples by mutation."""
    killed = tried = largest = 0
    for name in TRANSFORMATIONS:
        if shown(name, None) is not None:
            print(f"{name}: it changes a value without being spoiled")
        sizes: list[str] = []
        for mutation in MUTATIONS:
            found = shown(name, mutation)
            if found is None:
                same = is_equivalent(name, mutation)
                tried += same is False
                if same is not None:
                    print(f"{'equivalent' if same else 'survived'}: {name}, {mutation}", flush=True)
                continue
            tried, killed, largest = tried + 1, killed + 1, max(largest, size(found.before))
            sizes.append(f"{mutation} {size(found.before)}")
        print(f"{name:20} {', '.join(sizes)}", flush=True)
    print(f"transformations: {killed} of {tried} killed; the largest smallest example has {largest} neurons")


def main() -> None:
    """Both parts, or one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=3)
    parser.add_argument("--gadgets", action="store_true")
    parser.add_argument("--transformations", action="store_true")
    options = parser.parse_args()
    start = time.process_time()
    if options.gadgets or not options.transformations:
        of_gadgets(options.each)
    if options.transformations or not options.gadgets:
        of_transformations()
    print(f"{time.process_time() - start:.0f} s of processor time")


if __name__ == "__main__":
    main()
