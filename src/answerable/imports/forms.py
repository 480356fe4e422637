"""What an administrator is asked about an import."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from answerable.desk.forms.writing import FilesInput
from answerable.desk.models import Inbox
from answerable.imports.mapping import LEAVE_OUT, Mapping, priorities, statuses
from answerable.imports.models import Import, System
from answerable.people.zones import time_zones

LARGEST_UPLOAD = 90 << 20
MOST_GROUPS = 50


class UploadsField(forms.FileField):
    """Any number of files, LARGEST_UPLOAD together. Cleans to (name, bytes)."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        given: Sequence[UploadedFile[Any]] = data or []
        if sum(file.size or 0 for file in given) > LARGEST_UPLOAD:
            raise forms.ValidationError(
                _("Together more than %(most)s MB. Put them into the folder on the server instead.")
                % {"most": LARGEST_UPLOAD >> 20}
            )
        return [((file.name or "file").replace("\0", ""), file.read()) for file in given]


class ImportForm(forms.Form):
    """Which files, and where their conversations go. `facts` afterwards, as `begin_import` takes them."""

    system = forms.ChoiceField(choices=System.choices, label=gettext_lazy("From which system"))
    uploads = UploadsField(required=False, label=gettext_lazy("Files"))
    paths = forms.MultipleChoiceField(
        required=False, label=gettext_lazy("Files on the server"), widget=forms.CheckboxSelectMultiple
    )
    inbox = forms.ModelChoiceField(
        Inbox.objects.none(),
        label=gettext_lazy("Inbox"),
        help_text=gettext_lazy(
            "Conversations go there, and answers leave from there. Groups of theirs can go elsewhere."
        ),
    )
    zone = forms.ChoiceField(
        choices=time_zones, label=gettext_lazy("Time zone"), help_text=gettext_lazy("Of times that do not say theirs.")
    )
    account = forms.SlugField(
        required=False,
        max_length=100,
        label=pgettext_lazy("of another system", "Name of the account"),
        help_text=gettext_lazy("Only when you take over several desks of one system: letters, digits and hyphens."),
    )

    def __init__(self, data: Any, files: Any, *, zone: str, there: Sequence[str]) -> None:
        super().__init__(data, files, initial={"zone": zone})
        inbox: Any = self.fields["inbox"]
        inbox.queryset = Inbox.objects.filter(retired_at=None)
        paths: Any = self.fields["paths"]
        paths.choices = [(name, name) for name in there]
        if not there:
            del self.fields["paths"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("uploads") and not cleaned.get("paths") and "uploads" not in self.errors:
            self.add_error("uploads", _("Give at least one file of the export."))
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        names = ("system", "uploads", "inbox", "zone", "account")
        return {name: given[name] for name in names} | {"paths": given.get("paths", [])}


class MappingForm(forms.Form):
    """What their words mean here. `mapping` and `inbox` afterwards."""

    inbox = forms.ModelChoiceField(Inbox.objects.none(), label=gettext_lazy("Inbox"))

    def __init__(self, data: Any, *, row: Import) -> None:
        super().__init__(data, initial={"inbox": row.inbox_id})
        found, known = row.found, Mapping.read(row.mapping)
        inboxes = Inbox.objects.filter(retired_at=None)
        chosen: Any = self.fields["inbox"]
        chosen.queryset = inboxes
        here = [(str(inbox.pk), str(inbox)) for inbox in inboxes]
        left = [*statuses(), (LEAVE_OUT, _("Leave them out"))]
        self._words: dict[str, list[str]] = {
            "statuses": _by_number(found["statuses"]),
            "priorities": _by_number(found["priorities"]),
            "inboxes": [word for word in _by_number(found["groups"]) if word][:MOST_GROUPS],
        }
        for place, word in enumerate(self._words["statuses"]):
            label = _label(word, found["statuses"][word])
            self._add("statuses", place, label, left, known.statuses.get(word))
        for place, word in enumerate(self._words["priorities"]):
            label = _label(word, found["priorities"][word])
            self._add("priorities", place, label, priorities(), known.priorities.get(word))
        for place, word in enumerate(self._words["inboxes"]):
            label = _label(word, found["groups"][word])
            self._add("inboxes", place, label, [("", _("The inbox above")), *here], "", required=False)

    def _add(
        self,
        kind: str,
        place: int,
        label: str,
        choices: Sequence[tuple[str, str]],
        initial: str | None,
        *,
        required: bool = True,
    ) -> None:
        self.fields[f"{kind}_{place}"] = forms.ChoiceField(
            choices=choices, label=label, initial=initial, required=required
        )

    def _of(self, kind: str) -> list[forms.BoundField]:
        return [self[f"{kind}_{place}"] for place in range(len(self._words[kind]))]

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields by what they are about, and their heading."""
        told = [
            (_("What their statuses mean"), self._of("statuses")),
            (_("What their priorities mean"), self._of("priorities")),
            (_("Where their groups go"), self._of("inboxes")),
        ]
        return [(heading, fields) for heading, fields in told if fields]

    @property
    def mapping(self) -> Mapping:
        given = self.cleaned_data
        said = {
            kind: {word: given[f"{kind}_{place}"] for place, word in enumerate(words)}
            for kind, words in self._words.items()
        }
        inboxes = {word: int(pk) for word, pk in said["inboxes"].items() if pk}
        return Mapping(said["statuses"], said["priorities"], inboxes)


def _label(word: str, count: int) -> str:
    """Their word, and how many tickets have it."""
    none = _("(none)")
    return f"{word or none} · {count}"


def _by_number(found: dict[str, int]) -> list[str]:
    """The words that most tickets have come first."""
    return sorted(found, key=lambda word: (-found[word], word))
