from django.urls import path

from answerable.policy.views import versions

urlpatterns = [
    path("policy/", versions.policy, name="policy"),
    path("policy/versions/", versions.versions, name="policy_versions"),
    path("policy/versions/<int:number>/", versions.policy, name="policy_version"),
    path("policy/versions/<int:number>/document/", versions.document, name="policy_document"),
]
