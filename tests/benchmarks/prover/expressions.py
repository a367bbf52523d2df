"""The expressions of a claim as one acyclic graph, read without the package under test, and their exact values.

The rivals get their problems from this reading, and every counterexample, whoever found it, is judged by it: an error
of the package's own parser cannot hide here.

    sum        term + term - ...                     term: product and quotient with constants
    function   relu(t), Abs(t), Max(t, ...), Min(t, ...)      upper or lower case
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from prover.claim import CorpusClaim

TOKEN = re.compile(r"\s*(?:(?P<number>\d+)|(?P<name>[^\W\d]\w*)|(?P<sign>.))")
RANGE = re.compile(r"\s*(\w+)\s+in\s+\{(.*)\}\s*")
COMPARISON = re.compile(r"(.*?)(<=|>=|==)(.*)")
KINDS = {"relu": 1, "abs": 1, "max": None, "min": None}  # the number of arguments, None for one or more


class Node(NamedTuple):
    """A variable, a constant, a linear combination, or relu, abs, max, min of earlier nodes.

    name: of a variable; weights: of a linear combination's parts; shift: its constant, or the value of a constant
    """

    kind: str
    parts: tuple[int, ...] = ()
    name: str = ""
    weights: tuple[Fraction, ...] = ()
    shift: Fraction = Fraction(0)


class Form(NamedTuple):
    """shift + the sum of weight * node over the terms."""

    shift: Fraction
    terms: tuple[tuple[Fraction, int], ...] = ()

    def times(self, factor: Fraction) -> Form:
        """The multiple."""
        return Form(factor * self.shift, tuple((factor * weight, at) for weight, at in self.terms))


class Graph:
    """Nodes, each of which is there once."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.places: dict[Node, int] = {}

    def add(self, node: Node) -> int:
        """The place of the node."""
        place = self.places.setdefault(node, len(self.nodes))
        if place == len(self.nodes):
            self.nodes.append(node)
        return place

    def add_form(self, form: Form) -> int:
        """The place of the node that has this value."""
        if not form.terms:
            return self.add(Node("constant", shift=form.shift))
        if form == Form(Fraction(0), ((Fraction(1), form.terms[0][1]),)):
            return form.terms[0][1]
        weights, parts = zip(*form.terms, strict=True)
        return self.add(Node("linear", parts, "", weights, form.shift))


class Reader:
    """Recursive descent over the tokens of one text; long sums do not recurse."""

    def __init__(self, graph: Graph, known: Mapping[str, int], text: str) -> None:
        self.graph, self.known = graph, known
        self.tokens = [match.groupdict() for match in TOKEN.finditer(text.strip())]
        self.at = 0

    def read(self) -> int:
        """The place of the node that the whole text means."""
        form = self.sum()
        if self.at < len(self.tokens):
            raise ValueError(f"token {self.at} is not expected: {self.tokens[self.at]}")
        return self.graph.add_form(form)

    def next_is(self, *signs: str) -> bool:
        """Whether the next token is one of the signs."""
        return self.at < len(self.tokens) and self.tokens[self.at]["sign"] in signs

    def minuses(self) -> int:
        """Step over signs + and -: 1 or -1."""
        sign = 1
        while self.next_is("+", "-"):
            sign = -sign if self.next_is("-") else sign
            self.at += 1
        return sign

    def expect(self, sign: str) -> None:
        """Step over a sign that must be there."""
        if not self.next_is(sign):
            raise ValueError(f"{sign} is expected at token {self.at}")
        self.at += 1

    def sum(self) -> Form:
        """Products added up."""
        shift, terms = Fraction(0), list[tuple[Fraction, int]]()
        while True:
            part = self.product(self.minuses())
            shift += part.shift
            terms += part.terms
            if not self.next_is("+", "-"):
                return Form(shift, tuple(terms))

    def product(self, sign: int) -> Form:
        """Atoms multiplied and divided: all but one of them are constants, and no divisor varies."""
        value = self.atom().times(Fraction(sign))
        while self.next_is("*", "/"):
            divides = self.next_is("/")
            self.at += 1
            sign = self.minuses()
            factor = self.atom().times(Fraction(sign))
            if factor.terms and (divides or value.terms):
                raise ValueError("a product of two expressions, or a quotient by one")
            if divides:
                value = value.times(1 / factor.shift)
            else:
                value = factor.times(value.shift) if factor.terms else value.times(factor.shift)
        return value

    def atom(self) -> Form:
        """A number, a name, a function, or a sum in brackets."""
        token, sign = self.tokens[self.at], self.tokens[self.at]["sign"]
        self.at += 1
        if token["number"]:
            return Form(Fraction(int(token["number"])))
        if token["name"]:
            return self.function(token["name"].lower()) if self.next_is("(") else self.named(token["name"])
        if sign != "(":
            raise ValueError(f"{sign} is not expected at token {self.at - 1}")
        form = self.sum()
        self.expect(")")
        return form

    def named(self, name: str) -> Form:
        """A variable or a definition."""
        node = self.graph.nodes[self.known[name]]
        return Form(node.shift) if node.kind == "constant" else Form(Fraction(0), ((Fraction(1), self.known[name]),))

    def function(self, name: str) -> Form:
        """A call, the next token being its bracket."""
        parts: list[int] = []
        while not parts or self.next_is(","):
            self.at += 1
            parts.append(self.graph.add_form(self.sum()))
        self.expect(")")
        if name not in KINDS or KINDS[name] not in (None, len(parts)):
            raise ValueError(f"{name} of {len(parts)} arguments is not known")
        is_bare = KINDS[name] is None and len(parts) == 1
        return Form(Fraction(0), ((Fraction(1), parts[0] if is_bare else self.graph.add(Node(name, tuple(parts)))),))


