"""Drawings of circuits: one layout, written as SVG and as TikZ."""
