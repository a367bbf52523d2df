"""Gadgets: circuits with their targets and theorems, and their compositions, which carry both by citation.

A `Gadget` has a name, a circuit, what it computes on which domain, a sentence and worked examples. Whatever is composed
of gadgets (`f >> g`, `f @ g`, `f(a, b)`, `f[0]`, sums) is a `Composite`: its targets are the gadgets' targets put into
each other, its theorems cite theirs. A `Family` makes gadgets from parameters, such as one for every n.

>>> from sympy import symbols
>>> from symcircuits.circuits.gadgets import gadget
>>> a, b, c = symbols("a b c", real=True)
>>> MIN, MAX = gadget("min"), gadget("max")
>>> MIN(a, b) + 2 * MAX(b, c)
<Composite min(a, b) + 2*max(b, c): min(a, b) + 2*max(b, c)>
>>> MIN(MIN(a, b), c).theorem.claim.goal.right
min(min(a, b), c)
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from importlib.resources import files
from inspect import signature
from typing import Any, ClassVar, NamedTuple

from sympy import Expr, Symbol

from symcircuits.circuits.affine import exact, is_signed
from symcircuits.circuits.circuit import Circuit
from symcircuits.circuits.compose import Composable, Signal, assemble, walk
from symcircuits.circuits.domain import Domain, composed_domain, domain
from symcircuits.circuits.sections import Lemma
from symcircuits.circuits.theorem import output_targets, prove_composition, signs
from symcircuits.errors import CertificateRejected, InvalidCircuit
from symcircuits.expr.from_sympy import from_sympy
from symcircuits.expr.parse import parse_expression
from symcircuits.expr.to_sympy import to_sympy
from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.term import Claim, Comparison, Term, subterms


class Example(NamedTuple):
    """Inputs, the output they give (a tuple for several), and the values of the parameters."""

    inputs: tuple[Any, ...]
    output: Any
    parameters: Mapping[str, Any] = {}

    @property
    def outputs(self) -> tuple[Fraction, ...]:
        """The outputs as exact numbers, also when there is one."""
        return tuple(map(exact, _several(self.output)))


class Verified(Composable):
    """A circuit with a target and a theorem for each output: a `Gadget` or a `Composite`."""

    is_verified: ClassVar[bool] = True

    @property
    @abstractmethod
    def circuit(self) -> Circuit:
        """The circuit."""

    @property
    @abstractmethod
    def targets(self) -> tuple[Term, ...]:
        """What each output computes, as kernel terms."""

    @property
    @abstractmethod
    def domain(self) -> Domain:
        """Where it computes that."""

    @property
    @abstractmethod
    def theorems(self) -> tuple[Theorem, ...]:
        """The theorems of the claims."""

    @property
    @abstractmethod
    def parts(self) -> tuple[Verified, ...]:
        """The gadgets that its blocks are, whose theorems are cited."""

    @classmethod
    def composed(
        cls, name: str, signals: tuple[Signal, ...], inputs: tuple[Symbol, ...] | None = None
    ) -> Any:  # a Composite, whatever it is made of
        return Composite(name, signals, inputs)

    @property
    def input_symbols(self) -> tuple[Symbol, ...]:
        return self.circuit.inputs

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """For each output the claim that it equals its target, on the domain, parameters having the right signs."""
        where = (*self.domain.where, *(sign for sign in signs(self.circuit) if sign not in self.domain.where))
        pairs = zip(self.circuit.terms, self.targets, strict=True)
        return tuple(Claim(Comparison(term, "==", target), where, self.domain.ranges) for term, target in pairs)

    @property
    def claim(self) -> Claim:
        """The claim of a gadget with one output."""
        return self._only(self.claims, "claims")

    @property
    def theorem(self) -> Theorem:
        """The theorem of a gadget with one output."""
        return self._only(self.theorems, "theorems")

    @property
    def target(self) -> Expr:
        """What a gadget with one output computes, as a SymPy expression."""
        return self._only(tuple(map(self._expression, self.targets)), "targets")

    def _expression(self, target: Term) -> Expr:
        return to_sympy(target, {symbol.name: symbol for symbol in (*self.circuit.inputs, *self.circuit.parameters)})

    def _only(self, values: tuple[Any, ...], what: str) -> Any:
        if len(values) != 1:
            raise InvalidCircuit(f"{self.name} has {len(values)} outputs: use `{what}`, or one output, as in f[0]")
        return values[0]

    def prove(self) -> Theorem:
        """A proof from scratch of a gadget with one output, by citing the theorems of its parts."""
        return self._only(self.prove_all(), "prove_all()")

    def prove_all(self) -> tuple[Theorem, ...]:
        """Proofs from scratch, one for each output, by citing the theorems of its parts.

        Raises `InvalidCircuit` with a counterexample or the reason where there is none.
        """
        known = {part.circuit: part.lemmas for part in self.parts}
        return tuple(prove_composition(self.circuit, claim, known) for claim in self.claims)

    @cached_property
    def lemmas(self) -> tuple[Lemma, ...]:
        """What a proof that cites it needs to know, for each output."""
        rows = zip(self.theorems, self.targets, self.claims, strict=True)
        return tuple(Lemma(theorem, target, tuple(claim.variables())) for theorem, target, claim in rows)

    def run(self, *inputs: Any, parameters: Mapping[str, Any] | None = None) -> tuple[Fraction, ...]:
        """The circuit's exact outputs for rational inputs."""
        return self.circuit.run(*inputs, parameters=parameters)

    @property
    def inputs(self) -> tuple[Symbol, ...]:
        """The circuit's inputs."""
        return self.input_symbols

    @property
    def parameters(self) -> tuple[Symbol, ...]:
        """The symbols that stand for weights."""
        return self.circuit.parameters

    @property
    def widths(self) -> tuple[int, ...]:
        """The number of neurons of each hidden layer."""
        return self.circuit.widths

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return self.circuit.depth

    @property
    def tree(self) -> str:
        """The blocks of the circuit as an indented text."""
        return self.circuit.tree

    def __repr__(self) -> str:
        kind, texts = type(self).__name__, [str(target) for target in self.targets[:SHOWN]]
        shown = ", ".join([*texts, "..."] if len(self.targets) > SHOWN else texts)
        return f"<{kind} {self.name}: {shown if len(shown) <= LONG else shown[:LONG] + '...'}>"


