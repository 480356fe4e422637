"""What is written in a conversation."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.customers.models import Contact
from answerable.desk.actions import clocks
from answerable.desk.actions.answering import UNDO_SECONDS as UNDO_SECONDS
from answerable.desk.actions.answering import answer, send, take_draft
from answerable.desk.actions.copies import AS_EVER, Envelope, address
from answerable.desk.actions.files import NewFile as NewFile
from answerable.desk.actions.following import tell_followers
from answerable.desk.actions.held import Held, hold
from answerable.desk.actions.previews import show_last
from answerable.desk.actions.receiving import Incoming, receive_all
from answerable.desk.actions.search import index_conversation
from answerable.desk.actions.writing import write_automatically, write_note
from answerable.desk.errors import Refused, Stale, check_can_handle, check_can_see
from answerable.desk.models import (
    Conversation,
    Delivery,
    Draft,
    Kind,
    Message,
    Status,
)
from answerable.events.models import Event, noun
from answerable.people.models import User
from answerable.web.formatted import as_html
from answerable.web.standing import Given, Standing

# What somebody else did that a reply must not be sent without having seen.
MATTERS_TO_A_REPLY = (
    "message.received",
    "message.sent",
    "note.added",
    "conversation.assigned",
    "conversation.closed",
    "conversation.moved",
    "conversation.reopened",
    "conversation.solved",
    "conversation.status_changed",
)


def _missed(*by_others: Q) -> QuerySet[Event]:
    later = Event.objects.filter(*by_others, root=Given("root"), id__gt=Given("seen"), verb__in=MATTERS_TO_A_REPLY)
    return later.exclude(actor=Given("by")).select_related("actor").order_by("id")


MISSED = Standing(_missed)
MISSED_AT_ONCE = Standing(lambda: _missed(Q(actor__isnull=False)))


def receive(
    conversation: Conversation,
    *,
    contact: Contact,
    text: str,
    html: str = "",
    folds: Sequence[Sequence[int]] = (),
    external_id: str = "",
    sent_at: datetime | None = None,
    at: datetime | None = None,
    automatic: bool = False,
    files: Iterable[NewFile] = (),
) -> Message:
    """What the customer wrote. Wakes, reopens, starts the clocks; into a closed conversation it opens a follow-up.

    An automatic message (out of office, a bounce) is kept in its place and moves nothing.
    """
    incoming = Incoming(
        to=conversation,
        contact=contact,
        text=text,
        html=html,
        folds=folds,
        external_id=external_id,
        sent_at=sent_at,
        at=at,
        automatic=automatic,
        files=list(files),
    )
    return receive_all([incoming])[0]


def reply(
    conversation: Conversation,
    *,
    text: str,
    by: User,
    seen_event: int | None,
    then: str = Status.PENDING,
    html: str = "",
    files: Iterable[NewFile] = (),
    anyway: bool = False,
    envelope: Envelope = AS_EVER,
    pictures: Sequence[str] = (),
) -> Message:
    """Answer the customer. It leaves after UNDO_SECONDS, in a chat at once.

    `seen_event` is the last event on the page the reply was written on; if somebody else has acted since,
    Stale is raised with what they did (`anyway` sends all the same). `then` is the status afterwards. `html` is what
    was formatted, harmless and with the same words; `pictures` are the names of those in it.
    """
    at = timezone.now()
    if not text.strip():
        raise Refused(_("Write something first."))
    with transaction.atomic():
        held = hold(conversation)
        conversation = held.conversation
        check_can_handle(by, conversation)
        check_is_open(conversation)
        if not anyway:
            check_is_fresh(conversation, seen_event=seen_event, by=by)
        recipients, blind = address(held, envelope, by=by)
        message = answer(held, text=text, html=html, by=by, then=then, at=at)
        send(message, recipients=recipients, blind=blind, files=files)
        take_draft(message, pictures)
        tell_followers([(held, message)])
        held.keep()
    return message


def send_automatically(
    conversation: Conversation,
    *,
    text: str,
    recipients: Sequence[str],
    html: str = "",
    particulars: object = None,
) -> Message:
    """A message by the system itself, such as an invitation to rate: it stops no clock and changes no status."""
    with transaction.atomic():
        held = hold(conversation)
        message = write_automatically(held, text=text, html=html, recipients=recipients, about=particulars)
        held.keep()
    assert message is not None  # it has recipients
    return message


def add_note(conversation: Conversation, *, text: str, by: User | None, files: Iterable[NewFile] = ()) -> Message:
    """A word among colleagues, never shown to the customer. `@name@example.com` tells that colleague."""
    if not text.strip():
        raise Refused(_("Write something first."))
    with transaction.atomic():
        held = hold(conversation)
        if by is not None:
            check_can_see(by, held.conversation)
        if held.conversation.status == Status.MERGED:
            check_is_open(held.conversation)
        message = write_note(held, text=text, by=by, files=files)
        take_draft(message)
        held.keep()
    return message


def take_back(message: Message, *, by: User) -> Message:
    """Undo a reply that has not left yet. Its text returns to the draft; the clocks go on as if it had never been.

    What has been closed since, or marked as spam, stays so; and where somebody has answered since, their answer kept
    what this one seemed to, and the conversation stays as they left it.
    """
    with transaction.atomic():
        held = hold(message.conversation_id)
        conversation = held.conversation
        check_can_handle(by, conversation)
        if Delivery.objects.filter(message=message, attempts__gt=0).exists():  # held while it is being sent
            raise Refused(_("It is too late: the message is on its way."))
        delivery = Delivery.objects.select_for_update().get(message=message)
        if message.user_id != by.pk:
            raise Refused(_("Only who wrote it can take it back."))
        if delivery.state != Delivery.State.WAITING or delivery.attempts:
            raise Refused(_("It is too late: the message is on its way."))
        delivery.state = Delivery.State.UNDONE
        delivery.save(update_fields=["state"])
        draft, made = Draft.objects.get_or_create(
            conversation=conversation,
            user=by,
            kind=Kind.OUTBOUND,
            defaults={"text": message.text, "html": message.html, "envelope": Envelope(blind=delivery.blind).plain},
        )
        if not made:  # they have begun another one: it stays, below
            if draft.html or message.html:
                draft.html = (message.html or as_html(message.text)) + (draft.html or as_html(draft.text))
            draft.text = f"{message.text}\n\n{draft.text}"
            draft.save(update_fields=["text", "html", "updated_at"])
        message.attachments.update(draft=draft)
        instead = _answers(conversation).filter(id__gt=message.pk).order_by("id").first()
        if instead is not None:
            clocks.answered_instead(held, answered_at=message.created_at, instead=instead)
        else:
            clocks.answer_taken_back(held, answered_at=message.created_at, by=by)
            if conversation.status == Status.CLOSED:
                clocks.closed_without_an_answer(held, by=by)
        _restore(held, message, instead)
        held.record("message.undone", subject=message, by=by)
        held.keep()
        index_conversation(conversation)
    return message


def check_is_open(conversation: Conversation) -> None:
    """Raises Refused where nothing is written any more."""
    if conversation.status == Status.MERGED:
        raise Refused(_("All of it stands in #%(number)s. Write there.") % {"number": conversation.merged_into_id})
    if conversation.status == Status.BESIDE:
        raise Refused(_("Write to a third party from the conversation that it is about."))
    if conversation.status == Status.CLOSED:
        raise Refused(_("This conversation is closed. A new message from the customer starts a follow-up."))


def check_is_fresh(conversation: Conversation, *, seen_event: int | None, by: User) -> None:
    """Raises Stale with what others did since the page was read. That it is theirs now keeps nobody from answering; in
    a chat nor does what the customer does: both sides write as they please."""
    happened = (MISSED_AT_ONCE if conversation.is_at_once else MISSED).rows(
        root=noun(conversation), seen=seen_event or 0, by=by.pk
    )
    missed = [
        event for event in happened if event.verb != "conversation.assigned" or event.particulars.get("to") != by.pk
    ]
    if missed:
        raise Stale(missed)


def _answers(conversation: Conversation) -> QuerySet[Message]:
    """By people, but for those taken back."""
    rows = conversation.messages.filter(kind=Kind.OUTBOUND, automatic=False)
    return rows.exclude(delivery__state=Delivery.State.UNDONE).select_related("user")


def _restore(held: Held, undone: Message, instead: Message | None) -> None:
    """What the list shows, as it was before the message; `instead` is the first answer after it."""
    conversation = held.conversation
    visible = conversation.messages.exclude(pk=undone.pk).exclude(delivery__state=Delivery.State.UNDONE)
    last = visible.exclude(kind=Kind.NOTE).order_by("-id").first()
    question = visible.filter(kind=Kind.INBOUND, automatic=False, on_copy=False)
    answer = _answers(conversation).order_by("-id").first()
    waiting = question.filter(id__gt=answer.pk) if answer else question
    first = waiting.order_by("id").first()
    conversation.unanswered_since = first.created_at if first else None
    conversation.last_message_at = last.created_at if last else conversation.created_at
    show_last(conversation, last)
    conversation.message_count -= 1
    if instead is None and conversation.status not in (Status.CLOSED, Status.BESIDE):
        conversation.status = Status.OPEN
        conversation.solved_at = conversation.solution_seconds = None
    if conversation.first_answered_at == undone.created_at:
        at = instead.created_at if instead else None
        conversation.first_answered_at = at
        conversation.first_answer_seconds = clocks.business_seconds(held, until=at) if at else None
