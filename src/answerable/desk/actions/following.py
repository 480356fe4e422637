"""Colleagues who keep an eye on a conversation: they hear of each new message in it."""

from collections.abc import Iterable, Sequence

from answerable.desk.actions.held import Held
from answerable.desk.errors import check_can_see
from answerable.desk.models import Conversation, Follower, Message, Notice
from answerable.people.models import User


def follow(conversation: Conversation, *, by: User) -> None:
    """Hear of each new message in it. Whoever sees it may."""
    check_can_see(by, conversation)
    add_followers(conversation, [by])


def unfollow(conversation: Conversation, *, by: User) -> None:
    """Hear no more of it."""
    Follower.objects.filter(conversation=conversation, user=by).delete()


def add_followers(conversation: Conversation, users: Iterable[User]) -> None:
    """Those who follow it already go on."""
    rows = [Follower(conversation=conversation, user=user) for user in users]
    Follower.objects.bulk_create(rows, ignore_conflicts=True)


def tell_followers(written: Sequence[tuple[Held, Message]]) -> None:
    """Note what each follower hears, but for who wrote it, and who is told of it anyway. One query for all; none where
    nobody follows."""
    followed = [(held, message) for held, message in written if getattr(held.conversation, "is_followed", False)]
    if not followed:
        return
    rows = Follower.objects.filter(conversation__in=[held.conversation.pk for held, _message in followed])
    for row in rows.select_related("user").order_by("user"):
        for held, message in followed:
            conversation = held.conversation
            is_theirs = row.conversation_id == conversation.pk and conversation.team_id in row.user.team_ids
            told_anyway = any(each.user_id == row.user_id for each in held.notices)
            if is_theirs and not told_anyway and row.user_id != message.user_id:
                who = str(message.contact or message.user or "")
                particulars = {"who": who, "message": message.pk}
                notice = Notice(user=row.user, conversation=conversation, kind="message", particulars=particulars)
                held.notices.append(notice)
