"""Who works by the policy reads what changed, answers, acknowledges; once; and leads see who has not."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answerable.desk.queues import counts
from answerable.events.dispatch import dispatch
from answerable.events.models import Event
from answerable.people.actions.memberships import grant
from answerable.people.actions.staff import deactivate, invite, join, reactivate
from answerable.people.errors import Refused
from answerable.people.models import Role, User
from answerable.policy.actions import begin_draft, load_default, load_version
from answerable.policy.actions.lessons import acknowledge, assign, remind
from answerable.policy.actions.questions import Stale, add_question, change_question
from answerable.policy.jobs import mail_lesson
from answerable.policy.models import Acknowledgement, Attempt, Question, Version
from answerable.policy.reminding import remind_due
from tests.cast import Cast

TEAM_ONLY = """
[[standard]]
key = "sales-first"
objective = "answer-soon"
clock = "first_response"
within = "2 working hours"
hours = "office"
when = { channel = ["email"], team = ["sales"] }
escalation = "usual"
promise = "Sales answers within 2 working hours."
"""


@pytest.fixture
def first(cast: Cast) -> Version:
    """The first version, read by all but Charlie."""
    version = load_default(cast.company, by=cast.ada)
    dispatch()
    for row in Acknowledgement.objects.exclude(user=cast.charlie):
        acknowledge(row, answers={}, by=row.user)
    return version


@pytest.fixture
def second(cast: Cast, first: Version) -> Version:
    """Faster by an hour."""
    version = load_version(faster(first), by=cast.ada, reason="Customers asked for it.")
    dispatch()
    return version


def faster(version: Version) -> str:
    return version.document.replace('within = "4 working hours"', 'within = "3 working hours"')


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def asked(version: Version) -> set[str]:
    rows = Acknowledgement.objects.open().filter(version=version)
    return set(rows.values_list("user__name", flat=True))


def row_of(user: User, version: Version) -> Acknowledgement:
    return Acknowledgement.objects.get(user=user, version=version)


def ask(version: Version, by: User, **changes: object) -> Question:
    said: dict[str, object] = {
        "text": "How soon do we answer?",
        "choices": ["4 hours", "3 hours"],
        "right": [1],
        "explanation": "Since this version it is three.",
    }
    return add_question(version, by=by, **(said | changes))  # type: ignore[arg-type]


def test_everybody_who_works_by_it_is_asked_and_reads_all_of_the_first(cast: Cast, first: Version) -> None:
    rows = Acknowledgement.objects.filter(version=first)
    assert set(rows.values_list("user__name", flat=True)) == {"Alice", "Bob", "Charlie", "Quinn"}
    assert {row.since for row in rows} == {None}
    page = signed_in(cast.charlie).get("/policy/training/1/").text
    assert "We answer every e-mail within 4 working hours." in page
    assert "All of it" in page


def test_later_only_what_changed_is_read(cast: Cast, second: Version) -> None:
    page = signed_in(cast.bob).get(f"/policy/training/{second.number}/").text
    assert "3 working hours" in page
    assert "3 working days" not in page
    assert "Customers asked for it." in page
    row = row_of(cast.bob, second)
    assert row.since is not None
    assert (row.since.number, row.read_at is None) == (1, False)


def test_what_was_not_read_is_superseded_and_part_of_the_next(cast: Cast, first: Version, second: Version) -> None:
    superseded = row_of(cast.charlie, first)
    assert superseded.superseded_at is not None
    assert row_of(cast.charlie, second).since is None
    assert "A later version" in signed_in(cast.charlie).get("/policy/training/1/").text
    with pytest.raises(Refused, match="later version"):
        acknowledge(superseded, answers={}, by=cast.charlie)


def test_a_change_for_one_team_is_read_by_those_who_see_it(cast: Cast, first: Version) -> None:
    for_sales = load_version(first.document + TEAM_ONLY, by=cast.ada)
    dispatch()
    assert asked(for_sales) == {"Charlie"}
    back = load_version(first.document, by=cast.ada)
    dispatch()
    assert asked(back) == {"Charlie"}  # who has not read any; for the others nothing differs from what they know


def test_asking_twice_asks_once(cast: Cast, second: Version) -> None:
    before = Acknowledgement.objects.count()
    assert assign(second) == []
    assert Acknowledgement.objects.count() == before
    assert Event.objects.filter(verb="policy.assigned", root=f"version-{second.pk}").count() == 1


def test_who_puts_it_in_force_has_read_it(cast: Cast) -> None:
    grant(to=cast.ada, team=cast.support, role=Role.LEAD, by=None)
    version = load_default(cast.company, by=cast.ada)
    dispatch()
    assert row_of(cast.ada, version).acknowledged_at is not None


def test_wrong_answers_are_explained_and_every_attempt_is_kept(cast: Cast, first: Version) -> None:
    version = load_version(faster(first), by=cast.ada)
    one = ask(version, cast.ada)
    both = ask(version, cast.ada, text="Which days?", choices=["Mon", "Sun", "Tue"], right=[0, 2], explanation="")
    dispatch()
    bob, address = signed_in(cast.bob), f"/policy/training/{version.number}/"
    missing = bob.post(address, {"understood": "on"})
    assert missing.status_code == 422
    assert not Attempt.objects.filter(acknowledgement__version=version).exists()
    wrong = bob.post(address, {f"question-{one.pk}": "0", f"question-{both.pk}": ["0", "2"], "understood": "on"})
    assert wrong.status_code == 422
    assert "Since this version it is three." in wrong.text
    assert len(re.findall(r'name="question-\d+"[^>]* checked', wrong.text)) == 3
    assert row_of(cast.bob, version).acknowledged_at is None
    right = {f"question-{one.pk}": "1", f"question-{both.pk}": ["2", "0"], "understood": "on"}
    assert bob.post(address, right).status_code == 302
    assert [attempt.wrong for attempt in row_of(cast.bob, version).attempts.all()] == [[one.pk], []]
    assert row_of(cast.bob, version).acknowledged_at is not None
    again = bob.post(address, right)
    assert again.status_code == 422
    assert "You acknowledged it on" in again.text


def test_nobody_acknowledges_for_another(cast: Cast, second: Version) -> None:
    with pytest.raises(PermissionDenied):
        acknowledge(row_of(cast.bob, second), answers={}, by=cast.alice)
    assert signed_in(cast.charlie).get("/policy/training/99/").status_code == 404
    assert signed_in(cast.ada).post("/policy/training/2/", {"understood": "on"}).status_code == 200
    assert asked(second) == {"Alice", "Bob", "Charlie", "Quinn"}


def test_questions_are_written_by_administrators_until_somebody_answers(cast: Cast, first: Version) -> None:
    version = load_version(faster(first), by=cast.ada)
    dispatch()
    address, ada = f"/policy/versions/{version.number}/questions/", signed_in(cast.ada)
    for user in (cast.alice, cast.bob, cast.charlie, cast.quinn):
        assert signed_in(user).get(address).status_code == 403
    typed = {"text": "How soon?", "choice_1": "Four", "choice_3": "Three", "right_3": "on", "explanation": "So it is."}
    assert ada.post(address, typed).status_code == 302
    question = Question.objects.get()
    assert (question.choices, question.right) == (["Four", "Three"], [1])
    own = f"/policy/questions/{question.pk}/"
    assert 'value="Three"' in ada.get(own).text
    assert ada.post(own, {**typed, "text": "How soon now?", "revision": "1"}).status_code == 302
    late = ada.post(own, {**typed, "text": "Something else?", "revision": "1"})
    assert late.status_code == 422
    assert "How soon now?" in late.text
    assert "Something else?" in late.text
    assert 'name="revision" value="2"' in late.text
    with pytest.raises(Stale):
        change_question(question, revision=1, by=cast.ada, text="x")
    acknowledge(row_of(cast.bob, version), answers={question.pk: [1]}, by=cast.bob)
    assert ada.post(address, typed).status_code == 422
    ada.post(f"{own}removal/")
    assert Question.objects.count() == 1


def test_questions_are_written_on_a_draft_and_looked_at_as_readers_will_see_them(cast: Cast, first: Version) -> None:
    draft = begin_draft(based_on=first, document=faster(first), by=cast.ada)
    unfinished = begin_draft(based_on=first, document=faster(first) + "[nonsense", by=cast.ada)
    ada = signed_in(cast.ada)
    assert f"/policy/versions/{draft.number}/questions/" in ada.get(f"/policy/drafts/{draft.number}/").text
    for one in (draft, unfinished):
        ask(one, cast.ada)
        assert "How soon do we answer?" in ada.get(f"/policy/training/{one.number}/").text
    assert signed_in(cast.bob).get(f"/policy/training/{draft.number}/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"choice_1": "Four", "right_1": "on"}, "Give at least two choices."),
        ({"choice_1": "Four", "choice_2": "Three"}, "Tick at least one choice"),
        ({"choice_1": "Four", "choice_2": "Four", "right_1": "on"}, "This choice is there already."),
        ({"choice_1": "Four", "choice_2": "Three", "right_4": "on"}, "Write the choice that is right."),
    ],
)
def test_a_question_that_can_t_be_answered_is_refused_beside_its_choice(
    cast: Cast, first: Version, typed: dict[str, str], said: str
) -> None:
    number = load_version(faster(first), by=cast.ada).number
    answer = signed_in(cast.ada).post(f"/policy/versions/{number}/questions/", {"text": "How soon?", **typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="Four"' in answer.text
    assert not Question.objects.exists()


def test_leads_see_their_people_and_remind_them(cast: Cast, second: Version) -> None:
    acknowledge(row_of(cast.bob, second), answers={}, by=cast.bob)
    page = signed_in(cast.alice).get("/policy/training/").text
    assert "1 of 2 people have acknowledged it" in page
    assert "1 of 4 people have acknowledged it" in signed_in(cast.charlie).get("/policy/").text
    assert "Charlie" not in page
    assert "Charlie" in signed_in(cast.ada).get("/policy/training/").text
    for user in (cast.bob, cast.quinn, cast.charlie):
        assert "My people" not in signed_in(user).get("/policy/training/").text
        quinns = row_of(cast.quinn, second)
        assert signed_in(user).post(f"/policy/training/reminders/{quinns.pk}/").status_code == 404
    charlies = row_of(cast.charlie, second)
    assert signed_in(cast.alice).post(f"/policy/training/reminders/{charlies.pk}/").status_code == 404
    assert signed_in(cast.alice).post(f"/policy/training/reminders/{quinns.pk}/").status_code == 302
    assert row_of(cast.quinn, second).reminders == 1
    with pytest.raises(Refused, match="within the last day"):
        remind(quinns, by=cast.alice)
    with pytest.raises(Refused, match="nothing left"):
        remind(row_of(cast.bob, second), by=cast.alice)


def test_whoever_has_not_is_reminded_after_three_days_and_after_seven_once_each(cast: Cast, second: Version) -> None:
    acknowledge(row_of(cast.bob, second), answers={}, by=cast.bob)
    deactivate(cast.quinn, by=cast.ada)
    told = []
    for days in (2, 3, 3, 6, 8, 8, 30):
        Acknowledgement.objects.update(assigned_at=timezone.now() - timedelta(days=days))
        _as_if_planned(days)
        remind_due()
        remind_due()
        told.append((row_of(cast.alice, second).reminders, row_of(cast.bob, second).reminders))
    assert told == [(0, 0), (1, 0), (1, 0), (1, 0), (2, 0), (2, 0), (2, 0)]
    assert row_of(cast.quinn, second).reminders == 0
    assert row_of(cast.charlie, second).remind_at is None


def _as_if_planned(days: int) -> None:
    """Days have passed: what was planned is nearer by as many."""
    for row in Acknowledgement.objects.open().exclude(remind_at=None):
        after = 3 if row.reminders == 0 else 7
        Acknowledgement.objects.filter(pk=row.pk).update(remind_at=row.assigned_at + timedelta(days=after))


def test_what_was_missed_while_nothing_ran_is_one_reminder(cast: Cast, second: Version) -> None:
    long_ago = timezone.now() - timedelta(days=20)
    Acknowledgement.objects.open().update(assigned_at=long_ago, remind_at=long_ago + timedelta(days=3))
    remind_due()
    row = row_of(cast.alice, second)
    assert (row.reminders, row.remind_at) == (1, None)


def test_the_mail_leads_to_the_lesson_and_is_not_sent_to_who_has_read_it(cast: Cast, second: Version) -> None:
    cast.bob.language = "en"
    row = row_of(cast.bob, second)
    mail_lesson(acknowledgement_id=row.pk, times=1)
    (letter,) = mail.outbox
    assert letter.to == ["bob@example.com"]
    assert f"/policy/training/{second.number}/" in str(letter.body)
    assert letter.extra_headers["Message-ID"].startswith(f"<policy-lesson-{row.pk}-1@")
    acknowledge(row, answers={}, by=cast.bob)
    mail_lesson(acknowledgement_id=row.pk, times=2)
    assert len(mail.outbox) == 1


def test_who_comes_later_reads_all_of_what_is_in_force(cast: Cast, second: Version) -> None:
    new = invite(email="eve@example.com", team=cast.sales, role=Role.AGENT, language="en", time_zone="UTC", by=cast.ada)
    dispatch()
    assert not Acknowledgement.objects.filter(user=new).exists()  # who has not joined yet has nothing to read
    join(new, name="Eve", password="correct horse battery")
    dispatch()
    row = row_of(new, second)
    assert (row.since, row.is_open) == (None, True)
    deactivate(cast.bob, by=cast.ada)
    Acknowledgement.objects.filter(user=cast.bob, version=second).delete()
    reactivate(cast.bob, by=cast.ada)
    dispatch()
    assert row_of(cast.bob, second).is_open


def test_the_desk_says_that_there_is_something_to_read_without_a_query_more(cast: Cast, second: Version) -> None:
    fresh = User.objects.get(pk=cast.bob.pk)
    assert (counts(fresh).to_read, counts(cast.ada).to_read) == (1, 0)
    with CaptureQueriesContext(connection) as captured:
        counts(fresh)
    assert len(captured) == 1
    assert "read what is new" in signed_in(cast.bob).get("/inbox/").text
    acknowledge(row_of(cast.bob, second), answers={}, by=cast.bob)
    assert "read what is new" not in signed_in(cast.bob).get("/inbox/").text


def test_pages_cost_as_many_queries_for_many_people_as_for_few(cast: Cast, second: Version) -> None:
    alice = signed_in(cast.alice)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            alice.get("/policy/training/")
        return len(captured)

    queries()
    few = queries()
    for number in range(20):
        new = User.objects.create_user(f"new{number}@example.com", "x", name=f"New {number}")
        grant(to=new, team=cast.latvia, role=Role.AGENT, by=None)
    assign(second)
    assert queries() == few
