from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "answerable.events"
    label = "events"
