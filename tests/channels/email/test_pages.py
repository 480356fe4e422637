"""What administrators set up and look at; nobody else sees any of it."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from answerable.channels.email.models import Arrival, Mailbox, Manners, Relay
from answerable.channels.vault import unseal
from answerable.desk.models import Inbox
from tests.cast import Cast
from tests.channels.email.letters import arrive, decide, letter
from tests.channels.email.peers import Sink
from tests.ports import free_port


@pytest.fixture
def ada(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ada)
    return client


INBOX = {"name": "Help", "address": "Help@example.com", "language": "lv", "region": "LV", "acknowledges": "on"}


def test_an_inbox_is_added_and_changed(cast: Cast, ada: Client) -> None:
    answer = ada.post(reverse("settings-inboxes"), INBOX | {"team": cast.support.pk})
    inbox = Inbox.objects.get(address="help@example.com")
    assert answer["Location"] == reverse("inbox-settings", args=[inbox.pk])
    assert (inbox.team, inbox.language, inbox.manners.acknowledges) == (cast.support, "lv", True)
    page = reverse("inbox-settings", args=[inbox.pk])
    assert ada.get(page).status_code == 200
    ada.post(page, INBOX | {"team": cast.sales.pk, "address": "care@example.com", "plus_addresses": "on"})
    inbox.refresh_from_db()
    assert (inbox.address, inbox.team) == ("care@example.com", cast.sales)
    assert Manners.objects.get(inbox=inbox).plus_addresses
    refused = ada.post(page, INBOX | {"team": cast.sales.pk, "address": "support@example.com"})
    assert refused.status_code == 422
    assert "already" in refused.content.decode()
    ada.post(reverse("inbox-retirement", args=[inbox.pk]))
    inbox.refresh_from_db()
    assert inbox.retired_at is not None


def test_a_relay_is_tried_before_it_is_saved(cast: Cast, ada: Client) -> None:
    page = reverse("relay")
    assert "does not leave this server yet" in ada.get(reverse("settings-inboxes")).content.decode()
    asked = {"host": "127.0.0.1", "port": free_port(), "security": "plain", "username": ""}
    assert "cannot be reached" in ada.post(page, asked | {"try": "1"}).content.decode()
    with Sink().open() as sink:
        asked["port"] = sink.port
        assert "It works" in ada.post(page, asked | {"try": "1"}).content.decode()
    assert not Relay.objects.exists()
    ada.post(page, asked | {"username": "us", "password": "secret word"})
    relay = Relay.objects.get()
    assert unseal(relay.sealed_password) == "secret word"
    shown = ada.get(page).content.decode()
    assert "secret word" not in shown
    assert relay.sealed_password not in shown
    ada.post(page, asked | {"username": "us"})
    relay.refresh_from_db()
    assert unseal(relay.sealed_password) == "secret word"
    assert "does not leave this server yet" not in ada.get(reverse("settings-inboxes")).content.decode()
    ada.post(reverse("relay-removal"))
    assert not Relay.objects.exists()


def test_a_mailbox_is_connected(cast: Cast, ada: Client) -> None:
    page = reverse("mailbox-new", args=[cast.support_inbox.pk])
    asked = {"host": "127.0.0.1", "port": free_port(), "security": "plain", "username": "support", "folder": "INBOX"}
    assert ada.post(page, asked).status_code == 422  # without a password
    asked["password"] = "secret word"
    assert "cannot be read" in ada.post(page, asked | {"try": "1"}).content.decode()
    assert not Mailbox.objects.exists()
    ada.post(page, asked | {"from_the_beginning": "on"})
    mailbox = Mailbox.objects.get()
    assert (unseal(mailbox.sealed_password), mailbox.since.year) == ("secret word", 1990)
    there = reverse("mailbox", args=[cast.support_inbox.pk, mailbox.pk])
    assert ada.get(there).status_code == 200
    Mailbox.objects.update(last_uid=7, uid_validity=1)
    ada.post(there, asked | {"password": "", "folder": "Post"})
    mailbox.refresh_from_db()
    assert (mailbox.folder, mailbox.last_uid, unseal(mailbox.sealed_password)) == ("Post", 0, "secret word")
    ada.post(reverse("mailbox-retirement", args=[cast.support_inbox.pk, mailbox.pk]))
    assert ada.get(there).status_code == 404


def test_the_ledger_is_paged_and_narrowed(
    cast: Cast, ada: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        arrive(letter(f"number {number}", subject=f"<b>Subject {number}</b>"))
    arrive(letter("Buy!", subject="Spam it is", X_Spam_Flag="YES"))
    with django_assert_max_num_queries(12):
        page = ada.get(reverse("mail-ledger")).content.decode()
    assert "&lt;b&gt;Subject 2" in page
    assert "Spam it is" in page
    narrowed = ada.get(reverse("mail-ledger"), {"outcome": "spam"}).content.decode()
    assert re.search("Spam it is", narrowed)
    assert "Subject 2" not in narrowed
    assert ada.get(reverse("mail-ledger"), {"outcome": "nonsense"}).status_code == 200
    assert ada.get(reverse("mail-ledger"), {"cursor": "nonsense"}).status_code == 404


def test_a_raw_message_harms_nobody(cast: Cast, ada: Client) -> None:
    raw = letter("<script>alert(1)</script>")
    arrival = arrive(raw)
    shown = ada.get(reverse("mail-arrival", args=[arrival.pk])).content.decode()
    assert "<script>alert" not in shown
    file = ada.get(reverse("mail-raw", args=[arrival.pk]))
    assert file.content == raw
    assert file["Content-Type"] == "application/octet-stream"
    assert file["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file["Content-Security-Policy"]


def test_a_verdict_is_corrected_on_the_page(cast: Cast, ada: Client) -> None:
    arrival = arrive(letter("Not spam", X_Spam_Flag="YES"))
    ada.post(reverse("mail-trial", args=[arrival.pk]))
    decide()
    arrival.refresh_from_db()
    assert arrival.outcome == Arrival.Outcome.OPENED
    ada.post(reverse("mail-spam", args=[arrival.pk]))
    arrival.refresh_from_db()
    assert arrival.outcome == Arrival.Outcome.SPAM
    ada.post(reverse("mail-spam", args=[arrival.pk]))  # said, not broken


def test_nobody_else_sees_or_changes_any_of_it(cast: Cast, client: Client) -> None:
    arrival = arrive(letter())
    mailbox = Mailbox.objects.create(
        inbox=cast.sales_inbox, host="mail.example", username="sales", sealed_password="x", security="tls"
    )
    inbox = cast.sales_inbox.pk
    pages = [
        reverse("settings-inboxes"),
        reverse("inbox-settings", args=[inbox]),
        reverse("relay"),
        reverse("inbox-relay", args=[inbox]),
        reverse("mailbox-new", args=[inbox]),
        reverse("mailbox", args=[inbox, mailbox.pk]),
        reverse("mail-ledger"),
        reverse("mail-arrival", args=[arrival.pk]),
        reverse("mail-raw", args=[arrival.pk]),
    ]
    doings = [
        reverse("inbox-retirement", args=[inbox]),
        reverse("relay-removal"),
        reverse("inbox-relay-removal", args=[inbox]),
        reverse("mailbox-retirement", args=[inbox, mailbox.pk]),
        reverse("mail-trial", args=[arrival.pk]),
        reverse("mail-spam", args=[arrival.pk]),
    ]
    for person in (cast.alice, cast.bob, cast.charlie, cast.quinn):
        client.force_login(person)
        assert {client.get(page).status_code for page in pages} == {403}
        assert {client.post(page).status_code for page in doings} == {403}
    client.logout()
    assert {client.get(page).status_code for page in pages} == {302}
