"""Addresses of messengers: their doors, and the pages about them."""

from django.urls import path

from answerable.channels.instant.views import beside, door, settings, templates

urlpatterns = [
    path("messengers/<int:gateway>/<path:rest>", door.door, name="messenger_door"),
    path("conversations/<int:pk>/template/", templates.template, name="messenger_template"),
    path("conversations/<int:pk>/correspondent/", beside.correspondent, name="messenger_correspondent"),
    path("settings/messengers/", settings.gateways, name="settings-messengers"),
    path("settings/messengers/new/<slug:channel>/", settings.new_gateway, name="messenger-new"),
    path("settings/messengers/<int:pk>/", settings.gateway, name="messenger"),
    path("settings/messengers/<int:pk>/lines/", settings.lines, name="messenger-lines"),
    path("settings/messengers/<int:pk>/check/", settings.check, name="messenger-check"),
    path("settings/messengers/<int:pk>/registration/", settings.registration, name="messenger-registration"),
    path("settings/messengers/<int:pk>/retirement/", settings.retirement, name="messenger-retirement"),
    path("settings/messengers/<int:pk>/arrivals/<int:arrival>/trial/", settings.trial, name="messenger-trial"),
]
