"""Circuits as immutable values: neurons and blocks on named wires, their layers, their values, their theorems."""
