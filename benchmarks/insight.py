"""How fast the report's page is: python -m benchmarks.insight [conversations] [--runs 9]

Fills a database of its own by SQL (180 days, eight teams, two clocks a conversation, ratings for a third),
then measures reading the facts, and the page as a browser asks for it, by the real processes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

CONTACTS = """
INSERT INTO customers_contact (name, language, region, notes, created_at)
SELECT 'Contact ' || n, 'lv', 'LV', '', now() FROM generate_series(1, 30000) n
"""
CONVERSATIONS = """
INSERT INTO desk_conversation (inbox_id, channel, team_id, contact_id, subject, status, priority, tags, language,
    segment, region, copied, created_at, last_message_at, preview, message_count, first_answered_at,
    first_answer_seconds, solved_at, solution_seconds, reopen_count)
SELECT (SELECT min(id) FROM desk_inbox), (ARRAY['email','form','chat'])[1 + n %% 3], 2 + n %% 8,
    1 + n %% 30000, 'A question about order ' || n,
    CASE WHEN solved THEN 'solved' ELSE 'open' END, 2, '{}', (ARRAY['en','lv','ka','kk'])[1 + n %% 4],
    (ARRAY['gold','',''])[1 + n %% 3], 'LV', '{}', began, began, repeat('Where is my order? ', 8), 3,
    CASE WHEN answered THEN began + first END, CASE WHEN answered THEN extract(epoch FROM first) * 0.4 END,
    CASE WHEN solved THEN began + first + more END,
    CASE WHEN solved THEN extract(epoch FROM first + more) * 0.4 END, (n %% 20 = 0)::int
FROM (
    SELECT n, least(now(), date_trunc('day', now() - interval '180 days' * (1 - n::float / %(n)s))
            + interval '1 hour' * (5 + 7 * (random() + random()))) AS began,
        interval '1 second' * exp(8.6 + 1.3 * (random() + random() + random() + random() - 2) * 1.7) AS first,
        interval '1 second' * exp(10.5 + 1.2 * (random() + random() + random() + random() - 2) * 1.7) AS more
    FROM generate_series(1, %(n)s) n
) made, LATERAL (SELECT began + first < now() AND n %% 33 > 0 AS answered) a,
    LATERAL (SELECT began + first + more < now() AND n %% 33 > 0 AS solved) s
"""
CLOCKS = """
INSERT INTO desk_clock (conversation_id, kind, state, version_id, standard, target_seconds, facts, team_id,
    started_at, due_at, pauses, stopped_at, elapsed_seconds)
SELECT id, kind, CASE WHEN stopped IS NULL AND created_at + within < now() THEN 'breached' WHEN stopped IS NULL
    THEN 'running' WHEN elapsed <= extract(epoch FROM within) THEN 'met' ELSE 'breached' END, %(version)s,
    standard, extract(epoch FROM within), '{}', team_id, created_at, created_at + within, '[]', stopped, elapsed
FROM desk_conversation, LATERAL (VALUES
    ('first_response', %(first)s, interval '4 hours', first_answered_at, first_answer_seconds),
    ('resolution', %(resolution)s, interval '3 days', solved_at, solution_seconds)
) AS kinds (kind, standard, within, stopped, elapsed)
"""
RATINGS = (
    """
INSERT INTO feedback_invitation (conversation_id, contact_id, team_id, channel, language, asked_at)
SELECT id, contact_id, team_id, channel, language, solved_at FROM desk_conversation
WHERE solved_at IS NOT NULL AND id % 2 = 0
""",
    """
