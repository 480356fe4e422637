"""What waits finds somebody: offered, taken, passed on, given back, handed to another team; never to two at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answerable.desk.actions.conversations import assign, set_status, set_tags, snooze
from answerable.desk.actions.leaving import follow_leaver, give_back_due
from answerable.desk.actions.offers import pass_on, take
from answerable.desk.actions.pulling import take_next
from answerable.desk.actions.team_routing import change_routing
from answerable.desk.errors import Refused
from answerable.desk.models import Conversation, Notice, Offer, Status
from answerable.desk.router import route_due
from answerable.events.models import Event
from answerable.people.actions.attendance import choose_state, note_active
from answerable.people.actions.memberships import withdraw
from answerable.people.actions.staff import deactivate
from answerable.people.models import Attendance, LanguageSpoken, Membership, Role, Shift, Skill, SkillHeld, Team, User
from tests.at_once import at_the_same_time
from tests.cast import Cast, member
from tests.desk.test_clocks import fresh, question

pytestmark = pytest.mark.django_db


def automatic(team: Team, **more: object) -> None:
    rule = {
        "is_automatic": True,
        "most_live": 3,
        "most_written": 2,
        "overflow_to": None,
        "overflow_minutes": None,
        "skills": {},
    }
    change_routing(team, **(rule | more), by=None)  # type: ignore[arg-type]


@pytest.fixture
def staff(cast: Cast) -> Cast:
    """Support is routed; Alice, Bob and Charlie are there and speak Latvian, as Dace does."""
    automatic(cast.support)
    for person in (cast.alice, cast.bob, cast.charlie):
        LanguageSpoken.objects.create(user=person, language="lv", level=2)
        note_active(by=person)
    return cast


def offered(conversation: Conversation) -> User | None:
    offer = Offer.objects.standing().filter(conversation=conversation).select_related("user").first()
    return offer.user if offer else None


def later(offer: Offer) -> None:
    """Half a minute goes by."""
    Offer.objects.filter(pk=offer.pk).update(lapses_at=timezone.now() - timedelta(seconds=1))


def test_nothing_is_offered_where_nobody_asked_for_it(cast: Cast) -> None:
    question(cast)
    note_active(by=cast.bob)
    with CaptureQueriesContext(connection) as statements:
        assert route_due() is None
    assert len(statements) == 2
    assert not Offer.objects.exists()


def test_an_offer_is_taken(staff: Cast) -> None:
    conversation = question(staff)
    assert route_due() is not None
    offer = Offer.objects.get()
    assert offer.user in (staff.alice, staff.bob), "who handles the team's conversations; Charlie does not"
    with pytest.raises(PermissionDenied):
        take(offer, by=staff.charlie)
    take(offer, by=offer.user)
    assert fresh(conversation).assignee == offer.user
    assert Offer.objects.get().outcome == Offer.Outcome.TAKEN
    verbs = Event.objects.filter(root=f"conversation-{conversation.pk}").values_list("verb", flat=True)
    assert {"conversation.offered", "conversation.taken", "conversation.assigned"} <= set(verbs)
    assert Attendance.objects.get(user=offer.user).asked_until is None


def test_who_lets_it_lapse_is_away_and_the_next_is_asked(staff: Cast) -> None:
    conversation = question(staff)
    route_due()
    first = Offer.objects.get()
    later(first)
    route_due()
    second = offered(conversation)
    assert second is not None
    assert {first.user, second} == {staff.alice, staff.bob}
    assert Attendance.objects.get(user=first.user).cause == "missed"
    assert Notice.objects.get(user=first.user).kind == "missed_offer"
    with pytest.raises(Refused):
        take(first, by=first.user)
    note_active(by=first.user)
    pass_on(Offer.objects.standing().get(), by=second)
    route_due()
    assert offered(conversation) is None, "both let it pass a moment ago"
    ages_ago = timezone.now() - timedelta(minutes=6)
    Offer.objects.update(ended_at=ages_ago)
    route_due()
    assert offered(conversation) is not None, "and are asked again after a while"


def test_nobody_has_more_than_the_team_allows(staff: Cast) -> None:
    choose_state(to="away", by=staff.alice)
    for _ in range(4):
        question(staff)
    for _ in range(4):
        route_due()
        for offer in Offer.objects.standing():
            take(offer, by=offer.user)
    assert staff.bob.conversations.count() == 2
    why = Offer.objects.earliest("id").why["verdicts"]
    assert why == {"chosen": [staff.bob.pk], "away": [staff.alice.pk]}


def test_skills_and_languages_are_asked_for(staff: Cast) -> None:
    refunds = Skill.objects.create(name="Refunds", key="refunds")
    SkillHeld.objects.create(user=staff.alice, skill=refunds, level=2)
    tagged = question(staff)
    set_tags(tagged, tags=["refunds"], by=None)
    route_due()
    assert offered(tagged) == staff.alice
    assert Offer.objects.get().why["verdicts"]["no_skill"] == [staff.bob.pk]
    choose_state(to="break", by=staff.alice)
    route_due()
    assert offered(tagged) is None, "who goes is asked no more"
    LanguageSpoken.objects.filter(user=staff.bob).delete()
    plain = question(staff)
    route_due()
    assert offered(plain) is None, "Bob's pages are in English, and nothing else is noted of him"


def test_the_inbox_asks_for_a_skill_and_the_last_agent_is_asked_first(staff: Cast) -> None:
    refunds = Skill.objects.create(name="Refunds", key="refunds")
    SkillHeld.objects.create(user=staff.alice, skill=refunds, level=3)
    SkillHeld.objects.create(user=staff.bob, skill=refunds, level=2)
    automatic(staff.support, skills={staff.support_inbox.pk: (refunds.pk, 2)})
    had = question(staff)
    route_due()
    assert offered(had) == staff.alice, "who is better at it"
    assign(had, to=staff.bob, by=None)
    set_status(had, to="solved", by=None)
    again = question(staff)
    route_due()
    assert offered(again) == staff.bob, "who had this customer last"


def test_what_waits_too_long_goes_to_another_team_once(staff: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    automatic(staff.support, overflow_to=staff.sales, overflow_minutes=10)
    automatic(staff.sales, overflow_to=staff.support, overflow_minutes=10)
    for person in (staff.alice, staff.bob):
        choose_state(to="away", by=person)
    old, new = question(staff, hours=1), question(staff)
    route_due()
    assert (fresh(old).team, offered(old)) == (staff.sales, staff.charlie)
    assert fresh(new).team == staff.support
    later(Offer.objects.standing().get())
    route_due()
    assert fresh(old).team == staff.sales, "it has not waited there for long"
    now = timezone.now
    for hours in range(1, 4):
        monkeypatch.setattr(timezone, "now", lambda hours=hours: now() + timedelta(hours=hours))
        route_due()
    overflows = Event.objects.filter(verb="conversation.overflowed", root=f"conversation-{old.pk}")
    assert overflows.count() == 2, "back again, and then it stays"
    assert fresh(old).team == staff.support


def test_what_somebody_had_who_left_goes_back(staff: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    chat, mail, urgent = question(staff), question(staff), question(staff)
    for conversation in (chat, mail, urgent):
        assign(conversation, to=staff.bob, by=None)
    given_at = Event.objects.filter(verb="conversation.assigned").latest("id").at
    an_hour = timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: given_at + 2 * an_hour)
    soon, ages_ago = timezone.now() + 2 * an_hour, timezone.now() - an_hour
    Conversation.objects.filter(pk=chat.pk).update(channel="chat", status="pending")
    Conversation.objects.filter(pk=urgent.pk).update(due_at=soon)
    Attendance.objects.filter(user=staff.bob).update(state="away", cause="idle", since=ages_ago)
    give_back_due()
    assert [fresh(one).assignee for one in (chat, mail, urgent)] == [None, staff.bob, staff.bob]
    assert fresh(chat).status == "open"
    assign(chat, to=staff.bob, by=staff.alice)
    give_back_due()
    assert fresh(chat).assignee == staff.bob, "whom Alice gave it to, away as he is"
    tomorrow = timezone.now() + timedelta(days=1)
    shift = {"begins_at": tomorrow, "ends_at": tomorrow + timedelta(hours=8)}
    Shift.objects.create(user=staff.bob, team=staff.support, **shift)
    Attendance.objects.filter(user=staff.bob).update(state="off", cause="rota")
    give_back_due()
    assert [fresh(one).assignee for one in (mail, urgent)] == [staff.bob, None], "due before he is back"
    withdraw(Membership.objects.get(user=staff.bob), by=staff.ada)
    follow_leaver(Event.objects.get(verb="membership.withdrawn"))
    assert fresh(mail).assignee is None


def test_nothing_is_left_with_who_is_gone_for_good(staff: Cast) -> None:
    """In a team where everybody takes for themselves, too, and whatever it waits for."""
    asked, answered, asleep, solved, other = (question(staff) for _each in range(5))
    for one in (asked, answered, asleep, solved):
        assign(one, to=staff.bob, by=None)
    assign(other, to=staff.alice, by=None)
    set_status(answered, to=Status.PENDING, by=staff.bob)
    snooze(asleep, until=timezone.now() + timedelta(days=1), by=staff.bob)
    set_status(solved, to=Status.SOLVED, by=staff.bob)
    deactivate(staff.bob, by=staff.ada)
    follow_leaver(Event.objects.get(verb="user.deactivated"))
    assert [fresh(one).assignee for one in (asked, answered, asleep)] == [None, None, None]
    assert fresh(answered).status == Status.PENDING, "the customer's turn, as before"
    assert fresh(solved).assignee == staff.bob, "who solved it"
    set_status(solved, to=Status.OPEN, by=staff.alice)
    give_back_due()
    assert [fresh(one).assignee for one in (solved, other)] == [None, staff.alice]


def test_only_what_is_theirs_is_looked_at_of_all_that_is_open(staff: Cast) -> None:
    """It is asked every few seconds."""
    one = question(staff)
    where = {"inbox": one.inbox, "team": one.team, "contact": one.contact, "channel": one.channel}
    Conversation.objects.bulk_create(Conversation(assignee=staff.alice, **where) for _ in range(2000))
    User.objects.filter(pk=staff.charlie.pk).update(is_active=False)
    an_hour_ago = timezone.now() - timedelta(hours=1)
    Attendance.objects.filter(user=staff.bob).update(state="away", since=an_hour_ago)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE desk_conversation")
    with CaptureQueriesContext(connection) as statements:
        give_back_due()
    asked = [query["sql"] for query in statements if 'FROM "desk_conversation"' in query["sql"]]
    assert len(asked) == 2
    for sql in asked:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Scan using conversation_assignee_awake" in plan, plan


def test_next_is_the_most_urgent_that_one_can_do(staff: Cast) -> None:
    older, sooner, offered_away = question(staff, hours=2), question(staff), question(staff, hours=5)
    Conversation.objects.filter(pk=sooner.pk).update(due_at=timezone.now() + timedelta(minutes=5))
    Conversation.objects.filter(pk=offered_away.pk).update(due_at=timezone.now())
    Offer.objects.create(
        conversation=offered_away, user=staff.alice, team=staff.support, lapses_at=timezone.now() + timedelta(minutes=1)
    )
    assert take_next(by=staff.charlie) is None
    assert take_next(by=staff.bob) == sooner
    assert take_next(by=staff.bob) == older
    assert take_next(by=staff.bob) is None
    assert take_next(by=staff.alice) == offered_away
    assert Offer.objects.get().outcome == Offer.Outcome.TAKEN
    assert take_next(by=staff.quinn) is None, "analysts only read"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("work", ["route", "next"])
def test_two_at_once_never_give_one_to_two(cast: Cast, work: str) -> None:
    automatic(cast.support, most_written=5)
    people = [cast.bob, *(member(name, Role.AGENT, cast.support) for name in ("Dan", "Eve", "Fay"))]
    for person in people:
        LanguageSpoken.objects.create(user=person, language="lv", level=2)
        note_active(by=person)
    asked = [question(cast) for _ in range(4)]
    if work == "route":
        assert at_the_same_time(*[route_due] * 4) == []
        route_due()
        standing = Offer.objects.standing()
        assert sorted(standing.values_list("conversation_id", flat=True)) == [one.pk for one in asked]
        assert len(set(standing.values_list("user_id", flat=True))) == 4
    else:
        taken: list[Conversation | None] = []
        takers: list[Callable[[], object]] = [
            lambda person=person: taken.append(take_next(by=person))  # type: ignore[misc]
            for person in people
        ]
        assert at_the_same_time(*takers) == []
        assert {one.pk for one in taken if one} == {one.pk for one in asked}
    assert Event.objects.filter(verb="conversation.assigned").count() == (4 if work == "next" else 0)


def test_many_cost_no_more_statements_than_some(staff: Cast) -> None:
    costs = []
    for count in (2, 12):
        for _ in range(count):
            question(staff)
        Offer.objects.all().delete()
        Attendance.objects.update(asked_until=None)
        with CaptureQueriesContext(connection) as statements:
            route_due()
        costs.append(len(statements))
    assert costs[0] == costs[1]
