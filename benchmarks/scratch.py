"""A PostgreSQL of its own for a measurement: started in a temporary directory, stopped and deleted afterwards.

It is tuned like the product's embedded one, except that nothing outlives the run (fsync is off while loading).
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from answerable.site.programs import binary

BINARIES = binary("postgres").parent
LOCALE = ["--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST", "--locale=C.UTF-8"]
SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "1GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "4GB",
    "fsync": "off",
    "random_page_cost": "1.1",
    "jit": "off",
}
NOBODY = 65534


def unprivileged(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: step down when we are."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]


@contextmanager
def scratch_postgres(directory: Path | None = None) -> Iterator[str]:
    """Yield a connection string (libpq keywords) of an empty cluster; delete the cluster at the end."""
    home = Path(tempfile.mkdtemp(prefix="answerable-bench-", dir=directory))
    if os.geteuid() == 0:
        os.chown(home, NOBODY, NOBODY)
    data = home / "data"
    control = str(BINARIES / "pg_ctl")
    options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
    try:
        initdb = [str(BINARIES / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        subprocess.run(unprivileged([*initdb, *LOCALE]), check=True, stdout=subprocess.DEVNULL, cwd=home)
        start = [control, "-D", str(data), "-w", "-l", str(home / "log"), "-o", f"{options} -k {home}", "start"]
        subprocess.run(unprivileged(start), check=True, stdout=subprocess.DEVNULL, cwd=home)
        try:
            yield f"host={home} user=postgres dbname=postgres"
        finally:
            stop = [control, "-D", str(data), "-m", "immediate", "stop"]
            subprocess.run(unprivileged(stop), check=True, stdout=subprocess.DEVNULL, cwd=home)
    finally:
        shutil.rmtree(home)
