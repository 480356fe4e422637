"""Articles by the API: what readers see, and nothing else."""

import pytest

from answerable.knowledge.actions import withdraw
from tests.api.program import Program
from tests.cast import Cast
from tests.knowledge.library import article, translated

pytestmark = pytest.mark.django_db


def test_programs_read_what_is_published(cast: Cast) -> None:
    row = article(cast, "Where is my parcel?", "It has a number.")
    translated(cast, row, "lv", "Kur ir mana paka?", published=False)
    translated(cast, row, "en", "Where is it?", "Not yet said.", published=False)
    internal = article(cast, "Lost parcels", audience="staff")
    withdraw(article(cast, "Withdrawn"), by=cast.ada)
    draft = article(cast, "Draft", published=False)
    bob = Program(cast.bob)
    listed = bob.get("/articles").json()["data"]
    assert [each["id"] for each in listed] == [internal.pk, row.pk]
    assert [each["title"] for each in listed[1]["translations"]] == ["Where is my parcel?"]
    assert [each["id"] for each in bob.get("/articles?audience=customers&language=en").json()["data"]] == [row.pk]
    assert bob.get("/articles?language=lv").json()["data"] == []
    read = bob.get(f"/articles/{row.pk}").json()
    assert [each["html"] for each in read["translations"]] == ["<p>It has a number.</p>"]
    assert (read["section"], read["helped"]) == ("Delivery", 0)
    assert bob.get(f"/articles/{draft.pk}").status_code == 404
