"""A proof or a refutation as lines of prose and formulas, the same for every kind of output.

    theorem, counterexample -> Story -> words.py (plain text) | latex.py (a page)

A claim with at most two switches gets the proof by cases that a person writes (`cases.py`); any other theorem is told
by the steps of its certificate (`replay.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import prod
from typing import NamedTuple

from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Claim, Comparison, Range, Term, evaluate, subterms, total, variable
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Counterexample
from symcircuits.publish.cases import Case, CaseProof, case_proof
from symcircuits.publish.identity import Identity, numeral
from symcircuits.publish.pairs import Shorter, without_pairs
from symcircuits.publish.replay import Replay, Step, opening, replay

NEGATED = {"==": "!=", "<=": ">", ">=": "<", "<": ">=", ">": "<="}
ZERO = total([])
SWITCHES_TOLD, SECONDS, PARTS = 30, 2.0, 30
STEPWISE = (
    *("cite", "each", "table", "have", "parts", "products", "rewrite", "zero_one"),
    *("ordered", "sweep", "symmetry", "polarity", "tangent", "assume"),
)
"""A proof with one of these rules is told by its steps."""


class Formula(NamedTuple):
    """Terms with relations between them: `a = b >= 0`."""

    terms: tuple[Term, ...]
    relations: tuple[str, ...]


class Statement(NamedTuple):
    """A claim quoted in a line."""

    claim: Claim


Piece = str | Formula | Statement | Range
Pieces = tuple[Piece, ...]


class Line(NamedTuple):
    """One line: how deep it is in the case tree, its heading if it opens a case or part, and what it says."""

    depth: int
    heading: Pieces
    pieces: Pieces


class Story(NamedTuple):
    """The lines told, how many steps of the certificate, or lines, are untold, of how many, and which of the two."""

    lines: tuple[Line, ...]
    untold: int
    total: int
    unit: str


def tell(theorem: Theorem, limit: int) -> Story:
    """The proof of a theorem in at most `limit` lines, one less if some are untold; `ValueError` for a limit < 2."""
    if limit < 2:
        raise ValueError(f"a proof and the count of what is left out need two lines; the limit is {limit}")
    is_small = limit > 2 and not theorem.claim.ranges and len(subterms(theorem.claim.sides())) <= PARTS
    shorter = without_pairs(theorem.claim) if is_small else None
    plain = prove_claim(shorter.claim, SECONDS) if shorter else None
    if shorter and isinstance(plain, Theorem):
        story = tell(plain, limit - 1)
        return story._replace(lines=(_paired(theorem.claim, shorter), *story.lines))
    context, draft = opening(theorem)
    by_steps = theorem.is_vacuous or bool(draft.claim.ranges) or any(step[0] in STEPWISE for step in draft.proof)
    cases = None if by_steps else case_proof(context, draft)
    if cases:
        lines = tuple(_tell_cases(cases, draft.claim.goal))
        told = len(lines) if len(lines) <= limit else limit - 1
        return Story(lines[:told], len(lines) - told, len(lines), "line")
    # Of two steps in a row at least one has a line: only a split that opens no case itself has none.
    proof = replay(theorem, 2 * limit + 2)
    numbered = list(_tell_steps(proof, theorem.is_vacuous))
    whole = len(proof.steps) == proof.total and len(numbered) <= limit
    told = len(numbered) if whole else limit - 1
    untold = 0 if whole else proof.total - numbered[told][0]
    return Story(tuple(line for _, line in numbered[:told]), untold, proof.total, "step")


def _paired(claim: Claim, shorter: Shorter) -> Line:
    """What pairs of neurons add up to, and so the side that has them."""
    sides = zip(claim.goal[::2], shorter.claim.goal[::2], strict=True)
    pairs = _joined(equation(*pair) for pair in shorter.pairs)
    results = _joined(equation(old, new) for old, new in sides if repr(old) != repr(new))
    return Line(0, (), ("As ", *pairs, ", ", *results, "."))


def equation(*terms: Term, relation: str = "=") -> Formula:
    """t1 = t2 = ..., each term once where neighbours are the same."""
    kept = [term for at, term in enumerate(terms) if not at or repr(term) != repr(terms[at - 1])]
    return Formula(tuple(kept), (relation,) * (len(kept) - 1))


def compare(comparison: Comparison) -> Formula:
    """The comparison as a formula, with = for ==."""
    return Formula((comparison.left, comparison.right), (comparison.relation.replace("==", "="),))


def identity_formula(identity: Identity) -> Formula:
    """form = value >= 0, without what repeats, and without `>= 0` after 0."""
    terms, relations = equation(identity.form, identity.value)
    if not terms[-1].args and terms[-1].kind == "sum":
        return Formula(terms, relations)
    return Formula((*terms, ZERO), (*relations, identity.relation))


def _tell_cases(proof: CaseProof, goal: Comparison) -> Iterator[Line]:
    if proof.switches:
        subject = "signs" if len(proof.switches) > 1 else "sign"
        verb = "decide" if len(proof.switches) > 1 else "decides"
        yield Line(0, (), (f"The {subject} of ", *_joined(map(equation, proof.switches)), f" {verb} both sides."))
    for case in proof.cases:
        heading = ("Case ", *_joined(map(compare, case.conditions), last=", ")) if case.conditions else ()
        yield Line(0, heading, (*_since(case), *_compute(case, goal)))


def _joined(formulas: Iterator[Formula], last: str = " and ") -> Iterator[Piece]:
    every = list(formulas)
    for at, formula in enumerate(every):
        yield from ((last if at == len(every) - 1 else ", "), formula) if at else (formula,)


def _since(case: Case) -> Pieces:
    """What fixes the switches that are not split on, where that needs a reason."""
    reasons = [fact for fact in case.facts if repr(fact.form) != repr(fact.value)]
    return ("As ", *_joined(map(identity_formula, iter(reasons))), ": ") if reasons else ()


def _compute(case: Case, goal: Comparison) -> Pieces:
    left, right = equation(*case.left), equation(*case.right)
    told = [side for side in (left, right) if side.relations]
    if case.difference is None:
        return (*_joined(iter(told)), ".") if told else ("Both sides are ", left, ".")
    sides: Pieces = (*_joined(iter(told)), "; ") if told else ()
    return (*sides, _difference(goal, bool(told)), identity_formula(case.difference), ".")


def _difference(goal: Comparison, inside: bool = False) -> str:
    more, less = ("left", "right") if goal.relation in (">=", ">") else ("right", "left")
    return f"{'the' if inside else 'The'} {more} side minus the {less} side is "


def _tell_steps(proof: Replay, is_vacuous: bool) -> Iterator[tuple[int, Line]]:
    """The lines, each with the number of the step that it tells."""
    nested = sum(step.rule in ("split", "each") for step in proof.steps) > 1
    depths: list[int] = []
    paths: list[str] = []
    for number, step in enumerate(proof.steps):
        parent = None if step.parent is None else proof.steps[step.parent]
        depth = 0 if step.parent is None else depths[step.parent]
        path = "" if step.parent is None else paths[step.parent]
        heading: Pieces = ()
        if parent and parent.rule in ("split", "each"):
            path = f"{path}.{step.branch + 1}".lstrip(".")
            assumed = parent.details.halves[step.branch]
            heading = (f"Case {path}, " if nested else "Case ", compare(assumed))
        elif parent:
            heading = _part(parent, step)
        pieces = _say(proof, step, is_vacuous)
        if heading or pieces:
            yield number, Line(depth, heading, pieces)
        depths.append(depth + bool(heading))
        paths.append(path)


def _part(parent: Step, step: Step) -> Pieces:
    """The heading of a goal that a step other than a split leaves."""
    match parent.rule:
        case "both" | "chain":
            return ("First, " if step.branch == 0 else "Second, ", compare(step.goal))
        case "cite":
            return ("Its condition ", compare(step.goal))
        case "congruence" | "have" if step.branch == 0:
            return ("First, ", compare(step.goal))
        case "parts" | "polarity":
            return (f"Part {step.branch + 1}, ", compare(step.goal))
        case "rewrite" if step.branch < parent.leaves - 1:
            return (f"Part {step.branch + 1}, ", compare(step.goal))
    return ()


def _say(proof: Replay, step: Step, is_vacuous: bool) -> Pieces:
    """What a step itself says."""
    shown, terms = step.details.shown, step.details.terms
    match step.rule:
        case "normal" if not terms:
            return ("Both sides are the same expression.",)
        case "normal":
            affine = all(term.kind in ("one", "variable", "sum") for term in subterms(terms))
            return ("Both sides equal " if affine else "Both sides have the normal form ", equation(*terms), ".")
        case "farkas":
            return (_difference(step.goal), identity_formula(shown[0]), ".")
        case "fix":
            return ("Here ", identity_formula(shown[0]), ".")
        case "scale":
            free = equation(terms[0].args[0].args[0])
            return ("Here ", identity_formula(shown[0]), ", so ", equation(*terms), " for every ", free, ".")
        case "absurd":
            return _impossible(shown[0], is_vacuous)
        case "table":
            count = prod(len(values) for _, values in proof.claims[-1].ranges)
            return (f"The claim is evaluated at each of the {count} points of the ranges and holds.",)
        case "products":
            return (_difference(step.goal), identity_formula(shown[0]), ".")
        case "rewrite":
            return (f"Replace {step.leaves - 1} parts by what they are equal to, the inner ones first.",)
        case "zero_one":
            return (
                "Both sides are made of max and min of variables and agree where every variable is 0 or 1, so they "
                "agree everywhere (the 0-1 principle).",
            )
        case "ordered":
            return (
                "Both sides are linear where the order of the variables and 0 stays the same, and the claim holds "
                "where every variable is 0 or 1, and where every one is -1 or 0; so it holds everywhere.",
            )
        case "sweep":
            return ("Both sides are functions of ", equation(*terms), " alone, and compared piece by piece.")
        case "symmetry":
            order = _joined(map(compare, step.details.halves))
            return ("Exchanging any two of ", *_joined(map(equation, terms)), " changes nothing: let ", *order, ".")
        case "assume":
            return ("Here the domain says that ", compare(step.details.halves[0]), ".")
        case "polarity":
            rest = _joined(map(equation, terms[1:]))
            return ("It is enough to show it with each of ", *rest, " in the place of ", equation(terms[0]), ".")
        case "tangent":
            return ("A maximum is at least each of its arguments, so it is enough to show less.",)
        case "substitute":
            reasons = _joined(map(identity_formula, shown))
            return ("Put ", equation(*terms), ", which holds here: ", *reasons, ".")
        case "cite":
            return tuple(_cited(proof, step))
        case "chain":
            return ("Through ", equation(*terms), " in the middle.")
        case "congruence":
            return ("Replace ", equation(terms[0]), " by the equal ", equation(terms[1]), ".")
    return ()


def _impossible(identity: Identity, is_vacuous: bool) -> Pieces:
    """Why the hypotheses have no point: a sum of their multiples that must be >= 0, or > 0, is not."""
    start = "No point satisfies the constraints" if is_vacuous else "No point lies here"
    kind = "positive" if identity.relation == ">" else "at least 0"
    return (f"{start}: ", equation(identity.value, identity.form), f", though the sum must be {kind}.")


def _cited(proof: Replay, step: Step) -> Iterator[Piece]:
    number = step.details.lemma or 0
    yield from (f"By theorem {number + 1} (", Statement(proof.claims[number]), ")")
    names = proof.claims[number].variables()
    pairs = zip(names, step.details.terms, strict=True)
    if names:
        yield " at "
        yield from _joined((Formula((variable(name), term), ("=",)) for name, term in pairs), last=", ")
    yield "."


def tell_refutation(counterexample: Counterexample) -> Story:
    """The evaluation of both sides at the point, switch by switch from the inside out, and the verdict."""
    lines = list(_tell_refutation(counterexample))
    return Story(tuple(lines), 0, len(lines), "line")


def _tell_refutation(found: Counterexample) -> Iterator[Line]:
    goal, where, ranges = found.claim
    place = [equation(variable(name), numeral(value)) for name, value in found.point.items()]
    if place:
        yield Line(0, (), ("Take ", *_joined(iter(place), last=", "), "."))
    if where:
        values = (_at(found, comparison) for comparison in where)
        yield Line(0, (), ("The point lies in the domain: ", *_joined(values, last=", "), "."))
    for each in ranges:
        yield Line(0, (), ("The value is one of the range: ", each, "."))
    switches = _switches(found.claim)
    for term in switches[:SWITCHES_TOLD]:
        yield Line(1, (), (_evaluation(found, term), "."))
    if len(switches) > SWITCHES_TOLD:
        yield Line(1, (), (f"{len(switches) - SWITCHES_TOLD} more values are computed in the same way.",))
    for name, side in (("left", goal.left), ("right", goal.right)):
        yield Line(0, (), (f"The {name} side: ", _evaluation(found, side), "."))
    verdict = Formula((numeral(found.left), numeral(found.right)), (NEGATED[goal.relation],))
    yield Line(0, (), ("So the claim is false: ", verdict, "."))


def _at(found: Counterexample, comparison: Comparison) -> Formula:
    left, right = (evaluate(side, found.point) for side in (comparison.left, comparison.right))
    return Formula((numeral(left), numeral(right)), (comparison.relation.replace("==", "="),))


def _switches(claim: Claim) -> list[Term]:
    """The distinct relu, max, min and abs in the goal's sides, the inner first, without the sides themselves."""
    sides = [claim.goal.left, claim.goal.right]
    inner = [term for term in subterms(sides) if term.kind in ("relu", "abs", "max", "min")]
    return [term for term in dict.fromkeys(inner) if term not in sides]


