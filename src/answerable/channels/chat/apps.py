from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "answerable.channels.chat"
    label = "chat"
