"""The conversation page and what is written on it, through HTTP."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from answerable.desk.actions.conversations import set_status, set_tags
from answerable.desk.actions.messages import receive, reply
from answerable.desk.models import Attachment, Conversation, Delivery, Draft, Kind, Message, Notice, Presence, Status
from answerable.people.models import User
from tests.cast import Cast
from tests.desk.views.stage import HTMX, asked, last_event


def page(client: Client, conversation: Conversation) -> str:
    return client.get(f"/conversations/{conversation.pk}/").content.decode()


def answer(client: Client, conversation: Conversation, text: str, **more: object) -> HttpResponse:
    fields = {"text": text, "seen_event": last_event(conversation), **more}
    return client.post(f"/conversations/{conversation.pk}/replies/", fields, headers=HTMX)  # type: ignore[return-value]


def anyway(refused: HttpResponse) -> str:
    """What *Send anyway* would say."""
    found = re.search(r'name="anyway" value="(\d+)"', refused.content.decode())
    assert found
    return found[1]


def test_the_page_shows_who_asked_what(bob: Client, conversation: Conversation) -> None:
    shown = page(bob, conversation)
    for words in ("Where is my order?", "I ordered on Monday.", "Dace Ozola", "dace@<wbr>customer.example", "Latviešu"):
        assert words in shown


def test_a_conversation_costs_the_same_however_long(
    cast: Cast, bob: Client, conversation: Conversation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        reply(conversation, text="Soon.", by=cast.alice, seen_event=None, anyway=True)
    with django_assert_num_queries(12):
        bob.get(f"/conversations/{conversation.pk}/")


def test_opened_from_the_list_only_the_work_comes(bob: Client, conversation: Conversation) -> None:
    part = bob.get(f"/conversations/{conversation.pk}/", headers=HTMX).content.decode()
    assert "<html" not in part
    assert 'id="work"' in part
    assert 'id="aside"' in part


def test_a_reply_is_sent_and_can_be_undone(cast: Cast, bob: Client, conversation: Conversation) -> None:
    sent = answer(bob, conversation, "Tomorrow, www.example.com/track", then="solved")
    assert sent.status_code == 200
    assert '"undo"' in sent.headers["HX-Trigger"]
    message = Message.objects.get(kind=Kind.OUTBOUND)
    conversation.refresh_from_db()
    assert (message.text, conversation.status) == ("Tomorrow, www.example.com/track", Status.SOLVED)
    assert 'href="http://www.example.com/track" target="_blank"' in page(bob, conversation)
    back = bob.post(f"/messages/{message.pk}/undo/", headers=HTMX)
    assert '"undone"' in back.headers["HX-Trigger"]
    assert Delivery.objects.get().state == Delivery.State.UNDONE
    assert Draft.objects.get().text == message.text
    again = bob.post(f"/messages/{message.pk}/undo/", headers=HTMX)
    assert again.status_code == 422
    assert "too late" in again.headers["HX-Trigger"]


def test_a_stale_reply_is_refused_with_what_came_in(cast: Cast, bob: Client, conversation: Conversation) -> None:
    seen = last_event(conversation)
    reply(conversation, text="I have it <here>.", by=cast.alice, seen_event=seen)
    refused = answer(bob, conversation, "Mine", seen_event=seen)
    assert refused.status_code == 409
    assert refused.headers["HX-Retarget"] == "#problem"
    words = refused.content.decode()
    assert "I have it &lt;here&gt;." in words
    assert "Send anyway" in words
    whole = bob.post(f"/conversations/{conversation.pk}/replies/", {"text": "Mine", "seen_event": seen})
    assert whole.status_code == 409
    assert ">Mine</textarea>" in whole.content.decode()
    shown = anyway(refused)
    receive(conversation, contact=cast.dace, text="And my other order?")
    again = answer(bob, conversation, "Mine", seen_event=seen, anyway=shown)
    assert again.status_code == 409  # what came in after the refusal has not been read
    assert "And my other order?" in again.content.decode()
    assert "I have it" not in again.content.decode()
    assert answer(bob, conversation, "Mine", seen_event=seen, anyway=anyway(again)).status_code == 200


def test_who_sends_anyway_after_a_colleagues_answer_is_asked_once(
    cast: Cast, bob: Client, conversation: Conversation
) -> None:
    """The status that came with the answer is not told beside it, and has been seen with it."""
    seen = last_event(conversation)
    reply(conversation, text="I have it.", by=cast.alice, seen_event=seen, then=Status.SOLVED)
    refused = answer(bob, conversation, "Mine", seen_event=seen)
    assert "solved it" not in refused.content.decode()
    assert answer(bob, conversation, "Mine", seen_event=seen, anyway=anyway(refused)).status_code == 200


@pytest.mark.parametrize(
    ("noun", "fields", "words"),
    [
        ("status", {"to": "on_hold"}, "set it to On hold"),
        ("status", {"to": "solved"}, "solved it"),
        ("assignment", {"to": "alice"}, "Alice took it"),
    ],
)
def test_what_a_colleague_did_with_it_is_told_before_a_reply_leaves(
    cast: Cast, alice: Client, bob: Client, conversation: Conversation, noun: str, fields: dict[str, str], words: str
) -> None:
    seen = last_event(conversation)
    given = {name: cast.alice.pk if value == "alice" else value for name, value in fields.items()}
    alice.post(f"/conversations/{conversation.pk}/{noun}/", given)
    refused = answer(bob, conversation, "Mine", seen_event=seen)
    assert (refused.status_code, words in refused.content.decode()) == (409, True)
    assert not Message.objects.filter(text="Mine").exists()
    assert answer(bob, conversation, "Mine", seen_event=seen, anyway=anyway(refused)).status_code == 200


def test_that_it_is_given_to_them_keeps_nobody_from_answering(
    cast: Cast, alice: Client, bob: Client, conversation: Conversation
) -> None:
    seen = last_event(conversation)
    alice.post(f"/conversations/{conversation.pk}/assignment/", {"to": cast.bob.pk})
    assert answer(bob, conversation, "Mine", seen_event=seen).status_code == 200


def test_words_are_never_lost_to_a_refusal(bob: Client, conversation: Conversation) -> None:
    refused = answer(bob, conversation, "Copy her", copied="nobody")
    assert refused.status_code == 422
    assert "nobody is no e-mail address" in refused.content.decode()
    whole = bob.post(f"/conversations/{conversation.pk}/replies/", {"text": "Copy her", "copied": "nobody"})
    assert ">Copy her</textarea>" in whole.content.decode()
    assert "Write something first" in answer(bob, conversation, "  ").content.decode()


def test_copies_are_kept_for_the_conversation(bob: Client, conversation: Conversation) -> None:
    answer(bob, conversation, "Hello both", copied="Eva@Customer.example; max@customer.example")
    assert Delivery.objects.get().copied == ["eva@customer.example", "max@customer.example"]
    conversation.refresh_from_db()
    assert conversation.copied == ["eva@customer.example", "max@customer.example"]


def test_files_go_with_a_reply_and_are_handed_out_safely(
    bob: Client, charlie: Client, conversation: Conversation
) -> None:
    file = SimpleUploadedFile('r"\r\nX: y.html', b"<script>alert(1)</script>", "text/html")
    assert answer(bob, conversation, "Look", attachments=[file]).status_code == 200
    attachment = Attachment.objects.get()
    handed = bob.get(f"/attachments/{attachment.pk}/")
    assert handed.content == b"<script>alert(1)</script>"
    assert handed.headers["Content-Type"] == "application/octet-stream"
    assert handed.headers["Content-Disposition"].startswith("attachment")
    assert handed.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in handed.headers["Content-Security-Policy"]
    assert bob.get(f"/attachments/{attachment.pk}/image/").status_code == 404
    assert charlie.get(f"/attachments/{attachment.pk}/").status_code == 404


def test_pictures_are_seen_beside_their_names_and_other_files_are_not(bob: Client, conversation: Conversation) -> None:
    drawn = {"torn.png": "image/png", "torn.svg": "image/svg+xml", "torn.pdf": "application/pdf"}
    files = [SimpleUploadedFile(name, b"...", kind) for name, kind in drawn.items()]
    answer(bob, conversation, "Look", attachments=files)
    Attachment.objects.create(
        message=Attachment.objects.all()[0].message,
        file=Attachment.objects.all()[0].file,
        name="vast.png",
        content_type="image/png",
        size=9 * 1024**2,
    )
    page = bob.get(f"/conversations/{conversation.pk}/").text
    seen = [file.name for file in Attachment.objects.all() if f'src="/attachments/{file.pk}/image/"' in page]
    assert seen == ["torn.png"]


def test_a_file_too_large_is_refused_in_words(
    bob: Client, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("answerable.desk.forms.writing.LARGEST_FILE", 10)
    refused = answer(bob, conversation, "Look", attachments=[SimpleUploadedFile("big.bin", b"x" * 11)])
    assert refused.status_code == 422
    assert "big.bin has 11\xa0bytes" in refused.content.decode()
    monkeypatch.setattr("answerable.desk.forms.writing.LARGEST_MESSAGE", 15)
    two = [SimpleUploadedFile("a.bin", b"x" * 9), SimpleUploadedFile("b.bin", b"x" * 9)]
    assert "together" in answer(bob, conversation, "Look", attachments=two).content.decode()
    assert not Message.objects.filter(kind=Kind.OUTBOUND).exists()


def test_a_note_tells_who_is_mentioned(cast: Cast, alice: Client, bob: Client, conversation: Conversation) -> None:
    posted = alice.post(f"/conversations/{conversation.pk}/notes/", {"text": "@bob@example.com, yours?"}, headers=HTMX)
    assert posted.status_code == 200
    assert "You are mentioned" in bob.get("/notices/").content.decode()
    bob.post(f"/conversations/{conversation.pk}/presence/")
    assert Notice.objects.get().read_at is not None


def test_colleagues_who_see_it_are_offered(cast: Cast, alice: Client, conversation: Conversation) -> None:
    offered = alice.get(f"/conversations/{conversation.pk}/colleagues/", {"q": ""}).content.decode()
    assert "bob@example.com" in offered
    assert "quinn@example.com" in offered
    assert "ada@example.com" in offered
    assert "charlie@example.com" not in offered
    assert "alice@example.com" not in offered
    assert "bob@" not in alice.get(f"/conversations/{conversation.pk}/colleagues/", {"q": "qui"}).content.decode()


def test_tags_in_use_are_offered_to_who_may_see_them(
    cast: Cast,
    bob: Client,
    charlie: Client,
    conversation: Conversation,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    set_tags(conversation, tags=["refund", "<late>"], by=cast.bob)
    set_tags(asked(cast, "Another", "Hello?"), tags=["refund"], by=cast.bob)
    bob.get("/notices/")  # the first page of a browser also asks whether there is a company
    with django_assert_num_queries(3):
        offered = bob.get("/tags/").content.decode()
    assert re.findall(r'data-tag="([^"]*)"', offered) == ["refund", "&lt;late&gt;"]
    assert "data-tag" not in charlie.get("/tags/").content.decode()


def test_a_draft_is_kept_as_it_is_typed(cast: Cast, bob: Client, alice: Client, conversation: Conversation) -> None:
    url = f"/conversations/{conversation.pk}/draft/"
    seen = last_event(conversation)
    assert bob.post(url, {"text": "Dear Da", "kind": "outbound", "seen_event": seen}).status_code == 200
    assert ">Dear Da</textarea>" in page(bob, conversation)
    assert "Dear Da<" not in page(alice, conversation)
    answer(bob, conversation, "Dear Dace")
    assert not Draft.objects.exists()
    late = {"text": "Dear Dace", "kind": "outbound", "seen_event": seen}  # was on its way meanwhile
    assert bob.post(url, late).json() == {"text": "", "html": ""}
    assert not Draft.objects.exists()
    assert bob.post(url, {**late, "tab": "b", "insists": "on"}).status_code == 200
    assert Draft.objects.get().text == "Dear Dace"


def test_two_tabs_of_a_draft_do_not_write_over_each_other(bob: Client, conversation: Conversation) -> None:
    def kept(tab: str, text: str, **more: str) -> HttpResponse:
        said = {"kind": "outbound", "tab": tab, "text": text, **more}
        return bob.post(f"/conversations/{conversation.pk}/draft/", said)

    assert kept("a", "Dear D").status_code == 200
    shown = re.search(r'name="known" value="(\d+)"', page(bob, conversation))
    assert shown
    assert kept("a", "Dear Dace").status_code == 200, "a tab goes on"
    behind = kept("b", "Hello", known=shown[1])
    assert (behind.status_code, behind.json()) == (409, {"text": "Dear Dace", "html": ""})
    assert kept("b", "", known=shown[1]).status_code == 409, "nor does it throw them away"
    assert Draft.objects.get().text == "Dear Dace"
    assert kept("b", "Dear Dace\n\nHello", known=shown[1], insists="on").status_code == 200
    assert kept("b", "Dear Dace\n\nHello!").status_code == 200
    assert kept("a", "Dear Dace,").json()["text"] == "Dear Dace\n\nHello!"
    fresh = Draft.objects.get()
    assert kept("c", "Anew", known=fresh.version).status_code == 200, "opened with all of it"


def test_a_draft_is_saved_at_a_time_of_its_writers_zone(cast: Cast, bob: Client, conversation: Conversation) -> None:
    for language, zone, pattern in (("lv", "Asia/Kathmandu", "%H:%M"), ("en", "Pacific/Honolulu", "%-I:%M\u202f%p")):
        User.objects.filter(pk=cast.bob.pk).update(language=language, time_zone=zone)
        began = timezone.now()
        said = bob.post(f"/conversations/{conversation.pk}/draft/", {"text": "Dear", "kind": "outbound"}).text
        assert said in {at.astimezone(ZoneInfo(zone)).strftime(pattern) for at in (began, timezone.now())}


def test_who_looks_is_shown_to_the_others_only(
    bob: Client, alice: Client, charlie: Client, conversation: Conversation
) -> None:
    url = f"/conversations/{conversation.pk}/presence/"
    assert "Bob" not in bob.post(url, {"typing": "1"}).content.decode()
    bob.post(url)  # another page of his, which says nothing of typing
    assert "Bob is writing an answer…" in alice.get(url).content.decode()
    assert "Bob is writing…" in alice.get("/presences/").content.decode()
    assert "Bob" not in bob.get("/presences/").content.decode() + charlie.get("/presences/").content.decode()
    Presence.objects.update(typed_at=timezone.now() - timedelta(seconds=21))
    assert "Bob is here" in alice.get(url).content.decode()
    assert "Bob is here" in alice.get("/presences/").content.decode()
    Presence.objects.update(seen_at=timezone.now() - timedelta(seconds=31))
    assert "Bob" not in alice.get(url).content.decode() + alice.get("/presences/").content.decode()
    bob.post(url, {"gone": "1"})
    assert not Presence.objects.exists()


def test_what_a_page_left_behind_is_cleared_away(bob: Client, cast: Cast, conversation: Conversation) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    other = asked(cast, "Another", "Hello")
    Presence.objects.create(conversation=other, user=cast.bob, seen_at=long_ago)
    bob.post(f"/conversations/{conversation.pk}/presence/")
    assert [presence.conversation_id for presence in Presence.objects.all()] == [conversation.pk]


def test_quotes_are_folded_and_nothing_is_cut(cast: Cast, bob: Client) -> None:
    text = "Thanks!\n\n> earlier words\n\nBye"
    start = text.index(">")
    conversation = asked(cast, "Re", text, folds=[[start, start + 15]])
    shown = page(bob, conversation)
    assert '<blockquote class="words">&gt; earlier words</blockquote>' in shown
    assert "Thanks!" in shown
    assert "Bye" in shown


def test_earlier_messages_come_when_asked_for(cast: Cast, bob: Client, conversation: Conversation) -> None:
    for number in range(60):
        receive(conversation, contact=cast.dace, text=f"Line {number}.")
    shown = page(bob, conversation)
    assert "Line 59." in shown
    assert "Line 10." not in shown
    first = Message.objects.get(text="Line 20.")
    before = bob.get(f"/conversations/{conversation.pk}/before/{first.pk}/", headers=HTMX).content.decode()
    assert "Line 10." in before
    assert "Line 20." not in before


def test_what_happened_is_told_in_words(cast: Cast, bob: Client, conversation: Conversation) -> None:
    url = f"/conversations/{conversation.pk}"
    for noun, fields in (
        ("assignment", {"to": cast.alice.pk}),
        ("priority", {"to": 4}),
        ("tags", {"tags": "Delivery, vip"}),
        ("snooze", {"preset": "tomorrow"}),
        ("snooze", {}),
        ("status", {"to": "on_hold"}),
        ("team", {"to": cast.latvia.pk}),
    ):
        assert bob.post(f"{url}/{noun}/", fields, headers=HTMX).status_code == 200, noun
    shown = page(bob, conversation)
    for words in (
        "Bob assigned it to Alice",
        "Bob changed the priority from Normal to Urgent",
        "Bob added the tags delivery, vip",
        "Bob put it aside until",
        "Bob brought it back into the queues",
        "Bob set it to On hold",
        "Bob moved it from Support to Latvia",
    ):
        assert words in shown


def test_what_leaves_sight_leads_back_to_the_queue(cast: Cast, bob: Client, conversation: Conversation) -> None:
    moved = bob.post(f"/conversations/{conversation.pk}/team/", {"to": cast.sales.pk}, headers=HTMX)
    assert moved.headers["HX-Redirect"] == "/inbox/mine/"
    assert bob.get(f"/conversations/{conversation.pk}/").status_code == 404


def test_a_closed_conversation_takes_no_reply(cast: Cast, bob: Client, conversation: Conversation) -> None:
    set_status(conversation, to=Status.CLOSED, by=cast.alice)
    assert 'data-panel="outbound" hidden' in page(bob, conversation)
    assert answer(bob, conversation, "Hello").status_code == 422


def test_an_agent_writes_first(cast: Cast, bob: Client, quinn: Client) -> None:
    fields = {"inbox": cast.support_inbox.pk, "to": "New@harbour.example", "subject": "Your order", "text": "It left."}
    begun = bob.post("/conversations/new/", {**fields, "name": "Eva"})
    conversation = Conversation.objects.get()
    assert begun.headers["Location"] == f"/conversations/{conversation.pk}/"
    assert (conversation.contact.name, conversation.opened_by) == ("Eva", cast.bob)
    assert conversation.contact.organisation == cast.harbour
    assert Delivery.objects.get().recipients == ["new@harbour.example"]
    assert bob.post("/conversations/new/", {**fields, "inbox": cast.sales_inbox.pk}).status_code == 422
    assert quinn.get("/conversations/new/").status_code == 403
