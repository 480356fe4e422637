from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "answerable.api.webhooks"
    label = "webhooks"