SHOWN, LONG = 4, 120
"""How many targets, and how many characters of them, the short text of a gadget shows."""


@dataclass(frozen=True, repr=False, eq=False)
class Composite(Verified):
    """Gadgets and circuits composed: the circuit, the targets and the theorems are made when first asked for.

    It holds where the domains of the gadgets hold that read inputs directly; the domains of the others must follow
    from that, or the theorem is refused.
    """

    name: str
    graph: tuple[Signal, ...]
    given: tuple[Symbol, ...] | None = None

    def __post_init__(self) -> None:
        self.__dict__["signals"] = self.graph

    def __len__(self) -> int:
        return len(self.graph)

    @cached_property
    def input_symbols(self) -> tuple[Symbol, ...]:
        if self.given is not None:
            return self.given
        return tuple(symbol for symbol in walk(self.graph)[1] if not is_signed(symbol))

    @cached_property
    def circuit(self) -> Circuit:
        assembly = assemble(self.graph, self.given)
        return Circuit(self.name, assembly.inputs, assembly.blocks, assembly.outputs)

    @cached_property
    def parts(self) -> tuple[Verified, ...]:
        callees = {id(call.callee): call.callee for call in walk(self.graph)[0]}
        return tuple(callee for callee in callees.values() if isinstance(callee, Verified))

    @cached_property
    def targets(self) -> tuple[Term, ...]:
        return output_targets(self.circuit, {part.circuit: part.targets for part in self.parts})

    @cached_property
    def domain(self) -> Domain:
        return composed_domain(self.circuit, {part.circuit: part.domain for part in self.parts})

    @cached_property
    def theorems(self) -> tuple[Theorem, ...]:
        return self.prove_all()


