"""Customers behind forms and mailing lists: they are the contact, and nobody becomes one of them by saying so."""

from itertools import count

import pytest
from click.testing import CliRunner
from django.conf import LazySettings

from answerable.channels.email.composing import compose
from answerable.channels.email.identity import signer
from answerable.channels.email.models import Arrival, Manners
from answerable.customers.models import Address
from answerable.desk.actions.asides import open_aside
from answerable.desk.actions.messages import reply
from answerable.desk.models import Conversation, Delivery, Message
from answerable.site.commands.mail import command
from tests.cast import Cast
from tests.channels.email.letters import SUPPORT, arrive, decide, letter

ANNA, BORIS = "Anna Kalniņa <anna@visitor.example>", "Boris <boris@other.example>"
FORM = "Shop <noreply@example.com>"
_numbers = count()


def contact_of(arrival: Arrival) -> tuple[str, str]:
    """Name and address of whom its conversation is with."""
    assert arrival.message is not None
    contact = arrival.message.conversation.contact
    return contact.name, contact.addresses.get().value


def form(sender: str = FORM, visitor: str = ANNA, **more: str) -> bytes:
    """What a form on a site sends."""
    more = {"message_id": f"{next(_numbers)}@example.com", "Reply_To": visitor, **more}
    return letter(f"From: {visitor}\nDo you ship to Ventspils?", sender=sender, subject="Contact", **more)


@pytest.mark.parametrize(
    ("sender", "more"),
    [
        (FORM, {}),
        ("WordPress <wordpress@example.com>", {"X_Mailer": "PHPMailer 6.9.1"}),
        ("no-reply@hosting.example", {}),
        ("Do Not Reply <do_not-reply+7@hosting.example>", {}),
        ("notifications-noreply@hosting.example", {}),
        ("www-data@web3.hosting.example", {}),
        ("Support <support@example.com>", {}),
        ("support+web@example.com", {}),
        ("webform@example.com", {}),
        ("info@example.com", {"X_WPCF7_Content_Type": "text/plain"}),
        ("info@example.com", {"X_Mailer": "PHPMailer 6.9.1 (https://github.com/PHPMailer/PHPMailer)"}),
        ("Example Books (Shopify) <mailer@shopify.com>", {}),
        ("Typeform <notifications@followups.typeform.io>", {"List_Unsubscribe": "<https://typeform.io/u>"}),
        ("Squarespace <form-submission@squarespace.info>", {}),
        ("Formspree <submissions@formspree.io>", {}),
        ("Notifications <no-reply@crm.wix.com>", {}),
        ("Google Forms <forms-receipts-noreply@google.com>", {}),
    ],
)
def test_a_form_brings_its_visitor(cast: Cast, sender: str, more: dict[str, str]) -> None:
    arrival = arrive(form(sender, **more))
    assert (arrival.outcome, contact_of(arrival)) == ("opened", ("Anna Kalniņa", "anna@visitor.example"))
    assert arrival.message is not None
    assert arrival.message.written_from == "anna@visitor.example"
    assert arrival.message.conversation.copied == []
    assert arrival.message.conversation.unanswered_since == arrival.received_at, "a person waits for an answer"
    assert "anna@visitor.example" in arrival.reason
    assert arrival.sender in sender, "the ledger keeps who sent it, for whom the check of senders stands"


@pytest.mark.parametrize(
    ("sender", "more"),
    [
        ("Dace Ozola <dace@customer.example>", {}),
        ("Norepinephrine <norep@customer.example>", {}),
        ("Bob <bob@example.com>", {}),
        ("info@example.com", {}),
        ("Webmaster <webform@customer.example>", {"X_Mailer": "PHPMailer 6.9.1"}),
        ("News <noreply@news.example>", {"List_Unsubscribe": "<mailto:out@news.example>"}),
        ("News <no-reply@news.example>", {"Precedence": "bulk"}),
        ("Typeform <hello@typeform.com>", {"Reply_To": "help@typeform.com"}),
        (FORM, {"Reply_To": f"{ANNA}, {BORIS}"}),
        (FORM, {"Reply_To": "support@example.com"}),
        (FORM, {"Reply_To": "no-reply@hosting.example"}),
        (FORM, {"Reply_To": FORM}),
        (
            "Max <max@customer.example>",
            {"X_Original_Sender": "anna@visitor.example", "List_Id": "<l.customer.example>"},
        ),
    ],
)
def test_everybody_else_is_who_they_are(cast: Cast, sender: str, more: dict[str, str]) -> None:
    headers = {"Reply_To": ANNA, **more}
    message = arrive(letter(sender=sender, **headers)).message
    assert message is not None
    assert message.written_from in sender
    assert message.contact is not None
    assert message.contact.addresses.get().value == message.written_from


