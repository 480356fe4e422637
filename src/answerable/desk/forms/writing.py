"""What agents write: replies, notes, drafts, and the files that go with them."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from answerable.customers.models import Address
from answerable.desk.actions.copies import MOST_COPIES, Envelope
from answerable.desk.actions.files import NewFile
from answerable.desk.models import Inbox, Kind, Status
from answerable.web.drafts import PageForm
from answerable.web.standing import Given, Standing

AFTERWARDS = [(status.value, status.label) for status in (Status.PENDING, Status.OPEN, Status.ON_HOLD, Status.SOLVED)]
LARGEST_FILE = 20 * 1024 * 1024
LARGEST_MESSAGE = 25 * 1024 * 1024
LONGEST_TEXT = 200_000
LONGEST_HTML = 500_000
LONGEST_ADDRESSES = MOST_COPIES * 400  # letters, names included
LARGEST_PICTURE = 5_000_000
PICTURES = (
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
)
"""How each begins: what a browser calls it is not believed."""
NAMED = re.compile(r"(?:\"[^\"]*\"|[^<>,;\"])*<([^<>]*)>")
NUMBER = re.compile(r"[0-9]{1,18}")
FALLBACK_TYPE = "application/octet-stream"
MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}")


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name)


class FilesField(forms.FileField):
    """Any number of files: LARGEST_FILE bytes each, LARGEST_MESSAGE together. Cleans to NewFiles."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        given: Sequence[UploadedFile[Any]] = data or []
        for file in given:
            if (file.size or 0) > LARGEST_FILE:
                raise forms.ValidationError(
                    _("%(name)s has %(size)s. A file may have at most %(most)s.")
                    % {"name": file.name, "size": filesizeformat(file.size or 0), "most": filesizeformat(LARGEST_FILE)}
                )
        together = sum(file.size or 0 for file in given)
        if together > LARGEST_MESSAGE:
            raise forms.ValidationError(
                _("The files have %(size)s together. A message may carry at most %(most)s.")
                % {"size": filesizeformat(together), "most": filesizeformat(LARGEST_MESSAGE)}
            )
        return [NewFile(_name(file), _kind(file), file.read()) for file in given]


def ask_for_files_again(form: forms.BaseForm) -> None:
    """Say of a refused form that its files did not stay: browsers bring all back but those."""
    if form.is_bound and "attachments" in form.fields and form.files.getlist("attachments"):
        form.add_error("attachments", _("Choose your files again: they did not stay here."))


def _name(file: "UploadedFile[Any]") -> str:
    return (file.name or "").replace("\0", "").strip() or _("file")


def _kind(file: "UploadedFile[Any]") -> str:
    """What the browser calls it, where that is a media type (RFC 6838, 4.2)."""
    given = (file.content_type or "").strip().lower()
    return given if MEDIA_TYPE.fullmatch(given) else FALLBACK_TYPE


class AddressesField(forms.CharField):
    """E-mail addresses separated by commas, semicolons or spaces, as mail programs write them: a name before `<...>` is
    left out. Cleans to a list, each once, in lower case. With `as_typed` what is none yet is left out as well."""

    def __init__(self, *, as_typed: bool = False, **more: Any) -> None:
        super().__init__(**({"required": False, "max_length": LONGEST_ADDRESSES} | more))
        self.as_typed = as_typed

    def clean(self, value: Any) -> Any:
        text = NAMED.sub(r" \1 ", super().clean(value) or "")
        found = list(dict.fromkeys(text.replace(",", " ").replace(";", " ").lower().split()))
        if wrong := [each for each in found if not _is_address(each)]:
            if not self.as_typed:
                raise forms.ValidationError(_("%(address)s is no e-mail address.") % {"address": wrong[0]})
            found = [each for each in found if each not in wrong][:MOST_COPIES]
        if len(found) > MOST_COPIES:
            raise forms.ValidationError(_("At most %(most)s people can get a copy.") % {"most": MOST_COPIES})
        return found


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except forms.ValidationError:
        return False
    return True


class EnvelopeForm(forms.Form):
    """Whom it goes to: `knew` are those on copy on the page it was written on. See `Envelope`."""

    to = forms.CharField(required=False, max_length=320)
    copied = AddressesField(label=gettext_lazy("Copy to"))
    knew = AddressesField()
    blind = AddressesField(label=gettext_lazy("Blind copy to"))

    @property
    def envelope(self) -> Envelope:
        """Nothing that was not sent is changed."""
        given = self.cleaned_data
        sent = {name: given[name] for name in ("copied", "knew") if name in self.data}
        return Envelope(to=given["to"], blind=given["blind"], **sent)


