from django.urls import path

from answerable.policy.views import (
    comments,
    differences,
    drafts,
    promise_comment,
    publication,
    published,
    versions,
)

urlpatterns = [
    path("policy/", versions.policy, name="policy"),
    path("policy/versions/", versions.history, name="policy_history"),
    path("policy/versions/<int:number>/", versions.policy, name="policy_version"),
    path("policy/versions/<int:number>/document/", versions.document, name="policy_document"),
    path("policy/comments/", comments.comments, name="policy_comments"),
    path("policy/comments/<int:pk>/answer/", comments.answer, name="policy_comment_answer"),
    path("policy/comments/<slug:part>/<slug:key>/", comments.comments, name="policy_comments_on"),
    path("policy/versions/<int:number>/restoration/", versions.restoration, name="policy_restoration"),
    path("policy/differences/", differences.difference, name="policy_difference"),
    path("policy/drafts/", drafts.drafts, name="policy_drafts"),
    path("policy/drafts/<int:number>/", drafts.draft, name="policy_draft"),
    path("policy/drafts/<int:number>/document/", drafts.draft_document, name="policy_draft_document"),
    path("policy/drafts/<int:number>/force/", drafts.force, name="policy_force"),
    path("policy/drafts/<int:number>/disposal/", drafts.disposal, name="policy_disposal"),
    path("policy/comparison/figures/new/", published.new_figure, name="policy_figure_new"),
    path("policy/comparison/figures/import/", published.imports, name="policy_figures_import"),
    path("policy/comparison/figures/starting-set/", published.starting_set, name="policy_figures_start"),
    path("policy/comparison/figures/<int:pk>/", published.figure, name="policy_figure"),
    path("policy/comparison/figures/<int:pk>/retirement/", published.retirement, name="policy_figure_retirement"),
    path("policy/comparison/scopes/", published.scopes, name="policy_scopes"),
    path("policy/publication/", publication.publication, name="policy_publication"),
    path("policy/publication/withdrawal/", publication.withdrawal, name="policy_publication_withdrawal"),
    path("promises/<slug:key>/comments/", promise_comment.promise_comment, name="promise_comment"),
]
