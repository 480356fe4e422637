from django.urls import path

from answerable.policy.views import comments, versions

urlpatterns = [
    path("policy/", versions.policy, name="policy"),
    path("policy/versions/", versions.versions, name="policy_versions"),
    path("policy/versions/<int:number>/", versions.policy, name="policy_version"),
    path("policy/versions/<int:number>/document/", versions.document, name="policy_document"),
    path("policy/comments/", comments.comments, name="policy_comments"),
    path("policy/comments/<int:pk>/answer/", comments.answer, name="policy_comment_answer"),
    path("policy/comments/<slug:part>/<slug:key>/", comments.comments, name="policy_comments_on"),
]
