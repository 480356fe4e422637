"""What a form brings in, and how an administrator sets one up."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.channels.form.jobs import confirm
from answerable.channels.form.models import Form, Question, Sent
from answerable.customers.actions import contact_for_address
from answerable.desk.actions.files import NewFile
from answerable.desk.actions.receiving import Beginning, Incoming, receive_all
from answerable.desk.errors import Refused
from answerable.desk.models import Conversation, Field, Inbox
from answerable.events.record import record
from answerable.people.models import User
from answerable.people.permissions import check_is_administrator

CHANNEL = "form"


def submit(
    form: Form,
    *,
    address: str,
    name: str,
    subject: str,
    text: str,
    language: str,
    details: Mapping[Field, str],
    files: Sequence[NewFile] = (),
    page: str,
) -> Conversation:
    """A conversation begins; the customer is told so by mail. Sent twice from one `page`, it is the same one."""
    once = hashlib.sha256("\0".join([page, address, subject, text]).encode()).hexdigest()
    if (earlier := _sent(once)) is not None:
        return earlier
    if Inbox.objects.filter(address=address.lower()).exists():
        raise Refused(_("This is an address of ours. Give the one that we can answer you at."))
    try:
        with transaction.atomic():
            begins = Beginning(
                inbox=form.inbox,
                subject=subject,
                language=language or None,
                channel=CHANNEL,
                details={str(field.pk): value for field, value in details.items() if value},
            )
            contact = contact_for_address(address, name)
            incoming = Incoming(
                to=begins, contact=contact, text=text, written_from=address.lower()[:320], files=list(files)
            )
            [message] = receive_all([incoming])
            Sent.objects.create(form=form, once=once, conversation=message.conversation)
            confirm.later(conversation_id=message.conversation_id)
    except IntegrityError:  # both clicks came at once
        if (earlier := _sent(once)) is None:
            raise
        return earlier
    return message.conversation


def write_form(
    inbox: Inbox,
    *,
    key: str,
    title: str,
    introduction: str,
    titles: Mapping[str, str],
    introductions: Mapping[str, str],
    takes_files: bool,
    asks: Iterable[tuple[Field, bool]],
    by: User,
) -> Form:
    """The inbox's form as it is from now on; the first time, it is opened. `asks`: fields, and whether each must be
    filled in."""
    check_is_administrator(by)
    with transaction.atomic():
        form = Form.objects.filter(inbox=inbox).first() or Form(inbox=inbox)
        if Form.objects.filter(key=key).exclude(pk=form.pk).exists():
            raise Refused(_("Another form has this address."))
        verb = "form.changed" if form.pk else "form.opened"
        values: dict[str, Any] = {"key": key, "title": title, "introduction": introduction}
        values |= {"titles": dict(titles), "introductions": dict(introductions), "takes_files": takes_files}
        for name, value in values.items():
            setattr(form, name, value)
        form.save()
        form.questions.all().delete()
        Question.objects.bulk_create(Question(form=form, field=field, is_required=must) for field, must in asks)
        record(verb, subject=form, by=by, team_id=inbox.team_id, key=key)
    return form


def close_form(form: Form, *, by: User) -> None:
    """Nobody can write by it any more."""
    _set_closed(form, closed=True, by=by)


def reopen_form(form: Form, *, by: User) -> None:
    """Customers can write by it again."""
    _set_closed(form, closed=False, by=by)


def _set_closed(form: Form, *, closed: bool, by: User) -> None:
    check_is_administrator(by)
    if (form.closed_at is not None) != closed:
        with transaction.atomic():
            form.closed_at = timezone.now() if closed else None
            form.save(update_fields=["closed_at"])
            verb = "form.closed" if closed else "form.reopened"
            record(verb, subject=form, by=by, team_id=form.inbox.team_id)


def _sent(once: str) -> Conversation | None:
    row = Sent.objects.filter(once=once).select_related("conversation").first()
    return row.conversation if row else None
