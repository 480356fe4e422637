"""An administrator gives files, looks at what they mean, agrees, and sees what came. Nobody else does."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from answerable.desk.models import Conversation
from answerable.imports.models import Import, Remark, Upload
from answerable.imports.running import folder_of_files, run
from tests.cast import Cast
from tests.imports.zendesk import TICKETS, USERS

if TYPE_CHECKING:
    from pathlib import Path

    from django.conf import LazySettings
    from pytest_django import DjangoAssertNumQueries

    from tests.imports.conftest import TakenOver


@pytest.fixture
def ada(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ada)
    return client


def upload(name: str, rows: object) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, json.dumps(rows).encode())


def begun(ada: Client, cast: Cast, *files: SimpleUploadedFile) -> Import:
    given = {"system": "zendesk", "inbox": cast.support_inbox.pk, "zone": "Europe/Riga", "uploads": list(files)}
    response = ada.post("/settings/imports/new/", given)
    row = Import.objects.get()
    assert response.headers["Location"] == f"/settings/imports/{row.pk}/"
    return row


def test_from_files_to_conversations(cast: Cast, ada: Client) -> None:
    assert "Nothing was taken over yet" in ada.get("/settings/imports/").content.decode()
    row = begun(ada, cast, upload("tickets.json", TICKETS), upload("users.json", {"users": USERS}))
    base = f"/settings/imports/{row.pk}/"
    assert "Being read" in ada.get(base).content.decode()
    assert "<progress" in ada.get(base + "progress/").content.decode()
    run(row.pk)
    assert ada.get(base + "progress/").headers["HX-Refresh"] == "true"
    page = ada.get(base).content.decode()
    assert "hold · 1" in page
    [left] = re.findall(r'<option value="(\w+)" selected>', page[page.index("deleted · 1") :])[:1]
    assert left == "leave_out"
    assert "Gone Girl" in page
    assert not Conversation.objects.exists()
    row.refresh_from_db()
    given = {f"statuses_{place}": "closed" for place in range(len(row.found["statuses"]))}
    given |= {f"priorities_{place}": "low" for place in range(len(row.found["priorities"]))}
    given |= {"inbox": str(cast.support_inbox.pk), "inboxes_0": str(cast.latvia_inbox.pk)}
    ada.post(base, given)
    run(row.pk)
    assert set(Conversation.objects.values_list("status", "priority")) == {("closed", 1)}
    assert Conversation.objects.get(subject="Where is my order?").team == cast.latvia
    page = ada.get(base).content.decode()
    assert "What came over" in page
    assert "It was deleted there." in page
    assert page.index("How many") < page.index("It was deleted there.") < page.index("One by one")
    table = b"".join(ada.get(base + "remarks.csv")).decode()
    assert "ticket 37,It was deleted there." in table
    assert not Upload.objects.exists()
    assert "Zendesk" in ada.get("/settings/imports/").content.decode()


def test_what_is_refused_says_why_and_cancelled_stops(cast: Cast, ada: Client) -> None:
    assert ada.post("/settings/imports/new/", {"system": "zendesk"}).status_code == 422
    row = begun(ada, cast, upload("colours.json", [{"colour": "green"}]))
    run(row.pk)
    page = ada.get(f"/settings/imports/{row.pk}/").content.decode()
    assert "holds nothing of Zendesk" in page
    assert not Upload.objects.exists()
    Import.objects.all().delete()
    row = begun(ada, cast, upload("tickets.json", TICKETS))
    ada.post(f"/settings/imports/{row.pk}/cancellation/")
    run(row.pk)
    row.refresh_from_db()
    assert (row.state, Upload.objects.count(), Conversation.objects.count()) == ("cancelled", 0, 0)


def test_a_name_as_long_as_a_browser_sends_it_is_only_a_name(cast: Cast, ada: Client) -> None:
    name = "ბ" * 250 + ".json"
    row = begun(ada, cast, upload(name, TICKETS))
    run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.found["tickets"]) == ("ready", 4)
    assert name in ada.get(f"/settings/imports/{row.pk}/").content.decode()


def test_a_file_on_the_server_is_one_of_its_folder_only(
    cast: Cast, ada: Client, settings: LazySettings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    folder_of_files().mkdir()
    (folder_of_files() / "tickets.json").write_text(json.dumps(TICKETS))
    (tmp_path / "secret.json").write_text(json.dumps(TICKETS))
    given = {"system": "zendesk", "inbox": cast.support_inbox.pk, "zone": "UTC", "paths": ["../secret.json"]}
    assert ada.post("/settings/imports/new/", given).status_code == 422
    ada.post("/settings/imports/new/", given | {"paths": ["tickets.json"]})
    run(Import.objects.get().pk)
    assert Import.objects.get().state == "ready"


def test_pages_cost_the_same_however_much_there_is(
    cast: Cast, ada: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for place in range(30):
        row = Import.objects.create(system="zendesk", inbox=cast.support_inbox, by=cast.ada, state="done")
        Remark.objects.create(run=row, about=f"ticket {place}", reason="deleted")
    Remark.objects.bulk_create(Remark(run=row, about=f"ticket {place}", reason="no_time") for place in range(40))
    for path, queries in (("/settings/imports/", 4), (f"/settings/imports/{row.pk}/", 6)):
        ada.get(path)
        with django_assert_num_queries(queries):
            ada.get(path)


def test_nobody_else_comes_in(cast: Cast, client: Client, taken_over: TakenOver, tmp_path: Path) -> None:
    path = tmp_path / "tickets.json"
    path.write_text(json.dumps(TICKETS))
    base = f"/settings/imports/{taken_over(cast, path).pk}/"
    for person in (cast.alice, cast.bob, cast.charlie):
        client.force_login(person)
        pages = ("/settings/imports/", "/settings/imports/new/", base, base + "progress/", base + "remarks.csv")
        assert {client.get(path).status_code for path in pages} == {403}
        assert {client.post(path).status_code for path in (base, base + "cancellation/")} == {403}
