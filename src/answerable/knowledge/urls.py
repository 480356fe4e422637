from django.urls import path

from answerable.knowledge.views import articles, drafts, help, sections, writing

urlpatterns = [
    path("help/", help.help_centre, name="help"),
    path("help/offers/", help.offers, name="help_offers"),
    path("help/sections/<int:pk>/", help.help_section, name="help_section"),
    path("help/<int:pk>/", help.help_article, name="help_article"),
    path("help/<int:pk>/judgement/", help.judgement, name="help_judgement"),
    path("knowledge/", articles.articles, name="knowledge"),
    path("knowledge/new/", writing.new_article, name="knowledge_new"),
    path("knowledge/new/draft/", drafts.draft, name="knowledge_new_draft"),
    path("knowledge/new/draft/removal/", drafts.removal, name="knowledge_new_draft_removal"),
    path("knowledge/new/draft/recovery/", drafts.recovery, name="knowledge_new_draft_recovery"),
    path("knowledge/sections/", sections.sections, name="knowledge_sections"),
    path("knowledge/sections/new/", sections.section, name="knowledge_section_new"),
    path("knowledge/sections/<int:pk>/", sections.section, name="knowledge_section"),
    path("knowledge/sections/<int:pk>/place/", sections.place, name="knowledge_section_place"),
    path("knowledge/sections/<int:pk>/retirement/", sections.retirement, name="knowledge_section_retirement"),
    path("knowledge/<int:pk>/", articles.article, name="knowledge_article"),
    path("knowledge/<int:pk>/placement/", articles.placement, name="knowledge_placement"),
    path("knowledge/<int:pk>/withdrawal/", articles.withdrawal, name="knowledge_withdrawal"),
    path("knowledge/<int:pk>/<slug:language>/", writing.wording, name="knowledge_wording"),
    path("knowledge/<int:pk>/<slug:language>/draft/", drafts.draft, name="knowledge_draft"),
    path("knowledge/<int:pk>/<slug:language>/draft/removal/", drafts.removal, name="knowledge_draft_removal"),
    path("knowledge/<int:pk>/<slug:language>/draft/recovery/", drafts.recovery, name="knowledge_draft_recovery"),
    path("knowledge/<int:pk>/<slug:language>/publication/", articles.publication, name="knowledge_publication"),
    path("knowledge/<int:pk>/<slug:language>/versions/", writing.versions, name="knowledge_versions"),
    path(
        "knowledge/<int:pk>/<slug:language>/versions/<int:number>/restoration/",
        writing.restoration,
        name="knowledge_restoration",
    ),
]
