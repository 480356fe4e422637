"""Whether anybody is there, how long it will be, and what a visitor can do but wait."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from answerable.channels.chat import here, outbox
from answerable.channels.chat.models import Widget
from answerable.core.presence import State
from answerable.desk.models import Conversation, Delivery, ToldWait
from answerable.people.actions.attendance import choose_state
from answerable.policy.actions import load_version
from tests.cast import Cast
from tests.channels.chat.answers import answered
from tests.channels.chat.browser import Browser, open_chat
from tests.core.policy.documents import MINIMAL
from tests.core.policy.living import HOURS, REGIONS


def test_people_are_there_and_the_wait_that_was_told_is_kept(cast: Cast, widget: Widget, visitor: Browser) -> None:
    away = visitor.ask(known=False).json()
    assert (away["is_here"], away["words"]["send"]) == (False, "Send")
    choose_state(to=State.ONLINE, by=cast.bob)
    now = timezone.now()
    for minutes in (60, 40, 20, 10):
        at = now - timedelta(minutes=minutes)
        earlier = Browser(widget)
        earlier.write("Earlier")
        Conversation.objects.filter(pk=earlier.conversation).update(
            created_at=at, first_answered_at=at + timedelta(minutes=2), status="solved"
        )
    here.forget()
    assert visitor.ask(known=False).json()["is_here"]
    visitor.write("Hello")
    told = ToldWait.objects.get(conversation=visitor.conversation)
    state = visitor.read().json()
    assert (told.ahead, state["state"], state["is_here"]) == (0, "waiting", True)
    assert "You are next. You will have an answer in about" in state["line"]


def test_hours_are_those_of_the_inboxs_region(cast: Cast) -> None:
    """Half past eight on a Monday in Riga is half past ten in Tbilisi."""
    load_version(MINIMAL.replace("second-line", "sales") + HOURS + REGIONS, by=cast.ada)
    choose_state(to=State.ONLINE, by=cast.bob)
    monday = datetime(2026, 3, 9, 6, 30, tzinfo=UTC)
    found = {region: here.there(cast.support, region, monday) for region in ("", "LV", "Latgale north", "GE")}
    assert {region: each.is_here for region, each in found.items()} == {
        "": False, "LV": False, "Latgale north": False, "GE": True,
    }  # fmt: skip
    assert found["LV"].opens_at == datetime(2026, 3, 9, 7, 0, tzinfo=UTC)


def test_who_waits_long_is_called_or_written_to_instead(cast: Cast, widget: Widget, visitor: Browser) -> None:
    choose_state(to=State.ONLINE, by=cast.bob)
    now = timezone.now()
    visitor.write("Hello", name="Dace")
    assert not visitor.read().json()["is_long"]
    Conversation.objects.update(created_at=now - timedelta(minutes=6))
    assert visitor.read().json()["is_long"], "they have waited, though nobody knows how long others did"
    patient = Browser(widget)
    for minutes in (110, 80, 50, 20):
        at = now - timedelta(minutes=minutes)
        patient.write("Earlier", conversation="")
        row = Conversation.objects.filter(pk=patient.conversation)
        row.update(created_at=at, first_answered_at=at + timedelta(minutes=15), status="solved")
    here.forget()
    patient.write("And now?", conversation="")
    assert patient.read().json()["is_long"], "so it took for all the others"
    asked = {"conversation": visitor.conversation, "phone": "+371 2000 0000", "once": "call-me-1"}
    assert [visitor.post("calls/", **asked).status_code for _twice in range(2)] == [204, 204]
    assert visitor.texts() == ["Hello", "Please call me: +371 2000 0000"]
    assert Conversation.objects.get(pk=visitor.conversation).tags == ["call-back"]
    assert patient.post("addresses/", address="Guest@example.org").status_code == 204
    answered(patient.conversation or 0, "Here it is", cast)
    outbox.send_due()  # though their page is still open
    assert Delivery.objects.values_list("channel", "recipients").get() == ("email", ["guest@example.org"])


def test_nobody_is_there_and_a_letter_is_left(cast: Cast, visitor: Browser) -> None:
    given = {"once": "letter-1", "name": "Dace", "address": "dace@customer.example", "text": "Call me tomorrow"}
    for _twice in range(2):
        assert visitor.post("letters/", known=False, **given).status_code == 201
    row = Conversation.objects.get()
    assert (row.channel, row.contact, row.leaves_by) == ("form", cast.dace, "email")
    wrong = Browser(open_chat(cast.sales_inbox), language="kk").post("letters/", **(given | {"address": "dace@"}))
    assert wrong.json()["field"] == "address"
    assert (wrong.status_code, "dace@ – электрондық мекенжай емес." in wrong.json()["error"]) == (422, True)
    ours = given | {"address": cast.support_inbox.address, "once": "letter-2"}
    assert visitor.post("letters/", known=False, **ours).status_code == 422
