from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "answerable.imports"
    label = "imports"
