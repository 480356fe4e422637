"""With third parties, beside the conversation: nothing of the one is ever in the other."""

from email import message_from_bytes
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from answerable.channels.email.composing import compose
from answerable.channels.email.identity import signer
from answerable.channels.form.asked import requests_of, shown
from answerable.core.rules.step import Do, Step
from answerable.desk.actions.asides import close_aside, open_aside, write_aside
from answerable.desk.actions.conversations import move as hand_over
from answerable.desk.actions.conversations import set_status
from answerable.desk.actions.messages import receive, reply, take_back
from answerable.desk.actions.queues import write_queue
from answerable.desk.actions.rearranging.merging import merge
from answerable.desk.actions.rearranging.undoing import undo
from answerable.desk.actions.rules import switch_rule, write_rule
from answerable.desk.actions.spam import mark_spam
from answerable.desk.errors import Refused
from answerable.desk.models import Clock, Conversation, Delivery, Draft, Message, Notice, Status
from answerable.desk.rules.firing import fire_due
from answerable.desk.saved import saved_of
from answerable.events.models import Event
from answerable.policy.actions import load_version
from tests.cast import Cast
from tests.channels.email.letters import arrive, letter
from tests.desk.test_clocks import POLICY

pytestmark = pytest.mark.django_db
ORLA = "orla@carrier.example"


@pytest.fixture
def main(cast: Cast) -> Conversation:
    """Dace asks where her order is; Bob has it."""
    load_version(POLICY.replace('within = "3 days"', 'within = "3 days"\npauses = ["on_hold"]'), by=cast.ada)
    message = arrive(letter("SECRET-OF-DACE", message_id="one@customer.example")).message
    assert message is not None
    Conversation.objects.update(assignee=cast.bob)
    return Conversation.objects.get()


def ask(cast: Cast, main: Conversation, **more: Any) -> Conversation:
    words = {"to": ORLA, "name": "Orla", "subject": "Parcel 7", "text": "SECRET-FOR-ORLA"}
    aside = open_aside(main, **(words | more), by=cast.bob)
    leave()
    return aside


def leave() -> None:
    """All that waits has left, under the names it leaves under."""
    for delivery in Delivery.objects.filter(state=Delivery.State.WAITING):
        name = compose(delivery).message_id
        Message.objects.filter(pk=delivery.message_id).update(external_id=name)
    Delivery.objects.update(state=Delivery.State.SENT)


def come(text: str, sender: str, **headers: str) -> Message:
    message = arrive(letter(text, sender=sender, **headers), sender=sender).message
    assert message is not None
    return message


def last_name(conversation: Conversation) -> str:
    return str(conversation.messages.exclude(external_id="").latest("id").external_id)


def mail_of(message: Message) -> str:
    return compose(Delivery.objects.get(message=message)).raw.decode()


def test_their_answer_comes_back_beside_it(cast: Cast, main: Conversation) -> None:
    aside = ask(cast, main, on_hold=True)
    main.refresh_from_db()
    assert main.status == Status.ON_HOLD
    assert main.clocks.get(kind="resolution").state == Clock.State.PAUSED  # where the policy says so
    raw = message_from_bytes(mail_of(aside.messages.get()).encode())
    assert raw["To"].endswith(f"<{ORLA}>")
    assert raw["References"] is None
    answer = come("It is lost.", ORLA, in_reply_to=f"<{last_name(aside)}>")
    assert answer.conversation_id == aside.pk
    main.refresh_from_db()
    aside.refresh_from_db()
    assert (main.status, main.message_count, aside.status) == (Status.OPEN, 1, Status.BESIDE)
    assert main.clocks.get(kind="resolution").state == Clock.State.RUNNING
    notice = Notice.objects.get(kind="aside")
    assert (notice.user, notice.conversation) == (cast.bob, main)
    assert "Orla" in notice.words
    assert not aside.clocks.exists()
    again = write_aside(aside, text="Since when?", by=cast.bob)
    assert "It is lost." in mail_of(again)
    close_aside(aside, by=cast.bob)
    leave()
    come("Since Monday.", ORLA, in_reply_to=f"<{last_name(aside)}>")
    aside.refresh_from_db()
    assert aside.closed_at is None


