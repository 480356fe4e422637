from django.apps import AppConfig


class FormConfig(AppConfig):
    name = "answerable.channels.form"
    label = "form"
