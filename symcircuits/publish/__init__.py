"""Theorems and counterexamples as text that people read. Nothing here is trusted."""
