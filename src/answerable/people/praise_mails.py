"""What the praised are told by mail."""

from django.urls import reverse
from django.utils.translation import gettext as _

from answerable.events.models import Event
from answerable.people.models import Praise
from answerable.people.rota_mails import Letter


def letter_of(event: Event) -> Letter | None:
    """In the words as they stand by now; none for what was taken back, or to who has left."""
    rows = Praise.objects.standing().filter(pk=int(event.subject.rpartition("-")[2]), praised__is_active=True)
    row = rows.select_related("praised", "by").first()
    if row is None:
        return None

    def words() -> str:
        said = {"who": row.by, "customer": row.said_by, "text": row.text}
        if row.said_by:
            return _("%(customer)s praises you, and %(who)s has pinned it: “%(text)s”") % said
        return _("%(who)s praises you: “%(text)s”") % said

    return Letter(row.praised, words, reverse("praise-words", args=[row.pk]))
