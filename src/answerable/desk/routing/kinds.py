"""Capacity is counted by two kinds of channels: on live ones the customer waits at the other end."""

from django.db.models import Q

from answerable.desk.models import Status

WRITTEN_CHANNELS = ("email", "form", "api")
LIVE, WRITTEN = "live", "written"


def kind_of(channel: str) -> str:
    """Chats, messengers and calls are live; e-mails and forms are written."""
    return WRITTEN if channel in WRITTEN_CHANNELS else LIVE


IN_HAND = Q(snoozed_until=None) & (
    Q(status__in=(Status.NEW, Status.OPEN)) | (Q(status=Status.PENDING) & ~Q(channel__in=WRITTEN_CHANNELS))
)
"""What takes somebody's time: what is open, and a live one also while the customer thinks."""
