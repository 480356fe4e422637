"""The file by which a homeserver knows us (Application Service API, Registration)."""

import json

from django.conf import settings
from django.urls import reverse

from answerable.channels.instant.models import Gateway
from answerable.channels.matrix.names import namespace


def service_id(gateway: Gateway) -> str:
    """How the homeserver calls us."""
    return f"answerable-{gateway.pk}"


def our_url(gateway: Gateway) -> str:
    """Where the homeserver finds us, without the slash at the end."""
    return settings.SITE_URL + reverse("messenger_door", args=[gateway.pk, "x"]).removesuffix("/x")


def registration(gateway: Gateway) -> str:
    """YAML, of which JSON is a part: each value is written as JSON writes it."""
    secrets = gateway.secrets
    users = [{"exclusive": True, "regex": namespace(gateway)}]
    values = {
        "id": service_id(gateway),
        "url": our_url(gateway),
        "as_token": secrets["as_token"],
        "hs_token": secrets["hs_token"],
        "sender_localpart": gateway.facts["localpart"],
        "rate_limited": False,
        "receive_ephemeral": True,  # receipts and typing (v1.13)
        "de.sorunome.msc2409.push_ephemeral": True,  # the same, as older servers call it
        "namespaces": {"users": users, "aliases": [], "rooms": []},
    }
    return "".join(f"{name}: {json.dumps(value)}\n" for name, value in values.items())
