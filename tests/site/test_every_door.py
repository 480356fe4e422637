"""Every address there is, tried by those who have no business there. An address added tomorrow is tried as well.

What is support's stands in rows numbered from HERE to THERE and carries SECRET in every word of it. Anonymous and
Charlie (sales) never get to read SECRET, Quinn (QA analyst of support) changes nothing, and nobody meets a 500.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils import timezone
from psycopg.pq import TransactionStatus

from answerable.channels.email.models import Arrival
from answerable.desk.actions.messages import add_note, reply
from answerable.desk.models import Attachment, Clock, Draft, File, Kind, Macro, Notice, Presence
from answerable.desk.queues import BY_KEY
from answerable.feedback.models import Invitation, Rating
from answerable.people.models import User
from answerable.policy.actions import load_default
from tests.cast import Cast
from tests.desk.views.stage import asked

pytestmark = pytest.mark.django_db

SECRET = "Zanzibar-4711"
FINDS_IT = "heliotrope"
HERE, THERE = 5_000_000, 6_000_000
VERBS = ("GET", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
REFUSALS = (403, 404, 405)
TOKENS = ("made-up", "\x00")
TEXTS = {"uidb36": "1", "key": "abc-123"}
FOR_ALL = {"customers"}  # customers belong to the company; each agent tends to them
OWN = {"desk.draft", "desk.presence", "desk.notice"}
SAYS_SOMETHING = {"notes"}  # an analyst may say what she thinks to colleagues
HTMX = {"HX-Request": "true"}


@dataclass(frozen=True)
class Address:
    """A path of the site, its parameters filled in. One `whole` of each is tried with every verb, the rest are read."""

    name: str
    path: str
    is_whole: bool


def addresses(resolver: URLResolver, before: str = "") -> Iterator[Address]:
    """Every path, with support's numbers wherever it wants one."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, before + str(entry.pattern))
        else:
            for number, path in enumerate(paths(entry)):
                yield Address(entry.name or "", f"/{before}{path}", is_whole=number == 0)


def paths(entry: URLPattern) -> Iterator[str]:
    if not isinstance(entry.pattern, RoutePattern):
        yield re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: TEXTS[found[1]], str(entry.pattern)).strip("^$")
        return
    route = str(entry.pattern)
    choices = {"int": (str(HERE), str(HERE + 1), str(2**70)), "slug": (*BY_KEY, "no-such"), "str": TOKENS, None: TOKENS}
    choices["path"] = TOKENS
    names = re.findall(r"<(?:(\w+):)?\w+>", route)
    for values in product(*(choices[name or None] for name in names)):
        given = iter(values)
        yield re.sub(r"<[^>]+>", lambda _found, given=given: next(given), route)  # type: ignore[misc]


def sequences() -> list[str]:
    """What numbers the rows of each model."""
    with connection.cursor() as cursor:
        found = []
        for model in apps.get_models():
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [model._meta.db_table, model._meta.pk.column])
            found.append(cursor.fetchone()[0])
    return [name for name in found if name]


def number_rows_from(first: int) -> None:
    with connection.cursor() as cursor:
        for sequence in sequences():
            cursor.execute("SELECT setval(%s, %s, false)", [sequence, first])


@contextmanager
def numbers_afterwards_as_before() -> Iterator[None]:
    """Sequences outlive a transaction that is rolled back, and the next test's rows must not meet these."""
    with connection.cursor() as cursor:
        before = {}
        for sequence in sequences():
            cursor.execute(f"SELECT last_value, is_called FROM {sequence}")
            before[sequence] = cursor.fetchone()
    yield
    with connection.cursor() as cursor:
        for sequence, (last, is_called) in before.items():
            cursor.execute("SELECT setval(%s, %s, %s)", [sequence, last, is_called])


