"""Our users make themselves known: the homeserver has only those that were registered."""

from answerable.channels.matrix.client import Client, Refusal, segment
from answerable.channels.matrix.names import main_user


def introduce(client: Client, account: str, name: str) -> None:
    """Make sure that our user is there, and is called as the inbox is."""
    said = {"type": "m.login.application_service", "username": account[1:].partition(":")[0], "inhibit_login": True}
    if account != main_user(client.gateway):
        try:
            client.call("POST", "/_matrix/client/v3/register", said=said)
        except Refusal as refusal:
            if refusal.errcode != "M_USER_IN_USE":
                raise
    path = f"/_matrix/client/v3/profile/{segment(account)}/displayname"
    client.call("PUT", path, user=account, said={"displayname": name})
