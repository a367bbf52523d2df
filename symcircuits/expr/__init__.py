"""The faces of the language: SymPy expressions and plain text, to terms and back.

Importing this package imports nothing, so that text can be read without SymPy.
"""
