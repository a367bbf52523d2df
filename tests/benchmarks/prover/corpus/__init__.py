"""The corpus: 16 families of claims about CPWL functions, made anew from a seed, always the same.

A false claim is a near miss of a true one and carries a counterexample by construction. `corpus(Draw())` is the one
that results are quoted for; another seed draws other weights, `is_heldout` other sizes too, and `is_longer` goes on
with those series that the provers compared here do not come to the end of.

    >>> first = next(iter(corpus(Draw(), ["seed"])))
    >>> print(first.id, first.lhs, first.relation, first.rhs)
    seed/identity/true/1 relu(x) - relu(-x) == x
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from prover.claim import CorpusClaim
from prover.corpus.deep import compaction, deep_mlp
from prover.corpus.domains import domain
from prover.corpus.draw import Draw
from prover.corpus.gadgets import absmax, seed
from prover.corpus.inequalities import inequality
from prover.corpus.lattices import lattice, maxtree
from prover.corpus.logic import logic
from prover.corpus.max_of_five import max_two_layer
from prover.corpus.shallow import one_layer
from prover.corpus.sorting import median, sortnet
from prover.corpus.tropical import tropical
from prover.corpus.univariate import interp1d, sawtooth

FAMILIES: dict[str, Callable[[Draw], Iterator[CorpusClaim]]] = {
    "seed": seed,
    "absmax": absmax,
    "maxtree": maxtree,
    "lattice": lattice,
    "median": median,
    "sortnet": sortnet,
    "interp1d": interp1d,
    "sawtooth": sawtooth,
    "one_layer": one_layer,
    "deep_mlp": deep_mlp,
    "compaction": compaction,
    "max_two_layer": max_two_layer,
    "inequality": inequality,
    "logic": logic,
    "domain": domain,
    "tropical": tropical,
}
DIGEST = "97b54cee9feafdc033bb9f1b8dc10321692164cbfccac2402421e6f5aaa0a780"  # of corpus(Draw()), see `claim.digest`


def corpus(draw: Draw, families: Sequence[str] = ()) -> Iterator[CorpusClaim]:
    """The claims of the families, or of all, one family after the other."""
    for family in families or FAMILIES:
        yield from FAMILIES[family](draw)
