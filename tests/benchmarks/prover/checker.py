"""The second check of a certificate: the kernel alone, in another process than the one that made it."""

from __future__ import annotations

from prover.claim import CorpusClaim
from prover.contenders import Answer

CHECKER = "checker"


class Checker:
    """It accepts a certificate if the kernel does, and if what is proved is the claim that was asked."""

    patience = 2.0

    def __init__(self) -> None:
        from symcircuits.cli.check import proves
        from symcircuits.expr.parse import parse_claim
        from symcircuits.kernel.check import check

        self.check, self.parse_claim, self.proves = check, parse_claim, proves

    def prepare(self, claim: CorpusClaim, certificate: str) -> tuple[CorpusClaim, str]:
        """Both."""
        return claim, certificate

    def decide(self, prepared: tuple[CorpusClaim, str], seconds: float) -> Answer:
        """accepted, or rejected with the reason."""
        from symcircuits.errors import CertificateRejected

        claim, certificate = prepared
        try:
            theorem = self.check(certificate)
        except CertificateRejected as error:
            return Answer("rejected", note=str(error)[:200])
        wanted = self.parse_claim(f"{claim.lhs} {claim.relation} {claim.rhs}", list(claim.domain), list(claim.let))
        return Answer("accepted") if self.proves(theorem.claim, wanted) else Answer("rejected", note="of another claim")
