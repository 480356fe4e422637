"""Administrators set webhooks up, and look at what became of deliveries. Nobody else does."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from answerable.api.webhooks import sending
from answerable.api.webhooks.following import write_down
from answerable.api.webhooks.models import Delivery, Webhook
from answerable.events.record import record
from tests.cast import Cast
from tests.receiver import Receiver

if TYPE_CHECKING:
    from tests.api.webhooks.conftest import Told


@pytest.fixture
def ada(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ada)
    return client


def test_one_is_added_and_its_secret_shown_once(cast: Cast, ada: Client) -> None:
    assert "No webhooks yet" in ada.get("/settings/webhooks/").content.decode()
    given = {"name": "Shop", "url": "https://shop.example/hook", "groups": ["messages"], "teams": [cast.support.pk]}
    response = ada.post("/settings/webhooks/new/", given)
    row = Webhook.objects.get()
    assert response.headers["Location"] == f"/settings/webhooks/{row.pk}/"
    assert "whsec_" not in str(dict(ada.session))
    page = ada.get(response.headers["Location"]).content.decode()
    assert "whsec_" in page
    assert "whsec_" not in ada.get(response.headers["Location"]).content.decode()
    assert [team.pk for team in row.teams.all()] == [cast.support.pk]
    ada.post(f"/settings/webhooks/{row.pk}/secret/", {"change": ""})
    assert "whsec_" in ada.get(f"/settings/webhooks/{row.pk}/").content.decode()
    assert "Shop" in ada.get("/settings/webhooks/").content.decode()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://shop.example/", "https://"),
        ("https://shop.example:22/", "Port 22"),
        ("shop", "no web"),
        ("https://10.0.0.7/", "not on the open internet"),
    ],
)
def test_an_address_we_would_not_ask_is_refused_beside_its_field(cast: Cast, ada: Client, url: str, why: str) -> None:
    response = ada.post("/settings/webhooks/new/", {"name": "Shop", "url": url, "groups": ["messages"]})
    assert response.status_code == 422
    assert why in response.content.decode()
    assert 'value="Shop"' in response.content.decode()
    assert not Webhook.objects.exists()


def test_changed_switched_tried_and_removed(cast: Cast, ada: Client, told: Told, receiver: Receiver) -> None:
    row, _secret = told(cast)
    base = f"/settings/webhooks/{row.pk}/"
    ada.post(base, {"name": "Stock", "url": receiver.url, "groups": ["ratings"]})
    row.refresh_from_db()
    assert (row.name, row.groups) == ("Stock", ["ratings"])
    response = ada.post(base + "trial/")
    delivery = Delivery.objects.get()
    assert response.headers["Location"] == f"/settings/webhooks/deliveries/{delivery.pk}/"
    assert "Not tried yet" in ada.get(response.headers["Location"]).content.decode()
    sending.work_off(row.pk)
    page = ada.get(response.headers["Location"]).content.decode()
    assert "HTTP 200" in page
    assert "thank you" in page
    assert "webhook.tried" in page
    ada.post(f"/settings/webhooks/deliveries/{delivery.pk}/replay/")
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.WAITING
    ada.post(base + "switch/", {"off": ""})
    assert "Switch on" in ada.get(base).content.decode()
    ada.post(base + "switch/", {"on": ""})
    assert Webhook.objects.get().stopped_at is None
    ada.post(base + "removal/")
    assert ada.get(base).status_code == 404
    assert Webhook.objects.get().sealed_secret == ""


def test_a_time_is_sent_again(cast: Cast, ada: Client, told: Told) -> None:
    row, _secret = told(cast)
    record("conversation.opened", subject=cast.dace, by=cast.bob, team_id=cast.support.pk)
    now = timezone.localtime()
    given = {"since": now - timedelta(minutes=5), "until": now + timedelta(minutes=5)}
    typed = {name: at.strftime("%Y-%m-%dT%H:%M") for name, at in given.items()}
    page = ada.post(f"/settings/webhooks/{row.pk}/replays/", typed, follow=True).content.decode()
    assert "Deliveries that are sent again: 1." in page
    assert Delivery.objects.get().verb == "conversation.opened"
    backwards = {"since": typed["until"], "until": typed["since"]}
    page = ada.post(f"/settings/webhooks/{row.pk}/replays/", backwards, follow=True).content.decode()
    assert "The end comes before the beginning" in page


def test_pages_cost_the_same_however_much_there_is(
    cast: Cast, ada: Client, told: Told, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row, _secret = told(cast)
    events = [record("conversation.opened", subject=cast.dace, by=cast.bob) for _ in range(30)]
    write_down(row, [event.pk for event in events])
    for path, queries in (("/settings/webhooks/", 5), (f"/settings/webhooks/{row.pk}/", 7)):
        ada.get(path)
        with django_assert_num_queries(queries):
            ada.get(path)


def test_nobody_else_comes_in(cast: Cast, client: Client, told: Told) -> None:
    row, _secret = told(cast)
    [delivery] = [Delivery.objects.create(webhook=row, key="a", verb="webhook.tried", body="{}")]
    base = f"/settings/webhooks/{row.pk}/"
    for person in (cast.alice, cast.bob, cast.charlie):
        client.force_login(person)
        for path in (
            "/settings/webhooks/",
            "/settings/webhooks/new/",
            base,
            f"/settings/webhooks/deliveries/{delivery.pk}/",
        ):
            assert client.get(path).status_code == 403
        for path in ("secret/", "switch/", "trial/", "replays/", "removal/"):
            assert client.post(base + path).status_code == 403
        assert client.post(f"/settings/webhooks/deliveries/{delivery.pk}/replay/").status_code == 403
    assert Webhook.objects.on().count() == 1
