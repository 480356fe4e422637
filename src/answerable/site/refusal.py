"""What a command cannot do, said to the person who asked."""


class Refusal(Exception):
    """Ends a command with this sentence and its exit code, and without a traceback."""

    code = 1


class Unmade(Refusal):
    """What was asked for could not be made at all: exit code 2, where a command tells it from less."""

    code = 2


class DatabaseError(Refusal):
    """The database could not be reached, prepared, started or stopped."""


NO_SUCH_TABLE = "42P01"  # PostgreSQL, appendix A


def explain(error: BaseException) -> str | None:
    """The sentence for a failure that is nobody's mistake in the program; None for any other."""
    if isinstance(error, Refusal):
        return str(error)
    if type(error).__name__ == "OperationalError":  # psycopg's or Django's, neither of which may be loaded
        return f"the database does not answer: {str(error).strip()}"
    if getattr(error.__cause__ or error, "sqlstate", "") == NO_SUCH_TABLE:
        return "the database has not been set up for this version yet. `answerable migrate` does that."
    if isinstance(error, PermissionError):
        return f"no permission for {error.filename}"
    return None