def test_while_nobody_has_it_who_asked_is_told(cast: Cast, main: Conversation) -> None:
    Conversation.objects.filter(pk=main.pk).update(assignee=None)
    aside = ask(cast, main)
    come("It is lost.", ORLA, in_reply_to=f"<{last_name(aside)}>")
    assert Notice.objects.get(kind="aside").user == cast.bob


def test_a_third_party_without_a_name_is_told_by_address(cast: Cast, main: Conversation) -> None:
    open_aside(main, to="depot@courier.example", subject="Lost", text="Where is it?", by=cast.bob)
    opened = Event.objects.get(verb="conversation.aside_opened")
    assert opened.particulars["to"] == "depot@courier.example"


def test_no_word_of_one_is_in_a_mail_to_the_other(cast: Cast, main: Conversation) -> None:
    aside = ask(cast, main)
    come("SECRET-OF-ORLA", ORLA, in_reply_to=f"<{last_name(aside)}>")
    to_dace = reply(main, text="We ask.", by=cast.bob, seen_event=None, anyway=True)
    to_orla = write_aside(aside, text="And?", by=cast.bob)
    assert "SECRET-OF-DACE" in mail_of(to_dace)
    assert "ORLA" not in mail_of(to_dace).upper().replace("SECRET-OF-DACE", "")
    assert "DACE" not in mail_of(to_orla).upper()
    assert "one@customer.example" not in mail_of(to_orla)
    assert list(requests_of(cast.dace)) == [main]
    assert "SECRET-OF-ORLA" not in {one.message.text for one in shown(main)}
    orla = Conversation.objects.get(pk=aside.pk).contact
    assert not requests_of(orla).exists()


def test_marks_of_the_other_side_lead_nowhere(cast: Cast, main: Conversation) -> None:
    """Forwarded, answered to all, forged: whoever writes, writes into their own."""
    aside = ask(cast, main)
    leave()
    theirs, tag = last_name(aside), signer("example.com").tag
    reply(main, text="We ask.", by=cast.bob, seen_event=None, anyway=True)
    leave()
    ours = last_name(main)
    # The third party answers a mail to the customer that was forwarded to them.
    assert come("Hm.", ORLA, in_reply_to=f"<{ours}>").conversation_id == aside.pk
    assert come("Hm.", ORLA, to=f"support+{tag(main.pk)}@example.com").conversation_id == aside.pk
    # The customer answers a mail to the third party.
    dace = "dace@customer.example"
    assert come("Ah.", dace, in_reply_to=f"<{theirs}>").conversation_id == main.pk
    assert come("Ah.", dace, to=f"support+{tag(aside.pk)}@example.com").conversation_id == main.pk
    # A stranger with a mark of theirs begins a conversation of their own.
    stranger = come("Hey!", "eve@else.example", in_reply_to=f"<{theirs}>")
    assert stranger.conversation_id not in (main.pk, aside.pk)
    # Both marks in one mail, with all of us on copy.
    both = come("All.", ORLA, references=f"<{ours}> <{theirs}>", cc=f"{dace}, support+{tag(main.pk)}@example.com")
    assert both.conversation_id == aside.pk
    texts = set(main.messages.values_list("text", flat=True))
    assert not texts & {"Hm.", "All.", "Hey!"}
    assert Conversation.objects.get(pk=aside.pk).copied == []


def test_a_third_party_who_is_a_customer_too(cast: Cast, main: Conversation) -> None:
    aside = ask(cast, main, to="nino@harbour.example")
    own = come("My own question", "nino@harbour.example")
    assert own.conversation_id not in (main.pk, aside.pk)
    answer = come("About yours", "nino@harbour.example", in_reply_to=f"<{last_name(aside)}>")
    assert answer.conversation_id == aside.pk
    assert list(requests_of(cast.nino)) == [own.conversation]
    with pytest.raises(Refused, match="third party"):
        merge(own.conversation, absorb=[aside], by=cast.bob)


