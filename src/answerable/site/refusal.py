"""What a command cannot do, said to the person who asked."""

import errno
from typing import Final


class Refusal(Exception):
    """Ends a command with this sentence and its exit code, and without a traceback."""

    code = 1


class Unmade(Refusal):
    """What was asked for could not be made at all: exit code 2, where a command tells it from less."""

    code = 2


class DatabaseError(Refusal):
    """The database could not be reached, prepared, started or stopped."""


NO_SUCH_TABLE: Final = "42P01"  # PostgreSQL, appendix A
AWAY: Final = ("08", "28", "3D", "57P")
"""Classes there: no connection, none for this role, no such database, a server that stops."""
NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)


def is_away(error: BaseException) -> bool:
    """Whether it says that the database cannot be reached. Its words are psycopg's or Django's, neither of which may be
    loaded; once it is reached, what it cannot do has a state of another class."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    state = _state(error)
    return bool(kinds & {"OperationalError", "InterfaceError"}) and (not state or state.startswith(AWAY))


def explain(error: BaseException) -> str | None:
    """The sentence for a failure that is nobody's mistake in the program; None for any other."""
    if isinstance(error, Refusal):
        return str(error)
    if is_away(error):
        return f"the database does not answer: {str(error).strip()}"
    if any(kind.__name__ == "OperationalError" for kind in type(error).__mro__):
        return f"the database could not do it: {str(error).strip()}"
    if _state(error) == NO_SUCH_TABLE:
        return "the database has not been set up for this version yet. `answerable migrate` does that."
    if isinstance(error, PermissionError):
        return f"no permission for {error.filename}"
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return f"{error.filename or 'a file'} cannot be written: {error.strerror}"
    return None


def _state(error: BaseException) -> str:
    return getattr(error.__cause__ or error, "sqlstate", "") or ""
