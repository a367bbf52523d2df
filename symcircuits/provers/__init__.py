"""Untrusted search: claims in, certificates that the kernel checks out."""
