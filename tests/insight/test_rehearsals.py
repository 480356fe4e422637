"""The page of rehearsals: who may, what is seen, how far it is, what came of it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answerable.insight.models import Rehearsal
from answerable.insight.rehearsing.running import run
from answerable.people.models import User
from answerable.policy.models import Version
from answerable.site.cli import answerable
from tests.cast import Cast, play
from tests.insight.story import sign_in
from tests.policy.test_rehearse_command import TICKETS

LIST = "/policy/rehearsals/"


def draft_of(version: Version, *changes: tuple[str, str]) -> Version:
    document = version.document
    for before, after in changes:
        document = document.replace(before, after)
    return Version.objects.create(number=version.number + 1, title="Sooner", document=document)


def asked(draft: Version, against: Version, **more: object) -> dict[str, object]:
    today = timezone.localdate()
    days = {"first": (today - timedelta(days=30)).isoformat(), "last": today.isoformat()}
    return {"draft": draft.pk, "against": against.pk, **days, **more}


@pytest.fixture
def versions(desk: Cast) -> tuple[Version, Version]:
    version = Version.objects.in_force()
    later = '{ at = "150%", do = "reassign", to = "lead" }'
    more = f'{later}, {{ at = "300%", do = "notify", to = "team" }}, {{ at = "400%", do = "notify", to = "lead" }}'
    return draft_of(version, ('within = "4 hours"', 'within = "15 minutes"'), (later, more)), version


def began(user: User, versions: tuple[Version, Version]) -> Rehearsal:
    answer = sign_in(user).post(LIST, asked(*versions))
    assert answer.status_code == 302, answer.text
    return Rehearsal.objects.latest("id")


def test_a_lead_rehearses_a_draft_on_what_happened(desk: Cast, versions: tuple[Version, Version]) -> None:
    alice = sign_in(desk.alice)
    rehearsal = began(desk.alice, versions)
    page = alice.get(f"{LIST}{rehearsal.pk}/")
    assert "Waiting for the worker to begin" in page.text
    assert "<progress" in alice.get(f"{LIST}{rehearsal.pk}/progress/").text
    run(rehearsal.pk)
    assert "HX-Refresh" in alice.get(f"{LIST}{rehearsal.pk}/progress/").headers
    with CaptureQueriesContext(connection) as asked_of:
        page = alice.get(f"{LIST}{rehearsal.pk}/")
    assert len(asked_of) <= 9, [query["sql"] for query in asked_of]
    rehearsal.refresh_from_db()
    assert rehearsal.result is not None
    assert rehearsal.result["conversations"] == 7
    assert "We answer within 4 hours" in page.text
    assert "15 minutes" in page.text
    assert "7 conversations would tell people more often" in page.text
    assert "/conversations/" in page.text
    assert ">Bob<" in page.text
    assert Rehearsal.objects.get(pk=rehearsal.pk).upload is None
    run(rehearsal.pk)  # a job may come twice
    assert Rehearsal.objects.get(pk=rehearsal.pk).ended_at == rehearsal.ended_at


def test_others_do_not_begin_one_and_see_none(desk: Cast, versions: tuple[Version, Version]) -> None:
    rehearsal = began(desk.ada, versions)
    run(rehearsal.pk)
    for user in (desk.bob, desk.charlie, desk.quinn):
        somebody = sign_in(user)
        assert somebody.post(LIST, asked(*versions)).status_code == 403
        assert "Sooner" not in somebody.get(LIST).text
        for place in ("", "progress/", "drawing/"):
            assert somebody.get(f"{LIST}{rehearsal.pk}/{place}").status_code == 404
        assert somebody.post(f"{LIST}{rehearsal.pk}/cancellation/").status_code == 404
    # Alice leads Support only, and this one is about the whole company.
    assert sign_in(desk.alice).get(f"{LIST}{rehearsal.pk}/").status_code == 404
    assert "8 conversations" in sign_in(desk.ada).get(f"{LIST}{rehearsal.pk}/").text
    of_support = began(desk.alice, versions)
    assert sign_in(desk.ada).get(f"{LIST}{of_support.pk}/").status_code == 200


def test_it_can_be_cancelled(desk: Cast, versions: tuple[Version, Version]) -> None:
    rehearsal = began(desk.alice, versions)
    assert sign_in(desk.alice).post(f"{LIST}{rehearsal.pk}/cancellation/").status_code == 302
    run(rehearsal.pk)
    rehearsal.refresh_from_db()
    assert (rehearsal.state, rehearsal.result) == (Rehearsal.State.CANCELLED, None)
    assert "was cancelled" in sign_in(desk.alice).get(f"{LIST}{rehearsal.pk}/").text


def test_one_whose_starter_has_ended_stops_and_can_be_taken_up_again(
    desk: Cast, versions: tuple[Version, Version]
) -> None:
    rehearsal = began(desk.alice, versions)
    run(rehearsal.pk, is_orphan=lambda: True)
    assert Rehearsal.objects.get(pk=rehearsal.pk).state == Rehearsal.State.RUNNING
    run(rehearsal.pk)
    assert Rehearsal.objects.get(pk=rehearsal.pk).state == Rehearsal.State.DONE


@pytest.mark.django_db(transaction=True)
def test_a_file_is_rehearsed_as_well() -> None:
    from answerable.policy.actions import load_default

    cast = play()
    version = load_default(cast.company, by=cast.ada)
    draft = draft_of(version, ('"4 working hours"\nhours', '"2 working hours"\nhours'))
    ada, file = sign_in(cast.ada), SimpleUploadedFile("tickets.csv", TICKETS.encode())
    assert ada.post(LIST, asked(draft, version, file=file)).status_code == 302
    rehearsal = Rehearsal.objects.get()
    run(rehearsal.pk)
    page = ada.get(f"{LIST}{rehearsal.pk}/").text
    assert "tickets.csv" in page
    assert "−50" in page
    assert "The files do not say when customers wrote again" in page
    assert Rehearsal.objects.get().upload is None
    bad = SimpleUploadedFile("x.csv", b"%PDF-1.4 nothing")
    ada.post(LIST, asked(draft, version, file=bad))
    failed = Rehearsal.objects.latest("id")
    run(failed.pk)
    assert "It is a PDF." in ada.get(f"{LIST}{failed.pk}/").text


def test_the_command_rehearses_the_desks_own_history(
    desk: Cast, versions: tuple[Version, Version], tmp_path: Path
) -> None:
    file = tmp_path / "draft.toml"
    file.write_text(versions[0].document)
    result = CliRunner().invoke(answerable, ["policy", "rehearse", str(file), "--since", "2020-01-01", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["conversations"], told["time_zone"]) == (8, "Europe/Riga")
    assert told["draft"]["steps"]["notify"] > told["now"]["steps"]["notify"] > 0
    nothing = CliRunner().invoke(answerable, ["policy", "rehearse", str(file), "--since", "2099-01-01"])
    assert nothing.exit_code == 1


def test_what_is_wrong_stands_beside_its_field(desk: Cast, versions: tuple[Version, Version]) -> None:
    draft, version = versions
    alice = sign_in(desk.alice)
    same = alice.post(LIST, asked(version, version))
    assert same.status_code == 422
    assert "That is the same version." in same.text
    assert "The last day is before the first." in alice.post(LIST, asked(draft, version, last="2001-01-01")).text
    assert "Choose a first and a last day" in alice.post(LIST, asked(draft, version, last="")).text
    draft.document = draft.document.replace('clock = "resolution"', 'clock = "resolutoin"')
    draft.save()
    wrong = alice.post(LIST, asked(draft, version))
    assert "This document has mistakes and cannot run yet: line" in wrong.text
    assert not Rehearsal.objects.exists()
