"""What receivers are told, for the OpenAPI document: each public verb as an entry of its `webhooks`."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from answerable.api.outputs.events import EVENT
from answerable.api.outputs.verbs import PUBLIC
from answerable.api.schema import Schema, example_of, moment, named, record, text
from answerable.api.webhooks.catalogue import TRIAL
from answerable.api.webhooks.payloads import OUTPUTS
from answerable.api.webhooks.waits import GIVE_UP_AFTER

TOLD: Final = named(
    "WebhookData",
    record(
        "An event, and as they are by then what it happened to and what that belongs to; nothing where that is gone.",
        event=EVENT.ref,
        **{kind: output.shape.ref for kind, output in OUTPUTS.items()},
    )
    | {"required": ["event"]},
)
HEADERS: Final[Mapping[str, Schema]] = {
    "webhook-id": text("Names the delivery: the same at each attempt. Do nothing twice for one.", "event-4711"),
    "webhook-timestamp": text("When this attempt was made, in Unix seconds. Refuse what is old.", "1795356000"),
    "webhook-signature": text(
        "Standard Webhooks 1.0: `v1,` and in base64 the HMAC-SHA256 over `webhook-id.webhook-timestamp.body` by the "
        "bytes behind `whsec_`; several, with spaces between them, while two secrets are valid.",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
}
ANSWERS: Final[Mapping[str, Schema]] = {
    "2XX": {
        "description": "Taken. What the answer says is kept in the log for administrators, and read by nobody else."
    },
    "410": {"description": "Nothing more is wanted: the webhook is switched off."},
    "default": {"description": f"Tried again, for {GIVE_UP_AFTER.days} days; `Retry-After` is minded up to an hour."},
}


def webhooks() -> Mapping[str, Any]:
    """By verb; and the delivery that only shows whether deliveries arrive."""
    return dict(_described())


def _described() -> Iterator[tuple[str, Any]]:
    for verb in PUBLIC.values():
        particulars = {name: {"description": about} for name, about in verb.data.items()}
        event = {"properties": {"verb": {"const": verb.name}, "data": {"properties": particulars}}}
        yield verb.name, _told(verb.name, verb.about, {"allOf": [TOLD.ref, {"properties": {"event": event}}]})
    said = record(
        "Who asks.", **{"from": text("The address of this server.", "https://service.example.com", form="uri")}
    )
    yield TRIAL, _told(TRIAL, "An administrator tries whether deliveries arrive.", said)


def _told(verb: str, about: str, data: Schema) -> Schema:
    body = record(about, type={"type": "string", "const": verb}, timestamp=moment("When it happened."), data=data)
    parameters = [
        {"name": name, "in": "header", "required": True, "schema": schema, "example": example_of(schema)}
        for name, schema in HEADERS.items()
    ]
    return {
        "post": {
            "summary": about,
            "tags": ["Webhooks"],
            "security": [],
            "parameters": parameters,
            "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
            "responses": dict(ANSWERS),
        }
    }
