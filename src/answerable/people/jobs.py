"""What the people's package does later."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from answerable.events.jobs import job
from answerable.events.models import Event
from answerable.people.models import Company, User
from answerable.people.praise_mails import letter_of
from answerable.people.rota_mails import letters, send


def mail_rota(event: Event) -> None:
    """Reaction to a change of the rota: a mail to each it concerns, each in a job of its own."""
    for letter in letters(event):
        once = f"rota-{event.pk}-{letter.to.pk}"
        tell_of_rota.later(once=once, event_id=event.pk, person_id=letter.to.pk)


@job
def tell_of_rota(event_id: int, person_id: int) -> None:
    """Mail one person what an event says to them, unless it has been overtaken."""
    event = Event.objects.get(pk=event_id)
    for letter in letters(event):
        if letter.to.pk == person_id:
            send(letter)


def mail_praise(event: Event) -> None:
    """Reaction to praise: a mail to whom it is for."""
    tell_of_praise.later(once=f"praise-{event.pk}", event_id=event.pk)


@job
def tell_of_praise(event_id: int) -> None:
    """Mail the praised, unless it was taken back meanwhile."""
    letter = letter_of(Event.objects.get(pk=event_id))
    if letter is not None:
        send(letter)


@job
def mail_new_password(address: str) -> None:
    """The link by which whoever has this address chooses a new password. Nobody else hears of anything, nor learns from
    our answer whether there is somebody: it is the same job for all, and the key is made in it."""
    for person in User.objects.active().filter(email__iexact=address):
        key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
        told = {
            "password_reset_url": settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=key),
            "company": Company.objects.first(),
        }
        with translation.override(person.language):
            subject = render_to_string("account/email/password_reset_key_subject.txt", told).strip()
            text = render_to_string("account/email/password_reset_key_message.txt", told).strip()
        send_mail(subject, text, None, [person.email])


@job
def tell_of_change(to: str, subject: str, text: str) -> None:
    """That the way somebody signs in was changed. No key stands in it."""
    send_mail(subject, text, None, [to])
