"""An export of Zendesk made after its documentation (developer.zendesk.com, ticketing API); not a real one."""

from typing import Any

CUSTOMER, OTHER, AGENT, FORMER = 9001, 9002, 7001, 7002
USERS: list[dict[str, Any]] = [
    {"id": CUSTOMER, "name": "Dace Ozola", "email": "Dace@Customer.example", "role": "end-user", "locale": "lv",
     "phone": "+371 2000 0000", "organization_id": 50},
    {"id": OTHER, "name": "Jānis Bērziņš", "email": "janis@new.example", "role": "end-user",
     "identities": [{"type": "email", "value": "j.b@old.example"}]},
    {"id": AGENT, "name": "Bob", "email": "bob@example.com", "role": "agent"},
    {"id": FORMER, "name": "Gone Girl", "email": "gone@example.com", "role": "admin"},
]  # fmt: skip
ORGANISATIONS = [{"id": 50, "name": "Harbour Books", "domain_names": ["harbour.example"]}]


def comment(number: int, author: int, at: str, body: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "author_id": author, "created_at": at, "plain_body": body, "public": True} | more


TICKETS: list[dict[str, Any]] = [
    {
        "id": 35, "subject": "Where is my order?", "status": "solved", "priority": "high",
        "via": {"channel": "email"}, "created_at": "2024-03-29T15:00:00Z", "updated_at": "2024-04-02T09:00:00Z",
        "requester_id": CUSTOMER, "submitter_id": CUSTOMER, "assignee_id": AGENT, "group_id": 3, "tags": ["order"],
        "metric_set": {"solved_at": "2024-04-01T10:30:00Z", "reopens": 2},
        "satisfaction_rating": {"score": "good"},
        "custom_fields": [{"id": 77, "value": "AM-1"}, {"id": 78, "value": None}],
        "comments": [
            comment(1, CUSTOMER, "2024-03-29T15:00:00Z", "It is late. Ābele", metadata={
                "system": {"message_id": "<first@customer.example>"}}),
            comment(2, AGENT, "2024-03-29T15:20:00Z", "Look at the log", public=False),
            comment(3, FORMER, "2024-03-29T16:00:00+01:00", "too early to be true"),
            comment(4, AGENT, "2024-03-29T17:00:00Z", "On its way", html_body="<p>On its <script>x()</script>way</p>",
                    attachments=[{"file_name": "label.pdf", "content_type": "application/pdf"}]),
        ],
    },
    {
        "id": 36, "subject": "A question", "status": "open", "priority": None, "via": {"channel": "web"},
        "created_at": "2024-05-01T08:00:00Z", "updated_at": "2024-05-01T08:00:00Z", "requester_id": OTHER,
        "assignee_id": None, "group_id": None, "tags": [],
        "comments": [comment(5, OTHER, "2024-05-01T08:00:00Z", "Do you have it in green?")],
    },
    {
        "id": 37, "subject": "Deleted", "status": "deleted", "priority": "low", "via": {"channel": "email"},
        "created_at": "2024-05-01T08:00:00Z", "updated_at": "2024-05-01T08:00:00Z", "requester_id": OTHER,
        "comments": [comment(6, OTHER, "2024-05-01T08:00:00Z", "nothing")],
    },
    {
        "id": 38, "subject": "Only a description", "status": "hold", "priority": "urgent", "via": {"channel": "api"},
        "created_at": "2024-05-02T08:00:00Z", "updated_at": "2024-05-02T08:00:00Z", "requester_id": 4444,
        "submitter_id": 4444, "description": "Who am I?", "tags": [],
    },
]  # fmt: skip
