"""Pages about the API. What programs ask for, below /api/v1, is answered by `door.py`."""

from django.urls import path

from answerable.api.views import guide, tokens

urlpatterns = [
    path("api/", guide.guide, name="api"),
    path("settings/api/", tokens.tokens, name="settings-api"),
    path("settings/api/<int:pk>/revocation/", tokens.revocation, name="token_revocation"),
]
