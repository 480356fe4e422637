"""The ledger as people use it: on the command line, and to correct a verdict."""

import json

import pytest
from click.testing import CliRunner
from django.core.exceptions import PermissionDenied

from answerable.channels.email.ledger import call_spam, retry
from answerable.channels.email.models import Arrival
from answerable.desk.actions.spam import unmark_spam
from answerable.desk.errors import Refused
from answerable.desk.models import Clock, Conversation, Inbox, Status
from answerable.policy.actions import load_default
from answerable.site.commands.mail import command
from tests.cast import Cast
from tests.channels.email.letters import arrive, decide, letter

Outcome = Arrival.Outcome


def run(*arguments: str, given: bytes = b"") -> tuple[int, str]:
    result = CliRunner().invoke(command, arguments, input=given, catch_exceptions=False)
    return result.exit_code, result.output


def test_a_mail_server_may_pipe_messages_in(cast: Cast) -> None:
    assert run("receive", "--to", "support@example.com", given=letter("by pipe"))[0] == 0
    assert run("receive", given=letter("by its own word"))[0] == 0
    assert run("receive", "--to", "nobody@example.com", given=letter())[0] == 67
    assert run("receive", given=b"")[0] == 65
    decide()
    assert [row.message.text for row in Arrival.objects.order_by("pk")] == ["by pipe", "by its own word"]


def test_the_ledger_is_listed_and_a_message_written_out(cast: Cast) -> None:
    arrive(letter("Hello", subject="Čau [bold]"))
    arrival = arrive(letter("Buy!", X_Spam_Flag="YES"))
    code, said = run("ledger", "--json", "--outcome", "opened")
    (row,) = [json.loads(line) for line in said.splitlines()]
    assert (code, row["subject"], row["outcome"]) == (0, "Čau [bold]", "opened")
    assert row["conversation"] is not None
    assert "opened" in run("ledger")[1]
    assert CliRunner().invoke(command, ["raw", str(arrival.pk)]).stdout_bytes == letter("Buy!", X_Spam_Flag="YES")
    assert run("raw", "999999999")[0] == 1


def test_what_was_put_aside_is_tried_again(cast: Cast) -> None:
    arrival = arrive(letter(), "help@example.com")
    assert arrival.outcome == Outcome.QUARANTINED
    Inbox.objects.create(name="Help", address="help@example.com", team=cast.support)
    assert run("retry", str(arrival.pk))[0] == 0
    decide()
    arrival.refresh_from_db()
    assert arrival.outcome == Outcome.OPENED
    assert run("retry", str(arrival.pk))[0] == 1


def test_no_spam_is_taken_in_after_all(cast: Cast) -> None:
    arrival = arrive(letter("Not spam", X_Spam_Flag="YES"))
    retry(arrival, by=cast.ada)
    decide()
    arrival.refresh_from_db()
    assert (arrival.outcome, arrival.absolved_by) == (Outcome.OPENED, cast.ada)


def test_spam_is_taken_out_of_the_queues_and_the_clocks(cast: Cast) -> None:
    load_default(cast.company, by=None)
    arrival = arrive(letter("Buy!"))
    call_spam(arrival, by=cast.ada)
    conversation = arrival.message.conversation
    conversation.refresh_from_db()
    assert conversation.status == Status.CLOSED
    assert set(Clock.objects.values_list("state", flat=True)) <= {Clock.State.CANCELLED}
    with pytest.raises(Refused):
        call_spam(arrival, by=cast.ada)


def test_what_was_called_spam_by_mistake_is_one_conversation_again(cast: Cast) -> None:
    arrival = arrive(letter("Where is it?"))
    call_spam(arrival, by=cast.ada)
    arrival.refresh_from_db()
    assert arrival.outcome == Outcome.SPAM
    retry(arrival, by=cast.ada)
    decide()
    arrival.refresh_from_db()
    assert (arrival.outcome, arrival.absolved_by) == (Outcome.OPENED, cast.ada)
    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.spam_at, conversation.message_count) == (Status.NEW, None, 1)
    call_spam(arrival, by=cast.ada)
    unmark_spam(conversation, by=cast.bob)  # somebody at the desk was quicker
    retry(arrival, by=cast.ada)
    decide()
    assert Conversation.objects.get().status == Status.NEW


def test_only_administrators_correct_the_ledger(cast: Cast) -> None:
    arrival = arrive(letter("Buy!", X_Spam_Flag="YES"))
    for person in (cast.alice, cast.bob, cast.charlie):
        with pytest.raises(PermissionDenied):
            retry(arrival, by=person)
        with pytest.raises(PermissionDenied):
            call_spam(arrival, by=person)
