"""Every address, by app. Endpoints are nouns."""

from django.urls import URLPattern, URLResolver, include, path

from answerable.desk.views.inbox import start
from answerable.site.demo.views import demo, enter
from answerable.site.welcome.views import welcome

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start, name="start"),
    path("welcome/", welcome, name="welcome"),
    path("welcome/demo/", demo, name="demo"),
    path("welcome/demo/entrance/", enter, name="demo-entrance"),
    path("", include("answerable.channels.chat.urls")),  # asked for most, so looked through first
    path("", include("answerable.desk.urls")),  # likewise
    path("", include("answerable.people.urls")),
    path("", include("answerable.customers.urls")),
    path("", include("answerable.channels.email.urls")),
    path("", include("answerable.channels.form.urls")),
    path("", include("answerable.channels.instant.urls")),
    path("", include("answerable.feedback.urls")),
    path("", include("answerable.policy.urls")),
    path("", include("answerable.knowledge.urls")),
    path("", include("answerable.insight.urls")),
    path("", include("answerable.api.urls")),
    path("", include("answerable.api.webhooks.urls")),
    path("", include("answerable.imports.urls")),
    path("", include("answerable.web.urls")),
]

handler500 = "answerable.site.failing.server_error"
