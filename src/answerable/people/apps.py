from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "answerable.people"
    label = "people"
