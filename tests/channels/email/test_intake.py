"""From the ledger into conversations: one outcome each, whatever comes."""

import threading
from email.message import EmailMessage

import pytest
from django.db import connections

from answerable.channels.email import batch, intake
from answerable.channels.email.identity import signer
from answerable.channels.email.intake import take_in
from answerable.channels.email.listener import keep
from answerable.channels.email.models import Arrival
from answerable.customers.models import Address, Contact
from answerable.desk.actions.conversations import set_status
from answerable.desk.actions.messages import reply
from answerable.desk.entries import parts
from answerable.desk.models import Conversation, Delivery, Inbox, Kind, Message, Notice, Status
from answerable.events.models import Event, noun
from tests.cast import Cast
from tests.channels.email.letters import SUPPORT, arrive, decide, letter

Outcome = Arrival.Outcome


def answer(cast: Cast, conversation: Conversation) -> str:
    """Bob answers; the Message-ID his answer leaves under."""
    message = reply(conversation, text="Tomorrow.", by=cast.bob, seen_event=None, anyway=True)
    Delivery.objects.filter(message=message).update(state=Delivery.State.SENT)
    return signer("example.com").message_id(conversation.pk, message.pk, "abcdefgh")


def test_a_mail_opens_a_conversation(cast: Cast) -> None:
    arrival = arrive(
        letter("Kur ir mans pasūtījums, lūdzu?", message_id="a@customer.example", Cc="Zane <zane@x.example>")
    )
    assert (arrival.outcome, arrival.reason) == (Outcome.OPENED, "a new conversation")
    conversation = arrival.message.conversation
    assert (conversation.contact, conversation.inbox, conversation.team) == (
        cast.dace,
        cast.support_inbox,
        cast.support,
    )
    assert (conversation.subject, conversation.language) == ("My order", "lv")
    assert conversation.copied == ["zane@x.example"]
    assert arrival.message.external_id == "a@customer.example"
    assert arrival.message.created_at == arrival.received_at
    assert arrival.message.sent_at.isoformat() == "2026-11-21T08:00:00+00:00"
    assert conversation.unanswered_since == arrival.received_at


def test_who_is_not_known_becomes_known_with_a_language(cast: Cast) -> None:
    arrival = arrive(
        letter("გამარჯობა, როდის მოვა ჩემი შეკვეთა?", sender="Gia <Gia@Harbour.example>"), sender="gia@harbour.example"
    )
    contact = arrival.message.contact
    assert (contact.name, contact.organisation) == ("Gia", cast.harbour)
    assert list(contact.addresses.values_list("value", flat=True)) == ["gia@harbour.example"]
    assert arrival.message.conversation.language == "ka"
    assert Event.objects.filter(verb="contact.added", subject=noun(contact)).count() == 1


def test_no_other_language_is_taken_for_the_inboxes(cast: Cast) -> None:
    """What is too short to say is the inbox's; Russian is none of ours."""
    Inbox.objects.filter(pk=cast.support_inbox.pk).update(language="en")
    letters = {"Ok": "en", "Здравствуйте! Подскажите, пожалуйста, когда придёт мой заказ?": ""}
    for number, (words, language) in enumerate(letters.items()):
        arrival = arrive(letter(words, subject="", sender=f"n{number}@x.example", message_id=f"{number}@x.example"))
        assert arrival.message.conversation.language == language


def test_no_heading_turns_its_line_around(cast: Cast) -> None:
    """A right-to-left override would show "exe.png", and what stands beside it backwards."""
    arrival = arrive(letter("see \u202ethis", subject="Invoice \u202egnp.exe", sender="Bi\u202edi <b@x.example>"))
    conversation = arrival.message.conversation
    assert (conversation.subject, conversation.preview) == ("Invoice gnp.exe", "see this")
    assert arrival.message.contact.name == "Bidi"
    assert arrival.message.text == "see \u202ethis", "what was written stays as it was written"


@pytest.mark.parametrize(
    "words",
    [
        "It is blue.\n\nOn 20.11.2026 12:00, Bob wrote:\n> Which colour?\n> Tell us.",
        "On 20.11.2026 12:00, Bob wrote:\n> Which colour?\n\nIt is blue.",
        "> Which colour?\nIt is\n> Tell us.\nblue.\n-- \nDace\n+371 2000 0000",
    ],
)
def test_a_list_shows_what_is_new_in_a_mail(cast: Cast, words: str) -> None:
    assert arrive(letter(words)).message.conversation.preview == "It is blue."


def test_a_mail_of_a_quote_alone_is_known_by_it(cast: Cast) -> None:
    assert arrive(letter("> Which colour?")).message.conversation.preview == "> Which colour?"


def test_a_mail_of_a_file_alone_is_known_by_its_name(cast: Cast) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "b@x.example", "support@example.com", "Scan"
    mail["Message-ID"] = "<scan@x.example>"
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="scan.pdf")
    message = arrive(mail.as_bytes()).message
    assert (message.text, message.conversation.preview) == ("", "scan.pdf")


