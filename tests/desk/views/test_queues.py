"""Queues of conditions, through HTTP: who writes them, who sees them, what stands in them and how many."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from answerable.core.criteria import All, Check, Node, Not, Some, holds
from answerable.desk.actions.conversations import assign, set_priority, set_status, set_tags
from answerable.desk.criteria import condition, facts, is_bounded
from answerable.desk.models import Conversation, Field, SavedQueue, Status
from answerable.desk.rows import fitting
from answerable.desk.saved import Saved
from tests.cast import Cast
from tests.desk.views.stage import HTMX, asked

NEW = "/settings/queues/new/"


def made(client: Client, **fields: Any) -> SavedQueue:
    """By the form."""
    posted = {"name": "Refunds", "order": "newest", "status": ["new", "open"], "snoozed": "no", **fields}
    answer = client.post(NEW, posted)
    assert answer.status_code == 302, answer.context["form"].errors
    return SavedQueue.objects.latest("id")


def test_a_lead_writes_a_queue_and_the_team_works_from_it(cast: Cast, alice: Client, bob: Client) -> None:
    refund, other = asked(cast, "A refund", "Please."), asked(cast, "Something else", "Hello?")
    set_tags(refund, tags=["refund"], by=cast.alice)
    queue = made(alice, team=str(cast.support.pk), tag="Refund, broken")
    page = bob.get(f"/inbox/saved-{queue.pk}/").content.decode()
    assert "A refund" in page
    assert other.subject not in page
    assert "load" in page[page.index('id="queues"') :][:400]  # what was never counted is counted by a part of the page
    panel = bob.get("/inbox/counts/", headers=HTMX).content.decode()
    assert '>Refunds</span><span class="count">1</span>' in panel
    set_tags(other, tags=["broken"], by=cast.bob)
    assert '<span class="count">2</span>' in bob.get("/inbox/counts/", headers=HTMX).content.decode()


def test_it_is_changed_by_who_has_seen_it_and_retired(cast: Cast, alice: Client, bob: Client) -> None:
    queue = made(alice, team=str(cast.support.pk))
    there = f"/settings/queues/{queue.pk}/"
    form = alice.get(there).context["form"]
    assert form["status"].value() == ["new", "open"]
    fields = {"name": "Money", "order": "due", "team": str(cast.support.pk), "snoozed": "no", "due_hours": "4"}
    assert alice.post(there, fields | {"revision": "1"}).status_code == 302
    late = alice.post(there, fields | {"revision": "1", "name": "Too late"})
    assert late.status_code == 422
    assert "Somebody else has changed this queue" in late.content.decode()
    assert alice.get(there).context["form"]["due_hours"].value() == "4"
    assert bob.post(there, fields | {"revision": "2"}).headers["Location"] == f"/inbox/saved-{queue.pk}/"
    assert bob.post(f"{there}retirement/").status_code == 403
    assert alice.post(f"{there}retirement/").status_code == 302
    assert bob.get(f"/inbox/saved-{queue.pk}/").status_code == 404


def test_ones_own_is_seen_by_nobody_else(cast: Cast, alice: Client, bob: Client, charlie: Client) -> None:
    own = made(bob, name="Mine alone", assignee="me_or_nobody")
    teams = made(alice, team=str(cast.support.pk), name="Of support")
    assert "Mine alone" in bob.get("/inbox/").content.decode()
    for client, queue in ((alice, own), (charlie, own), (charlie, teams)):
        assert queue.name not in client.get("/inbox/").content.decode()
        assert client.get(f"/inbox/saved-{queue.pk}/").status_code == 404
        assert client.post(f"/settings/queues/{queue.pk}/", {"name": "X"}).status_code == 404
    assert charlie.post(NEW, {"name": "X", "order": "newest", "team": str(cast.support.pk)}).status_code == 422


def test_a_list_is_one_query_more_than_everybodys(
    cast: Cast, alice: Client, bob: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    queue = made(alice, team=str(cast.support.pk))
    for number in range(3):
        asked(cast, f"Question {number}", "Hello?")
    bob.get("/notices/")
    with django_assert_num_queries(2 + 1 + 1 + 1):  # who asks; the queue; its rows; all counts
        bob.get(f"/inbox/saved-{queue.pk}/")
    with django_assert_num_queries(2 + 1 + 1):  # ...; those made of conditions, all at once
        bob.get("/inbox/counts/", headers=HTMX)
    with django_assert_num_queries(2 + 1):  # nothing has happened since
        bob.get("/inbox/counts/", headers=HTMX)


def test_fields_of_the_companys_own_are_asked_for(cast: Cast, bob: Client) -> None:
    kinds = {"Product": "choice", "Amount": "number", "Urgent": "yes_no"}
    rows = {name: Field.objects.create(name=name, kind=kind, place=1) for name, kind in kinds.items()}
    Field.objects.filter(name="Product").update(choices=["Lamp", "Chair"])
    fits, other = asked(cast, "It fits", "Hello?"), asked(cast, "It does not", "Hello?")
    keys = {name: str(row.pk) for name, row in rows.items()}
    known = {keys["Product"]: "Lamp", keys["Amount"]: "10.5", keys["Urgent"]: "yes"}
    Conversation.objects.filter(pk=fits.pk).update(details=known)
    Conversation.objects.filter(pk=other.pk).update(details=known | {keys["Amount"]: "9"})
    asking = {f"own_{keys['Product']}": ["Lamp"], f"own_{keys['Amount']}_from": "10", f"own_{keys['Urgent']}": "yes"}
    queue = made(bob, **asking)
    assert [row.subject for row in bob.get(f"/inbox/saved-{queue.pk}/").context["page"].rows] == ["It fits"]
    form = bob.get(f"/settings/queues/{queue.pk}/").context["form"]
    assert form[f"own_{keys['Product']}"].value() == ["Lamp"]


def test_what_was_asked_or_solved_at_some_time_stands_in_a_queue_and_is_counted(
    cast: Cast, bob: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lately, earlier = asked(cast, "Solved lately", "Thanks"), asked(cast, "Solved before", "Thanks")
    for row in (lately, earlier):
        set_status(row, to=Status.SOLVED, by=cast.bob)
    Conversation.objects.filter(pk=earlier.pk).update(solved_at=timezone.now() - timedelta(days=3))
    asking = {"solved_how": "within", "solved_amount": "2", "solved_unit": "days"}
    queue = made(bob, status=["solved"], snoozed="", **asking)
    there = f"/settings/queues/{queue.pk}/"
    assert queue.conditions["all"][1:] == [{"field": "solved", "within": "2 days"}]
    with django_assert_num_queries(5):  # as any other queue
        rows = bob.get(f"/inbox/saved-{queue.pk}/").context["page"].rows
    assert [row.subject for row in rows] == ["Solved lately"]
    assert '<span class="count">1</span>' in bob.get("/inbox/counts/", headers=HTMX).content.decode()
    assert bob.get(there).context["form"]["solved"].value() == {"within": "2 days"}
    # Nothing happens, and two days pass: the count is no older than a minute.
    Conversation.objects.filter(pk=lately.pk).update(solved_at=timezone.now() - timedelta(days=2))
    assert '<span class="count">1</span>' in bob.get("/inbox/counts/", headers=HTMX).content.decode()
    for name in ("MINUTE_SECONDS", "RESTS"):
        monkeypatch.setattr(f"answerable.desk.saved.{name}", 0)
    assert '<span class="count">1</span>' not in bob.get("/inbox/counts/", headers=HTMX).content.decode()


def test_a_stretch_of_days_is_asked_for_and_shown_again(cast: Cast, bob: Client) -> None:
    asked(cast, "Today", "Hello?")
    other = asked(cast, "Long ago", "Hello?")
    Conversation.objects.filter(pk=other.pk).update(created_at=datetime(2026, 1, 5, 12, tzinfo=UTC))
    stretch = {"created_how": "between", "created_first": "2026-01-03", "created_last": "2026-01-05"}
    queue = made(bob, **stretch)
    assert [row.subject for row in bob.get(f"/inbox/saved-{queue.pk}/").context["page"].rows] == ["Long ago"]
    page = bob.get(f"/settings/queues/{queue.pk}/").content.decode()
    assert 'value="2026-01-03"' in page
    assert 'value="2026-01-05"' in page
    for wrong in ({"created_last": "2026-01-02"}, {"created_last": ""}, {"created_how": "within"}):
        answer = bob.post(NEW, {"name": "Wrong", "order": "newest", **stretch, **wrong})
        assert answer.status_code == 422
        assert answer.context["form"].errors["created"]


DAYS = [timezone.now() - timedelta(days=days) for days in (-1, 0, 1, 3)]
values = {
    "status": ["new", "open", "solved"],
    "priority": ["normal", "urgent"],
    "assignee": ["", "me"],
    "tag": ["", "refund", "Late"],
    "language": ["", "lv"],
    "snoozed": ["yes", "no"],
    "field:1": ["", "lamp", "12"],
}
leaves = st.one_of(
    st.sampled_from(sorted(values)).flatmap(
        lambda name: st.builds(
            Check,
            st.just(name),
            st.sampled_from(["in", "not_in"]),
            st.lists(st.sampled_from(values[name]), max_size=2, unique=True).map(tuple),
        )
    ),
    st.builds(
        lambda name, operator, number: Check(name, operator, (str(number),)),
        st.sampled_from(["waiting_hours", "due_hours", "field:1"]),
        st.sampled_from(["at_least", "at_most"]),
        st.sampled_from([-30, 1, 12, 30]),
    ),
)
times = st.builds(
    lambda name, question: Check(name, question[0], (question[1],)),
    st.sampled_from(["created", "asked", "solved", "due"]),
    st.sampled_from(
        [
            *((operator, span) for operator in ("within", "older", "ahead") for span in ("15 hours", "3 days")),
            *((operator, f"{day:%Y-%m-%d}") for operator in ("before", "since") for day in DAYS),
        ]
    ),
)
trees = st.recursive(
    leaves | times,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: Some(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=6,
)


@pytest.fixture
def mixed(cast: Cast) -> list[Conversation]:
    """Conversations that differ in whatever conditions speak of."""
    rows = [asked(cast, f"Question {number}", "Hello?") for number in range(6)]
    now = timezone.now()
    assign(rows[0], to=cast.bob, by=cast.alice)
    set_status(rows[1], to=Status.SOLVED, by=cast.alice)
    set_tags(rows[2], tags=["refund", "late"], by=cast.alice)
    set_priority(rows[3], to=4, by=cast.alice)
    Conversation.objects.filter(pk=rows[4].pk).update(snoozed_until=now, language="", details={"1": "Lamp\nChair"})
    earlier = now - timedelta(hours=20)
    Conversation.objects.filter(pk=rows[5].pk).update(
        asked_at=earlier, unanswered_since=earlier, due_at=earlier, details={"1": "12"}
    )
    Conversation.objects.filter(pk=rows[3].pk).update(
        created_at=now - timedelta(days=4), solved_at=now - timedelta(hours=30), due_at=now + timedelta(hours=30)
    )
    Conversation.objects.filter(pk=rows[0].pk).update(asked_at=None)
    Conversation.objects.filter(pk=rows[1].pk).update(unanswered_since=earlier, due_at=earlier)  # it is solved
    return list(Conversation.objects.order_by("id"))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(tree=trees)
def test_the_database_and_memory_agree(cast: Cast, mixed: list[Conversation], tree: Node) -> None:
    now = timezone.now()
    found = Conversation.objects.filter(condition(tree, me=cast.bob.pk, now=now)).order_by("id")
    expected = [row.pk for row in mixed if holds(tree, facts(row, me=cast.bob.pk, now=now))]
    assert list(found.values_list("pk", flat=True)) == expected
    queue = Saved(1, 1, "Whatever", tree, "newest", (), is_own=True)
    listed = fitting(queue, cast.bob.team_ids, now).values(user=cast.bob.pk)  # as its page asks, over and over
    assert sorted(columns[0] for columns in listed) == expected


def test_opened_again_it_is_not_written_again(cast: Cast, alice: Client, bob: Client) -> None:
    """The ORM takes longer to write the query of a queue than PostgreSQL to answer it."""
    hers = asked(cast, "Hers", "Hello?")
    mine = asked(cast, "His", "Hello?")
    assign(hers, to=cast.alice, by=cast.alice)
    assign(mine, to=cast.bob, by=cast.alice)
    queue = made(alice, team=str(cast.support.pk), assignee="me", waiting_hours="24")
    Conversation.objects.update(unanswered_since=timezone.now() - timedelta(hours=30))
    fitting.cache_clear()
    for client, subject in ((alice, "Hers"), (bob, "His")):
        for _ in range(2):
            page = client.get(f"/inbox/saved-{queue.pk}/").context["page"]
            assert [row.subject for row in page.rows] == [subject]
    assert fitting.cache_info().hits >= 1  # not each of them again where a minute has passed between


COUNTED: list[Node] = [
    Check("status", "in", ("new", "open")),
    Check("waiting_hours", "at_least", ("24",)),
    Check("due_hours", "at_most", ("2",)),
    Check("due", "ahead", ("2 days",)),
    All((Check("status", "in", ("open",)), Check("asked", "older", ("3 days",)))),
    *(Check(name, "within", ("2 days",)) for name in ("created", "asked", "solved")),
]


def test_counting_reads_none_of_the_many_that_are_solved(cast: Cast, mixed: list[Conversation]) -> None:
    """Counts are made again and again."""
    row, long_ago = mixed[1], timezone.now() - timedelta(days=400)
    done = {"status": Status.SOLVED, "created_at": long_ago, "last_message_at": long_ago, "solved_at": long_ago}
    where = {"inbox": row.inbox, "team": row.team, "contact": row.contact, "channel": row.channel}
    Conversation.objects.bulk_create(Conversation(asked_at=long_ago, **where, **done) for _ in range(3000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE desk_conversation")
    for tree in COUNTED:
        assert is_bounded(tree)
        found = condition(tree, me=cast.bob.pk, now=timezone.now())
        rows = Conversation.objects.visible_to(cast.bob).that_count().filter(found).order_by()
        plan = json.loads(rows.explain(format="json", analyze=True))[0]["Plan"]
        assert _read(plan) <= len(mixed), tree


def _read(plan: dict[str, Any]) -> int:
    """Rows that were looked at in the table. (An index also tells of rows of other tests, which are gone.)"""
    here = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0) if "Relation Name" in plan else 0
    return int(here) + sum(_read(part) for part in plan.get("Plans", ()))
