"""Skills and languages: noted by those who lead, kept as history, asked by those who route."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from answerable.events.models import Event
from answerable.people.actions.skills import Change, Overtaken, add_skill, change_abilities, retire_skill
from answerable.people.errors import Refused
from answerable.people.models import Fluency, LanguageSpoken, Level, Skill, SkillHeld, User
from answerable.people.skills import languages_of, skills_of
from tests.cast import Cast


@pytest.fixture
def alice(client: Client, cast: Cast) -> Client:
    client.force_login(cast.alice)
    return client


@pytest.fixture
def refunds(cast: Cast) -> Skill:
    return add_skill(name="Refunds", kind="speciality", by=cast.alice)


def note(person: User, skill: Skill, was: int, level: int, by: User | None = None) -> None:
    change_abilities(person, skills={skill: Change(was, level)}, languages={}, by=by)


def test_a_level_ends_and_another_begins(cast: Cast, refunds: Skill) -> None:
    note(cast.bob, refunds, 0, Level.LEARNING, by=cast.alice)
    note(cast.bob, refunds, Level.LEARNING, Level.EXPERT, by=cast.alice)
    note(cast.bob, refunds, Level.EXPERT, 0, by=cast.alice)
    rows = list(SkillHeld.objects.filter(user=cast.bob).order_by("id"))
    assert [row.level for row in rows] == [Level.LEARNING, Level.EXPERT]
    assert rows[0].until == rows[1].since
    assert all(row.until for row in rows)
    verbs = Event.objects.filter(root=f"user-{cast.bob.pk}").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["skill.granted", "skill.graded", "skill.withdrawn"]


def test_who_can_what(cast: Cast, refunds: Skill) -> None:
    for person, level in ((cast.bob, Level.ABLE), (cast.alice, Level.LEARNING)):
        note(person, refunds, 0, level)
    change_abilities(cast.bob, skills={}, languages={"lv": Change(0, Fluency.NATIVE)}, by=None)
    everybody = [cast.alice.pk, cast.bob.pk]
    assert skills_of(everybody) == {cast.bob.pk: {"refunds": 2}, cast.alice.pk: {"refunds": 1}}
    assert languages_of(everybody) == {cast.bob.pk: {"lv": 3}}
    retire_skill(refunds, by=cast.alice)
    assert skills_of(everybody) == {}


def test_only_those_who_lead_somebody_say_what_they_can(client: Client, cast: Cast, refunds: Skill) -> None:
    with pytest.raises(PermissionDenied):
        note(cast.bob, refunds, 0, 3, by=cast.charlie)
    with pytest.raises(PermissionDenied):
        note(cast.charlie, refunds, 0, 3, by=cast.alice)
    client.force_login(cast.charlie)
    address = reverse("person-skills", args=[cast.bob.pk])
    assert client.get(address).status_code == 403
    assert client.post(address, {"was": "{}", f"skill-{refunds.pk}": 3}).status_code == 403
    assert client.post(reverse("team-skills"), {"name": "Magic", "kind": "product"}).status_code == 403
    assert client.get(reverse("skill", args=[refunds.pk])).status_code == 403
    assert client.post(reverse("skill-retirement", args=[refunds.pk])).status_code == 403
    page = client.get(reverse("team-skills")).content.decode()
    assert "Bob" in page
    assert "<select name=" not in page.replace('<select id="team" name="team"', "")
    assert not SkillHeld.objects.exists()


def test_a_row_of_the_matrix_is_saved_and_says_so(alice: Client, cast: Cast, refunds: Skill) -> None:
    address = reverse("person-skills", args=[cast.bob.pk])
    sent = {"was": "{}", f"skill-{refunds.pk}": 2, "language-lv": 3, "language-en": 0}
    answer = alice.post(address, sent, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Saved." in page
    assert json.dumps({f"skill-{refunds.pk}": 2, "language-lv": 3}).replace('"', "&quot;") in page
    assert LanguageSpoken.objects.get(user=cast.bob).level == Fluency.NATIVE


def test_of_two_who_change_a_level_the_second_sees_what_stands(alice: Client, cast: Cast, refunds: Skill) -> None:
    note(cast.bob, refunds, 0, Level.EXPERT)
    address = reverse("person-skills", args=[cast.bob.pk])
    sent = {"was": "{}", f"skill-{refunds.pk}": 1, "language-lv": 3}
    in_matrix = alice.post(address, sent, headers={"HX-Request": "true"})
    assert in_matrix.status_code == 409
    assert "Refunds: Expert." in in_matrix.content.decode()
    page = alice.post(address, sent)
    text = page.content.decode()
    assert page.status_code == 409
    assert "Set to Expert meanwhile" in text
    assert '<option value="1" selected>Learning' in text
    assert '<option value="3" selected>Native' in text
    assert not LanguageSpoken.objects.exists()
    with pytest.raises(Overtaken):
        note(cast.bob, refunds, 0, Level.LEARNING)
    note(cast.bob, refunds, 0, Level.EXPERT)  # both want the same: nobody is contradicted
    assert alice.post(address, {**sent, "was": json.dumps({f"skill-{refunds.pk}": 3})}).status_code == 302
    assert SkillHeld.objects.current().get(user=cast.bob).level == Level.LEARNING


def test_changes_of_different_levels_by_two_both_stand(alice: Client, cast: Cast, refunds: Skill) -> None:
    note(cast.bob, refunds, 0, Level.EXPERT)
    sent = {"was": "{}", f"skill-{refunds.pk}": 0, "language-lv": 3}
    assert alice.post(reverse("person-skills", args=[cast.bob.pk]), sent).status_code == 302
    assert SkillHeld.objects.current().filter(user=cast.bob).exists()
    assert LanguageSpoken.objects.current().filter(user=cast.bob).exists()


def test_another_language_is_added(alice: Client, cast: Cast) -> None:
    address = reverse("person-skills", args=[cast.bob.pk])
    assert "Estonian" in alice.get(address).content.decode()
    alice.post(address, {"was": "{}", "add_language": "et", "add_level": 2})
    assert LanguageSpoken.objects.get(user=cast.bob).language == "et"
    assert "Estonian" in alice.get(reverse("person", args=[cast.bob.pk])).content.decode()
    assert "Estonian" in alice.get(reverse("team-skills")).content.decode()


def test_the_list_of_skills(alice: Client, cast: Cast, refunds: Skill) -> None:
    answer = alice.post(reverse("team-skills"), {"name": "refunds", "kind": "product"})
    assert answer.status_code == 422
    assert "There is a skill called refunds already." in answer.content.decode()
    keys = [add_skill(name=name, kind="product", by=None).key for name in ("Refunds!", "Қайтару", "დაბრუნება")]
    assert keys == ["refunds-2", "skill", "skill-2"]
    with pytest.raises(Refused):
        add_skill(name="REFUNDS", kind="product", by=cast.ada)
    alice.post(reverse("skill", args=[refunds.pk]), {"name": "Money back"})
    assert Skill.objects.get(pk=refunds.pk).key == "refunds"
    alice.post(reverse("skill-retirement", args=[refunds.pk]))
    assert "Money back" in alice.get(reverse("team-skills")).content.decode()
    alice.post(reverse("skill-retirement", args=[refunds.pk]), {"undo": "1"})
    assert Skill.objects.get(pk=refunds.pk).retired_at is None


@pytest.mark.parametrize("was", ["", "x", "[]", '{"skill-1": "a"}', "null"])
def test_a_damaged_form_changes_nothing(alice: Client, cast: Cast, refunds: Skill, was: str) -> None:
    sent = {"was": was, f"skill-{refunds.pk}": 2, "language-xx": 9}
    assert alice.post(reverse("person-skills", args=[cast.bob.pk]), sent).status_code == 422
    assert not SkillHeld.objects.exists()


def test_the_matrix_asks_as_much_of_forty_people_as_of_five(alice: Client, cast: Cast, refunds: Skill) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            alice.get(reverse("team-skills"))
        return len(captured)

    queries()
    few = queries()
    for number in range(40):
        person = User.objects.create(email=f"{number}@example.com", name=f"Person {number}")
        SkillHeld.objects.create(user=person, skill=refunds, level=2)
    assert queries() == few <= 13