def test_a_reply_joins_by_the_mark_in_references(cast: Cast) -> None:
    conversation = arrive(letter(message_id="a@customer.example")).message.conversation
    ours = answer(cast, conversation)
    arrival = arrive(
        letter("Thank you!\n\nOn Monday Bob wrote:\n> Tomorrow.", subject="Re: My order", References=f"<{ours}>")
    )
    assert (arrival.outcome, arrival.message.conversation) == (Outcome.APPENDED, conversation)
    folded = [arrival.message.text[start:end] for start, end in arrival.message.folds]
    assert "".join(folded).strip().endswith("> Tomorrow.")
    conversation.refresh_from_db()
    assert conversation.status == Status.OPEN


@pytest.mark.parametrize(("below", "folded"), [("-- \nAnn\nTel. 5", True), ("--\n" + "And so on. " * 60, False)])
def test_a_signature_is_folded_and_long_words_below_a_line_are_not(cast: Cast, below: str, folded: bool) -> None:
    message = arrive(letter(f"Thank you!\n\n{below}")).message
    said = [message.text[start:end].strip() for start, end in message.folds]
    assert said == ([below] if folded else [])
    assert [part.is_signature for part in parts(message.text, message.folds)] == [False, True][: 1 + folded]


def test_a_reply_and_what_it_answers_may_come_in_one_batch(cast: Cast) -> None:
    keep(letter(message_id="a@x.example"), door="smtp", envelope_from="", envelope_to=[SUPPORT])
    keep(
        letter("More.", message_id="b@x.example", in_reply_to="<a@x.example>"),
        door="smtp",
        envelope_from="d@x.example",
        envelope_to=[SUPPORT],
    )
    keep(letter(message_id="a@x.example"), door="smtp", envelope_from="d@x.example", envelope_to=[SUPPORT])
    Arrival.objects.filter(envelope_from="").update(envelope_from="d@x.example")
    decide()
    assert [row.outcome for row in Arrival.objects.order_by("pk")] == [
        Outcome.OPENED,
        Outcome.APPENDED,
        Outcome.DUPLICATE,
    ]
    assert Conversation.objects.get().message_count == 2


def test_a_strangers_reference_opens_a_conversation_of_its_own(cast: Cast) -> None:
    first = arrive(letter(message_id="a@customer.example")).message.conversation
    arrival = arrive(
        letter("Let me in", sender="eve@evil.example", in_reply_to="<a@customer.example>"), sender="eve@evil.example"
    )
    assert arrival.outcome == Outcome.OPENED
    assert arrival.message.conversation.follows == first
    assert first.messages.count() == 1


def test_what_is_written_to_a_closed_conversation_goes_to_one_follow_up(cast: Cast) -> None:
    conversation = arrive(letter(message_id="a@customer.example")).message.conversation
    set_status(conversation, to=Status.CLOSED, by=None)
    first = arrive(letter("Again", in_reply_to="<a@customer.example>"))
    second = arrive(letter("And again", in_reply_to="<a@customer.example>"))
    assert first.message.conversation.follows == conversation
    assert second.message.conversation == first.message.conversation


def test_a_redelivery_is_no_second_message(cast: Cast) -> None:
    first = arrive(letter(message_id="a@customer.example"))
    again = arrive(b"Received: from elsewhere\r\n" + letter(message_id="a@customer.example"), "sales@example.com")
    assert (again.outcome, again.message) == (Outcome.DUPLICATE, first.message)
    assert Message.objects.count() == 1


def test_mail_to_several_inboxes_is_one_conversation_of_the_first(cast: Cast) -> None:
    arrival = arrive(letter(), "support+x@example.com", "sales@example.com")
    assert arrival.message.conversation.inbox == cast.support_inbox
    assert arrival.reason.endswith("it was also for Sales")


def test_a_bounce_is_said_where_the_message_was_written(cast: Cast) -> None:
    conversation = arrive(letter()).message.conversation
    ours = answer(cast, conversation)
    report = (
        "From: MAILER-DAEMON@mx.example\r\nTo: support@example.com\r\nSubject: Undelivered Mail\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; dace@customer.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{ours}>\r\n\r\n--b--\r\n"
    )
    arrival = arrive(report.encode(), sender="")
    delivery = Delivery.objects.get()
    assert (arrival.outcome, arrival.bounced) == (Outcome.BOUNCE, delivery)
    assert delivery.state == Delivery.State.BOUNCED
    assert "5.1.1" in delivery.error
    assert Address.objects.get(value="dace@customer.example").bounced_at is not None
    assert Notice.objects.get(kind="bounced").user == cast.bob
    assert Event.objects.filter(verb="message.bounced", root=noun(conversation)).exists()
    arrive(letter("I am back"))
    assert Address.objects.get(value="dace@customer.example").bounced_at is None


def test_an_invented_bounce_takes_no_address_away(cast: Cast) -> None:
    conversation = arrive(letter()).message.conversation
    answer(cast, conversation)
    forged = (
        "From: MAILER-DAEMON@evil.example\r\nSubject: failure notice\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; dace@customer.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: <c{conversation.pk}.m1.abcdefgh.aaaaaaaaaaaaaaaa@example.com>\r\n\r\n--b--\r\n"
    )
    assert arrive(forged.encode(), sender="").reason.endswith("names no message of ours")
    assert Address.objects.get(value="dace@customer.example").bounced_at is None


