"""The pages of pilots: read by everybody, run by administrators, answered by customers who hold a link."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from answerable.channels.email.composing import compose
from answerable.desk.actions.messages import reply
from answerable.desk.actions.pilot_invitations import mail_pilot_invitation
from answerable.desk.models import Conversation, Delivery, Message, Status
from answerable.events.models import Event
from answerable.policy.actions.pilot_customers import agree, invite, withdraw
from answerable.policy.actions.pilots import promote, roll_back
from answerable.policy.links import consent_url, token_of
from answerable.policy.models import Pilot, PilotCustomer, Version
from tests.cast import Cast
from tests.policy.pilot_stage import Stage, crowd, set_stage
from tests.policy.test_pilots import asks


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return set_stage(cast)


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def filled(stage: Stage, **more: object) -> dict[str, object]:
    return {
        "version": stage.draft.pk,
        "reason": "Two hours may be kept.",
        "staff": [stage.cast.bob.pk],
        "share": "50",
        "measure": "first_response",
        "smallest": "5",
        "planned_end_on": (timezone.localdate() + timedelta(days=30)).isoformat(),
        **more,
    }


def test_an_administrator_runs_a_pilot_from_its_preparation_to_its_end(stage: Stage) -> None:
    ada, dace = signed_in(stage.cast.ada), stage.cast.dace
    assert "Prepare a pilot" in ada.get("/policy/pilots/").text
    assert ada.get("/policy/pilots/new/").status_code == 200
    made = ada.post("/policy/pilots/new/", filled(stage))
    pilot = Pilot.objects.get()
    home = f"/policy/pilots/{pilot.pk}/"
    assert made.headers["Location"] == home
    asked = ada.post(f"{home}invitations/", {"invitation-addresses": "dace@customer.example"}, follow=True)
    assert "1 customer is asked by mail." in asked.text
    early = ada.post(f"{home}beginning/")
    assert early.status_code == 422
    assert "No customer has agreed yet." in early.text
    said = {"consent-address": "nino@harbour.example", "consent-how": "phone", "consent-words": "Monday at ten."}
    assert signed_in(stage.cast.bob).post(f"{home}consents/", said).status_code == 302
    assert ada.post(f"{home}beginning/").status_code == 302
    page = ada.get(home).text
    for words in ("Running", "We answer every e-mail within 2 working hours.", "Monday at ten.", "50 % of those"):
        assert words in page
    nino = pilot.customers.exclude(contact=dace).get()
    assert signed_in(stage.cast.bob).post(f"{home}withdrawals/{nino.pk}/").status_code == 302
    nino.refresh_from_db()
    assert nino.withdrawn_at
    unsaid = ada.post(f"{home}ending/", {"ending-ending": "promotion", "ending-reason": ""})
    assert unsaid.status_code == 422
    assert Pilot.objects.get().is_running
    ended = ada.post(f"{home}ending/", {"ending-ending": "promotion", "ending-reason": "It holds."}, follow=True)
    assert "It holds." in ended.text
    assert Version.objects.in_force() == stage.draft


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"planned_end_on": "2020-01-01"}, "Plan an end that lies ahead."),
        ({"smallest": "0"}, "greater than or equal to 1"),
        ({"staff": []}, "This field is required."),
        ({"share": "33"}, "Select a valid choice."),
    ],
    ids=["past", "nothing", "nobody", "share"],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    stage: Stage, wrong: dict[str, object], words: str
) -> None:
    answer = signed_in(stage.cast.ada).post("/policy/pilots/new/", filled(stage, **wrong))
    assert answer.status_code == 422
    assert words in answer.text
    assert "Two hours may be kept." in answer.text
    assert not Pilot.objects.exists()


def test_wrong_addresses_are_named(stage: Stage) -> None:
    ada, pilot = signed_in(stage.cast.ada), stage.prepare()
    home = f"/policy/pilots/{pilot.pk}/"
    for given, words in (
        ("nobody@nowhere.example", "Nobody has the address nobody@nowhere.example."),
        ("", "Choose a segment that somebody is in, or write addresses."),
        ("\x00", "Null characters are not allowed."),
    ):
        answer = ada.post(f"{home}invitations/", {"invitation-addresses": given})
        assert (answer.status_code, words in answer.text) == (422, True), given
    said = {
        "consent-address": "dace@customer.example nino@harbour.example",
        "consent-how": "phone",
        "consent-words": "x",
    }
    assert "Write one address." in ada.post(f"{home}consents/", said).text


def test_who_answers_is_named_anew(stage: Stage) -> None:
    ada, pilot = signed_in(stage.cast.ada), stage.begin()
    address = f"/policy/pilots/{pilot.pk}/staff/"
    assert ada.post(address, {"staff-people": [stage.cast.alice.pk]}).status_code == 302
    assert [row.user for row in pilot.staff.all()] == [stage.cast.alice]
    nobody = ada.post(address, {"staff-people": []})
    assert (nobody.status_code, "This field is required." in nobody.text) == (422, True)
    assert signed_in(stage.cast.alice).post(address, {}).status_code == 403


def test_others_read_and_do_nothing(stage: Stage) -> None:
    pilot = stage.begin()
    home, row = f"/policy/pilots/{pilot.pk}/", pilot.customers.get()
    for person in (stage.cast.alice, stage.cast.bob, stage.cast.charlie, stage.cast.quinn):
        client = signed_in(person)
        assert client.get(home).status_code == 200
        assert client.get("/policy/pilots/new/").status_code == 403
        for address in ("beginning/", "ending/", "invitations/"):
            assert client.post(f"{home}{address}", {"ending-ending": "promotion"}).status_code == 403
    quinn = signed_in(stage.cast.quinn)
    assert quinn.post(f"{home}consents/").status_code == 403
    assert quinn.post(f"{home}withdrawals/{row.pk}/").status_code == 403
    for address in (home, "/policy/pilots/", f"{home}results/"):
        assert Client().get(address).status_code == 302


def test_a_pilot_page_costs_the_same_however_many_are_in_it(
    stage: Stage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pilot = stage.prepare(share=50)
    invite(pilot, contacts=[*crowd(30), stage.cast.dace], by=stage.cast.ada)
    ada = signed_in(stage.cast.ada)
    ada.get(f"/policy/pilots/{pilot.pk}/")
    with django_assert_num_queries(10):
        ada.get(f"/policy/pilots/{pilot.pk}/")


def test_who_is_asked_answers_by_their_own_link(stage: Stage) -> None:
    pilot = stage.prepare(share=50)
    invite(pilot, contacts=[stage.cast.dace], by=stage.cast.ada)
    row, customer = pilot.customers.get(), Client()
    address = f"/tests/{token_of(row.pk)}/"
    page = customer.get(address)
    assert (page.status_code, page.headers["Content-Language"]) == (200, "lv")
    row.refresh_from_db()
    assert row.agreed_at is None  # opening it changes nothing
    stage.cast.dace.language = "en"
    stage.cast.dace.save()
    assert "We answer every e-mail within 2 working hours." in customer.get(address).text
    assert "You take part." in customer.post(address, {"answer": "agree"}, follow=True).text
    row.refresh_from_db()
    assert (row.how, row.takes_part) == (PilotCustomer.How.LINK, True)
    assert "You have left the test." in customer.post(address, {"answer": "leave"}, follow=True).text
    assert customer.post(address, {"answer": "nonsense"}).status_code == 200
    assert customer.get("/tests/nonsense/").status_code == 404
    assert Client(enforce_csrf_checks=True).post(address, {"answer": "agree"}).status_code == 403


def test_a_test_that_is_over_says_so(stage: Stage) -> None:
    pilot = stage.begin()
    row = pilot.customers.get()
    roll_back(pilot, reason="Enough.", by=stage.cast.ada)
    stage.cast.dace.language = "en"
    stage.cast.dace.save()
    address = f"/tests/{token_of(row.pk)}/"
    assert "This test is over." in Client().get(address).text
    late = Client().post(address, {"answer": "agree"})
    assert (late.status_code, "This test is over." in late.text) == (409, True)


def test_who_is_invited_gets_one_mail_and_agents_no_work(stage: Stage) -> None:
    pilot = stage.prepare()
    stage.cast.dace.language = "en"
    stage.cast.dace.save()
    invite(pilot, contacts=[stage.cast.dace], by=stage.cast.ada)
    event = Event.objects.get(verb="pilot.customer_invited")
    mail_pilot_invitation(event)
    mail_pilot_invitation(event)
    message = Message.objects.get()
    row = pilot.customers.get()
    assert message.automatic
    assert consent_url(row.pk) in message.text
    assert consent_url(row.pk) in message.html
    assert "In the test: We answer every e-mail within 2 working hours." in message.text
    assert Delivery.objects.get().recipients == ["dace@customer.example"]
    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.opened_by, conversation.pilot_arm) == (Status.SOLVED, stage.cast.ada, "")
    assert not Conversation.objects.awake().exists()


def test_nobody_who_has_answered_is_mailed(stage: Stage) -> None:
    pilot = stage.prepare()
    invite(pilot, contacts=[stage.cast.dace], by=stage.cast.ada)
    agree(pilot.customers.get())
    mail_pilot_invitation(Event.objects.get(verb="pilot.customer_invited"))
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "end",
    [
        lambda pilot: withdraw(pilot.customers.get(), by=None),
        lambda pilot: promote(pilot, reason="It holds.", by=pilot.by),
        lambda pilot: roll_back(pilot, reason="It does not.", by=pilot.by),
    ],
)
def test_every_mail_of_a_tested_conversation_says_so_until_it_is_over(
    stage: Stage, end: Callable[[Pilot], object]
) -> None:
    cast = stage.cast
    cast.dace.language = cast.nino.language = "en"
    cast.dace.save()
    cast.nino.save()
    pilot = stage.begin()
    tried, other = asks(cast, cast.dace), asks(cast, cast.nino)
    row = pilot.customers.get()

    def mailed(conversation: Conversation) -> tuple[str, str]:
        message = reply(conversation, text="Here.", by=cast.bob, seen_event=None, anyway=True)
        letter = compose(message.delivery)
        from email import message_from_bytes, policy

        parsed = message_from_bytes(letter.raw, policy=policy.default)
        text, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
        assert text is not None
        assert html is not None
        return text.get_content(), html.get_content()

    text, html = mailed(tried)
    for part in (text, html):
        assert "part of a test of our service promise" in part
        assert consent_url(row.pk) in part
    assert text.index("part of a test") < text.index("wrote:")  # above the words it answers
    assert "part of a test" not in mailed(other)[0]
    end(pilot)
    assert "part of a test" not in mailed(tried)[0]
    assert "part of a test" not in mailed(asks(cast, cast.dace))[0]


def test_agents_see_that_it_is_a_test_and_who_answers(stage: Stage) -> None:
    cast = stage.cast
    pilot = stage.begin()
    tried, other = asks(cast, cast.dace), asks(cast, cast.nino)
    bob, alice = signed_in(cast.bob), signed_in(cast.alice)
    page = bob.get(f"/conversations/{tried.pk}/").text
    assert "Pilot of version 2" in page
    assert "First response: 2 working hours" in page
    assert 'id="pilot-caution"' not in page
    assert 'id="pilot-caution"' in alice.get(f"/conversations/{tried.pk}/").text
    assert "in the pilot" in alice.get(f"/conversations/{tried.pk}/assignees/").text
    assert "Pilot of version" not in bob.get(f"/conversations/{other.pk}/").text
    assert bob.get("/inbox/open/").text.count('title="Pilot"') == 1
    withdraw(pilot.customers.get(), by=None)
    assert "Has left the pilot of version 2" in bob.get(f"/conversations/{tried.pk}/").text
    roll_back(pilot, reason="Enough.", by=cast.ada)
    assert "Was in the pilot of version 2" in bob.get(f"/conversations/{tried.pk}/").text
