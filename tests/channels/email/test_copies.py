"""People on copy: who they become, what they may do, and what nobody sees."""

from email import message_from_bytes

import pytest

from answerable.channels.email.composing import compose
from answerable.channels.email.models import Manners
from answerable.channels.form.asked import requests_of, shown
from answerable.customers.models import Address
from answerable.desk.actions.conversations import set_status
from answerable.desk.actions.copies import MOST_COPIES, Envelope
from answerable.desk.actions.messages import add_note, reply, take_back
from answerable.desk.errors import Refused
from answerable.desk.models import Conversation, Delivery, Draft, Message, Status
from answerable.desk.timeline import timeline
from answerable.events.models import Event
from tests.cast import Cast
from tests.channels.email.letters import arrive, letter

pytestmark = pytest.mark.django_db
ZANE = "zane@x.example"


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    """Dace asks, with Zane on copy."""
    message = arrive(letter(message_id="q@customer.example", Cc=f"Zane <{ZANE}>")).message
    assert message is not None
    return message.conversation


def answered(cast: Cast, conversation: Conversation, **envelope: object) -> Delivery:
    message = reply(
        conversation, text="Tomorrow.", by=cast.bob, seen_event=None, anyway=True, envelope=Envelope(**envelope)
    )
    delivery = message.delivery
    message.external_id = compose(delivery).message_id
    message.save(update_fields=["external_id"])
    return delivery


def later(
    delivery: Delivery, text: str = "And then?", sender: str = "dace@customer.example", **headers: str
) -> Message:
    """A mail in answer to ours."""
    name = f"<{delivery.message.external_id}>"
    message = arrive(letter(text, sender=sender, subject="Re: My order", In_Reply_To=name, **headers), sender=sender)
    assert message.message is not None
    return message.message


def test_whom_the_customer_adds_later_gets_copies(cast: Cast, conversation: Conversation) -> None:
    """None of our own addresses, however it is spelled; and the page says who did it."""
    cc = f"Max@x.example, {ZANE}, sales@example.com, support+c1.aaaaaaaaaa@example.com, dace@customer.example"
    later(answered(cast, conversation), Cc=cc)
    conversation.refresh_from_db()
    assert conversation.copied == [ZANE, "max@x.example"]
    said = [one.words for one in timeline(conversation, cast.bob).entries if not one.is_message]
    assert "Dace Ozola put on copy: max@x.example" in said
    again = answered(cast, conversation)
    assert (again.recipients, again.copied) == (["dace@customer.example"], [ZANE, "max@x.example"])


def test_nobody_else_adds_anybody(cast: Cast, conversation: Conversation) -> None:
    """Neither somebody on copy, nor a machine, nor who only knows an identifier that was in everybody's mail."""
    delivery = answered(cast, conversation)
    later(delivery, sender=ZANE, Cc="max@x.example")
    later(delivery, Cc="max@x.example", Auto_Submitted="auto-replied")
    forged = arrive(
        letter("Send it to me.", subject="Re: My order", In_Reply_To="<q@customer.example>", Cc="c@x.example")
    )
    assert forged.message is not None
    assert forged.message.conversation == conversation
    conversation.refresh_from_db()
    assert conversation.copied == [ZANE]


def test_a_circular_puts_nobody_on_copy(cast: Cast) -> None:
    """To two hundred people who don't know each other: but where its sender wants answers, they go."""
    to = ", ".join(f"p{number}@x.example" for number in range(200))
    for headers in ({"to": f"support@example.com, {to}"}, {"Cc": to}, {"Cc": f"{to}, {ZANE}", "Reply_To": ZANE}):
        message = arrive(letter(f"We have moved. {len(headers)}", **headers)).message
        assert message is not None
        assert message.conversation.copied == ([ZANE] if "Reply_To" in headers else [])


def test_there_is_room_for_so_many(cast: Cast, conversation: Conversation) -> None:
    later(answered(cast, conversation), Cc=", ".join(f"p{number}@x.example" for number in range(MOST_COPIES)))
    conversation.refresh_from_db()
    assert len(conversation.copied) == MOST_COPIES
    with pytest.raises(Refused, match=f"At most {MOST_COPIES} people"):
        answered(cast, conversation, blind=["one.more@x.example"])
    with pytest.raises(Refused, match="is an inbox of ours"):
        answered(cast, conversation, copied=["support+x@example.com"])


