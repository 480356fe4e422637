"""What is asked besides the words: which fields there are, and what is known for them of a conversation."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.desk.actions.changes import change_details
from answerable.desk.actions.held import hold
from answerable.desk.errors import Refused, check_can_handle
from answerable.desk.models import Conversation, Field
from answerable.events.record import record
from answerable.people.models import User
from answerable.people.permissions import check_is_administrator


def write_field(
    *,
    name: str,
    kind: str,
    by: User,
    names: Mapping[str, str],
    choices: Sequence[str] = (),
    choices_in: Mapping[str, Sequence[str]],
    is_required: bool = False,
    field: Field | None = None,
) -> Field:
    """A new one, behind the others, or other words for an old one. What is known for it stays, so its kind does too."""
    check_is_administrator(by)
    with transaction.atomic():
        same = Field.objects.current().filter(name__iexact=name).first()
        if same is not None and same != field:
            raise Refused(_("There is a field of this name already."))
        verb = "changed" if field else "added"
        row = field or Field(kind=kind, place=Field.objects.next_place())
        row.name, row.names = name, dict(names)
        row.choices, row.choices_in = list(choices), {key: list(said) for key, said in choices_in.items()}
        row.required_at = (row.required_at or timezone.now()) if is_required else None
        row.save()
        record(f"field.{verb}", subject=row, by=by, name=name, kind=row.kind, choices=list(choices))
    return row


def retire_field(field: Field, *, by: User) -> Field:
    """It is asked for no longer; what is known for it stays where it stands."""
    check_is_administrator(by)
    if field.retired_at is None:
        with transaction.atomic():
            field.retired_at = timezone.now()
            field.save(update_fields=["retired_at"])
            record("field.retired", subject=field, by=by, name=field.name)
    return field


def raise_field(field: Field, *, by: User) -> None:
    """Put it before the one that stands above it."""
    check_is_administrator(by)
    with transaction.atomic():
        rows = list(Field.objects.current().select_for_update())
        at = rows.index(field)
        if at == 0:
            return
        rows[at - 1 : at + 1] = rows[at], rows[at - 1]
        for place, row in enumerate(rows, 1):
            row.place = place
        Field.objects.bulk_update(rows, ["place"])
        record("field.raised", subject=field, by=by)


def set_details(conversation: Conversation, *, values: Mapping[Field, str], by: User | None) -> Conversation:
    """What is known by now for these fields, as text (see Field); nothing where it is unknown. Others stay."""
    with transaction.atomic():
        held = hold(conversation)
        check_can_handle(by, held.conversation)
        if change_details(held, values=values, by=by):
            held.keep()
    return held.conversation
