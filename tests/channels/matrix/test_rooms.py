"""Who is in a room, comes, goes, is called otherwise, writes; and rooms that say they are what they are not."""

from urllib.parse import quote

import pytest
from django.test import Client

from answerable.channels.instant.jobs import note_typing
from answerable.channels.instant.models import Arrival, Chat
from answerable.channels.instant.setup import add_line
from answerable.customers.actions.contacts import change_contact
from answerable.customers.models import Contact
from answerable.desk.models import Delivery, Message
from tests.channels.matrix.homeserver import DOMAIN
from tests.channels.matrix.stage import SERVICE, Stage
from tests.site.waiting import until

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]


def test_an_invitation_waits_for_its_inbox(stage: Stage) -> None:
    account = f"@service-georgia:{DOMAIN}"
    room = stage.dace.room_with(account)
    stage.take_in(lambda: Arrival.objects.filter(chat_key=room, outcome="quarantined").exists())
    cast = stage.cast
    add_line(
        stage.gateway, wanted="service-georgia", name="G", team=cast.support, language="ka", region="", by=cast.ada
    )
    stage.take_in(lambda: account in stage.dace.members(room))


def test_what_was_said_before_we_came_in_is_read(stage: Stage) -> None:
    """Many programs invite us and say the first thing in one go. What people said before they invited us is theirs."""
    dace = stage.dace
    room = dace.room_with()
    dace.send(room, "Shall we ask them?")
    dace.call("POST", f"/rooms/{quote(room)}/invite", {"user_id": SERVICE})
    for part in range(60):
        dace.send(room, f"Part {part}")
    assert [each.text for each in stage.heard(room, 60)] == [f"Part {part}" for part in range(60)]
    dace.send(room, "That is all")
    assert stage.heard(room, 61)[-1].text == "That is all"


def test_what_was_said_at_once_in_an_encrypted_room_stands_at_the_desk(stage: Stage) -> None:
    room = stage.dace.room_with(SERVICE, encrypted=True)
    stage.dace.send(room, {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "…"}, "m.room.encrypted")
    stage.take_in(lambda: Message.objects.filter(conversation__chats__external_id=room).exists())


def test_several_in_one_room_come_and_go(stage: Stage) -> None:
    dace, nino = stage.dace, stage.somebody()
    room = stage.entered(dace, nino)
    dace.send(room, "We need two lamps")
    stage.heard(room)
    nino.send(room, "Three, please")
    two, three = stage.heard(room, 2)
    assert two.conversation == three.conversation
    assert (str(two.contact), str(three.contact)) == (dace.name, nino.name)
    answer = stage.answer(two.conversation, "Three it is")
    assert nino.bodies(room)[-1] == "Three it is"
    dace.call("POST", f"/rooms/{quote(room)}/leave", {})
    nino.send(room, "Dace has gone")
    stage.heard(room, 3)
    assert SERVICE in nino.members(room), "somebody is still there"
    nino.read(room, nino.messages(room)[-1]["event_id"])
    stage.take_in(lambda: Delivery.objects.filter(message=answer, seen_at__isnull=False).exists())


def test_who_throws_us_out_may_invite_us_again(stage: Stage) -> None:
    dace, room = stage.dace, stage.entered()
    dace.send(room, "Hello")
    [message] = stage.heard(room)
    dace.call("POST", f"/rooms/{quote(room)}/kick", {"user_id": SERVICE})
    stage.take_in(lambda: Chat.objects.filter(external_id=room, parted_at__isnull=False).exists())
    dace.call("POST", f"/rooms/{quote(room)}/invite", {"user_id": SERVICE})
    stage.take_in(lambda: Chat.objects.filter(external_id=room, parted_at=None).exists())
    dace.send(room, "Hello again")
    assert [each.conversation_id for each in stage.heard(room, 2)] == [message.conversation_id] * 2
    stage.answer(message.conversation, "Hello, Dace")
    assert dace.bodies(room)[-1] == "Hello, Dace"


def test_names_are_followed_until_somebody_of_ours_gives_one(stage: Stage) -> None:
    dace, room = stage.dace, stage.entered()
    dace.send(room, "Hello")
    [message] = stage.heard(room)
    dace.call("PUT", f"/profile/{quote(dace.user)}/displayname", {"displayname": "Dace Ozola"})
    stage.take_in(lambda: Contact.objects.filter(pk=message.contact_id, name="Dace Ozola").exists())
    change_contact(message.contact, by=stage.cast.ada, name="Ms Ozola")
    dace.call("PUT", f"/profile/{quote(dace.user)}/displayname", {"displayname": "D."})
    dace.call("PUT", f"/profile/{quote(dace.user)}/avatar_url", {"avatar_url": "mxc://their.server/face"})
    dace.send(room, "That's me")
    stage.heard(room, 2)
    assert Contact.objects.get(pk=message.contact_id).name == "Ms Ozola"
    assert Message.objects.count() == 2


def test_one_more_inbox_needs_nothing_of_the_homeserver(stage: Stage) -> None:
    cast = stage.cast
    add_line(
        stage.gateway, wanted="service-latvia", name="Rīga", team=cast.latvia, language="lv", region="", by=cast.ada
    )
    account = f"@service-latvia:{DOMAIN}"
    room = stage.entered(account=account)
    stage.dace.send(room, "Sveiki!")
    [message] = stage.heard(room)
    assert message.conversation.team == cast.latvia
    profile = stage.dace.call("GET", f"/profile/{quote(account)}")
    assert profile["displayname"] == "Rīga"


def test_no_room_takes_over_what_is_said_in_another(stage: Stage) -> None:
    """A room may name any other as the one that it goes on from."""
    room, mallory = stage.entered(), stage.somebody()
    stage.dace.send(room, "My number is 42")
    [message] = stage.heard(room)
    forged = mallory.room_with(SERVICE, creation_content={"predecessor": {"room_id": room, "event_id": "$any"}})
    stage.take_in(lambda: SERVICE in mallory.members(forged))
    mallory.send(forged, "What did they say?")
    stage.heard(forged)
    stage.answer(message.conversation, "Thank you, 42")
    assert mallory.bodies(forged) == ["What did they say?"]
    assert stage.dace.bodies(room)[-1] == "Thank you, 42"


def test_each_side_sees_the_other_write(stage: Stage, client: Client) -> None:
    room = stage.entered()
    stage.dace.send(room, "Are you there?")
    [message] = stage.heard(room)
    address = f"/conversations/{message.conversation_id}/correspondent/"
    client.force_login(stage.cast.bob)
    page = client.get(f"/conversations/{message.conversation_id}/").content.decode()
    assert f'hx-get="{address}"' in page
    stage.dace.types(room, True)
    until(lambda: f"{message.contact} is writing…" in client.get(address).content.decode(), 30)
    stage.dace.types(room, False)
    until(lambda: "is writing…" not in client.get(address).content.decode(), 30)
    note_typing(message.conversation_id)
    wanted = {"user_ids": [SERVICE]}
    until(lambda: any(each["content"] == wanted for each in stage.dace.ephemeral(room, "m.typing")), 30)
    client.force_login(stage.cast.charlie)
    assert client.get(address).status_code == 404
