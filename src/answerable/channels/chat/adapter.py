"""The channel as the rest of the product sees it."""

from answerable.channels.adapter import Adapter
from answerable.channels.chat.outbox import send_due
from answerable.channels.chat.visits import CHANNEL


class ChatAdapter(Adapter):
    """Nothing stands between a chat and its visitor."""

    name = CHANNEL

    def send_due(self) -> float | None:
        """See `outbox.send_due`."""
        return send_due()
