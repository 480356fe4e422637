"""The forms of the policy's parts."""

from collections.abc import Mapping
from types import MappingProxyType

from answerable.core.policy.touched import Part
from answerable.policy.forms.parts.escalation import EscalationForm
from answerable.policy.forms.parts.hours import HoursForm
from answerable.policy.forms.parts.objective import ObjectiveForm
from answerable.policy.forms.parts.part import PartForm
from answerable.policy.forms.parts.procedure import ProcedureForm
from answerable.policy.forms.parts.region import RegionForm
from answerable.policy.forms.parts.standard import StandardForm
from answerable.policy.forms.parts.words import WordsForm

FORMS: Mapping[Part, type[PartForm]] = MappingProxyType(
    {
        form.part: form
        for form in (
            WordsForm,
            ObjectiveForm,
            StandardForm,
            ProcedureForm,
            EscalationForm,
            HoursForm,
            RegionForm,
        )
    }
)

__all__ = ["FORMS", "PartForm", "WordsForm"]
