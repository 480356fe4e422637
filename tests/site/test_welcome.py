"""The first start."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from answerable.desk.models import Inbox
from answerable.events.models import Event
from answerable.people.actions.company import set_up_company
from answerable.people.errors import Refused
from answerable.people.models import Company, Team, User
from answerable.policy.models import Version
from answerable.site.welcome.gate import forget_token, setup_address, setup_token
from tests.cast import PASSWORD, Cast

ANSWERS = {
    "company": "Example Ltd",
    "country": "LV",
    "time_zone": "Europe/Riga",
    "days": ["monday", "tuesday", "wednesday", "thursday"],
    "opens": "08:30",
    "closes": "18:00",
    "name": "Ada",
    "email": "Ada@Example.com",
    "password": PASSWORD,
    "language": "lv",
    "address": "Support@Example.com",
    "mail_in": "listener",
}


def test_every_page_leads_to_the_four_questions(client: Client, db: None) -> None:
    for path in ("/", "/sign-in/", "/settings/profile/", "/conversations/1/", "/nowhere"):
        assert client.get(path).headers["Location"] == "/welcome/"
    page = client.get("/welcome/").content.decode()
    assert page.count("<section") == 4
    assert "setup-token" not in page
    assert f"{settings.DATA_DIR}/outgoing" in page


def test_answering_them_makes_a_company_that_works(client: Client, db: None) -> None:
    answer = client.post("/welcome/", ANSWERS)
    assert answer.headers["Location"] == "/"
    assert Company.objects.get().time_zone == "Europe/Riga"
    assert list(Team.objects.values_list("path", flat=True)) == ["/everyone/", "/everyone/support/"]
    assert Inbox.objects.get().address == "support@example.com"
    policy = Version.objects.in_force().document
    assert 'monday = ["08:30-18:00"]' in policy
    assert "friday = []" in policy
    assert 'holidays = "LV"' in policy
    ada = User.objects.get()
    assert (ada.email, ada.language, ada.time_zone) == ("ada@example.com", "lv", "Europe/Riga")
    assert ada.is_administrator
    assert client.get("/settings/company/").status_code == 200
    verbs = set(Event.objects.values_list("verb", flat=True))
    assert {"company.set_up", "membership.granted", "inbox.added"} <= verbs
    assert Client().get("/welcome/").headers["Location"] == "/sign-in/"


def test_who_fetches_mail_from_a_mailbox_is_asked_for_it_next(client: Client, db: None) -> None:
    """Its user name is the address, until they say otherwise."""
    answer = client.post("/welcome/", {**ANSWERS, "mail_in": "mailbox"}, follow=True)
    assert answer.redirect_chain == [(f"/settings/inboxes/{Inbox.objects.get().pk}/mailboxes/new/", 302)]
    form = answer.context["form"]
    assert form["username"].value() == "support@example.com"
    assert form.fields["password"].required


def test_enter_in_a_field_opens_the_desk_and_never_the_demo_company(client: Client, db: None) -> None:
    """A browser presses the first button of the field's own form."""
    page = client.get("/welcome/").content.decode()
    buttons = re.findall(r'<button[^>]*type="submit"[^>]*>([^<]*)', page[page.index("<form") :])
    elsewhere = re.findall(r'<button[^>]*form="demo"[^>]*>([^<]*)', page)
    assert [each for each in buttons if each not in elsewhere] == ["Open the desk"]
    assert re.search(r'<form id="demo" method="post" action="/welcome/demo/">', page)


def test_a_company_of_no_country_has_no_holidays(client: Client, db: None) -> None:
    assert client.post("/welcome/", {**ANSWERS, "country": ""}).status_code == 302
    assert "holidays = []" in Version.objects.in_force().document


def test_it_is_done_once(cast: Cast) -> None:
    with pytest.raises(Refused, match="already"):
        set_up_company(
            name="Other", country="", time_zone="UTC", language="en", person="Eve", email="e@x.org", password="x"
        )
    assert not User.objects.filter(email="e@x.org").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "short"}, "too short"),
        ({"password": "ada@example.com"}, "too similar"),
        ({"closes": "08:00"}, "close before you open"),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"days": []}, "required"),
        ({"opens": "noon"}, "valid time"),
        ({"company": "\x00"}, "Null characters"),
        ({"company": "x" * 201}, "at most 200"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    client: Client, db: None, change: dict[str, object], words: str
) -> None:
    page = client.post("/welcome/", {**ANSWERS, "language": "en", **change})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not Company.objects.exists()


@pytest.mark.parametrize(
    "stranger", [{"REMOTE_ADDR": "203.0.113.9"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"REMOTE_ADDR": ""}]
)
def test_a_stranger_needs_the_token(db: None, stranger: dict[str, str]) -> None:
    client = Client(**stranger)  # type: ignore[arg-type]
    assert client.get("/welcome/").status_code == 403
    assert client.post("/welcome/", ANSWERS).status_code == 403
    assert client.post("/welcome/", {**ANSWERS, "token": "guess"}).status_code == 403
    assert not Company.objects.exists()
    token = setup_token(settings.DATA_DIR)
    assert setup_address("http://desk.example", settings.DATA_DIR) == f"http://desk.example/welcome/?token={token}"
    assert client.get(f"/welcome/?token={token}").status_code == 200
    assert client.post("/welcome/", {**ANSWERS, "token": token}).status_code == 302
    assert setup_token(settings.DATA_DIR) != token


def test_the_token_is_for_the_owners_eyes_only(tmp_path: Path) -> None:
    token = setup_token(tmp_path)
    assert setup_token(tmp_path) == token
    assert [oct((tmp_path / name).stat().st_mode & 0o777) for name in ("setup-token",)] == ["0o600"]
    assert [path.name for path in tmp_path.iterdir()] == ["setup-token"]
    forget_token(tmp_path)
    assert setup_token(tmp_path) != token