def test_visitors_are_kept_apart_and_answered(cast: Cast) -> None:
    """One form, one subject, one thread even: each has a conversation, and the answer goes to nobody else."""
    thread = {"References": "<form-7@example.com>"}
    one = arrive(form(message_id="1@example.com", **thread)).message
    two = arrive(form(visitor=BORIS, message_id="2@example.com", In_Reply_To="<1@example.com>", **thread)).message
    assert one is not None
    assert two is not None
    assert one.conversation != two.conversation
    assert two.conversation.follows is None
    sent = reply(one.conversation, text="Yes.", by=cast.bob, seen_event=None, anyway=True)
    delivery = Delivery.objects.get(message=sent)
    assert (delivery.recipients, delivery.copied) == (["anna@visitor.example"], [])
    assert compose(delivery).recipients == ("anna@visitor.example",)


def test_they_answer_from_their_own_mailbox(cast: Cast) -> None:
    conversation = opened(form())
    arrival = arrive(letter("Thank you.", sender=ANNA, In_Reply_To=f"<{answered(cast, conversation)}>"))
    assert (arrival.outcome, arrival.message and arrival.message.conversation) == ("appended", conversation)


@pytest.mark.parametrize("sender", [FORM, "nobody@attacker.example", "Support <support@example.com>"])
def test_nobody_gets_in_by_reply_to(cast: Cast, sender: str) -> None:
    """Her address and an identifier that was in everybody's copy open a conversation without anybody on copy."""
    conversation = opened(letter(sender=ANNA, message_id="q@visitor.example", Cc="thief@attacker.example"))
    forged = form(sender, In_Reply_To="<q@visitor.example>", Cc="thief@attacker.example")
    arrival = arrive(forged)
    assert arrival.outcome == "opened"
    assert arrival.message is not None
    begun = arrival.message.conversation
    assert begun != conversation
    assert (begun.contact, begun.follows, begun.copied) == (conversation.contact, None, [])


def test_an_answer_to_ours_through_a_form_needs_the_mark_and_the_address(cast: Cast) -> None:
    conversation = opened(form())
    ours = f"<{answered(cast, conversation)}>"
    hers, his = arrive(form(In_Reply_To=ours)), arrive(form(visitor=BORIS, In_Reply_To=ours))
    assert (hers.outcome, his.outcome) == ("appended", "opened")


def test_no_third_party_is_reached_by_reply_to(cast: Cast) -> None:
    """Whoever asks us holds a mark of his own conversation; a supplier asked beside it is not spoken for by that."""
    conversation = opened(letter(sender=BORIS))
    ours = answered(cast, conversation)
    open_aside(conversation, to="mill@supplier.example", subject="Paper", text="When?", by=cast.bob)
    arrival = arrive(form("nobody@attacker.example", "mill@supplier.example", In_Reply_To=f"<{ours}>"))
    assert arrival.outcome == "opened"
    assert arrival.message is not None
    assert (arrival.message.conversation.beside, arrival.message.conversation.follows) == (None, None)


def test_what_vouches_for_the_form_does_not_vouch_for_the_visitor(cast: Cast, settings: LazySettings) -> None:
    """Bob's address in Reply-To writes no note in Bob's name; the ledger's check is of the form's domain."""
    settings.MAIL_AUTHSERV = "mx.example.com"
    conversation = opened(form())
    passed = "mx.example.com; dmarc=pass header.from=example.com"
    ours = f"<{answered(cast, conversation)}>"
    arrival = arrive(form(visitor="bob@example.com", In_Reply_To=ours, Authentication_Results=passed))
    assert arrival.authentication["words"] == "example.com confirms that it sent this"
    assert (arrival.outcome, arrival.sender) == ("opened", "noreply@example.com")
    assert not Message.objects.filter(user=cast.bob, kind="note").exists()
    arrival = arrive(form(In_Reply_To=ours, Cc="thief@attacker.example", Authentication_Results=passed))
    assert arrival.outcome == "appended"
    conversation.refresh_from_db()
    assert conversation.copied == []


def test_no_machine_of_ours_writes_to_whom_a_form_names(cast: Cast) -> None:
    """A thousand strangers' addresses in Reply-To are a thousand conversations, and no mail."""
    Manners.objects.create(inbox=cast.support_inbox, acknowledges=True)
    arrive(form())
    assert not Delivery.objects.exists()
    arrive(letter())
    assert Delivery.objects.get().recipients == ["dace@customer.example"]


def test_a_dead_address_is_not_alive_because_it_is_typed_in(cast: Cast) -> None:
    opened(form())
    address = Address.objects.get(value="anna@visitor.example")
    Address.objects.filter(pk=address.pk).update(bounced_at=address.created_at)
    arrive(form())
    address.refresh_from_db()
    assert address.bounced_at is not None


GROUP = {
    "List_Id": "<support.example.com>",
    "List_Post": "<https://groups.google.com/a/example.com/group/support/post>, <mailto:support@example.com>",
    "Precedence": "list",
}
VIA = "\"'Anna Kalniņa' via Support\" <support@example.com>"


