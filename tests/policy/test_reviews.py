"""Objectives are looked at again in their time, and what was decided stays on record."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.desk.queues import counts
from answerable.events.dispatch import dispatch
from answerable.people.errors import Refused
from answerable.people.models import User
from answerable.policy.actions import load_default, load_version
from answerable.policy.actions.comments import add_comment
from answerable.policy.actions.reviews import decide, plan_all, set_date
from answerable.policy.jobs import mail_review
from answerable.policy.models import Review, Version
from answerable.policy.reminding import remind_due
from answerable.policy.review_days import next_reminder
from tests.cast import Cast

NEVER = datetime(2019, 1, 1)  # noqa: DTZ001 (Hypothesis adds the zone)
SOLVE = "/policy/reviews/solve/"


@pytest.fixture
def version(cast: Cast) -> Version:
    """Alice answers for the objective to solve, each quarter; for the others nobody does."""
    document = load_default(cast.company, by=cast.ada).document.replace(
        'key = "solve"\n', 'key = "solve"\nowner = "alice@example.com"\nreview_every = "90 days"\n'
    )
    version = load_version(document, by=cast.ada)
    dispatch()
    return version


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def today() -> date:
    return timezone.localdate(timezone=ZoneInfo("Europe/Riga"))


def test_an_objective_with_an_interval_has_one_review_to_come(cast: Cast, version: Version) -> None:
    row = Review.objects.get()
    assert (row.objective, row.owner, row.due_on) == ("solve", cast.alice, today() + timedelta(days=90))
    plan_all(version)
    assert Review.objects.count() == 1


def test_the_owner_decides_and_the_next_one_is_planned(cast: Cast, version: Version) -> None:
    answer = signed_in(cast.alice).post(SOLVE, {"decision": "keep", "words": "We keep it.", "seen": ""})
    assert answer.status_code == 302
    done, planned = Review.objects.decided().get(), Review.objects.open().get()
    assert (done.decision, done.by, done.words, done.version) == ("keep", cast.alice, "We keep it.", version)
    assert done.next_on == planned.due_on == today() + timedelta(days=90)
    for address in ("/policy/reviews/", SOLVE):
        assert "We keep it." in signed_in(cast.charlie).get(address).text


def test_to_change_it_begins_a_draft(cast: Cast, version: Version) -> None:
    chosen = today() + timedelta(days=30)
    answer = signed_in(cast.ada).post(SOLVE, {"decision": "change", "words": "Too slow.", "next_on": str(chosen)})
    done = Review.objects.decided().get()
    assert done.draft is not None
    assert (done.draft.state, done.draft.document, done.draft.reason) == ("draft", version.document, "Too slow.")
    assert answer.headers["Location"] == f"/policy/drafts/{done.draft.number}/"
    assert Review.objects.open().get().due_on == chosen


def test_a_retired_one_is_not_looked_at_again(cast: Cast, version: Version) -> None:
    decide("solve", decision="retire", words="Nobody asks for it.", by=cast.alice, seen=None)
    assert not Review.objects.open().exists()
    assert Review.objects.get().draft is not None


def test_only_the_owner_and_administrators_decide(cast: Cast, version: Version) -> None:
    for user in (cast.bob, cast.charlie, cast.quinn):
        page = signed_in(user).get(SOLVE)
        assert page.status_code == 200
        assert "textarea" not in page.text
        assert signed_in(user).post(SOLVE, {"decision": "keep", "words": "x"}).status_code == 403
        assert signed_in(user).post(f"{SOLVE}date/", {"on": str(today() + timedelta(days=9))}).status_code == 403
    assert signed_in(cast.alice).post(f"{SOLVE}date/", {"on": str(today() + timedelta(days=9))}).status_code == 403
    with pytest.raises(PermissionDenied):
        decide("answer-soon", decision="keep", words="x", by=cast.alice, seen=None)
    assert not Review.objects.decided().exists()
    assert Client().get(SOLVE).status_code == 302


@pytest.mark.parametrize(
    ("typed", "beside"),
    [
        ({"words": "So it is."}, "id_decision"),
        ({"decision": "keep"}, "id_words"),
        ({"decision": "keep", "words": "So it is.", "next_on": "soon"}, "id_next_on"),
        ({"decision": "keep", "words": "So it is.", "next_on": "2020-01-01"}, "id_next_on"),
        ({"decision": "keep", "words": "So it is.", "next_on": "9999-01-01"}, "id_next_on"),
        ({"decision": "else", "words": "So it is."}, "id_decision"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    cast: Cast, version: Version, typed: dict[str, str], beside: str
) -> None:
    answer = signed_in(cast.alice).post(SOLVE, typed)
    assert answer.status_code == 422
    assert f"{beside}_error" in answer.text
    assert typed.get("words", "") in answer.text
    assert not Review.objects.decided().exists()


def test_of_two_who_decide_the_second_is_told_what_the_first_did(cast: Cast, version: Version) -> None:
    decide("solve", decision="keep", words="It is fine.", by=cast.alice, seen=None)
    late = signed_in(cast.ada).post(SOLVE, {"decision": "retire", "words": "Away with it.", "seen": ""})
    assert late.status_code == 422
    assert "Alice has decided meanwhile: Keep. “It is fine.”" in late.text
    assert "Away with it.</textarea>" in late.text
    assert Review.objects.decided().count() == 1
    seen = Review.objects.decided().get().pk
    assert f'name="seen" value="{seen}"' in late.text
    again = signed_in(cast.ada).post(SOLVE, {"decision": "retire", "words": "Away with it.", "seen": seen})
    assert again.status_code == 302


def test_an_administrator_chooses_a_day_for_one_without_an_interval(cast: Cast, version: Version) -> None:
    ada, chosen = signed_in(cast.ada), today() + timedelta(days=20)
    assert ada.post("/policy/reviews/satisfied/date/", {"on": str(today())}).status_code == 422
    assert ada.post("/policy/reviews/satisfied/date/", {"on": str(chosen)}).status_code == 302
    assert Review.objects.get(objective="satisfied").due_on == chosen
    set_date("satisfied", on=chosen + timedelta(days=1), by=cast.ada)
    assert Review.objects.get(objective="satisfied").due_on == chosen + timedelta(days=1)
    assert ada.post("/policy/reviews/none/date/", {"on": str(chosen)}).status_code == 404
    with pytest.raises(Refused, match="five years"):
        set_date("satisfied", on=chosen + timedelta(days=4000), by=cast.ada)


def test_a_new_version_hands_reviews_over_and_closes_those_of_objectives_it_lacks(cast: Cast, version: Version) -> None:
    set_date("satisfied", on=today() + timedelta(days=20), by=cast.ada)
    document = version.document.replace("alice@example.com", "bob@example.com").replace('"satisfied"', '"happy"')
    load_version(document, by=cast.ada)
    dispatch()
    assert Review.objects.open().get().owner == cast.bob
    closed = Review.objects.decided().get()
    assert (closed.objective, closed.decision, closed.version) == ("satisfied", "retire", version)


def test_another_interval_moves_the_review_to_come(cast: Cast, version: Version) -> None:
    """Counted from the last decision; a day that an administrator chose stands while the interval is the same."""
    set_date("solve", on=today() + timedelta(days=20), by=cast.ada)
    load_version(version.document.replace("# ", "#  ", 1), by=cast.ada)
    dispatch()
    assert Review.objects.get().due_on == today() + timedelta(days=20)
    load_version(version.document.replace('"90 days"', '"30 days"'), by=cast.ada)
    dispatch()
    assert Review.objects.get().due_on == today() + timedelta(days=30)
    Version.objects.filter(state=Version.State.IN_FORCE).update(in_force_at=timezone.now() - timedelta(days=300))
    again = load_version(version.document, by=cast.ada)
    plan_all(again)
    assert Review.objects.get().due_on == today() + timedelta(days=90)


def test_a_policy_from_before_there_were_reviews_has_them(cast: Cast, version: Version) -> None:
    Review.objects.all().delete()
    Version.objects.filter(pk=version.pk).update(in_force_at=timezone.now() - timedelta(days=400))
    remind_due()
    assert Review.objects.get().due_on == today()


@pytest.mark.parametrize(("days_left", "next_in"), [(7, 7), (0, 7), (-7, 7), (-30, 5), (3, 3)])
def test_an_owner_is_reminded_once_and_then_in_a_week_from_the_day_it_is_due(
    cast: Cast, version: Version, days_left: int, next_in: int
) -> None:
    due = timezone.now().date() + timedelta(days=days_left)
    Review.objects.update(due_on=due, remind_at=timezone.now() - timedelta(seconds=1))
    remind_due()
    remind_due()
    row = Review.objects.get()
    assert row.reminders == 1
    assert row.remind_at is not None
    assert (row.remind_at.date() - timezone.now().date()).days in (next_in, 0)  # 0: before eight o'clock


@settings(max_examples=50, deadline=None)
@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.datetimes(NEVER, NEVER.replace(year=2031), timezones=st.just(UTC)),
    st.sampled_from(["UTC", "Europe/Riga", "Asia/Almaty", "America/New_York"]),
)
def test_reminders_are_a_week_apart_from_a_week_before(due_on: date, after: datetime, zone: str) -> None:
    found = next_reminder(due_on, ZoneInfo(zone), after)
    days = (found.date() - due_on).days
    assert found > after
    assert found.hour == 8
    assert days >= -7
    assert days % 7 == 0
    assert days == -7 or found - after <= timedelta(days=7, hours=1)


def test_where_the_owner_has_left_the_administrators_are_reminded(cast: Cast, version: Version) -> None:
    row = Review.objects.get()
    mail_review(review_id=row.pk, times=1)
    User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    mail_review(review_id=row.pk, times=2)
    assert [letter.to for letter in mail.outbox] == [["alice@example.com"], ["ada@example.com"]]
    assert SOLVE in str(mail.outbox[0].body)
    assert "You answer for this objective." in str(mail.outbox[0].body)
    assert "so the administrators do." in str(mail.outbox[1].body)
    decide("solve", decision="keep", words="Fine.", by=cast.ada, seen=None)
    mail_review(review_id=row.pk, times=3)
    assert len(mail.outbox) == 2


def test_the_page_gathers_what_was_said_since_the_last_decision(cast: Cast, version: Version) -> None:
    add_comment(version=version, part="standard", key="resolution", text="Three days are long.", by=cast.bob)
    add_comment(version=version, part="standard", key="first-response", text="Of another objective.", by=cast.bob)
    page = signed_in(cast.alice).get(SOLVE).text
    assert "Three days are long." in page
    assert "Of another objective." not in page
    decide("solve", decision="keep", words="Fine.", by=cast.alice, seen=None)
    assert "Three days are long." not in signed_in(cast.alice).get(SOLVE).text


def test_what_is_overdue_stands_first_and_the_desk_says_so(cast: Cast, version: Version) -> None:
    set_date("answer-soon", on=today() + timedelta(days=2), by=cast.ada)
    Review.objects.filter(objective="solve").update(due_on=today() - timedelta(days=3))
    page = signed_in(cast.bob).get("/policy/reviews/").text
    assert page.index("solved within three working days") < page.index("an answer within four working hours")
    assert "Overdue" in page
    assert (counts(User.objects.get(pk=cast.alice.pk)).to_review, counts(cast.ada).to_review) == (1, 0)
    assert "to be reviewed" in signed_in(cast.alice).get("/inbox/").text


def test_many_decisions_cost_as_many_queries_as_one(cast: Cast, version: Version) -> None:
    bob = signed_in(cast.bob)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            bob.get(address)
        return len(captured)

    last = decide("solve", decision="keep", words="One.", by=cast.alice, seen=None)
    addresses = ("/policy/reviews/", SOLVE)
    few = [queries(address) for address in addresses for _ in range(2)][1::2]
    for number in range(10):
        last = decide("solve", decision="keep", words=f"{number}", by=cast.alice, seen=last.pk)
    assert [queries(address) for address in addresses] == few


@pytest.mark.parametrize("since", ["", "2026-01-01", "soon", "0001-01-01", "9999-12-31"])
def test_what_was_rehearsed_is_a_part_of_the_page(cast: Cast, version: Version, since: str) -> None:
    assert "/policy/evidence/rehearsals/?since=" in signed_in(cast.bob).get(SOLVE).text
    assert "was rehearsed" in signed_in(cast.bob).get("/policy/evidence/rehearsals/", {"since": since}).text
    assert Client().get("/policy/evidence/rehearsals/").status_code == 302
