"""Every address, by app. Endpoints are nouns."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("", include("answerable.policy.urls")),
    path("", include("answerable.web.urls")),
]
