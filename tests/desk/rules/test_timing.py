"""Rules that wait: for something to have lasted, and for set times; each once."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from answerable.core.rules.span import Span
from answerable.core.rules.step import Do, Step
from answerable.core.rules.trigger import OnSchedule, began_by, trigger_of
from answerable.desk.actions.conversations import set_status, set_tags
from answerable.desk.actions.messages import receive
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


def test_an_hour_that_the_clock_skips_or_strikes_twice() -> None:
    """On the day that has no half past three it comes when the clock has passed it; where there are two, at the first;
    once a day either way, however often it is asked."""
    schedule, riga = OnSchedule(tuple(range(7)), time(3, 30)), ZoneInfo("Europe/Riga")
    spring, autumn = datetime(2026, 3, 28, tzinfo=riga), datetime(2026, 10, 24, tzinfo=riga)
    for begins, hours in ((spring, [3, 4, 3]), (autumn, [3, 3, 3])):
        after = now = begins.astimezone(UTC)
        found = []
        for _ in range(3 * 24 * 4):
            now += timedelta(minutes=15)
            if moment := schedule.latest(after, now, riga):
                found.append(moment.astimezone(riga))
                after = moment
        assert [(each.hour, each.minute, each.fold) for each in found] == [(hour, 30, 0) for hour in hours]


@pytest.mark.parametrize("text", ["3 weeks", "0 days", "many", "3  days"])
def test_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"length of time|is not a valid"):
        Span.of(text)


def test_when_it_must_have_begun() -> None:
    now = datetime(2026, 3, 30, 9, tzinfo=UTC)
    assert began_by(Span.of("2 days"), now, None) == now - timedelta(days=2)


@pytest.mark.parametrize(
    "trigger",
    [
        {"on": "schedule", "days": list(range(7)), "at": "09:00"},
        {"on": "time", "since": "pending", "span": "1 hours"},
        {"on": "time", "since": "due", "span": "3 days"},
    ],
)
def test_however_many_have_their_turn_and_none_has_two(cast: Cast, trigger: dict[str, object]) -> None:
    rule = waiting(cast, trigger, Step(Do.ADD_TAGS, text="seen"))
    rows = [asked(cast, f"Question {number}", "I wait") for number in range(7)]
    set_tags(rows[0], tags=["quiet"], by=cast.bob)  # what the rule leaves alone is in nobody's way
    for row in rows:
        set_status(row, to="pending", by=cast.bob)
    later = timezone.now() + timedelta(days=2)
    Conversation.objects.update(due_at=later + timedelta(hours=1))
    for _ in range(8):
        look(rule.pk, now=later, most=2)
    assert look(rule.pk, now=later + timedelta(seconds=1), most=2) == 0
    fired = list(Firing.objects.order_by("conversation").values_list("conversation", flat=True))
    assert fired == [row.pk for row in rows[1:]]


def test_a_rule_written_anew_in_the_middle_begins_anew(cast: Cast) -> None:
    rule = waiting(cast, {"on": "schedule", "days": list(range(7)), "at": "09:00"}, Step(Do.ADD_TAGS, text="seen"))
    for number in range(3):
        asked(cast, f"Question {number}", "I wait")
    later = timezone.now() + timedelta(days=2)
    assert look(rule.pk, now=later, most=2) == 2
    content = rule.versions.get().content
    write_rule(content=content, by=cast.ada, rule=rule)
    rule.refresh_from_db()
    assert (rule.watching_until, rule.reached) == (None, 0)
    assert look(rule.pk, now=later, most=9) == 1  # the same moment: two have had it


def test_who_writes_twice_waits_from_the_first_time(cast: Cast) -> None:
    rule = waiting(cast, {"on": "time", "since": "unanswered", "span": "1 hours"}, Step(Do.RAISE_PRIORITY))
    conversation = asked(cast, "Hello", "Is anybody there?")
    receive(conversation, contact=cast.dace, text="Hello?")
    assert look(rule.pk, now=timezone.now() + timedelta(hours=2)) == 1
