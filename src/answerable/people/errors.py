"""What can be refused, in words for the person who asked."""


class Refused(Exception):
    """An action that makes no sense now. Its text says why and is shown as it is."""
