"""The secrets of tokens: 240 random bits behind a prefix that scanners of source code can know."""

import hashlib
import secrets
from typing import Final

PREFIX: Final = "ans_"
ENDING: Final = 4


def new_secret() -> str:
    """Such as `ans_` and 40 letters, digits, hyphens and underscores."""
    return PREFIX + secrets.token_urlsafe(30)


def digest_of(secret: str) -> str:
    """What is kept of a secret. Nobody can guess what is so random; so a plain hash does, and it is found by an index
    without any letter of the secret being compared."""
    return hashlib.sha256(secret.encode()).hexdigest()
