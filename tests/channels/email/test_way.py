"""The whole way of broken mail: parsed, judged, folded, cleaned, authenticated; no exception anywhere."""

import random

import pytest

from answerable.channels.email.authentication import Envelope, authenticate
from answerable.channels.email.autoreply import may_be_acknowledged
from answerable.channels.email.dns import Kind
from answerable.channels.email.message import Unparseable
from answerable.channels.email.parse import parse
from answerable.channels.email.quotes import spans
from answerable.channels.email.rules import judge
from answerable.channels.email.sanitise import sanitise
from tests.channels.email.mutations import SHARED, mutations, seeds
from tests.channels.email.test_rules import World

RECORDS = [
    "v=spf1 include:%{d} -all",
    "v=spf1 mx a ip4:x",
    "v=DMARC1; p",
    "v=DMARC1; p=reject",
    "k=rsa; p=AAAA",
    "",
    "\ufffd",
    "v=DKIM1; p=",
]


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data/mail is not here")
def test_mutations_go_the_whole_way() -> None:
    chance = random.Random(8601)

    def lookup(name: str, kind: Kind) -> list[str]:
        return [chance.choice(RECORDS)]

    outcomes = set()
    for raw in mutations(seeds(), 1_000, seed=5322):
        try:
            mail = parse(raw)
        except Unparseable as error:
            outcomes.add("quarantined")
            if str(error).startswith("unexpected"):
                raise
            continue
        outcomes.add(judge(mail, World(raw)).outcome)
        may_be_acknowledged(mail)
        covered = "".join(mail.text[each.start : each.end] for each in spans(mail.text))
        assert covered == mail.text
        sanitise(mail.html)
        forged = b"Authentication-Results: mx; " + raw[: chance.randrange(60)].replace(b"\n", b" ") + b"\r\n"
        signed = b"DKIM-Signature: v=1; a=rsa-sha256; d=a.example; s=s; h=from; bh=AA==; b=AA==; x=" + forged[-9:]
        broken = forged + signed + raw
        authenticate(
            broken, parse(broken), trusted="mx", envelope=Envelope("192.0.2.1", "h", "a@b.example"), lookup=lookup
        )
    assert {"opened", "bounce", "auto-reply", "quarantined"} <= outcomes
