"""A real homeserver, a person with a program of their own, and our desk: both ways."""

from urllib.parse import quote

import pytest
from django.test import Client

from answerable.channels.email.sanitise import sanitise
from answerable.channels.instant.jobs import note_read
from answerable.channels.instant.models import Arrival, Chat
from answerable.channels.instant.setup import check_now
from answerable.desk.actions.files import NewFile
from answerable.desk.models import Delivery, Message, Withdrawal
from answerable.desk.rows import of_words
from tests.channels.matrix.stage import SERVICE, Stage
from tests.site.waiting import until

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]
PICTURE = b"\x89PNG\r\n\x1a\n and more"


def test_text_goes_both_ways(stage: Stage) -> None:
    room = stage.entered()
    stage.dace.send(room, "My order has not come. What shall I do?")
    [message] = stage.heard(room)
    conversation = message.conversation
    assert conversation.inbox.address == SERVICE
    assert (conversation.channel, conversation.team) == ("matrix", stage.cast.support)
    assert conversation.subject == message.text == "My order has not come. What shall I do?"
    assert str(conversation.contact) == stage.dace.user[1:].partition(":")[0].capitalize()
    assert conversation.unanswered_since
    answer = stage.answer(conversation, "It is on its way.")
    assert stage.dace.bodies(room)[-1] == "It is on its way."
    answer.delivery.refresh_from_db()
    assert answer.delivery.state == Delivery.State.SENT
    stage.dace.send(room, "Thank you!")
    assert [each.conversation_id for each in stage.heard(room, 2)] == [conversation.pk] * 2


def test_it_works_both_ways(stage: Stage) -> None:
    assert "both ways" in check_now(stage.gateway, by=stage.cast.ada)
    stage.gateway.refresh_from_db()
    assert stage.gateway.checked_at
    assert not stage.gateway.failing_since


def test_what_is_formatted_quoted_or_sent_as_a_file_is_all_there(stage: Stage) -> None:
    room = stage.entered()
    html = {"format": "org.matrix.custom.html", "formatted_body": "<b>Hello</b><script>alert(1)</script>"}
    stage.dace.send(room, {"msgtype": "m.text", "body": "Hello", **html})
    quoting = "> <@service:their.server> What is it?\n\nA lamp."
    stage.dace.send(room, {"msgtype": "m.text", "body": quoting})
    picture = stage.dace.upload(PICTURE, "lamp.png", "image/png")
    info = {"mimetype": "image/png", "size": len(PICTURE)}
    image = {"msgtype": "m.image", "body": "It is broken", "filename": "a/lamp.png", "url": picture, "info": info}
    stage.dace.send(room, image)
    stage.dace.send(room, {"msgtype": "m.file", "body": "large.bin", "url": picture, "info": {"size": 2**31}})
    stage.dace.send(room, {"msgtype": "m.location", "body": "At home", "geo_uri": "geo:56.9,24.1"})
    formatted, quoted, sent, large, place = stage.heard(room, 5)
    assert formatted.html == html["formatted_body"]
    assert "script" not in sanitise(formatted.html).body
    assert [quoted.text[start:end] for start, end in quoted.folds] == ["> <@service:their.server> What is it?\n"]
    [file] = sent.attachments.all()
    assert (sent.text, file.name, file.content_type) == ("It is broken", "lamp.png", "image/png")
    assert bytes(file.file.content) == PICTURE
    assert "large.bin" in large.text
    assert not large.attachments.exists()
    assert "geo:56.9,24.1" in place.text
    conversation = sent.conversation
    answer = stage.answer(conversation, "Print this.", files=[NewFile("label.pdf", "application/pdf", b"%PDF-1.7")])
    words, label = stage.dace.messages(room)[-2:]
    assert words["content"]["body"] == "Print this."
    assert (label["content"]["msgtype"], label["content"]["body"]) == ("m.file", "label.pdf")
    assert stage.dace.download(label["content"]["url"]) == b"%PDF-1.7"
    assert answer.messenger_parts.count() == 2


