"""Messages that name the one that they answer, and no conversation."""

from __future__ import annotations

from pathlib import Path

import pytest

from answerable.measure.reading import read
from answerable.measure.reading.mapping import MappingError
from tests.measure.reading.test_tables_of_text import at, reading, rows

FACTS = ("conversation_id", "started_at", "first_responded_at", "opened_by")
POSTS = (
    "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id\n"
    '1,115712,True,Mon Mar 02 09:00:00 +0000 2026,"@care it\nbroke","2,3",\n'
    "3,115713,True,Mon Mar 02 09:10:00 +0000 2026,here too,,1.0\n"
    "2,care,False,Mon Mar 02 10:30:00 +0100 2026,which one?,4,1.0\n"
    "4,115712,True,Mon Mar 02 09:40:00 +0000 2026,the blue one,,2.0\n"
    "5,care,False,Mon Mar 02 09:50:00 +0000 2026,a new one comes,,4.0\n"
    "7,115714,True,Mon Mar 02 09:00:00 +0000 2026,thanks,8,6.0\n"
    "8,care,False,Mon Mar 02 09:30:00 +0000 2026,welcome,,7.0\n"
)


def test_what_began_with_one_message_is_one_conversation(tmp_path: Path) -> None:
    """The first of the second is not in the file; the answer's own zone counts."""
    with reading(tmp_path, POSTS) as found:
        began, answered = at("2026-03-02 09:00"), at("2026-03-02 09:30")
        assert sorted(rows(found, "conversations", *FACTS)) == [
            (1, began, answered, "customer"), (6, began, answered, "customer"),
        ]  # fmt: skip
        assert found.bad_count == 0
        assert any("put together" in doubt for doubt in found.files[0].doubts)
        assert found.files[0].mapping.proxies[0].startswith("a list of messages")
        found.write_map(tmp_path / "map.toml")
        with read([tmp_path / "tickets.csv"], tmp_path / "map.toml") as again:
            assert again.arrow("conversations").equals(found.arrow("conversations"))


def test_what_we_wrote_first_is_no_customers_question(tmp_path: Path) -> None:
    text = (
        "Message ID,In-Reply-To,Direction,Sent at\na@x,,outbound,2026-03-02 09:00\nb@y,a@x,inbound,2026-03-02 09:10\n"
        "c@x,b@y,outbound,2026-03-02 09:20\nd@y,,inbound,2026-03-02 09:00\n"
    )
    with reading(tmp_path, text) as found:
        assert sorted(rows(found, "conversations", "conversation_id", "opened_by")) == [
            ("a@x", "agent"), ("d@y", "customer"),
        ]  # fmt: skip


def test_messages_that_answer_each_other_in_a_ring_end(tmp_path: Path) -> None:
    text = (
        "id,reply to id,inbound,created at\n1,2,true,2026-03-02 09:00\n2,1,false,2026-03-02 09:30\n"
        "3,3,true,2026-03-02 09:00\n"
    )
    with reading(tmp_path, text) as found:
        assert found.counts["events"] == 3


def test_only_messages_answer(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b,c\n1,2026-03-02 09:00,3\n")
    (tmp_path / "map.toml").write_text(
        '[[file]]\nkind = "conversations"\n[file.columns]\nconversation_id = "a"\n'
        'started_at = { column = "b", answers = "c" }\n'
    )
    with pytest.raises(MappingError, match="only the number of a message"):
        read([tmp_path / "t.csv"], tmp_path / "map.toml")


def test_other_forms_of_dates(tmp_path: Path) -> None:
    text = 'Ticket ID,Created\n1,"Mar 2, 2026 @ 09:00:00.000"\n'
    with reading(tmp_path, text) as found:
        assert rows(found, "conversations", "started_at") == [(at("2026-03-02 09:00"),)]
