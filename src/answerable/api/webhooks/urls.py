"""Addresses of the pages about webhooks."""

from django.urls import path

from answerable.api.webhooks.views import deliveries, webhooks

urlpatterns = [
    path("settings/webhooks/", webhooks.webhooks, name="settings-webhooks"),
    path("settings/webhooks/new/", webhooks.new_webhook, name="new-webhook"),
    path("settings/webhooks/<int:pk>/", webhooks.webhook, name="settings-webhook"),
    path("settings/webhooks/<int:pk>/secret/", webhooks.secret, name="webhook-secret"),
    path("settings/webhooks/<int:pk>/switch/", webhooks.switch, name="webhook-switch"),
    path("settings/webhooks/<int:pk>/trial/", webhooks.trial, name="webhook-trial"),
    path("settings/webhooks/<int:pk>/replays/", webhooks.replays, name="webhook-replays"),
    path("settings/webhooks/<int:pk>/removal/", webhooks.removal, name="webhook-removal"),
    path("settings/webhooks/deliveries/<int:pk>/", deliveries.delivery, name="webhook-delivery"),
    path("settings/webhooks/deliveries/<int:pk>/replay/", deliveries.replay, name="webhook-delivery-replay"),
]
