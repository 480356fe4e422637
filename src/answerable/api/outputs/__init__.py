"""What the API and the webhooks show of each kind of row: one function a kind, and beside it the documented shape.

    CONVERSATION            the shape
    rows()                  the query set that brings all of it, however many, in a fixed number of queries
    conversation(row)       a plain dictionary of that shape, ready for JSON

Times are RFC 3339 in UTC. What a row has none of is null, or an empty text; no property is ever left out.
"""
