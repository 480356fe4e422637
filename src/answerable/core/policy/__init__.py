"""The policy document (TOML) and the policy it compiles to. The format: ``docs/policy.md``."""

from answerable.core.policy.compilation import compile_policy
from answerable.core.policy.default import default_policy, replace_values
from answerable.core.policy.errors import PolicyError, PolicyErrors
from answerable.core.policy.escalation import Chain, Do, Recipient, Step, Whom
from answerable.core.policy.hours import ALWAYS, REGIONAL, HolidaySource
from answerable.core.policy.objective import Kpi, Objective, Target
from answerable.core.policy.policy import Considered, Match, Policy, Verdict
from answerable.core.policy.procedure import Procedure
from answerable.core.policy.region import Region
from answerable.core.policy.review import Every
from answerable.core.policy.standard import ClockKind, Standard
from answerable.core.policy.within import Unit, Within

__all__ = [
    "ALWAYS",
    "REGIONAL",
    "Chain",
    "ClockKind",
    "Considered",
    "Do",
    "Every",
    "HolidaySource",
    "Kpi",
    "Match",
    "Objective",
    "Policy",
    "PolicyError",
    "PolicyErrors",
    "Procedure",
    "Recipient",
    "Region",
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
