"""The policy page: read by everybody, changed by administrators, with mistakes named by line."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from answerable.core.policy import default_policy
from answerable.policy.actions import load_default, load_version
from answerable.policy.models import Version
from tests.cast import Cast


@pytest.fixture
def version(cast: Cast) -> Version:
    return load_default(cast.company, by=cast.ada)


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_everybody_on_the_staff_reads_what_is_promised(cast: Cast, version: Version) -> None:
    for user in (cast.ada, cast.bob, cast.charlie, cast.quinn):
        page = signed_in(user).get("/policy/")
        assert "We answer every e-mail within 4 working hours." in page.text
    assert Client().get("/policy/").status_code == 302


def test_the_promise_is_read_in_ones_own_language(cast: Cast, version: Version) -> None:
    cast.bob.language = "ka"
    cast.bob.save()
    assert "ყველა ელექტრონულ წერილს 4 სამუშაო საათში ვპასუხობთ." in signed_in(cast.bob).get("/policy/").text


def test_an_administrator_puts_a_new_version_in_force(cast: Cast, version: Version) -> None:
    document = version.document.replace('within = "4 working hours"', 'within = "2 working hours"')
    answer = signed_in(cast.ada).post("/policy/drafts/", {"document": document, "reason": "Faster.", "at_once": "on"})
    assert answer.status_code == 302
    newest = Version.objects.in_force()
    assert (newest.number, newest.by, newest.reason) == (2, cast.ada, "Faster.")
    assert signed_in(cast.bob).get("/policy/versions/1/document/").text == version.document


def test_mistakes_are_named_by_line_and_nothing_changes(cast: Cast, version: Version) -> None:
    document = version.document.replace('clock = "resolution"', 'clock = "resolutoin"')
    line = document[: document.index("resolutoin")].count("\n") + 1
    answer = signed_in(cast.ada).post("/policy/drafts/", {"document": document, "reason": "x", "at_once": "on"})
    assert answer.status_code == 422
    assert f"Line {line}" in answer.text
    assert "Did you mean “resolution”?" in answer.text
    assert Version.objects.count() == 1


@pytest.mark.parametrize(
    "file",
    [b"\xff\xfe\x00", b"", b"title = " + b"[" * 5000, b"\x00" * 300_000, b"title = 1\x00"],
    ids=["not text", "empty", "deep", "too large", "with a zero"],
)
def test_any_file_is_answered_with_a_sentence(cast: Cast, version: Version, file: bytes) -> None:
    upload = SimpleUploadedFile("policy.toml", file)
    answer = signed_in(cast.ada).post("/policy/drafts/", {"file": upload, "reason": "x", "at_once": "on"})
    assert answer.status_code == 422


def test_only_administrators_change_it(cast: Cast, version: Version) -> None:
    for user in (cast.alice, cast.bob, cast.charlie, cast.quinn):
        assert signed_in(user).get("/policy/drafts/").status_code == 403
        assert signed_in(user).post("/policy/drafts/", {"document": "x"}).status_code == 403


def test_a_version_there_is_not_is_not_found(cast: Cast, version: Version) -> None:
    assert signed_in(cast.bob).get("/policy/versions/77/").status_code == 404
    assert signed_in(cast.bob).get("/policy/versions/99999999999999999999/").status_code == 404


def test_loading_the_same_document_again_changes_nothing(cast: Cast, version: Version) -> None:
    assert load_version(version.document, by=cast.ada) == version
    assert default_policy(time_zone="Europe/Riga", holidays="LV") == version.document


def test_conditions_hours_and_teams_are_named_as_people_call_them(cast: Cast, version: Version) -> None:
    document = version.document.replace(
        'when = { channel = ["email"], priority = ["urgent"] }',
        'when = { channel = ["email", "chat"], priority = ["urgent"], segment = ["gold"], language = ["lv"] }',
    ).replace('to = "lead" }', 'to = "team:sales" }', 1)
    load_version(document, by=cast.ada)
    page = signed_in(cast.bob).get("/policy/").text
    words = "the channel is e-mail or live chat and the priority is urgent and the segment is Gold and the language is"
    assert f"where {words} Latvian" in page
    assert "tell Sales" in page
    assert "Office hours" in page
    load_version(version.document.replace("[hours.office]\ntitle", "[hours.office]\n#"), by=cast.ada)
    assert ">Office<" in signed_in(cast.bob).get("/policy/").text


def test_why_a_promise_holds_is_said_in_ones_own_language(cast: Cast, version: Version) -> None:
    from tests.desk.test_clocks import question

    cast.bob.language = "lv"
    cast.bob.save()
    clock = question(cast).clocks.get(kind="first_response")
    page = signed_in(cast.bob).get(f"/clocks/{clock.pk}/").text
    assert "kanāls ir e-pasts" in page
    assert "Biroja darba laiks" in page
    assert "“first-response”" not in page
