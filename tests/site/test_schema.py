"""What the schema of this version consists of."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from django.db.migrations.loader import MigrationLoader

from answerable.events.wire import conninfo
from answerable.site import archive, schema
from answerable.site.dump import Place
from answerable.site.postgres import DATABASE, PORT, ROLE, EmbeddedPostgres
from answerable.site.processes import alone_on_this_version
from tests.site.served import answerable

OLD: Final = Path(__file__).with_name("old.backup")
"""`answerable demo --conversations 20`, backed up by the version of 24 November 2026.

When migrations since then take long to run here, put a younger one in its place."""
FRAMEWORK: Final = {"public.django_migrations", "public.django_content_type", "public.auth_permission"}
CONSTRAINTS: Final = "SELECT conrelid::regclass::text, conname, contype FROM pg_constraint WHERE conrelid > 0"
INDEXES: Final = "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"
COLUMNS: Final = (
    "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns"
    " WHERE table_schema = 'public'"
)


def test_migrations_are_told_by_their_files_as_django_finds_them() -> None:
    assert schema.migrations() == set(MigrationLoader(None).disk_migrations)


@pytest.mark.django_db
def test_one_at_a_time_brings_a_database_to_a_version() -> None:
    with psycopg.connect(conninfo()) as second:
        second.execute("SET lock_timeout = '20ms'")
        second.commit()
        with schema.one_at_a_time(), pytest.raises(psycopg.errors.LockNotAvailable):
            second.execute(schema.ALONE)
        second.rollback()
        second.execute(schema.ALONE)


@contextmanager
def of_tomorrow() -> Iterator[None]:
    """A later version has been at work on the database."""
    tomorrow = "app = 'desk' AND name = '9999_tomorrow'"
    with psycopg.connect(conninfo(), autocommit=True) as other:
        other.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('desk', '9999_tomorrow', now())")
        try:
            yield
        finally:
            other.execute(f"DELETE FROM django_migrations WHERE {tomorrow}".encode())


@pytest.mark.django_db
def test_a_database_of_a_later_version_is_refused_by_name() -> None:
    schema.refuse_a_later_one()
    with of_tomorrow(), pytest.raises(schema.LaterVersion, match=r"later version .* brought to desk\.9999_tomorrow"):
        schema.refuse_a_later_one()


@pytest.mark.django_db
def test_a_process_of_its_own_does_not_work_on_a_later_version() -> None:
    """On one of several machines that share a database, which another has brought to a later version."""
    assert alone_on_this_version(lambda _ready: 0) == 0
    with of_tomorrow(), pytest.raises(schema.LaterVersion):
        alone_on_this_version(lambda _ready: 0)


@pytest.mark.servers
@pytest.mark.django_db
def test_an_old_company_is_brought_to_this_version_whole(tmp_path: Path) -> None:
    """Rows are there while tables change, unlike in a new database: some changes PostgreSQL makes only without them."""
    done = answerable(tmp_path, "restore", str(OLD))
    assert done.returncode == 0, done.stderr
    with archive.opened(OLD) as (_, manifest):
        before = {name: table.rows for name, table in manifest.tables.items() if name not in FRAMEWORK}
    with EmbeddedPostgres(tmp_path, durable=False) as server:
        place = Place(f"host='{server.socket_directory}' port={PORT} user={ROLE} dbname={DATABASE}")
        with place.connect() as old:
            counted = {name: _asked(old, f"SELECT count(*) FROM {name}")[0][0] for name in before}
            assert counted == before
            with psycopg.connect(conninfo()) as new:
                for question in (COLUMNS, CONSTRAINTS, INDEXES):
                    assert set(_asked(old, question)) == set(_asked(new, question))


def _asked(connection: psycopg.Connection[Any], question: str) -> list[Any]:
    return connection.execute(question.encode()).fetchall()


@pytest.mark.servers
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("made", "words"),
    [
        ("ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER libc", "keeps letters as SQL_ASCII"),
        ("ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER libc", "only English letters"),
        ("ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' LOCALE_PROVIDER libc", None),
    ],
)
def test_a_database_that_cannot_keep_all_words_is_refused_while_it_is_new(
    made: str, words: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(conninfo())
    with place.maintenance() as server:
        server.execute(f"CREATE DATABASE letters TEMPLATE template0 {made}".encode())
    monkeypatch.setattr("answerable.events.wire.conninfo", lambda: place.named("letters").conninfo)
    try:
        found = schema.why_unfit()
        assert (found is None) if words is None else (words in (found or ""))
        if words:
            with pytest.raises(schema.UnfitDatabase, match="CREATE DATABASE"):
                schema.bring_up_to_date()
        with place.named("letters").connect(autocommit=True) as letters:
            assert schema.is_empty()
            letters.execute("CREATE TABLE old ()")
        assert not schema.is_empty()
    finally:
        with place.maintenance() as server:
            server.execute("DROP DATABASE letters WITH (FORCE)")
