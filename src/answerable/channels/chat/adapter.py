"""The channel as the rest of the product sees it."""

from answerable.channels.adapter import Caution
from answerable.channels.chat.outbox import send_due
from answerable.channels.chat.visits import CHANNEL
from answerable.desk.models import Inbox


class ChatAdapter:
    """An `answerable.channels.adapter.Adapter`."""

    name = CHANNEL
    takes_files = True
    takes_html = False

    def send_due(self) -> float | None:
        """See `outbox.send_due`."""
        return send_due()

    def caution(self, inbox: Inbox) -> Caution | None:
        """Nothing stands between a chat and its visitor."""
        return None
