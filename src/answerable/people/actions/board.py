"""Praise and lessons: said by somebody, changed and taken back by them, kept in history."""

from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.events.record import record
from answerable.people.about import objectives, titles_of
from answerable.people.errors import Refused, Stale
from answerable.people.models import LONGEST_WORDS, Lesson, Membership, Praise, Team, User
from answerable.people.permissions import may_manage
from answerable.web.search import words_of

Said = TypeVar("Said", Praise, Lesson)


def give_praise(
    *,
    praised: User,
    board: Team,
    text: str,
    conversation: int | None = None,
    said_by: str = "",
    source: str = "",
    by: User,
    at: datetime | None = None,
) -> Praise:
    """A colleague is praised: on the board of their own team, where that is not one above the board this is written on.

    With `said_by` they are a customer's words, and `source` says where they were given: they are pinned once.
    Raises Refused with the field, PermissionDenied.
    """
    _check_sees(by, board)
    if praised.pk == by.pk:
        raise Refused(_("Nobody praises themselves."), field="praised")
    if not praised.is_active:
        raise Refused(_("They don't work here any more."), field="praised")
    text = _checked(text)
    _check_conversation(conversation, by)
    row = Praise(
        team=_board_of(praised, board),
        praised=praised,
        text=text,
        conversation=conversation,
        said_by=said_by,
        source=source,
        by=by,
        at=at or timezone.now(),
    )
    with transaction.atomic():
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            raise Refused(_("Somebody has pinned this compliment already.")) from None
        _record("given", row, by, at=row.at, text=text, praised=praised.pk, said_by=said_by)
    return row


def note_lesson(
    *,
    board: Team,
    text: str,
    conversation: int | None = None,
    objective: str = "",
    by: User,
    at: datetime | None = None,
) -> Lesson:
    """What the team has learned. Raises Refused with the field, PermissionDenied."""
    _check_sees(by, board)
    text = _checked(text)
    _check_conversation(conversation, by)
    _check_objective(objective)
    with transaction.atomic():
        row = Lesson.objects.create(
            team=board,
            text=text,
            conversation=conversation,
            objective=objective,
            words=words_of(text),
            by=by,
            at=at or timezone.now(),
        )
        _record("noted", row, by, at=row.at, text=text, objective=objective)
    return row


def change_words(row: Said, *, text: str, revision: int, by: User, **more: Any) -> Said:
    """Other words of one's own; `more` are other columns of the row. A customer's words stay as they were given.

    Raises Stale with what they are by now, when they were changed since `revision` was read.
    """
    if row.by_id != by.pk or (isinstance(row, Praise) and row.said_by):
        raise PermissionDenied
    text = _checked(text)
    if more.get("conversation") != row.conversation:
        _check_conversation(more.get("conversation"), by)
    if isinstance(row, Lesson) and more.get("objective", "") != row.objective:
        _check_objective(more["objective"])
    with transaction.atomic():
        row = _held(row)
        if row.withdrawn_at is not None:
            raise Refused(_("It was taken back meanwhile."))
        if row.revision != revision:
            raise Stale(_("It was changed meanwhile. Now it says: “%(text)s”") % {"text": row.text}, field="text")
        after: dict[str, Any] = {"text": text, **more}
        before: dict[str, Any] = {
            name: getattr(row, name) for name, value in after.items() if getattr(row, name) != value
        }
        if not before:
            return row
        for name in before:
            setattr(row, name, after[name])
        row.revision += 1
        changed = [*before, "revision"]
        if isinstance(row, Lesson):
            row.words = words_of(text)
            changed.append("words")
        row.save(update_fields=changed)
        _record("changed", row, by, before=before, after={name: after[name] for name in before})
    return row


def withdraw_words(row: Said, *, by: User) -> Said:
    """Off the board: by who said it, or by who leads the team. It can be put back."""
    if not may_withdraw(row, by):
        raise PermissionDenied
    with transaction.atomic():
        row = _held(row)
        if row.withdrawn_at is None:
            row.withdrawn_at, row.withdrawn_by = timezone.now(), by
            row.save(update_fields=["withdrawn_at", "withdrawn_by"])
            _record("withdrawn", row, by)
    return row


def restore_words(row: Said, *, by: User) -> Said:
    """Back on the board: by who took it off, or by who leads the team."""
    with transaction.atomic():
        row = _held(row)
        if not may_restore(row, by):
            raise PermissionDenied
        if row.withdrawn_at is not None:
            row.withdrawn_at = row.withdrawn_by = None
            try:
                with transaction.atomic():
                    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
            except IntegrityError:
                raise Refused(_("Somebody has pinned this compliment already.")) from None
            _record("restored", row, by)
    return row


def may_withdraw(row: Praise | Lesson, user: User) -> bool:
    return row.by_id == user.pk or may_manage(user, row.team)


def may_restore(row: Praise | Lesson, user: User) -> bool:
    return row.withdrawn_by_id == user.pk or may_manage(user, row.team)


def _held(row: Said) -> Said:
    held: Said = type(row)._default_manager.select_for_update(of=("self",)).select_related("team").get(pk=row.pk)
    return held


def _check_sees(user: User, board: Team) -> None:
    if board.pk not in user.team_ids:
        raise PermissionDenied


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused(_("Write a few words."), field="text")
    if len(text) > LONGEST_WORDS:
        raise Refused(_("Say it in %(count)d characters.") % {"count": LONGEST_WORDS}, field="text")
    return text


def _check_conversation(number: int | None, user: User) -> None:
    if number is not None and number not in titles_of(user, [number]):
        raise Refused(_("You see no conversation with this number."), field="conversation")


def _check_objective(key: str) -> None:
    if key and key not in objectives():
        raise Refused(_("The policy has no such objective any more."), field="objective")


def _board_of(person: User, board: Team) -> Team:
    """Where the person's own team reads it: their team, if that is the board's, below it or elsewhere, of several the
    lowest below it; the board itself for who works above it."""
    own = [held.team for held in Membership.objects.filter(user=person).select_related("team").order_by("team__path")]
    below = [team for team in own if team.path.startswith(board.path)]
    if below:
        return below[-1]
    return board if not own or any(team.path in board.lineage for team in own) else own[0]


def _record(past: str, row: Praise | Lesson, by: User, **more: Any) -> None:
    record(f"{row._meta.model_name}.{past}", subject=row, by=by, team_id=row.team_id, **more)
