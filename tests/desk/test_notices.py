"""Where a notice leads, and what it looks like."""

from typing import Any

import pytest

from answerable.desk.models import Notice


@pytest.mark.parametrize(
    ("kind", "conversation", "particulars", "address", "icon"),
    [
        ("mention", 5, {"message": 7}, "/conversations/5/#message-7", "at-sign"),
        ("task_due", 5, {"task": 8, "text": "Call"}, "/conversations/5/#task-8", "clipboard-check"),
        ("assignment", 5, {}, "/conversations/5/", "user-check"),
        ("escalation", 5, {"kind": "resolution"}, "/conversations/5/", "alarm-clock"),
        ("cut_rule", 5, {"rule": 3}, "/conversations/5/", "zap"),
        ("broken_rule", None, {"rule": 3}, "/settings/rules/3/", "triangle-alert"),
        ("praise", None, {"praise": 2}, "/today/praise/2/", "heart"),
    ],
)
def test_it_leads_to_what_it_is_about(
    kind: str, conversation: int | None, particulars: dict[str, Any], address: str, icon: str
) -> None:
    notice = Notice(kind=kind, conversation_id=conversation, particulars=particulars)
    assert (notice.address, notice.icon) == (address, icon)