INSERT INTO feedback_rating (invitation_id, score, comment, rated_at)
SELECT id, (ARRAY[5,5,5,4,4,4,3,2,1])[1 + id % 9], '', asked_at + interval '1 hour'
FROM feedback_invitation WHERE id % 3 = 0
""",
)
PASSWORD = "correct horse battery"


def fill(n: int) -> None:
    """A company with `n` conversations."""
    from django.db import connection

    from answerable.desk.models import Inbox
    from answerable.people.models import Company, Membership, Role, Team, User
    from answerable.policy.actions import load_default
    from answerable.policy.running import compiled

    company = Company.objects.create(name="Example", country="LV", time_zone="Europe/Riga")
    top = Team.objects.create(name="Everyone", key="t", path="/t/")
    teams = [
        Team.objects.create(name=f"Team {number}", key=f"t{number}", path=f"/t/t{number}/", parent=top)
        for number in range(8)
    ]
    Inbox.objects.create(name="Mail", address="mail@example.com", team=teams[0])
    ada = User.objects.create_user("ada@example.com", PASSWORD, name="Ada", time_zone="Europe/Riga")
    Membership.objects.create(user=ada, team=top, role=Role.ADMINISTRATOR)
    version = load_default(company, by=ada)
    keys = {str(each.clock): each.key for each in compiled(version.pk).standards.values()}
    promised = {"version": version.pk, "first": keys["first_response"], "resolution": keys["resolution"]}
    with connection.cursor() as cursor:
        cursor.execute(CONTACTS)
        cursor.execute(CONVERSATIONS, {"n": n})
        cursor.execute(CLOCKS, promised)
        for statement in RATINGS:
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE")


def timed(what: str, run: Callable[[], object], runs: int) -> None:
    """Print the median and the spread of some runs after one to warm up."""
    run()
    seconds = []
    for _ in range(runs):
        begin = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - begin)
    print(f"  {what:44} {statistics.median(seconds):7.3f} s  ({min(seconds):.3f}-{max(seconds):.3f})")


def measure(runs: int) -> None:
    """Facts, then pages."""
    from django.test import Client

    from answerable.desk.actions.conversations import set_priority
    from answerable.desk.models import Conversation, Priority
    from answerable.insight.question import Question
    from answerable.insight.store import FILE, Store
    from answerable.insight.targets import targets_in_force
    from answerable.people.models import User

    ada = User.objects.get(email="ada@example.com")
    directory = Path(tempfile.mkdtemp(prefix="answerable-facts-"))
    questions = [Question.of({"period": str(days)}, ada).report(targets_in_force()) for days in (30, 90)]
    store, source = Store(directory), questions[0].source
    begin = time.perf_counter()
    store.refresh(source.conninfo)
    print(f"  {'facts of everything, read once':44} {time.perf_counter() - begin:7.3f} s")
    print(f"  {'their file':44} {(directory / FILE).stat().st_size / 1e6:7.1f} MB")
    some = list(Conversation.objects.order_by("pk")[: runs + 1])

    def change() -> None:
        conversation = some.pop()
        set_priority(conversation, to=Priority.URGENT, by=ada)
        store.refresh(source.conninfo)

    timed("a change made, and the facts up to date again", change, runs)
    for days, question in zip((30, 90), questions, strict=True):
        timed(
            f"the report of {days} days and the {days} before",
            lambda asked=question: asked.answer(store.facts(asked.source)),
            runs,
        )
    store.close()
    shutil.rmtree(directory)
    client = Client(headers={"host": "localhost"})
    client.force_login(ada)

    def page(path: str) -> None:
        response = client.get(path)
        assert response.status_code == 200, response.content[:300]

    page("/report/figures/?period=30")
    for what, path in (
        ("page, shell", "/report/?period=30&team=3"),
        ("figures, 30 days", "/report/figures/?period=30"),
        ("figures, 90 days", "/report/figures/?period=90"),
        ("charts, 30 days, drawn before", "/report/charts/?period=30"),
        ("conversations behind a figure", "/report/conversations/?period=30&kpi=first_response"),
    ):
        timed(what, lambda path=path: page(path), runs)


def main() -> None:
    """Make a database, measure, take it away."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("conversations", type=int, nargs="?", default=100_000)
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="answerable-bench-"))
    os.environ |= {"ANSWERABLE_DATA": str(home), "DJANGO_SETTINGS_MODULE": "answerable.site.settings"}
    from answerable.site.postgres import EmbeddedPostgres

    try:
        with EmbeddedPostgres(home, durable=False):
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate", interactive=False, verbosity=0)
            fill(options.conversations)
            print(f"{options.conversations:,} conversations")
            measure(options.runs)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
