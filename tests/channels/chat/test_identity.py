"""Who a visitor is: signed by the shop's server, or by a mailed code; and what they find in another browser then."""

import hashlib
import hmac
import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from answerable.channels.chat.actions.widgets import rotate_secret
from answerable.channels.chat.identity import identity_secret
from answerable.channels.chat.jobs import mail_code
from answerable.channels.chat.models import Visitor, Widget
from answerable.channels.chat.visitors import reader_of
from answerable.customers.actions.merging import merge as merge_contacts
from answerable.customers.models import Contact
from answerable.desk.actions.conversations import open_conversation, set_status
from answerable.desk.actions.messages import receive, reply
from answerable.desk.actions.rearranging.merging import merge
from answerable.desk.models import Conversation, Delivery
from answerable.events.live.hint import Hint
from answerable.events.models import PendingReaction
from answerable.events.record import reactions
from tests.at_once import at_the_same_time
from tests.cast import Cast, play
from tests.channels.chat.browser import SHOP, Browser, open_chat


def signed(widget: Widget, address: str = "", external_id: str = "") -> dict[str, str]:
    said = f"{external_id}\n{address.lower()}".encode()
    signature = hmac.new(identity_secret(widget).encode(), said, hashlib.sha256).hexdigest()
    return {"external_id": external_id, "address": address, "name": "Nino", "hmac": signature}


def react() -> None:
    """As the worker does."""
    for owed in PendingReaction.objects.select_related("event"):
        for reaction in reactions()[owed.event.verb]:
            reaction(owed.event)
        owed.delete()


def seen_by(browser: Browser) -> list[str]:
    return [each["preview"] for each in browser.ask().json()["conversations"]]


def test_who_is_signed_finds_their_conversations_in_another_browser(cast: Cast, widget: Widget) -> None:
    phone, laptop, liar = Browser(widget), Browser(widget), Browser(widget)
    phone.write("From the phone")
    assert phone.post("identities/", **signed(widget, "Nino@harbour.example", "7")).status_code == 204
    react()
    assert Conversation.objects.get(pk=phone.conversation).contact == cast.nino
    liar.write("I am Nino, believe me")
    liar.post("addresses/", address="nino@harbour.example", wait="1")
    assert laptop.post("identities/", **signed(widget, "nino@harbour.example", "7")).status_code == 204
    assert seen_by(laptop) == ["From the phone"]
    assert seen_by(liar) == ["I am Nino, believe me"]
    laptop.conversation = phone.conversation
    laptop.write("From the laptop")
    assert phone.texts() == ["From the phone", "From the laptop"]
    assert laptop.post("identities/", **signed(widget, "dace@customer.example")).status_code == 409


def test_a_signature_that_does_not_fit_is_refused(cast: Cast, widget: Widget) -> None:
    browser = Browser(widget)
    good = signed(widget, "nino@harbour.example", "7")
    for wrong in ({"address": "dace@customer.example"}, {"external_id": "8"}, {"hmac": "0" * 64}, {"hmac": "é"}):
        assert browser.post("identities/", **(good | wrong)).status_code == 403
    assert not Visitor.objects.exists()
    rotate_secret(widget, by=cast.ada)
    assert browser.post("identities/", **good).status_code == 204, "the one before is good for a day"
    Widget.objects.update(rotated_at=timezone.now() - timedelta(days=2))
    assert Browser(widget).post("identities/", **good).status_code == 403


def test_an_id_alone_is_enough_for_the_same_person(cast: Cast, widget: Widget) -> None:
    one, other = Browser(widget), Browser(widget)
    one.post("identities/", **signed(widget, external_id="member-7"))
    one.write("Hello")
    other.post("identities/", **signed(widget, external_id="member-7"))
    assert seen_by(other) == ["Hello"]


def by_mail(cast: Cast, contact: Contact) -> Conversation:
    """What we have told them by mail."""
    row = open_conversation(inbox=cast.support_inbox, contact=contact, subject="My order", by=None)
    receive(row, contact=contact, text="Where is it?")
    reply(row, text="At your door in Riga.", by=cast.bob, seen_event=None, anyway=True)
    Delivery.objects.update(state="sent")
    return row


def taken_for(contact: Contact, browser: Browser, into: Conversation, cast: Cast) -> None:
    """Bob believes what somebody says of themselves."""
    chat = Conversation.objects.get(pk=browser.conversation)
    if chat.contact != contact:
        merge_contacts(contact, absorb=chat.contact, by=cast.bob)
        react()
    merge(into, absorb=[chat], by=cast.bob)


