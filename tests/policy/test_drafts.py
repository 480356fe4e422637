"""Drafts: begun, changed by several people, put in force, put away; and what becomes of old versions."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from answerable.core.policy import PolicyErrors
from answerable.events.dispatch import dispatch
from answerable.events.models import Event, noun
from answerable.people.errors import Refused
from answerable.policy.actions import (
    Stale,
    begin_draft,
    discard_draft,
    load_default,
    put_in_force,
    return_to,
    save_draft,
)
from answerable.policy.models import Version
from answerable.policy.running import compiled, policy_of
from tests.cast import Cast

FASTER = ('within = "4 working hours"', 'within = "2 working hours"')


@pytest.fixture
def version(cast: Cast) -> Version:
    return load_default(cast.company, by=cast.ada)


@pytest.fixture
def draft(cast: Cast, version: Version) -> Version:
    return begin_draft(based_on=version, document=version.document, by=cast.ada)


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_a_draft_is_kept_as_typed_and_changes_nothing_that_runs(cast: Cast, version: Version, draft: Version) -> None:
    saved = save_draft(draft, document="title = [", revision=1, by=cast.ada)
    assert (saved.number, saved.state, saved.revision, saved.title) == (2, "draft", 2, "Untitled")
    assert Version.objects.in_force() == version
    with pytest.raises(ValueError, match="is a draft"):
        compiled(draft.pk)
    with pytest.raises(PolicyErrors):
        policy_of(saved)
    with pytest.raises(PolicyErrors):
        put_in_force(saved, by=cast.ada, reason="x")


def test_two_people_at_once_lose_nothing(cast: Cast, draft: Version) -> None:
    before = draft.document
    save_draft(draft, document=before.replace(*FASTER), revision=1, by=cast.ada)
    with pytest.raises(Stale) as stale:
        save_draft(draft, document=before + "# mine", revision=1, by=cast.alice)
    assert stale.value.draft.revision == 2
    assert stale.value.since == before


def test_what_is_put_in_force_retires_the_one_before(cast: Cast, version: Version, draft: Version) -> None:
    save_draft(draft, document=draft.document.replace(*FASTER), revision=1, by=cast.ada)
    put_in_force(draft, by=cast.ada, reason="Customers asked.")
    now, old = Version.objects.in_force(), Version.objects.get(pk=version.pk)
    assert (now.number, now.reason, now.based_on_id) == (2, "Customers asked.", version.pk)
    assert (old.state, old.retired_at) == ("retired", now.in_force_at)
    assert "2 working hours" in str(compiled(now.pk).standards["first-response"].within)
    for action in (lambda: put_in_force(draft, by=cast.ada, reason=""), lambda: discard_draft(draft, by=cast.ada)):
        with pytest.raises(Refused):
            action()
    again = return_to(old, by=cast.ada, reason="It was too much.")
    assert (again.number, again.document, again.based_on_id) == (3, version.document, version.pk)
    assert Version.objects.in_force() == again


def test_every_step_leaves_an_event(cast: Cast, draft: Version) -> None:
    save_draft(draft, document=draft.document.replace(*FASTER), revision=1, by=cast.ada)
    discard_draft(draft, by=cast.ada)
    events = Event.objects.filter(root=f"version-{draft.pk}").order_by("id")
    assert [event.verb for event in events] == ["policy.drafted", "policy.draft_changed", "policy.draft_discarded"]
    assert events[1].particulars["changes"] == [["changed", "standard", "first-response"]]


def test_a_draft_goes_its_way_through_the_pages(cast: Cast, version: Version) -> None:
    ada = signed_in(cast.ada)
    answer = ada.post("/policy/drafts/", {"from": "1"})
    assert answer["Location"] == "/policy/drafts/2/"
    assert ada.post("/policy/drafts/", {"from": "1"})["Location"] == "/policy/drafts/2/"
    address = "/policy/drafts/2/document/"
    assert version.document.splitlines()[0] in ada.get(address).text
    faster = version.document.replace(*FASTER)
    assert ada.post(address, {"document": faster, "revision": 1}).status_code == 302
    page = ada.get("/policy/drafts/2/").text
    assert "promised within 2 working hours instead of 4 working hours." in page
    assert "changed the draft" in page
    late = ada.post(address, {"document": "title = 'mine'", "revision": 1})
    assert late.status_code == 409
    assert "title = &#x27;mine&#x27;" in late.text
    assert "promised within 2 working hours instead of 4 working hours." in late.text
    assert 'name="revision" value="2"' in late.text
    assert ada.post("/policy/drafts/2/force/", {"reason": ""}).status_code == 422
    assert ada.post("/policy/drafts/2/force/", {"reason": "Better."}).status_code == 302
    assert ada.post("/policy/versions/1/restoration/", {"reason": "Back."}).status_code == 302
    assert Version.objects.in_force().number == 3
    page = ada.get("/policy/differences/", {"before": "1", "after": "2"}).text
    assert "promised within 2 working hours instead of 4 working hours." in page
    assert "<del>" in page


def test_words_that_promise_the_time_of_before_are_pointed_out(cast: Cast, draft: Version) -> None:
    ada = signed_in(cast.ada)
    faster = draft.document.replace(*FASTER)
    save_draft(draft, document=faster, revision=1, by=cast.ada)
    said = "the time is 2 working hours now, but the words are as before (English, Latvian, Georgian, Kazakh)."
    assert said in ada.get("/policy/drafts/2/").text
    truer = faster.replace("e-mail within 4 working hours", "e-mail within 2 working hours")
    save_draft(draft, document=truer, revision=2, by=cast.ada)
    assert "the words are as before (Latvian, Georgian, Kazakh)." in ada.get("/policy/drafts/2/").text


def test_a_company_without_a_policy_begins_with_one_that_suits_most(cast: Cast) -> None:
    ada = signed_in(cast.ada)
    assert "No version yet" in ada.get("/policy/versions/").text
    assert ada.post("/policy/drafts/", {"from": "0"})["Location"] == "/policy/drafts/1/"
    page = ada.get("/policy/drafts/1/").text
    assert "We answer every e-mail within 4 working hours." in page
    assert ada.post("/policy/drafts/1/force/", {"reason": "We begin."}).status_code == 302
    assert Version.objects.in_force().number == 1


@pytest.mark.parametrize("number", ["99", "x", "", "-1", "9" * 30])
def test_from_a_version_there_is_none_of_nothing_is_drafted(cast: Cast, version: Version, number: str) -> None:
    answer = signed_in(cast.ada).post("/policy/drafts/", {"from": number}, follow=True)
    assert "There is no version" in answer.text
    assert Version.objects.count() == 1


def test_what_became_of_a_version_is_told_later(cast: Cast, version: Version, draft: Version) -> None:
    save_draft(draft, document=draft.document.replace(*FASTER), revision=1, by=cast.ada)
    put_in_force(draft, by=cast.ada, reason="Customers asked.")
    dispatch()
    assert Event.objects.filter(root=noun(draft), verb="policy.assigned").exists()
    page = signed_in(cast.bob).get("/policy/drafts/2/").text
    assert "assigned" not in page  # who has to read it stands under training
    assert "What it changed against version 1" in page
    assert "Customers asked." in page
    assert "put it in force" in page
    assert "Put in force" not in page
    page = signed_in(cast.bob).get("/policy/differences/?before=1").text
    assert "From version 1 to version 2" in page


def test_mistakes_are_listed_and_keep_a_draft_out_of_force(cast: Cast, draft: Version) -> None:
    ada = signed_in(cast.ada)
    wrong = draft.document.replace('clock = "resolution"', 'clock = "resolutoin"')
    ada.post(f"/policy/drafts/{draft.number}/document/", {"document": wrong, "revision": 1})
    page = ada.get(f"/policy/drafts/{draft.number}/").text
    assert "Did you mean “resolution”?" in page
    answer = ada.post(f"/policy/drafts/{draft.number}/force/", {"reason": "x"})
    assert answer.status_code == 422
    assert Version.objects.in_force().number == 1


def test_everybody_reads_and_administrators_change(cast: Cast, version: Version, draft: Version) -> None:
    for user in (cast.alice, cast.bob, cast.charlie, cast.quinn):
        client = signed_in(user)
        for address in ("/policy/versions/", "/policy/drafts/2/", "/policy/differences/?before=1&after=2"):
            assert client.get(address).status_code == 200
        for address in (
            "/policy/drafts/",
            "/policy/drafts/2/document/",
            "/policy/drafts/2/force/",
            "/policy/drafts/2/disposal/",
            "/policy/versions/1/restoration/",
        ):
            assert client.post(address, {"reason": "x", "document": "x", "revision": 1}).status_code == 403
    assert Client().get("/policy/versions/").status_code == 302
    assert signed_in(cast.bob).get("/policy/differences/?before=99&after=2").status_code == 404


def test_the_list_of_versions_asks_no_more_for_more(cast: Cast, version: Version) -> None:
    bob = signed_in(cast.bob)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            bob.get("/policy/versions/")
        return len(captured)

    queries()
    before = queries()
    for _ in range(5):
        begin_draft(based_on=version, document=version.document, by=cast.ada)
    assert queries() == before
