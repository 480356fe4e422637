"""The policy document (TOML) and the policy it compiles to. The format: ``docs/policy-document.md``."""

from answerable.core.policy.compilation import compile_policy
from answerable.core.policy.default import default_policy, replace_values
from answerable.core.policy.errors import PolicyError, PolicyErrors
from answerable.core.policy.escalation import Chain, Do, Recipient, Step, Whom
from answerable.core.policy.hours import ALWAYS, HolidaySource
from answerable.core.policy.objective import Kpi, Objective, Target
from answerable.core.policy.policy import Considered, Match, Policy, Verdict
from answerable.core.policy.standard import ClockKind, Standard
from answerable.core.policy.within import Unit, Within

__all__ = [
    "ALWAYS",
    "Chain",
    "ClockKind",
    "Considered",
    "Do",
    "HolidaySource",
    "Kpi",
    "Match",
    "Objective",
    "Policy",
    "PolicyError",
    "PolicyErrors",
    "Recipient",
    "Standard",
    "Step",
    "Target",
    "Unit",
    "Verdict",
    "Whom",
    "Within",
    "compile_policy",
    "default_policy",
    "replace_values",
]
