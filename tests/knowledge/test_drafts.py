"""What is typed into an article and not saved, through its pages."""

from html import unescape
from typing import Any

import pytest

from answerable.knowledge.models import Article, Draft, Section, Translation, Version
from answerable.people.models import Membership, Role, User
from answerable.web.drafts import version_of
from tests.cast import Cast
from tests.knowledge.library import article, section, translated
from tests.knowledge.test_articles import at, page

pytestmark = pytest.mark.django_db
TYPED = {"title": "Returns", "text": "Within 30 days.", "html": "<p>Within <b>30</b> days.</p>", "seen": 1}
NEW = "/knowledge/new/"
LOST = "Nothing of yours is lost"


def kept(by: User, address: str, **typed: Any) -> int:
    return at(by).post(f"{address}draft/", {**TYPED, **typed}).status_code


def offered(by: User, address: str) -> str:
    return unescape(page(at(by), address))


def address_of(row: Article, language: str = "en") -> str:
    return f"/knowledge/{row.pk}/{language}/"


def test_what_is_typed_is_kept_and_offered_to_who_typed_it(cast: Cast) -> None:
    row = article(cast, "Returns", "Within 14 days.")
    address = address_of(row)
    assert LOST not in offered(cast.bob, address)
    assert kept(cast.bob, address) == 200
    assert kept(cast.bob, address, text="Within 31 days.", html="") == 200
    assert Draft.objects.count() == 1, "one for a person, an article and a language"
    shown = offered(cast.bob, address)
    assert LOST in shown
    assert "<p>Within 31 days.</p>" in shown
    for other in (offered(cast.alice, address), offered(cast.bob, f"/knowledge/{row.pk}/"), page(at(cast.bob), NEW)):
        assert "31 days" not in other
    assert Version.objects.count() == 1, "nothing is written by itself"


def test_two_tabs_of_a_draft_do_not_write_over_each_other(cast: Cast) -> None:
    address = address_of(article(cast, "Returns", "Within 14 days."))
    assert kept(cast.bob, address, tab="a") == 200
    known = version_of(Draft.objects.get())
    assert f'name="known" value="{known}"' in offered(cast.bob, address)
    assert kept(cast.bob, address, tab="a", text="Within 31 days.", html="") == 200
    behind = at(cast.bob).post(f"{address}draft/", {**TYPED, "tab": "b", "known": known})
    assert (behind.status_code, behind.json()["html"]) == (409, "<p>Within 31 days.</p>")
    assert kept(cast.bob, address, tab="b", insists="on") == 200
    assert kept(cast.bob, address, tab="a", text="Within 32 days.", html="") == 409


def test_a_translation_that_was_not_begun_has_its_own(cast: Cast) -> None:
    row = article(cast, "Returns", "Within 14 days.")
    assert kept(cast.bob, address_of(row, "lv"), title="Atgriešana", seen=0) == 200
    assert 'value="Atgriešana"' in offered(cast.bob, address_of(row, "lv"))
    assert "Atgriešana" not in offered(cast.bob, address_of(row))


def test_a_new_article_is_kept_with_where_it_is_to_stand(cast: Cast) -> None:
    section(cast, "Delivery")
    chosen = section(cast, "Returns")
    where = {"section": str(chosen.pk), "audience": "staff", "language": "ka", "seen": 0}
    assert kept(cast.bob, NEW, **where) == 200
    shown = offered(cast.bob, NEW)
    assert LOST in shown
    assert f'<option value="{chosen.pk}" selected>' in shown
    assert '<option value="ka" selected>' in shown
    assert "30 days" not in offered(cast.alice, NEW)
    assert at(cast.bob).post(NEW, {**TYPED, **where}).status_code == 302
    assert Article.objects.get().language == "ka"
    assert LOST not in offered(cast.bob, NEW)


def test_saved_it_is_a_draft_no_more_and_does_not_come_back(cast: Cast) -> None:
    row = article(cast, "Returns", "Within 14 days.")
    kept(cast.bob, address_of(row))
    assert at(cast.bob).post(address_of(row), TYPED).status_code == 302
    assert not Draft.objects.exists()
    assert kept(cast.bob, address_of(row), text="Within 3", html="") == 409, "it was on its way meanwhile"
    begun = {**TYPED, "section": str(Section.objects.get().pk), "audience": "customers", "language": "en", "seen": 0}
    assert at(cast.bob).post(NEW, begun).status_code == 302
    assert kept(cast.bob, NEW, **begun) == 409
    assert not Draft.objects.exists()


def test_an_earlier_wording_taken_back_leaves_what_is_being_typed(cast: Cast) -> None:
    row = article(cast, "Returns", "Within 14 days.")
    translated(cast, row, "en", "Returns", "Never.")
    kept(cast.bob, address_of(row), seen=2)
    assert at(cast.bob).post(f"{address_of(row)}versions/1/restoration/").status_code == 302
    assert "<b>30</b>" in offered(cast.bob, address_of(row))
    assert kept(cast.bob, address_of(row), seen=2, text="Within 31 days.", html="") == 200


