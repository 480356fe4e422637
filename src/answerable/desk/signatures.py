"""What stands below an answer: the inbox's signature, else the nearest team's, else the person's own.

An inbox's or a team's may hold the person's own: `{{ agent.signature }}`. Of several languages the customer's is taken,
else the person's, else whichever there is.
"""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from answerable.desk.errors import Refused
from answerable.desk.models import Conversation, Signature
from answerable.desk.placeholders import VALUES, filled_in
from answerable.people.models import User
from answerable.web.standing import Given, Standing

OWN = re.compile(r"\{\{\s*agent\.signature\s*\}\}")
PLACEHOLDERS = ("agent.signature", "agent.name", "agent.first_name", "team.name", "contact.name")
LONGEST = 2000
THEIRS = """
desk_signature.inbox_id = %s OR desk_signature.user_id = %s OR desk_signature.team_id IN (
    SELECT above.id FROM people_team AS above JOIN people_team AS here ON starts_with(here.path, above.path)
    WHERE here.id = %s
)
"""
ASKED = [Given("inbox"), Given("user"), Given("team")]
FOUND = Standing(lambda: Signature.objects.extra(where=[THEIRS], params=ASKED).select_related("team"))  # noqa: S610


def signature_of(conversation: Conversation, user: User) -> str:
    """As it is sent, filled in; empty where there is none."""
    found = FOUND.rows(inbox=conversation.inbox_id, user=user.pk, team=conversation.team_id)
    by_kind = {kind: [row for row in found if getattr(row, f"{kind}_id")] for kind in ("inbox", "team", "user")}
    teams = sorted(by_kind["team"], key=lambda row: -len(row.team.path) if row.team else 0)
    shared = next(iter([*by_kind["inbox"], *teams]), None)
    own = _said(by_kind["user"][0].texts, conversation, user) if by_kind["user"] else ""
    own = filled_in(own, conversation, user).strip()
    text = _said(shared.texts, conversation, user) if shared else ""
    if not text:
        return own
    return filled_in(OWN.sub(lambda _found: own, text), conversation, user).strip()


def check_signature(text: str) -> None:
    """Raises Refused for a placeholder that can't be filled in."""
    for name in re.findall(r"\{\{\s*([^{}]*?)\s*\}\}", text):
        if name not in VALUES and name != "agent.signature":
            raise Refused(
                _("There is no {{ %(name)s }}. There are: %(known)s.")
                % {"name": name, "known": ", ".join(f"{{{{ {each} }}}}" for each in PLACEHOLDERS)}
            )


def _said(texts: Mapping[str, str], conversation: Conversation, user: User) -> str:
    wanted = (conversation.language, user.language, *texts)
    return next((texts[language] for language in wanted if texts.get(language)), "")