def test_who_is_in_it_already_is_not_asked_beside_it(cast: Cast, main: Conversation) -> None:
    for to in ("dace@customer.example", "Dace@Customer.example", "support@example.com"):
        with pytest.raises(Refused):
            ask(cast, main, to=to)
    Conversation.objects.filter(pk=main.pk).update(copied=[ORLA])
    with pytest.raises(Refused):
        ask(cast, main)
    assert Conversation.objects.count() == 1
    for by in (cast.charlie, cast.quinn):
        with pytest.raises(PermissionDenied):
            open_aside(main, to="x@else.example", subject="?", text="?", by=by)


def test_it_is_in_no_queue_and_goes_where_its_conversation_goes(cast: Cast, main: Conversation) -> None:
    aside = ask(cast, main)
    rows = Conversation.objects.visible_to(cast.bob)
    assert list(rows.awake()) == [main]
    assert not rows.solved().exists()
    hand_over(main, to=cast.sales, by=cast.alice)
    assert set(Conversation.objects.visible_to(cast.charlie)) == {main, aside}
    assert not Conversation.objects.visible_to(cast.bob).exists()
    with pytest.raises(Refused):
        set_status(aside, to=Status.OPEN, by=cast.charlie)
    with pytest.raises(Refused):
        reply(aside, text="x", by=cast.charlie, seen_event=None, anyway=True)


def test_taken_back_its_words_wait_beside_it(cast: Cast, main: Conversation) -> None:
    aside = open_aside(main, to=ORLA, subject="Parcel", text="Hello", by=cast.bob)
    take_back(aside.messages.get(), by=cast.bob)
    aside.refresh_from_db()
    assert (aside.status, Draft.objects.get().conversation) == (Status.BESIDE, aside)


def test_no_rule_answers_them_and_no_queue_holds_them(cast: Cast, main: Conversation) -> None:
    aside = ask(cast, main)
    content = {
        "name": "We have it",
        "trigger": {"on": "event", "events": ["received"]},
        "conditions": {"all": []},
        "steps": [Step(Do.REPLY, text="We have got your question.").plain],
        "stops": False,
        "inboxes": [],
    }
    switch_rule(write_rule(content=content, by=cast.ada), on=True, by=cast.ada)
    come("It is lost.", ORLA, in_reply_to=f"<{last_name(aside)}>")
    while fire_due() == 0.0:
        pass
    assert not aside.messages.filter(automatic=True).exists()
    write_queue(name="All", team=None, conditions={"all": []}, order="newest", by=cast.bob)
    [queue] = saved_of(cast.bob)
    assert list(queue.rows(cast.bob)) == [main]
    with pytest.raises(Refused):
        mark_spam(aside, by=cast.bob)


def test_it_follows_a_merge_and_comes_back(cast: Cast, main: Conversation) -> None:
    aside = ask(cast, main)
    other = come("Something else", "dace@customer.example").conversation
    [row] = merge(other, absorb=[main], by=cast.bob)
    aside.refresh_from_db()
    assert aside.beside_id == other.pk
    undo(row, by=cast.bob)
    aside.refresh_from_db()
    assert aside.beside_id == main.pk


def test_what_it_stands_beside_by_now_is_told(cast: Cast, main: Conversation) -> None:
    """Merged after a mail was read that comes into what stands beside it: who has the other one hears of it."""
    aside = Conversation.objects.get(pk=ask(cast, main).pk)
    close_aside(aside, by=cast.bob)
    kept = come("Two", "dace@customer.example", Message_ID="<two@customer.example>").conversation
    merge(kept, absorb=[main], by=cast.bob)
    Conversation.objects.filter(pk=kept.pk).update(assignee=cast.alice)
    receive(aside, contact=aside.contact, text="It is in Riga.")
    assert Notice.objects.get(kind="aside").conversation == kept
    aside.refresh_from_db()
    assert (aside.beside, aside.closed_at) == (kept, None)