def test_who_is_only_taken_for_somebody_reads_nothing_that_went_to_them(cast: Cast, widget: Widget) -> None:
    liar, dace = Browser(widget), Browser(widget)
    liar.write("I am Dace, believe me", name="Dace")
    letter = by_mail(cast, cast.dace)
    taken_for(cast.dace, liar, letter, cast)
    liar.write("So where is it?")
    assert "Riga" not in liar.ask().text
    liar.conversation = letter.pk
    assert liar.read().status_code == 404
    dace.post("identities/", **signed(widget, "dace@customer.example"))
    dace.write("It is really me")
    taken_for(cast.dace, dace, letter, cast)
    said = dace.write("And now?").json()
    assert said["conversation"] == letter.pk
    assert "At your door in Riga." in dace.texts()


def test_who_wrote_to_a_closed_conversation_goes_on_in_another(cast: Cast, widget: Widget) -> None:
    browser = Browser(widget)
    browser.write("Hello")
    first = Conversation.objects.get()
    set_status(first, to="closed", by=None)
    browser.write("Hello again")
    assert browser.conversation != first.pk
    assert browser.texts() == ["Hello again"]


def test_whom_we_took_for_somebody_is_not_confirmed_as_them_nor_they_as_another(cast: Cast, widget: Widget) -> None:
    liar, newcomer, dace = Browser(widget), Browser(widget), Browser(widget)
    dace.post("identities/", **signed(widget, "dace@customer.example"))
    dace.write("Of Dace")
    known = Contact.objects.create(name="Somebody who telephones")
    open_conversation(inbox=cast.support_inbox, contact=known, subject="A call", by=None)
    for browser, contact in ((liar, cast.dace), (newcomer, known)):
        browser.write("Believe me")
        merge_contacts(contact, absorb=Conversation.objects.get(pk=browser.conversation).contact, by=cast.bob)
    react()
    assert liar.post("identities/", **signed(widget, external_id="member-13")).status_code == 204
    assert newcomer.post("identities/", **signed(widget, "nino@harbour.example")).status_code == 204
    react()
    assert seen_by(liar) == ["Believe me"]
    known.refresh_from_db()
    assert known.merged_into is None
    assert Conversation.objects.get(subject="A call").contact == known


@pytest.mark.django_db(transaction=True)
def test_the_same_twice_at_once_is_done_once() -> None:
    widget, secret = open_chat(play().support_inbox), "s" * 43
    cache.clear()
    letter = {"once": "letter-1", "name": "Zane", "address": "zane@new.example", "text": "Call me"}
    asked: list[Any] = []

    def ask(path: str, **given: str) -> None:
        asked.append(Browser(widget, secret=secret).post(path, **given).status_code)

    for path, given in (
        ("letters/", letter),
        ("codes/", {"address": "zane@new.example"}),
        ("messages/", {"once": "message-1", "text": "Hello"}),
    ):
        assert not at_the_same_time(*[partial(ask, path, **given)] * 2)
    assert asked == [201] * 6
    assert sorted(Conversation.objects.values_list("channel", flat=True)) == ["chat", "form"]
    assert Visitor.objects.count() == 1


