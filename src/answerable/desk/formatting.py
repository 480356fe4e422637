"""Formatted answers between the page, where pictures have addresses, and what is kept, where they have names."""

import re
from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from answerable.desk.models import Attachment, Conversation, Kind
from answerable.people.models import User
from answerable.web.formatted import harmless

ADDRESS = re.compile(r"^/attachments/([0-9]{1,18})/image/$")
NAMED = re.compile(r'src="cid:([^"]+)"')


def written_by(conversation: Conversation, user: User, html: str) -> Any:
    """See settings.HTML_WRITTEN. Pictures are those of the user's own draft here."""
    names: dict[int, str] = {}
    if "<img" in html:
        mine = Attachment.objects.filter(draft__conversation=conversation, draft__user=user, draft__kind=Kind.OUTBOUND)
        names = dict(mine.exclude(content_id="").values_list("pk", "content_id"))

    def picture(address: str) -> str | None:
        found = ADDRESS.match(address)
        return names.get(int(found[1])) if found else None

    return harmless(html, picture)


def text_of(found: Any) -> str:
    """The words of what was written; a picture alone is said to be one."""
    return str(found.text) or (_("(a picture)") if found.pictures else "")


def editable(html: str, pictures: Any) -> str:
    """What is kept, as the editor shows it: `pictures` are attachments."""
    addresses = {row.content_id: reverse("inline_image", args=[row.pk]) for row in pictures if row.content_id}
    return with_pictures(html, lambda name: addresses.get(name, ""))


def with_pictures(html: str, address: Callable[[str], str]) -> str:
    """Harmless HTML with addresses for the names of pictures."""
    return NAMED.sub(lambda found: f'src="{address(found[1])}"', html)
