from __future__ import annotations

from answerable.desk.actions.conversations import open_conversation
from answerable.desk.actions.messages import receive
from answerable.desk.models import Conversation
from tests.api.program import Program
from tests.cast import Cast


def begun(cast: Cast, subject: str = "Where is my order?") -> Conversation:
    row = open_conversation(inbox=cast.support_inbox, contact=cast.dace, subject=subject, by=None)
    receive(row, contact=cast.dace, text="I ordered a book on Monday.")
    return row


def test_charlie_sees_nothing_of_another_team(cast: Cast) -> None:
    row = begun(cast)
    charlie = Program(cast.charlie)
    assert charlie.get("/conversations").json()["data"] == []
    assert charlie.get(f"/conversations/{row.pk}").status_code == 404
    assert charlie.patch(f"/conversations/{row.pk}", {"status": "solved"}).status_code == 404
    assert charlie.post(f"/conversations/{row.pk}/messages", {"kind": "note", "text": "Hm."}).status_code == 404