@pytest.fixture
def mailed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is asked to be mailed later."""
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(mail_code, "later", lambda **given: asked.append(given))
    return asked


def test_a_mailed_code_opens_them_and_guessing_does_not(
    cast: Cast, widget: Widget, mailed: list[dict[str, Any]], settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    known = Browser(widget)
    known.post("identities/", **signed(widget, "nino@harbour.example"))
    known.write("My order")
    before = Contact.objects.count()
    browser = Browser(widget, language="lv")
    assert browser.post("codes/", address="nino@harbour.example").status_code == 201
    mail_code(**mailed[-1])
    assert mail.outbox[-1].from_email == "Example <answerable@localhost>"
    found = re.search(r"\b\d{6}\b", mail.outbox[-1].body)
    assert found
    code = found[0]
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert browser.post("confirmations/", code=wrong).status_code == 422
    assert seen_by(browser) == []
    assert browser.post("confirmations/", code=f"{code[:3]} {code[3:]}").status_code == 204
    assert seen_by(browser) == ["My order"]
    assert Contact.objects.filter(merged_into=None).count() == before
    other = Browser(widget)
    other.post("codes/", address="nino@harbour.example")
    code, wrong = mailed[-1]["code"], f"{(int(mailed[-1]['code']) + 1) % 1_000_000:06d}"
    for _attempt in range(5):
        other.post("confirmations/", code=wrong)
    assert other.post("confirmations/", code=code).status_code == 422, "enough was guessed"
    assert seen_by(other) == []


def test_what_was_answered_by_mail_is_found_by_who_reads_that_mail(
    cast: Cast, widget: Widget, mailed: list[dict[str, Any]]
) -> None:
    """Nobody knew whose the first browser was. What is written in the other one is not for it to read."""
    phone, laptop = Browser(widget), Browser(widget)
    phone.write("Is anybody there?")
    phone.write("My order is late")
    phone.post("addresses/", address="guest@customer.example", wait="1")
    first = phone.conversation
    confirm(laptop, "guest@customer.example", mailed)
    assert seen_by(laptop) == [], "so far it is the word of the first browser alone"
    answer = reply(Conversation.objects.get(), text="It left today.", by=cast.bob, seen_event=None, anyway=True)
    sent = Delivery.objects.filter(message=answer)
    sent.update(channel="email", state="sent", recipients=["guest@customer.example"])
    assert seen_by(laptop) == ["It left today."]
    laptop.conversation = first
    assert laptop.texts() == ["My order is late", "It left today."], "what the mail holds"
    phone.write("My card is 4111 1111 1111 1111")
    reply(Conversation.objects.get(), text="Thank you.", by=cast.bob, seen_event=None, anyway=True)
    assert laptop.texts() == ["My order is late", "It left today."]
    assert seen_by(laptop) == ["It left today."]
    for path, fields in (("endings/", {}), ("ratings/", {"score": 1}), ("calls/", {"phone": "+371 20000000"})):
        assert laptop.post(path, conversation=first, **fields).status_code in (404, 422)
    assert Conversation.objects.get().status != "solved"
    laptop.write("To which town?")
    assert laptop.conversation != first
    later = Conversation.objects.get(pk=laptop.conversation)
    assert (later.follows_id, later.contact.addresses.get().value) == (first, "guest@customer.example")
    assert len(phone.texts()) == 5
    stranger = Browser(widget)
    confirm(stranger, "nino@harbour.example", mailed)
    assert seen_by(stranger) == []
    phone.post("addresses/", address="nino@harbour.example", wait="1")
    assert seen_by(stranger) == [], "nothing was mailed there"
    sent.update(recipients=["nino@harbour.example"])
    assert seen_by(stranger) == ["It left today."]
    confirm(phone, "guest@customer.example", mailed)
    phone.post("addresses/", address="nino@harbour.example", wait="1")
    assert seen_by(stranger) == [], "by now it is known whose browser that is"


def confirm(browser: Browser, address: str, mailed: list[dict[str, Any]]) -> None:
    """By the code in the mail."""
    browser.post("codes/", address=address)
    assert browser.post("confirmations/", code=mailed[-1]["code"]).status_code == 204


def test_the_stream_is_heard_by_its_visitor_alone(cast: Cast, widget: Widget) -> None:
    visitor, other = Browser(widget), Browser(widget)
    visitor.write("Hello")
    other.write("Hello, too")
    headers = {b"authorization": f"Bearer {visitor.secret}".encode(), b"origin": SHOP.encode()}
    reader = reader_of(headers, f"key={widget.key}")
    assert reader is not None
    assert (b"access-control-allow-origin", SHOP.encode()) in reader.headers
    team = cast.support.pk
    heard = [
        (root, verb)
        for root in (f"conversation-{visitor.conversation}", f"conversation-{other.conversation}")
        for verb in ("message.sent", "note.added", "conversation.tagged")
        if reader.may_hear(Hint(1, verb, root, team))
    ]
    assert heard == [(f"conversation-{visitor.conversation}", "message.sent")]
    missed = reader.missed(0)
    assert missed is not None
    assert {hint.root for hint in missed} == {f"conversation-{visitor.conversation}"}
    for wrong in ({b"origin": b"https://evil.example"}, {b"authorization": b"Bearer x"}, {b"authorization": b""}):
        assert reader_of({**headers, **wrong}, f"key={widget.key}") is None
    assert reader_of(headers, "key=other") is None
    Visitor.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    assert reader.standing([reader]) == {reader.key}
    assert Visitor.objects.filter(seen_at__gt=timezone.now() - timedelta(minutes=1)).count() == 1
