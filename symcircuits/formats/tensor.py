"""Tensors of exact values: arrays of floats, of integers, or of affine forms of wires; and what is linear in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from symcircuits.circuits.network import dyadic_integers
from symcircuits.errors import InvalidCircuit
from symcircuits.formats.wiring import Form, combination, constant_form

Array = np.ndarray[Any, Any]
ELEMENTS, FORMS, PRODUCTS = 1 << 26, 1 << 21, 1 << 26
"""The most elements of one tensor of numbers, of one of forms, and the most products of weights in one operator."""


def check_size(shape: Sequence[int], most: int = ELEMENTS) -> None:
    """Raise `InvalidCircuit` for a shape of too many elements, before anything is allocated."""
    count = 1
    for size in shape:
        if size < 0:
            raise InvalidCircuit(f"the shape {tuple(shape)} has a negative size")
        count *= int(size)
    if count > most:
        raise InvalidCircuit(f"the shape {tuple(shape)} is too large; at most {most} elements are read")


def size_of(forms: Iterable[Form]) -> int:
    """The number of weights and biases of the forms."""
    return sum(1 + len(form.weights) for form in forms)


def check_products(forms: Array, times: int) -> None:
    """Raise `InvalidCircuit` if forms that are each used so many times are too much work."""
    if times * size_of(forms.flat) > PRODUCTS:
        raise InvalidCircuit(f"it takes more than {PRODUCTS} products of weights; networks of that size are not read")


def filled(shape: Sequence[int], forms: Sequence[Form]) -> Array:
    """The array of that shape with these forms in order."""
    check_size(shape, FORMS)
    made = np.empty(len(forms), dtype=object)
    made[:] = forms
    return made.reshape(tuple(shape))


def as_forms(value: Array) -> Array:
    """The same tensor with forms for elements; floats are the binary rationals that they are."""
    if value.dtype == object:
        return value
    check_size(value.shape, FORMS)
    return filled(value.shape, [constant_form(each) for each in value.reshape(-1).tolist()])


def fraction_of(form: Form) -> Fraction:
    """The value of a constant form; raises `InvalidCircuit` if it depends on the inputs."""
    if form.weights:
        raise InvalidCircuit("a constant is needed where a value depends on the input")
    return Fraction(form.bias, form.denominator)


def is_constant(value: Array) -> bool:
    """Whether no element depends on a wire."""
    return value.dtype != object or not any(form.weights for form in value.flat)


def elementwise(function: Callable[..., Form], *values: Array) -> Array:
    """The function on the forms of the tensors, broadcast against each other."""
    shape = np.broadcast_shapes(*(value.shape for value in values))
    check_size(shape, FORMS)
    together = [np.broadcast_to(as_forms(value), shape) for value in values]
    return filled(shape, [function(*forms) for forms in zip(*(each.flat for each in together), strict=True)])


def plus(first: Form, second: Form) -> Form:
    """first + second."""
    return combination([(1, first), (1, second)])


def minus(first: Form, second: Form) -> Form:
    """first - second."""
    return combination([(1, first), (-1, second)])


def times(first: Form, second: Form) -> Form:
    """first * second, of which one is constant."""
    if first.weights:
        first, second = second, first
    if first.weights:
        raise InvalidCircuit("two values that depend on the input are multiplied; that is not piecewise linear")
    return combination([(first.bias, second)], 0, first.denominator)


def over(first: Form, second: Form) -> Form:
    """first / second, for a constant second that is not 0."""
    divisor = fraction_of(second)
    if not divisor:
        raise InvalidCircuit("a value is divided by 0")
    return combination([(divisor.denominator * (1 if divisor > 0 else -1), first)], 0, abs(divisor.numerator))


def integers_of(vector: Array) -> tuple[list[int], int]:
    """A vector of constants as integers over one denominator."""
    if vector.dtype.kind == "f":
        return dyadic_integers(vector)
    if vector.dtype != object:
        return [int(value) for value in vector], 1
    values = [fraction_of(form) for form in vector]
    below = lcm(*(value.denominator for value in values))
    return [value.numerator * (below // value.denominator) for value in values], below


def matmul(first: Array, second: Array) -> Array:
    """The matrix product as NumPy forms it; one factor is constant."""
    if not first.ndim or not second.ndim:
        raise InvalidCircuit("a matrix product needs factors with axes; one is a single number")
    left, right = (
        first.reshape(1, -1) if first.ndim == 1 else first,
        second.reshape(-1, 1) if second.ndim == 1 else second,
    )
    if left.shape[-1] != right.shape[-2]:
        raise InvalidCircuit(f"shapes {first.shape} and {second.shape} do not fit in a matrix product")
    if is_constant(right):
        made = _product(as_forms(left), right)
    elif is_constant(left):
        made = _product(right.swapaxes(-1, -2), left.swapaxes(-1, -2)).swapaxes(-1, -2)
    else:
        raise InvalidCircuit("two matrices that depend on the input are multiplied; that is not piecewise linear")
    made = made[..., 0, :] if first.ndim == 1 else made
    return made[..., 0] if second.ndim == 1 else made


def _product(forms: Array, constants: Array) -> Array:
    batch = np.broadcast_shapes(forms.shape[:-2], constants.shape[:-2])
    rows, inner, columns = forms.shape[-2], forms.shape[-1], constants.shape[-1]
    check_size((*batch, rows, inner, columns), PRODUCTS)
    forms = np.broadcast_to(forms, (*batch, rows, inner))
    check_products(forms, columns)
    constants = np.broadcast_to(constants, (*batch, inner, columns))
    made: list[Form] = []
    for at in np.ndindex(batch):
        vectors = [integers_of(constants[at][:, column]) for column in range(columns)]
        for row in forms[at]:
            made += [combination(zip(numbers, row, strict=True), 0, below) for numbers, below in vectors]
    return filled((*batch, rows, columns), made)
