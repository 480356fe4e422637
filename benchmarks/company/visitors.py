"""Visitors with a chat each, as if they had written before: `python -m benchmarks.company.visitors 5000`.

Prints JSON: the chat's key, and of each visitor the secret of their browser and the number of their conversation.
"""

import json
import os
import secrets
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "answerable.site.settings")
ORIGIN = "https://shop.example"


def main(count: int) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from answerable.channels.chat.identity import digest_of
    from answerable.channels.chat.models import Visit, Visitor, Widget
    from answerable.customers.models import Contact
    from answerable.desk.models import Conversation, Inbox, Status
    from answerable.people.models import User
    from benchmarks.company.founding import Company

    company, now = Company.load(settings.DATA_DIR / "bench.json"), timezone.now()
    heads = list(User.objects.filter(email__in=company.heads).order_by("id"))
    inbox = Inbox.objects.get(pk=company.inboxes[0])
    defaults = {"key": "benchmark", "name": "Shop", "origins": [ORIGIN]}
    widget = Widget.objects.get_or_create(inbox=inbox, defaults=defaults)[0]
    contacts = Contact.objects.bulk_create(Contact(name=f"Visitor {number}") for number in range(count))
    opened = Conversation.objects.bulk_create(
        Conversation(
            inbox=inbox,
            channel="chat",
            team=inbox.team,
            contact=contact,
            assignee=heads[number % len(heads)],
            status=Status.OPEN,
            subject=f"Chat {number}",
            created_at=now,
            last_message_at=now,
            first_answered_at=now,
        )
        for number, contact in enumerate(contacts)
    )
    known = [secrets.token_urlsafe(32) for _ in contacts]
    visitors = Visitor.objects.bulk_create(
        Visitor(widget=widget, secret_digest=digest_of(secret), contact=contact)
        for secret, contact in zip(known, contacts, strict=True)
    )
    Visit.objects.bulk_create(
        Visit(conversation=conversation, visitor=visitor)
        for conversation, visitor in zip(opened, visitors, strict=True)
    )
    numbers = [conversation.pk for conversation in opened]
    print(json.dumps({"key": widget.key, "visitors": list(zip(known, numbers, strict=True))}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