class AddressesInput(forms.TextInput):
    """A line of addresses, which becomes chips where there are scripts."""

    template_name = "desk/addresses.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"most": MOST_COPIES}


class TextField(forms.CharField):
    """Words as they were typed: nothing is stripped but line ends made alike."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=LONGEST_TEXT, strip=False, widget=forms.Textarea, **more)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class ReplyForm(EnvelopeForm):
    """`seen_event`: the last event on the page it was written on. `then`: the status afterwards.

    `anyway`: the last event that a refusal has shown since; whoever sends again has seen that, too.
    """

    text = TextField(required=False, label=gettext_lazy("Reply"))
    html = forms.CharField(required=False, max_length=LONGEST_HTML, strip=False)
    seen_event = forms.IntegerField(required=False, min_value=0, max_value=2**62)
    then = forms.ChoiceField(
        choices=AFTERWARDS,
        required=False,
        label=gettext_lazy("Status"),
        error_messages={"invalid_choice": gettext_lazy("A conversation can't be set to that.")},
    )
    attachments = FilesField(required=False, label=gettext_lazy("Files"))
    anyway = forms.IntegerField(required=False, min_value=0, max_value=2**62)


class PictureForm(forms.Form):
    """One picture for a message that is being written."""

    picture = forms.FileField()

    def clean_picture(self) -> NewFile:
        given = self.cleaned_data["picture"]
        content = given.read(LARGEST_PICTURE + 1)
        if len(content) > LARGEST_PICTURE:
            raise forms.ValidationError(
                _("A picture may have at most %(most)s.") % {"most": filesizeformat(LARGEST_PICTURE)}
            )
        kind = next((kind for begins, kind in PICTURES if content.startswith(begins)), "")
        if not kind or (kind == "image/webp" and content[8:12] != b"WEBP"):
            raise forms.ValidationError(_("That is no picture that can be shown: use PNG, JPEG, GIF or WebP."))
        return NewFile(_name(given), kind, content)


class CopiesForm(forms.Form):
    copied = AddressesField(label=gettext_lazy("Copy to"))


class NoteForm(forms.Form):
    text = TextField(required=False, label=gettext_lazy("Note"))
    attachments = FilesField(required=False, label=gettext_lazy("Files"))


class DraftForm(EnvelopeForm, PageForm):
    copied = AddressesField(as_typed=True)
    knew = AddressesField(as_typed=True)
    blind = AddressesField(as_typed=True)
    text = TextField(required=False)
    html = forms.CharField(required=False, max_length=LONGEST_HTML, strip=False)
    kind = forms.ChoiceField(choices=[(Kind.OUTBOUND, Kind.OUTBOUND), (Kind.NOTE, Kind.NOTE)])
    seen_event = forms.IntegerField(required=False, min_value=0, max_value=2**62)


@lru_cache(maxsize=1024)
def inboxes_of(teams: frozenset[int]) -> "QuerySet[Inbox]":
    """Those that mail may be sent from in the name of these teams."""
    rows = Inbox.objects.filter(team_id__in=teams, channel="email", retired_at=None)
    return rows.select_related("team").order_by("team__path", "name")


@lru_cache(maxsize=1024)
def _one_of(teams: frozenset[int]) -> Standing[Inbox]:
    return Standing(lambda: inboxes_of(teams).filter(pk=Given("key")))


class InboxField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the inboxes of `teams`."""

    teams: frozenset[int] = frozenset()

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} <{obj.address}>"

    def to_python(self, value: Any) -> Inbox | None:
        if value in self.empty_values:
            return None
        found = _one_of(self.teams).first(key=int(value)) if NUMBER.fullmatch(value) else None
        if found is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found


class OpeningForm(forms.Form):
    """A conversation an agent begins. Give it the teams they may write for."""

    inbox = InboxField(Inbox.objects.none(), label=pgettext_lazy("mail", "From"), empty_label=None)
    to = forms.EmailField(
        label=pgettext_lazy("mail", "To"), max_length=Address._meta.get_field("value").max_length or 320
    )
    name = forms.CharField(required=False, max_length=200, label=gettext_lazy("Their name"))
    subject = forms.CharField(max_length=500, label=gettext_lazy("Subject"))
    copied = AddressesField(label=gettext_lazy("Copy to"), widget=AddressesInput)
    blind = AddressesField(label=gettext_lazy("Blind copy to"), widget=AddressesInput)
    text = TextField(label=gettext_lazy("Message"))
    attachments = FilesField(required=False, label=gettext_lazy("Files"))

    def __init__(self, *args: Any, teams: frozenset[int], **more: Any) -> None:
        super().__init__(*args, **more)
        inbox = self.fields["inbox"]
        assert isinstance(inbox, InboxField)
        inbox.teams, inbox.queryset = teams, inboxes_of(teams)
