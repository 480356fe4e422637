from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "answerable.channels.email"
    label = "email"
