"""What the desk does later. Killed in between, it goes on where it was."""

from answerable.desk.actions.batches import take_back, work_on
from answerable.desk.bulk import change_of
from answerable.desk.models import Batch
from answerable.desk.rules.trying import run
from answerable.events.jobs import job


@job
def work_on_batch(batch_id: int) -> None:
    """What somebody asked of many conversations, or asked to be undone."""
    batch = Batch.objects.select_related("user").get(pk=batch_id)
    if batch.state == Batch.State.UNDOING:
        take_back(batch)
    elif batch.goes_on:
        work_on(batch, change_of(batch))


@job
def try_out(dry_run: int) -> None:
    """What a rule would have done."""
    run(dry_run)
