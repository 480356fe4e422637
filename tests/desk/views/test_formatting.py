"""Formatted answers: made harmless, with plain words beside them, pictures within, and a signature below."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from answerable.channels.email.composing import compose
from answerable.channels.email.written import written
from answerable.desk.models import Attachment, Conversation, Delivery, Draft, Message
from tests.cast import Cast
from tests.desk.views.stage import HTMX, last_event

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
NASTY = (
    '<p onclick="x()" style="color:red">Dear <b>Dace</b>,</p><script>alert(1)</script><div>see '
    '<a href="javascript:x()">this</a> and <a href="https://example.com/a">that</a></div><ul><li>one</li><li>two</li></ul>'
    '<img src="https://evil.example/spy.png"><iframe src="//evil.example"></iframe>'
)


def letter() -> EmailMessage:
    """The last answer, as it leaves."""
    return cast(EmailMessage, message_from_bytes(compose(Delivery.objects.latest("id")).raw, policy=policy.default))


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def test_an_answer_keeps_its_looks_and_nothing_else(cast: Cast, bob: Client, conversation: Conversation) -> None:
    there = f"/conversations/{conversation.pk}/"
    sent = {"text": "ignored", "html": NASTY, "seen_event": last_event(conversation), "then": "pending"}
    assert bob.post(f"{there}replies/", sent, headers=HTMX).status_code == 200
    message = Message.objects.latest("id")
    assert message.html == (
        '<p>Dear <b>Dace</b>,</p><p>see <a>this</a> and <a href="https://example.com/a">that</a></p>'
        "<ul><li>one</li><li>two</li></ul>"
    )
    assert message.text == "Dear Dace,\n\nsee this and that <https://example.com/a>\n\n- one\n- two"
    mail = letter()
    assert "<b>Dace</b>" in part(mail, "html")
    assert part(mail, "html").startswith("<!doctype html>")
    assert "- one\n- two" in part(mail, "plain").replace("\r\n", "\n")
    undone = bob.post(f"/messages/{message.pk}/undo/", headers=HTMX)
    assert "<b>Dace</b>" in undone.headers["HX-Trigger"].encode().decode("unicode_escape")
    assert Draft.objects.get().html == message.html
    assert "&lt;b&gt;Dace&lt;/b&gt;" in bob.get(there).content.decode()


def test_a_picture_stands_within_the_mail(cast: Cast, bob: Client, charlie: Client, conversation: Conversation) -> None:
    there = f"/conversations/{conversation.pk}/"
    no_picture = {"picture": SimpleUploadedFile("a.png", b"<svg/>", "image/png")}
    assert bob.post(f"{there}pictures/", no_picture, headers=HTMX).status_code == 422
    urls = []
    for name in ("shown.png", "dropped.png"):
        picture = {"picture": SimpleUploadedFile(name, PNG, "image/png")}
        urls.append(bob.post(f"{there}pictures/", picture, headers=HTMX).json()["url"])
        assert charlie.post(f"{there}pictures/", picture, headers=HTMX).status_code == 404
    assert bob.get(urls[0]).headers["Content-Type"] == "image/png"
    assert charlie.get(urls[0]).status_code == 404
    html = f'<p>Look: <img src="{urls[0]}" alt="The lamp"></p>'
    bob.post(f"{there}draft/", {"text": "x", "html": html, "kind": "outbound"}, headers=HTMX)
    draft = Draft.objects.get()
    assert draft.text == "Look: [The lamp]"
    assert f'src="cid:{draft.attachments.order_by("id")[0].content_id}"' in draft.html
    assert f"{urls[0]}&quot;" in bob.get(there).content.decode()
    sent = {"text": "x", "html": html, "seen_event": last_event(conversation)}
    assert bob.post(f"{there}replies/", sent, headers=HTMX).status_code == 200
    mail = letter()
    [inline] = [one for one in mail.walk() if one.get_content_type() == "image/png"]
    assert inline["Content-ID"].strip("<>") in part(mail, "html")
    assert inline.get_content() == PNG
    assert Attachment.objects.count() == 1  # what was in the draft and not in the message is gone


def test_a_picture_of_an_answer_taken_back_need_not_be_sent_again(bob: Client, conversation: Conversation) -> None:
    there = f"/conversations/{conversation.pk}/"
    picture = {"picture": SimpleUploadedFile("a.png", PNG, "image/png")}
    url = bob.post(f"{there}pictures/", picture, headers=HTMX).json()["url"]
    sent = {"text": "x", "html": f'<p>Look: <img src="{url}"></p>', "seen_event": last_event(conversation)}
    assert bob.post(f"{there}replies/", sent, headers=HTMX).status_code == 200
    first = Message.objects.latest("id")
    assert bob.post(f"/messages/{first.pk}/undo/", headers=HTMX).status_code == 200
    again = {"text": "Never mind.", "seen_event": last_event(conversation)}
    assert bob.post(f"{there}replies/", again, headers=HTMX).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as at the end of the transaction
    assert Attachment.objects.get().message == first
    assert not Draft.objects.exists()


def test_only_pictures_of_ones_own_draft_are_sent(cast: Cast) -> None:
    found = written(
        '<p><img src="/attachments/7/image/"><img src="/attachments/8/image/"></p>', {"/attachments/8/image/": "c"}.get
    )
    assert (found.html, found.pictures) == ('<p><img src="cid:c"></p>', ("c",))
    assert written("<p><br></p>", lambda _address: None).html == ""


def test_the_nearest_signature_stands_below(cast: Cast, alice: Client, bob: Client, charlie: Client) -> None:
    from tests.desk.views.stage import asked

    conversation = asked(cast, "Where is it?", "Hello?")
    shown = f"/conversations/{conversation.pk}/signature/"
    assert "Nothing stands below" in bob.get(shown).content.decode()
    assert bob.post("/settings/signatures/mine/", {"text_en": "Bob of {{ planet }}"}).status_code == 422
    bob.post(
        "/settings/signatures/mine/", {"text_en": "Yours, {{ agent.first_name }}", "text_lv": "Jūsu {{ agent.name }}"}
    )
    assert "Jūsu Bob" in bob.get(shown).content.decode()
    assert (
        '<p class="small muted">Latviešu</p><div class="words">Jūsu Bob</div>'
        in bob.get("/settings/signatures/mine/").content.decode()
    )
    team = f"/settings/signatures/team/{cast.support.pk}/"
    assert bob.post(team, {"text_en": "X"}).status_code == 403
    assert charlie.get(team).status_code == 404
    alice.post(team, {"text_en": "{{ agent.signature }}\n{{ team.name }}, Example Ltd"})
    assert "Jūsu Bob\nSupport, Example Ltd" in bob.get(shown).content.decode()
    assert "Support, Example Ltd" in alice.get(team).content.decode()
    alice.post(f"/settings/signatures/inbox/{cast.support_inbox.pk}/", {"text_lv": "Ar cieņu"})
    bob.post(f"/conversations/{conversation.pk}/replies/", {"text": "Here.", "seen_event": last_event(conversation)})
    words = part(letter(), "plain").replace("\r\n", "\n")
    assert "Here.\n\n-- \nAr cieņu\n" in words
    assert words.index("Ar cieņu") < words.index("> Hello?")
    listed = alice.get("/settings/signatures/").content.decode()
    assert cast.support_inbox.name in listed
    assert "<td>Latviešu</td>" in listed
    assert "English, Latviešu" in bob.get("/settings/signatures/").content.decode()