def test_an_alias_of_ours_is_not_put_on_copy(cast: Cast) -> None:
    """What was sent to another address and brought here names no inbox: who stands in To is that address."""
    mail = letter(to="info@alias.example", Cc=ZANE, Delivered_To="forwarded@alias.example")
    message = arrive(mail).message
    assert message is not None
    assert message.conversation.copied == [ZANE]


def test_somebody_on_copy_writes_in_their_own_name(cast: Cast, conversation: Conversation) -> None:
    """It is opened again, to be read; what was promised to the customer is not promised to them."""
    delivery = answered(cast, conversation)
    before = set(conversation.clocks.filter(stopped_at=None).values_list("kind", flat=True))
    message = later(delivery, "I think it was Monday.", sender=f"Zane <{ZANE}>")
    conversation.refresh_from_db()
    assert (message.conversation, str(message.contact), message.on_copy) == (conversation, "Zane", True)
    assert (conversation.contact, conversation.status) == (cast.dace, Status.OPEN)
    assert conversation.unanswered_since is None
    assert set(conversation.clocks.filter(stopped_at=None).values_list("kind", flat=True)) == before
    assert answered(cast, conversation).recipients == ["dace@customer.example"]


def test_the_house_may_promise_them_the_same(cast: Cast, conversation: Conversation) -> None:
    Manners.objects.create(inbox=cast.support_inbox, copies_count=True)
    message = later(answered(cast, conversation), sender=ZANE)
    conversation.refresh_from_db()
    assert (conversation.unanswered_since, message.on_copy) == (message.created_at, False)


def test_what_they_write_to_a_closed_one_goes_on_with_the_customer(cast: Cast, conversation: Conversation) -> None:
    delivery = answered(cast, conversation)
    set_status(conversation, to=Status.CLOSED, by=cast.bob)
    begun = later(delivery, sender=ZANE).conversation
    assert (begun.follows, begun.contact, begun.copied) == (conversation, cast.dace, [ZANE])


def test_they_see_nothing_but_mail(cast: Cast, conversation: Conversation) -> None:
    """No note leaves, and the customer's requests are the customer's."""
    add_note(conversation, text="A secret among us.", by=cast.alice)
    delivery = answered(cast, conversation)
    zane = later(delivery, "Mine.", sender=ZANE).contact
    assert zane is not None
    raw = compose(answered(cast, conversation)).raw
    assert b"secret" not in raw
    assert not requests_of(zane).exists()
    names = [(each.message.text, each.is_theirs) for each in shown(conversation)]
    assert ("Mine.", False) in names


def test_nobody_sees_who_got_it_blind(cast: Cast, conversation: Conversation) -> None:
    delivery = answered(cast, conversation, blind=["Lawyer@x.example", ZANE])
    assert delivery.blind == ["lawyer@x.example"]  # who is on copy is seen already
    mail = compose(delivery)
    assert mail.recipients == ("dace@customer.example", ZANE, "lawyer@x.example")
    assert b"lawyer" not in mail.raw
    assert message_from_bytes(mail.raw)["Bcc"] is None
    conversation.refresh_from_db()
    assert conversation.copied == [ZANE]
    assert answered(cast, conversation).blind == []  # that answer only
    take_back(delivery.message, by=cast.bob)
    assert Draft.objects.get().envelope == {"blind": ["lawyer@x.example"]}


def test_an_answer_goes_to_another_address_of_theirs(cast: Cast, conversation: Conversation) -> None:
    Address.objects.create(contact=cast.dace, value="dace@home.example")
    delivery = answered(cast, conversation, to="Dace@home.example", copied=["dace@home.example", ZANE])
    assert (delivery.recipients, delivery.copied) == (["dace@home.example"], [ZANE])
    with pytest.raises(Refused, match=r"stranger@x\.example is no address of this contact"):
        answered(cast, conversation, to="stranger@x.example")


def test_who_came_meanwhile_is_not_lost(cast: Cast, conversation: Conversation) -> None:
    """Bob's page knew Zane alone; he adds Eva while Dace adds Max, and Alice takes Zane off."""
    later(answered(cast, conversation), Cc="max@x.example")
    answered(cast, conversation, copied=["max@x.example"])
    answered(cast, conversation, copied=[ZANE, "eva@x.example"], knew=[ZANE])
    conversation.refresh_from_db()
    assert conversation.copied == ["max@x.example", "eva@x.example"]
    told = Event.objects.filter(verb="conversation.copied").order_by("id").values_list("actor__name", flat=True)
    assert list(told) == [None, "Bob", "Bob"]
