"""What a file can be refused for, in words for whoever gave it."""


class Unreadable(Exception):
    """The file is not what it should be. The text says what is wrong, where, and what would help."""


class Unknown(Unreadable):
    """It can be read, and holds nothing that is known: left out where other files do."""
