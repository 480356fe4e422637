"""An export of Zendesk, from files to conversations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.test import Client, override_settings

from answerable.customers.models import Contact
from answerable.desk.models import Clock, Conversation, Delivery, Kind, Message, Notice, Status
from answerable.events.models import Event, PendingReaction
from answerable.imports.mapping import Mapping
from answerable.imports.models import Import, Origin, Remark
from answerable.people.models import User
from answerable.site.commands.import_ import say
from tests.cast import Cast
from tests.imports.zendesk import ORGANISATIONS, TICKETS, USERS

if TYPE_CHECKING:
    from tests.imports.conftest import TakenOver


@pytest.fixture
def export(tmp_path: Path) -> list[Path]:
    """As the account's export gives it: an object a line, each kind in a file."""
    kinds = {"tickets": TICKETS, "users": USERS, "organizations": ORGANISATIONS}
    found = []
    for name, rows in kinds.items():
        path = tmp_path / f"{name}.json"
        path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
        found.append(path)
    return found


def test_whole_conversations_come_over_and_nobody_hears_of_it(
    cast: Cast, taken_over: TakenOver, export: list[Path]
) -> None:
    before = Contact.objects.count()
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        row = taken_over(cast, *export)
        assert mail.outbox == []
    assert row.state == Import.State.DONE
    assert not any(model.objects.exists() for model in (Clock, Delivery, Notice))
    assert not PendingReaction.objects.filter(event__root__startswith="conversation-").exists()
    order = Conversation.objects.get(subject="Where is my order?")
    assert (order.status, order.priority_key, order.tags, order.reopen_count) == ("solved", "high", ["order"], 2)
    assert (order.contact, order.assignee, order.team) == (cast.dace, cast.bob, cast.support)
    assert order.created_at.isoformat() == "2024-03-29T15:00:00+00:00"
    assert order.solved_at is not None
    assert order.solved_at.isoformat() == "2024-04-01T10:30:00+00:00"
    kinds = [(message.kind, message.user and message.user.name) for message in order.messages.order_by("id")]
    assert kinds == [("inbound", None), ("outbound", "Gone Girl"), ("note", "Bob"), ("outbound", "Bob")]
    assert order.messages.earliest("id").external_id == "first@customer.example"
    gone = User.objects.get(email="gone@example.com")
    assert not gone.is_active
    assert not gone.has_usable_password()
    green = Conversation.objects.get(subject="A question")
    assert (green.status, green.channel, green.unanswered_since) == ("open", "form", green.created_at)
    assert green.asked_at == green.created_at
    assert green.contact.addresses.count() == 2
    assert not Conversation.objects.filter(subject="Deleted").exists()
    nobody = Conversation.objects.get(subject="Only a description")
    assert (nobody.status, nobody.messages.get().text, nobody.contact.name) == (Status.ON_HOLD, "Who am I?", "")
    assert Contact.objects.count() == before + 2
    assert cast.dace.addresses.filter(kind="phone").get().value == "+37120000000"
    assert {one.reason for one in row.remarks.all()} == {
        "deleted", "rating", "file_not_there", "no_requester", "fields",
    }  # fmt: skip
    assert row.remarks.get(reason="fields").words == {"names": "77"}


def test_what_is_shown_is_made_harmless(cast: Cast, client: Client, taken_over: TakenOver, export: list[Path]) -> None:
    taken_over(cast, *export)
    client.force_login(cast.alice)
    order = Conversation.objects.get(subject="Where is my order?")
    page = client.get(f"/conversations/{order.pk}/").content.decode()
    assert "On its" in page
    assert "x()" not in page
    assert "Zendesk" in page
    client.force_login(cast.charlie)
    assert client.get(f"/conversations/{order.pk}/").status_code in (403, 404)


def test_a_second_run_changes_nothing(cast: Cast, taken_over: TakenOver, export: list[Path]) -> None:
    taken_over(cast, *export)
    rows = (Conversation, Message, Contact, User, Origin)
    before = [list(model.objects.order_by("pk").values()) for model in rows]
    events = Event.objects.exclude(verb__startswith="import.").count()
    again = taken_over(cast, *export)
    assert [list(model.objects.order_by("pk").values()) for model in rows] == before
    assert Event.objects.exclude(verb__startswith="import.").count() == events
    assert (again.report["known"], again.report.get("conversations_new")) == (3, 0)


