"""What a command cannot do, said to the person who asked."""


class Refusal(Exception):
    """Ends a command with this sentence and exit code 1, and without a traceback."""