def test_new_words_stand_beside_the_old_and_withdrawn_ones_nowhere(stage: Stage, client: Client) -> None:
    room = stage.entered()
    first = stage.dace.send(room, "I want two lamps")
    stage.dace.edit(room, first, "I want three lamps")
    old, new = stage.heard(room, 2)
    assert (old.text, new.text, new.rewords) == ("I want two lamps", "I want three lamps", old)
    client.force_login(stage.cast.bob)
    page = client.get(f"/conversations/{old.conversation_id}/").content.decode()
    assert "New wording" in page
    assert "Reworded below" in page
    stage.dace.redact(room, first)
    stage.take_in(lambda: Message.objects.filter(withdrawn_at__isnull=False).count() == 2)
    page = client.get(f"/conversations/{old.conversation_id}/").content.decode()
    assert "lamps" not in page
    assert "has withdrawn it" in page
    assert not of_words("lamps", stage.cast.bob)
    assert of_words(stage.dace.user, stage.cast.bob)
    assert sorted(Withdrawal.objects.values_list("text", flat=True)) == ["I want three lamps", "I want two lamps"]


def test_they_see_that_we_have_read_and_we_that_they_have(stage: Stage) -> None:
    room = stage.entered()
    asked = stage.dace.send(room, "Are you there?")
    [message] = stage.heard(room)
    answer = stage.answer(message.conversation, "Yes.")
    stage.dace.read(room, stage.dace.messages(room)[-1]["event_id"])
    stage.take_in(lambda: Delivery.objects.filter(message=answer, seen_at__isnull=False).exists())
    note_read(message.conversation_id)
    until(lambda: any(asked in event["content"] for event in stage.dace.ephemeral(room, "m.receipt")), 10)


def test_machines_are_not_answered_and_several_rooms_are_several_conversations(stage: Stage) -> None:
    one, other = stage.entered(), stage.entered()
    stage.dace.send(one, {"msgtype": "m.notice", "body": "I am a bot"})
    stage.dace.send(one, "One")
    stage.dace.send(other, "Other")
    [first], [second] = stage.heard(one), stage.heard(other)
    assert first.conversation != second.conversation
    assert first.contact == second.contact
    stage.dace.send(one, {"msgtype": "m.notice", "body": "I am still a bot"})
    notice = stage.heard(one, 2)[1]
    assert notice.automatic
    assert stage.dace.bodies(one) == ["I am a bot", "One", "I am still a bot"]


def test_who_encrypts_is_told_and_seen(stage: Stage) -> None:
    room = stage.dace.room_with(SERVICE, encrypted=True)
    stage.take_in(lambda: SERVICE in stage.dace.members(room))
    stage.take_in(lambda: stage.dace.messages(room))
    assert "can't read encrypted messages" in stage.dace.bodies(room)[0]
    for number in range(2):
        stage.dace.send(room, {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": f"{number}"}, "m.room.encrypted")
    stage.take_in(lambda: Arrival.objects.filter(reason="It is encrypted.").exists())
    [message] = stage.messages(room)
    assert message.text.startswith("[An encrypted message.")
    assert len(stage.dace.messages(room)) == 1


def test_a_room_goes_on_after_its_upgrade_and_is_left_when_they_leave(stage: Stage) -> None:
    room = stage.entered()
    stage.dace.send(room, "In the old room")
    [message] = stage.heard(room)
    new = stage.dace.call("POST", f"/rooms/{quote(room)}/upgrade", {"new_version": "10"})["replacement_room"]
    stage.dace.call("POST", f"/rooms/{quote(new)}/invite", {"user_id": SERVICE})
    stage.take_in(lambda: Chat.objects.filter(external_id=new, parted_at=None).exists())
    stage.dace.send(new, "In the new room")
    stage.take_in(lambda: Message.objects.filter(text="In the new room").exists())
    assert Message.objects.get(text="In the new room").conversation_id == message.conversation_id
    stage.answer(message.conversation, "Here we are.")
    assert stage.dace.bodies(new)[-1] == "Here we are."
    stage.dace.call("POST", f"/rooms/{quote(new)}/leave", {})
    stage.take_in(lambda: Chat.objects.filter(external_id=new, parted_at__isnull=False).exists())
    answer = stage.answer(message.conversation, "Are you there?")
    answer.delivery.refresh_from_db()
    assert (answer.delivery.state, answer.delivery.error) == ("failed", "They are no longer in the chat.")