def test_pages_of_the_api_come_to_the_same(cast: Cast, taken_over: TakenOver, tmp_path: Path) -> None:
    """Tickets, comments, metrics and users as the API pages them, in one file each, comments with their ticket."""
    tickets, comments, metrics = [], [], []
    for ticket in TICKETS:
        bare = {name: value for name, value in ticket.items() if name not in ("comments", "metric_set")}
        tickets.append(bare)
        comments += [one | {"ticket_id": ticket["id"]} for one in ticket.get("comments", ())]
        if "metric_set" in ticket:
            metrics.append({"ticket_id": ticket["id"], **ticket["metric_set"]})
    pages = {"tickets": tickets, "comments": comments, "ticket_metrics": metrics, "users": USERS}
    path = tmp_path / "all.json"
    path.write_text(json.dumps({**pages, "next_page": None, "count": 4}), encoding="utf-8")
    row = taken_over(cast, path)
    assert (row.report["conversations_new"], row.report["messages_new"]) == (3, 6)
    order = Conversation.objects.get(subject="Where is my order?")
    assert (order.reopen_count, order.messages.filter(kind=Kind.OUTBOUND).count()) == (2, 2)


def test_words_are_mapped_as_somebody_says(cast: Cast, taken_over: TakenOver, export: list[Path]) -> None:
    mapping = Mapping(
        statuses={"hold": "pending", "open": "leave_out"},
        priorities={"urgent": "low"},
        inboxes={"3": cast.latvia_inbox.pk},
        people={"gone@example.com": "alice@example.com"},
    )
    taken_over(cast, *export, mapping=mapping)
    assert Conversation.objects.get(subject="Only a description").status == "pending"
    assert Conversation.objects.get(subject="Only a description").priority_key == "low"
    assert Conversation.objects.get(subject="Where is my order?").team == cast.latvia
    assert not Conversation.objects.filter(subject="A question").exists()
    reasons = dict(Remark.objects.filter(about__in=["ticket 36", "ticket 37"]).values_list("about", "reason"))
    assert reasons == {"ticket 36": "left_out", "ticket 37": "deleted"}
    assert Message.objects.filter(user=cast.alice).count() == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('{"tickets": [{"id": 1, "status": "open"', "ends too early"),
        ("not json at all", "not JSON"),
        ('[{"colour": "green"}]', "holds nothing of Zendesk"),
        ("", "not JSON"),
        ('{"users": [{"id": 1, "role": "agent"}]}', "no tickets"),
        ('{"tickets": [' + "[" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_export_is_refused_whole(
    cast: Cast, taken_over: TakenOver, tmp_path: Path, content: str, why: str
) -> None:
    path = tmp_path / "tickets.json"
    path.write_text(content)
    row = taken_over(cast, path)
    assert row.state == Import.State.FAILED
    assert why in row.error
    assert not Conversation.objects.exists()
    assert not Origin.objects.exists()


def test_a_broken_line_is_named_and_the_others_come(cast: Cast, taken_over: TakenOver, export: list[Path]) -> None:
    export[0].write_text(export[0].read_text().replace('{"id": 36', '{"id" 36'))
    row = taken_over(cast, *export)
    assert row.report["conversations_new"] == 2
    [broken] = row.remarks.filter(reason="broken")
    assert broken.about.endswith("line 2")


def test_some_of_each_reason_are_said(
    cast: Cast, taken_over: TakenOver, export: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Many of one kind do not hide the one of another."""
    [tickets] = [file for file in export if "ticket" in file.name]
    more = [TICKETS[3] | {"id": number, "status": "odd", "subject": str(number)} for number in range(100, 130)]
    tickets.write_text("".join(json.dumps(one) + "\n" for one in [*more, *TICKETS]))
    say(taken_over(cast, *export), 2.0, as_json=False)
    said = capsys.readouterr().out
    assert "ticket 37: It was deleted there." in said
    assert said.count("Nobody said what the status “odd” means") == 3
    assert "And 27 more like it" in said


def test_what_there_is_none_of_is_counted_too(
    cast: Cast, taken_over: TakenOver, export: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """An export of tickets alone: no organisation, and no list of people."""
    row = taken_over(cast, *[file for file in export if "ticket" in file.name])
    assert row.report["organisations_new"] == row.report["contacts_new"] == 0
    say(row, 2.0, as_json=False)
    assert "0 contacts, 0 organisations. Here already: 0 conversations" in capsys.readouterr().out


def test_letters_that_cannot_be_kept_keep_nothing_else_out(
    cast: Cast, taken_over: TakenOver, export: list[Path]
) -> None:
    """Half of an emoji, where something cut a text off; and the letter NUL."""
    [order, *others] = [json.loads(line) for line in export[0].read_text("utf-8").splitlines()]
    order = {**order, "subject": "Cut off \ud83d", "tags": ["a\x00b"], "via": {"channel": "\udc00"}}
    export[0].write_text("\n".join(json.dumps(row) for row in [order, *others]), encoding="utf-8")
    assert taken_over(cast, *export).state == Import.State.DONE
    assert Conversation.objects.get(subject="Cut off \ufffd").tags == ["a\ufffdb"]
    assert Conversation.objects.filter(subject="A question").exists()
