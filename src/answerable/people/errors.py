"""What can be refused, in words for the person who asked."""


class Refused(Exception):
    """An action that makes no sense now. Its text says why and is shown as it is, beside `field` where it names one."""

    def __init__(self, text: str = "", *, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


class Stale(Refused):
    """Somebody else changed it since it was read; the text says what."""
