from django.apps import AppConfig


class InstantConfig(AppConfig):
    name = "answerable.channels.instant"
    label = "instant"
