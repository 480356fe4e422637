"""Bob answers in a chat line by line, without any web process: `python -m tests.browser.answering SUBJECT`.

Each line that comes in is an answer, repeated once it stands there. At the end: all that stands there, in its order.
"""

import json
import sys

import django


def answer_in(subject: str) -> None:
    from answerable.desk.actions.messages import reply
    from answerable.desk.models import Conversation
    from answerable.people.models import User

    bob, row = User.objects.get(email="bob@example.com"), Conversation.objects.get(subject=subject)
    print("ready", flush=True)
    for line in sys.stdin:
        print(reply(row, text=line.strip(), by=bob, seen_event=None, anyway=True).text, flush=True)
    print(json.dumps(list(row.messages.order_by("id").values_list("text", flat=True))))


if __name__ == "__main__":
    django.setup()
    answer_in(sys.argv[1])
