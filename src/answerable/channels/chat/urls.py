"""Addresses that pages of other sites ask, and those of the desk's own pages about chats."""

from django.urls import path

from answerable.channels.chat.views import beside, conversations, identities, script, settings, stream

urlpatterns = [
    path("chat/<slug:key>/widget.js", script.script, name="chat_script"),
    path("chat/<slug:key>/", conversations.chat, name="chat"),
    path("chat/<slug:key>/conversations/<int:pk>/", conversations.conversation, name="chat_conversation"),
    path("chat/<slug:key>/messages/", conversations.messages, name="chat_messages"),
    path("chat/<slug:key>/signs/", conversations.signs, name="chat_signs"),
    path("chat/<slug:key>/endings/", conversations.endings, name="chat_endings"),
    path("chat/<slug:key>/ratings/", conversations.ratings, name="chat_ratings"),
    path("chat/<slug:key>/calls/", conversations.calls, name="chat_calls"),
    path("chat/<slug:key>/addresses/", conversations.addresses, name="chat_addresses"),
    path("chat/<slug:key>/letters/", conversations.letters, name="chat_letters"),
    path("chat/<slug:key>/files/<int:pk>/", conversations.file, name="chat_file"),
    path("chat/<slug:key>/identities/", identities.identities, name="chat_identities"),
    path("chat/<slug:key>/codes/", identities.codes, name="chat_codes"),
    path("chat/<slug:key>/confirmations/", identities.confirmations, name="chat_confirmations"),
    path("live/chat", stream.preflight, name="chat_stream"),
    path("conversations/<int:pk>/visitor/", beside.visitor, name="chat_visitor"),
    path("settings/chats/", settings.widgets, name="settings-chats"),
    path("settings/chats/<int:inbox>/", settings.widget, name="settings-chat"),
    path("settings/chats/<int:inbox>/closing/", settings.closing, name="chat_closing"),
    path("settings/chats/<int:inbox>/secret/", settings.secret, name="chat_secret"),
    path("settings/chats/<int:inbox>/preview/", settings.preview, name="chat_preview"),
]