@dataclass(frozen=True, repr=False)
class Gadget(Verified):
    """A circuit that computes its targets: `theorems` says so, from certificates of the package or proved on demand.

    source:   a `Circuit`, or a `Composite`, whose parts are then cited
    computes: the target, or a tuple of one for each output: SymPy expressions, texts such as "min(x1, x2)", terms
    note:     one sentence; examples: inputs and the outputs they give
    cites:    gadgets that are blocks of a `Circuit` given as source
    where:    the domain as text, such as "0 <= x, x <= 1" or "x in {0, 1}"; without it, all reals

    >>> from sympy import symbols
    >>> from symcircuits.circuits.gadgets import gadget
    >>> a, b, c = symbols("a b c", real=True)
    >>> MAX, MIN = gadget("max"), gadget("min")
    >>> clip = Gadget("clip_to", "Clip", MIN(MAX(a, b), c), "max(a, b)", "Nothing to clip.", (), where="a <= c, b <= c")
    >>> print(clip.theorem.claim.where[0].left, clip.theorem.claim.goal.right)
    a max(a, b)
    """

    name: str
    title: str
    source: Circuit | Verified
    computes: Any
    note: str
    examples: tuple[Example, ...]
    cites: tuple[Verified, ...] = field(default=())
    where: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.source, Circuit | Verified):
            raise InvalidCircuit(f"{self.name}: {self.source!r:.60} is neither a circuit nor a composition of gadgets")
        wanted = len(_several(self.computes))
        if wanted != len(self.source):
            raise InvalidCircuit(f"{self.name}: {wanted} targets are given for {len(self.source)} outputs")

    def __len__(self) -> int:
        return len(self.source)

    @cached_property
    def circuit(self) -> Circuit:
        return self.source if isinstance(self.source, Circuit) else replace(self.source.circuit, name=_words(self.name))

    @cached_property
    def parts(self) -> tuple[Verified, ...]:
        own = self.source.parts if isinstance(self.source, Verified) else ()
        return (*own, *self.cites)

    @cached_property
    def domain(self) -> Domain:
        return domain(self.where, self.circuit)

    @cached_property
    def targets(self) -> tuple[Term, ...]:
        return tuple(map(self._target, _several(self.computes)))

    def _target(self, target: Any) -> Term:
        names = [symbol.name for symbol in self.circuit.parameters]
        if isinstance(target, Term):
            term = target
        elif isinstance(target, str):
            positive = [f"{symbol.name} {'>' if symbol.is_positive else '<'} 0" for symbol in self.circuit.parameters]
            term = parse_expression(target, positive)
        else:
            term = from_sympy(target, parameters=names)
        known = {*names, *(symbol.name for symbol in self.circuit.inputs)}
        stranger = next((t.name for t in subterms((term,)) if t.kind == "variable" and t.name not in known), None)
        if stranger is not None:
            raise InvalidCircuit(f"{self.name}: the target mentions {stranger}, which is no input of the circuit")
        return term

    def _expression(self, target: Term) -> Expr:
        return self.computes if isinstance(self.computes, Expr) else super()._expression(target)

    @cached_property
    def theorems(self) -> tuple[Theorem, ...]:
        """The theorems of the claims; the package's certificates are checked by the kernel when first asked for.

        A gadget that does not come with the package is proved instead. Raises `CertificateRejected` when a certificate
        of one that does is missing, wrong, or about something else.
        """
        try:
            return tuple(map(self._stored, self.claims, certificate_names(self)))
        except CertificateRejected:
            from symcircuits.circuits.gadgets import library  # here because the library is made of gadgets

            if library().get(self.name) == self:
                raise
            return self.prove_all()

    def _stored(self, claim: Claim, name: str) -> Theorem:
        place = files("symcircuits.circuits.gadgets") / "certificates" / name
        try:
            text = place.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise CertificateRejected(
                f"the package has no certificate {name} of the gadget {self.name}; install it again"
            ) from None
        theorem = check(text)
        if theorem.claim != claim:
            raise CertificateRejected(f"the package's certificate of the gadget {self.name} proves: {theorem.claim}")
        return theorem


def certificate_names(gadget: Gadget) -> list[str]:
    """The names of a gadget's certificate files: one file, or one for each output.

    >>> from symcircuits.circuits.gadgets import gadget
    >>> certificate_names(gadget("min"))
    ['min.json']
    """
    if len(gadget) == 1:
        return [f"{gadget.name}.json"]
    return [f"{gadget.name}.{place}.json" for place in range(1, len(gadget) + 1)]


@dataclass(frozen=True)
class Family:
    """Gadgets from parameters, each made once; `defaults` are the parameters of those that the library lists."""

    name: str
    build: Callable[..., Gadget]
    defaults: tuple[tuple[Any, ...], ...]
    made: dict[tuple[Any, ...], Gadget] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, *parameters: Any) -> Gadget:
        """The gadget for these parameters; `InvalidCircuit` when they do not fit."""
        try:
            signature(self.build).bind(*parameters)
            key = (repr(parameters), *parameters)  # 1 and True are equal, and so are 2 and 2.0
            if key not in self.made:
                self.made[key] = self.build(*parameters)
            return self.made[key]
        except TypeError as error:
            wanted = signature(self.build)
            raise InvalidCircuit(f"the gadgets {self.name} are made from {wanted}; {parameters}: {error}") from None


def family(name: str, *defaults: tuple[Any, ...]) -> Callable[[Callable[..., Gadget]], Family]:
    """The decorator that makes a `Family` of a function from parameters to a gadget.

    The gadget's own name should be the family's with the parameters after it, as in min_5: `gadget("min_5")` and
    `gadget("min", 5)` then find it.
    """
    return lambda build: Family(name, build, defaults)


def _several(values: Any) -> tuple[Any, ...]:
    """A tuple or list as a tuple, anything else (a `Term` too, which is a kind of tuple) as a tuple of one."""
    return tuple(values) if type(values) in (tuple, list) else (values,)


def _words(name: str) -> str:
    return name.replace("_", " ")
