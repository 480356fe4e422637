"""A backup holds everything, proves it, and a restore never costs what was there."""

import json
import os
import signal
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from answerable.site.archive import MANIFEST, BackupError
from answerable.site.backup import back_up, restore
from answerable.site.dump import DatabaseError, Place, alone, tables_of
from answerable.site.postgres import DATABASE, PORT, ROLE, EmbeddedPostgres
from answerable.site.processes import settle_keys

pytestmark = pytest.mark.servers

NAMES = {"answerable", "postgres", "template0", "template1"}
CONTENT = bytes(range(256)) * 4096


def say_nothing(_: str) -> None:
    pass


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("backup"), durable=False) as running:
        yield running


@pytest.fixture
def place(server: EmbeddedPostgres) -> Place:
    """A database with a file in it, some words and an applied migration."""
    found = Place(f"host='{server.socket_directory}' port={PORT} user={ROLE} dbname={DATABASE}")
    with found.connect(autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
        connection.execute("CREATE TABLE django_migrations (id int, app text, name text)")
        connection.execute("INSERT INTO django_migrations VALUES (1, 'desk', '0001_initial')")
        connection.execute(
            "CREATE TABLE attachment (id int PRIMARY KEY, content bytea, at timestamptz, found tsvector)"
        )
        connection.execute("INSERT INTO attachment VALUES (1, %s, now(), to_tsvector('simple', 'Қайтару'))", [CONTENT])
    return found


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "secrets.json"
    path.write_text('{"django": "one"}')
    return path


@pytest.fixture
def file(place: Place, keys: Path, tmp_path: Path) -> Path:
    path = tmp_path / "all.backup"
    back_up(place, keys, path, say_nothing)
    return path


def put_back(place: Place, keys: Path, file: Path, *, replace: bool = True) -> None:
    restore(place, keys, file, say_nothing, replace=replace, known={"desk.0001_initial"})


def everything(place: Place) -> Any:
    with place.connect() as connection:
        return tables_of(connection)


def execute(place: Place, statement: str) -> None:
    with place.connect(autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def databases(place: Place) -> set[str]:
    with place.maintenance() as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def test_what_is_lost_comes_back_byte_by_byte(place: Place, keys: Path, file: Path) -> None:
    before = everything(place)
    execute(place, "DROP TABLE attachment")
    keys.write_text('{"django": "another"}')
    put_back(place, keys, file)
    assert everything(place) == before
    with place.connect() as connection:
        assert connection.execute("SELECT content FROM attachment").fetchone() == (CONTENT,)
    assert keys.read_text() == '{"django": "one"}'
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert databases(place) == NAMES


def test_only_its_owner_may_read_the_file_and_nothing_half_written_stays(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir() if ".part" in path.name] == []


def test_the_file_has_its_name_only_once_it_is_proved(place: Place, keys: Path, file: Path) -> None:
    before = file.read_bytes()

    def spoiled(step: str) -> None:
        if step == "Checking what was written":
            (draft,) = file.parent.glob(".*.part")
            assert stat.S_IMODE(draft.stat().st_mode) == 0o600
            draft.write_bytes(before[:-100])

    with pytest.raises(BackupError):
        back_up(place, keys, file, spoiled)
    assert file.read_bytes() == before
    assert list(file.parent.glob(".*.part")) == []


def test_a_link_leads_to_where_the_backup_is_written(place: Place, keys: Path, tmp_path: Path) -> None:
    link = tmp_path / "the latest one"
    link.symlink_to(tmp_path / "elsewhere")
    back_up(place, keys, link, say_nothing)
    assert link.is_symlink()
    assert zipfile.is_zipfile(tmp_path / "elsewhere")


def test_what_is_no_file_is_left_as_it_is(place: Place, keys: Path, tmp_path: Path) -> None:
    """As root, standard output or /dev/null would else become a file."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BackupError, match="is no file"):
        back_up(place, keys, tmp_path / "pipe", say_nothing)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_what_a_killed_one_left_goes_with_the_next(place: Place, keys: Path, tmp_path: Path) -> None:
    mine = "answerable_check_120000000001", "answerable_old_120000000001"
    others = "answerable_checked", "answerable_new_12"
    with place.maintenance() as server:
        for name in (*mine, *others):
            server.execute(f"CREATE DATABASE {name}".encode())
    (tmp_path / ".all.backup.part").write_bytes(b"half of it")
    back_up(place, keys, tmp_path / "all.backup", say_nothing)
    assert databases(place) == {*NAMES, *others}
    with place.maintenance() as server:
        for name in others:
            server.execute(f"DROP DATABASE {name}".encode())


def test_two_at_once_are_one_too_many(place: Place, keys: Path, file: Path) -> None:
    with alone(place), pytest.raises(DatabaseError, match="Another backup or restore"):
        put_back(place, keys, file)
    put_back(place, keys, file)


@pytest.mark.parametrize("step", ["Putting it in place", "Clearing away what was there"])
def test_killed_while_it_takes_the_place_database_and_keys_fit(place: Place, keys: Path, file: Path, step: str) -> None:
    """With both old, or with both of the backup."""
    execute(place, "DELETE FROM attachment")
    keys.write_text('{"django": "another"}')
    if not (child := os.fork()):
        with os.fdopen(os.open(os.devnull, os.O_WRONLY)) as nowhere:
            os.dup2(nowhere.fileno(), 2)
        restore(place, keys, file, killed_at(step), replace=True, known={"desk.0001_initial"})
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    settle(keys, place)
    is_new = step == "Clearing away what was there"
    with place.connect() as connection:
        assert connection.execute("SELECT count(*) FROM attachment").fetchone() == (1 if is_new else 0,)
    assert keys.read_text() == ('{"django": "one"}' if is_new else '{"django": "another"}')
    assert sorted(path.name for path in keys.parent.glob("secrets*")) == (
        ["secrets.before-restore.json", "secrets.json"] if is_new else ["secrets.json"]
    )
    put_back(place, keys, file)
    assert databases(place) == NAMES


def killed_at(step: str) -> Callable[[str], None]:
    return lambda told: os.kill(os.getpid(), signal.SIGKILL) if told == step else None


def settle(keys: Path, place: Place) -> None:
    """As whoever starts next does."""
    where = conninfo_to_dict(place.conninfo)
    url = f"postgresql://{where['user']}@/{where['dbname']}?host={where['host']}&port={where['port']}"
    settle_keys({"ANSWERABLE_DATA": str(keys.parent), "DATABASE_URL": url})


def test_data_that_are_there_are_not_replaced_unasked(place: Place, keys: Path, file: Path) -> None:
    with pytest.raises(BackupError, match="has 1 rows already"):
        put_back(place, keys, file, replace=False)


@pytest.mark.parametrize("near", [b"PGDMP", b'"django": "one"', b'"sha256": "'], ids=["dump", "keys", "manifest"])
def test_a_damaged_file_is_refused_and_the_old_data_stay(place: Place, keys: Path, file: Path, near: bytes) -> None:
    before = everything(place)
    content = bytearray(file.read_bytes())
    content[content.index(near) + len(near) + 1] ^= 0x01
    file.write_bytes(content)
    with pytest.raises(BackupError):
        put_back(place, keys, file)
    assert everything(place) == before


def test_a_file_cut_short_is_refused(place: Place, keys: Path, file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(BackupError, match="its end is missing"):
        put_back(place, keys, file)


def test_a_backup_whose_rows_do_not_match_is_refused_and_the_old_data_stay(
    place: Place, keys: Path, file: Path
) -> None:
    before = everything(place)
    rewrite(file, lambda manifest: manifest["tables"]["public.attachment"].update(rows=2))
    with pytest.raises(BackupError, match=r"differs .*: public\.attachment\."):
        put_back(place, keys, file)
    assert everything(place) == before
    assert databases(place) == NAMES


def test_a_backup_of_a_later_version_is_refused(place: Place, keys: Path, file: Path) -> None:
    rewrite(file, lambda manifest: manifest["migrations"].append("desk.0099_future"))
    with pytest.raises(BackupError, match=r"later version, .*desk\.0099_future"):
        put_back(place, keys, file)


def test_nobody_may_be_connected(place: Place, keys: Path, file: Path) -> None:
    with place.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        with pytest.raises(BackupError, match="Stop every Answerable process first"):
            put_back(place, keys, file)


def test_a_backup_is_of_one_moment(place: Place, keys: Path, tmp_path: Path) -> None:
    """Rows that arrive while it is written are in neither its counts nor its dump."""

    def meanwhile(step: str) -> None:
        if step == "Writing the database":
            execute(place, "INSERT INTO attachment VALUES (2, '', now(), NULL)")

    manifest = back_up(place, keys, tmp_path / "moment.backup", meanwhile)
    assert manifest.tables["public.attachment"].rows == 1


def test_an_empty_database_has_nothing_to_back_up(place: Place, keys: Path, tmp_path: Path) -> None:
    execute(place, "DROP TABLE django_migrations")
    with pytest.raises(BackupError, match="the database is empty"):
        back_up(place, keys, tmp_path / "none.backup", say_nothing)
    assert not (tmp_path / "none.backup").exists()


def test_a_role_that_may_not_create_databases_is_told(place: Place, keys: Path, file: Path) -> None:
    with psycopg.connect(f"{place.conninfo} user=postgres", autocommit=True) as admin:
        admin.execute("ALTER ROLE answerable NOCREATEDB")
        try:
            with pytest.raises(Exception, match="may not create databases"):
                put_back(place, keys, file)
        finally:
            admin.execute("ALTER ROLE answerable CREATEDB")


def rewrite(file: Path, change: Any) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(parts[MANIFEST])
    change(manifest)
    parts[MANIFEST] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
