"""A real address for every route of the site: `python -m tests.browser.addresses`, in a server's environment.

Prints JSON: the route's name, and the address of something that stands in that server's database. A route with a
parameter that nothing here fills is an error, so that no new page is forgotten.
"""

import json
from collections.abc import Iterator
from typing import Any

import django
from django.urls import URLPattern, URLResolver, get_resolver

# Places where nothing stands in the demo company, or that want a query: the page that says so is looked at.
NOTHING_THERE = {
    "aside",  # a fragment of a conversation that has one
    "batch",
    "batch_progress",
    "matching",  # wants to be told of which queue
    "message_translation",
    "inline_image",
    "invitation",
    "messenger_door",
    "mailbox",
    "merging",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "dry_run",
    "report-conversations",
    "request_file",
    "rota-feed",
    "team-moves",
}


def routes(
    resolver: URLResolver | None = None, prefix: str = "", above: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Name, route and names of its parameters, of everything that can be asked for."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        parameters = (*above, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLPattern):
            yield str(pattern.name), route, parameters
        else:
            yield from routes(pattern, route, parameters)


def found() -> dict[str, str]:
    from django.urls import reverse

    filled = _fillings()
    return {
        name: reverse(name, kwargs={parameter: _choose(filled, route, parameter) for parameter in parameters})
        for name, route, parameters in routes()
    }


def _choose(filled: dict[tuple[str, str], Any], route: str, parameter: str) -> Any:
    """What the longest beginning of the route says the parameter is."""
    fits = [key for key in filled if key[1] == parameter and route.startswith(key[0])]
    if not fits:
        raise LookupError(f"Nothing fills {parameter} in {route}: add it to tests/browser/addresses.py.")
    return filled[max(fits, key=lambda key: len(key[0]))]


def _fillings() -> dict[tuple[str, str], Any]:
    from answerable.api.webhooks.models import Delivery as WebhookDelivery
    from answerable.api.webhooks.models import Webhook
    from answerable.channels.chat.models import Widget
    from answerable.channels.email.models import Arrival
    from answerable.channels.form.links import entrance_url
    from answerable.channels.form.models import Form
    from answerable.channels.instant.models import Gateway
    from answerable.customers.models import Address, Contact, Organisation, Segment
    from answerable.desk.models import (
        Attachment,
        Batch,
        Checklist,
        Clock,
        Conversation,
        Field,
        Inbox,
        Macro,
        Message,
        Rule,
        SavedQueue,
        Task,
    )
    from answerable.feedback.links import token_of
    from answerable.feedback.models import Invitation
    from answerable.imports.models import Import
    from answerable.insight.models import Forecast, Rehearsal
    from answerable.knowledge.models import Article, Section
    from answerable.people.models import CalendarFeed, Lesson, Membership, Praise, Shift, Skill, Team, User
    from answerable.policy.links import token_of as consent_token
    from answerable.policy.models import (
        Acknowledgement,
        Comment,
        Pilot,
        PilotCustomer,
        PublishedFigure,
        Question,
        Version,
    )

    def first(model: Any, **having: Any) -> int:
        return model.objects.filter(**having).order_by("id").values_list("pk", flat=True).first() or 1

    def number(**having: Any) -> int:
        return Version.objects.filter(**having).values_list("number", flat=True).first() or 1

    conversation = first(Conversation, status="open")
    message = first(Message, kind="inbound")
    inbox = first(Inbox, channel="email")
    return {
        ("inbox/", "queue"): "open",
        ("conversations/", "pk"): conversation,
        ("conversations/", "macro"): first(Macro, team=None),
        ("conversations/", "before"): first(Message, conversation_id=conversation) + 1,
        ("messages/", "pk"): message,
        ("attachments/", "pk"): first(Attachment, draft=None),
        ("asides/", "pk"): first(Conversation, status="beside"),
        ("links/", "pk"): 1,
        ("clocks/", "pk"): first(Clock, state="breached"),
        ("macros/", "pk"): first(Macro),
        ("customers/segments/", "pk"): first(Segment),
        ("contacts/", "pk"): first(Contact, merged_into=None),
        ("contacts/addresses/", "pk"): first(Address),
        ("contacts/merges/", "pk"): 1,
        ("organisations/", "pk"): first(Organisation),
        ("settings/teams/", "pk"): first(Team),
        ("team/", "pk"): first(Team),
        ("team/skills/", "pk"): first(Skill),
        ("team/people/", "pk"): first(User),
        ("rota/", "pk"): 1,
        ("rota/shifts/", "pk"): first(Shift, cancelled_at=None),
        ("rota/", "key"): CalendarFeed.objects.values_list("key", flat=True).first() or "none",
        ("today/praise/", "pk"): first(Praise, withdrawn_at=None),
        ("today/lessons/", "pk"): first(Lesson, withdrawn_at=None),
        ("offers/", "pk"): 1,
        ("settings/api/", "pk"): 1,
        ("settings/memberships/", "pk"): first(Membership),
        ("settings/staff/", "pk"): first(User),
        ("settings/security/", "pk"): 1,
        ("settings/fields/", "pk"): first(Field, retired_at=None),
        ("settings/rules/", "pk"): first(Rule),
        ("settings/rules/dry-runs/", "pk"): 1,
        ("settings/queues/", "pk"): first(SavedQueue, retired_at=None),
        ("settings/signatures/team/", "pk"): first(Team),
        ("settings/signatures/inbox/", "pk"): inbox,
        ("settings/checklists/", "pk"): first(Checklist, retired_at=None),
        ("conversations/batches/", "pk"): first(Batch),
        ("tasks/", "pk"): first(Task, removed_at=None),
        ("settings/forms/", "inbox"): inbox,
        ("forms/", "key"): Form.objects.values_list("key", flat=True).first() or "none",
        ("chat/", "key"): Widget.objects.values_list("key", flat=True).first() or "none",
        ("chat/", "pk"): 1,
        ("conversations/<int:pk>/visitor/", "pk"): first(Conversation, channel="chat"),
        ("settings/chats/", "inbox"): Widget.objects.values_list("inbox_id", flat=True).first() or inbox,
        ("requests/", "pk"): conversation,
        ("requests/", "token"): entrance_url(Conversation.objects.get(pk=conversation).contact).split("/")[-2],
        ("messengers/", "gateway"): first(Gateway),
        ("messengers/", "rest"): "nothing",
        ("settings/messengers/", "pk"): first(Gateway),
        ("settings/messengers/", "channel"): "matrix",
        ("settings/messengers/<int:pk>/arrivals/", "arrival"): 1,
        ("settings/inboxes/", "pk"): inbox,
        ("settings/inboxes/", "inbox"): inbox,
        ("settings/inboxes/<int:inbox>/mailboxes/", "pk"): 1,
        ("mail/ledger/", "pk"): first(Arrival),
        ("settings/imports/", "pk"): first(Import),
        ("settings/webhooks/", "pk"): first(Webhook),
        ("settings/webhooks/deliveries/", "pk"): first(WebhookDelivery),
        ("knowledge/", "pk"): first(Article),
        ("knowledge/", "language"): "en",
        ("knowledge/", "number"): 1,
        ("knowledge/sections/", "pk"): first(Section),
        ("help/", "pk"): first(Article),
        ("help/sections/", "pk"): first(Section),
        ("policy/questions/", "pk"): first(Question),
        ("policy/training/", "number"): number(state="in_force"),
        ("policy/training/", "pk"): first(Acknowledgement),
        ("policy/reviews/", "key"): "answer-soon",
        ("policy/rehearsals/", "pk"): first(Rehearsal),
        ("staffing/forecasts/", "pk"): first(Forecast),
        ("policy/comments/", "part"): "standard",
        ("policy/comments/", "key"): "first-response",
        ("policy/comments/", "pk"): first(Comment),
        ("policy/versions/", "number"): number(state="retired"),
        ("policy/drafts/", "number"): number(state="draft"),
        ("policy/drafts/", "part"): "standard",
        ("policy/drafts/", "handle"): "first-response",
        ("policy/evidence/promises/", "key"): "first-response",
        ("policy/evidence/objectives/", "key"): "satisfied",
        ("promises/", "key"): "first-response",
        ("policy/comparison/figures/", "pk"): first(PublishedFigure, retired_at=None),
        ("policy/pilots/", "pk"): first(Pilot),
        ("policy/pilots/", "customer"): first(PilotCustomer),
        ("tests/", "token"): consent_token(first(PilotCustomer)),
        ("ratings/", "token"): token_of(Invitation.objects.earliest("id")),
        ("ratings/", "score"): 4,
        ("invitations/", "token"): "none",
        ("^password/new/", "uidb36"): "1",
        ("^password/new/", "key"): "none",
        ("password/new/", "uidb36"): "1",
        ("password/new/", "key"): "none",
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(found()))
