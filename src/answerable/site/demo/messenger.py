"""A customer of the demo who writes by Matrix: a question, new words for it, a picture, and something withdrawn."""

from datetime import datetime, timedelta
from random import Random
from secrets import token_urlsafe

from answerable.channels.instant import filing, happened
from answerable.channels.instant.models import Arrival, Gateway, Line
from answerable.channels.instant.setup import add_line, save_gateway
from answerable.desk.actions.files import NewFile
from answerable.people.models import Team, User
from answerable.site.demo.files import photograph

DOMAIN = "ambermoon.example"
ROOM = "!books:ambermoon.example"
EMMA = happened.Person("@emma:matrix.example", "Emma Fairweather")
BEGAN = timedelta(minutes=14)


def write_by_matrix(*, by: User, now: datetime) -> None:
    """The gateway has no address, so nobody is asked for it and nothing leaves by it."""
    gateway = save_gateway(
        Gateway(channel="matrix"),
        name=DOMAIN,
        base_url="",
        facts={"domain": DOMAIN, "localpart": "books"},
        secrets={"as_token": "of the demo", "hs_token": token_urlsafe(32)},
        by=by,
    )
    Gateway.objects.filter(pk=gateway.pk).update(checked_at=now)
    team = Team.objects.get(key="english-desk")
    line = add_line(gateway, wanted="books", name="Matrix", team=team, language="", region="", by=by)
    for number, (minutes, one, files) in enumerate(_happened(line, now)):
        at = now - BEGAN + timedelta(minutes=minutes)
        arrival = Arrival(
            gateway=gateway, name=f"$demo{number}", chat_key=ROOM, content="{}", received_at=at, due_at=at
        )
        arrival.save()
        filed = filing.file(one, arrival, files)
        arrival.outcome, arrival.decided_at, arrival.chat, arrival.message = (
            filed.outcome,
            at,
            filed.chat,
            filed.message,
        )
        arrival.save()


def _happened(line: Line, now: datetime) -> list[tuple[int, happened.Happening, list[NewFile]]]:
    """Minutes after the beginning, and what happened then."""

    def said(name: str, text: str, rewords: str = "") -> happened.Said:
        return happened.Said(ROOM, EMMA, name, text, rewords=rewords, sent_at=now, account=line.account)

    question = "Hi! Do you have The Lighthouse Keepers in paperback? I need two by Friday."
    picture = photograph(Random(1))  # noqa: S311 - a colour
    return [
        (0, happened.Joined(ROOM, line.account), []),
        (0, said("$question", question), []),
        (1, said("$edit", question.replace("two", "three"), rewords="$question"), []),
        (2, said("$picture", "This is the edition I mean."), [picture]),
        (4, said("$mistake", "My card number is"), []),
        (5, happened.Withdrew(ROOM, "$mistake"), []),
    ]
