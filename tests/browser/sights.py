"""What is worth a picture in the demo company: `python -m tests.browser.sights`, in its server's environment.

Prints JSON: name of a picture, and the address it is drawn at. People come to work, so that the board shows them, and a
conversation gets its tasks and a third party.
"""

import json
from datetime import timedelta

import django

AT_WORK = ("priya", "tom", "nino", "giorgi", "aigerim", "daniyar", "edgars", "sofia", "marta")


def come_to_work() -> None:
    """Online for an hour, whatever the hour and the day."""
    from django.utils import timezone

    from answerable.people.actions.attendance import choose_state
    from answerable.people.models import Attendance, User

    people = User.objects.filter(email__in=[f"{name}@ambermoon.example" for name in AT_WORK])
    for person in people:
        choose_state(to="online", by=person)
    later = timezone.now() + timedelta(hours=1)
    Attendance.objects.filter(user__in=people).update(connected_at=later, active_at=later)


def ask_the_courier() -> str:
    """A conversation that waits gets a checklist, half done, and a courier who was asked beside it and has answered."""
    from django.utils import timezone

    from answerable.desk.actions.asides import open_aside
    from answerable.desk.actions.checklists import add_checklist
    from answerable.desk.actions.messages import receive
    from answerable.desk.actions.tasks import finish_task
    from answerable.desk.models import Checklist, Conversation, Delivery, Task
    from answerable.desk.models.conversation import UNSOLVED
    from answerable.people.models import User
    from answerable.site.demo.together import ANSWER, COURIER, QUESTION

    marta, now = User.objects.get(email="marta@ambermoon.example"), timezone.now()
    seen = Conversation.objects.visible_to(marta)
    waiting = seen.filter(language="en", channel="email", beside=None, status__in=UNSOLVED)
    parcels = waiting.filter(subject__iregex="arrived|parcel|order")
    about = parcels.exclude(pk__in=Task.objects.values("conversation")).latest("last_message_at")
    done, *_open = add_checklist(about, checklist=Checklist.objects.earliest("id"), by=marta)
    finish_task(done, by=marta)
    asked = {"to": COURIER, "name": "Baltic Parcel", "subject": "Where is this parcel?", "text": QUESTION}
    aside = open_aside(about, **asked, by=marta)
    Delivery.objects.filter(message__conversation=aside).update(state=Delivery.State.SENT, attempts=1, sent_at=now)
    receive(aside, contact=aside.contact, text=ANSWER)
    return f"/conversations/{about.pk}/?aside={aside.pk}"


def found() -> dict[str, str]:
    from django.db.models import Count

    from answerable.desk.models import Conversation, Offer, Rule, SavedQueue
    from answerable.desk.models.conversation import UNSOLVED
    from answerable.people.models import User

    seen = Conversation.objects.visible_to(User.objects.get(email="priya@ambermoon.example"))
    known = seen.filter(language="en", beside=None, status__in=(*UNSOLVED, "solved"))
    [twice] = known.values("contact").annotate(of=Count("pk")).order_by("-of", "contact")[:1]
    merged = known.filter(contact=twice["contact"]).order_by("-id").values_list("pk", flat=True)[:2]
    chat = Conversation.objects.get(channel="chat", contact__name="Maya")
    offered = Offer.objects.order_by("id").values_list("conversation", flat=True).last()
    return {
        "aside": ask_the_courier(),
        "merge": "/conversations/merging/?" + "&".join(f"ids={pk}" for pk in merged),
        "chat": f"/conversations/{chat.pk}/",
        "routing": f"/conversations/{offered}/routing/",
        "rule": f"/settings/rules/{Rule.objects.all()[0].pk}/",
        "saved-queue": SavedQueue.objects.get(name="Waiting since morning").address,
    }


if __name__ == "__main__":
    django.setup()
    come_to_work()
    print(json.dumps(found()))
