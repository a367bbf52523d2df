"""`pieces` and `cells`: every linear region of a CPWL function as its affine map and the inequalities that bound it.

>>> from sympy import Max, symbols
>>> x, y = symbols("x y", real=True)
>>> for piece in pieces(Max(0, 2 * x)):
...     print(piece)
0 where x <= 0
2*x where x >= 0
>>> pieces(Max(x, y))[0].prove()
(Theorem: for all real x, y with x >= y: max(x, y) == x,)

A *piece* is a connected component of the interior of the set where the function is one affine form, a largest one. An
activation *cell* is where each relu, Abs, Max and Min, as written, has one largest (least) argument; where arguments
are equal throughout, they are one. Both are counted only if they have an interior.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from sympy import Expr

from symcircuits.circuits.compiler.input import Functions, read_domain, read_functions, with_domain
from symcircuits.cpwl.domains import solid_rows
from symcircuits.cpwl.forms import arranged, form_to_comparison
from symcircuits.cpwl.regions import LinearPiece, linear_pieces
from symcircuits.exact.cells import Affine, Row, irredundant
from symcircuits.exact.cells import cells as cells_of_terms
from symcircuits.expr.to_sympy import to_sympy
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.normal import Algebra, Form, Meter, Scope
from symcircuits.kernel.term import ONE, Claim, Comparison, Term, text, variable
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Clock, LimitReached

Report = Callable[[int, int], None]
Inequalities = tuple[Comparison, ...]


class Piece(NamedTuple):
    """Functions that are affine on a union of convex cells, each given by inequalities none of which is redundant."""

    functions: tuple[Term, ...]
    forms: tuple[Term, ...]
    cells: tuple[Inequalities, ...]

    @property
    def exprs(self) -> tuple[Expr, ...]:
        """The affine form of each function as a SymPy expression."""
        return tuple(map(to_sympy, self.forms))

    @property
    def expr(self) -> Expr:
        """The affine form of the first function as a SymPy expression."""
        return self.exprs[0]

    def claims(self) -> tuple[Claim, ...]:
        """That each function equals its affine form on each cell."""
        goals = [Comparison(f, "==", form) for f, form in zip(self.functions, self.forms, strict=True)]
        return tuple(Claim(goal, cell) for cell in self.cells for goal in goals)

    def prove(self, seconds: float | None = None) -> tuple[Theorem, ...]:
        """The theorems of `claims`; `LimitReached` if it takes longer than so many seconds each."""
        answers = [prove_claim(claim, seconds) for claim in self.claims()]
        unproved = next((answer for answer in answers if not isinstance(answer, Theorem)), None)
        if unproved is not None:
            raise LimitReached(f"a linear piece is not proved: {unproved}")
        return tuple(answer for answer in answers if isinstance(answer, Theorem))

    def __str__(self) -> str:
        forms = ", ".join(map(affine_text, self.forms))
        sets = [", ".join(map(comparison_text, cell)) for cell in self.cells]
        return f"{forms} where {' or '.join(sets)}" if any(sets) else f"{forms} everywhere"

    def __repr__(self) -> str:
        return f"Piece({self})"


class Pieces(tuple[Piece, ...]):
    """Pieces in the order found; `is_complete` is false when a limit of time ended the search before all were."""

    is_complete = True

    @classmethod
    def of(cls, found: Iterable[Piece], is_complete: bool) -> Pieces:
        """The pieces, all of them or not."""
        made = cls(found)
        made.is_complete = is_complete
        return made


def pieces(
    function: Any,
    where: Any = "",
    *,
    inputs: Sequence[Any] | None = None,
    seconds: float | None = None,
    report: Report | None = None,
) -> Pieces:
    """The linear pieces of a function, or of several at once, inside a polyhedron with interior.

    The function is a SymPy expression, a text, a term, a network, a circuit, or a tuple of these. `report` is called
    with the numbers of cells found and open. After so many `seconds` the search stops with what it has: no pieces, and
    `is_complete` false, because a piece may go on in a cell that is not found yet. Raises `NotPiecewiseLinear`, and
    `ClaimError` for a domain that is not affine or has no interior.

    >>> [len(pieces(text)) for text in ("max(min(a, b), min(b, c), min(a, c))", "relu(x) - relu(x)")]
    [6, 1]
    """
    return _found(function, where, inputs, seconds, report, linear_pieces)


def cells(
    function: Any,
    where: Any = "",
    *,
    inputs: Sequence[Any] | None = None,
    seconds: float | None = None,
    report: Report | None = None,
) -> Pieces:
    """The activation cells with interior of a function as written, each as a piece of one cell.

    The arguments are those of `pieces`; what a limit of time leaves are the cells found until then.

    >>> len(cells("relu(abs(x) + abs(y) - 1)")), len(cells("relu(x) - relu(x)", where="x >= 1"))
    (8, 1)
    """
    return _found(function, where, inputs, seconds, report, _activation_cells)


def _activation_cells(
    roots: Iterable[Term], names: Sequence[str], rows: Iterable[Row], tick: Callable[[], None], report: Report | None
) -> Iterable[LinearPiece]:
    for found, values in cells_of_terms(roots, names, rows, tick, report):
        yield LinearPiece(values, (irredundant(len(names), found, tick),))


def _found(
    function: Any,
    where: Any,
    inputs: Sequence[Any] | None,
    seconds: float | None,
    report: Report | None,
    search: Callable[..., Iterable[LinearPiece]],
) -> Pieces:
    domain = read_domain(where)
    functions = with_domain(read_functions(function, inputs), domain)
    rows = solid_rows(domain, functions.inputs)
    if rows is None:
        return Pieces()
    made = list[Piece]()
    try:
        for piece in search(functions.terms, functions.inputs, rows, Clock(seconds).tick, report):
            made.append(_piece(functions, piece))
    except LimitReached:
        return Pieces.of(made, False)
    return Pieces(made)


def _piece(functions: Functions, piece: LinearPiece) -> Piece:
    names = functions.inputs
    algebra = Algebra(Scope(names, Meter()), frozenset(), {}, {})
    bounds = [
        tuple(form_to_comparison(algebra, Form({at: n for at, n in enumerate(row) if n})) for row in cell)
        for cell in piece.cells
    ]
    return Piece(functions.terms, tuple(affine_term(form, names) for form in piece.values), tuple(bounds))


def affine_text(term: Term) -> str:
    """The whole of an affine form as text, however long it is.

    >>> from fractions import Fraction
    >>> affine_text(affine_term((Fraction(1), *[Fraction(1, 3)] * 500), [f"x{at}" for at in range(500)]))[-19:]
    'x498/3 + x499/3 + 1'
    """
    (body,), definitions = text((term,))
    return dict(definitions).get(body, body)


def comparison_text(comparison: Comparison) -> str:
    """A comparison of affine forms as text."""
    left, relation, right = comparison
    return f"{affine_text(left)} {relation} {affine_text(right)}"


def affine_term(form: Affine, names: Sequence[str]) -> Term:
    """The term of an affine form (constant, c1, ..., cn).

    >>> from fractions import Fraction
    >>> affine_term((Fraction(-1, 2), Fraction(1), Fraction(0)), ("x", "y"))
    x - 1/2
    """
    return arranged([*zip(form[1:], map(variable, names), strict=True), (form[0], ONE)])
