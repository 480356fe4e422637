"""Loading the demo in the worker, for the first page's button."""

from django.utils.translation import gettext_noop

from answerable.events.jobs import job
from answerable.people.errors import Refused
from answerable.site.demo.board import FAILED, Board
from answerable.site.demo.progress import Progress

BROKEN = gettext_noop("It did not work. The log of the server says why; it will be tried again.")


@job
def load_demo(password_hash: str) -> None:
    """Load it once: where there is a company by now, nothing happens."""
    from answerable.site.demo.loading import load  # once in the life of a company, if at all

    with Board() as board:
        try:
            load(password_hash=password_hash, progress=Progress(board.note))
        except Refused as refused:
            board.note(str(refused), FAILED)
        except Exception:
            board.note(BROKEN, FAILED)
            raise
