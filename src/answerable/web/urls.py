from django.urls import path

from answerable.web import views

urlpatterns = [
    path("styleguide/", views.styleguide, name="styleguide"),
    path("styleguide/desk/", views.styleguide_desk, name="styleguide_desk"),
]
