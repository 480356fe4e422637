"""Imports in the worker, for the pages."""

from answerable.events.jobs import job
from answerable.imports.running import run


@job
def work(pk: int) -> None:
    """Look through its files, or take them over. Killed halfway, it goes on from where it was."""
    run(pk)
