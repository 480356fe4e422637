from django.urls import path

from answerable.web import views

urlpatterns = [path("styleguide/", views.styleguide, name="styleguide")]
