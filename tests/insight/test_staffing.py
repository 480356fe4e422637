"""Staffing's pages: who may, how a forecast is made, what the week says, files and assumptions that are refused."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answerable.core.calendar import Interval
from answerable.desk.models import Conversation, Inbox
from answerable.events.models import Event
from answerable.insight.models import Assumptions, Forecast
from answerable.insight.staffing.running import run
from answerable.people.actions.shifts import add_shift
from answerable.people.models import User
from answerable.people.week import week_key
from answerable.policy.actions import load_version
from tests.cast import Cast
from tests.desk.test_clocks import POLICY
from tests.insight.story import sign_in

PAGE = "/staffing/"
DAYS = 77


def midnight(days_ago: int) -> datetime:
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=days_ago)


@pytest.fixture
def history(cast: Cast) -> Cast:
    """Eleven weeks: each day a conversation at each hour from nine to five UTC in Support, one a day below it."""
    load_version(POLICY, by=cast.ada)

    def begun(inbox: Inbox, at: datetime) -> Conversation:
        return Conversation(
            inbox=inbox, channel="email", team=inbox.team, contact=cast.dace, created_at=at, last_message_at=at
        )

    hours = [midnight(ago) + timedelta(hours=hour) for ago in range(1, DAYS + 1) for hour in range(9, 17)]
    rows = [begun(cast.support_inbox, at) for at in hours]
    rows += [begun(cast.latvia_inbox, midnight(ago) + timedelta(hours=12)) for ago in range(1, DAYS + 1)]
    spam = begun(cast.support_inbox, midnight(3))
    spam.spam_at = timezone.now()
    Conversation.objects.bulk_create([*rows, spam])
    return cast


def forecast_of(client: Client, team: int) -> Forecast:
    assert client.post(f"{PAGE}forecasts/?team={team}").status_code == 302
    begun = Forecast.objects.latest("id")
    run(begun.pk)
    return Forecast.objects.get(pk=begun.pk)


def test_a_lead_sees_who_is_needed_and_who_is_there(history: Cast) -> None:
    alice = sign_in(history.alice)
    assert "Nothing is forecast for this team yet" in alice.get(PAGE).text
    assert alice.post(f"{PAGE}forecasts/?team={history.support.pk}").status_code == 302
    begun = Forecast.objects.get()
    assert "Waiting for the worker to begin" in alice.get(f"{PAGE}?team={history.support.pk}").text
    assert "<progress" in alice.get(f"{PAGE}forecasts/{begun.pk}/progress/").text
    run(begun.pk)
    run(begun.pk)  # a job may come twice
    assert "HX-Refresh" in alice.get(f"{PAGE}forecasts/{begun.pk}/progress/").headers
    begun.refresh_from_db()
    assert begun.result is not None
    email = begun.result["channels"]["email"]
    assert email["contacts"] == 9 * DAYS  # spam is left out, the team below is not
    assert email["expected"][0] == pytest.approx(9, abs=0.2)
    assert email["error"]["day"] < 0.05
    with CaptureQueriesContext(connection) as asked:
        page = alice.get(f"{PAGE}?team={history.support.pk}").text
    assert len(asked) <= 12, [query["sql"][:90] for query in asked]
    assert "people are missing; most on" in page
    assert "95% within 4 hr of open time" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "We answer within 4 hours." in page
    assert "Tried on the last 28 days" in page
    assert "the model does no better here than last week" in page  # every day is alike
    monday = timezone.localdate() + timedelta(days=-timezone.localdate().weekday() % 7)
    monday += timedelta(days=7 * (monday == timezone.localdate()))
    begins = datetime.combine(monday, datetime.min.time(), timezone.get_default_timezone())
    for day in range(7):
        span = Interval(begins + timedelta(days=day), begins + timedelta(days=day, hours=24))
        add_shift(user=history.bob, team=history.support, span=span, by=history.alice)
    page = alice.get(f"{PAGE}?team={history.support.pk}&week={week_key(monday)}").text
    assert "In every hour of this week as many people are rostered as are needed." in page


def test_others_are_refused_and_leads_see_their_own(history: Cast) -> None:
    mine = forecast_of(sign_in(history.ada), history.support.pk)
    for user in (history.bob, history.charlie, history.quinn):
        somebody = sign_in(User.objects.get(pk=user.pk))
        for address in (PAGE, f"{PAGE}assumptions/", f"{PAGE}charts/"):
            assert somebody.get(address).status_code == 403
        assert somebody.post(f"{PAGE}forecasts/?team={history.support.pk}").status_code == 403
        assert somebody.get(f"{PAGE}forecasts/{mine.pk}/progress/").status_code == 404
        assert somebody.post(f"{PAGE}forecasts/{mine.pk}/cancellation/").status_code == 404
        assert 'href="/staffing/"' not in somebody.get("/rota/").text
    alice = sign_in(history.alice)
    assert 'href="/staffing/"' in alice.get("/rota/").text
    for address in (f"{PAGE}?team={history.sales.pk}", f"{PAGE}assumptions/?team={history.everyone.pk}"):
        assert alice.get(address).status_code == 404
    assert alice.post(f"{PAGE}forecasts/?team={history.sales.pk}").status_code == 404
    begun = alice.post(f"{PAGE}forecasts/?team={history.support.pk}")
    assert begun.status_code == 302
    going_on = Forecast.objects.going_on().get()
    assert alice.post(f"{PAGE}forecasts/{going_on.pk}/cancellation/").status_code == 302
    run(going_on.pk)
    assert Forecast.objects.get(pk=going_on.pk).state == Forecast.State.CANCELLED


def test_too_little_history_asks_for_a_file(cast: Cast) -> None:
    ada = sign_in(cast.ada)
    failed = forecast_of(ada, cast.sales.pk)
    assert failed.state == Forecast.State.FAILED
    assert "Upload a file of volumes instead." in ada.get(f"{PAGE}?team={cast.sales.pk}").text


def test_a_file_is_read_at_once_and_forecast(cast: Cast) -> None:
    ada, team = sign_in(cast.ada), cast.sales.pk
    address = f"{PAGE}forecasts/?team={team}"

    def send(text: str, name: str = "calls.csv") -> tuple[int, str]:
        answer = ada.post(
            address, {"source": "file", "channel": "phone", "file": SimpleUploadedFile(name, text.encode())}
        )
        return answer.status_code, answer.text

    code, page = send("time,offered,AHT\n2026-03-02 09:00,4,300\n2026-03-02 10:00,many,300\n")
    assert code == 422
    assert "line 3, offered: “many” is not a number" in page
    assert ada.post(address, {"source": "file", "channel": "phone"}).status_code == 422
    assert not Forecast.objects.exists()
    sample = ada.get(f"{PAGE}sample.csv").text
    assert send(sample, "sample.csv")[0] == 302
    begun = Forecast.objects.get()
    run(begun.pk)
    page = ada.get(f"{PAGE}?team={team}").text
    assert "Forecast from sample.csv" in page
    assert "fewer than seven weeks of history" in page
    assert "The history ends long ago" in page
    assert "80% within 20 seconds" in page
    assert "5 min 20 seconds to handle one (as the file says)" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert Forecast.objects.get().volumes is None


def test_what_is_assumed_is_kept_with_who_said_it(cast: Cast) -> None:
    ada, address = sign_in(cast.ada), f"{PAGE}assumptions/?team={cast.support.pk}"
    given = {"shrinkage": "12", "occupancy": "80", "revision": "0"}
    given |= {"phone_handling": "5", "phone_patience": "", "phone_limit": "30", "phone_in_time": "85"}
    given |= {
        "chat_handling": "10",
        "chat_at_once": "3",
        "chat_patience": "4",
        "chat_limit": "60",
        "chat_in_time": "80",
    }
    given |= {"email_handling": "9", "email_limit": "4", "email_in_time": "95"}
    with CaptureQueriesContext(connection) as asked:
        assert "Chats that one person leads at once" in ada.get(address).text
    assert len(asked) <= 10, [query["sql"][:90] for query in asked]
    wrong = ada.post(address, given | {"shrinkage": "95", "chat_at_once": "0"})
    assert wrong.status_code == 422
    assert 'value="95"' in wrong.text
    assert not Assumptions.objects.exists()
    assert ada.post(address, given).status_code == 302
    row = Assumptions.objects.get()
    assert (row.by, row.shrinkage, row.revision) == (cast.ada, 0.12, 1)
    assert row.channels["phone"]["patience_seconds"] is None
    assert row.channels["chat"] == {
        "handling_seconds": 600, "at_once": 3, "patience_seconds": 240, "limit_seconds": 60, "in_time": 0.8,
    }  # fmt: skip
    assert Event.objects.get(verb="staffing.assumed").particulars["after"]["occupancy"] == 0.8
    stale = sign_in(cast.alice).post(address, given | {"shrinkage": "20"})
    assert stale.status_code == 409
    assert "Ada has changed these meanwhile" in stale.text
    assert "is now 12" in stale.text
    assert 'value="20"' in stale.text
    assert Assumptions.objects.get().shrinkage == 0.12
    assert sign_in(cast.alice).post(address, given | {"shrinkage": "20", "revision": "1"}).status_code == 302
    assert Assumptions.objects.get().shrinkage == 0.2
