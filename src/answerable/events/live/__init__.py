"""Live hints: what changed, pushed to whoever may see it, as server-sent events.

A hint says only `{"id": 981, "verb": "message.received", "root": "conversation-42"}`; the page then fetches an
ordinary, permission-checked fragment. One LISTEN connection a process, fanned out in memory.

    application  the plain ASGI app behind the doors that `settings.LIVE_DOORS` names
    reader       what a door says of who knocks: what they may hear, what they missed
    staff        the door of those who work here
    station      who listens in this process, and the wire they hang on
    missing      what happened after an event, however late it was committed
    signals      what passes and leaves no event: who types, who has seen what
"""