def rows_written() -> int:
    """How many rows this transaction has written so far, in any table, whatever became of them."""
    kinds = " + ".join(f"pg_stat_get_xact_tuples_{kind}(oid)" for kind in ("inserted", "updated", "deleted"))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sum({kinds}) FROM pg_class WHERE relkind = 'r'")
        return int(cursor.fetchone()[0])


def is_broken() -> bool:
    """Whether the transaction has met an error, so that nothing can become of it but to be rolled back."""
    return connection.needs_rollback or connection.connection.info.transaction_status == TransactionStatus.INERROR


def go_back(savepoint: str) -> None:
    """Forget what has been written since."""
    transaction.set_rollback(False)
    transaction.savepoint_rollback(savepoint)


def snapshot(leaving_out: set[str] = OWN) -> str:
    """Support's rows, all of them, in one value."""
    parts = [
        f"(SELECT coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM {model._meta.db_table} t"
        f" WHERE {model._meta.pk.column} >= {HERE} AND {model._meta.pk.column} < {THERE})"
        for model in apps.get_models()
        if model._meta.pk.get_internal_type() in ("BigAutoField", "OneToOneField", "AutoField")
        and model._meta.app_label not in FOR_ALL
        and model._meta.label_lower not in leaving_out
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {' || '.join(parts)}")
        return str(cursor.fetchone()[0])


@pytest.fixture
def supports_own(cast: Cast) -> Iterator[None]:
    """One of everything, in support's hands."""
    logging.disable(logging.CRITICAL)
    load_default(cast.company, by=None)
    with numbers_afterwards_as_before():
        _fill(cast)
        yield
    logging.disable(logging.NOTSET)


def _fill(cast: Cast) -> None:
    number_rows_from(HERE)
    found = asked(cast, f"{FINDS_IT} {SECRET}", SECRET, html=f"<p>{SECRET}</p><img src='cid:a'>")
    message = found.messages.get()
    file = File.objects.keep(SECRET.encode())
    picture = {"file": file, "name": f"{SECRET}.png", "content_type": "image/png", "size": file.size}
    Attachment.objects.create(message=message, content_id="a", **picture)
    add_note(found, text=SECRET, by=cast.alice)
    reply(found, text=SECRET, by=cast.bob, seen_event=None, anyway=True)
    draft = Draft.objects.create(conversation=found, user=cast.bob, kind=Kind.OUTBOUND, text=SECRET)
    Attachment.objects.create(draft=draft, **picture)
    Macro.objects.create(name=SECRET, text=SECRET, team=cast.support)
    Notice.objects.create(user=cast.bob, conversation=found, kind="mention", particulars={"message": message.pk})
    Presence.objects.create(conversation=found, user=cast.bob, typed_at=timezone.now(), seen_at=timezone.now())
    invitation = Invitation.objects.create(
        conversation=found, contact=cast.dace, agent=cast.bob, team=cast.support, channel="email", language="en"
    )
    Rating.objects.create(invitation=invitation, score=1, comment=SECRET)
    raw = f"Subject: {SECRET}\r\n\r\n{SECRET}".encode()
    Arrival.objects.create(door="smtp", raw=raw, subject=SECRET, sender="dace@customer.example", message=message)
    assert Clock.objects.filter(conversation=found).exists()
    number_rows_from(THERE)


def client_of(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


def bodies(cast: Cast) -> list[dict[str, Any]]:
    """Something plausible for every form."""
    words = {
        **dict.fromkeys(("text", "name", "subject", "reason", "comment", "tags", "title"), "Mine now"),
        **dict.fromkeys(("pk", "ids", "id", "conversation", "message", "absorbed", "draft", "inbox"), str(HERE)),
        **dict.fromkeys(("user", "assignee"), str(cast.charlie.pk)),
        **dict.fromkeys(("team", "parent"), str(cast.sales.pk)),
        "kind": "outbound",
        "role": "agent",
        "language": "en",
        "then": "solved",
        "score": "5",
        "preset": "hour",
        "anyway": "1",
        "copied": "charlie@example.com",
        "email": "charlie@example.com",
    }
    targets = (str(cast.charlie.pk), str(cast.sales.pk), "closed", "4", "charlie@example.com")
    changes = ("assignment", "team", "status", "priority", "tags")
    return [{**words, "to": target, "change": change} for target, change in zip(targets, changes, strict=True)]


def content(response: HttpResponse) -> str:
    body = b"".join(response) if response.streaming else response.content  # type: ignore[call-overload]
    return f"{response.headers}\n{body.decode('utf-8', 'replace')}"


@dataclass(frozen=True)
class Tried:
    """A request, and what came of it. `changed`: something of support's is not as it was."""

    what: str
    name: str
    status: int
    text: str
    changed: bool


def tries(client: Client, cast: Cast) -> Iterator[Tried]:
    """Each address with each verb. What a request does is forgotten before the next one."""
    asking = {"q": FINDS_IT, "open": str(HERE), "queue": "open", "as": "html", "images": "1", "absorbed": str(HERE)}
    before, cookies = snapshot(), client.cookies.output()
    signed_in = {name: morsel.value for name, morsel in client.cookies.items()}
    savepoint, written = transaction.savepoint(), rows_written()
    for address in addresses(get_resolver()):
        for verb in VERBS if address.is_whole else ("GET",):
            posted = bodies(cast) if verb == "POST" else [{}]
            given = [(data, {}) for data in posted]
            if verb == "GET":
                given = [(asking, {}), (asking, HTMX)] if address.is_whole else [(asking, {})]
            for data, headers in given:
                response = _request(client, verb, address.path, data, headers)
                text = content(response)
                earlier, written = written, 0 if is_broken() else rows_written()
                changed = response.status_code not in REFUSALS and written > earlier and snapshot() != before
                if written != earlier:
                    go_back(savepoint)
                    written = written or rows_written()
                if client.cookies.output() != cookies:  # one of the addresses signs people out
                    client.cookies.clear()
                    client.cookies.load(signed_in)
                if response.status_code in REFUSALS and verb == "POST":
                    break  # the others would be refused for the same reason
                what = f"{verb} {address.path} {data} {getattr(response, 'exc_info', '')}"
                yield Tried(what, address.name, response.status_code, text, changed)


def _request(client: Client, verb: str, path: str, data: dict[str, Any], headers: dict[str, str]) -> Any:
    if verb in ("GET", "POST"):
        return getattr(client, verb.lower())(path, data, headers=headers)
    return client.generic(verb, path, headers=headers)


@pytest.mark.slow
@pytest.mark.usefixtures("supports_own")
@pytest.mark.parametrize("who", [None, "charlie"])
def test_strangers_neither_read_nor_change_what_is_support_s(cast: Cast, who: str | None) -> None:
    client = client_of(getattr(cast, who) if who else None)
    wrong = [
        f"{tried.status} {'leaks ' if SECRET in tried.text else ''}{'changes ' if tried.changed else ''}{tried.what}"
        for tried in tries(client, cast)
        if tried.status >= 500 or SECRET in tried.text or tried.changed
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.usefixtures("supports_own")
def test_analysts_read_and_change_nothing(cast: Cast) -> None:
    tried = list(tries(client_of(cast.quinn), cast))
    wrong = [
        f"{each.status} {'changes ' if each.changed else ''}{each.what}"
        for each in tried
        if each.status >= 500 or (each.changed and each.name not in SAYS_SOMETHING)
    ]
    assert not wrong, "\n".join(wrong)
    assert any(SECRET in each.text for each in tried), "she reads: the secret can be found at all"


@pytest.mark.usefixtures("supports_own")
def test_those_who_have_left_get_in_nowhere(cast: Cast) -> None:
    client = client_of(cast.bob)
    User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    for address in addresses(get_resolver()):
        response = client.get(address.path, {"q": FINDS_IT}, headers=HTMX)
        assert SECRET not in content(response), address.path
        assert response.status_code < 500, address.path
