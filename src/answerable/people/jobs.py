"""What the people's package does later."""

from answerable.events.jobs import job
from answerable.events.models import Event
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
