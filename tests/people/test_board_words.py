"""Praise and lessons: said, told, changed, taken back, found again; nobody praises themselves, and nothing is lost."""

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from answerable.desk.actions.conversations import open_conversation
from answerable.desk.models import Notice
from answerable.events.dispatch import dispatch
from answerable.people.actions.board import give_praise, note_lesson
from answerable.people.forms.board import vouched
from answerable.people.jobs import tell_of_praise
from answerable.people.models import Lesson, Praise, User
from answerable.policy.actions import load_version
from answerable.policy.models import Comment
from tests.cast import Cast
from tests.desk.test_clocks import POLICY


def as_(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def of(team: object) -> str:
    return f"?team={team.pk}"  # type: ignore[attr-defined]


@pytest.fixture
def praised(cast: Cast) -> Praise:
    return give_praise(praised=cast.alice, board=cast.support, text="Calm in the storm.", by=cast.bob)


@pytest.fixture
def lesson(cast: Cast) -> Lesson:
    load_version(POLICY, by=cast.ada)
    return note_lesson(board=cast.support, text="Refunded orders need a second look.", objective="soon", by=cast.bob)


def test_who_is_praised_finds_it_on_the_board_among_their_notices_and_in_their_mail(cast: Cast) -> None:
    matter = open_conversation(inbox=cast.support_inbox, contact=cast.dace, subject="A torn book", by=None)
    bob = as_(cast.bob)
    form = bob.get(reverse("praise") + f"?conversation={matter.pk}").content.decode()
    assert f'value="{matter.pk}"' in form
    typed = {"praised": cast.alice.pk, "text": "She found the parcel.", "conversation": f"#{matter.pk}"}
    answer = bob.post(reverse("praise") + of(cast.support), typed)
    row = Praise.objects.get()
    assert answer.headers["Location"] == f"{reverse('today')}?team={cast.support.pk}#praise-{row.pk}"
    page = bob.get(reverse("praise") + of(cast.support)).content.decode()
    assert "She found the parcel." in page
    assert "A torn book" in page
    dispatch()
    dispatch()
    [job] = ProcrastinateJob.objects.filter(task_name__endswith="tell_of_praise")
    tell_of_praise(**job.args)
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["alice@example.com"], "Bob praises you: “She found the parcel.”")
    notice = Notice.objects.get(user=cast.alice)
    assert notice.words == "Bob praises you"
    told = as_(cast.alice).get(reverse("notices")).content.decode()
    assert reverse("praise-words", args=[row.pk]) in told
    assert "She found the parcel." in told


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"praised": "alice"}, "Select a valid choice"),
        ({"text": " "}, "Write a few words."),
        ({"text": "x" * 501}, "Ensure this value has at most 500 characters"),
        ({"conversation": "last one"}, "Write the number of a conversation, such as #123."),
        ({"conversation": "sales"}, "You see no conversation with this number."),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(changes: dict[str, str], words: str, cast: Cast) -> None:
    hidden = open_conversation(inbox=cast.sales_inbox, contact=cast.nino, subject="Secret", by=None)
    named = {"alice": cast.alice.pk, "sales": f"https://desk.example/conversations/{hidden.pk}/"}
    typed = {"praised": cast.bob.pk, "text": "Kept as typed.", "conversation": ""}
    typed |= {name: named.get(value, value) for name, value in changes.items()}
    answer = as_(cast.alice).post(reverse("praise") + of(cast.support), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Secret" not in page
    assert str(typed["text"]).strip() in page
    assert not Praise.objects.exists()


def test_ones_own_words_are_changed_taken_back_and_put_back_and_remembered(cast: Cast, praised: Praise) -> None:
    bob, address = as_(cast.bob), reverse("praise-words", args=[praised.pk])
    changed = {"text": "Calm in every storm.", "conversation": "", "revision": 0}
    assert bob.post(address, changed).status_code == 302
    stale = bob.post(address, changed | {"text": "Loud in the storm."})
    assert stale.status_code == 409
    assert "Now it says: “Calm in every storm.”" in stale.content.decode()
    assert "Loud in the storm." in stale.content.decode()
    bob.post(reverse("praise-withdrawal", args=[praised.pk]))
    assert "Calm" not in as_(cast.alice).get(reverse("praise")).content.decode()
    page = bob.get(address).content.decode()
    assert "Bob took it back" in page
    assert "Calm in the storm." in page  # what it was at first
    bob.post(reverse("praise-withdrawal", args=[praised.pk]), {"restore": "1"})
    assert "Calm in every storm." in as_(cast.alice).get(reverse("praise")).content.decode()
    assert as_(cast.quinn).post(address, changed).status_code == 200  # a reader only sees it
    assert as_(cast.quinn).post(reverse("praise-withdrawal", args=[praised.pk])).status_code == 403
    as_(cast.alice).post(reverse("praise-withdrawal", args=[praised.pk]))  # she leads the team
    assert Praise.objects.get().withdrawn_by == cast.alice


def test_charlie_of_another_team_is_refused(cast: Cast, praised: Praise, lesson: Lesson) -> None:
    charlie = as_(cast.charlie)
    for name, row in (("praise-words", praised), ("lesson", lesson)):
        assert charlie.get(reverse(name, args=[row.pk])).status_code == 404
        assert charlie.post(reverse(name, args=[row.pk]), {"text": "Mine"}).status_code == 404
    for name, row in (("praise-withdrawal", praised), ("lesson-withdrawal", lesson)):
        assert charlie.post(reverse(name, args=[row.pk])).status_code == 404
    for name in ("praise", "lessons", "praise-pins"):
        assert charlie.post(reverse(name) + of(cast.support), {"text": "Mine"}).status_code == 404
    for name in ("praise", "lessons"):
        assert charlie.get(reverse(name) + of(cast.support)).status_code == 404
        page = charlie.get(reverse(name)).content.decode()
        assert "Calm" not in page
        assert "Refunded" not in page
    answer = charlie.get(reverse("policy_comments") + f"?lesson={lesson.pk}")
    assert "Refunded" not in answer.content.decode()


def test_praise_of_who_works_elsewhere_stands_on_their_board(cast: Cast) -> None:
    row = give_praise(praised=cast.charlie, board=cast.support, text="Sold what we could send.", by=cast.bob)
    assert row.team == cast.sales
    assert "Sold what" in as_(cast.charlie).get(reverse("praise")).content.decode()
    assert as_(cast.alice).get(reverse("praise-words", args=[row.pk])).status_code == 404
    assert as_(cast.bob).get(reverse("praise-words", args=[row.pk])).status_code == 200


def test_a_compliment_is_pinned_once_by_whom_it_was_shown_to_and_not_for_oneself(cast: Cast) -> None:
    given = {"praised": cast.bob.pk, "text": "Thank you, Bob!", "said_by": "Dace Ozola", "source": "rating-1"}
    seals = {user.pk: vouched(given | {"shown_to": user.pk}) for user in (cast.alice, cast.bob, cast.quinn)}
    address = reverse("praise-pins") + of(cast.support)
    for user, seal, words in (
        (cast.quinn, "made up", "Reload it and pin again."),
        (cast.quinn, seals[cast.alice.pk], "Reload it and pin again."),
        (cast.bob, seals[cast.bob.pk], "Nobody praises themselves."),
        (cast.alice, seals[cast.alice.pk], "Pinned. Bob hears of it."),
        (cast.quinn, seals[cast.quinn.pk], "Somebody has pinned this compliment already."),
    ):
        page = as_(user).post(address, {"compliment": seal}, follow=True).content.decode()
        assert words in page
    row = Praise.objects.get()
    assert (row.praised, row.by, row.said_by) == (cast.bob, cast.alice, "Dace Ozola")
    assert as_(cast.alice).post(reverse("praise-words", args=[row.pk]), {"text": "Mine now"}).status_code == 200
    row.refresh_from_db()
    assert row.text == "Thank you, Bob!"  # a customer's words are nobody's to change


def test_a_lesson_is_found_by_its_words_and_becomes_a_suggestion_for_the_policy(cast: Cast, lesson: Lesson) -> None:
    note_lesson(board=cast.latvia, text="Schools pay in September.", by=cast.alice)
    bob = as_(cast.bob)
    for asked, found in (("refund", True), ("looks order", True), ("refund september", False), ("", True)):
        page = bob.get(reverse("lessons"), {"q": asked, "team": str(cast.support.pk)}).content.decode()
        assert ("Refunded orders" in page) is found
    with CaptureQueriesContext(connection) as queries:
        bob.get(reverse("lessons"), {"team": cast.support.pk})
    assert len(queries) <= 14
    address = reverse("policy_comments_on", args=["objective", "soon"]) + f"?lesson={lesson.pk}"
    page = bob.get(reverse("lessons")).content.decode()
    assert address in page
    assert "Refunded orders need a second look." in bob.get(address).content.decode()
    assert bob.post(address, {"text": "Promise a second look at refunds."}).status_code == 302
    assert Comment.objects.get().text == "Promise a second look at refunds."
    assert "Suggested for the policy" in bob.get(reverse("lessons")).content.decode()
    history = bob.get(reverse("lesson", args=[lesson.pk])).content.decode()
    assert "Bob suggested a change of the policy from it" in history
    bob.post(
        reverse("lesson", args=[lesson.pk]),
        {"text": "Vouchers, too.", "conversation": "", "objective": "", "revision": 0},
    )
    assert "Vouchers, too." in bob.get(reverse("lessons"), {"q": "voucher"}).content.decode()
