"""The kernel's errors; `symcircuits.errors` has the others."""


class SymcircuitsError(Exception):
    """Any error that symcircuits raises on purpose; its message names the offending part and the remedy."""


class CertificateRejected(SymcircuitsError, ValueError):
    """A certificate that does not prove what it says; the message names the theorem and the step."""
