"""Max-affine functions, which are the convex CPWL functions, and their differences, which are all of them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Symbol

from symcircuits.circuits.gadget import Example, Family, Gadget, family
from symcircuits.circuits.gadgets._composed import composed
from symcircuits.circuits.gadgets._forms import Form, affine_forms, form_expression, form_term, form_value, numbered
from symcircuits.circuits.gadgets._parameters import called
from symcircuits.circuits.gadgets.arithmetic import affine
from symcircuits.circuits.gadgets.minimum import MAX, tournament
from symcircuits.errors import InvalidCircuit
from symcircuits.kernel.term import Term, total

CONVEX = ((0, 0, 0), (1, 1, -1), (2, -1, Fraction(1, 2)))
CONCAVE = ((1, 0, 0), (-1, 0, 0))
Forms = tuple[Form, ...]


def greatest(forms: Forms, inputs: tuple[Symbol, ...]) -> Term:
    """The maximum of the forms as a term."""
    terms = [form_term(form, inputs) for form in forms]
    return Term("max", tuple(terms)) if len(terms) > 1 else terms[0]


def _circuit(forms: Forms, inputs: tuple[Symbol, ...]) -> Any:
    """A tournament of the forms; of those that are constant only the greatest, last, where no neuron carries it."""
    rows = [form for form in dict.fromkeys(forms) if any(form[:-1])]
    rows += sorted(form for form in forms if not any(form[:-1]))[-1:]
    if len(rows) == 1:
        return affine(rows[0][:-1], rows[0][-1])(*inputs)
    return tournament(MAX, [form_expression(row, inputs) for row in rows])


def _points(n: int) -> list[tuple[int, ...]]:
    return [(0,) * n, (1,) * n, tuple(range(-1, n - 1))]


def _numbers(forms: Forms) -> list[Fraction]:
    return [number for form in forms for number in form]


@family("max_affine", (CONVEX,), (((1, 0), (-2, 1), (0, Fraction(1, 2))),))
def max_affine(forms: Any) -> Gadget:
    """The maximum of affine forms of n inputs, each given as (a1, ..., an, b) for a1*x1 + ... + an*xn + b."""
    rows = affine_forms("max_affine: the forms", forms)
    inputs = numbered(len(rows[0]) - 1)
    name = called("max_affine", len(inputs), *_numbers(rows))
    return Gadget(
        name,
        f"Maximum of {len(rows)} affine form{'s' * (len(rows) > 1)} of {len(inputs)} input{'s' * (len(inputs) > 1)}",
        composed(name, inputs, _circuit(rows, inputs)),
        greatest(rows, inputs),
        "A tournament of maximum circuits on the forms, which their first layers take as weights.",
        tuple(Example(point, max(form_value(row, point) for row in rows)) for point in _points(len(inputs))),
    )


@family("max_affine_difference", (CONVEX, CONCAVE))
def max_affine_difference(forms: Any, less: Any) -> Gadget:
    """The maximum of affine forms less the maximum of others: any CPWL function of the inputs is such a difference."""
    plus = affine_forms("max_affine_difference: the forms", forms)
    minus = affine_forms("max_affine_difference: the forms to subtract", less)
    if len(plus[0]) != len(minus[0]):
        raise InvalidCircuit(
            f"max_affine_difference: the forms have {len(plus[0]) - 1} inputs, those to subtract {len(minus[0]) - 1}"
        )
    inputs = numbered(len(plus[0]) - 1)
    name = called("max_affine_difference", len(inputs), len(plus), *_numbers((*plus, *minus)))
    return Gadget(
        name,
        f"Difference of the maxima of {len(plus)} and of {len(minus)} affine forms",
        composed(name, inputs, max_affine(plus)(*inputs) - max_affine(minus)(*inputs)),
        total([(Fraction(1), greatest(plus, inputs)), (Fraction(-1), greatest(minus, inputs))]),
        "Two max-affine circuits side by side: a convex function less a convex function.",
        tuple(
            Example(point, max(form_value(row, point) for row in plus) - max(form_value(row, point) for row in minus))
            for point in _points(len(inputs))
        ),
    )


FAMILIES: tuple[Family, ...] = (max_affine, max_affine_difference)
GADGETS = ()
