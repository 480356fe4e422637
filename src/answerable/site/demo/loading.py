"""Loading the demo company, in one transaction: all of it or nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from answerable.events.models import PendingReaction
from answerable.people.errors import Refused
from answerable.people.models import Company
from answerable.site.demo.arrivals import DAYS, Arrival, arrivals
from answerable.site.demo.asking import ask_customers, write_orders_down
from answerable.site.demo.backlog import backlog
from answerable.site.demo.chatting import chat
from answerable.site.demo.chores import put_in_order
from answerable.site.demo.company import ZONES, Founded, found, office_hours
from answerable.site.demo.customers import Customer, make_customers
from answerable.site.demo.desks import Desks, topic_of
from answerable.site.demo.drafts import draft_next
from answerable.site.demo.imports import find_an_old_desk
from answerable.site.demo.learning import learn
from answerable.site.demo.library import fill_library
from answerable.site.demo.messenger import write_by_matrix
from answerable.site.demo.morning import say_good_morning
from answerable.site.demo.pilot import PILOT_PACE, Tested, try_a_promise
from answerable.site.demo.presence import come_to_work
from answerable.site.demo.progress import Progress
from answerable.site.demo.published import publish, remark
from answerable.site.demo.rehearsal import rehearse_nights
from answerable.site.demo.rota import make_rota
from answerable.site.demo.rules import add_rules
from answerable.site.demo.scripts import SURGE_FACTOR, Plot, write_script
from answerable.site.demo.staffing import forecast_staffing
from answerable.site.demo.stage import Stage
from answerable.site.demo.steps import Script
from answerable.site.demo.together import bring_together
from answerable.site.demo.tokens import let_programs_in
from answerable.site.demo.webhooks import tell_the_warehouse
from answerable.site.demo.writing import Writer

CONVERSATIONS = 1800
CUSTOMERS_OF_CONVERSATIONS = 5
"""One customer for so many conversations."""
SEED = 7
POLICY_CHANGED_DAYS_AGO = 30


def check_can_load() -> None:
    """Raises Refused where there is a company already."""
    if (company := Company.objects.first()) is not None:
        raise Refused(
            _("%(company)s is set up here. The demo needs an empty database: nothing has been changed.")
            % {"company": company}
        )


def load(
    *,
    password_hash: str,
    now: datetime | None = None,
    seed: int = SEED,
    conversations: int = CONVERSATIONS,
    progress: Progress | None = None,
) -> None:
    """The company, its people and customers, and about so many conversations that end at `now`.

    The same seed, number and `now` make the same figures. Raises Refused where there is a company already.
    """
    now, progress = now or timezone.now(), progress or Progress()
    with translation.override("en"), transaction.atomic():
        check_can_load()
        progress.at("found", 0)
        today = now.astimezone(ZoneInfo(ZONES["en"])).date()
        midnight = datetime.combine(today, time(), ZoneInfo(ZONES["en"])).astimezone(UTC)
        company = found(
            at=midnight - timedelta(days=DAYS + 1, hours=-9),
            changed_at=midnight - timedelta(days=POLICY_CHANGED_DAYS_AGO, hours=-6),
            password_hash=password_hash,
        )
        order = ask_customers(by=company.administrator)
        publish(by=company.administrator, now=now)
        remark(company.versions[-1][1], now=now)
        draft_next(company.versions[-1][1], by=company.administrator, now=now)
        make_rota(company, now=now)
        random = Random(seed)  # noqa: S311 - figures, not secrets
        customers = make_customers(
            company,
            number=max(20, conversations // CUSTOMERS_OF_CONVERSATIONS),
            at=midnight - timedelta(days=DAYS + 1),
            random=random,
        )
        learn(company, customers, now=now, random=Random(f"{seed}:learning"))  # noqa: S311
        tested = try_a_promise(company, customers, midnight=midnight, random=Random(f"{seed}:pilot"))  # noqa: S311
        desks = Desks(company, office_hours())
        scripts = [
            _script(company, desks, customers, arrival, tested, Random(f"{seed}:{number}"))  # noqa: S311
            for number, arrival in enumerate(arrivals(conversations, today=today, random=random))
        ]
        scripts += backlog(company, desks, customers, now=now, seed=seed)
        stage = Stage(company.versions, tested)
        stage.play(scripts, until=now, progress=progress).save(progress)
        write_orders_down(order)
        say_good_morning(company, now=now)
        put_in_order(company, now=now)
        bring_together(company, now=now)
        write_by_matrix(by=company.administrator, now=now)
        come_to_work(company, now=now)
        chat(company, now=now)
        fill_library(company, now=now)
        PendingReaction.objects.all().delete()  # what follows from the founding stands there already
        rehearse_nights(company.versions[-1][1], by=company.administrator, now=now)
        find_an_old_desk(by=company.administrator, now=now)
        tell_the_warehouse(by=company.administrator, now=now)
        let_programs_in(by=company.administrator, now=now)
        add_rules(by=company.administrator, now=now)
        forecast_staffing(company, now=now, seed=seed)


def _script(
    company: Founded,
    desks: Desks,
    customers: dict[str, Sequence[Customer]],
    arrival: Arrival,
    tested: Tested,
    random: Random,
) -> Script:
    known = customers[arrival.language]
    customer = random.choices(known, [each.weight for each in known])[0]
    topic = topic_of(in_surge=arrival.in_surge, random=random)
    desk = desks.chosen(customer, topic, random)
    assert desk.inbox is not None
    plot = Plot(
        desk=desk,
        writer=Writer(customer, topic, random),
        random=random,
        at=arrival.at,
        company=company,
        pressed=(SURGE_FACTOR if arrival.in_surge else 1.0)
        * (PILOT_PACE if tested.is_quicker(customer, arrival.at) else 1),
    )
    return write_script(plot, inbox=desk.inbox, other_desk=desks.handed_to(desk, topic, random))
