"""How a receiver knows that it was us: Standard Webhooks 1.0, symmetric signatures (HMAC-SHA256, identifier v1).

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, "Signature scheme".
"""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """Random, as it is shown: `whsec_` and base64."""
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, key: str, timestamp: int, body: bytes) -> str:
    """Over `{id}.{timestamp}.{body}`, the body byte for byte as it is sent."""
    signed = b".".join([key.encode(), str(timestamp).encode(), body])
    return "v1," + b64encode(hmac.digest(b64decode(secret.removeprefix(PREFIX)), signed, hashlib.sha256)).decode()


def headers(valid: Iterable[str], key: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers; one signature for each secret that is valid, separated by spaces."""
    return {
        "webhook-id": key,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, key, timestamp, body) for secret in valid),
    }
