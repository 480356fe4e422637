"""Escalation chains: who is told as a promise's time is used up."""

from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from answerable.core.policy import Do
from answerable.core.policy.escalation import HIGHEST_PERCENT
from answerable.core.policy.positions import Path
from answerable.core.policy.touched import Part
from answerable.policy.editing.line import Deed, Line, line_of
from answerable.policy.editing.rows import RowForm, Rows
from answerable.policy.editing.workshop import Choices, Workshop, with_present
from answerable.policy.forms.parts.part import PartForm
from answerable.policy.mistakes import mistake_words
from answerable.policy.names import key_name

DEEDS = [
    (Do.NOTIFY.value, pgettext_lazy("an escalation step", "Tell")),
    (Do.REASSIGN.value, pgettext_lazy("an escalation step", "Hand over to")),
    (Do.RAISE_PRIORITY.value, pgettext_lazy("an escalation step", "Raise the priority")),
]


class StepForm(RowForm):
    """A step, at a share of the time in percent."""

    telling: ClassVar[tuple[str, ...]] = ("at",)

    at = forms.IntegerField(
        label=pgettext_lazy("an escalation step", "Percent of the time"),
        min_value=1,
        max_value=HIGHEST_PERCENT,
        widget=forms.NumberInput(attrs={"list": "shares"}),
    )
    do = forms.ChoiceField(label=_("What happens"), choices=DEEDS)
    to = forms.ChoiceField(label=_("Whom"), required=False)

    def __init__(self, *args: Any, recipients: Choices, **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *with_present(recipients, [str(self.initial.get("to") or "")])]

    def clean(self) -> dict[str, Any]:
        """Somebody must be told; a priority concerns nobody."""
        cleaned = super().clean() or {}
        if not self.is_blank and cleaned.get("do") != Do.RAISE_PRIORITY and not cleaned.get("to"):
            self.add_error("to", _("Say whom."))
        return cleaned


class EscalationForm(PartForm):
    """A chain of steps. They are put in the order of time when they are saved."""

    part = Part.ESCALATION
    template = "policy/parts/escalation.html"

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("How promises refer to it, such as “usual” or “night”.")
    )

    def prepare(self, data: QueryDict | None) -> None:
        """A chain's name is its key, to which promises refer: it is given once."""
        if self.element is not None:
            del self.fields["name"]
        steps = self.present.get("steps")
        initial = [_typed(each) for each in steps if isinstance(each, dict)] if isinstance(steps, list) else []
        self.rows["steps"] = Rows(StepForm, "steps", data, initial, recipients=_recipients(self.workshop, initial))

    @property
    def title(self) -> str:
        return key_name(self.element.key) if self.element else ""

    @property
    def line(self) -> Line:
        """The steps as far as they are typed, drawn in time."""
        names = dict(self.workshop.recipients)
        deeds = []
        for form in self.rows["steps"].used:
            at, do, to = (str(form[name].value() or "") for name in ("at", "do", "to"))
            if at.isdecimal() and len(at) < 9 and 1 <= int(at) <= HIGHEST_PERCENT:
                deeds.append(Deed(int(at), do, _deed_words(do, names.get(to, to) or "…")))
        return line_of(deeds)

    def is_valid(self) -> bool:
        """A chain has at least one step."""
        valid = super().is_valid()
        if not self.rows["steps"].used:
            self.rows["steps"].errors.append(str(_("Add a step: a chain without steps tells nobody.")))
            return False
        return valid

    def values(self) -> dict[str, Any]:
        """The steps in the order of time, those of one moment as they were written."""
        steps = [form.cleaned_data for form in self.rows["steps"].used]
        written = []
        for step in sorted(steps, key=lambda step: step["at"]):
            each = {"at": f"{step['at']}%", "do": step["do"]}
            if step["do"] != Do.RAISE_PRIORITY:
                each["to"] = step["to"]
            written.append(each)
        return {"steps": written}

    def new_key(self) -> str:
        """Its name."""
        return str(self.cleaned_data["name"])

    def refuse(self, error: Any, tail: Path) -> None:
        """Steps are numbered in the order of time, as they were written."""
        words = mistake_words(error)
        if len(tail) > 1 and tail[0] == "steps" and isinstance(tail[1], int):
            rows = self.rows["steps"]
            order = sorted(range(len(rows.used)), key=lambda place: rows.used[place].cleaned_data.get("at", 0))
            rows.refuse(order[tail[1]], str(tail[2]) if len(tail) > 2 else "at", words)
        elif tail and tail[0] == "steps":
            self.rows["steps"].errors.append(words)
        else:
            super().refuse(error, tail)


def _deed_words(do: str, whom: str) -> str:
    if do == Do.RAISE_PRIORITY:
        return gettext("raise the priority")
    if do == Do.REASSIGN:
        return gettext("hand over to %(whom)s") % {"whom": whom}
    return gettext("tell %(whom)s") % {"whom": whom}


def _typed(step: dict[str, Any]) -> dict[str, str]:
    """A step of the document as its row shows it."""
    return {
        "at": str(step.get("at", "")).removesuffix("%").strip(),
        "do": str(step.get("do", "")),
        "to": str(step.get("to", "")),
    }


def _recipients(workshop: Workshop, present: list[dict[str, str]]) -> Choices:
    return with_present(workshop.recipients, [each["to"] for each in present])
