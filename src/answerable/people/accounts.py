"""How allauth treats our staff."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from answerable.people.models import Company, User


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This address and this password don't belong together."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("This code is not right, or no longer."),
        "incorrect_password": _("This is not your password."),
        "too_many_login_attempts": _("Too many attempts failed. Wait five minutes, then try again."),
        "rate_limited": _("That was asked for too often. Wait a minute, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Staff are invited by an administrator or a lead; nobody registers themselves."""
        return False

    def reauthenticate(self, user: User, password: str) -> bool:
        """Counts as an attempt to sign in, so it is limited like one."""
        return bool(self.authenticate(self.request, email=user.email, password=password) == user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """By the worker: what somebody has changed of their own is changed, though no relay takes mail just now."""
        from answerable.people.jobs import tell_of_change  # which is loaded after the adapter

        letter = self.render_mail(template_prefix, email, {"email": email, **context})
        tell_of_change.later(to=email, subject=letter.subject, text=letter.body)

    def format_email_subject(self, subject: str) -> str:
        return subject


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """TOTP secrets and recovery codes are kept encrypted with the server's own key."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": Accounts.error_messages["incorrect_code"],
    }

    def encrypt(self, text: str) -> str:
        return _vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _vault().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        company = Company.objects.first()
        return f"Answerable ({company})" if company else "Answerable"

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """ "Passkey", then "Passkey 2"."""
        count = Authenticator.objects.filter(user=user, type=type).count() + 1
        return str(_("Passkey")) if count == 1 else str(_("Passkey %(number)s") % {"number": count})


def _vault() -> Fernet:
    return Fernet(settings.SECRETS.vault)
