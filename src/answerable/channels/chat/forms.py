"""What pages send, and what an administrator says of a chat."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from answerable.channels.chat.colours import COLOUR, ENOUGH, PATTERN, contrast_with_white
from answerable.channels.chat.models import Widget
from answerable.channels.chat.origins import normal_origin
from answerable.desk.forms.writing import FilesField, TextField
from answerable.knowledge.find import LONGEST as LONGEST_QUESTION

LONGEST = 10_000
MOST_ORIGINS = 50


class WordsField(TextField):
    """What a visitor says, of LONGEST letters at most."""

    def clean(self, value: Any) -> Any:
        if len(value or "") > LONGEST and len(self.to_python(value)) > LONGEST:
            raise forms.ValidationError(too_long())
        return super().clean(value)


def too_long() -> str:
    return _("A message may have at most %(most)s letters.") % {"most": LONGEST}


class AddressField(forms.EmailField):
    """One e-mail address. Django has no words in Kazakh for what is none."""

    def run_validators(self, value: Any) -> None:
        try:
            super().run_validators(value)
        except forms.ValidationError:
            raise forms.ValidationError(_("%(address)s is no e-mail address.") % {"address": value[:100]}) from None


class PageForm(forms.Form):
    """Where the visitor is."""

    page_url = forms.CharField(required=False, max_length=2000)
    page_title = forms.CharField(required=False, max_length=1000)


class MessageForm(PageForm):
    """One message. `once` is what the browser calls it."""

    once = forms.RegexField(r"^[A-Za-z0-9_-]{8,64}$")
    conversation = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    name = forms.CharField(required=False, max_length=200)
    text = WordsField(required=False, label=gettext_lazy("Your message"))
    attachments = FilesField(required=False, label=gettext_lazy("Files"))


class SignForm(PageForm):
    conversation = forms.IntegerField(min_value=1, max_value=2**62)
    typing = forms.BooleanField(required=False)
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**62)
    leaving = forms.BooleanField(required=False)


class ConversationForm(forms.Form):
    conversation = forms.IntegerField(min_value=1, max_value=2**62)


class RatingForm(ConversationForm):
    score = forms.IntegerField(min_value=1, max_value=5)
    comment = forms.CharField(required=False, max_length=5000)


class AddressForm(forms.Form):
    """An address by the visitor's own word; `wait`: they stay, and it is only for when they leave."""

    address = AddressField(label=gettext_lazy("Your e-mail address"), max_length=254)
    wait = forms.BooleanField(required=False)


class CallForm(ConversationForm):
    once = forms.RegexField(r"^[A-Za-z0-9_-]{8,64}$")
    phone = forms.CharField(
        label=gettext_lazy("Your telephone number"),
        max_length=40,
        validators=[
            RegexValidator(
                r"^\+?[\d\s().-]{5,}$", gettext_lazy("A telephone number has digits, and perhaps a + in front.")
            )
        ],
    )


class CodeForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("Code"), max_length=20)


class IdentityForm(forms.Form):
    external_id = forms.CharField(required=False, max_length=200)
    address = AddressField(required=False, max_length=254, label=gettext_lazy("Your e-mail address"))
    name = forms.CharField(required=False, max_length=200)
    hmac = forms.CharField(max_length=128)


class LetterForm(forms.Form):
    """What is written where nobody is there."""

    once = forms.RegexField(r"^[A-Za-z0-9_-]{8,64}$")
    name = forms.CharField(label=gettext_lazy("Your name"), max_length=200)
    address = AddressField(label=gettext_lazy("Your e-mail address"), max_length=254)
    text = WordsField(label=gettext_lazy("Your message"))

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError(_("Write something first."))
        return text


class WidgetForm(forms.Form):
    """An inbox's chat. `facts` afterwards, as `write_widget` takes them."""

    name = forms.CharField(
        max_length=80,
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Whom visitors talk with, such as your company or a team."),
    )
    greeting = forms.CharField(
        required=False,
        max_length=400,
        label=gettext_lazy("Greeting"),
        help_text=gettext_lazy("Empty: our own words, in each language."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    colour = forms.CharField(
        label=gettext_lazy("Colour"),
        help_text=gettext_lazy("White words stand on it."),
        widget=forms.TextInput(attrs={"type": "color"}),
    )
    origins = forms.CharField(
        required=False,
        label=gettext_lazy("Sites that may show it"),
        help_text=gettext_lazy("One a line, such as https://shop.example. Pages of any other site are refused."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "inputmode": "url"}),
    )
    takes_files = forms.BooleanField(required=False, label=pgettext_lazy("of a chat", "Visitors may send files"))

    def __init__(self, data: QueryDict | None, *, widget: Widget | None, name: str, language: str) -> None:
        super().__init__(data, initial=_known(widget, name))
        self.others = [(code, said) for code, said in settings.LANGUAGES if code != language]
        for code, _said in self.others:
            self.fields[f"greeting_{code}"] = forms.CharField(
                required=False, max_length=400, label=gettext_lazy("Greeting"), widget=forms.Textarea(attrs={"rows": 2})
            )

    def clean_colour(self) -> str:
        colour = str(self.cleaned_data["colour"]).lower()
        if not PATTERN.fullmatch(colour):
            raise forms.ValidationError(_("A colour is written like #1d4f91."))
        ratio = contrast_with_white(colour)
        if ratio < ENOUGH:
            raise forms.ValidationError(
                _("White words can hardly be read on it: %(ratio)s to 1, and 4.5 are needed. Choose a darker one.")
                % {"ratio": f"{ratio:.1f}"}
            )
        return colour

    def clean_origins(self) -> list[str]:
        found: list[str] = []
        for line in self.cleaned_data["origins"].split():
            origin = normal_origin(line)
            if origin is None:
                raise forms.ValidationError(
                    _("“%(line)s” is no site. Write it like https://shop.example, without a path.")
                    % {"line": line[:200]}
                )
            found.append(origin)
        if len(found) > MOST_ORIGINS:
            raise forms.ValidationError(_("At most %(most)s sites.") % {"most": MOST_ORIGINS})
        return found

    @property
    def its_own(self) -> Sequence[forms.BoundField]:
        return [self[name] for name in ("name", "greeting", "colour", "origins", "takes_files")]

    @property
    def in_others(self) -> list[tuple[str, forms.BoundField, bool]]:
        """By language: its name, its field, and whether something stands in it."""
        fields = [(said, self[f"greeting_{code}"]) for code, said in self.others]
        return [(said, field, bool(field.value() or field.errors)) for said, field in fields]

    @property
    def facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            **{name: given[name] for name in ("name", "greeting", "colour", "origins", "takes_files")},
            "greetings": {code: given[f"greeting_{code}"] for code, _said in self.others if given[f"greeting_{code}"]},
        }


def _known(widget: Widget | None, name: str) -> dict[str, Any]:
    if widget is None:
        return {"name": name, "colour": COLOUR, "takes_files": True}
    known: dict[str, Any] = {field: getattr(widget, field) for field in ("name", "greeting", "colour", "takes_files")}
    known |= {f"greeting_{code}": said for code, said in widget.greetings.items()}
    return known | {"origins": "\n".join(widget.origins)}


class OfferForm(forms.Form):
    """What somebody is about to ask."""

    text = forms.CharField(required=False, max_length=LONGEST_QUESTION)
