"""Rules that wait: for something to have lasted, and for set times; each once."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from answerable.core.rules.span import Span
from answerable.core.rules.step import Do, Step
from answerable.core.rules.trigger import OnSchedule, began_by, trigger_of
from answerable.desk.actions.conversations import set_status
from answerable.desk.actions.rules import switch_rule, write_rule
from answerable.desk.models import Conversation, Firing, Rule
from answerable.desk.rules.dry_run import try_rule
from answerable.desk.rules.timing import look
from tests.cast import Cast
from tests.desk.views.stage import asked


def waiting(cast: Cast, trigger: dict[str, object], *steps: Step) -> Rule:
    content = {
        "name": "Late",
        "trigger": trigger,
        "conditions": {"all": [{"field": "tag", "not_in": ["quiet"]}]},
        "steps": [step.plain for step in steps],
        "stops": False,
        "inboxes": [],
    }
    return switch_rule(write_rule(content=content, by=cast.ada), on=True, by=cast.ada)


def test_what_has_lasted_is_taken_up_once(cast: Cast) -> None:
    rule = waiting(cast, {"on": "time", "since": "pending", "span": "3 hours"}, Step(Do.ADD_TAGS, text="late"))
    now = timezone.now()
    lasting, ended = asked(cast, "Lasting", "I wait"), asked(cast, "Ended", "I wait")
    for conversation in (lasting, ended):
        set_status(conversation, to="pending", by=cast.bob)
    set_status(ended, to="open", by=cast.bob)
    assert look(rule.pk, now=now + timedelta(hours=2)) == 0
    assert look(rule.pk, now=now + timedelta(hours=4)) == 1
    assert look(rule.pk, now=now + timedelta(hours=9)) == 0
    assert list(Firing.objects.values_list("conversation", flat=True)) == [lasting.pk]
    lasting.refresh_from_db()
    assert lasting.tags == ["late"]
    tried = try_rule({**rule.versions.get().content}, now=now + timedelta(hours=9))
    assert (tried.fired, tried.conversations) == (1, 1)  # the past is asked as the present was


def test_what_had_lasted_before_is_left_alone(cast: Cast) -> None:
    conversation = asked(cast, "Old", "I wait")
    set_status(conversation, to="pending", by=cast.bob)
    rule = waiting(cast, {"on": "time", "since": "pending", "span": "1 minutes"}, Step(Do.RAISE_PRIORITY))
    later = timezone.now() + timedelta(hours=1)
    Rule.objects.filter(pk=rule.pk).update(watched_until=later)
    assert look(rule.pk, now=later + timedelta(hours=1)) == 0


def test_a_set_time_comes_once_and_spares_what_is_solved(cast: Cast) -> None:
    rule = waiting(cast, {"on": "schedule", "days": list(range(7)), "at": "09:00"}, Step(Do.RAISE_PRIORITY))
    waits, solved = asked(cast, "Waits", "I wait"), asked(cast, "Solved", "Thanks")
    set_status(solved, to="solved", by=cast.bob)
    nine = datetime.combine(timezone.now().date() + timedelta(days=2), datetime.min.time(), ZoneInfo("Europe/Riga"))
    nine = nine.replace(hour=9)
    assert look(rule.pk, now=nine + timedelta(minutes=1)) == 1
    assert look(rule.pk, now=nine + timedelta(hours=5)) == 0
    priorities = dict(Conversation.objects.values_list("subject", "priority"))
    assert priorities == {waits.subject: 3, solved.subject: 2}


def test_a_promise_about_to_fall_due_is_told_of_once(cast: Cast) -> None:
    rule = waiting(cast, {"on": "time", "since": "due", "span": "1 hours"}, Step(Do.RAISE_PRIORITY))
    conversation = asked(cast, "Due", "I wait")
    now = timezone.now()
    Conversation.objects.filter(pk=conversation.pk).update(due_at=now + timedelta(minutes=90))
    assert look(rule.pk, now=now + timedelta(minutes=1)) == 0
    assert look(rule.pk, now=now + timedelta(minutes=40)) == 1
    Conversation.objects.filter(pk=conversation.pk).update(due_at=now + timedelta(minutes=90))
    assert look(rule.pk, now=now + timedelta(minutes=50)) == 0


def test_a_weeks_instants() -> None:
    schedule = trigger_of({"on": "schedule", "days": [0, 4], "at": "09:00"})
    assert isinstance(schedule, OnSchedule)
    riga = ZoneInfo("Europe/Riga")
    monday = datetime(2026, 3, 30, 9, tzinfo=riga)  # the clock has gone forward the day before
    friday = datetime(2026, 3, 27, 9, tzinfo=riga)
    assert schedule.instants(friday - timedelta(hours=1), monday + timedelta(hours=1), riga) == [monday, friday]
    assert monday.astimezone(UTC).hour == 6


@pytest.mark.parametrize("text", ["3 weeks", "0 days", "many", "3  days"])
def test_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"length of time|is not a valid"):
        Span.of(text)


def test_when_it_must_have_begun() -> None:
    now = datetime(2026, 3, 30, 9, tzinfo=UTC)
    assert began_by(Span.of("2 days"), now, None) == now - timedelta(days=2)