@pytest.mark.parametrize("empty", [{"title": " ", "text": "", "html": ""}, {"text": "Within 14 days.", "html": ""}])
def test_what_says_nothing_new_is_no_draft(cast: Cast, empty: dict[str, str]) -> None:
    row = article(cast, "Returns", "Within 14 days.")
    kept(cast.bob, address_of(row))
    assert kept(cast.bob, address_of(row), **empty) == 200
    assert not Draft.objects.exists()


def test_discarded_it_is_gone_and_others_keep_theirs(cast: Cast) -> None:
    row = article(cast, "Returns", "Within 14 days.")
    for person in (cast.bob, cast.alice):
        kept(person, address_of(row))
        kept(person, NEW, seen=Article.objects.latest("pk").pk)
    answer = at(cast.bob).post(f"{address_of(row)}draft/removal/")
    assert answer.headers["Location"] == f"/knowledge/{row.pk}/?language=en"
    assert at(cast.bob).post(f"{NEW}draft/removal/").headers["Location"] == "/knowledge/"
    assert LOST not in offered(cast.bob, address_of(row)) + offered(cast.bob, NEW)
    assert LOST in offered(cast.alice, address_of(row))
    assert LOST in offered(cast.alice, NEW)


def test_what_was_discarded_can_be_had_back_until_something_else_is_typed(cast: Cast) -> None:
    row = article(cast, "Returns", "Within 14 days.")
    for address, back in ((address_of(row), f"/knowledge/{row.pk}/"), (NEW, "/knowledge/")):
        kept(cast.bob, address, seen=row.pk)
        client = at(cast.bob)
        undo = f"{address}draft/recovery/"
        assert undo in client.post(f"{address}draft/removal/", follow=True).content.decode(), back
        assert client.post(undo).headers["HX-Redirect"] == address
        assert "<b>30</b>" in offered(cast.bob, address)
        client.post(f"{address}draft/removal/")
        assert kept(cast.bob, address, text="Within 31 days.", html="", seen=row.pk) == 200
        client.post(undo)
        assert "31 days" in offered(cast.bob, address)
    assert at(cast.bob).post(address_of(row), {**TYPED, "seen": 1}).status_code == 302
    at(cast.bob).post(f"{address_of(row)}draft/recovery/")
    assert LOST not in offered(cast.bob, address_of(row)), "it is saved"


def test_who_may_not_write_keeps_nothing(cast: Cast) -> None:
    row = article(cast, "Returns")
    for address in (address_of(row), NEW):
        assert kept(cast.quinn, address) == 403
        assert at(cast.quinn).post(f"{address}draft/removal/").status_code == 403
        assert at(cast.quinn).post(f"{address}draft/recovery/").status_code == 403
        assert at(cast.bob).get(f"{address}draft/").status_code == 405
    assert not Draft.objects.exists()
    kept(cast.bob, address_of(row))
    Membership.objects.filter(user=cast.bob).update(role=Role.ANALYST)
    assert not Draft.objects.visible_to(User.objects.get(pk=cast.bob.pk)).exists(), "he writes no more"


def test_what_is_gone_or_too_long_is_refused(cast: Cast) -> None:
    row = article(cast, "Returns")
    for wrong in ({"title": "x" * 201}, {"text": "x" * 100_001}, {"html": "x" * 400_001}, {"seen": "x"}):
        assert kept(cast.bob, address_of(row), **wrong) == 422
    assert kept(cast.bob, address_of(row, "xx")) == 404
    kept(cast.bob, address_of(row))
    Translation.objects.update(latest=None, published=None)
    row.delete()
    assert kept(cast.bob, address_of(row)) == 404
    assert not Draft.objects.exists()


def test_what_is_kept_is_made_harmless(cast: Cast) -> None:
    row = article(cast, "Returns")
    kept(cast.bob, address_of(row), html='<p onclick="x()">A<script>alert(1)</script></p>')
    assert Draft.objects.get().html == "<p>A</p>"


def test_what_somebody_else_saved_meanwhile_is_seen_before_a_draft_is_saved(cast: Cast) -> None:
    row = article(cast, "Returns", "Within 14 days.")
    kept(cast.bob, address_of(row))
    translated(cast, row, "en", "Returns", "Never.")
    assert 'name="seen" value="1"' in offered(cast.bob, address_of(row))
    assert kept(cast.bob, address_of(row), text="Within 31 days.", html="") == 200, "it is kept all the same"
    refused = at(cast.bob).post(address_of(row), TYPED)
    assert refused.status_code == 409
    assert "data-unsaved" not in refused.content.decode(), "it is kept: nobody need be asked on leaving"
    draft = Draft.objects.get()
    assert (draft.html, draft.seen) == (TYPED["html"], 2)
    assert at(cast.bob).post(address_of(row), {**TYPED, "seen": 2}).status_code == 302
    assert not Draft.objects.exists()


def test_what_is_refused_is_kept_as_it_was_sent(cast: Cast) -> None:
    section(cast)
    assert at(cast.bob).post(NEW, {**TYPED, "title": "", "seen": 0}).status_code == 422
    assert "<b>30</b>" in offered(cast.bob, NEW)
