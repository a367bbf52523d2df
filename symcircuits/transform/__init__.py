"""Transformations as values: each gives (after, theorem), the theorem that before == after."""
