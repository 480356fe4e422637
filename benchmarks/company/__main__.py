"""Found and fill the company in the database that ANSWERABLE_DATA names: python -m benchmarks.company CONVERSATIONS

Writes `bench.json` into the data directory: the keys that load clients need.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

SEED = 2026


def main(conversations: int) -> None:
    from answerable.site.processes import prepare

    prepare()
    from django.conf import settings

    from answerable.events.wire import conninfo
    from benchmarks.company.founding import found, write_contacts

    place = make_conninfo(conninfo(), user="postgres")  # who may silence triggers
    company = found(conversations, SEED)
    contacts = write_contacts(place, company, SEED)
    with psycopg.connect(place, autocommit=True) as connection:
        of_company = tables(connection)
        vacuum(connection, of_company, "false")
        indexes = without_indexes(connection)
        began = time.perf_counter()
        fill(place, company, contacts, conversations)
        said("copied", began)
        began = time.perf_counter()
        restore(connection, indexes)
        said("indexed", began)
        connection.execute("VACUUM ANALYZE")
        vacuum(connection, of_company, "true")
    company.save(Path(settings.DATA_DIR) / "bench.json")


def fill(place: str, company: object, contacts: object, conversations: int) -> None:
    """COPY everything, chunk by chunk."""
    from answerable.desk import models as desk
    from answerable.events.models import Event
    from answerable.feedback.models import Invitation, Rating
    from benchmarks.company.conversations import chunks, write
    from benchmarks.company.copying import Tables

    keyed = dict.fromkeys(
        (
            desk.Conversation,
            desk.Message,
            desk.Delivery,
            desk.Attachment,
            desk.Clock,
            desk.Escalation,
            Invitation,
            Rating,
        ),
        ("id",),
    )
    with Tables(place, {**keyed, desk.Search: (), Event: ()}) as tables:
        for chunk in chunks(company, contacts, conversations, SEED):
            write(chunk, tables)


def tables(connection: psycopg.Connection) -> list[str]:
    """Those that grow with the conversations."""
    found = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " AND relname ~ '^(desk|events|feedback)_'"
    )
    return [row[0] for row in found]


def vacuum(connection: psycopg.Connection, names: list[str], enabled: str) -> None:
    """Whether the database tidies these by itself; while they are filled it would only be in the way."""
    for name in names:
        connection.execute(f"ALTER TABLE {name} SET (autovacuum_enabled = {enabled})".encode())


def without_indexes(connection: psycopg.Connection) -> list[str]:
    """Drop the indexes that no constraint needs; what makes them again."""
    found = connection.execute(
        """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
           WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace
                              AND relname ~ '^(desk|events|feedback)_')
             AND NOT indisunique AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"""
    ).fetchall()
    for name, _definition in found:
        connection.execute(f"DROP INDEX {name}".encode())
    return [definition for _name, definition in found]


def restore(connection: psycopg.Connection, definitions: list[str]) -> None:
    """Make the indexes again, and let new rows be numbered after those copied."""
    connection.execute("SET maintenance_work_mem = '1GB'")
    for definition in definitions:
        connection.execute(definition.encode())
    numbered = connection.execute(
        """SELECT table_name, column_name FROM information_schema.columns
           WHERE table_schema = 'public' AND is_identity = 'YES'"""
    ).fetchall()
    for table, column in numbered:
        connection.execute(
            f"""SELECT setval(pg_get_serial_sequence('{table}', '{column}'), max({column}))
                FROM "{table}" HAVING max({column}) IS NOT NULL""".encode()
        )


def said(what: str, began: float) -> None:
    print(f"{what} in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
