"""Many promises fall due at the same moment."""

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from answerable.desk import timers
from answerable.desk.actions.receiving import Beginning, Incoming, receive_all
from answerable.desk.models import Clock, Escalation, Notice
from answerable.desk.timers import fire_due
from answerable.events.models import Event
from answerable.events.setbacks import Setbacks
from answerable.policy.actions import load_version
from answerable.policy.models import Version
from answerable.policy.running import compiled
from tests.cast import Cast
from tests.desk.test_clocks import POLICY, hours_ago

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_has_failed_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timers, "_clocks", Setbacks("clock"))
    monkeypatch.setattr(timers, "_steps", Setbacks("escalation"))


def ask(cast: Cast, count: int) -> list[int]:
    """So many questions that nobody has answered for days; the numbers of their conversations."""
    beginning, at = Beginning(cast.support_inbox, "Where is it?"), hours_ago(100)
    asked = [Incoming(to=beginning, contact=cast.dace, text="Where?", at=at) for _ in range(count)]
    return [message.conversation_id for message in receive_all(asked)]


def test_many_cost_no_more_statements_than_some(cast: Cast) -> None:
    load_version(POLICY, by=cast.ada)
    costs = []
    for count in (10, 60):
        ask(cast, count)
        with CaptureQueriesContext(connection) as statements:
            fire_due()
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert Escalation.objects.exclude(fired_at=None).count() == 3 * 70
    assert Event.objects.filter(verb="clock.breached").count() == 2 * 70


def test_what_is_cut_off_in_the_middle_happens_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    load_version(POLICY, by=cast.ada)
    ask(cast, 20)

    def cut_off(_held: object) -> None:
        raise OperationalError("the connection is gone")

    with monkeypatch.context() as cut:
        cut.setattr(timers, "keep_all", cut_off)
        with pytest.raises(OperationalError):
            fire_due()
    assert not Event.objects.filter(verb__startswith="clock.").exists()
    fire_due()
    fire_due()
    told = Notice.objects.filter(kind="escalation")
    assert told.count() == told.values("conversation").distinct().count() == 20
    assert Event.objects.filter(verb="clock.escalated").count() == 3 * 20
    assert Event.objects.filter(verb="clock.breached").count() == 2 * 20


def test_one_broken_promise_among_many_keeps_nobody_waiting(cast: Cast) -> None:
    load_version(POLICY, by=cast.ada)
    broken, *sound = ask(cast, 20)
    bad = Version.objects.create(number=99, state=Version.State.RETIRED, title="", document="no toml", reason="")
    Clock.objects.filter(conversation=broken, kind=Clock.Kind.FIRST_RESPONSE).update(version=bad)
    compiled.cache_clear()
    fire_due()
    states = Clock.objects.filter(conversation__in=sound).values_list("state", flat=True)
    assert {*states} == {Clock.State.BREACHED}
    assert Clock.objects.get(conversation=broken, kind=Clock.Kind.RESOLUTION).state == Clock.State.BREACHED
    assert Escalation.objects.exclude(fired_at=None).count() == 3 * 19
