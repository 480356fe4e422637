"""Addresses of the pages about imports."""

from django.urls import path

from answerable.imports.views import imports

urlpatterns = [
    path("settings/imports/", imports.imports, name="settings-imports"),
    path("settings/imports/new/", imports.new_import, name="new-import"),
    path("settings/imports/<int:pk>/", imports.one_import, name="settings-import"),
    path("settings/imports/<int:pk>/progress/", imports.progress, name="import-progress"),
    path("settings/imports/<int:pk>/cancellation/", imports.cancellation, name="import-cancellation"),
    path("settings/imports/<int:pk>/remarks.csv", imports.remarks, name="import-remarks"),
]
