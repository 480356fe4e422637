"""Asking customers, once and not too often, and listening to what they say."""

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from answerable.api.outputs.messages import message, rows
from answerable.customers.models import Contact
from answerable.desk.actions.conversations import open_conversation, set_status
from answerable.desk.actions.messages import receive, reply
from answerable.desk.entries import in_short
from answerable.desk.models import Conversation, Priority, Status
from answerable.events.dispatch import dispatch
from answerable.events.models import Event
from answerable.feedback.actions.invitations import invite
from answerable.feedback.actions.ratings import comment, rate
from answerable.feedback.links import token_of
from answerable.feedback.models import Invitation, Rating
from answerable.people.models import User
from answerable.site.log import Sealed
from tests.cast import Cast
from tests.channels.email.letters import arrive, letter


def solved(cast: Cast, contact: Contact, *, answered: bool = True) -> Conversation:
    conversation = open_conversation(inbox=cast.support_inbox, contact=contact, subject="Order <42>", by=None)
    receive(conversation, contact=contact, text="Where is it?")
    if answered:
        reply(conversation, text="There.", by=cast.bob, seen_event=None, anyway=True)
    return set_status(conversation, to=Status.SOLVED, by=cast.bob)


@pytest.fixture
def invitation(cast: Cast) -> Invitation:
    invitation = invite(solved(cast, cast.dace))
    assert invitation is not None
    return invitation


def test_the_invitation_freezes_who_served_and_speaks_the_customers_language(
    cast: Cast, invitation: Invitation
) -> None:
    assert (invitation.agent, invitation.team, invitation.channel) == (cast.bob, cast.support, "email")
    assert invitation.language == "lv"
    assert invitation.message is not None
    assert invitation.message.automatic
    assert invitation.message.delivery.recipients == ["dace@customer.example"]
    assert len(re.findall(r"http\S+/ratings/\S+/[1-5]/", invitation.message.text)) == 5
    assert "Order &lt;42&gt;" in invitation.message.html
    assert "Order <42>" in invitation.message.text


def test_asked_once_a_conversation_and_once_in_two_weeks(cast: Cast, invitation: Invitation) -> None:
    assert invite(invitation.conversation) is None
    assert invite(solved(cast, cast.dace)) is None
    Invitation.objects.update(asked_at=timezone.now() - timedelta(days=15))
    assert invite(solved(cast, cast.dace)) is not None


def test_nobody_is_asked_without_an_answer_or_after_reopening(cast: Cast) -> None:
    assert invite(solved(cast, cast.nino, answered=False)) is None
    conversation = solved(cast, cast.nino)
    set_status(conversation, to=Status.OPEN, by=cast.bob)
    assert invite(conversation) is None


def test_solving_leads_to_a_job_that_asks(cast: Cast) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    conversation = solved(cast, cast.dace)
    while dispatch() == 0:
        pass
    job = ProcrastinateJob.objects.get()
    assert job.args == {"conversation_id": conversation.pk}
    assert job.scheduled_at is not None


def test_opening_the_link_changes_nothing_and_the_page_sends_it(cast: Cast, invitation: Invitation) -> None:
    browser, token = Client(), token_of(invitation)
    page = browser.get(f"/ratings/{token}/5/")
    assert page.status_code == 200
    assert "data-sends-itself" in page.text
    assert page["Content-Language"] == "lv"
    assert not Rating.objects.exists()
    assert browser.post(f"/ratings/{token}/", {"score": "5"}).status_code == 302
    rating = Rating.objects.get()
    assert rating.score == 5
    assert "data-sends-itself" not in browser.get(f"/ratings/{token}/5/").text
    event = Event.objects.get(verb="conversation.rated")
    assert (event.root, event.particulars) == (
        f"conversation-{invitation.conversation_id}",
        {"score": 5, "before": None},
    )


def test_a_score_may_be_changed_and_words_added(invitation: Invitation) -> None:
    browser, token = Client(), token_of(invitation)
    browser.post(f"/ratings/{token}/", {"score": "5"})
    browser.post(f"/ratings/{token}/", {"score": "2"})
    browser.post(f"/ratings/{token}/", {"score": "2", "comment": "Too slow <b>"})
    browser.post(f"/ratings/{token}/", {"score": "2"})
    rating = Rating.objects.get()
    assert (rating.score, rating.comment, rating.complaint) == (2, "Too slow <b>", None)
    assert "Too slow &lt;b&gt;" in browser.get(f"/ratings/{token}/").text


def test_what_is_wrong_leaves_score_and_words_where_they_were(invitation: Invitation) -> None:
    browser, there = Client(), f"/ratings/{token_of(invitation)}/"
    browser.post(there, {"score": "5"})
    page = browser.post(there, {"comment": "Too slow"})
    assert (page.status_code, ">Too slow</textarea>" in page.text.replace("\n", "")) == (422, True)
    page = browser.post(there, {"score": "1", "comment": " ", "complaint": "on"})
    assert page.status_code == 422
    assert 'value="1" required checked' in page.text
    assert Rating.objects.get().score == 5


def test_a_complaint_opens_one_follow_up(cast: Cast, invitation: Invitation) -> None:
    browser, token = Client(), token_of(invitation)
    browser.post(f"/ratings/{token}/", {"score": "1"})
    for _attempt in range(2):
        browser.post(f"/ratings/{token}/", {"score": "1", "comment": "Nobody listened.", "complaint": "on"})
    follow_up = Conversation.objects.get(follows=invitation.conversation)
    assert (follow_up.priority, follow_up.tags, follow_up.team) == (Priority.HIGH, ["complaint"], cast.support)
    assert [message.text for message in follow_up.messages.all()] == ["Nobody listened."]


