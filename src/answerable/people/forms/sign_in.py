"""allauth's forms in our words."""

import struct
from typing import Any

from allauth.account import forms as account
from allauth.mfa import app_settings
from allauth.mfa.base import forms as codes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.people.accounts import SecondFactors
from answerable.people.models import User


def _password_rules() -> str:
    return " ".join(password_validators_help_texts())


# What a password must be, one sentence a rule, in the reader's language.
password_rules = lazy(_password_rules, str)


def _reword(form: forms.BaseForm, **labels: Promise) -> None:
    """Give fields our labels. Placeholders go: they vanish when one needs them."""
    for name, label in labels.items():
        form.fields[name].label = label  # type: ignore[assignment]
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
        field.help_text = ""  # ours, if any, are given after this


class SignInForm(account.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, login=_("E-mail address"), password=_("Password"))
        self.fields["login"].widget.attrs |= {"autofocus": True, "autocomplete": "username"}


class PasswordAgainForm(account.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, password=_("Your password"))
        self.fields["password"].widget.attrs["autofocus"] = True


class ForgottenPasswordForm(account.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, email=_("E-mail address"))
        self.fields["email"].widget.attrs["autofocus"] = True

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Answered at once and alike, whether or not we know the address and mail can leave."""
        from answerable.people.jobs import mail_new_password  # which needs allauth's forms

        address = str(self.cleaned_data["email"]).lower()
        mail_new_password.later(once=f"new-password-{address}", address=address)
        return address


class NewPasswordForm(account.ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, password1=_("New password"), password2=_("New password once more"))
        self.fields["password1"].help_text = password_rules()


class ChangePasswordForm(account.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(
            self,
            oldpassword=_("Present password"),
            password1=_("New password"),
            password2=_("New password once more"),
        )
        self.fields["password1"].help_text = password_rules()


class UsedUp:
    """A code is good for one thing: to set up the app, to sign in, or to say once more who one is.

    allauth remembers a code for one period after a sign-in, and not at all after the setting up; with codes before
    and after their time taken, too, whoever saw one could use it again.
    """

    user: User

    def clean_code(self) -> str:
        code = str(super().clean_code())  # type: ignore[misc]
        lasts = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
        used = salted_hmac("answerable.people.used_up", f"{self.user.pk} {''.join(code.split())}").hexdigest()
        if not cache.add(f"used-up-{used}", True, lasts):
            raise SecondFactors().validation_error("incorrect_code")
        return code


class CodeForm(UsedUp, codes.AuthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, code=_("Code"))
        self.fields["code"].help_text = _("Six digits from your app, or one of your recovery codes.")
        self.fields["code"].widget.attrs |= {"autofocus": True, "inputmode": "numeric"}


class CodeAgainForm(UsedUp, codes.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, code=_("Code"))
        self.fields["code"].help_text = _("Six digits from your app, or one of your recovery codes.")
        self.fields["code"].widget.attrs["autofocus"] = True


class ActivateAppForm(UsedUp, ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, code=_("The six digits it shows"))
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "maxlength": "6"}


class SoundCredential:
    """What the device answers is parsed by libraries that trust its shape; whatever they trip over is refused."""

    def full_clean(self) -> None:
        try:
            super().full_clean()  # type: ignore[misc]
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error):
            self.cleaned_data: dict[str, Any] = {}
            self.add_error("credential", _("This is not what a passkey answers."))  # type: ignore[attr-defined]


class PasskeySignInForm(SoundCredential, passkeys.LoginWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyForm(SoundCredential, passkeys.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyAgainForm(SoundCredential, passkeys.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class AddPasskeyForm(SoundCredential, passkeys.AddWebAuthnForm):  # type: ignore[misc]
    """Every key we add can sign in by itself: the browser is asked for a passkey, never for a second factor only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, name=pgettext_lazy("of a thing", "Name"))
        self.fields["name"].help_text = _("How you will know it in the list, such as “Work laptop”.")
        self.fields["name"].max_length = 60
        self.fields["name"].widget.attrs["maxlength"] = "60"
        self.fields["passwordless"].widget = forms.HiddenInput()
        self.fields["passwordless"].initial = True

    def clean_name(self) -> str:
        return str(super().clean_name())[:60]
