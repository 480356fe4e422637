"""Staffing: how many people keep a standard. erlang.py: nobody gives up; patience.py: they do; need.py: heads."""

from answerable.core.staffing.erlang import Service, erlang_b, erlang_c, offered, service
from answerable.core.staffing.need import agents_needed, heads
from answerable.core.staffing.patience import Patient, impatient_service

__all__ = [
    "Patient",
    "Service",
    "agents_needed",
    "erlang_b",
    "erlang_c",
    "heads",
    "impatient_service",
    "offered",
    "service",
]
