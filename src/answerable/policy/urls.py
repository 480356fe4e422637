from django.urls import path

from answerable.policy import views

urlpatterns = [
    path("policy/", views.policy, name="policy"),
    path("policy/versions/", views.versions, name="policy_versions"),
    path("policy/versions/<int:number>/", views.policy, name="policy_version"),
    path("policy/versions/<int:number>/document/", views.document, name="policy_document"),
]
