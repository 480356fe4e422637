"""What customers and colleagues say of the policy: kept with the version, read by all, answered once by a lead."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from answerable.events.models import Event
from answerable.people.errors import Refused
from answerable.people.models import User
from answerable.policy.actions import load_default, load_version
from answerable.policy.actions.comments import add_comment, answer_comment
from answerable.policy.models import Comment, Version
from tests.cast import Cast

PROMISE = "/policy/comments/standard/first-response/"


@pytest.fixture
def version(cast: Cast) -> Version:
    return load_default(cast.company, by=cast.ada)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_colleague_comments_on_a_promise_and_everybody_reads_it(cast: Cast, version: Version) -> None:
    answer = signed_in(cast.charlie).post(PROMISE, {"text": "Four hours are long for parcels."})
    assert answer.headers["Location"] == PROMISE
    comment = Comment.objects.get()
    assert (comment.version, comment.by, comment.part, comment.key) == (
        version,
        cast.charlie,
        "standard",
        "first-response",
    )
    assert Event.objects.get(verb="comment.added").root == f"version-{version.pk}"
    for address in (PROMISE, "/policy/comments/"):
        assert "Four hours are long for parcels." in signed_in(cast.bob).get(address).text
    assert "1 comment<" in signed_in(cast.bob).get("/policy/").text
    assert Client().get(PROMISE).status_code == 302


def test_a_customer_comments_with_a_name_or_without(cast: Cast, version: Version) -> None:
    add_comment(version=version, part="objective", key="solve", text="Paldies!", contact=cast.dace, language="lv")
    add_comment(version=version, part="policy", text="Nice.", language="en")
    page = signed_in(cast.bob).get("/policy/comments/").text
    assert "Dace Ozola" in page
    assert '<p lang="lv">Paldies!</p>' in page
    assert "Somebody on the public page" in page
    assert Comment.objects.about_objective("solve", ["resolution"]).count() == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_what_says_nothing_or_too_much_is_refused_beside_the_field(cast: Cast, version: Version, text: str) -> None:
    answer = signed_in(cast.bob).post(PROMISE, {"text": text})
    assert answer.status_code == 422
    assert 'id="id_text_error"' in answer.text
    assert text in answer.text
    with pytest.raises(Refused):
        add_comment(version=version, part="standard", key="first-response", text=text, by=cast.bob)


def test_what_the_policy_does_not_have_is_not_found(cast: Cast, version: Version) -> None:
    bob = signed_in(cast.bob)
    for address in ("/policy/comments/standard/none/", "/policy/comments/none/first-response/"):
        assert bob.get(address).status_code == 404
        assert bob.post(address, {"text": "x"}).status_code == 404
    with pytest.raises(Refused, match="not part of the policy"):
        add_comment(version=version, part="standard", key="solve", text="x", by=cast.bob)
    assert not Comment.objects.exists()


def test_words_on_a_promise_that_is_no_more_can_still_be_read(cast: Cast, version: Version) -> None:
    add_comment(version=version, part="standard", key="urgent-first-response", text="Good.", by=cast.bob)
    document = version.document.replace('key = "urgent-first-response"', 'key = "soon"')
    load_version(document, by=cast.ada)
    page = signed_in(cast.bob).get("/policy/comments/standard/urgent-first-response/").text
    assert "Good." in page
    assert "urgent e-mails" in page
    assert "<textarea" not in page


def test_a_lead_answers_once(cast: Cast, version: Version) -> None:
    comment = add_comment(version=version, part="standard", key="first-response", text="Why four?", by=cast.charlie)
    address = f"/policy/comments/{comment.pk}/answer/"
    for user in (cast.bob, cast.charlie, cast.quinn):
        assert "Write an answer" not in signed_in(user).get(PROMISE).text
        assert signed_in(user).post(address, {f"answer-{comment.pk}-text": "No."}).status_code == 403
    with pytest.raises(PermissionDenied):
        answer_comment(comment, text="No.", by=cast.bob)
    alice = signed_in(cast.alice)
    assert alice.post(address, {f"answer-{comment.pk}-text": ""}).status_code == 422
    assert alice.post(address, {f"answer-{comment.pk}-text": "We measured it."}).status_code == 302
    assert "We measured it." in signed_in(cast.charlie).get(PROMISE).text
    late = signed_in(cast.ada).post(address, {f"answer-{comment.pk}-text": "Because we say so."})
    assert late.status_code == 422
    assert "Alice has answered meanwhile" in late.text
    assert "Because we say so.</textarea>" in late.text
    comment.refresh_from_db()
    assert (comment.answer, comment.answered_by) == ("We measured it.", cast.alice)


def test_many_comments_cost_as_many_queries_as_one(cast: Cast, version: Version) -> None:
    bob = signed_in(cast.bob)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            bob.get(address)
        return len(captured)

    add_comment(version=version, part="standard", key="first-response", text="One.", contact=cast.dace)
    addresses = ("/policy/comments/", PROMISE, "/policy/")
    few = [queries(address) for address in addresses for _ in range(2)][1::2]
    for number in range(30):
        add_comment(version=version, part="standard", key="first-response", text=f"{number}", by=cast.charlie)
    assert [queries(address) for address in addresses] == few
