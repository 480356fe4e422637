"""The server's own keys: made once, kept in the data directory, readable by nobody else."""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

KEYS: Final = "secrets.json"
WAITING: Final = "secrets.restoring.json"
"""Keys of a restore that has not ended, see keys.py."""


@dataclass(frozen=True)
class Secrets:
    """`django` signs sessions and forms; `address` signs reply addresses and customers' links;
    `vault` (a Fernet key) encrypts mailbox passwords."""

    django: str
    address: str
    vault: str


def _fresh() -> Secrets:
    return Secrets(
        django=secrets.token_urlsafe(50),
        address=secrets.token_urlsafe(32),
        vault=base64.urlsafe_b64encode(os.urandom(32)).decode(),
    )


def load_secrets(data_dir: Path) -> Secrets:
    """The keys in `data_dir/secrets.json`, made there first if there are none.

    Two processes that start at once agree: the file is written beside and linked into place,
    which succeeds for one of them only.
    """
    path = data_dir / KEYS
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        draft = data_dir / f".secrets-{os.getpid()}-{secrets.token_hex(4)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(_fresh().__dict__, file)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first; its keys are the keys
        finally:
            draft.unlink()
    return Secrets(**json.loads(path.read_text()))
