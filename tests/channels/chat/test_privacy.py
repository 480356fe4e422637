"""Nobody reads what another visitor, or another customer, was told; nor does a colleague of another team."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from answerable.channels.chat import outbox
from answerable.channels.chat.models import Visit, Visitor, Widget
from answerable.desk.actions.rearranging.merging import merge
from answerable.desk.actions.receiving import Incoming, receive_all
from answerable.desk.models import Attachment, Conversation, Delivery
from tests.cast import Cast
from tests.channels.chat.answers import answered
from tests.channels.chat.browser import Browser, open_chat


def test_nothing_of_one_visitor_is_read_by_another(cast: Cast, widget: Widget, visitor: Browser) -> None:
    other, stranger = Browser(widget), Browser(open_chat(cast.sales_inbox), secret=visitor.secret)
    file = SimpleUploadedFile("photo.png", b"\x89PNG", content_type="image/png")
    visitor.write("My secret", attachments=file)
    other.write("Hello")
    stranger.write("The same secret, at another chat")
    answered(visitor.conversation or 0, "For you alone", cast)
    kept = Attachment.objects.get()
    assert visitor.ask(f"files/{kept.pk}/").content == b"\x89PNG"
    for one in (other, stranger, Browser(widget)):
        assert one.ask(f"conversations/{visitor.conversation}/").status_code in (401, 404)
        assert one.ask(f"files/{kept.pk}/").status_code in (401, 404)
        one.conversation = visitor.conversation
        for path in ("signs/", "endings/", "ratings/", "calls/"):
            given = {
                "conversation": visitor.conversation,
                "score": 1,
                "phone": "+371 2000000",
                "once": "abcdefgh",
                "seen": 99,
            }
            one.post(path, **given)
        one.write("Let me in")
    assert visitor.texts() == ["My secret", "For you alone"]
    assert Conversation.objects.get(pk=visitor.conversation).status == "pending"
    assert Visit.objects.get(conversation=visitor.conversation).seen_message_id == 0
    assert visitor.ask(f"conversations/{visitor.conversation}/", known=False).status_code == 401


def test_of_two_customers_in_one_conversation_neither_reads_the_other(
    cast: Cast, widget: Widget, visitor: Browser
) -> None:
    other, third = Browser(widget), Browser(widget)
    for browser, words in ((visitor, "Of the first"), (other, "Of the second"), (third, "Of the third")):
        browser.write(words)
    first, second, last = (Conversation.objects.get(pk=one.conversation) for one in (visitor, other, third))
    merge(first, absorb=[second], by=cast.bob)
    assert visitor.texts() == ["Of the first"]
    assert [one["preview"] for one in visitor.ask().json()["conversations"]] == ["Of the first"]
    answered(first.pk, "To the first", cast)
    assert other.read().json()["state"] == "ended"
    assert other.texts() == ["Of the second"]
    assert other.write("More of the second").json()["conversation"] not in {first.pk, second.pk, last.pk}
    assert other.ask(f"conversations/{first.pk}/").status_code == 404
    answered(other.conversation or 0, "To the second", cast)
    assert other.texts() == ["More of the second", "To the second"]
    assert visitor.texts() == ["Of the first", "To the first"]
    by_mail = Incoming(to=last, contact=cast.dace, text="Between us", written_from="dace@customer.example")
    receive_all([by_mail])
    assert [one["preview"] for one in third.ask().json()["conversations"]] == ["Of the third"]


def test_what_is_said_to_who_wrote_by_mail_is_not_shown_to_who_only_claims_to_be_them(
    cast: Cast, visitor: Browser
) -> None:
    visitor.write("I am Dace, believe me")
    assert visitor.post("addresses/", address="dace@customer.example", wait="1").status_code == 204
    row = Conversation.objects.get(pk=visitor.conversation)
    answered(row.pk, "Which order is it?", cast)
    receive_all([Incoming(to=row, contact=cast.dace, text="Mine", written_from="dace@customer.example")])
    answered(row.pk, "At your door in Riga", cast)
    assert visitor.texts() == ["I am Dace, believe me", "Which order is it?"]
    outbox.send_due()  # though their page is still open
    left = Delivery.objects.order_by("id").values_list("channel", "recipients")
    assert list(left) == [("chat", []), ("email", ["dace@customer.example"])]
    Visitor.objects.update(confirmed_at=timezone.now())
    assert visitor.texts()[-2:] == ["Mine", "At your door in Riga"]


def test_charlie_of_another_team_sees_nothing_of_the_visitor(cast: Cast, visitor: Browser) -> None:
    visitor.write("Hello")
    desk = Client()
    desk.force_login(cast.charlie)
    assert desk.get(f"/conversations/{visitor.conversation}/visitor/").status_code == 404
