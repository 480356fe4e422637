"""The files of the embedded database: where they stand, whose they are, how they begin and what they say."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Final

from answerable.site.programs import becoming, environment
from answerable.site.refusal import DatabaseError

PORT: Final = 5432
SOCKET_NAME: Final = f".s.PGSQL.{PORT}"
SOCKET_PATH_LIMIT: Final = 107
"""Bytes in the path of a unix socket: `sun_path` of unix(7), less its final zero."""

SERVICE_USERS: Final = ("postgres", "nobody")
"""Whom root becomes to run a new cluster: the first of these that exists."""

LOCALE: Final = ("--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST", "--locale=C.UTF-8")
CONFIGURATION: Final = """\
# Answerable writes its own settings at each start:
include = 'answerable.conf'
# Yours go below and win.
"""


def owner_of(cluster: Path) -> pwd.struct_passwd:
    """The system user the server runs as: the cluster's owner, else who we are, never root."""
    if cluster.exists():
        uid = cluster.stat().st_uid
        if uid == 0:
            raise DatabaseError(
                f"{cluster} belongs to root, and PostgreSQL refuses to run as root. "
                f"Give it to an ordinary user: chown -R {SERVICE_USERS[0]} {cluster}"
            )
        if os.geteuid() not in (0, uid):
            raise DatabaseError(
                f"{cluster} belongs to user id {uid}; run as that user, as root, "
                "or set ANSWERABLE_DATA to a directory of your own."
            )
    elif os.geteuid() == 0:
        return _service_user()
    else:
        uid = os.geteuid()
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise DatabaseError(
            f"User id {uid} has no entry in the system's user list, which PostgreSQL needs. "
            "Add one, or use your own PostgreSQL by DATABASE_URL."
        ) from None


def create(cluster: Path, owner: pwd.struct_passwd, binaries: Path, *, durable: bool) -> None:
    """Make the cluster beside its final place, so that an interrupted attempt leaves no half of one."""
    draft = cluster.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(draft, owner.pw_uid, owner.pw_gid)
    command = [str(binaries / "initdb"), *LOCALE, "--encoding=UTF8", "--auth=peer", "--username=postgres"]
    command += ["-D", named_from_inside(draft)] + ([] if durable else ["--no-sync"])
    made = subprocess.run(
        command,
        cwd=draft,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        **becoming(owner),
    )
    if made.returncode:
        raise DatabaseError(f"The database could not be created in {cluster}:\n{made.stderr.strip()}")
    (draft / "postgresql.conf").write_text(CONFIGURATION, encoding="utf-8")
    draft.rename(cluster)


def configure(cluster: Path, owner: pwd.struct_passwd, *, durable: bool, line_prefix: str) -> None:
    """Write what the server is told at each start, and who may enter."""
    files = {
        "answerable.conf": "".join(f"{name} = {value}\n" for name, value in _tuning(durable, line_prefix).items()),
        "pg_hba.conf": "local all all peer map=answerable\n",
        "pg_ident.conf": f'answerable root all\nanswerable "{owner.pw_name}" all\n',
    }
    for name, text in files.items():
        path = cluster / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        if os.geteuid() == 0:
            os.chown(path, owner.pw_uid, owner.pw_gid)


def socket_directory(data_dir: Path) -> Path:
    """The directory of the server's socket by a path short enough for a socket's address.

    A long path gets a short name, a symbolic link in `/tmp`.

    :raises DatabaseError: somebody else has taken that name.
    """
    cluster = data_dir.absolute() / "postgres"
    if len(os.fsencode(cluster / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
        return cluster
    name = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]
    link = Path("/tmp") / f"answerable-{name}"  # noqa: S108 - its owner is checked below
    with contextlib.suppress(FileExistsError):
        link.symlink_to(cluster)
    trusted = {0, os.geteuid()} | ({data_dir.stat().st_uid} if data_dir.exists() else set())
    if link.lstat().st_uid not in trusted or not link.is_symlink() or Path(os.readlink(link)) != cluster:
        raise DatabaseError(f"{link} should lead to {cluster} and does not. Remove it and start again.")
    return link


def named_from_inside(directory: Path) -> str:
    """How a program started in `directory` calls it, though it may not enter the directories above."""
    return "/proc/self/cwd" if os.geteuid() == 0 and Path("/proc/self/cwd").exists() else str(directory)


def _service_user() -> pwd.struct_passwd:
    for name in SERVICE_USERS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise DatabaseError(
        f"PostgreSQL refuses to run as root, and there is no user {' or '.join(SERVICE_USERS)} to run it as. "
        f"Make one: useradd --system {SERVICE_USERS[0]}"
    )


def _tuning(durable: bool, line_prefix: str) -> dict[str, str]:
    """Settings for a machine that the database shares with the rest of Answerable."""
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    settings = {
        "shared_buffers": f"{max(64, min(1024, megabytes // 8))}MB",
        "effective_cache_size": f"{max(256, megabytes // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{max(64, min(512, megabytes // 16))}MB",
        "max_connections": "100",
        "random_page_cost": "1.1",
        "jit": "off",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "log_checkpoints": "off",
        "log_line_prefix": f"'{line_prefix}'",
        "log_timezone": "UTC",
        "timezone": "UTC",
        "cluster_name": "answerable",
    }
    if not durable:
        settings |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "shared_buffers": "64MB",
        }
    return settings
