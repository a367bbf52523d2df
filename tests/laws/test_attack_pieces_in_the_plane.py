"""The number of linear pieces in a square against a count that cuts polygons, with nothing shared."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from random import Random

import pytest

from symcircuits import pieces

Form = tuple[Fraction, ...]
Point = tuple[Fraction, ...]
Polygon = list[Point]
SQUARE: Polygon = [(Fraction(x), Fraction(y)) for x, y in ((-2, -2), (2, -2), (2, 2), (-2, 2))]


def at(form: Form, point: Point) -> Fraction:
    return form[0] * point[0] + form[1] * point[1] + form[2]


def cut(polygon: Polygon, form: Form) -> Polygon | None:
    """The part of a convex polygon where the form is >= 0; None if it has no area."""
    kept: Polygon = []
    for start, end in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        low, high = at(form, start), at(form, end)
        if low >= 0:
            kept.append(start)
        if low * high < 0:
            share = low / (low - high)
            kept.append(tuple(a + share * (b - a) for a, b in zip(start, end, strict=True)))
    corners = list(dict.fromkeys(kept))
    turned = zip(corners, [*corners[1:], *corners[:1]], strict=True)
    return corners if sum(a[0] * b[1] - a[1] * b[0] for a, b in turned) else None


def touch(first: Polygon, second: Polygon) -> bool:
    """Whether two polygons without common inner points share a segment."""
    for a, b in zip(first, [*first[1:], first[0]], strict=True):
        run = (b[0] - a[0], b[1] - a[1])
        line = [p for p in second if run[0] * (p[1] - a[1]) == run[1] * (p[0] - a[0])]
        along = [run[0] * (p[0] - a[0]) + run[1] * (p[1] - a[1]) for p in line]
        if len(along) > 1 and min(max(along), run[0] ** 2 + run[1] ** 2) > max(min(along), 0):
            return True
    return False


def count(forms: list[Form], groups: list[list[Form]]) -> int:
    polygons = [SQUARE]
    for one, other in combinations(forms, 2):
        gap = tuple(a - b for a, b in zip(one, other, strict=True))
        halves = [cut(polygon, side) for polygon in polygons for side in (gap, tuple(-c for c in gap))]
        polygons = [half for half in halves if half] if any(gap[:2]) else polygons
    shown: list[Form] = []
    for polygon in polygons:
        middle = tuple(sum(column, Fraction(0)) / len(polygon) for column in zip(*polygon, strict=True))
        value = max(min(at(form, middle) for form in group) for group in groups)
        shown.append(next(form for form in forms if at(form, middle) == value))
    label = list(range(len(polygons)))
    for i, j in combinations(range(len(polygons)), 2):
        if shown[i] == shown[j] and label[i] != label[j] and touch(polygons[i], polygons[j]):
            label = [label[i] if each == label[j] else each for each in label]
    return len(set(label))


@pytest.mark.parametrize("seed", range(12))
def test_pieces_are_counted_as_by_cutting_polygons(seed: int) -> None:
    random = Random(seed)
    for _ in range(5):
        forms = [tuple(Fraction(random.randint(-2, 2)) for _ in range(3)) for _ in range(random.randint(2, 4))]
        groups = [random.choices(forms, k=random.randint(1, 3)) for _ in range(random.randint(1, 3))]
        lists = (", ".join(f"{a}*x + {b}*y + {c}" for a, b, c in group) for group in groups)
        text = f"max({', '.join(f'min({items})' for items in lists)})"
        found = pieces(text, "-2 <= x <= 2, -2 <= y <= 2", inputs=["x", "y"])
        assert len(found) == count(forms, groups), text