@pytest.mark.parametrize(
    "more",
    [
        {"X_Original_Sender": "anna@visitor.example", "X_Original_From": ANNA, "Reply_To": ANNA},
        {"X_Original_Sender": "anna@visitor.example", "Reply_To": ANNA},
        {"X_Original_Sender": "anna@visitor.example", "Reply_To": "support@example.com"},
        {"X_Mailman_Original_From": ANNA, "Reply_To": f"Support <support@example.com>, {ANNA}"},
        {"Reply_To": ANNA},
    ],
)
def test_a_group_that_rewrites_from_brings_its_author(cast: Cast, more: dict[str, str]) -> None:
    """By the name before " via ", where no header says it; and a person waits, though it came by a list."""
    arrival = arrive(letter(sender=VIA, Cc=f"Zane <zane@x.example>, {SUPPORT}", **GROUP, **more))
    assert contact_of(arrival) == ("Anna Kalniņa", "anna@visitor.example")
    assert arrival.message is not None
    assert not arrival.message.automatic
    assert arrival.message.conversation.copied == ["zane@x.example"]


def test_a_forged_group_puts_nobody_on_copy(cast: Cast, settings: LazySettings) -> None:
    """Our domain says that it did not send this: else a stranger would have our answers to Anna sent to himself."""
    settings.MAIL_AUTHSERV = "mx.example.com"
    for verdict, copied in (("fail", []), ("pass", ["zane@x.example"])):
        more = {**GROUP, "X_Original_From": ANNA, "Authentication_Results": f"mx.example.com; dmarc={verdict}"}
        conversation = opened(letter(verdict, sender=VIA, Cc=f"zane@x.example, {SUPPORT}", **more))
        assert (str(conversation.contact), conversation.copied) == ("Anna Kalniņa", copied)


def test_a_form_by_a_pipe(cast: Cast) -> None:
    assert CliRunner().invoke(command, ["receive", "--to", SUPPORT], input=form()).exit_code == 0
    decide()
    assert Conversation.objects.get().contact.name == "Anna Kalniņa"


def test_a_form_that_writes_to_a_group(cast: Cast) -> None:
    more = {"X_Original_Sender": "wordpress@example.com", "X_Original_From": "Shop <wordpress@example.com>"}
    arrival = arrive(form("\"'Shop' via Support\" <support@example.com>", **GROUP, **more))
    assert contact_of(arrival) == ("Anna Kalniņa", "anna@visitor.example")


def test_a_group_of_ours_beside_the_inbox(cast: Cast) -> None:
    """Its address is no inbox, and nobody on copy; whose From it leaves alone is no machine for it either."""
    group = {**GROUP, "List_Post": "<mailto:hello@example.com>"}
    to = {"to": "hello@example.com", "Reply_To": "hello@example.com"}
    rewritten = arrive(
        letter(sender="Anna via Hello <hello@example.com>", X_Original_Sender="anna@visitor.example", **group, **to)
    )
    assert contact_of(rewritten) == ("Anna", "anna@visitor.example")
    kept = arrive(letter(**group, **to))
    for arrival in (rewritten, kept):
        assert arrival.message is not None
        assert not arrival.message.automatic
        assert arrival.message.conversation.copied == []


def test_other_peoples_lists_and_our_newsletter_stay_what_they_are(cast: Cast) -> None:
    lists = [
        {"sender": "Anna via Talk <talk@list.example>", "List_Post": "<mailto:talk@list.example>"},
        {"sender": "News <news@example.com>", "List_Id": "<news.example.com>", "List_Post": "NO"},
    ]
    for number, headers in enumerate(lists):
        message = arrive(letter(f"{number}", Reply_To=ANNA, Precedence="list", **headers)).message
        assert message is not None
        assert message.automatic
        assert message.written_from in headers["sender"]


def test_an_answer_by_the_group_joins(cast: Cast) -> None:
    """With our mark; without it, it is a matter of its own."""
    more = {**GROUP, "X_Original_From": ANNA}
    conversation = opened(letter(sender=VIA, message_id="g@visitor.example", **more))
    marked = arrive(letter("Thanks.", sender=VIA, In_Reply_To=f"<{answered(cast, conversation)}>", **more))
    unmarked = arrive(letter("And?", sender=VIA, In_Reply_To="<g@visitor.example>", **more))
    assert (marked.outcome, unmarked.outcome) == ("appended", "opened")


def opened(raw: bytes) -> Conversation:
    message = arrive(raw).message
    assert message is not None
    return message.conversation


def answered(cast: Cast, conversation: Conversation) -> str:
    """The Message-ID Bob's answer leaves under."""
    message = reply(conversation, text="Tomorrow.", by=cast.bob, seen_event=None, anyway=True)
    return signer("example.com").message_id(conversation.pk, message.pk)
