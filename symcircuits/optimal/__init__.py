"""Optimality: how small a network for a function can be, with theorems."""
