"""Whose token it is."""

from answerable.api.operations import Answer, Call, operation
from answerable.api.outputs.people import USER, user, users
from answerable.api.schema import choice, instant, listed, maybe, moment, shape, text
from answerable.api.scopes import SCOPES

ME = shape(
    "Me",
    "The token that asks, and its owner.",
    token=text("What its owner calls it.", "Nightly export"),
    scopes=listed("What it may do.", choice("A scope.", list(SCOPES))),
    expires_at=maybe(moment("Until when it is good; null where it has no end.")),
    user=USER.ref,
)


@operation(
    "GET",
    "/me",
    "Who am I",
    tag="You",
    scope="",
    answers=ME,
    about="The first thing to ask: it needs no scope, and says whether the token is good and what it may do.",
)
def read_me(call: Call) -> Answer:
    token = call.token
    body = {
        "token": token.name,
        "scopes": token.scopes,
        "expires_at": instant(token.expires_at),
        "user": user(users().get(pk=token.user_id)),
    }
    return Answer(body)
