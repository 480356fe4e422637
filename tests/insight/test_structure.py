"""Where the structure is weak, gathered from real rows and said in words."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from answerable.core.policy import default_policy
from answerable.desk.models import Conversation
from answerable.insight.structure import company_now
from answerable.people.actions.charges import charge_team
from answerable.people.actions.skills import Change, add_skill, change_abilities
from answerable.people.models import Absence, Company, Membership, Shift, Team, User
from answerable.policy.actions import load_version
from tests.cast import Cast


def began(cast: Cast, number: int, language: str = "lv", days_ago: int = 1) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    Conversation.objects.bulk_create(
        Conversation(
            inbox=cast.latvia_inbox,
            channel="email",
            team=cast.latvia,
            contact=cast.dace,
            language=language,
            created_at=at,
            last_message_at=at,
        )
        for _each in range(number)
    )


def test_demand_is_that_of_four_weeks_by_language_and_by_what_teams_answer_for(cast: Cast) -> None:
    add_skill(name="Refunds", kind="speciality", by=None)
    charge_team(cast.support, organised_by="mixed", charges={("skill", "refunds"): ""}, by=None)
    began(cast, 3)
    began(cast, 2, language="en")
    began(cast, 5, days_ago=29)
    company = company_now(now=timezone.now())
    assert company.demand == {("language", "lv"): 3, ("language", "en"): 2, ("skill", "refunds"): 5}
    assert company.in_use == [("channel", "email"), ("segment", "gold")]


def test_the_page_says_each_with_reason_and_remedy(client: Client, cast: Cast) -> None:
    began(cast, 4)
    change_abilities(cast.bob, skills={}, languages={"lv": Change(0, 3)}, by=None)
    client.force_login(cast.alice)
    page = " ".join(client.get(reverse("team-weaknesses")).content.decode().split())
    for words in (
        "Nobody leads Sales",
        "Alice leads 2 people directly",
        "The company wants a lead to lead 5 to 12 people.",
        "Only Bob can answer in this language: Latvian",
        "4 conversations of the last four weeks needed it.",
        "No team answers for this segment: Gold",
        "No team answers for this channel: E-mail",
    ):
        assert words in page
    panel = client.get(reverse("team-weaknesses"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in panel
    Company.objects.update(span_low=1, span_high=2)
    assert "Alice leads" not in client.get(reverse("team-weaknesses")).content.decode()


def test_promised_hours_are_held_against_shifts(client: Client, cast: Cast) -> None:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    load_version(
        default_policy(time_zone="UTC", holidays=[], week={day: ["00:00-24:00"] for day in days}),
        by=cast.ada,
        reason="Open at every hour.",
    )
    client.force_login(cast.alice)
    assert "No shift is planned" in client.get(reverse("team-weaknesses")).content.decode()
    now = timezone.now().replace(minute=0, second=0, microsecond=0)

    def work(user: User, team: Team) -> None:
        """Day and night, beyond the two weeks looked at."""
        for day in range(15):
            begins = now + timedelta(days=day)
            Shift.objects.create(user=user, team=team, begins_at=begins, ends_at=begins + timedelta(hours=24))

    work(cast.bob, cast.support)
    page = client.get(reverse("team-weaknesses")).content.decode()
    assert "In promised hours nobody is on a shift: Sales" in page
    assert "nobody is on a shift: Support" not in page
    work(cast.charlie, cast.sales)
    assert "nobody is on a shift" not in client.get(reverse("team-weaknesses")).content.decode()
    Absence.objects.create(
        user=cast.bob,
        kind="illness",
        begins_at=now + timedelta(days=2),
        ends_at=now + timedelta(days=3),
        state="approved",
        asked_by=cast.bob,
    )
    page = client.get(reverse("team-weaknesses")).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "In the next two weeks that comes to 1 day" in page


def test_charlie_is_refused(client: Client, cast: Cast) -> None:
    client.force_login(cast.charlie)
    assert client.get(reverse("team-weaknesses")).status_code == 403
    assert reverse("team-weaknesses") not in client.get(reverse("team")).content.decode()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_more_people_ask_no_more(client: Client, cast: Cast, headers: dict[str, str]) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("team-weaknesses"), headers=headers)
        return len(captured)

    client.force_login(cast.alice)
    queries()
    few = queries()
    began(cast, 30)
    for person in (cast.ada, cast.charlie, cast.quinn):
        Membership.objects.create(user=person, team=cast.latvia)
    assert queries() == few
