"""Addresses that pages of other sites ask, and those of the desk's own pages about chats."""

from django.urls import include, path

from answerable.channels.chat.views import articles, beside, conversations, identities, script, settings, stream

of_visitors = [
    path("widget.js", script.script, name="chat_script"),
    path("", conversations.chat, name="chat"),
    path("conversations/<int:pk>/", conversations.conversation, name="chat_conversation"),
    path("messages/", conversations.messages, name="chat_messages"),
    path("signs/", conversations.signs, name="chat_signs"),
    path("endings/", conversations.endings, name="chat_endings"),
    path("ratings/", conversations.ratings, name="chat_ratings"),
    path("calls/", conversations.calls, name="chat_calls"),
    path("addresses/", conversations.addresses, name="chat_addresses"),
    path("letters/", conversations.letters, name="chat_letters"),
    path("articles/", articles.articles, name="chat_articles"),
    path("files/<int:pk>/", conversations.file, name="chat_file"),
    path("identities/", identities.identities, name="chat_identities"),
    path("codes/", identities.codes, name="chat_codes"),
    path("confirmations/", identities.confirmations, name="chat_confirmations"),
]
urlpatterns = [
    path("chat/<slug:key>/", include(of_visitors)),
    path("live/chat", stream.preflight, name="chat_stream"),
    path("conversations/<int:pk>/visitor/", beside.visitor, name="chat_visitor"),
    path("settings/chats/", settings.widgets, name="settings-chats"),
    path("settings/chats/<int:inbox>/", settings.widget, name="settings-chat"),
    path("settings/chats/<int:inbox>/closing/", settings.closing, name="chat_closing"),
    path("settings/chats/<int:inbox>/secret/", settings.secret, name="chat_secret"),
    path("settings/chats/<int:inbox>/preview/", settings.preview, name="chat_preview"),
]
