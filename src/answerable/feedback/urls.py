from django.urls import path

from answerable.feedback import beside, views

urlpatterns = [
    path("ratings/<str:token>/", views.rating, name="rating"),
    path("ratings/<str:token>/<int:score>/", views.rating, name="rating_of"),
    path("contacts/<int:pk>/ratings/", beside.ratings_of, name="contact_ratings"),
]
