"""The board of the day: what it counts, whom it shows, what it costs, and who is refused."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from answerable.core.calendar import Interval, instant
from answerable.core.policy import default_policy
from answerable.desk.actions.answering import answer
from answerable.desk.actions.conversations import set_status
from answerable.desk.actions.held import hold
from answerable.desk.models import Clock, Conversation, Status
from answerable.desk.timers import fire_due
from answerable.feedback.actions.ratings import comment, rate
from answerable.feedback.models import Invitation
from answerable.insight.today.board import Board, Day
from answerable.insight.today.figures import yesterday
from answerable.insight.today.load import expected
from answerable.people.actions.absences import ask_for_absence
from answerable.people.actions.board import give_praise, note_lesson
from answerable.people.actions.shifts import add_shift
from answerable.people.models import Praise, User
from answerable.policy.actions import load_version
from tests.cast import Cast
from tests.desk.test_clocks import POLICY
from tests.insight.story import question

RIGA = ZoneInfo("Europe/Riga")
PARTS = ("today", "today-now", "today-words", "today-conversations")


def ago(days: int, hour: float = 10) -> datetime:
    """So many days ago, by the clock in Riga."""
    return instant(RIGA, timezone.now().astimezone(RIGA).date() - timedelta(days=days), round(hour * 60))


def as_(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def reply(conversation: Conversation, at: datetime, by: User) -> Conversation:
    """A person answers, then."""
    held = hold(conversation)
    answer(held, text="There.", html="", by=by, then=Status.PENDING, at=at)
    held.keep()
    return Conversation.objects.get(pk=conversation.pk)


def board(cast: Cast, now: datetime | None = None) -> Board:
    reader, teams = User.objects.get(pk=cast.alice.pk), [cast.support, cast.latvia]
    return Board.of(reader, cast.support, teams, now=now or timezone.now(), zone=RIGA)


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """Yesterday five customers wrote to Support and Latvia and one to Sales; in each of five weeks before, one did.

    Bob answered two of Support's in an hour and one in five, which is late. One was solved, rated, and came back.
    """
    load_version(POLICY, by=cast.ada)
    for week in range(1, 6):
        reply(question(cast, ago(1 + 7 * week)), ago(1 + 7 * week, 11), cast.bob)
    for hours in (1, 1, 5):
        matter = reply(question(cast, ago(1)), ago(1, 10 + hours), cast.bob)
    set_status(matter, to=Status.SOLVED, by=cast.bob, at=ago(1, 16))
    invitation = Invitation.objects.create(
        conversation=matter, contact=cast.dace, agent=cast.bob, team=cast.support, channel="email", language="lv"
    )
    comment(rate(invitation, score=5), text="So quick!")
    set_status(matter, to=Status.OPEN, by=cast.bob, at=ago(1, 17))
    question(cast, ago(1), inbox=cast.latvia_inbox, subject="Still waiting")
    spam = question(cast, ago(1))
    Conversation.objects.filter(pk=spam.pk).update(spam_at=ago(1, 11), status=Status.CLOSED)
    Clock.objects.filter(conversation=spam).update(state=Clock.State.CANCELLED)
    question(cast, ago(1), inbox=cast.sales_inbox, subject="To Sales")
    return cast


def test_yesterday_is_counted_and_each_figure_leads_to_its_conversations(busy: Cast) -> None:
    figures = {each.key: each for each in yesterday(board(busy))}
    values = {key: each.value for key, each in figures.items()}
    assert values == {
        "arrived": "4",
        "answered": "3",
        "first_response": "1\N{NO-BREAK SPACE}hr",
        "first-responses": "50%",
        "solved": "1",
        "reopened": "1",
        "promises": "60%",  # the one that was solved, too
        "rated": "–",  # it was given today
    }
    assert figures["arrived"].usual == "usually 1"
    assert figures["arrived"].word == "too few to compare"
    alice = as_(busy.alice)
    listed = {"arrived": 4, "answered": 3, "first_response": 4, "first-responses": 4, "solved": 1, "reopened": 1}
    for key, number in listed.items():
        page = alice.get(figures[key].href).content.decode()
        assert page.count('<th scope="row">') == number, key
        assert "To Sales" not in page
    page = alice.get(figures["promises"].href).content.decode()
    assert "First response: Breached" in page
    tomorrow = board(busy, now=ago(-1))
    assert {each.key: each.value for each in yesterday(tomorrow)}["rated"] == "100%"


def test_unusual_is_said_where_it_is(cast: Cast) -> None:
    load_version(POLICY, by=cast.ada)
    for week in range(1, 6):
        question(cast, ago(1 + 7 * week))
        question(cast, ago(7 * week, 9))
    for _each in range(8):
        question(cast, ago(1))
    [arrived, *_rest] = yesterday(board(cast))
    assert (arrived.value, arrived.usual, arrived.word) == ("8", "usually 1", "more than usual")
    assert arrived.interval == "such a day has 0 to 4"
    found = expected(board(cast))
    assert (found.mean, found.so_far, [hour.label for hour in found.hours]) == ("1", 0, ["09:00"])


def test_the_last_working_day_is_by_the_promised_hours(cast: Cast) -> None:
    open_on = {"monday": ["09:00-17:00"], "thursday": ["09:00-17:00"]}
    closed: dict[str, list[str]] = {day: [] for day in ("tuesday", "wednesday", "friday", "saturday", "sunday")}
    load_version(default_policy(time_zone="Europe/Riga", holidays=[], week=closed | open_on), by=cast.ada)
    question(cast, ago(700))
    monday = datetime(2027, 3, 22, 8, tzinfo=RIGA)
    found = board(cast, now=monday)
    assert found.yesterday.on.isoformat() == "2027-03-18"
    assert found.is_working(found.today)
    assert not found.is_working(Day.of(monday.date() + timedelta(days=1), RIGA))
    assert [day.on.weekday() for day in found.like(found.yesterday)] == [3] * 8


def test_the_board_shows_the_day_and_its_queries_are_known(busy: Cast) -> None:
    now = timezone.now()
    begins = now - timedelta(hours=1)
    add_shift(user=busy.bob, team=busy.support, span=Interval(begins, now + timedelta(hours=2)), by=busy.alice)
    add_shift(user=busy.quinn, team=busy.support, span=Interval(begins, now + timedelta(hours=1)), by=busy.alice)
    ask_for_absence(
        user=busy.quinn,
        kind="illness",
        span=Interval(begins, now + timedelta(hours=3)),
        stand_in=busy.bob,
        by=busy.alice,
    )
    give_praise(praised=busy.alice, board=busy.support, text="Calm in the storm.", by=busy.bob)
    note_lesson(board=busy.latvia, text="Ask for the order's number.", objective="soon", by=busy.bob)
    fire_due()
    alice = as_(busy.alice)
    with CaptureQueriesContext(connection) as queries:
        page = " ".join(alice.get(reverse("today")).content.decode().split())
    assert len(queries) < 30
    for words in (
        "Still waiting",
        "escalated",
        "away, Bob stands in",
        "Calm in the storm.",
        "Ask for the order&#x27;s number.",
        "So quick!",
    ):
        assert words in page
    assert "illness" not in page.lower()
    for part in PARTS[1:3]:
        assert "<html" not in alice.get(reverse(part), {"day": board(busy).today.on.isoformat()}).content.decode()
    assert alice.get(reverse("today-now"), {"day": "2020-01-01"}).headers["HX-Refresh"] == "true"
    seal = page.partition('name="compliment" value="')[2].partition('"')[0]
    alice.post(reverse("praise-pins") + f"?team={busy.support.pk}", {"compliment": seal})
    assert Praise.objects.get(praised=busy.bob).text == "So quick!"
    after = alice.get(reverse("today-words")).content.decode()
    assert "to be pinned" not in after
    assert "Dace Ozola, a customer; pinned by Alice" in " ".join(after.split())


def test_who_is_praised_by_a_customer_does_not_pin_it(busy: Cast) -> None:
    page = as_(busy.bob).get(reverse("today")).content.decode()
    assert "a colleague may pin it" in page
    assert 'name="compliment"' not in page


def test_charlie_of_another_team_is_refused(busy: Cast) -> None:
    charlie = as_(busy.charlie)
    for part in PARTS:
        for team in (busy.support, busy.latvia, busy.everyone):
            assert charlie.get(reverse(part), {"team": str(team.pk), "of": "open"}).status_code == 404
    own = charlie.get(reverse("today")).content.decode()
    for words in ("So quick!", "Still waiting", "Alice", "Bob"):
        assert words not in own
    assert charlie.get(reverse("today-conversations"), {"of": "no such figure"}).status_code == 404


def test_a_company_on_its_first_day(cast: Cast) -> None:
    for user, words in (
        (cast.alice, "Nobody has written yet"),
        (cast.alice, "Nobody is planned for today."),
        (cast.alice, "Plan the shifts"),
        (cast.alice, "Nothing has escalated"),
        (cast.charlie, "Nobody has written yet"),
    ):
        assert words in as_(user).get(reverse("today")).content.decode()
    homeless = User.objects.create_user("new@example.com", "x", name="New")
    page = as_(homeless).get(reverse("today"))
    assert (page.status_code, "You are in no team yet" in page.content.decode()) == (200, True)
    assert as_(homeless).get(reverse("today-now")).status_code == 404


def test_the_board_says_of_a_day_what_the_report_says(desk: Cast) -> None:
    """One definition, one figure: five days ago seven customers wrote to Support (tests/insight/story.py)."""
    began = Conversation.objects.filter(team=desk.support).earliest("created_at").created_at
    seen = board(desk, now=began + timedelta(days=1))
    board_says = {each.key: each.value for each in yesterday(seen)}
    day = seen.yesterday.on.isoformat()
    asked = {"first": day, "last": day, "team": str(desk.support.pk)}
    report = as_(desk.alice).get(reverse("report-json"), asked).json()["indicators"]
    first, in_time = report["first_response"]["total"], report["first_response_compliance"]["total"]
    assert board_says["arrived"] == str(first["estimate"]["n"])
    assert board_says["first-responses"] == f"{in_time['estimate']['value']:.0%}"
    assert board_says["first_response"] == f"{first['estimate']['value'] / 60:.0f}\N{NO-BREAK SPACE}min"
