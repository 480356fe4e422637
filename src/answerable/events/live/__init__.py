"""Live hints: what changed, pushed to whoever may see it, as server-sent events.

A hint says only `{"id": 981, "verb": "message.received", "root": "conversation-42"}`; the page then fetches an
ordinary, permission-checked fragment. One LISTEN connection a process, fanned out in memory.

    application  the plain ASGI app behind /live/events
    station      who listens in this process, and the wire they hang on
    reader       whose stream it is, what they may hear, what they missed
"""

from answerable.events.live.application import application

__all__ = ["application"]
