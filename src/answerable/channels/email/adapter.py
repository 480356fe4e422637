"""The channel as the rest of the product sees it."""

from answerable.channels.email.outbox import CHANNEL, send_due


class EmailAdapter:
    """An `answerable.channels.adapter.Adapter`."""

    name = CHANNEL
    takes_files = True
    takes_html = True

    def send_due(self) -> float | None:
        """See `outbox.send_due`."""
        return send_due()
