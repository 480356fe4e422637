"""The Date header (RFC 5322, 3.3) as an aware UTC time."""

from datetime import UTC, datetime, timedelta
from email.utils import mktime_tz, parsedate_tz

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
TOLERANCE = timedelta(days=1)
"""How far a sender's clock may run ahead of the receiver's before it is called nonsense."""


def read_date(text: str | None, received_at: datetime | None = None) -> tuple[datetime | None, str | None]:
    """The date in UTC or None, and a defect in words when it is missing or nonsense."""
    if not text:
        return None, "date missing"
    try:
        fields = parsedate_tz(text[:200])
        date = datetime.fromtimestamp(mktime_tz(fields), UTC) if fields else None
    except (ValueError, OverflowError, IndexError, TypeError, OSError):
        date = None
    if date is None:
        return None, "date unreadable"
    if not EARLIEST <= date < LATEST or (received_at and date > received_at + TOLERANCE):
        return None, "date nonsense"
    return date, None
