"""Staffing: how many people keep a standard.

erlang.py: nobody gives up; patience.py: they do; need.py: heads; backlog.py: work that may wait. volumes.py: what came
in; forecast.py: what will, and how far off that is; week.py: a team's week, all channels together.
"""

from answerable.core.staffing.erlang import Service, erlang_b, erlang_c, offered, service
from answerable.core.staffing.need import agents_needed, heads, patient_agents_needed, slots_to_agents
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
    "patient_agents_needed",
    "service",
    "slots_to_agents",
]
