"""What the bookshop's teams sort and tick off: queues of their own, checklists, tasks, signatures."""

from datetime import datetime, timedelta

from answerable.core.criteria import All, Check, Node, written
from answerable.desk.actions.batches import begin_batch, work_on
from answerable.desk.actions.checklists import add_checklist, write_checklist
from answerable.desk.actions.conversations import add_tags
from answerable.desk.actions.queues import write_queue
from answerable.desk.actions.signatures import write_signature
from answerable.desk.actions.tasks import add_task
from answerable.desk.models import Conversation
from answerable.desk.models.conversation import UNSOLVED
from answerable.people.models import Team, User
from answerable.site.demo.company import Founded

GOES_ON = (Check("status", "in", tuple(UNSOLVED)), Check("snoozed", "in", ("no",)))
RETURN = ("Ask for a photograph", "Check the order in the shop's books", "Pay the money back")
SIGNATURES = {
    "en": "{{ agent.signature }}\nBooks by post since 1998",
    "lv": "{{ agent.signature }}\nGrāmatas pa pastu kopš 1998. gada",
    "ka": "{{ agent.signature }}\nწიგნები ფოსტით 1998 წლიდან",
    "kk": "{{ agent.signature }}\n1998 жылдан бері пошта арқылы кітаптар",
}
TAGGED = 4


def put_in_order(company: Founded, *, now: datetime) -> None:
    """Three queues, a checklist with one half done, a task of somebody's, signatures, and something done to many."""
    boss, marta = company.administrator, company.staff["marta"]
    support = company.teams["support"]
    _queue("Late or nearly", (Check("due_hours", "at_most", ("4",)),), order="due", team=support, by=marta)
    _queue("Book club members", (Check("segment", "in", ("club",)),), order="newest", team=support, by=marta)
    mine = (Check("waiting_hours", "at_least", ("8",)), Check("assignee", "in", ("me", "")))
    _queue("Waiting since morning", mine, order="waiting", team=None, by=boss)
    returns = write_checklist(
        name="A damaged book comes back",
        team=support,
        texts=RETURN,
        required=True,
        due_hours=24,
        inboxes=(),
        by=marta,
    )
    waiting = Conversation.objects.filter(team__path__startswith=support.path, status="open").select_related("team")
    found = list(waiting.order_by("-last_message_at", "-id")[:TAGGED])
    if found:
        [first, *_others] = add_checklist(found[0], checklist=returns, by=marta, at=now)
        first.done_at, first.done_by = now, marta
        first.save(update_fields=["done_at", "done_by"])
        Conversation.objects.filter(pk=found[0].pk).update(blocking_tasks=len(RETURN) - 1)
        due_at = now + timedelta(hours=2)
        add_task(found[-1], text="Call the courier", assignee=marta, due_at=due_at, by=marta, at=now)
        numbers = [row.pk for row in found]
        label = "Add the tags strike"
        batch = begin_batch(numbers, change="tags", given={"tags": "strike"}, label=label, by=marta)
        work_on(batch, lambda row, by: add_tags(row, tags=["strike"], by=by, at=now))
    write_signature(support, texts=SIGNATURES, by=marta)


def _queue(name: str, asked: tuple[Node, ...], *, order: str, team: Team | None, by: User) -> None:
    tree = written(All((*GOES_ON, *asked)))
    write_queue(name=name, team=team, conditions=tree, order=order, by=by)
