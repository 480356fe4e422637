"""Addresses of the pages customers write on, and of their settings."""

from django.urls import path

from answerable.channels.form.views import public, requests, settings

urlpatterns = [
    path("forms/", public.web_forms, name="web_forms"),
    path("forms/<slug:key>/", public.web_form, name="web_form"),
    path("requests/", requests.requests, name="requests"),
    path("requests/entrance/", requests.entrance_mails, name="requests_entrance_mails"),
    path("requests/entrance/<str:token>/", requests.entrance, name="requests_entrance"),
    path("requests/leaving/", requests.leaving, name="requests_leaving"),
    path("requests/<int:pk>/", requests.one_request, name="request"),
    path("requests/files/<int:pk>/", requests.file, name="request_file"),
    path("settings/forms/", settings.forms, name="settings-forms"),
    path("settings/forms/<int:inbox>/", settings.form, name="settings-form"),
    path("settings/forms/<int:inbox>/closing/", settings.closing, name="form_closing"),
]