@pytest.mark.parametrize(
    "data", [{}, {"score": ""}, {"score": "0"}, {"score": "6"}, {"score": "\x00"}, {"score": "5" * 99}]
)
def test_any_other_answer_is_refused_with_words(invitation: Invitation, data: dict[str, str]) -> None:
    assert Client().post(f"/ratings/{token_of(invitation)}/", data).status_code == 422
    assert not Rating.objects.exists()


def test_only_the_link_opens_the_page(invitation: Invitation, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_of(invitation)
    for wrong in (token[:-1], token + "x", "1:2:3", "x", token.replace(":", "", 1)):
        assert Client().get(f"/ratings/{wrong}/").status_code == 404
    monkeypatch.setattr("answerable.feedback.links.GOOD_FOR", timedelta(seconds=-1))
    assert Client().get(f"/ratings/{token}/").status_code == 410


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_desk_sees_what_the_customer_said(cast: Cast, invitation: Invitation) -> None:
    address = f"/contacts/{cast.dace.pk}/ratings/"
    assert "How they rated us" not in signed_in(cast.bob).get(address).text
    comment(rate(invitation, score=2), text="Too <slow>.")
    shown = signed_in(cast.bob).get(address).text
    assert "2 of 5: Bad" in shown
    assert "Too &lt;slow&gt;." in shown
    assert f'href="/conversations/{invitation.conversation_id}/"' in shown
    beside = signed_in(cast.bob).get(address, {"open": invitation.conversation_id}).text
    assert "<strong>This conversation</strong>" in beside
    timeline = signed_in(cast.bob).get(f"/conversations/{invitation.conversation_id}/").text
    assert "The customer rated it: 2 of 5" in timeline
    assert "The customer says about it: “Too &lt;slow&gt;.”" in timeline
    assert address in timeline
    assert address in signed_in(cast.bob).get(f"/contacts/{cast.dace.pk}/").text


def test_charlie_sees_no_rating_of_another_team(cast: Cast, invitation: Invitation) -> None:
    rate(invitation, score=5)
    assert signed_in(cast.charlie).get(f"/contacts/{cast.dace.pk}/ratings/").text.strip() == ""
    assert Client().get(f"/contacts/{cast.dace.pk}/ratings/").status_code == 302


def test_staff_do_not_see_the_key_that_rates_them(cast: Cast, invitation: Invitation) -> None:
    asked = invitation.message
    assert asked is not None
    token = re.findall(r"/ratings/([^/]+)/5/", asked.text)[0]
    receive(invitation.conversation, contact=cast.dace, text=f"Thanks!\n> {asked.text}")
    bob = Client()
    bob.force_login(cast.bob)
    page = bob.get(f"/conversations/{invitation.conversation_id}/").text
    mail = bob.get(f"/messages/{asked.pk}/body/").text
    told = [message(row)[way] for row in rows().filter(pk=asked.pk) for way in ("text", "html")]
    for shown in (page, mail, *told):
        assert "/ratings/***" in shown
        assert token not in shown


@pytest.mark.parametrize(
    "written",
    [
        lambda link: "https://eur05.safelinks.protection.outlook.com/?url=" + quote(link, safe="") + "&data=05%7C02",
        lambda link: "https://links.example/?to=" + quote(quote(link, safe=""), safe=""),
        lambda link: link.replace(":", "&#58;"),
        lambda link: link.replace("/ratings/", "/ratings&sol;"),
    ],
    ids=["looked at first", "looked at twice", "colons in HTML", "a slash in HTML"],
)
def test_nor_as_other_mail_servers_and_programs_write_it(
    cast: Cast, invitation: Invitation, written: Callable[[str], str]
) -> None:
    """Whoever answers what we sent quotes it as their own side has made it."""
    token = token_of(invitation)
    link = written(f"http://localhost:8000/ratings/{token}/5/")
    quoted = receive(
        invitation.conversation, contact=cast.dace, text=unescape(link), html=f'<p><a href="{link}">{link}</a></p>'
    )
    [told] = [message(row) for row in rows().filter(pk=quoted.pk)]
    body = signed_in(cast.bob).get(f"/messages/{quoted.pk}/body/").text
    for shown in (signed_in(cast.bob).get(f"/conversations/{quoted.conversation_id}/").text, body, *told.values()):
        assert token.rpartition(":")[2] not in str(shown)


def test_no_list_ledger_or_log_tells_the_key(cast: Cast, invitation: Invitation) -> None:
    token = token_of(invitation)
    body = f"I pressed http://localhost:8000/ratings/{token}/1/ and nothing happened."
    arrival = arrive(letter(body))
    assert arrival.message is not None
    assert token not in arrival.message.conversation.preview
    assert token not in in_short(arrival.message)
    assert token not in signed_in(cast.ada).get(reverse("mail-arrival", args=[arrival.pk])).text
    [written] = [each.formatter for each in logging.root.handlers if isinstance(each.formatter, Sealed)]
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Gone: %s", (f"/ratings/{token}/",), None)
    assert re.fullmatch(r"WARNING django.request: Gone: /ratings/\*+/", written.format(record))


def test_each_score_has_a_face_of_its_own(client: Client, invitation: Invitation) -> None:
    page = client.get(f"/ratings/{token_of(invitation)}/").content.decode()
    faces = re.findall(r'name="score" value="\d"[^>]*>(<svg.*?</svg>)', page, re.DOTALL)
    assert len(faces) == len(set(faces)) == 5