def _evaluation(found: Counterexample, term: Term) -> Formula:
    """The term, with the values of its variables and inner switches, with those of its parts, and its value."""
    value = numeral(evaluate(term, found.point))
    if term.kind == "variable":
        return equation(term, value)
    known: dict[int, Term] = {}
    for part in subterms((term,)):
        is_value = part.kind == "variable" or (part is not term and part.kind not in ("one", "sum", "scale"))
        inner = [known[id(piece)] for piece in part.args]
        known[id(part)] = numeral(evaluate(part, found.point)) if is_value else _filled(part, inner)
    parts = [numeral(evaluate(part, found.point)) if part.kind != "one" else part for part in term.args]
    return equation(term, known[id(term)], _filled(term, parts), value)


def _filled(term: Term, parts: Sequence[Term]) -> Term:
    """The term with other parts; a negative number in front of a sum keeps its sign without parentheses."""
    first = parts[0] if parts and term.kind == "sum" and term.coefficients[0] == 1 else None
    if first and first.kind == "sum" and first.args and first.args[0].kind == "one" and first.coefficients[0] < 0:
        front = numeral(-first.coefficients[0])
        return total(zip((Fraction(-1), *term.coefficients[1:]), (front, *parts[1:]), strict=True))
    return term._replace(args=tuple(parts))
