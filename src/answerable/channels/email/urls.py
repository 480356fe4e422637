"""Addresses of the pages about mail."""

from django.urls import path

from answerable.channels.email.views import inboxes, ledger, servers

urlpatterns = [
    path("settings/inboxes/", inboxes.inboxes, name="settings-inboxes"),
    path("settings/inboxes/relay/", servers.relay, name="relay"),
    path("settings/inboxes/relay/removal/", servers.relay_removal, name="relay-removal"),
    path("settings/inboxes/<int:pk>/", inboxes.inbox, name="inbox-settings"),
    path("settings/inboxes/<int:pk>/retirement/", inboxes.retirement, name="inbox-retirement"),
    path("settings/inboxes/<int:inbox>/mailboxes/new/", servers.mailbox, name="mailbox-new"),
    path("settings/inboxes/<int:inbox>/mailboxes/<int:pk>/", servers.mailbox, name="mailbox"),
    path(
        "settings/inboxes/<int:inbox>/mailboxes/<int:pk>/retirement/",
        servers.mailbox_retirement,
        name="mailbox-retirement",
    ),
    path("settings/inboxes/<int:inbox>/relay/", servers.relay, name="inbox-relay"),
    path("settings/inboxes/<int:inbox>/relay/removal/", servers.relay_removal, name="inbox-relay-removal"),
    path("mail/ledger/", ledger.ledger, name="mail-ledger"),
    path("mail/ledger/<int:pk>/", ledger.arrival, name="mail-arrival"),
    path("mail/ledger/<int:pk>/raw/", ledger.raw, name="mail-raw"),
    path("mail/ledger/<int:pk>/trial/", ledger.trial, name="mail-trial"),
    path("mail/ledger/<int:pk>/spam/", ledger.spam, name="mail-spam"),
]
