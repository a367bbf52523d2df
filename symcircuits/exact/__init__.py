"""Exact rational linear programming and polyhedra, in plain Python integers."""