class Problem(NamedTuple):
    """A claim that was read: nodes in topological order, and the places in them of the claim's and domain's sides.

    ranges: the values of variables that have finitely many; domain: comparisons (left, relation, right)
    """

    claim: CorpusClaim
    nodes: tuple[Node, ...]
    left: int
    right: int
    ranges: dict[str, list[Fraction]]
    domain: tuple[tuple[int, str, int], ...]

    @property
    def switches(self) -> int:
        """How many relu, abs, max and min it has."""
        return sum(node.kind in KINDS for node in self.nodes)

    def values(self, point: Mapping[str, Fraction]) -> list[Fraction]:
        """The exact value of each node; variables that have none are 0."""
        values: list[Fraction] = []
        for node in self.nodes:
            values.append(_value(node, values, point))
        return values

    def is_inside(self, point: Mapping[str, Fraction]) -> bool:
        """Whether the point lies in the domain."""
        if not all(point.get(name, Fraction(0)) in values for name, values in self.ranges.items()):
            return False
        values = self.values(point) if self.domain else []
        return all(_holds(values[left], relation, values[right]) for left, relation, right in self.domain)

    def is_counterexample(self, point: Mapping[str, Fraction]) -> bool:
        """Whether the point lies in the domain and the claim is false there."""
        if not self.is_inside(point):
            return False
        values = self.values(point)
        return not _holds(values[self.left], self.claim.relation, values[self.right])


def _value(node: Node, values: list[Fraction], point: Mapping[str, Fraction]) -> Fraction:
    parts = [values[at] for at in node.parts]
    match node.kind:
        case "variable":
            return point.get(node.name, Fraction(0))
        case "constant" | "linear":
            return sum((c * v for c, v in zip(node.weights, parts, strict=True) if v), node.shift)
        case "relu":
            return max(parts[0], Fraction(0))
        case "abs":
            return abs(parts[0])
        case "max":
            return max(parts)
        case "min":
            return min(parts)
    raise ValueError(f"no node has the kind {node.kind}")


def _holds(left: Fraction, relation: str, right: Fraction) -> bool:
    match relation:
        case "==":
            return left == right
        case "<=":
            return left <= right
        case ">=":
            return left >= right
    raise ValueError(f"{relation} is not a relation of the corpus")


def read(claim: CorpusClaim) -> Problem:
    """The claim's expressions and domain.

    >>> problem = read(CorpusClaim("seed", "clip", 1, ("x",), "relu(x)", "x", domain=("x >= -1",)))
    >>> problem.is_counterexample({"x": Fraction(-1, 2)}), problem.is_counterexample({"x": Fraction(-2)})
    (True, False)
    """
    graph = Graph()
    known = {name: graph.add(Node("variable", name=name)) for name in claim.variables}
    for name, text in claim.let:
        known[name] = Reader(graph, known, text).read()
    left, right = (Reader(graph, known, text).read() for text in (claim.lhs, claim.rhs))
    ranges, domain = {}, []
    for text in claim.domain:
        if found := RANGE.fullmatch(text):
            ranges[found[1]] = [Fraction(value.strip()) for value in found[2].split(",")]
        elif found := COMPARISON.fullmatch(text):
            low, high = (Reader(graph, known, side).read() for side in (found[1], found[3]))
            domain.append((low, found[2], high))
        else:
            raise ValueError(f"the domain of {claim.id} cannot be read: {text}")
    return Problem(claim, tuple(graph.nodes), left, right, ranges, tuple(domain))
