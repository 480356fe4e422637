"""A newer export of what is here already."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerable.desk.actions.messages import add_note
from answerable.desk.models import Conversation
from answerable.imports.models import Import, Origin
from tests.cast import Cast
from tests.imports.zendesk import AGENT, OTHER, TICKETS, USERS, comment

if TYPE_CHECKING:
    from tests.imports.conftest import TakenOver

LATER = "2024-05-03T09:00:00Z"
ANSWER = comment(50, AGENT, "2024-05-03T08:00:00Z", "In green, too")
THANKS = comment(51, OTHER, LATER, "Wonderful")


def kept(path: Path, tickets: list[dict[str, Any]]) -> Path:
    path.write_text(json.dumps({"tickets": tickets, "users": USERS}))
    return path


def newer() -> list[dict[str, Any]]:
    """The question is answered and solved, the order has another priority, and somebody new has asked."""
    tickets = copy.deepcopy(TICKETS)
    order, question = tickets[0], tickets[1]
    order |= {"priority": "urgent", "updated_at": LATER}
    question |= {"status": "solved", "assignee_id": AGENT, "tags": ["colour"], "updated_at": LATER}
    question["comments"] += [ANSWER, THANKS]
    return [*tickets, question | {"id": 99, "subject": "Another", "comments": [THANKS | {"id": 60}]}]


def test_it_brings_what_was_written_since_and_how_it_stands(cast: Cast, taken_over: TakenOver, tmp_path: Path) -> None:
    taken_over(cast, kept(tmp_path / "old.json", TICKETS))
    row = taken_over(cast, kept(tmp_path / "new.json", newer()))
    told = {name: row.report[name] for name in ("known", "conversations_new", "conversations_renewed", "messages_new")}
    assert told == {"known": 3, "conversations_new": 1, "conversations_renewed": 2, "messages_new": 3}
    question = Conversation.objects.get(subject="A question")
    assert [one.text for one in question.messages.order_by("id")] == [
        "Do you have it in green?", "In green, too", "Wonderful",
    ]  # fmt: skip
    assert (question.status, question.assignee, question.tags) == ("solved", cast.bob, ["colour"])
    assert (question.message_count, question.preview, question.unanswered_since) == (3, "Wonderful", None)
    assert question.asked_at == question.messages.get(text="Wonderful").created_at
    assert question.first_answered_at is not None
    assert question.first_answered_at.isoformat() == "2024-05-03T08:00:00+00:00"
    assert Conversation.objects.get(subject="Where is my order?").priority_key == "urgent"


def test_the_same_once_more_and_an_older_one_change_nothing(cast: Cast, taken_over: TakenOver, tmp_path: Path) -> None:
    old, new = kept(tmp_path / "old.json", TICKETS), kept(tmp_path / "new.json", newer())
    taken_over(cast, old)
    taken_over(cast, new)
    before = list(Conversation.objects.order_by("pk").values())
    for path in (new, old, new):
        row = taken_over(cast, path)
        assert (row.report["conversations_renewed"], row.report["messages_new"]) == (0, 0)
    assert list(Conversation.objects.order_by("pk").values()) == before


def test_what_has_gone_on_here_is_ours(cast: Cast, taken_over: TakenOver, tmp_path: Path) -> None:
    taken_over(cast, kept(tmp_path / "old.json", TICKETS))
    question = Conversation.objects.get(subject="A question")
    add_note(question, text="I ask the dyer", by=cast.bob)
    row = taken_over(cast, kept(tmp_path / "new.json", newer()))
    question.refresh_from_db()
    assert (question.status, question.message_count) == ("open", 2)
    assert row.report["conversations_renewed"] == 1
    assert row.remarks.get(reason="continued_here").about == "ticket 36"


def test_what_came_before_newer_exports_were_read_stays_as_it_is(
    cast: Cast, taken_over: TakenOver, tmp_path: Path
) -> None:
    taken_over(cast, kept(tmp_path / "old.json", TICKETS))
    Origin.objects.update(parts=None, changed_at=None)
    row: Import = taken_over(cast, kept(tmp_path / "new.json", newer()))
    assert (row.report["conversations_renewed"], row.report["conversations_new"]) == (0, 1)