def test_an_automatic_answer_stays_with_its_conversation_and_moves_nothing(cast: Cast) -> None:
    conversation = arrive(letter()).message.conversation
    ours = answer(cast, conversation)
    conversation.refresh_from_db()
    before, asked_at = conversation.status, conversation.messages.earliest("id").created_at
    away = letter("I am away", in_reply_to=f"<{ours}>", Auto_Submitted="auto-replied")
    arrival = arrive(away)
    assert (arrival.outcome, arrival.message.conversation) == (Outcome.AUTO_REPLY, conversation)
    assert arrival.message.automatic
    conversation.refresh_from_db()
    assert (conversation.status, conversation.unanswered_since) == (before, None)
    assert conversation.asked_at == asked_at
    alone = arrive(letter("I am away too", Auto_Submitted="auto-replied"))
    assert (alone.outcome, alone.message) == (Outcome.AUTO_REPLY, None)


def test_our_own_mail_and_spam_stay_in_the_ledger(cast: Cast) -> None:
    loop = arrive(letter(message_id=signer("example.com").message_id(1, 1, "abcdefgh")))
    spam = arrive(letter("Buy!", X_Spam_Flag="YES"))
    assert (loop.outcome, spam.outcome) == (Outcome.LOOP, Outcome.SPAM)
    assert not Message.objects.exists()


def test_what_cannot_be_read_is_put_aside_and_the_next_one_taken(cast: Cast) -> None:
    for raw in (b"\x00\xff", letter(to="nobody@elsewhere.example"), letter()):
        to = [] if b"elsewhere" in raw else [SUPPORT]
        keep(raw, door="command", envelope_from="d@x.example", envelope_to=to)
    decide()
    outcomes = list(Arrival.objects.order_by("pk").values_list("outcome", flat=True))
    assert outcomes == [Outcome.QUARANTINED, Outcome.QUARANTINED, Outcome.OPENED]
    assert "none of the inboxes" in Arrival.objects.order_by("pk")[1].reason


def test_one_that_cannot_be_written_does_not_take_its_batch_along(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    write = batch.receive_all

    def trip(incoming: list) -> list:
        if any("poison" in each.text for each in incoming):
            raise ValueError("a mistake of ours")
        return write(incoming)

    monkeypatch.setattr(batch, "receive_all", trip)
    for text in ("one", "poison", "three"):
        keep(letter(text), door="smtp", envelope_from="d@x.example", envelope_to=[SUPPORT])
    decide()
    assert list(Arrival.objects.order_by("pk").values_list("outcome", flat=True)) == ["opened", "quarantined", "opened"]
    assert Arrival.objects.get(outcome="quarantined").reason == "ValueError: a mistake of ours"


def test_a_message_that_kills_the_process_is_put_aside_after_a_few_times(cast: Cast) -> None:
    keep(letter(), door="smtp", envelope_from="d@x.example", envelope_to=[SUPPORT])
    Arrival.objects.update(attempts=batch.MOST_ATTEMPTS)
    decide()
    arrival = Arrival.objects.get()
    assert arrival.outcome == Outcome.QUARANTINED
    assert "each time the process ended" in arrival.reason


def test_what_may_have_stopped_the_process_is_soon_tried_alone(cast: Cast) -> None:
    for number in range(20):
        keep(letter(f"number {number}"), door="smtp", envelope_from="d@x.example", envelope_to=[SUPPORT])
    numbers = list(Arrival.objects.order_by("pk").values_list("pk", flat=True))
    assert intake._claim() == numbers  # and the process is killed
    assert intake._claim() == numbers[:8]
    assert [intake._claim() for _ in range(2)] == [numbers[:1]] * 2
    decide()
    assert set(Arrival.objects.values_list("outcome", flat=True)) == {Outcome.OPENED}


def test_a_colleagues_mail_is_a_note(cast: Cast) -> None:
    conversation = arrive(letter()).message.conversation
    ours = answer(cast, conversation)
    arrival = arrive(
        letter("He called.", sender="Alice <alice@example.com>", in_reply_to=f"<{ours}>"), sender="alice@example.com"
    )
    assert arrival.message.kind == Kind.NOTE
    assert arrival.message.user is None  # nobody vouched for the address
    assert not Contact.objects.filter(addresses__value="alice@example.com").exists()


@pytest.mark.django_db(transaction=True)
def test_two_processes_decide_each_message_once() -> None:
    from tests.cast import play

    play()
    for number in range(150):
        keep(letter(f"number {number}"), door="smtp", envelope_from="d@x.example", envelope_to=[SUPPORT])

    def decide_and_leave() -> None:
        decide()
        connections.close_all()

    threads = [threading.Thread(target=decide_and_leave, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    take_in()
    assert Arrival.objects.filter(outcome=Outcome.OPENED).count() == 150
    assert Message.objects.count() == 150
