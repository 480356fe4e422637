"""Words of all kinds, against a real homeserver: long, formatted, answering, reacting, in threads."""

from typing import Any

import pytest
from django.test import Client

from answerable.desk.models import Message
from tests.channels.matrix.stage import SERVICE, Stage

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]
HTML = {"format": "org.matrix.custom.html"}


def answering(event: str, **more: Any) -> dict[str, Any]:
    return {"m.relates_to": {"m.in_reply_to": {"event_id": event}, **more}}


def test_what_is_long_leaves_in_several_and_what_is_formatted_stays_so(stage: Stage) -> None:
    room = stage.entered()
    stage.dace.send(room, "Tell me everything")
    [message] = stage.heard(room)
    long = "\n\n".join(f"{number} " + "მაღაზია " * 400 for number in range(30)).strip()
    assert len(long.encode()) > 3 * 65_536
    stage.answer(message.conversation, long)
    pieces = stage.dace.bodies(room)[1:]
    assert len(pieces) > 3
    assert " ".join(" ".join(pieces).split()) == " ".join(long.split())
    html = '<p><b>Here</b> it is</p><img src="cid:one@example.com" alt="a lamp">'
    stage.answer(message.conversation, "Here it is", html=html)
    formatted = stage.dace.messages(room)[-1]["content"]
    assert (formatted["formatted_body"], formatted["body"]) == ("<p><b>Here</b> it is</p>", "Here it is")
    stage.answer(message.conversation, "Many tags", html="<p><b>Many</b> tags</p>" * 3_000)
    plain = stage.dace.messages(room)[-1]["content"]
    assert plain["body"] == "Many tags"
    assert "formatted_body" not in plain


def test_what_answers_something_says_what(stage: Stage, client: Client) -> None:
    room, dace = stage.entered(), stage.dace
    first = dace.send(room, "Do you have lamps?")
    [message] = stage.heard(room)
    stage.answer(message.conversation, "Which one?")
    ours = dace.messages(room)[-1]["event_id"]
    dace.send(room, {"msgtype": "m.text", "body": "The red one", **answering(ours)})
    thread = {"rel_type": "m.thread", "event_id": first, "is_falling_back": True}
    dace.send(room, {"msgtype": "m.text", "body": "For my desk", **answering(ours, **thread)})
    dace.send(room, {"m.relates_to": {"rel_type": "m.annotation", "event_id": ours, "key": "👍"}}, "m.reaction")
    dace.send(room, {"msgtype": "m.emote", "body": "waits"})
    poll = {"m.poll": {"question": {"m.text": [{"body": "Red or blue?"}]}, "answers": []}}
    dace.send(room, poll, "m.poll.start")
    dace.send(room, {"msgtype": "com.example.unknown", "body": "What programs of tomorrow say"})
    dace.send(
        room, {"call_id": "1", "offer": {"type": "offer", "sdp": ""}, "version": 0, "lifetime": 60_000}, "m.call.invite"
    )
    dace.send(room, {"anything": ["at", {"all": 1}]}, "com.example.unheard_of")
    _first, red, desk, thumb, emote, asked, unknown, call = stage.heard(room, 8)
    assert [red.text[start:end] for start, end in red.folds] == ["> Which one?\n\n"]
    assert red.text.endswith("\n\nThe red one")
    assert desk.text == "> Do you have lamps?\n\nFor my desk"
    assert (thumb.text, thumb.automatic) == ("> Which one?\n\n[A reaction: 👍]", True)
    assert emote.text == f"* {message.contact} waits"
    assert asked.text == "[A poll: Red or blue?]"
    assert unknown.text == "What programs of tomorrow say"
    assert call.text.startswith("[Something that can't be shown here.")
    assert call.conversation.preview.startswith("[Something")
    dace.redact(room, first)
    stage.take_in(lambda: Message.objects.filter(withdrawn_at__isnull=False).exists())
    client.force_login(stage.cast.bob)
    page = client.get(f"/conversations/{message.conversation_id}/").content.decode()
    assert "lamps" not in page, "nor where it was quoted"
    assert "For my desk" in page


def test_programs_that_speak_never_answer_each_other(stage: Stage) -> None:
    room = stage.entered()
    stage.dace.send(room, "Hello")
    [message] = stage.heard(room)
    for number in range(3):
        stage.dace.send(room, {"msgtype": "m.notice", "body": f"I am a bot {number}"})
    heard = stage.heard(room, 4)
    stage.send_what_waits()
    assert [each.automatic for each in heard] == [False, True, True, True]
    assert {event["sender"] for event in stage.dace.messages(room)} == {stage.dace.user}
    assert SERVICE in stage.dace.members(room)
    message.conversation.refresh_from_db()
    assert message.conversation.unanswered_since == message.created_at
