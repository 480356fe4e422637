"""Agreement between reviewers: Krippendorff's alpha, Cohen's kappa, and raw agreement always beside."""

from answerable.core.agreement.agreement import Agreement
from answerable.core.agreement.kappa import KAPPA, kappa
from answerable.core.agreement.krippendorff import RAW, Level, krippendorff

__all__ = ["KAPPA", "RAW", "Agreement", "Level", "kappa", "krippendorff"]
