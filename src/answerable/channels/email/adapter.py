"""The channel as the rest of the product sees it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from answerable.channels.adapter import Adapter
from answerable.channels.email.outbox import CHANNEL, send_due
from answerable.channels.email.relays import relay_of
from answerable.desk.models import Conversation
from answerable.desk.outlets import Caution


class EmailAdapter(Adapter):
    """By a relay, or into a directory."""

    name = CHANNEL

    def send_due(self) -> float | None:
        """See `outbox.send_due`."""
        return send_due()

    def caution(self, conversation: Conversation) -> Caution | None:
        """No relay: mail is written into a directory; or one that does not work: mail waits."""
        relay = relay_of(conversation.inbox)
        if relay is None:
            return Caution(_("Mail does not leave this server yet: answers are only kept here."), reverse("relay"))
        if relay.failing_since:
            return Caution(_("Mail waits: the relay does not take it."), reverse("relay"))
        return None
