"""`DATABASE_URL`: read as libpq would, and used on real servers of one's own over TCP with a password."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

from answerable.site.database import database_settings
from answerable.site.dump import tables_of
from answerable.site.pooled.base import DatabaseWrapper
from answerable.site.programs import binary
from answerable.site.refusal import DatabaseError
from tests.ports import free_port
from tests.site.served import Served, answerable
from tests.site.waiting import until

PASSWORD = "p@ss/w:rd ?#%ā"
NOWHERE = Path("/nowhere")


def settings(url: str) -> dict[str, Any]:
    return database_settings({"DATABASE_URL": url}, NOWHERE)


def test_each_part_of_the_address_is_decoded() -> None:
    url = f"postgresql://me%40home:{quote(PASSWORD, safe='')}@db.Example.com:6432/my%20desk?sslmode=require"
    made = settings(url)
    assert (made["USER"], made["PASSWORD"], made["NAME"]) == ("me@home", PASSWORD, "my desk")
    assert (made["HOST"], made["PORT"]) == ("db.Example.com", "6432")
    assert made["OPTIONS"]["sslmode"] == "require"
    assert made["OPTIONS"]["pool"]["max_size"] > 1


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("postgresql://u@[2001:db8::1]:5433/d", "2001:db8::1", "5433"),
        ("postgres://u@%2Frun%2FPostgreSQL/d", "/run/PostgreSQL", ""),
        ("postgresql://u@/d?host=/run/postgresql&port=5433", "/run/postgresql", "5433"),
        ("postgresql:///d", "", ""),
    ],
)
def test_hosts_in_their_several_shapes(url: str, host: str, port: str) -> None:
    made = settings(url)
    assert (made["HOST"], made["PORT"], made["NAME"]) == (host, port, "d")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://u@h/d", "must begin with postgresql://, not mysql://"),
        ("just words", "must begin with postgresql://, not nothing://"),
        ("postgresql://u@h", "names no database"),
        ("postgresql://u@h:port/d", "cannot be read"),
    ],
)
def test_an_address_that_is_none_is_refused_with_a_reason(url: str, words: str) -> None:
    with pytest.raises(DatabaseError, match=words):
        settings(url)


def test_without_an_address_it_is_the_socket_in_the_data_directory(tmp_path: Path) -> None:
    made = database_settings({}, tmp_path)
    assert made["NAME"] == made["USER"] == "answerable"
    assert Path(made["HOST"]).resolve() == tmp_path / "postgres"


DEBIANS = Path("/usr/lib/postgresql/15/bin")
SERVERS = [
    pytest.param(binary("postgres").parent, id="18"),
    pytest.param(
        DEBIANS,
        id="15",
        marks=pytest.mark.skipif(not DEBIANS.exists(), reason="Debian's PostgreSQL 15 is not installed"),
    ),
]


@pytest.fixture(scope="module", params=SERVERS)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server of one's own: TCP, a password, a role that may create databases and nothing else."""
    programs: Path = request.param
    home = Path("/tmp") / f"answerable-own-{os.getpid()}-{request.param_index}"
    home.mkdir(mode=0o700)
    become: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        os.chown(home, user.pw_uid, user.pw_gid)
        become = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    port = free_port()
    (home / "password").write_text(PASSWORD)
    (home / "password").chmod(0o644)
    data = str(home / "data")
    command = [str(programs / "initdb"), "-D", data, "--username=owner", "--locale=C.UTF-8", "--encoding=UTF8"]
    command += ["--auth=scram-sha-256", f"--pwfile={home / 'password'}", "--no-sync"]
    subprocess.run(command, check=True, capture_output=True, cwd="/", **become)
    command = [str(programs / "postgres"), "-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1"]
    command += ["-c", "unix_socket_directories=", "-c", "fsync=off"]
    server = subprocess.Popen(command, cwd="/", stderr=subprocess.DEVNULL, **become)
    owner = f"postgresql://owner:{quote(PASSWORD, safe='')}@127.0.0.1:{port}"
    try:
        with until(lambda: connected(f"{owner}/postgres"), what="the server") as connection:
            connection.execute("CREATE ROLE desk LOGIN CREATEDB PASSWORD 'p@ss'")
            connection.execute('CREATE DATABASE "my desk" OWNER desk')
        yield f"postgresql://desk:p%40ss@127.0.0.1:{port}/my%20desk?connect_timeout=5"
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(home)


def connected(url: str) -> psycopg.Connection[Any] | None:
    try:
        return psycopg.connect(url, autocommit=True)
    except psycopg.OperationalError:
        return None


@pytest.mark.servers
@pytest.mark.slow
def test_a_server_of_ones_own_serves_and_is_backed_up_and_restored(url: str, tmp_path: Path) -> None:
    with Served(tmp_path / "data", DATABASE_URL=url) as served:
        served.until_ready()
        assert not served.pids("database")
        assert not (tmp_path / "data" / "postgres").exists()
        assert served.stop() == 0
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE ours AS SELECT 'Āboli' AS words, 'x'::bytea AS content")
        before = tables_of(connection)
    file = tmp_path / "ours.backup"
    done = answerable(tmp_path / "data", "backup", str(file), DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    done = answerable(tmp_path / "data", "restore", "--replace", str(file), DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(url) as connection:
        assert tables_of(connection) == before


CONSISTS_OF = """
SELECT table_name, column_name, udt_name, is_nullable, coalesce(column_default, '')
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'ours'
UNION ALL SELECT 'index', tablename, indexname, '', '' FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, contype::text, '' FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, '', '' FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function', proname, pg_get_function_identity_arguments(oid), '', '' FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
"""


@pytest.mark.servers
@pytest.mark.slow
@pytest.mark.parametrize("url", SERVERS[1:], indirect=True)
def test_the_oldest_server_grows_by_migrations_to_what_is_written_down(url: str, tmp_path: Path) -> None:
    """A new database gets the schema as the newest server wrote it; one that was there already goes another way."""
    grown = url.replace("my%20desk", "grown")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE grown")
    with psycopg.connect(grown, autocommit=True) as connection:
        connection.execute("CREATE TABLE ours ()")
    for each in (grown, url):
        done = answerable(tmp_path, "migrate", DATABASE_URL=each)
        assert done.returncode == 0, done.stderr
    assert schema_of(grown) == schema_of(url)


def schema_of(url: str) -> set[tuple[str, ...]]:
    """What it consists of, by name; how an index writes down its conditions differs once they were written and read."""
    with psycopg.connect(url) as connection:
        return set(connection.execute(CONSISTS_OF).fetchall())


@pytest.mark.servers
@pytest.mark.parametrize("command", ["migrate", "mail ledger"])
def test_a_server_that_does_not_answer_is_said(command: str, tmp_path: Path) -> None:
    url = f"postgresql://u@127.0.0.1:{free_port()}/d?connect_timeout=1"
    done = answerable(tmp_path, *command.split(), DATABASE_URL=url)
    assert done.returncode == 1
    assert "the database does not answer: connection failed" in done.stderr
    assert "Traceback" not in done.stderr


class Apart(DatabaseWrapper):
    """With a pool of its own."""

    _connection_pools: ClassVar[dict[str, Any]] = {}


@pytest.mark.django_db
def test_a_connection_that_the_server_has_ended_is_not_given_to_a_page() -> None:
    page = Apart(connection.settings_dict, alias="default")
    try:
        with page.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            ended = cursor.fetchone()
        page.close()  # that is, back into the pool
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", ended)
            assert cursor.fetchone() == (True,)
        with page.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            assert cursor.fetchone() != ended
    finally:
        page.close()
        page.close_pool()
