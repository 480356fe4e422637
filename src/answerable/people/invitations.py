"""The link an invited person follows. It is signed, lasts a week, works once, and is void after the next one."""

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from answerable.events.models import Event
from answerable.people.models import Company, User

SALT = "people.invitation"
LASTS_SECONDS = 7 * 24 * 3600


def token_for(person: User) -> str:
    """Bound to the (unusable) password they have now: choosing one, or inviting again, makes it void."""
    return signing.dumps([person.pk, person.password[-12:]], salt=SALT, compress=True)


def link_for(person: User) -> str:
    return settings.SITE_URL + reverse("invitation", args=[token_for(person)])


def invited_by(token: str) -> User | None:
    """Whom a token invites; None for one that is too old, used, void or made up."""
    try:
        pk, ending = signing.loads(token, salt=SALT, max_age=LASTS_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person: User | None = User.objects.active().filter(pk=pk).first()
    if person is None or person.has_usable_password() or person.password[-12:] != ending:
        return None
    return person


def send_invitation(event: Event) -> None:
    """Reaction to user.invited: the mail with the link. Sent again when in doubt; that does no harm."""
    person: User | None = User.objects.active().filter(pk=int(event.subject.removeprefix("user-"))).first()
    if person is None or person.has_usable_password():
        return
    with translation.override(person.language):
        told = {
            "company": Company.objects.first(),
            "inviter": event.actor,
            "link": link_for(person),
        }
        subject = " ".join(render_to_string("people/mail/invitation_subject.txt", told).split())
        send_mail(subject, render_to_string("people/mail/invitation.txt", told), None, [person.email])
